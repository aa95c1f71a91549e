import ArgumentParser
import CommandKit
import DatasetKit
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
    @OptionGroup(title: "Model") var generator: GeneratorFlags
    @OptionGroup(title: "Pretrained networks") var networks: NetworkFiles
    @OptionGroup(title: "Output") var output: OutputFlags

    func run() throws {
        try reportingTrainingErrors {
            try output.check()
            let models = try [model, against].compactMap(\.self).map { path in
                let trained = try generator.model(at: path)
                return EvaluatedModel(trained, use: try generator.use(of: trained))
            }
            let evaluator = try Evaluator(
                models,
                on: Dataset(folder: pairs.shards),
                judges: networks.judges(on: models[0].trained.device),
                options: pairs.options
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
