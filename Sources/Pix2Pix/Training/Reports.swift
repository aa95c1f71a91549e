/// Sums over the steps of one epoch.
public struct EpochTally: Codable, Equatable, Sendable {
    /// The epoch, from 1.
    public let number: Int
    /// Pairs trained on.
    public private(set) var pairs = 0
    /// Steps made.
    public private(set) var steps = 0
    /// Seconds in steps, waiting included.
    public private(set) var seconds = 0.0
    /// Seconds in which the network waited for a batch.
    public private(set) var waitingSeconds = 0.0
    private var sums = StepLosses()

    init(number: Int) {
        self.number = number
    }

    /// The mean losses of the epoch so far.
    public var losses: StepLosses { sums.divided(by: Double(max(steps, 1))) }

    /// Pairs trained on per second.
    public var pairsPerSecond: Double { seconds > 0 ? Double(pairs) / seconds : 0 }

    /// The share of the time in which the network waited for a batch, 0…1.
    public var waitingShare: Double { seconds > 0 ? waitingSeconds / seconds : 0 }

    mutating func add(_ losses: StepLosses, pairs: Int, seconds: Duration, waiting: Duration) {
        self.pairs += pairs
        steps += 1
        self.seconds += seconds / .seconds(1)
        waitingSeconds += waiting / .seconds(1)
        sums.add(losses)
    }
}

/// One training step.
public struct StepReport: Sendable {
    /// The epoch, from 1.
    public var epoch: Int
    /// Epochs of the schedule.
    public var epochs: Int
    /// The step in its epoch, from 1.
    public var step: Int
    /// Steps of an epoch.
    public var stepsPerEpoch: Int
    /// Steps made since the start.
    public var stepsDone: Int
    /// Steps of the schedule.
    public var stepsTotal: Int
    /// The step's losses.
    public var losses: StepLosses
    /// The learning rate it was made with.
    public var learningRate: Double
    /// The epoch so far.
    public var tally: EpochTally

    /// The step's line in `metrics.jsonl`.
    var record: [String: Double] {
        var record: [String: Double] = [
            "epoch": Double(epoch), "step": Double(stepsDone), "lr": learningRate,
        ]
        for (name, value) in losses.named { record[name] = value }
        return record
    }
}

/// One complete epoch.
public struct EpochReport: Sendable {
    /// Epochs of the schedule.
    public var epochs: Int
    /// Its sums.
    public var tally: EpochTally
    /// The mean absolute difference to the validation targets, in units of −1…1; `nil` without
    /// validation pairs.
    public var validationL1: Double?
    /// The same for always answering the mean training target.
    public var baseline: Double?

    /// The epoch's line in `metrics.jsonl`: the names of the validation tell it from a step's.
    var record: [String: Double] {
        var record: [String: Double] = [
            "epoch": Double(tally.number), "seconds": tally.seconds,
            "pairs_per_second": tally.pairsPerSecond, "wait_share": tally.waitingShare,
        ]
        for (name, value) in tally.losses.named { record["mean_\(name)"] = value }
        record["val_L1"] = validationL1
        record["val_L1_mean_target"] = baseline
        return record
    }
}
