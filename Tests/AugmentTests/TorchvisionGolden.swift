import Augment
import DatasetKit
import Foundation
import TestSupport
import Testing

/// A case of Tests/Fixtures/make_augment_fixtures.py: an image, what is done to it, and the planes
/// that torchvision makes of it.
struct TorchvisionGolden: Decodable, CustomTestStringConvertible, Sendable {
    /// What is compared: cases of a kind have one tolerance.
    enum Kind: String, Decodable, CaseIterable {
        case moves, nearest, warp, blur, gamma, grayscale, jpeg, mixup
        case colorJitter = "color-jitter"
        case resizePillow = "resize-pillow"
        case resizeRounded = "resize-rounded"
        case resizeFloats = "resize-floats"
    }

    var kind: Kind
    /// The name of an image in the same file.
    var image: String
    /// The name of the image that it is mixed with.
    var partner: String?
    var operations: PairTransform
    var width: Int
    var height: Int
    /// Floats of 4 bytes (CHW), 0 to 1.
    var planes: Data

    var testDescription: String {
        "\(kind.rawValue) of \(image): \(operations.summary), \(width)x\(height)"
    }

    var expected: [Float] { planes.floats }

    /// The largest difference to planes in −1…1, in units of 0…1.
    func difference(_ found: [Float]) -> Double {
        let expected = expected
        guard found.count == expected.count else { return .infinity }
        return zip(found, expected).reduce(0) { largest, pair in
            // Not-a-number must not be lost in the maximum.
            let difference = abs((Double(pair.0) + 1) / 2 - Double(pair.1))
            return difference <= largest ? largest : difference.isNaN ? .infinity : difference
        }
    }
}

/// Levels that torchvision scales and normalises.
struct TorchvisionLevels: Decodable, CustomTestStringConvertible, Sendable {
    /// How samples become levels from 0 to 1.
    enum Way: String, Decodable {
        /// Divided by the largest one, as `ToTensor` does.
        case division
        /// By the transform of version 2.
        case toDtype = "ToDtype"
    }

    var by: Way
    /// One channel of 16 × 16 samples.
    var type: SampleType
    var samples: Data
    /// Floats of 4 bytes, −1 to 1.
    var planes: Data

    var testDescription: String { "\(by.rawValue) of \(type.rawValue)" }
    var expected: [Float] { planes.floats }
    var image: Image {
        Image(
            size: ImageSize(width: 16, height: 16),
            channels: 1,
            sampleType: type,
            bytes: [UInt8](samples)
        )
    }
}

/// All that the fixture has.
struct TorchvisionFixture: Decodable, Sendable {
    private struct Source: Decodable {
        var name: String
        var type: SampleType
        var width: Int
        var height: Int
        var channels: Int
        var samples: Data
    }
    private enum Key: CodingKey { case images, levels, cases }

    var images: [String: Image] = [:]
    var levels: [TorchvisionLevels] = []
    var cases: [TorchvisionGolden] = []

    private init() {}

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        levels = try container.decode([TorchvisionLevels].self, forKey: .levels)
        cases = try container.decode([TorchvisionGolden].self, forKey: .cases)
        for source in try container.decode([Source].self, forKey: .images) {
            images[source.name] = Image(
                size: ImageSize(width: source.width, height: source.height),
                channels: source.channels,
                sampleType: source.type,
                bytes: [UInt8](source.samples)
            )
        }
    }

    /// The checked-in file; without cases where it cannot be read, which a test notices.
    static let all: TorchvisionFixture = {
        let path = "\(Places.fixtures)/augment.json"
        guard let bytes = try? FileSystem.contents(of: path),
            let fixture = try? JSONDecoder().decode(TorchvisionFixture.self, from: Data(bytes))
        else { return TorchvisionFixture() }
        return fixture
    }()
}

extension Data {
    /// Little-endian floats of 4 bytes.
    fileprivate var floats: [Float] {
        let bytes = [UInt8](self)
        return stride(from: 0, to: bytes.count / 4 * 4, by: 4).map { place in
            let bits = (0..<4).reduce(UInt32(0)) { bits, byte in
                bits | UInt32(bytes[place + byte]) << UInt32(8 * byte)
            }
            return Float(bitPattern: bits)
        }
    }
}
