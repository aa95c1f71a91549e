public import DatasetKit

/// Weights from elsewhere that a training begins with: a checkpoint, or a file of PyTorch or safetensors
/// by the reference's `state_dict` names.
public struct InitialWeights {
    /// What became of a file's tensors.
    public struct Report: Codable, Equatable, Sendable {
        /// What became of one network's.
        public struct Network: Codable, Equatable, Sendable {
            /// Taken over.
            public var matched = 0
            /// Of the network, and not in the file: they keep their random start.
            public var missing: [String] = []
            /// In the file, and not of the network: left out.
            public var unexpected: [String] = []
            /// In both with other shapes: left out.
            public var misfits: [String] = []
        }

        /// The file.
        public var file: String
        /// The generator's tensors.
        public var generator: Network
        /// The discriminator's; `nil` where the file has none, or the training.
        public var discriminator: Network?

        /// A line for each network, and one for each kind of difference.
        public var lines: [String] {
            var lines = Self.lines(generator, "generator")
            if let discriminator {
                lines += Self.lines(discriminator, "discriminator")
            } else {
                lines.append("discriminator: none in the file; it starts from random weights")
            }
            return lines
        }

        private static func lines(_ network: Network, _ name: String) -> [String] {
            let total = network.matched + network.missing.count + network.misfits.count
            var lines = ["\(name): \(network.matched) of \(total) tensors matched"]
            for (word, names) in [
                ("missing in the file, random instead", network.missing),
                ("unexpected in the file, left out", network.unexpected),
                ("of another shape, random instead", network.misfits),
            ] where !names.isEmpty {
                let shown = names.prefix(4).joined(separator: ", ")
                let more = names.count > 4 ? " and \(names.count - 4) more" : ""
                lines.append("  \(names.count) \(word): \(shown)\(more)")
            }
            return lines
        }
    }

    private let path: String
    private let file: WeightsFile

    /// Opens a file.
    ///
    /// - Parameter path: A checkpoint, a safetensors file, a `.pth` file of PyTorch, or the folder of a run,
    ///   whose newest checkpoint is taken.
    /// - Throws: ``DatasetError`` if there is none, it is damaged, or it holds more than tensors.
    public init(path: String) throws(DatasetError) {
        self.path = RunFolder.checkpoint(at: path)
        file = try WeightsFile(path: self.path)
    }

    /// Overwrites the weights of a model where the file has them.
    ///
    /// - Parameter model: Has its random weights.
    /// - Returns: What became of the tensors, for the user's eyes.
    /// - Throws: ``DatasetError`` for a damaged file, or ``TrainingError`` where not one tensor of the
    ///   generator matches.
    public func load(into model: Pix2PixModel) throws -> Report {
        let groups = names(for: model.generator.state)
        let generator = try load(groups.generator, into: model.generator.state)
        guard generator.matched > 0 else {
            let names = file.names.sorted().prefix(3).map(\.forMessages).joined(separator: ", ")
            let example = model.generator.state.first?.name ?? ""
            throw TrainingError(
                .unsuitableData,
                "\(path): expected weights of this generator, by names such as \(example), found none "
                    + "that fits (it has \(names)); give the --generator, --ngf, --norm and --dropout "
                    + "that it was trained with"
            )
        }
        try model.restartAverage()
        let discriminator = try model.discriminator.flatMap { discriminator in
            groups.discriminator.isEmpty
                ? nil : try load(groups.discriminator, into: discriminator.state)
        }
        return Report(file: path, generator: generator, discriminator: discriminator)
    }

    /// The file's names for each network's own.
    private typealias Names = [String: String]

    /// Tells the networks' tensors by their names: `generator.` and `discriminator.` in a checkpoint; other
    /// files hold a generator, as the reference's `latest_net_G` does.
    private func names(for state: [NamedTensor]) -> (generator: Names, discriminator: Names) {
        (
            NamePrefix.strip(from: file.names, for: Set(state.map(\.name))),
            NamePrefix.strip("discriminator.", from: file.names)
        )
    }

    private func load(_ names: Names, into state: [NamedTensor]) throws -> Report.Network {
        var report = Report.Network()
        for entry in state {
            guard let name = names[entry.name], let shape = file.shape(of: name) else {
                // Old files lack the counter, which no computation uses.
                if !NetworkMatch.isCounter(entry.name) { report.missing.append(entry.name) }
                continue
            }
            guard shape == entry.tensor.shape,
                file.elementType(of: name) == entry.tensor.elementType
            else {
                let type = file.storedType(of: name)?.rawValue ?? ""
                report.misfits.append(
                    "\(entry.name) (\(type) \(shape), expected \(entry.tensor.summary))"
                )
                continue
            }
            try entry.tensor.copyElements(from: file.tensor(name))
            report.matched += 1
        }
        report.unexpected = Set(names.keys).subtracting(state.map(\.name)).sorted()
        return report
    }
}
