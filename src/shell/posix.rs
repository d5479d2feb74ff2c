//! Commands as `sh`, `bash` and `zsh` read them.

use super::Word;
use super::reader::{Open, Reader, Until, is_name};

/// Words after which another command begins.
const BEFORE: [&str; 10] = ["if", "then", "elif", "else", "while", "until", "do", "{", "!", "time"];

/// Words that end a compound command.
const CLOSING: [&str; 4] = ["fi", "done", "esac", "}"];

impl Reader<'_> {
    pub(super) fn posix_list(&mut self, until: Until) {
        let mut open = Open::default();
        // Compound commands that are not closed, and the `case`s among them that wait for a pattern.
        let mut blocks = 0_usize;
        let mut cases: Vec<bool> = Vec::new();
        // Whether the line cannot end here: after `|`, `&&` and `||`.
        let mut goes_on = false;
        loop {
            self.skip_blanks('\\');
            let Some(letter) = self.peek() else { break };
            match letter {
                '\n' => {
                    self.finish(&mut open);
                    self.bump();
                    self.heredoc_bodies();
                    if until == Until::Line && blocks == 0 && !goes_on {
                        return;
                    }
                }
                '#' => self.skip_line(),
                ';' => {
                    self.finish(&mut open);
                    if self.starts(";;")
                        && let Some(waits) = cases.last_mut()
                    {
                        *waits = true;
                    }
                    self.bump();
                }
                '&' if self.starts("&>") => self.posix_redirection(&mut open),
                '&' | '|' => {
                    self.finish(&mut open);
                    goes_on = self.starts("&&") || letter == '|';
                    self.at +=
                        if self.starts("&&") || self.starts("||") || self.starts("|&") { 2 } else { 1 };
                }
                '(' if cases.last() == Some(&true) => {
                    self.bump();
                }
                ')' if cases.last() == Some(&true) => {
                    self.bump();
                    open = Open::default();
                    cases.pop();
                    cases.push(false);
                }
                '(' if self.starts("()") => {
                    // A function: its body follows.
                    self.at += 2;
                    open = Open::default();
                }
                '(' if open.is_empty() => {
                    self.finish(&mut open);
                    if self.starts("((") {
                        self.at += 2;
                        self.arithmetic();
                    } else {
                        self.bump();
                        self.grouped();
                    }
                    open.is_syntax = true;
                }
                ')' => {
                    self.finish(&mut open);
                    self.bump();
                    if until == Until::Parenthesis {
                        return;
                    }
                }
                '<' if self.placeholder().is_none() => self.posix_redirection(&mut open),
                '>' => self.posix_redirection(&mut open),
                '0'..='9' if self.is_numbered_redirection() => {
                    self.bump();
                    self.posix_redirection(&mut open);
                }
                _ => {
                    goes_on = false;
                    if open.is_empty() && self.assignment(&mut open) {
                        continue;
                    }
                    let word = self.posix_word();
                    if cases.last() == Some(&true) && word.value != "esac" {
                        continue;
                    }
                    self.posix_keyword_or_word(word, &mut open, &mut blocks, &mut cases);
                }
            }
        }
        self.finish(&mut open);
    }

    fn posix_keyword_or_word(
        &mut self,
        word: Word,
        open: &mut Open,
        blocks: &mut usize,
        cases: &mut Vec<bool>,
    ) {
        let may_be_keyword = !word.quoted && word.is_known();
        let value = word.value.as_str();
        if may_be_keyword && open.command.assigns.is_empty() {
            let is_first = open.is_empty();
            if is_first && BEFORE.contains(&value) {
                *blocks += usize::from(matches!(value, "if" | "while" | "until" | "{"));
                return;
            }
            if is_first && CLOSING.contains(&value) {
                *blocks = blocks.saturating_sub(1);
                if value == "esac" {
                    cases.pop();
                }
                open.is_syntax = true;
                return;
            }
            if is_first && matches!(value, "for" | "select" | "function") {
                *blocks += usize::from(value != "function");
                open.is_syntax = true;
                return;
            }
            if is_first && value == "case" {
                *blocks += 1;
                open.is_syntax = true;
                cases.push(false);
                return;
            }
            if open.is_syntax && value == "in" {
                if let Some(waits) = cases.last_mut() {
                    // What stands after `in` are patterns.
                    *waits = true;
                    *open = Open::default();
                }
                return;
            }
            if open.is_syntax && matches!(value, "do" | "{") {
                *blocks += usize::from(value == "{");
                *open = Open::default();
                return;
            }
            if is_first && value == "[[" {
                open.push(word);
                self.test(open);
                return;
            }
        }
        open.push(word);
    }

    /// The words of `[[ … ]]`, in which `<`, `&&` and `(` mean other things.
    fn test(&mut self, open: &mut Open) {
        loop {
            self.skip_blanks('\\');
            match self.peek() {
                None | Some('\n' | ';') => return,
                Some('<' | '>' | '&' | '|' | '(' | ')') => {
                    self.bump();
                }
                Some(_) => {
                    let word = self.posix_word();
                    let ends = word.value == "]]";
                    open.push(word);
                    if ends {
                        return;
                    }
                }
            }
        }
    }

    /// `NAME=value` before a command.
    fn assignment(&mut self, open: &mut Open) -> bool {
        let rest = self.rest();
        let length = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
        let (name, after) = rest.split_at(length);
        let sign = ["+=", "="].iter().find(|sign| after.starts_with(**sign));
        let (Some(sign), true) = (sign, is_name(name)) else { return false };
        let start = self.at;
        self.at += length + sign.len();
        if self.starts("(") {
            self.bump();
            self.array();
        } else {
            self.posix_word();
        }
        open.covers(&(start..self.at));
        open.command.assigns.push(name.to_owned());
        true
    }

    /// The values of an array, up to its `)`.
    fn array(&mut self) {
        loop {
            self.skip_blanks('\\');
            match self.peek() {
                None => return,
                Some('\n' | ';' | '&' | '|' | '(' | '<' | '>') if self.placeholder().is_none() => {
                    self.bump();
                }
                Some('#') => self.skip_line(),
                Some(')') => {
                    self.bump();
                    return;
                }
                Some(_) => {
                    self.posix_word();
                }
            }
        }
    }

    fn is_numbered_redirection(&self) -> bool {
        let mut letters = self.rest().chars().skip(1);
        match letters.next() {
            Some('>') => true,
            // `1<name>` is a word.
            Some('<') => !self.near()[1..].contains('>'),
            _ => false,
        }
    }

    /// `> file`, `2>&1`, `<<EOF` and their kin.
    fn posix_redirection(&mut self, open: &mut Open) {
        const SIGNS: [&str; 13] =
            ["<<<", "<<-", "&>>", "<<", "<(", ">(", ">>", ">|", ">&", "<&", "&>", "<", ">"];
        let start = self.at;
        let sign = SIGNS.iter().find(|sign| self.starts(sign)).copied().unwrap_or_default();
        if sign.is_empty() {
            self.bump();
            return;
        }
        self.at += sign.len();
        if sign == "<(" || sign == ">(" {
            let mut word = Word::default();
            self.nested(Until::Parenthesis);
            self.was_unknown(&mut word, start);
            word.range = start..self.at;
            open.push(word);
            return;
        }
        self.skip_blanks('\\');
        if self.peek().is_none_or(|letter| "\n;|&)".contains(letter)) {
            open.covers(&(start..start + sign.len()));
            return;
        }
        let word = self.posix_word();
        if word.range.is_empty() {
            return;
        }
        open.covers(&(start..word.range.end));
        match sign {
            "<<" | "<<-" => self.heredocs.push((word.value, !word.quoted)),
            ">" | ">>" | ">|" | "&>" | "&>>" => open.command.writes.push(word),
            ">&" if !word.value.starts_with(|c: char| c.is_ascii_digit() || c == '-') => {
                open.command.writes.push(word);
            }
            _ => {}
        }
    }

    /// Goes past the text of the here-documents that begin here; what it substitutes is read.
    fn heredoc_bodies(&mut self) {
        for (word, expands) in std::mem::take(&mut self.heredocs) {
            let hard_end = if self.bounds.is_empty() { self.end } else { self.text.len() };
            let body = self.text.get(self.at..hard_end).unwrap_or_default();
            let mut length = 0;
            let mut line_length = 0;
            let mut closed = false;
            let lines = if self.missing.contains(&word) { "" } else { body };
            for line in lines.split_inclusive('\n') {
                if line.trim() == word {
                    (closed, line_length) = (true, line.len());
                    break;
                }
                length += line.len();
            }
            if !closed {
                self.missing.insert(word);
            }
            let end = if closed { self.at + length } else { self.end.max(self.at) };
            if expands {
                let (outer, bounds) = (self.end, std::mem::take(&mut self.bounds));
                self.end = end;
                self.expanded_text();
                (self.end, self.bounds) = (outer, bounds);
            }
            self.at = end + line_length;
            if self.at > self.end {
                self.end = self.bound(self.at);
            }
        }
    }

    /// Reads the substitutions in text up to `self.end`.
    fn expanded_text(&mut self) {
        let mut word = Word::default();
        while let Some(letter) = self.peek() {
            match letter {
                '\\' => {
                    self.bump();
                    self.bump();
                }
                '$' => self.dollar(&mut word, true),
                '`' => self.backquote(&mut word, true),
                _ => {
                    self.bump();
                }
            }
        }
    }

    /// A word; it goes past at least one letter where there is one.
    pub(super) fn posix_word(&mut self) -> Word {
        let mut word = self.begun();
        while let Some(letter) = self.peek() {
            let start = self.at;
            match letter {
                ' ' | '\t' | '\r' | '\n' | ';' | '&' | '|' | '>' | ')' => break,
                '(' if start > word.range.start => break,
                '<' | '{' => match self.placeholder() {
                    Some(length) => self.take_unknown(&mut word, length),
                    None if letter == '<' => break,
                    None => self.brace(&mut word),
                },
                '\\' => match self.continuation('\\') {
                    Some(length) => self.at += length,
                    None => {
                        self.bump();
                        word.quoted = true;
                        word.value.extend(self.bump());
                    }
                },
                '\'' => self.single_quoted(&mut word),
                '"' => self.double_quoted(&mut word),
                '$' => self.dollar(&mut word, false),
                '`' => self.backquote(&mut word, false),
                _ => self.take(&mut word),
            }
        }
        self.ended(word)
    }

    /// A brace that opens no placeholder: text, or several words at once.
    fn brace(&mut self, word: &mut Word) {
        let rest = self.near();
        let stops = rest.find(|c: char| c.is_whitespace() || c == '}').unwrap_or(rest.len());
        let inner = &rest[1..stops.max(1)];
        if rest[stops..].starts_with('}')
            && (inner.contains(',') || inner.contains(".."))
            && !inner.contains(['"', '\'', '$', '`'])
        {
            word.splits = true;
            self.take_unknown(word, stops + 1);
            return;
        }
        self.bump();
        word.value.push('{');
    }

    fn single_quoted(&mut self, word: &mut Word) {
        word.quoted = true;
        self.bump();
        while let Some(letter) = self.peek() {
            match letter {
                '\'' => {
                    self.bump();
                    return;
                }
                // Readers fill placeholders in before any shell sees them.
                '<' | '{' => self.take_quoted(word, '\''),
                _ => self.take(word),
            }
        }
    }

    fn double_quoted(&mut self, word: &mut Word) {
        word.quoted = true;
        self.bump();
        while let Some(letter) = self.peek() {
            match letter {
                '"' => {
                    self.bump();
                    return;
                }
                '\\' => {
                    if let Some(length) = self.continuation('\\') {
                        self.at += length;
                        continue;
                    }
                    self.bump();
                    match self.peek() {
                        Some(escaped @ ('"' | '\\' | '$' | '`')) => {
                            self.bump();
                            word.value.push(escaped);
                        }
                        _ => word.value.push('\\'),
                    }
                }
                '$' => self.dollar(word, true),
                '`' => self.backquote(word, true),
                '<' | '{' => self.take_quoted(word, '"'),
                _ => self.take(word),
            }
        }
    }

    /// `$X`, `${X}`, `$(…)`, `$((…))`, `$'…'`; or a dollar.
    fn dollar(&mut self, word: &mut Word, quoted: bool) {
        let start = self.at;
        self.bump();
        match self.peek() {
            Some('(') if self.starts("((") => {
                self.at += 2;
                self.arithmetic();
            }
            Some('(') => {
                self.bump();
                self.nested(Until::Parenthesis);
            }
            Some('{') => {
                self.bump();
                self.parameter();
            }
            Some('\'') if !quoted => {
                self.bump();
                word.quoted = true;
                while let Some(letter) = self.bump() {
                    match letter {
                        '\'' => return,
                        '\\' => word.value.extend(self.bump()),
                        _ => word.value.push(letter),
                    }
                }
                return;
            }
            Some('"') if !quoted => return self.double_quoted(word),
            Some(letter) if letter.is_ascii_alphabetic() || letter == '_' => {
                let rest = self.rest();
                self.at += rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
            }
            Some('0'..='9' | '@' | '*' | '#' | '?' | '$' | '!' | '-') => {
                self.bump();
            }
            _ => {
                word.value.push('$');
                return;
            }
        }
        self.was_unknown(word, start);
        word.splits |= !quoted;
    }

    /// The rest of `${…}`.
    fn parameter(&mut self) {
        let mut inner = Word::default();
        while let Some(letter) = self.peek() {
            match letter {
                '}' => {
                    self.bump();
                    return;
                }
                // It was never closed; nothing below it should be lost.
                '\n' => return,
                '\\' => {
                    self.bump();
                    self.bump();
                }
                '$' if self.deeper() => {
                    self.dollar(&mut inner, true);
                    self.nesting -= 1;
                }
                _ => {
                    self.bump();
                }
            }
        }
    }

    /// The rest of `((…))`.
    fn arithmetic(&mut self) {
        let mut parentheses = 2_usize;
        let mut inner = Word::default();
        while let Some(letter) = self.peek() {
            match letter {
                '\n' => return,
                '$' if self.starts("$(") && !self.starts("$((") => {
                    self.dollar(&mut inner, true);
                    continue;
                }
                '(' => parentheses += 1,
                ')' => parentheses -= 1,
                _ => {}
            }
            self.bump();
            if parentheses == 0 {
                return;
            }
        }
    }

    /// `` `…` ``, or a back-quote that nothing closes.
    fn backquote(&mut self, word: &mut Word, quoted: bool) {
        let start = self.at;
        let rest = &self.rest()[1..];
        let mut escaped = false;
        let close = rest.bytes().position(|byte| {
            let closes = byte == b'`' && !escaped;
            escaped = byte == b'\\' && !escaped;
            closes
        });
        self.bump();
        let Some(length) = close else {
            word.value.push('`');
            return;
        };
        let end = self.at + length;
        self.nested_in(end, end + 1);
        self.was_unknown(word, start);
        word.splits |= !quoted;
    }
}
