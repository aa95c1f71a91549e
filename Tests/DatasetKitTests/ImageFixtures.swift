import DatasetKit
import FoundationEssentials
import TestSupport
import Testing

/// The small images that Tests/Fixtures/make_image_fixtures.py writes, and what Pillow makes of
/// them.
enum ImageFixtures {
    /// A file to be read.
    struct Accepted: Decodable, Sendable, CustomTestStringConvertible {
        var file: String
        var format: String
        var width: Int
        var height: Int
        var colorModel: String
        var channels: Int
        var hasAlpha: Bool
        var sampleType: SampleType
        var sourceBits: Int
        var isPalette: Bool
        var orientation: Int
        var pages: Int
        var hasColorProfile: Bool
        var hasWarnings: Bool
        var crc32: UInt32
        /// The checksum with ``DecodingOptions/keepsIndices``, where that makes a difference.
        var indices: UInt32?

        var testDescription: String { file }

        /// What the header says.
        func info() throws -> ImageInfo {
            ImageInfo(
                format: try #require(ImageFormat(rawValue: format)),
                size: ImageSize(width: width, height: height),
                colorModel: try #require(ColorModel(rawValue: colorModel)),
                channels: channels,
                hasAlpha: hasAlpha,
                sampleType: sampleType,
                sourceBits: sourceBits,
                isPalette: isPalette,
                orientation: orientation,
                pages: pages,
                hasColorProfile: hasColorProfile
            )
        }
    }

    /// A file to be refused, and a part of the reason.
    struct Refused: Decodable, Sendable, CustomTestStringConvertible {
        var file: String
        var code: String
        var message: String

        var testDescription: String { file }
    }

    private struct Expected: Decodable {
        var accepted: [Accepted] = []
        var refused: [Refused] = []
    }

    private static let expected: Expected = {
        guard let bytes = try? FileSystem.contents(of: path("expected.json")),
            let expected = try? JSONDecoder().decode(Expected.self, from: Data(bytes))
        else { return Expected() }
        return expected
    }()

    static let accepted = expected.accepted
    static let refused = expected.refused

    static func path(_ file: String) -> String { "\(Places.fixtures)/images/\(file)" }

    static func bytes(_ file: String) throws -> [UInt8] {
        try FileSystem.contents(of: path(file))
    }

    static func crc32(_ bytes: [UInt8]) -> UInt32 {
        unsafe bytes.withUnsafeBytes { unsafe Checksum.crc32($0) }
    }
}

/// Decodes what a test has damaged: an image, or an error that says why not.
func decodeDamaged(_ bytes: [UInt8], pixelLimit: Int = 1_000_000) -> Image? {
    do throws(DatasetError) {
        let options = DecodingOptions(pixelLimit: pixelLimit)
        return try ImageCodec.decode(bytes, path: "damaged", options: options).image
    } catch {
        #expect(!error.message.isEmpty)
        #expect(error.path == "damaged")
        #expect([.corrupt, .unsupported, .tooLarge].contains(error.code), "\(error)")
        return nil
    }
}
