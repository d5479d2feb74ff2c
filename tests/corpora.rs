//! Real documentation, built with only a `book.toml` written for it: `../shared/corpora`, where it is present.
//!
//! For each corpus `tests/corpora/NAME.toml` is its `book.toml` and `tests/corpora/NAME.txt` the findings that were looked at
//! and found to be true: anything new fails, and so does anything that leaks into what is written. `BLESS=1`
//! rewrites the list; look at what it adds.

#![expect(clippy::disallowed_methods, reason = "tests stand outside of the program, in the world")]
#![expect(clippy::print_stdout, reason = "a corpus that is absent is skipped aloud")]

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use waypost::{Mode, Settings};

#[test]
fn jest() {
    build("jest");
}

#[test]
fn rke2() {
    build("rke2");
}

#[test]
fn azure_cli() {
    build("azure-cli");
}

#[test]
fn rust_book() {
    build("rust-book");
}

/// The two documents that the project began from, in a site with stub neighbours: all they say works, but for the one
/// link whose heading its page never had.
#[test]
fn the_first_documents() {
    let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/seeds");
    if !seeds.exists() {
        println!("SKIPPED: the first documents are not present at {}", seeds.display());
        return;
    }
    let folder = tempfile::tempdir().expect("a temporary folder");
    let content = folder.path().join("content");
    std::fs::create_dir_all(&content).expect("made");
    let mut names: Vec<PathBuf> =
        std::fs::read_dir(&seeds).expect("read").map(|entry| entry.expect("read").path()).collect();
    names.sort();
    std::fs::copy(&names[0], content.join("networking-overview.md")).expect("copied");
    std::fs::copy(&names[1], content.join("connect-azure.md")).expect("copied");
    let stub = |name: &str, cloud: &str| {
        let tabs = format!(
            "---\ntitle: {cloud}\n---\n\n<Tabs groupId=\"connection-options\">\n<TabItem value=\"VPC peering\" label=\"VPC peering\">\n\n\
             ### Create a private connection between Astro and {cloud}\n\nText.\n\n</TabItem>\n</Tabs>\n"
        );
        std::fs::write(content.join(name), tabs).expect("written");
    };
    stub("connect-aws.md", "AWS");
    stub("connect-gcp.md", "GCP");
    for name in ["authorize-deployments-to-your-cloud", "environment-variables"] {
        std::fs::write(content.join(format!("{name}.md")), format!("---\ntitle: {name}\n---\n\nText.\n"))
            .expect("written");
    }
    std::fs::write(folder.path().join("book.toml"), "[book]\nsrc = \"content\"\n").expect("written");
    let settings = Settings {
        root: folder.path().to_owned(),
        out: None,
        origin: None,
        mode: Mode::Check,
        progress: None,
    };
    let report = waypost::build(&settings).expect("the machine does not fail");
    let errors: Vec<_> = report
        .diagnostics
        .iter()
        .filter(|found| found.severity == waypost::diagnostic::Severity::Error)
        .collect();
    assert_eq!(errors.len(), 1, "{errors:#?}");
    assert_eq!(errors[0].rule.code, "broken-anchor", "{errors:#?}");
}

fn build(name: &str) {
    let project = Path::new(env!("CARGO_MANIFEST_DIR"));
    let corpus = project.join("../shared/corpora").join(name);
    if !corpus.exists() {
        println!("SKIPPED: the corpus {name} is not present at {}", corpus.display());
        return;
    }
    let folder = tempfile::tempdir().expect("a temporary folder");
    let root = folder.path().join("site");
    copy(&corpus, &root);
    std::fs::copy(project.join(format!("tests/corpora/{name}.toml")), root.join("book.toml"))
        .expect("copied");
    let out = folder.path().join("out");
    let settings = Settings { root, out: Some(out.clone()), origin: None, mode: Mode::Build, progress: None };
    let report = waypost::build(&settings).expect("the machine does not fail");

    let mut found = String::new();
    for diagnostic in &report.diagnostics {
        let place = diagnostic.span.map_or_else(String::new, |span| {
            let span = report.files.locate(span);
            let file = report.files.get(span.file);
            let line = file.text[..span.start as usize].matches('\n').count() + 1;
            format!("{}:{line}: ", file.path)
        });
        writeln!(found, "{place}[{}] {}", diagnostic.rule.code, diagnostic.message)
            .expect("writing to a string");
    }
    let list = project.join(format!("tests/corpora/{name}.txt"));
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&list, &found).expect("written");
    }
    let expected = std::fs::read_to_string(&list).unwrap_or_default();
    let diff =
        similar::TextDiff::from_lines(&expected, &found).unified_diff().header("known", "found").to_string();
    assert!(diff.is_empty(), "findings changed in {name}:\n{diff}");
    assert!(report.summary.is_some(), "{name} was not written");

    let leaks = leaks(&out);
    assert!(
        leaks.is_empty(),
        "{name}: {} leaks, for example {:#?}",
        leaks.len(),
        &leaks[..leaks.len().min(20)]
    );
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for diagnostic in &report.diagnostics {
        *counts.entry(diagnostic.rule.code).or_default() += 1;
    }
    println!("{name}: {} pages, findings {counts:?}, nothing leaks", report.pages);
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

/// Component tags, `:::`, imports and placeholders in any written page outside of code.
fn leaks(out: &Path) -> Vec<String> {
    let files: Vec<PathBuf> = walkdir::WalkDir::new(out)
        .into_iter()
        .filter_map(Result::ok)
        .map(|entry| entry.path().to_owned())
        .filter(|path| path.extension().is_some_and(|ending| ending == "html" || ending == "md"))
        .collect();
    let mut leaks = Vec::new();
    for path in files {
        let text = std::fs::read_to_string(&path).expect("what is written is text");
        let prose = if path.extension().is_some_and(|ending| ending == "md") {
            without_markdown_code(&text)
        } else {
            without_html_code(&text)
        };
        for (number, line) in prose.lines().enumerate() {
            let tag = line.char_indices().any(|(at, character)| {
                character == '<'
                    && !line[..at].ends_with('\\')
                    && line[at + 1..].trim_start_matches('/').starts_with(|c: char| c.is_ascii_uppercase())
            });
            let import = line.starts_with("import ") && line.contains(" from ") && line.contains(['"', '\'']);
            let placeholder = line.contains(['\u{fdd0}', '\u{fdd1}']);
            if tag || import || placeholder || line.trim_start().starts_with(":::") {
                leaks.push(format!("{}:{}: {line}", path.display(), number + 1));
            }
        }
    }
    leaks
}

fn without_html_code(html: &str) -> String {
    let mut text = html.to_owned();
    for (open, close) in [
        ("<pre", "</pre>"),
        ("<code", "</code>"),
        ("<script", "</script>"),
        ("data-copy=\"", "\""),
        ("<!--", "-->"),
        ("<!DOCTYPE", ">"),
    ] {
        let mut kept = String::new();
        let mut rest = text.as_str();
        while let Some(start) = rest.find(open) {
            kept.push_str(&rest[..start]);
            let inside = start + open.len();
            let end = rest[inside..].find(close).map_or(rest.len(), |end| inside + end + close.len());
            kept.push_str(&"\n".repeat(rest[start..end].matches('\n').count()));
            rest = &rest[end..];
        }
        kept.push_str(rest);
        text = kept;
    }
    text
}

/// The prose of a page: its header, fences and code spans emptied, its lines where they were.
fn without_markdown_code(markdown: &str) -> String {
    let mut kept = String::new();
    let mut paragraph = String::new();
    let mut fence: Option<String> = None;
    let header =
        markdown.strip_prefix("---\n").and_then(|rest| rest.find("\n---\n")).map_or(0, |end| end + 4);
    kept.push_str(&"\n".repeat(markdown[..header].matches('\n').count()));
    for line in markdown[header..].lines() {
        let bare = line
            .trim_start_matches([' ', '>', '-', '*', '\t'])
            .trim_start_matches(|c: char| c.is_ascii_digit() || c == '.')
            .trim_start();
        let run: String = bare.chars().take_while(|c| *c == '`' || *c == '~').collect();
        match &fence {
            Some(open) if run.starts_with(open.as_str()) && bare.trim_end() == run => fence = None,
            Some(_) => {}
            None if run.len() >= 3 => fence = Some(run),
            None => paragraph.push_str(line),
        }
        paragraph.push('\n');
        // A code span ends with its paragraph at the latest.
        if fence.is_some() || bare.is_empty() || bare.starts_with(['|', '#']) {
            kept.push_str(&without_code_spans(&paragraph));
            paragraph.clear();
        }
    }
    kept + &without_code_spans(&paragraph)
}

fn without_code_spans(line: &str) -> String {
    let mut kept = String::new();
    let mut rest = line;
    while let Some(start) = rest.find('`') {
        let run = rest[start..].chars().take_while(|c| *c == '`').count();
        let ticks = "`".repeat(run);
        kept.push_str(&rest[..start]);
        let after = &rest[start + run..];
        match closing(after, &ticks) {
            Some(end) => {
                kept.push_str(&"\n".repeat(after[..end].matches('\n').count()));
                rest = &after[end + run..];
            }
            None => {
                kept.push_str(&ticks);
                rest = after;
            }
        }
    }
    kept + rest
}

/// Where a run of exactly these backticks begins.
fn closing(text: &str, ticks: &str) -> Option<usize> {
    let mut at = 0;
    while let Some(start) = text[at..].find('`').map(|next| at + next) {
        let run = text[start..].bytes().take_while(|byte| *byte == b'`').count();
        if run == ticks.len() {
            return Some(start);
        }
        at = start + run;
    }
    None
}
