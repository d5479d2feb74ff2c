//! A request in, a response out, from a folder that holds a built site.
//!
//! Kept apart from the server so that every rule of HTTP stands in one place: which file an address means, in
//! which form, with which headers (RFC 9110 and RFC 9111), and what is said when there is none.

use std::path::{Path, PathBuf};

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Method, Response, StatusCode, Uri, header};

use super::negotiate::{self, Form};
use crate::diagnostic::nearest;
use crate::gzip;

/// Longer addresses are no misspelled pages.
const LONGEST_MISSING: usize = 300;

/// A built site and what is needed to serve it.
#[derive(Clone, Debug, Default)]
pub(super) struct Served {
    /// The folder that holds it.
    pub(super) folder: PathBuf,
    /// The path it is served under, with a slash at both ends.
    pub(super) base: String,
    /// Its pages: route (below the base path) and title, to suggest when an address has none.
    pub(super) pages: Vec<(String, String)>,
    /// Whether page addresses end in a slash.
    pub(super) trailing_slash: bool,
    /// Where its absolute addresses begin: scheme, host and port.
    pub(super) origin: String,
    /// The name of the build that is served.
    pub(super) build: String,
    /// Put before `</body>` of every HTML page; empty for none.
    pub(super) script: String,
    /// Shown in place of every page while a build has errors and there is no last good site.
    pub(super) notice: Option<String>,
}

/// Answers one request.
#[must_use]
pub(super) fn respond(served: &Served, method: &Method, uri: &Uri, headers: &HeaderMap) -> Response<Body> {
    if method != Method::GET && method != Method::HEAD {
        let mut response =
            text(StatusCode::METHOD_NOT_ALLOWED, "text/plain; charset=utf-8", "method not allowed\n");
        response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET, HEAD"));
        return response;
    }
    if !is_ours(headers) {
        return text(
            StatusCode::FORBIDDEN,
            "text/plain; charset=utf-8",
            "this server answers to its own address only\n",
        );
    }
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
    let form = negotiate::form(accept);
    let mut response = match (&served.notice, locate(served, uri.path())) {
        (Some(notice), _) => text(StatusCode::SERVICE_UNAVAILABLE, "text/html; charset=utf-8", notice),
        (None, Some(found)) => {
            file(served, &found, form, headers).unwrap_or_else(|| missing(served, uri.path(), form))
        }
        (None, None) => missing(served, uri.path(), form),
    };
    if method == Method::HEAD {
        *response.body_mut() = Body::empty();
    }
    response
}

/// Whether a request names this machine or an address, as a browser's own requests do. A page on the web whose
/// name was made to lead here (DNS rebinding) names itself, and may not read what is not published.
fn is_ours(headers: &HeaderMap) -> bool {
    let Some(host) = headers.get(header::HOST) else { return true };
    let Ok(host) = host.to_str() else { return false };
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    let name = name.trim_start_matches('[').trim_end_matches(']');
    name.eq_ignore_ascii_case("localhost") || name.parse::<std::net::IpAddr>().is_ok()
}

/// The file an address means.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Found {
    /// A page, by its route: it has an HTML and a Markdown form.
    Page(String),
    /// Any other file, by its path below the folder.
    File(String),
}

fn locate(served: &Served, path: &str) -> Option<Found> {
    let path = decode(path)?;
    // The base path is written as it stands in links, so encoded.
    let base = decode(&served.base)?;
    let inside = match path.strip_prefix(&base) {
        Some(inside) => inside,
        None if format!("{path}/") == base => "",
        None => return None,
    };
    let parts: Vec<&str> = inside.split('/').filter(|part| !part.is_empty()).collect();
    if parts.iter().any(|part| matches!(*part, "." | "..") || part.contains(['\\', '\0'])) {
        return None;
    }
    let plain = parts.join("/");
    let exists = |candidate: &str| is_inside(&served.folder, candidate);
    if !plain.is_empty() && !inside.ends_with('/') && exists(&plain) {
        let route = page_route(&plain);
        return Some(route.map_or(Found::File(plain.clone()), Found::Page));
    }
    let page = plain.strip_suffix(".html").unwrap_or(&plain);
    if let Some(alias) = plain.strip_suffix("/index.md").map(|route| format!("{route}.md"))
        && exists(&alias)
    {
        return Some(Found::File(alias));
    }
    (exists(&join(page, "index.html")) || exists(&format!("{page}.html")))
        .then(|| Found::Page(page.to_owned()))
}

/// The route of the page whose HTML stands at this path.
fn page_route(path: &str) -> Option<String> {
    if path == "404.html" {
        return None;
    }
    let route = path.strip_suffix(".html")?;
    Some(route.strip_suffix("/index").or((route == "index").then_some("")).unwrap_or(route).to_owned())
}

fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

#[expect(clippy::disallowed_methods, reason = "the server reads the folder it serves")]
fn is_inside(folder: &Path, path: &str) -> bool {
    // A link in the folder may not lead out of it.
    let (Ok(root), Ok(target)) = (folder.canonicalize(), folder.join(path).canonicalize()) else {
        return false;
    };
    target.starts_with(root) && target.is_file()
}

#[expect(clippy::disallowed_methods, reason = "the server reads the folder it serves")]
fn read(served: &Served, path: &str) -> Option<Vec<u8>> {
    std::fs::read(served.folder.join(path)).ok()
}

fn file(served: &Served, found: &Found, form: Form, request: &HeaderMap) -> Option<Response<Body>> {
    let (path, route) = match found {
        Found::Page(route) => {
            let markdown = if route.is_empty() { "index.md".to_owned() } else { format!("{route}.md") };
            if form == Form::Markdown && is_inside(&served.folder, &markdown) {
                (markdown, Some(route.as_str()))
            } else {
                let index = join(route, "index.html");
                let path = if is_inside(&served.folder, &index) { index } else { format!("{route}.html") };
                (path, Some(route.as_str()))
            }
        }
        Found::File(path) => (path.clone(), None),
    };
    let mut bytes = read(served, &path)?;
    let kind = media_type(&path);
    if kind.starts_with("text/html") {
        bytes = with_script(bytes, &served.script);
    }
    let packs = bytes.len() > 1024 && is_text(kind) && takes_gzip(request);
    let tag = format!("\"{}{}\"", &blake3::hash(&bytes).to_hex()[..24], if packs { "-gzip" } else { "" });
    let unchanged = request.get_all(header::IF_NONE_MATCH).iter().any(|value| {
        value.to_str().is_ok_and(|value| {
            value
                .split(',')
                .any(|entry| matches!(entry.trim(), "*") || entry.trim().trim_start_matches("W/") == tag)
        })
    });
    let mut response = if unchanged {
        text(StatusCode::NOT_MODIFIED, kind, "")
    } else {
        let mut response = text(StatusCode::OK, kind, "");
        *response.body_mut() = Body::from(if packs { gzip::packed(&bytes) } else { bytes.clone() });
        response
    };
    let headers = response.headers_mut();
    set(headers, header::ETAG, &tag);
    if packs && !unchanged {
        set(headers, header::CONTENT_ENCODING, "gzip");
    }
    let varies = [route.is_some().then_some("Accept"), is_text(kind).then_some("Accept-Encoding")];
    let varies: Vec<&str> = varies.into_iter().flatten().collect();
    if !varies.is_empty() {
        set(headers, header::VARY, &varies.join(", "));
    }
    let address = |path: &str| format!("{}{path}", served.base);
    if let Some(page) = route.map(str::to_owned).or_else(|| markdown_route(served, &path)) {
        let canonical = format!("{}{}", served.origin, address(&page_path(served, &page)));
        let markdown = if page.is_empty() { "index.md".to_owned() } else { format!("{page}.md") };
        if path.ends_with(".md") {
            set(headers, header::LINK, &format!("<{canonical}>; rel=\"canonical\""));
            set(headers, header::HeaderName::from_static("x-robots-tag"), "noindex");
            if let Some(tokens) = tokens(&bytes) {
                set(headers, header::HeaderName::from_static("x-markdown-tokens"), tokens);
            }
            if route.is_some() {
                set(headers, header::CONTENT_LOCATION, &address(&markdown));
            }
        } else {
            let link = format!(
                "<{}>; rel=\"alternate\"; type=\"text/markdown\", <{}>; rel=\"describedby\"; type=\"text/plain\", <{canonical}>; rel=\"canonical\"",
                address(&markdown),
                address(&join(&page, "llms.txt")),
            );
            set(headers, header::LINK, &link);
        }
    }
    Some(response)
}

/// The route of the page whose Markdown stands at this path, all of it or a variant (`a/b.choice.md`).
fn markdown_route(served: &Served, path: &str) -> Option<String> {
    let route = path.strip_suffix(".md")?;
    let page = |route: &str| {
        let route = if route == "index" { "" } else { route };
        served.pages.iter().any(|(page, _)| page == route).then(|| route.to_owned())
    };
    page(route).or_else(|| page(route.rsplit_once('.')?.0))
}

fn page_path(served: &Served, route: &str) -> String {
    if served.trailing_slash && !route.is_empty() { format!("{route}/") } else { route.to_owned() }
}

/// The number in the `tokens:` line of a page's YAML header.
fn tokens(markdown: &[u8]) -> Option<&str> {
    let header = std::str::from_utf8(markdown).ok()?.strip_prefix("---\n")?;
    header.split("\n---").next()?.lines().find_map(|line| line.strip_prefix("tokens: "))
}

/// The page for an address that has none, with the three pages whose addresses are most like it.
fn missing(served: &Served, path: &str, form: Form) -> Response<Body> {
    let wanted = decode(path).unwrap_or_default();
    let base = decode(&served.base).unwrap_or_default();
    let wanted = wanted.strip_prefix(&base).unwrap_or(&wanted);
    let wanted = wanted.trim_matches('/').trim_end_matches(".md").trim_end_matches(".html");
    let near = near(served, wanted);
    let mut response = match form {
        Form::Markdown => {
            let mut body = format!(
                "# Page not found\n\n`{}` is not a page of this site. The index of the site is {}{}llms.txt.\n",
                path.replace('`', "'"),
                served.origin,
                served.base
            );
            if !near.is_empty() {
                body.push_str("\nThe nearest pages:\n\n");
            }
            for (route, title) in &near {
                let markdown = if route.is_empty() { "index" } else { route };
                body.push_str(&format!("- [{title}]({}{}{markdown}.md)\n", served.origin, served.base));
            }
            text(StatusCode::NOT_FOUND, "text/markdown; charset=utf-8", &body)
        }
        Form::Html => {
            let page = read(served, "404.html").and_then(|bytes| String::from_utf8(bytes).ok());
            let page = page.unwrap_or_else(|| {
                "<!doctype html><title>Not found</title><main><h1>Not found</h1></main>".to_owned()
            });
            let mut list = String::new();
            for (route, title) in &near {
                let url = format!("{}{}", served.base, page_path(served, route));
                list.push_str(&format!(
                    "<li><a class=\"card\" href=\"{}\"><strong class=\"card-title\">{}</strong></a></li>",
                    escape(&url),
                    escape(title)
                ));
            }
            let page = page.replacen("<!-- nearest -->", &list, 1);
            let mut response = text(StatusCode::NOT_FOUND, "text/html; charset=utf-8", "");
            *response.body_mut() = Body::from(with_script(page.into_bytes(), &served.script));
            response
        }
    };
    set(response.headers_mut(), header::VARY, "Accept");
    response
}

fn near(served: &Served, wanted: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    // To compare an address of any length with those of all pages would keep the server busy.
    if wanted.len() > LONGEST_MISSING {
        return found;
    }
    let mut pages = served.pages.clone();
    let last = wanted.rsplit('/').next().unwrap_or(wanted);
    while found.len() < 3 {
        let by_route = nearest(wanted, pages.iter().map(|(route, _)| route.as_str()));
        let by_name = || {
            let name = |route: &str| route.rsplit('/').next().unwrap_or_default().to_owned();
            let names: Vec<String> = pages.iter().map(|(route, _)| name(route)).collect();
            let best = nearest(last, names.iter().map(String::as_str))?.to_owned();
            pages.iter().find(|(route, _)| name(route) == best).map(|(route, _)| route.clone())
        };
        let Some(route) = by_route.map(str::to_owned).or_else(by_name) else { break };
        let Some(at) = pages.iter().position(|(page, _)| *page == route) else { break };
        found.push(pages.remove(at));
    }
    found
}

fn with_script(bytes: Vec<u8>, script: &str) -> Vec<u8> {
    if script.is_empty() {
        return bytes;
    }
    match String::from_utf8(bytes) {
        Ok(mut page) => {
            let at = page.rfind("</body>").unwrap_or(page.len());
            page.insert_str(at, script);
            page.into_bytes()
        }
        Err(error) => error.into_bytes(),
    }
}

fn text(status: StatusCode, kind: &'static str, body: &str) -> Response<Body> {
    let mut response = Response::new(Body::from(body.to_owned()));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    // A preview changes with every save: what a browser holds must be asked about each time.
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response.headers_mut().insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

fn set(headers: &mut HeaderMap, name: header::HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

/// Decodes `%xx`; nothing when what comes out is no UTF-8.
fn decode(path: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        let hex = (first == b'%').then(|| tail.get(..2)).flatten();
        match hex.and_then(|hex| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &tail[2..];
            }
            None => {
                bytes.push(first);
                rest = tail;
            }
        }
    }
    String::from_utf8(bytes).ok()
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}

/// Whether a browser takes what is packed with gzip. A page is then as quick as on a host that packs, and what is
/// measured of it is true.
fn takes_gzip(request: &HeaderMap) -> bool {
    request.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok()).any(|value| {
        value.split(',').any(|entry| {
            let (name, weight) = entry.split_once(';').unwrap_or((entry, ""));
            let refused = weight.trim().strip_prefix("q=").is_some_and(|q| q.parse() == Ok(0.0));
            name.trim().eq_ignore_ascii_case("gzip") && !refused
        })
    })
}

fn is_text(kind: &str) -> bool {
    kind.starts_with("text/")
        || kind.starts_with("application/json")
        || matches!(kind, "application/xml" | "application/atom+xml" | "image/svg+xml" | "application/wasm")
}

/// The media type of a file, by its ending.
fn media_type(path: &str) -> &'static str {
    let ending = path.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default();
    match ending.as_str() {
        "html" => "text/html; charset=utf-8",
        "md" => "text/markdown; charset=utf-8",
        "txt" => "text/plain; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "json" if path.ends_with(".procedure.json") => "application/json; charset=utf-8",
        "json" | "map" => "application/json",
        "xml" => "application/xml",
        "atom" => "application/atom+xml",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "woff" => "font/woff",
        "pdf" => "application/pdf",
        "mp4" => "video/mp4",
        "webm" => "video/webm",
        "wasm" => "application/wasm",
        "zip" => "application/zip",
        "yaml" | "yml" | "toml" | "csv" | "sh" | "ps1" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "a test writes the site that it serves")]
mod tests {
    use axum::body::HttpBody;

    use super::*;

    fn site() -> (tempfile::TempDir, Served) {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let files = [
            ("index.html", "<body>home</body>"),
            ("index.md", "---\ntitle: Home\ntokens: 7\n---\n\n# Home\n"),
            ("a/b/index.html", "<body>b</body>"),
            ("a/b.md", "# B\n"),
            ("a/b.one.md", "---\ntokens: 9\n---\n\n# B\n"),
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
            base: "/".to_owned(),
            pages: vec![(String::new(), "Home".to_owned()), ("a/b".to_owned(), "B".to_owned())],
            trailing_slash: true,
            origin: "http://127.0.0.1:3000".to_owned(),
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
        assert!(header_of(&variant, header::LINK).contains("/a/b/>; rel=\"canonical\""));
        assert_eq!(header_of(&variant, header::HeaderName::from_static("x-markdown-tokens")), "9");
        let home = get(&served, "/index.md", &[]);
        assert_eq!(header_of(&home, header::HeaderName::from_static("x-markdown-tokens")), "7");
        assert_eq!(header_of(&home, header::LINK), "<http://127.0.0.1:3000/>; rel=\"canonical\"");
    }

    #[test]
    fn nothing_outside_the_folder() {
        let (_folder, served) = site();
        for path in ["/../Cargo.toml", "/%2e%2e/Cargo.toml", "/a/..%2f..%2fetc/passwd", "/%5c..%5cx", "/%00"]
        {
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
        served.base = "/d%C3%B6k%C3%BC/".to_owned();
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
}
