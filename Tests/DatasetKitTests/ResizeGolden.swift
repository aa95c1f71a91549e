import DatasetKit
import FoundationEssentials
import TestSupport
import Testing

/// A case of Tests/Fixtures/make_resize_fixtures.py: what Pillow was asked and the CRCs it gave.
struct ResizeGolden: Decodable, CustomTestStringConvertible, Sendable {
    enum Kind: String, Decodable { case resize, fit, pad }
    enum Mode: String, Decodable {
        case l = "L"
        case la = "LA"
        case rgb = "RGB"
        case rgba = "RGBA"
        case i16 = "I;16"
        case f = "F"

        var channels: Int {
            switch self {
            case .l, .i16, .f: 1
            case .la: 2
            case .rgb: 3
            case .rgba: 4
            }
        }
        var hasAlpha: Bool { self == .la || self == .rgba }
    }
    enum CodingKeys: CodingKey { case `case`, crc }

    var kind: Kind
    var mode: Mode
    var source: ImageSize
    var size: ImageSize
    var filter: ResizeFilter
    /// The box, or the colour to pad with.
    var rest: [Double] = []
    /// One CRC-32, or those of Pillow 12 and 13 where they differ.
    var crc: [UInt32]

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        crc = try container.decode([UInt32].self, forKey: .crc)
        var list = try container.nestedUnkeyedContainer(forKey: .case)
        kind = try list.decode(Kind.self)
        mode = try list.decode(Mode.self)
        source = try ImageSize(width: list.decode(Int.self), height: list.decode(Int.self))
        size = try ImageSize(width: list.decode(Int.self), height: list.decode(Int.self))
        filter = try list.decode(ResizeFilter.self)
        while !list.isAtEnd { rest.append(try list.decode(Double.self)) }
    }

    static let all: [ResizeGolden] = {
        let path = "\(Places.fixtures)/resize.json"
        guard let bytes = try? FileSystem.contents(of: path),
            let cases = try? JSONDecoder().decode([ResizeGolden].self, from: Data(bytes))
        else { return [] }
        return cases
    }()

    static func all(_ kinds: Kind...) -> [ResizeGolden] { all.filter { kinds.contains($0.kind) } }

    var testDescription: String { "\(kind) \(mode.rawValue) \(source) \(size) \(filter) \(rest)" }

    var box: ResizeBox? {
        guard kind == .resize && rest.count == 4 else { return nil }
        return ResizeBox(
            left: Float(rest[0]),
            top: Float(rest[1]),
            right: Float(rest[2]),
            bottom: Float(rest[3])
        )
    }

    func expected(_ resampler: Resampler) -> UInt32? {
        resampler == .pillow12 ? crc.first : crc.last
    }

    /// The noise that the fixture script made.
    var image: Image {
        let count = source.width * source.height * mode.channels
        switch mode {
        case .l, .la, .rgb, .rgba:
            return Image(size: source, channels: mode.channels, bytes: Noise.bytes(count))
        case .i16:
            let bytes = Noise.bytes(2 * count)
            return Image(size: source, channels: 1, sampleType: .u16, bytes: bytes)
        case .f:
            let bytes = Noise.bytes(count).flatMap { byte in
                let bits = ((Float(byte) - 64) / 2).bitPattern
                return (0..<4).map { UInt8(truncatingIfNeeded: bits >> (8 * $0)) }
            }
            return Image(size: source, channels: 1, sampleType: .f32, bytes: bytes)
        }
    }
}

/// The CRC-32 of an image's bytes.
func crc32(_ image: Image) -> UInt32 {
    unsafe image.bytes.withUnsafeBytes { unsafe Checksum.crc32($0) }
}
