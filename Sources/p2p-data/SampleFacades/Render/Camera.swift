import DatasetKit

/// Stands before a street and takes both of its pictures through the same lens.
struct Camera: Sendable {
    private let plan: StreetPlan
    private let scene: Scene
    private let lens: Lens
    private let side: Int
    private let sampling: Int

    /// Builds the street of a plan before a camera of `side * side` pixels.
    init(plan: StreetPlan, side: Int) {
        self.plan = plan
        self.side = side
        sampling = side < 200 ? 3 : 2
        // Roll and distortion look a little beyond the frame.
        let margin = max(2, side * sampling / 60)
        let points = side * sampling + 2 * margin
        let pointsPerMetre = Double(side * sampling) / plan.frame.width
        let grid = Grid(
            columns: points,
            rows: points,
            pointsPerMetre: pointsPerMetre,
            left: plan.frame.left - Double(margin) / pointsPerMetre,
            top: plan.frame.top + Double(margin) / pointsPerMetre
        )
        scene = Scene(plan: plan, grid: grid)
        lens = Lens(
            camera: plan.camera,
            side: side,
            sampling: Float(sampling),
            margin: Float(margin)
        )
    }

    /// The classes of what the pixels see.
    func labels() -> Image {
        let grid = scene.relief.grid
        var bytes: [UInt8] = []
        bytes.reserveCapacity(side * side * 3)
        for row in 0..<side {
            for column in 0..<side {
                let place = lens.place(column: column, row: row)
                let x = min(grid.columns - 1, max(0, Int(place.column + 0.5)))
                let y = min(grid.rows - 1, max(0, Int(place.row + 0.5)))
                let color = scene.label(at: y * grid.columns + x).color
                bytes.append(color.red)
                bytes.append(color.green)
                bytes.append(color.blue)
            }
        }
        return Image(size: ImageSize(width: side, height: side), channels: 3, bytes: bytes)
    }

    /// The photograph.
    func photograph() -> Image {
        let grid = scene.relief.grid
        let radiance = Lighting(scene: scene, weather: plan.weather).radiance()
        let blur = plan.camera.blur * Float(side) / 256
        let radius = Float(sampling) * max(0.8, blur) * 1.15
        var light: [Color] = []
        light.reserveCapacity(side * side)
        for row in 0..<side {
            for column in 0..<side {
                light.append(
                    lens.light(
                        column: column,
                        row: row,
                        from: radiance,
                        grid: grid,
                        radius: radius
                    )
                )
            }
        }
        return Development(camera: plan.camera, side: side)
            .photograph(of: light, metered: meter(radiance))
    }

    /// The mean luminance of the houses; of everything, where there are none.
    private func meter(_ radiance: [Color]) -> Float {
        var sum: Float = 0
        var count: Float = 0
        for (index, color) in radiance.enumerated()
        where scene.relief.points[index].label != .background {
            sum += color.luminance
            count += 1
        }
        return count > 0 ? sum / count : 0.3
    }
}
