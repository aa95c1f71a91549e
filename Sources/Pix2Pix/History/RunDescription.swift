public import DatasetKit
import Foundation

/// What a run is, for people: its `config.json` as names and texts, whatever version wrote it.
///
/// Nothing here is checked, and what is missing is empty: to go on with a run there is
/// ``RunConfiguration``.
public struct RunDescription: Equatable, Sendable {
    /// A name and what stands there.
    public struct Entry: Equatable, Sendable {
        /// The name in the file.
        public var name: String
        /// The value as JSON, texts without their quotes.
        public var value: String
    }

    /// Every setting, sorted by name.
    public var settings: [Entry] = []
    /// The processor, the device and so on.
    public var hardware: [Entry] = []
    /// Versions.
    public var software: [Entry] = []
    /// How many numbers each network learns.
    public var parameters: [Entry] = []
    /// The dataset's name; empty where it is not known.
    public var datasetName = ""
    /// The dataset's folder, from the root.
    public var datasetFolder = ""
    /// The dataset's fingerprint.
    public var fingerprint = ""
    /// Pairs of each split.
    public var pairs: [Entry] = []
    /// The operations of the augmentation, in order, each as the recipe writes it.
    public var augmentation: [String] = []
    /// The size of the images trained on; `nil` where it is not known.
    public var imageSize: ImageSize?
    /// The loss of a discriminator that cannot tell real from fake; `nil` where it says nothing.
    public var undecidedLoss: Double?
    /// Epochs of the whole schedule; `nil` where it is not known.
    public var totalEpochs: Int?

    /// Reads the description of a run.
    ///
    /// - Throws: ``DatasetError``: `notFound` or `io`, or `corrupt` for what is no JSON object.
    public init(of run: RunFolder) throws(DatasetError) {
        let path = run.configurationPath
        let bytes = Data(try FileSystem.contents(of: path))
        let json = try JSONValue.parse(bytes, path: path, code: .corrupt)
        guard case .object(let object) = json else {
            throw DatasetError(.corrupt, "expected an object, found \(json.summary)", path: path)
        }
        settings = Self.entries(object["settings"])
        hardware = Self.entries(object["hardware"])
        software = Self.entries(object["software"])
        parameters = Self.entries(object["parameters"])
        let dataset = object["dataset"]?.members ?? [:]
        datasetName = dataset["name"]?.text ?? ""
        datasetFolder = dataset["folder"]?.text ?? ""
        fingerprint = dataset["fingerprint"]?.text ?? ""
        pairs = Self.entries(dataset["pairs"])
        if case .array(let operations) = object["recipe"]?.members["augment"] {
            augmentation = operations.map(\.text)
        }
        let numbers = object["settings"]?.members.compactMapValues(\.number) ?? [:]
        if let width = numbers["width"].flatMap(Int.init(exactly:)),
            let height = numbers["height"].flatMap(Int.init(exactly:)), width > 0, height > 0
        {
            imageSize = ImageSize(width: width, height: height)
        }
        let settings = object["settings"]?.members ?? [:]
        let decays = (settings["lrSchedule"]?.text ?? "linear") == "linear"
        let epochs = (numbers["epochs"] ?? 0) + (decays ? numbers["decayEpochs"] ?? 0 : 0)
        undecidedLoss =
            TrainOptions.GANLoss(rawValue: settings["ganLoss"]?.text ?? "vanilla")?.undecidedLoss
        totalEpochs = epochs >= 1 ? Int(exactly: epochs) : nil
    }

    private static func entries(_ value: JSONValue?) -> [Entry] {
        (value?.members ?? [:]).sorted { $0.key < $1.key }
            .map { Entry(name: $0.key, value: $0.value.text) }
    }
}

extension JSONValue {
    /// What an object holds; empty for anything else.
    fileprivate var members: [String: JSONValue] {
        if case .object(let members) = self { members } else { [:] }
    }

    /// The value as JSON, texts without their quotes.
    var text: String {
        switch self {
        case .string(let text): text
        default: (try? JSONText.canonical(self)).map { String(decoding: $0, as: UTF8.self) } ?? ""
        }
    }
}
