//! The built-in theme's files by the names that people call them, as they are copied into a site's own theme, and how
//! a site's file differs from the built-in one of today.

use similar::TextDiff;

use super::contract::{mark, unmarked};
use super::layers::built_in;
use crate::diagnostic::nearest;

/// Every file that a site's theme can replace, by its path in a theme, in order.
#[must_use]
pub fn files() -> Vec<String> {
    built_in().into_keys().filter(|path| !matches!(path.as_str(), "theme.toml" | "icons/LICENSE")).collect()
}

/// The files that a name means: a path in the theme, the name of a template or of a component (both its halves), a
/// piece or a folder of the assets, an icon, `words.toml`.
///
/// # Errors
/// The nearest names, where it means none; there may be none near.
pub fn named(name: &str) -> Result<Vec<String>, Vec<String>> {
    let all = files();
    let name = name.trim_matches('/');
    if all.iter().any(|path| path == name) {
        return Ok(vec![name.to_owned()]);
    }
    let ends = [".html", ".md", ".toml", ".svg", ".css", ".js"];
    for folder in ["templates/", "components/", "", "assets/", "icons/"] {
        let fits = |path: &&String| {
            path.strip_prefix(folder).is_some_and(|rest| {
                rest == name
                    || rest.strip_prefix(name).is_some_and(|end| end.starts_with('/') || ends.contains(&end))
                    || folder == "assets/" && rest.rsplit('/').next() == Some(name)
            })
        };
        let found: Vec<String> = all.iter().filter(fits).cloned().collect();
        // A whole folder of the theme is not one thing: `icons` would copy a hundred files.
        if !found.is_empty() && !matches!(name, "templates" | "components" | "assets" | "icons") {
            return Ok(found);
        }
    }
    let mut names: Vec<&str> = Vec::new();
    for path in &all {
        let file = path.rsplit('/').next().unwrap_or(path);
        names.extend([path.as_str(), file, file.split_once('.').map_or(file, |(stem, _)| stem)]);
    }
    let mut near = Vec::new();
    while near.len() < 3 {
        let Some(next) = nearest(name, names.iter().copied()).map(str::to_owned) else { break };
        names.retain(|other| *other != next);
        near.push(next);
    }
    Err(near)
}

/// A built-in file as it is copied: its first line says from which version of the contract, where it can.
#[must_use]
pub fn copy(path: &str) -> Option<Vec<u8>> {
    let file = built_in().remove(path)?;
    let mut copy = mark(path).unwrap_or_default().into_bytes();
    copy.extend_from_slice(&file.bytes);
    Some(copy)
}

/// How a site's file (`own_path` in messages) differs from the built-in one: a unified diff, empty where they are the
/// same; nothing for a file that is not text or that the built-in theme does not have.
#[must_use]
pub fn difference(path: &str, own_path: &str, own: &[u8]) -> Option<String> {
    let file = built_in().remove(path)?;
    let theirs = std::str::from_utf8(&file.bytes).ok()?;
    let own = unmarked(std::str::from_utf8(own).ok()?);
    let names = (format!("built-in/{path}"), own_path);
    let diff = TextDiff::from_lines(theirs, own);
    Some(diff.unified_diff().header(&names.0, names.1).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_mean_what_people_call_things() {
        let paths = |name: &str| named(name).unwrap_or_else(|near| panic!("{name}: {near:?}"));
        assert_eq!(paths("footer"), ["templates/footer.html"]);
        assert_eq!(paths("footer.html"), ["templates/footer.html"]);
        assert_eq!(paths("templates/404.html"), ["templates/404.html"]);
        assert_eq!(paths("Card"), ["components/Card.html", "components/Card.md"]);
        assert_eq!(paths("components/Card.md"), ["components/Card.md"]);
        assert_eq!(paths("theme.css/70-code.css"), ["assets/theme.css/70-code.css"]);
        assert_eq!(paths("70-code.css"), ["assets/theme.css/70-code.css"]);
        assert!(paths("theme.css").len() > 5);
        assert_eq!(paths("rocket"), ["icons/rocket.svg"]);
        assert_eq!(paths("words.toml"), ["words.toml"]);
        assert_eq!(paths("words"), ["words.toml"]);
        assert_eq!(named("foter").expect_err("no such name")[0], "footer");
        assert!(named("icons").is_err(), "a hundred files at once");
        assert_eq!(named("zzzzzzzzzz"), Err(Vec::new()));
    }

    #[test]
    fn a_copy_differs_from_the_built_in_file_by_what_was_changed() {
        let copied = copy("templates/hint.html").expect("it exists");
        assert_eq!(difference("templates/hint.html", "own", &copied).as_deref(), Some(""));
        let changed = String::from_utf8(copied).expect("text").replace("class=\"hint\"", "class=\"mine\"");
        let diff = difference("templates/hint.html", "themes/mine/templates/hint.html", changed.as_bytes());
        let diff = diff.expect("text");
        assert!(
            diff.starts_with("--- built-in/templates/hint.html\n+++ themes/mine/templates/hint.html\n"),
            "{diff}"
        );
        assert!(diff.contains("\n+<p class=\"mine\">") && diff.contains("\n-<p class=\"hint\">"), "{diff}");
        assert_eq!(difference("templates/none.html", "own", b""), None);
    }
}
