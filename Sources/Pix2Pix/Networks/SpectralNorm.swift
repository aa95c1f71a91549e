/// Spectral normalisation: a weight divided by its largest singular value.
///
/// From Miyato et al. 2018, section 2.1, as PyTorch's `torch.nn.utils.spectral_norm`: one power
/// iteration each time that the weight is used in training.
struct SpectralNorm {
    /// Added to a vector's length: PyTorch's default.
    static let epsilon = 1e-12

    /// `[outputs]`: nearly the first left singular vector.
    let left: Tensor
    /// The other dimensions as one: nearly the first right singular vector.
    let right: Tensor
    /// The dimension of the weight that is the outputs.
    private let outputs: Int

    /// Creates a normalisation of weights of a shape.
    ///
    /// - Parameters:
    ///   - shape: The weight's.
    ///   - outputs: The dimension that is the outputs.
    ///   - device: Where the weight lies.
    /// - Throws: ``TorchError`` if there is not enough memory.
    init(shape: [Int], outputs: Int, device: Device) throws(TorchError) {
        self.outputs = outputs
        left = try .full(0, shape: [shape[outputs]], device: device)
        right = try .full(0, shape: [shape.reduce(1, *) / shape[outputs]], device: device)
    }

    /// Draws new vectors, of length 1, from libtorch's default generator.
    ///
    /// - Throws: ``TorchError`` if libtorch refuses.
    func initialize() throws(TorchError) {
        for vector in [left, right] {
            try vector.fillNormal(mean: 0, standardDeviation: 1)
            try vector.copyElements(
                from: Self.normalized(vector.reshaped(to: [1, -1])).reshaped(to: [-1])
            )
        }
    }

    /// The weight with a largest singular value of nearly 1.
    ///
    /// - Parameters:
    ///   - weight: As it is learned.
    ///   - mode: Whether to improve the vectors first.
    /// - Returns: A tensor of the same shape; gradients reach the weight through the singular value too.
    /// - Throws: ``TorchError`` if there is not enough memory.
    func callAsFunction(_ weight: Tensor, mode: ForwardMode) throws(TorchError) -> Tensor {
        let matrix =
            try (outputs == 0 ? weight : weight.transposed(0, outputs))
            .reshaped(to: [left.elementCount, -1])
        // Copies: the buffers change before gradients are asked for.
        var u = try left.cloned().reshaped(to: [1, -1])
        var v = try right.cloned().reshaped(to: [1, -1])
        if mode == .training {
            (u, v) = try withoutGradients { () throws(TorchError) in
                let v = try Self.normalized(u.product(with: matrix))
                return (try Self.normalized(v.product(with: matrix.transposed(0, 1))), v)
            }
            try left.copyElements(from: u.reshaped(to: [-1]))
            try right.copyElements(from: v.reshaped(to: [-1]))
        }
        let value = try u.product(with: matrix).product(with: v.transposed(0, 1))
        return try weight.divided(by: value.reshaped(to: []))
    }

    /// A vector `[1, n]` of length 1.
    private static func normalized(_ vector: Tensor) throws(TorchError) -> Tensor {
        try vector.divided(by: vector.normOfEntries().adding(epsilon))
    }
}
