//! The client of search, without the dialog that a theme puts around it: on the web, from files, without workers.

use std::process::Command;

use serde_json::Value;

use super::support;
use super::support::browser::{Browser, Tab, WIDE};

/// Loads the client and asks; what it says of the first result, and how many workers there were.
fn ask(tab: &Tab<'_>, client: &str, query: &str) -> Value {
    tab.eval(&format!(
        "new Promise((found, failed) => {{ window.workers = window.workers || 0; \
         if (window.Worker && !window.counted) {{ const Own = window.Worker; window.counted = true; \
           window.Worker = function (url) {{ window.workers++; return new Own(url); }}; }} \
         const ask = () => waypost.searchClient.query({query:?}, {{ limit: 5 }}).then(answer => \
           found({{ total: answer.total, first: answer.results[0], workers: window.workers }}), failed); \
         if (window.waypost && waypost.searchClient) return ask(); \
         const script = document.createElement('script'); script.src = {client:?}; script.onload = ask; \
         script.onerror = failed; document.head.append(script); }})"
    ))
}

#[test]
fn search_answers_from_a_worker_on_the_web_and_from_files_and_in_the_page_where_there_is_none() {
    let folder = support::shipped();
    let site = folder.path().join("site");
    let server = support::serve(&site);
    let out = folder.path().join("out");
    let built =
        Command::new(env!("CARGO_BIN_EXE_waypost")).arg("build").arg("--out").arg(&out).arg(&site).output();
    assert!(built.expect("the binary runs").status.success());
    let browser = Browser::start();
    let tab = browser.page(WIDE);

    tab.goto(&server.url);
    let client: String = tab.eval("document.documentElement.dataset.search");
    assert_eq!(
        tab.asked().iter().filter(|url| url.contains("assets/search")).count(),
        0,
        "loaded on first use"
    );
    let answer = ask(&tab, &client, "what the peering does not reach");
    assert_eq!(answer["workers"], 1);
    let url = answer["first"]["url"].as_str().expect("there is a result").to_owned();
    assert_eq!(url, "/networking/connect/gcp/?tab=VPC%20peering#what-the-peering-does-not-reach");
    assert_eq!(answer["first"]["tabs"], serde_json::json!(["VPC peering"]));
    // Each piece is loaded once.
    let asked = tab.asked().len();
    ask(&tab, &client, "what the peering does not reach");
    assert_eq!(tab.asked().len(), asked);
    // The address opens the tab.
    tab.goto(&format!("{}{}", server.url.trim_end_matches('/'), url));
    assert!(tab.is_visible("#what-the-peering-does-not-reach"));

    tab.goto(&server.url);
    tab.run("window.Worker = function () { throw new Error('forbidden'); }; window.counted = true");
    let answer = ask(&tab, &client, "what the peering does not reach");
    assert_eq!(answer["workers"], 0);
    assert_eq!(answer["first"]["url"], url.as_str());

    // From a copy of the files: the worker is made of the engine's text, the pieces come by script tags.
    let page = out.join("waypost/search/index.html");
    let page = if page.exists() { page } else { out.join("index.html") };
    tab.goto(&format!("file://{}", page.display()));
    let root = format!("file://{}/", out.display());
    let answer =
        ask(&tab, &format!("{root}{}", client.trim_start_matches('/')), "what the peering does not reach");
    assert_eq!(answer["workers"], 1);
    let found = answer["first"]["url"].as_str().expect("there is a result");
    assert_eq!(
        found,
        format!("{root}networking/connect/gcp/index.html?tab=VPC%20peering#what-the-peering-does-not-reach")
    );
    tab.goto(found);
    assert!(tab.is_visible("#what-the-peering-does-not-reach"));
    assert_eq!(tab.thrown(), Vec::<String>::new());
}
