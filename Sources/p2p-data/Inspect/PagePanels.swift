import CommandKit
import DatasetKit

/// What one side's images have in common.
struct SidePanel {
    private let side: SideReport
    private let title: String

    init(_ side: SideReport, title: String) {
        self.side = side
        self.title = title
    }

    /// The panel.
    var html: String {
        """
        <section class="panel"><h3>\(title)</h3>
        <h4>Brightness of the images</h4>
        \(Markup.bars(side.brightness.histogram, labels: ["dark", "", "bright"]))
        <table>\(rows.map { "<tr><th>\($0)</th><td>\($1)</td></tr>" }.joined())</table>
        \(palette)
        </section>
        """
    }

    private var rows: [(String, String)] {
        var sizes = side.sizes.prefix(4).map { "\($0.width)×\($0.height): \($0.count)" }
        if side.sizes.count > 4 { sizes.append("and \(side.sizes.count - 4) more sizes") }
        func list(_ values: [Double]) -> String {
            values.map { Readable.fixed($0, decimals: 3) }.joined(separator: " · ")
        }
        func counts(_ values: [String: Int]) -> String {
            values.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
                .joined(separator: ", ")
        }
        var rows = [
            ("Size", sizes.joined(separator: "<br>")), ("Channels", counts(side.channels)),
            ("Type", counts(side.sampleTypes)),
            ("Range", side.range.map { Readable.fixed($0, decimals: 0) }.joined(separator: " … ")),
            ("Mean", list(side.channelMean)), ("Deviation", list(side.channelDeviation)),
        ]
        if side.grayInRGB > 0 { rows.append(("Grey in RGB", "\(side.grayInRGB)")) }
        return rows
    }

    private var palette: String {
        guard let map = side.labelMap else { return "" }
        let swatches = map.colors.prefix(32).map { color in
            """
            <li><i style="background:\(color.color)"></i><code>\(color.color)</code> \
            \(Markup.percent(color.share))</li>
            """
        }
        let state =
            map.isClean
            ? "no other colours"
            : "\(map.distinctColors) colours in an image (median), \(Markup.percent(map.strayShare)) "
                + "of the pixels are off"
        return """
            <h4>Label map of \(map.count) colours: \(state)</h4>
            <ul class="palette">\(swatches.joined())</ul>
            """
    }
}

/// The shifts between input and target.
struct ShiftPanel {
    private let registration: RegistrationReport

    /// So far from the mode shifts have a bar of their own.
    private static let reach = 8

    init(_ registration: RegistrationReport) {
        self.registration = registration
    }

    /// The panel; empty where nothing can be told.
    var html: String {
        guard registration.reliable > 0 else { return "" }
        func bars(_ value: (RegistrationReport.ShiftCount) -> Int) -> String {
            var counts = [Int](repeating: 0, count: 2 * Self.reach + 1)
            for shift in registration.shifts {
                let place = max(-Self.reach, min(Self.reach, value(shift))) + Self.reach
                counts[place] += shift.count
            }
            return Markup.bars(counts, labels: ["-\(Self.reach) px", "0", "+\(Self.reach) px"])
        }
        let reliability =
            registration.isReliable
            ? ""
            : " Too few to find misregistered pairs by: input and target have few edges in common."
        return """
            <h2>Shift from input to target</h2>
            <p class="meaning">By phase correlation of edges; sure in \(registration.reliable) of \
            \(registration.pairs) pairs.\(reliability)</p>
            <div class="sides">
            <section class="panel"><h3>Across</h3>\(bars(\.x))</section>
            <section class="panel"><h3>Down</h3>\(bars(\.y))</section>
            </div>
            """
    }
}
