/// The names of Python that a state dict needs: all that a file may ask for.
///
/// Nothing is ever called or looked up: each stands for something that ``PickleReader`` does itself.
enum TorchGlobal {
    /// `collections.OrderedDict`.
    case orderedDictionary
    /// `torch.Size`: a tuple of integers.
    case size
    /// `torch._utils._rebuild_tensor` and its second version: storage, offset, shape, strides, and more.
    case tensor
    /// `torch._utils._rebuild_parameter`, with and without further state: a tensor, and more.
    case parameter
    /// `torch.FloatStorage` and its like: a type of numbers.
    case storage(SafetensorsType)

    /// All of them by module and name.
    private static let known: [String: TorchGlobal] = [
        "collections.OrderedDict": .orderedDictionary,
        "torch.Size": .size,
        "torch._utils._rebuild_tensor": .tensor,
        "torch._utils._rebuild_tensor_v2": .tensor,
        "torch._utils._rebuild_parameter": .parameter,
        "torch._utils._rebuild_parameter_with_state": .parameter,
        "torch.DoubleStorage": .storage(.f64),
        "torch.FloatStorage": .storage(.f32),
        "torch.HalfStorage": .storage(.f16),
        "torch.BFloat16Storage": .storage(.bf16),
        "torch.LongStorage": .storage(.i64),
        "torch.IntStorage": .storage(.i32),
        "torch.ShortStorage": .storage(.i16),
        "torch.CharStorage": .storage(.i8),
        "torch.ByteStorage": .storage(.u8),
        "torch.BoolStorage": .storage(.bool),
    ]

    /// Finds a name.
    ///
    /// - Throws: ``DatasetError`` with code `unsupported`, naming it and saying why, for all others.
    init(module: String, name: String, path: String) throws(DatasetError) {
        guard let global = Self.known["\(module).\(name)"] else {
            throw Self.refusal(of: "\(module).\(name)", named: name, path: path)
        }
        self = global
    }

    /// Why a name is refused.
    private static func refusal(
        of global: String,
        named name: String,
        path: String
    ) -> DatasetError {
        let found =
            if name.hasSuffix("Storage") {
                "numbers of the kind \(global.forMessages), which p2p does not read"
            } else if name.split(separator: ".").last?.first?.isUppercase == true {
                // Classes are written with a capital letter, functions without.
                "an object of the Python class \(global.forMessages), such as a whole pickled module"
            } else {
                "a call of the Python function \(global.forMessages)"
            }
        return DatasetError(
            .unsupported,
            "expected a state dict, found \(found); nothing of it was run, and p2p makes nothing of a "
                + "file but dictionaries and tensors; if you trust it, load it in PyTorch and write "
                + "torch.save(net.state_dict(), \"weights.pth\")",
            path: path
        )
    }
}
