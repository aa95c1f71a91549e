/// An operation on tensors that a recording can hold, with what it does besides its operands.
///
/// Results are new tensors of the shape that the operation of this name in `Tensor` documents.
/// Operations that have no case here cannot be part of an exported graph.
package enum RecordedOperation: Equatable, Sendable {
    // MARK: Layers

    /// Operands: images, weight, bias or nothing.
    case convolution(stride: Int, padding: Int)
    /// Operands: images, weight, bias or nothing.
    case transposedConvolution(stride: Int, padding: Int, outputPadding: Int)
    /// With given statistics. Operands: images, weight, bias, mean, variance.
    case batchNormalization(epsilon: Double)
    /// Operands: images, weight or nothing, bias or nothing.
    case instanceNormalization(epsilon: Double)
    /// Mirrored at the edge pixels.
    case reflectionPadding(Int)
    /// Each pixel becomes a square of `factor` by `factor`.
    case nearestUpsampling(factor: Int)
    /// Pixels are areas: their centres, not the corners' pixels, keep their places.
    case bilinearUpsampling(factor: Int)
    /// `[N, C factor², H, W]` to `[N, C, H factor, W factor]`, as PyTorch's `pixel_shuffle`.
    case pixelShuffle(factor: Int)
    /// Zeros around each image; negative numbers cut off.
    case zeroPadding(left: Int, right: Int, top: Int, bottom: Int)

    // MARK: Activations

    case leakyReLU(slope: Double)
    case relu
    case tanh
    case sigmoid
    /// Over one dimension; below 0, counted from the last.
    case softmax(dimension: Int)

    // MARK: Arithmetic

    /// Two operands of shapes that are broadcast, in this and the next three.
    case add
    case subtract
    case multiply
    case divide
    case multiplyByNumber(Double)
    case addNumber(Double)
    case squareRoot
    /// Of the last two dimensions; those before are batches.
    case matrixProduct
    /// Over some dimensions, which stay with a length of 1.
    case mean(dimensions: [Int])

    // MARK: Shape

    /// The same elements, not shared.
    case copy
    /// Any number of operands.
    case concatenate(dimension: Int)
    /// To the shape of the result.
    case reshape
    /// Two dimensions exchanged; below 0, counted from the last.
    case transpose(Int, Int)
    case narrow(dimension: Int, start: Int, length: Int)
}

extension RecordedOperation {
    /// Whether the result may share the operand's elements, so that changing the one changes the other.
    var mayShareElements: Bool {
        switch self {
        case .reshape, .transpose, .narrow: true
        default: false
        }
    }
}
