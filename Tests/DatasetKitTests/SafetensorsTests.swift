import DatasetKit
import TestSupport
import Testing

@Suite struct SafetensorsTests {
    private let header = SafetensorsHeader(
        [("a", .i64, [2]), ("b \"quoted\"", .u8, [3, 1]), ("empty", .f32, [0, 4])],
        metadata: ["note": "line\nbreak"]
    )
    private let data = [UInt8](0..<19)

    /// A file as ``SafetensorsHeader`` describes it.
    private func file(_ json: String, data: Int = 0) -> [UInt8] {
        let length = json.utf8.count
        return (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + Array(json.utf8)
            + [UInt8](repeating: 0, count: data)
    }

    @Test func theBytesAreTheFormats() {
        let small = SafetensorsHeader([("a", .u8, [2])], metadata: [:])
        let json = "{\"a\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2]}}"
        let expected = [UInt8(json.utf8.count + 3), 0, 0, 0, 0, 0, 0, 0] + Array("\(json)   ".utf8)
        #expect(small.encoded() == expected)
    }

    @Test func readsWhatItWrites() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(header.encoded(alignment: 4096) + data, to: "x.safetensors")
        let file = try SafetensorsFile(path: path)
        #expect(file.header == header)
        #expect(file.metadata == ["note": "line\nbreak"])
        #expect(file.fileLength == 4096 + 19)
        let bytes = try unsafe file.withBytes(of: "b \"quoted\"") { unsafe Array($0) }
        #expect(bytes == [16, 17, 18])
    }

    @Test func aFileCutAnywhereIsRefused() throws {
        let folder = try TemporaryFolder()
        let whole = header.encoded() + data
        for length in 0..<whole.count {
            let path = try folder.write(whole[..<length], to: "cut")
            let error = #expect(throws: DatasetError.self) { try SafetensorsFile(path: path) }
            #expect(error?.code == .corrupt)
        }
        let longer = try folder.write(whole + [0], to: "longer")
        #expect(throws: DatasetError.self) { try SafetensorsFile(path: longer) }
    }

    @Test(arguments: [
        "[]", "{", "{\"a\":1}", "{\"__metadata__\":{\"x\":1}}",
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,3]}}",
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[-1],\"data_offsets\":[0,4]}}",
        "{\"a\":{\"dtype\":\"X8\",\"shape\":[4],\"data_offsets\":[0,4]}}",
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[1,4]}}",
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4]},"
            + "\"b\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[2,4]}}",
        "{\"a\":{\"dtype\":\"I64\",\"shape\":[4611686018427387904,4],\"data_offsets\":[0,4]}}",
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4],\"more\":1}}",
    ])
    func oddHeadersAreRefused(_ json: String) throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(file(json, data: 4), to: "odd")
        let error = #expect(throws: DatasetError.self) { try SafetensorsFile(path: path) }
        #expect(error?.code == .corrupt)
        #expect(error?.path == path)
    }

    @Test func aHeaderThatClaimsTooMuchIsRefused() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write([UInt8](repeating: 0xff, count: 64), to: "huge")
        #expect(throws: DatasetError.self) { try SafetensorsFile(path: path) }
    }
}
