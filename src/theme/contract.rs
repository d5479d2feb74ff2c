//! The version of what templates are given, what each version changed, and the files that are written for another.
//!
//! A file that `waypost theme eject` copies says in its first line which version it was copied from. It goes on working
//! when the version rises, as far as it does not use what changed: so it is reported, with the changes that concern it.

use std::ops::Range;

use super::assets::is;
use super::layers::{Findings, Layers, built_in};
use crate::diagnostic::rules;

/// The version of what templates are given. It rises when a fact, a filter, a block or a field of the page's view
/// changes its meaning or goes away, and when something comes that a template must show.
pub const CONTRACT: u32 = 2;

/// Something that a version changed.
struct Change {
    /// The version that brought it.
    contract: u32,
    /// The files that it concerns: a path in a theme, or the start of one; empty for all.
    files: &'static str,
    /// What it is.
    what: &'static str,
}

/// Every change since the first version, the oldest first.
const CHANGES: &[Change] = &[
    Change {
        contract: 2,
        files: "templates/",
        what: "`tags` holds `text`, `url`, `description` and `count` where it held words",
    },
    Change {
        contract: 2,
        files: "templates/base.html",
        what: "`site.head` is to be printed at the end of the head, and there are the blocks `head_end`, `body_start` and `body_end`",
    },
    Change {
        contract: 2,
        files: "templates/base.html",
        what: "`site.announcement` has `id` and `dismissible`, for the button that closes it, and `boot-frame.html` is to be included",
    },
    Change {
        contract: 2,
        files: "templates/header.html",
        what: "`site.versions` and `site.languages` hold what the switches lead to, and there are the blocks `header_start` and `header_end`",
    },
    Change {
        contract: 2,
        files: "templates/page.html",
        what: "there are the blocks `before_article` and `after_article`",
    },
    Change { contract: 2, files: "templates/actions.html", what: "an action may be named `mcp`" },
    Change {
        contract: 2,
        files: "templates/",
        what: "ids of the frame begin with `frame-`, so that no heading has them: `frame-sidebar` in the place of `sidebar`",
    },
    Change {
        contract: 2,
        files: "components/CodeBlock",
        what: "`lines` hold placeholders as elements with `data-placeholder`, and there are the facts `fold`, `file` and `notes`",
    },
];

/// What the first line of a copied file holds, before the number.
const MARK: &str = "waypost theme contract ";

/// The line that says which version a file was copied from, in the comments of its language; nothing for files that
/// have none.
pub(super) fn mark(path: &str) -> Option<String> {
    let (open, close) = match path.rsplit_once('.')?.1 {
        "html" | "md" => ("{#- ", " -#}\n"),
        "css" => ("/* ", " */\n"),
        "js" => ("// ", "\n"),
        "svg" => ("<!-- ", " -->\n"),
        "toml" => ("# ", "\n"),
        _ => return None,
    };
    Some(format!("{open}{MARK}{CONTRACT}{close}"))
}

/// A file without the line that says where it was copied from.
pub(super) fn unmarked(text: &str) -> &str {
    match text.split_once('\n') {
        Some((first, rest)) if first.contains(MARK) => rest,
        Some(_) | None => text,
    }
}

/// The version that a file says it was copied from, and where.
fn recorded(text: &str) -> Option<(u32, Range<usize>)> {
    let first = text.lines().next()?;
    let at = first.find(MARK)?;
    let digits = &first[at + MARK.len()..];
    let length = digits.bytes().take_while(u8::is_ascii_digit).count();
    Some((digits[..length].parse().ok()?, at..at + MARK.len() + length))
}

/// What changed for a file (by its path in a theme; empty for any) since a version, in one sentence.
pub(super) fn changes_since(contract: u32, path: &str) -> String {
    let concerns =
        |change: &&Change| change.contract > contract && (path.is_empty() || path.starts_with(change.files));
    let since: Vec<&str> = CHANGES.iter().filter(concerns).map(|change| change.what).collect();
    since.join("; ")
}

/// Reports the site's copies of built-in files that are older than this program, and those that are newer.
pub(super) fn check(layers: &Layers, findings: &mut Findings) {
    let built_in = built_in();
    for (path, file) in layers.own() {
        if mark(path).is_none() || is(path, "svg") {
            continue;
        }
        let text = String::from_utf8_lossy(&file.bytes);
        let Some((contract, range)) = recorded(&text).filter(|(contract, _)| *contract != CONTRACT) else {
            continue;
        };
        let (message, help) = if contract > CONTRACT {
            let message =
                format!("this file is written for contract {contract}, this Waypost has {CONTRACT}");
            (
                message,
                "use the Waypost that it was copied from, or copy it anew with `waypost theme eject --force`"
                    .to_owned(),
            )
        } else {
            let changed = match changes_since(contract, path).as_str() {
                "" => "nothing that this file is given has changed".to_owned(),
                changes => changes.to_owned(),
            };
            let message = format!(
                "this file is a copy from contract {contract}, this Waypost has {CONTRACT}: {changed}"
            );
            let help = if built_in.contains_key(path) {
                format!(
                    "`waypost theme diff {path}` shows the difference; take over what you need, then write {CONTRACT} here"
                )
            } else {
                format!("write {CONTRACT} here")
            };
            (message, help)
        };
        findings.add(&rules::THEME_CONTRACT, message, file, range, Some(help));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_read_back_in_every_language() {
        for path in [
            "templates/a.html",
            "components/A.md",
            "assets/a.css",
            "assets/a.js",
            "icons/a.svg",
            "words.toml",
        ] {
            let text = format!("{}rest\n", mark(path).expect("it has comments"));
            assert_eq!(recorded(&text).map(|(contract, _)| contract), Some(CONTRACT), "{path}");
            assert_eq!(unmarked(&text), "rest\n");
        }
        assert_eq!(mark("assets/fonts/a.woff2"), None);
        assert_eq!(recorded("a { color: red } /* waypost theme */"), None);
        assert_eq!(unmarked("one\ntwo\n"), "one\ntwo\n");
    }

    #[test]
    fn every_version_says_what_it_changed() {
        for contract in 1..CONTRACT {
            assert!(CHANGES.iter().any(|change| change.contract == contract + 1), "{contract}");
        }
        assert!(changes_since(1, "templates/header.html").contains("`site.versions`"));
        assert!(!changes_since(1, "templates/header.html").contains("`before_article`"));
        assert_eq!(changes_since(CONTRACT, ""), "");
        let known = super::super::eject::files();
        let concerned = |change: &&Change| known.iter().any(|path| path.starts_with(change.files));
        assert_eq!(
            CHANGES.iter().filter(concerned).count(),
            CHANGES.len(),
            "each concerns a file that exists"
        );
    }
}
