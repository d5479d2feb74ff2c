//! Apache: rewrite rules name what an address means and weigh the `Accept` header, tables in files of their own hold
//! what authors wrote, so that nothing of it is ever read as a rule.

use super::facts::{PIECES, encode};
use super::negotiate::pattern;
use super::{BY_NAME, FILES, Limit, NEAREST, Pack, Site, comments, filled, missing_markdown, types};
use crate::site::paths::percent;

const LIMITS: &[Limit] = &[NEAREST, BY_NAME, FILES];

pub(super) fn pack(site: &Site) -> Pack {
    let base = &site.plain_base;
    let path = |path: &str| key(&format!("{base}{path}"));
    let table = |lines: Vec<(String, String)>| -> String {
        let head = "# Made by `waypost host apache`.\n".to_owned();
        lines.iter().fold(head, |text, (key, value)| text + key + " " + value + "\n")
    };
    let redirects = site.redirects.iter().map(|(from, to)| (path(from), to.clone())).collect();
    let tokens = site.markdown.iter().map(|file| (path(&file.path), file.tokens.to_string())).collect();
    let variants = site.markdown.iter().filter(|file| file.is_variant());
    let variants = variants.map(|file| (path(&file.path), site.canonical(&file.route))).collect();
    let addresses = site
        .routes
        .iter()
        .map(|route| (path(route), format!("{}{}", site.base, encode(route))))
        .filter(|(key, address)| key != address)
        .collect();
    Pack {
        files: vec![
            ("waypost.conf".to_owned(), rules(site)),
            ("redirects.txt".to_owned(), table(redirects)),
            ("tokens.txt".to_owned(), table(tokens)),
            ("variants.txt".to_owned(), table(variants)),
            ("addresses.txt".to_owned(), table(addresses)),
            ("waypost-404.md".to_owned(), missing_markdown(site)),
        ],
        limits: LIMITS.to_vec(),
    }
}

fn rules(site: &Site) -> String {
    let base = &site.plain_base;
    let start = escaped(base);
    let plain = expanded(base);
    // The last rule that holds wins.
    let routes = [
        (format!("^({start}.+?)/?$"), "%1".to_owned()),
        (format!("^({start}.+)\\.html/?$"), "%1".to_owned()),
        (format!("^({start}.+)/index\\.html/?$"), "%1".to_owned()),
        (format!("^({start}.+)/index\\.md/?$"), "%1.md".to_owned()),
        (format!("^{start}(?:index\\.html/?)?$"), plain.clone()),
        (format!("^{start}index\\.md$"), format!("{plain}index.md")),
    ];
    let routes: String = routes
        .iter()
        .map(|(pattern, value)| {
            format!(
                "RewriteCond %{{REQUEST_URI}} \"{pattern}\"\nRewriteRule ^ - \"[E=WAYPOST_ROUTE:{value}]\"\n"
            )
        })
        .collect();
    let bare = match base.strip_suffix('/').filter(|bare| !bare.is_empty()) {
        Some(bare) => {
            let to = site.base.replace('%', "\\%").replace('$', "\\$");
            let pattern = escaped(bare);
            format!("RewriteCond %{{REQUEST_URI}} \"^{pattern}$\"\nRewriteRule ^ \"{to}\" [R=301,NE,END]\n")
        }
        None => String::new(),
    };
    let weights: String = ["MD", "HTML"]
        .iter()
        .flat_map(|form| {
            [
                ("q(?:1.*)?", "1000"),
                ("q0\\.([0-9])", "%100"),
                ("q0\\.([0-9]{2})", "%10"),
                ("q0\\.([0-9]{3})", "%1"),
            ]
            .map(|(pattern, value)| {
                format!(
                    "RewriteCond %{{ENV:WAYPOST_{form}_GIVEN}} \"^{pattern}$\"\nRewriteRule ^ - [E=WAYPOST_{form}_WEIGHT:{value}]\n"
                )
            })
        })
        .collect();
    let immutable: String =
        site.immutable.iter().map(|file| format!("|{}", escaped(&format!("{base}{file}")))).collect();
    let immutable = format!("^(?:{}[^/]+{immutable})$", escaped(&format!("{base}{PIECES}")));
    let types: String = types::TEXT
        .iter()
        .chain(types::OTHER)
        .map(|(_, endings)| {
            let kind = types::of(&format!("x.{}", endings[0]));
            let endings: String = endings.iter().map(|ending| format!(" .{ending}")).collect();
            format!("AddType \"{kind}\"{endings}\n")
        })
        .collect();
    let text = types::TEXT.iter().map(|(kind, _)| *kind);
    let packed: Vec<&str> = text.chain(types::PACKED.iter().copied()).collect();
    let header = |text: &str| text.replace('%', "%%");
    filled(
        include_str!("apache/waypost.conf"),
        &[
            ("limits", &comments(LIMITS, "#")),
            ("missing-file", &expanded(&format!("{base}404.html"))),
            ("bare", &bare),
            ("routes", &routes),
            ("html", if site.trailing_slash { "/index.html" } else { ".html" }),
            ("slash", if site.trailing_slash { "/" } else { "" }),
            ("home-pattern", &format!("^{start}(?:index\\.md)?$")),
            ("home", &plain),
            ("base", &expanded(&site.base)),
            ("pattern-markdown", &quoted(&pattern("text/markdown"))),
            ("pattern-html", &quoted(&pattern("text/html"))),
            ("pattern-text", &quoted(&pattern("text/*"))),
            ("pattern-any", &quoted(&pattern("*/*"))),
            ("weights", &weights),
            ("packed", &packed.join(" ")),
            ("types", &types),
            ("immutable", &immutable),
            ("packed-endings", &format!("\\.(?:{})$", types::packed_endings().join("|"))),
            ("robots", if site.noindex { "Header always set X-Robots-Tag noindex\n" } else { "" }),
            ("origin", &header(&site.origin)),
            ("index", &header(&site.address("llms.txt"))),
        ],
    )
}

/// What `int:escape` makes of a path: a key without spaces, so that a line of a table is one key and one value.
fn key(path: &str) -> String {
    let path = percent(path, b"$-_.+!*'(),:;@&=/~");
    // It writes the digits of an encoding small; a `%` stands in nothing else.
    let mut parts = path.split('%');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |key, part| {
        let (digits, rest) = part.split_at(2);
        key + "%" + &digits.to_ascii_lowercase() + rest
    })
}

/// A path as a part of a regular expression between quotes or `#`, in which only letters, digits and `/-_` stand for themselves.
fn escaped(text: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '/' | '-' | '_');
    let code = |letter: char| format!("\\x{{{:X}}}", u32::from(letter));
    let bytes = |letter: char| letter.to_string().bytes().map(|byte| format!("\\x{byte:02X}")).collect();
    text.chars()
        .map(|letter| match letter {
            letter if plain(letter) => letter.to_string(),
            letter if letter.is_ascii() => code(letter),
            letter => bytes(letter),
        })
        .collect()
}

/// A text where `%1` and `$1` are put in.
fn expanded(text: &str) -> String {
    text.replace('\\', "\\\\")
        .replace('%', "\\%")
        .replace('$', "\\$")
        .replace('"', "\\\"")
        .replace(',', "\\,")
}

fn quoted(pattern: &str) -> String {
    format!("\"{pattern}\"")
}
