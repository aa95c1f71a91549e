/// Reads the pickles of `torch.save`, and executes nothing.
///
/// A pickle is a program for a small machine with a stack. This one knows the instructions that
/// dictionaries of tensors need (protocols 2 to 5), and the few names of ``TorchGlobal``; all else ends
/// the reading. From Python's `Lib/pickletools.py`, which describes each instruction.
struct PickleReader {
    /// The longest pickle: a state dict takes about 150 bytes a tensor.
    static let maximumLength = 16 << 20
    /// The most instructions, over all pickles of a file: a tensor takes about 40.
    ///
    /// This bounds the memory, as none makes more than one value.
    private static let maximumInstructions = 4_000_000

    /// What the values point to.
    private(set) var heap = PickleHeap()
    private var reader: ByteReader
    private let path: String
    private var stack: [PickleValue] = []
    /// Heights of the stack, to which some instructions go back.
    private var marks: [Int] = []
    private var memo: [Int: PickleValue] = [:]
    private var instructions = 0
    /// How many entries of lists were copied into dictionaries.
    private var copies = 0

    /// Reads pickles that follow each other.
    ///
    /// - Parameters:
    ///   - bytes: Begin with a pickle.
    ///   - path: The file that they are of, for errors.
    init(_ bytes: [UInt8], path: String) {
        reader = ByteReader(bytes, path: path)
        self.path = path
    }

    /// Where the next pickle starts.
    var position: Int { reader.position }

    /// Reads the next pickle.
    ///
    /// - Returns: What it describes.
    /// - Throws: ``DatasetError``: `corrupt`, or `unsupported` for what no state dict has.
    mutating func read() throws(DatasetError) -> PickleValue {
        (stack, marks, memo) = ([], [], [:])
        while true {
            try count(1)
            let code = try reader.integer(UInt8.self)
            if code == UInt8(ascii: ".") {
                guard stack.count == 1, marks.isEmpty else { throw damaged() }
                return try pop()
            }
            if try readScalar(code) { continue }
            if try readContainer(code) { continue }
            if try readMemo(code) { continue }
            if try readObject(code) { continue }
            throw DatasetError(
                .unsupported,
                "expected a pickle of torch.save, found the instruction 0x"
                    + String(code, radix: 16)
                    + " at byte \(reader.position - 1), which it does not "
                    + "write",
                path: path
            )
        }
    }

    private mutating func count(_ more: Int) throws(DatasetError) {
        instructions += more
        guard instructions <= Self.maximumInstructions else {
            throw tooLarge("\(Self.maximumInstructions) instructions")
        }
    }

    /// Counts entries that an ordered dictionary copies from the list that it is made of.
    ///
    /// Whoever writes one does it once for each list, every entry of which took bytes; a few bytes
    /// could ask for the same copy for ever.
    private mutating func countCopies(_ more: Int) throws(DatasetError) {
        try count(more)
        copies += more
        guard copies <= reader.position else { throw tooLarge("the same entries again and again") }
    }

    private func tooLarge(_ what: String) -> DatasetError {
        DatasetError(
            .tooLarge,
            "it describes more than any state dict does (\(what))",
            path: path
        )
    }

    // MARK: - Values

    /// - Returns: Whether it is such an instruction, here and below.
    private mutating func readScalar(_ code: UInt8) throws(DatasetError) -> Bool {
        switch code {
        case 0x80: try reader.skip(1)  // PROTO
        case 0x95: try reader.skip(8)  // FRAME
        case UInt8(ascii: "N"): stack.append(.none)
        case 0x88: stack.append(.bool(true))
        case 0x89: stack.append(.bool(false))
        case UInt8(ascii: "K"): stack.append(.integer(Int(try reader.integer(UInt8.self))))
        case UInt8(ascii: "M"): stack.append(.integer(Int(try reader.integer(UInt16.self))))
        case UInt8(ascii: "J"): stack.append(.integer(Int(try reader.integer(Int32.self))))
        case 0x8A: try readLong(reader.length(UInt8.self))
        case 0x8B: try readLong(reader.length(Int32.self))
        case UInt8(ascii: "G"):
            stack.append(.number(Double(bitPattern: try reader.integer(UInt64.self).byteSwapped)))
        // Python 2 wrote its texts as the first two.
        case UInt8(ascii: "U"), 0x8C: try readText(reader.length(UInt8.self))
        case UInt8(ascii: "T"): try readText(reader.length(Int32.self))
        case UInt8(ascii: "X"): try readText(reader.length(UInt32.self))
        case 0x8D: try readText(reader.length(UInt64.self))
        case UInt8(ascii: "C"): try readBytes(reader.length(UInt8.self))
        case UInt8(ascii: "B"): try readBytes(reader.length(UInt32.self))
        default: return false
        }
        return true
    }

    private mutating func readText(_ length: Int) throws(DatasetError) {
        stack.append(.text(try reader.text(length)))
    }

    private mutating func readBytes(_ length: Int) throws(DatasetError) {
        stack.append(.bytes(Array(try reader.run(length))))
    }

    /// An integer of any length, in two's complement.
    private mutating func readLong(_ length: Int) throws(DatasetError) {
        let bytes = Array(try reader.run(length))
        guard length <= 8 else { return stack.append(.bytes(bytes)) }
        var value = Int(bytes.last.map { Int8(bitPattern: $0) } ?? 0)
        for byte in bytes.dropLast().reversed() { value = value << 8 | Int(byte) }
        stack.append(.integer(value))
    }

    // MARK: - Containers

    private mutating func readContainer(_ code: UInt8) throws(DatasetError) -> Bool {
        switch code {
        case UInt8(ascii: "("): marks.append(stack.count)
        case UInt8(ascii: "]"): stack.append(heap.makeList())
        case UInt8(ascii: "}"): stack.append(heap.makeDictionary())
        case UInt8(ascii: ")"): stack.append(heap.makeTuple([]))
        case UInt8(ascii: "t"):
            let values = try popToMark()
            stack.append(heap.makeTuple(values))
        case 0x85...0x87:  // TUPLE1 to TUPLE3
            let values = try pop(count: Int(code - 0x84))
            stack.append(heap.makeTuple(values))
        case UInt8(ascii: "a"): try append(pop(count: 1))
        case UInt8(ascii: "e"): try append(popToMark())
        case UInt8(ascii: "s"): try set(pop(count: 2))
        case UInt8(ascii: "u"): try set(popToMark())
        default: return false
        }
        return true
    }

    private mutating func append(_ values: [PickleValue]) throws(DatasetError) {
        guard case .list(let place)? = stack.last else { throw damaged() }
        heap.sequences[place] += values
    }

    private mutating func set(_ values: [PickleValue]) throws(DatasetError) {
        guard case .dictionary(let place)? = stack.last, values.count.isMultiple(of: 2) else {
            throw damaged()
        }
        for index in stride(from: 0, to: values.count, by: 2) {
            heap.dictionaries[place].append((values[index], values[index + 1]))
        }
    }

    // MARK: - Memory

    private mutating func readMemo(_ code: UInt8) throws(DatasetError) -> Bool {
        switch code {
        case UInt8(ascii: "q"): memo[Int(try reader.integer(UInt8.self))] = try top()
        case UInt8(ascii: "r"): memo[Int(try reader.integer(UInt32.self))] = try top()
        case 0x94: memo[memo.count] = try top()  // MEMOIZE
        case UInt8(ascii: "h"): try recall(Int(try reader.integer(UInt8.self)))
        case UInt8(ascii: "j"): try recall(Int(try reader.integer(UInt32.self)))
        default: return false
        }
        return true
    }

    private mutating func recall(_ number: Int) throws(DatasetError) {
        guard let value = memo[number] else { throw damaged() }
        stack.append(value)
    }

    // MARK: - Objects

    private mutating func readObject(_ code: UInt8) throws(DatasetError) -> Bool {
        switch code {
        case UInt8(ascii: "c"):
            let module = try reader.line()
            let name = try reader.line()
            stack.append(.global(try TorchGlobal(module: module, name: name, path: path)))
        case 0x93:  // STACK_GLOBAL
            let names = try pop(count: 2)
            guard case .text(let module) = names[0], case .text(let name) = names[1] else {
                throw damaged()
            }
            stack.append(.global(try TorchGlobal(module: module, name: name, path: path)))
        case UInt8(ascii: "R"):
            let call = try pop(count: 2)
            guard case .global(let global) = call[0], let arguments = heap.tuple(call[1]) else {
                throw damaged()
            }
            try countCopies(arguments.first.flatMap(heap.sequence)?.count ?? 0)
            guard let object = heap.make(global, of: arguments) else { throw damaged() }
            stack.append(object)
        case UInt8(ascii: "Q"):  // BINPERSID
            guard let identity = heap.tuple(try pop()), let storage = heap.makeStorage(identity)
            else { throw damaged() }
            stack.append(storage)
        case UInt8(ascii: "b"):
            // The attributes of an ordered dictionary: versions of modules, without use here.
            _ = try pop()
            guard case .dictionary? = stack.last else { throw damaged() }
        default: return false
        }
        return true
    }

    // MARK: - The stack

    private var floor: Int { marks.last ?? 0 }

    private func top() throws(DatasetError) -> PickleValue {
        guard let value = stack.last, stack.count > floor else { throw damaged() }
        return value
    }

    private mutating func pop() throws(DatasetError) -> PickleValue {
        let value = try top()
        stack.removeLast()
        return value
    }

    private mutating func pop(count: Int) throws(DatasetError) -> [PickleValue] {
        guard stack.count - count >= floor else { throw damaged() }
        defer { stack.removeLast(count) }
        return Array(stack.suffix(count))
    }

    private mutating func popToMark() throws(DatasetError) -> [PickleValue] {
        guard let mark = marks.popLast() else { throw damaged() }
        defer { stack.removeSubrange(mark...) }
        return Array(stack[mark...])
    }

    private func damaged() -> DatasetError {
        DatasetError(
            .corrupt,
            "its pickle makes no sense at byte \(reader.position): it is damaged, or not by torch.save; "
                + "fetch it again",
            path: path
        )
    }
}
