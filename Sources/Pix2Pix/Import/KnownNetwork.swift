import DatasetKit

/// What the shapes of a network's tensors depend on, besides its kind.
struct NetworkSize: Equatable {
    /// Filters of the first layer: `ngf` or `ndf`.
    var filters: Int
    /// Channels of what it takes; of a pair, for a discriminator.
    var inputs: Int
    /// Channels of what it makes; without a meaning for a discriminator.
    var outputs: Int
}

/// A kind of network that weights from elsewhere may be of.
struct KnownNetwork {
    /// Which of the two networks.
    enum Role: Equatable {
        case generator(TrainOptions.Generator)
        case discriminator
    }

    /// A name and a shape for each tensor, in the order of the `state_dict`.
    typealias Layout = [(name: String, shape: [Int])]

    let role: Role
    /// What makes it; the filters are another matter.
    let options: TrainOptions

    /// Every kind, each layout once: where two options give the same tensors, the default is first.
    static var all: [KnownNetwork] {
        var all: [KnownNetwork] = []
        for norm in TrainOptions.Norm.allCases {
            for dropout in [true, false] {
                var options = TrainOptions()
                (options.norm, options.dropout) = (norm, dropout)
                for generator in TrainOptions.Generator.allCases {
                    options.generator = generator
                    all.append(KnownNetwork(role: .generator(generator), options: options))
                }
            }
        }
        for norm in TrainOptions.Norm.allCases {
            var options = TrainOptions()
            options.norm = norm
            for discriminator in TrainOptions.Discriminator.allCases {
                options.discriminator = discriminator
                for layers in discriminator == .nLayers ? Array(1...6) : [options.nLayersD] {
                    options.nLayersD = layers
                    all.append(KnownNetwork(role: .discriminator, options: options))
                }
            }
        }
        return all
    }

    /// Its tensors at a size, by making it.
    ///
    /// - Throws: ``TorchError`` if there is not enough memory.
    func layout(_ size: NetworkSize) throws(TorchError) -> Layout {
        var options = options
        (options.ngf, options.ndf) = (size.filters, size.filters)
        let network: (any Network)?
        switch role {
        case .generator(let generator):
            network = try options.makeGenerator(
                generator,
                inputChannels: size.inputs,
                targetChannels: size.outputs,
                device: .cpu
            )
        case .discriminator:
            network = try options.makeDiscriminator(channels: size.inputs, device: .cpu)
        }
        return network?.state.map { ($0.name, $0.tensor.shape) } ?? []
    }

    /// What it is at a size, in the words of the options.
    func description(_ size: NetworkSize) -> String {
        switch role {
        case .generator(let generator):
            let isResnet = if case .resnet = generator.shape { true } else { false }
            let dropout = isResnet ? ", \(options.dropout ? "with" : "without") dropout" : ""
            return "\(generator.rawValue), ngf \(size.filters), \(size.inputs) to \(size.outputs) "
                + "channels, norm \(options.norm.rawValue)\(dropout)"
        case .discriminator:
            let layers = options.discriminator == .nLayers ? " of \(options.nLayersD)" : ""
            return "discriminator \(options.discriminator.rawValue)\(layers), ndf \(size.filters), "
                + "pairs of \(size.inputs) channels, norm \(options.norm.rawValue)"
        }
    }
}
