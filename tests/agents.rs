//! What agents get, judged by a tester that is not ours: afdocs against the shipped site, served by the real binary.

#![expect(clippy::disallowed_methods, reason = "tests stand outside of the program, in the world")]

mod support;

use std::process::Command;

use serde_json::Value;

#[test]
fn afdocs_finds_nothing_to_say() {
    let folder = support::shipped();
    let server = support::serve(&folder.path().join("site"));
    let output = Command::new(support::node())
        .args(["node_modules/.bin/afdocs", "check", &server.url, "--format", "json"])
        .args([
            "--sampling",
            "deterministic",
            "--max-links",
            "100000",
            "--request-delay",
            "0",
            "--max-concurrency",
            "16",
        ])
        .current_dir(support::tools())
        .output()
        .expect("node runs");
    let text = String::from_utf8_lossy(&output.stdout);
    let report: Value = serde_json::from_str(&text)
        .unwrap_or_else(|error| panic!("{error}: {text}{}", String::from_utf8_lossy(&output.stderr)));
    let results = report["results"].as_array().expect("a list of results");
    let failed: Vec<&Value> = results.iter().filter(|result| result["status"] == "fail").collect();
    assert!(failed.is_empty(), "{failed:#?}");
    let warned: Vec<&Value> = results.iter().filter(|result| result["status"] == "warn").collect();
    assert!(warned.is_empty(), "{warned:#?}");
}
