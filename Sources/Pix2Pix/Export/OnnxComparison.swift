package import DatasetKit

/// What a graph makes of some noise, beside what the generator makes of it.
package struct OnnxComparison {
    /// One batch.
    private struct Sample {
        var input: Tensor
        /// What the generator makes.
        var output: Tensor
        var largestDifference: Double
    }

    /// The images at once in the batches.
    private static let batches = [1, 2]

    private var samples: [Sample] = []

    /// Runs both on noise.
    ///
    /// - Parameters:
    ///   - graph: The graph.
    ///   - generator: The generator, on the CPU.
    ///   - mode: How its layers work.
    ///   - sizes: Heights and widths, each with batches of one and two images.
    /// - Throws: ``DatasetError`` where the graph cannot be run; ``TorchError``.
    package init(
        of graph: OnnxEvaluator,
        with generator: any Generator,
        mode: ForwardMode,
        sizes: [(height: Int, width: Int)]
    ) throws {
        for (height, width) in sizes {
            for batch in Self.batches {
                let shape = [batch, generator.inputChannels, height, width]
                let input = try Tensor.noise(shape: shape, seed: UInt64(100 + samples.count))
                let (expected, found) = try withoutGradients {
                    (try generator(input, mode: mode), try graph.output(for: input))
                }
                samples.append(
                    Sample(
                        input: input,
                        output: expected,
                        largestDifference: try expected.largestDifference(from: found)
                    )
                )
            }
        }
    }

    /// What was compared, and how far both are apart.
    var checks: [OnnxReport.Check] {
        samples.map { sample in
            let shape = sample.input.shape
            return OnnxReport.Check(
                batch: shape[0],
                height: shape[2],
                width: shape[3],
                largestDifference: sample.largestDifference
            )
        }
    }

    /// - Throws: ``DatasetError`` with code `mismatch` if a difference is not below a limit.
    package func requireAgreement(
        within limit: Double,
        path: String
    ) throws(DatasetError) {
        for check in checks where !(check.largestDifference <= limit) {
            throw DatasetError(
                .mismatch,
                "not written: of \(check.batch) images of \(check.width)x\(check.height) pixels, the graph "
                    + "makes values that differ from the generator's by \(check.largestDifference), more "
                    + "than \(limit); please report this",
                path: path
            )
        }
    }

    /// Writes what went in and what the generator made of it.
    ///
    /// A safetensors file with `input.0`, `output.0`, `input.1`, …
    ///
    /// - Throws: ``DatasetError`` with code `io`; ``TorchError``.
    func write(to path: String) throws {
        let tensors = samples.enumerated().flatMap { number, sample in
            [
                NamedTensor("input.\(number)", sample.input, .buffer),
                NamedTensor("output.\(number)", sample.output, .buffer),
            ]
        }
        try TensorFile.write(
            tensors,
            metadata: ["format": "p2p-samples", "software": try TensorFile.software()],
            to: path
        )
    }
}

extension Tensor {
    /// The largest absolute difference of two elements; infinite for other shapes, or where an element is
    /// not a number.
    func largestDifference(from other: Tensor) throws(TorchError) -> Double {
        guard shape == other.shape else { return .infinity }
        var largest: Float = 0
        for (value, otherValue) in zip(try floats(), try other.floats()) {
            let difference = abs(value - otherValue)
            guard !difference.isNaN else { return .infinity }
            largest = max(largest, difference)
        }
        return Double(largest)
    }
}
