public import DatasetKit
import FoundationEssentials
import SwiftProtobuf

/// A trained generator as a graph of ONNX, for runtimes of any language and device.
///
/// The graph takes `input`, floats `[batch, C, height, width]` in −1…1, and makes `output`; batch, height
/// and width may differ from call to call. It is a recording of what the generator does, so that every
/// architecture can be exported whose operations ``RecordedOperation`` knows.
public struct OnnxExport {
    /// The most that a value of −1…1 may differ between the graph and the generator.
    public static let tolerance = 1e-4
    /// The most bytes that the format's file may have: protobuf's limit is 2 GiB, and the rest of the file
    /// besides the weights takes far less than a megabyte.
    static let maximumWeightBytes = Int(Int32.max) - 1_000_000
    /// The smallest side of the images that the generator is recorded and checked with, if it takes it.
    private static let usualSide = 32

    /// The generator.
    public let model: TrainedModel
    /// How its layers work in the graph: without dropout, which is none of its operations.
    private let mode: ForwardMode
    /// What batch normalisation goes by in the graph; `nil` for a model without.
    public let norm: TrainOptions.TestNorm?
    /// Whether the model drops out when it is used, which the graph does not.
    public let leavesOutDropout: Bool
    /// What the images' sides must be multiples of.
    public let sizeMultiple: Int
    /// A side of images that it takes.
    private let side: Int

    /// Prepares an export.
    ///
    /// - Parameters:
    ///   - model: The generator, on the CPU.
    ///   - norm: What batch normalisation goes by; `nil` for what the model's options say.
    /// - Throws: ``TrainingError`` if there is no batch normalisation to choose for.
    public init(of model: TrainedModel, norm: TrainOptions.TestNorm? = nil) throws {
        let options = model.model.options
        var use = try GeneratorUse(of: model, norm: norm)
        leavesOutDropout = use.dropout
        use.dropout = false
        mode = use.mode
        self.model = model
        self.norm = options.norm == .batch ? use.norm : nil
        let generator = try options.generator(for: model.model.imageSize)
        sizeMultiple = generator.sizeMultiple
        let least = max(Self.usualSide, generator.minimumSide)
        side = (least + sizeMultiple - 1) / sizeMultiple * sizeMultiple
    }

    /// Writes the file, reads it back, runs it and compares.
    ///
    /// - Parameters:
    ///   - path: The file: at any moment either the old or the whole new one is there, and only one that
    ///     makes what the generator makes.
    ///   - samples: A safetensors file to write besides, with the noise of each check and what the
    ///     generator makes of it: `input.0`, `output.0`, …
    /// - Returns: What was written.
    /// - Throws: ``DatasetError`` with code `io`, `tooLarge`, or `mismatch` if what the file makes differs;
    ///   ``TorchError`` naming an operation that cannot be exported.
    public func write(to path: String, samples: String? = nil) throws -> OnnxReport {
        let state = model.generator.state
        let weightBytes = state.reduce(0) {
            $0 + $1.tensor.elementCount * $1.tensor.elementType.byteCount
        }
        guard weightBytes <= Self.maximumWeightBytes else {
            throw DatasetError(
                .tooLarge,
                "the generator has \(weightBytes) bytes of weights, and an ONNX file may have 2 GiB at "
                    + "most; use --format safetensors",
                path: path
            )
        }
        let trace = try GeneratorTrace(of: model.generator, mode: mode, side: side)
        var onnx = OnnxModel(
            try OnnxGraphBuilder.graph(of: trace, name: "generator"),
            metadata: try metadata()
        )
        onnx.docString = model.model.origin
        let bytes: Data = try onnx.serializedBytes()
        let file = try OutputFile(path: path)
        try file.write(bytes.bytes, at: 0)
        let comparison = try OnnxComparison(
            of: OnnxEvaluator(path: file.temporaryPath),
            with: model.generator,
            mode: mode,
            sizes: [(side, side), (side, side + sizeMultiple)]
        )
        try comparison.requireAgreement(within: Self.tolerance, path: path)
        try samples.map { try comparison.write(to: $0) }
        try file.commit()
        return OnnxReport(
            file: path,
            bytes: bytes.count,
            nodes: onnx.graph.node.count,
            parameters: model.generator.parameterCount,
            source: model.path,
            weights: model.weights,
            norm: norm,
            leavesOutDropout: leavesOutDropout,
            sizeMultiple: sizeMultiple,
            checks: comparison.checks,
            largestDifference: comparison.checks.map(\.largestDifference).max() ?? 0
        )
    }

    /// What the file says of itself, in the order of the names.
    private func metadata() throws -> [(key: String, value: String)] {
        let input = ImageValues(model.model.input, range: model.model.options.inputRange)
        let output = ImageValues(model.model.target, range: model.model.options.targetRange)
        return [
            "format": "p2p-onnx", "version": "1", "model": try TensorFile.text(model.model),
            "weights": model.weights.rawValue, "software": try TensorFile.software(),
            "norm": norm?.rawValue ?? model.model.options.norm.rawValue,
            "size_multiple": "\(sizeMultiple)",
            "input": try TensorFile.text(input), "preprocessing": input.preprocessing,
            "output": try TensorFile.text(output), "postprocessing": output.postprocessing,
        ].sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }
}

@available(*, unavailable)
extension OnnxExport: Sendable {}
