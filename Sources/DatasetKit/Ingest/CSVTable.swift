/// A table in CSV or TSV as RFC 4180 has it, read row by row: a header, quotes, quotes within quotes
/// doubled.
///
/// Own code because no pair may be lost: a missing quote, which common readers answer with one
/// enormous field, is an error here, and so is a row with too many or too few fields.
package struct CSVTable {
    /// One row: the line it starts on (from 1), and its fields.
    package struct Row {
        package var line: Int
        package var fields: [String]
    }

    /// The names of the columns; none in an empty table.
    package let header: [String]
    private var scanner: Scanner

    /// Reads a table's header.
    ///
    /// - Parameters:
    ///   - text: The file's bytes: UTF-8, with or without a byte order mark.
    ///   - path: For errors.
    /// - Throws: ``DatasetError`` with code `corrupt`, naming the line.
    package init(_ text: [UInt8], path: String) throws(DatasetError) {
        var bytes = text[...]
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes = bytes.dropFirst(3) }
        let firstLine = bytes.prefix { $0 != Self.newline }
        let separator =
            firstLine.contains(Self.tab)
            ? Self.tab
            : firstLine.contains(Self.comma)
                ? Self.comma
                : firstLine.contains(Self.semicolon) ? Self.semicolon : Self.comma
        scanner = Scanner(bytes: bytes, separator: separator, path: path)
        header = try scanner.nextFilled()?.fields ?? []
    }

    /// Reads the next row; empty lines are left out.
    ///
    /// - Returns: The row, or `nil` after the last.
    /// - Throws: ``DatasetError`` with code `corrupt`, naming the line.
    package mutating func next() throws(DatasetError) -> Row? {
        guard let row = try scanner.nextFilled() else { return nil }
        guard row.fields.count == header.count else {
            throw DatasetError(
                .corrupt,
                "line \(row.line): expected \(header.count) fields as in the header, found "
                    + "\(row.fields.count); quote fields that contain separators",
                path: scanner.path
            )
        }
        return row
    }

    private static let newline = UInt8(ascii: "\n")
    private static let comma = UInt8(ascii: ",")
    private static let semicolon = UInt8(ascii: ";")
    private static let tab = UInt8(ascii: "\t")
    private static let quote = UInt8(ascii: "\"")

    /// Reads row by row.
    private struct Scanner {
        var bytes: ArraySlice<UInt8>
        let separator: UInt8
        let path: String
        var line = 1

        /// The next row that is not an empty line.
        mutating func nextFilled() throws(DatasetError) -> Row? {
            while let row = try next() {
                if row.fields != [""] { return row }
            }
            return nil
        }

        private mutating func next() throws(DatasetError) -> Row? {
            guard !bytes.isEmpty else { return nil }
            var row = Row(line: line, fields: [])
            while true {
                row.fields.append(try field(of: row))
                guard let end = bytes.popFirst() else { return row }
                if end == CSVTable.newline {
                    line += 1
                    return row
                }
            }
        }

        /// Reads up to the separator or the line's end, which stays.
        private mutating func field(of row: Row) throws(DatasetError) -> String {
            guard bytes.first == CSVTable.quote else {
                let field = bytes.prefix { $0 != separator && $0 != CSVTable.newline }
                bytes = bytes.dropFirst(field.count)
                return try text(field.last == UInt8(ascii: "\r") ? field.dropLast() : field)
            }
            bytes = bytes.dropFirst()
            var content: [UInt8] = []
            while let byte = bytes.popFirst() {
                if byte == CSVTable.newline { line += 1 }
                guard byte == CSVTable.quote else {
                    content.append(byte)
                    continue
                }
                if bytes.first == CSVTable.quote {
                    content.append(CSVTable.quote)
                    bytes = bytes.dropFirst()
                    continue
                }
                if bytes.starts(with: [UInt8(ascii: "\r"), CSVTable.newline]) {
                    bytes = bytes.dropFirst()
                }
                guard bytes.isEmpty || bytes.first == separator || bytes.first == CSVTable.newline
                else { throw error("text after a closing quote") }
                return try text(content[...])
            }
            throw DatasetError(
                .corrupt,
                "line \(row.line): a quote is opened and never closed",
                path: path
            )
        }

        private func text(_ bytes: ArraySlice<UInt8>) throws(DatasetError) -> String {
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw error("not valid UTF-8; save the table as UTF-8")
            }
            return text
        }

        private func error(_ message: String) -> DatasetError {
            DatasetError(.corrupt, "line \(line): \(message)", path: path)
        }
    }
}
