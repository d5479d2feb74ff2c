//! What `[output.html] head` may hold: whole elements that belong in the head of a document.
//!
//! An element that is not closed, or that belongs in the body, would end the head early and take the page with it.

/// Elements of the head that have no end.
const VOID: [&str; 3] = ["base", "link", "meta"];

/// Those that do; what is in them is text.
const WHOLE: [&str; 4] = ["noscript", "script", "style", "template"];

/// What is wrong with a piece of HTML in the head, as the end of a sentence about it.
pub(super) fn problem(html: &str) -> Option<String> {
    let mut rest = html;
    loop {
        rest = rest.trim_start();
        if rest.is_empty() {
            return None;
        }
        if let Some(comment) = rest.strip_prefix("<!--") {
            let Some((_, after)) = comment.split_once("-->") else {
                return Some("holds a comment that is not closed".to_owned());
            };
            rest = after;
            continue;
        }
        let Some(tag) =
            rest.strip_prefix('<').filter(|tag| tag.starts_with(|c: char| c.is_ascii_alphabetic()))
        else {
            let words: String = rest.chars().take_while(|c| *c != '<').take(20).collect();
            return Some(match words.trim_end() {
                "" => "holds an end tag, or a `<`, that belongs to nothing".to_owned(),
                words => format!("holds the text `{words}` outside of an element"),
            });
        };
        let length = tag.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'-').count();
        let name = tag[..length].to_ascii_lowercase();
        let Some(end) = tag_end(tag) else { return Some(format!("holds a `<{name}` without its `>`")) };
        let after = &tag[end + 1..];
        if VOID.contains(&name.as_str()) {
            rest = after;
        } else if WHOLE.contains(&name.as_str()) {
            let lower = after.to_ascii_lowercase();
            let close = format!("</{name}");
            let found = lower.find(&close).and_then(|at| Some(at + lower[at..].find('>')? + 1));
            let Some(end) = found else { return Some(format!("opens `<{name}>` and does not close it")) };
            rest = &after[end..];
        } else {
            return Some(format!("holds `<{name}>`, which does not belong in the head"));
        }
    }
}

/// Where the `>` of a tag stands, which quotes may hide.
fn tag_end(tag: &str) -> Option<usize> {
    let mut quote = None;
    for (at, byte) in tag.bytes().enumerate() {
        match quote {
            Some(open) if byte == open => quote = None,
            Some(_) => {}
            None if byte == b'"' || byte == b'\'' => quote = Some(byte),
            None if byte == b'>' => return Some(at),
            None => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_elements_of_the_head_and_nothing_else() {
        let fine = [
            "",
            "<meta name=\"a\" content=\"b > c\">",
            "<link rel=me href='https://a.b/'/> <!-- why -->\n<script defer src=\"a.js\"></script>",
            "<SCRIPT>if (1 < 2) document.write('<p>')</Script >",
            "<style>a > b { color: red }</style><noscript><link rel=stylesheet href=a.css></noscript>",
        ];
        for html in fine {
            assert_eq!(problem(html), None, "{html}");
        }
        let wrong = [
            ("<script>let a = 1", "opens `<script>` and does not close it"),
            ("<script></script", "opens `<script>` and does not close it"),
            ("<div>a</div>", "holds `<div>`, which does not belong in the head"),
            ("</head><body>", "holds an end tag, or a `<`, that belongs to nothing"),
            ("<meta name=\"a>", "holds a `<meta` without its `>`"),
            ("<!-- a", "holds a comment that is not closed"),
            ("color: red", "holds the text `color: red` outside of an element"),
            ("<meta name=é> é", "holds the text `é` outside of an element"),
        ];
        for (html, message) in wrong {
            assert_eq!(problem(html).as_deref(), Some(message), "{html}");
        }
    }
}
