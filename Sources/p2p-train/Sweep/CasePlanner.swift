import DatasetKit
import Pix2Pix

/// Turns the cases of a sweep into plans, and refuses all that cannot be trained at once.
struct CasePlanner {
    private let sweep: Sweep
    private let dataset: Dataset
    private let recipe: Recipe
    private let machine: MachineFlags

    init(_ sweep: Sweep, dataset: Dataset, recipe: Recipe, machine: MachineFlags) {
        self.sweep = sweep
        self.dataset = dataset
        self.recipe = recipe
        self.machine = machine
    }

    /// A plan for each case, checked as a training checks it that begins.
    ///
    /// - Throws: ``DatasetError`` with code `invalidRecipe`, with what is wrong with each case, or what has
    ///   nothing to do with settings.
    func plans() throws -> [TrainingPlan] {
        let device = try machine.usedDevice()
        var plans: [TrainingPlan] = []
        var faults: [(message: String, cases: [String])] = []
        for sweepCase in sweep.cases {
            do {
                plans.append(try plan(of: sweepCase, on: device))
            } catch {
                let message = try Self.messageOfSettings(error)
                if let place = faults.firstIndex(where: { $0.message == message }) {
                    faults[place].cases.append(sweepCase.name)
                } else {
                    faults.append((message, [sweepCase.name]))
                }
            }
        }
        guard !faults.isEmpty else { return plans }
        let lines = faults.map { fault in
            let others = fault.cases.count > 1 ? " and \(fault.cases.count - 1) more" : ""
            return "\n  \(fault.cases[0])\(others): \(fault.message)"
        }
        let count = sweep.cases.count - plans.count
        throw DatasetError(
            .invalidRecipe,
            "\(count) of \(sweep.cases.count) cases cannot be trained; nothing was begun"
                + lines.joined(),
            path: sweep.file
        )
    }

    private func plan(of sweepCase: SweepCase, on device: Device) throws -> TrainingPlan {
        var options: [String: JSONValue] = ["bestMetric": .string(sweep.metric.rawValue)]
        options.merge(sweep.train) { $1 }
        options.merge(sweepCase.train) { $1 }
        options["seed"] = sweep.seeds.first.map(JSONValue.integer)
        var recipe = recipe
        recipe.augment = sweepCase.augment ?? sweep.augment ?? recipe.augment
        var plan = try TrainingPlan(
            recipe,
            options: options,
            for: dataset,
            threads: machine.usedThreads,
            readers: machine.usedReaders,
            device: device
        )
        guard sweep.metric.exists(for: plan.settings.imageSize) else {
            throw TrainingError(
                .impossibleSettings,
                "metric \(sweep.metric.rawValue): it needs larger images than "
                    + "\(plan.settings.imageSize); choose L1 or PSNR"
            )
        }
        try plan.check(on: dataset)
        return plan
    }

    /// What an error says about settings; others are thrown again.
    private static func messageOfSettings(_ error: any Error) throws -> String {
        switch error {
        case let error as DatasetError where error.code == .invalidRecipe: error.message
        case let error as TrainingError where error.code == .impossibleSettings: error.message
        default: throw error
        }
    }
}
