//! Where JavaScript ends in a page: braces, `import` and `export` statements. Nothing here is evaluated.
//!
//! In: a text and an offset. Out: the offset after the construct, or nothing where it is not one. It reads as
//! much of JavaScript as is needed to tell code from the strings, templates and comments in it.

/// Braces that match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Braces {
    /// The offset after the closing brace.
    pub end: usize,
    /// The first blank line between them that is in no template string and no comment.
    pub blank: Option<usize>,
}

/// The closing brace for the opening one at `open`, looked for up to `end`.
pub(super) fn braces(text: &str, open: usize, end: usize) -> Option<Braces> {
    let mut walk = Walk { text, at: open, end, stack: Vec::new(), blank: None };
    while walk.step()? {}
    Some(Braces { end: walk.at, blank: walk.blank })
}

/// An `import` statement at `at`: the offset after it, the names it binds and the module.
pub(super) fn import(text: &str, at: usize, end: usize) -> Option<(usize, Vec<String>, String)> {
    let mut words = Words { text: &text[..end], at: at + "import".len() };
    let mut names = Vec::new();
    if !text[words.at..end].starts_with([' ', '\t', '{', '\'', '"', '*', '\r', '\n']) {
        return None;
    }
    words.space();
    if words.peek().is_some_and(|byte| byte != b'\'' && byte != b'"') {
        if words.rest().starts_with("type ") {
            words.at += "type ".len();
            words.space();
        }
        loop {
            if words.take(b'*') {
                words.space();
                words.keyword("as")?;
                names.push(words.name()?.to_owned());
            } else if words.take(b'{') {
                words.space();
                while !words.take(b'}') {
                    let name = words.name()?;
                    words.space();
                    let name = if words.keyword("as").is_some() { words.name()? } else { name };
                    names.push(name.to_owned());
                    words.space();
                    if !words.take(b',') && words.peek() != Some(b'}') {
                        return None;
                    }
                    words.space();
                }
            } else {
                names.push(words.name()?.to_owned());
            }
            words.space();
            if !words.take(b',') {
                break;
            }
            words.space();
        }
        words.keyword("from")?;
    }
    let quote = words.peek().filter(|byte| matches!(byte, b'\'' | b'"'))?;
    let start = words.at + 1;
    let length = text[start..end].bytes().position(|byte| byte == quote || byte == b'\n')?;
    if text.as_bytes()[start + length] != quote {
        return None;
    }
    let module = text[start..start + length].to_owned();
    words.at = start + length + 1;
    words.take(b';');
    let line = line_end(text, words.at).min(end);
    let after = text[words.at..line].trim();
    (after.is_empty() || after.starts_with("//") || after.starts_with("import "))
        .then_some((words.at, names, module))
}

/// An `export` statement at `at`: the offset after it. It ends before the first blank line outside its
/// brackets, as in MDX.
pub(super) fn export(text: &str, at: usize, end: usize) -> Option<usize> {
    let mut words = Words { text: &text[..end], at: at + "export".len() };
    if !words.rest().starts_with([' ', '\t', '{', '*', '\n', '\r']) {
        return None;
    }
    words.space();
    let rest = words.rest();
    let likely = if rest.starts_with(['{', '*']) {
        true
    } else {
        match words.name()? {
            "const" | "let" | "var" => {
                words.space();
                rest_starts_pattern(&mut words)
            }
            "function" | "class" | "async" | "interface" | "enum" | "type" => {
                words.space();
                words.take(b'*');
                words.space();
                let named = words.name();
                words.space();
                named == Some("function")
                    || (named.is_some() && matches!(words.peek(), Some(b'(' | b'{' | b'<' | b'=')))
                    || (named.is_some() && words.rest().starts_with("extends"))
            }
            "default" => {
                words.space();
                let line = &text[words.at..line_end(text, words.at).min(end)];
                line.starts_with(['(', '{', '[']) || line.contains("=>") || {
                    let mut parts = line.trim_end_matches([';', ' ', '\r']).split_whitespace();
                    matches!(parts.next(), Some("function" | "class" | "async")) || parts.next().is_none()
                }
            }
            _ => false,
        }
    };
    if !likely {
        return None;
    }
    let mut walk = Walk { text, at, end, stack: Vec::new(), blank: None };
    loop {
        let Some(more) = walk.statement_step() else {
            // Brackets that never close may not eat the page: the statement ends at the first blank line.
            return Some(first_blank(text, at, end));
        };
        if !more {
            return Some(text[at..walk.at].trim_end().len() + at);
        }
    }
}

/// The end of the line that `at` is in, before its `\n`.
pub(super) fn line_end(text: &str, at: usize) -> usize {
    text[at..].find('\n').map_or(text.len(), |offset| at + offset)
}

/// Whether a blank line follows the `\n` at `at`.
pub(super) fn blank_follows(text: &str, at: usize) -> bool {
    let rest = &text.as_bytes()[at + 1..];
    rest.iter().find(|byte| !matches!(byte, b' ' | b'\t' | b'\r' | b'>')).is_none_or(|byte| *byte == b'\n')
}

/// The end of the text before the first blank line from `at` on.
fn first_blank(text: &str, at: usize, end: usize) -> usize {
    let mut line = line_end(text, at).min(end);
    while line < end && !blank_follows(text, line) {
        line = line_end(text, line + 1).min(end);
    }
    text[at..line].trim_end().len() + at
}

fn rest_starts_pattern(words: &mut Words<'_>) -> bool {
    if matches!(words.peek(), Some(b'{' | b'[')) {
        return true;
    }
    words.name().is_some() && {
        words.space();
        matches!(words.peek(), Some(b'=' | b':' | b',' | b';'))
    }
}

/// A walk over JavaScript that knows strings, templates, comments and brackets.
struct Walk<'a> {
    text: &'a str,
    at: usize,
    end: usize,
    /// Open brackets and templates, innermost last.
    stack: Vec<u8>,
    blank: Option<usize>,
}

impl Walk<'_> {
    /// One token on; `false` when the first bracket is closed, nothing when the text ends before.
    fn step(&mut self) -> Option<bool> {
        if self.at >= self.end {
            return None;
        }
        let bytes = self.text.as_bytes();
        let byte = bytes[self.at];
        if self.stack.last() == Some(&b'`') {
            match byte {
                b'\\' => self.at += 1,
                b'`' => {
                    self.stack.pop();
                }
                b'$' if bytes.get(self.at + 1) == Some(&b'{') => {
                    self.stack.push(b'{');
                    self.at += 1;
                }
                _ => {}
            }
            self.at += 1;
            return Some(true);
        }
        match byte {
            b'{' | b'(' | b'[' | b'`' => self.stack.push(byte),
            b'}' => {
                // A lost `(` or `[` does not keep braces from closing.
                while self.stack.pop().is_some_and(|open| open != b'{') {}
                if self.stack.is_empty() {
                    self.at += 1;
                    return Some(false);
                }
            }
            b')' => self.close(b'('),
            b']' => self.close(b'['),
            b'"' | b'\'' => self.string(byte),
            b'/' if bytes.get(self.at + 1) == Some(&b'*') => {
                let close = self.text[self.at + 2..self.end].find("*/")?;
                self.at += close + 3;
            }
            b'/' if bytes.get(self.at + 1) == Some(&b'/') && self.at > 0 && bytes[self.at - 1] != b':' => {
                self.at = line_end(self.text, self.at).min(self.end);
                return Some(true);
            }
            b'\n' if self.blank.is_none() && blank_follows(self.text, self.at) => self.blank = Some(self.at),
            _ => {}
        }
        self.at += 1;
        Some(true)
    }

    /// One token on in a statement; `false` at the blank line that ends it.
    fn statement_step(&mut self) -> Option<bool> {
        if self.at >= self.end {
            return self.stack.is_empty().then_some(false);
        }
        if self.stack.is_empty()
            && self.text.as_bytes()[self.at] == b'\n'
            && blank_follows(self.text, self.at)
        {
            return Some(false);
        }
        // At the top of a statement a bracket that closes does not end it.
        self.step().map(|_| true)
    }

    fn close(&mut self, open: u8) {
        if self.stack.last() == Some(&open) {
            self.stack.pop();
        }
    }

    /// Over a string. A quote with no partner on its line is an apostrophe in JSX text, or lost.
    fn string(&mut self, quote: u8) {
        let bytes = &self.text.as_bytes()[..self.end];
        let mut at = self.at + 1;
        while at < bytes.len() && bytes[at] != b'\n' {
            if bytes[at] == quote {
                self.at = at;
                return;
            }
            // A backslash takes the next byte along, a line ending too.
            at += if bytes[at] == b'\\' { 2 } else { 1 };
        }
    }
}

/// A reader of names and punctuation.
struct Words<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Words<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn space(&mut self) {
        while let Some(byte) = self.peek().filter(u8::is_ascii_whitespace) {
            if byte == b'\n' && blank_follows(self.text, self.at) {
                return;
            }
            self.at += 1;
        }
    }

    fn name(&mut self) -> Option<&'a str> {
        let rest = self.rest();
        let length =
            rest.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '$')).unwrap_or(rest.len());
        if length == 0 || rest.starts_with(|c: char| c.is_numeric()) {
            return None;
        }
        self.at += length;
        Some(&rest[..length])
    }

    fn keyword(&mut self, word: &str) -> Option<()> {
        let rest = self.rest().strip_prefix(word)?;
        if rest.starts_with(|c: char| c.is_alphanumeric() || c == '_' || c == '$') {
            return None;
        }
        self.at += word.len();
        self.space();
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(text: &str) -> Option<&str> {
        braces(text, 0, text.len()).map(|found| &text[..found.end])
    }

    #[test]
    fn braces_match_past_strings_templates_and_comments() {
        for text in [
            "{a}",
            "{{a: '}'}}",
            "{`}${ {a: `}`} }`}",
            "{/* } */}",
            "{// }\n}",
            "{'it\\'s }'}",
            "{[{label: 'x',\n\nvalue: \"}\"}]}",
            "{ok && <p>don't</p>}",
            "{\"é}\"}",
        ] {
            assert_eq!(whole(text), Some(text), "{text}");
            assert_eq!(whole(&format!("{text} }} rest")), Some(text), "{text}");
        }
        assert_eq!(whole("{a"), None);
        assert_eq!(whole("{`a}"), None);
    }

    #[test]
    fn blank_lines_count_outside_templates_only() {
        assert_eq!(braces("{a\n\nb}", 0, 6).and_then(|found| found.blank), Some(2));
        assert_eq!(braces("{`a\n\nb`}", 0, 8).and_then(|found| found.blank), None);
    }

    #[test]
    fn imports_are_statements_and_sentences_are_not() {
        let read = |text: &str| {
            import(text, 0, text.len()).map(|(end, names, module)| (text[..end].to_owned(), names, module))
        };
        let names = |list: &[&str]| list.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        assert_eq!(
            read("import Tabs from '@theme/Tabs';\nText"),
            Some(("import Tabs from '@theme/Tabs';".into(), names(&["Tabs"]), "@theme/Tabs".into()))
        );
        assert_eq!(
            read("import A, {\n  B,\n  C as D,\n} from \"x\"\n"),
            Some(("import A, {\n  B,\n  C as D,\n} from \"x\"".into(), names(&["A", "B", "D"]), "x".into()))
        );
        assert_eq!(
            read("import * as all from 'x'"),
            Some(("import * as all from 'x'".into(), names(&["all"]), "x".into()))
        );
        assert_eq!(read("import './x.css';"), Some(("import './x.css';".into(), vec![], "./x.css".into())));
        for text in [
            "import the data from 'x' first",
            "import data from the server",
            "important",
            "import",
            "import Foo from 'x' and then",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn exports_run_to_the_blank_line_outside_brackets() {
        let read = |text: &str| export(text, 0, text.len()).map(|end| text[..end].to_owned());
        let code = "export const Box = ({children}) => (\n  <div>\n\n    {children}\n  </div>\n);";
        assert_eq!(read(&format!("{code}\n\n# Title")), Some(code.to_owned()));
        assert_eq!(
            read("export const a = {\n  b: 1,\n}\n\nx"),
            Some("export const a = {\n  b: 1,\n}".to_owned())
        );
        assert_eq!(read("export const a = (\n\ntext"), Some("export const a = (".to_owned()));
        assert_eq!(
            read("export default function A() {}\n"),
            Some("export default function A() {}".to_owned())
        );
        for text in
            ["export the data", "export const is a keyword", "export default settings to a file", "exports"]
        {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
