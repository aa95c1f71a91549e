/// Reads the members of one JSON object by name and refuses what is left over.
///
/// Every error names the file, the JSON path and what is allowed there.
package struct JSONObjectReader {
    /// The file, for messages.
    package let file: String
    /// The path of the object in the document, such as `resize` or `augment[0]`; empty at the top.
    package let path: String
    private let members: [String: JSONValue]
    private var known: [String] = []

    /// Wraps an object.
    ///
    /// - Throws: ``DatasetError`` with code `invalidRecipe` if the value is something else.
    package init(_ value: JSONValue, file: String, path: String) throws(DatasetError) {
        guard case .object(let members) = value else {
            let place = path.isEmpty ? "" : "\(path): "
            throw DatasetError(
                .invalidRecipe,
                "\(place)expected an object, found \(value.summary)",
                path: file
            )
        }
        self.members = members
        self.file = file
        self.path = path
    }

    /// Whether the object has a member, without reading it.
    package func has(_ key: String) -> Bool { members[key] != nil }

    /// A member of any type.
    package mutating func value(_ key: String) -> JSONValue? {
        known.append(key)
        return members[key]
    }

    /// A text.
    package mutating func string(_ key: String) throws(DatasetError) -> String? {
        guard let value = value(key) else { return nil }
        guard case .string(let text) = value else {
            throw error(key, expected: "a text", found: value)
        }
        return text
    }

    /// A truth value.
    package mutating func flag(_ key: String) throws(DatasetError) -> Bool? {
        guard let value = value(key) else { return nil }
        guard case .bool(let flag) = value else {
            throw error(key, expected: "true or false", found: value)
        }
        return flag
    }

    /// One of a fixed set of texts.
    package mutating func choice<Choice: RawRepresentable & CaseIterable>(
        _ key: String,
        as type: Choice.Type
    ) throws(DatasetError) -> Choice? where Choice.RawValue == String {
        guard let value = value(key) else { return nil }
        guard case .string(let text) = value, let choice = Choice(rawValue: text) else {
            let allowed = Choice.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
            throw error(key, expected: "one of \(allowed)", found: value)
        }
        return choice
    }

    /// A whole number in a range.
    package mutating func integer(
        _ key: String,
        in range: ClosedRange<Int>
    ) throws(DatasetError) -> Int? {
        guard let value = value(key) else { return nil }
        guard case .integer(let number) = value, range.contains(number) else {
            let bounds = "\(range.lowerBound) to \(range.upperBound)"
            throw error(key, expected: "a whole number from \(bounds)", found: value)
        }
        return number
    }

    /// A number in a range.
    package mutating func number(
        _ key: String,
        in range: ClosedRange<Double>
    ) throws(DatasetError) -> Double? {
        guard let value = value(key) else { return nil }
        guard let number = value.number, range.contains(number) else {
            let limit = range.upperBound
            let bounds =
                limit < .greatestFiniteMagnitude
                ? "from \(range.lowerBound) to \(limit)" : "of at least \(range.lowerBound)"
            throw error(key, expected: "a number \(bounds)", found: value)
        }
        return number
    }

    /// A nested object.
    package mutating func object(_ key: String) throws(DatasetError) -> JSONObjectReader? {
        guard let value = value(key) else { return nil }
        return try JSONObjectReader(value, file: file, path: pathOf(key))
    }

    /// A list.
    package mutating func array(_ key: String) throws(DatasetError) -> [JSONValue]? {
        guard let value = value(key) else { return nil }
        guard case .array(let items) = value else {
            throw error(key, expected: "a list", found: value)
        }
        return items
    }

    /// Ends the reading: a member that nobody asked for is an error.
    ///
    /// - Throws: ``DatasetError`` naming the unknown keys and those that exist.
    package func finish() throws(DatasetError) {
        let unknown = Set(members.keys).subtracting(known).sorted()
        guard let first = unknown.first else { return }
        let allowed = known.sorted().joined(separator: ", ")
        let hint =
            EditDistance.closest(to: first, among: known).map { "; did you mean \($0)?" } ?? ""
        let word = unknown.count == 1 ? "unknown key" : "unknown keys"
        throw DatasetError(
            .invalidRecipe,
            "\(word) \(unknown.map(pathOf).joined(separator: ", "))\(hint) (allowed here: \(allowed))",
            path: file
        )
    }

    /// An error about one member.
    package func error(_ key: String, _ message: String) -> DatasetError {
        DatasetError(.invalidRecipe, "\(pathOf(key)): \(message)", path: file)
    }

    /// An error about a member of the wrong type or value.
    package func error(_ key: String, expected: String, found: JSONValue) -> DatasetError {
        error(key, "expected \(expected), found \(found.summary)")
    }

    private func pathOf(_ key: String) -> String {
        path.isEmpty ? key : "\(path).\(key)"
    }
}
