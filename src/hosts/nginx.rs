//! nginx: maps weigh the `Accept` header and name what an address means; one location serves it.
//!
//! All strings of authors stand in double quotes. In what maps compare with, nothing is expanded; in values, `$` is a
//! variable of its own, as nginx has no other way to write it.

use super::negotiate::pattern;
use super::{BY_NAME, FILES, Limit, NEAREST, Pack, Site, comments, facts, filled, missing_markdown, types};

const LIMITS: &[Limit] = &[
    NEAREST,
    BY_NAME,
    FILES,
    Limit {
        code: "several-accept-lines",
        text: "of several `Accept` lines in one request, nginx before 1.23 reads the first only",
    },
    Limit {
        code: "strong-tags-of-packed",
        text: "the ETag of a response packed with gzip is a weak one (`W/\"…\"`), and the same for both encodings",
    },
];

pub(super) fn pack(site: &Site) -> Pack {
    let values = Values::of(site);
    Pack {
        files: vec![
            ("waypost-maps.conf".to_owned(), values.fill(include_str!("nginx/waypost-maps.conf"))),
            ("waypost-server.conf".to_owned(), values.fill(include_str!("nginx/waypost-server.conf"))),
        ],
        limits: LIMITS.to_vec(),
    }
}

struct Values(Vec<(&'static str, String)>);

impl Values {
    fn of(site: &Site) -> Self {
        let base = &site.plain_base;
        let path = |path: &str| format!("{base}{path}");
        let html = if site.trailing_slash { "/index.html" } else { ".html" };
        let entry = |key: &str, text: &str| format!("    {} {};\n", key_of(key), value(text));
        let routes = [
            ("(?:index\\.html/?)?$", value(base)),
            ("(.+)/index\\.md/?$", format!("\"{}$1.md\"", inner(base))),
            ("(.+)/index\\.html/?$", format!("\"{}$1\"", inner(base))),
            ("(.+)\\.html/?$", format!("\"{}$1\"", inner(base))),
            ("(.+?)/?$", format!("\"{}$1\"", inner(base))),
        ];
        let start = regex(base);
        let routes = routes
            .map(|(rest, to)| format!("    {} {to};\n", quoted(&format!("~(?s)^{start}{rest}"))))
            .concat();
        let mut addresses = format!(
            "    default \"\";\n    {} \"{}$1\";\n",
            quoted(&format!("~(?s)^{start}(.*)$")),
            inner(&site.base)
        );
        for route in &site.routes {
            let address = site.address(route);
            if address[site.base.len()..] != **route {
                addresses.push_str(&entry(&path(route), &address));
            }
        }
        let tokens: String =
            site.markdown.iter().map(|file| entry(&path(&file.path), &file.tokens.to_string())).collect();
        let variants: String = site
            .markdown
            .iter()
            .filter(|file| file.is_variant())
            .map(|file| {
                let stem = file.path.strip_suffix(".md").unwrap_or(&file.path);
                let link = format!("<{}>; rel=\"canonical\"", site.canonical(&file.route));
                entry(&path(stem), &link)
            })
            .collect();
        let redirects: String = site.redirects.iter().map(|(from, to)| entry(&path(from), to)).collect();
        let forever = "public, max-age=31536000, immutable";
        let immutable: String = site.immutable.iter().map(|file| entry(&path(file), forever)).collect();
        let type_lines = types::TEXT.iter().chain(types::OTHER);
        let type_lines: String =
            type_lines.map(|(kind, endings)| format!("        {kind} {};\n", endings.join(" "))).collect();
        let text = types::TEXT.iter().map(|(kind, _)| *kind).filter(|kind| *kind != "text/html");
        let packed: Vec<&str> = text.chain(types::PACKED.iter().copied()).collect();
        let longest = site
            .markdown
            .iter()
            .map(|file| file.path.len())
            .chain(site.redirects.keys().chain(&site.routes).chain(&site.immutable).map(String::len));
        // A bucket holds at least one key with its pointers.
        let bucket = (longest.max().unwrap_or(0) + base.len() + 64).next_power_of_two().max(128);
        let most = site.markdown.len().max(site.redirects.len()).max(site.routes.len());
        let bare = match base.strip_suffix('/').filter(|bare| !bare.is_empty()) {
            Some(bare) => format!(
                "location = {} {{\n    absolute_redirect off;\n    return 301 {};\n}}\n",
                quoted(bare),
                value(&site.base)
            ),
            None => String::new(),
        };
        Self(vec![
            ("limits", comments(LIMITS, "#")),
            ("bucket", bucket.to_string()),
            ("hash", (most * 4).next_power_of_two().max(2048).to_string()),
            ("pattern-markdown", accepted("text/markdown")),
            ("pattern-html", accepted("text/html")),
            ("pattern-text", accepted("text/*")),
            ("pattern-any", accepted("*/*")),
            ("routes", routes),
            ("home", key_of(base)),
            ("home-markdown", value(&path("index.md"))),
            ("home-html", value(&path("index.html"))),
            ("home-html-shown", path("index.html")),
            ("html", html.to_owned()),
            ("addresses", addresses),
            ("origin", inner(&site.origin)),
            ("slash", if site.trailing_slash { "/" } else { "" }.to_owned()),
            ("index", inner(&site.address("llms.txt"))),
            ("robots", if site.noindex { "noindex" } else { "" }.to_owned()),
            ("packed-endings", types::packed_endings().join("|")),
            ("pieces", inner_key(&regex(&path(facts::PIECES)))),
            ("immutable", immutable),
            ("tokens", tokens),
            ("variants", variants),
            ("redirects", redirects),
            ("bare", bare),
            ("location", quoted(base)),
            ("types", type_lines),
            ("packed", packed.join(" ")),
            ("missing", value(&path("404.html"))),
            ("missing-markdown", value(&missing_markdown(site))),
        ])
    }

    fn fill(&self, template: &str) -> String {
        let values: Vec<(&str, &str)> = self.0.iter().map(|(name, value)| (*name, value.as_str())).collect();
        filled(template, &values)
    }
}

/// The pattern that finds a media range, as a map compares with it.
fn accepted(range: &str) -> String {
    quoted(&format!("~*{}", pattern(range)))
}

fn regex(text: &str) -> String {
    super::regex(text)
}

/// A text between quotes, where nothing is expanded.
fn quoted(text: &str) -> String {
    format!("\"{}\"", inner_key(text))
}

fn inner_key(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"")
}

/// What a map compares with literally: it begins with a slash, so it is no pattern and no parameter of the map.
fn key_of(path: &str) -> String {
    quoted(path)
}

/// A text that nginx would expand variables in.
fn value(text: &str) -> String {
    format!("\"{}\"", inner(text))
}

fn inner(text: &str) -> String {
    inner_key(text).replace('$', "${waypost_dollar}")
}
