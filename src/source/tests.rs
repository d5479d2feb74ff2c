//! Folders as authors keep them: links, odd names, broken encodings, git.

use std::process::Command;

use super::*;

struct Folder {
    root: tempfile::TempDir,
    config: Config,
}

impl Folder {
    fn new(files: &[(&str, &str)]) -> Self {
        let folder = Self { root: tempfile::tempdir().expect("a folder"), config: Config::default() };
        for (path, text) in files {
            folder.write(path, text);
        }
        folder
    }

    fn write(&self, path: &str, bytes: impl AsRef<[u8]>) {
        let path = self.root.path().join(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, bytes).expect("written");
    }

    fn read(&self) -> (Sources, Vec<Diagnostic>) {
        let mut files = Files::default();
        files.add("book.toml", "");
        read(self.root.path(), &self.config, files).expect("it can be read")
    }

    fn clean(&self) -> Sources {
        let (sources, diagnostics) = self.read();
        assert!(diagnostics.is_empty(), "{diagnostics:?}");
        sources
    }

    fn git(&self, arguments: &[&str], date: &str) -> bool {
        let status = Command::new("git")
            .args(["-c", "user.name=x", "-c", "user.email=x@example.com", "-c", "commit.gpgsign=false"])
            .args(arguments)
            .current_dir(self.root.path())
            .env("GIT_COMMITTER_DATE", date)
            .env("GIT_AUTHOR_DATE", date)
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .status();
        status.is_ok_and(|status| status.success())
    }
}

#[test]
fn pages_partials_categories_themes_and_the_summary_are_found() {
    let mut folder = Folder::new(&[
        ("src/b.md", "# B"),
        ("src/a/page.mdx", "# A"),
        ("src/a/_part.md", "part"),
        ("src/a/_category_.json", "\u{feff}{}"),
        ("src/a/_category_.yml", "label: no"),
        ("src/draft/x.md", "draft"),
        ("src/SUMMARY.md", "\u{feff}- [B](b.md)"),
        ("src/image.png", "png"),
        ("src/.hidden/x.md", "no"),
        ("src/target/page.md", "a page about targets"),
        ("target/CACHEDIR.TAG", ""),
        ("target/doc/x.md", "no"),
        ("node_modules/x/readme.md", "no"),
        ("book/index.html", "no"),
        ("static/.well-known/security.txt", "s"),
        ("static/read.md", "copied as it is"),
        ("themes/mine/components/Tabs.md", "template"),
        ("themes/mine/words.toml", "a = 'b'"),
        ("README.md", "not a page"),
        (".waypost/x/manifest", "no"),
    ]);
    folder.config.content.exclude = vec!["draft/**".to_owned()];
    let sources = folder.clean();
    let texts: Vec<&str> = sources.texts.keys().map(String::as_str).collect();
    assert_eq!(texts, ["src/a/_part.md", "src/a/page.mdx", "src/b.md", "src/target/page.md"]);
    assert_eq!(&*sources.categories["src/a"].1, "{}");
    let (file, text) = sources.summary.clone().expect("a summary");
    assert_eq!(&*text, "- [B](b.md)");
    assert_eq!(sources.files.locate(Span::new(file, 2..5)).range(), 5..8);
    assert_eq!(&*sources.themes["mine"]["components/Tabs.md"], b"template");
    let paths: Vec<&str> = sources.paths.keys().map(String::as_str).collect();
    assert_eq!(
        paths,
        [
            "README.md",
            "src/SUMMARY.md",
            "src/a/_category_.json",
            "src/a/_category_.yml",
            "src/a/_part.md",
            "src/a/page.mdx",
            "src/b.md",
            "src/draft/x.md",
            "src/image.png",
            "src/target/page.md",
            "static/.well-known/security.txt",
            "static/read.md",
            "themes/mine/components/Tabs.md",
            "themes/mine/words.toml"
        ]
    );
    assert_eq!(sources.paths["src/image.png"], FileFacts { size: 3 });
    // Numbered by path, after book.toml.
    let numbers: Vec<u32> = sources.texts.values().map(|text| text.file.0).collect();
    assert_eq!(numbers, [4, 5, 6, 7]);
    assert_eq!(sources.bytes("src/image.png").expect("there"), b"png");

    folder.config.book.src = String::new();
    folder.config.content.navigation = Navigation::Folders;
    let (sources, _) = folder.read();
    let texts: Vec<&str> = sources.texts.keys().map(String::as_str).collect();
    assert!(texts.contains(&"README.md") && texts.contains(&"src/SUMMARY.md"), "{texts:?}");
    assert!(
        !texts.iter().any(|path| path.starts_with("themes/") || path.starts_with("static/")),
        "{texts:?}"
    );
}

#[cfg(unix)]
#[test]
fn links_are_followed_inside_the_root_only() {
    use std::os::unix::fs::symlink;
    let outside = Folder::new(&[("secret.md", "secret"), ("dir/x.md", "secret")]);
    let mut folder = Folder::new(&[
        ("src/a.md", "{{#include ../link.txt}} {{#include dir/x.md}}"),
        ("shared/s.md", "shared"),
    ]);
    folder.config.content.dialect = Dialect::Mdbook;
    let root = folder.root.path();
    symlink(outside.root.path().join("secret.md"), root.join("src/secret.md")).expect("linked");
    symlink(outside.root.path().join("dir"), root.join("src/dir")).expect("linked");
    symlink(outside.root.path().join("secret.md"), root.join("link.txt")).expect("linked");
    symlink(root.join("shared"), root.join("src/shared")).expect("linked");
    symlink("a.md", root.join("src/again.md")).expect("linked");
    symlink(root, root.join("src/loop")).expect("linked");
    symlink("nowhere", root.join("src/broken.md")).expect("linked");
    let (mut sources, diagnostics) = folder.read();
    let texts: Vec<&str> = sources.texts.keys().map(String::as_str).collect();
    assert_eq!(texts, ["src/a.md", "src/again.md", "src/shared/s.md"]);
    assert_eq!(diagnostics.len(), 4, "{diagnostics:?}");
    assert!(diagnostics.iter().all(|diagnostic| diagnostic.rule.code == "missing-include"));
    assert!(sources.files.iter().all(|(_, file)| !file.text.contains("secret")));
    for path in ["link.txt", "src/secret.md", "../x", "/etc/passwd", "src/../link.txt", "src", ""] {
        assert!(sources.bytes(path).is_err(), "{path}");
        assert!(
            sources.read_more(&folder.config, &[(path.to_owned(), Span::new(FileId(0), 0..0))]).is_empty()
        );
        assert!(!sources.texts.contains_key(path));
    }
    // What was a file when it was found may be a link when it is copied.
    folder.write("src/image.png", "png");
    let sources = folder.read().0;
    fs::remove_file(root.join("src/image.png")).expect("removed");
    symlink(outside.root.path().join("secret.md"), root.join("src/image.png")).expect("linked");
    assert!(sources.bytes("src/image.png").is_err());
}

#[test]
fn texts_that_are_not_utf_8_are_reported_at_their_first_bad_byte() {
    let folder = Folder::new(&[]);
    folder.write("src/a.md", b"caf\xE9 and \xFF more");
    folder.write("src/b.md", "ok \u{FDD0} and \u{FDD1}");
    let (sources, diagnostics) = folder.read();
    let said: Vec<_> = diagnostics
        .iter()
        .map(|diagnostic| {
            (diagnostic.rule.code, diagnostic.message.as_str(), diagnostic.span.map(Span::range))
        })
        .collect();
    assert_eq!(
        said,
        [
            ("invalid-text", "`src/a.md` is not UTF-8: byte 3 is 0xE9", Some(3..6)),
            ("invalid-text", "the noncharacter U+FDD0 cannot stand in a text", Some(3..6)),
        ]
    );
    assert_eq!(&*sources.texts["src/a.md"].text, "caf\u{fffd} and \u{fffd} more");
    assert_eq!(&*sources.texts["src/b.md"].text, "ok \u{fffd} and \u{fffd}");
}

#[test]
fn includes_are_read_wherever_they_lead_below_the_root() {
    let mut folder = Folder::new(&[
        ("src/a.md", "A {{#include ../listings/b.md}} {{#include ../hidden/x}} {{V}}"),
        ("listings/b.md", "B {{#include c.rs}}"),
        ("listings/c.rs", "C\n"),
        ("hidden/x", "X"),
        ("src/p.md", "{{#include ../listings/cc.rs}}"),
    ]);
    folder.config.content.dialect = Dialect::Mdbook;
    folder.config.variables.insert("V".to_owned(), "v".to_owned());
    let (sources, diagnostics) = folder.read();
    assert_eq!(&*sources.texts["src/a.md"].text, "A B C X v");
    assert_eq!(sources.texts.len(), 2, "what is included is no page");
    let place = sources.files.locate(Span::new(sources.texts["src/a.md"].file, 4..5));
    assert_eq!(sources.files.get(place.file).path, "listings/c.rs");
    assert_eq!(diagnostics.len(), 1);
    assert_eq!(diagnostics[0].help.as_deref(), Some("did you mean `../listings/c.rs`?"));
}

#[test]
fn partials_outside_the_pages_are_read_when_wanted() {
    let mut folder =
        Folder::new(&[("src/a.md", "a"), ("shared/_p.mdx", "\u{feff}p {{V}}"), ("shared/bad.md", "")]);
    folder.write("shared/bad.md", b"\xFF");
    folder.config.variables.insert("V".to_owned(), "v".to_owned());
    let mut sources = folder.clean();
    let at = Span::new(FileId(1), 0..1);
    let wanted = ["shared/_p.mdx", "shared/none.md", "shared/bad.md", "src/a.md", "shared/_p.mdx"];
    let wanted: Vec<(String, Span)> = wanted.into_iter().map(|path| (path.to_owned(), at)).collect();
    let diagnostics = sources.read_more(&folder.config, &wanted);
    assert_eq!(diagnostics.len(), 1);
    assert_eq!(&*sources.texts["shared/_p.mdx"].text, "p v");
    assert_eq!(sources.texts.keys().collect::<Vec<_>>(), ["shared/_p.mdx", "shared/bad.md", "src/a.md"]);
    assert!(sources.read_more(&folder.config, &wanted).is_empty(), "read once");
}

#[test]
fn a_missing_folder_of_pages_is_said_with_a_likely_one() {
    let folder = Folder::new(&[("docs/a.md", "a")]);
    let (_, diagnostics) = folder.read();
    assert_eq!(diagnostics[0].message, "the pages' folder `src` does not exist");
    assert!(diagnostics[0].help.as_deref().is_some_and(|help| help.contains("`src = \"docs\"`")));
    assert!(read(&folder.root.path().join("none"), &folder.config, Files::default()).is_err());
}

#[test]
fn dates_come_from_the_last_commit_of_each_file() {
    let folder = Folder::new(&[("site/src/a.md", "a"), ("site/src/ä b.md", "b"), ("other.md", "o")]);
    if !folder.git(&["init", "-q"], "") {
        return;
    }
    let commit = |date: &str| {
        assert!(folder.git(&["add", "."], date) && folder.git(&["commit", "-q", "-m", "x"], date));
    };
    let site = folder.root.path().join("site");
    let dates = || read(&site, &Config::default(), Files::default()).expect("it can be read").0.dates;
    assert_eq!(dates(), BTreeMap::new(), "nothing is committed");
    commit("2024-01-31T23:30:00-02:00");
    folder.write("site/src/a.md", "aa");
    folder.write("site/src/moved.md", "a");
    commit("2024-03-05T12:00:00Z");
    folder.write("site/src/new.md", "never committed");
    folder.write("site/src/a.md", "changed, not committed");
    let expected: BTreeMap<String, String> = [
        ("src/a.md", "2024-03-05"),
        ("src/moved.md", "2024-03-05"),
        // In UTC.
        ("src/ä b.md", "2024-02-01"),
    ]
    .map(|(path, date)| (path.to_owned(), date.to_owned()))
    .into();
    assert_eq!(dates(), expected);

    let shallow = tempfile::tempdir().expect("a folder");
    let url = format!("file://{}", folder.root.path().display());
    let clone = shallow.path().join("clone").display().to_string();
    assert!(folder.git(&["clone", "-q", "--depth", "1", &url, &clone], ""));
    let (sources, _) =
        read(&Path::new(&clone).join("site"), &Config::default(), Files::default()).expect("read");
    assert_eq!(sources.texts.len(), 3);
    assert_eq!(sources.dates, BTreeMap::new(), "a shallow clone knows no dates");
}

#[test]
fn a_repaired_text_takes_the_place_of_the_file() {
    let folder = Folder::new(&[("src/a.md", "old")]);
    rewrite(folder.root.path(), "src/a.md", "new").expect("written");
    assert_eq!(fs::read_to_string(folder.root.path().join("src/a.md")).expect("there"), "new");
    assert_eq!(fs::read_dir(folder.root.path().join("src")).expect("there").count(), 1);
    assert!(rewrite(folder.root.path(), "src/b.md", "new").is_err());
    assert!(rewrite(folder.root.path(), "../a.md", "new").is_err());
}

#[test]
fn the_same_folder_gives_the_same_sources() {
    let files: Vec<(String, String)> =
        (0..200).map(|number| (format!("src/{}/{number}.md", number % 7), format!("# {number}"))).collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let folder = Folder::new(&files);
    let paths = |sources: &Sources| -> Vec<String> {
        sources.files.iter().map(|(_, file)| file.path.clone()).collect()
    };
    let first = folder.clean();
    assert_eq!(first.texts.len(), 200);
    for _ in 0..3 {
        assert_eq!(paths(&folder.clean()), paths(&first));
    }
}

#[cfg(unix)]
#[test]
fn links_do_not_lead_to_hidden_files() {
    let folder = Folder::new(&[
        (".waypost/output-0/manifest", "x"),
        (".env", "secret"),
        ("docs/.env", "secret"),
        ("static/.well-known/a.txt", "a"),
    ]);
    let link = |to: &str, at: &str| {
        std::os::unix::fs::symlink(to, folder.root.path().join(at)).expect("linked");
    };
    fs::create_dir_all(folder.root.path().join("src")).expect("a folder");
    link("../.waypost", "static/wp");
    link("../.env", "static/env.txt");
    link("../docs", "static/docs");
    link("../.env", "src/page.md");
    let sources = folder.clean();
    let paths: Vec<&str> = sources.paths.keys().map(String::as_str).collect();
    assert_eq!(paths, ["static/.well-known/a.txt"]);
    assert!(inside(&sources.root, "src/page.md").is_none());
    assert!(inside(&sources.root, ".env").is_none());
}
