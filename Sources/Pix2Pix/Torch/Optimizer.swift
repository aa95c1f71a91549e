internal import CTorch
public import DatasetKit

/// Adam (Kingma & Ba 2015) or AdamW (Loshchilov & Hutter 2019) over one network's parameters, fused.
///
/// Takes the steps of PyTorch's `torch.optim.Adam(fused=True)` and `AdamW(fused=True)`. The paper
/// (Isola et al. 2017, section 3.3) uses Adam with a learning rate of 2e-4 and betas of 0.5 and
/// 0.999.
@safe
public final class Optimizer {
    /// What is done with the weight decay.
    public let method: TrainOptions.Optimizer
    /// How far a step goes; may be changed at any time.
    public var learningRate: Double
    /// The decay of the gradients' moving average.
    public let beta1: Double
    /// The decay of the squared gradients' moving average.
    public let beta2: Double
    /// Added to the denominator.
    public let epsilon: Double
    /// The weight decay: times the parameter added to its gradient (Adam), or times the parameter
    /// and the learning rate taken off the parameter (AdamW).
    public let weightDecay: Double

    private let parameters: [NamedTensor]
    private let averages: [Tensor]
    private let squareAverages: [Tensor]
    private let steps: [Tensor]
    // The tensors' handles, as the shim takes them; valid because the tensors above live on.
    private let handles: [[OpaquePointer?]]

    /// Creates an optimiser with moments of 0.
    ///
    /// - Parameters:
    ///   - parameters: What to optimise; the names are those in ``state``.
    ///   - method: What is done with the weight decay.
    ///   - learningRate: How far a step goes.
    ///   - beta1: The decay of the gradients' moving average.
    ///   - beta2: The decay of the squared gradients' moving average.
    ///   - epsilon: Added to the denominator; PyTorch's default.
    ///   - weightDecay: How fast parameters without a gradient shrink.
    /// - Throws: ``TorchError`` if there is not enough memory.
    public init(
        parameters: [NamedTensor],
        method: TrainOptions.Optimizer = .adam,
        learningRate: Double,
        beta1: Double,
        beta2: Double,
        epsilon: Double = 1e-8,
        weightDecay: Double = 0
    ) throws(TorchError) {
        self.parameters = parameters
        self.method = method
        self.learningRate = learningRate
        self.beta1 = beta1
        self.beta2 = beta2
        self.epsilon = epsilon
        self.weightDecay = weightDecay
        var averages: [Tensor] = []
        var squareAverages: [Tensor] = []
        var steps: [Tensor] = []
        for parameter in parameters {
            let device = parameter.tensor.device
            averages.append(try .full(0, shape: parameter.tensor.shape, device: device))
            squareAverages.append(try .full(0, shape: parameter.tensor.shape, device: device))
            steps.append(try .full(0, shape: [], device: device))
        }
        self.averages = averages
        self.squareAverages = squareAverages
        self.steps = steps
        unsafe handles = [parameters.map(\.tensor), averages, squareAverages, steps].map {
            unsafe $0.map { unsafe $0.handle }
        }
    }

    /// Moves every parameter that has a gradient by one step.
    ///
    /// - Throws: ``TorchError`` if libtorch refuses.
    public func step() throws(TorchError) {
        let move = unsafe method == .adam ? ctorch_fused_adam_ : ctorch_fused_adamw_
        try withExtendedLifetime(self) { () throws(TorchError) in
            try check(
                unsafe move(
                    handles[0],
                    handles[1],
                    handles[2],
                    handles[3],
                    Int32(parameters.count),
                    learningRate,
                    beta1,
                    beta2,
                    epsilon,
                    weightDecay
                )
            )
        }
    }

    /// Scales all gradients down so that they are together no longer than a limit.
    ///
    /// PyTorch's `clip_grad_norm_`: the norm is that of all gradients as one vector.
    ///
    /// - Parameter maximum: The most that their norm may be.
    /// - Throws: ``TorchError`` if libtorch refuses.
    public func clipGradients(to maximum: Double) throws(TorchError) {
        try withExtendedLifetime(self) { () throws(TorchError) in
            try check(unsafe ctorch_clip_gradients_(handles[0], Int32(parameters.count), maximum))
        }
    }

    /// Forgets all parameters' gradients and gives their memory back.
    ///
    /// - Throws: ``TorchError`` if libtorch refuses.
    public func clearGradients() throws(TorchError) {
        for parameter in parameters { try parameter.tensor.clearGradient() }
    }
}

@available(*, unavailable)
extension Optimizer: Sendable {}

extension Optimizer {
    /// What a checkpoint must hold, in PyTorch's words.
    ///
    /// For each parameter NAME: `NAME.step` (F32 scalar: the steps taken), `NAME.exp_avg` and
    /// `NAME.exp_avg_sq` (shaped like the parameter). The tensors themselves, not copies.
    public var state: [NamedTensor] {
        parameters.indices.flatMap { index in
            let name = parameters[index].name
            return [
                NamedTensor("\(name).step", steps[index], .moment),
                NamedTensor("\(name).exp_avg", averages[index], .moment),
                NamedTensor("\(name).exp_avg_sq", squareAverages[index], .moment),
            ]
        }
    }

    /// Takes over the state of a checkpoint.
    ///
    /// - Parameter tensors: By the names of ``state``.
    /// - Throws: ``TorchError`` naming what is missing, unexpected or of another shape; nothing is
    ///   taken over then.
    public func load(_ tensors: [String: Tensor]) throws(TorchError) {
        try state.load(tensors, operation: "load optimiser")
    }
}
