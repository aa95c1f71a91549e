import DatasetKit

/// The seeds of libtorch's generator, each for one piece of work.
///
/// libtorch draws initial weights and dropout masks from one generator that runs on and on. It is
/// seeded anew for each piece of work from (seed, epoch, step), so that a step's draws depend on
/// nothing that came before: not on validation, and not on whether the run was interrupted.
enum RandomStreams {
    /// The initial weights.
    static func initialization(seed: Int) -> UInt64 { draw(seed, position: 0, epoch: 0, sample: 0) }

    /// The dropout masks of one part of a training step: `epoch` counts from 1, `step` in it and `part` in
    /// the step from 0.
    static func step(seed: Int, epoch: Int, step: Int, part: Int) -> UInt64 {
        // Positions 0 and 2 are those of the others.
        draw(seed, position: part == 0 ? 1 : 2 + part, epoch: epoch, sample: step)
    }

    /// The dropout masks of one validation pair: the same in each epoch.
    static func validation(seed: Int, sample: Int) -> UInt64 {
        draw(seed, position: 2, epoch: 0, sample: sample)
    }

    private static func draw(_ seed: Int, position: Int, epoch: Int, sample: Int) -> UInt64 {
        var generator = Philox(
            seed: UInt64(bitPattern: Int64(seed)),
            stream: .torch,
            position: position,
            epoch: epoch,
            sample: sample
        )
        return generator.next()
    }
}
