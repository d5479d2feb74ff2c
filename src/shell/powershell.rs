//! Commands as PowerShell reads them.

use super::Word;
use super::reader::{Open, Reader, Until};

/// Words that begin a statement that is no command.
const STATEMENTS: [&str; 21] = [
    "if", "elseif", "else", "foreach", "for", "while", "do", "until", "switch", "try", "catch", "finally",
    "function", "filter", "param", "begin", "process", "end", "class", "trap", "using",
];

impl Reader<'_> {
    pub(super) fn powershell_list(&mut self, until: Until) {
        let mut open = Open::default();
        let mut goes_on = false;
        let mut called = false;
        loop {
            self.skip_blanks('`');
            let Some(letter) = self.peek() else { break };
            match letter {
                '\n' => {
                    if !goes_on {
                        self.powershell_finish(&mut open, &mut called);
                    }
                    self.bump();
                    if until == Until::Line && !goes_on {
                        return;
                    }
                }
                '#' => self.skip_line(),
                '<' if self.starts("<#") => {
                    self.at += self.rest().find("#>").map_or(self.rest().len(), |length| length + 2);
                }
                ';' | '|' => {
                    self.powershell_finish(&mut open, &mut called);
                    goes_on = letter == '|';
                    self.bump();
                }
                '&' if open.is_empty() && !self.starts("&&") => {
                    called = true;
                    self.bump();
                }
                '&' => {
                    self.powershell_finish(&mut open, &mut called);
                    goes_on = self.starts("&&");
                    self.at += if goes_on { 2 } else { 1 };
                }
                ')' | '}' => {
                    self.powershell_finish(&mut open, &mut called);
                    self.bump();
                    if until == Until::Parenthesis && letter == ')' || until == Until::Brace && letter == '}'
                    {
                        return;
                    }
                }
                '>' => self.powershell_redirection(&mut open),
                '0'..='9' | '*' if self.rest()[1..].starts_with('>') => {
                    self.bump();
                    self.powershell_redirection(&mut open);
                }
                _ => {
                    goes_on = false;
                    if open.is_empty() && self.powershell_assignment(&mut open) {
                        continue;
                    }
                    let word = self.powershell_word();
                    let value = word.value.to_lowercase();
                    let is_bare = !word.quoted && word.is_known();
                    if open.is_empty() && is_bare && STATEMENTS.contains(&value.as_str()) {
                        open.is_syntax = true;
                    } else if !(open.is_empty()
                        && is_bare
                        && matches!(value.as_str(), "return" | "throw" | "."))
                    {
                        open.push(word);
                    }
                }
            }
        }
        self.powershell_finish(&mut open, &mut called);
    }

    /// The end of a statement, which is a command only where its first word can be a program.
    fn powershell_finish(&mut self, open: &mut Open, called: &mut bool) {
        let is_program = std::mem::take(called)
            || open.command.words.first().is_some_and(|word| {
                let raw = self.text.get(word.range.clone()).unwrap_or_default();
                !word.quoted && raw.starts_with(|c: char| c.is_alphabetic() || "./\\~<{_%?".contains(c))
            });
        if !is_program {
            open.command.words.clear();
        }
        self.finish(open);
    }

    /// `$name =`, `[type]$name =`, `$env:NAME +=`.
    fn powershell_assignment(&mut self, open: &mut Open) -> bool {
        let rest = self.rest();
        let typed = if rest.starts_with('[') {
            let Some(close) = self.near().find(|c: char| c == ']' || c.is_whitespace()) else { return false };
            if !rest[close..].starts_with(']') {
                return false;
            }
            close + 1
        } else {
            0
        };
        let Some(name) = rest[typed..].strip_prefix('$') else { return false };
        let is_part = |c: char| c.is_alphanumeric() || "_:.{}[]".contains(c);
        let length = name.find(|c: char| !is_part(c)).unwrap_or(name.len());
        let after = name[length..].trim_start_matches([' ', '\t']);
        let sign = ["+=", "="].iter().find(|sign| after.starts_with(**sign) && !after.starts_with("=="));
        let (Some(sign), true) = (sign, length > 0) else { return false };
        let start = self.at;
        self.at += rest.len() - after.len() + sign.len();
        open.covers(&(start..self.at));
        open.command.assigns.push(name[..length].trim_matches(['{', '}']).to_owned());
        true
    }

    fn powershell_redirection(&mut self, open: &mut Open) {
        let start = self.at;
        self.at += if self.starts(">>") { 2 } else { 1 };
        if self.starts("&") {
            self.bump();
            self.bump();
            open.covers(&(start..self.at));
            return;
        }
        self.skip_blanks('`');
        if self.peek().is_none_or(|letter| "\n;|&)}>".contains(letter)) {
            open.covers(&(start..start + 1));
            return;
        }
        let word = self.powershell_word();
        open.covers(&(start..word.range.end));
        open.command.writes.push(word);
    }

    /// A word; it goes past at least one letter where there is one.
    fn powershell_word(&mut self) -> Word {
        let mut word = self.begun();
        while let Some(letter) = self.peek() {
            let start = self.at;
            match letter {
                ' ' | '\t' | '\r' | '\n' | ';' | '&' | '|' | '>' | ')' | '}' => break,
                '<' => match self.placeholder() {
                    Some(length) => self.take_unknown(&mut word, length),
                    None if start > word.range.start => break,
                    None => self.take(&mut word),
                },
                '{' => match self.placeholder() {
                    Some(length) if !self.rest()[..length].contains(' ') => {
                        self.take_unknown(&mut word, length);
                    }
                    _ => {
                        let opens = self.rest()[1..].starts_with(char::is_whitespace);
                        let is_alias = matches!(word.value.as_str(), "%" | "?");
                        if start > word.range.start && (opens || is_alias) && word.value != "@" {
                            break;
                        }
                        self.bump();
                        self.group(&mut word, start, Until::Brace);
                    }
                },
                '(' => {
                    self.bump();
                    self.group(&mut word, start, Until::Parenthesis);
                }
                '@' if self.starts("@\"") || self.starts("@'") => self.here_string(&mut word),
                '`' => match self.continuation('`') {
                    Some(_) => break,
                    None => {
                        self.bump();
                        word.quoted = true;
                        word.value.extend(self.bump());
                    }
                },
                '\'' => {
                    word.quoted = true;
                    self.bump();
                    self.verbatim(&mut word);
                }
                '"' => {
                    word.quoted = true;
                    self.bump();
                    self.expandable(&mut word, false);
                }
                '$' => self.variable(&mut word),
                _ => self.take(&mut word),
            }
        }
        self.ended(word)
    }

    /// The commands of `(…)` or `{…}`, which are a value.
    fn group(&mut self, word: &mut Word, start: usize, until: Until) {
        self.nested(until);
        self.was_unknown(word, start);
    }

    /// The rest of `'…'`, where `''` is a quote.
    fn verbatim(&mut self, word: &mut Word) {
        while let Some(letter) = self.peek() {
            match letter {
                '\'' if self.starts("''") => {
                    self.at += 2;
                    word.value.push('\'');
                }
                '\'' => {
                    self.bump();
                    return;
                }
                '<' | '{' => self.take_quoted(word, '\''),
                _ => self.take(word),
            }
        }
    }

    /// The rest of `"…"`, or the text of a here-string up to `self.end`.
    fn expandable(&mut self, word: &mut Word, whole: bool) {
        while let Some(letter) = self.peek() {
            match letter {
                '"' if !whole && self.starts("\"\"") => {
                    self.at += 2;
                    word.value.push('"');
                }
                '"' if !whole => {
                    self.bump();
                    return;
                }
                '`' => {
                    self.bump();
                    word.value.extend(self.bump());
                }
                '$' => self.variable(word),
                '<' | '{' => self.take_quoted(word, '"'),
                _ => self.take(word),
            }
        }
    }

    /// `@"…"@` and `@'…'@`.
    fn here_string(&mut self, word: &mut Word) {
        let expands = self.starts("@\"");
        let close = if expands { "\n\"@" } else { "\n'@" };
        word.quoted = true;
        let found = self.rest().find(close);
        let end = self.at + found.unwrap_or(self.rest().len());
        let after = end + if found.is_some() { close.len() } else { 0 };
        self.at = (self.at + 2).min(end);
        if expands {
            let outer = std::mem::replace(&mut self.end, end);
            self.expandable(word, true);
            self.end = outer;
        } else {
            word.value.push_str(&self.text[self.at..end]);
        }
        self.at = after;
    }

    /// `$x`, `$env:X`, `${x}`, `$(…)`; or a dollar.
    fn variable(&mut self, word: &mut Word) {
        let start = self.at;
        self.bump();
        match self.peek() {
            Some('(') => {
                self.bump();
                self.nested(Until::Parenthesis);
            }
            Some('{') => {
                let close =
                    self.near().find(['}', '\n']).filter(|close| self.near()[*close..].starts_with('}'));
                self.at += close.map_or(1, |close| close + 1);
            }
            Some(letter) if letter.is_alphanumeric() || "_?$^".contains(letter) => {
                let rest = self.rest();
                let name = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
                self.at += name.max(letter.len_utf8());
                // `$env:NAME`, but not the colon after a variable in a sentence.
                if self.starts(":") && self.rest()[1..].starts_with(|c: char| c.is_alphanumeric()) {
                    let rest = &self.rest()[1..];
                    self.at +=
                        1 + rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
                }
            }
            _ => {
                word.value.push('$');
                return;
            }
        }
        self.was_unknown(word, start);
    }
}
