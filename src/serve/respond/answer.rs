//! What is to be sent in, a response out: its headers, what the client holds already, packing (RFC 9110 and RFC 9111).

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Method, Response, StatusCode, header};

use super::Served;
use crate::gzip;
use crate::hosts::types;

/// What a browser may keep of a site that is served as a host would serve it.
const KEEPS: &str = "max-age=300, must-revalidate";
/// The same, of a file whose name changes with what is in it.
pub(super) const KEEPS_FOR_EVER: &str = "public, max-age=31536000, immutable";
/// A preview changes with every save: what a browser holds must be asked about each time.
const ASKS: &str = "no-cache";

/// What is to be sent, before the request's conditions and encodings are looked at.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) bytes: Vec<u8>,
    pub(super) kind: String,
    /// Whether another `Accept` header would have got another form.
    pub(super) negotiated: bool,
    /// Whether the form was chosen by who asks: nobody else may get it from a cache.
    pub(super) by_name: bool,
    pub(super) headers: Vec<(header::HeaderName, String)>,
    pub(super) cache: &'static str,
}

impl Answer {
    pub(super) fn new(bytes: Vec<u8>, kind: String) -> Self {
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

    pub(super) fn respond(self, served: &Served, method: &Method, request: &HeaderMap) -> Response<Body> {
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

pub(super) fn moved(served: &Served, to: &str) -> Response<Body> {
    let mut response = text(StatusCode::MOVED_PERMANENTLY, "moved\n");
    let headers = response.headers_mut();
    set(headers, header::LOCATION, to);
    set(headers, header::CACHE_CONTROL, if served.changes { ASKS } else { KEEPS });
    response
}

pub(super) fn text(status: StatusCode, body: &'static str) -> Response<Body> {
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
