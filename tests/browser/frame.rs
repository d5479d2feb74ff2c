//! The frame as readers use it: right to left, closing the announcement, a sidebar that stays as it was, pages of tags.

use std::path::Path;

use super::support;
use super::support::browser::{Browser, Look, NARROW, Tab, WIDE};

/// What axe finds, one line a rule.
const AXE: &str = "axe.run(document, { resultTypes: ['violations'] }).then(found => found.violations.map(\
    rule => rule.id + ': ' + rule.nodes.slice(0, 3).map(node => node.html.slice(0, 160)).join(' | ')))";

/// The shipped site with its `book.toml` changed.
fn changed(change: impl Fn(String) -> String) -> tempfile::TempDir {
    let folder = support::shipped();
    let book = folder.path().join("site/book.toml");
    let text = std::fs::read_to_string(&book).expect("it is there");
    std::fs::write(&book, change(text)).expect("written");
    folder
}

fn axe() -> String {
    let axe = support::tools().join("node_modules/axe-core/axe.min.js");
    std::fs::read_to_string(axe).expect("`make tools` installs axe")
}

/// A side of the first element that fits, in pixels from the left of the window.
fn edge(tab: &Tab<'_>, selector: &str, side: &str) -> f64 {
    tab.eval(&format!("document.querySelector({selector:?}).getBoundingClientRect().{side}"))
}

#[test]
fn a_site_in_arabic_runs_from_the_right() {
    let folder = changed(|book| book.replace("language = \"en\"", "language = \"ar\""));
    let server = support::serve(&folder.path().join("site"));
    let axe = axe();
    let browser = Browser::start();
    let guide = format!("{}networking/connect/azure/private/vhub-peering/", server.url);

    let tab = browser.page(WIDE);
    tab.goto(&guide);
    assert_eq!(tab.eval::<String>("document.documentElement.dir"), "rtl");
    assert!(edge(&tab, ".sidebar", "left") > edge(&tab, ".article", "right"), "the sidebar is on the right");
    assert!(
        edge(&tab, ".contents", "right") < edge(&tab, ".article", "left"),
        "the contents are on the left"
    );
    assert!(edge(&tab, ".brand", "left") > edge(&tab, ".tools", "right"), "the logo is on the right");
    assert!(
        edge(&tab, ".pager .prev", "left") > edge(&tab, ".pager .next", "right"),
        "what comes before is on the right"
    );
    assert!(edge(&tab, ".actions", "right") < edge(&tab, ".crumbs li", "left"));
    assert!(
        edge(&tab, ".steps", "right") > edge(&tab, ".steps .code-block", "right"),
        "numbers stand before their steps"
    );
    assert_eq!(tab.eval::<String>("getComputedStyle(document.querySelector('pre')).direction"), "ltr");
    assert_eq!(tab.eval::<String>("getComputedStyle(document.querySelector('p code')).direction"), "ltr");
    // The arrows between breadcrumbs point on, to the left: `>` turned by half.
    assert_eq!(
        tab.eval::<String>("getComputedStyle(document.querySelector('.crumbs li'), '::after').rotate"),
        "-135deg"
    );
    // A button over code without a title is where its lines end.
    tab.goto(&format!("{}waypost/components/", server.url));
    let untitled = ".code-block:not(:has(.code-title)) .copy";
    let right_of_middle = tab.eval::<bool>(&format!(
        "(() => {{ const b = document.querySelector({untitled:?}); const c = b.closest('.code-block').getBoundingClientRect(); return b.getBoundingClientRect().left > c.left + c.width / 2; }})()"
    ));
    assert!(right_of_middle);
    // The keys of a list of tabs follow what is seen.
    tab.goto(&format!("{}networking/connect/azure/", server.url));
    tab.click(".tabs [role=tab]");
    tab.press("ArrowLeft");
    tab.until("document.querySelector('.tabs [role=tab]:nth-of-type(2)').ariaSelected === 'true'");

    for (look, paths) in
        [(WIDE, ["", "networking/connect/azure/"]), (NARROW, ["networking/connect/azure/", "tags/"])]
    {
        for dark in [false, true] {
            let tab = browser.page(Look { dark, ..look });
            for path in paths {
                tab.goto(&format!("{}{path}", server.url));
                let place = format!("/{path} at {} px, dark: {dark}", look.width);
                let wide: i64 =
                    tab.eval("document.documentElement.scrollWidth - document.documentElement.clientWidth");
                assert!(wide <= 0, "{place}: {wide} px too wide");
                tab.run(&axe);
                assert_eq!(tab.eval::<Vec<String>>(AXE), Vec::<String>::new(), "{place}");
            }
        }
    }

    let narrow = browser.page(NARROW);
    narrow.goto(&guide);
    narrow.click(".bar [popovertarget=frame-sidebar]");
    narrow.until("document.querySelector('#frame-sidebar').matches(':popover-open')");
    let window: f64 = narrow.eval("document.documentElement.clientWidth");
    assert!(
        (edge(&narrow, "#frame-sidebar", "right") - window).abs() < 20.0,
        "the drawer stands at the right"
    );
    assert!(edge(&narrow, "#frame-sidebar", "left") > 20.0);
    assert!(edge(&narrow, "#frame-sidebar .close", "right") < window / 2.0, "it is closed on the left");
    let arrow: String = narrow
        .eval("getComputedStyle(document.querySelector('.crumbs li:nth-last-child(2)'), '::before').rotate");
    assert_eq!(arrow, "-135deg", "the way back points to the right");
}

#[test]
fn an_announcement_that_was_closed_stays_away_until_it_says_something_else() {
    let site =
        |text: &'static str| changed(move |book| format!("{book}\n[announcement]\ntext = \"{text}\"\n"));
    let folder = site("Version 3 is here.");
    let server = support::serve(&folder.path().join("site"));
    let browser = Browser::start();
    let tab = browser.page(WIDE);
    tab.goto(&server.url);
    assert!(tab.is_visible(".announcement"));
    let name: String = tab.eval("document.querySelector('[data-dismiss]').ariaLabel");
    assert_eq!(name, "Dismiss");
    tab.click("[data-dismiss]");
    tab.until("!document.querySelector('.announcement').checkVisibility()");
    assert_eq!(tab.eval::<String>("document.activeElement.id"), "frame-main", "the focus is not lost");

    // On the next page it is gone before anything is painted: nothing moves.
    tab.goto(&format!("{}networking/networking-overview/", server.url));
    assert!(!tab.is_visible(".announcement"));
    let shift: f64 = tab.eval(
        "new Promise(done => { let sum = 0; new PerformanceObserver(list => list.getEntries().forEach(e => sum += e.value)).observe({ type: 'layout-shift', buffered: true }); setTimeout(() => done(sum), 300); })",
    );
    assert!(shift < 0.001, "{shift}");

    let book = folder.path().join("site/book.toml");
    let text = std::fs::read_to_string(&book).expect("it is there");
    std::fs::write(&book, text.replace("Version 3 is here.", "Version 4 is here.")).expect("written");
    // The preview loads the page anew by itself; what is asked meanwhile is asked again.
    tab.until("document.querySelector('.announcement p').textContent === 'Version 4 is here.'");
    tab.until("document.querySelector('.announcement').checkVisibility()");

    let quiet = browser.page(Look { scripts: false, ..WIDE });
    quiet.goto(&server.url);
    assert!(quiet.is_visible(".announcement") && !quiet.is_visible("[data-dismiss]"));
    assert_eq!(tab.thrown(), Vec::<String>::new());
}

#[test]
fn the_sidebar_is_as_it_was_on_the_page_before() {
    let folder = support::shipped();
    let server = support::serve(&folder.path().join("site"));
    let browser = Browser::start();
    let tab = browser.page(WIDE);
    let diagnostics = "#frame-sidebar summary[aria-label=Diagnostics]";
    let is_open = format!("document.querySelector({diagnostics:?}).parentElement.open");
    tab.goto(&format!("{}waypost/tabs/", server.url));
    assert!(!tab.eval::<bool>(&is_open));
    tab.click(diagnostics);
    tab.until(&is_open);
    tab.run("document.querySelector('#frame-sidebar').scrollTop = 200");
    tab.goto(&format!("{}waypost/themes/", server.url));
    assert!(tab.eval::<bool>(&is_open), "what was opened is open");
    assert!((tab.eval::<f64>("document.querySelector('#frame-sidebar').scrollTop") - 200.0).abs() < 2.0);
    tab.click(diagnostics);
    tab.goto(&format!("{}waypost/agents/", server.url));
    assert!(!tab.eval::<bool>(&is_open), "what was closed is closed");
    // The way to the page is open whatever was closed, and the page's own entry is in sight.
    tab.goto(&format!("{}waypost/diagnostics/unknown-theme/", server.url));
    assert!(tab.eval::<bool>(&is_open));
    let seen: bool = tab.eval(
        "(() => { const box = document.querySelector('#frame-sidebar').getBoundingClientRect(); const own = document.querySelector('#frame-sidebar [aria-current]').getBoundingClientRect(); return own.top >= box.top && own.bottom <= box.bottom; })()",
    );
    assert!(seen);
    assert_eq!(tab.thrown(), Vec::<String>::new());
}

#[test]
fn tags_lead_to_what_has_them_and_switches_to_what_they_name() {
    let folder = support::shipped();
    let site = folder.path().join("site");
    switches(&site);
    let server = support::serve(&site);
    let axe = axe();
    let browser = Browser::start();
    let tab = browser.page(WIDE);
    tab.goto(&format!("{}networking/networking-overview/", server.url));
    tab.click(".after .tags a[href='/tags/networking/']");
    tab.until("location.pathname === '/tags/networking/'");
    assert_eq!(tab.text("h1"), "Pages tagged \u{201c}networking\u{201d}");
    assert!(tab.count("main .card") > 3);
    tab.click(".crumbs a");
    tab.until("location.pathname === '/tags/'");
    assert!(tab.text(".tags.all").contains("networking"));

    tab.click(".switch summary");
    assert_eq!(tab.text(".switch[open] [aria-current]"), "2.0");
    tab.press("Escape");
    tab.until("!document.querySelector('.switch[open]')");
    for width in [360, 1440] {
        for dark in [false, true] {
            let tab = browser.page(Look { width, dark, ..WIDE });
            for path in ["tags/", "tags/azure/", "networking/connect/azure/"] {
                tab.goto(&format!("{}{path}", server.url));
                tab.run(&axe);
                let found = tab.eval::<Vec<String>>(AXE);
                assert_eq!(found, Vec::<String>::new(), "/{path} at {width} px, dark: {dark}");
                let wide: i64 =
                    tab.eval("document.documentElement.scrollWidth - document.documentElement.clientWidth");
                assert!(wide <= 0, "/{path} at {width} px: {wide} px too wide");
                let apart = edge(&tab, ".tools", "left") >= edge(&tab, ".brand", "right");
                assert!(apart && edge(&tab, ".header", "height") <= 110.0, "/{path} at {width} px");
            }
        }
    }
}

/// A theme whose header has versions and languages, which no site has yet.
fn switches(site: &Path) {
    let ejected = std::process::Command::new(env!("CARGO_BIN_EXE_waypost"))
        .args(["theme", "eject", "header"])
        .arg(site)
        .output()
        .expect("the binary runs");
    assert!(ejected.status.success(), "{}", String::from_utf8_lossy(&ejected.stderr));
    let path = site.join("themes/mine/templates/header.html");
    let header = std::fs::read_to_string(&path).expect("it is there");
    let choices = |current: &str, other: &str, language: &str| {
        format!(
            "[{{\"text\": \"{current}\", \"url\": \"/\", \"current\": true, \"language\": \"{language}\"}}, {{\"text\": \"{other}\", \"url\": \"/tags/\", \"current\": false, \"language\": \"{language}\"}}]"
        )
    };
    let header = header
        .replace("site.versions", &choices("2.0", "1.0", ""))
        .replace("site.languages", &choices("English", "British English", "en"));
    std::fs::write(path, header).expect("written");
}
