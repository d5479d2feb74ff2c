//! Hosts that run code at their edge: one piece of JavaScript that negotiates (`edge/negotiate.js`), one that answers a
//! request of the web's own kind (`edge/answer.js`), and a few lines for each host around them.
//!
//! What authors wrote stands in the code as one string of JSON, so that nothing of it is ever read as code.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::facts::PIECES;
use super::{BY_NAME, FILES, Limit, NEAREST, Pack, Site, comments, filled, missing_markdown, types};

const NEGOTIATE: &str = include_str!("edge/negotiate.js");
const ANSWER: &str = include_str!("edge/answer.js");

const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// The Markdown of no page that every site has.
const MADE: [&str; 2] = ["AGENTS.md", "sitemap.md"];

/// What CloudFront takes as a function, in bytes.
const CLOUDFRONT: usize = 10_240;

const TAGS: Limit = Limit {
    code: "strong-tags-of-packed",
    text: "the host packs after the function ran, and may make the ETag of what it packs a weak one",
};
const TOKENS: Limit = Limit {
    code: "tokens",
    text: "Markdown has no `x-markdown-tokens`, as the function does not see it; its YAML header has the number",
};
const MISSING_MARKDOWN: Limit = Limit {
    code: "missing-markdown",
    text: "a missing page is answered with the 404 page in HTML to agents, too: CloudFront runs no function on errors",
};
const MISSING_HEADERS: Limit = Limit {
    code: "missing-headers",
    text: "a missing page comes without `Vary` and `Cache-Control`: CloudFront runs no function on errors",
};
const DIRECT_VARY: Limit = Limit {
    code: "direct-markdown",
    text: "Markdown asked for by its own address has `Vary: Accept` and `Content-Location`, too, as the function on responses cannot tell",
};
const REDIRECTS: Limit = Limit {
    code: "redirects",
    text: "old addresses are small pages that send browsers on, without a status of their own: a table of them does not fit into 10 KB",
};

pub(super) fn netlify(site: &Site) -> Pack {
    let limits = vec![NEAREST, BY_NAME, FILES, TAGS];
    let script = filled(
        include_str!("edge/netlify.js"),
        &[
            ("limits", comments(&limits, "//").trim_end()),
            ("site", &data(site)),
            ("code", &code()),
            ("path", &Value::from(format!("{}*", site.base)).to_string()),
            ("excluded", &json!(excluded(site)).to_string()),
        ],
    );
    let head = "# Rules for Netlify, made by `waypost host netlify`: this file belongs into the folder that is published.\n";
    Pack {
        files: vec![
            ("netlify/edge-functions/waypost.js".to_owned(), script),
            ("_headers".to_owned(), format!("{head}{}", headers(site))),
        ],
        limits,
    }
}

pub(super) fn cloudflare(site: &Site) -> Pack {
    let limits = vec![NEAREST, BY_NAME, FILES, TAGS];
    let script = filled(
        include_str!("edge/cloudflare.js"),
        &[("limits", comments(&limits, "//").trim_end()), ("site", &data(site)), ("code", &code())],
    );
    let head = "# Rules for Cloudflare Pages, made by `waypost host cloudflare`: this file and _routes.json belong into the folder\n# that is published.\n";
    let bare = Some(site.base.trim_end_matches('/')).filter(|bare| !bare.is_empty());
    let include: Vec<String> =
        bare.map(str::to_owned).into_iter().chain([format!("{}*", site.base)]).collect();
    let routes = json!({ "version": 1, "include": include, "exclude": excluded(site) });
    Pack {
        files: vec![
            ("functions/_middleware.js".to_owned(), script),
            ("_routes.json".to_owned(), format!("{routes:#}\n")),
            ("_headers".to_owned(), format!("{head}{}", headers(site))),
        ],
        limits,
    }
}

pub(super) fn vercel(site: &Site) -> Pack {
    let limits = vec![NEAREST, BY_NAME, FILES, TAGS];
    let missing = if site.trailing_slash { "\"404.html\"" } else { "\"404\"" };
    let rest = format!("{}((?!{PIECES}).*)", site.base);
    let matcher = match site.base.trim_end_matches('/') {
        "" => json!([rest]),
        bare => json!([bare, rest]),
    };
    let script = filled(
        include_str!("edge/vercel.js"),
        &[
            ("limits", comments(&limits, "//").trim_end()),
            ("site", &data(site)),
            ("code", &code()),
            ("missing-page", missing),
            ("matcher", &matcher.to_string()),
        ],
    );
    let header = |key: &str, value: &str| json!({ "key": key, "value": value });
    let rules = json!([{
        "source": format!("{}{PIECES}(.*)", site.base),
        "headers": [header("Cache-Control", FOR_EVER), header("Content-Type", &types::of(".js")), header("Vary", "Accept-Encoding")],
    }]);
    let settings = json!({
        "outputDirectory": site.folder,
        "cleanUrls": !site.trailing_slash,
        "headers": rules,
    });
    Pack {
        files: vec![
            ("middleware.js".to_owned(), script),
            ("vercel.json".to_owned(), format!("{settings:#}\n")),
        ],
        limits,
    }
}

/// What is said where the list of pages with a dot in the last part of their addresses does not fit.
const ODD: Limit = Limit {
    code: "dotted-links",
    text: "Markdown with a second dot in its name, of one choice or of a page that is called so, has no `Link`; its YAML header has the address: a list of these pages does not fit into 10 KB",
};

/// What is said where the list of those that look as files do does not fit.
const DOTTED: Limit = Limit {
    code: "dotted",
    text: "a page whose address ends as the name of a file does (`/ref/package.json`) is found by that of its Markdown only: a list of them does not fit into 10 KB",
};

/// What is said where the list of pages without Markdown does not fit.
const UNLISTED: Limit = Limit {
    code: "unlisted",
    text: "an agent that asks for Markdown of a page without any (unlisted, a tag) gets the 404 page, and such a page names Markdown that is not there: a list of them does not fit into 10 KB",
};

pub(super) fn s3(site: &Site) -> Pack {
    let mut limits =
        vec![NEAREST, BY_NAME, FILES, TAGS, TOKENS, MISSING_MARKDOWN, MISSING_HEADERS, DIRECT_VARY];
    let mut told = small(site);
    let mut others = told.clone();
    others["redirects"] = json!({});
    others["dotted"] = json!([]);
    others["alone"] = json!(site.alone);
    others["odd"] = json!(odd(site));
    let (request, response) = loop {
        let request = function(include_str!("edge/viewer-request.js"), &told, &limits);
        let response = function(include_str!("edge/viewer-response.js"), &others, &limits);
        let (is_long, too_long) = (request.len() > CLOUDFRONT, response.len() > CLOUDFRONT);
        // What is missed least goes first.
        let limit = if too_long && !others["odd"].is_null() {
            others["odd"] = Value::Null;
            others["alone"] = json!(MADE);
            ODD
        } else if is_long && empty(&mut told["redirects"]) {
            REDIRECTS
        } else if (is_long || too_long) && empty(&mut told["plain"]) {
            others["plain"] = json!([]);
            UNLISTED
        } else if is_long && empty(&mut told["dotted"]) {
            DOTTED
        } else {
            break (request, response);
        };
        limits.push(limit);
    };
    let kinds: Vec<(String, &[&str])> = types::TEXT
        .iter()
        .chain(types::OTHER)
        .map(|(_, endings)| (types::of(&format!("x.{}", endings[0])), *endings))
        .collect();
    let lines: String = kinds
        .iter()
        .map(|(kind, endings)| {
            let includes: String = endings.iter().map(|ending| format!(" --include '*.{ending}'")).collect();
            format!("some '{kind}'{includes}\n")
        })
        .collect();
    let others: String = kinds
        .iter()
        .flat_map(|(_, endings)| endings.iter())
        .map(|ending| format!(" \\\n    --exclude '*.{ending}'"))
        .collect();
    let upload = filled(
        include_str!("edge/upload.sh"),
        &[
            ("limits", comments(&limits, "#").trim_end()),
            ("folder", &shell_inner(&site.folder)),
            ("base", &shell_inner(site.plain_base.trim_end_matches('/'))),
            ("types", &lines),
            ("others", &others),
        ],
    );
    Pack {
        files: vec![
            ("waypost-viewer-request.js".to_owned(), request),
            ("waypost-viewer-response.js".to_owned(), response),
            ("waypost-upload.sh".to_owned(), upload),
        ],
        limits,
    }
}

/// The piece that answers, with the one that negotiates before it.
fn code() -> String {
    format!("{NEGOTIATE}\n{ANSWER}")
}

/// What the code is told of the site, as a literal of JavaScript that holds JSON.
fn data(site: &Site) -> String {
    let mut value = told(site);
    value["missing"] = json!(missing_markdown(site));
    value["packed"] = json!(
        types::TEXT.iter().map(|(kind, _)| *kind).chain(types::PACKED.iter().copied()).collect::<Vec<_>>()
    );
    literal(&value)
}

/// The same for functions that must be small.
fn small(site: &Site) -> Value {
    let mut value = told(site);
    value["html"] = json!(if site.trailing_slash { "/index.html" } else { ".html" });
    value
}

/// The routes of pages with a dot in their last part: that of a variant's file is another one.
fn odd(site: &Site) -> Vec<&str> {
    let pages = site.markdown.iter().filter(|file| !file.is_variant()).map(|file| file.route.as_str());
    pages.filter(|route| route.rsplit('/').next().is_some_and(|last| last.contains('.'))).collect()
}

/// Empties a list or table; whether there was anything in it.
fn empty(value: &mut Value) -> bool {
    let nothing = if value.is_array() { json!([]) } else { json!({}) };
    std::mem::replace(value, nothing.clone()) != nothing
}

/// A function of CloudFront: its template with what it is told.
fn function(template: &str, told: &Value, limits: &[Limit]) -> String {
    squeezed(&filled(
        template,
        &[("limits", comments(limits, "//").trim_end()), ("site", &literal(told)), ("code", NEGOTIATE)],
    ))
}

fn told(site: &Site) -> Value {
    let listed: BTreeSet<&str> = site.markdown.iter().map(|file| file.route.as_str()).collect();
    let plain: Vec<&String> = site.routes.iter().filter(|route| !listed.contains(route.as_str())).collect();
    let kinds = types::TEXT.iter().chain(types::OTHER).flat_map(|(_, endings)| endings.iter());
    let kinds: serde_json::Map<String, Value> =
        kinds.map(|ending| ((*ending).to_owned(), types::of(&format!("x.{ending}")).into())).collect();
    json!({
        "origin": site.origin,
        "base": site.base,
        "plainBase": site.plain_base,
        "slash": if site.trailing_slash { "/" } else { "" },
        "noindex": site.noindex,
        "pieces": PIECES,
        "immutable": site.immutable,
        "plain": plain,
        "dotted": site.dotted,
        "redirects": site.redirects,
        "types": kinds,
    })
}

/// JSON in a string of JavaScript: quoted twice, so that no key of it means anything to an object literal.
fn literal(value: &Value) -> String {
    Value::from(value.to_string()).to_string().replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029")
}

/// A function without what only readers need: indentation, and comments after the first lines.
fn squeezed(text: &str) -> String {
    let head = text.lines().take_while(|line| line.starts_with("//"));
    let rest = text.lines().skip_while(|line| line.starts_with("//"));
    let rest = rest.map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("//"));
    head.chain(rest).fold(String::new(), |all, line| all + line + "\n")
}

/// What may be kept for ever, and needs no function: each file of the theme, and the pieces of the index as one rule. The
/// hosts take 100 rules; what is beyond passes through the function, which says the same.
fn excluded(site: &Site) -> Vec<String> {
    let pieces = format!("{}{PIECES}*", site.base);
    [pieces].into_iter().chain(site.immutable.iter().take(90).map(|file| site.address(file))).collect()
}

/// The rules for these files.
fn headers(site: &Site) -> String {
    let rule = |path: &String| {
        let kind = if path.ends_with('*') { types::of(".js") } else { types::of(path) };
        format!("{path}\n  Cache-Control: {FOR_EVER}\n  Content-Type: {kind}\n  Vary: Accept-Encoding\n")
    };
    excluded(site).iter().map(rule).collect()
}

/// A text within double quotes of a shell.
fn shell_inner(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('$', "\\$").replace('`', "\\`")
}
