//! The table of requests and answers (`table.toml`), asked of the preview server and, with the packs of `waypost host`, of
//! nginx, Caddy and Apache as they run in the world.
//!
//! A pack names what its host cannot do in its comments; a row that needs such a thing must fail there, and no other.

#![expect(clippy::disallowed_methods, reason = "tests stand outside of the program, in the world")]
#![expect(clippy::format_collect, reason = "lines of configuration are made one by one")]

#[path = "../support/mod.rs"]
mod support;

mod client;
mod edge;
mod servers;
mod site;
mod table;

use client::Connection;
use site::Site;

/// Everything that differs from the table, a line each.
fn compare(site: &Site, port: u16, limits: &[String]) {
    let table = table::read();
    let facts = site.facts(port);
    let mut wrong = Vec::new();
    for row in &table {
        let found = table::check(row, &facts, port);
        let limited = row.need.as_ref().is_some_and(|need| limits.contains(need));
        match (found, limited) {
            (Err(why), false) => wrong.push(format!("{}: {why}", row.name)),
            (Ok(()), true) => wrong.push(format!("{}: holds, though the pack says it does not", row.name)),
            (Ok(()), false) | (Err(_), true) => {}
        }
    }
    assert!(wrong.is_empty(), "{} of {} rows:\n{}", wrong.len(), table.len(), wrong.join("\n"));
}

#[test]
fn twenty_accept_headers_stand_in_the_table() {
    let rows = table::read().into_iter().filter(|row| row.name.starts_with("Accept")).count();
    assert!(rows >= 20, "{rows}");
}

#[test]
fn the_preview_server_answers_all_of_it() {
    for site in [Site::at_the_root(), Site::below_a_path()] {
        let server = support::serve_with(site.folder(), &["--no-watch"]);
        let site = site.from(site.folder().join(".waypost/preview"), &server.url);
        compare(&site, port_of(&server.url), &[]);
    }
}

#[test]
fn a_preview_that_watches_lets_nothing_be_kept() {
    let site = Site::at_the_root();
    let server = support::serve(site.folder());
    let port = port_of(&server.url);
    for path in ["/guide/start/", "/guide/start.md", "/llms.txt", "/nowhere", "/old/start"] {
        let answer = client::get(port, path, &[]);
        assert_eq!(answer.header("cache-control"), "no-cache", "{path}");
    }
}

#[test]
fn nginx_does_what_its_pack_says() {
    for site in [Site::at_the_root(), Site::below_a_path()] {
        let server = servers::nginx(&site);
        compare(&site, server.port, &server.limits);
        stays_open(server.port, &site.home());
    }
}

#[test]
fn caddy_does_what_its_pack_says() {
    for site in [Site::at_the_root(), Site::below_a_path()] {
        let server = servers::caddy(&site);
        compare(&site, server.port, &server.limits);
        stays_open(server.port, &site.home());
    }
}

#[test]
fn apache_does_what_its_pack_says() {
    for site in [Site::at_the_root(), Site::below_a_path()] {
        let server = servers::apache(&site);
        compare(&site, server.port, &server.limits);
        stays_open(server.port, &site.home());
    }
}

/// A connection that rests for longer than the five seconds that are usual where nothing is set.
fn stays_open(port: u16, path: &str) {
    let mut connection = Connection::open(port);
    assert_eq!(connection.ask("GET", path, &[]).expect("an answer").status, 200);
    std::thread::sleep(std::time::Duration::from_secs(6));
    let later = connection.ask("GET", path, &[]);
    assert_eq!(later.expect("the connection was closed").status, 200);
}

/// The real thing, once: it takes a minute and nothing of the machine.
#[test]
fn the_preview_server_keeps_an_idle_connection_for_a_minute() {
    let site = Site::at_the_root();
    let server = support::serve(site.folder());
    let mut connection = Connection::open(port_of(&server.url));
    assert_eq!(connection.ask("GET", "/", &[]).expect("an answer").status, 200);
    std::thread::sleep(std::time::Duration::from_secs(61));
    assert_eq!(connection.ask("GET", "/", &[]).expect("the connection was closed").status, 200);
}

fn port_of(url: &str) -> u16 {
    let rest = url.rsplit_once("localhost:").expect("a local address").1;
    rest.split('/').next().expect("a port").parse().expect("a port")
}

#[test]
fn a_pack_is_the_same_twice_and_leaves_files_of_others_alone() {
    let site = Site::at_the_root();
    let folder = tempfile::tempdir().expect("a temporary folder");
    let read = |path: &str| std::fs::read_to_string(folder.path().join(path)).expect("it is written");
    servers::pack(&site, "netlify", folder.path());
    let (script, rules) = (read("netlify/edge-functions/waypost.js"), read("_headers"));
    servers::pack(&site, "netlify", folder.path());
    assert_eq!(read("netlify/edge-functions/waypost.js"), script);
    std::fs::write(folder.path().join("_headers"), "/mine\n  X: 1\n").expect("written");
    let run = |arguments: &[&str]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_waypost"));
        command.args(["host", "netlify"]).arg(site.folder()).arg("--out").arg(folder.path()).args(arguments);
        command.output().expect("the binary runs")
    };
    let refused = run(&[]);
    assert_eq!(refused.status.code(), Some(2), "{}", String::from_utf8_lossy(&refused.stderr));
    assert_eq!(read("_headers"), "/mine\n  X: 1\n");
    assert!(run(&["--force"]).status.success());
    assert_eq!(read("_headers"), rules);
}
