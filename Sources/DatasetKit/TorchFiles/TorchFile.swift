/// A file of PyTorch's `torch.save`, mapped into memory: its dictionaries of tensors.
///
/// Opens what holds dictionaries, lists, numbers, texts and tensors, and executes nothing of it: see
/// ``PickleReader``. Numbers are read when they are asked for.
package final class TorchFile: Sendable {
    /// How a file is laid out.
    package enum Format: Sendable {
        /// A zip archive: PyTorch 1.6 and later.
        case archive
        /// Pickles and numbers one after the other: before.
        case stream
    }

    /// A tensor and where its numbers lie.
    package struct Tensor: Sendable {
        /// Among the bytes of its storage.
        package let layout: TensorLayout
        /// Where the storage's bytes lie in the file.
        fileprivate let storage: Range<Int>
    }

    /// A dictionary that holds tensors.
    package struct Dictionary: Sendable {
        /// The keys that lead to it, with dots between; empty for what was saved itself.
        package let path: String
        /// Its tensors by name, in their order.
        package let tensors: [(name: String, tensor: Tensor)]
        /// The names of what else it holds.
        package let others: [String]
    }

    /// How often the file's length its tensors may have together, and 16 MiB: they may share their numbers,
    /// but a small file shall not fill the memory.
    private static let maximumExpansion = 8
    private static let minimumAllowance = 16 << 20
    /// How deep dictionaries are looked for: `checkpoint["model"]["generator"]`.
    private static let maximumDepth = 2

    /// The path it was opened by.
    package let path: String
    /// How it is laid out.
    package let format: Format
    /// Its dictionaries with tensors: the outer before the inner.
    package let dictionaries: [Dictionary]
    private let file: MappedFile

    /// How many bytes of a file tell its format.
    package static let startLength = 9

    /// The format of a file that begins with some bytes; `nil` for another one.
    ///
    /// A safetensors file begins with the length of its header, which may look like anything; but it is below
    /// 2³², and then comes the header.
    package static func format(of start: [UInt8]) -> Format? {
        let isSafetensors =
            start.count >= startLength && start[4..<8].allSatisfy { $0 == 0 }
            && start[8] == UInt8(ascii: "{")
        if isSafetensors { return nil }
        if start.starts(with: TorchArchive.signature) { return .archive }
        return start.starts(with: TorchStream.signature) ? .stream : nil
    }

    /// Opens a file.
    ///
    /// - Throws: ``DatasetError``: `notFound`, `io`, `corrupt`, `tooLarge`, or `unsupported` for what asks for
    ///   any Python object but the few that a state dict is made of.
    package init(path: String) throws(DatasetError) {
        self.path = path
        file = try MappedFile(path: path)
        guard let format = Self.format(of: file.copy(0..<min(file.count, Self.startLength))) else {
            throw DatasetError(.unsupported, "it is no file of torch.save", path: path)
        }
        self.format = format
        let contents =
            switch format {
            case .archive: try TorchArchive.read(file)
            case .stream: try TorchStream.read(file)
            }
        let tensors = try Self.tensors(of: contents, file: file)
        dictionaries = Self.dictionaries(of: contents, tensors: tensors)
    }

    /// Gives the bytes of a tensor's storage for the time of the call, as its layout describes them.
    package func withStorage<Result, Failure: Error>(
        of tensor: Tensor,
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try unsafe file.withBytes { (bytes) throws(Failure) in
            try unsafe body(UnsafeRawBufferPointer(rebasing: bytes[tensor.storage]))
        }
    }

    /// Checks every tensor.
    private static func tensors(
        of contents: TorchContents,
        file: MappedFile
    ) throws(DatasetError) -> [Tensor] {
        var allowance = minimumAllowance + maximumExpansion * file.count
        var tensors: [Tensor] = []
        for view in contents.heap.tensors {
            let storage = contents.heap.storages[view.storage]
            guard
                let layout = TensorLayout(
                    type: storage.type,
                    shape: view.shape,
                    strides: view.strides,
                    offset: view.offset,
                    isBigEndian: contents.isBigEndian,
                    capacity: storage.part.count
                )
            else {
                throw DatasetError(
                    .corrupt,
                    "a tensor \(view.shape) with strides \(view.strides) does not lie in its storage of "
                        + "\(storage.part.count) elements: the file is damaged; fetch it again",
                    path: file.path
                )
            }
            // As many as 8 bytes for each element, when it is read.
            allowance -= min(layout.elementCount, Int.max / 16) * 8
            guard allowance >= 0 else {
                throw DatasetError(
                    .tooLarge,
                    "its tensors share their numbers so often that they would take more than "
                        + "\(maximumExpansion) times its length; save them with .contiguous()",
                    path: file.path
                )
            }
            tensors.append(Tensor(layout: layout, storage: contents.places[view.storage]))
        }
        return tensors
    }

    /// Finds the dictionaries that hold tensors, each once.
    private static func dictionaries(of contents: TorchContents, tensors: [Tensor]) -> [Dictionary]
    {
        var found: [Dictionary] = []
        var seen: Set<Int> = []
        var level = [(path: "", value: contents.root)]
        for _ in 0...maximumDepth {
            var next: [(path: String, value: PickleValue)] = []
            for (path, value) in level {
                guard case .dictionary(let place) = value, seen.insert(place).inserted else {
                    continue
                }
                let prefix = path.isEmpty ? "" : "\(path)."
                var dictionary = Gathering()
                for (key, value) in contents.heap.dictionaries[place] {
                    guard case .text(let name) = key else { continue }
                    dictionary.set(name, to: value)
                    next.append(("\(prefix)\(name)", value))
                }
                if let dictionary = dictionary.finished(path: path, tensors) {
                    found.append(dictionary)
                }
            }
            level = next
        }
        return found
    }

    /// The entries of a dictionary: the last of a name counts, at the place of the first.
    private struct Gathering {
        private var names: [String] = []
        private var values: [String: PickleValue] = [:]

        mutating func set(_ name: String, to value: PickleValue) {
            if values.updateValue(value, forKey: name) == nil { names.append(name) }
        }

        func finished(path: String, _ all: [Tensor]) -> Dictionary? {
            var tensors: [(name: String, tensor: Tensor)] = []
            var others: [String] = []
            for name in names {
                if case .tensor(let place)? = values[name] {
                    tensors.append((name, all[place]))
                } else {
                    others.append(name)
                }
            }
            guard !tensors.isEmpty else { return nil }
            return Dictionary(path: path, tensors: tensors, others: others)
        }
    }
}
