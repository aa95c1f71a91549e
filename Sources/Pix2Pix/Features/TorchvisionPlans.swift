// The part of torchvision's classifiers that is called `features`, layer by layer: a layer's place in
// the list is its number in the names of the tensors, `features.0.weight`.

extension FeatureLayer<ConvolutionPlan> {
    /// VGG's blocks of 3x3 convolutions (Simonyan & Zisserman 2015, table 1), each with a pooling at
    /// its end.
    ///
    /// - Parameter blocks: The convolutions of each block: torchvision's configurations D (VGG-16)
    ///   and E (VGG-19).
    /// - Returns: The layers.
    static func vgg(blocks: [Int]) -> [Self] {
        var layers: [Self] = []
        for convolutions in blocks {
            for _ in 0..<convolutions {
                layers += [convolution("features.\(layers.count)", 3, padding: 1), .relu]
            }
            layers.append(.maxPool(PoolWindow(size: 2, stride: 2)))
        }
        return layers
    }

    /// `torchvision.models.alexnet` (Krizhevsky 2014, "One weird trick").
    static var alexNet: [Self] {
        [
            convolution("features.0", 11, stride: 4, padding: 2), .relu,
            .maxPool(PoolWindow(size: 3, stride: 2)),
            convolution("features.3", 5, padding: 2), .relu,
            .maxPool(PoolWindow(size: 3, stride: 2)),
            convolution("features.6", 3, padding: 1), .relu,
            convolution("features.8", 3, padding: 1), .relu,
            convolution("features.10", 3, padding: 1), .relu,
            .maxPool(PoolWindow(size: 3, stride: 2)),
        ]
    }

    /// `torchvision.models.squeezenet1_1` (Iandola and others 2016).
    static var squeezeNet: [Self] {
        [
            convolution("features.0", 3, stride: 2), .relu,
            .maxPool(PoolWindow(size: 3, stride: 2, roundsUp: true)),
            fire("features.3"), fire("features.4"),
            .maxPool(PoolWindow(size: 3, stride: 2, roundsUp: true)),
            fire("features.6"), fire("features.7"),
            .maxPool(PoolWindow(size: 3, stride: 2, roundsUp: true)),
            fire("features.9"), fire("features.10"), fire("features.11"), fire("features.12"),
        ]
    }

    private static func fire(_ name: String) -> Self {
        .sequence([
            convolution("\(name).squeeze", 1), .relu,
            .branches([
                .sequence([convolution("\(name).expand1x1", 1), .relu]),
                .sequence([convolution("\(name).expand3x3", 3, padding: 1), .relu]),
            ]),
        ])
    }

    private static func convolution(
        _ name: String,
        _ kernel: Int,
        stride: Int = 1,
        padding: Int = 0
    ) -> Self {
        .convolution(
            ConvolutionPlan(
                name: name,
                kernel: (kernel, kernel),
                stride: stride,
                padding: (padding, padding)
            )
        )
    }
}
