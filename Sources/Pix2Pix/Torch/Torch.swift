internal import CTorch

/// libtorch as a whole: version, threads, random numbers.
public enum Torch {
    /// The version of the libtorch in use, such as `2.13.0`.
    public static var version: String {
        let marker = "TORCH_VERSION="
        for part in configuration.split(whereSeparator: { $0 == "," || $0.isWhitespace })
        where part.hasPrefix(marker) {
            return String(part.dropFirst(marker.count))
        }
        return headerVersion
    }

    /// The version of the headers that this program was compiled with.
    public static var headerVersion: String {
        text { unsafe ctorch_header_version($0) }
    }

    /// How the libtorch in use was built, several lines.
    public static var configuration: String {
        text { unsafe ctorch_configuration($0) }
    }

    /// Threads that one operation may use.
    ///
    /// - Throws: ``TorchError`` if libtorch cannot say.
    public static var threads: Int {
        get throws(TorchError) {
            var count: Int32 = 0
            try check(unsafe ctorch_threads(&count))
            return Int(count)
        }
    }

    /// Sets how many threads one operation may use.
    ///
    /// Results are bit-equal only between runs with the same number.
    ///
    /// - Parameter count: At least 1.
    /// - Throws: ``TorchError`` if the number is impossible.
    public static func setThreads(_ count: Int) throws(TorchError) {
        try check(ctorch_set_threads(Int32(clamping: count)))
    }

    /// Seeds the default random number generators of the CPU and of all CUDA devices in use.
    ///
    /// Initialisation and dropout draw from them.
    ///
    /// - Parameter seed: As for PyTorch's `torch.manual_seed`: the same seed draws the same
    ///   numbers.
    /// - Throws: ``TorchError`` if libtorch refuses.
    public static func seed(_ seed: UInt64) throws(TorchError) {
        try check(ctorch_seed(seed))
    }

    /// A copy of the state of a device's default random number generator.
    ///
    /// - Parameter device: The CPU or a CUDA device.
    /// - Returns: Bytes on the CPU, ``ElementType/uint8``, as PyTorch's `torch.get_rng_state`.
    /// - Throws: ``TorchError`` if libtorch refuses.
    public static func generatorState(of device: Device) throws(TorchError) -> Tensor {
        try .made { unsafe ctorch_generator_state(device.kind, device.index, $0) }
    }

    /// Brings a device's default random number generator back to an earlier state.
    ///
    /// - Parameters:
    ///   - state: What ``generatorState(of:)`` gave.
    ///   - device: The CPU or a CUDA device.
    /// - Throws: ``TorchError`` if it is not such a state.
    public static func setGeneratorState(
        _ state: Tensor,
        of device: Device
    ) throws(TorchError) {
        try state.changing {
            unsafe ctorch_set_generator_state(device.kind, device.index, state.handle)
        }
    }

    /// Tensors of this process that are in use and not yet freed.
    public static var liveTensorCount: Int {
        var count: Int64 = 0
        _ = unsafe ctorch_live_tensors(&count)
        return Int(count)
    }

    /// Whether a CUDA device can be used; loads libtorch's CUDA half where there is one.
    public static var cudaIsAvailable: Bool { CUDA.problem == nil }

    /// Why no CUDA device can be used; `nil` if one can.
    public static var cudaProblem: String? { CUDA.problem }

    /// Reads a text that the library owns for ever.
    @safe
    private static func text(
        _ read: (UnsafeMutablePointer<UnsafePointer<CChar>?>) -> Int32
    ) -> String {
        var pointer: UnsafePointer<CChar>?
        guard unsafe read(&pointer) == 0, let pointer = unsafe pointer else { return "unknown" }
        return unsafe String(cString: pointer)
    }
}
