/// Pairs of one form, by number, that lend their samples.
public protocol PairSource: Sendable {
    /// How many pairs there are.
    var count: Int { get }

    /// Lends the samples of one pair, without copying them.
    ///
    /// - Parameters:
    ///   - number: The pair's number, from 0.
    ///   - body: Is given the input's and the target's samples: rows from the top, channels interleaved.
    /// - Returns: What `body` returns.
    /// - Throws: ``DatasetError`` where the pair cannot be read, and what `body` throws.
    func withSamples<Result>(
        at number: Int,
        _ body: (_ input: RawSpan, _ target: RawSpan) throws(DatasetError) -> Result
    ) throws(DatasetError) -> Result
}
