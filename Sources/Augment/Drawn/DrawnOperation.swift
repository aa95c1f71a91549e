/// What does happen to a pair in one step: an operation whose parameters have been drawn.
///
/// As JSON it is an object with the operation's name as `op` and the parameters: enough to do the same
/// again.
public enum DrawnOperation: Sendable, Equatable {
    // Geometry: both sides, always.
    case crop(CropWindow)
    case flipHorizontal
    case flipVertical
    case rotate90(QuarterTurns)
    case affine(AffineMap)
    case scaleJitter(ScaledCrop)
    case elastic(ElasticField)
    // Colours: the sides that the parameters name.
    case colorJitter(ColorChange)
    case gamma(GammaChange)
    case grayscale(GrayscaleChange)
    case noise(AddedNoise)
    case blur(GaussianBlur)
    case jpeg(JPEGArtefacts)
    // Hiding.
    case erase(FilledBox)
    case cutout(FilledBox)
    // Mixing with another pair.
    case mixup(MixedPair)
    case cutmix(PastedBox)

    /// The operation's name, as in a recipe.
    public var name: String { kind.rawValue }

    /// The drawn parameters in few words, such as `crop 12,3`.
    public var summary: String {
        switch self {
        case .flipHorizontal: "flip"
        case .flipVertical: "flip down"
        default: parameters?.summary ?? ""
        }
    }

    /// How many of the operations that follow are done to the partner instead.
    var partnerCount: Int {
        switch self {
        case .mixup(let mix): mix.partnerOperations
        case .cutmix(let box): box.partnerOperations
        default: 0
        }
    }

    /// Sets the number of operations that are done to the partner.
    mutating func setPartnerCount(_ count: Int) {
        switch self {
        case .mixup(var mix):
            mix.partnerOperations = count
            self = .mixup(mix)
        case .cutmix(var box):
            box.partnerOperations = count
            self = .cutmix(box)
        default: break
        }
    }

    /// The pair that this one is mixed with.
    public var partner: Int? {
        switch self {
        case .mixup(let mix): mix.partner
        case .cutmix(let box): box.partner
        default: nil
        }
    }
}

/// The parameters of a drawn operation.
protocol DrawnParameters: Codable, Sendable, Equatable {
    /// The parameters in few words, the operation's name first.
    var summary: String { get }
}

extension DrawnOperation: Codable {
    private enum Key: String, CodingKey { case op }

    private enum Kind: String {
        case crop
        case flipHorizontal = "flip-horizontal"
        case flipVertical = "flip-vertical"
        case rotate90 = "rotate-90"
        case affine
        case scaleJitter = "scale-jitter"
        case elastic
        case colorJitter = "color-jitter"
        case gamma, grayscale, noise, blur, jpeg, erase, cutout, mixup, cutmix
    }

    private var kind: Kind {
        switch self {
        case .crop: .crop
        case .flipHorizontal: .flipHorizontal
        case .flipVertical: .flipVertical
        case .rotate90: .rotate90
        case .affine: .affine
        case .scaleJitter: .scaleJitter
        case .elastic: .elastic
        case .colorJitter: .colorJitter
        case .gamma: .gamma
        case .grayscale: .grayscale
        case .noise: .noise
        case .blur: .blur
        case .jpeg: .jpeg
        case .erase: .erase
        case .cutout: .cutout
        case .mixup: .mixup
        case .cutmix: .cutmix
        }
    }

    /// What was drawn; `nil` where there is nothing but the operation.
    private var parameters: (any DrawnParameters)? {
        switch self {
        case .flipHorizontal, .flipVertical: nil
        case .crop(let value): value
        case .rotate90(let value): value
        case .affine(let value): value
        case .scaleJitter(let value): value
        case .elastic(let value): value
        case .colorJitter(let value): value
        case .gamma(let value): value
        case .grayscale(let value): value
        case .noise(let value): value
        case .blur(let value): value
        case .jpeg(let value): value
        case .erase(let value), .cutout(let value): value
        case .mixup(let value): value
        case .cutmix(let value): value
        }
    }

    /// Reads what ``encode(to:)`` wrote.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        let name = try container.decode(String.self, forKey: .op)
        guard let kind = Kind(rawValue: name) else {
            throw DecodingError.dataCorruptedError(
                forKey: .op,
                in: container,
                debugDescription: "there is no operation \"\(name)\""
            )
        }
        switch kind {
        case .crop: self = .crop(try CropWindow(from: decoder))
        case .flipHorizontal: self = .flipHorizontal
        case .flipVertical: self = .flipVertical
        case .rotate90: self = .rotate90(try QuarterTurns(from: decoder))
        case .affine: self = .affine(try AffineMap(from: decoder))
        case .scaleJitter: self = .scaleJitter(try ScaledCrop(from: decoder))
        case .elastic: self = .elastic(try ElasticField(from: decoder))
        case .colorJitter: self = .colorJitter(try ColorChange(from: decoder))
        case .gamma: self = .gamma(try GammaChange(from: decoder))
        case .grayscale: self = .grayscale(try GrayscaleChange(from: decoder))
        case .noise: self = .noise(try AddedNoise(from: decoder))
        case .blur: self = .blur(try GaussianBlur(from: decoder))
        case .jpeg: self = .jpeg(try JPEGArtefacts(from: decoder))
        case .erase: self = .erase(try FilledBox(from: decoder))
        case .cutout: self = .cutout(try FilledBox(from: decoder))
        case .mixup: self = .mixup(try MixedPair(from: decoder))
        case .cutmix: self = .cutmix(try PastedBox(from: decoder))
        }
    }

    /// Writes an object with `op` and the parameters.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(name, forKey: .op)
        try parameters?.encode(to: encoder)
    }
}
