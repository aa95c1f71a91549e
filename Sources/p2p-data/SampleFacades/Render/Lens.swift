/// Maps the pixels of a picture to the points of a scene, as the camera's position and lens do.
struct Lens: Sendable {
    let camera: CameraPlan
    let side: Int
    /// Points of the scene's grid per pixel.
    let sampling: Float
    /// Points of the grid outside the picture on every side.
    let margin: Float

    /// The place on the grid, in points, that the middle of a pixel sees.
    func place(column: Int, row: Int) -> (column: Float, row: Float) {
        let half = Float(side) / 2
        let u = (Float(column) + 0.5 - half) / half
        let v = (Float(row) + 0.5 - half) / half
        let barrel = 1 + camera.distortion * (u * u + v * v - 1)
        let narrowing = 1 - camera.keystone * v
        let x = (u * narrowing + v * camera.roll) * barrel
        let y = (v - u * camera.roll) * barrel
        return (
            (x * half + half) * sampling + margin - 0.5, (y * half + half) * sampling + margin - 0.5
        )
    }

    /// The light that falls onto a pixel: the mean of a disc around its place, soft at the edge.
    ///
    /// `radius` is that of the disc in points of the grid.
    func light(
        column: Int,
        row: Int,
        from radiance: [Color],
        grid: Grid,
        radius: Float
    ) -> Color {
        let place = place(column: column, row: row)
        let reach = Int(radius + 1)
        let centre = (column: Int(place.column), row: Int(place.row))
        var sum = Color.black
        var weights: Float = 0
        for y in max(0, centre.row - reach)...min(grid.rows - 1, centre.row + reach) {
            let down = Float(y) - place.row
            for x in max(0, centre.column - reach)...min(grid.columns - 1, centre.column + reach) {
                let across = Float(x) - place.column
                let distance = (across * across + down * down) / (radius * radius)
                guard distance < 1 else { continue }
                let weight = (1 - distance) * (1 - distance)
                sum = sum + radiance[y * grid.columns + x] * weight
                weights += weight
            }
        }
        return sum * (1 / weights)
    }
}
