import DatasetKit

extension Philox {
    /// One of the options, each as likely as the others; repeat an option to make it likelier.
    mutating func pick<Option>(_ options: [Option]) -> Option {
        options[nextInt(below: options.count)]
    }

    /// A whole number in `range`.
    mutating func nextInt(in range: ClosedRange<Int>) -> Int {
        range.lowerBound + nextInt(below: range.count)
    }

    /// A noise of its own.
    mutating func nextNoise() -> Noise { Noise(seed: nextWord()) }
}
