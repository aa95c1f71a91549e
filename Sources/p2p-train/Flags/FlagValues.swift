public import ArgumentParser
public import DatasetKit
public import Pix2Pix

// The choices of a recipe as values of flags: the help lists them.
extension TrainOptions.Generator: ExpressibleByArgument {}
extension TrainOptions.Discriminator: ExpressibleByArgument {}
extension TrainOptions.Norm: ExpressibleByArgument {}
extension TrainOptions.GANLoss: ExpressibleByArgument {}
extension TrainOptions.Optimizer: ExpressibleByArgument {}
extension TrainOptions.LRSchedule: ExpressibleByArgument {}
extension TrainOptions.Metric: ExpressibleByArgument {}
extension TrainOptions.TestNorm: ExpressibleByArgument {}
extension SkipOrder: ExpressibleByArgument {}

extension Int? {
    /// The value as a recipe has it.
    var json: JSONValue? { map(JSONValue.integer) }
}

extension Double? {
    /// The value as a recipe has it.
    var json: JSONValue? { map(JSONValue.number) }
}

extension Bool? {
    /// The value as a recipe has it.
    var json: JSONValue? { map(JSONValue.bool) }
}

extension Optional where Wrapped: RawRepresentable<String> {
    /// The value as a recipe has it.
    var json: JSONValue? { map { .string($0.rawValue) } }
}
