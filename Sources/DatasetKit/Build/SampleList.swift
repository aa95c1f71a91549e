import FoundationEssentials

/// `samples.jsonl`: where each pair of a dataset came from, one JSON object per line.
///
/// `{"split", "index", "key", "group", "files": [{"path", "sha256", "width", "height"}]}`: one file for
/// a side-by-side pair, else the input's and the target's; `index` is the pair's number in its split;
/// paths are relative to the source's folder, sizes those of the upright image.
enum SampleList {
    /// The file's name in a dataset's folder.
    static let fileName = "samples.jsonl"

    /// Writes the list.
    ///
    /// - Throws: ``DatasetError`` with code `io`.
    static func write(_ pairs: [SourcePair], to folder: String) throws(DatasetError) {
        let file = try OutputFile(path: "\(folder)/\(fileName)")
        var buffer: [UInt8] = []
        var offset = 0
        var split = DatasetSplit.train
        var index = 0
        for pair in pairs {
            if pair.split != split { (split, index) = (pair.split, 0) }
            buffer.append(contentsOf: line(pair, index: index).utf8)
            index += 1
            if buffer.count >= 1 << 20 { try flush(&buffer, to: file, at: &offset) }
        }
        try flush(&buffer, to: file, at: &offset)
        try file.commit()
    }

    /// What a list says of each pair, for telling two datasets apart: split and key, file hashes.
    ///
    /// - Returns: `nil` if the folder has no list that can be read.
    static func hashes(in folder: String) -> [String: String]? {
        guard let bytes = try? FileSystem.contents(of: "\(folder)/\(fileName)") else { return nil }
        var result: [String: String] = [:]
        for line in bytes.split(separator: UInt8(ascii: "\n")) {
            guard
                let value = try? JSONValue.parse(Data(line), path: fileName, code: .corrupt),
                case .object(let members) = value,
                case .string(let split) = members["split"], case .string(let key) = members["key"],
                case .array(let files) = members["files"]
            else { return nil }
            let hashes = files.map { file -> String in
                guard case .object(let file) = file, case .string(let hash) = file["sha256"] else {
                    return ""
                }
                return hash
            }
            result["\(split)/\(key)"] = hashes.joined(separator: " ")
        }
        return result
    }

    private static func line(_ pair: SourcePair, index: Int) -> String {
        let files = pair.files.all.map { file in
            "{\"path\":\(JSONText.quoted(file.path)),\"sha256\":\"\(file.sha256.hexadecimal)\","
                + "\"width\":\(file.info.size.width),\"height\":\(file.info.size.height)}"
        }
        return "{\"split\":\"\(pair.split.rawValue)\",\"index\":\(index),"
            + "\"key\":\(JSONText.quoted(pair.key)),"
            + (pair.group.map { "\"group\":\(JSONText.quoted($0))," } ?? "")
            + "\"files\":[\(files.joined(separator: ","))]}\n"
    }

    private static func flush(
        _ buffer: inout [UInt8],
        to file: OutputFile,
        at offset: inout Int
    ) throws(DatasetError) {
        try unsafe file.write(buffer.span.bytes, at: offset)
        offset += buffer.count
        buffer.removeAll(keepingCapacity: true)
    }
}
