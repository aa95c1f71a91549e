public import ArgumentParser
public import DatasetKit
public import Pix2Pix

// The choices of an evaluation as values of flags: the help lists them.
extension DatasetSplit: ExpressibleByArgument {}
extension LabelPalette.Kind: ExpressibleByArgument {}
extension Measure: ExpressibleByArgument {}
extension TrainedModel.Weights: ExpressibleByArgument {}
