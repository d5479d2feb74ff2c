//! A highlighted line in, the same line with parts of it in tags of their own out.
//!
//! The highlighter's lines are text with flat spans, so a part may be cut out of them anywhere: the spans around it
//! end before it and begin again behind it. The text of the line stays what it was, to the byte.

use std::ops::Range;

/// A part of a line.
pub(super) struct Part {
    /// Where it is in the text of the line.
    pub(super) place: Range<usize>,
    /// What becomes of it.
    pub(super) kind: PartKind,
}

/// What becomes of a part of a line.
pub(super) enum PartKind {
    /// It is shown, and neither selected nor copied: a prompt, the sign of a diff.
    Uncopied,
    /// A field, with the attributes of its tag.
    Field(String),
}

/// A run of text of one class.
struct Run<'a> {
    class: Option<&'a str>,
    text: String,
}

/// `html` with `parts` in tags of their own. Parts that begin inside of one before them are left out.
pub(super) fn with(html: &str, mut parts: Vec<Part>) -> String {
    parts.sort_by_key(|part| part.place.start);
    let mut out = String::with_capacity(html.len() + 64 * parts.len());
    let mut parts = parts.into_iter().peekable();
    let mut at = 0;
    // A field that goes over several runs is one tag, with no colours in it.
    let mut field: Option<(usize, PartKind, Option<&str>, String)> = None;
    for run in runs(html) {
        let mut rest = run.text.as_str();
        while !rest.is_empty() {
            let end = at + rest.len();
            if let Some((until, kind, class, text)) = &mut field {
                let (inside, after) = rest.split_at((*until - at).min(rest.len()));
                text.push_str(inside);
                at += inside.len();
                rest = after;
                if at == *until {
                    write_part(&mut out, kind, *class, text);
                    field = None;
                }
                continue;
            }
            while parts.next_if(|part| part.place.start < at || part.place.is_empty()).is_some() {}
            match parts.next_if(|part| part.place.start < end) {
                Some(part) => {
                    let (before, after) = rest.split_at(part.place.start - at);
                    write_run(&mut out, run.class, before);
                    at = part.place.start;
                    rest = after;
                    field = Some((part.place.end, part.kind, run.class, String::new()));
                }
                None => {
                    write_run(&mut out, run.class, rest);
                    at = end;
                    rest = "";
                }
            }
        }
    }
    if let Some((_, kind, class, text)) = field {
        write_part(&mut out, &kind, class, &text);
    }
    out
}

/// What the grammar takes for placeholders (`<name>`, `{name}`): where each is, and its name.
pub(super) fn placeholders(html: &str) -> Vec<(Range<usize>, String)> {
    let mut found = Vec::new();
    if !html.contains("<span class=\"p\">") {
        return found;
    }
    let mut at = 0;
    for run in runs(html) {
        let inner = run.text.strip_prefix(['<', '{']).and_then(|text| text.strip_suffix(['>', '}']));
        if let (Some("p"), Some(name)) = (run.class, inner) {
            found.push((at..at + run.text.len(), name.to_owned()));
        }
        at += run.text.len();
    }
    found
}

/// The class and the text of the first run that is more than space, and the length of the space before it.
pub(super) fn first(html: &str) -> Option<(usize, Option<&str>, String)> {
    let mut before = 0;
    for run in runs(html) {
        let blank = run.text.len() - run.text.trim_start().len();
        if blank < run.text.len() {
            return Some((before + blank, run.class, run.text.trim().to_owned()));
        }
        before += run.text.len();
    }
    None
}

fn runs(html: &str) -> impl Iterator<Item = Run<'_>> {
    const OPEN: &str = "<span class=\"";
    let mut rest = html;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        if let Some(inner) = rest.strip_prefix(OPEN) {
            let (class, inner) = inner.split_once("\">")?;
            let (text, after) = inner.split_once("</span>")?;
            rest = after;
            return Some(Run { class: Some(class), text: text_of(text) });
        }
        let (text, after) = rest.split_at(rest.find(OPEN).unwrap_or(rest.len()));
        rest = after;
        Some(Run { class: None, text: text_of(text) })
    })
}

fn text_of(html: &str) -> String {
    html.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn write_run(out: &mut String, class: Option<&str>, text: &str) {
    match class {
        Some(class) if !text.is_empty() => {
            out.push_str(&format!("<span class=\"{class}\">{}</span>", escaped(text)));
        }
        Some(_) | None => out.push_str(&escaped(text)),
    }
}

fn write_part(out: &mut String, kind: &PartKind, class: Option<&str>, text: &str) {
    let text = escaped(text);
    match kind {
        PartKind::Uncopied => {
            let class = class.map_or_else(String::new, |class| format!("{class} "));
            out.push_str(&format!("<span class=\"{class}uncopied\">{text}</span>"));
        }
        PartKind::Field(attributes) => out.push_str(&format!("<span {attributes}>{text}</span>")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str = "<span class=\"f\">az</span> &lt;a&gt; <span class=\"s\">\"/{x}/é\"</span>";

    fn field(place: Range<usize>) -> Part {
        Part { place, kind: PartKind::Field("data-x".to_owned()) }
    }

    #[test]
    fn a_part_is_cut_out_of_its_run() {
        assert_eq!(
            with(LINE, vec![field(9..12)]),
            "<span class=\"f\">az</span> &lt;a&gt; <span class=\"s\">\"/</span><span data-x>{x}</span><span class=\"s\">/é\"</span>"
        );
        let signed = with(LINE, vec![Part { place: 0..1, kind: PartKind::Uncopied }]);
        assert!(
            signed.starts_with("<span class=\"f uncopied\">a</span><span class=\"f\">z</span>"),
            "{signed}"
        );
    }

    #[test]
    fn a_part_over_several_runs_is_one_tag() {
        assert_eq!(
            with(LINE, vec![field(1..8), field(3..4)]),
            "<span class=\"f\">a</span><span data-x>z &lt;a&gt; \"</span><span class=\"s\">/{x}/é\"</span>"
        );
        assert_eq!(with("ab", vec![field(1..2)]), "a<span data-x>b</span>");
        assert_eq!(with("", vec![field(0..0)]), "");
    }

    #[test]
    fn what_the_grammar_found() {
        let line =
            "<span class=\"f\">az</span> <span class=\"p\">&lt;a b&gt;</span><span class=\"p\">$X</span>";
        assert_eq!(placeholders(line), [(3..8, "a b".to_owned())]);
    }
}
