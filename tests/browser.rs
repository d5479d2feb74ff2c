//! What readers see, in a real browser and by other people's checkers: Chromium, axe and the Nu HTML checker on the
//! shipped site, served by the real binary.

#![expect(clippy::disallowed_methods, reason = "tests stand outside of the program, in the world")]

mod support;

use std::process::Command;

const PAGES: &[&str] = &[
    "",
    "networking/networking-overview/",
    "networking/connect/azure/",
    "networking/connect/azure/private/vhub-peering/",
    "networking/",
    "waypost/components/",
    "waypost/book-toml/",
    "404.html",
];

#[test]
fn pages_in_chromium_at_three_widths_light_and_dark_and_without_scripts() {
    let folder = support::shipped();
    let server = support::serve(&folder.path().join("site"));
    let output = Command::new(support::node())
        .arg("browser.mjs")
        .arg(&server.url)
        .args(PAGES)
        .current_dir(support::tools())
        .output()
        .expect("node runs");
    let text = String::from_utf8_lossy(&output.stdout);
    let seen: serde_json::Value = serde_json::from_str(&text)
        .unwrap_or_else(|error| panic!("{error}: {text}{}", String::from_utf8_lossy(&output.stderr)));
    let problems = seen["problems"].as_array().expect("a list");
    assert!(problems.is_empty(), "{problems:#?}");
}

#[test]
fn every_page_is_valid_html() {
    let folder = support::shipped();
    let site = folder.path().join("site");
    let built = Command::new(env!("CARGO_BIN_EXE_waypost"))
        .arg("build")
        .arg(&site)
        .output()
        .expect("the binary runs");
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    let checker = support::tools().join("node_modules/vnu-jar/build/dist/vnu.jar");
    let output = Command::new("java")
        .arg("-jar")
        .arg(checker)
        .args(["--skip-non-html", "--format", "text"])
        .arg(site.join("book"))
        .output()
        .expect("java runs");
    let said = String::from_utf8_lossy(&output.stderr);
    let found: Vec<&str> =
        said.lines().filter(|line| !line.is_empty() && !line.contains("No errors found")).collect();
    assert!(output.status.success() && found.is_empty(), "{said}");
}
