//! The house rules that a compiler does not know: which module may use which, and what a module must have.

#![expect(clippy::disallowed_methods, reason = "tests stand outside of the program, in the world")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What a module may never import, beside those below it: `ARCHITECTURE.md` says why.
const NEVER: &[(&str, &[&str])] = &[
    ("document", &["config", "source", "output", "theme"]),
    ("theme", &["document", "site"]),
    ("site", &["theme", "render"]),
    ("check", &["render", "output"]),
    ("render", &["source", "check", "output"]),
    ("output", &["document", "site"]),
    ("agents", &["document", "theme"]),
];

fn sources() -> BTreeMap<PathBuf, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    walkdir::WalkDir::new(&root)
        .into_iter()
        .filter_map(Result::ok)
        .filter(|entry| entry.path().extension().is_some_and(|ending| ending == "rs"))
        // A module's tests in a file of their own may use what they like.
        .filter(|entry| entry.file_name() != "tests.rs")
        .map(|entry| {
            let path = entry.path().strip_prefix(&root).expect("it is below").to_owned();
            (path, std::fs::read_to_string(entry.path()).expect("sources are text"))
        })
        .collect()
}

/// The modules of the crate, in the order `lib.rs` declares them.
fn order() -> Vec<String> {
    let lib = &sources()[Path::new("lib.rs")];
    let declared = lib.lines().filter_map(|line| line.strip_prefix("pub mod ").or(line.strip_prefix("mod ")));
    declared.filter_map(|rest| rest.strip_suffix(';')).map(str::to_owned).collect()
}

/// The module of the top level that a file belongs to.
fn module(path: &Path) -> String {
    let first = path.components().next().expect("a path has a part").as_os_str().to_string_lossy();
    first.trim_end_matches(".rs").to_owned()
}

/// The names after `crate::` in code: in the tests of a file and in its comments everything is allowed.
fn used(text: &str) -> Vec<String> {
    let code = text.split("#[cfg(test)]").next().unwrap_or(text);
    let mut names = Vec::new();
    for line in code.lines().filter(|line| !line.trim_start().starts_with("//")) {
        for rest in line.split("crate::").skip(1) {
            let group = rest.strip_prefix('{').and_then(|rest| rest.split('}').next());
            let parts: Vec<&str> = group.map_or(vec![rest], |group| group.split(',').collect());
            for part in parts {
                let end =
                    part.trim().find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(part.trim().len());
                names.push(part.trim()[..end].to_owned());
            }
        }
    }
    names
}

#[test]
fn a_module_uses_only_modules_above_it() {
    let order = order();
    let rank = |name: &str| order.iter().position(|module| module == name);
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        let own = module(&path);
        let Some(own_rank) = rank(&own) else { continue };
        let never = NEVER.iter().find(|(name, _)| *name == own).map_or(&[][..], |(_, never)| never);
        for name in used(&text) {
            let Some(used_rank) = rank(&name) else { continue };
            if used_rank > own_rank || never.contains(&name.as_str()) {
                wrong.push(format!("{}: uses crate::{name}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_sub_command_uses_the_library_and_what_all_share_but_no_other_sub_command() {
    let mut wrong = Vec::new();
    let files: Vec<_> = sources()
        .into_iter()
        .filter(|(path, _)| module(path) == "commands" && !path.ends_with("mod.rs"))
        .collect();
    assert!(files.len() > 5, "the sub-commands stand in src/commands");
    for (path, text) in &files {
        for (other, _) in files.iter().filter(|(other, _)| other != path) {
            let other = other.file_stem().expect("a file has a name").to_string_lossy();
            let ways = [format!("super::{other}"), format!("crate::commands::{other}")];
            if ways.iter().any(|way| text.contains(way)) {
                wrong.push(format!("{} uses {other}", path.display()));
            }
        }
        if !text.contains("waypost::") {
            wrong.push(format!("{} calls nothing of the library", path.display()));
        }
    }
    let main = &sources()[Path::new("main.rs")];
    if main.contains("waypost::") {
        wrong.push("main.rs calls the library itself: a sub-command does".to_owned());
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_module_says_what_it_is_for() {
    let silent: Vec<String> = sources()
        .into_iter()
        .filter(|(_, text)| !text.starts_with("//! "))
        .map(|(path, _)| path.display().to_string())
        .collect();
    assert!(silent.is_empty(), "no module documentation: {silent:?}");
}

#[test]
fn nothing_is_left_undone() {
    let mut left = Vec::new();
    for (path, text) in sources() {
        for word in ["todo!(", "unimplemented!(", "dbg!(", ".unwrap()", "FIXME", "XXX"] {
            let code = text.split("#[cfg(test)]").next().unwrap_or(&text);
            if code.contains(word) {
                left.push(format!("{}: {word}", path.display()));
            }
        }
    }
    assert!(left.is_empty(), "{}", left.join("\n"));
}

#[test]
fn every_rule_has_a_page_and_a_case() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    // What needs a network or a panic is shown by a test beside the code.
    let beside =
        sources().into_values().filter_map(|text| Some(text.split_once("#[cfg(test)]")?.1.to_owned()));
    let cases: String = walkdir::WalkDir::new(root.join("tests"))
        .into_iter()
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_file())
        .filter(|entry| entry.path().extension().is_some_and(|ending| ending == "txtar" || ending == "rs"))
        .filter_map(|entry| std::fs::read_to_string(entry.path()).ok())
        .chain(beside)
        .collect();
    let mut missing = Vec::new();
    for rule in waypost::diagnostic::rules::ALL {
        if !root.join(format!("content/waypost/diagnostics/{}.md", rule.code)).exists() {
            missing.push(format!("{}: no page in content/waypost/diagnostics", rule.code));
        }
        if !cases.contains(&format!("[{}]", rule.code)) {
            missing.push(format!("{}: no case shows it", rule.code));
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

#[test]
fn no_path_of_a_machine_is_committed() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    let installed =
        |entry: &walkdir::DirEntry| ["node_modules", "venv"].iter().any(|name| entry.file_name() == *name);
    for folder in ["src", "content", "themes", "tests", "tools", "benches", ".ci"] {
        let walk = walkdir::WalkDir::new(root.join(folder)).into_iter();
        for entry in walk.filter_entry(|entry| !installed(entry)).filter_map(Result::ok) {
            let Ok(text) = std::fs::read_to_string(entry.path()) else { continue };
            let machine = ["/wo", "rk/"].concat();
            if text.contains(&machine) {
                found.push(entry.path().display().to_string());
            }
        }
    }
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn the_schema_that_ships_is_the_one_of_this_version() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("content/static/book.schema.json");
    let shipped = std::fs::read_to_string(path).unwrap_or_default();
    assert!(shipped == waypost::config::schema(), "run `waypost schema > content/static/book.schema.json`");
}
