import DatasetKit

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
    /// The generator's learning rate in the step.
    public var learningRate: Double
    /// The epoch so far.
    public var tally: EpochTally

    /// The step's line in `metrics.jsonl`.
    var record: [String: JSONValue] {
        var record: [String: JSONValue] = [
            "epoch": .integer(epoch), "step": .integer(stepsDone), "lr": .number(learningRate),
        ]
        for (name, value) in losses.named { record[name] = .number(value) }
        return record
    }
}

/// One complete epoch.
public struct EpochReport: Sendable {
    /// Epochs of the schedule.
    public var epochs: Int
    /// Steps made since the start.
    public var stepsDone: Int
    /// Its sums.
    public var tally: EpochTally
    /// The generator's learning rate at its end.
    public var learningRate: Double
    /// What the validation measured; `nil` where the epoch was not validated.
    public var validation: Validation.Outcome?
    /// The best validation so far.
    public var best: ValidationWatch.Best?
    /// Memory of the process, in bytes.
    public var memory: Int

    /// Whether this epoch's validation is the best so far.
    public var isBest: Bool { validation != nil && best?.epoch == tally.number }

    /// The epoch's values by their names in `metrics.jsonl`, but for those of a clock or a machine.
    var values: [(name: String, value: Double)] {
        tally.losses.named.map { ("mean_\($0.name)", $0.value) } + (validation?.named ?? [])
    }

    /// What a clock and the machine say.
    var speeds: [(name: String, value: Double)] {
        [
            ("seconds", tally.seconds), ("pairs_per_second", tally.pairsPerSecond),
            ("wait_share", tally.waitingShare), ("memory_mb", Double(memory) / 1e6),
        ]
    }

    /// The epoch's line in `metrics.jsonl`: the names of the means tell it from a step's.
    var record: [String: JSONValue] {
        var record: [String: JSONValue] = ["epoch": .integer(tally.number)]
        for (name, value) in values + speeds { record[name] = .number(value) }
        return record
    }
}

extension TrainingWarning {
    /// Its line in `metrics.jsonl`.
    var record: [String: JSONValue] {
        [
            "epoch": .integer(epoch), "step": .integer(step), "warning": .string(kind.rawValue),
            "message": .string(message), "suggestion": .string(suggestion),
        ]
    }
}
