//! Every kind of page, at three widths, in both colour modes, without scripts, and as HTML.

use std::process::Command;

use super::support;
use super::support::browser::{Browser, Look, WIDE};

/// A page of each template and of each kind of content.
const PAGES: &[&str] = &[
    "",
    "networking/networking-overview/",
    "networking/connect/azure/",
    "networking/connect/azure/private/vhub-peering/",
    "networking/",
    "waypost/components/",
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
