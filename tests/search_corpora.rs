//! How well search finds: over real documentation (`../shared/corpora`, where it is present) and the shipped site, with queries
//! made from titles, headings, flags and names in code, and the same with one slip of the finger.
//!
//! The right page must be among the first three for 95 of 100 queries of each kind; the figures are printed.

#![expect(clippy::disallowed_methods, reason = "tests stand outside of the program, in the world")]
#![expect(
    clippy::print_stdout,
    reason = "a corpus that is absent is skipped aloud, and figures are to be seen"
)]

mod support;

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use waypost::{Mode, Settings};

/// The corpora that `tests/corpora` has settings for.
const CORPORA: &[&str] = &["azure-cli", "jest", "rke2", "rust-book"];

/// How many titles, headings, flags and names are asked for of each site.
const MOST: &str = "60";

#[test]
fn the_right_page_is_among_the_first_three() {
    let project = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut all = BTreeMap::new();
    let shipped = support::shipped();
    let site = shipped.path().join("site");
    count(&site, "the shipped site", &mut all);
    for name in CORPORA {
        let corpus = project.join("../shared/corpora").join(name);
        if !corpus.exists() {
            println!("SKIPPED: the corpus {name} is not present at {}", corpus.display());
            continue;
        }
        let folder = tempfile::tempdir().expect("a temporary folder");
        let root = folder.path().join("site");
        copy(&corpus, &root);
        std::fs::copy(project.join(format!("tests/corpora/{name}.toml")), root.join("book.toml"))
            .expect("copied");
        count(&root, name, &mut all);
    }
    for (kind, (good, asked)) in &all {
        println!("{kind}: {:.1} % of {asked}", 100.0 * *good as f64 / *asked as f64);
    }
    let poor: Vec<_> = all.iter().filter(|(_, (good, asked))| good * 100 < asked * 95).collect();
    assert!(poor.is_empty(), "below 95 %: {poor:?}");
    assert!(all.len() >= 4, "{all:?}");
}

/// Builds a site, asks all queries that it gives rise to, and counts by kind how many found a right page.
fn count(root: &Path, name: &str, all: &mut BTreeMap<String, (usize, usize)>) {
    let out = root.join("searched");
    let settings = Settings {
        root: root.to_owned(),
        out: Some(out.clone()),
        origin: None,
        mode: Mode::Build,
        progress: None,
    };
    let report = waypost::build(&settings).expect("the machine does not fail");
    assert!(report.summary.is_some(), "{name} was not written");
    let queries: Vec<Value> = node("queries.cjs", &out, &[MOST], "");
    let asked: Vec<_> = queries.iter().map(|query| json!([query["text"], { "limit": 9 }])).collect();
    let answers: Vec<Value> = node("search.cjs", &out, &[], &json!(asked).to_string());
    let mut own: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for (query, answer) in queries.iter().zip(&answers) {
        let kind = query["kind"].as_str().expect("a word");
        let right: Vec<&str> =
            query["right"].as_array().expect("a list").iter().filter_map(Value::as_str).collect();
        let mut pages: Vec<&str> = answer["answer"]["results"]
            .as_array()
            .expect("a list")
            .iter()
            .filter_map(|result| result["url"].as_str()?.split(['?', '#']).next()?.strip_prefix('/'))
            .collect();
        // Several results of a page come one after another.
        pages.dedup();
        let found = pages.iter().take(3).any(|page| right.contains(page));
        let total = all.entry(kind.to_owned()).or_default();
        for count in [total, own.entry(kind).or_default()] {
            count.0 += usize::from(found);
            count.1 += 1;
        }
    }
    println!("{name}: {own:?}");
}

/// What one of the scripts beside the tests prints about a site.
fn node(script: &str, out: &Path, more: &[&str], given: &str) -> Vec<Value> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/support").join(script);
    let mut child = Command::new(support::node())
        .arg(script)
        .arg(out)
        .args(more)
        .env("SHARED_ENGINE", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("Node runs");
    let mut stdin = child.stdin.take().expect("it is piped");
    let given = given.to_owned();
    // Written beside reading: neither side waits for the other.
    let writer = std::thread::spawn(move || stdin.write_all(given.as_bytes()));
    let output = child.wait_with_output().expect("Node ends");
    // A script that reads nothing may be gone already.
    let _ = writer.join().expect("no panic");
    assert!(output.status.success(), "the script failed");
    serde_json::from_slice(&output.stdout).expect("it is JSON")
}

fn copy(from: &Path, to: &Path) {
    for entry in walkdir::WalkDir::new(from).into_iter().map(|entry| entry.expect("it can be read")) {
        let target = to.join(entry.path().strip_prefix(from).expect("it is below"));
        if entry.file_type().is_dir() {
            std::fs::create_dir_all(&target).expect("made");
        } else {
            std::fs::write(&target, std::fs::read(entry.path()).expect("read")).expect("written");
        }
    }
}
