/// What rain and soot do to walls.
extension Scene {
    /// Stains the walls: dark runs below whatever stands out, damp near the ground.
    mutating func weather(by noise: Noise) {
        let grid = relief.grid
        let fading = Float(max(0, 1 - grid.spacing / 0.8))
        var runs = [Float](repeating: 0, count: grid.columns)
        var liftsAbove = [Float](repeating: -6, count: grid.columns)
        relief.update { column, row, point in
            let x = Float(grid.x(of: column))
            let y = Float(grid.y(of: row))
            let step = liftsAbove[column] - point.lift
            liftsAbove[column] = point.lift
            if point.isSky {
                runs[column] = 0
                return
            }
            // Water drips from an edge and runs down below it.
            runs[column] = max(runs[column] * fading, (step * 4 - 0.3).clamped)
            guard point.label == .facade, point.gloss < 0.05 else { return }
            var stain: Float = 0
            if runs[column] > 0.04 {
                let streaks = noise.value(x * 7, y * 0.35) + noise.value(x * 2.1, y * 0.8)
                stain += 0.62 * runs[column] * (0.35 + 0.6 * streaks).clamped
            }
            if y < 1.6 {
                stain += 0.34 * (0.9 - y + 0.7 * noise.fractal(x * 0.8, y, octaves: 3)).clamped
            }
            guard stain > 0 else { return }
            point.color = point.color.mixed(with: point.color * Color(0.42, 0.38, 0.34), stain)
        }
    }
}
