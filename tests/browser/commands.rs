//! Commands as readers use them: filled in once, copied clean, folded, wrapped, downloaded, explained.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use super::support;
use super::support::browser::{Browser, Look, Tab, WIDE};

const VHUB: &str = "networking/connect/azure/private/vhub-peering/";
const VNET: &str = "networking/connect/azure/private/vnet-peering/";
const VPN: &str = "networking/connect/azure/private/vpn/";
const SUBSCRIPTION: &str = "0b1f6471-1bf0-4dda-aec3-cb9272f09590";

/// Keeps what a page offers as a file where a test can read it.
const KEEP_FILES: &str = "window.files = []; URL.createObjectURL = blob => { window.files.push(blob); return 'data:,'; }; \
    HTMLAnchorElement.prototype.click = function () { window.fileName = this.download; }";

fn fill(tab: &Tab<'_>, key: &str, value: &str) {
    tab.click(&format!("[data-field={key}] input"));
    tab.run("document.activeElement.select()");
    tab.write(value);
    tab.press("Tab");
}

/// The texts of all marks of a placeholder on the page, each once.
fn marks(tab: &Tab<'_>, key: &str) -> Vec<String> {
    tab.eval(&format!(
        "[...new Set([...document.querySelectorAll('[data-placeholder={key}]')].map(e => e.textContent))]"
    ))
}

fn stored(tab: &Tab<'_>) -> String {
    tab.eval("JSON.stringify(localStorage) + JSON.stringify(sessionStorage) + document.cookie")
}

/// The words of a printed page, without white space.
fn printed(tab: &Tab<'_>) -> String {
    let mut child = Command::new("pdftotext")
        .args(["-layout", "-", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("`make tools` installs poppler-utils");
    let pdf = tab.pdf();
    let mut stdin = child.stdin.take().expect("it is piped");
    let writer = std::thread::spawn(move || stdin.write_all(&pdf).expect("it reads"));
    let output = child.wait_with_output().expect("it ends");
    writer.join().expect("it was written");
    String::from_utf8(output.stdout).expect("it prints text").split_whitespace().collect()
}

#[test]
fn a_reader_fills_the_subscription_in_once() {
    let folder = support::shipped();
    let server = support::serve(&folder.path().join("site"));
    let browser = Browser::start();
    let tab = browser.page(WIDE);
    tab.goto(&format!("{}{VHUB}", server.url));
    let address = tab.url();
    let asked = tab.asked().len();
    let key = "customer-subscription-id";
    assert_eq!(marks(&tab, key), ["{customer-subscription-id}"]);
    let uses = tab.count(&format!("[data-placeholder={key}]"));
    assert!(uses >= 5, "{uses}");
    assert_eq!(tab.text(".placeholders-count"), "0 of 4 filled in");

    // A value without the expected form is said, and not used.
    fill(&tab, key, "my subscription");
    assert_eq!(marks(&tab, key), ["{customer-subscription-id}"]);
    assert!(tab.is_visible(&format!("[data-field={key}] .field-error")));
    assert_eq!(
        tab.eval::<String>(&format!(
            "document.querySelector('[data-field={key}] input').getAttribute('aria-invalid')"
        )),
        "true"
    );
    let described: String = tab.eval(&format!("document.getElementById(document.querySelector('[data-field={key}] input').getAttribute('aria-describedby')).innerText"));
    assert!(described.contains("expected form"), "{described}");
    assert!(!stored(&tab).contains("my subscription"));

    // A value with it stands everywhere at once: commands, files, and what is copied and downloaded.
    fill(&tab, key, SUBSCRIPTION);
    assert_eq!(marks(&tab, key), [SUBSCRIPTION]);
    assert_eq!(tab.text(".placeholders-count"), "1 of 4 filled in");
    tab.run("[...document.querySelectorAll('.code-block')].find(e => e.textContent.includes('Withdraw the temporary access')).querySelector('.copy').click()");
    let copied = tab.copied();
    assert!(
        copied.contains(&format!(
            "  --role \"Astro VHub Peering Contributor\" \\\n  --scope \"/subscriptions/{SUBSCRIPTION}\"\n"
        )),
        "{copied}"
    );
    assert!(!copied.contains('{'), "{copied}");
    tab.run(KEEP_FILES);
    tab.run(
        "document.querySelector('[data-file=\"astro-vhub-peering-creator-role.json\"] .download').click()",
    );
    assert_eq!(tab.eval::<String>("window.fileName"), "astro-vhub-peering-creator-role.json");
    let file: String = tab.eval("window.files[0].text()");
    let role: serde_json::Value =
        serde_json::from_str(&file).unwrap_or_else(|error| panic!("{error}: {file}"));
    assert_eq!(role["AssignableScopes"][0], format!("/subscriptions/{SUBSCRIPTION}"));
    assert!(printed(&tab).contains(&format!("--scope\"/subscriptions/{SUBSCRIPTION}\"")));

    // The address says nothing of it, and nothing was sent.
    assert_eq!(tab.url(), address);
    // A browser asks for the icon of a site when it likes.
    let own =
        |url: &String| ["data:", "/.waypost/events", "/img/favicon.svg"].iter().any(|own| url.contains(own));
    let later = tab.asked();
    assert!(later.iter().skip(asked).all(own), "{later:?}");
    assert!(!later.iter().any(|url| url.contains(SUBSCRIPTION)), "{later:?}");

    // It is there after a reload, before anything is painted, and on the next page; other tabs follow.
    tab.reload();
    assert_eq!(marks(&tab, key), [SUBSCRIPTION]);
    assert_eq!(tab.url(), address);
    let other = browser.page(WIDE);
    other.goto(&format!("{}{VNET}", server.url));
    assert_eq!(marks(&other, key), [SUBSCRIPTION]);
    let changed = SUBSCRIPTION.replace('0', "a");
    tab.run(&format!(
        "const i = document.querySelector('[data-field={key}] input'); i.value = '{changed}'; i.dispatchEvent(new Event('input'))"
    ));
    other.until(&format!("document.querySelector('[data-placeholder={key}]').textContent === '{changed}'"));
    assert_eq!(
        other.eval::<String>(&format!("document.querySelector('[data-field={key}] input').value")),
        changed
    );

    // Everything can be taken back.
    tab.run("document.querySelector('.placeholders-note .placeholders-reset').click()");
    assert_eq!(marks(&tab, key), ["{customer-subscription-id}"]);
    assert!(!stored(&tab).contains("placeholder:"), "{}", stored(&tab));
    assert_eq!(tab.thrown(), Vec::<String>::new());
}

#[test]
fn a_field_opens_at_its_mark_and_a_secret_is_not_kept() {
    let folder = support::shipped();
    let server = support::serve(&folder.path().join("site"));
    let browser = Browser::start();
    let tab = browser.page(WIDE);
    tab.goto(&format!("{}{VPN}", server.url));
    // By keyboard.
    tab.run("document.querySelector('pre [data-placeholder=vnet-name]').focus()");
    assert_eq!(
        tab.eval::<String>("document.activeElement.getAttribute('aria-label')"),
        "VNet name: {vnet-name}"
    );
    tab.press("Enter");
    tab.until("document.activeElement.id === 'fill-input'");
    assert_eq!(tab.text(".fill label"), "VNet name");
    // Text is text: never markup.
    tab.write("<img src=x onerror=alert(1)>");
    assert_eq!(marks(&tab, "vnet-name"), ["<img src=x onerror=alert(1)>"]);
    assert_eq!(tab.count("pre img"), 0);
    tab.press("Enter");
    tab.until("!document.querySelector('.fill').matches(':popover-open')");
    assert_eq!(tab.eval::<String>("document.activeElement.dataset.placeholder"), "vnet-name");
    assert_eq!(
        tab.eval::<String>("document.querySelector('[data-field=vnet-name] input').value"),
        "<img src=x onerror=alert(1)>"
    );

    // By mouse; one is reset by itself; Escape closes.
    tab.click("pre [data-placeholder=vnet-name]");
    tab.until("document.activeElement.id === 'fill-input'");
    tab.click(".fill .placeholders-reset");
    assert_eq!(marks(&tab, "vnet-name"), ["{vnet-name}"]);
    tab.press("Escape");
    tab.until("!document.querySelector('.fill').matches(':popover-open')");

    // A secret has a password's field and is said to be one; it is used, and gone after a reload.
    tab.click("pre [data-placeholder=vpn-shared-key]");
    tab.until("document.activeElement.type === 'password'");
    assert!(tab.is_visible(".fill .field-secret"));
    tab.write("hunter2-and-more");
    tab.press("Enter");
    assert_eq!(marks(&tab, "vpn-shared-key"), ["hunter2-and-more"]);
    assert!(!stored(&tab).contains("hunter2"), "{}", stored(&tab));
    assert!(!tab.url().contains("hunter2"));
    tab.run("[...document.querySelectorAll('.code-block')].find(e => e.textContent.includes('The tunnel')).querySelector('.copy').click()");
    let copied = tab.copied();
    assert!(copied.ends_with("  --shared-key \"hunter2-and-more\""), "{copied}");
    tab.reload();
    assert_eq!(marks(&tab, "vpn-shared-key"), ["{vpn-shared-key}"]);
    assert_eq!(tab.thrown(), Vec::<String>::new());
}

fn write(folder: &Path, path: &str, text: &str) {
    let path = folder.join(path);
    std::fs::create_dir_all(path.parent().expect("it has a folder")).expect("a folder is made");
    std::fs::write(path, text).expect("a file is written");
}

const PAGE: &str = r#"---
title: Commands
description: Every form of code.
placeholders:
  region: {label: Region, default: westeurope}
  RG: {label: Resource group}
---

Use {region} and `<region>`.

```console
# Look around
$ az group list \
    --query "[].name" \
    --resource-group <rg>
[ "output" ]
$ ls "$RG"
```

```diff
-old
+new
 same
```

```text title="long.txt" fold=5
1
2
3
4
5
6
7
8
9
10
last line
```

```yaml showLineNumbers title="notes.yaml"
a: 1 # (1)!
b: 2
```

1. The **note** on a.

```bash
echo "a line that is far too long for any window that somebody may read this page in, as long as it is narrower than a wall of a house, which most are, today; so it has to be wrapped somewhere"
echo <your name>
```
"#;

#[test]
fn what_is_copied_folded_wrapped_and_noted() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    write(
        folder.path(),
        "book.toml",
        "[book]\ntitle = \"T\"\nsrc = \"content\"\n\n[site]\norigin = \"https://docs.example.com\"\n",
    );
    write(folder.path(), "content/index.md", PAGE);
    let server = support::serve(folder.path());
    let browser = Browser::start();
    let tab = browser.page(WIDE);
    let copy = |number: usize| -> String {
        tab.run("delete window.copied");
        tab.run(&format!(
            "document.querySelectorAll('.code-block')[{number}].querySelector('.copy').click()"
        ));
        tab.copied()
    };
    tab.goto(&server.url);
    // The default stands in the commands and in the sentence.
    assert_eq!(marks(&tab, "region"), ["westeurope"]);
    // Commands and comments, continued lines whole; no prompt, no answer.
    fill(&tab, "rg", "my-rg");
    assert_eq!(
        copy(0),
        "# Look around\naz group list \\\n    --query \"[].name\" \\\n    --resource-group my-rg\nls \"my-rg\""
    );
    // A diff is copied as it is when it is done.
    assert_eq!(copy(1), "new\nsame");
    // Numbers of lines and of notes stay behind.
    assert_eq!(copy(3), "a: 1\nb: 2");

    // A long block is folded until it is opened.
    let hidden = "(b => b.querySelector('pre').clientHeight < b.querySelector('code').clientHeight - 40)(document.querySelector('.code-fold'))";
    assert!(tab.eval::<bool>(hidden));
    assert_eq!(tab.text(".code-more"), "Show all lines");
    assert_eq!(copy(2), "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\nlast line");
    tab.click(".code-more");
    assert!(!tab.eval::<bool>(hidden));
    assert_eq!(tab.text(".code-more"), "Show fewer lines");

    // Wrapping is a reader's choice, and remembered.
    let scrolls = "(p => p.scrollWidth > p.clientWidth)(document.querySelectorAll('pre')[4])";
    assert!(tab.eval::<bool>(scrolls));
    tab.hover(".code-block:last-of-type pre");
    tab.click(".code-block:last-of-type .wrap");
    assert!(!tab.eval::<bool>(scrolls));
    tab.reload();
    assert!(!tab.eval::<bool>(scrolls));

    // A note opens at its number, by mouse and by keyboard, and the list is out of the way.
    assert!(!tab.is_visible(".code-notes"));
    tab.click(".code-note");
    tab.until("document.querySelector('.note-box').matches(':popover-open')");
    assert_eq!(tab.text(".note-box"), "The note on a.");
    tab.press("Escape");
    tab.until("!document.querySelector('.note-box').matches(':popover-open')");
    assert!(tab.eval::<bool>("document.activeElement.matches('.code-note')"));

    // What nobody described is a field all the same.
    tab.click("[data-placeholder=your-name]");
    tab.until("document.activeElement.id === 'fill-input'");
    tab.write("Ada");
    tab.press("Enter");
    assert_eq!(copy(4).lines().last(), Some("echo Ada"));

    // Print holds everything: all lines, the notes, the values.
    let print = printed(&tab);
    for words in
        ["lastline", "Thenoteona.", "--resource-groupmy-rg", "echoAda", "Usewesteuropeandwesteurope."]
    {
        assert!(print.contains(words), "{words}: {print}");
    }
    assert!(!print.contains("Showall") && !print.contains("Fillinonce"), "{print}");

    // Nothing moves while the page loads, with everything filled in, folded and wrapped.
    tab.reload();
    let shift: f64 = tab.eval(
        "new Promise(done => { let sum = 0; new PerformanceObserver(list => list.getEntries().forEach(e => sum += e.value)).observe({ type: 'layout-shift', buffered: true }); setTimeout(() => done(sum), 300); })",
    );
    assert!(shift == 0.0, "{shift}");
    assert_eq!(tab.thrown(), Vec::<String>::new());
}

#[test]
fn without_scripts_code_is_what_was_written() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    write(
        folder.path(),
        "book.toml",
        "[book]\ntitle = \"T\"\nsrc = \"content\"\n\n[site]\norigin = \"https://docs.example.com\"\n",
    );
    write(folder.path(), "content/index.md", PAGE);
    let server = support::serve(folder.path());
    let browser = Browser::start();
    let tab = browser.page(Look { scripts: false, ..WIDE });
    tab.goto(&server.url);
    assert_eq!(marks(&tab, "region"), ["{region}", "<region>"]);
    assert!(!tab.is_visible(".placeholders") && tab.count("[role=button]") == 0 && tab.count(".fill") == 0);
    assert!(tab.text("pre").starts_with("# Look around\n$ az group list \\\n"));
    assert!(tab.is_visible(".code-notes"));
    assert_eq!(
        tab.eval::<String>("document.querySelector(document.querySelector('.code-note').hash).innerText"),
        "The note on a."
    );
    assert!(tab.eval::<bool>("(b => b.querySelector('pre').clientHeight > b.querySelector('code').clientHeight)(document.querySelector('.code-fold'))"));
    assert!(printed(&tab).contains("{region}and<region>"));
}

#[test]
fn names_and_ids_of_any_kind_leave_the_scripts_of_a_page_alone() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let page = "# Odd\n\n## Half {#50%}\n\n```sh\nwaypost new <constructor> --name <name>\n```\n";
    std::fs::create_dir(folder.path().join("content")).expect("made");
    std::fs::write(folder.path().join("content/index.md"), page).expect("written");
    std::fs::write(folder.path().join("book.toml"), "[book]\ntitle = \"Odd\"\nsrc = \"content\"\n")
        .expect("written");
    let server = support::serve(folder.path());
    let browser = Browser::start();
    let tab = browser.page(WIDE);
    tab.goto(&format!("{}#50%", server.url));
    assert_eq!(tab.thrown(), Vec::<String>::new());
    tab.click("[data-placeholder=constructor]");
    tab.write("x");
    tab.press("Enter");
    tab.until("document.querySelector('[data-placeholder=constructor]').textContent === 'x'");
    // What comes last in the script is there, too.
    tab.click(".search-open");
    tab.until("document.querySelector('.search-dialog[open]')");
    assert_eq!(tab.thrown(), Vec::<String>::new());
}
