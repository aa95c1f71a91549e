import DatasetKit

/// The order of the pairs in an epoch: a function of (seed, epoch) only.
public enum EpochOrder {
    /// A permutation of the pairs of a split.
    ///
    /// - Parameters:
    ///   - count: How many pairs the split has.
    ///   - seed: The run's seed.
    ///   - epoch: The epoch, from 1.
    /// - Returns: Every number below `count` once.
    public static func shuffled(count: Int, seed: UInt64, epoch: Int) -> [Int] {
        var generator = Philox(seed: seed, stream: .order, epoch: epoch)
        return generator.permutation(of: count)
    }
}
