//! Mistakes authors make in `book.toml`, each with its place, its help and what stays in force.

use super::*;
use crate::diagnostic::{FileId, rules};

/// Each finding as `code: text at the span: message (help) [fix]`.
fn findings(text: &str) -> (Config, Vec<String>) {
    let (config, diagnostics) = parse(FileId(0), text);
    let shown = diagnostics
        .iter()
        .map(|diagnostic| {
            let span = diagnostic.span.map_or("-", |span| &text[span.range()]);
            let help = diagnostic.help.as_deref().map_or(String::new(), |help| format!(" ({help})"));
            let fix = diagnostic.fix.as_ref().map_or(String::new(), |fix| format!(" [{}]", fix.replacement));
            format!("{}: {span}: {}{help}{fix}", diagnostic.rule.code, diagnostic.message)
        })
        .collect();
    (config, shown)
}

#[test]
fn an_empty_file_is_a_site() {
    let (config, found) = findings("");
    assert!(found.is_empty());
    assert_eq!((config.book.src.as_str(), config.build.build_dir.as_str()), ("src", "book"));
    assert_eq!(config.base_path(), "/");
}

#[test]
fn a_whole_file_is_read() {
    let (config, found) = findings(
        r##"
#:schema ./book.schema.json
[book]
title = "T"
description = "D"
authors = ["A"]
language = "pt-BR"
text-direction = "ltr"
src = "./docs/"
[build]
build-dir = "out"
[output.html]
site-url = "docs"
git-repository-url = "https://github.com/a/b"
edit-url-template = "https://github.com/a/b/edit/main/{path}"
additional-css = ["./x.css"]
additional-js = ["x.js"]
cname = "docs.example.com"
[output.html.redirect]
"old.html" = "new.html"
"/a/b/" = "https://example.com/"
[site]
origin = "HTTPS://Docs.Example.com:8443/"
trailing-slash = false
static-dirs = ["static", "public/"]
logo = { light = "/logo.svg", alt = "Logo" }
[content]
dialect = "mdbook"
exclude = ["drafts/**", "*.draft.md"]
indented-code = true
navigation = "summary"
[theme]
name = "mine"
tokens = { accent = "#5b21b6" }
words = { search = "Find" }
[[header.menu]]
text = "Docs"
link = "/"
[[header.menu]]
text = "More"
items = [{ text = "Blog", link = "https://example.com", description = "News" }]
[[footer.columns]]
title = "C"
items = [{ text = "x", link = "/x" }]
[[footer.social]]
icon = "github"
link = "https://github.com/a"
label = "GitHub"
[footer]
copyright = "©"
[announcement]
text = "New"
[page]
actions = ["copy", "claude"]
toc = { min = 2, max = 4 }
sidebar-limit = 10
[tabs.groups]
os = ["Linux", "macOS"]
[variables]
VERSION = "1.2"
[admonitions]
security = { title = "Security", like = "warning" }
[components]
Row = "unwrap"
Callout = "Admonition"
[highlight.alias]
mylang = "yaml"
[check.rules]
broken-anchor = "warning"
missing-description = "off"
"##,
    );
    assert_eq!(found, Vec::<String>::new());
    assert_eq!(config.book.src, "docs");
    assert_eq!(config.base_path(), "/docs/");
    assert_eq!(config.site.origin, "https://docs.example.com:8443");
    assert_eq!(config.site.static_dirs, ["static", "public"]);
    assert_eq!(config.output.html.additional_css, ["x.css"]);
    assert_eq!(config.header.menu[1].items[0].text, "Blog");
    assert_eq!(config.check.rules["missing-description"], Level::Off);
    assert!(config.content.excluded().is_match("drafts/a/b.md"));
}

#[test]
fn every_mistake_is_reported_at_once_and_the_rest_counts() {
    let (config, found) = findings(
        r#"
titel = "x"
[book]
title = "Kept"
authors = "Ann"
multilingual = true
[site]
origin = "docs.example.com"
trailing_slash = false
noindex = "true"
[content]
dialect = "mdbok"
[page]
toc = { min = "2" }
sidebar-limit = -1
actions = ["copy", "prnt"]
[output.html]
origin = "x"
[output.html.search]
enable = false
[check.rules]
broken-ancor = "warning"
broken-link = "fatal"
[[header.menu]]
txt = "x"
"#,
    );
    let expected = [
        "unknown-config-key: titel: `titel` is not a key of `book.toml` (the keys here are `book`",
        "invalid-config-value: \"Ann\": `book.authors` must be an array, not a string (write `[\"Ann\"]`) [[\"Ann\"]]",
        "unknown-config-key: multilingual: `multilingual` is not a key of `book` (this setting of mdBook has no",
        "invalid-config-value: \"docs.example.com\": `docs.example.com` is not an origin: a scheme and a host, \
         without a path (write `https://docs.example.com`)",
        "unknown-config-key: trailing_slash: `trailing_slash` is not a key of `site` (write `trailing-slash`) [trailing-slash]",
        "invalid-config-value: \"true\": `site.noindex` must be `true` or `false`, not a string (leave the quotes out) [true]",
        "invalid-config-value: \"mdbok\": `content.dialect` cannot be `mdbok` (write `mdbook`; it may be",
        "invalid-config-value: \"2\": `page.toc.min` must be a whole number, not a string",
        "invalid-config-value: -1: `page.sidebar-limit` must be a whole number from 0 to ",
        "invalid-config-value: \"prnt\": `page.actions[1]` cannot be `prnt` (write `print`; it may be",
        "unknown-config-key: origin: `origin` is not a key of `output.html` (`origin` is a key of `[site]`)",
        "unknown-config-key: search: `search` is not a key of `output.html` (this setting of mdBook has no",
        "invalid-config-value: broken-ancor: there is no rule `broken-ancor` (write `broken-anchor`) [broken-anchor]",
        "invalid-config-value: \"fatal\": `check.rules.broken-link` cannot be `fatal` (it may be",
        "invalid-config-value: [[header.menu]]: `header.menu[0]` lacks `text`",
        "unknown-config-key: txt: `txt` is not a key of `header.menu[0]` (write `text`) [text]",
    ];
    for (found, expected) in found.iter().zip(expected) {
        assert!(found.starts_with(expected), "found    {found}\nexpected {expected}");
    }
    assert_eq!(found.len(), expected.len(), "{found:#?}");
    assert_eq!(config.book.title, "Kept");
    assert_eq!(config.content.dialect, Dialect::Docusaurus);
    assert_eq!(config.page.actions, [PageAction::Copy]);
    assert!(config.header.menu.is_empty());
}

#[test]
fn syntax_errors_do_not_hide_the_rest() {
    let (config, found) =
        findings("[book\ntitle = \"x\"\nsrc = 'docs'\n[site]\nfoo = 1\nnoindex = tru\nnoindx = 1\n");
    assert!(found.iter().any(|found| found.starts_with("config-syntax")), "{found:#?}");
    assert!(found.iter().any(|found| found.contains("`foo` is not a key of `site`")), "{found:#?}");
    assert!(found.iter().any(|found| found.contains("`noindx` is not a key")), "{found:#?}");
    assert_eq!(config.book.language, "en");
    let (_, found) = findings("[book]\ntitle = \"a\"\ntitle = \"b\"\n");
    assert_eq!(found, ["config-syntax: title: duplicate key"]);
    for text in [
        "=",
        "[",
        "[[",
        "a",
        "a =",
        "a = [",
        "\"",
        "a = \"ä",
        "[book]\ntitle = 1979-05-27",
        "\u{feff}[book]\nx=1\n",
        "\u{0}",
    ] {
        let (_, found) = findings(text);
        assert!(!found.is_empty(), "{text:?} is wrong");
    }
}

#[test]
fn a_byte_order_mark_moves_no_place() {
    assert_eq!(findings("\u{feff}[site]\nnoindx = true\n").1.len(), 1);
    assert!(findings("\u{feff}[site]\nnoindx = true\n").1[0].starts_with("unknown-config-key: noindx:"));
}

#[test]
fn folders_stay_inside_and_apart() {
    let code = |text: &str| {
        findings(text)
            .1
            .iter()
            .map(|found| found.split(':').next().unwrap_or_default().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(code("[book]\nsrc = '../docs'"), ["path-outside"]);
    assert_eq!(code("[book]\nsrc = '/docs'"), ["path-outside"]);
    assert_eq!(code("[build]\nbuild-dir = 'a/../../b'"), ["path-outside"]);
    assert_eq!(code("[build]\nbuild-dir = '.'"), ["invalid-config-value"]);
    assert_eq!(code("[build]\nbuild-dir = 'src/out'"), ["invalid-config-value"]);
    assert_eq!(code("[book]\nsrc = 'a/b'\n[build]\nbuild-dir = 'a'"), ["invalid-config-value"]);
    assert_eq!(code("[build]\nbuild-dir = 'static'"), ["invalid-config-value"]);
    assert_eq!(code("[book]\nsrc = '.'"), Vec::<String>::new());
    assert_eq!(findings("[book]\nsrc = './'").0.book.src, "");
    assert_eq!(code("[output.html]\nadditional-css = ['a.css', '../b.css']"), ["path-outside"]);
    assert_eq!(findings("[build]\nbuild-dir = 'src/out'").0.build.build_dir, "book");
}

#[test]
fn addresses_have_one_form() {
    let site = |url: &str| findings(&format!("[output.html]\nsite-url = '{url}'"));
    assert_eq!(site("/").0.base_path(), "/");
    assert_eq!(site("docs").0.base_path(), "/docs/");
    assert_eq!(site("/a/b").0.base_path(), "/a/b/");
    assert_eq!(site("https://x.y/docs/").1.len(), 1);
    assert_eq!(site("https://x.y/docs/").0.base_path(), "/");
    let origin = |origin: &str| findings(&format!("[site]\norigin = '{origin}'"));
    assert_eq!(origin("http://localhost:3000").1.len(), 0);
    assert_eq!(origin("http://[::1]:80").1.len(), 0);
    assert!(
        origin("https://x.y/docs/").1[0].contains("site-url = \"/docs/\""),
        "{:?}",
        origin("https://x.y/docs/").1
    );
    for wrong in ["", "x", "ftp://x.y", "https://", "https://x y", "https://x.y:port", "https://a@b.c"] {
        assert_eq!(origin(wrong).1.len(), 1, "{wrong}");
        assert_eq!(origin(wrong).0.site.origin, "http://localhost:3000");
    }
}

#[test]
fn names_that_must_exist_do() {
    let one = |text: &str| {
        let found = findings(text).1;
        assert_eq!(found.len(), 1, "{text}: {found:#?}");
        found[0].clone()
    };
    assert!(
        one("[admonitions]\nx = { title = 'X', like = 'warnin' }")
            .contains("(write `warning`) [\"warning\"]")
    );
    assert!(one("[content]\nexclude = ['a', '[']").starts_with("invalid-config-value: '[': "));
    assert!(one("[content]\nindented-code = true").contains("docusaurus"));
    assert!(one("[page]\ntoc = { min = 4, max = 3 }").starts_with("invalid-config-value: 3:"));
    assert!(one("[book]\nlanguage = 'english language'").contains("BCP 47"));
    assert!(one("[variables]\n'A B' = 'x'").starts_with("invalid-config-value: 'A B':"));
    assert!(one("[theme]\nname = '../x'").starts_with("invalid-config-value: '../x'"));
    assert!(one("[theme.tokens]\naccent = 'red; }'").starts_with("invalid-config-value: accent"));
    assert!(one("[components]\nA = 'A'").contains("back to it"));
    assert!(findings("[components]\nA = 'B'\nB = 'A'").1.len() == 2);
    assert!(one("[header]\nmenu = [{ text = 'x' }]").contains("leads nowhere"));
    assert!(one("[output.html]\nedit-url-template = 'https://x.y/'").contains("https://x.y/{path}"));
    assert!(
        one("[output.html.redirect]\n'https://a/b' = '/c'")
            .starts_with("invalid-config-value: 'https://a/b'")
    );
}

#[test]
fn levels_are_applied() {
    let (config, _) = findings("[check.rules]\nbroken-link = 'advice'\nbroken-anchor = 'off'");
    let level = |rule| config.check.level(&Diagnostic::new(rule, "m"));
    assert_eq!(level(&rules::BROKEN_LINK), Some(Severity::Advice));
    assert_eq!(level(&rules::BROKEN_ANCHOR), None);
    assert_eq!(level(&rules::BROKEN_TAB), Some(Severity::Error));
}

#[test]
fn the_schema_describes_every_key_and_takes_no_other() {
    let schema: serde_json::Value = serde_json::from_str(&schema()).expect("it is JSON");
    assert_eq!(schema["additionalProperties"], false);
    let mut objects = vec![("book.toml", &schema)];
    let definitions = schema["definitions"].as_object().expect("definitions");
    objects.extend(definitions.iter().map(|(name, schema)| (name.as_str(), schema)));
    for (name, object) in objects {
        for (key, property) in object["properties"].as_object().into_iter().flatten() {
            assert!(property["description"].is_string(), "{name}.{key} has no description");
            assert!(!key.contains('_'), "{name}.{key} is not kebab-case");
        }
        if object["properties"].is_object() {
            assert_eq!(object["additionalProperties"], false, "{name}");
        }
    }
    assert!(definitions["Html"]["properties"]["site-url"].is_object());
}

#[test]
fn the_theme_is_set_and_the_rest_stays() {
    let set = |text: &str| with_theme(text, "mine");
    assert_eq!(set("").as_deref(), Some("[theme]\nname = \"mine\"\n"));
    assert_eq!(
        set("[book] # a book\ntitle = 'A'").as_deref(),
        Some("[book] # a book\ntitle = 'A'\n\n[theme]\nname = \"mine\"\n")
    );
    assert_eq!(
        set("[theme] # ours\r\ntokens.accent = \"red\"\r\n").as_deref(),
        Some("[theme] # ours\r\nname = \"mine\"\ntokens.accent = \"red\"\r\n")
    );
    assert_eq!(
        set("[theme]\nname = 'default' # for now\n[page]\n").as_deref(),
        Some("[theme]\nname = \"mine\" # for now\n[page]\n")
    );
    assert_eq!(
        set("[theme.words]\ntoc = \"Here\"\n").as_deref(),
        Some("[theme.words]\ntoc = \"Here\"\n\n[theme]\nname = \"mine\"\n")
    );
    assert_eq!(set("theme.tokens.accent = 'red'\n"), None);
    assert_eq!(set("theme = { tokens = {} }\n"), None);
    assert_eq!(set("theme = { name = 'a' }\n").as_deref(), Some("theme = { name = \"mine\" }\n"));
    assert_eq!(set("[theme\n"), None);
}
