//! The preview server, through its socket: both forms of a page, what is not there, and what a save does.

#![expect(clippy::disallowed_methods, reason = "tests stand outside of the program, in the world")]

mod support;

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::time::{Duration, Instant};

const BOOK: &str =
    "[book]\ntitle = \"Preview\"\nsrc = \"content\"\n[check.rules]\nmissing-description = \"off\"\n";

fn site() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::create_dir(folder.path().join("content")).expect("made");
    write(folder.path(), "book.toml", BOOK);
    write(folder.path(), "content/index.md", "---\ntitle: Home\nslug: /\n---\n\n[A](a.md)\n");
    write(folder.path(), "content/a.md", "---\ntitle: A\n---\n\nThe first text.\n");
    folder
}

fn write(folder: &Path, path: &str, text: &str) {
    std::fs::write(folder.join(path), text).expect("written");
}

struct Answer {
    status: u16,
    body: String,
    headers: ureq::http::HeaderMap,
}

fn get(url: &str, accept: &str) -> Answer {
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
    let mut response = agent.get(url).header("Accept", accept).call().expect("the server answers");
    let body = response.body_mut().read_to_string().expect("it says text");
    Answer { status: response.status().as_u16(), body, headers: response.headers().clone() }
}

/// Asks until the answer holds `text`; a save takes a moment to be seen.
fn wait_for(url: &str, text: &str) {
    let started = Instant::now();
    while started.elapsed() < Duration::from_secs(20) {
        if get(url, "text/html").body.contains(text) {
            return;
        }
        std::thread::sleep(Duration::from_millis(25));
    }
    panic!("{url} never says {text}");
}

#[test]
fn both_forms_and_what_is_missing() {
    let folder = site();
    let server = support::serve(folder.path());
    let page = format!("{}a/", server.url);

    let html = get(&page, "text/html,*/*;q=0.8");
    assert_eq!(html.status, 200);
    assert_eq!(html.headers["content-type"], "text/html; charset=utf-8");
    assert_eq!(html.headers["vary"], "Accept, Accept-Encoding");
    let markdown = get(&page, "text/markdown, text/html;q=0.5");
    assert_eq!(markdown.headers["content-type"], "text/markdown; charset=utf-8");
    assert!(markdown.body.contains("# A\n\nThe first text."), "{}", markdown.body);
    assert_eq!(get(&format!("{}a.md", server.url), "*/*").body, markdown.body);

    let missing = get(&format!("{}b/", server.url), "text/html");
    assert_eq!(missing.status, 404);
    let missing = get(&format!("{}aa", server.url), "text/markdown");
    assert_eq!(missing.status, 404);
    assert!(missing.body.starts_with("# Page not found"), "{}", missing.body);
}

#[test]
fn a_save_is_seen_and_a_mistake_leaves_the_last_good_page() {
    let folder = site();
    let server = support::serve(folder.path());
    let page = format!("{}a/", server.url);
    assert!(get(&page, "text/html").body.contains("The first text."));

    // A browser that listens is told which build there is, and of each later one.
    let events = ureq::get(&format!("{}.waypost/events", server.url)).call().expect("the server answers");
    let (sender, told) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let lines = BufReader::new(events.into_body().into_reader()).lines().map_while(Result::ok);
        for line in lines.filter(|line| line == "event: built").skip(1) {
            if sender.send(line).is_err() {
                break;
            }
        }
    });

    write(folder.path(), "content/a.md", "---\ntitle: A\n---\n\nThe second text.\n");
    wait_for(&page, "The second text.");
    told.recv_timeout(Duration::from_secs(10)).expect("the browser is told");

    write(folder.path(), "content/a.md", "---\ntitle: A\n---\n\nBroken: [x](nowhere.md)\n");
    told.recv_timeout(Duration::from_secs(10)).expect("the browser is told");
    assert!(get(&page, "text/html").body.contains("The second text."), "the last good page stays");

    // As editors save: a new file takes the place of the old one.
    write(folder.path(), "content/a.md.tmp", "---\ntitle: A\n---\n\nThe third text.\n");
    std::fs::rename(folder.path().join("content/a.md.tmp"), folder.path().join("content/a.md"))
        .expect("renamed");
    wait_for(&page, "The third text.");

    write(folder.path(), "content/new.md", "---\ntitle: New\n---\n\nA new page.\n");
    wait_for(&format!("{}new/", server.url), "A new page.");
    write(folder.path(), "book.toml", &BOOK.replace("Preview", "Renamed"));
    wait_for(&page, "Renamed");
}
