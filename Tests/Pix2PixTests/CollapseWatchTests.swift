import DatasetKit
import Pix2Pix
import Testing

/// What a failing training looks like, as numbers.
@Suite struct CollapseWatchTests {
    private func outcome(
        real: Double = 0.7,
        fake: Double = 0.7,
        scores: (Double, Double) = (0, 0),
        deviation: Double = 0.4
    ) -> StepOutcome {
        StepOutcome(
            losses: StepLosses([("D_real", real), ("D_fake", fake)]),
            diagnostics: StepDiagnostics(
                realScore: scores.0,
                fakeScore: scores.1,
                outputDeviation: deviation
            )
        )
    }

    private func warnings(
        _ watch: inout CollapseWatch,
        _ outcome: StepOutcome,
        steps: Int,
        _ options: TrainOptions = TrainOptions()
    ) -> [TrainingWarning] {
        (1...steps).flatMap { step in
            watch.see(outcome, targetDeviation: 0.5, options, epoch: 3, step: step)
        }
    }

    @Test func aHealthyTrainingHasNone() {
        var watch = CollapseWatch()
        #expect(warnings(&watch, outcome(), steps: 1000).isEmpty)
        // Near the limits, on the good side.
        let near = outcome(real: 0.04, fake: 0.04, scores: (9, -4.9), deviation: 0.011)
        #expect(warnings(&watch, near, steps: 1000).isEmpty)
    }

    @Test func eachFailureHasAWarningWithNumbersAndOneSuggestion() throws {
        for (outcome, kind, number) in [
            (outcome(real: 0.01, fake: 0.02), TrainingWarning.Kind.discriminatorWins, "0.015"),
            (outcome(scores: (6.5, -7.25)), .scoresSaturated, "-7.25"),
            (outcome(deviation: 0.002), .outputVanishes, "0.002"),
        ] {
            var watch = CollapseWatch()
            let found = warnings(&watch, outcome, steps: 1000)
            let warning = try #require(found.first)
            // Once, though five windows have it.
            #expect(found.count == 1)
            #expect(warning.kind == kind && warning.epoch == 3)
            #expect(warning.step == CollapseWatch.window)
            #expect(warning.message.contains(number), "\(warning.message)")
            #expect(!warning.suggestion.isEmpty)
            // Again after it was gone.
            #expect(warnings(&watch, self.outcome(), steps: CollapseWatch.window).isEmpty)
            #expect(warnings(&watch, outcome, steps: CollapseWatch.window).count == 1)
        }
    }

    @Test func withoutADiscriminatorOnlyTheOutputIsWatched() {
        var options = TrainOptions()
        options.ganWeight = 0
        var watch = CollapseWatch()
        let nothing = StepOutcome(
            losses: StepLosses([("G_L1", 3)]),
            diagnostics: StepDiagnostics(realScore: nil, fakeScore: nil, outputDeviation: 0.3)
        )
        #expect(warnings(&watch, nothing, steps: 400, options).isEmpty)
    }
}
