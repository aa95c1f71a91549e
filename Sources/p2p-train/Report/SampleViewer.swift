import CommandKit
import DatasetKit

/// The samples of a run: the pairs with a slider over the epochs, and a strip of all epochs shown.
struct SampleViewer {
    private let shown: ShownEpochs
    private let best: Int?

    init(_ shown: ShownEpochs, best: Int?) {
        self.shown = shown
        self.best = best
    }

    /// The section; empty without pictures.
    var html: String {
        guard let last = shown.epochs.last else { return "" }
        let rows = shown.pairs.indices.map { row in
            let pair = shown.pairs[row]
            return """
                <div class="trio">\(picture(pair.input, "input", pair.size))\
                \(picture(last.generated[row], "generated", pair.size, "class=\"made\""))\
                \(picture(pair.target, "target", pair.size))</div>
                """
        }
        return """
            <section id="samples"><h2>Samples</h2>
            <p class="meaning">The same pairs in each epoch: input, generated, target.</p>
            <div class="player" hidden>
            <button id="play" type="button" aria-label="play">&#9654;</button>
            <input id="epoch" type="range" min="0" max="\(shown.epochs.count - 1)" \
            value="\(shown.epochs.count - 1)" aria-label="epoch">
            <output id="shown">epoch \(last.number)</output>
            \(bestButton)<button type="button" data-go="\(last.number)">Latest</button>
            </div>
            <div class="trios">\(rows.joined())</div>
            <h4>Over the epochs</h4>
            <div class="strip" tabindex="0">\(shown.epochs.map(column).joined())</div>
            </section>
            """
    }

    private var bestButton: String {
        guard let best, shown.epochs.contains(where: { $0.number == best }) else { return "" }
        return "<button type=\"button\" data-go=\"\(best)\">Best</button>"
    }

    private func column(_ epoch: ShownEpochs.Epoch) -> String {
        let pictures = zip(epoch.generated, shown.pairs).map { address, pair in
            picture(address, "epoch \(epoch.number)", pair.size)
        }
        let mark = epoch.number == best ? " <small>best</small>" : ""
        return """
            <figure class="moment" data-epoch="\(epoch.number)"><figcaption>\(epoch.number)\(mark)\
            </figcaption>\(pictures.joined())</figure>
            """
    }

    private func picture(
        _ address: String,
        _ name: String,
        _ size: ImageSize,
        _ attributes: String = ""
    ) -> String {
        """
        <img \(attributes) alt="\(name)" title="\(name)" width="\(size.width)" \
        height="\(size.height)" src="\(address)">
        """
    }

    /// What the page has in its style sheet for the section.
    static let css = """
        .player{position:sticky;top:0;z-index:1;display:flex;flex-wrap:wrap;gap:8px 12px;\
        align-items:center;padding:10px 0;background:var(--back)}
        .player[hidden]{display:none}
        .player input{flex:1 1 180px;min-width:0;accent-color:var(--accent)}
        .player output{min-width:88px;font-weight:600;font-variant-numeric:tabular-nums}
        button{font:inherit;font-size:14px;color:var(--text);background:var(--panel);\
        border:1px solid var(--line);border-radius:8px;padding:5px 12px;cursor:pointer}
        button:hover,button:focus-visible{border-color:var(--accent)}
        button.is-on{border-color:var(--accent);color:var(--accent)}
        #play{min-width:42px}
        .trios{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,460px),1fr));\
        gap:14px}
        .trio{display:grid;grid-template-columns:repeat(3,1fr);gap:4px;background:var(--panel);\
        border:1px solid var(--line);border-radius:10px;padding:10px}
        .trio img,.moment img{display:block;width:100%;height:auto;border-radius:4px;\
        background:var(--line)}
        .strip{display:flex;gap:8px;overflow-x:auto;padding:2px 2px 12px}
        .moment{flex:0 0 92px;padding:6px;cursor:pointer}
        .moment figcaption{margin:0 0 4px;font-size:12px;color:var(--dim);text-align:center;\
        white-space:nowrap}
        .moment small{color:var(--c2);font-weight:600}
        .moment img{margin-top:4px}
        .moment.is-on{border-color:var(--accent)}
        .moment.is-on figcaption{color:var(--accent)}
        """

    /// The slider, the arrow keys, the player and the buttons.
    ///
    /// `#epoch-12` in the address opens the page at that epoch.
    static let script = """
        (() => {
          const moments = [...document.querySelectorAll('.moment')];
          if (!moments.length) return;
          const epochs = moments.map(moment => +moment.dataset.epoch);
          const sources = moments.map(moment =>
            [...moment.querySelectorAll('img')].map(image => image.src));
          const made = [...document.querySelectorAll('.made')];
          const slider = document.getElementById('epoch'), play = document.getElementById('play');
          const strip = document.querySelector('.strip');
          const buttons = [...document.querySelectorAll('[data-go]')];
          let timer = null;
          const show = place => {
            slider.value = place;
            made.forEach((image, row) => { image.src = sources[place][row]; });
            document.getElementById('shown').textContent = 'epoch ' + epochs[place];
            slider.setAttribute('aria-valuetext', 'epoch ' + epochs[place]);
            moments.forEach((moment, i) => moment.classList.toggle('is-on', i === place));
            for (const button of buttons)
              button.classList.toggle('is-on', +button.dataset.go === epochs[place]);
            const moment = moments[place], left = moment.offsetLeft - strip.offsetLeft;
            if (left < strip.scrollLeft || left + moment.offsetWidth > strip.scrollLeft + strip.clientWidth)
              strip.scrollLeft = left - strip.clientWidth / 2;
            for (const chart of document.querySelectorAll('.chart[data-unit=epoch]')) {
              const low = +chart.dataset.low, high = +chart.dataset.high;
              const mark = chart.querySelector('.mark');
              mark.style.left = 100 * (epochs[place] - chart.dataset.offset - low) / (high - low) + '%';
              mark.hidden = place === epochs.length - 1;
            }
          };
          const stop = () => {
            clearInterval(timer);
            timer = null;
            play.textContent = '\\u25B6';
            play.setAttribute('aria-label', 'play');
          };
          const go = place => {
            stop();
            show(Math.min(epochs.length - 1, Math.max(0, place)));
          };
          const nearest = epoch => epochs.reduce((best, other, i) =>
            Math.abs(other - epoch) < Math.abs(epochs[best] - epoch) ? i : best, 0);
          slider.addEventListener('input', () => go(+slider.value));
          for (const button of buttons)
            button.addEventListener('click', () => go(nearest(+button.dataset.go)));
          moments.forEach((moment, i) => moment.addEventListener('click', () => go(i)));
          document.addEventListener('pick', event => {
            if (event.target.dataset.unit === 'epoch') go(nearest(event.detail));
          });
          document.addEventListener('keydown', event => {
            if (event.target === slider || event.altKey || event.ctrlKey || event.metaKey) return;
            const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
            if (!step) return;
            event.preventDefault();
            go(+slider.value + step);
          });
          play.addEventListener('click', () => {
            if (timer) return stop();
            if (+slider.value === epochs.length - 1) show(0);
            play.textContent = '\\u275A\\u275A';
            play.setAttribute('aria-label', 'pause');
            timer = setInterval(() => {
              show(+slider.value + 1);
              if (+slider.value === epochs.length - 1) stop();
            }, Math.max(120, Math.min(500, 8000 / epochs.length)));
          });
          const fromAddress = () => {
            const wanted = /^#epoch-(\\d+)$/.exec(location.hash);
            if (wanted) go(nearest(+wanted[1]));
          };
          addEventListener('hashchange', fromAddress);
          addEventListener('resize', () => show(+slider.value));
          document.querySelector('.player').hidden = false;
          show(epochs.length - 1);
          fromAddress();
        })();
        """
}
