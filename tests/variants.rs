//! Smaller copies of images, with the feature `images`.

#![cfg(feature = "images")]
#![expect(clippy::disallowed_methods, reason = "tests stand outside of the program, in the world")]

use std::path::Path;

use waypost::{Mode, Settings};

#[test]
fn copies_are_made_once_and_only_where_they_are_smaller() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let root = folder.path();
    std::fs::create_dir(root.join("content")).expect("a folder");
    let guide = Path::new(env!("CARGO_MANIFEST_DIR")).join("content/static/img/guide.png");
    std::fs::copy(&guide, root.join("content/guide.png")).expect("a picture");
    let book = "[book]\ntitle = \"T\"\nsrc = \"content\"\n[images]\nvariants = [\"webp\"]\nwidths = [400]\nquality = 60\n";
    std::fs::write(root.join("book.toml"), book).expect("a file");
    std::fs::write(
        root.join("content/index.md"),
        "---\ntitle: A\ndescription: A page of its own.\n---\n\n![Guide](guide.png)\n",
    )
    .expect("a file");
    let build = || {
        let settings =
            Settings { root: root.to_owned(), out: None, origin: None, mode: Mode::Build, progress: None };
        let report = waypost::build(&settings).expect("it builds");
        assert!(report.diagnostics.is_empty(), "{:?}", report.diagnostics);
        report.summary.expect("it was written")
    };
    build();
    let html = std::fs::read_to_string(root.join("book/index.html")).expect("the page");
    let set = html.split("srcset=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("copies");
    let original = std::fs::metadata(&guide).expect("there").len();
    for copy in set.split(", ") {
        let (address, width) = copy.split_once(' ').expect("a width");
        assert!(["400w", "1440w"].contains(&width), "{set}");
        let bytes = std::fs::read(root.join("book").join(&address[1..])).expect("the copy was written");
        assert!(bytes.starts_with(b"RIFF") && (bytes.len() as u64) < original);
    }
    assert!(set.contains("400w"), "{set}");
    assert!(html.contains("<img src=\"/guide.png\""), "the image itself stays for those who ask for it");
    let kept = || std::fs::read_dir(root.join(".waypost/images")).expect("there").count();
    assert_eq!(kept(), 2);
    let again = build();
    assert_eq!(again.written, 0, "the same bytes");

    // What no page shows any more is not kept.
    std::fs::write(
        root.join("content/index.md"),
        "---\ntitle: A\ndescription: A page of its own.\n---\n\nWords.\n",
    )
    .expect("a file");
    build();
    assert_eq!(kept(), 0);
}
