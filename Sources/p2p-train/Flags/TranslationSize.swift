import ArgumentParser
import DatasetKit
import Pix2Pix

/// The size that images are translated at.
enum TranslationSize: ExpressibleByArgument {
    /// Each image's own.
    case original
    /// The size that the model was trained on.
    case model
    /// This one.
    case pixels(ImageSize)

    /// Reads `original`, `model`, `N` or `WxH`.
    init?(argument: String) {
        switch argument {
        case "original": self = .original
        case "model": self = .model
        default:
            let parts = argument.split(separator: "x", omittingEmptySubsequences: false)
            let numbers = parts.compactMap { Int($0) }
            guard (1...2).contains(parts.count), numbers.count == parts.count,
                numbers.allSatisfy({ (1...65_500).contains($0) })
            else { return nil }
            self = .pixels(ImageSize(width: numbers[0], height: numbers[numbers.count - 1]))
        }
    }

    /// The size to give images; `nil` leaves them as they are.
    func size(for model: ModelDescription) -> ImageSize? {
        switch self {
        case .original: nil
        case .model: model.imageSize
        case .pixels(let size): size
        }
    }

    var defaultValueDescription: String { "original" }
}
