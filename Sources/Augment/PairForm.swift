public import DatasetKit

/// What the pairs look like that an operation is given.
public struct PairForm: Sendable, Equatable {
    /// The size of both images.
    public var size: ImageSize
    /// What each image's samples are; `nil` where no dataset has been built yet.
    public var sides: Sides<SideForm>?

    /// Creates a form.
    public init(size: ImageSize, sides: Sides<SideForm>? = nil) {
        self.size = size
        self.sides = sides
    }
}

/// What the samples of one side's images are.
public struct SideForm: Sendable, Equatable {
    /// Samples per pixel.
    public var channels: Int
    /// The type of a sample in the shards.
    public var sampleType: SampleType
    /// What the samples mean.
    public var colors: DatasetIndex.Colors
    /// Whether the last channel is opacity.
    public var hasAlpha: Bool
    /// Whether each colour is a label: such images are never interpolated, and keep their colours unless
    /// an operation names their side.
    public var isLabelMap: Bool

    /// Creates a form.
    public init(
        channels: Int,
        sampleType: SampleType = .u8,
        colors: DatasetIndex.Colors? = nil,
        hasAlpha: Bool = false,
        isLabelMap: Bool = false
    ) {
        self.channels = channels
        self.sampleType = sampleType
        let kept = hasAlpha ? channels - 1 : channels
        self.colors = colors ?? (kept == 1 ? .gray : kept == 3 ? .rgb : .multichannel)
        self.hasAlpha = hasAlpha
        self.isLabelMap = isLabelMap || colors == .indices
    }

    /// The form of one side of a dataset.
    ///
    /// Label maps are told by their label numbers (`"palette": "indices"`), or by a resize with the
    /// filter `nearest`, which only they need.
    init(_ side: DatasetIndex.Side, plan: ResizePlan?) {
        self.init(
            channels: side.channels,
            sampleType: side.dtype,
            colors: side.colors,
            hasAlpha: side.alpha ?? false,
            isLabelMap: plan.map { $0.mode != .none && $0.filter == .nearest } ?? false
        )
    }

    /// What it is, for messages: `3 channels (rgb) U8`.
    var text: String {
        "\(channels) \(channels == 1 ? "channel" : "channels") (\(colors.rawValue)"
            + "\(hasAlpha ? " and alpha" : "")) \(sampleType.rawValue)"
    }
}
