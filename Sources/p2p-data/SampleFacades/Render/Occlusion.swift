/// How much of the sky the points of a relief see: less in recesses and below what juts out.
struct Occlusion: Sendable {
    /// For each point 1 where nothing stands in the way, less elsewhere.
    let openness: [Float]

    init(lifts: [Float], grid: Grid) {
        // Sky and street lie far behind and before the walls; neither hides much of the light.
        let limited = lifts.map { min(1.2, max(-0.8, $0)) }
        func smoothed(_ metres: Double) -> [Float] {
            let radius = max(1, Int(metres * grid.pointsPerMetre))
            return Smoothing(columns: grid.columns, rows: grid.rows, radius: radius)
                .applied(to: limited)
        }
        let near = smoothed(0.22)
        let far = smoothed(0.7)
        let reach = Int(0.6 * grid.pointsPerMetre)
        var openness = [Float](repeating: 1, count: lifts.count)
        for row in 0..<grid.rows {
            let overhead = max(0, row - reach) * grid.columns
            for column in 0..<grid.columns {
                let index = row * grid.columns + column
                let recess = max(0, near[index] - limited[index])
                let overhang = max(0, far[overhead + column] - limited[index])
                openness[index] = 1 / (1 + 3.4 * recess + 1.8 * overhang)
            }
        }
        self.openness = openness
    }
}
