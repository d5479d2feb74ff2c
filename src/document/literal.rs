//! JavaScript literals in attributes: text in, [`Value`] out, or the place where it stops being a literal.
//!
//! Strings, numbers, booleans, `null`, `undefined`, arrays, objects and templates without `${}`, with trailing
//! commas and comments. Own code, because a general JSON5 reader knows neither templates nor the forms that
//! stand for an asset (`require('./x.png').default`, `useBaseUrl('/x')`), and its places are lines and columns.

use super::Value;

/// How deep arrays and objects may nest: more is nobody's data, and would cost stack.
const DEPTH: usize = 64;

/// Why a text is no literal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The offset in the text where it shows; on a character boundary, at most the text's length.
    pub at: usize,
    /// What is missing or wrong there.
    pub message: String,
}

/// Reads a literal that takes up all of `source`.
///
/// # Errors
/// When `source` is something else, with the place where that shows.
pub fn parse(source: &str) -> Result<Value, Problem> {
    let mut reader = Reader { source, at: 0 };
    let value = reader.value(0)?;
    reader.space()?;
    if reader.at < source.len() {
        return Err(reader.problem("expected the end of the value"));
    }
    Ok(value)
}

/// Whether `source` could be a JavaScript expression: operands and operators in turn, brackets matched. Tells
/// `{props.name}` from braces that are only punctuation.
#[must_use]
pub fn is_expression(source: &str) -> bool {
    let mut reader = Reader { source, at: 0 };
    let mut open: Vec<u8> = Vec::new();
    let mut operand = true;
    let mut questions = 0usize;
    loop {
        if reader.space().is_err() {
            return false;
        }
        let Some(byte) = reader.peek() else { return !operand && open.is_empty() };
        let nested = !open.is_empty();
        match byte {
            b'"' | b'\'' | b'`' => {
                let tagged = byte == b'`' && !operand;
                if !(operand || tagged) || !reader.skip_string(byte) {
                    return false;
                }
                operand = false;
            }
            b'0'..=b'9' if operand => {
                reader.skip_while(|c| c.is_ascii_alphanumeric() || c == '_' || c == '.');
                operand = false;
            }
            b'(' | b'[' | b'{' => {
                if byte == b'{' && !operand {
                    return false;
                }
                open.push(byte);
                reader.at += 1;
                operand = true;
            }
            b')' | b']' | b'}' => {
                let partner = match byte {
                    b')' => b'(',
                    b']' => b'[',
                    _ => b'{',
                };
                // `()`, `[]`, `{}` and trailing commas leave an operand open.
                if open.pop() != Some(partner) {
                    return false;
                }
                reader.at += 1;
                operand = false;
            }
            // JSX or a function: what is in it is not checked further.
            b'<' if operand => return true,
            b'=' if reader.rest().starts_with("=>") => return true,
            b'.' if operand && reader.rest().starts_with("...") => reader.at += 3,
            b'.' if !operand => {
                reader.at += 1;
                if !reader.word_starts() {
                    return false;
                }
                reader.skip_word();
            }
            // A regular expression.
            b'/' if operand => {
                if !reader.skip_string(b'/') {
                    return false;
                }
                reader.skip_while(|c| c.is_ascii_alphabetic());
                operand = false;
            }
            b'!' | b'~' if operand => reader.at += 1,
            b'+' | b'-' => {
                let twice = reader.rest().as_bytes().get(1) == Some(&byte);
                reader.at += if twice { 2 } else { 1 };
                operand = operand || !twice;
            }
            b'?' if !operand => operand = reader.question(&mut questions),
            b':' if !operand && (nested || questions > 0) => {
                questions = questions.saturating_sub(1);
                reader.at += 1;
                operand = true;
            }
            b',' if nested => {
                reader.at += 1;
                operand = true;
            }
            b'=' | b'!' if !operand && reader.rest()[1..].starts_with('=') => {
                reader.skip_while(|c| c == '=' || c == '!');
                operand = true;
            }
            b'*' | b'/' | b'%' | b'<' | b'>' | b'&' | b'|' | b'^' if !operand => {
                reader.skip_while(|c| matches!(c, '*' | '/' | '%' | '<' | '>' | '&' | '|' | '^' | '='));
                operand = true;
            }
            _ if reader.word_starts() => match reader.skip_word() {
                "typeof" | "new" | "await" | "void" | "delete" if operand => {}
                "async" | "function" | "class" if operand => return true,
                "in" | "instanceof" | "as" | "satisfies" if !operand => operand = true,
                _ if operand => operand = false,
                _ => return false,
            },
            _ => return false,
        }
    }
}

struct Reader<'a> {
    source: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        &self.source[self.at..]
    }

    fn peek(&self) -> Option<u8> {
        self.source.as_bytes().get(self.at).copied()
    }

    fn problem(&self, message: impl Into<String>) -> Problem {
        Problem { at: self.at, message: message.into() }
    }

    fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, byte: u8, message: &str) -> Result<(), Problem> {
        self.space()?;
        if self.take(byte) { Ok(()) } else { Err(self.problem(message)) }
    }

    /// Over white space and comments.
    fn space(&mut self) -> Result<(), Problem> {
        loop {
            let rest = self.rest();
            let trimmed = rest.trim_start();
            self.at += rest.len() - trimmed.len();
            if let Some(comment) = trimmed.strip_prefix("/*") {
                let Some(end) = comment.find("*/") else {
                    return Err(self.problem("the comment is never closed"));
                };
                self.at += end + 4;
            } else if trimmed.starts_with("//") {
                self.at += trimmed.find('\n').unwrap_or(trimmed.len());
            } else {
                return Ok(());
            }
        }
    }

    fn skip_while(&mut self, wanted: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let length = rest.find(|c| !wanted(c)).unwrap_or(rest.len());
        self.at += length;
        &rest[..length]
    }

    fn word_starts(&self) -> bool {
        self.rest().starts_with(|c: char| c.is_alphabetic() || c == '_' || c == '$' || c == '#')
    }

    fn skip_word(&mut self) -> &'a str {
        self.skip_while(|c| c.is_alphanumeric() || c == '_' || c == '$' || c == '#')
    }

    /// Over `?.`, `??` or `?`; whether an operand follows.
    fn question(&mut self, questions: &mut usize) -> bool {
        if self.rest().starts_with("?.") {
            self.at += 2;
            if self.word_starts() {
                self.skip_word();
            }
            return false;
        }
        let nullish = self.rest().starts_with("??");
        self.at += if nullish { 2 } else { 1 };
        *questions += usize::from(!nullish);
        true
    }

    /// Over a string or template; `false` where it never ends.
    fn skip_string(&mut self, quote: u8) -> bool {
        let bytes = self.source.as_bytes();
        let mut at = self.at + 1;
        while at < bytes.len() {
            if bytes[at] == quote {
                self.at = at + 1;
                return true;
            }
            if bytes[at] == b'\n' && quote != b'`' {
                return false;
            }
            at += if bytes[at] == b'\\' { 2 } else { 1 };
        }
        false
    }

    fn value(&mut self, depth: usize) -> Result<Value, Problem> {
        self.space()?;
        let Some(byte) = self.peek() else { return Err(self.problem("expected a value")) };
        if depth > DEPTH {
            return Err(self.problem("the value is nested too deep"));
        }
        match byte {
            b'"' | b'\'' | b'`' => self.string(byte).map(Value::String),
            b'[' => self.array(depth),
            b'{' => self.object(depth),
            b'(' => {
                self.at += 1;
                let value = self.value(depth + 1)?;
                self.expect(b')', "expected `)`")?;
                Ok(value)
            }
            b'0'..=b'9' | b'.' | b'-' | b'+' => self.number().map(Value::Number),
            _ if self.word_starts() => self.word(),
            _ => Err(self.problem("expected a value")),
        }
    }

    fn array(&mut self, depth: usize) -> Result<Value, Problem> {
        self.at += 1;
        let mut values = Vec::new();
        loop {
            self.space()?;
            if self.take(b']') {
                return Ok(Value::Array(values));
            }
            values.push(self.value(depth + 1)?);
            self.space()?;
            if !self.take(b',') && self.peek() != Some(b']') {
                return Err(self.problem("expected `,` or `]`"));
            }
        }
    }

    fn object(&mut self, depth: usize) -> Result<Value, Problem> {
        self.at += 1;
        let mut entries = Vec::new();
        loop {
            self.space()?;
            if self.take(b'}') {
                return Ok(Value::Object(entries));
            }
            let key = match self.peek() {
                Some(quote @ (b'"' | b'\'')) => self.string(quote)?,
                Some(b'0'..=b'9') => self.skip_while(|c| c.is_ascii_alphanumeric() || c == '.').to_owned(),
                Some(_) if self.word_starts() => self.skip_word().to_owned(),
                _ => return Err(self.problem("expected a key or `}`")),
            };
            self.expect(b':', "expected `:`")?;
            let value = self.value(depth + 1)?;
            entries.push((key, value));
            self.space()?;
            if !self.take(b',') && self.peek() != Some(b'}') {
                return Err(self.problem("expected `,` or `}`"));
            }
        }
    }

    fn word(&mut self) -> Result<Value, Problem> {
        let start = self.at;
        let value = match self.skip_word() {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            "null" | "undefined" => Value::Null,
            // The two ways JSX names a file of the site.
            "require" | "useBaseUrl" if self.take(b'(') => {
                self.space()?;
                let Some(quote @ (b'"' | b'\'' | b'`')) = self.peek() else {
                    return Err(self.problem("expected a string"));
                };
                let address = self.string(quote)?;
                self.space()?;
                if !self.take(b')') {
                    return Err(self.problem("expected `)`"));
                }
                if self.rest().starts_with(".default") {
                    self.at += ".default".len();
                }
                Value::String(address)
            }
            _ => {
                self.at = start;
                return Err(self.problem("a name is not a literal"));
            }
        };
        Ok(value)
    }

    fn number(&mut self) -> Result<f64, Problem> {
        let start = self.at;
        let negative = self.take(b'-');
        if !negative {
            self.take(b'+');
        }
        self.space()?;
        let digits_at = self.at;
        let written = self.number_text();
        let digits = written.replace('_', "");
        let radix = match digits.get(..2) {
            Some("0x" | "0X") => 16,
            Some("0o" | "0O") => 8,
            Some("0b" | "0B") => 2,
            _ => 10,
        };
        #[expect(clippy::cast_precision_loss, reason = "JavaScript's numbers are floats")]
        let value = if radix == 10 {
            digits.parse::<f64>().ok().filter(|_| !digits.is_empty() && digits != ".")
        } else {
            u64::from_str_radix(&digits[2..], radix).ok().map(|number| number as f64)
        };
        if let Some(number) = value {
            return Ok(if negative { -number } else { number });
        }
        self.at = if digits.is_empty() { digits_at } else { start };
        Err(self.problem("expected a number"))
    }

    /// The digits of a number, its exponent's sign included.
    fn number_text(&mut self) -> &'a str {
        let start = self.at;
        let bytes = self.source.as_bytes();
        let hex = bytes[start..].starts_with(b"0x") || bytes[start..].starts_with(b"0X");
        while let Some(byte) = self.peek() {
            let sign = matches!(byte, b'+' | b'-')
                && !hex
                && self.at > start
                && matches!(bytes[self.at - 1], b'e' | b'E');
            if !(byte.is_ascii_alphanumeric() || byte == b'.' || byte == b'_' || sign) {
                break;
            }
            self.at += 1;
        }
        &self.source[start..self.at]
    }

    fn string(&mut self, quote: u8) -> Result<String, Problem> {
        let start = self.at;
        self.at += 1;
        let mut text = String::new();
        loop {
            let plain = self.skip_while(|c| !matches!(c, '"' | '\'' | '`' | '\\' | '\n' | '$'));
            text.push_str(plain);
            let Some(byte) = self.peek() else {
                self.at = start;
                return Err(self.problem("the string is never closed"));
            };
            self.at += 1;
            match byte {
                _ if byte == quote => return Ok(text),
                b'\n' if quote != b'`' => {
                    self.at = start;
                    return Err(self.problem("the string is not closed on its line"));
                }
                b'$' if quote == b'`' && self.peek() == Some(b'{') => {
                    self.at -= 1;
                    return Err(self.problem("a template with `${}` is not a literal"));
                }
                b'\\' => self.escape(&mut text)?,
                _ => text.push(char::from(byte)),
            }
        }
    }

    /// What stands after a backslash.
    fn escape(&mut self, text: &mut String) -> Result<(), Problem> {
        let start = self.at - 1;
        let Some(c) = self.rest().chars().next() else {
            return Err(Problem { at: start, message: "the string is never closed".to_owned() });
        };
        self.at += c.len_utf8();
        match c {
            'n' => text.push('\n'),
            't' => text.push('\t'),
            'r' => text.push('\r'),
            'b' => text.push('\u{8}'),
            'f' => text.push('\u{c}'),
            'v' => text.push('\u{b}'),
            '0' => text.push('\u{FFFD}'),
            '\n' => {}
            '\r' => {
                self.take(b'\n');
            }
            'x' => {
                let code = self
                    .hex(2)
                    .ok_or_else(|| Problem { at: start, message: "expected `\\xHH`".to_owned() })?;
                text.push(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            'u' => {
                let code = self
                    .unicode()
                    .ok_or_else(|| Problem { at: start, message: "expected `\\uHHHH`".to_owned() })?;
                text.push(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            other => text.push(other),
        }
        Ok(())
    }

    fn hex(&mut self, digits: usize) -> Option<u32> {
        let code = self.rest().get(..digits)?;
        let code =
            u32::from_str_radix(code, 16).ok().filter(|_| code.bytes().all(|b| b.is_ascii_hexdigit()))?;
        self.at += digits;
        Some(code)
    }

    fn unicode(&mut self) -> Option<u32> {
        if self.take(b'{') {
            let digits = self.skip_while(|c| c.is_ascii_hexdigit());
            let code = u32::from_str_radix(digits, 16).ok()?;
            return self.take(b'}').then_some(code);
        }
        let high = self.hex(4)?;
        if (0xD800..0xDC00).contains(&high) && self.rest().starts_with("\\u") {
            let before = self.at;
            self.at += 2;
            match self.hex(4) {
                Some(low) if (0xDC00..0xE000).contains(&low) => {
                    return Some(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00));
                }
                _ => self.at = before,
            }
        }
        Some(high)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn string(text: &str) -> Value {
        Value::String(text.to_owned())
    }

    #[test]
    fn literals_are_read() {
        for (source, value) in [
            ("'a'", string("a")),
            (" \"it's\" ", string("it's")),
            ("`two\nlines`", string("two\nlines")),
            (r"'\u00e9\x41\u{1F600}\uD83D\uDE00\'\n\q'", string("éA😀😀'\nq")),
            ("-1.5e3", Value::Number(-1500.0)),
            (".5", Value::Number(0.5)),
            ("0xff", Value::Number(255.0)),
            ("1_000", Value::Number(1000.0)),
            ("true", Value::Bool(true)),
            ("undefined", Value::Null),
            ("(/* c */ null)", Value::Null),
            ("[1, 'a', ] // end", Value::Array(vec![Value::Number(1.0), string("a")])),
            ("require('./x.png').default", string("./x.png")),
            ("useBaseUrl(\"/img/x.png\")", string("/img/x.png")),
        ] {
            assert_eq!(parse(source), Ok(value), "{source}");
        }
        assert_eq!(
            parse("[\n  {label: 'VNet peering', \"value\": 'v',},\n]"),
            Ok(Value::Array(vec![Value::Object(vec![
                ("label".to_owned(), string("VNet peering")),
                ("value".to_owned(), string("v")),
            ])]))
        );
    }

    #[test]
    fn the_place_of_an_error_is_exact() {
        for (source, at) in [
            ("props.x", 0),
            ("[1, x]", 4),
            ("[{a 1}]", 4),
            ("'é' + 'b'", 5),
            ("`a${b}`", 2),
            ("'lost", 0),
            ("{a: 1,, b: 2}", 6),
            ("", 0),
            ("-", 1),
            ("() => 1", 1),
            ("<Icon />", 0),
        ] {
            assert_eq!(parse(source).map_err(|problem| problem.at), Err(at), "{source}");
        }
        assert!(parse(&"[".repeat(100_000)).is_err());
    }

    #[test]
    fn expressions_are_told_from_punctuation() {
        for source in [
            "props.name",
            "a",
            "a.b[0].c()",
            "a ? 'x' : b",
            "!a && <b/>",
            "a || b ?? c",
            "`x${y}`",
            "() => 1",
            "[1,].map(x => x)",
            "a - b",
            "{a: 1}",
            "fn({a: 'b'}, ...c)",
            "props?.name",
            "typeof a === 'b'",
            "a as B",
            "a.replace(/d\\/x/g, 'y')",
        ] {
            assert!(is_expression(source), "{source}");
        }
        for source in [
            "\"json\": 1",
            "some words here",
            "",
            "a, b",
            "key=value",
            "...",
            "1, 2",
            "a.",
            "x: string",
            "%",
            "é è",
            "a)",
        ] {
            assert!(!is_expression(source), "{source}");
        }
    }
}
