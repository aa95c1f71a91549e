public import DatasetKit

/// Follows one metric from validation to validation: the best epoch, the plateaus, and when it is enough.
public struct ValidationWatch: Codable, Equatable, Sendable {
    /// The best validation.
    public struct Best: Codable, Equatable, Sendable {
        /// The metric's value.
        public var value: Double
        /// The epoch that was validated.
        public var epoch: Int

        /// Creates a record.
        public init(value: Double, epoch: Int) {
            self.value = value
            self.epoch = epoch
        }
    }

    /// How much better a validation must be to end a plateau, as a share: the reference's constant.
    static let plateauThreshold = 0.01

    /// The best validation so far.
    public private(set) var best: Best?
    /// Validations since the best.
    public private(set) var sinceBest = 0
    /// How often the plateau schedule has lowered the learning rate.
    public private(set) var reductions = 0
    /// What a validation must beat for the plateau to end.
    private var plateauBest: Double?
    private var sincePlateauBest = 0

    /// A watch that has seen nothing.
    package init() {}

    /// Takes note of a validation.
    ///
    /// - Parameters:
    ///   - value: The metric that the options name.
    ///   - epoch: The epoch validated.
    ///   - options: Which metric, and how patient.
    /// - Returns: Whether it is the best so far.
    package mutating func see(_ value: Double, epoch: Int, _ options: TrainOptions) -> Bool {
        watchPlateau(value, options)
        let metric = options.bestMetric
        guard best.map({ metric.isBetter(value, than: $0.value) }) ?? true else {
            sinceBest += 1
            return false
        }
        best = Best(value: value, epoch: epoch)
        sinceBest = 0
        return true
    }

    /// PyTorch's `ReduceLROnPlateau` with a relative threshold.
    private mutating func watchPlateau(_ value: Double, _ options: TrainOptions) {
        let isHigherBetter = options.bestMetric.isHigherBetter
        let margin = isHigherBetter ? 1 + Self.plateauThreshold : 1 - Self.plateauThreshold
        if plateauBest.map({ options.bestMetric.isBetter(value, than: $0 * margin) }) ?? true {
            plateauBest = value
            sincePlateauBest = 0
            return
        }
        sincePlateauBest += 1
        if sincePlateauBest > options.lrPatience {
            reductions += 1
            sincePlateauBest = 0
        }
    }

    /// Whether the training's patience is over.
    package func isOver(_ options: TrainOptions) -> Bool {
        options.patience.map { sinceBest >= $0 } ?? false
    }
}

extension TrainOptions.Metric {
    /// Whether more is better: not so for differences.
    public var isHigherBetter: Bool { self != .l1 }

    /// Whether a value is better than another.
    func isBetter(_ value: Double, than other: Double) -> Bool {
        isHigherBetter ? value > other : value < other
    }

    /// The smallest side of an image that it can be taken of: see ``ImageQuality``.
    var minimumSide: Int {
        switch self {
        case .l1, .psnr: 1
        case .ssim: 11
        case .msSSIM: 161
        }
    }

    /// Whether it can be taken of images of a size.
    package func exists(for size: ImageSize) -> Bool { min(size.width, size.height) >= minimumSide }

    /// Its name in `metrics.jsonl`, such as `val_L1`.
    public var recordName: String { "val_\(rawValue)" }
}
