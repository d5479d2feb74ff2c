//! A request in, a response out, from a folder that holds a built site: every rule of HTTP, kept apart from the server.

mod answer;
mod forms;
mod locate;
mod missing;
#[cfg(test)]
mod tests;

use std::path::PathBuf;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Method, Response, StatusCode, Uri, header};

use crate::hosts::{self, negotiate, types};
use answer::{Answer, moved, text};
use forms::{file, page};
use locate::{Found, locate};
use missing::missing;

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
