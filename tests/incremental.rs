//! After any edits the output is that of a fresh build, byte for byte, and what did not change was not written.

#![expect(clippy::disallowed_methods, reason = "tests stand outside of the program, in the world")]

use std::collections::BTreeMap;
use std::path::Path;
use std::time::SystemTime;

use proptest::prelude::*;
use waypost::{Mode, Report, Settings};

const BOOK: &str = "[book]\ntitle = \"Site\"\nsrc = \"content\"\n[site]\norigin = \"https://docs.example.com\"\n\
                    [check.rules]\nmissing-description = \"off\"\nbroken-link = \"warning\"\n";

/// One thing an author does to page number `0`.
#[derive(Clone, Debug)]
enum Edit {
    Write(u8, String),
    Retitle(u8, String),
    Move(u8, u8),
    Remove(u8),
    Rebrand(String),
}

fn edit() -> impl Strategy<Value = Edit> {
    let words = "[a-z]{1,8}( [a-z]{1,8}){0,6}";
    prop_oneof![
        4 => (0..6u8, words).prop_map(|(page, text)| Edit::Write(page, text)),
        2 => (0..6u8, words).prop_map(|(page, text)| Edit::Retitle(page, text)),
        1 => (0..6u8, 6..9u8).prop_map(|(from, to)| Edit::Move(from, to)),
        1 => (0..6u8).prop_map(Edit::Remove),
        1 => words.prop_map(Edit::Rebrand),
    ]
}

fn page(folder: &Path, number: u8) -> std::path::PathBuf {
    folder.join(format!("content/part-{}/page-{number}.md", number % 2))
}

fn apply(folder: &Path, edit: &Edit) {
    let put = |number: u8, title: &str, text: &str| {
        let next = (number + 1) % 6;
        let content =
            format!("---\ntitle: {title}\n---\n\n{text}\n\n[Next](../part-{}/page-{next}.md)\n", next % 2);
        std::fs::write(page(folder, number), content).expect("written");
    };
    match edit {
        Edit::Write(number, text) => put(*number, &format!("Page {number}"), text),
        Edit::Retitle(number, title) => put(*number, title, "The same text."),
        Edit::Move(from, to) if page(folder, *from).exists() => {
            std::fs::rename(page(folder, *from), page(folder, *to)).expect("moved");
        }
        Edit::Remove(number) if page(folder, *number).exists() => {
            std::fs::remove_file(page(folder, *number)).expect("removed");
        }
        Edit::Move(..) | Edit::Remove(_) => {}
        Edit::Rebrand(title) => {
            std::fs::write(folder.join("book.toml"), BOOK.replace("\"Site\"", &format!("\"{title}\"")))
                .expect("written");
        }
    }
}

fn build(root: &Path, out: &Path) -> Report {
    let settings = Settings {
        root: root.to_owned(),
        out: Some(out.to_owned()),
        origin: None,
        mode: Mode::Build,
        progress: None,
    };
    waypost::build(&settings).expect("the machine does not fail")
}

/// Every file with its content and the time it was written.
fn files(out: &Path) -> BTreeMap<String, (Vec<u8>, SystemTime)> {
    walkdir::WalkDir::new(out)
        .into_iter()
        .map(|entry| entry.expect("it can be read"))
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| {
            let path = entry.path().strip_prefix(out).expect("it is below").display().to_string();
            let written = entry.metadata().expect("it is there").modified().expect("it has a time");
            (path, (std::fs::read(entry.path()).expect("it can be read"), written))
        })
        .collect()
}

fn start() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for part in ["part-0", "part-1"] {
        std::fs::create_dir_all(folder.path().join("content").join(part)).expect("made");
    }
    std::fs::write(folder.path().join("book.toml"), BOOK).expect("written");
    for number in 0..6 {
        apply(folder.path(), &Edit::Write(number, "The first text.".to_owned()));
    }
    folder
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn edits_then_a_build_is_a_fresh_build(edits in proptest::collection::vec(edit(), 1..8)) {
        let folder = start();
        let (kept, fresh) = (folder.path().join("kept"), tempfile::tempdir().expect("a temporary folder"));
        build(folder.path(), &kept);
        for some in edits.chunks(2) {
            let before = files(&kept);
            for edit in some {
                apply(folder.path(), edit);
            }
            build(folder.path(), &kept);
            for (path, (bytes, written)) in files(&kept) {
                if let Some((old, old_written)) = before.get(&path) && *old == bytes {
                    prop_assert_eq!(*old_written, written, "{} was written again", path);
                }
            }
        }
        // A fresh build is one of the same sources in another place.
        for entry in walkdir::WalkDir::new(folder.path().join("content")) {
            let entry = entry.expect("it can be read");
            let target = fresh.path().join(entry.path().strip_prefix(folder.path()).expect("it is below"));
            if entry.file_type().is_dir() {
                std::fs::create_dir_all(target).expect("made");
            } else {
                std::fs::copy(entry.path(), target).expect("copied");
            }
        }
        std::fs::copy(folder.path().join("book.toml"), fresh.path().join("book.toml")).expect("copied");
        build(fresh.path(), &fresh.path().join("out"));
        let bytes = |out: &Path| files(out).into_iter().map(|(path, (bytes, _))| (path, bytes)).collect::<BTreeMap<_, _>>();
        let (kept, fresh) = (bytes(&kept), bytes(&fresh.path().join("out")));
        prop_assert_eq!(kept.keys().collect::<Vec<_>>(), fresh.keys().collect::<Vec<_>>());
        for (path, bytes) in &kept {
            prop_assert_eq!(&fresh[path], bytes, "{} differs", path);
        }
    }
}
