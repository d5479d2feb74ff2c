//! An agent with a small window and four fetches finds what stands anywhere on a page.
//!
//! Facts are planted in the sources of a site, where no title and no description gives them away; the site is built; a
//! simulated agent, which gets a question and the root URL, looks for each. `tests/finding/` holds how facts are planted
//! (`plant.mjs`) and what the agent does (`agent.mjs`).

#![expect(clippy::disallowed_methods, reason = "tests stand outside of the program, in the world")]
#![expect(clippy::print_stdout, reason = "the figures are printed, and what is absent is skipped aloud")]

mod support;

use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// The windows of tools that agents fetch with: the reference MCP server, the Claude API, Claude Code.
const WINDOWS: [u64; 3] = [5_000, 20_700, 100_000];

fn node(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(support::node())
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/finding").join(program))
        .args(arguments)
        .output()
        .expect("node runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("it prints text")
}

fn build(site: &Path, out: &Path) {
    let output = Command::new(env!("CARGO_BIN_EXE_waypost"))
        .args(["--quiet", "build"])
        .arg(site)
        .arg("--out")
        .arg(out)
        .output()
        .expect("the binary runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// The title and the description of every page, as its header has them: what facts may not change. (Lengths and places in
/// indexes do change by the length of a fact.)
fn lists(out: &Path) -> Vec<String> {
    let mut lines = Vec::new();
    let mut folders = vec![out.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("read") {
            let path = entry.expect("read").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "md") {
                let text = std::fs::read_to_string(&path).expect("read");
                let header = text.lines().take(6);
                let kept =
                    header.filter(|line| line.starts_with("title: ") || line.starts_with("description: "));
                lines.extend(kept.map(|line| format!("{} {line}", path.display())));
            }
        }
    }
    lines.sort();
    lines
}

/// Plants facts below `content` of a site and has them looked for: the share that was found with each window.
fn found(site: &Path, content: &str, origin: &str, seed: &str) -> Vec<f64> {
    let out = site.join("out");
    build(site, &out);
    let before = lists(&out);
    let content = site.join(content);
    let facts = node("plant.mjs", &[&content.display().to_string(), seed]);
    let planted = site.join("facts.json");
    std::fs::write(&planted, facts).expect("written");
    build(site, &out);
    assert_eq!(before, lists(&out), "a fact changed a title or a description");
    let out = format!("{}/", out.display());
    let report = node("run.mjs", &[&out, origin, &planted.display().to_string()]);
    let report: Value = serde_json::from_str(&report).expect("JSON");
    assert_eq!(report["lost"], Value::Array(Vec::new()), "every fact is in the Markdown of a page");
    let results = report["results"].as_array().expect("a list");
    let shares = results.iter().zip(WINDOWS).map(|(result, window)| {
        assert_eq!(result["window"], window);
        println!(
            "{} characters: {} of {} facts, {} tokens a fact, {:.1} fetches",
            window,
            result["found"],
            result["facts"],
            result["tokensPerFact"],
            result["fetchesPerFact"].as_f64().expect("a number")
        );
        for missed in result["missed"].as_array().expect("a list").iter().take(10) {
            println!("  missed: {} in {} {}", missed["kind"], missed["page"], missed["headings"]);
        }
        result["share"].as_f64().expect("a number")
    });
    shares.collect()
}

#[test]
fn facts_anywhere_in_the_shipped_site_are_found() {
    for seed in ["7", "2026"] {
        let folder = support::shipped();
        let site = folder.path().join("site");
        let shares = found(&site, "content", "https://waypost.example.com/", seed);
        assert!(shares.iter().all(|share| *share >= 0.99), "{shares:?}");
    }
}

/// Real documentation whose authors did not write for agents: everything is found where a page is read whole, and most
/// where it is longer than the window.
#[test]
fn facts_in_real_documentation_are_found() {
    let corpora = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpora");
    for (name, content, origin, least) in [
        ("rke2", "docs", "https://docs.rke2.io/", [0.95, 0.98, 0.99]),
        ("rust-book", "src", "https://doc.rust-lang.org/book/", [0.98, 0.99, 0.99]),
    ] {
        if !corpora.join(name).exists() {
            println!("SKIPPED: {name} is not present in {}", corpora.display());
            continue;
        }
        println!("{name}");
        let folder = tempfile::tempdir().expect("a temporary folder");
        let copied = Command::new("cp")
            .args(["-rL", &corpora.join(name).display().to_string()])
            .arg(folder.path().join("site"))
            .status()
            .expect("cp runs");
        assert!(copied.success());
        let site = folder.path().join("site");
        let settings = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/corpora/{name}.toml"));
        std::fs::copy(settings, site.join("book.toml")).expect("copied");
        let shares = found(&site, content, origin, "7");
        assert!(shares.iter().zip(least).all(|(share, least)| *share >= least), "{name}: {shares:?}");
    }
}
