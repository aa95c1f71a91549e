import DatasetKit
import Pix2Pix
import Testing

// Training steps beside PyTorch's: what the tests of both the reference's and other losses compare.

extension TorchFixture {
    /// Gradients below this norm are 0 but for rounding.
    ///
    /// Those of biases that a normalisation takes off again.
    static let stepNoise = 1e-5

    /// The losses of each step, by name.
    func losses() throws -> [[String: Double]] { try decode("losses") }

    /// The pairs of one of its steps.
    func part(_ number: Int) throws -> TrainingPart {
        TrainingPart(
            input: try images(10 + 2 * (number % 2)),
            target: try images(11 + 2 * (number % 2)),
            seed: UInt64(100 + number)
        )
    }
}

extension TrainingPart {
    /// Parts of so many pairs each.
    func cut(into sizes: [Int]) throws -> [TrainingPart] {
        var start = 0
        return try sizes.map { size in
            defer { start += size }
            return TrainingPart(
                input: try input.narrowed(dimension: 0, start: start, length: size),
                target: try target.narrowed(dimension: 0, start: start, length: size),
                seed: seed + UInt64(start)
            )
        }
    }
}

/// Records a failure unless losses are near to PyTorch's.
func expectClose(
    _ found: StepLosses,
    _ expected: [String: Double],
    relative tolerance: Double = 1e-4,
    step: Int = 1
) throws {
    #expect(Set(found.names) == Set(expected.keys))
    for (name, value) in found.named {
        let expected = try #require(expected[name])
        #expect(
            abs(value - expected) <= tolerance * max(abs(expected), 0.1),
            "\(name) in step \(step): \(value), expected \(expected)"
        )
    }
}

/// Compares everything that one step has changed.
func expectClose(_ model: Pix2PixModel, _ fixture: TorchFixture) throws {
    try expectClose(model.generator, model.generatorOptimizer, "generator", fixture)
    if let discriminator = model.discriminator {
        let optimizer = try #require(model.discriminatorOptimizer)
        try expectClose(discriminator, optimizer, "discriminator", fixture)
    }
    let averages = try fixture.tensors("after.generator_ema")
    if !averages.isEmpty {
        try expectClose(#require(model.averagedGenerator).parameters, averages)
    }
}

private func expectClose(
    _ network: any Network,
    _ optimizer: Optimizer,
    _ group: String,
    _ fixture: TorchFixture
) throws {
    let noise = TorchFixture.stepNoise
    let moments = try fixture.tensors("moments.\(group)")
    let found = optimizer.state.filter { moments[$0.name] != nil }
    try expectClose(found, moments, noise: noise)
    let options = try fixture.options()
    var weights = network.state
    // Where there is nothing but noise in a gradient, the step's direction is noise, too.
    if options.norm == .instance || options.normD == .instance || options.isVariant {
        weights.removeAll { moments["\($0.name).exp_avg"].map(isNoise) ?? false }
    } else {
        #expect(!moments.values.filter { $0.elementCount > 0 }.allSatisfy(isNoise))
    }
    #expect(weights.count >= network.state.count / 2)
    let after = try fixture.tensors("after.\(group)")
        .filter { name, _ in weights.contains { $0.name == name } }
    try expectClose(weights, after)
    // Adam's first moment starts as half the gradient, to which it adds its weight decay.
    guard options.optimizer == .adamw || options.weightDecay == 0 else { return }
    for (name, gradient) in try network.gradients().map({ ($0.name, $0.tensor) }) {
        let expected = try #require(moments["\(name).exp_avg"]).scaled(by: 2)
        try expectClose(gradient, expected, noise: 2 * noise, name)
    }
}

private func isNoise(_ tensor: Tensor) -> Bool {
    let values = (try? tensor.floats()) ?? []
    let squares = values.reduce(0) { $0 + Double($1) * Double($1) }
    return squares < TorchFixture.stepNoise * TorchFixture.stepNoise
}

extension TrainOptions {
    /// Whether a bias may be taken off again by what is not the reference's.
    fileprivate var isVariant: Bool {
        resBlocks > 0 || spectralNorm != .none || generator == .keras
    }
}
