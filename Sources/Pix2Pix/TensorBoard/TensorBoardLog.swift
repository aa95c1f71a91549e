public import DatasetKit
import FoundationEssentials
import SwiftProtobuf

/// Writes what TensorBoard shows of a run: curves, images, texts, and the run's settings.
///
/// `tensorboard --logdir` on the folder, or on one above it, shows the run while it goes on. Each
/// call appends whole events by one write: they can be seen at once, and a process that is killed
/// loses none of them. Values carry the time of the call. It writes as PyTorch's `SummaryWriter`
/// does, except that the settings stand in the run's own file.
///
/// Calls come from one thread at a time.
public final class TensorBoardLog {
    private let file: EventFile

    /// Makes a new event file.
    ///
    /// - Parameters:
    ///   - folder: The run's folder; made if it is missing. The file in it is named
    ///     `events.out.tfevents.SECONDS.HOST.PID.p2p`, and is read after those that are there.
    ///   - step: Where the run goes on: what earlier files have of later steps is to be forgotten,
    ///     as for `SummaryWriter(purge_step: step + 1)`. `nil` for a new run.
    /// - Throws: ``DatasetError`` with code `io`.
    public init(folder: String, resumingAfter step: Int? = nil) throws(DatasetError) {
        file = try EventFile(in: folder)
        var events = [Self.event(.fileVersion("brain.Event:2"), step: step.map { $0 + 1 } ?? 0)]
        if let step {
            var log = TBSessionLog()
            log.status = .start
            events.append(Self.event(.sessionLog(log), step: step + 1))
        }
        try file.append(events)
    }

    /// The event file.
    public var path: String { file.path }

    /// Adds a point to some curves, all at one moment.
    ///
    /// - Parameters:
    ///   - values: By the curves' names; a name such as `loss/G_L1` puts a curve into the group
    ///     `loss`. Stored as 32-bit floats; infinities and NaN are allowed.
    ///   - step: Where on the horizontal axis.
    /// - Throws: ``DatasetError`` with code `io`, such as for a full disk.
    public func scalars(
        _ values: [(tag: String, value: Double)],
        step: Int
    ) throws(DatasetError) {
        try add(
            values.map { tag, value in Self.value(tag, .simpleValue(Float(value))) },
            step: step
        )
    }

    /// Adds an image to a series.
    ///
    /// - Parameters:
    ///   - tag: The series' name.
    ///   - png: A whole PNG file, of 8 or 16 bits.
    ///   - step: When it was made.
    /// - Throws: ``DatasetError`` with code `corrupt` or `unsupported` if it is no such file, or
    ///   `io`.
    public func image(_ tag: String, png: [UInt8], step: Int) throws(DatasetError) {
        let info = try ImageCodec.probe(png, path: "the image \(tag)")
        guard info.format == .png else {
            throw DatasetError(.unsupported, "the image \(tag): expected a PNG, found another kind")
        }
        var image = TBSummary.Image()
        image.width = Int32(info.size.width)
        image.height = Int32(info.size.height)
        image.colorspace = Int32(info.channels)
        image.encodedImageString = Data(png)
        try add([Self.value(tag, .image(image))], step: step)
    }

    /// Adds a text to a series.
    ///
    /// - Parameters:
    ///   - tag: The series' name.
    ///   - markdown: The text, in Markdown.
    ///   - step: When it was made.
    /// - Throws: ``DatasetError`` with code `io`.
    public func text(_ tag: String, markdown: String, step: Int) throws(DatasetError) {
        var dimension = TBTensorShapeProto.Dim()
        dimension.size = 1
        var tensor = TBTensorProto()
        tensor.dtype = .dtString
        tensor.tensorShape.dim = [dimension]
        tensor.stringVal = [Data(markdown.utf8)]
        try add([Self.value(tag, .tensor(tensor), plugin: "text")], step: step)
    }

    /// Says what the run was given: its row in the HPARAMS tab.
    ///
    /// Once at the start of a run; a run that goes on has it already, and TensorBoard keeps the
    /// first.
    ///
    /// - Parameters:
    ///   - values: The settings in the order of the columns; each name once, numbers finite.
    ///   - metrics: The names of those curves whose last values stand beside them.
    /// - Throws: ``DatasetError`` with code `io`.
    public func hyperparameters(
        _ values: [Hyperparameter],
        metrics: [String]
    ) throws(DatasetError) {
        precondition(Set(values.map(\.name)).count == values.count, "a name is given twice")
        let now = Date().timeIntervalSince1970
        var experiment = TBExperiment()
        experiment.timeCreatedSecs = now
        experiment.hparamInfos = values.map(\.column)
        experiment.metricInfos = metrics.map { tag in
            var metric = TBMetricInfo()
            metric.name.tag = tag
            return metric
        }
        var start = TBSessionStartInfo()
        start.startTimeSecs = now
        for entry in values {
            switch entry.value {
            case .number(let number):
                precondition(number.isFinite, "\(entry.name) is \(number)")
                start.hparams[entry.name] = Google_Protobuf_Value(numberValue: number)
            case .text(let text):
                start.hparams[entry.name] = Google_Protobuf_Value(stringValue: text)
            case .flag(let flag):
                start.hparams[entry.name] = Google_Protobuf_Value(boolValue: flag)
            }
        }
        let marks = [
            try mark("experiment", .experiment(experiment)),
            try mark("session_start_info", .sessionStartInfo(start)),
        ]
        try add(marks, step: 0)
    }

    /// Says that the run has ended for good: its status in the HPARAMS tab.
    ///
    /// Once; TensorBoard keeps the first. Not where a run is stopped that can go on.
    ///
    /// - Parameter success: Whether it did what it was to do.
    /// - Throws: ``DatasetError`` with code `io`.
    public func end(success: Bool) throws(DatasetError) {
        var end = TBSessionEndInfo()
        end.status = success ? .success : .failure
        end.endTimeSecs = Date().timeIntervalSince1970
        try add([try mark("session_end_info", .sessionEndInfo(end))], step: 0)
    }

    /// Waits until all is on the disk: only a power cut asks for it, other programs see it before.
    ///
    /// - Throws: ``DatasetError`` with code `io`.
    public func flush() throws(DatasetError) {
        try file.synchronize()
    }
}

@available(*, unavailable)
extension TensorBoardLog: Sendable {}

// MARK: - Messages

extension TensorBoardLog {
    private func add(_ values: [TBSummary.Value], step: Int) throws(DatasetError) {
        var summary = TBSummary()
        summary.value = values
        try file.append([Self.event(.summary(summary), step: step)])
    }

    private static func event(_ content: TBEvent.OneOf_What, step: Int) -> TBEvent {
        var event = TBEvent()
        event.wallTime = Date().timeIntervalSince1970
        event.step = Int64(step)
        event.what = content
        return event
    }

    private static func value(
        _ tag: String,
        _ content: TBSummary.Value.OneOf_Value,
        plugin: String? = nil,
        data: Data = Data()
    ) -> TBSummary.Value {
        var value = TBSummary.Value()
        value.tag = tag
        value.value = content
        if let plugin {
            value.metadata.pluginData.pluginName = plugin
            value.metadata.pluginData.content = data
            value.metadata.dataClass = .tensor
        }
        return value
    }

    /// A value whose metadata is what counts; the tensor is one of no elements.
    private func mark(
        _ name: String,
        _ content: TBHParamsPluginData.OneOf_Data
    ) throws(DatasetError) -> TBSummary.Value {
        var data = TBHParamsPluginData()
        data.data = content
        var tensor = TBTensorProto()
        tensor.dtype = .dtFloat
        tensor.tensorShape.dim = [TBTensorShapeProto.Dim()]
        return Self.value(
            "_hparams_/\(name)",
            .tensor(tensor),
            plugin: "hparams",
            data: Data(try file.bytes(of: data))
        )
    }
}
