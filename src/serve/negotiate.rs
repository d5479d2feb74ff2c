//! An `Accept` header in, HTML or Markdown out (RFC 9110, section 12.5.1).
//!
//! The rule: Markdown when `text/markdown` is listed by name with a weight above zero that is at least that of
//! `text/html`, where a name beats `text/*` and `text/*` beats `*/*`. Browsers, and whoever says nothing, get HTML.

/// What a reader of a page wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// The page for people.
    Html,
    /// The page for agents.
    Markdown,
}

/// What the header asks for.
#[must_use]
pub(super) fn form(accept: Option<&str>) -> Form {
    let ranges: Vec<(String, f32)> = accept.unwrap_or_default().split(',').filter_map(range).collect();
    let weight = |name: &str| ranges.iter().find(|(range, _)| range == name).map(|(_, weight)| *weight);
    let html = weight("text/html").or_else(|| weight("text/*")).or_else(|| weight("*/*")).unwrap_or(0.0);
    match weight("text/markdown") {
        Some(markdown) if markdown > 0.0 && markdown >= html => Form::Markdown,
        _ => Form::Html,
    }
}

/// One media range and its weight; nothing for what is not one.
fn range(text: &str) -> Option<(String, f32)> {
    let mut parts = text.split(';').map(str::trim);
    let name = parts.next().filter(|name| name.contains('/'))?.to_ascii_lowercase();
    let mut weight = 1.0;
    for part in parts {
        let Some((key, value)) = part.split_once('=') else { continue };
        if key.trim().eq_ignore_ascii_case("q") {
            weight = value.trim().parse().ok().filter(|q| (0.0..=1.0).contains(q))?;
        }
    }
    Some((name, weight))
}

#[cfg(test)]
mod tests {
    use super::{Form, form};

    #[test]
    fn twenty_accept_headers() {
        let rows: [(Option<&str>, Form); 20] = [
            (None, Form::Html),
            (Some(""), Form::Html),
            (Some("*/*"), Form::Html),
            (Some("text/*"), Form::Html),
            (Some("text/html"), Form::Html),
            (Some("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"), Form::Html),
            (Some("text/markdown"), Form::Markdown),
            (Some("TEXT/Markdown"), Form::Markdown),
            (Some("text/markdown, */*"), Form::Markdown),
            (Some("text/markdown, text/html"), Form::Markdown),
            (Some("text/html, text/markdown"), Form::Markdown),
            (Some("text/markdown, text/html, */*"), Form::Markdown),
            (Some("text/markdown;q=1.0, text/html;q=0.7, */*;q=0.1"), Form::Markdown),
            (Some("text/html;q=0.5, text/markdown"), Form::Markdown),
            (Some("text/markdown;q=0.1, text/html"), Form::Html),
            (Some("text/markdown;q=0"), Form::Html),
            (Some("text/markdown;q=0.5, text/*;q=0.6"), Form::Html),
            (Some("text/markdown;q=0.5, text/html;q=0.4, */*"), Form::Markdown),
            (Some("text/plain, text/markdown;charset=utf-8;q=0.9"), Form::Markdown),
            (Some("text/markdown;q=high, nonsense"), Form::Html),
        ];
        for (header, expected) in rows {
            assert_eq!(form(header), expected, "{header:?}");
        }
    }
}
