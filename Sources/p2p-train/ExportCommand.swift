import ArgumentParser
import CommandKit
import DatasetKit
import FoundationEssentials
import Pix2Pix

/// `p2p-train export`: a trained generator as a file for other programs.
struct ExportCommand: ParsableCommand {
    /// What can be written.
    enum Format: String, CaseIterable, ExpressibleByArgument {
        case onnx, safetensors
    }

    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write a trained generator as ONNX, or as a safetensors file that PyTorch loads.",
        discussion: """
            An ONNX file is read back and run before it gets its name: what it makes of noise, of two \
            sizes and one and two images at once, must be what the generator makes, to 1e-4.
            """
    )

    @Argument(
        help: ArgumentHelp(
            "A run's folder (its newest checkpoint is taken), a checkpoint, or a model file.",
            valueName: "checkpoint"
        ),
        completion: .file()
    )
    var source: String

    @Option(help: "What to write.")
    var format = Format.onnx

    @Option(help: "The file to write. (default: NAME.onnx or NAME.safetensors here)")
    var out: String?

    @Flag(help: "Replace a file that is there.")
    var overwrite = false

    @Option(help: "Which weights. (default: the average where the training kept one)")
    var weights: TrainedModel.Weights?

    @Option(
        help: """
            ONNX: what batch normalisation goes by, the statistics of each image (batch) or those of the \
            training (running). (default: as the model was trained to be used)
            """
    )
    var norm: TrainOptions.TestNorm?

    @Option(
        help: ArgumentHelp(
            """
            ONNX: also write the noise of the check and what the generator makes of it, for \
            scripts/check_onnx.py.
            """,
            valueName: "file"
        )
    )
    var samples: String?

    @Option(help: "Threads of the networks' operations. (default: one for each processor)")
    var threads: Int?

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        if let threads, threads < 1 {
            throw ValidationError("--threads takes a number from 1, found \(threads)")
        }
        for (flag, isGiven) in [("--norm", norm != nil), ("--samples", samples != nil)]
        where isGiven && format != .onnx {
            throw ValidationError("\(flag) goes with --format onnx only")
        }
    }

    func run() throws {
        try reportingTrainingErrors {
            if let threads { try Torch.setThreads(threads) }
            let path = out ?? "\(name).\(format.rawValue)"
            guard samples.map(FileSystem.normalized) != FileSystem.normalized(path) else {
                throw ValidationError("--samples and --out name the same file, \(path)")
            }
            for file in [path, samples].compactMap(\.self) where !overwrite {
                guard FileSystem.kind(of: file) == nil else {
                    throw DatasetError(
                        .exists,
                        "it is there already; give another --out, or --overwrite",
                        path: file
                    )
                }
            }
            let model = try TrainedModel(path: source, device: .cpu, weights: weights)
            guard FileSystem.normalized(path) != FileSystem.normalized(model.path) else {
                throw DatasetError(
                    .exists,
                    "it is what is to be exported; give another --out",
                    path: path
                )
            }
            switch format {
            case .onnx: try writeOnnx(model, to: path)
            case .safetensors: try writeWeights(model, to: path)
            }
        }
    }

    /// The name of what is exported: `facades-1` of a run, `facades-1-best` of one of its checkpoints, or the
    /// file's.
    private var name: String {
        let full = FileSystem.normalized(FileSystem.absolute(source))
        guard FileSystem.kind(of: full) != .folder else { return FileSystem.name(of: full) }
        let folder = FileSystem.folder(of: full)
        let stem = FileSystem.stem(of: FileSystem.name(of: full))
        guard FileSystem.name(of: folder) == "checkpoints" else { return stem }
        return "\(FileSystem.name(of: FileSystem.folder(of: folder)))-\(stem)"
    }

    private func writeOnnx(_ model: TrainedModel, to path: String) throws {
        let export = try OnnxExport(of: model, norm: norm)
        if export.leavesOutDropout {
            Console.warning(
                "this model drops out when it is used, the graph does not: it makes one image where the "
                    + "model makes a different one for each draw"
            )
        }
        let report = try export.write(to: path, samples: samples)
        if json { return try print(report) }
        Console.result(
            "\(path): \(report.nodes) operations, \(Readable.bytes(report.bytes)); images of any width and "
                + "height that are multiples of \(report.sizeMultiple), any number at once"
        )
        Console.result(
            "run and compared with \(report.source) (\(report.weights.rawValue) weights): the largest "
                + "difference is \(Float(report.largestDifference))"
        )
    }

    private func writeWeights(_ model: TrainedModel, to path: String) throws {
        try ModelFile.write(model.generator, model.model, to: path)
        let report = WeightsReport(
            file: path,
            bytes: try FileSystem.size(of: path),
            parameters: model.generator.parameterCount,
            source: model.path,
            weights: model.weights
        )
        if json { return try print(report) }
        Console.result(
            "\(path): \(report.parameters) parameters (\(report.weights.rawValue)), "
                + Readable.bytes(report.bytes)
        )
    }

    private func print(_ report: some Encodable) throws {
        Console.result(String(decoding: try JSONText.pretty(report).dropLast(), as: UTF8.self))
    }
}

/// What `p2p-train export --format safetensors` wrote.
private struct WeightsReport: Encodable {
    var file: String
    var bytes: Int
    var parameters: Int
    var source: String
    var weights: TrainedModel.Weights
}
