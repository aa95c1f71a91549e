import DatasetKit
import Testing

@Suite struct CSVTableTests {
    private func rows(_ text: String) throws -> (header: [String], rows: [CSVTable.Row]) {
        var table = try CSVTable(Array(text.utf8), path: "t.csv")
        var rows: [CSVTable.Row] = []
        while let row = try table.next() { rows.append(row) }
        return (table.header, rows)
    }

    private func table(_ text: String) throws -> [[String]] {
        let (header, rows) = try rows(text)
        return [header] + rows.map(\.fields)
    }

    @Test(arguments: [
        ("a,b\n1,2\n", [["a", "b"], ["1", "2"]]),
        ("a,b\r\n1,2\r\n", [["a", "b"], ["1", "2"]]),
        ("\u{FEFF}a,b\n1,2", [["a", "b"], ["1", "2"]]),
        ("a\tb\n1, x\t2\n", [["a", "b"], ["1, x", "2"]]),
        ("a;b\n1;2\n", [["a", "b"], ["1", "2"]]),
        ("a,b\n\"x,\"\"y\"\"\nz\",2\n", [["a", "b"], ["x,\"y\"\nz", "2"]]),
        ("a,b\n\"\",\n", [["a", "b"], ["", ""]]),
        ("a,b\n\n1,2\n\n", [["a", "b"], ["1", "2"]]),
        ("a,b\n\"1\"\r\n", nil), ("a,b\n1\n", nil), ("a,b\n1,2,3\n", nil),
        ("a,b\n\"1,2\n3,4\n", nil), ("a,b\n\"1\"x,2\n", nil),
    ])
    func rowsAreReadOrRefused(_ text: String, _ rows: [[String]]?) throws {
        if let rows {
            #expect(try table(text) == rows)
        } else {
            #expect(throws: DatasetError.self) { try table(text) }
        }
    }

    @Test func linesAreCountedThroughQuotes() throws {
        #expect(try rows("a,b\n\"1\n2\",3\n4,5\n").rows.map(\.line) == [2, 4])
    }
}
