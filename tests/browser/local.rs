//! The site without a server: a copy of what was built, opened from a disk.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::support;
use super::support::browser::{Browser, NARROW, Tab, WIDE};

/// Builds a site and copies what comes out to a folder whose name has to be encoded in an address.
fn copy(site: &Path, to: &Path) -> PathBuf {
    let built = Command::new(env!("CARGO_BIN_EXE_waypost")).arg("build").arg(site).output();
    let built = built.expect("the binary runs");
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    let copy = to.join("my copy #1 \u{e9}");
    copy_folder(&site.join("book"), &copy);
    copy
}

fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("it can be read") {
        let entry = entry.expect("it can be read");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).expect("it can be copied");
        }
    }
}

/// The address of a file in a copy.
fn address(copy: &Path, file: &str) -> String {
    let folder = copy.to_str().expect("it is text");
    format!("file://{}/{file}", folder.replace(' ', "%20").replace('#', "%23").replace('\u{e9}', "%C3%A9"))
}

/// Waits for a page of the copy.
fn at(tab: &Tab<'_>, copy: &Path, file: &str) {
    tab.until(&format!("location.href === {:?} && document.readyState === 'complete'", address(copy, file)));
}

#[test]
fn a_copy_on_a_disk_looks_and_works_as_the_site_does() {
    let folder = support::shipped();
    let copy = copy(&folder.path().join("site"), folder.path());
    let browser = Browser::start();
    let tab = browser.page(WIDE);
    tab.goto(&address(&copy, "index.html"));
    // Styled, and the pictures are there.
    assert_eq!(tab.eval::<String>("getComputedStyle(document.body).display"), "grid");
    assert_eq!(tab.eval::<String>("getComputedStyle(document.querySelector('.header')).position"), "sticky");
    assert_eq!(
        tab.eval::<usize>(
            "[...document.images].filter(it => it.checkVisibility() && !it.naturalWidth).length"
        ),
        0
    );

    // Fonts are there, although they cannot be fetched ahead. (Whether the first page waits for them is the browser's choice.)
    let there = "document.fonts.load('16px Geist').then(fonts => fonts.length > 0 && fonts.every(font => font.status === 'loaded'))";
    assert!(tab.eval::<bool>(there));

    // Links lead to pages, in the navigation and in the text; addresses of the web stay what they are.
    tab.click(".menu > ul > li > a");
    at(&tab, &copy, "networking/networking-overview/index.html");
    let wrong: Vec<String> = tab.eval(
        "[...document.querySelectorAll('a[href], link[href], img[src], script[src]')].map(it => it.href || it.src).filter(url => url.startsWith('file:') && !url.startsWith(new URL('../../', location)))",
    );
    assert_eq!(wrong, Vec::<String>::new());
    tab.click(".sidebar a[href*='connect/azure/index.html']");
    at(&tab, &copy, "networking/connect/azure/index.html");
    tab.run("localStorage.clear()");
    tab.click(".theme-switch");
    tab.until("document.documentElement.dataset.theme === 'light'");

    // Tabs, by click and by an address.
    tab.goto(&address(&copy, "networking/connect/aws/index.html?tab=VPC%20peering#verify-the-peering"));
    assert!(tab.is_visible("#verify-the-peering"));
    tab.click(".tabs [role=tab]:nth-of-type(1)");
    tab.until("document.querySelector('.tabs [role=tab]:nth-of-type(1)').ariaSelected === 'true'");
    tab.until("!document.getElementById('verify-the-peering').checkVisibility()");

    // Search finds, and a hit opens the page, the tab and the heading, with the words marked.
    tab.press("/");
    tab.until("document.activeElement.id === 'search-query'");
    tab.write("aws vpc verify the peering");
    tab.until("document.querySelector('.search-hit[href*=\"verify-the-peering\"]')");
    tab.run("document.querySelector('.search-hit[href*=\"aws/index.html?tab=VPC%20peering#verify-the-peering\"]').click()");
    tab.until("document.getElementById('verify-the-peering').checkVisibility()");
    tab.until("CSS.highlights.get('search')");
    tab.goto(&address(&copy, "index.html"));
    tab.press("/");
    tab.until("document.activeElement.id === 'search-query'");
    tab.run("document.activeElement.select()");
    tab.write("--role-definition");
    let hit = ".search-hit[href*='vhub-peering/index.html#connect-the-hub']";
    tab.until(&format!("document.querySelector({hit:?})"));
    tab.click(hit);
    at(&tab, &copy, "networking/connect/azure/private/vhub-peering/index.html#connect-the-hub");
    tab.until("CSS.highlights.get('search')");
    assert_eq!(
        tab.eval::<Vec<String>>("[...CSS.highlights.get('search')].map(String)"),
        ["--role-definition"]
    );

    // An old address goes on to the new one.
    tab.goto(&address(&copy, "connect-azure/index.html"));
    at(&tab, &copy, "networking/connect/azure/index.html");
    assert_eq!(tab.thrown(), Vec::<String>::new());
    let elsewhere: Vec<String> = tab
        .asked()
        .into_iter()
        .filter(|url| !["file:", "data:", "blob:", "about:"].iter().any(|it| url.starts_with(it)))
        .collect();
    assert_eq!(elsewhere, Vec::<String>::new());
}

#[test]
fn pages_without_slashes_below_a_base_path_find_each_other() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let site = folder.path().join("site");
    let files = [
        (
            "book.toml",
            "[book]\ntitle = \"Bay\"\nsrc = \"content\"\n\n[site]\ntrailing-slash = false\n\n[output.html]\nsite-url = \"/docs/\"\n",
        ),
        (
            "content/index.md",
            "---\ntitle: Bay\ndescription: Water.\n---\n\n[Release](v1.2.md), [wreck](deep/wreck.md#gold), <a href=\"/docs/deep/wreck\">again</a>, [elsewhere](https://example.com/docs/x).\n",
        ),
        ("content/v1.2.md", "---\ntitle: Release\ndescription: News.\nslug: /v1.2\n---\n\nNew ropes.\n"),
        (
            "content/deep/wreck.md",
            "---\ntitle: Wreck\ndescription: Below.\n---\n\n[Home](../index.md)\n\n## Gold\n\nDoubloons.\n",
        ),
    ];
    for (path, text) in files {
        let file = site.join(path);
        std::fs::create_dir_all(file.parent().expect("it has one")).expect("a folder");
        std::fs::write(file, text).expect("a file");
    }
    let copy = copy(&site, folder.path());
    let browser = Browser::start();
    let tab = browser.page(NARROW);
    tab.goto(&address(&copy, "index.html"));
    assert_eq!(
        tab.eval::<Vec<String>>("[...document.querySelectorAll('.prose a')].map(it => it.href)"),
        [
            address(&copy, "v1.2.html"),
            address(&copy, "deep/wreck.html#gold"),
            address(&copy, "deep/wreck.html"),
            "https://example.com/docs/x".to_owned(),
        ]
    );
    tab.click(".search-open");
    tab.until("document.activeElement.id === 'search-query'");
    tab.write("doubloons");
    tab.until("document.querySelector('#search-hits').dataset.query === 'doubloons'");
    tab.press("Enter");
    at(&tab, &copy, "deep/wreck.html#gold");
    tab.until("CSS.highlights.get('search')");
    tab.click(".prose a");
    at(&tab, &copy, "index.html");
    assert_eq!(tab.eval::<String>("getComputedStyle(document.body).display"), "grid");
    assert_eq!(tab.thrown(), Vec::<String>::new());
}
