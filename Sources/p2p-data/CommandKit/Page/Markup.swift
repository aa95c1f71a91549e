public import DatasetKit
import FoundationEssentials

/// Text for a page.
public enum Markup {
    /// The text with what HTML would read as markup replaced.
    public static func escaped(_ text: String) -> String {
        var result = ""
        for character in text {
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            default: result.append(character)
            }
        }
        return result
    }

    /// The text with a capital at the beginning.
    public static func capitalized(_ text: String) -> String {
        text.prefix(1).uppercased() + text.dropFirst()
    }

    /// A share such as `12.3 %`.
    public static func percent(_ share: Double) -> String {
        "\(Readable.fixed(100 * share, decimals: 1)) %"
    }

    /// A diagram of bars.
    ///
    /// - Parameters:
    ///   - counts: The heights.
    ///   - labels: What stands below the first, the middle and the last bar.
    /// - Returns: An `svg` element.
    public static func bars(_ counts: [Int], labels: [String]) -> String {
        let highest = Double(max(1, counts.max() ?? 1))
        let width = 300.0 / Double(max(1, counts.count))
        let bars = counts.enumerated().filter { $0.element > 0 }.map { place, count in
            let height = max(1.5, 70 * Double(count) / highest)
            return "<rect x=\"\(Readable.fixed(Double(place) * width + 1, decimals: 1))\" "
                + "y=\"\(Readable.fixed(74 - height, decimals: 1))\" "
                + "width=\"\(Readable.fixed(width - 2, decimals: 1))\" "
                + "height=\"\(Readable.fixed(height, decimals: 1))\" rx=\"2\">"
                + "<title>\(count)</title></rect>"
        }
        let anchors = [(0, "start"), (150, "middle"), (300, "end")]
        let texts = zip(anchors, labels).map { anchor, label in
            "<text x=\"\(anchor.0)\" y=\"90\" text-anchor=\"\(anchor.1)\">\(escaped(label))</text>"
        }
        return """
            <svg viewBox="0 0 300 94" role="img"><line x1="0" x2="300" y1="74.5" y2="74.5"/>\
            \(bars.joined())\(texts.joined())</svg>
            """
    }

    /// An image as an `img` element that holds it, as JPEG.
    ///
    /// - Throws: ``DatasetError`` for an image that is neither 8-bit grey nor RGB.
    public static func picture(
        _ image: Image,
        _ name: String,
        quality: Int = 85
    ) throws(DatasetError) -> String {
        let data = Data(try ImageCodec.encodeJPEG(image, quality: quality)).base64EncodedString()
        return """
            <img alt="\(escaped(name))" title="\(escaped(name))" width="\(image.width)" \
            height="\(image.height)" src="data:image/jpeg;base64,\(data)">
            """
    }

    /// A whole page: nothing in it is fetched from elsewhere.
    public static func page(title: String, style: String, body: String) -> String {
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>\(escaped(title))</title>
        <style>\(style)</style>
        </head>
        <body>
        <main>
        \(body)
        </main>
        </body>
        </html>

        """
    }
}
