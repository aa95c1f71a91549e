import Augment
import DatasetKit

extension PairBatch {
    /// The inputs as a tensor on a device.
    func inputTensor(on device: Device) throws(TorchError) -> Tensor {
        try .floats(input, shape: shape(sides.input.channels), device: device)
    }

    /// The targets as a tensor on a device.
    func targetTensor(on device: Device) throws(TorchError) -> Tensor {
        try .floats(target, shape: shape(sides.target.channels), device: device)
    }

    private func shape(_ channels: Int) -> [Int] { [count, channels, size.height, size.width] }
}
