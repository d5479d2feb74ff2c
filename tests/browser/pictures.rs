//! Images, formulas and diagrams as readers see them.

use std::path::Path;

use super::support;
use super::support::browser::{Browser, Look, NARROW, WIDE};

/// What moved without anyone having touched the page, as the browser counts it.
const SHIFT: &str = "new Promise(done => { let sum = 0; const seen = new PerformanceObserver(list => list.getEntries().forEach(it => sum += it.value)); \
    seen.observe({ type: 'layout-shift', buffered: true }); setTimeout(() => done(sum), 300); })";

/// A small site: a page of images, one of formulas, one of diagrams, and one of words.
fn site() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let root = folder.path().join("site");
    let write = |path: &str, text: &str| {
        let file = root.join(path);
        std::fs::create_dir_all(file.parent().expect("it has a folder")).expect("a folder");
        std::fs::write(file, text).expect("a file");
    };
    let words = "Words to scroll past, so that what follows is out of sight at first.\n\n".repeat(60);
    write(
        "book.toml",
        "[book]\ntitle = \"Pictures\"\nsrc = \"content\"\n[content]\nmath = true\n[check.rules]\nmissing-description = \"off\"\n",
    );
    write("content/index.md", "---\ntitle: Words\n---\n\nOnly words.\n");
    write(
        "content/images.md",
        &format!(
            "---\ntitle: Images\n---\n\n![The guide](guide.png)\n\nBelow it.\n\n[![Linked](guide.png)](index.md)\n\n\
             ![Small](small.svg)\n\n![Day](day.svg#gh-light-mode-only)![Night](night.svg#gh-dark-mode-only)\n\n{words}![Far](far.svg)\n"
        ),
    );
    for (name, colour) in [("day", "gold"), ("night", "navy"), ("far", "green"), ("small", "red")] {
        let size = if name == "small" { 40 } else { 200 };
        write(
            &format!("content/{name}.svg"),
            &format!(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{size}\" height=\"{size}\"><rect width=\"{size}\" height=\"{size}\" fill=\"{colour}\"/></svg>"
            ),
        );
    }
    write(
        "content/math.md",
        "---\ntitle: Formulas\n---\n\nInline $E = mc^2$.\n\n$$\n\\left( \\frac{\\sum_{i=1}^n x_i}{n} \\right)^2 + a + b + c + d + e + f + g + h + i + j + k + l + m + n + o + p + q\n$$\n",
    );
    write(
        "content/diagrams.md",
        "---\ntitle: Diagrams\n---\n\n```mermaid\nflowchart LR\n  accTitle: Hub and spoke\n  A[Hub network] -->|peering| B[Spoke network]\n```\n\n\
         <Tabs>\n<TabItem value=\"one\" label=\"One\">\n\nFirst.\n\n</TabItem>\n<TabItem value=\"two\" label=\"Two\">\n\n\
         ```mermaid\nsequenceDiagram\n  Client->>Server: Hello, is anybody there?\n```\n\n</TabItem>\n</Tabs>\n\n\
         ```mermaid\nflowchart LR\n  A -->\n```\n",
    );
    let guide = Path::new(env!("CARGO_MANIFEST_DIR")).join("content/static/img/guide.png");
    std::fs::copy(guide, root.join("content/guide.png")).expect("a picture");
    folder
}

#[test]
fn images_have_room_come_late_and_can_be_enlarged() {
    let folder = site();
    let server = support::serve(&folder.path().join("site"));
    let browser = Browser::start();
    let tab = browser.page(WIDE);
    tab.goto(&format!("{}images/", server.url));
    assert!(tab.eval::<f64>(SHIFT) < 0.001, "nothing moves when images come");
    let sizes: Vec<String> =
        tab.eval("[...document.querySelectorAll('.prose img')].map(it => it.width > 0 && it.height > 0 ? it.getAttribute('width') : it.alt)");
    assert_eq!(sizes, ["1440", "1440", "40", "200", "200", "200"]);
    assert!(!tab.asked().iter().any(|it| it.contains("night.svg")), "what is hidden is not fetched");
    assert_eq!(tab.count("img[loading=lazy]"), 5, "all but the first");

    // Only what is shown smaller than it is can be enlarged, and no link.
    tab.until("document.querySelector('.zoom')");
    assert_eq!(tab.count(".zoom"), 1);
    assert_eq!(
        tab.eval::<String>("document.querySelector('.zoom').getAttribute('aria-label')"),
        "Enlarge: The guide"
    );
    assert!(tab.eval::<f64>(SHIFT) < 0.001, "the button moves nothing");
    tab.click(".zoomable img");
    tab.until("document.querySelector('dialog[open] img').naturalWidth === 1440");
    assert_eq!(
        tab.eval::<String>("document.querySelector('dialog').getAttribute('aria-label')"),
        "The guide"
    );
    tab.press("Escape");
    tab.until("!document.querySelector('dialog')");
    tab.run("document.querySelector('.zoom').focus()");
    tab.press("Enter");
    tab.until("document.querySelector('dialog[open]')");
    tab.press("Escape");
    tab.until("document.activeElement.className === 'zoom'");

    // Of a pair the page's own switch decides.
    assert!(tab.is_visible("img[alt=Day]") && !tab.is_visible("img[alt=Night]"));
    tab.run("document.documentElement.dataset.theme = 'dark'");
    assert!(!tab.is_visible("img[alt=Day]") && tab.is_visible("img[alt=Night]"));
    assert_eq!(tab.thrown(), Vec::<String>::new());

    let plain = browser.page(Look { scripts: false, dark: true, ..NARROW });
    plain.goto(&format!("{}images/", server.url));
    assert!(plain.is_visible("img[alt='The guide']") && plain.is_visible("img[alt=Night]"));
    assert_eq!(plain.count(".zoom"), 0);
    assert_eq!(plain.eval::<i64>("document.documentElement.scrollWidth - innerWidth").max(0), 0);
}

#[test]
fn formulas_are_drawn_in_a_font_of_mathematics() {
    let folder = site();
    let server = support::serve(&folder.path().join("site"));
    let browser = Browser::start();
    let tab = browser.page(NARROW);
    tab.goto(&format!("{}math/", server.url));
    tab.until("document.fonts.status === 'loaded' && document.fonts.check('16px \"STIX Two Math\"')");
    assert!(tab.asked().iter().any(|it| it.ends_with(".woff2")), "the site serves the font itself");
    let widths: Vec<f64> =
        tab.eval("[...document.querySelectorAll('math')].map(it => it.getBoundingClientRect().width)");
    assert_eq!(widths.len(), 2);
    assert!(widths.iter().all(|width| *width > 20.0), "{widths:?}");
    // A bracket as high as the fraction in it is what the font is there for.
    let high: f64 = tab.eval("Math.max(...[...document.querySelectorAll('.math mo')].map(it => it.getBoundingClientRect().height))");
    assert!(high > 40.0, "{high}");
    assert!(
        tab.eval::<bool>("(it => it.scrollWidth > it.clientWidth)(document.querySelector('.math'))"),
        "it scrolls by itself"
    );
    assert_eq!(tab.eval::<i64>("document.documentElement.scrollWidth - innerWidth").max(0), 0);
    assert!(tab.eval::<f64>(SHIFT) < 0.1);
    assert_eq!(tab.eval::<String>("document.querySelector('annotation').textContent"), "E = mc^2");
}

#[test]
fn diagrams_are_drawn_in_both_modes_and_asked_for_only_where_they_are() {
    let folder = site();
    let server = support::serve(&folder.path().join("site"));
    let browser = Browser::start();
    let words = browser.page(WIDE);
    words.goto(&server.url);
    let needless = |it: &String| it.contains("mermaid") || it.contains("math");
    assert!(!words.asked().iter().any(needless), "a page of words loads neither: {:?}", words.asked());

    let tab = browser.page(WIDE);
    tab.goto(&format!("{}diagrams/", server.url));
    tab.until("document.documentElement.classList.contains('diagrams-drawn')");
    assert!(tab.is_visible(".diagram-drawing svg.on-light"));
    assert_eq!(tab.eval::<String>("(it => it.getAttribute('role') + ' ' + it.getAttribute('aria-label'))(document.querySelector('.diagram-drawing'))"), "img Hub and spoke");
    tab.until("document.querySelectorAll('svg.on-dark').length === 2");
    tab.run("document.documentElement.dataset.theme = 'dark'");
    assert!(
        tab.is_visible(".diagram-drawing svg.on-dark") && !tab.is_visible(".diagram-drawing svg.on-light")
    );
    let colours: Vec<String> = tab.eval(
        "['light', 'dark'].map(mode => getComputedStyle(document.querySelector(`svg.on-${mode} .node rect`)).fill)",
    );
    assert_ne!(colours[0], colours[1]);
    // No word is cut off: every label has the room that it was measured to need.
    let cut: Vec<String> = tab.eval(
        "[...document.querySelectorAll('svg.on-dark foreignObject')].filter(it => it.firstElementChild && it.firstElementChild.scrollWidth > it.clientWidth + 1 && it.clientWidth > 0).map(it => it.textContent)",
    );
    assert!(cut.is_empty(), "{cut:?}");

    // In a panel that was hidden when it was drawn.
    tab.click("[role=tab]:nth-of-type(2)");
    assert!(tab.is_visible(".tab-panel svg.on-dark"));
    let size: f64 =
        tab.eval("document.querySelector('.tab-panel svg.on-dark').getBoundingClientRect().width");
    assert!(size > 100.0, "{size}");

    // What cannot be drawn says why, and shows what was written.
    assert!(tab.text(".diagram.failed").contains("This diagram cannot be drawn:"));
    assert!(tab.is_visible(".diagram.failed .diagram-source pre"));
    assert_eq!(tab.thrown(), Vec::<String>::new());
    let elsewhere: Vec<String> = tab
        .asked()
        .into_iter()
        .filter(|it| !it.starts_with(&server.url) && !it.starts_with("data:") && it != "about:blank")
        .collect();
    assert!(elsewhere.is_empty(), "{elsewhere:?}");

    let plain = browser.page(Look { scripts: false, ..WIDE });
    plain.goto(&format!("{}diagrams/", server.url));
    assert!(plain.is_visible(".diagram-source pre"), "without scripts the source is there to read");
    assert!(!plain.is_visible(".diagram-drawing"));
}
