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

    /// How much the targets vary, as ``StepDiagnostics/outputDeviation`` says it of what is made: the
    /// standard deviation over the pixels of each channel, its mean over channels and images.
    var targetDeviation: Double {
        let pixels = size.height * size.width
        let planes = target.count / pixels
        var total = 0.0
        for plane in 0..<planes {
            var sum = 0.0
            var squares = 0.0
            for value in target[plane * pixels..<(plane + 1) * pixels] {
                sum += Double(value)
                squares += Double(value) * Double(value)
            }
            let mean = sum / Double(pixels)
            total += max(0, squares / Double(pixels) - mean * mean).squareRoot()
        }
        return total / Double(planes)
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
