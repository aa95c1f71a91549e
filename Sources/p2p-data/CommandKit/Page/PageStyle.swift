/// The looks of a report's page: light or dark as the reader's system, wide or narrow.
public enum PageStyle {
    /// The style sheet.
    public static let css = """
        :root{color-scheme:light dark;--back:#f6f7f9;--panel:#fff;--text:#1c2026;--dim:#68707c;\
        --line:#dfe3e8;--accent:#3867d6;--some:#b86e00;--grave:#c8283c}
        @media(prefers-color-scheme:dark){:root{--back:#15171b;--panel:#1f2228;--text:#e8eaee;\
        --dim:#98a0ac;--line:#333842;--accent:#7b9cff;--some:#f0b04a;--grave:#ff6b7d}}
        *{box-sizing:border-box}
        body{margin:0;background:var(--back);color:var(--text);\
        font:15px/1.5 system-ui,-apple-system,"Segoe UI",sans-serif}
        main{max-width:1180px;margin:0 auto;padding:28px 20px 60px}
        h1{margin:0;font-size:28px;overflow-wrap:anywhere}
        h2{margin:44px 0 4px;font-size:20px}
        h2 small{color:var(--dim);font-weight:400}
        h3{margin:0 0 8px;font-size:16px}
        h4{margin:14px 0 6px;font-size:13px;font-weight:600;color:var(--dim)}
        header p,.meaning,footer{color:var(--dim);margin:2px 0 16px}
        code{font:12px/1.4 ui-monospace,Menlo,Consolas,monospace;overflow-wrap:anywhere}
        .cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(132px,1fr));gap:10px;\
        margin-top:20px}
        .card{background:var(--panel);border:1px solid var(--line);border-radius:10px;\
        padding:10px 14px;text-decoration:none;color:inherit}
        .card b{display:block;font-size:24px;line-height:1.2}
        .card span{font-size:13px;color:var(--dim)}
        .card.none{opacity:.55}.card.none b{font-weight:400}
        .card.some b{color:var(--some)}.card.grave{border-color:var(--grave)}\
        .card.grave b{color:var(--grave)}
        .findings{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,340px),1fr));\
        gap:14px}
        figure{margin:0;background:var(--panel);border:1px solid var(--line);border-radius:10px;\
        padding:12px;min-width:0}
        figure.group{grid-column:1/-1}
        .pairs{display:flex;flex-wrap:wrap;gap:12px}
        .pair{display:grid;grid-template-columns:1fr 1fr;gap:4px;width:100%;max-width:330px}
        .group .pair{flex:1 1 260px}
        .pair code{grid-column:1/-1;color:var(--dim)}
        .pair img{width:100%;height:auto;display:block;border-radius:4px;background:var(--line)}
        figcaption{margin-top:8px;font-size:14px}
        .sides{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,340px),1fr));\
        gap:14px;margin-top:12px}
        .panel{background:var(--panel);border:1px solid var(--line);border-radius:10px;\
        padding:16px;min-width:0}
        svg{width:100%;height:auto;display:block}
        svg rect{fill:var(--accent)}svg line{stroke:var(--line)}
        svg text{fill:var(--dim);font:11px system-ui,sans-serif}
        table{border-collapse:collapse;width:100%;font-size:14px;margin-top:8px}
        th,td{text-align:left;padding:4px 8px 4px 0;border-top:1px solid var(--line);\
        vertical-align:top;overflow-wrap:anywhere}
        th{font-weight:400;color:var(--dim);width:110px}
        .palette{list-style:none;margin:0;padding:0;display:grid;\
        grid-template-columns:repeat(auto-fill,minmax(150px,1fr));gap:6px;font-size:13px}
        .palette i{display:inline-block;width:18px;height:18px;border-radius:4px;\
        border:1px solid var(--line);vertical-align:-4px;margin-right:6px}
        ul{padding-left:20px}details{margin-top:10px}summary{cursor:pointer;color:var(--accent)}
        footer{margin-top:48px;font-size:13px}
        """
}
