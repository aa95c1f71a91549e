public import DatasetKit

/// What an export to ONNX wrote, and how well it makes what the generator makes.
public struct OnnxReport: Codable, Equatable, Sendable {
    /// A batch of noise that both made an image of.
    public struct Check: Codable, Equatable, Sendable {
        /// Images.
        public var batch: Int
        /// Their height.
        public var height: Int
        /// Their width.
        public var width: Int
        /// The largest difference of two values in −1…1.
        public var largestDifference: Double
    }

    /// The file.
    public var file: String
    /// Its size.
    public var bytes: Int
    /// The operations in its graph.
    public var nodes: Int
    /// The learned numbers of the generator.
    public var parameters: Int
    /// The file that the generator was read from.
    public var source: String
    /// Which of its weights.
    public var weights: TrainedModel.Weights
    /// What batch normalisation goes by; `nil` for a model without.
    public var norm: TrainOptions.TestNorm?
    /// Whether the model drops out when it is used, which the graph does not.
    public var leavesOutDropout: Bool
    /// What height and width of images must be multiples of.
    public var sizeMultiple: Int
    /// What was compared.
    public var checks: [Check]
    /// The largest difference of all.
    public var largestDifference: Double
}
