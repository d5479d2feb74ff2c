//! What agents get, judged by others: the scorecard of the shipped site and of a generated one, and the proof that its rows
//! catch what they are for.
//!
//! The programs stand in `tests/agents`; they read what was built and share no code with the generator.

#![expect(clippy::disallowed_methods, reason = "tests stand outside of the program, in the world")]
#![expect(clippy::print_stdout, reason = "what was measured is worth reading")]

mod support;

use std::path::{Path, PathBuf};
use std::process::Command;

/// What Vercel's audit must say at least.
const VERCEL: &str = "97";

fn program(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/agents").join(name)
}

fn run(command: &mut Command) {
    let output = command.output().expect("it runs");
    let said = String::from_utf8_lossy(&output.stdout);
    println!("{said}");
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn the_shipped_site_passes() {
    run(Command::new(support::node())
        .arg(program("scorecard.mjs"))
        .args(["--vercel", VERCEL, "--binary", env!("CARGO_BIN_EXE_waypost")])
        .arg(env!("CARGO_MANIFEST_DIR")));
}

/// Every construct, in folders that indexes find hard; `make scorecard-generated` does the same with thousands of pages.
#[test]
fn a_generated_site_passes() {
    run(Command::new("sh").arg(program("generated.sh")).args([
        "100",
        "--vercel",
        VERCEL,
        "--binary",
        env!("CARGO_BIN_EXE_waypost"),
    ]));
}

#[test]
fn each_row_catches_its_mutations() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let fixture = program("fixture");
    run(Command::new(env!("CARGO_BIN_EXE_waypost"))
        .args(["build", "--out"])
        .arg(folder.path())
        .arg(&fixture));
    run(Command::new(support::node()).arg(program("mutations.mjs")).arg(folder.path()).arg(&fixture));
}
