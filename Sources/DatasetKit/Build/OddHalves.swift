/// Side-by-side files whose halves have another shape than nearly all others': a single picture
/// among them would be cut in two and stretched without anybody noticing.
enum OddHalves {
    /// The share of files with one shape from which on the others are odd.
    private static let majority = 0.9
    /// Shapes, width by height, that differ by less than this share are alike.
    private static let tolerance = 0.02

    /// Looks for such files.
    ///
    /// - Parameters:
    ///   - pairs: All pairs of a source.
    ///   - source: Where they are from.
    /// - Returns: One line with their number and an example; none where there are none, or where
    ///   shapes differ anyway.
    static func notes(_ pairs: [SourcePair], _ source: Recipe.Source) -> [String] {
        guard source.layout == .sideBySide else { return [] }
        let halves = SideBySide(input: source.input)
        let sizes = pairs.map { halves.half(of: $0.files[.input].info.size) }
        let shapes = sizes.map { Double($0.width) / Double($0.height) }
        let usual = RobustStatistics.median(shapes)
        let odd = shapes.indices.filter { abs(shapes[$0] / usual - 1) >= tolerance }
        guard let first = odd.first,
            Double(pairs.count - odd.count) >= majority * Double(pairs.count),
            let example = sizes.first(where: {
                abs(Double($0.width) / Double($0.height) / usual - 1) < tolerance
            })
        else { return [] }
        return [
            "\(odd.count) \(odd.count == 1 ? "file has" : "files have") halves of another shape than the "
                + "others, such as \(pairs[first].files[.input].path) (\(sizes[first]), usual is "
                + "\(example)): a single picture would be cut in two"
        ]
    }
}
