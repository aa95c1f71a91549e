extension JSONValue {
    /// Where two documents differ: the path of each member, with the value before and after.
    ///
    /// - Parameters:
    ///   - older: The document before.
    ///   - path: The path of both in their documents.
    /// - Returns: Such as `resize.width was 286, is 256`, sorted by path.
    package func differences(from older: JSONValue, path: String = "") -> [String] {
        if self == older { return [] }
        guard case .object(let new) = self, case .object(let old) = older else {
            return ["\(path) was \(older.short), is \(short)"]
        }
        return Set(new.keys).union(old.keys).sorted().flatMap { key -> [String] in
            let place = path.isEmpty ? key : "\(path).\(key)"
            return switch (old[key], new[key]) {
            case (let before?, let after?): after.differences(from: before, path: place)
            case (let before?, nil): ["\(place) was \(before.short), is not set"]
            case (nil, let after?): ["\(place) was not set, is \(after.short)"]
            case (nil, nil): []
            }
        }
    }

    /// The value on one line, cut where it is long.
    private var short: String {
        let text = (try? JSONText.canonical(self)).map { String(decoding: $0, as: UTF8.self) } ?? ""
        return text.count > 60 ? "\(text.prefix(59))…" : text
    }
}
