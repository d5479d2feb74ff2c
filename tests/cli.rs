//! The command line, through the real binary: exit codes, formats, new sites, repairs.

#![expect(clippy::disallowed_methods, reason = "tests stand outside of the program, in the world")]

use std::io::{Read, Write};
use std::net::TcpListener;
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

fn code(output: &Output) -> i32 {
    output.status.code().expect("it ends by itself")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A site of one page, in a folder of its own.
fn site(page: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::create_dir(folder.path().join("src")).expect("made");
    std::fs::write(folder.path().join("book.toml"), "[book]\ntitle = \"One\"\n").expect("written");
    std::fs::write(folder.path().join("src/index.md"), page).expect("written");
    folder
}

const CLEAN: &str = "---\ntitle: Home\ndescription: A page.\n---\n\n## Part\n\n[Part](#part)\n";
const BROKEN: &str = "---\ntitle: Home\ndescription: A page.\n---\n\n## Part\n\n[Part](#prt)\n";

#[test]
fn exit_codes() {
    let clean = site(CLEAN);
    let built = waypost(&["build"], clean.path());
    assert_eq!(code(&built), 0, "{}", text(&built.stderr));
    assert!(text(&built.stderr).contains("1 page: "), "{}", text(&built.stderr));
    assert!(clean.path().join("book/index.html").exists());
    let again = waypost(&["build", "--stats"], clean.path());
    assert!(text(&again.stderr).contains(" 0 files written, "), "{}", text(&again.stderr));
    assert!(text(&again.stderr).contains("peak memory"), "{}", text(&again.stderr));

    let broken = site(BROKEN);
    let failed = waypost(&["build"], broken.path());
    assert_eq!(code(&failed), 1);
    assert!(!broken.path().join("book").exists(), "nothing is written when there is an error");
    assert_eq!(code(&waypost(&["check"], broken.path())), 1);
    assert_eq!(code(&waypost(&["check", "--quiet"], clean.path())), 0);

    assert_eq!(code(&waypost(&["build"], Path::new("/"))), 2, "no book.toml");
    assert_eq!(code(&waypost(&["bild"], clean.path())), 2, "no such command");
}

#[test]
fn an_output_among_the_pages_is_not_read_as_pages() {
    let folder = site(CLEAN);
    std::fs::write(folder.path().join("book.toml"), "[book]\ntitle = \"One\"\nsrc = \".\"\n")
        .expect("written");
    for _ in 0..2 {
        let built = waypost(&["build", "--out", "public"], folder.path());
        assert!(text(&built.stderr).contains("1 page: "), "{}", text(&built.stderr));
    }
    let refused = waypost(&["build", "--out", "."], folder.path());
    assert_eq!(code(&refused), 2, "{}", text(&refused.stderr));
}

/// What is wrong, and what to do: exit code 2, and the words that a message must hold.
fn refused(arguments: &[&str], folder: &Path, words: &[&str]) {
    let output = waypost(arguments, folder);
    let said = text(&output.stderr);
    assert_eq!(code(&output), 2, "{arguments:?}: {said}");
    for word in words {
        assert!(said.contains(word), "{arguments:?} does not say {word:?}: {said}");
    }
    assert!(!said.contains("os error"), "{arguments:?}: {said}");
}

#[test]
fn what_is_asked_for_wrongly_is_answered_with_what_to_do() {
    let folder = site(CLEAN);
    let here = folder.path();
    for day in ["2026-1-1", "01.02.2026", "20260101", "2026-13-01", "2026-01-01T00:00", ""] {
        refused(&["lock", "--date", day], here, &["--date", "`2026-01-31`"]);
    }
    for points in ["101", "-1", "9.5", "all", ""] {
        refused(
            &["check", "--agents", &format!("--min-score={points}")],
            here,
            &["a whole number from 0 to 100"],
        );
    }
    refused(&["check", "--min-score", "90"], here, &["--agents"]);
    refused(&["new", "src"], here, &["src is not empty, and nothing was written", "src/docs"]);
    refused(&["new", "."], here, &["holds a site already", "waypost serve ."]);
    refused(&["new", "book.toml"], here, &["book.toml is a file"]);
    let empty = tempfile::tempdir().expect("a temporary folder");
    refused(&["mcp"], empty.path(), &["no book.toml", "no llms.txt", "waypost new DIR"]);
    let unlocked = waypost(&["lock", "--check"], here);
    assert_eq!(code(&unlocked), 1);
    assert!(
        text(&unlocked.stderr).contains("there is no urls.lock: run `waypost lock`"),
        "{}",
        text(&unlocked.stderr)
    );
    assert!(!here.join("urls.lock").exists());
}

/// Every place of a component that no theme has: one finding, and one repair of all of them.
#[test]
fn an_unknown_component_is_one_finding_for_programs_too() {
    let folder =
        site("---\ntitle: Home\ndescription: A page.\n---\n\n<Crad title=\"a\" />\n\n<Crad title=\"b\" />\n");
    let other = "---\ntitle: More\ndescription: Another page.\n---\n\n<Crad title=\"c\" />\n";
    std::fs::write(folder.path().join("src/more.md"), other).expect("written");
    let json: Value =
        serde_json::from_slice(&waypost(&["check", "--format", "json"], folder.path()).stdout).expect("JSON");
    let found = json.as_array().expect("a list");
    assert_eq!(found.len(), 1, "{json:#}");
    assert_eq!((&found[0]["code"], &found[0]["start"]["line"]), (&"unknown-component".into(), &6.into()));
    let uses = found[0]["uses"].as_array().expect("its other places");
    let places: Vec<(&str, u64)> = uses
        .iter()
        .filter_map(|place| Some((place["path"].as_str()?, place["start"]["line"].as_u64()?)))
        .collect();
    assert_eq!(places, [("src/index.md", 8), ("src/more.md", 6)]);
    let github = text(&waypost(&["check", "--format", "github"], folder.path()).stdout);
    assert!(github.contains("%0Aalso at src/index.md:8, src/more.md:6"), "{github}");
    let sarif: Value =
        serde_json::from_slice(&waypost(&["check", "--format", "sarif"], folder.path()).stdout)
            .expect("JSON");
    assert_eq!(
        sarif["runs"][0]["results"][0]["relatedLocations"].as_array().map(Vec::len),
        Some(2),
        "{sarif:#}"
    );
    waypost(&["check", "--fix"], folder.path());
    for name in ["index.md", "more.md"] {
        let page = std::fs::read_to_string(folder.path().join("src").join(name)).expect("read");
        assert!(!page.contains("Crad") && page.contains("<Card title="), "{page}");
    }
}

#[test]
fn findings_for_programs() {
    let folder = site(BROKEN);
    let json: Value =
        serde_json::from_slice(&waypost(&["check", "--format", "json"], folder.path()).stdout).expect("JSON");
    assert!(json.to_string().contains("broken-anchor"), "{json}");
    let sarif: Value =
        serde_json::from_slice(&waypost(&["check", "--format", "sarif"], folder.path()).stdout)
            .expect("JSON");
    assert_eq!(sarif["version"], "2.1.0");
    assert_eq!(sarif["runs"][0]["results"][0]["ruleId"], "broken-anchor");
    let github = text(&waypost(&["check", "--format", "github"], folder.path()).stdout);
    assert!(github.starts_with("::error file=src/index.md,line=8,"), "{github}");
}

#[test]
fn repairs() {
    let folder = site("---\ntitle: Home\ndescription: A page.\n---\n\n[Guide](GUIDE.md)\n");
    std::fs::write(
        folder.path().join("src/guide.md"),
        "---\ntitle: Guide\ndescription: Another.\n---\n\nText.\n",
    )
    .expect("written");
    let fixed = waypost(&["check", "--fix"], folder.path());
    assert_eq!(code(&fixed), 0, "{}", text(&fixed.stderr));
    let page = std::fs::read_to_string(folder.path().join("src/index.md")).expect("read");
    assert!(page.contains("[Guide](guide.md)"), "{page}");
}

#[test]
fn a_new_site_builds_without_a_finding() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let made = waypost(&["new", "docs"], folder.path());
    assert_eq!(code(&made), 0, "{}", text(&made.stderr));
    let checked = waypost(&["check", "docs"], folder.path());
    assert_eq!(
        (code(&checked), text(&checked.stderr).contains("nothing to say")),
        (0, true),
        "{}",
        text(&checked.stderr)
    );
    let again = waypost(&["new", "docs"], folder.path());
    assert_eq!(code(&again), 2, "a folder that holds something is left alone");

    // What Waypost writes itself is no part of a repository.
    for arguments in [&["build", "docs"][..], &["host", "nginx", "docs"], &["host", "s3", "docs"]] {
        let output = waypost(arguments, folder.path());
        assert_eq!(code(&output), 0, "{}", text(&output.stderr));
    }
    let git = |arguments: &[&str]| {
        let mut command = Command::new("git");
        command.current_dir(folder.path().join("docs")).args(arguments).output().expect("git runs").stdout
    };
    git(&["init", "-q"]);
    let mut seen: Vec<String> =
        text(&git(&["status", "--porcelain"])).lines().map(|line| line[3..].to_owned()).collect();
    seen.sort();
    assert_eq!(seen, [".gitignore", "book.toml", "content/"]);
}

#[test]
fn a_port_that_is_taken_is_named_with_one_that_is_free() {
    let site = site(CLEAN);
    let other = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    let port = other.local_addr().expect("its address").port();
    let output = waypost(&["serve", "--port", &port.to_string()], site.path());
    let said = text(&output.stderr);
    assert_eq!(code(&output), 2, "{said}");
    assert!(
        said.contains(&format!("port {port} of 127.0.0.1 is taken, by another `waypost serve`")),
        "{said}"
    );
    assert!(said.contains("name a port that is free with `--port` (`--port "), "{said}");
    let output = waypost(&["serve", "--host", "192.0.2.1"], site.path());
    assert_eq!(code(&output), 2);
    assert!(
        text(&output.stderr).contains("192.0.2.1 is no address of this machine"),
        "{}",
        text(&output.stderr)
    );
}

#[test]
fn explanations_and_the_schema() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let one = waypost(&["explain", "broken-link"], folder.path());
    assert!(text(&one.stdout).contains("## What to do"), "{}", text(&one.stdout));
    let all = text(&waypost(&["explain"], folder.path()).stdout);
    assert_eq!(all.lines().count(), waypost::diagnostic::rules::ALL.len());
    let none = waypost(&["explain", "broken-lnk"], folder.path());
    assert_eq!(code(&none), 2);
    assert!(text(&none.stderr).contains("did you mean `broken-link`?"), "{}", text(&none.stderr));
    let schema: Value = serde_json::from_slice(&waypost(&["schema"], folder.path()).stdout).expect("JSON");
    assert!(schema["properties"]["book"].is_object());
}

/// Links to other sites are asked for with `--external` only: here of a server of our own that knows one address.
#[test]
fn external_links() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("it has one");
    std::thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            let mut request = [0; 1024];
            let length = stream.read(&mut request).unwrap_or(0);
            let there = text(&request[..length]).contains(" /there ");
            let status = if there { "200 OK" } else { "404 Not Found" };
            let answer = format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            stream.write_all(answer.as_bytes()).expect("it can be answered");
        }
    });
    let folder = site(&format!(
        "---\ntitle: Home\ndescription: A page.\n---\n\n[a](http://{address}/there), [b](http://{address}/gone)\n"
    ));
    let without = waypost(&["check"], folder.path());
    assert!(!text(&without.stderr).contains("external-link"), "{}", text(&without.stderr));
    let with = text(&waypost(&["check", "--external"], folder.path()).stderr);
    assert!(with.contains("warning[external-link]") && with.contains("/gone` answers 404"), "{with}");
    assert!(!with.contains("/there`"), "{with}");
}

#[test]
fn files_of_the_built_in_theme_are_copied_into_the_sites_own() {
    let folder = site(CLEAN);
    let at = |path: &str| folder.path().join(path);
    let listed = text(&waypost(&["theme", "list"], folder.path()).stdout);
    assert!(listed.contains("  templates/footer.html\n") && !listed.contains('*'), "{listed}");

    std::fs::write(at("book.toml"), "# Ours\n[book]\ntitle = \"One\" # the name\n").expect("written");
    let ejected = waypost(&["theme", "eject", "footer"], folder.path());
    let said = text(&ejected.stderr);
    assert_eq!(
        (code(&ejected), said.as_str()),
        (0, "wrote themes/mine/templates/footer.html\nset the theme in book.toml\n")
    );
    let book = std::fs::read_to_string(at("book.toml")).expect("read");
    assert_eq!(book, "# Ours\n[book]\ntitle = \"One\" # the name\n\n[theme]\nname = \"mine\"\n");
    let footer = std::fs::read_to_string(at("themes/mine/templates/footer.html")).expect("read");
    let first = format!("{{#- waypost theme contract {} -#}}\n", waypost::theme::CONTRACT);
    assert!(footer.starts_with(&first), "{footer}");
    let listed = text(&waypost(&["theme", "list"], folder.path()).stdout);
    assert!(listed.contains("* templates/footer.html\n"), "{listed}");
    assert_eq!(text(&waypost(&["theme", "diff"], folder.path()).stdout), "");

    std::fs::write(at("themes/mine/templates/footer.html"), format!("{first}<footer>Mine</footer>\n"))
        .expect("written");
    let again = waypost(&["theme", "eject", "footer"], folder.path());
    assert_eq!(code(&again), 2);
    assert!(
        text(&again.stderr).contains("exists and is left as it is: `--force`"),
        "{}",
        text(&again.stderr)
    );
    let diff = text(&waypost(&["theme", "diff", "footer"], folder.path()).stdout);
    assert!(
        diff.contains("+++ themes/mine/templates/footer.html") && diff.contains("\n+<footer>Mine</footer>\n"),
        "{diff}"
    );
    assert_eq!(code(&waypost(&["theme", "eject", "--force", "footer"], folder.path())), 0);
    assert_eq!(std::fs::read_to_string(at("themes/mine/templates/footer.html")).expect("read"), footer);

    let none = waypost(&["theme", "eject", "foter"], folder.path());
    assert_eq!(code(&none), 2);
    assert!(
        text(&none.stderr).contains("nothing called `foter`: did you mean `footer`"),
        "{}",
        text(&none.stderr)
    );
    let none = waypost(&["theme", "diff", "header"], folder.path());
    assert!(code(&none) == 2 && text(&none.stderr).contains("replaces nothing"), "{}", text(&none.stderr));
}

/// A theme that is nothing but copies makes the same site, to the byte but for the names of the copied assets.
#[test]
fn a_copy_of_every_file_of_the_theme_makes_the_same_site() {
    let folder = site(CLEAN);
    let pages = |folder: &Path| {
        let built = waypost(&["build"], folder);
        assert_eq!(code(&built), 0, "{}", text(&built.stderr));
        assert!(!text(&built.stderr).contains("warning"), "{}", text(&built.stderr));
        let read = |name: &str| std::fs::read_to_string(folder.join("book").join(name)).expect("read");
        let is_hash = |part: &str| part.len() == 8 && part.bytes().all(|byte| byte.is_ascii_hexdigit());
        let unhashed = |page: String| {
            let parts = page.split('.').map(|part| if is_hash(part) { "HASH" } else { part });
            parts.collect::<Vec<_>>().join(".")
        };
        [unhashed(read("index.html")), unhashed(read("404.html")), read("index.md")]
    };
    let before = pages(folder.path());
    std::fs::write(folder.path().join("book.toml"), "theme.name = \"all\"\nbook.title = \"One\"\n")
        .expect("written");
    let listed = text(&waypost(&["theme", "list"], folder.path()).stdout);
    for path in listed.lines().map(str::trim) {
        let ejected = waypost(&["theme", "eject", path, "--quiet"], folder.path());
        assert_eq!(code(&ejected), 0, "{path}: {}", text(&ejected.stderr));
    }
    assert_eq!(pages(folder.path()), before);
}
