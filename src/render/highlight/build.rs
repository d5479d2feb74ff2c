//! Grammars in, one dump out: `cargo` runs this before it compiles the crate.
//!
//! Parsing the YAML of a grammar costs milliseconds and a YAML parser; a dump costs neither when a site is
//! built. It is made here and not committed, so that a grammar and its dump cannot disagree: 12 CPU seconds
//! once per clean clone, for compiling syntect a second time as a build dependency.

#![expect(
    clippy::disallowed_methods,
    reason = "a build script reads the grammars and writes where cargo says"
)]

use std::path::{Path, PathBuf};

use syntect::dumps::dump_to_uncompressed_file;
use syntect::parsing::{SyntaxDefinition, SyntaxSetBuilder};

fn main() {
    let folder = Path::new("src/render/highlight/grammars");
    println!("cargo::rerun-if-changed={}", folder.display());
    // The site and the theme inside the binary: a new file in them would go unnoticed otherwise.
    println!("cargo::rerun-if-changed=content");
    println!("cargo::rerun-if-changed=themes");
    let mut builder = SyntaxSetBuilder::new();
    for path in grammars(folder) {
        println!("cargo::rerun-if-changed={}", path.display());
        let text = std::fs::read_to_string(&path).unwrap_or_else(|error| fail(&path, &error.to_string()));
        match SyntaxDefinition::load_from_str(&text, true, None) {
            Ok(grammar) => builder.add(grammar),
            Err(error) => fail(&path, &error.to_string()),
        }
    }
    let set = builder.build();
    let unlinked = set.find_unlinked_contexts();
    assert!(unlinked.is_empty(), "grammars name contexts that do not exist: {unlinked:?}");
    let out = PathBuf::from(std::env::var_os("OUT_DIR").expect("cargo sets OUT_DIR for build scripts"));
    if let Err(error) = dump_to_uncompressed_file(&set, out.join("grammars.dump")) {
        fail(&out, &error.to_string());
    }
}

/// The files of the folder in the order of their names, so that the dump is the same everywhere.
fn grammars(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|error| fail(folder, &error.to_string()));
    let mut paths: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "sublime-syntax"))
        .collect();
    paths.sort();
    paths
}

fn fail(path: &Path, reason: &str) -> ! {
    panic!("{}: {reason}", path.display())
}
