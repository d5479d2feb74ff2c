//! An `Accept` header in, HTML or Markdown out (RFC 9110, section 12.5.1).
//!
//! The rule: Markdown when `text/markdown` is listed by name with a weight above zero that is at least that of
//! `text/html`, where a name beats `text/*` and `text/*` beats `*/*`. Browsers, and whoever says nothing, get HTML.
//! An agent that says by its `User-Agent` that it is one, and does not list HTML, gets Markdown from the preview server.
//! What is not well-formed is as if it were not there; of two entries for one range, the first counts.
//!
//! The rule is written three times: here for the preview server, as a regular expression for servers that have
//! nothing else, and in `edge/negotiate.js`. The rows of `tests/http/table.toml` and random headers hold them together.

/// What a reader of a page wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// The page for people.
    Html,
    /// The page for agents.
    Markdown,
}

/// What an `Accept` header asks for.
#[must_use]
pub fn form(accept: &str) -> Form {
    let html = weight(accept, "text/html")
        .or_else(|| weight(accept, "text/*"))
        .or_else(|| weight(accept, "*/*"))
        .unwrap_or(0);
    match weight(accept, "text/markdown") {
        Some(markdown) if markdown > 0 && markdown >= html => Form::Markdown,
        _ => Form::Html,
    }
}

/// Whether a header lists HTML by name, as browsers do. A missing `.md` address is then answered with a page.
#[must_use]
pub fn names_html(accept: &str) -> bool {
    weight(accept, "text/html").is_some()
}

/// What agents that read for models and for people's questions call themselves, in lower case.
const AGENTS: [&str; 14] = [
    "claudebot",
    "claude-user",
    "claude-searchbot",
    "claude-code",
    "gptbot",
    "chatgpt-user",
    "oai-searchbot",
    "perplexitybot",
    "perplexity-user",
    "google-extended",
    "mistralai-user",
    "cohere-ai",
    "meta-externalagent",
    "amazonbot",
];

/// Whether a `User-Agent` header is that of an agent.
#[must_use]
pub fn is_agent(user_agent: &str) -> bool {
    let name = user_agent.to_ascii_lowercase();
    AGENTS.iter().any(|agent| name.contains(agent))
}

/// The weight of the first well-formed entry for a media range, in thousandths.
fn weight(accept: &str, wanted: &str) -> Option<u16> {
    accept.split(',').find_map(|entry| {
        let mut parts = entry.split(';').map(|part| part.trim_matches([' ', '\t']));
        if !parts.next()?.eq_ignore_ascii_case(wanted) {
            return None;
        }
        for part in parts {
            match part.as_bytes() {
                // What follows the weight extends the entry and means nothing to us.
                [b'q' | b'Q', b'=', ..] => return thousandths(&part[2..]),
                [b'q' | b'Q'] | [b'q' | b'Q', b' ' | b'\t', ..] => return None,
                _ => {}
            }
        }
        Some(1000)
    })
}

/// `0`, `0.25`, `1.000`: at most one, with at most three decimals.
fn thousandths(text: &str) -> Option<u16> {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    let is_short = decimals.len() <= 3 && decimals.bytes().all(|byte| byte.is_ascii_digit());
    let decimals: u16 = format!("{decimals:0<3}").parse().ok().filter(|_| is_short)?;
    match whole {
        "0" => Some(decimals),
        "1" if decimals == 0 => Some(1000),
        _ => None,
    }
}

/// The same rule as a regular expression that PCRE and RE2 read alike: it finds the first well-formed entry for a media
/// range, and its one group holds the weight as it is written, or nothing. Case does not count.
#[must_use]
pub fn pattern(range: &str) -> String {
    let range = super::regex(range);
    let parameter = "(?:;[ \\t]*(?:[^qQ;, \\t][^;,]*|[qQ][^=;, \\t][^;,]*)?)*";
    let weight = "(?:;[ \\t]*[qQ]=(0(?:\\.[0-9]{0,3})?|1(?:\\.0{0,3})?)[ \\t]*(?:;[^,]*)?)?";
    format!("(?:^|,)[ \\t]*{range}[ \\t]*{parameter}{weight}(?:,|$)")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Form, form, pattern, thousandths, weight};

    #[test]
    fn weights_as_the_standard_writes_them() {
        for (text, expected) in [
            ("0", Some(0)),
            ("0.", Some(0)),
            ("0.5", Some(500)),
            ("0.05", Some(50)),
            ("0.123", Some(123)),
            ("1", Some(1000)),
            ("1.000", Some(1000)),
            ("0.1234", None),
            ("1.001", None),
            ("1.5", None),
            (".5", None),
            ("-0", None),
            ("0.+1", None),
            ("", None),
            ("high", None),
        ] {
            assert_eq!(thousandths(text), expected, "{text}");
        }
    }

    #[test]
    fn of_two_entries_the_first_that_is_well_formed_counts() {
        assert_eq!(form("text/markdown;q=0.2, text/html;q=0.5, text/markdown"), Form::Html);
        assert_eq!(form("text/markdown;q=x, text/html;q=0.5, text/markdown"), Form::Markdown);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4000))]
        #[test]
        fn the_regular_expression_says_the_same(
            parts in prop::collection::vec(prop::sample::select(vec![
                "text/markdown", "text/html", "text/*", "*/*", "TEXT/Markdown", ",", ", ", ";", "; ", " ", "\t", "q=", "Q=", "q",
                "q =", "qs=1", "0", "1", ".", "0.5", "0.55", "1.000", "0.1234", "charset=utf-8", "x", "é", ";q=0.7", ";q=0",
            ]), 0..12)
        ) {
            let accept = parts.concat();
            for range in ["text/markdown", "text/html", "text/*", "*/*"] {
                let regex = regex::RegexBuilder::new(&pattern(range)).case_insensitive(true).build().expect("it is one");
                let found = regex.captures(&accept).map(|groups| {
                    groups.get(1).map_or(1000, |weight| thousandths(weight.as_str()).expect("it is well-formed"))
                });
                prop_assert_eq!(found, weight(&accept, range), "{} in {:?}", range, accept);
            }
        }
    }
}
