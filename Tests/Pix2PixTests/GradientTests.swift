import DatasetKit
import Pix2Pix
import Testing

extension TorchTests {
    @Suite("Gradients and the optimiser")
    struct GradientTests {
        @Test("The gradient of a mean of squares; gradients add up until cleared")
        func squares() throws {
            let tensor = try Tensor.floats([1, -2], shape: [2])
            #expect(try !tensor.requiresGradient)
            try tensor.setRequiresGradient(true)
            #expect(try tensor.gradient == nil)
            try tensor.multiplied(by: tensor).mean().backward()
            #expect(try tensor.gradient?.floats() == [1, -2])
            try tensor.multiplied(by: tensor).mean().backward()
            #expect(try tensor.gradient?.floats() == [2, -4])
            try tensor.clearGradient()
            #expect(try tensor.gradient == nil)
        }

        @Test("Nothing is recorded without gradients, and the mode comes back after an error")
        func withoutGradientsMode() throws {
            struct Stop: Error {}
            let tensor = try Tensor.floats([1], shape: [1])
            try tensor.setRequiresGradient(true)
            let made = try withoutGradients { try tensor.scaled(by: 2) }
            #expect(try !made.requiresGradient)
            #expect(throws: Stop.self) { try withoutGradients { throw Stop() } }
            #expect(try tensor.scaled(by: 2).requiresGradient)
            withoutGradients { withoutGradients {} }
            #expect(try tensor.scaled(by: 2).requiresGradient)
        }

        @Test("A history works once")
        func backwardTwice() throws {
            let tensor = try Tensor.floats([1], shape: [1])
            try tensor.setRequiresGradient(true)
            let product = try tensor.multiplied(by: tensor).mean()
            try product.backward()
            #expect {
                try product.backward()
            } throws: {
                "\($0)".hasPrefix("backward(): Trying to backward through the graph a second time")
            }
        }

        @Test("Adam's first steps go by the learning rate, whatever the gradient's size")
        func adam() throws {
            let weight = try parameter([1, -1])
            let idle = try parameter([5])
            let adam = try Optimizer(
                parameters: [
                    NamedTensor("weight", weight, .parameter),
                    NamedTensor("idle", idle, .parameter),
                ],
                learningRate: 0.1,
                beta1: 0.5,
                beta2: 0.999
            )
            let factors = try Tensor.floats([1000, 0.01], shape: [2])
            try weight.multiplied(by: factors).mean().backward()
            try adam.step()
            #expect(try relativeError(weight.floats(), [0.9, -1.1]) < 1e-5)
            adam.learningRate = 0.2
            try adam.step()
            #expect(try relativeError(weight.floats(), [0.7, -1.3]) < 1e-5)
            #expect(try idle.floats() == [5], "no gradient, no step")
            let state = Dictionary(uniqueKeysWithValues: adam.state.map { ($0.name, $0.tensor) })
            #expect(try state["weight.step"]?.item() == 2)
            #expect(try state["idle.step"]?.item() == 0)
            try adam.clearGradients()
            #expect(try weight.gradient == nil)
        }

        @Test("Weight decay: part of the gradient in Adam, apart from it in AdamW")
        func weightDecay() throws {
            for (method, expected) in [(TrainOptions.Optimizer.adam, 1.9), (.adamw, 1.88)] {
                let weight = try parameter([2])
                let optimizer = try Optimizer(
                    parameters: [NamedTensor("weight", weight, .parameter)],
                    method: method,
                    learningRate: 0.1,
                    beta1: 0.5,
                    beta2: 0.999,
                    weightDecay: 0.1
                )
                try weight.mean().backward()
                try optimizer.step()
                #expect(try abs(weight.item() - expected) < 1e-6, "\(method)")
            }
        }

        @Test("Gradients are clipped by their norm together, and left alone below it")
        func clipping() throws {
            let (first, second) = (try parameter([0, 0]), try parameter([0]))
            let optimizer = try Optimizer(
                parameters: [
                    NamedTensor("first", first, .parameter),
                    NamedTensor("second", second, .parameter),
                    NamedTensor("idle", parameter([1]), .parameter),
                ],
                learningRate: 0.1,
                beta1: 0.5,
                beta2: 0.999
            )
            try optimizer.clipGradients(to: 1)  // No gradients yet.
            try first.multiplied(by: .floats([4, 4], shape: [2])).mean().backward()
            try second.scaled(by: 1).mean().backward()
            try optimizer.clipGradients(to: 10)
            #expect(try first.gradient?.floats() == [2, 2])
            try optimizer.clipGradients(to: 1.5)  // The norm is 3.
            #expect(try relativeError(#require(try first.gradient).floats(), [1, 1]) < 1e-6)
            #expect(try relativeError(#require(try second.gradient).floats(), [0.5]) < 1e-6)
        }

        @Test("Adam goes on from its stored state bit by bit")
        func adamState() throws {
            func run(storing: Bool) throws -> [Float] {
                let weight = try parameter([1, -1, 0.5])
                func optimizer() throws -> Optimizer {
                    try Optimizer(
                        parameters: [NamedTensor("weight", weight, .parameter)],
                        learningRate: 0.01,
                        beta1: 0.5,
                        beta2: 0.999
                    )
                }
                var adam = try optimizer()
                for step in 0..<6 {
                    if storing, step == 3 {
                        let state = adam.state
                        adam = try optimizer()
                        try adam.load(
                            Dictionary(uniqueKeysWithValues: state.map { ($0.name, $0.tensor) })
                        )
                    }
                    try adam.clearGradients()
                    try weight.multiplied(by: weight).multiplied(by: weight).mean().backward()
                    try adam.step()
                }
                return try weight.floats()
            }
            #expect(try run(storing: true) == run(storing: false))
        }

        @Test("A state that does not fit is refused by name")
        func adamMisfit() throws {
            let adam = try Optimizer(
                parameters: [NamedTensor("w", parameter([1]), .parameter)],
                learningRate: 0.1,
                beta1: 0.5,
                beta2: 0.999
            )
            #expect {
                try adam.load(["w.step": .full(1, shape: [1]), "x": .full(1, shape: [])])
            } throws: {
                "\($0)" == "load optimiser: the tensors do not fit the architecture: "
                    + "w.step is F32 [1], expected F32 [], w.exp_avg is missing, "
                    + "w.exp_avg_sq is missing and 1 more"
            }
        }

        private func parameter(_ values: [Float]) throws -> Tensor {
            let tensor = try Tensor.floats(values, shape: [values.count])
            try tensor.setRequiresGradient(true)
            return tensor
        }
    }
}
