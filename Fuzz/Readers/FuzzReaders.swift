import Augment
import DatasetKit
import FoundationEssentials
import Glibc

/// Runs libFuzzer on one of the package's readers: `FuzzReaders recipe|index|shard|weights LIBFUZZER-OPTIONS`.
@main
enum FuzzReaders {
    static func main() {
        var arguments = CommandLine.arguments
        guard arguments.count > 1 else { exit(64) }
        let callback: FuzzCallback
        switch arguments.remove(at: 1) {
        case "recipe": callback = { unsafe fuzz($0, $1, readRecipe) }
        case "index": callback = { unsafe fuzz($0, $1, readIndex) }
        case "shard": callback = { unsafe fuzz($0, $1, readShard) }
        case "weights": callback = { unsafe fuzz($0, $1, readWeights) }
        default: exit(64)
        }
        var count = Int32(arguments.count)
        var pointers = unsafe arguments.map { unsafe strdup($0) }
        unsafe pointers.append(nil)
        unsafe pointers.withUnsafeMutableBufferPointer { buffer in
            var values = unsafe buffer.baseAddress
            exit(unsafe runDriver(&count, &values, callback))
        }
    }
}

/// What libFuzzer calls with each input.
typealias FuzzCallback = @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32

/// libFuzzer's own main loop, from its runtime library.
@_silgen_name("LLVMFuzzerRunDriver")
func runDriver(
    _ count: UnsafeMutablePointer<Int32>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
    _ callback: FuzzCallback
) -> Int32

/// The main function in libFuzzer's library wants this; ours has taken its place.
@_cdecl("LLVMFuzzerTestOneInput")
func unusedTarget(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> Int32 { 0 }

/// Reads an input; an error is fine as long as it says what is wrong.
private func fuzz(
    _ bytes: UnsafePointer<UInt8>?,
    _ count: Int,
    _ read: ([UInt8]) throws(DatasetError) -> Void
) -> Int32 {
    let input = unsafe Array(UnsafeBufferPointer(start: bytes, count: count))
    do throws(DatasetError) {
        try read(input)
    } catch {
        precondition(!error.message.isEmpty)
    }
    return 0
}

/// A recipe that is read must be written as one that is read as the same.
private func readRecipe(_ bytes: [UInt8]) throws(DatasetError) {
    let document = try JSONValue.parse(Data(bytes), path: "r.json", code: .invalidRecipe)
    let recipe = try Recipe(document, file: "/r.json")
    do throws(DatasetError) {
        let again = try Recipe(recipe.json, file: "/r.json")
        precondition(again.json == recipe.json, "another recipe")
    } catch {
        preconditionFailure("its own recipe is refused: \(error)")
    }
    for side in [286, 48] {
        let form = PairForm(size: ImageSize(width: side, height: side))
        let augmentation = try Augmentation(recipe, form: form)
        for sample in 0..<4 {
            let drawn = augmentation.draw(seed: 1, epoch: 1, sample: sample, of: 4)
            do throws(DatasetError) {
                try augmentation.check(drawn, of: 4, file: "", path: "")
            } catch {
                preconditionFailure("its own draw is refused: \(error)")
            }
        }
    }
    try render(recipe)
}

/// Does what the recipe says to small pairs of several forms.
private func render(_ recipe: Recipe) throws(DatasetError) {
    for (input, target) in [(3, 3), (1, 4), (2, 1)] {
        let pairs = FlatPairs(size: ImageSize(width: 48, height: 48), channels: (input, target))
        let sides = Sides(
            input: SideForm(channels: input),
            target: SideForm(channels: target, hasAlpha: target == 4)
        )
        let form = PairForm(size: pairs.size, sides: sides)
        let augmentation = try Augmentation(recipe, form: form)
        let renderer = PairRenderer(augmentation, of: pairs)
        var batch = renderer.batch(of: 1)
        for sample in 0..<4 {
            let drawn = augmentation.draw(seed: 2, epoch: 1, sample: sample, of: pairs.count)
            try renderer.render(drawn, of: sample, into: &batch, at: 0)
            precondition(batch.input.allSatisfy { (-1...1).contains($0) }, "a level out of range")
        }
    }
}

/// Pairs of one colour.
private struct FlatPairs: PairSource {
    let size: ImageSize
    let channels: (input: Int, target: Int)
    let count = 4

    func withSamples<Result>(
        at number: Int,
        _ body: (RawSpan, RawSpan) throws(DatasetError) -> Result
    ) throws(DatasetError) -> Result {
        let pixels = size.width * size.height
        let input = [UInt8](repeating: UInt8(60 * number), count: pixels * channels.input)
        let target = [UInt8](repeating: 200, count: pixels * channels.target)
        return try unsafe body(input.span.bytes, target.span.bytes)
    }
}

private let folder = "/dev/shm/p2p-fuzz-\(getpid())"

private func readIndex(_ bytes: [UInt8]) throws(DatasetError) {
    try FileSystem.makeFolder(folder)
    try FileSystem.writeAtomically(bytes, to: "\(folder)/index.json")
    let dataset = try Dataset(folder: folder)
    _ = try dataset.recipe()
}

/// Reads every pair of a dataset whose only shard is the input, with an index that believes it.
private func readShard(_ bytes: [UInt8]) throws(DatasetError) {
    try FileSystem.makeFolder(folder)
    let path = "\(folder)/train-00000.safetensors"
    try FileSystem.writeAtomically(bytes, to: path)
    let file = try SafetensorsFile(path: path)
    func side(_ name: String) -> String? {
        guard let tensor = file.tensors[name], tensor.shape.count == 4 else { return nil }
        return """
            {"width": \(tensor.shape[2]), "height": \(tensor.shape[1]),
             "channels": \(tensor.shape[3]), "dtype": "\(tensor.dtype.rawValue)"}
            """
    }
    let samples = file.tensors["index"]?.shape.first ?? 0
    let fingerprint = file.metadata["fingerprint"] ?? ""
    guard let input = side("input"), let target = side("target"), samples < 1000,
        fingerprint.utf8.allSatisfy({ $0 >= 0x30 && $0 < 0x7b && $0 != 0x5c })
    else { return }
    let index = """
        {"format": "p2p-dataset", "version": 1, "name": "f", "fingerprint": "\(fingerprint)",
         "recipe": {"source": {"path": "x"}}, "input": \(input), "target": \(target),
         "splits": {"train": {"samples": \(samples), "shards": [{"file": "train-00000.safetensors",
         "samples": \(samples), "bytes": \(bytes.count), "sha256": ""}]}},
         "counts": {"conversions": {}, "rejected": {}, "ignored": 0}, "software": {}}
        """
    try FileSystem.writeAtomically(Array(index.utf8), to: "\(folder)/index.json")
    let dataset = try Dataset(folder: folder)
    guard let reader = dataset.split(.train) else { return }
    for number in 0..<reader.count {
        _ = try reader.key(at: number)
        let pair = try reader.pair(at: number)
        precondition(pair.input.size == dataset.index.input.size)
    }
}

/// Reads every tensor of a file of `torch.save`.
private func readWeights(_ bytes: [UInt8]) throws(DatasetError) {
    try FileSystem.makeFolder(folder)
    let path = "\(folder)/weights.pth"
    try FileSystem.writeAtomically(bytes, to: path)
    let file = try TorchFile(path: path)
    for dictionary in file.dictionaries {
        precondition(!dictionary.tensors.isEmpty)
        for (_, tensor) in dictionary.tensors {
            let layout = tensor.layout
            let count = unsafe file.withStorage(of: tensor) { unsafe layout.floats(of: $0).count }
            precondition(count == layout.shape.reduce(1, *))
        }
    }
}
