import DatasetKit

/// A resize before the operations, for training at another size than the recipe's.
struct Rescaling: Sendable {
    var size: ImageSize
    /// Each side's filter: label maps stay nearest.
    var filters: Sides<ResizeFilter>
    var resampler: Resampler
}
