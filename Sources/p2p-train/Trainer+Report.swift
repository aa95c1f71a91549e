import CommandKit
import DatasetKit
import Pix2Pix

extension Trainer {
    /// Trains to the end or to a signal, and writes the run's report anew after each epoch.
    ///
    /// - Parameters:
    ///   - folder: The run's folder.
    ///   - stop: Where a signal came, a checkpoint is written and the training ends.
    ///   - maximumSteps: The most steps to make; `nil` for no limit.
    ///   - observer: Told of every step and epoch.
    /// - Throws: As ``Trainer/train(maximumSteps:isStopped:observer:)``.
    func train(
        in folder: RunFolder,
        until stop: StopSignal,
        maximumSteps: Int? = nil,
        observer: (Event) -> Void
    ) throws {
        let report = RunReport(of: folder, bestBy: settings.options.bestMetric.recordName)
        try train(
            maximumSteps: maximumSteps,
            isStopped: { stop.received != nil },
            observer: { event in
                observer(event)
                if case .epoch = event { report.writeOrWarn() }
            }
        )
    }
}
