extension PickleHeap {
    /// Makes what Python would by calling a name.
    ///
    /// - Returns: `nil` for arguments that torch does not write.
    mutating func make(_ global: TorchGlobal, of arguments: [PickleValue]) -> PickleValue? {
        switch global {
        case .orderedDictionary: makeOrderedDictionary(arguments)
        case .size: arguments.first.flatMap(integers) == nil ? nil : arguments[0]
        case .tensor: makeTensor(arguments)
        case .parameter:
            if case .tensor? = arguments.first { arguments[0] } else { nil }
        case .storage: nil
        }
    }

    /// Empty, or of pairs, as Python 2 wrote it.
    private mutating func makeOrderedDictionary(_ arguments: [PickleValue]) -> PickleValue? {
        guard let first = arguments.first else { return makeDictionary() }
        guard arguments.count == 1, let entries = sequence(first) else { return nil }
        var pairs: [(key: PickleValue, value: PickleValue)] = []
        for entry in entries {
            guard let pair = sequence(entry), pair.count == 2 else { return nil }
            pairs.append((pair[0], pair[1]))
        }
        return makeDictionary(pairs)
    }

    /// A view: storage, offset, shape, strides; what follows is for gradients.
    private mutating func makeTensor(_ arguments: [PickleValue]) -> PickleValue? {
        guard arguments.count >= 4, case .storage(let storage) = arguments[0],
            case .integer(let offset) = arguments[1], let shape = integers(arguments[2]),
            let strides = integers(arguments[3]), shape.count == strides.count
        else { return nil }
        tensors.append(Tensor(storage: storage, offset: offset, shape: shape, strides: strides))
        return .tensor(tensors.count - 1)
    }

    /// A storage by what torch calls its persistent identity.
    ///
    /// - Parameter identity: `'storage'`, type, key, device, number of elements, and in old files perhaps
    ///   a part of them: name, first element, number.
    /// - Returns: `nil` for another identity.
    mutating func makeStorage(_ identity: [PickleValue]) -> PickleValue? {
        guard (5...6).contains(identity.count), case .text("storage") = identity[0],
            case .global(.storage(let type)) = identity[1], case .text(let key) = identity[2],
            case .integer(let total) = identity[4], total >= 0,
            !total.multipliedReportingOverflow(by: type.byteCount).overflow
        else { return nil }
        var part = 0..<total
        if identity.count == 6, let view = tuple(identity[5]) {
            guard view.count == 3, case .integer(let first) = view[1],
                case .integer(let count) = view[2], (0...total).contains(first),
                (0...total - first).contains(count)
            else { return nil }
            part = first..<first + count
        }
        storages.append(Storage(key: key, type: type, total: total, part: part))
        return .storage(storages.count - 1)
    }
}
