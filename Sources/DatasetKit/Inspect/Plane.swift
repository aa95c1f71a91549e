/// One number per pixel, rows from the top.
struct Plane: Sendable {
    /// Pixels per row.
    let width: Int
    /// Number of rows.
    let height: Int
    /// The numbers in C order.
    var values: [Float]

    /// The mean over the area of each larger pixel; where the plane grows, pixels repeat.
    ///
    /// Borders that fall into a pixel count for their share of it, so that a mirrored plane gives
    /// the mirrored result.
    func averaged(width newWidth: Int, height newHeight: Int) -> Plane {
        if newWidth == width && newHeight == height { return self }
        let columns = Self.shares(from: width, to: newWidth)
        let rows = Self.shares(from: height, to: newHeight)
        var narrow = [Float](repeating: 0, count: newWidth * height)
        for y in 0..<height {
            for (x, column) in columns.enumerated() {
                var sum: Float = 0
                let start = y * width + column.first
                for (offset, share) in column.shares.enumerated() {
                    sum += values[start + offset] * share
                }
                narrow[y * newWidth + x] = sum
            }
        }
        var result = [Float](repeating: 0, count: newWidth * newHeight)
        for (y, row) in rows.enumerated() {
            for (offset, share) in row.shares.enumerated() {
                let start = (row.first + offset) * newWidth
                for x in 0..<newWidth { result[y * newWidth + x] += narrow[start + x] * share }
            }
        }
        return Plane(width: newWidth, height: newHeight, values: result)
    }

    /// The part in the middle, not larger than a square.
    func centered(within side: Int) -> Plane {
        let newWidth = min(side, width)
        let newHeight = min(side, height)
        if newWidth == width && newHeight == height { return self }
        let left = (width - newWidth) / 2
        let top = (height - newHeight) / 2
        var result: [Float] = []
        result.reserveCapacity(newWidth * newHeight)
        for y in top..<top + newHeight {
            result += values[y * width + left..<y * width + left + newWidth]
        }
        return Plane(width: newWidth, height: newHeight, values: result)
    }

    /// Which old pixels make up each new one, and by which share.
    private static func shares(from old: Int, to new: Int) -> [(first: Int, shares: [Float])] {
        let scale = Double(old) / Double(new)
        return (0..<new).map { place in
            let start = Double(place) * scale
            let end = min(Double(old), Double(place + 1) * scale)
            let first = min(old - 1, Int(start + 1e-9))
            let last = max(first, min(old - 1, Int((end - 1e-9).rounded(.down))))
            let shares = (first...last).map { pixel in
                Float((min(end, Double(pixel + 1)) - max(start, Double(pixel))) / (end - start))
            }
            return (first, shares)
        }
    }
}
