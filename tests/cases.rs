//! Behaviour, case by case: each file in `tests/cases` is a whole small site and what must come of it.
//!
//! A case is a [txtar](https://pkg.go.dev/golang.org/x/tools/txtar) archive. Text before the first file says what
//! the case is about. Then come the files of the site (`book.toml` may be left out: the defaults with
//! `src = "content"` then apply), and then what is expected, in sections whose names begin with `want `:
//!
//! - `want diagnostics`: everything that is reported, as text;
//! - `want outputs`: the path of every file that is written, but for the theme's own;
//! - `want host NAME`: the files of that host's pack and what it says the host cannot do;
//! - `want host NAME/PATH`: the content of a file of the pack; of files that may be kept for ever, the main style sheet
//!   and script stand for all;
//! - `want PATH`: the content of that file; of an HTML page only what is in its `<article>`;
//! - `want PATH #ID`: the element of that id in an HTML page;
//! - `want PATH whole`: all of an HTML page, but for the hashes in addresses and the text of scripts.
//!
//! A file of the site that says `picture 400x200` is an image of that size.
//!
//! `BLESS=1` rewrites what is expected. A case without a `want` section gets all of them.

#![expect(clippy::disallowed_methods, reason = "tests stand outside of the program, in the world")]

use std::fmt::Write;
use std::path::{Path, PathBuf};

use libtest_mimic::{Arguments, Failed, Trial};
use waypost::diagnostic::print;
use waypost::{Mode, Settings};

fn main() {
    let arguments = Arguments::from_args();
    let mut trials = Vec::new();
    for path in case_files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases")) {
        let name = path.file_stem().expect("a file").to_string_lossy().into_owned();
        trials.push(Trial::test(name, move || run(&path)));
    }
    libtest_mimic::run(&arguments, trials).exit();
}

fn case_files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("tests/cases exists");
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.expect("an entry can be read").path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "txtar"))
        .collect();
    files.sort();
    files
}

/// A case file: what it is about, its site, and what is expected.
struct Case {
    about: String,
    site: Vec<(String, String)>,
    wanted: Vec<(String, String)>,
}

fn parse(text: &str) -> Case {
    let mut case = Case { about: String::new(), site: Vec::new(), wanted: Vec::new() };
    let mut current: Option<(String, String)> = None;
    let close = |current: Option<(String, String)>, case: &mut Case| {
        let Some((name, content)) = current else { return };
        match name.strip_prefix("want ") {
            Some(name) => case.wanted.push((name.to_owned(), content)),
            None => case.site.push((name, content)),
        }
    };
    for line in text.split_inclusive('\n') {
        let name = line.trim_end().strip_prefix("-- ").and_then(|rest| rest.strip_suffix(" --"));
        match (name, &mut current) {
            (Some(name), _) => {
                close(current.take(), &mut case);
                current = Some((name.to_owned(), String::new()));
            }
            (None, Some((_, content))) => content.push_str(line),
            (None, None) => case.about.push_str(line),
        }
    }
    close(current, &mut case);
    case
}

fn print_case(case: &Case) -> String {
    let mut text = case.about.clone();
    let wanted = case.wanted.iter().map(|(name, content)| (format!("want {name}"), content));
    for (name, content) in case.site.iter().map(|(name, content)| (name.clone(), content)).chain(wanted) {
        let end = if content.is_empty() || content.ends_with('\n') { "" } else { "\n" };
        write!(text, "-- {name} --\n{content}{end}").expect("writing to a string");
    }
    text
}

fn run(path: &Path) -> Result<(), Failed> {
    let mut case = parse(&std::fs::read_to_string(path)?);
    let folder = tempfile::tempdir()?;
    // A folder below the temporary one, so that a case can name what is outside of its site.
    let root = folder.path().join("site");
    for (name, content) in &case.site {
        let file = root.join(name);
        std::fs::create_dir_all(file.parent().expect("it has a folder"))?;
        match picture(content) {
            Some(bytes) => std::fs::write(file, bytes)?,
            None => std::fs::write(file, escapes(content))?,
        }
    }
    if !root.join("book.toml").exists() {
        std::fs::write(root.join("book.toml"), DEFAULT_BOOK)?;
    }
    let out = folder.path().join("out");
    let settings = Settings {
        root: root.clone(),
        out: Some(out.clone()),
        origin: None,
        mode: Mode::Build,
        progress: None,
    };
    let report = waypost::build(&settings).map_err(|error| format!("{error:#}"))?;
    let diagnostics = print::text(&report.diagnostics, &report.files, "", print::Style::Plain);
    let outputs = outputs(&out);

    let names: Vec<String> = if case.wanted.is_empty() {
        let pages = outputs.iter().filter(|path| is_page(path)).cloned();
        ["diagnostics".to_owned(), "outputs".to_owned()].into_iter().chain(pages).collect()
    } else {
        case.wanted.iter().map(|(name, _)| name.clone()).collect()
    };
    let got: Vec<(String, String)> = names
        .into_iter()
        .map(|name| {
            let content = match name.as_str() {
                "diagnostics" => diagnostics.clone(),
                "outputs" => outputs.iter().flat_map(|path| [path, "\n"]).collect(),
                path => match path.strip_prefix("host ") {
                    Some(path) => of_pack(&report, path),
                    None => content_of(&out, path),
                },
            };
            (name, content)
        })
        .collect();
    let (got, wanted) = (print_wanted(&got), std::mem::replace(&mut case.wanted, got));
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(path, print_case(&case))?;
        return Ok(());
    }
    let wanted = print_wanted(&wanted);
    if got == wanted {
        return Ok(());
    }
    let diff =
        similar::TextDiff::from_lines(&wanted, &got).unified_diff().header("wanted", "got").to_string();
    Err(format!("{}\n{diff}\nBLESS=1 makes what came what is wanted", path.display()).into())
}

const DEFAULT_BOOK: &str = "[book]\ntitle = \"Case\"\ndescription = \"A small site.\"\nsrc = \"content\"\n\n\
[site]\norigin = \"https://docs.example.com\"\n\n[check.rules]\nmissing-description = \"off\"\n";

/// `picture 400x200` stands for a file that begins as a GIF of that size does.
fn picture(content: &str) -> Option<Vec<u8>> {
    let (width, height) = content.trim().strip_prefix("picture ")?.split_once('x')?;
    let (width, height): (u16, u16) = (width.parse().ok()?, height.parse().ok()?);
    let mut bytes = b"GIF89a".to_vec();
    bytes.extend(width.to_le_bytes());
    bytes.extend(height.to_le_bytes());
    bytes.extend([0, 0, 0]);
    Some(bytes)
}

/// `␍`, `␀`, `␉`, `␈` and `␟` in a case stand for characters that do not survive in text files, or are not seen there.
fn escapes(content: &str) -> String {
    let text = content.replace('␍', "\r").replace('␀', "\0").replace('␉', "\t");
    text.replace('␈', "\u{feff}").replace('␟', "\u{fdd0}")
}

fn print_wanted(wanted: &[(String, String)]) -> String {
    let mut text = String::new();
    for (name, content) in wanted {
        writeln!(text, "-- want {name} --\n{}", content.trim_end_matches('\n')).expect("writing to a string");
    }
    text
}

fn is_page(path: &str) -> bool {
    (path.ends_with(".md") && !matches!(path, "sitemap.md" | "AGENTS.md"))
        || (path.ends_with(".html") && path != "404.html")
}

fn outputs(out: &Path) -> Vec<String> {
    let mut paths: Vec<String> = walkdir::WalkDir::new(out)
        .into_iter()
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| entry.path().strip_prefix(out).expect("it is below").to_string_lossy().into_owned())
        .filter(|path| !path.starts_with("assets/"))
        .collect();
    paths.sort();
    paths
}

/// A pack's files and limits, or one of its files, without the hashes in names.
fn of_pack(report: &waypost::Report, wanted: &str) -> String {
    let (name, path) = wanted.split_once('/').unwrap_or((wanted, ""));
    let (Some(host), Some(mut site)) = (waypost::hosts::named(name), report.host.clone()) else {
        return "(no such host, or nothing built)\n".to_owned();
    };
    site.immutable.retain(|path| path.starts_with("assets/theme."));
    site.folder = "book".to_owned();
    let pack = waypost::hosts::pack(host, &site);
    if path.is_empty() {
        let files = pack.files.iter().map(|(path, _)| format!("file {path}\n"));
        return files.chain(pack.limits.iter().map(|limit| format!("limit {}\n", limit.code))).collect();
    }
    let found = pack.files.iter().find(|(own, _)| own == path);
    found.map_or("(not in the pack)\n".to_owned(), |(_, text)| without_hashes(text))
}

fn content_of(out: &Path, name: &str) -> String {
    let (path, part) = name.rsplit_once(' ').unwrap_or((name, ""));
    let Ok(content) = std::fs::read_to_string(out.join(path)) else { return "(not written)\n".to_owned() };
    if !path.ends_with(".html") {
        return content;
    }
    if part == "whole" {
        return without_theme(&content);
    }
    if let Some(id) = part.strip_prefix('#') {
        return element(&content, id);
    }
    let article =
        content.split_once("<article").and_then(|(_, rest)| rest.split_once('>')).map(|(_, rest)| rest);
    article
        .and_then(|rest| rest.rsplit_once("</article>"))
        .map_or(content.clone(), |(inner, _)| inner.trim().to_owned())
}

/// A page without what changes whenever a file of the theme does: the hashes in addresses, the text of scripts.
fn without_theme(html: &str) -> String {
    let mut text = String::new();
    let mut rest = html;
    while let Some((before, after)) = rest.split_once("<script>") {
        let (_, after) = after.split_once("</script>").unwrap_or((after, ""));
        text.push_str(before);
        text.push_str("<script>\u{2026}</script>");
        rest = after;
    }
    text.push_str(rest);
    without_hashes(&text)
}

/// What changes with each change of the theme's files is written as `HASH`, also where its dots are escaped.
fn without_hashes(text: &str) -> String {
    let is_hash = |part: &str| part.len() == 8 && part.bytes().all(|byte| byte.is_ascii_hexdigit());
    let parts = |text: &str, separator: &str| -> String {
        let parts = text.split(separator).map(|part| if is_hash(part) { "HASH" } else { part });
        parts.collect::<Vec<_>>().join(separator)
    };
    let text = parts(text, ".");
    // As packs write a dot in a regular expression: `\x{2E}`, and before the ending of the name.
    parts(&text, "\\x{2E}")
}

/// The element of this id, up to the first closing tag of its name: enough for those that do not hold their like.
fn element(html: &str, id: &str) -> String {
    let found = html.find(&format!(" id=\"{id}\"")).and_then(|at| html[..at].rfind('<'));
    let Some(start) = found else { return "(not there)\n".to_owned() };
    let name = html[start + 1..].split([' ', '>']).next().unwrap_or_default();
    let end = html[start..].find(&format!("</{name}>")).map_or(html.len(), |at| start + at);
    format!("{}</{name}>\n", &html[start..end])
}
