public import ArgumentParser
public import DatasetKit
public import Pix2Pix

// Choices as values of flags: the help lists them.
extension TrainOptions.Generator: ExpressibleByArgument {}
extension TrainOptions.Discriminator: ExpressibleByArgument {}
extension TrainOptions.Norm: ExpressibleByArgument {}
extension TrainOptions.GANLoss: ExpressibleByArgument {}
extension TrainOptions.Optimizer: ExpressibleByArgument {}
extension TrainOptions.LRSchedule: ExpressibleByArgument {}
extension TrainOptions.Metric: ExpressibleByArgument {}
extension TrainOptions.TestNorm: ExpressibleByArgument {}
extension TrainOptions.Preset: ExpressibleByArgument {}
extension TrainOptions.Upsampling: ExpressibleByArgument {}
extension TrainOptions.SpectralNorm: ExpressibleByArgument {}
extension TrainOptions.DiffAugment: ExpressibleByArgument {}
extension TrainOptions.FeatureDistance: ExpressibleByArgument {}
extension TrainedModel.Weights: ExpressibleByArgument {}
extension DatasetSplit: ExpressibleByArgument {}
extension ImageFormat: ExpressibleByArgument {}
extension Recipe.Source.Half: ExpressibleByArgument {}
extension LabelPalette.Kind: ExpressibleByArgument {}
extension Measure: ExpressibleByArgument {}
extension SkipOrder: ExpressibleByArgument {}

extension Int? {
    /// The value as a recipe has it.
    var json: JSONValue? { map(JSONValue.integer) }
}

extension Double? {
    /// The value as a recipe has it.
    var json: JSONValue? { map(JSONValue.number) }
}

extension String? {
    /// The value as a recipe has it.
    var json: JSONValue? { map(JSONValue.string) }
}

extension [String] {
    /// The values as a recipe has them; `nil` for none.
    var json: JSONValue? { isEmpty ? nil : .array(map(JSONValue.string)) }
}

extension [Int] {
    /// The values as a recipe has them; `nil` for none.
    var json: JSONValue? { isEmpty ? nil : .array(map(JSONValue.integer)) }
}

extension Array where Element: RawRepresentable<String> {
    /// The values as a recipe has them; `nil` for none.
    var json: JSONValue? { isEmpty ? nil : .array(map { .string($0.rawValue) }) }
}

extension Bool? {
    /// The value as a recipe has it.
    var json: JSONValue? { map(JSONValue.bool) }
}

extension Optional where Wrapped: RawRepresentable<String> {
    /// The value as a recipe has it.
    var json: JSONValue? { map { .string($0.rawValue) } }
}
