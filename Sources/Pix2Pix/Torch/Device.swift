internal import CTorch

/// Where a tensor's elements lie and its operations run.
public struct Device: Hashable, Sendable, CustomStringConvertible {
    /// The shim's number for the kind of device.
    let kind: Int32
    /// Which CUDA device; 0 for the CPU.
    let index: Int32

    /// The processor.
    public static let cpu = Device(kind: Int32(CTORCH_CPU), index: 0)

    /// Finds a device by name.
    ///
    /// Names other than `cpu` load libtorch's CUDA half where there is one. libtorch looks for
    /// devices once, so a program asks for its device before it makes its first tensor.
    ///
    /// - Parameter name: `cpu`, `cuda`, `cuda:N`, or `auto`: CUDA if it can be used, else the CPU.
    /// - Throws: ``TorchError`` if the name is none of these, or CUDA cannot be used: the message
    ///   says why.
    public init(named name: String) throws(TorchError) {
        switch name {
        case "cpu":
            self = .cpu
        case "auto":
            self = CUDA.problem == nil ? Device(kind: Int32(CTORCH_CUDA), index: 0) : .cpu
        case "cuda":
            self = try Self.cuda(0, name: name)
        default:
            guard name.hasPrefix("cuda:"), let index = Int32(name.dropFirst(5)), index >= 0 else {
                throw TorchError(
                    operation: "device",
                    message: "expected auto, cpu, cuda or cuda:N, found \(name)"
                )
            }
            self = try Self.cuda(index, name: name)
        }
    }

    /// Takes the shim's numbers.
    init(kind: Int32, index: Int32) {
        self.kind = kind
        self.index = index
    }

    /// The name that ``init(named:)`` takes: `cpu`, `cuda:0`.
    public var description: String {
        isCUDA ? "cuda:\(index)" : "cpu"
    }

    /// Whether it is a CUDA device.
    public var isCUDA: Bool { kind == Int32(CTORCH_CUDA) }

    private static func cuda(_ index: Int32, name: String) throws(TorchError) -> Device {
        if let problem = CUDA.problem {
            throw TorchError(
                operation: "device",
                message: "\(name) cannot be used: \(problem); use --device cpu or auto"
            )
        }
        let count = try CUDA.deviceCount()
        guard index < count else {
            throw TorchError(
                operation: "device",
                message: "\(name) cannot be used: this machine has \(count) CUDA device(s), "
                    + "numbered from 0"
            )
        }
        return Device(kind: Int32(CTORCH_CUDA), index: index)
    }
}

/// The CUDA half of libtorch.
enum CUDA {
    /// Why CUDA cannot be used; `nil` if it can.
    ///
    /// Loads the library where libtorch comes with one.
    static var problem: String? {
        do {
            var loaded: Int32 = 0
            try check(unsafe ctorch_load_cuda(&loaded), "device")
            guard loaded == 1 else { return "this libtorch was built without CUDA" }
            return try deviceCount() == 0 ? "there is no CUDA device, or no driver for it" : nil
        } catch {
            return error.message
        }
    }

    /// The devices that can be used.
    static func deviceCount() throws(TorchError) -> Int32 {
        var count: Int32 = 0
        try check(unsafe ctorch_cuda_device_count(&count), "device")
        return count
    }
}
