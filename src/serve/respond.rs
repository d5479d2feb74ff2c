//! A request in, a response out, from a folder that holds a built site.
//!
//! Kept apart from the server so that every rule of HTTP stands in one place: which file an address means, in
//! which form, with which headers (RFC 9110 and RFC 9111), and what is said when there is none.

use std::path::{Path, PathBuf};

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Method, Response, StatusCode, Uri, header};

use crate::diagnostic::nearest;
use crate::gzip;
use crate::hosts::negotiate::{self, Form};
use crate::hosts::{self, types};

/// Longer addresses are no misspelled pages.
const LONGEST_MISSING: usize = 300;

/// What a browser may keep of a site that is served as a host would serve it.
const KEEPS: &str = "max-age=300, must-revalidate";
/// The same, of a file whose name changes with what is in it.
const KEEPS_FOR_EVER: &str = "public, max-age=31536000, immutable";
/// A preview changes with every save: what a browser holds must be asked about each time.
const ASKS: &str = "no-cache";

/// A built site and what is needed to serve it.
#[derive(Clone, Debug, Default)]
pub(super) struct Served {
    /// The folder that holds it.
    pub(super) folder: PathBuf,
    /// Where it stands, and where its old addresses lead.
    pub(super) site: hosts::Site,
    /// Its pages: route (below the base path) and title, to suggest when an address has none.
    pub(super) pages: Vec<(String, String)>,
    /// Whether it is built again when its sources change.
    pub(super) changes: bool,
    /// Whether a missing page is no error where it is said in Markdown.
    pub(super) soft_404: bool,
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
        let mut response = text(StatusCode::METHOD_NOT_ALLOWED, "method not allowed\n");
        response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET, HEAD"));
        return response;
    }
    if !is_ours(headers) {
        return text(StatusCode::FORBIDDEN, "this server answers to its own address only\n");
    }
    let mut accept = accept(headers);
    let user_agent =
        headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let by_name = negotiate::is_agent(user_agent) && !negotiate::names_html(&accept);
    if by_name {
        "text/markdown".clone_into(&mut accept);
    }
    let mut answer = match (&served.notice, locate(served, uri.path())) {
        (Some(notice), _) => {
            let kind = types::of("notice.html");
            Answer {
                status: StatusCode::SERVICE_UNAVAILABLE,
                ..Answer::new(notice.clone().into_bytes(), kind)
            }
        }
        (None, Some(Found::Moved(to))) => return moved(served, &to),
        (None, Some(Found::Page(route))) => page(served, &route, &accept),
        (None, Some(Found::File(path))) => file(served, &path),
        (None, None) => missing(served, uri.path(), &accept),
    };
    answer.by_name = by_name;
    if served.soft_404 && answer.status == StatusCode::NOT_FOUND && answer.kind.starts_with("text/markdown") {
        answer.status = StatusCode::OK;
    }
    answer.respond(served, method, headers)
}

/// All lines of the header as one list, as the standard reads them.
fn accept(headers: &HeaderMap) -> String {
    let lines = headers.get_all(header::ACCEPT).iter();
    lines.filter_map(|value| value.to_str().ok()).collect::<Vec<_>>().join(", ")
}

/// What is to be sent, before the request's conditions and encodings are looked at.
struct Answer {
    status: StatusCode,
    bytes: Vec<u8>,
    kind: String,
    /// Whether another `Accept` header would have got another form.
    negotiated: bool,
    /// Whether the form was chosen by who asks: nobody else may get it from a cache.
    by_name: bool,
    headers: Vec<(header::HeaderName, String)>,
    cache: &'static str,
}

impl Answer {
    fn new(bytes: Vec<u8>, kind: String) -> Self {
        Self {
            status: StatusCode::OK,
            bytes,
            kind,
            negotiated: false,
            by_name: false,
            headers: Vec::new(),
            cache: KEEPS,
        }
    }

    fn respond(self, served: &Served, method: &Method, request: &HeaderMap) -> Response<Body> {
        let packs = self.bytes.len() > 1024 && types::is_packed(plain(&self.kind)) && takes_gzip(request);
        let tag =
            format!("\"{}{}\"", &blake3::hash(&self.bytes).to_hex()[..24], if packs { "-gzip" } else { "" });
        let is_unchanged = self.status == StatusCode::OK && names(request, &tag);
        let mut response = Response::new(Body::empty());
        *response.status_mut() = if is_unchanged { StatusCode::NOT_MODIFIED } else { self.status };
        let headers = response.headers_mut();
        set(headers, header::CACHE_CONTROL, if served.changes { ASKS } else { self.cache });
        set(headers, header::X_CONTENT_TYPE_OPTIONS, "nosniff");
        let varies = [
            self.negotiated.then_some("Accept"),
            (self.negotiated && self.by_name).then_some("User-Agent"),
            types::is_packed(plain(&self.kind)).then_some("Accept-Encoding"),
        ];
        let varies: Vec<&str> = varies.into_iter().flatten().collect();
        if !varies.is_empty() {
            set(headers, header::VARY, &varies.join(", "));
        }
        for (name, value) in self.headers {
            set(headers, name, &value);
        }
        if self.status == StatusCode::OK {
            set(headers, header::ETAG, &tag);
            set(headers, header::ACCEPT_RANGES, "none");
        }
        if is_unchanged {
            return response;
        }
        set(headers, header::CONTENT_TYPE, &self.kind);
        let bytes = if packs { gzip::packed(&self.bytes) } else { self.bytes };
        if packs {
            set(headers, header::CONTENT_ENCODING, "gzip");
        }
        // Said here, as it is the same where the body itself is left out.
        set(headers, header::CONTENT_LENGTH, &bytes.len().to_string());
        if method != Method::HEAD {
            *response.body_mut() = Body::from(bytes);
        }
        response
    }
}

/// A media type without its parameters.
fn plain(kind: &str) -> &str {
    kind.split(';').next().unwrap_or(kind)
}

/// Whether the client holds what would be sent.
fn names(request: &HeaderMap, tag: &str) -> bool {
    let lines = request.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    lines.flat_map(|line| line.split(',')).any(|entry| {
        let entry = entry.trim();
        entry == "*" || entry.strip_prefix("W/").unwrap_or(entry) == tag
    })
}

fn moved(served: &Served, to: &str) -> Response<Body> {
    let mut response = text(StatusCode::MOVED_PERMANENTLY, "moved\n");
    let headers = response.headers_mut();
    set(headers, header::LOCATION, to);
    set(headers, header::CACHE_CONTROL, if served.changes { ASKS } else { KEEPS });
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

/// What an address means.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Found {
    /// A page, by its route: it has an HTML and a Markdown form.
    Page(String),
    /// Any other file, by its path below the folder.
    File(String),
    /// What stood there stands elsewhere.
    Moved(String),
}

fn locate(served: &Served, path: &str) -> Option<Found> {
    let path = decode(path)?;
    let base = &served.site.plain_base;
    let inside = match path.strip_prefix(base) {
        Some(inside) => inside,
        None if format!("{path}/") == *base => return Some(Found::Moved(served.site.base.clone())),
        None => return None,
    };
    let parts: Vec<&str> = inside.split('/').filter(|part| !part.is_empty()).collect();
    if parts.iter().any(|part| matches!(*part, "." | "..") || part.contains(['\\', '\0'])) {
        return None;
    }
    let named = parts.join("/");
    let route = hosts::route(&named);
    if let Some(to) = served.site.redirects.get(&route) {
        return Some(Found::Moved(to.clone()));
    }
    let exists = |candidate: &str| is_inside(&served.folder, candidate);
    if !inside.ends_with('/') && !named.ends_with(".html") && exists(&named) {
        return Some(Found::File(named));
    }
    if named == "404.html" {
        return Some(Found::File(named));
    }
    if html_of(served, &route).is_some() {
        return Some(Found::Page(route));
    }
    // `a/b/index.md` for `a/b.md`, and HTML that the site brings itself.
    [route, named].into_iter().find(|path| !inside.ends_with('/') && exists(path)).map(Found::File)
}

/// The file that holds a page's HTML.
fn html_of(served: &Served, route: &str) -> Option<String> {
    if route == "404" {
        return None;
    }
    [join(route, "index.html"), format!("{route}.html")]
        .into_iter()
        .find(|path| is_inside(&served.folder, path))
}

fn markdown_of(served: &Served, route: &str) -> Option<String> {
    Some(markdown_file(route)).filter(|path| is_inside(&served.folder, path))
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

/// A page, in the form that is asked for.
fn page(served: &Served, route: &str, accept: &str) -> Answer {
    let markdown = markdown_of(served, route);
    let mut answer = match &markdown {
        Some(markdown) if negotiate::form(accept) == Form::Markdown => {
            let mut answer = file(served, markdown);
            answer.headers.push((header::CONTENT_LOCATION, served.site.address(markdown)));
            answer
        }
        _ => {
            let path = html_of(served, route).unwrap_or_default();
            let mut answer = file(served, &path);
            let index = join(route, "llms.txt");
            let is_listed = markdown.is_some() && is_inside(&served.folder, &index);
            let index = if is_listed { index.as_str() } else { "llms.txt" };
            let mut links = Vec::new();
            if let Some(markdown) = &markdown {
                let address = served.site.address(markdown);
                links.push(format!("<{address}>; rel=\"alternate\"; type=\"text/markdown\""));
            }
            let index = served.site.address(index);
            links.push(format!("<{index}>; rel=\"describedby\"; type=\"text/plain\""));
            links.push(canonical(served, route));
            answer.headers.push((header::LINK, links.join(", ")));
            answer
        }
    };
    answer.negotiated = true;
    answer
}

fn canonical(served: &Served, route: &str) -> String {
    let slash = if served.site.trailing_slash && !route.is_empty() { "/" } else { "" };
    format!("<{}{}{slash}>; rel=\"canonical\"", served.site.origin, served.site.address(route))
}

/// A file as it is.
fn file(served: &Served, path: &str) -> Answer {
    // It was there a moment ago: a build takes files away.
    let Some(mut bytes) = read(served, path) else { return missing(served, path, "") };
    let kind = types::of(path);
    if kind.starts_with("text/html") {
        bytes = with_script(bytes, &served.script);
    }
    let mut headers = Vec::new();
    let robots = || (header::HeaderName::from_static("x-robots-tag"), "noindex".to_owned());
    if let Some(stem) = path.strip_suffix(".md") {
        headers.push(robots());
        if let Some(tokens) = value(&bytes, "tokens") {
            headers.push((header::HeaderName::from_static("x-markdown-tokens"), tokens.to_owned()));
        }
        // Markdown that has no page of its own, a variant, says itself which it belongs to.
        let route = if stem == "index" { "" } else { stem };
        let own = || {
            value(&bytes, "canonical_url")
                .map(|url| format!("<{}>; rel=\"canonical\"", url.trim_matches('"')))
        };
        if html_of(served, route).is_some() {
            headers.push((header::LINK, canonical(served, route)));
        } else if let Some(link) = own() {
            headers.push((header::LINK, link));
        }
    } else if served.site.noindex {
        headers.push(robots());
    }
    let mut answer = Answer::new(bytes, kind);
    answer.headers = headers;
    if hosts::is_immutable(&served.site, path) {
        answer.cache = KEEPS_FOR_EVER;
    }
    answer
}

fn markdown_file(route: &str) -> String {
    if route.is_empty() { "index.md".to_owned() } else { format!("{route}.md") }
}

fn page_path(served: &Served, route: &str) -> String {
    if served.site.trailing_slash && !route.is_empty() { format!("{route}/") } else { route.to_owned() }
}

/// What a line of a page's YAML header says.
fn value<'a>(markdown: &'a [u8], key: &str) -> Option<&'a str> {
    let header = std::str::from_utf8(markdown).ok()?.strip_prefix("---\n")?;
    let mut lines = header.split("\n---").next()?.lines();
    lines.find_map(|line| line.strip_prefix(key)?.strip_prefix(": "))
}

/// The page for an address that has none, with the three pages whose addresses are most like it.
fn missing(served: &Served, path: &str, accept: &str) -> Answer {
    let wanted = decode(path).unwrap_or_default();
    let site = &served.site;
    let wanted = wanted.strip_prefix(&site.plain_base).unwrap_or(&wanted);
    let wanted = hosts::route(wanted.trim_matches('/'));
    let near = near(served, wanted.trim_end_matches(".md"));
    // Who asks for Markdown by its address and does not say that it is a browser can read it.
    let by_name = wanted.ends_with(".md") && !negotiate::names_html(accept);
    let mut answer = if negotiate::form(accept) == Form::Markdown || by_name {
        let mut body = format!(
            "# Page not found\n\n`{}` is not a page of this site. The index of the site is {}{}llms.txt.\n",
            path.replace('`', "'"),
            site.origin,
            site.base
        );
        if !near.is_empty() {
            body.push_str("\nThe nearest pages:\n\n");
        }
        for (route, title) in &near {
            let url = format!("{}{}", site.origin, site.address(&markdown_file(route)));
            body.push_str(&format!("- [{}]({url})\n", title.replace(['[', ']'], "")));
        }
        Answer::new(body.into_bytes(), types::of("404.md"))
    } else {
        let page = read(served, "404.html").and_then(|bytes| String::from_utf8(bytes).ok());
        let page = page.unwrap_or_else(|| {
            "<!doctype html><title>Not found</title><main><h1>Not found</h1></main>".to_owned()
        });
        let mut list = String::new();
        for (route, title) in &near {
            let url = site.address(&page_path(served, route));
            list.push_str(&format!(
                "<li><a class=\"card\" href=\"{}\"><strong class=\"card-title\">{}</strong></a></li>",
                escape(&url),
                escape(title)
            ));
        }
        let page = page.replacen("<!-- nearest -->", &list, 1);
        Answer::new(with_script(page.into_bytes(), &served.script), types::of("404.html"))
    };
    answer.status = StatusCode::NOT_FOUND;
    answer.negotiated = true;
    answer
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

fn text(status: StatusCode, body: &'static str) -> Response<Body> {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    set(response.headers_mut(), header::CONTENT_TYPE, "text/plain; charset=utf-8");
    set(response.headers_mut(), header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    response
}

fn set(headers: &mut HeaderMap, name: header::HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

/// Decodes `%xx`; nothing when what comes out is no UTF-8.
fn decode(path: &str) -> Option<String> {
    String::from_utf8(hosts::bytes(path)).ok()
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
}
