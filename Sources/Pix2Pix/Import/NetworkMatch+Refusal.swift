import DatasetKit

extension NetworkMatch {
    /// Checks that the tensors are those of a generator.
    ///
    /// - Returns: The generator's name.
    /// - Throws: ``DatasetError`` with code `mismatch`: the nearest network, and where it differs.
    func requireGenerator(in file: WeightsFile) throws(DatasetError) -> TrainOptions.Generator {
        let description = network.description(size)
        switch network.role {
        case .generator(let generator) where differences.isEmpty: return generator
        case .generator:
            throw DatasetError(
                .mismatch,
                "expected the weights of a generator that p2p knows, found none that fits; the nearest is "
                    + "\(description), and \(differences.count) tensors differ:\n"
                    + lines.joined(separator: "\n"),
                path: file.path
            )
        case .discriminator:
            throw DatasetError(
                .mismatch,
                "expected the weights of a generator, found "
                    + (differences.isEmpty ? "those of a " : "what is nearest to a ") + description
                    + "; the reference calls the generator's file ..._net_G.pth",
                path: file.path
            )
        }
    }

    /// Why a file is refused that has no name in common with any known network.
    static func unknown(_ file: WeightsFile) -> DatasetError {
        let names = file.names.prefix(3).map(\.forMessages).joined(separator: ", ")
        return DatasetError(
            .mismatch,
            "expected the weights of a generator, by names such as model.model.0.weight (U-Net) or "
                + "model.1.weight (ResNet), found \(file.names.count) others: \(names)",
            path: file.path
        )
    }

    /// The first differences, each on a line.
    private var lines: [String] {
        let shown = differences.prefix(8).map { difference in
            switch difference {
            case .missing(let name, let shape): "  \(name): expected \(shape), not in the file"
            case .unexpected(let name, let shape):
                "  \(name.forMessages): \(shape) in the file, expected none"
            case .misshapen(let name, let expected, let found):
                "  \(name): expected \(expected), found \(found)"
            }
        }
        let more = differences.count - shown.count
        return shown + (more > 0 ? ["  and \(more) more"] : [])
    }
}
