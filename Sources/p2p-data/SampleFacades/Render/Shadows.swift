/// Where the sun reaches the scene.
struct Shadows: Sendable {
    /// For each point the part of the sun that it sees, 0…1.
    private(set) var sunlit: [Float]

    /// Finds all shadows of a scene.
    init(of scene: Scene, lifts: [Float], in weather: Weather) {
        let grid = scene.relief.grid
        self.init(of: lifts, grid: grid, sun: weather.sun, penumbra: weather.penumbra)
        for screen in [scene.railings, scene.street] where !screen.isEmpty {
            cast(screen, onto: lifts, sun: weather.sun)
        }
        shade(grid, weather: weather)
    }

    /// Finds the shadows that a relief throws onto itself.
    ///
    /// The relief's own shadows take one sweep from the top: with every row the rays that graze
    /// what stands above sink by the same height and move sideways by the same distance, and
    /// whatever lies below the highest such ray is in shadow.
    init(
        of lifts: [Float],
        grid: Grid,
        sun: (x: Float, y: Float, z: Float),
        penumbra: Float
    ) {
        sunlit = Array(repeating: 1, count: lifts.count)
        let shift = sun.x / sun.y
        let sinking = sun.z / sun.y * Float(grid.spacing)
        var above = [Float](repeating: -10, count: grid.columns)
        var current = above
        for row in 0..<grid.rows {
            for column in 0..<grid.columns {
                let index = row * grid.columns + column
                let ray = Self.value(of: above, at: Float(column) + shift) - sinking
                let lift = lifts[index]
                if ray > lift {
                    sunlit[index] = 1 - (ray - lift).step(from: 0, to: penumbra)
                }
                current[column] = max(ray, lift)
            }
            swap(&above, &current)
        }
    }

    /// Lets the light through a screen where it has gaps.
    private mutating func cast(
        _ screen: Screen,
        onto lifts: [Float],
        sun: (x: Float, y: Float, z: Float)
    ) {
        let grid = screen.grid
        let scale = Float(grid.pointsPerMetre) / sun.z
        for row in 0..<grid.rows {
            for column in 0..<grid.columns {
                let index = row * grid.columns + column
                let distance = (screen.lift - lifts[index]) * scale
                guard distance > 0, sunlit[index] > 0 else { continue }
                let sourceColumn = column + Int(sun.x * distance)
                let sourceRow = row - Int(sun.y * distance)
                guard sourceColumn >= 0, sourceColumn < grid.columns, sourceRow >= 0,
                    sourceRow < grid.rows
                else { continue }
                sunlit[index] *= 1 - screen.opacity[sourceRow * grid.columns + sourceColumn]
            }
        }
    }

    /// Darkens what lies in the shadow of the houses opposite, whose edge is soft with distance.
    private mutating func shade(_ grid: Grid, weather: Weather) {
        for column in 0..<grid.columns {
            let x = Float(grid.x(of: column))
            guard let left = weather.shadeTop(x: x - 0.15),
                let right = weather.shadeTop(x: x + 0.15)
            else { return }
            let edge = (left + right) / 2
            for row in 0..<grid.rows {
                let y = Float(grid.y(of: row))
                guard y < edge + 0.3 else { continue }
                sunlit[row * grid.columns + column] *= y.step(from: edge - 0.3, to: edge + 0.3)
            }
        }
    }

    /// The value of a row between its points.
    private static func value(of row: [Float], at position: Float) -> Float {
        let column = Int(position.wholePart)
        let fraction = position - Float(column)
        let first = row[min(row.count - 1, max(0, column))]
        let second = row[min(row.count - 1, max(0, column + 1))]
        return first + (second - first) * fraction
    }
}
