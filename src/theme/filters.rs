//! The filters and tests that templates have beyond Tera's own. Every one is a function of its input alone.
//!
//! | name | what it makes |
//! |---|---|
//! | `markdown_escape` | Markdown that says the text literally |
//! | `strong`, `emphasis` | Markdown in bold, in italics: on one line, bold markers inside gone |
//! | `quote` | a block quote: every line behind `>` |
//! | `fence(language="")` | a code block, its fence longer than any run of backticks in it |
//! | `gfm_alert` | the GFM alert (`NOTE`, `TIP` …) of an admonition kind |
//! | `tight_list` | the same list without blank lines between its items |
//! | `link_destination` | an address as it stands between the parentheses of a link |
//! | `one_line` | the text on one line |
//! | `text_only` | the words of HTML |
//! | `json` | JSON that may stand in a `script` element |
//! | `urlencode` | the text as a part of a URL |
//! | test `one_paragraph` | whether Markdown is one paragraph and nothing else |

use std::fmt::Write;

use tera::{Kwargs, State, StringInput, Tera, TeraResult, Value};

/// Registers all of them.
pub(super) fn register(tera: &mut Tera) {
    tera.register_filter("markdown_escape", |text: &str, _: Kwargs, _: &State| markdown_escape(text));
    tera.register_filter("strong", |text: &str, _: Kwargs, _: &State| strong(text));
    tera.register_filter("code_span", |text: &str, _: Kwargs, _: &State| code_span(text));
    tera.register_filter("emphasis", |text: &str, _: Kwargs, _: &State| emphasis(text));
    tera.register_filter("quote", |text: &str, _: Kwargs, _: &State| quote(text));
    tera.register_filter("fence", |text: &str, arguments: Kwargs, _: &State| -> TeraResult<String> {
        Ok(fence(text, arguments.get("language")?.unwrap_or_default()))
    });
    tera.register_filter("gfm_alert", |kind: &str, _: Kwargs, _: &State| gfm_alert(kind));
    tera.register_filter("tight_list", |text: &str, _: Kwargs, _: &State| tight_list(text));
    tera.register_filter("link_destination", |address: &str, _: Kwargs, _: &State| link_destination(address));
    tera.register_filter("one_line", |text: StringInput, _: Kwargs, _: &State| {
        text.inherit_safety(one_line(text.as_str()))
    });
    tera.register_filter("text_only", |html: &str, _: Kwargs, _: &State| text_only(html));
    tera.register_filter("json", |value: &Value, _: Kwargs, _: &State| json(value));
    tera.register_filter("urlencode", |text: &str, _: Kwargs, _: &State| urlencode(text));
    tera.register_test("one_paragraph", |text: &str, _: Kwargs, _: &State| is_one_paragraph(text));
}

/// Markdown that says `text` literally, to GitHub and to any other reader, at the start of a line or within one.
pub(super) fn markdown_escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 8);
    let mut before = '\n';
    for (at, character) in text.char_indices() {
        let after = text[at + character.len_utf8()..].chars().next().unwrap_or('\n');
        let opens_line = text[..at].rsplit('\n').next().unwrap_or_default().trim().is_empty();
        let means_something = match character {
            '\\' => after.is_ascii_punctuation() || after == '\n',
            '`' | '*' | '[' | ']' => true,
            '<' => after.is_ascii_alphabetic() || "/!?".contains(after),
            // Within a word it is itself: `vnet_id` stays readable.
            '_' => !(before.is_alphanumeric() && after.is_alphanumeric()),
            '~' => before == '~' || after == '~',
            '&' => is_entity(&text[at..]),
            '#' | '+' | '-' if opens_line => true,
            '>' | '|' | '=' => opens_line,
            '.' | ')' => {
                let line = text[..at].rsplit('\n').next().unwrap_or_default().trim_start();
                (1..=9).contains(&line.len())
                    && line.bytes().all(|byte| byte.is_ascii_digit())
                    && after.is_whitespace()
            }
            _ => false,
        };
        if means_something {
            escaped.push('\\');
        }
        escaped.push(character);
        before = character;
    }
    escaped
}

fn is_entity(text: &str) -> bool {
    text[1..].find(';').is_some_and(|end| {
        (1..=32).contains(&end)
            && text[1..=end].bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'#')
    })
}

/// `markdown` in bold. Bold markers inside would end it, and say nothing more, so they go; code keeps its own.
fn strong(markdown: &str) -> String {
    let line = one_line(markdown);
    if line.is_empty() {
        return line;
    }
    let mut inner = String::with_capacity(line.len());
    let mut rest = line.as_str();
    while let Some(at) = rest.find(['`', '*', '\\']) {
        inner.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some(escaped) = rest.strip_prefix('\\') {
            let length = 1 + escaped.chars().next().map_or(0, char::len_utf8);
            inner.push_str(&rest[..length]);
            rest = &rest[length..];
        } else if rest.starts_with('`') {
            let ticks = rest.len() - rest.trim_start_matches('`').len();
            let length = code_end(rest, ticks).unwrap_or(ticks);
            inner.push_str(&rest[..length]);
            rest = &rest[length..];
        } else {
            let stars = rest.len() - rest.trim_start_matches('*').len();
            inner.push_str(if stars % 2 == 1 { "*" } else { "" });
            rest = &rest[stars..];
        }
    }
    inner.push_str(rest);
    format!("**{}**", inner.trim())
}

/// Where the code span that opens `text` with `ticks` backticks ends.
fn code_end(text: &str, ticks: usize) -> Option<usize> {
    let mut at = ticks;
    while let Some(start) = text[at..].find('`').map(|next| at + next) {
        let length = text[start..].len() - text[start..].trim_start_matches('`').len();
        at = start + length;
        if length == ticks {
            return Some(at);
        }
    }
    None
}

/// Text as code in a sentence.
fn code_span(text: &str) -> String {
    let text = text.replace('\n', " ");
    let longest = text.split(|letter| letter != '`').map(str::len).max().unwrap_or(0);
    let ticks = "`".repeat(longest + 1);
    let space = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{ticks}{space}{text}{space}{ticks}")
}

fn emphasis(markdown: &str) -> String {
    let line = one_line(markdown);
    if line.is_empty() { line } else { format!("*{line}*") }
}

fn quote(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 32);
    for (index, line) in text.lines().enumerate() {
        quoted.push_str(if index == 0 { ">" } else { "\n>" });
        if !line.is_empty() {
            quoted.push(' ');
            quoted.push_str(line);
        }
    }
    quoted
}

fn fence(code: &str, language: &str) -> String {
    let longest = code.split(|character| character != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    format!("{fence}{language}\n{}\n{fence}", code.trim_end_matches('\n'))
}

/// GitHub has five alerts; every kind is read as the one whose urgency it shares.
fn gfm_alert(kind: &str) -> &'static str {
    match kind.to_ascii_lowercase().as_str() {
        "tip" | "success" => "TIP",
        "important" => "IMPORTANT",
        "warning" => "WARNING",
        "caution" | "danger" => "CAUTION",
        _ => "NOTE",
    }
}

/// Blank lines between items go where every item is one line; a list with longer items is left as it is.
fn tight_list(text: &str) -> String {
    let tight = text.lines().all(|line| line.is_empty() || line.starts_with("- "));
    if !tight {
        return text.to_owned();
    }
    text.lines().filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

fn link_destination(address: &str) -> String {
    let mut depth = 0_i32;
    let balanced = address.chars().all(|character| {
        depth += i32::from(character == '(') - i32::from(character == ')');
        depth >= 0
    }) && depth == 0;
    let plain = |character: char| !character.is_whitespace() && !character.is_control() && character != '<';
    if balanced && !address.is_empty() && address.chars().all(plain) {
        return address.to_owned();
    }
    format!("<{}>", address.replace('<', "%3C").replace('>', "%3E").replace(['\n', '\r'], "%20"))
}

/// `text` with every run of white space that holds a line break as one space.
fn one_line(text: &str) -> String {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let mut joined = lines.next().unwrap_or_default().to_owned();
    for line in lines {
        joined.push(' ');
        joined.push_str(line);
    }
    joined
}

/// The words of `html`, its references decoded and its white space collapsed.
fn text_only(html: &str) -> String {
    let mut words = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find(['<', '&']) {
        words.push_str(&rest[..at]);
        rest = &rest[at..];
        if rest.starts_with('<') {
            rest = rest.find('>').map_or("", |end| &rest[end + 1..]);
        } else {
            let decoded = rest.find(';').filter(|end| *end <= 10).and_then(|end| {
                let character = reference(&rest[1..end])?;
                Some((character, end + 1))
            });
            let (character, length) = decoded.unwrap_or(('&', 1));
            words.push(character);
            rest = &rest[length..];
        }
    }
    words.push_str(rest);
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn reference(name: &str) -> Option<char> {
    let number = |digits: &str, radix| u32::from_str_radix(digits, radix).ok().and_then(char::from_u32);
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "nbsp" => Some(' '),
        _ => match name.strip_prefix("#x").or_else(|| name.strip_prefix("#X")) {
            Some(digits) => number(digits, 16),
            None => number(name.strip_prefix('#')?, 10),
        },
    }
}

/// `</script>` and `<!--` in a value would end the element it stands in.
fn json(value: &Value) -> TeraResult<Value> {
    let text = serde_json::to_string(value).map_err(|error| tera::Error::message(error.to_string()))?;
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                write!(safe, "\\u{:04x}", u32::from(character)).expect("writing to a String");
            }
            _ => safe.push(character),
        }
    }
    Ok(Value::safe_string(&safe))
}

fn urlencode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            write!(encoded, "%{byte:02X}").expect("writing to a String");
        }
    }
    encoded
}

fn is_one_paragraph(markdown: &str) -> bool {
    let text = markdown.trim_matches('\n');
    !text.is_empty() && !text.starts_with("    ") && text.lines().all(|line| !opens_block(line))
}

/// Whether a line is, or may begin, anything but words of a paragraph.
fn opens_block(line: &str) -> bool {
    let line = line.trim_start();
    let marker = line.trim_start_matches(|digit: char| digit.is_ascii_digit());
    line.is_empty()
        || ["- ", "* ", "+ ", "#", ">", "```", "~~~", "|", "---", "***", "___", "==="]
            .iter()
            .any(|start| line.starts_with(start))
        || marker.len() < line.len() && (marker.starts_with(". ") || marker.starts_with(") "))
        || line.starts_with('<') && line.ends_with('>') && !line.contains(' ')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escaped_text_reads_as_it_was() {
        let cases = [
            ("a_b and _c_", r"a_b and \_c\_"),
            ("*x* `y` [z]", r"\*x\* \`y\` \[z\]"),
            ("<your-id> and 1 < 2", r"\<your-id> and 1 < 2"),
            ("AT&T &amp; co", r"AT&T \&amp; co"),
            ("# no heading", r"\# no heading"),
            ("1. no list", r"1\. no list"),
            ("v1.2 (beta)", "v1.2 (beta)"),
            ("- item\n+ item", "\\- item\n\\+ item"),
            (r"C:\Users", r"C:\Users"),
            ("é*", r"é\*"),
        ];
        for (text, expected) in cases {
            assert_eq!(markdown_escape(text), expected);
            let mut words = String::new();
            for event in pulldown_cmark::Parser::new(expected) {
                match event {
                    pulldown_cmark::Event::Text(part) => words.push_str(&part),
                    pulldown_cmark::Event::SoftBreak => words.push('\n'),
                    pulldown_cmark::Event::Start(pulldown_cmark::Tag::Paragraph)
                    | pulldown_cmark::Event::End(_) => {}
                    other => panic!("{expected:?} holds {other:?}"),
                }
            }
            assert_eq!(words, text);
        }
    }

    #[test]
    fn bold_text_is_bold_once() {
        assert_eq!(strong("Use **this**, not `a ** b`"), "**Use this, not `a ** b`**");
        assert_eq!(strong("Use *this*"), "**Use *this***");
        assert_eq!(strong(r"a \*\* b"), r"**a \*\* b**");
        assert_eq!(strong("``a`b`` c"), "**``a`b`` c**");
        assert_eq!(strong("  \n"), "");
    }

    #[test]
    fn code_in_a_sentence_ends_where_it_should() {
        assert_eq!(code_span("{a}"), "`{a}`");
        assert_eq!(code_span("a`b``c"), "```a`b``c```");
        assert_eq!(code_span("`a"), "`` `a ``");
    }

    #[test]
    fn fences_are_longer_than_what_is_in_them() {
        assert_eq!(fence("ls\n", "sh"), "```sh\nls\n```");
        assert_eq!(fence("````\n```\n", ""), "`````\n````\n```\n`````");
    }

    #[test]
    fn quotes_and_lists_keep_their_lines() {
        assert_eq!(quote("a\n\n```\n  b\n```"), "> a\n>\n> ```\n>   b\n> ```");
        assert_eq!(tight_list("- a\n\n- b"), "- a\n- b");
        assert_eq!(tight_list("- a\n\n  more\n\n- b"), "- a\n\n  more\n\n- b");
    }

    #[test]
    fn addresses_stay_one_destination() {
        assert_eq!(link_destination("https://a.example/b_(c)"), "https://a.example/b_(c)");
        assert_eq!(link_destination("/a b"), "</a b>");
        assert_eq!(link_destination("/a)b"), "</a)b>");
        assert_eq!(link_destination(""), "<>");
    }

    #[test]
    fn words_of_html() {
        assert_eq!(text_only("<p>a &lt;b&gt; <code>c&#x27;s</code>\n  d & e</p>"), "a <b> c's d & e");
    }

    #[test]
    fn json_cannot_end_its_script() {
        let value = Value::from("</script><!-- & \u{2028}");
        let text = json(&value).expect("a string is JSON").to_string();
        assert_eq!(text, r#""\u003c/script\u003e\u003c!-- \u0026 \u2028""#);
        assert_eq!(serde_json::from_str::<String>(&text).ok().as_deref(), value.as_str());
    }

    #[test]
    fn paragraphs_are_told_from_blocks() {
        for text in ["One\ntwo.", "A *b* `c`.", "v1.2 is out", "**Bold** first"] {
            assert!(is_one_paragraph(text), "{text}");
        }
        for text in ["", "a\n\nb", "- a", "a\n- b", "1. a", "```\na\n```", "> a", "# a", "<div>", "    a"] {
            assert!(!is_one_paragraph(text), "{text}");
        }
    }
}
