import Augment
import DatasetKit

extension PairBatch {
    /// The inputs of some places as a tensor on a device.
    func inputTensor(on device: Device, _ places: Range<Int>? = nil) throws(TorchError) -> Tensor {
        try tensor(input, sides.input.channels, places, device)
    }

    /// The targets of some places as a tensor on a device.
    func targetTensor(on device: Device, _ places: Range<Int>? = nil) throws(TorchError) -> Tensor {
        try tensor(target, sides.target.channels, places, device)
    }

    /// The standard deviation of all values of the targets.
    var targetDeviation: Double {
        var sum = 0.0
        var squares = 0.0
        for value in target {
            sum += Double(value)
            squares += Double(value) * Double(value)
        }
        let mean = sum / Double(target.count)
        return max(0, squares / Double(target.count) - mean * mean).squareRoot()
    }

    private func tensor(
        _ values: [Float],
        _ channels: Int,
        _ places: Range<Int>?,
        _ device: Device
    ) throws(TorchError) -> Tensor {
        let places = places ?? 0..<count
        let length = channels * size.height * size.width
        let part = values.span.extracting(places.lowerBound * length..<places.upperBound * length)
        return try .copying(
            unsafe part.bytes,
            shape: [places.count, channels, size.height, size.width],
            device: device
        )
    }
}
