//! Steps as data, judged by parsers and a validator that are not ours: the shipped site's files against their schema, and
//! against the HTML and the Markdown of their pages.

#![expect(clippy::disallowed_methods, reason = "tests stand outside of the program, in the world")]

mod support;

use std::path::Path;
use std::process::Command;

use waypost::{Mode, Settings};

/// What is wrong with the procedures of a site, and how many there are.
fn judged(site: &Path) -> (Vec<String>, usize) {
    let output = Command::new(support::node())
        .arg("procedures.mjs")
        .arg(site)
        .current_dir(support::tools())
        .output()
        .expect("node runs");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let count = lines.pop().and_then(|line| line.parse().ok()).expect("a number at the end");
    (lines, count)
}

#[test]
fn steps_say_what_their_pages_say() {
    let folder = support::shipped();
    let site = folder.path().join("out");
    let settings = Settings {
        root: folder.path().join("site"),
        out: Some(site.clone()),
        origin: None,
        mode: Mode::Build,
        progress: None,
    };
    waypost::build(&settings).expect("the shipped site can be built");
    let (wrong, count) = judged(&site);
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(count > 10, "only {count} procedures");
    let schema = std::fs::read_to_string(site.join(waypost::procedure::SCHEMA)).expect("the schema is there");
    assert_eq!(schema, waypost::procedure::schema());

    // What the test is for, it must find.
    let page = "networking/connect/azure/private/vhub-peering.procedure.json";
    let text = std::fs::read_to_string(site.join(page)).expect("the guide has steps");
    for (from, to) in [
        ("az ad sp create", "az ad sp delete"),
        ("\"anchor\": \"verify\"", "\"anchor\": \"nowhere\""),
        ("\"kind\": \"manual\"", "\"kind\": \"magic\""),
    ] {
        assert!(text.contains(from), "{from}");
        std::fs::write(site.join(page), text.replacen(from, to, 1)).expect("the file can be written");
        assert!(!judged(&site).0.is_empty(), "{from} became {to}");
    }
}
