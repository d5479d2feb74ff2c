//! Tabs as readers use them: each sentence of what the documentation promises of them, tried.

use std::process::Command;

use super::support;
use super::support::browser::{Browser, Look, NARROW, Tab, WIDE};

const BOOK: &str = "[book]\nsrc = \"content\"\n\n[site]\norigin = \"https://docs.example.org\"\n\n\
                    [check.rules]\nmissing-description = \"off\"\ntab-heading-twice = \"off\"\n";

const RIGHT_TO_LEFT: &str = "[book]\nsrc = \"content\"\nlanguage = \"ar\"\n\n[check.rules]\nmissing-description = \"off\"\n\
                             tab-heading-twice = \"off\"\n";

/// Groups that follow each other, one of another name with the same labels, one without a name, one in another, one
/// in a list, one that is closed at first, and a closed disclosure.
const GUIDE: &str = r#"---
title: Guide
---

See the [steps for a VPC](#create-vpc-peering), [another page](other.md?tab=VPC%20peering#create) or [a site](https://elsewhere.example/a?b=c).

<TOCInline toc={toc} />

<Tabs groupId="connection" queryString>
<TabItem value="public" label="Public endpoints">

## Create

Public words.

### Test the endpoint

</TabItem>
<TabItem value="vpc" label="VPC peering">

## Create

Peering words, see [the other page](other.md).

<Tabs groupId="system">
<TabItem value="linux" label="Linux">

### Routes on Linux

Linux words.

</TabItem>
<TabItem value="windows" label="Windows">

### Routes on Windows

Windows words.

</TabItem>
</Tabs>

</TabItem>
</Tabs>

## Check

1. A step:

   <Tabs groupId="connection">
   <TabItem value="public" label="Public endpoints">In the list, public.</TabItem>
   <TabItem value="vpc" label="VPC peering">In the list, a peering.</TabItem>
   </Tabs>

<Tabs groupId="billing" queryString="plan">
<TabItem value="public" label="Public endpoints">Costs of endpoints.</TabItem>
<TabItem value="vpc" label="VPC peering">Costs of a peering.</TabItem>
</Tabs>

<Tabs>
<TabItem value="small" label="Small">Small words.</TabItem>
<TabItem value="large" label="Large" default>Large words.</TabItem>
</Tabs>

<Tabs defaultValue={null} className="closed">
<TabItem value="one">First answer.</TabItem>
<TabItem value="two" className="own-panel" attributes={{className: 'own-button'}}>Second answer.</TabItem>
</Tabs>

<details>
<summary>More</summary>

### Hidden depth

<Tabs>
<TabItem value="left" label="Left">Left words.</TabItem>
<TabItem value="right" label="Right">

#### Deepest

Right words.

</TabItem>
</Tabs>

</details>

## After

Words at the end.
"#;

const OTHER: &str = r#"---
title: Other
---

<Tabs groupId="connection">
<TabItem value="VPC peering">

## Create

Other words.

</TabItem>
<TabItem value="VNet peering">

## Create

</TabItem>
</Tabs>

<Tabs groupId="system">
<TabItem value="mac" label="macOS">Mac.</TabItem>
<TabItem value="bsd" label="BSD">Daemon.</TabItem>
</Tabs>
"#;

/// More tabs than a telephone has room for, and what is nearly a group.
const LONG: &str = r#"---
title: Long
---

<Tabs groupId="region">
<TabItem value="a" label="Northern Europe">A.</TabItem>
<TabItem value="b" label="Western Europe">B.</TabItem>
<TabItem value="c" label="Southern India">C.</TabItem>
<TabItem value="d" label="Eastern Australia">D.</TabItem>
<TabItem value="e" label="Central Canada">E.</TabItem>
<TabItem value="f" label="Brazil South" default>F.</TabItem>
</Tabs>

<div class="tab-panel" role="tabpanel">No group around it.</div>

<div class="tabs"><div class="tab-panel">No list.</div></div>

<div class="tab-list"><button class="tab" id="nothing">Nothing</button></div>

<Tabs></Tabs>

<Tabs>
<TabItem value="sh" label="Shell">

```sh
echo one
```

</TabItem>
<TabItem value="py" label="Python">

```python
print("two")
```

</TabItem>
</Tabs>
"#;

struct Site {
    _folder: tempfile::TempDir,
    server: support::Server,
}

impl Site {
    fn new(book: &str) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        std::fs::create_dir(folder.path().join("content")).expect("a new folder");
        let index = "---\ntitle: Home\n---\n\nWords.\n";
        for (name, text) in [
            ("book.toml", book),
            ("content/index.md", index),
            ("content/guide.md", GUIDE),
            ("content/other.md", OTHER),
            ("content/long.md", LONG),
        ] {
            std::fs::write(folder.path().join(name), text).expect("a file is written");
        }
        let server = support::serve(folder.path());
        Self { _folder: folder, server }
    }

    fn at(&self, path: &str) -> String {
        format!("{}{path}", self.server.url)
    }
}

/// The labels that are chosen, in order.
fn chosen(tab: &Tab) -> Vec<String> {
    tab.eval("[...document.querySelectorAll('.tabs')].map(g => g.querySelector(':scope > .tab-list > [aria-selected=true]')?.textContent ?? '')")
}

/// What moved by itself after it was painted, and how far.
fn shift(tab: &Tab) -> Vec<String> {
    tab.eval(
        "new Promise(done => { const moved = []; new PerformanceObserver(list => list.getEntries().forEach(entry => moved.push(entry.value + ' ' + entry.sources.map(it => (it.node?.outerHTML ?? '').slice(0, 80) + ' ' + JSON.stringify([it.previousRect, it.currentRect])).join('; ')))).observe({ type: 'layout-shift', buffered: true }); setTimeout(() => done(moved), 400); })",
    )
}

fn is_in_window(tab: &Tab, id: &str) -> bool {
    tab.eval(&format!(
        "(() => {{ const place = document.getElementById({id:?}).getBoundingClientRect(); return place.height > 0 && place.top >= 0 && place.bottom <= innerHeight; }})()"
    ))
}

#[test]
fn an_address_opens_exactly_its_tab_and_heading_and_nothing_moves() {
    let site = Site::new(BOOK);
    let browser = Browser::start();
    let tab = browser.page(WIDE);
    let first = ["Public endpoints", "Linux", "Public endpoints", "Public endpoints", "Large", "", "Left"];
    tab.goto(&site.at("guide/"));
    assert_eq!(chosen(&tab), first);
    assert!(!tab.is_visible("#create-1") && tab.is_visible("#create"));
    for (address, changed, heading) in [
        // A label of any group, and its heading by either of its ids.
        (
            "?tab=VPC%20peering#create-1",
            vec![(0, "VPC peering"), (2, "VPC peering"), (3, "VPC peering")],
            "create-1",
        ),
        (
            "?tab=vpc+peering#create-vpc-peering",
            vec![(0, "VPC peering"), (2, "VPC peering"), (3, "VPC peering")],
            "create-vpc-peering",
        ),
        // A group's own keys: `queryString`, `groupId`.
        ("?connection=vpc", vec![(0, "VPC peering"), (2, "VPC peering")], ""),
        ("?plan=VPC%20peering", vec![(3, "VPC peering")], ""),
        ("?billing=vpc", vec![(3, "VPC peering")], ""),
        // An anchor alone, in nested tabs and in a closed disclosure too.
        ("#routes-on-windows", vec![(0, "VPC peering"), (1, "Windows")], "routes-on-windows"),
        ("#hidden-depth", vec![], "hidden-depth"),
        ("#deepest", vec![(6, "Right")], "deepest"),
        // The anchor decides where the tab says something else.
        (
            "?tab=Public%20endpoints#routes-on-windows",
            vec![(0, "VPC peering"), (1, "Windows")],
            "routes-on-windows",
        ),
        // A tab in a tab that is not chosen.
        ("?tab=Windows", vec![(0, "VPC peering"), (1, "Windows")], ""),
        ("?tab=two", vec![(5, "two")], ""),
        // What no group has changes nothing.
        ("?tab=Nothing&connection=nothing#nothing", vec![], ""),
        ("?tab=%E0%A4%A#%E0%A4%A", vec![], ""),
    ] {
        let mut wanted = first;
        for (group, label) in changed {
            wanted[group] = label;
        }
        tab.goto("about:blank");
        tab.goto(&site.at(&format!("guide/{address}")));
        assert_eq!(chosen(&tab), wanted, "{address}");
        if !heading.is_empty() {
            tab.until(&format!(
                "document.getElementById({heading:?}).getBoundingClientRect().top < innerHeight"
            ));
            assert!(is_in_window(&tab, heading) || heading.starts_with("create-vpc"), "{address}");
        }
        assert_eq!(shift(&tab), Vec::<String>::new(), "{address} moves");
    }
    // A choice that is remembered moves nothing either.
    tab.goto(&site.at("guide/"));
    tab.click("#tabs-1-vpc-button");
    tab.goto("about:blank");
    tab.goto(&site.at("guide/"));
    assert_eq!(chosen(&tab)[..4], ["VPC peering", "Linux", "VPC peering", "Public endpoints"]);
    assert_eq!(shift(&tab), Vec::<String>::new());
    // Links on the page: to a heading in a hidden tab, twice, and back again.
    tab.run("localStorage.clear()");
    tab.goto(&site.at("guide/"));
    for _ in 0..2 {
        tab.click(".prose a[href='#create-vpc-peering']");
        tab.until("document.querySelector('#tabs-1-vpc-button').ariaSelected === 'true'");
        tab.until("document.getElementById('create-1').getBoundingClientRect().top < innerHeight");
        tab.run("scrollTo(0, 0)");
        tab.click("#tabs-1-public-button");
        tab.until("document.querySelector('#tabs-1-public-button').ariaSelected === 'true'");
        // The address no longer names a heading that is hidden.
        assert_eq!(tab.eval::<String>("location.hash"), "");
    }
    tab.run("location.hash = 'routes-on-windows'");
    tab.until("document.querySelector('#tabs-2-windows-button').ariaSelected === 'true'");
    tab.run("location.hash = 'test-the-endpoint'");
    tab.until("document.querySelector('#tabs-1-public-button').ariaSelected === 'true'");
    tab.run("history.back()");
    tab.until("location.hash === '#routes-on-windows' && document.querySelector('#tabs-1-vpc-button').ariaSelected === 'true'");
    assert_eq!(tab.thrown(), Vec::<String>::new());
}

#[test]
fn a_choice_follows_its_group_over_pages_and_windows_and_is_in_the_address() {
    let site = Site::new(BOOK);
    let browser = Browser::start();
    // The page that was opened last is in front, and only that one is clicked on.
    let window = browser.page(WIDE);
    let tab = browser.page(WIDE);
    window.goto(&site.at("guide/"));
    tab.goto(&site.at(""));
    tab.goto(&site.at("guide/"));
    let entries: usize = tab.eval("history.length");
    // The button stays under the pointer, whatever becomes of the panels above.
    tab.run("document.querySelector('#tabs-3').scrollIntoView({ block: 'center', behavior: 'instant' }); window.top0 = document.querySelector('#tabs-3-vpc-button').getBoundingClientRect().top");
    tab.click("#tabs-3-vpc-button");
    let wanted = ["VPC peering", "Linux", "VPC peering", "Public endpoints", "Large", "", "Left"];
    assert_eq!(chosen(&tab), wanted);
    assert!(
        tab.eval::<f64>(
            "Math.abs(document.querySelector('#tabs-3-vpc-button').getBoundingClientRect().top - top0)"
        ) < 2.0
    );
    assert_eq!(tab.eval::<String>("location.search"), "?connection=vpc");
    tab.click("#tabs-5-small-button");
    assert_eq!(tab.eval::<String>("location.search"), "?connection=vpc&tab=Small");
    tab.click("#tabs-2-windows-button");
    assert_eq!(tab.eval::<String>("location.search"), "?connection=vpc&tab=Small&system=windows");
    assert_eq!(tab.eval::<usize>("history.length"), entries);
    // The other window follows, but for what has no name.
    window.until("document.querySelector('#tabs-2-windows-button').ariaSelected === 'true'");
    assert_eq!(
        chosen(&window),
        ["VPC peering", "Windows", "VPC peering", "Public endpoints", "Large", "", "Left"]
    );
    // Loaded again, the page is as it was.
    tab.reload();
    let own = ["VPC peering", "Windows", "VPC peering", "Public endpoints", "Small", "", "Left"];
    assert_eq!(chosen(&tab), own);
    // On another page the same choice has the label as its value, and one of its groups lacks it.
    tab.goto(&site.at("other/"));
    assert_eq!(chosen(&tab), ["VPC peering", "macOS"]);
    tab.click("#tabs-1-vnet-peering-button");
    // Back: the page as the reader left it; then the page before it, for no choice was an entry of its own.
    tab.run("history.back()");
    tab.until("location.pathname === '/guide/' && document.readyState === 'complete'");
    assert_eq!(chosen(&tab), own);
    tab.run("history.back()");
    tab.until("location.pathname === '/'");
    // A value that a page does not have leaves its default.
    tab.goto(&site.at("guide/"));
    assert_eq!(chosen(&tab)[0], "Public endpoints");
    // Where storage is forbidden nothing is remembered and nothing is thrown.
    tab.run(
        "window.said = []; addEventListener('message', event => said.push(event.data)); \
         fetch(location.href).then(answer => answer.text()).then(html => { \
           const frame = document.createElement('iframe'); frame.sandbox = 'allow-scripts'; \
           frame.srcdoc = html.replace('<head>', '<head><base href=\"' + location.href + '\"><script>onerror = said => parent.postMessage(said, \"*\"); onload = () => { try { localStorage } catch (e) { parent.postMessage(e.name, \"*\") } document.querySelector(\"#tabs-1-vpc-button\").click(); parent.postMessage(document.querySelector(\"#tabs-3-vpc-button\").ariaSelected, \"*\"); }<\\/script>'); \
           document.body.append(frame); })",
    );
    tab.until("window.said.length >= 2");
    assert_eq!(tab.eval::<Vec<String>>("window.said"), ["SecurityError", "true"]);
    assert_eq!([tab.thrown(), window.thrown()], [Vec::<String>::new(), Vec::new()]);
}

#[test]
fn the_keyboard_moves_in_a_list_as_the_aria_pattern_has_it() {
    for (book, forward, back) in
        [(BOOK, "ArrowRight", "ArrowLeft"), (RIGHT_TO_LEFT, "ArrowLeft", "ArrowRight")]
    {
        let site = Site::new(book);
        let browser = Browser::start();
        let tab = browser.page(NARROW);
        tab.goto(&site.at("long/"));
        let on = || tab.eval::<String>("document.activeElement.textContent.trim()");
        let is_chosen = || {
            tab.eval::<bool>("document.activeElement.ariaSelected === 'true' && !document.getElementById(document.activeElement.getAttribute('aria-controls')).hasAttribute('hidden') && document.querySelectorAll('#tabs-1 > .tab-panel:not([hidden])').length === 1")
        };
        // A list longer than its line: the page is no wider, the chosen tab in sight, the others faded where they go on.
        let in_sight = "(() => { const list = document.querySelector('#tabs-1 > .tab-list').getBoundingClientRect(), tab = document.querySelector('#tabs-1 > .tab-list > [aria-selected=true]').getBoundingClientRect(); return tab.left >= list.left - 1 && tab.right <= list.right + 1; })()";
        assert!(tab.eval::<bool>("document.documentElement.scrollWidth <= 360 && document.querySelector('#tabs-1 > .tab-list').scrollWidth > 600"));
        assert!(tab.eval::<bool>(in_sight));
        let fade = "['--from', '--to'].map(side => parseFloat(getComputedStyle(document.querySelector('#tabs-1 > .tab-list')).getPropertyValue(side)) > 2)";
        assert_eq!(tab.eval::<Vec<bool>>(fade), [true, false]);
        tab.run("document.querySelector('#tabs-1-f-button').focus()");
        for (key, label) in [
            (forward, "Northern Europe"),
            (back, "Brazil South"),
            (back, "Central Canada"),
            ("Home", "Northern Europe"),
            (forward, "Western Europe"),
            ("End", "Brazil South"),
            ("Home", "Northern Europe"),
        ] {
            tab.press(key);
            tab.until(in_sight);
            assert_eq!(on(), label, "after {key}");
            assert!(is_chosen(), "after {key}");
        }
        assert_eq!(tab.eval::<Vec<bool>>(fade), [false, true]);
        // One stop for the Tab key in each list, then the panel.
        tab.press("Tab");
        assert_eq!(tab.eval::<String>("document.activeElement.id"), "tabs-1-a");
        tab.press("Shift+Tab");
        assert_eq!(on(), "Northern Europe");
        // A modifier is the browser's.
        tab.press(&format!("Shift+{forward}"));
        assert_eq!(on(), "Western Europe");
        let ring: String = tab.eval("getComputedStyle(document.activeElement).outlineStyle");
        assert_eq!(ring, "solid");
        // What is nearly a group does nothing.
        tab.click("#nothing");
        // In a closed group the first tab can be reached.
        tab.goto(&site.at("guide/"));
        assert_eq!(
            tab.eval::<Vec<i32>>(
                "[...document.querySelectorAll('.closed [role=tab]')].map(tab => tab.tabIndex)"
            ),
            [0, -1]
        );
        assert_eq!(tab.count(".closed > .tab-panel:not([hidden])"), 0);
        assert_eq!(tab.count(".own-button[role=tab]"), 1);
        tab.click(".own-button");
        assert!(tab.is_visible(".own-panel"));
        assert_eq!(tab.thrown(), Vec::<String>::new());
    }
}

#[test]
fn find_in_page_opens_what_it_finds() {
    let site = Site::new(BOOK);
    let browser = Browser::start();
    let tab = browser.page(WIDE);
    tab.goto(&site.at("guide/#:~:text=Windows%20words"));
    tab.until("document.querySelector('#tabs-2-windows-button').ariaSelected === 'true'");
    assert_eq!(chosen(&tab)[..3], ["VPC peering", "Windows", "Public endpoints"]);
    assert_eq!(tab.count("#tabs-1 > .tab-panel:not([hidden]), #tabs-2 > .tab-panel:not([hidden])"), 2);
    assert_eq!(tab.thrown(), Vec::<String>::new());
}

#[test]
fn contents_list_the_open_tab_and_headings_copy_a_link_that_opens_it() {
    let site = Site::new(BOOK);
    let browser = Browser::start();
    let tab = browser.page(WIDE);
    tab.goto(&site.at("guide/"));
    let listed = || {
        tab.eval::<Vec<String>>(
            "[...document.querySelectorAll('.contents a')].filter(a => a.checkVisibility()).map(a => a.hash)",
        )
    };
    assert_eq!(listed(), ["#create", "#test-the-endpoint", "#check", "#hidden-depth", "#after"]);
    tab.click("#tabs-1-vpc-button");
    tab.until("document.querySelector('.contents a[href=\"#create-1\"]').checkVisibility()");
    assert_eq!(listed(), ["#create-1", "#routes-on-linux", "#check", "#hidden-depth", "#after"]);
    tab.click("#tabs-2-windows-button");
    tab.until("document.querySelector('.contents a[href=\"#routes-on-windows\"]').checkVisibility()");
    assert_eq!(listed(), ["#create-1", "#routes-on-windows", "#check", "#hidden-depth", "#after"]);
    // Contents in the text list the same.
    let inline = "[...document.querySelectorAll('.contents-inline a')].filter(a => a.checkVisibility()).map(a => a.hash)";
    assert_eq!(tab.eval::<Vec<String>>(inline), listed());
    // The entry of what is read.
    tab.run("document.body.style.minHeight = '300vh'; document.getElementById('routes-on-windows').scrollIntoView({ behavior: 'instant' })");
    tab.until("document.querySelector('.contents [aria-current]')?.hash === '#routes-on-windows'");
    tab.click(".contents a[href='#after']");
    tab.until("document.querySelector('.contents [aria-current]')?.hash === '#after'");
    // In a tab the link names it, by the anchor that does; outside it is the heading's alone. Screen readers are told.
    tab.run("scrollTo(0, 0)");
    tab.click("#create-1 .anchor");
    let link = tab.copied();
    assert_eq!(link, site.at("guide/?tab=VPC%20peering#create-vpc-peering"));
    assert_eq!(tab.text("[role=status]"), "Copied");
    assert_eq!(tab.eval::<String>("location.hash"), "#create-vpc-peering");
    tab.run("delete window.copied");
    tab.click("#after .anchor");
    assert_eq!(tab.copied(), site.at("guide/#after"));
    let guest = Browser::start();
    let their = guest.page(WIDE);
    their.goto(&link);
    assert_eq!(chosen(&their)[0], "VPC peering");
    assert!(is_in_window(&their, "create-1"));
    // Without scripts it is a link like any other.
    let plain = browser.page(Look { scripts: false, ..WIDE });
    plain.goto(&site.at("guide/"));
    assert_eq!(
        plain.eval::<String>("document.querySelector('#create-1 .anchor').getAttribute('href')"),
        "#create-vpc-peering"
    );
    assert_eq!([tab.thrown(), their.thrown()], [Vec::<String>::new(), Vec::new()]);
}

#[test]
fn every_panel_is_printed_under_its_label_with_the_addresses_of_links() {
    let site = Site::new(BOOK);
    let browser = Browser::start();
    for scripts in [true, false] {
        let tab = browser.page(Look { scripts, ..WIDE });
        let printed = |path: &str| {
            tab.goto(&site.at(path));
            let folder = tempfile::tempdir().expect("a temporary folder");
            let file = folder.path().join("page.pdf");
            std::fs::write(&file, tab.pdf()).expect("a file is written");
            let output = Command::new("pdftotext").args(["-layout", "-nopgbrk"]).arg(&file).arg("-").output();
            let output = output.expect("`make tools` installs pdftotext");
            assert!(output.status.success());
            String::from_utf8_lossy(&output.stdout).split_whitespace().collect::<Vec<_>>().join(" ")
        };
        // A site that is served is at home where it is served.
        let text = printed("guide/").replace(&site.server.url, "https://docs.example.org/");
        let mut from = 0;
        for words in [
            "(https://docs.example.org/other/?tab=VPC%20peering#create)",
            "(https://elsewhere.example/a?b=c)",
            "Create Test the endpoint Create Routes on Linux Routes on Windows Check Hidden depth After",
            "Public endpoints Create Public words. Test the endpoint",
            "VPC peering Create Peering words, see the other page (https://docs.example.org/other/).",
            "Linux Routes on Linux Linux words.",
            "Windows Routes on Windows Windows words.",
            "Public endpoints In the list, public.",
            "VPC peering In the list, a peering.",
            "Public endpoints Costs of endpoints.",
            "VPC peering Costs of a peering.",
            "Small Small words.",
            "Large Large words.",
            "one First answer.",
            "two Second answer.",
            "Hidden depth",
            "Left Left words.",
            "Right Deepest Right words.",
            "Words at the end.",
        ] {
            let at = text[from..].find(words);
            from += at.unwrap_or_else(|| panic!("no `{words}` with scripts {scripts}, in order, in {text}"));
        }
        let code = printed("long/");
        for words in ["Shell echo one", "Python print(\"two\")"] {
            assert!(code.contains(words), "{words}: {code}");
        }
        assert_eq!(tab.thrown(), Vec::<String>::new());
    }
}

#[test]
fn without_scripts_panels_are_read_in_order_under_their_labels() {
    let site = Site::new(BOOK);
    let browser = Browser::start();
    let tab = browser.page(Look { scripts: false, ..NARROW });
    tab.goto(&site.at("guide/?tab=VPC%20peering#create-1"));
    let text: String = tab.eval("document.querySelector('.prose').innerText.split(/\\s+/).join(' ')");
    let order = [
        "Public endpoints Create",
        "VPC peering Create",
        "Linux Routes on Linux",
        "Windows Routes on Windows",
        "Large Large words.",
    ];
    let places: Vec<_> = order.iter().map(|words| text.find(words)).collect();
    assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{places:?} in {text}");
    assert_eq!(tab.count("[role=tab]"), 14);
    assert!(!tab.is_visible("[role=tab]"));
    assert!(is_in_window(&tab, "create-1"));
    // Code in tabs is one card with scripts, and blocks of their own without.
    tab.goto(&site.at("long/"));
    assert!(tab.eval::<bool>(
        "getComputedStyle(document.querySelector('.tabs-code .code-block')).borderTopWidth === '1px'"
    ));
    let tab = browser.page(WIDE);
    tab.goto(&site.at("long/"));
    assert!(tab.eval::<bool>(
        "getComputedStyle(document.querySelector('.tabs-code .code-block')).borderTopWidth === '0px'"
    ));
    assert_eq!(tab.thrown(), Vec::<String>::new());
}
