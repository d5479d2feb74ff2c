//! `waypost check --agents` beside a tester that is not ours: what afdocs finds wrong with a served site, the score lost
//! points for before.

#![expect(clippy::disallowed_methods, reason = "tests stand outside of the program, in the world")]

mod support;

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

fn rate(site: &Path, more: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_waypost"))
        .args(["check", "--agents"])
        .args(more)
        .arg(site)
        .output()
        .expect("the binary runs")
}

/// Whether the score lost nothing in a row.
fn is_whole(site: &Path, row: &str) -> bool {
    let output = rate(site, &["--format", "json"]);
    let text = String::from_utf8_lossy(&output.stdout);
    let score: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
    let rows = score["rows"].as_array().expect("rows");
    let found = rows.iter().find(|found| found["id"] == row).unwrap_or_else(|| panic!("a row {row}: {text}"));
    found["losses"].as_array().expect("losses").is_empty()
}

/// What afdocs says of a check.
fn verdict(report: &Value, check: &str) -> String {
    let results = report["results"].as_array().expect("a list of results");
    let found =
        results.iter().find(|found| found["id"] == check).unwrap_or_else(|| panic!("a check {check}"));
    found["status"].as_str().expect("a status").to_owned()
}

fn afdocs(site: &Path) -> Value {
    let server = support::serve(site);
    let output = Command::new(support::node())
        .args(["node_modules/.bin/afdocs", "check", &server.url, "--format", "json"])
        .args(["--sampling", "deterministic", "--request-delay", "0", "--max-concurrency", "16"])
        .current_dir(support::tools())
        .output()
        .expect("node runs");
    let text = String::from_utf8_lossy(&output.stdout);
    serde_json::from_str(&text)
        .unwrap_or_else(|error| panic!("{error}: {text}{}", String::from_utf8_lossy(&output.stderr)))
}

fn write(site: &Path, path: &str, text: &str) {
    let file = site.join(path);
    std::fs::create_dir_all(file.parent().expect("it has a folder")).expect("made");
    std::fs::write(file, text).expect("written");
}

/// Six pages without a fault.
fn site() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let book = "[book]\ntitle = \"Case\"\ndescription = \"A case.\"\nsrc = \"content\"\n\n[site]\norigin = \"https://docs.example.com\"\nstatic-dirs = [\"static\"]\n\n[theme]\nname = \"own\"\n";
    write(folder.path(), "book.toml", book);
    write(folder.path(), "static/keep.txt", "");
    write(
        folder.path(),
        "themes/own/components/Made.html",
        "{% component Made() -%}<p>made</p>{%- endcomponent Made %}\n",
    );
    write(
        folder.path(),
        "themes/own/components/Made.md",
        "{% component Made() -%}made{%- endcomponent Made %}\n",
    );
    for number in 1..=6 {
        let text = format!(
            "---\ntitle: Page {number}\ndescription: What page {number} holds.\nlast_update: {{ date: 2026-11-20 }}\n---\n\n## Part {number}\n\n{}\n\n<Made />\n",
            "Words that make an article of some length, as real ones have it. ".repeat(12)
        );
        write(folder.path(), &format!("content/page-{number}.md"), &text);
    }
    folder
}

const CHECKS: &[(&str, &str)] = &[
    ("llms-txt-valid", "index"),
    ("llms-txt-size", "index-size"),
    ("page-size-markdown", "page-size"),
    ("markdown-code-fence-validity", "forms"),
    ("markdown-link-portability", "forms"),
    ("section-header-quality", "headings"),
];

#[test]
fn a_site_without_a_fault_has_a_hundred_points_here_and_passes_there() {
    let folder = site();
    let output = rate(folder.path(), &["--min-score", "100"]);
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success() && said.starts_with("agents: 100 of 100\n"), "{said}");
    let report = afdocs(folder.path());
    for (check, row) in CHECKS {
        assert!(is_whole(folder.path(), row), "{row}");
        assert_ne!(verdict(&report, check), "fail", "{check}: {report:#}");
        assert_ne!(verdict(&report, check), "warn", "{check}: {report:#}");
    }
}

/// What the documentation says each row weighs is what it weighs, and a site that has all of it has a hundred.
#[test]
fn the_weights_are_a_hundred_and_are_those_that_are_documented() {
    let folder = site();
    let settings = waypost::Settings {
        root: folder.path().to_owned(),
        out: None,
        origin: None,
        mode: waypost::Mode::Rate,
        progress: None,
    };
    let score = waypost::build(&settings).expect("it builds").score.expect("a score");
    let weights: Vec<(String, u32)> = score.rows.iter().map(|row| (row.id.to_owned(), row.weight)).collect();
    assert_eq!(weights.iter().map(|(_, weight)| weight).sum::<u32>(), 100);
    let rows = include_str!("../content/waypost/check-agents.md").lines().filter_map(|line| {
        let (id, rest) = line.strip_prefix("| `")?.split_once("` | ")?;
        Some((id.to_owned(), rest.split(' ').next()?.parse().ok()?))
    });
    assert_eq!(weights, rows.collect::<Vec<(String, u32)>>());
}

/// One site for each fault: what the other tester finds, the score has lost points for.
#[test]
fn what_the_other_tester_finds_costs_points_here() {
    let tabs = "---\ntitle: Tabs\ndescription: Tabs.\n---\n\n<Tabs>\n<TabItem value=\"a\" label=\"Linux\">\n\n## Setup\n\nText.\n\n</TabItem>\n<TabItem value=\"b\" label=\"Windows\">\n\n## Setup\n\nText.\n\n</TabItem>\n</Tabs>\n";
    let long = format!(
        "---\ntitle: Long\ndescription: Long.\n---\n\n{}\n",
        "Many words make it long. ".repeat(5_000)
    );
    let fence = "{% component Made() -%}\n```bash\nmade\n{%- endcomponent Made %}\n";
    let link = "{% component Made() -%}[made](made.md){%- endcomponent Made %}\n";
    let faults: &[(&str, &str, &str, &str)] = &[
        ("content/long.md", &long, "page-size-markdown", "page-size"),
        ("content/tabs.md", tabs, "section-header-quality", "headings"),
        ("themes/own/components/Made.md", fence, "markdown-code-fence-validity", "forms"),
        ("themes/own/components/Made.md", link, "markdown-link-portability", "forms"),
    ];
    for (path, text, check, row) in faults {
        let folder = site();
        write(folder.path(), path, text);
        let there = verdict(&afdocs(folder.path()), check);
        assert!(there == "fail" || there == "warn", "{check} says {there} of {path}");
        assert!(!is_whole(folder.path(), row), "{row} lost nothing, and {check} says {there}");
        let output = rate(folder.path(), &["--min-score", "100"]);
        assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stdout));
    }
}

#[test]
fn points_are_lost_with_their_places_whatever_is_turned_off() {
    let folder = site();
    let mut book = std::fs::read_to_string(folder.path().join("book.toml")).expect("read");
    book = book.replace("origin = \"https://docs.example.com\"\n", "");
    book.push_str("\n[check.rules]\nmissing-language = \"off\"\n");
    write(folder.path(), "book.toml", &book);
    write(
        folder.path(),
        "content/page-7.md",
        "---\ntitle: Page 7\ndescription: Seven.\n---\n\n```\ncode\n```\n\n```\ncode\n```\n",
    );
    let said = String::from_utf8_lossy(&rate(folder.path(), &[]).stdout).into_owned();
    for wanted in [
        "content/page-7.md:6: [missing-language] ",
        "content/page-7.md:2: [missing-date] `Page 7` ",
        "book.toml:1: [missing-origin] ",
        "what costs most:\n",
    ] {
        assert!(said.contains(wanted), "{wanted}\n{said}");
    }
    write(
        folder.path(),
        "content/page-8.md",
        "---\ntitle: Page 8\ndescription: Eight.\n---\n\n[gone](gone.md)\n",
    );
    let output = rate(folder.path(), &[]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("a site with errors has no score"));
    write(folder.path(), "static/robots.txt", "User-agent: *\nDisallow: /\n");
    std::fs::remove_file(folder.path().join("content/page-8.md")).expect("removed");
    let said = String::from_utf8_lossy(&rate(folder.path(), &[]).stdout).into_owned();
    assert!(said.contains("[agents-file] `robots.txt` keeps crawlers from the whole site"), "{said}");
}
