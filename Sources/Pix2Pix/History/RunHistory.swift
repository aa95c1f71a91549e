public import DatasetKit
import Foundation

/// What a run has measured so far: its `metrics.jsonl`, read as far as it has grown.
///
/// A long training has millions of lines. ``update()`` reads only those that came since the last
/// time; steps are kept as means over equal windows. What stands here is a function of the file
/// alone, however often it was read on the way.
public struct RunHistory: Sendable {
    /// The line of one epoch.
    public struct Epoch: Equatable, Sendable {
        /// The epoch, from 1.
        public var number: Int
        /// Everything in the line by its name, such as `mean_G_L1`, `seconds` and `val_L1`.
        public var values: [String: Double]
    }

    /// The line of a warning.
    public struct Warning: Equatable, Sendable {
        /// The epoch in which it was given, from 1.
        public var epoch: Int
        /// The step after which it was given, counted from the run's start; `nil` where none is named.
        public var step: Int?
        /// What kind it is, such as `discriminator-wins`.
        public var name: String
        /// What was seen.
        public var message: String
        /// What to do about it; empty for nothing.
        public var suggestion: String
    }

    /// The folder whose history it is.
    public let run: RunFolder
    /// The complete epochs, in order.
    public private(set) var epochs: [Epoch] = []
    /// The warnings, in order.
    public private(set) var warnings: [Warning] = []
    /// The losses of the steps: a few hundred means at most.
    public private(set) var steps = StepWindows()
    /// Steps of an epoch, as far as the first one went; `nil` before the first step.
    public private(set) var stepsPerEpoch: Int?
    /// Lines that are none of these, or were cut off.
    public private(set) var unreadableLines = 0

    /// Bytes of the file that have been read: whole lines.
    private var offset = 0
    private var reader = Self.newReader
    private var firstEpoch: Int?

    private static let newReader = NumberLineReader(expecting: ["epoch", "step"])
    /// The numbers of these names.
    private static let (epochName, stepName) = (0, 1)

    /// Reads the history of a run; a run without metrics has an empty one.
    ///
    /// - Throws: ``DatasetError`` with code `io`.
    public init(of run: RunFolder) throws(DatasetError) {
        self.run = run
        try update()
    }

    /// Reads the lines that are new, or everything where the file was begun anew.
    ///
    /// A line that is being written, without its end, is left for the next time.
    ///
    /// - Throws: ``DatasetError`` with code `io`.
    public mutating func update() throws(DatasetError) {
        guard FileSystem.kind(of: run.metricsPath) != nil else { return }
        let file = try MappedFile(path: run.metricsPath)
        if file.count < offset { forget() }
        unsafe file.withBytes { bytes in
            let lines = unsafe bytes.bindMemory(to: UInt8.self).span
            var start = offset
            var end = offset
            while end < lines.count {
                if lines[end] == UInt8(ascii: "\n") {
                    take(lines.extracting(start..<end))
                    start = end + 1
                }
                end += 1
            }
            offset = start
        }
    }

    /// The names of an epoch's values that occur in any epoch, sorted.
    public var names: [String] {
        epochs.reduce(into: Set<String>()) { $0.formUnion($1.values.keys) }.sorted()
    }

    /// The epoch in which a value was best.
    ///
    /// - Parameter name: What to compare, such as `val_L1`, which is best where it is lowest, or
    ///   `val_SSIM`, which is best where it is highest.
    /// - Returns: The first of equals; `nil` where no epoch has the value.
    public func best(by name: String) -> Epoch? { Self.best(of: epochs, by: name) }

    /// The same of any epochs.
    static func best(of epochs: [Epoch], by name: String) -> Epoch? {
        let measured = epochs.filter { $0.values[name] != nil }
        let sign = TrainOptions.Metric.isHigherBetter(of: name) ? -1.0 : 1
        return measured.min { sign * ($0.values[name] ?? 0) < sign * ($1.values[name] ?? 0) }
    }

    private mutating func forget() {
        (offset, firstEpoch, stepsPerEpoch, unreadableLines) = (0, nil, nil, 0)
        (epochs, warnings, steps, reader) = ([], [], StepWindows(), Self.newReader)
    }

    private mutating func take(_ line: Span<UInt8>) {
        guard reader.read(line) else { return takeOther(line) }
        guard let epoch = Self.whole(reader.value(of: Self.epochName)) else {
            return unreadableLines += 1
        }
        guard let step = reader.value(of: Self.stepName) else {
            let values = reader.values.filter { $0.key != "epoch" }
            return epochs.append(Epoch(number: epoch, values: values))
        }
        if epoch == firstEpoch ?? epoch {
            firstEpoch = epoch
            stepsPerEpoch = Self.whole(step)
        }
        steps.add(reader.fields, names: reader.names)
    }

    /// A line that holds more than numbers.
    private mutating func takeOther(_ line: Span<UInt8>) {
        let data = Data((0..<line.count).map { line[$0] })
        guard !data.isEmpty else { return }
        guard case .object(let object) = try? JSONDecoder().decode(JSONValue.self, from: data),
            case .string(let name) = object["warning"],
            let epoch = Self.whole(object["epoch"]?.number)
        else { return unreadableLines += 1 }
        func text(_ key: String) -> String {
            if case .string(let text) = object[key] { text } else { "" }
        }
        warnings.append(
            Warning(
                epoch: epoch,
                step: Self.whole(object["step"]?.number),
                name: name,
                message: text("message"),
                suggestion: text("suggestion")
            )
        )
    }

    /// A number of epochs or steps; `nil` where a damaged line has none that could be meant.
    private static func whole(_ value: Double?) -> Int? {
        value.flatMap { (0...1e15).contains($0) ? Int($0) : nil }
    }
}

extension TrainOptions.Metric {
    /// Whether more is better of what has this name in `metrics.jsonl`: of losses, less is.
    static func isHigherBetter(of name: String) -> Bool {
        allCases.contains { $0.isHigherBetter && $0.recordName == name }
    }
}
