import ArgumentParser
import DatasetKit

/// How it is learned.
struct OptimizationFlags: ParsableArguments {
    @Option(help: "(default: adam)")
    var optimizer: TrainOptions.Optimizer?

    @Option(help: "The learning rate. (default: 0.0002)")
    var lr: Double?

    @Option(name: .customLong("lr-g"), help: "The generator's. (default: --lr)")
    var lrG: Double?

    @Option(name: .customLong("lr-d"), help: "The discriminator's. (default: --lr)")
    var lrD: Double?

    @Option(help: "The decay of the first moment. (default: 0.5)")
    var beta1: Double?

    @Option(help: "The decay of the second moment. (default: 0.999)")
    var beta2: Double?

    @Option(help: "(default: 0)")
    var weightDecay: Double?

    @Option(help: "The most that the norm of a network's gradients may be. (default: no limit)")
    var clipGradients: Double?

    @Option(help: "The decay of a moving average of the generator's weights. (default: none)")
    var ema: Double?

    @Option(help: "How the learning rate changes. (default: linear)")
    var lrSchedule: TrainOptions.LRSchedule?

    @Option(help: "Steps in which the learning rate grows to its full value. (default: 0)")
    var warmupSteps: Int?

    @Option(help: "step: epochs between its steps. (default: 50)")
    var lrStepEpochs: Int?

    @Option(help: "step, plateau: what the rate is multiplied by. (default: 0.1, 0.2)")
    var lrFactor: Double?

    @Option(help: "plateau: validations without improvement before it. (default: 5)")
    var lrPatience: Int?

    var members: FlagMembers {
        [
            ("optimizer", optimizer.json), ("lr", lr.json), ("lrG", lrG.json),
            ("lrD", lrD.json), ("beta1", beta1.json), ("beta2", beta2.json),
            ("weightDecay", weightDecay.json), ("clipGradients", clipGradients.json),
            ("ema", ema.json), ("lrSchedule", lrSchedule.json),
            ("warmupSteps", warmupSteps.json), ("lrStepEpochs", lrStepEpochs.json),
            ("lrFactor", lrFactor.json), ("lrPatience", lrPatience.json),
        ]
    }
}
