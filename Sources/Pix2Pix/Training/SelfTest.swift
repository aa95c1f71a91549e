import DatasetKit
import FoundationEssentials

/// A tiny training, to see whether a device works.
public enum SelfTest {
    /// Steps of one training.
    private static let steps = 4

    /// Trains a tiny model twice, and writes and reads its checkpoint.
    ///
    /// - Parameter device: What to try.
    /// - Returns: Seconds a step.
    /// - Throws: ``TorchError`` or ``DatasetError`` where something fails; ``TrainingError`` where the two
    ///   trainings or the checkpoint differ.
    public static func run(on device: Device) throws -> Double {
        let (first, seconds) = try trained(on: device)
        let (second, _) = try trained(on: device)
        // Only the CPU promises the same bits.
        guard try device.isCUDA || values(of: first) == values(of: second) else {
            throw TrainingError(.diverged, "two trainings from one seed differ on \(device)")
        }
        let folder = FileManager.default.temporaryDirectory.path
        let path = "\(folder)/p2p-doctor-\(UUID().uuidString).safetensors"
        defer { try? FileSystem.remove(path) }
        try checkpoint(on: device).write(first, to: path)
        let read = try newModel(on: device)
        try Checkpoint.load(path, into: read)
        guard try values(of: read) == values(of: first) else {
            throw TrainingError(.diverged, "a checkpoint does not read back as it was written")
        }
        return seconds
    }

    private static func options() -> TrainOptions {
        var options = TrainOptions()
        (options.ngf, options.ndf) = (4, 4)
        return options
    }

    private static func newModel(on device: Device) throws(TorchError) -> Pix2PixModel {
        try Pix2PixModel(
            options(),
            generator: .unet32,
            inputChannels: 3,
            targetChannels: 3,
            device: device
        )
    }

    private static func trained(
        on device: Device
    ) throws -> (model: Pix2PixModel, seconds: Double) {
        try Torch.seed(1)
        let model = try newModel(on: device)
        try model.initialize()
        let shape = [1, 3, 32, 32]
        let input = try Tensor.full(0, shape: shape, device: device)
        let target = try Tensor.full(0, shape: shape, device: device)
        try input.fillNormal(mean: 0, standardDeviation: 0.5)
        try target.fillNormal(mean: 0, standardDeviation: 0.5)
        let start = ContinuousClock.now
        for step in 0..<steps {
            let part = TrainingPart(input: input, target: target, seed: UInt64(step))
            let losses = try model.step([part]).losses
            guard losses.isFinite else {
                throw TrainingError(.diverged, "a loss is not finite on \(device)")
            }
        }
        return (model, (ContinuousClock.now - start) / .seconds(steps))
    }

    private static func values(of model: Pix2PixModel) throws -> [[UInt8]] {
        try model.state.flatMap { group in try group.tensors.map { try $0.tensor.bytes() } }
    }

    private static func checkpoint(on device: Device) throws -> Checkpoint {
        let size = ImageSize(width: 32, height: 32)
        return Checkpoint(
            settings: try TrainingSettings(
                options(),
                imageSize: size,
                threads: 1,
                readers: 1,
                device: device.description
            ),
            position: Checkpoint.Position(steps: steps, stepsPerEpoch: steps),
            progress: TrainingProgress(),
            dataset: Checkpoint.DatasetIdentity(
                name: "self-test",
                fingerprint: "",
                input: DatasetIndex.Side(size: size, channels: 3, dtype: .u8),
                target: DatasetIndex.Side(size: size, channels: 3, dtype: .u8),
                recipe: .object([:])
            ),
            recipe: .object([:])
        )
    }
}
