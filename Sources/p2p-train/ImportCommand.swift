import ArgumentParser
import CommandKit
import DatasetKit
import FoundationEssentials
import Pix2Pix

/// `p2p-train import`: makes a model file of weights from elsewhere.
struct ImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Make a model file of weights trained elsewhere.",
        discussion: """
            Takes the generator's state dict as PyTorch saves it (.pth, of any age), or safetensors, by the \
            reference's names. What it is follows from names and shapes; nothing in the file is executed.
            """
    )

    @Argument(help: "A .pth or safetensors file.", completion: .file())
    var weights: String

    @Option(
        name: .customLong("out"),
        help: ArgumentHelp("The model file. (default: NAME.safetensors)", valueName: "file")
    )
    var output: String?

    @Flag(help: "Replace the model file if there is one.")
    var overwrite = false

    @Option(
        help: """
            The side of the images it was trained on. (default: 2 to the power of a U-Net's levels; 256 for a \
            ResNet)
            """
    )
    var imageSize: Int?

    @Flag(help: "A U-Net that was trained without dropout, which its weights do not tell.")
    var noDropout = false

    @Option(
        help: """
            How its U-Net joins features: skip-first (PyTorch), or upsampled-first (TensorFlow, the paper's \
            Lua code).
            """
    )
    var skipOrder = SkipOrder.skipFirst

    @Option(
        help: """
            Which dictionary of a .pth file that holds several, such as G_A or models.G. (default: the \
            generator's, by its usual names)
            """
    )
    var key: String?

    @Flag(help: "Print the report as JSON.")
    var json = false

    func validate() throws {
        if let imageSize, !(1...65_500).contains(imageSize) {
            throw ValidationError("--image-size takes a number from 1 to 65500, found \(imageSize)")
        }
    }

    func run() throws {
        try reportingTrainingErrors {
            let output = output ?? "\(FileSystem.stem(of: weights)).safetensors"
            try checkPlace(output)
            var choices = WeightsImport.Choices()
            choices.key = key
            choices.imageSize = imageSize
            choices.dropout = !noDropout
            choices.skipOrder = skipOrder
            let imported = try WeightsImport(path: weights, choices)
            try imported.write(to: output)
            if json {
                let text = try JSONText.pretty(imported.report)
                Console.result(String(decoding: text.dropLast(), as: UTF8.self))
            } else {
                for line in imported.report.lines { Console.message(line) }
                Console.result("model: \(output)")
            }
        }
    }

    /// Checks that nothing is in the way, before a large file is read.
    private func checkPlace(_ output: String) throws(DatasetError) {
        guard FileSystem.kind(of: output) != nil else { return }
        guard overwrite else {
            throw DatasetError(
                .exists,
                "it is there already; give another --out, or --overwrite to replace it",
                path: output
            )
        }
        guard try FileStamp(path: output) != FileStamp(path: weights) else {
            throw DatasetError(
                .exists,
                "it is the file to import itself; give another --out",
                path: output
            )
        }
    }
}
