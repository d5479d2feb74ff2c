//! Caddy: maps name what an address means, an expression weighs the `Accept` header, matchers look which files there are.
//!
//! Caddyfiles expand `{…}` everywhere, within quotes, too. What authors wrote stands in them as percent-encoded
//! addresses, or as a regular expression in which every character that could mean something is a number.

use super::negotiate::pattern;
use super::{BY_NAME, FILES, Limit, NEAREST, Pack, Site, comments, facts, filled, missing_markdown, types};

/// Caddy goes through a map from its beginning for each request.
const MOST_FILES: usize = 10_000;

const TOKENS: Limit = Limit {
    code: "tokens",
    text: "Markdown has no `x-markdown-tokens`, and that of one choice no `Link`, on a site of more than 10,000 Markdown files; their YAML headers have both",
};

const TAGS: Limit = Limit {
    code: "strong-tags-of-packed",
    text: "in older versions, 2.6 among them, a response packed with gzip has the same ETag as the file itself",
};

pub(super) fn pack(site: &Site) -> Pack {
    let mut limits = vec![NEAREST, BY_NAME, FILES, TAGS];
    if site.markdown.len() > MOST_FILES {
        limits.push(TOKENS);
    }
    let base = &site.plain_base;
    let path = |path: &str| format!("{base}{path}");
    // Groups are put into the values of patterns only.
    let entry = |key: &str, value: &str| match literal(key) {
        key if key.starts_with('`') => format!("\t\t\t{key} \"{}\"\n", dollars(value)),
        key => format!("\t\t\t{key} \"{value}\"\n"),
    };
    let html = if site.trailing_slash { "/index.html" } else { ".html" };
    let start = escaped(base);
    let routes = [
        (format!("{start}(?:index\\.html/?)?"), "${1}"),
        (format!("({start}.+)/index\\.md/?"), "${1}.md"),
        (format!("({start}.+)/index\\.html/?"), "${1}"),
        (format!("({start}.+)\\.html/?"), "${1}"),
        (format!("({start}.+?)/?"), "${1}"),
    ];
    let home = format!("({start})(?:index\\.html/?)?");
    let routes: String = routes
        .iter()
        .enumerate()
        .map(|(at, (pattern, value))| {
            let pattern = if at == 0 { &home } else { pattern };
            format!("\t\t\t`~(?s)^{pattern}$` \"{value}\"\n")
        })
        .collect();
    let mut addresses = String::new();
    for route in &site.routes {
        let address = site.address(route);
        if address[site.base.len()..] != **route {
            addresses.push_str(&entry(&path(route), &address));
        }
    }
    addresses.push_str(&format!("\t\t\t`~(?s)^{start}(.*)$` \"{}${{1}}\"\n", site.base));
    let variants: Vec<_> = site.markdown.iter().filter(|file| file.is_variant()).collect();
    let variants = if variants.is_empty() || limits.contains(&TOKENS) {
        String::new()
    } else {
        let lines: String =
            variants.iter().map(|file| entry(&path(&file.path), &site.canonical(&file.route))).collect();
        format!(
            "\t\tmap {{waypost_markdown_file}} {{waypost_whole}} {{\n{lines}\t\t\tdefault \"\"\n\t\t}}\n\t\t@waypost_is_variant `{{waypost_is}} == \"alone\" && {{waypost_whole}} != \"\"`\n\t\theader @waypost_is_variant Link `<{{waypost_whole}}>; rel=\"canonical\"`\n"
        )
    };
    let redirects: String = site.redirects.iter().map(|(from, to)| entry(&path(from), to)).collect();
    let tokens = if limits.contains(&TOKENS) {
        String::new()
    } else {
        let lines: String =
            site.markdown.iter().map(|file| entry(&path(&file.path), &file.tokens.to_string())).collect();
        format!(
            "\t\tmap {{waypost_markdown_file}} {{waypost_tokens}} {{\n{lines}\t\t\tdefault \"\"\n\t\t}}\n\t\t@waypost_is_counted `{{waypost_tokens}} != \"\" && {{waypost_is}} in [\"negotiated\", \"markdown\", \"alone\"]`\n\t\theader @waypost_is_counted X-Markdown-Tokens {{waypost_tokens}}\n"
        )
    };
    let immutable: Vec<String> = site.immutable.iter().map(|file| escaped(&path(file))).collect();
    let immutable = format!(
        "path_regexp `^(?:{}[^/]+{})$`",
        escaped(&path(facts::PIECES)),
        immutable.iter().map(|file| format!("|{file}")).collect::<String>()
    );
    let types: String = types::TEXT
        .iter()
        .chain(types::OTHER)
        .map(|(_, endings)| {
            let kind = types::of(&format!("x.{}", endings[0]));
            format!("\t\t\t`~(?i)\\.(?:{})$` \"{kind}\"\n", endings.join("|"))
        })
        .collect();
    let packed: String =
        types::PACKED.iter().map(|kind| format!("\t\t\t\theader Content-Type {kind}*\n")).collect();
    let bare = match base.strip_suffix('/').filter(|bare| !bare.is_empty()) {
        Some(bare) => format!(
            "\t\t@waypost_bare path_regexp `^{}$`\n\t\tredir @waypost_bare \"{}\" 301\n",
            escaped(bare),
            site.base
        ),
        None => String::new(),
    };
    let text = filled(
        include_str!("caddy/waypost.caddy"),
        &[
            ("limits", &comments(&limits, "#")),
            ("routes", &routes),
            ("redirects", &redirects),
            ("home", &literal(base)),
            ("home-value", &format!("\"{}\"", dollars(base))),
            ("home-markdown-key", &literal(&path("index.md"))),
            ("home-html", &format!("\"{}\"", dollars(&path("index.html")))),
            ("home-markdown", &format!("\"{}\"", dollars(&path("index.md")))),
            ("html", html),
            ("addresses", &addresses),
            ("slash", if site.trailing_slash { "/" } else { "" }),
            ("bare", &bare),
            ("pattern-markdown", &accepted("text/markdown")),
            ("pattern-html", &accepted("text/html")),
            ("pattern-text", &accepted("text/*")),
            ("pattern-any", &accepted("*/*")),
            ("robots", if site.noindex { "\t\t\tX-Robots-Tag noindex\n" } else { "" }),
            ("immutable", &immutable),
            ("packed-endings", &types::packed_endings().join("|")),
            ("tokens", &tokens),
            ("variants", &variants),
            ("origin", &site.origin),
            ("index", &site.address("llms.txt")),
            ("types", &types),
            ("packed", &packed),
            ("missing-markdown", &format!("`{}`", missing_markdown(site))),
            ("missing", base),
        ],
    );
    Pack { files: vec![("waypost.caddy".to_owned(), text)], limits }
}

fn accepted(range: &str) -> String {
    format!("`~(?i){}`", pattern(range))
}

/// What a map compares with: the text itself where nothing in it means anything, else a regular expression.
fn literal(text: &str) -> String {
    if text.starts_with('/') && text.chars().all(is_plain) {
        format!("\"{text}\"")
    } else {
        format!("`~^{}$`", escaped(text))
    }
}

/// A text as a part of a regular expression in which no character but letters, digits and `/-_` stands for itself.
fn escaped(text: &str) -> String {
    text.chars()
        .map(|letter| match letter {
            letter if is_plain(letter) && letter != '.' => letter.to_string(),
            letter => format!("\\x{{{:X}}}", u32::from(letter)),
        })
        .collect()
}

fn is_plain(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, '/' | '-' | '_' | '.')
}

/// `$1` in the value of a map could be a group of its pattern.
fn dollars(text: &str) -> String {
    text.replace('$', "$$")
}
