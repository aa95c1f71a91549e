import DatasetKit
import Pix2Pix
import Testing

extension TorchTests {
    @Suite("Operations, by hand-made answers")
    struct OperationTests {
        @Test("A convolution is a sum of products; padding is zeros")
        func convolution() throws {
            let input = try Tensor.floats([1, 2, 3, 4], shape: [1, 1, 2, 2])
            let weight = try Tensor.floats([1, 10, 100, 1000], shape: [1, 1, 2, 2])
            let bias = try Tensor.floats([0.5], shape: [1])
            let plain = try input.convolved(with: weight, bias: nil, stride: 1, padding: 0)
            #expect(try plain.floats() == [4321])
            let padded = try input.convolved(with: weight, bias: bias, stride: 2, padding: 1)
            #expect(padded.shape == [1, 1, 2, 2])
            #expect(try padded.floats() == [1000.5, 200.5, 30.5, 4.5])
        }

        @Test("A transposed convolution spreads each value")
        func transposedConvolution() throws {
            let input = try Tensor.floats([1, 2], shape: [1, 1, 1, 2])
            let weight = try Tensor.floats([1, 10, 100, 1000], shape: [1, 1, 2, 2])
            let spread = try input.transposedConvolved(
                with: weight,
                bias: nil,
                stride: 2,
                padding: 0
            )
            #expect(spread.shape == [1, 1, 2, 4])
            #expect(try spread.floats() == [1, 10, 2, 20, 100, 1000, 200, 2000])
        }

        @Test("A doubling convolution keeps the pixels at the bottom and on the right")
        func outputPadding() throws {
            let input = try Tensor.floats([1, 2], shape: [1, 1, 1, 2])
            let weight = try Tensor.full(1, shape: [1, 1, 3, 3])
            let doubled = try input.transposedConvolved(
                with: weight,
                bias: nil,
                stride: 2,
                padding: 1,
                outputPadding: 1
            )
            #expect(doubled.shape == [1, 1, 2, 4])
            #expect(try doubled.floats() == [1, 3, 2, 2, 1, 3, 2, 2])
        }

        @Test("Reflected edges leave out the edge pixel itself")
        func reflection() throws {
            let input = try Tensor.floats([1, 2, 3, 4, 5, 6, 7, 8, 9], shape: [1, 1, 3, 3])
            let padded = try input.reflectionPadded(by: 1)
            #expect(padded.shape == [1, 1, 5, 5])
            #expect(try padded.floats().prefix(10) == [5, 4, 5, 6, 5, 2, 1, 2, 3, 2])
            #expect(throws: TorchError.self) { try input.reflectionPadded(by: 3) }
        }

        @Test("Instance normalisation looks at each channel of each image for itself")
        func instanceNorm() throws {
            let input = try Tensor.floats([1, 3, 10, 30, -5, -7, 0, 0], shape: [2, 2, 1, 2])
            let made = try input.instanceNormalized(epsilon: 1e-9).floats()
            #expect(relativeError(made, [-1, 1, -1, 1, 1, -1, 0, 0]) < 1e-5)
        }

        @Test("Norms, deviations, roots and squares of entries")
        func entries() throws {
            let input = try Tensor.floats([3, 4, 0, 0, 1, 1, 1, 1], shape: [2, 2, 2])
            #expect(try input.normOfEntries().floats() == [5, 2])
            let deviations = try input.deviationOfEntries().floats()
            #expect(abs(deviations[0] - 1.785_357) < 1e-5)
            #expect(deviations[1] == 0)
            let sums = try input.squared().squareRoot().adding(1).floats()
            #expect(sums == [4, 5, 1, 1, 2, 2, 2, 2])
            let other = try Tensor.full(1, shape: [2, 2, 2])
            #expect(try input.meanSquaredDifference(from: other).item() == 15.0 / 8)
        }

        @Test("A gradient has a gradient: of x³ 3x², and of that 6x")
        func secondGradient() throws {
            let input = try Tensor.floats([1, -2], shape: [2])
            try input.setRequiresGradient(true)
            let cubes = try input.multiplied(by: input).multiplied(by: input)
            let gradient = try cubes.gradientOfSum(withRespectTo: input)
            #expect(try gradient.floats() == [3, 12])
            #expect(try input.gradient == nil)
            try gradient.mean().scaled(by: 2).backward()
            #expect(try input.gradient?.floats() == [6, -12])
            #expect(throws: TorchError.self) {
                try cubes.gradientOfSum(withRespectTo: .full(1, shape: [2]))
            }
        }

        @Test("Uniform draws lie in 0..<1")
        func uniform() throws {
            try Torch.seed(1)
            let tensor = try Tensor.full(0, shape: [1000])
            try tensor.fillUniform()
            let values = try tensor.floats()
            #expect(values.allSatisfy { (0..<1).contains($0) })
            #expect(abs(values.reduce(0, +) / 1000 - 0.5) < 0.05)
        }

        @Test("Reconstruction losses by hand")
        func reconstruction() throws {
            let image = try Tensor.floats([0, 0.5, -1, 1], shape: [1, 1, 2, 2])
            let target = try Tensor.floats([0, 0, 1, 1], shape: [1, 1, 2, 2])
            #expect(try ReconstructionLoss.l1(of: image, against: target).item() == 0.625)
            #expect(try ReconstructionLoss.l2(of: image, against: target).item() == 1.0625)
            let charbonnier = try ReconstructionLoss.charbonnier(of: image, against: target).item()
            #expect(abs(charbonnier - 0.625_500_3) < 1e-6)
            let wide = try Tensor.full(0, shape: [1, 1, 2, 3])
            for loss in ReconstructionLoss.allCases {
                #expect(throws: TorchError.self) { try loss(of: image, against: wide) }
            }
        }

        @Test("Adversarial losses by hand")
        func adversarial() throws {
            let logits = try Tensor.floats([2, -1, 0.5, 0], shape: [4])
            func values(_ kind: TrainOptions.GANLoss, smoothing: Double = 0) throws -> [Float] {
                let loss = AdversarialLoss(kind, labelSmoothing: smoothing)
                let paid = try loss.ofDiscriminator(real: [logits], made: [logits])
                return try Tensor.stacked([
                    paid.real, paid.made, loss.ofGenerator(made: [logits], real: [logits]),
                ]).floats()
            }
            #expect(try values(.hinge) == [0.875, 1.375, -0.375])
            #expect(try values(.wgan) == [-0.375, 0.375, -0.375])
            #expect(try values(.wganGP) == [-0.375, 0.375, -0.375])
            // Against themselves, nothing is more real: log 2.
            #expect(relativeError(try values(.relativistic), [0.693_1, 0.693_1, 0.693_1]) < 1e-4)
            #expect(try values(.lsgan) == [1.5625, 1.3125, 1.5625])
            // Only the label of real images moves.
            #expect(try values(.lsgan, smoothing: 0.5) == [1.1875, 1.3125, 1.5625])
            #expect(relativeError(try values(.vanilla), [0.651_9, 1.026_9, 0.651_9]) < 1e-4)
        }

        @Test("Small convolutions, made by matrix products, equal libtorch's", arguments: [1, 3])
        func products(batch: Int) throws {
            try Torch.seed(2)
            for stride in [1, 2] {
                let convolution = try Convolution(
                    inputChannels: 3,
                    outputChannels: 5,
                    kernelSize: 4,
                    stride: stride,
                    padding: 1,
                    hasBias: false,
                    device: .cpu
                )
                let input = try random([batch, 3, 4, 5])
                try compare(convolution, input, convolution.weight) { input, weight in
                    try input.convolved(with: weight, bias: nil, stride: stride, padding: 1)
                } found: {
                    try convolution($0, mode: .training)
                }
                let transposed = try TransposedConvolution(
                    inputChannels: 3,
                    outputChannels: 5,
                    kernelSize: 4,
                    stride: stride,
                    padding: 1,
                    hasBias: false,
                    device: .cpu
                )
                try compare(transposed, input, transposed.weight) { input, weight in
                    try input.transposedConvolved(
                        with: weight,
                        bias: nil,
                        stride: stride,
                        padding: 1
                    )
                } found: {
                    try transposed($0, mode: .training)
                }
            }
        }

        private func random(_ shape: [Int]) throws -> Tensor {
            let tensor = try Tensor.full(0, shape: shape)
            try tensor.fillNormal(mean: 0, standardDeviation: 1)
            return tensor
        }

        /// Compares a layer's output and both gradients with those of one operation.
        private func compare(
            _ layer: some Layer,
            _ input: Tensor,
            _ weight: Tensor,
            expected operation: (Tensor, Tensor) throws -> Tensor,
            found layerCall: (Tensor) throws -> Tensor
        ) throws {
            try layer.initialize(standardDeviation: 1)
            let other = try (input: input.cloned(), weight: weight.detached().cloned())
            for tensor in [input, other.input, other.weight] {
                try tensor.clearGradient()
                try tensor.setRequiresGradient(true)
            }
            let found = try layerCall(input)
            let expected = try operation(other.input, other.weight)
            try expectClose(found, expected, relative: 1e-5)
            try found.multiplied(by: found).mean().backward()
            try expected.multiplied(by: expected).mean().backward()
            for (tensor, other) in [(input, other.input), (weight, other.weight)] {
                let gradient = try #require(try tensor.gradient)
                try expectClose(gradient, #require(try other.gradient), relative: 1e-5)
            }
            try input.setRequiresGradient(false)
        }

        @Test("Activations, in place and not")
        func activations() throws {
            let tensor = try Tensor.floats([-2, 0, 3], shape: [3])
            #expect(try tensor.leakyReLU(slope: 0.25).floats() == [-0.5, 0, 3])
            #expect(try tensor.relu().floats() == [0, 0, 3])
            #expect(try tensor.floats() == [-2, 0, 3])
            #expect(try relativeError(tensor.tanh().floats(), [-0.9640276, 0, 0.9950548]) < 1e-6)
            try tensor.formLeakyReLU(slope: 0.25)
            #expect(try tensor.floats() == [-0.5, 0, 3])
            try tensor.formReLU()
            #expect(try tensor.floats() == [0, 0, 3])
        }

        @Test("Arithmetic")
        func arithmetic() throws {
            let left = try Tensor.floats([1, 2, 3], shape: [3])
            let right = try Tensor.floats([4, 6, 8], shape: [3])
            #expect(try left.adding(right).floats() == [5, 8, 11])
            #expect(try right.subtracting(left).floats() == [3, 4, 5])
            #expect(try left.multiplied(by: right).floats() == [4, 12, 24])
            #expect(try left.scaled(by: -2).floats() == [-2, -4, -6])
            #expect(try left.mean().item() == 2)
        }

        @Test("Joining, cutting and reshaping")
        func shapes() throws {
            let left = try Tensor.floats([1, 2], shape: [1, 2])
            let right = try Tensor.floats([3, 4], shape: [1, 2])
            #expect(try Tensor.concatenated([left, right], dimension: 1).shape == [1, 4])
            let stacked = try Tensor.stacked([left, right])
            #expect(stacked.shape == [2, 1, 2])
            #expect(try stacked.floats() == [1, 2, 3, 4])
            #expect(try stacked.reshaped(to: [-1]).shape == [4])
            let last = try stacked.narrowed(dimension: 0, start: 1, length: 1)
            #expect(try last.floats() == [3, 4])
            #expect(throws: TorchError.self) {
                try stacked.narrowed(dimension: 0, start: 1, length: 2)
            }
            #expect(throws: TorchError.self) { try Tensor.concatenated([], dimension: 0) }
        }

        @Test("Batch normalisation: batch statistics, running statistics, neither touched")
        func batchNorm() throws {
            let norm = try BatchNorm(channels: 1, device: .cpu)
            let input = try Tensor.floats([0, 2, 4, 6], shape: [2, 1, 1, 2])
            let expected: [Float] = [-1.3416, -0.4472, 0.4472, 1.3416]  // (x - 3) / sqrt(5)

            let frozen = ForwardMode.inference(.batch, dropout: false)
            #expect(try relativeError(norm(input, mode: frozen).floats(), expected) < 1e-4)
            #expect(try norm.runningMean.floats() == [0])
            #expect(try norm.batchesTracked.integers() == [0])

            #expect(try relativeError(norm(input, mode: .training).floats(), expected) < 1e-4)
            let mean = try norm.runningMean.item()
            let variance = try norm.runningVariance.item()
            #expect(abs(mean - 0.3) < 1e-6)  // 0.9 * 0 + 0.1 * 3
            #expect(abs(variance - (0.9 + 0.1 * 20 / 3)) < 1e-6)  // Unbiased: 20 / 3.
            #expect(try norm.batchesTracked.integers() == [1])

            let running = ForwardMode.inference(.running, dropout: false)
            let normalized = try norm(input, mode: running).floats()
            #expect(abs(Double(normalized[0]) + 0.3 / variance.squareRoot()) < 1e-4)
            #expect(try norm.runningMean.item() == mean)
        }

        @Test("Statistics of a single value are refused")
        func batchNormOfOne() throws {
            let norm = try BatchNorm(channels: 2, device: .cpu)
            let input = try Tensor.full(1, shape: [1, 2, 1, 1])
            #expect {
                try norm(input, mode: .training)
            } throws: {
                "\($0)".contains("more than 1 value per channel, found [1, 2, 1, 1]")
            }
            #expect(try norm.batchesTracked.integers() == [0])
            _ = try norm(input, mode: .inference(.running, dropout: false))
        }

        @Test("Dropout zeroes half and doubles the rest, by the seed, and only if asked")
        func dropout() throws {
            let dropout = Dropout(probability: 0.5)
            let ones = try Tensor.full(1, shape: [1000])
            try Torch.seed(1)
            let first = try dropout(ones, mode: .training).floats()
            #expect(Set(first) == [0, 2])
            #expect((400...600).contains(first.count { $0 == 0 }))
            try Torch.seed(1)
            let always = ForwardMode.inference(.running, dropout: true)
            #expect(try dropout(ones, mode: always).floats() == first)
            #expect(try dropout(ones, mode: .training).floats() != first)
            let never = ForwardMode.inference(.batch, dropout: false)
            #expect(try dropout(ones, mode: never) === ones)
        }

        @Test("The cross entropy of certain logits")
        func certainty() throws {
            let loss = AdversarialLoss(.vanilla)
            let sure = try Tensor.floats([100, 100], shape: [2])
            let paid = try loss.ofDiscriminator(real: [sure], made: [sure])
            #expect(try paid.real.item() < 1e-30)
            #expect(try paid.made.item() == 100)
            #expect(try loss.ofGenerator(made: [sure]).item() < 1e-30)
        }
    }
}
