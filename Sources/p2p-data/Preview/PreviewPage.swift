import Augment
import CommandKit
import DatasetKit
import FoundationEssentials

/// A preview as one HTML file: pictures, the drawn parameters, and the edges of both sides together.
struct PreviewPage {
    var name: String
    /// What is shown, such as the seed.
    var subtitle: String
    var rows: [PreviewRows]

    /// The whole page.
    ///
    /// - Throws: ``DatasetError`` where a picture cannot be encoded.
    func html() throws(DatasetError) -> String {
        var sections: [String] = []
        for row in rows { sections.append(try section(row)) }
        return Markup.page(
            title: "\(name): preview",
            style: PageStyle.css + Self.css,
            body: """
                <header><h1>\(Markup.escaped(name))</h1>
                <p>\(Markup.escaped(subtitle))</p>
                <p class="legend">Below input and target: the edges of both, \
                <b class="red">input</b> over <b class="cyan">target</b>. Edges that the two share are \
                white; an operation that had moved one side only would tear them apart.</p></header>
                \(sections.joined())
                <footer>p2p \(Version.current)</footer>
                """
        )
    }

    private func section(_ row: PreviewRows) throws(DatasetError) -> String {
        var columns: [String] = []
        for picture in row.pictures { columns.append(try column(picture)) }
        return """
            <section><h2>\(Markup.escaped(row.title))</h2>
            <div class="strip">\(columns.joined())</div></section>
            """
    }

    private func column(_ picture: PreviewRows.Picture) throws(DatasetError) -> String {
        let pair = picture.pair
        var pictures = [
            try Markup.picture(pair.input, "input", quality: 90),
            try Markup.picture(pair.target, "target", quality: 90),
        ]
        if pair.input.size == pair.target.size {
            pictures.append(
                try Markup.picture(PairOverlay.image(pair), "edges of both", quality: 90)
            )
        }
        return """
            <figure><h4>\(Markup.escaped(picture.title))</h4>\(pictures.joined())
            <figcaption>\(Markup.escaped(picture.caption))</figcaption>\(parameters(picture))</figure>
            """
    }

    /// Everything that was drawn, to be opened.
    private func parameters(_ picture: PreviewRows.Picture) -> String {
        guard let transform = picture.transform, !transform.operations.isEmpty,
            let json = try? JSONText.pretty(transform)
        else { return "" }
        let text = Markup.escaped(String(decoding: json, as: UTF8.self))
        return "<details><summary>parameters</summary><pre>\(text)</pre></details>"
    }

    private static let css = """
        main{max-width:none}
        .legend b{padding:0 4px;border-radius:3px;color:#000}
        .red{background:#ff6b6b}.cyan{background:#4fd1d9}
        .strip{display:flex;gap:12px;overflow-x:auto;padding-bottom:10px}
        .strip figure{flex:0 0 auto;width:min(272px,78vw)}
        .strip h4{margin-top:0}
        .strip img{display:block;width:100%;height:auto;margin-bottom:4px;border-radius:4px}
        .strip figcaption{overflow-wrap:anywhere}
        pre{font:11px/1.4 ui-monospace,Menlo,Consolas,monospace;overflow-x:auto;max-height:320px}
        """
}
