extension LineChart {
    /// What a page with diagrams has in its style sheet, after ``PageStyle/css``.
    public static let css = """
        :root{--c0:#3867d6;--c1:#d9480f;--c2:#0f8a5f;--c3:#9c36b5;--c4:#b08900;--c5:#5f6b7a}
        @media(prefers-color-scheme:dark){:root{--c0:#7b9cff;--c1:#ff8a5c;--c2:#4fcf9b;--c3:#d68bea;\
        --c4:#e6c14a;--c5:#a7b1be}}
        .charts{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,420px),1fr));\
        gap:14px;margin-top:12px}
        .chart figcaption{margin:0;display:flex;gap:8px;align-items:baseline;flex-wrap:wrap}
        .chart small{color:var(--dim)}
        .chart output{margin-left:auto;color:var(--dim);font-size:13px;\
        font-variant-numeric:tabular-nums}
        .legend{list-style:none;margin:2px 0 8px;padding:0;display:flex;flex-wrap:wrap;\
        gap:0 16px;font-size:13px;color:var(--dim);font-variant-numeric:tabular-nums}
        .legend b{color:var(--text)}
        .legend i{display:inline-block;width:16px;border-top:3px solid var(--c);\
        border-radius:2px;vertical-align:4px;margin-right:5px}
        .legend .dashed i{border-top-style:dashed;border-radius:0}
        .c0{--c:var(--c0)}.c1{--c:var(--c1)}.c2{--c:var(--c2)}.c3{--c:var(--c3)}\
        .c4{--c:var(--c4)}.c5{--c:var(--c5)}
        .charts,.sides{align-items:start}
        .plot{position:relative;height:200px;margin:6px 8px 22px 44px;touch-action:pan-y;\
        cursor:crosshair}
        .plot svg{position:absolute;width:100%;height:100%;overflow:visible}
        .plot path{fill:none;stroke:var(--c);stroke-width:2;stroke-linejoin:round;\
        stroke-linecap:round;vector-effect:non-scaling-stroke}
        .plot .grid{stroke:var(--line);stroke-width:1;stroke-linecap:butt}
        .plot .faint{stroke-width:1;opacity:.4}
        .plot .dashed{stroke-dasharray:5 5;stroke-width:1.5}
        .plot .dots{stroke-width:6}.plot .dot{stroke-width:10}
        .plot span{position:absolute;font-size:11px;line-height:1;color:var(--dim);\
        white-space:nowrap;font-variant-numeric:tabular-nums}
        .plot .y{right:calc(100% + 7px);transform:translateY(50%)}
        .plot .x{top:calc(100% + 7px);transform:translateX(-50%)}
        .plot i{position:absolute;top:0;bottom:0;width:0;border-left:1px solid var(--dim);\
        pointer-events:none}
        .plot .mark{border-left:1px dashed var(--accent)}
        """

    /// What a page with diagrams has in a script: the values under the pointer stand in the legend, and
    /// a click is told to the page as an event `pick` with the place.
    public static let script = """
        for (const chart of document.querySelectorAll('.chart')) {
          const plot = chart.querySelector('.plot'), cursor = chart.querySelector('.cursor');
          const low = +chart.dataset.low, high = +chart.dataset.high;
          const offset = +chart.dataset.offset, output = chart.querySelector('output');
          const items = [...chart.querySelectorAll('.legend li')].map(item => ({
            value: item.querySelector('b'), xs: item.dataset.x.split(' ').map(Number),
            ys: item.dataset.y.split(' '), last: item.querySelector('b').textContent }));
          const last = output.textContent;
          const nearest = (xs, x) => xs.reduce(
            (best, other, i) => Math.abs(other - x) < Math.abs(xs[best] - x) ? i : best, 0);
          const at = event => {
            const box = plot.getBoundingClientRect();
            const share = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
            return low + share * (high - low);
          };
          const name = x => Math.round((x + offset) * 100) / 100;
          plot.addEventListener('pointermove', event => {
            if (!items.length) return;
            const x = at(event), first = items[0], place = first.xs[nearest(first.xs, x)];
            for (const item of items) item.value.textContent = item.ys[nearest(item.xs, place)];
            output.textContent = chart.dataset.unit + ' ' + name(place);
            cursor.style.left = 100 * (place - low) / (high - low) + '%';
            cursor.hidden = false;
          });
          plot.addEventListener('pointerleave', () => {
            for (const item of items) item.value.textContent = item.last;
            output.textContent = last;
            cursor.hidden = true;
          });
          plot.addEventListener('click', event => {
            if (!items.length) return;
            const first = items[0], place = first.xs[nearest(first.xs, at(event))];
            chart.dispatchEvent(new CustomEvent('pick', {bubbles: true, detail: name(place)}));
          });
        }
        """
}
