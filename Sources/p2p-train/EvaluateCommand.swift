import ArgumentParser
import CommandKit
import DatasetKit
import FoundationEssentials
import Pix2Pix

/// `p2p-train evaluate`: how good a model's images are, or which of two models is better.
struct EvaluateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate",
        abstract: "Measure a model on a split of a dataset, or two models against each other.",
        discussion: """
            L1, PSNR, SSIM and MS-SSIM of every pair, as validation measures them; accuracy and \
            intersection over union where the targets are label maps; LPIPS and FID by pretrained \
            networks that you download.
            """
    )

    @Argument(
        help: ArgumentHelp("A checkpoint, a model file, or a run's folder.", valueName: "model")
    )
    var model: String

    @Option(help: ArgumentHelp("A second model, for the same pairs.", valueName: "model"))
    var against: String?

    @OptionGroup(title: "Pairs") var pairs: PairFlags
    @OptionGroup(title: "Use of the model") var use: UseFlags
    @OptionGroup(title: "Pretrained networks") var networks: NetworkFiles
    @OptionGroup(title: "Output") var output: OutputFlags

    func run() throws {
        try reportingTrainingErrors {
            try output.check()
            let device = try Device(named: use.device)
            try Torch.setThreads(use.threads ?? ProcessInfo.processInfo.activeProcessorCount)
            let dataset = try Dataset(folder: pairs.shards)
            let evaluator = try Evaluator(
                [model, against].compactMap(\.self).map { try use.model($0, on: device) },
                on: dataset,
                judges: networks.judges(on: device),
                options: pairs.options(batchSize: use.batchSize)
            )
            let measure = try output.measure(of: evaluator)
            let progress = CountProgress(unit: "pairs")
            let result = try evaluator.run { progress.update("evaluating", done: $0, of: $1) }
            progress.end()
            for note in result.notes { Console.warning(note) }
            if let path = output.csv {
                try FileSystem.writeAtomically(EvaluationCSV(result).text.utf8, to: path)
                Console.message("each pair's values: \(path)")
            }
            if let path = output.html {
                let page = try EvaluationPage(result, sortedBy: measure) { number in
                    try evaluator.pictures(of: number)
                }
                try FileSystem.writeAtomically(page.html.utf8, to: path)
                Console.message("the page: \(path)")
            }
            if output.json {
                Console.result(String(decoding: try JSONText.pretty(result), as: UTF8.self))
            } else {
                for line in EvaluationText(result).lines { Console.result(line) }
            }
        }
    }
}
