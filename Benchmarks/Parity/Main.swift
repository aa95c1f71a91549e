import DatasetKit
import Foundation
import Pix2Pix

/// One training step from given weights, and the time of more: what `parity.py` compares with PyTorch.
///
///     parity-bench BEFORE AFTER THREADS
///
/// BEFORE is a safetensors file with `before.generator.…`, `before.discriminator.…`, `input` and
/// `target`; its metadata has `options` and `seed`. Prints the losses of one step and writes the model to AFTER. Then each line on stdin is a number of steps to make: prints how long one took.
@main enum ParityBench {
    static func main() throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 4, let threads = Int(arguments[3]) else {
            print("usage: parity-bench BEFORE AFTER THREADS")
            exit(64)
        }
        try Torch.setThreads(threads)
        let file = try SafetensorsFile(path: arguments[1])
        let options = try JSONDecoder().decode(
            TrainOptions.self,
            from: Data((file.metadata["options"] ?? "").utf8)
        )
        var tensors: [String: Tensor] = [:]
        for (name, entry) in file.tensors {
            guard let type = ElementType(rawValue: entry.dtype.rawValue) else { exit(65) }
            tensors[name] = try unsafe file.withBytes(of: name) {
                try unsafe Tensor.copying($0, shape: entry.shape, elementType: type)
            }
        }
        func group(_ prefix: String) -> [String: Tensor] {
            Dictionary(
                uniqueKeysWithValues: tensors.filter { $0.key.hasPrefix(prefix) }
                    .map { (String($0.key.dropFirst(prefix.count)), $0.value) }
            )
        }
        guard let generator = options.generator, let input = tensors["input"],
            let target = tensors["target"], let seed = UInt64(file.metadata["seed"] ?? "")
        else { exit(65) }
        let model = try Pix2PixModel(
            options,
            generator: generator,
            inputChannels: input.shape[1],
            targetChannels: target.shape[1],
            device: .cpu
        )
        try model.generator.load(group("before.generator."))
        try model.discriminator?.load(group("before.discriminator."))
        tensors = [:]

        let part = TrainingPart(input: input, target: target, seed: seed)
        let losses = try model.step([part]).losses
        let state = model.state.flatMap { group, tensors in
            tensors.map { NamedTensor("\(group).\($0.name)", $0.tensor, $0.kind) }
        }
        let header = SafetensorsHeader(
            state.map {
                ($0.name, $0.tensor.elementType == .int64 ? .i64 : .f32, $0.tensor.shape)
            },
            metadata: [:]
        )
        let output = try OutputFile(path: arguments[2])
        let encoded = header.encoded()
        try unsafe output.write(encoded.span.bytes, at: 0)
        for entry in state {
            guard let range = header.tensors[entry.name]?.range else { continue }
            try entry.tensor.withBytes {
                try output.write($0, at: encoded.count + range.lowerBound)
            }
        }
        try output.commit()
        try tell(Dictionary(uniqueKeysWithValues: losses.named.map { ($0.name, $0.value) }))

        let clock = ContinuousClock()
        while let line = readLine(), let steps = Int(line) {
            let start = clock.now
            for _ in 0..<steps { _ = try model.step([part]) }
            try tell(["ms": (clock.now - start) / .milliseconds(1) / Double(steps)])
        }
    }

    private static func tell(_ values: [String: Double]) throws {
        FileHandle.standardOutput.write(try JSONEncoder().encode(values) + Data("\n".utf8))
    }
}
