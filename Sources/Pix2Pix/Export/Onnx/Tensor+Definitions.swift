import Glibc

// Operators of ONNX by their definitions, from the few operations that are beyond doubt: slow, and no use of
// the functions of libtorch that a network would call.

extension Tensor {
    /// The product of the last two dimensions, for each place of those before.
    func matrixProducts(with other: Tensor) throws(TorchError) -> Tensor {
        let (left, right) = (shape, other.shape)
        guard left.count >= 2, right.count == left.count, left.dropLast(2) == right.dropLast(2)
        else {
            throw TorchError(
                operation: "MatMul",
                message: "expected matrices of the same batches, found \(left) and \(right)"
            )
        }
        let batches = left.dropLast(2).reduce(1, *)
        let lefts = try reshaped(to: [batches] + left.suffix(2))
        let rights = try other.reshaped(to: [batches] + right.suffix(2))
        var products: [Tensor] = []
        for batch in 0..<batches {
            products.append(
                try lefts.narrowed(dimension: 0, start: batch, length: 1)
                    .reshaped(to: left.suffix(2))
                    .product(
                        with: rights.narrowed(dimension: 0, start: batch, length: 1)
                            .reshaped(to: right.suffix(2))
                    )
            )
        }
        let rows = left[left.count - 2]
        return try .stacked(products)
            .reshaped(to: left.dropLast(2) + [rows, right[right.count - 1]])
    }

    /// One divided by each element.
    func reciprocals() throws(TorchError) -> Tensor {
        try .floats(floats().map { 1 / $0 }, shape: shape)
    }

    /// The exponential of each element as a share of their sum along a dimension.
    func exponentialShares(along dimension: Int) throws(TorchError) -> Tensor {
        let shape = shape
        let count = shape[dimension]
        let step = shape[(dimension + 1)...].reduce(1, *)
        var values = try floats()
        for start in values.indices where start / step % count == 0 {
            let places = (0..<count).map { start + $0 * step }
            let largest = places.map { values[$0] }.max() ?? 0
            let powers = places.map { exp(Double(values[$0] - largest)) }
            let sum = powers.reduce(0, +)
            for (place, power) in zip(places, powers) { values[place] = Float(power / sum) }
        }
        return try .floats(values, shape: shape)
    }

    /// The mean over some dimensions, which stay with a length of 1.
    func means(along dimensions: [Int]) throws(TorchError) -> Tensor {
        let others = shape.indices.filter { !dimensions.contains($0) }
        let count = dimensions.reduce(1) { $0 * shape[$1] }
        let kept = shape.indices.map { dimensions.contains($0) ? 1 : shape[$0] }
        return try permuted(others + dimensions).reshaped(to: [-1, count])
            .product(with: .full(1 / Double(count), shape: [count, 1]))
            .reshaped(to: kept)
    }

    /// Zeros before and after a dimension; negative numbers cut off.
    func withZeros(before: Int, after: Int, along dimension: Int) throws(TorchError) -> Tensor {
        let start = max(0, -before)
        let middle = try narrowed(
            dimension: dimension,
            start: start,
            length: shape[dimension] - start - max(0, -after)
        )
        var parts = [middle]
        var zeros = shape
        for (count, isBefore) in [(before, true), (after, false)] where count > 0 {
            zeros[dimension] = count
            parts.insert(try .full(0, shape: zeros), at: isBefore ? 0 : parts.count)
        }
        return try .concatenated(parts, dimension: dimension)
    }

    /// Dimensions in another order.
    func permuted(_ order: [Int]) throws(TorchError) -> Tensor {
        var current = Array(order.indices)
        var result = self
        for (place, wanted) in order.enumerated() {
            guard let found = current.firstIndex(of: wanted), found != place else { continue }
            result = try result.transposed(place, found)
            current.swapAt(place, found)
        }
        return result
    }

    /// Channels become squares of pixels: `[N, C b b, H, W]` to `[N, C, H b, W b]`.
    func channelsSpread(by block: Int) throws(TorchError) -> Tensor {
        let shape = shape
        let channels = shape[1] / (block * block)
        return try reshaped(to: [shape[0], channels, block, block, shape[2], shape[3]])
            .permuted([0, 1, 4, 2, 5, 3])
            .reshaped(to: [shape[0], channels, shape[2] * block, shape[3] * block])
    }

    /// Each entry of a dimension so many times.
    func repeated(_ factor: Int, along dimension: Int) throws(TorchError) -> Tensor {
        try interleaved(Array(repeating: self, count: factor), along: dimension)
    }

    /// A dimension enlarged by linear interpolation: entries are areas, and the ends go on as they are.
    ///
    /// Entry `f i + p` of the result lies at `i + (p + 0.5) / f - 0.5` of the original.
    func interpolated(_ factor: Int, along dimension: Int) throws(TorchError) -> Tensor {
        let last = shape[dimension] - 1
        let first = try narrowed(dimension: dimension, start: 0, length: 1)
        let end = try narrowed(dimension: dimension, start: last, length: 1)
        let before = try Tensor.concatenated(
            [first] + (last > 0 ? [narrowed(dimension: dimension, start: 0, length: last)] : []),
            dimension: dimension
        )
        let after = try Tensor.concatenated(
            (last > 0 ? [narrowed(dimension: dimension, start: 1, length: last)] : []) + [end],
            dimension: dimension
        )
        var phases: [Tensor] = []
        for phase in 0..<factor {
            let offset = (Double(phase) + 0.5) / Double(factor) - 0.5
            phases.append(
                try scaled(by: 1 - abs(offset))
                    .adding((offset < 0 ? before : after).scaled(by: abs(offset)))
            )
        }
        return try interleaved(phases, along: dimension)
    }

    /// Entries of tensors of this shape in turn.
    private func interleaved(
        _ tensors: [Tensor],
        along dimension: Int
    ) throws(TorchError) -> Tensor {
        var open = shape
        open.insert(1, at: dimension + 1)
        let parts = try tensors.map { tensor throws(TorchError) in try tensor.reshaped(to: open) }
        var joined = shape
        joined[dimension] *= tensors.count
        return try .concatenated(parts, dimension: dimension + 1).reshaped(to: joined)
    }
}
