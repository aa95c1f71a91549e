/// Means over squares of values that lie row by row.
struct Smoothing: Equatable, Sendable {
    let columns: Int
    let rows: Int
    /// The squares have a side of `2 * radius + 1` values.
    let radius: Int

    /// The mean around each value; beyond the edges the outermost values go on.
    ///
    /// - Complexity: O(values), whatever the radius: running sums along rows, then along columns.
    func applied(to values: [Float]) -> [Float] {
        let across = runningMeans(
            of: values,
            lines: (count: rows, stride: columns),
            along: (count: columns, stride: 1)
        )
        return runningMeans(
            of: across,
            lines: (count: columns, stride: 1),
            along: (count: rows, stride: columns)
        )
    }

    private func runningMeans(
        of values: [Float],
        lines: (count: Int, stride: Int),
        along: (count: Int, stride: Int)
    ) -> [Float] {
        var means = values
        let scale = 1 / Float(2 * radius + 1)
        for line in 0..<lines.count {
            let start = line * lines.stride
            func value(_ position: Int) -> Float {
                values[start + min(along.count - 1, max(0, position)) * along.stride]
            }
            var sum: Float = 0
            for position in -radius...radius { sum += value(position) }
            for position in 0..<along.count {
                means[start + position * along.stride] = sum * scale
                sum += value(position + radius + 1) - value(position - radius)
            }
        }
        return means
    }
}
