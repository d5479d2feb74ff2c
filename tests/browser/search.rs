//! Search as readers use it: the dialog, by hand and by keyboard, what a hit opens, and what it costs.

use super::support;
use super::support::browser::{Browser, Look, NARROW, Tab, WIDE};

/// A site with hidden tabs, folded text, commands and pages in two clouds.
const FILES: &[(&str, &str)] = &[
    (
        "book.toml",
        "[book]\ntitle = \"Harbour\"\nsrc = \"content\"\n\n[search.facets]\ncloud = [\"aws\", \"azure\"]\n",
    ),
    ("content/index.md", "---\ntitle: Harbour\ndescription: Where ships land.\n---\n\nWelcome ashore.\n"),
    ("content/guides/_category_.yml", "label: Guides\n"),
    (
        "content/guides/moor.md",
        "---\ntitle: Moor a ship\ndescription: Ropes and bollards.\ntags: [azure]\n---\n\nKeep the fenders out.\n\n\
         ## Choose a rope {#rope}\n\n<Tabs groupId=\"rope\">\n<TabItem value=\"hemp\" label=\"Hemp\" default>\n\n\
         Hemp creaks.\n\n</TabItem>\n<TabItem value=\"nylon\" label=\"Nylon\">\n\n### Stretch it\n\n\
         Nylon gives way like a whalebone corset.\n\n```sh\nharbour moor create --rope-kind nylon\n```\n\n</TabItem>\n</Tabs>\n\n\
         ## Night\n\nLanterns burn.\n\n<details>\n<summary>In a storm</summary>\n\nAdd a sternline before dusk.\n\n</details>\n",
    ),
    (
        "content/guides/sail.md",
        "---\ntitle: Sail away\ndescription: Wind and tide.\ntags: [aws]\n---\n\nLanterns are put out.\n",
    ),
    ("content/shop/_category_.yml", "label: Shop\n"),
    (
        "content/shop/price.md",
        "---\ntitle: Prices\ndescription: What a berth costs.\ntags: [aws]\n---\n\nLanterns cost two coins.\n",
    ),
];

fn harbour(more: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (path, text) in FILES {
        let file = folder.path().join(path);
        std::fs::create_dir_all(file.parent().expect("it has one")).expect("a folder");
        let text = if *path == "book.toml" { format!("{text}{more}") } else { (*text).to_owned() };
        std::fs::write(file, text).expect("a file");
    }
    folder
}

/// Types into the dialog and waits for the hits.
fn ask(tab: &Tab<'_>, query: &str) {
    tab.until("document.activeElement.id === 'search-query'");
    tab.run("document.activeElement.select()");
    tab.write(query);
    tab.until(&format!(
        "document.querySelector('#search-hits').dataset.query === {query:?} || document.querySelector('[data-note=failed]:not([hidden])')"
    ));
}

/// The hits: kind, address without the host, and what they say.
fn hits(tab: &Tab<'_>) -> Vec<(String, String, String)> {
    tab.eval(
        "[...document.querySelectorAll('.search-hit')].map(hit => [hit.dataset.kind, hit.getAttribute('href') || '', hit.textContent])",
    )
}

/// The text of the option that the keyboard is on.
fn active(tab: &Tab<'_>) -> String {
    tab.eval("(document.getElementById(document.activeElement.getAttribute('aria-activedescendant')) || {}).textContent || ''")
}

/// The words that are marked on the page, as they stand there.
const MARKED: &str = "[...(CSS.highlights.get('search') || [])].map(String)";

#[test]
fn a_hit_in_a_hidden_tab_is_opened_by_keyboard_alone_with_its_words_marked() {
    let folder = harbour("");
    let server = support::serve(folder.path());
    let browser = Browser::start();
    let tab = browser.page(WIDE);
    tab.goto(&server.url);
    assert!(tab.text(".search-open").contains("Search"));
    // Nothing of search is loaded before it is wanted.
    assert!(!tab.asked().iter().any(|url| url.contains("/search/")), "{:?}", tab.asked());

    tab.press("/");
    tab.until("document.querySelector('dialog.search-dialog[open]')");
    tab.until("document.activeElement.getAttribute('role') === 'combobox'");
    assert_eq!(tab.eval::<String>("document.activeElement.value"), "");
    tab.press("Escape");
    tab.until("!document.querySelector('dialog[open]')");
    tab.press("Control+k");
    tab.until("document.querySelector('dialog.search-dialog[open]')");
    tab.press("Control+k");
    tab.until("!document.querySelector('dialog[open]')");
    tab.press("Meta+k");

    // Prose in a hidden tab.
    ask(&tab, "whalebone");
    let found = hits(&tab);
    assert_eq!(found[0].1, "/guides/moor/?tab=Nylon#stretch-it");
    assert_eq!(tab.text(".search-hit .search-tab"), "Nylon");
    assert_eq!(tab.text(".search-hit mark"), "whalebone");
    assert_eq!(
        tab.text(".search-status"),
        format!("{} result{}", found.len(), if found.len() == 1 { "" } else { "s" })
    );
    assert_eq!(tab.eval::<String>("document.activeElement.getAttribute('aria-expanded')"), "true");
    assert_eq!(tab.eval::<String>("document.activeElement.getAttribute('aria-controls')"), "search-hits");
    assert!(active(&tab).contains("Stretch it"));
    tab.press("Enter");
    tab.until("location.pathname === '/guides/moor/' && document.readyState === 'complete'");
    tab.until(&format!("{MARKED}.length"));
    assert_eq!(tab.eval::<Vec<String>>(MARKED), ["whalebone"]);
    assert!(tab.is_visible("#stretch-it"));
    assert!(
        tab.eval::<bool>("document.getElementById('stretch-it').getBoundingClientRect().top < innerHeight")
    );
    // The address can be shared: it holds the tab and the heading, and nothing of the words.
    assert!(tab.url().ends_with("/guides/moor/?tab=Nylon#stretch-it"), "{}", tab.url());

    // The text is there when the reader comes back to the dialog, and going back opens nothing.
    tab.run("history.back()");
    tab.until("location.pathname === '/' && document.readyState === 'complete'");
    assert_eq!(tab.count("dialog[open]"), 0);
    tab.press("/");
    tab.until("document.activeElement.id === 'search-query' && document.activeElement.value === 'whalebone'");
    tab.until("getSelection().toString() === 'whalebone'");
    tab.press("Escape");
    tab.run("history.forward()");
    tab.until("location.pathname === '/guides/moor/' && document.readyState === 'complete'");

    // Text that is folded away is unfolded; Escape takes the marks off, and the bar with them.
    tab.press("/");
    ask(&tab, "sternline");
    tab.press("Enter");
    tab.until(&format!("{MARKED}.join() === 'sternline'"));
    assert!(tab.eval::<bool>("document.querySelector('main .prose details').open"));
    assert!(tab.url().ends_with("#night"), "{}", tab.url());
    assert!(tab.is_visible(".search-marks"));
    tab.press("Escape");
    tab.until("!CSS.highlights.has('search')");
    assert_eq!(tab.count("body > .search-marks"), 0);
    tab.reload();
    assert_eq!(tab.eval::<usize>(&format!("{MARKED}.length")), 0);
    assert_eq!(tab.thrown(), Vec::<String>::new());
}

#[test]
fn prose_headings_commands_and_flags_are_found_and_moved_through() {
    let folder = harbour("");
    let server = support::serve(folder.path());
    let browser = Browser::start();
    let tab = browser.page(WIDE);
    tab.goto(&server.url);
    tab.click(".search-open");
    for (query, kind, address) in [
        ("moor a ship", "page", "/guides/moor/"),
        ("choose a rope", "heading", "/guides/moor/#rope"),
        ("harbour moor create", "command", "/guides/moor/?tab=Nylon#stretch-it"),
        ("--rope-kind", "command", "/guides/moor/?tab=Nylon#stretch-it"),
    ] {
        ask(&tab, query);
        let (found_kind, found, _) = hits(&tab).swap_remove(0);
        assert_eq!((found_kind.as_str(), found.as_str()), (kind, address), "{query}");
    }

    ask(&tab, "lanterns");
    let all = hits(&tab);
    assert_eq!(all.len(), 3, "{all:?}");
    assert_eq!(active(&tab), all[0].2);
    tab.press("ArrowDown");
    assert_eq!(active(&tab), all[1].2);
    tab.press("End");
    assert_eq!(active(&tab), all[2].2);
    tab.press("ArrowDown");
    assert_eq!(active(&tab), all[0].2);
    tab.press("ArrowUp");
    assert_eq!(active(&tab), all[2].2);
    tab.press("Home");
    assert_eq!(active(&tab), all[0].2);
    assert_eq!(tab.count(".search-hit[aria-selected=true]"), 1);
    assert_eq!(tab.eval::<String>("document.activeElement.id"), "search-query");
    tab.run("window.open = (url, name) => { window.opened = [url, name]; }");
    tab.press("Control+Enter");
    tab.until("window.opened");
    assert!(tab.eval::<String>("opened[0] + opened[1]").ends_with(&format!("{}_blank", all[0].1)));
    assert_eq!(tab.count("dialog[open]"), 1);

    // Filters by section and by cloud, reached with Tab and moved through with the arrows.
    let chips = "[...document.querySelectorAll('.search-filters fieldset:not([hidden]) label')].map(chip => chip.textContent)";
    assert_eq!(tab.eval::<Vec<String>>(chips), ["All", "Guides2", "Shop1", "All", "aws2", "azure1"]);
    tab.press("Tab");
    tab.press("Tab");
    tab.until("document.activeElement.type === 'radio' && document.activeElement.value === ''");
    tab.press("ArrowRight");
    tab.until("document.querySelectorAll('.search-hit').length === 2");
    assert_eq!(tab.eval::<String>("document.activeElement.value"), "Guides");
    assert!(hits(&tab).iter().all(|hit| hit.1.starts_with("/guides/")), "{:?}", hits(&tab));
    tab.press("Tab");
    tab.press("ArrowRight");
    tab.until("document.querySelectorAll('.search-hit').length === 1");
    assert_eq!(hits(&tab)[0].1, "/guides/sail/");
    assert_eq!(tab.text(".search-status"), "1 result");

    // What cannot be found under these filters is offered without them.
    tab.run("document.getElementById('search-query').focus()");
    ask(&tab, "coins");
    tab.until("document.querySelector('[data-note=none]:not([hidden])')");
    assert_eq!(tab.text("[data-note=none] q"), "coins");
    assert_eq!(tab.text(".search-status"), "Nothing found for coins");
    tab.click("[data-clear]");
    tab.until("document.querySelectorAll('.search-hit').length === 1");
    assert_eq!(hits(&tab)[0].1, "/shop/price/");
    assert_eq!(tab.thrown(), Vec::<String>::new());
}

#[test]
fn what_is_recent_is_offered_and_what_fails_is_said() {
    let folder = harbour("");
    let server = support::serve(folder.path());
    let browser = Browser::start();
    let tab = browser.page(NARROW);
    tab.goto(&server.url);
    // On a phone the dialog is the whole window.
    tab.run("document.querySelector('.search-open').dataset.kept = document.querySelector('.search-open').dataset.client; document.querySelector('.search-open').dataset.client = '/missing.js'");
    tab.click(".search-open");
    tab.until("document.querySelector('dialog[open]').getBoundingClientRect().height === innerHeight");
    tab.until("document.querySelector('[data-note=start]:not([hidden])')");
    ask(&tab, "lanterns");
    tab.until("document.querySelector('[data-note=failed]:not([hidden])')");
    assert!(tab.is_visible("[data-again]"));
    tab.run("document.querySelector('.search-open').dataset.client = document.querySelector('.search-open').dataset.kept");
    tab.click("[data-again]");
    tab.until("document.querySelectorAll('.search-hit').length === 3");
    tab.click(".search-hit");
    tab.until("document.readyState === 'complete' && location.pathname !== '/'");
    tab.until(&format!("{MARKED}.length"));
    // What was searched for is offered again.
    tab.click(".search-open");
    tab.until("document.activeElement.value === 'lanterns'");
    tab.run("document.activeElement.value = ''; document.activeElement.dispatchEvent(new Event('input'))");
    tab.until("document.querySelector('.search-hit[data-kind=recent]')");
    tab.press("ArrowDown");
    assert_eq!(active(&tab), "lanterns");
    tab.press("Enter");
    tab.until("document.querySelectorAll('.search-hit[href]').length === 3");
    tab.click(".search-close");
    tab.until("!document.querySelector('dialog[open]')");
    assert!(tab.thrown().is_empty(), "{:?}", tab.thrown());

    let bare = browser.page(Look { scripts: false, ..WIDE });
    bare.goto(&server.url);
    assert!(!bare.is_visible(".search-open"));
    assert_eq!(bare.count("dialog"), 0);
}

#[test]
fn where_storage_and_highlights_are_missing_words_are_marked_all_the_same() {
    let folder = harbour("[output.html]\nsite-url = \"/docs/\"\n");
    let server = support::serve(folder.path());
    let browser = Browser::start();
    let tab = browser.page(WIDE);
    let home =
        if server.url.ends_with("/docs/") { server.url.clone() } else { format!("{}docs/", server.url) };
    tab.goto(&home);
    tab.press("/");
    ask(&tab, "whalebone");
    // Below a base path addresses have it.
    assert_eq!(hits(&tab)[0].1, "/docs/guides/moor/?tab=Nylon#stretch-it");
    tab.run("Storage.prototype.setItem = () => { throw new Error('full'); }");
    tab.press("Enter");
    tab.until("location.pathname === '/docs/guides/moor/' && document.readyState === 'complete'");
    tab.until(&format!("{MARKED}.join() === 'whalebone'"));
    assert!(tab.url().ends_with("?tab=Nylon#stretch-it"), "{}", tab.url());
    tab.press("Escape");

    // A tab gives way to a hidden one with the words only where it has none of them itself.
    tab.goto(&format!("{home}guides/moor/"));
    tab.run("waypost.mark(['creaks', 'whalebone'])");
    tab.until(&format!("{MARKED}.length === 2"));
    assert!(!tab.is_visible("#stretch-it"));
    tab.run("waypost.mark(['whalebone'])");
    tab.until(&format!("{MARKED}.length === 1"));
    assert!(tab.is_visible("#stretch-it"));
    tab.press("Escape");

    tab.run("delete window.Highlight");
    let before: String = tab.eval("document.querySelector('main').innerHTML");
    tab.run("waypost.mark(['rope-kind', 'harbour moor', 'give'])");
    tab.until("document.querySelector('.search-mark')");
    let marked: Vec<String> =
        tab.eval("[...document.querySelectorAll('.search-mark')].map(mark => mark.textContent)");
    // `gives` is another word; what stands in several pieces of coloured code is found.
    assert_eq!(marked.concat(), "harbour moorrope-kind");
    tab.click(".search-marks [data-step='1']");
    tab.until("document.querySelector('.search-mark.current')");
    assert_eq!(tab.text(".search-marks span"), "1 / 2");
    tab.press("Escape");
    assert_eq!(tab.eval::<String>("document.querySelector('main').innerHTML"), before);
    assert_eq!(tab.thrown(), Vec::<String>::new());
}

#[test]
fn the_open_dialog_is_accessible_and_a_first_query_is_cheap() {
    let folder = support::shipped();
    let server = support::serve(&folder.path().join("site"));
    let axe = std::fs::read_to_string(support::tools().join("node_modules/axe-core/axe.min.js"));
    let axe = axe.expect("`make tools` installs axe");
    let browser = Browser::start();
    let mut problems = Vec::new();
    for (width, dark) in [(360, false), (360, true), (1440, false), (1440, true)] {
        let tab = browser.page(Look { width, height: 800, dark, scripts: true });
        tab.goto(&format!("{}networking/connect/azure/", server.url));
        tab.run(&axe);
        let mut check = |state: &str| {
            let found: Vec<String> = tab.eval(super::pages::AXE);
            problems.extend(found.iter().map(|it| format!("{state} at {width} px, dark {dark}: {it}")));
        };
        tab.click(".search-open");
        tab.until("document.querySelector('.search-hit')");
        check("before a query");
        ask(&tab, "vnet peering");
        check("hits");
        ask(&tab, "qqqqxyzzy");
        check("nothing found");
        tab.press("Escape");
        tab.run("waypost.mark(['peering'])");
        tab.until("document.querySelector('body > .search-marks')");
        check("marks");
        assert_eq!(tab.thrown(), Vec::<String>::new());
    }
    assert!(problems.is_empty(), "{problems:#?}");

    let tab = browser.page(WIDE);
    tab.goto(&server.url);
    tab.press("/");
    ask(&tab, "vnet peering");
    let bytes: u32 = tab.eval(
        "performance.getEntriesByType('resource').filter(it => it.name.includes('/search/')).reduce((sum, it) => sum + it.decodedBodySize, 0)",
    );
    // Before compression; the limit of the standard is 300 KB at 10,000 pages.
    assert!((10_000..300_000).contains(&bytes), "a first query asks for {bytes} bytes");
}

#[test]
fn nothing_moves_when_the_scripts_arrive() {
    let folder = harbour("");
    let server = support::serve(folder.path());
    let browser = Browser::start();
    for look in [WIDE, NARROW] {
        let tab = browser.page(look);
        tab.goto(&server.url);
        let moved: f64 = tab.eval(
            "new Promise(done => { let sum = 0; new PerformanceObserver(list => { list.getEntries().forEach(it => { sum += it.value; }); }).observe({ type: 'layout-shift', buffered: true }); setTimeout(() => done(sum), 300); })",
        );
        assert!(moved.abs() < f64::EPSILON, "{look:?}: {moved}");
    }
}
