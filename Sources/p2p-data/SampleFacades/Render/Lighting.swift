/// Lights a scene: from surfaces and weather to the light that reaches the camera.
struct Lighting: Sendable {
    private let scene: Scene
    private let weather: Weather
    private let surroundings: Surroundings
    private let lifts: [Float]
    private let shadows: Shadows
    private let occlusion: Occlusion

    init(scene: Scene, weather: Weather) {
        self.scene = scene
        self.weather = weather
        surroundings = Surroundings(weather: weather)
        lifts = scene.relief.points.map(\.lift)
        shadows = Shadows(of: scene, lifts: lifts, in: weather)
        occlusion = Occlusion(lifts: lifts, grid: scene.relief.grid)
    }

    /// The radiance of every point, row by row.
    func radiance() -> [Color] {
        let grid = scene.relief.grid
        var result = [Color](repeating: .black, count: lifts.count)
        for row in 0..<grid.rows {
            for column in 0..<grid.columns {
                let index = row * grid.columns + column
                var color = radiance(ofReliefAt: index, row: row, column: column)
                color = covered(color, by: scene.railings, at: index)
                color = covered(color, by: scene.street, at: index)
                result[index] = color
            }
        }
        return result
    }

    private func radiance(ofReliefAt index: Int, row: Int, column: Int) -> Color {
        let grid = scene.relief.grid
        let point = scene.relief.points[index]
        let x = Float(grid.x(of: column))
        let y = Float(grid.y(of: row))
        guard !point.isSky else { return weather.sky(x: x, y: y) }
        let normal = normal(row: row, column: column)
        let sun = weather.sun
        let facing = max(0, normal.x * sun.x + normal.y * sun.y + normal.z * sun.z)
        let openness = occlusion.openness[index]
        let direct = weather.sunlight * (facing * shadows.sunlit[index])
        // Deep in the street the houses opposite hide a part of the sky.
        let canyon = 0.72 + 0.28 * (y / 16).eased
        let diffuse = weather.skylight * (openness * canyon * (0.6 + 0.4 * normal.y))
        // What the street throws back reaches the undersides.
        let ground = (weather.skylight + weather.sunlight * sun.y) * 0.16
        let bounce = ground * Color(1, 0.95, 0.88) * ((0.5 - 0.5 * normal.y) * openness)
        let body = point.color * (direct + diffuse + bounce)
        guard point.gloss > 0 else { return body }
        let mirrored = surroundings.radiance(
            x: x,
            y: y,
            tilt: point.tilt
        )
        return body + mirrored * (point.gloss * (0.4 + 0.6 * openness))
    }

    /// The light with that of a screen before it.
    private func covered(_ light: Color, by screen: Screen, at index: Int) -> Color {
        let opacity = screen.opacity[index]
        guard opacity > 0 else { return light }
        let direct = weather.sunlight * (weather.sun.z * 0.8)
        return light.mixed(with: screen.colors[index] * (direct + weather.skylight * 0.9), opacity)
    }

    /// The direction in which the surface faces; steep steps count as slopes.
    private func normal(row: Int, column: Int) -> (x: Float, y: Float, z: Float) {
        let grid = scene.relief.grid
        func lift(_ row: Int, _ column: Int) -> Float {
            lifts[
                min(grid.rows - 1, max(0, row)) * grid.columns
                    + min(grid.columns - 1, max(0, column))
            ]
        }
        let scale = Float(grid.pointsPerMetre) / 2
        let steepest: Float = 1.3
        let across = (lift(row, column + 1) - lift(row, column - 1)) * scale
        let upward = (lift(row - 1, column) - lift(row + 1, column)) * scale
        let x = -min(steepest, max(-steepest, across))
        let y = -min(steepest, max(-steepest, upward))
        let length = (x * x + y * y + 1).squareRoot()
        return (x / length, y / length, 1 / length)
    }
}
