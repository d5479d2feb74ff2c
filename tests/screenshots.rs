//! Takes the pictures of the README: `make screenshots`. Not a test of anything, so it runs only when it is asked for.
//!
//! Each picture is a sheet: one page at 1440, 768 and 360 px, light beside dark, as small as WebP makes it.

#![expect(clippy::disallowed_methods, reason = "tests stand outside of the program, in the world")]

mod support;

use std::path::Path;

use support::browser::{Browser, Look, Tab};

/// A page to take: the name of the picture, the address, and what is done there first.
struct Shot {
    name: &'static str,
    path: &'static str,
    prepare: fn(&Tab<'_>),
}

const SHOTS: [Shot; 6] = [
    Shot { name: "home", path: "", prepare: |_| {} },
    Shot {
        name: "tabs",
        path: "networking/connect/azure/?tab=VNet%20peering",
        prepare: |tab| bring(tab, ".tabs", 40),
    },
    Shot {
        name: "vhub",
        path: "networking/connect/azure/private/vhub-peering/",
        prepare: |tab| bring(tab, ".code-block:has(.code-title):has(code .line)", 24),
    },
    Shot { name: "reference", path: "waypost/book-toml/", prepare: |tab| bring(tab, "table", 140) },
    Shot { name: "search", path: "networking/networking-overview/", prepare: search },
    Shot { name: "missing", path: "networking/connect/azure/vnet-peerings", prepare: |_| {} },
];

/// The windows of a sheet, and how wide each is drawn on it.
const WINDOWS: [(u32, u32, u32); 3] = [(1440, 900, 720), (768, 900, 384), (360, 780, 208)];

/// Scrolls so that an element stands some pixels below the header.
fn bring(tab: &Tab<'_>, selector: &str, room: u32) {
    tab.until(&format!("document.querySelector('.prose').querySelector({selector:?})"));
    tab.run(&format!(
        "const top = document.querySelector('.prose').querySelector({selector:?}).getBoundingClientRect().top, \
         header = document.querySelector('.header').offsetHeight; \
         scrollBy({{ top: top - header - {room}, behavior: 'instant' }})"
    ));
}

fn search(tab: &Tab<'_>) {
    tab.press("Control+k");
    tab.until("document.querySelector('dialog[open]')");
    tab.write("role definition");
    tab.until("document.querySelector('dialog[open] mark')");
    std::thread::sleep(std::time::Duration::from_millis(300));
}

#[test]
#[ignore = "writes pictures into the repository: `make screenshots`"]
fn pictures_are_taken() {
    let folder = support::shipped();
    let server = support::serve(&folder.path().join("site"));
    let to = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/screenshots");
    std::fs::create_dir_all(&to).expect("the folder is made");
    let browser = Browser::start();
    let drafts = tempfile::tempdir().expect("a temporary folder");
    for shot in &SHOTS {
        let mut rows = String::new();
        for dark in [false, true] {
            for (width, height, drawn) in WINDOWS {
                let tab = browser.page(Look { width, height, dark, scripts: true });
                tab.goto(&format!("{}{}", server.url, shot.path));
                // Bars belong to a desk, not to a page; headless, they are an empty strip.
                tab.run("document.documentElement.style.scrollbarGutter = 'auto'");
                (shot.prepare)(&tab);
                std::thread::sleep(std::time::Duration::from_millis(200));
                let name = format!("{}-{width}-{dark}.png", shot.name);
                std::fs::write(drafts.path().join(&name), tab.screenshot()).expect("written");
                rows.push_str(&format!("<img src=\"{name}\" width=\"{drawn}\">"));
                assert_eq!(tab.thrown(), Vec::<String>::new());
            }
        }
        let sheet = format!(
            "<!doctype html><style>body{{margin:0;padding:20px;display:grid;grid-template-columns:repeat(3,auto);justify-content:center;\
             gap:20px;background:#dfe6e4}}img{{border-radius:8px;box-shadow:0 0 0 1px #0002}}</style>{rows}"
        );
        let page = drafts.path().join("sheet.html");
        std::fs::write(&page, sheet).expect("written");
        let tab = browser.page(Look { width: 1392, height: 962, dark: false, scripts: true });
        tab.goto(&format!("file://{}", page.display()));
        tab.until("[...document.images].every(image => image.complete && image.naturalWidth)");
        let picture = tab.picture(72);
        std::fs::write(to.join(format!("{}.webp", shot.name)), picture).expect("written");
    }
}
