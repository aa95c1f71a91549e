import DatasetKit
import Foundation
import Pix2Pix
import TestSupport
import Testing

extension TorchTests {
    @Suite("Weights in PyTorch")
    struct WeightExchangeTests {
        private static let python = "\(Places.package)/.venv/bin/python"

        /// Whether `.venv` has what `scripts/check_weights.py` needs.
        private static let hasPyTorch =
            FileManager.default.isExecutableFile(atPath: python)
            && (try? Command(path: python).run(["-c", "import torch, safetensors.torch"]).status)
                == 0

        /// A network of each kind, every norm, dropout on and off.
        private static let architectures: [TrainOptions] = [
            options(.unet32, .batch, .basic), options(.unet64, .instance, .nLayers),
            options(.unet128, .none, .pixel), options(.unet256, .batch, .nLayers, dropout: false),
            options(.resnet6, .instance, .basic), options(.resnet9, .batch, .pixel, dropout: false),
            options(.resnet6, .none, .nLayers),
        ]

        private static func options(
            _ generator: TrainOptions.Generator,
            _ norm: TrainOptions.Norm,
            _ discriminator: TrainOptions.Discriminator,
            dropout: Bool = true
        ) -> TrainOptions {
            var options = TrainOptions()
            (options.generator, options.norm, options.dropout) = (generator, norm, dropout)
            (options.discriminator, options.nLayersD) = (discriminator, 2)
            (options.ngf, options.ndf) = (2, 2)
            options.ema = 0.9
            return options
        }

        @Test(
            "PyTorch's modules take our weights by name and give our outputs",
            .enabled(
                if: hasPyTorch,
                "skipped: .venv has no torch and safetensors (scripts/smoke.sh installs them)"
            )
        )
        func exchange() throws {
            let folder = try TemporaryFolder()
            var paths: [String] = []
            for (number, options) in Self.architectures.enumerated() {
                let path = folder.path("\(number).safetensors")
                try write(options, to: path)
                paths.append(path)
            }
            let script = "\(Places.package)/scripts/check_weights.py"
            let outcome = try Command(path: Self.python).run([script] + paths)
            #expect(outcome.status == 0, "\(outcome.messages)")
            let lines = outcome.output.split(separator: "\n")
            #expect(lines.count == paths.count)
            for line in lines {
                for part in ["its output agrees", "generator_ema fits", "its logits agree"] {
                    #expect(line.contains(part), "\(line)")
                }
            }
        }

        /// Writes a model after two steps, a pair, and what the model makes of it.
        private func write(_ options: TrainOptions, to path: String) throws {
            let model = try Pix2PixModel(
                options,
                generator: #require(options.generator),
                inputChannels: 2,
                targetChannels: 3,
                device: .cpu
            )
            try Torch.seed(1)
            try model.initialize()
            let side = options.generator == .unet256 ? 256 : 128
            let input = try Tensor.full(0, shape: [2, 2, side, side])
            let target = try Tensor.full(0, shape: [2, 3, side, side])
            try input.fillUniform()
            try target.fillUniform()
            for seed in 1...2 {
                let part = TrainingPart(input: input, target: target, seed: UInt64(seed))
                _ = try model.step([part])
            }
            let mode = ForwardMode.inference(.batch, dropout: false)
            let discriminator = try #require(model.discriminator)
            let output = try withoutGradients { try model.generator(input, mode: mode) }
            let logits = try withoutGradients {
                try discriminator(input: input, image: target, mode: mode)[0].logits
            }
            var tensors = model.state.flatMap { group, tensors in
                tensors.map { NamedTensor("\(group).\($0.name)", $0.tensor, $0.kind) }
            }
            for (name, tensor) in [
                ("input", input), ("target", target), ("output", output), ("logits", logits),
            ] {
                tensors.append(NamedTensor("check.\(name)", tensor, .buffer))
            }
            let header = SafetensorsHeader(
                tensors.map {
                    (
                        $0.name, $0.tensor.elementType == .int64 ? .i64 : .f32,
                        $0.tensor.shape
                    )
                },
                metadata: [
                    "settings": String(decoding: try JSONEncoder().encode(options), as: UTF8.self),
                    "dataset": #"{"input": {"channels": 2}, "target": {"channels": 3}}"#,
                ]
            )
            let bytes = try tensors.flatMap { try $0.tensor.bytes() }
            try Data(header.encoded() + bytes).write(to: URL(fileURLWithPath: path))
        }
    }
}
