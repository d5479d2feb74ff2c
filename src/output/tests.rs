//! What a build may do to a folder, and what it must leave alone. Killing it is in `tests/output.rs`.

use std::time::SystemTime;

use super::*;

struct Site {
    root: tempfile::TempDir,
}

impl Site {
    fn new() -> Self {
        Self { root: tempfile::tempdir().expect("a folder") }
    }

    fn dir(&self) -> PathBuf {
        self.root.path().join("book")
    }

    fn open(&self) -> anyhow::Result<Output> {
        open(&self.dir(), &self.root.path().join(".waypost"))
    }

    fn stage(&self, files: &[(&str, &str)]) -> Output {
        let output = self.open().expect("it opens");
        for (path, text) in files {
            output.stage(path, text.as_bytes()).expect("it is staged");
        }
        output
    }

    fn build(&self, files: &[(&str, &str)]) -> anyhow::Result<(usize, usize, usize)> {
        self.stage(files).commit().map(|summary| (summary.written, summary.unchanged, summary.removed))
    }

    /// Every file and empty folder, with the text of files.
    fn found(&self) -> BTreeMap<String, String> {
        let walk = walkdir::WalkDir::new(self.dir()).min_depth(1).into_iter().filter_map(Result::ok);
        walk.filter_map(|entry| {
            let path = entry.path().strip_prefix(self.dir()).expect("below").display().to_string();
            if entry.file_type().is_dir() {
                let empty = fs::read_dir(entry.path()).is_ok_and(|mut inner| inner.next().is_none());
                return empty.then(|| (path + "/", String::new()));
            }
            Some((path, fs::read_to_string(entry.path()).unwrap_or_default()))
        })
        .collect()
    }

    fn expect(&self, files: &[(&str, &str)]) {
        let files: BTreeMap<String, String> =
            files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
        assert_eq!(self.found(), files);
        let state = self.root.path().join(".waypost");
        let left: Vec<_> = walkdir::WalkDir::new(state)
            .into_iter()
            .filter_map(Result::ok)
            .filter(|entry| entry.path().components().any(|part| part.as_os_str() == "stage"))
            .collect();
        assert!(left.is_empty(), "the stage is gone: {left:?}");
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.dir().join(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, text).expect("written");
    }

    fn changed(&self, path: &str) -> SystemTime {
        fs::metadata(self.dir().join(path)).and_then(|found| found.modified()).expect("a time")
    }
}

#[test]
fn a_build_writes_what_changed_and_removes_what_it_wrote() {
    let site = Site::new();
    assert_eq!(
        site.build(&[("index.html", "a"), ("x/y/z.html", "b"), ("x/w.css", "c")]).expect("built"),
        (3, 0, 0)
    );
    let before = site.changed("x/w.css");
    site.write("x/mine.txt", "foreign");
    site.write("own/mine.txt", "foreign");
    assert_eq!(site.build(&[("index.html", "A"), ("x/w.css", "c")]).expect("built"), (1, 1, 1));
    site.expect(&[
        ("index.html", "A"),
        ("own/mine.txt", "foreign"),
        ("x/mine.txt", "foreign"),
        ("x/w.css", "c"),
    ]);
    assert_eq!(site.changed("x/w.css"), before, "what is the same keeps its time");
    assert_eq!(site.build(&[]).expect("built"), (0, 0, 2));
    site.expect(&[("own/mine.txt", "foreign"), ("x/mine.txt", "foreign")]);
    assert_eq!(site.build(&[]).expect("built"), (0, 0, 0));
}

#[test]
fn nothing_is_visible_before_a_commit_and_nothing_stays_of_one_that_is_dropped() {
    let site = Site::new();
    site.build(&[("a", "1")]).expect("built");
    let output = site.stage(&[("a", "2"), ("b", "2")]);
    assert_eq!(site.found(), BTreeMap::from([("a".to_owned(), "1".to_owned())]));
    output.discard().expect("discarded");
    site.expect(&[("a", "1")]);
    drop(site.stage(&[("a", "2")]));
    site.expect(&[("a", "1")]);
}

#[test]
fn foreign_files_in_the_way_stop_the_build_before_it_changes_anything() {
    let site = Site::new();
    site.write("index.html", "by hand");
    site.write("same.txt", "same");
    let message =
        |result: anyhow::Result<(usize, usize, usize)>| format!("{:#}", result.expect_err("it is refused"));
    let said = message(site.build(&[("index.html", "x"), ("new.html", "y"), ("same.txt", "same")]));
    assert!(said.contains("index.html` is in the way and was not written by Waypost: move it"), "{said}");
    site.expect(&[("index.html", "by hand"), ("same.txt", "same")]);

    fs::remove_file(site.dir().join("index.html")).expect("moved away");
    site.build(&[("a/b.html", "x"), ("same.txt", "same")]).expect("built");
    // A folder that holds more than ours where a file must go, and a file where a folder must go.
    site.write("a/mine", "m");
    site.write("f", "m");
    let said = message(site.build(&[("a", "x"), ("f/x.html", "x")]));
    assert!(said.contains("a/mine` is in the way") && said.contains("and 1 more"), "{said}");
    site.expect(&[("a/b.html", "x"), ("a/mine", "m"), ("f", "m"), ("same.txt", "same")]);
}

#[test]
fn files_become_folders_and_folders_files() {
    let site = Site::new();
    site.build(&[("a", "file"), ("b/c/d.html", "deep"), ("b/e", "x")]).expect("built");
    assert_eq!(site.build(&[("a/index.html", "page"), ("b", "file")]).expect("built"), (2, 0, 3));
    site.expect(&[("a/index.html", "page"), ("b", "file")]);
    site.build(&[("a", "file"), ("b/c", "file")]).expect("built");
    site.expect(&[("a", "file"), ("b/c", "file")]);
}

#[test]
fn paths_cannot_leave_the_folder_or_be_written_twice() {
    let site = Site::new();
    let output = site.open().expect("it opens");
    for path in ["", "/a", "a/", "a//b", "../a", "a/../b", "./a", "a\\b", "a\nb", ".waypost-stage/1"] {
        assert!(output.stage(path, b"x").is_err(), "{path:?}");
        assert!(output.append(path, b"x").is_err(), "{path:?}");
    }
    output.stage("a", b"x").expect("staged");
    assert!(output.stage("a", b"x").is_err());
    assert!(output.append("a", b"x").is_err());
    output.append("b", b"x").expect("staged");
    assert!(output.stage("b", b"x").is_err());
}

#[test]
fn files_grow_piece_by_piece_and_are_unchanged_in_the_end() {
    let site = Site::new();
    let build = |parts: &[&str]| {
        let output = site.open().expect("it opens");
        for part in parts {
            output.append("all.txt", part.as_bytes()).expect("appended");
        }
        output.commit().expect("committed")
    };
    assert_eq!(build(&["one ", "two"]).written, 1);
    let before = site.changed("all.txt");
    assert_eq!(build(&["one", " two"]), Summary { written: 0, unchanged: 1, removed: 0 });
    assert_eq!(site.changed("all.txt"), before);
    assert_eq!(build(&["one", " too"]).written, 1);
    site.expect(&[("all.txt", "one too")]);
    assert_eq!(build(&["", ""]).written, 1);
    site.expect(&[("all.txt", "")]);
}

#[test]
fn many_threads_stage_at_once() {
    let site = Site::new();
    let output = site.open().expect("it opens");
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let output = &output;
            scope.spawn(move || {
                for file in 0..50 {
                    output
                        .stage(&format!("{file}/{thread}.html"), format!("{file} {thread}").as_bytes())
                        .expect("staged");
                }
            });
        }
    });
    assert_eq!(output.commit().expect("committed").written, 200);
    assert_eq!(site.found()["7/3.html"], "7 3");
}

#[test]
fn one_build_at_a_time() {
    let site = Site::new();
    let first = site.open().expect("it opens");
    let said = format!("{:#}", site.open().expect_err("the second one waits"));
    assert!(said.contains("another build is writing to"), "{said}");
    drop(first);
    site.open().expect("it opens again");
    let other =
        open(&site.root.path().join("other"), &site.root.path().join(".waypost")).expect("another folder");
    site.open().expect("has its own lock");
    drop(other);
}

#[test]
fn a_commit_that_stops_at_any_step_is_finished_by_the_next_build() {
    let old = [("a", "1"), ("b/x.html", "1"), ("c.css", "1"), ("d/e/f", "1"), ("same", "s")];
    let new = [("a/x", "2"), ("b", "2"), ("c.css", "2"), ("g/h", "2"), ("same", "s")];
    for stop in 0..20 {
        let site = Site::new();
        site.build(&old).expect("built");
        site.write("d/e/mine", "foreign");
        let mut output = site.stage(&new);
        // The commit of `Output::commit`, cut off.
        let staged = std::mem::take(&mut *output.staged());
        let manifest: BTreeSet<String> = staged.keys().cloned().collect();
        let renames = staged
            .into_iter()
            .filter_map(|(path, file)| match file {
                Staged::Changed(number) => Some((number, path)),
                Staged::Started | Staged::Unchanged | Staged::Growing(..) => None,
            })
            .collect();
        let removals = output.manifest.difference(&manifest).cloned().collect();
        let mut journal =
            Journal::plan(&output.places, &output.manifest, renames, removals, manifest).expect("planned");
        journal.write(&output.places).expect("written");
        output.committing = true;
        for step in journal.steps().take(stop) {
            step.take(&output.places).expect("taken");
        }
        for (path, text) in site.found() {
            let whole = text == "1" || text == "2" || text == "s" || text == "foreign" || path.ends_with('/');
            assert!(whole, "{path} is {text:?} after {stop} steps");
        }
        drop(output);
        // The next run finishes the new site before it does anything else …
        drop(site.open().expect("it opens"));
        site.expect(&[
            ("a/x", "2"),
            ("b", "2"),
            ("c.css", "2"),
            ("d/e/mine", "foreign"),
            ("g/h", "2"),
            ("same", "s"),
        ]);
        // … and knows all of it as its own.
        assert_eq!(site.build(&[("same", "s")]).expect("built"), (0, 1, 4));
        site.expect(&[("d/e/mine", "foreign"), ("same", "s")]);
    }
}

#[test]
fn an_interrupted_commit_whose_folder_was_deleted_does_not_stand_in_the_way() {
    let site = Site::new();
    let output = site.stage(&[("a", "1"), ("b/c", "1")]);
    let manifest = BTreeSet::from(["a".to_owned(), "b/c".to_owned()]);
    let renames = vec![(0, "a".to_owned()), (1, "b/c".to_owned())];
    let mut journal =
        Journal::plan(&output.places, &output.manifest, renames, Vec::new(), manifest).expect("planned");
    journal.write(&output.places).expect("written");
    fs::remove_dir_all(site.dir()).expect("deleted");
    fs::remove_file(output.places.staged(0)).expect("deleted");
    drop(output);
    site.build(&[("a", "1"), ("b/c", "1")]).expect("built");
    site.expect(&[("a", "1"), ("b/c", "1")]);
}

#[test]
fn folders_made_for_a_commit_that_does_not_begin_are_taken_back() {
    let site = Site::new();
    site.build(&[("a", "1")]).expect("built");
    let output = site.stage(&[("b/c/d", "1"), ("b/e/f", "1")]);
    // Nothing can be written where the journal goes.
    fs::create_dir_all(output.places.state.join("journal.new/x")).expect("made");
    assert!(output.commit().is_err());
    site.expect(&[("a", "1")]);
}

#[test]
fn a_journal_that_was_not_finished_is_no_journal() {
    let site = Site::new();
    site.build(&[("a", "1")]).expect("built");
    let state = site.open().expect("it opens").places.state.clone();
    fs::write(state.join("journal.new"), "{\"stage_in").expect("written");
    fs::create_dir_all(state.join("stage")).expect("made");
    fs::write(state.join("stage/0"), "half").expect("written");
    site.build(&[("a", "1")]).expect("built");
    site.expect(&[("a", "1")]);
}

#[test]
fn the_manifest_moves_with_the_project() {
    let mut site = Site::new();
    site.build(&[("a", "1")]).expect("built");
    let other = tempfile::tempdir().expect("a folder");
    let moved = other.path().join("project");
    fs::rename(site.root.path(), &moved).expect("moved");
    fs::create_dir_all(site.root.path()).expect("so that it can be removed");
    let output = open(&moved.join("book"), &moved.join(".waypost")).expect("it opens");
    output.stage("a", b"2").expect("staged");
    assert_eq!(output.commit().expect("committed").written, 1);
    site.root = tempfile::tempdir().expect("a folder");
}

#[cfg(unix)]
#[test]
fn links_in_the_folder_are_not_followed() {
    let site = Site::new();
    let elsewhere = tempfile::tempdir().expect("a folder");
    fs::write(elsewhere.path().join("x.html"), "theirs").expect("written");
    site.build(&[("keep", "1"), ("old/x.html", "1")]).expect("built");
    std::os::unix::fs::symlink(elsewhere.path(), site.dir().join("link")).expect("linked");
    let said = format!("{:#}", site.build(&[("link/x.html", "ours")]).expect_err("refused"));
    assert!(said.contains("link` is in the way"), "{said}");
    // One of our folders became a link: what is behind it is not ours to remove.
    fs::remove_dir_all(site.dir().join("old")).expect("removed");
    std::os::unix::fs::symlink(elsewhere.path(), site.dir().join("old")).expect("linked");
    site.build(&[("keep", "1")]).expect("built");
    assert_eq!(fs::read_to_string(elsewhere.path().join("x.html")).expect("there"), "theirs");
    // The output folder itself may be a link.
    let linked = site.root.path().join("linked");
    std::os::unix::fs::symlink(elsewhere.path(), &linked).expect("linked");
    let output = open(&linked, &site.root.path().join(".waypost")).expect("it opens");
    output.stage("new.html", b"n").expect("staged");
    output.commit().expect("committed");
    assert_eq!(fs::read_to_string(elsewhere.path().join("new.html")).expect("there"), "n");
}

#[cfg(unix)]
#[test]
fn an_output_on_another_file_system_works() {
    use std::os::unix::fs::MetadataExt;
    let site = Site::new();
    let Ok(memory) = tempfile::tempdir_in("/dev/shm") else { return };
    let device = |path: &Path| fs::metadata(path).map(|found| found.dev()).ok();
    if device(memory.path()) == device(site.root.path()) {
        return;
    }
    let dir = memory.path().join("deep/book");
    let build = |text: &str| {
        let output = open(&dir, &site.root.path().join(".waypost")).expect("it opens");
        output.stage("a/b.html", text.as_bytes()).expect("staged");
        output.commit().expect("committed")
    };
    assert_eq!(build("1").written, 1);
    assert_eq!(build("2").written, 1);
    assert_eq!(build("2").unchanged, 1);
    assert_eq!(fs::read_to_string(dir.join("a/b.html")).expect("there"), "2");
    assert!(!dir.join(STAGE_INSIDE).exists());
    // A folder of the output that is another file system: the rename becomes a copy.
    let places =
        Places { dir: dir.clone(), state: site.root.path().to_owned(), stage: site.root.path().to_owned() };
    fs::write(places.staged(7), "copied").expect("written");
    journal::Step::Rename(7, "a/b.html").take(&places).expect("moved");
    assert_eq!(fs::read_to_string(dir.join("a/b.html")).expect("there"), "copied");
    assert_eq!(fs::read_dir(dir.join("a")).expect("there").count(), 1);
}

#[test]
fn random_sites_follow_each_other() {
    let mut seed = 7_u64;
    let mut random = move |below: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % below
    };
    let site = Site::new();
    let mut last: BTreeMap<String, String> = BTreeMap::new();
    for _ in 0..60 {
        let mut new: BTreeMap<String, String> = BTreeMap::new();
        for _ in 0..random(12) {
            let depth = 1 + random(3);
            let path = (0..depth).map(|_| ["a", "b", "c"][usize::try_from(random(3)).expect("fits")]);
            let path = path.collect::<Vec<_>>().join("/");
            let clash = |other: &String| {
                other.starts_with(&format!("{path}/")) || path.starts_with(&format!("{other}/"))
            };
            if !new.keys().any(clash) {
                new.insert(path, random(3).to_string());
            }
        }
        let files: Vec<(&str, &str)> =
            new.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
        let (written, unchanged, removed) = site.build(&files).expect("built");
        let same = new.iter().filter(|(path, text)| last.get(*path) == Some(text)).count();
        assert_eq!((written, unchanged), (new.len() - same, same));
        assert_eq!(removed, last.keys().filter(|path| !new.contains_key(*path)).count());
        site.expect(&files);
        last = new;
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_site_takes_the_place_of_another_at_once() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (dir, state) = (folder.path().join("book"), folder.path().join(".waypost"));
    let write = |files: &[(&str, &str)]| {
        let output = open(&dir, &state).expect("opened");
        for (path, text) in files {
            output.stage(path, text.as_bytes()).expect("staged");
        }
        output.commit_at_once().expect("committed")
    };
    let first = write(&[("index.html", "one"), ("a/b.html", "same"), ("old.html", "old")]);
    assert_eq!((first.written, first.unchanged, first.removed), (3, 0, 0));
    fs::write(dir.join("theirs.txt"), "theirs").expect("written");
    let inode = |path: &str| {
        use std::os::unix::fs::MetadataExt;
        fs::metadata(dir.join(path)).expect("it is there").ino()
    };
    let (same, whole) = (inode("a/b.html"), inode(""));

    // What a killed build left beside the folder is in nobody's way.
    fs::create_dir_all(exchange::beside(&dir).join("a")).expect("made");
    let second = write(&[("index.html", "two"), ("a/b.html", "same"), ("new/c.html", "new")]);
    assert_eq!((second.written, second.unchanged, second.removed), (2, 1, 1));
    let read = |path: &str| fs::read_to_string(dir.join(path)).unwrap_or_default();
    assert_eq!(
        (read("index.html"), read("new/c.html"), read("theirs.txt")),
        ("two".into(), "new".into(), "theirs".into())
    );
    assert!(!dir.join("old.html").exists());
    assert_eq!(inode("a/b.html"), same, "what did not change is the same file");
    assert_ne!(inode(""), whole, "the folder is another one");
    assert!(!exchange::beside(&dir).exists());

    // And an ordinary commit goes on from there.
    let output = open(&dir, &state).expect("opened");
    output.stage("index.html", b"two").expect("staged");
    let third = output.commit().expect("committed");
    assert_eq!((third.written, third.unchanged, third.removed), (0, 1, 2));
}
