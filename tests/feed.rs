//! `urls.lock` through the real binary: what `waypost lock` writes, what a build makes of it, and what git does with it.

#![expect(clippy::disallowed_methods, reason = "tests stand outside of the program, in the world")]

mod support;

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

fn waypost(arguments: &[&str], folder: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_waypost"))
        .args(arguments)
        .current_dir(folder)
        .output()
        .expect("the binary runs")
}

/// Runs `waypost` and gives what it said, if it ended as it should.
fn said(arguments: &[&str], folder: &Path, code: i32) -> String {
    let output = waypost(arguments, folder);
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {text}");
    text
}

fn write(folder: &Path, path: &str, text: &str) {
    let file = folder.join(path);
    fs::create_dir_all(file.parent().expect("a folder")).expect("made");
    fs::write(file, text).expect("written");
}

fn page(folder: &Path, name: &str, text: &str) {
    let description = format!("What there is to say of {name}.");
    let text = format!("---\ntitle: {name}\ndescription: {description}\n---\n\n{text}\n");
    write(folder, &format!("src/{name}.md"), &text);
}

fn book(folder: &Path, more: &str) {
    write(folder, "book.toml", &format!("[book]\ntitle = \"T\"\n{more}"));
}

/// Three pages that link to each other.
fn site() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    book(folder.path(), "");
    page(folder.path(), "index", "See [a](a.md).");
    page(folder.path(), "a", "See [b](b.md#part), and [itself](#more).\n\n## More\n\nText.");
    page(folder.path(), "b", "## Part\n\nSee [a](a.md).");
    folder
}

fn lock(folder: &Path) -> String {
    fs::read_to_string(folder.join("urls.lock")).expect("there is a lock")
}

/// The lines of the lock without their hashes.
fn lines(folder: &Path) -> Vec<String> {
    let is_hash = |word: &&str| word.len() == 16 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    let line = |line: &str| line.split(' ').filter(|word| !is_hash(word)).collect::<Vec<_>>().join(" ");
    lock(folder).lines().skip(2).map(line).collect()
}

fn feed(folder: &Path) -> Vec<(String, String)> {
    said(&["build", "-q"], folder, 0);
    let json = fs::read(folder.join("book/changes.json")).expect("there is a feed");
    let feed: Value = serde_json::from_slice(&json).expect("it is JSON");
    let items = feed["items"].as_array().expect("items");
    let word = |item: &Value, key: &str| item["_waypost"][key].as_str().expect("a word").to_owned();
    items.iter().map(|item| (word(item, "kind"), word(item, "path"))).collect()
}

#[test]
fn a_lock_follows_the_pages() {
    let site = site();
    let folder = site.path();
    let said_first = said(&["lock", "--check"], folder, 1);
    assert!(said_first.contains("there is no urls.lock: run `waypost lock`"), "{said_first}");
    assert!(!folder.join("urls.lock").exists());
    said(&["build", "-q"], folder, 0);
    assert!(!folder.join("book/changes.json").exists(), "no lock, no feed");

    said(&["lock", "--date", "2026-01-01"], folder, 0);
    let first = lock(folder);
    assert!(said(&["lock", "--date", "2026-01-02"], folder, 0).contains("up to date"));
    said(&["lock", "--check"], folder, 0);
    assert_eq!(lock(folder), first, "nothing happened, so nothing is written");

    page(folder, "a", "See [b](b.md#part), and [itself](#more).\n\n## More\n\nOther text.");
    page(folder, "c", "New.");
    assert!(said(&["lock", "--check"], folder, 1).contains("1 added, 1 changed"));
    assert_eq!(lock(folder), first, "--check writes nothing");
    said(&["lock", "--date", "2026-02-02"], folder, 0);
    assert_eq!(
        lines(folder),
        [
            "/ page 2026-01-01 2026-01-01 index",
            "/a page 2026-02-02 2026-01-01 a",
            "/b page 2026-01-01 2026-01-01 b",
            "/c page 2026-02-02 2026-02-02 c",
        ]
    );
    let wanted = [("changed", "/a"), ("added", "/c"), ("added", "/"), ("added", "/b")];
    assert_eq!(feed(folder), wanted.map(|(kind, path)| (kind.to_owned(), path.to_owned())));
}

#[test]
fn neither_a_host_nor_a_date_nor_a_description_changes_a_page() {
    let site = site();
    let folder = site.path();
    said(&["lock", "-q", "--date", "2026-01-01"], folder, 0);
    book(folder, "[site]\norigin = \"https://docs.example.com\"\n[output.html]\nsite-url = \"/base/\"\n");
    let a = fs::read_to_string(folder.join("src/a.md")).expect("read");
    let a = a.replace("description: ", "last_updated: 2026-06-06\ndescription: Really. ");
    write(folder, "src/a.md", &a);
    said(&["lock", "--check"], folder, 0);
    // Nor do the line ends that git may give it on Windows.
    write(folder, "urls.lock", &lock(folder).replace('\n', "\r\n"));
    said(&["lock", "--check"], folder, 0);
}

#[test]
fn a_renamed_folder_is_found_redirected_and_moved() {
    let site = site();
    let folder = site.path();
    said(&["lock", "-q", "--date", "2026-01-01"], folder, 0);
    fs::create_dir(folder.join("src/new")).expect("made");
    for name in ["a", "b"] {
        fs::rename(folder.join(format!("src/{name}.md")), folder.join(format!("src/new/{name}.md")))
            .expect("renamed");
    }
    page(folder, "index", "See [a](new/a.md).");
    let found = said(&["check"], folder, 1);
    assert!(found.contains("the same text stands at `/new/a` now"), "{found}");
    assert!(said(&["lock"], folder, 1).contains("left as it is"));
    // Both redirects at once.
    said(&["check", "--fix"], folder, 0);
    let book = fs::read_to_string(folder.join("book.toml")).expect("read");
    assert_eq!(
        book,
        "[book]\ntitle = \"T\"\n\n[output.html.redirect]\n\"a\" = \"/new/a\"\n\"b\" = \"/new/b\"\n"
    );
    let found = said(&["lock", "--date", "2026-03-03"], folder, 0);
    assert_eq!(found, "   moved  /a\n   moved  /b\n2 moved; wrote urls.lock: commit it with the pages\n");
    assert_eq!(
        lines(folder),
        [
            "/ page 2026-01-01 2026-01-01 index",
            "/a moved 2026-03-03 /new/a a",
            "/b moved 2026-03-03 /new/b b",
            "/new/a page 2026-01-01 2026-01-01 a",
            "/new/b page 2026-01-01 2026-01-01 b",
        ]
    );
    // The old address stays a promise.
    write(folder, "book.toml", "[book]\ntitle = \"T\"\n[output.html.redirect]\n\"b\" = \"/new/b\"\n");
    let found = said(&["build"], folder, 1);
    assert!(found.contains("a redirect to `/new/a` stood there"), "{found}");
}

#[test]
fn a_page_that_is_gone_for_good_has_to_be_named() {
    let site = site();
    let folder = site.path();
    for name in ["old/x", "old/y", "z"] {
        page(folder, name, name);
    }
    said(&["lock", "-q", "--date", "2026-01-01"], folder, 0);
    fs::remove_dir_all(folder.join("src/old")).expect("removed");
    fs::remove_file(folder.join("src/z.md")).expect("removed");
    assert_eq!(said(&["lock"], folder, 1).matches("error[vanished-page]").count(), 3);
    let found = said(&["lock", "--removed", "/old/*"], folder, 1);
    assert_eq!(found.matches("error[vanished-page]").count(), 1, "{found}");
    let wrong = said(&["lock", "--removed", "/a"], folder, 2);
    assert!(wrong.contains("`/a` names no page that is gone"), "{wrong}");
    said(&["lock", "--removed", "/old/*", "--removed", "z", "--date", "2026-02-02"], folder, 0);
    let removed: Vec<String> = lines(folder).into_iter().filter(|line| line.contains(" removed ")).collect();
    assert_eq!(
        removed,
        ["/old/x removed 2026-02-02 old/x", "/old/y removed 2026-02-02 old/y", "/z removed 2026-02-02 z"]
    );
    said(&["build", "-q"], folder, 0);
    // It may come back.
    page(folder, "z", "Again.");
    said(&["lock", "-q", "--date", "2026-03-03"], folder, 0);
    assert!(lines(folder).contains(&"/z page 2026-03-03 2026-03-03 z".to_owned()));
    // Where the finding is off, nothing is asked.
    book(folder, "[check.rules]\nvanished-page = \"off\"\n");
    fs::remove_file(folder.join("src/z.md")).expect("removed");
    said(&["build", "-q"], folder, 0);
    said(&["lock", "-q", "--date", "2026-04-04"], folder, 0);
    assert!(lines(folder).contains(&"/z removed 2026-04-04 z".to_owned()));
}

#[test]
fn many_vanished_pages_are_said_in_few_words_and_all_count() {
    let site = site();
    let folder = site.path();
    for number in 0..150 {
        page(folder, &format!("old/p{number:03}"), &format!("Number {number}."));
    }
    said(&["lock", "-q", "--date", "2026-01-01"], folder, 0);
    fs::remove_dir_all(folder.join("src/old")).expect("removed");
    let found = said(&["check"], folder, 1);
    assert_eq!(found.matches("error[vanished-page]").count(), 101, "{found}");
    assert!(found.contains("50 more pages are gone"));
    let removed: Vec<String> = (0..149).map(|number| format!("--removed=/old/p{number:03}")).collect();
    let arguments: Vec<&str> = ["lock"].into_iter().chain(removed.iter().map(String::as_str)).collect();
    let found = said(&arguments, folder, 1);
    assert!(found.contains("`/old/p149` is gone"), "{found}");
    said(&["lock", "-q", "--removed", "/old/*"], folder, 0);
}

#[test]
fn locks_of_two_branches_merge() {
    let site = site();
    let folder = site.path();
    let git = |arguments: &[&str]| {
        let output = Command::new("git")
            .args(["-c", "user.name=T", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false"])
            .args(arguments)
            .current_dir(folder)
            .output()
            .expect("git runs");
        (output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned())
    };
    let commit = |message: &str| {
        assert!(git(&["add", "."]).0);
        assert!(git(&["commit", "-qm", message]).0);
    };
    write(folder, ".gitignore", "/book\n/.waypost\n");
    for number in 0..9 {
        page(folder, &format!("p{number}"), "Text.");
    }
    said(&["lock", "-q", "--date", "2026-01-01"], folder, 0);
    assert!(git(&["init", "-qb", "main"]).0);
    commit("one");
    assert!(git(&["checkout", "-qb", "other"]).0);
    page(folder, "p1", "Said better.");
    page(folder, "p8a", "New.");
    said(&["lock", "-q", "--date", "2026-02-02"], folder, 0);
    commit("two");
    assert!(git(&["checkout", "-q", "main"]).0);
    page(folder, "p5", "Said better.");
    page(folder, "p8b", "New.");
    said(&["lock", "-q", "--date", "2026-03-03"], folder, 0);
    commit("three");

    // Far lines merge; the two new neighbours do not, and what that leaves is repaired.
    assert!(!git(&["merge", "-q", "other"]).0);
    assert_eq!(lock(folder).matches("<<<<<<<").count(), 1, "{}", lock(folder));
    assert!(said(&["check"], folder, 1).contains("holds both sides of a merge"));
    assert!(said(&["lock"], folder, 1).contains("left as it is"));
    said(&["check", "--fix"], folder, 0);
    said(&["lock", "--check"], folder, 0);
    said(&["lock", "-q", "--date", "2026-04-04"], folder, 0);
    let merged = lock(folder);

    // With the line that the page on changes shows, git does it alone.
    assert!(git(&["merge", "--abort"]).0);
    write(folder, ".gitattributes", "urls.lock merge=union\n");
    commit("four");
    assert!(git(&["merge", "-q", "-m", "five", "other"]).0);
    said(&["build", "-q"], folder, 0);
    said(&["lock", "-q", "--date", "2026-04-04"], folder, 0);
    assert_eq!(lock(folder), merged);
}

#[test]
fn of_two_lines_for_one_address_the_later_counts() {
    let site = site();
    let folder = site.path();
    said(&["lock", "-q", "--date", "2026-01-02"], folder, 0);
    let good = lock(folder);
    let older = good
        .lines()
        .find(|line| line.starts_with("/a "))
        .expect("a page")
        .replace("2026-01-02", "2026-01-01");
    for text in [format!("{good}{older}\n"), good.replace("\n/a", &format!("\n{older}\n/a"))] {
        write(folder, "urls.lock", &text);
        said(&["build", "-q"], folder, 0);
        said(&["lock", "--check"], folder, 0);
        said(&["lock", "-q", "--date", "2026-05-05"], folder, 0);
        // It came when the older line says.
        assert_eq!(
            lock(folder),
            good.replace("/a page 2026-01-02 2026-01-02", "/a page 2026-01-02 2026-01-01")
        );
        write(folder, "urls.lock", &good);
    }
}

#[test]
fn nothing_that_a_lock_holds_makes_it_panic() {
    let site = site();
    let folder = site.path();
    said(&["lock", "-q", "--date", "2026-01-02"], folder, 0);
    let good = lock(folder);
    for cut in 0..good.len() {
        write(folder, "urls.lock", &good[..cut]);
        let code = waypost(&["check", "-q"], folder).status.code();
        assert!(matches!(code, Some(0 | 1)), "{cut}: {code:?}");
        if cut > 60 {
            break;
        }
    }
    for text in [
        "",
        "\n\n",
        "\u{feff}version 1\n",
        "version 1\n\u{0}",
        "version 99999999999999",
        "version 1\n/\u{e4} page",
    ] {
        write(folder, "urls.lock", text);
        let code = waypost(&["check", "-q"], folder).status.code();
        assert!(matches!(code, Some(0 | 1)), "{text:?}: {code:?}");
    }
    fs::write(folder.join("urls.lock"), b"version 1\n/a page \xff\xfe\n").expect("written");
    assert!(said(&["check"], folder, 1).contains("invalid-text"));
    // Many bad lines are not many messages.
    write(folder, "urls.lock", &format!("version 1\n{}", "junk\n".repeat(50_000)));
    let found = said(&["check"], folder, 1);
    assert_eq!(found.matches("error[lock-syntax]").count(), 21);
    fs::remove_file(folder.join("urls.lock")).expect("removed");
    fs::create_dir(folder.join("urls.lock")).expect("made");
    assert!(said(&["lock"], folder, 2).contains("what stands there is no file"));
}

#[cfg(unix)]
#[test]
fn a_lock_that_is_a_link_leads_nowhere_outside() {
    let site = site();
    let outside = tempfile::tempdir().expect("a temporary folder");
    write(
        outside.path(),
        "secret",
        "version 1\n/secret page 2026-01-01 2026-01-01 0000000000000001 Secret\n",
    );
    std::os::unix::fs::symlink(outside.path().join("secret"), site.path().join("urls.lock")).expect("linked");
    let found = waypost(&["check"], site.path());
    assert!(!String::from_utf8_lossy(&found.stderr).contains("/secret`"));
    assert_eq!(waypost(&["lock"], site.path()).status.code(), Some(2));
    assert!(fs::read_to_string(outside.path().join("secret")).expect("read").contains("/secret page"));
}

#[test]
fn a_preview_leaves_the_lock_alone() {
    let site = site();
    let folder = site.path();
    said(&["lock", "-q", "--date", "2026-01-02"], folder, 0);
    page(folder, "new", "New.");
    let before = lock(folder);
    let server = support::serve(folder);
    let preview = folder.join(".waypost/preview");
    let written = walkdir::WalkDir::new(&preview).into_iter().filter_map(Result::ok);
    assert!(written.into_iter().any(|entry| entry.file_name() == "changes.atom"), "{}", server.url);
    assert_eq!(lock(folder), before);
}

const VALID: &str = r#"
import sys, re, json, xml.etree.ElementTree as tree
A = "{http://www.w3.org/2005/Atom}"
feed = tree.parse(sys.argv[1]).getroot()
assert feed.tag == A + "feed", feed.tag
TIME = re.compile(r"\d{4}-\d\d-\d\dT00:00:00Z$")
def one(element, name):
    found = element.findall(A + name)
    assert len(found) == 1, (name, len(found))
    return found[0]
for element in [feed] + feed.findall(A + "entry"):
    assert one(element, "id").text.strip() and one(element, "title").text.strip()
    assert TIME.match(one(element, "updated").text)
    alternates = [link for link in element.findall(A + "link") if link.get("rel") == "alternate"]
    assert len(alternates) == 1 and alternates[0].get("href"), alternates
assert feed.find(A + "author").find(A + "name").text
own = [link for link in feed.findall(A + "link") if link.get("rel") == "self"]
assert len(own) == 1
entries = feed.findall(A + "entry")
ids = [one(entry, "id").text for entry in entries]
assert len(ids) == len(set(ids))
assert all(re.match(r"tag:[A-Za-z0-9.-]+,\d{4}-\d\d-\d\d:[A-Za-z0-9._~!$&'()*+,;=:@/%-]+$", id) for id in ids), ids
days = [one(entry, "updated").text for entry in entries]
assert days == sorted(days, reverse=True)
assert one(feed, "updated").text == days[0]

other = json.load(open(sys.argv[2], encoding="utf-8"))
assert other["version"] == "https://jsonfeed.org/version/1.1"
for key in ["title", "home_page_url", "feed_url", "language"]:
    assert isinstance(other[key], str), key
assert all(isinstance(author["name"], str) for author in other["authors"])
for item in other["items"]:
    for key in ["id", "url", "title", "content_text", "date_published", "date_modified"]:
        assert isinstance(item[key], str) and item[key], key
    assert TIME.match(item["date_modified"]) and TIME.match(item["date_published"])
    assert item["tags"] == [item["_waypost"]["kind"]]
assert [item["id"] for item in other["items"]] == ids
assert [item["title"] for item in other["items"]] == [one(entry, "title").text for entry in entries]
assert [item["url"] for item in other["items"]] == [
    next(link for link in entry.findall(A + "link") if link.get("rel") == "alternate").get("href") for entry in entries]
print(len(ids))
"#;

#[test]
fn feeds_are_valid_and_hold_the_latest() {
    let site = site();
    let folder = site.path();
    book(
        folder,
        "authors = [\"A & <B>\"]\nlanguage = \"de\"\n[output.html.redirect]\n\"old\" = \"https://example.org/?a=1&b=%22<\"\n",
    );
    for (name, title) in
        [("x1", "A <b> & \"c\" ]]> 'd'"), ("x2", "Zeilen\\tund \u{1F600} \u{e4}"), ("x 3", "  ")]
    {
        let text = format!("---\ntitle: {title:?}\ndescription: \"<&> of {name}\"\n---\n\nText of {name}.\n");
        write(folder, &format!("src/{name}.md"), &text);
    }
    for number in 0..250 {
        page(folder, &format!("many/p{number:03}"), &format!("Number {number}."));
    }
    said(&["lock", "-q", "--date", "2026-01-01"], folder, 0);
    let mut text = lock(folder);
    text.push_str("/old page 2026-01-01 2026-01-01 0000000000000001 Old\n");
    text.push_str("/gone removed 2026-02-01 Gone \u{7} & <b>\n".replace('\u{7}', "").as_str());
    write(folder, "urls.lock", &text);
    page(folder, "a", "Changed.");
    said(&["lock", "-q", "--date", "2026-02-02"], folder, 0);
    let items = feed(folder);
    assert_eq!(items.len(), 200);
    let first = [("changed", "/a"), ("moved", "/old"), ("removed", "/gone")];
    assert_eq!(items[..3], first.map(|(kind, path)| (kind.to_owned(), path.to_owned())));
    let (atom, json) = (folder.join("book/changes.atom"), folder.join("book/changes.json"));
    let checked =
        Command::new(support::python()).args(["-c", VALID]).args([&atom, &json]).output().expect("it runs");
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
    let bytes = [fs::read(&atom).expect("read"), fs::read(&json).expect("read")];
    assert!(String::from_utf8_lossy(&bytes[0]).contains("Ge\u{e4}ndert: a"));
    fs::remove_dir_all(folder.join("book")).expect("removed");
    said(&["build", "-q"], folder, 0);
    assert_eq!(bytes, [fs::read(&atom).expect("read"), fs::read(&json).expect("read")]);
    let html = fs::read_to_string(folder.join("book/a/index.html")).expect("read");
    assert!(html.contains("<link rel=\"alternate\" type=\"application/atom+xml\" href=\"/changes.atom\""));
}
