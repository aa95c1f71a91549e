/// Files that lie in several splits with the same bytes: a validation on them says nothing.
///
/// Only exact copies of files are found, from the hashes that a build has anyway; `p2p-data inspect`
/// finds pictures that look alike.
enum SplitLeaks {
    /// Looks for copies.
    ///
    /// - Parameter pairs: All pairs of a source.
    /// - Returns: One line with their number and an example; none if there are none.
    static func notes(_ pairs: [SourcePair]) -> [String] {
        var count = 0
        var example: (SourcePair, SourceFile, SourcePair, SourceFile)?
        for side in PairSide.allCases {
            if side == .target, case .sideBySide = pairs.first?.files { break }
            // Numbers, not dictionaries: a large source has hundreds of thousands of files.
            let order = pairs.indices.sorted {
                let (first, second) = (pairs[$0].files[side], pairs[$1].files[side])
                return first.sha256 == second.sha256 ? $0 < $1 : first.sha256 < second.sha256
            }
            for (one, other) in zip(order, order.dropFirst()) {
                let (first, second) = (pairs[one], pairs[other])
                guard first.split != second.split,
                    first.files[side].sha256 == second.files[side].sha256
                else { continue }
                count += 1
                example = example ?? (first, first.files[side], second, second.files[side])
            }
        }
        guard let (first, file, second, copy) = example else { return [] }
        return [
            "\(count) \(count == 1 ? "file is" : "files are") in several splits with the same bytes, "
                + "such as \(file.path) (\(first.split.rawValue)) and \(copy.path) "
                + "(\(second.split.rawValue)): p2p-data inspect lists all that look alike"
        ]
    }
}
