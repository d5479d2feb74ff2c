//! Requests to a small site that lies on the disk.

#![expect(clippy::disallowed_methods, reason = "a test writes the site that it serves")]

use axum::body::HttpBody;

use axum::body::Body;
use axum::http::{HeaderMap, Method, Response, StatusCode, header};

use super::missing::near;
use super::{Served, respond};
use crate::hosts;

fn site() -> (tempfile::TempDir, Served) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let files = [
        ("index.html", "<body>home</body>"),
        ("index.md", "---\ntitle: Home\ntokens: 7\n---\n\n# Home\n"),
        ("a/b/index.html", "<body>b</body>"),
        ("a/b.md", "# B\n"),
        ("a/b.one.md", "---\ncanonical_url: http://127.0.0.1:3000/a/b/\ntokens: 9\n---\n\n# B\n"),
        ("a/b/llms.txt", "# B\n"),
        ("404.html", "<body>no <!-- nearest --></body>"),
        ("llms.txt", "# Site\n"),
    ];
    for (path, content) in files {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().expect("it has a folder")).expect("made");
        std::fs::write(path, content).expect("written");
    }
    let served = Served {
        folder: folder.path().to_owned(),
        site: hosts::Site {
            origin: "http://127.0.0.1:3000".to_owned(),
            base: "/".to_owned(),
            plain_base: "/".to_owned(),
            trailing_slash: true,
            ..hosts::Site::default()
        },
        pages: vec![(String::new(), "Home".to_owned()), ("a/b".to_owned(), "B".to_owned())],
        ..Served::default()
    };
    (folder, served)
}

fn get(served: &Served, path: &str, headers: &[(header::HeaderName, &str)]) -> Response<Body> {
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        map.insert(name.clone(), value.parse().expect("a header"));
    }
    respond(served, &Method::GET, &path.parse().expect("an address"), &map)
}

fn header_of(response: &Response<Body>, name: header::HeaderName) -> &str {
    response.headers().get(name).map_or("", |value| value.to_str().expect("text"))
}

#[test]
fn a_page_has_two_forms_with_tags_of_their_own() {
    let (_folder, served) = site();
    let html = get(&served, "/a/b/", &[]);
    let markdown = get(&served, "/a/b", &[(header::ACCEPT, "text/markdown")]);
    assert_eq!(header_of(&html, header::CONTENT_TYPE), "text/html; charset=utf-8");
    assert_eq!(header_of(&markdown, header::CONTENT_TYPE), "text/markdown; charset=utf-8");
    assert_eq!(header_of(&markdown, header::CONTENT_LOCATION), "/a/b.md");
    assert_eq!(header_of(&html, header::VARY), "Accept, Accept-Encoding");
    assert_ne!(header_of(&html, header::ETAG), header_of(&markdown, header::ETAG));
    assert!(header_of(&html, header::LINK).contains("</a/b.md>; rel=\"alternate\""));
    let again = get(&served, "/a/b/", &[(header::IF_NONE_MATCH, header_of(&html, header::ETAG))]);
    assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
}

#[test]
fn addresses_of_markdown() {
    let (_folder, served) = site();
    for path in ["/a/b.md", "/a/b/index.md", "/index.md"] {
        let response = get(&served, path, &[]);
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        assert_eq!(header_of(&response, header::CONTENT_TYPE), "text/markdown; charset=utf-8", "{path}");
    }
    let variant = get(&served, "/a/b.one.md", &[]);
    assert_eq!(header_of(&variant, header::LINK), "<http://127.0.0.1:3000/a/b/>; rel=\"canonical\"");
    assert_eq!(header_of(&variant, header::HeaderName::from_static("x-markdown-tokens")), "9");
    let home = get(&served, "/index.md", &[]);
    assert_eq!(header_of(&home, header::HeaderName::from_static("x-markdown-tokens")), "7");
    assert_eq!(header_of(&home, header::LINK), "<http://127.0.0.1:3000/>; rel=\"canonical\"");
}

#[test]
fn nothing_outside_the_folder() {
    let (_folder, served) = site();
    for path in ["/../Cargo.toml", "/%2e%2e/Cargo.toml", "/a/..%2f..%2fetc/passwd", "/%5c..%5cx", "/%00"] {
        assert_eq!(get(&served, path, &[]).status(), StatusCode::NOT_FOUND, "{path}");
    }
}

#[test]
fn other_names_are_refused() {
    let (_folder, served) = site();
    for host in ["localhost:3000", "127.0.0.1:3000", "[::1]:3000", "192.168.0.7"] {
        assert_eq!(get(&served, "/", &[(header::HOST, host)]).status(), StatusCode::OK, "{host}");
    }
    for host in ["evil.example", "evil.example:3000", "localhost.evil.example"] {
        assert_eq!(get(&served, "/", &[(header::HOST, host)]).status(), StatusCode::FORBIDDEN, "{host}");
    }
}

#[test]
fn a_base_path_in_any_script() {
    let (_folder, mut served) = site();
    served.site.base = "/d%C3%B6k%C3%BC/".to_owned();
    served.site.plain_base = "/d\u{f6}k\u{fc}/".to_owned();
    assert_eq!(get(&served, "/d%C3%B6k%C3%BC/a/b/", &[]).status(), StatusCode::OK);
    assert_eq!(get(&served, "/a/b/", &[]).status(), StatusCode::NOT_FOUND);
}

#[test]
fn text_is_packed_for_who_takes_it() {
    let (folder, served) = site();
    std::fs::write(folder.path().join("long.css"), "a { color: red }\n".repeat(200)).expect("written");
    std::fs::write(folder.path().join("long.png"), [0; 4000]).expect("written");
    let encoding = |path: &str, takes: &str| {
        let response = get(&served, path, &[(header::ACCEPT_ENCODING, takes)]);
        let length = response.body().size_hint().exact().expect("known");
        let headers = response.headers();
        (headers.contains_key(header::CONTENT_ENCODING), length, headers[header::ETAG].clone())
    };
    let (packed, length, tag) = encoding("/long.css", "br, gzip");
    assert!(packed && length < 200, "{length}");
    let (plain, whole, other) = encoding("/long.css", "gzip;q=0, br");
    assert!(!plain && whole == 3400 && tag != other, "{whole}");
    assert!(!encoding("/long.png", "gzip").0, "pictures are small already");
    let again = get(
        &served,
        "/long.css",
        &[(header::ACCEPT_ENCODING, "gzip"), (header::IF_NONE_MATCH, tag.to_str().expect("text"))],
    );
    assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
}

#[test]
fn a_missing_page_names_the_nearest() {
    let (_folder, served) = site();
    let response = get(&served, "/a/bb", &[(header::ACCEPT, "text/markdown")]);
    assert_eq!(response.status(), StatusCode::NOT_FOUND);
    assert_eq!(near(&served, "a/bb"), [("a/b".to_owned(), "B".to_owned())]);
    assert_eq!(near(&served, "zzz/b"), [("a/b".to_owned(), "B".to_owned())]);
}

#[test]
fn pages_with_the_words_of_a_missing_address_come_near() {
    let (_folder, mut served) = site();
    let routes = [
        "azure/overview",
        "net/azure/vnet-peering",
        "net/azure/vpn",
        "net/aws/vpn",
        "net/azure/vnet-peering/more",
    ];
    served.pages = routes.map(|route| (route.to_owned(), String::new())).to_vec();
    let found: Vec<String> = near(&served, "azure/vnet").into_iter().map(|(route, _)| route).collect();
    assert_eq!(found, ["net/azure/vnet-peering", "net/azure/vnet-peering/more", "net/azure/vpn"]);
    assert!(near(&served, "nothing/of/this").is_empty());
}
