import Augment
public import DatasetKit

/// Some pairs as float planes, ready to be copied to the device.
public struct Batch: Sendable {
    /// The inputs, `[N, C, H, W]` in −1…1.
    public var input: [Float]
    /// The targets, `[N, C, H, W]` in −1…1.
    public var target: [Float]
    /// How many pairs there are.
    public var count: Int
    /// Channels of an input.
    public var inputChannels: Int
    /// Channels of a target.
    public var targetChannels: Int
    /// Width and height.
    public var size: ImageSize

    /// Puts pairs of one size together.
    ///
    /// - Precondition: There is at least one pair.
    public init(_ pairs: [ImagePair]) {
        let first = pairs[0]
        count = pairs.count
        size = first.input.size
        inputChannels = first.input.channels
        targetChannels = first.target.channels
        let pixels = size.width * size.height
        input = [Float](repeating: 0, count: count * inputChannels * pixels)
        target = [Float](repeating: 0, count: count * targetChannels * pixels)
        for (place, pair) in pairs.enumerated() {
            pair.input.writePlanes(to: &input, at: place * inputChannels * pixels)
            pair.target.writePlanes(to: &target, at: place * targetChannels * pixels)
        }
    }

    /// The inputs as a tensor on a device.
    func inputTensor(on device: Device) throws(TorchError) -> Tensor {
        try .floats(input, shape: shape(inputChannels), device: device)
    }

    /// The targets as a tensor on a device.
    func targetTensor(on device: Device) throws(TorchError) -> Tensor {
        try .floats(target, shape: shape(targetChannels), device: device)
    }

    private func shape(_ channels: Int) -> [Int] { [count, channels, size.height, size.width] }
}
