//! The packs whose rules are code, run by Node between a client and a host that is played (`edge.mjs`): it serves files as
//! these hosts do, calls the code as they call it, and packs what comes out.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use crate::site::Site;
use crate::{compare, servers, support};

struct Edge {
    child: Child,
    port: u16,
    limits: Vec<String>,
    _folder: tempfile::TempDir,
}

impl Drop for Edge {
    fn drop(&mut self) {
        self.child.kill().expect("node can be stopped");
        self.child.wait().expect("node stops");
    }
}

fn start(site: &Site, host: &str) -> Edge {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let limits = servers::pack(site, host, folder.path());
    let script = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/http/edge.mjs");
    let mut child = Command::new(support::node())
        .arg(script)
        .arg(host)
        .args([folder.path(), &site.www()])
        .arg(&site.base)
        .arg(if site.has_slashes() { "slash" } else { "none" })
        .stdout(Stdio::piped())
        .spawn()
        .expect("node runs");
    let mut line = String::new();
    BufReader::new(child.stdout.take().expect("it is piped")).read_line(&mut line).expect("it says its port");
    let port = line.trim().parse().unwrap_or_else(|_| panic!("{host} says {line:?}"));
    Edge { child, port, limits, _folder: folder }
}

fn table_on(host: &str) {
    for site in [Site::at_the_root(), Site::below_a_path()] {
        let edge = start(&site, host);
        compare(&site, edge.port, &edge.limits);
    }
}

#[test]
fn netlify_does_what_its_pack_says() {
    table_on("netlify");
}

#[test]
fn cloudflare_does_what_its_pack_says() {
    table_on("cloudflare");
}

#[test]
fn vercel_does_what_its_pack_says() {
    table_on("vercel");
}

#[test]
fn s3_does_what_its_pack_says() {
    table_on("s3");
}
