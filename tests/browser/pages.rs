//! Every kind of page, at three widths, in both colour modes, without scripts, and as HTML.

use std::process::Command;

use super::support;
use super::support::browser::{Browser, Look, WIDE};

/// A page of each template and of each kind of content. Whoever adds a template adds a page of it.
pub(crate) const PAGES: &[&str] = &[
    "",
    "networking/networking-overview/",
    "networking/connect/azure/",
    "networking/connect/azure/private/vhub-peering/",
    "networking/",
    "waypost/components/",
    "waypost/markdown/",
    "waypost/book-toml/",
    "404.html",
];

/// What axe finds, one line a rule.
pub(super) const AXE: &str = "axe.run(document, { resultTypes: ['violations'] }).then(found => found.violations.map(\
    rule => rule.id + ': ' + rule.nodes.slice(0, 3).map(node => node.html.slice(0, 160)).join(' | ')))";

#[test]
fn pages_fit_and_are_accessible_at_three_widths_in_light_and_dark() {
    let folder = support::shipped();
    let server = support::serve(&folder.path().join("site"));
    let axe = std::fs::read_to_string(support::tools().join("node_modules/axe-core/axe.min.js"));
    let axe = axe.expect("`make tools` installs axe");
    let browser = Browser::start();
    let mut problems = Vec::new();
    for width in [360, 768, 1440] {
        for dark in [false, true] {
            let tab = browser.page(Look { width, height: 900, dark, scripts: true });
            for path in PAGES {
                let place = format!("/{path} at {width} px, {}", if dark { "dark" } else { "light" });
                tab.goto(&format!("{}{path}", server.url));
                let wide: i64 =
                    tab.eval("document.documentElement.scrollWidth - document.documentElement.clientWidth");
                if wide > 0 {
                    problems.push(format!("{place}: {wide} px wider than the window"));
                }
                tab.run(&axe);
                problems.extend(tab.eval::<Vec<String>>(AXE).iter().map(|it| format!("{place}: axe {it}")));
            }
            problems.extend(tab.thrown().iter().map(|it| format!("at {width} px: {it}")));
            let elsewhere = tab.asked();
            let elsewhere = elsewhere.iter().filter(|it| {
                !it.starts_with(&server.url) && !it.starts_with("data:") && *it != "about:blank"
            });
            problems.extend(elsewhere.map(|it| format!("at {width} px: asks another host: {it}")));
        }
    }
    assert!(problems.is_empty(), "{problems:#?}");
}

/// What a reader can open or set off on a page: the window it takes, and how; the last thing holds then.
const STATES: &[(&str, u32, &[&str], &str)] = &[
    ("menu", 1440, &[".menu summary"], "document.querySelector('.menu details[open]')"),
    (
        "menu as a popover",
        360,
        &[".tools [popovertarget=frame-menu]"],
        "document.querySelector('.menu:popover-open')",
    ),
    (
        "drawer",
        360,
        &[".bar [popovertarget=frame-sidebar]"],
        "document.querySelector('.sidebar:popover-open')",
    ),
    (
        "contents",
        360,
        &[".bar [popovertarget=frame-contents]"],
        "document.querySelector('.contents:popover-open')",
    ),
    ("actions", 1440, &[".actions summary"], "document.querySelector('.actions details[open]')"),
    ("actions on a phone", 360, &[".actions summary"], "document.querySelector('.actions details[open]')"),
    ("page copied", 1440, &[".actions [data-copy-page]"], "window.copied"),
    (
        "code copied",
        1440,
        &[".tabs [role=tab]:nth-of-type(2)", ".tab-panel:not([hidden]) .copy"],
        "document.querySelector('.copy.done')",
    ),
    ("colour mode switched", 1440, &[".theme-switch"], "document.documentElement.dataset.theme === 'light'"),
    (
        "colour mode switched twice",
        1440,
        &[".theme-switch", ".theme-switch"],
        "document.documentElement.dataset.theme === 'dark'",
    ),
    (
        "tab",
        360,
        &[".tabs [role=tab]:nth-of-type(2)"],
        "document.querySelectorAll('[role=tab]')[1].ariaSelected === 'true'",
    ),
];

#[test]
fn whatever_is_opened_is_accessible_in_light_and_dark() {
    let folder = support::shipped();
    let server = support::serve(&folder.path().join("site"));
    let axe = std::fs::read_to_string(support::tools().join("node_modules/axe-core/axe.min.js"));
    let axe = axe.expect("`make tools` installs axe");
    let browser = Browser::start();
    let mut problems = Vec::new();
    for dark in [false, true] {
        for (name, width, clicks, holds) in STATES {
            let tab = browser.page(Look { width: *width, height: 900, dark, scripts: true });
            tab.goto(&format!("{}networking/connect/azure/", server.url));
            tab.run("localStorage.clear()");
            for selector in *clicks {
                tab.click(selector);
            }
            tab.until(holds);
            tab.run(&axe);
            let place = format!("{name} at {width} px, {}", if dark { "dark" } else { "light" });
            problems.extend(tab.eval::<Vec<String>>(AXE).iter().map(|it| format!("{place}: axe {it}")));
            problems.extend(tab.thrown().iter().map(|it| format!("{place}: {it}")));
            tab.run("localStorage.clear()");
        }
        let tab = browser.page(Look { dark, ..WIDE });
        tab.goto(&format!("{}networking/connect/azure/", server.url));
        tab.hover(".prose p > a[href^='/']");
        tab.until("document.querySelector('.preview:popover-open')");
        tab.run(&axe);
        problems.extend(tab.eval::<Vec<String>>(AXE).iter().map(|it| format!("preview: axe {it}")));
    }
    assert!(problems.is_empty(), "{problems:#?}");
}

#[test]
fn without_scripts_every_panel_is_read_under_its_label() {
    let folder = support::shipped();
    let server = support::serve(&folder.path().join("site"));
    let browser = Browser::start();
    let tab = browser.page(Look { scripts: false, ..WIDE });
    for path in PAGES {
        tab.goto(&format!("{}{path}", server.url));
        let hidden: Vec<String> = tab.eval(
            "[...document.querySelectorAll('[role=tabpanel], .tab-label')].filter(e => !e.checkVisibility()).map(e => e.outerHTML.slice(0, 120))",
        );
        assert!(hidden.is_empty(), "{path}: {hidden:#?}");
    }
}

#[test]
fn every_page_is_valid_html() {
    let folder = support::shipped();
    let site = folder.path().join("site");
    let built = Command::new(env!("CARGO_BIN_EXE_waypost"))
        .arg("build")
        .arg(&site)
        .output()
        .expect("the binary runs");
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    let checker = support::tools().join("node_modules/vnu-jar/build/dist/vnu.jar");
    let output = Command::new("java")
        .arg("-jar")
        .arg(checker)
        .args(["--skip-non-html", "--format", "text"])
        .arg(site.join("book"))
        .output()
        .expect("java runs");
    let said = String::from_utf8_lossy(&output.stderr);
    let found: Vec<&str> =
        said.lines().filter(|line| !line.is_empty() && !line.contains("No errors found")).collect();
    assert!(output.status.success() && found.is_empty(), "{said}");
}
