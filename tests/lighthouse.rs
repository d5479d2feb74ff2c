//! Lighthouse: every kind of page gets the full score in all four categories, on a phone and on a desk, light and dark.

#![expect(clippy::disallowed_methods, reason = "tests stand outside of the program, in the world")]
#![expect(clippy::print_stdout, reason = "what was measured is worth reading")]

mod support;

use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// A page of each template. Whoever adds a template adds a page of it.
const PAGES: &[&str] = &[
    "",
    "networking/connect/azure/",
    "networking/connect/azure/private/vhub-peering/",
    "networking/",
    "waypost/book-toml/",
    "404.html",
];

const CATEGORIES: [&str; 4] = ["performance", "accessibility", "best-practices", "seo"];

/// How Lighthouse looks at a page.
#[derive(Clone, Copy, Debug)]
struct Preset {
    name: &'static str,
    desktop: bool,
    dark: bool,
}

const PRESETS: [Preset; 2] = [
    Preset { name: "phone, light", desktop: false, dark: false },
    Preset { name: "desk, dark", desktop: true, dark: true },
];

/// What Lighthouse says of a page: its whole report.
fn report(url: &str, preset: Preset, folder: &Path) -> Value {
    let path = folder.join("report.json");
    // A page may have been judged before: that report is not this one.
    drop(std::fs::remove_file(&path));
    let chromium = ["/usr/bin/chromium", "/usr/bin/chromium-browser"];
    let chromium = chromium.into_iter().find(|path| Path::new(path).exists());
    let mut flags =
        "--headless=new --no-sandbox --disable-gpu --disable-quic --disable-component-update".to_owned();
    if preset.dark {
        flags.push_str(" --blink-settings=preferredColorScheme=0");
    }
    let mut command = Command::new(support::node());
    command
        .arg(support::tools().join("node_modules/lighthouse/cli/index.js"))
        .args([url, "--quiet", "--output=json", "--only-categories", &CATEGORIES.join(",")])
        .arg(format!("--output-path={}", path.display()))
        .arg(format!("--chrome-flags={flags}"))
        .env("CHROME_PATH", chromium.expect("`make tools` installs Chromium"));
    if preset.desktop {
        command.arg("--preset=desktop");
    }
    let output = command.output().expect("Node runs");
    let text = std::fs::read_to_string(&path);
    let text = text.unwrap_or_else(|_| panic!("{url}: {}", String::from_utf8_lossy(&output.stderr)));
    serde_json::from_str(&text).expect("the report is JSON")
}

/// What keeps a category from the full score, one line each.
fn faults(report: &Value, category: &str) -> Vec<String> {
    let score = report["categories"][category]["score"].as_f64();
    if score == Some(1.0) {
        return Vec::new();
    }
    let audits = report["categories"][category]["auditRefs"].as_array().into_iter().flatten();
    let mut said = vec![format!("{category}: {:?}", score.map(|score| (score * 100.0).round()))];
    said.extend(audits.filter_map(|audit| {
        let audit = &report["audits"][audit["id"].as_str()?];
        let low = audit["score"].as_f64().is_some_and(|score| score < 0.9);
        low.then(|| format!("  {}: {}", audit["id"], audit["displayValue"]))
    }));
    said
}

#[test]
fn every_kind_of_page_gets_the_full_score() {
    let folder = support::shipped();
    let server = support::serve(&folder.path().join("site"));
    let mut problems = Vec::new();
    for preset in PRESETS {
        for path in PAGES {
            let url = format!("{}{path}", server.url);
            let mut seen = report(&url, preset, folder.path());
            // Time on a machine that others use is not always the page's own.
            for _ in 0..3 {
                if faults(&seen, "performance").is_empty() {
                    break;
                }
                std::thread::sleep(std::time::Duration::from_secs(5));
                seen = report(&url, preset, folder.path());
            }
            let scores = CATEGORIES.map(|category| {
                seen["categories"][category]["score"].as_f64().map_or(-1.0, |score| score * 100.0)
            });
            println!("/{path}, {}: {scores:?}", preset.name);
            let shift = seen["audits"]["cumulative-layout-shift"]["numericValue"].as_f64();
            if shift != Some(0.0) {
                problems.push(format!("/{path}, {}: layout shift {shift:?}", preset.name));
            }
            for category in CATEGORIES {
                // A page for addresses that lead nowhere asks not to be indexed, which is its merit.
                if category == "seo" && *path == "404.html" {
                    continue;
                }
                let found = faults(&seen, category);
                problems.extend(found.iter().map(|it| format!("/{path}, {}: {it}", preset.name)));
            }
        }
    }
    assert!(problems.is_empty(), "{problems:#?}");
}
