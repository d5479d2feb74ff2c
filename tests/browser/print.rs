//! A page on paper: everything that it says, nothing that only a screen can do.

use std::fmt::Write as _;
use std::process::Command;

use super::support;
use super::support::browser::{Browser, Look, Tab, WIDE};

/// The text of the printed page, without spaces and line breaks: what wraps is whole again.
fn printed(tab: &Tab<'_>) -> String {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("page.pdf");
    std::fs::write(&path, tab.pdf()).expect("written");
    let output = Command::new("pdftotext").arg("-raw").arg(&path).arg("-").output();
    let output = output.expect("`make tools` installs pdftotext");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    pressed(&String::from_utf8_lossy(&output.stdout))
}

/// Text without spaces and hyphens (at the end of a line they are not told from the word's own), and with the letters
/// that a font joins taken apart.
fn pressed(text: &str) -> String {
    let text = text.replace('\u{fb01}', "fi").replace('\u{fb02}', "fl").replace('\u{fb00}', "ff");
    text.chars().filter(|character| !character.is_whitespace() && *character != '-').collect()
}

#[test]
fn a_guide_on_paper_has_every_tab_and_every_address() {
    let folder = support::shipped();
    let server = support::serve(&folder.path().join("site"));
    let browser = Browser::start();
    for (path, dark, scripts) in [
        ("networking/connect/azure/", true, true),
        ("networking/connect/azure/private/vhub-peering/", false, true),
        ("networking/connect/azure/", false, false),
    ] {
        let tab = browser.page(Look { dark, scripts, ..WIDE });
        tab.goto(&format!("{}{path}", server.url));
        let text = printed(&tab);
        let mut wanted: Vec<String> = tab.eval(
            "[...document.querySelectorAll('.prose [role=tab], .prose .tab-label, h1, .prose h2, .prose h3')].map(it => it.textContent)",
        );
        wanted.extend(tab.eval::<Vec<String>>(
            "[...document.querySelectorAll('.prose [role=tabpanel] p, .prose pre code')].map(it => it.textContent).filter(it => !/[\u{200b}\u{ad}]/.test(it))",
        ).into_iter().flat_map(|it| it.lines().map(|line| line.chars().take(30).collect()).collect::<Vec<String>>()));
        wanted.extend(tab.eval::<Vec<String>>(
            "[...document.querySelectorAll('.prose a[href]:not([href^=\"#\"])')].map(it => it.getAttribute('href').startsWith('/') ? document.querySelector('main').dataset.url.split('/').slice(0, 3).join('/') + it.getAttribute('href') : it.getAttribute('href'))",
        ));
        assert!(wanted.len() > 30, "{path}: {}", wanted.len());
        wanted.push(tab.eval("document.querySelector('main').dataset.url"));
        let missing: Vec<&String> = wanted.iter().filter(|it| !text.contains(&pressed(it))).collect();
        assert!(missing.is_empty(), "{path}: {missing:#?} of {} in {text}", wanted.len());
        for gone in
            ["Onthispage", "Skiptocontent", "Copypage", "ForAIagents", "llms.txtWaypost", "Colourmode"]
        {
            assert!(!text.contains(gone), "{path}: {gone}");
        }
        assert_eq!(tab.thrown(), Vec::<String>::new());
    }
}

#[test]
fn paper_opens_what_is_closed_and_cuts_nothing() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let root = folder.path();
    std::fs::create_dir(root.join("content")).expect("made");
    std::fs::write(root.join("book.toml"), "[book]\ntitle = \"Paper\"\nsrc = \"content\"\n")
        .expect("written");
    let long = (0..60).map(|number| format!("--flag-{number:02}")).collect::<Vec<_>>().join(" ");
    let mut wide = String::new();
    for number in 0..14 {
        write!(wide, " a-long-name-in-column-{number:02} |").expect("writing to a string");
    }
    let page = format!(
        "---\ntitle: Index\n---\n\nSee [this page](index.md?of=itself), [that site](https://example.org/a) and a note[^n].\n\n\
         ```sh title=\"run.sh\"\naz {long}\n```\n\n<details>\n<summary>Closed</summary>\n\nInside of it.\n\n</details>\n\n\
         |{wide}\n|{}\n|{wide}\n\n[^n]: The note.\n",
        " - |".repeat(14)
    );
    std::fs::write(root.join("content/index.md"), page).expect("written");
    let server = support::serve(root);
    let browser = Browser::start();
    let tab = browser.page(Look { dark: true, ..WIDE });
    tab.goto(&server.url);
    let text = printed(&tab);
    for wanted in [
        &long,
        "Inside of it.",
        "The note.",
        "run.sh",
        "that site (https://example.org/a)",
        "a-long-name-in-column-13",
    ] {
        assert!(text.contains(&pressed(wanted)), "{wanted} is not in {text}");
    }
    assert!(
        !tab.eval::<bool>("document.querySelector('.prose details').open"),
        "it is closed again on the screen"
    );
    assert_eq!(tab.thrown(), Vec::<String>::new());
}
