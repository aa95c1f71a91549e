extension FeatureLayer<ConvolutionPlan> {
    /// The Inception v3 of the package pytorch-fid (`fid_inception_v3`), up to its last block.
    ///
    /// A translation of the TensorFlow graph that FID is defined by (Heusel and others 2017). It has
    /// the layers and names of `torchvision.models.inception_v3` with two differences: averages
    /// do not count pixels outside of the image, and `Mixed_7c` pools by the largest element.
    static var fidInception: [Self] {
        [
            layer("Conv2d_1a_3x3", 3, stride: 2, isPadded: false),
            layer("Conv2d_2a_3x3", 3, isPadded: false),
            layer("Conv2d_2b_3x3", 3),
            .maxPool(PoolWindow(size: 3, stride: 2)),
            layer("Conv2d_3b_1x1", 1),
            layer("Conv2d_4a_3x3", 3, isPadded: false),
            .maxPool(PoolWindow(size: 3, stride: 2)),
        ] + ["Mixed_5b", "Mixed_5c", "Mixed_5d"].map(blockA) + [blockB("Mixed_6a")]
            + ["Mixed_6b", "Mixed_6c", "Mixed_6d", "Mixed_6e"].map(blockC) + [
                blockD("Mixed_7a"),
                blockE("Mixed_7b", pool: .averagePool(surroundings)),
                blockE("Mixed_7c", pool: .maxPool(surroundings)),
            ]
    }

    /// Each pixel's neighbours and itself.
    private static var surroundings: PoolWindow { PoolWindow(size: 3, stride: 1, padding: 1) }

    private static func blockA(_ name: String) -> Self {
        .branches([
            layer("\(name).branch1x1", 1),
            .sequence([layer("\(name).branch5x5_1", 1), layer("\(name).branch5x5_2", 5)]),
            .sequence([
                layer("\(name).branch3x3dbl_1", 1), layer("\(name).branch3x3dbl_2", 3),
                layer("\(name).branch3x3dbl_3", 3),
            ]),
            .sequence([.averagePool(surroundings), layer("\(name).branch_pool", 1)]),
        ])
    }

    private static func blockB(_ name: String) -> Self {
        .branches([
            layer("\(name).branch3x3", 3, stride: 2, isPadded: false),
            .sequence([
                layer("\(name).branch3x3dbl_1", 1), layer("\(name).branch3x3dbl_2", 3),
                layer("\(name).branch3x3dbl_3", 3, stride: 2, isPadded: false),
            ]),
            .maxPool(PoolWindow(size: 3, stride: 2)),
        ])
    }

    private static func blockC(_ name: String) -> Self {
        .branches([
            layer("\(name).branch1x1", 1),
            .sequence([
                layer("\(name).branch7x7_1", 1), layer("\(name).branch7x7_2", 1, 7),
                layer("\(name).branch7x7_3", 7, 1),
            ]),
            .sequence([
                layer("\(name).branch7x7dbl_1", 1), layer("\(name).branch7x7dbl_2", 7, 1),
                layer("\(name).branch7x7dbl_3", 1, 7), layer("\(name).branch7x7dbl_4", 7, 1),
                layer("\(name).branch7x7dbl_5", 1, 7),
            ]),
            .sequence([.averagePool(surroundings), layer("\(name).branch_pool", 1)]),
        ])
    }

    private static func blockD(_ name: String) -> Self {
        .branches([
            .sequence([
                layer("\(name).branch3x3_1", 1),
                layer("\(name).branch3x3_2", 3, stride: 2, isPadded: false),
            ]),
            .sequence([
                layer("\(name).branch7x7x3_1", 1), layer("\(name).branch7x7x3_2", 1, 7),
                layer("\(name).branch7x7x3_3", 7, 1),
                layer("\(name).branch7x7x3_4", 3, stride: 2, isPadded: false),
            ]),
            .maxPool(PoolWindow(size: 3, stride: 2)),
        ])
    }

    private static func blockE(_ name: String, pool: Self) -> Self {
        .branches([
            layer("\(name).branch1x1", 1),
            .sequence([
                layer("\(name).branch3x3_1", 1),
                .branches([
                    layer("\(name).branch3x3_2a", 1, 3), layer("\(name).branch3x3_2b", 3, 1),
                ]),
            ]),
            .sequence([
                layer("\(name).branch3x3dbl_1", 1), layer("\(name).branch3x3dbl_2", 3),
                .branches([
                    layer("\(name).branch3x3dbl_3a", 1, 3), layer("\(name).branch3x3dbl_3b", 3, 1),
                ]),
            ]),
            .sequence([pool, layer("\(name).branch_pool", 1)]),
        ])
    }

    /// A convolution with batch normalisation and ReLU; padded, the image keeps its size.
    private static func layer(
        _ name: String,
        _ height: Int,
        _ width: Int? = nil,
        stride: Int = 1,
        isPadded: Bool = true
    ) -> Self {
        let width = width ?? height
        let plan = ConvolutionPlan(
            name: name,
            kernel: (height, width),
            stride: stride,
            padding: isPadded ? (height / 2, width / 2) : (0, 0),
            isNormalized: true
        )
        return .sequence([.convolution(plan), .relu])
    }
}
