import DatasetKit

/// A generator alone, ready for use: a safetensors file with the reference's `state_dict` names.
///
/// PyTorch loads it as it is: `generator.load_state_dict(load_file(path))`. The metadata `model` says
/// what it is (see ``ModelDescription``), `crc32` has zlib's CRC-32 of each tensor's bytes.
public enum ModelFile {
    /// The value of `format` in the metadata.
    public static let formatName = "p2p-model"
    /// The value of `version` in the metadata.
    public static let version = "1"

    /// Writes a generator: at any moment either the old or the whole new file is there.
    ///
    /// - Throws: ``DatasetError`` with code `io` or, for weights that are not finite, `corrupt`;
    ///   ``TorchError``.
    public static func write(
        _ generator: any Generator,
        _ model: ModelDescription,
        to path: String
    ) throws {
        do {
            try TensorFile.write(
                generator.state,
                metadata: [
                    "format": formatName, "version": version, "model": try TensorFile.text(model),
                    "software": try TensorFile.software(),
                ],
                to: path
            )
        } catch let error as TensorFile.NotFinite {
            throw DatasetError(
                .corrupt,
                "\(error.tensor) holds a value that is infinite or not a number: such a generator makes "
                    + "nothing; take an earlier checkpoint",
                path: path
            )
        }
    }
}
