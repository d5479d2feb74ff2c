//! What is known of a site in, the rules that make a host serve it out: one pack of files for each host.
//!
//! The rules are those of the preview server: which form of a page an `Accept` header gets, with which headers; where
//! old addresses lead; what may be kept for how long. What a host cannot do stands in its pack as a [`Limit`], so that
//! authors read it and a test can hold the pack to it.

#![expect(
    clippy::format_collect,
    reason = "lines of configuration are made one by one, a few dozen at a time"
)]

mod apache;
mod caddy;
mod edge;
mod facts;
pub mod negotiate;
mod nginx;
pub mod types;

pub use facts::{Markdown, Site, bytes, facts, is_immutable, route};

/// A host that there is a pack for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Host {
    /// nginx, 1.18 and later.
    Nginx,
    /// Caddy 2.
    Caddy,
    /// Apache 2.4.
    Apache,
    /// Netlify.
    Netlify,
    /// Cloudflare Pages.
    Cloudflare,
    /// Vercel.
    Vercel,
    /// Amazon S3 behind CloudFront.
    S3,
}

/// The hosts by their names.
pub const NAMES: [&str; 7] = ["nginx", "caddy", "apache", "netlify", "cloudflare", "vercel", "s3"];

/// The host of this name.
#[must_use]
pub fn named(name: &str) -> Option<Host> {
    match name {
        "nginx" => Some(Host::Nginx),
        "caddy" => Some(Host::Caddy),
        "apache" => Some(Host::Apache),
        "netlify" => Some(Host::Netlify),
        "cloudflare" => Some(Host::Cloudflare),
        "vercel" => Some(Host::Vercel),
        "s3" => Some(Host::S3),
        _ => None,
    }
}

/// What to give to a host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pack {
    /// Each file's path from the folder of `book.toml` and its text.
    pub files: Vec<(String, String)>,
    /// What the host cannot do.
    pub limits: Vec<Limit>,
}

/// Something that the preview server does and a host with its pack does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// Its name, in the pack's comments and in `tests/http/table.toml`.
    pub code: &'static str,
    /// What does not happen, and what does.
    pub text: &'static str,
}

/// What only a server can do that knows all titles.
const NEAREST: Limit = Limit {
    code: "nearest-pages",
    text: "a missing page is answered with the site's 404 page, without the pages whose addresses come nearest",
};

/// What a table of file names has no part in.
const FILES: Limit = Limit {
    code: "missing-files",
    text: "a missing file that is no Markdown (`llms.txt`, `.json`, `.xml`) is answered as a missing page is, with the 404 page to browsers and to whoever takes anything",
};

/// What would make caches keep a copy of each page for every browser.
const BY_NAME: Limit = Limit {
    code: "user-agent",
    text: "an agent that takes anything gets HTML, also where its User-Agent says that it is one",
};

/// The pack for a host.
#[must_use]
pub fn pack(host: Host, site: &Site) -> Pack {
    match host {
        Host::Nginx => nginx::pack(site),
        Host::Caddy => caddy::pack(site),
        Host::Apache => apache::pack(site),
        Host::Netlify => edge::netlify(site),
        Host::Cloudflare => edge::cloudflare(site),
        Host::Vercel => edge::vercel(site),
        Host::S3 => edge::s3(site),
    }
}

/// A template of a pack with its marks replaced: `@name@` by the value of that name. Values are put in as they are and
/// not looked at again.
fn filled(template: &str, values: &[(&str, &str)]) -> String {
    let mut text = String::with_capacity(template.len());
    let mut rest = template;
    while let Some(start) = rest.find('@') {
        let found = values.iter().find_map(|(name, value)| {
            let end = rest[start + 1..].strip_prefix(name)?.strip_prefix('@')?;
            Some((*value, end))
        });
        match found {
            Some((value, after)) => {
                text.push_str(&rest[..start]);
                text.push_str(value);
                rest = after;
            }
            None => {
                text.push_str(&rest[..=start]);
                rest = &rest[start + 1..];
            }
        }
    }
    text.push_str(rest);
    text
}

/// The limits as comment lines.
fn comments(limits: &[Limit], mark: &str) -> String {
    limits.iter().map(|limit| format!("{mark} limit {}: {}\n", limit.code, limit.text)).collect()
}

/// A text as a literal part of a regular expression.
fn regex(text: &str) -> String {
    regex::escape(text)
}

/// The text of a Markdown answer to an address that has no page.
fn missing_markdown(site: &Site) -> String {
    format!(
        "# Page not found\n\nThis site has no page at this address. The index of the site is {}{}llms.txt.\n",
        site.origin, site.base
    )
}
