//! A build that is killed at any moment leaves every file whole, and the next build right.
//!
//! The test starts itself again as the program that builds (the ignored test below), in a folder of its own,
//! and kills it after a random time; the folder is how the two agree on what to do.

#![expect(clippy::disallowed_methods, reason = "it looks at what is on the disk, from outside")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// The files of a version of the site: some come and go, some change, some stay, one becomes a folder.
fn site(version: usize) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    for number in 0..40 {
        if (number + version).is_multiple_of(5) {
            continue;
        }
        let text = format!("version {version} of {number}\n").repeat(1 + number * 40);
        files.insert(format!("pages/{}/{number}.html", number % 4), text);
    }
    files.insert("same.css".to_owned(), "never changes".to_owned());
    let turn = if version.is_multiple_of(2) { "turn" } else { "turn/index.html" };
    files.insert(turn.to_owned(), format!("version {version} of turn\n"));
    files
}

fn build(root: &Path, version: usize) {
    let output = waypost::output::open(&root.join("book"), &root.join(".waypost")).expect("it opens");
    for (path, text) in site(version) {
        output.stage(&path, text.as_bytes()).expect("it is staged");
    }
    output.commit().expect("it is committed");
}

/// Builds versions for ever, in the folder it is started in.
#[test]
#[ignore = "the other half of `a_build_that_is_killed_leaves_whole_files`"]
fn build_until_killed() {
    let root = std::env::current_dir().expect("a folder");
    if !root.join("may-be-killed").exists() {
        return;
    }
    for version in 0.. {
        build(&root, version);
        fs::write(root.join("started"), "").expect("written");
    }
}

#[test]
fn a_build_that_is_killed_leaves_whole_files() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path();
    fs::write(root.join("may-be-killed"), "").expect("written");
    fs::create_dir_all(root.join("book/pages/0")).expect("made");
    fs::write(root.join("book/pages/0/mine.txt"), "foreign").expect("written");
    let mut seed = u64::from(std::process::id());
    let mut interrupted = 0;
    let start = Instant::now();
    let mut rounds: usize = 0;
    // Until enough commits were cut off, which depends on the disk; not for ever.
    while (rounds < 40 || interrupted < 10) && start.elapsed() < Duration::from_secs(30) {
        rounds += 1;
        let mut child = Command::new(std::env::current_exe().expect("this program"))
            .args(["--ignored", "--exact", "build_until_killed", "--test-threads=1"])
            .current_dir(root)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("it starts");
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        // It takes its time to start on a busy machine; what counts is to be killed while it builds.
        while !root.join("started").exists() && start.elapsed() < Duration::from_secs(30) {
            std::thread::sleep(Duration::from_millis(1));
        }
        if rounds.is_multiple_of(2) {
            std::thread::sleep(Duration::from_micros((seed >> 33) % 40_000));
        } else {
            // A commit is short: wait for one to begin.
            let wait = Instant::now();
            while journals(root) == 0 && wait.elapsed() < Duration::from_secs(2) {}
            std::thread::sleep(Duration::from_micros((seed >> 33) % 3_000));
        }
        child.kill().expect("it is killed");
        child.wait().expect("it is gone");
        let _ = fs::remove_file(root.join("started"));

        interrupted += usize::from(journals(root) > 0);
        whole(root);
        if rounds.is_multiple_of(3) {
            let version = rounds % 7;
            build(root, version);
            exact(root, &site(version));
        }
    }
    build(root, 1);
    exact(root, &site(1));
    assert!(interrupted > 0, "in {rounds} rounds no commit was cut off");
}

/// Every file is what some version of the site has at its place.
fn whole(root: &Path) {
    for (path, text) in files(root) {
        if path.ends_with("mine.txt") || path == "same.css" {
            continue;
        }
        let version = text.split(' ').nth(1).and_then(|word| word.parse::<usize>().ok());
        let version = version.unwrap_or_else(|| panic!("{path} begins with {text:.40?}"));
        assert_eq!(site(version).get(&path), Some(&text), "{path} is not whole");
    }
}

fn exact(root: &Path, expected: &BTreeMap<String, String>) {
    let mut found = files(root);
    assert_eq!(found.remove("pages/0/mine.txt").as_deref(), Some("foreign"));
    assert_eq!(found.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>());
    assert_eq!(&found, expected);
}

fn files(root: &Path) -> BTreeMap<String, String> {
    let book = root.join("book");
    walkdir::WalkDir::new(&book)
        .into_iter()
        .map(|entry| entry.expect("it can be read"))
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| {
            let path = entry.path().strip_prefix(&book).expect("below").display().to_string();
            (path, fs::read_to_string(entry.path()).expect("it is text"))
        })
        .collect()
}

fn journals(root: &Path) -> usize {
    walkdir::WalkDir::new(root.join(".waypost"))
        .into_iter()
        .filter_map(Result::ok)
        .filter(|entry| entry.file_name() == "journal")
        .count()
}

#[test]
fn a_file_that_is_a_folder_of_another_is_refused_before_anything_changes() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path();
    build(root, 0);
    let before = fs::read_to_string(root.join("book/turn")).expect("it was written");
    let output = waypost::output::open(&root.join("book"), &root.join(".waypost")).expect("it opens");
    for path in ["turn", "other", "other/index.html"] {
        output.stage(path, b"new").expect("it is staged");
    }
    let error = output.commit().expect_err("`other` cannot be both").to_string();
    assert!(error.contains("`other` would be a file and, for `other/index.html`, a folder"), "{error}");
    assert_eq!(fs::read_to_string(root.join("book/turn")).expect("it is still there"), before);
}
