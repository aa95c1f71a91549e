public import DatasetKit

/// Weights from elsewhere that a training begins with: a checkpoint, or a safetensors file by the
/// reference's `state_dict` names.
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
    private let file: SafetensorsFile
    /// Only files of p2p have them.
    private let checksums: TensorChecksums?

    /// Opens a file.
    ///
    /// - Parameter path: A checkpoint, a safetensors file, or the folder of a run, whose newest checkpoint is
    ///   taken.
    /// - Throws: ``DatasetError`` if there is none or it is damaged.
    public init(path: String) throws(DatasetError) {
        self.path = RunFolder.checkpoint(at: path)
        file = try SafetensorsFile(path: self.path)
        let hasChecksums = [Checkpoint.formatName, ModelFile.formatName].contains(
            file.metadata["format"]
        )
        checksums = hasChecksums ? try TensorChecksums(of: file, path: self.path) : nil
    }

    /// Overwrites the weights of a model where the file has them.
    ///
    /// - Parameter model: Has its random weights.
    /// - Returns: What became of the tensors, for the user's eyes.
    /// - Throws: ``DatasetError`` for a damaged file, or ``TrainingError`` where not one tensor of the
    ///   generator matches.
    public func load(into model: Pix2PixModel) throws -> Report {
        let groups = Self.groups(of: Array(file.tensors.keys))
        let generator = try load(groups.generator, into: model.generator.state)
        guard generator.matched > 0 else {
            let names = file.tensors.keys.sorted().prefix(3).joined(separator: ", ")
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
    private static func groups(of names: [String]) -> (generator: Names, discriminator: Names) {
        let prefixes = ["generator.", "discriminator."]
        let isCheckpoint = names.contains { $0.hasPrefix(prefixes[0]) }
        var groups: [Names] = [[:], [:]]
        for name in names {
            if isCheckpoint {
                for (number, prefix) in prefixes.enumerated() where name.hasPrefix(prefix) {
                    groups[number][String(name.dropFirst(prefix.count))] = name
                }
            } else {
                let plain = name.hasPrefix("module.") ? String(name.dropFirst(7)) : name
                groups[0][plain] = name
            }
        }
        return (groups[0], groups[1])
    }

    private func load(_ names: Names, into state: [NamedTensor]) throws -> Report.Network {
        var report = Report.Network()
        for entry in state {
            guard let name = names[entry.name], let found = file.tensors[name] else {
                // Old files lack the counter, which no computation uses.
                if !entry.name.hasSuffix(".num_batches_tracked") {
                    report.missing.append(entry.name)
                }
                continue
            }
            let summary = "\(found.dtype.rawValue) \(found.shape)"
            guard summary == entry.tensor.summary else {
                report.misfits.append(
                    "\(entry.name) (\(summary), expected \(entry.tensor.summary))"
                )
                continue
            }
            try unsafe file.withBytes(of: name) { bytes in
                try unsafe checksums?.check(bytes, of: name)
                try entry.tensor.copyElements(
                    from: unsafe Tensor.copying(
                        bytes,
                        shape: found.shape,
                        elementType: entry.tensor.elementType
                    )
                )
            }
            report.matched += 1
        }
        report.unexpected = Set(names.keys).subtracting(state.map(\.name)).sorted()
        return report
    }
}
