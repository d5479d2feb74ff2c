//! Scratch.
use super::support;
use super::support::browser::{Browser, Look};
#[test]
fn shots() {
    let Ok(list) = std::env::var("SHOTS") else { return };
    let site = std::env::var("SITE").expect("site");
    let server = support::serve(std::path::Path::new(&site));
    let browser = Browser::start();
    for (n, shot) in list.split(';').enumerate() {
        let parts: Vec<&str> = shot.split(',').collect();
        let tab = browser.page(Look { width: parts[0].parse().expect("n"), height: parts[1].parse().expect("n"), dark: parts[2] == "dark", scripts: true });
        tab.goto(&format!("{}{}", server.url, parts[3]));
        for s in &parts[4..] { if !s.is_empty() { tab.run(s); } }
        std::thread::sleep(std::time::Duration::from_millis(300));
        std::fs::write(format!("/tmp/shot-theming-{n}.png"), tab.screenshot()).expect("w");
    }
}
