import DatasetKit
import Pix2Pix
import Testing

/// Learning rates, the best validation, patience: all of it by numbers that PyTorch gives.
@Suite struct ScheduleTests {
    private func options(_ change: (inout TrainOptions) -> Void) -> TrainOptions {
        var options = TrainOptions()
        change(&options)
        return options
    }

    private func factors(_ options: TrainOptions, epochs: ClosedRange<Int>) -> [Double] {
        let schedule = LearningRateSchedule(options)
        return epochs.map { schedule.factor(epoch: $0, stepsBefore: 0, reductions: 0) }
    }

    private func expectClose(_ found: [Double], _ expected: [Double]) {
        #expect(found.count == expected.count)
        for (found, expected) in zip(found, expected) { #expect(abs(found - expected) < 1e-8) }
    }

    @Test func theReferencesDecayIsSteppedAtTheEndOfAnEpoch() {
        let options = TrainOptions()
        #expect(options.totalEpochs == 200)
        #expect(factors(options, epochs: 1...100).allSatisfy { $0 == 1 })
        expectClose(factors(options, epochs: 101...101), [100.0 / 101])
        expectClose(factors(options, epochs: 150...150), [51.0 / 101])
        expectClose(factors(options, epochs: 200...200), [1.0 / 101])
        #expect(factors(options, epochs: 500...500) == [0])
        let flat = self.options { ($0.epochs, $0.decayEpochs) = (3, 0) }
        #expect(factors(flat, epochs: 1...3) == [1, 1, 1])
    }

    @Test func cosineAndStepArePyTorchs() {
        let cosine = options { ($0.lrSchedule, $0.epochs) = (.cosine, 8) }
        #expect(cosine.totalEpochs == 8)
        expectClose(
            factors(cosine, epochs: 1...8),
            [
                1.0, 0.961_939_766, 0.853_553_391, 0.691_341_716, 0.5, 0.308_658_284,
                0.146_446_609, 0.038_060_234,
            ]
        )
        let step = options { ($0.lrSchedule, $0.lrStepEpochs) = (.step, 3) }
        expectClose(factors(step, epochs: 1...8), [1, 1, 1, 0.1, 0.1, 0.1, 0.01, 0.01])
        let constant = options { $0.lrSchedule = .constant }
        #expect(factors(constant, epochs: 1...100).allSatisfy { $0 == 1 })
    }

    @Test func warmingUpGrowsStepByStep() {
        let schedule = LearningRateSchedule(options { $0.warmupSteps = 4 })
        let factors = (0..<6).map { schedule.factor(epoch: 1, stepsBefore: $0, reductions: 0) }
        #expect(factors == [0.25, 0.5, 0.75, 1, 1, 1])
    }

    /// `ReduceLROnPlateau` of PyTorch 2.13 with these values, one an epoch.
    @Test(arguments: [
        (
            TrainOptions.Metric.l1, 0.2,
            [1.0, 0.9, 0.895, 0.894, 0.893, 0.892, 0.88, 0.5, 0.5, 0.5, 0.5, 0.499, 0.5],
            [1.0, 1.0, 1.0, 1.0, 1.0, 0.2, 0.2, 0.2, 0.2, 0.2, 0.2, 0.04, 0.04]
        ),
        (
            .ssim, 0.5, [10.0, 12, 12.1, 12.05, 12.11, 12.0, 13, 13, 13, 13, 13, 13],
            [1.0, 1.0, 1.0, 1.0, 1.0, 0.5, 0.5, 0.5, 0.5, 0.5, 0.25, 0.25]
        ),
    ])
    func plateausArePyTorchs(
        _ metric: TrainOptions.Metric,
        _ factor: Double,
        _ values: [Double],
        _ expected: [Double]
    ) {
        let options = options {
            ($0.lrSchedule, $0.bestMetric) = (.plateau, metric)
            ($0.lrPatience, $0.lrFactor) = (2, factor)
        }
        let schedule = LearningRateSchedule(options)
        var watch = ValidationWatch()
        var found: [Double] = []
        for (index, value) in values.enumerated() {
            found.append(
                schedule.factor(epoch: index + 1, stepsBefore: 0, reductions: watch.reductions)
            )
            _ = watch.see(value, epoch: index + 1, options)
        }
        expectClose(found, expected)
    }

    @Test func theBestIsTheFirstOfEqualsAndPatienceCountsValidations() {
        let options = options { $0.patience = 2 }
        var watch = ValidationWatch()
        var isBest: [Bool] = []
        for (epoch, value) in [(2, 0.5), (4, 0.5), (6, 0.4), (8, 0.45), (10, 0.41)] {
            #expect(!watch.isOver(options))
            isBest.append(watch.see(value, epoch: epoch, options))
        }
        #expect(isBest == [true, false, true, false, false])
        #expect(watch.isOver(options))
        #expect(watch.best == ValidationWatch.Best(value: 0.4, epoch: 6))
        #expect(!watch.isOver(TrainOptions()))
    }
}
