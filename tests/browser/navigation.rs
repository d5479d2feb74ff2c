//! Between pages: what a link leads to is shown before and is there at once, and the way back leads to the same place.

use std::path::Path;

use super::support;
use super::support::browser::{Browser, Look, NARROW, Tab, WIDE};

/// How wide and where the card and its link are.
const PLACES: &str = "(() => { const card = document.querySelector('.preview').getBoundingClientRect(), \
    link = document.querySelector('[aria-describedby=waypost-preview]').getBoundingClientRect(); \
    return card.left >= 0 && card.top >= 0 && card.right <= innerWidth && card.bottom <= innerHeight && card.height > 40 \
    && (card.top >= link.bottom || card.bottom <= link.top || card.left >= link.right || card.right <= link.left); })()";

const OPEN: &str = "document.querySelector('.preview:popover-open')";

fn write(folder: &Path, path: &str, text: &str) {
    let path = folder.join(path);
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
    std::fs::write(path, text).expect("written");
}

/// A site of two long pages in two sections, with many pages beside them.
fn site() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let root = folder.path();
    write(root, "book.toml", "[book]\ntitle = \"Ways\"\nsrc = \"content\"\n");
    write(root, "content/index.md", "---\ntitle: Start\ndescription: Where it begins.\n---\n\nFrom here.\n");
    let long = "A line that takes its room.\n\n".repeat(60);
    let first = format!(
        "---\ntitle: First\n---\n\nTo [the second](second.md), [a part](second.md#a-part), [below](#below), \
         [elsewhere](https://elsewhere.example/), [a file](/notes.txt), [its Markdown](#below) and a note[^1].\n\n\
         [^1]: What the note says.\n\n## Below\n\nIn the *same* page.\n\n<Tabs>\n<TabItem value=\"One\">\n\nShort.\n\n</TabItem>\n\
         <TabItem value=\"Two\">\n\n{long}\n</TabItem>\n</Tabs>\n\n<details>\n<summary>More</summary>\n\n{long}\n</details>\n\n{long}\n\
         [On to the second](second.md).\n"
    );
    write(root, "content/guide/first.md", &first);
    let second = format!(
        "---\ntitle: Second\ndescription: What the second page is for.\n---\n\nIts beginning.\n\n## A part\n\n\
         The part has `code` and [a link](first.md).\n\n<script>window.ran = true</script>\n\n## Another\n\n{long}"
    );
    write(root, "content/guide/second.md", &second);
    for number in 10..70 {
        write(
            root,
            &format!("content/list/page-{number}.md"),
            &format!("---\ntitle: Page {number}\n---\n\nText.\n"),
        );
    }
    write(root, "static/notes.txt", "Notes.\n");
    folder
}

/// The link in the article that says this.
fn link(tab: &Tab<'_>, text: &str) -> String {
    tab.run(&format!(
        "[...document.querySelectorAll('.prose a')].find(link => link.textContent === {text:?}).dataset.test = {text:?}"
    ));
    if text == "its Markdown" {
        // In a source, a link to a `.md` file is a link to the page.
        tab.run("document.querySelector('[data-test=\"its Markdown\"]').href = '/guide/second.md'");
    }
    format!("[data-test={text:?}]")
}

#[test]
fn links_show_what_they_lead_to() {
    let folder = site();
    let server = support::serve(folder.path());
    let browser = Browser::start();
    let tab = browser.page(WIDE);
    tab.goto(&format!("{}guide/first/", server.url));

    // A page: its section, name and description; beside the link, and there as long as the pointer is on it.
    let second = link(&tab, "the second");
    tab.hover(&second);
    tab.until(OPEN);
    assert_eq!(tab.text(".preview strong"), "Second");
    assert_eq!(tab.text(".preview p"), "What the second page is for.");
    assert!(tab.eval::<bool>(PLACES));
    let card: (f64, f64) =
        tab.eval("(() => { const r = document.querySelector('.preview').getBoundingClientRect(); return [r.left + 20, r.top + 20]; })()");
    tab.point(card.0, card.1);
    std::thread::sleep(std::time::Duration::from_millis(600));
    assert!(tab.eval::<bool>(&format!("!!{OPEN}")), "the card can be hovered");
    tab.press("Escape");
    tab.until(&format!("!{OPEN}"));
    assert_eq!(tab.count("[aria-describedby=waypost-preview]"), 0);

    // A section, by keyboard: its heading and its beginning, no more; links and scripts are text or nothing.
    tab.point(5.0, 5.0);
    link(&tab, "a part");
    tab.run("document.querySelector('.prose a').focus()");
    tab.press("Tab");
    tab.until(&format!(
        "{OPEN} && document.activeElement.getAttribute('aria-describedby') === 'waypost-preview'"
    ));
    assert_eq!(tab.text(".preview small"), "Second");
    assert_eq!(tab.text(".preview strong"), "A part");
    assert_eq!(tab.text(".preview p"), "The part has code and a link.");
    assert_eq!(tab.count(".preview p"), 1);
    assert_eq!(tab.count(".preview :is(a, script)"), 0);
    assert!(!tab.eval::<bool>("'ran' in window"));
    tab.press("Escape");
    tab.until(&format!("!{OPEN}"));
    tab.run("document.activeElement.blur()");

    // A part of the same page, and a note, without asking for anything.
    let asked = tab.asked().len();
    for (text, said) in [("below", "In the same page."), ("1", "What the note says.")] {
        let place = link(&tab, text);
        tab.hover(&place);
        tab.until(&format!("{OPEN} && document.querySelector('.preview p').textContent.trim() === {said:?}"));
        tab.point(5.0, 5.0);
        tab.until(&format!("!{OPEN}"));
    }
    assert_eq!(tab.asked().len(), asked);

    // Not for other hosts, files, Markdown, nor outside of the article.
    let mut others: Vec<String> =
        ["elsewhere", "a file", "its Markdown"].iter().map(|text| link(&tab, text)).collect();
    others.push(".sidebar a[href$='second/']".to_owned());
    for other in others {
        tab.hover(&other);
        std::thread::sleep(std::time::Duration::from_millis(500));
        assert!(!tab.eval::<bool>(&format!("!!{OPEN}")), "{other}");
    }

    // At the lower edge the card goes above.
    let last = link(&tab, "On to the second");
    tab.run(&format!("document.querySelector({last:?}).scrollIntoView({{ block: 'end' }})"));
    tab.hover(&last);
    tab.until(OPEN);
    assert!(tab.eval::<bool>(PLACES));
    let fetched = tab.asked().iter().filter(|url| url.ends_with("/guide/second/")).count();
    assert!(fetched <= 2, "once as a preview, once ahead of a click: {fetched}");
    assert_eq!(tab.thrown(), Vec::<String>::new());

    // Where anchor positioning is unknown, the same by script.
    tab.goto("about:blank");
    tab.before_scripts("const known = CSS.supports; CSS.supports = (a, b) => a !== 'position-area' && known.call(CSS, a, b);");
    tab.goto(&format!("{}guide/first/", server.url));
    for text in ["the second", "On to the second"] {
        let place = link(&tab, text);
        tab.hover(&place);
        tab.until(OPEN);
        assert!(tab.eval::<bool>(PLACES), "{text}");
        tab.point(5.0, 5.0);
        tab.until(&format!("!{OPEN}"));
    }
}

#[test]
fn previews_can_be_turned_off() {
    let folder = site();
    write(
        folder.path(),
        "book.toml",
        "[book]\ntitle = \"Ways\"\nsrc = \"content\"\n[page]\npreviews = false\n",
    );
    let server = support::serve(folder.path());
    let browser = Browser::start();
    let tab = browser.page(WIDE);
    tab.goto(&format!("{}guide/first/", server.url));
    let second = link(&tab, "the second");
    tab.hover(&second);
    std::thread::sleep(std::time::Duration::from_millis(600));
    assert_eq!(tab.count(".preview"), 0);
}

#[test]
fn the_next_page_is_there_before_it_is_asked_for() {
    let folder = site();
    let server = support::serve(folder.path());
    let browser = Browser::start();
    let tab = browser.page(WIDE);
    tab.allow_motion();
    tab.goto(&format!("{}guide/first/", server.url));
    for other in ["elsewhere", "a file", "its Markdown", "below"] {
        let place = link(&tab, other);
        tab.hover(&place);
        std::thread::sleep(std::time::Duration::from_millis(150));
        assert_eq!(tab.count("script[type=speculationrules], link[rel=prefetch]"), 0, "{other}");
    }
    tab.hover(".sidebar a[href$='second/']");
    tab.until("document.querySelector('script[type=speculationrules]')");
    std::thread::sleep(std::time::Duration::from_millis(400));
    tab.before_scripts("addEventListener('pagereveal', event => { window.moved = !!event.viewTransition; })");
    tab.click(".sidebar a[href$='second/']");
    tab.until("location.pathname === '/guide/second/' && document.readyState === 'complete'");
    assert_eq!(
        tab.eval::<String>("performance.getEntriesByType('navigation')[0].deliveryType"),
        "navigational-prefetch"
    );
    tab.until("'moved' in window");
    assert!(tab.eval::<bool>("window.moved"), "the pages are joined by a view transition");

    // Whoever saves data, or wants less motion, gets neither.
    let tab = browser.page(WIDE);
    tab.before_scripts(
        "Object.defineProperty(navigator, 'connection', { value: { saveData: true } }); \
         addEventListener('pagereveal', event => { window.moved = !!event.viewTransition; })",
    );
    tab.goto(&format!("{}guide/first/", server.url));
    tab.hover(".sidebar a[href$='second/']");
    std::thread::sleep(std::time::Duration::from_millis(300));
    assert_eq!(tab.count("script[type=speculationrules], link[rel=prefetch]"), 0);
    tab.click(".sidebar a[href$='second/']");
    tab.until("location.pathname === '/guide/second/' && document.readyState === 'complete'");
    tab.until("'moved' in window");
    assert!(!tab.eval::<bool>("window.moved"));
    assert_eq!(tab.thrown(), Vec::<String>::new());
}

#[test]
fn the_way_back_leads_to_the_same_place() {
    let folder = site();
    let server = support::serve(folder.path());
    let browser = Browser::start();
    for kept in [true, false] {
        let tab = browser.page(WIDE);
        tab.before_scripts("addEventListener('pageshow', event => { window.kept = event.persisted; })");
        if !kept {
            // A page that holds a lock cannot be kept whole.
            tab.before_scripts("navigator.locks.request('held', () => new Promise(() => {}))");
        }
        tab.goto(&format!("{}guide/first/#below", server.url));
        tab.click(".tabs [role=tab]:nth-of-type(2)");
        tab.click(".prose summary");
        let last = link(&tab, "On to the second");
        tab.run(&format!("document.querySelector({last:?}).scrollIntoView({{ block: 'center' }})"));
        let place: f64 = tab.eval("scrollY");
        assert!(place > 4000.0, "{place}");
        tab.click(&last);
        tab.until(
            "location.pathname === '/guide/second/' && document.readyState === 'complete' && scrollY === 0",
        );
        tab.run("history.back()");
        tab.until(
            "location.pathname === '/guide/first/' && document.readyState === 'complete' && 'kept' in window",
        );
        assert_eq!(tab.eval::<bool>("window.kept"), kept);
        tab.until(&format!("Math.abs(scrollY - {place}) < 2"));
        assert!(tab.eval::<bool>("document.querySelector('.prose details').open"));
        assert_eq!(
            tab.eval::<String>("document.querySelector('.tabs [role=tab]:nth-of-type(2)').ariaSelected"),
            "true"
        );
        assert_eq!(tab.thrown(), Vec::<String>::new());
    }
}

#[test]
fn the_sidebar_stays_where_it_is_from_page_to_page() {
    let folder = site();
    let server = support::serve(folder.path());
    let browser = Browser::start();
    let tab = browser.page(WIDE);
    tab.before_scripts(
        "window.places = []; requestAnimationFrame(function seen() { const entry = document.querySelector('.sidebar [aria-current]'); \
         if (entry) places.push(entry.getBoundingClientRect().top); requestAnimationFrame(seen); })",
    );
    tab.goto(&format!("{}list/page-10/", server.url));
    for page in ["page-40", "page-45", "page-30"] {
        let entry = format!(".sidebar a[href$='{page}/']");
        tab.run(&format!("document.querySelector({entry:?}).scrollIntoView({{ block: 'center' }})"));
        let before: f64 = tab.eval(&format!("document.querySelector({entry:?}).getBoundingClientRect().top"));
        tab.click(&entry);
        tab.until(&format!(
            "location.pathname === '/list/{page}/' && document.readyState === 'complete' && places.length > 2"
        ));
        let places: Vec<f64> = tab.eval("places");
        assert!(places.iter().all(|place| (place - before).abs() < 2.0), "{page}: {before}, then {places:?}");
    }
    // Without the browser's own memory, the way back has the entry in sight.
    tab.run("navigator.locks.request('held', () => new Promise(() => {}))");
    tab.run("document.querySelector('.sidebar').scrollTop = 0");
    tab.click(".brand");
    tab.until("location.pathname === '/' && document.readyState === 'complete'");
    tab.run("history.back()");
    tab.until("location.pathname === '/list/page-30/' && document.readyState === 'complete'");
    let place: f64 =
        tab.eval("document.querySelector('.sidebar [aria-current]').getBoundingClientRect().top");
    assert!((64.0..900.0).contains(&place), "{place}");
    assert_eq!(tab.thrown(), Vec::<String>::new());

    // A drawer that a link was followed from is closed, forth and back.
    let tab = browser.page(NARROW);
    tab.goto(&format!("{}list/page-10/", server.url));
    tab.click(".bar [popovertarget=frame-sidebar]");
    tab.click(".sidebar a[href$='page-12/']");
    tab.until("location.pathname === '/list/page-12/' && document.readyState === 'complete'");
    assert!(!tab.is_visible(".sidebar"));
    tab.run("history.back()");
    tab.until("location.pathname === '/list/page-10/' && document.readyState === 'complete'");
    assert!(!tab.is_visible(".sidebar"));
}

#[test]
fn an_address_without_a_page_names_the_nearest_without_scripts() {
    let folder = site();
    let server = support::serve(folder.path());
    let browser = Browser::start();
    for scripts in [false, true] {
        let tab = browser.page(Look { scripts, ..WIDE });
        tab.goto(&format!("{}guide/secnd/", server.url));
        assert_eq!(tab.text("h1"), "Page not found");
        assert!(tab.is_visible(".nearest a[href='/guide/second/']"));
        assert_eq!(tab.text(".nearest a[href='/guide/second/']"), "Second");
        // Addressed itself, it is near to nothing.
        tab.goto(&format!("{}404.html", server.url));
        assert!(!tab.is_visible(".nearest"));
    }
}
