//! The reader of the search index in Rust beside the engine in the browser: the same queries, the same answers.

#![expect(clippy::disallowed_methods, reason = "tests stand outside of the program, in the world")]
#![expect(clippy::print_stdout, reason = "a corpus that is absent is skipped aloud")]

mod support;

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use waypost::search::read::{self, Options, Reader};
use waypost::{Mode, Settings};

/// What people and agents ask, beside the queries that are made of the sites themselves.
const QUERIES: &[&str] = &[
    "--role-definition",
    "--vhub-name",
    "--vhub-na",
    "how to peer a vnet",
    "az network vhub",
    "az role assignment create",
    "vnet peering",
    "peering",
    "peerings azure",
    "peerign",
    "pering vnet",
    "configurated",
    "deploying sites",
    "Microsoft.Network/virtualHubs/read",
    "virtualHubs",
    "virtualNetworkPeerings",
    "book.toml",
    "llms.txt",
    "facets.cloud",
    "content negotiation",
    "what is a broken link",
    "the",
    "how do I",
    "a",
    "private link dns",
    "customer-subscription-id",
    "service principal",
    "tabs groupId",
    "TabItem",
    "trailing_slash",
    "ZÜRICH straße",
    "検索",
    "c++",
    ".gitignore",
    "https://waypost.example.com/",
    "--",
    "",
    "\u{FFFF}",
    "😀 emoji",
    "rk",
    "kubernetes clusters",
    "etcd snapshot restore",
    "server-url",
    "cis hardening guide",
    "windows agent node",
];

fn options(options: &Value) -> Options {
    Options {
        section: options["section"].as_str().map(str::to_owned),
        facets: options["facets"]
            .as_object()
            .into_iter()
            .flatten()
            .filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned())))
            .collect(),
        limit: 10,
    }
}

fn node(script: &str, arguments: &[&std::ffi::OsStr], given: &str) -> Vec<Value> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/support").join(script);
    let mut child = Command::new(support::node())
        .arg(script)
        .args(arguments)
        .env("SHARED_ENGINE", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("Node runs");
    let mut stdin = child.stdin.take().expect("it is piped");
    let given = given.to_owned();
    let writer = std::thread::spawn(move || stdin.write_all(given.as_bytes()));
    let output = child.wait_with_output().expect("Node ends");
    // A script that reads nothing may be gone already.
    drop(writer.join().expect("no panic"));
    assert!(output.status.success(), "the script failed");
    serde_json::from_slice(&output.stdout).expect("it is JSON")
}

/// Asks both, and gives how many queries found something.
fn compare(root: &Path, name: &str) -> usize {
    let out = root.join("searched");
    let settings = Settings {
        root: root.to_owned(),
        out: Some(out.clone()),
        origin: None,
        mode: Mode::Build,
        progress: None,
    };
    let report = waypost::build(&settings).expect("the machine does not fail");
    assert!(report.summary.is_some(), "{name} was not written");
    let mut queries: Vec<Value> = QUERIES.iter().map(|query| json!([query, {}])).collect();
    for made in node("queries.cjs", &[out.as_os_str(), "40".as_ref()], "") {
        queries.push(json!([made["text"], {}]));
    }
    queries.push(json!(["roles", { "facets": { "cloud": "aws" } }]));
    queries.push(json!(["peering", { "section": "Networking", "facets": { "cloud": "azure" } }]));
    queries.push(json!(["peering", { "section": "nowhere" }]));
    let wanted = node("search.cjs", &[out.as_os_str()], &json!(queries).to_string());
    let load = |path: &str| Ok(std::fs::read(out.join(path))?);
    let reader = Reader::open(&load).expect("the index is there");
    let mut found = 0;
    let mut wrong = Vec::new();
    for (query, wanted) in queries.iter().zip(&wanted) {
        let text = query[0].as_str().expect("a text");
        let answer = reader.query(&load, text, &options(&query[1])).expect("the pieces are there");
        let own: Vec<String> = answer.results.iter().map(|one| format!("/{}", one.url())).collect();
        let engine: Vec<&str> = wanted["answer"]["results"]
            .as_array()
            .expect("a list")
            .iter()
            .filter_map(|one| one["url"].as_str())
            .collect();
        found += usize::from(!own.is_empty());
        if own != engine || answer.total as u64 != wanted["answer"]["total"].as_u64().expect("a number") {
            wrong.push(format!("{text}: {own:#?} instead of {engine:#?}"));
        }
    }
    println!("{name}: {} queries, {found} with results, {} wrong", queries.len(), wrong.len());
    assert!(wrong.is_empty(), "{name}: {}", wrong.join("\n"));
    found
}

#[test]
fn the_reader_in_rust_answers_as_the_engine_does() {
    let shipped = support::shipped();
    assert!(compare(&shipped.path().join("site"), "the shipped site") > 60);
}

#[test]
fn also_on_real_documentation_with_many_pieces() {
    let project = Path::new(env!("CARGO_MANIFEST_DIR"));
    for name in ["rke2", "rust-book"] {
        let corpus = project.join("../shared/corpora").join(name);
        if !corpus.exists() {
            println!("SKIPPED: the corpus {name} is not present at {}", corpus.display());
            continue;
        }
        let folder = tempfile::tempdir().expect("a temporary folder");
        let root = folder.path().join("site");
        for entry in walkdir::WalkDir::new(&corpus).into_iter().map(|entry| entry.expect("it can be read")) {
            let target = root.join(entry.path().strip_prefix(&corpus).expect("it is below"));
            if entry.file_type().is_dir() {
                std::fs::create_dir_all(&target).expect("made");
            } else {
                std::fs::copy(entry.path(), &target).expect("copied");
            }
        }
        std::fs::copy(project.join(format!("tests/corpora/{name}.toml")), root.join("book.toml"))
            .expect("copied");
        assert!(compare(&root, name) > 60);
    }
}

/// The stemmers of the theme are JavaScript, those of the reader are Rust: both were made by Snowball's compiler.
#[test]
fn stems_are_those_of_the_scripts() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("themes/default/assets/search/stem");
    let stems = node("stems.cjs", &[folder.as_os_str()], "");
    let mut languages = std::collections::BTreeSet::new();
    for one in &stems {
        let [language, word, wanted] = [0, 1, 2].map(|at| one[at].as_str().expect("a text"));
        languages.insert(language);
        let own = read::stem(language, word);
        assert_eq!(own.as_deref(), Some(wanted), "{language}: {word}");
    }
    assert!(languages.len() >= 29 && stems.len() > 25_000, "{languages:?}, {}", stems.len());
}
