import ArgumentParser
import DatasetKit
import FoundationEssentials
import Pix2Pix

/// Which generator is used, and how: what its training says, unless told otherwise.
struct GeneratorFlags: ParsableArguments {
    @Option(
        help: """
            Of a training with --ema, the weights of its last step or their moving average. (default: the \
            average where there is one)
            """
    )
    var weights: TrainedModel.Weights?

    @Option(
        help: """
            What batch normalisation goes by: the statistics of the image itself (batch) or those of \
            the training (running). (default: as in its training)
            """
    )
    var norm: TrainOptions.TestNorm?

    @Flag(
        inversion: .prefixedNo,
        help: "Whether dropout varies what is made. (default: as in its training)"
    )
    var dropout: Bool?

    @Option(help: "The seed of dropout. (default: that of its training)")
    var seed: Int?

    @Option(help: "auto, cpu, cuda or cuda:N.")
    var device = "auto"

    @Option(help: "Threads of the network's operations. (default: one for each processor)")
    var threads: Int?

    func validate() throws {
        if let threads, threads < 1 {
            throw ValidationError("--threads takes a number from 1, found \(threads)")
        }
    }

    /// How many threads the network has.
    var threadCount: Int { threads ?? ProcessInfo.processInfo.activeProcessorCount }

    /// Reads the model, ready to be used by so many threads.
    func model(at path: String) throws -> TrainedModel {
        let device = try Device(named: device)
        try Torch.setThreads(threadCount)
        return try TrainedModel(path: path, device: device, weights: weights)
    }

    /// How the model is used.
    ///
    /// - Throws: ``TrainingError`` with code `impossibleSettings` for what the model does not have.
    func use(of model: TrainedModel) throws(TrainingError) -> GeneratorUse {
        try GeneratorUse(of: model, norm: norm, dropout: dropout, seed: seed)
    }
}
