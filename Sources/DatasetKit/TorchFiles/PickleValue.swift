/// A value of a pickle.
///
/// Containers, storages and tensors are places in a ``PickleHeap``: a pickle may put a container into
/// another before it is filled, or into itself. So no value holds another one, and a thousand nested
/// lists are as easily forgotten as one.
enum PickleValue {
    case none
    case bool(Bool)
    case integer(Int)
    case number(Double)
    case text(String)
    /// What a state dict has no use for: bytes, and integers of more than 64 bits.
    case bytes([UInt8])
    /// In ``PickleHeap/sequences``.
    case tuple(Int)
    /// In ``PickleHeap/sequences``.
    case list(Int)
    /// In ``PickleHeap/dictionaries``.
    case dictionary(Int)
    /// One of the few names of Python that mean something here.
    case global(TorchGlobal)
    /// In ``PickleHeap/storages``.
    case storage(Int)
    /// In ``PickleHeap/tensors``.
    case tensor(Int)
}

/// What the values of a file's pickles point to.
struct PickleHeap {
    /// The most dimensions of a tensor.
    private static let maximumRank = 8

    /// Numbers that lie in the file, outside of the pickle.
    struct Storage {
        /// Their name in the file.
        var key: String
        /// Their type.
        var type: SafetensorsType
        /// How many the key stands for.
        var total: Int
        /// Which of them are meant: all but in files of PyTorch before 0.4.
        var part: Range<Int>
    }

    /// A view of a storage.
    struct Tensor {
        /// In ``PickleHeap/storages``.
        var storage: Int
        /// The first element, counted from the storage's first.
        var offset: Int
        /// The dimensions.
        var shape: [Int]
        /// Elements from one index to the next, for each dimension.
        var strides: [Int]
    }

    /// Tuples and lists.
    var sequences: [[PickleValue]] = []
    /// Dictionaries, ordered or not: keys may come twice, and the last counts.
    var dictionaries: [[(key: PickleValue, value: PickleValue)]] = []
    /// Storages, as often as they are mentioned.
    var storages: [Storage] = []
    /// Tensors.
    var tensors: [Tensor] = []

    /// The elements of a tuple; `nil` for another value.
    func tuple(_ value: PickleValue) -> [PickleValue]? {
        guard case .tuple(let place) = value else { return nil }
        return sequences[place]
    }

    /// The elements of a tuple or list; `nil` for another value.
    func sequence(_ value: PickleValue) -> [PickleValue]? {
        switch value {
        case .tuple(let place), .list(let place): sequences[place]
        default: nil
        }
    }

    /// The elements of a tuple or list of few integers; `nil` for another value.
    func integers(_ value: PickleValue) -> [Int]? {
        guard let values = sequence(value), values.count <= Self.maximumRank else { return nil }
        var integers: [Int] = []
        for value in values {
            guard case .integer(let integer) = value else { return nil }
            integers.append(integer)
        }
        return integers
    }

    /// Adds a tuple.
    mutating func makeTuple(_ values: [PickleValue]) -> PickleValue {
        sequences.append(values)
        return .tuple(sequences.count - 1)
    }

    /// Adds a list.
    mutating func makeList() -> PickleValue {
        sequences.append([])
        return .list(sequences.count - 1)
    }

    /// Adds a dictionary.
    mutating func makeDictionary(
        _ pairs: [(key: PickleValue, value: PickleValue)] = []
    ) -> PickleValue {
        dictionaries.append(pairs)
        return .dictionary(dictionaries.count - 1)
    }
}
