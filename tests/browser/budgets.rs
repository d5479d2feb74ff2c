//! What a page may cost: bytes, requests, and nothing that moves while it loads.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use super::pages::PAGES;
use super::support;
use super::support::browser::{Browser, Look};

/// Scripts of a page before its search is opened, and its styles, compressed.
const SCRIPTS: usize = 20 * 1024;
const STYLES: usize = 20 * 1024;

/// A page without its article, at ten thousand pages.
const FRAME: usize = 30 * 1024;

/// Whether a page was painted before its scripts were run.
const PAINTED_FIRST: &str = "performance.getEntriesByName('first-contentful-paint')[0].startTime \
    < performance.getEntriesByType('navigation')[0].domContentLoadedEventStart";

fn compressed(bytes: &[u8]) -> usize {
    let mut gzip = Command::new("gzip")
        .args(["-9", "-n", "-c"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("gzip runs");
    let mut input = gzip.stdin.take().expect("it is piped");
    let bytes = bytes.to_owned();
    let writer = std::thread::spawn(move || input.write_all(&bytes).expect("gzip reads"));
    let output = gzip.wait_with_output().expect("gzip ends");
    writer.join().expect("no panic");
    output.stdout.len()
}

fn get(url: &str) -> Vec<u8> {
    let answer = ureq::get(url).call().unwrap_or_else(|error| panic!("{url}: {error}"));
    answer.into_body().read_to_vec().expect("it can be read")
}

/// What draws diagrams is loaded by pages that have one, and is no part of the budget.
const DIAGRAMS: &str = "/assets/mermaid/";

#[test]
fn scripts_and_styles_stay_small_and_nothing_comes_from_elsewhere() {
    let folder = support::shipped();
    let server = support::serve(&folder.path().join("site"));
    let browser = Browser::start();
    let mut problems = Vec::new();
    for path in PAGES {
        let tab = browser.page(Look { width: 1440, height: 900, dark: false, scripts: true });
        tab.goto(&format!("{}{path}", server.url));
        // What is loaded after the page counts as well, and what the lower part of it needs.
        tab.run("scrollTo(0, document.documentElement.scrollHeight)");
        std::thread::sleep(Duration::from_millis(300));
        let asked = tab.asked();
        let sum = |ending: &str| -> usize {
            asked
                .iter()
                .filter(|url| url.ends_with(ending) && !url.contains(DIAGRAMS))
                .map(|url| compressed(&get(url)))
                .sum()
        };
        // The preview server's own script is in no site.
        let inline: String = tab.eval(
            "[...document.querySelectorAll('script:not([src])')].filter(it => (!it.type || it.type === 'module') \
             && !it.text.includes('/.waypost/events')).map(it => it.text).join('\\n')",
        );
        let (scripts, styles) = (sum(".js") + compressed(inline.as_bytes()), sum(".css"));
        println!("/{path}: {scripts} bytes of scripts, {styles} bytes of styles");
        if !(1000..=SCRIPTS).contains(&scripts) {
            problems.push(format!("/{path}: {scripts} bytes of scripts"));
        }
        if !(1000..=STYLES).contains(&styles) {
            problems.push(format!("/{path}: {styles} bytes of styles"));
        }
        let elsewhere = asked
            .iter()
            .filter(|it| !it.starts_with(&server.url) && !it.starts_with("data:") && *it != "about:blank");
        problems.extend(elsewhere.map(|it| format!("/{path}: asks another host: {it}")));
    }
    assert!(problems.is_empty(), "{problems:#?}");
}

#[test]
fn nothing_moves_while_a_page_loads() {
    let folder = support::shipped();
    let server = support::serve(&folder.path().join("site"));
    let browser = Browser::start();
    let mut problems = Vec::new();
    for width in [360, 1440] {
        // At once, and with scripts that come half a second after the page is painted.
        for late in [false, true] {
            let tab = browser.page(Look { width, height: 900, dark: false, scripts: true });
            tab.before_scripts(
                "window.shifts = []; new PerformanceObserver(list => list.getEntries().forEach(entry => shifts.push(\
                 entry.value.toFixed(4) + ' ' + entry.sources.map(it => it.node && it.node.outerHTML \
                 ? it.node.outerHTML.slice(0, 80) : '').join(' | ')))).observe({ type: 'layout-shift', buffered: true });",
            );
            if late {
                tab.delay_scripts(Duration::from_millis(700));
            }
            for path in PAGES {
                // On a busy machine the paint may come after the scripts: then it was no trial.
                let tried = (0..5).any(|_| {
                    tab.goto(&format!("{}{path}", server.url));
                    tab.until("performance.getEntriesByName('first-contentful-paint').length");
                    !late || tab.eval::<bool>(PAINTED_FIRST)
                });
                assert!(tried, "/{path}: the page is never painted before its scripts are there");
                tab.run("scrollTo({ top: document.documentElement.scrollHeight / 2, behavior: 'instant' })");
                tab.run("scrollTo({ top: document.documentElement.scrollHeight, behavior: 'instant' })");
                std::thread::sleep(Duration::from_millis(200));
                let shifts: Vec<String> = tab.eval("shifts");
                let when = if late { "late" } else { "early" };
                problems.extend(
                    shifts.iter().map(|it| format!("/{path} at {width} px, scripts come {when}: {it}")),
                );
            }
            // What is watched with sees what moves.
            tab.run("scrollTo(0, 0); document.querySelector('.article').style.marginTop = '200px'");
            tab.until("shifts.length");
        }
    }
    assert!(problems.is_empty(), "{problems:#?}");
}

/// Builds a site of that many short pages in folders of twenty; gives the size of one page's HTML.
fn page_of_a_site_of(pages: usize) -> usize {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let write = |path: &str, text: &str| {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        std::fs::write(path, text).expect("written");
    };
    write("book.toml", "[book]\ntitle = \"Large\"\nsrc = \"content\"\n");
    write("content/index.md", "---\ntitle: Start\n---\n\nText.\n");
    for page in 0..pages {
        let path = format!("content/section-{:03}/page-{page:05}.md", page / 20);
        write(&path, &format!("---\ntitle: The page of the number {page:05}\n---\n\nText.\n"));
    }
    let built = Command::new(env!("CARGO_BIN_EXE_waypost"))
        .arg("build")
        .arg(folder.path())
        .output()
        .expect("the binary runs");
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    let page = Path::new("book/section-003/page-00070/index.html");
    std::fs::metadata(folder.path().join(page))
        .expect("the page was written")
        .len()
        .try_into()
        .expect("small")
}

/// Above a number of pages each shows forty sections at most, so that twelve hundred pages cost what ten thousand do.
/// `WAYPOST_TEST_PAGES=10000` builds as many as that.
#[test]
fn the_frame_of_a_page_does_not_grow_with_the_site() {
    let pages = std::env::var("WAYPOST_TEST_PAGES").map_or(1200, |pages| pages.parse().expect("a number"));
    let (small, large) = (page_of_a_site_of(820), page_of_a_site_of(pages));
    println!("a page of 820: {small} bytes; of {pages}: {large} bytes");
    assert!(large < FRAME, "{large} bytes");
    assert!(large < small + 400, "{small} bytes, then {large}");
}
