import DatasetKit

/// The dictionaries of a PyTorch file, and which of them holds the weights that are meant.
struct StateDictionaries {
    /// The keys under which trainers keep a generator, from the surest to the vaguest.
    private static let usualKeys = [
        "generator", "netG", "net_G", "G", "gen", "generator_state_dict", "netG_state_dict",
        "G_state_dict", "g_state_dict", "params_ema", "state_dict", "model_state_dict", "model",
        "net",
        "network", "params", "weights",
    ]

    private let all: [TorchFile.Dictionary]
    private let path: String

    /// Those of a file.
    init(of file: TorchFile) {
        all = file.dictionaries
        path = file.path
    }

    /// Chooses one.
    ///
    /// - Parameter key: The keys that lead to it, with dots between; `nil` for the generator's.
    /// - Returns: The dictionary.
    /// - Throws: ``DatasetError`` with code `unsupported` where there is none, or there are several.
    func choice(_ key: String?) throws(DatasetError) -> TorchFile.Dictionary {
        guard let first = all.first else {
            throw refusal("a state dict, a dictionary of tensors by name, found none in it")
        }
        if let key {
            guard let named = all.first(where: { $0.path == key }) else {
                throw refusal("tensors under the key \(key), found \(keys)")
            }
            return named
        }
        let ranks = all.map(Self.rank)
        if let best = ranks.compactMap({ $0 }).min() {
            let chosen = zip(all, ranks).filter { $0.1 == best }.map(\.0)
            if let dictionary = chosen.first, chosen.count == 1 { return dictionary }
        } else if first.path.isEmpty || all.count == 1 {
            return first
        }
        throw refusal("one generator, found tensors under \(keys); name one with --key")
    }

    /// How surely a dictionary is the generator: by the surest of its keys.
    private static func rank(_ dictionary: TorchFile.Dictionary) -> Int? {
        dictionary.path.split(separator: ".").compactMap { usualKeys.firstIndex(of: String($0)) }
            .min()
    }

    private var keys: String {
        let shown = all.prefix(8).map { $0.path.isEmpty ? "no key" : $0.path.forMessages }
        return shown.joined(separator: ", ") + (all.count > 8 ? " and \(all.count - 8) more" : "")
    }

    private func refusal(_ text: String) -> DatasetError {
        DatasetError(.unsupported, "expected \(text)", path: path)
    }
}
