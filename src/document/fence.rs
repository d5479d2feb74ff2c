//! The words after a code fence in, a [`Fence`] out: language, title, marked lines, switches.
//!
//! Also the lines of the code: which ones the author marked, and how (`{1,3-5}`, `// highlight-next-line`,
//! the signs of a `diff`).

use std::ops::Range;

use schemars::JsonSchema;
use serde::Serialize;

/// What the words after a fence say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fence {
    /// The first word, as written; empty where there is none.
    pub language: String,
    /// `title="…"`.
    pub title: Option<String>,
    /// `{1,3-5}`: 1-based, inclusive ranges of marked lines.
    pub marked: Vec<(usize, usize)>,
    /// `showLineNumbers`, `showLineNumbers=5`: the number of the first line.
    pub line_numbers: Option<usize>,
    /// `wrap`: long lines are broken.
    pub wrap: bool,
    /// `fold`, `fold=10`, `fold=false`.
    pub fold: Option<Fold>,
    /// `placeholders="A,B"`: names that count as placeholders in this block; empty for `placeholders=none`, where
    /// nothing does.
    pub placeholders: Option<Vec<String>>,
    /// `download=name.json`, `download=false`: the name under which the block is offered as a file.
    pub download: Option<Option<String>>,
    /// `file=path`, `file=false`: the file that a reader writes with it, or that it is none.
    pub file: Option<Option<String>>,
    /// `output`: what the command before it prints.
    pub output: bool,
    /// `effects="create,delete"`: what its commands do to what is there; empty for `effects=none`.
    pub effects: Option<Vec<Effect>>,
    /// `permissions="A, B"`: what its commands need.
    pub permissions: Vec<String>,
    /// Further words and `key=value` pairs, in order, for themes.
    pub rest: Vec<(String, String)>,
}

/// Whether a block is folded until a reader opens it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fold {
    /// It is, to so many lines.
    To(usize),
    /// It is not, however long it is.
    Never,
}

/// What a command does to what is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Effect {
    /// It makes something that was not there.
    Create,
    /// It changes something that is there.
    Update,
    /// It takes something away.
    Delete,
    /// It only looks.
    Read,
}

impl Effect {
    /// The effect of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "create" => Self::Create,
            "update" => Self::Update,
            "delete" => Self::Delete,
            "read" => Self::Read,
            _ => return None,
        })
    }
}

/// How many lines a folded block shows where the author gives no number.
pub const FOLDED_LINES: usize = 12;

/// A line of a block of code, as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The line without its ending; magic comments are gone.
    pub text: String,
    /// What the author marked it as.
    pub mark: Option<Mark>,
}

/// What a line is marked as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mark {
    /// `{1,3-5}` or `highlight-…`.
    Highlight,
    /// `error-…`.
    Error,
    /// `success-…`.
    Success,
    /// Added: `add-…`, or `+` in a `diff`.
    Added,
    /// Removed: `remove-…`, or `-` in a `diff`.
    Removed,
    /// `focus-…`.
    Focus,
}

/// Something in the words after a fence that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where it is in the words.
    pub place: Range<usize>,
    /// What is wrong with it.
    pub message: String,
    /// What to do about it.
    pub help: &'static str,
}

/// Reads the words after a fence. What cannot be read is left out and said in the second part.
#[must_use]
pub fn read(info: &str) -> (Fence, Vec<Problem>) {
    let whole = info;
    let mut fence = Fence::default();
    let mut problems = Vec::new();
    let info = info.trim();
    let first = info.split(char::is_whitespace).next().unwrap_or_default();
    // `{1,3}` and `title=…` without a language in front are no language.
    let glued = first.find('{').unwrap_or(first.len());
    let language = if first[..glued].contains('=') { "" } else { &first[..glued] };
    let mut rest = &info[language.len()..];
    // mdBook: `rust,ignore,edition2021`.
    let mut words = language.split(',');
    words.next().unwrap_or_default().clone_into(&mut fence.language);
    for word in words.map(str::trim).filter(|word| !word.is_empty()) {
        let (key, value) = word.split_once('=').unwrap_or((word, ""));
        fence.rest.push((key.to_owned(), value.to_owned()));
    }
    loop {
        rest = rest.trim_start();
        let Some(start) = rest.chars().next() else { break };
        if start == '{' {
            let end = rest.find('}').unwrap_or(rest.len());
            if end == rest.len() {
                problems.push(problem(whole, rest, "has no closing `}`", "add it after the last number"));
                break;
            }
            ranges(whole, &rest[1..end], &mut fence.marked, &mut problems);
            rest = &rest[end + 1..];
            continue;
        }
        let length = rest.find(|c: char| c.is_whitespace() || matches!(c, '=' | '{')).unwrap_or(rest.len());
        let key = &rest[..length];
        rest = &rest[length..];
        let value = rest.strip_prefix('=').map(|value| {
            let (value, after) = value_of(whole, value, &mut problems);
            rest = after;
            value
        });
        if key.is_empty() && value.is_none() {
            // A lone sign: nothing is made of it.
            rest = &rest[start.len_utf8()..];
            continue;
        }
        match (key, value) {
            ("title", Some(value)) => fence.title = Some(value.to_owned()),
            ("showLineNumbers" | "linenums" | "lineNumbers", None | Some("true")) => {
                fence.line_numbers = Some(1);
            }
            ("showLineNumbers" | "lineNumbers", Some("false")) => fence.line_numbers = None,
            ("showLineNumbers" | "linenums" | "lineNumbers", Some(number)) => match number.parse() {
                Ok(number) => fence.line_numbers = Some(number),
                Err(_) => {
                    let help = "write the number of the first line, such as `showLineNumbers=5`";
                    problems.push(problem(whole, number, "is not the number of a line", help));
                }
            },
            ("wrap", None | Some("true")) => fence.wrap = true,
            ("fold", None | Some("true")) => fence.fold = Some(Fold::To(FOLDED_LINES)),
            ("fold", Some("false")) => fence.fold = Some(Fold::Never),
            ("fold", Some(number)) => match number.parse() {
                Ok(lines) if lines > 0 => fence.fold = Some(Fold::To(lines)),
                Ok(_) | Err(_) => {
                    let help = "write how many lines stay, such as `fold=10`";
                    problems.push(problem(whole, number, "is no number of lines", help));
                }
            },
            ("placeholders", Some("none" | "false")) => fence.placeholders = Some(Vec::new()),
            ("placeholders", Some(names)) => {
                let names = names.split(',').map(str::trim).filter(|name| !name.is_empty());
                fence.placeholders = Some(names.map(str::to_owned).collect());
            }
            ("download", Some("false")) => fence.download = Some(None),
            ("download", Some(name)) => fence.download = Some(Some(name.to_owned())),
            ("file", Some("false")) => fence.file = Some(None),
            ("file", Some(path)) if !path.trim().is_empty() => {
                fence.file = Some(Some(path.trim().to_owned()));
            }
            ("output", None | Some("true")) => fence.output = true,
            ("effects", Some(names)) => fence.effects = Some(effects(whole, names, &mut problems)),
            ("permissions", Some(names)) => {
                let names = names.split(',').map(str::trim).filter(|name| !name.is_empty());
                fence.permissions.extend(names.map(str::to_owned));
            }
            (key, value) => fence.rest.push((key.to_owned(), value.unwrap_or_default().to_owned())),
        }
    }
    (fence, problems)
}

/// The lines of `text` as they are shown. Magic comments mark lines and are taken out; `hide` takes out lines.
#[must_use]
pub fn lines(fence: &Fence, text: &str) -> Vec<Line> {
    let diff = fence.language == "diff";
    let mut lines = Vec::new();
    // Blocks that are open: `None` is `hide`.
    let mut open: Vec<Option<Mark>> = Vec::new();
    let mut next: Option<Option<Mark>> = None;
    for line in text.lines() {
        if let Some((mark, place)) = magic(line) {
            match place {
                Where::Next => next = Some(mark),
                Where::Start => open.push(mark),
                Where::End => {
                    if let Some(index) = open.iter().rposition(|open| *open == mark) {
                        open.remove(index);
                    }
                }
            }
            continue;
        }
        let marked = next.take();
        if marked == Some(None) || open.contains(&None) {
            continue;
        }
        let number = lines.len() + 1;
        let ranged = fence.marked.iter().any(|(from, to)| (*from..=*to).contains(&number));
        let sign = match line.as_bytes().first() {
            Some(b'+') if diff && !line.starts_with("+++") => Some(Mark::Added),
            Some(b'-') if diff && !line.starts_with("---") => Some(Mark::Removed),
            _ => None,
        };
        let mark = marked
            .flatten()
            .or(open.last().copied().flatten())
            .or(ranged.then_some(Mark::Highlight))
            .or(sign);
        lines.push(Line { text: line.to_owned(), mark });
    }
    lines
}

/// A marker such as `# (1)!` at the end of a line: where it is, with the space before it, and its number.
#[must_use]
pub fn note_marker(line: &str) -> Option<(Range<usize>, usize)> {
    let end = line.trim_end();
    let inner = ["-->", "*/", "*)", "-}"].iter().find_map(|close| end.strip_suffix(close)).unwrap_or(end);
    let number = inner.trim_end().strip_suffix(")!")?;
    let at = number.rfind('(')?;
    let count = number[at + 1..].parse().ok().filter(|count| *count > 0)?;
    let before = number[..at].trim_end();
    let opened = ["<!--", "{/*", "/*", "(*", "{-", "//", "--", "#", ";", "%"]
        .iter()
        .find_map(|open| before.strip_suffix(open))?;
    // `https://(1)!` and `a--(1)!` are no comments.
    let stands_free = opened.is_empty() || opened.ends_with([' ', '\t']);
    stands_free.then(|| (opened.trim_end().len()..line.len(), count))
}

/// A problem with `part`, which is a slice of `whole`.
fn problem(whole: &str, part: &str, message: &str, help: &'static str) -> Problem {
    let start = part.as_ptr().addr().saturating_sub(whole.as_ptr().addr()).min(whole.len());
    let place = start..(start + part.len()).min(whole.len());
    Problem { place, message: format!("`{part}` {message}"), help }
}

fn ranges(whole: &str, list: &str, marked: &mut Vec<(usize, usize)>, problems: &mut Vec<Problem>) {
    for part in list.split(',').map(str::trim).filter(|part| !part.is_empty()) {
        let (from, to) = part.split_once('-').or_else(|| part.split_once("..")).unwrap_or((part, part));
        match (from.trim().parse(), to.trim().parse()) {
            (Ok(from), Ok(to)) if 0 < from && from <= to => marked.push((from, to)),
            _ => problems.push(problem(
                whole,
                part,
                "is no line and no range of lines",
                "count from 1: `{1,3-5}`",
            )),
        }
    }
}

fn effects(whole: &str, list: &str, problems: &mut Vec<Problem>) -> Vec<Effect> {
    let mut effects = Vec::new();
    if list == "none" {
        return effects;
    }
    for name in list.split(',').map(str::trim).filter(|name| !name.is_empty()) {
        match Effect::named(name) {
            Some(effect) if effects.contains(&effect) => {}
            Some(effect) => effects.push(effect),
            None => {
                let help = "write `create`, `update`, `delete` or `read`, several with commas; or `none`";
                problems.push(problem(whole, name, "is no effect of a command", help));
            }
        }
    }
    effects
}

/// The value at the start of `text`, in quotes or not, and what follows it.
fn value_of<'a>(whole: &str, text: &'a str, problems: &mut Vec<Problem>) -> (&'a str, &'a str) {
    if let Some(quote) = text.chars().next().filter(|c| matches!(c, '"' | '\'' | '`')) {
        let value = &text[1..];
        if let Some(end) = value.find(quote) {
            return (&value[..end], &value[end + 1..]);
        }
        problems.push(problem(whole, text, "has no closing quote", "add it at the end of the value"));
        return (value, "");
    }
    if text.starts_with('{')
        && let Some(end) = text.find('}')
    {
        return (&text[1..end], &text[end + 1..]);
    }
    let end = text.find(char::is_whitespace).unwrap_or(text.len());
    (&text[..end], &text[end..])
}

enum Where {
    Next,
    Start,
    End,
}

/// A line that is only a comment that marks code: what it marks as (`None` hides), and where.
fn magic(line: &str) -> Option<(Option<Mark>, Where)> {
    const COMMENTS: &[(&str, &str)] = &[
        ("{/*", "*/}"),
        ("<!--", "-->"),
        ("/*", "*/"),
        ("(*", "*)"),
        ("{-", "-}"),
        ("//", ""),
        ("#", ""),
        ("--", ""),
        (";", ""),
        ("%", ""),
        ("'", ""),
        ("REM ", ""),
        ("\"", ""),
    ];
    let line = line.trim();
    // Most lines are told apart by this alone.
    if !line.ends_with(['e', 't', 'd', '/', '>', '}', ')']) || !line.contains('-') {
        return None;
    }
    let word = COMMENTS.iter().find_map(|(open, close)| {
        line.strip_prefix(open)?
            .trim_start_matches(['/', '#', '-', ';', '%'])
            .trim()
            .strip_suffix(close)
            .map(str::trim)
    })?;
    let (kind, place) = word.split_once('-')?;
    let place = match place {
        "next-line" => Where::Next,
        "start" => Where::Start,
        "end" => Where::End,
        _ => return None,
    };
    let mark = match kind {
        "highlight" => Some(Mark::Highlight),
        "error" => Some(Mark::Error),
        "success" => Some(Mark::Success),
        "add" | "added" => Some(Mark::Added),
        "remove" | "removed" => Some(Mark::Removed),
        "focus" => Some(Mark::Focus),
        "hide" => None,
        _ => return None,
    };
    Some((mark, place))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clean(info: &str) -> Fence {
        let (fence, problems) = read(info);
        assert!(problems.is_empty(), "{info}: {problems:?}");
        fence
    }

    fn language(name: &str) -> Fence {
        Fence { language: name.to_owned(), ..Fence::default() }
    }

    #[test]
    fn markers_of_notes() {
        let marker = |line: &str| note_marker(line).map(|(place, number)| (line[place].to_owned(), number));
        assert_eq!(marker("a: b  # (1)!"), Some(("  # (1)!".to_owned(), 1)));
        assert_eq!(marker("\"a\": 1, // (12)! "), Some((" // (12)! ".to_owned(), 12)));
        assert_eq!(marker("<a> <!-- (2)! -->"), Some((" <!-- (2)! -->".to_owned(), 2)));
        assert_eq!(marker("x /* (3)! */"), Some((" /* (3)! */".to_owned(), 3)));
        for line in ["a # (1)", "a # (0)!", "https://(1)!", "f(1)!", "(1)!", "# (a)!", ""] {
            assert_eq!(marker(line), None, "{line}");
        }
    }

    #[test]
    fn every_form_of_the_words() {
        let fence = clean("sh fold placeholders=\"A, b-c\" download=x.sh");
        assert_eq!(fence.fold, Some(Fold::To(FOLDED_LINES)));
        assert_eq!(fence.placeholders, Some(vec!["A".to_owned(), "b-c".to_owned()]));
        assert_eq!(fence.download, Some(Some("x.sh".to_owned())));
        let fence = clean("sh fold=false placeholders=none download=false");
        assert_eq!(
            (fence.fold, fence.placeholders, fence.download),
            (Some(Fold::Never), Some(vec![]), Some(None))
        );
        assert_eq!(read("sh fold=few").1.len(), 1);
        let fence = clean("sh effects=\"delete, create,delete\" permissions='A/b, C d' output file=a/b.sh");
        assert_eq!(fence.effects, Some(vec![Effect::Delete, Effect::Create]));
        assert_eq!(fence.permissions, ["A/b", "C d"]);
        assert!(fence.output);
        assert_eq!(fence.file, Some(Some("a/b.sh".to_owned())));
        let fence = clean("sh effects=none file=false");
        assert_eq!((fence.effects, fence.file), (Some(vec![]), Some(None)));
        let (fence, problems) = read("sh effects=create,destroys");
        assert_eq!(fence.effects, Some(vec![Effect::Create]));
        assert_eq!(problems[0].message, "`destroys` is no effect of a command");
        assert_eq!(clean(""), Fence::default());
        assert_eq!(clean("azurecli-interactive"), language("azurecli-interactive"));
        for quoted in ["\"a b.js\"", "'a b.js'", "`a b.js`"] {
            let fence = clean(&format!("js title={quoted} {{1,3-5}} showLineNumbers wrap"));
            assert_eq!(
                fence,
                Fence {
                    title: Some("a b.js".into()),
                    marked: vec![(1, 1), (3, 5)],
                    line_numbers: Some(1),
                    wrap: true,
                    ..language("js")
                }
            );
        }
        assert_eq!(clean("yaml{10-17}"), Fence { marked: vec![(10, 17)], ..language("yaml") });
        assert_eq!(clean("js title=a.js"), Fence { title: Some("a.js".into()), ..language("js") });
        assert_eq!(clean("js showLineNumbers=5"), Fence { line_numbers: Some(5), ..language("js") });
        assert_eq!(clean("title=\"a\""), Fence { title: Some("a".into()), ..Fence::default() });
        assert_eq!(clean("{2}"), Fence { marked: vec![(2, 2)], ..Fence::default() });
        assert_eq!(
            clean("rust,ignore,edition2021"),
            Fence {
                rest: vec![("ignore".into(), String::new()), ("edition2021".into(), String::new())],
                ..language("rust")
            }
        );
        assert_eq!(
            clean("bash npm2yarn sync=x"),
            Fence {
                rest: vec![("npm2yarn".into(), String::new()), ("sync".into(), "x".into())],
                ..language("bash")
            }
        );
        assert_eq!(clean("c++").language, "c++");
        assert_eq!(clean(";").language, ";");
    }

    #[test]
    fn what_cannot_be_read_is_said() {
        for info in ["js {1,x}", "js {3-1}", "js {1", "js title=\"a", "js showLineNumbers=x", "js {0}"] {
            assert_eq!(read(info).1.len(), 1, "{info}");
        }
        for info in ["= = =", "js ==", "é {é} =é 'é", "{{{}}}", "a=b=c"] {
            let _survives = read(info);
        }
    }

    fn shown(fence: &Fence, text: &str) -> Vec<(String, Option<Mark>)> {
        lines(fence, text).into_iter().map(|line| (line.text, line.mark)).collect()
    }

    #[test]
    fn magic_comments_of_all_languages() {
        let comments = [
            "// highlight-next-line",
            "# highlight-next-line",
            "<!-- highlight-next-line -->",
            "{/* highlight-next-line */}",
            "/* highlight-next-line */",
            "  -- highlight-next-line",
            "; highlight-next-line",
            "% highlight-next-line",
            "REM highlight-next-line",
            "//highlight-next-line",
        ];
        for comment in comments {
            let text = format!("a\n{comment}\nb\nc\n");
            let expected = [("a".into(), None), ("b".into(), Some(Mark::Highlight)), ("c".into(), None)];
            assert_eq!(shown(&Fence::default(), &text), expected, "{comment}");
        }
        assert_eq!(
            shown(
                &Fence::default(),
                "# add-start\na\nb\n# add-end\n// hide-start\nx\n// hide-end\nc\n// hide-next-line\ny\nd\n"
            ),
            [
                ("a".into(), Some(Mark::Added)),
                ("b".into(), Some(Mark::Added)),
                ("c".into(), None),
                ("d".into(), None)
            ]
        );
        assert_eq!(
            shown(&Fence::default(), "// highlight-nothing\n"),
            [("// highlight-nothing".into(), None)]
        );
    }

    #[test]
    fn ranges_count_shown_lines_and_diffs_keep_their_signs() {
        let fence = clean("js {2}");
        assert_eq!(
            shown(&fence, "a\n// error-next-line\nb\nc\n"),
            [("a".into(), None), ("b".into(), Some(Mark::Error)), ("c".into(), None)]
        );
        assert_eq!(
            shown(&language("diff"), "--- a\n+++ b\n-x\n+y\n z\n"),
            [
                ("--- a".into(), None),
                ("+++ b".into(), None),
                ("-x".into(), Some(Mark::Removed)),
                ("+y".into(), Some(Mark::Added)),
                (" z".into(), None),
            ]
        );
    }
}
