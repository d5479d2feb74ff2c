//! What the readers of all three shells share: a place in a text, the command and the word that are being read.

use std::collections::BTreeSet;
use std::ops::Range;

use super::{Command, Shell, Word};

/// How deep substitutions may stand in each other; what is deeper is text.
const DEEPEST: usize = 40;

/// How long a placeholder may be.
const LONGEST: usize = 80;

/// What ends a list of commands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Until {
    /// The end of the text.
    End,
    /// The end of the line, where the command is whole there: a command of a session.
    Line,
    /// `)`.
    Parenthesis,
    /// `}`.
    Brace,
}

/// A text that is being read, from `at` to `end`.
pub(super) struct Reader<'a> {
    pub(super) shell: Shell,
    pub(super) text: &'a str,
    pub(super) at: usize,
    pub(super) end: usize,
    pub(super) depth: usize,
    /// How many signs are open, substitutions or not.
    pub(super) nesting: usize,
    pub(super) commands: Vec<Command>,
    /// Here-documents whose text begins on the next line: the word that ends each, and whether it is expanded.
    pub(super) heredocs: Vec<(String, bool)>,
    /// In a session, where prompts stand: a command goes no further, but the text of its here-document may.
    pub(super) bounds: Vec<usize>,
    /// Words that end no here-document from here on.
    pub(super) missing: BTreeSet<String>,
}

/// A command that is being read.
#[derive(Default)]
pub(super) struct Open {
    pub(super) command: Command,
    pub(super) start: Option<usize>,
    pub(super) end: usize,
    /// Whether its words are no command's: the head of a loop, what follows `done`.
    pub(super) is_syntax: bool,
}

impl Open {
    /// Whether the next word may be a program.
    pub(super) fn is_empty(&self) -> bool {
        self.command.words.is_empty() && !self.is_syntax
    }

    pub(super) fn covers(&mut self, range: &Range<usize>) {
        self.start.get_or_insert(range.start);
        self.end = self.end.max(range.end);
    }

    pub(super) fn push(&mut self, word: Word) {
        if !self.is_syntax {
            self.covers(&word.range);
            self.command.words.push(word);
        }
    }
}

impl<'a> Reader<'a> {
    pub(super) fn new(shell: Shell, text: &'a str) -> Self {
        Self {
            shell,
            text,
            at: 0,
            end: text.len(),
            depth: 0,
            nesting: 0,
            commands: Vec::new(),
            heredocs: Vec::new(),
            bounds: Vec::new(),
            missing: BTreeSet::new(),
        }
    }

    /// Reads to the end.
    pub(super) fn script(&mut self) {
        while self.at < self.end {
            self.list(Until::End);
        }
    }

    /// Reads commands until `until`, and behind it.
    pub(super) fn list(&mut self, until: Until) {
        match self.shell {
            Shell::Posix => self.posix_list(until),
            Shell::PowerShell => self.powershell_list(until),
            Shell::Cmd => self.cmd_list(until),
        }
    }

    /// Reads the commands of a substitution, from behind its opening sign; `false` where it stands too deep.
    pub(super) fn nested(&mut self, until: Until) -> bool {
        if !self.deeper() {
            return false;
        }
        self.depth += 1;
        self.list(until);
        self.depth -= 1;
        self.nesting -= 1;
        true
    }

    /// Goes a step deeper, where the stack surely has room for it.
    pub(super) fn deeper(&mut self) -> bool {
        let fits = self.nesting < DEEPEST;
        self.nesting += usize::from(fits);
        fits
    }

    /// Reads the commands of `(…)`, from behind its sign: no substitution, though it may stand as deep as one.
    pub(super) fn grouped(&mut self) {
        let before = self.commands.len();
        if self.nested(Until::Parenthesis) {
            self.commands[before..].iter_mut().for_each(|command| command.depth -= 1);
        }
    }

    /// Reads the text up to `end` as commands of their own, and goes on at `after`.
    pub(super) fn nested_in(&mut self, end: usize, after: usize) {
        let heredocs = std::mem::take(&mut self.heredocs);
        let bounds = std::mem::take(&mut self.bounds);
        let outer = std::mem::replace(&mut self.end, end);
        while self.at < self.end && self.nested(Until::End) {}
        self.end = outer;
        self.heredocs = heredocs;
        self.bounds = bounds;
        self.at = after;
    }

    /// What is still to be read of the next few letters: to look for a sign there costs the same wherever it is.
    pub(super) fn near(&self) -> &'a str {
        let rest = self.rest();
        &rest[..rest.floor_char_boundary(LONGEST)]
    }

    /// What is still to be read.
    pub(super) fn rest(&self) -> &'a str {
        self.text.get(self.at..self.end).unwrap_or_default()
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub(super) fn starts(&self, with: &str) -> bool {
        self.rest().starts_with(with)
    }

    /// Goes past the next letter.
    pub(super) fn bump(&mut self) -> Option<char> {
        let letter = self.peek()?;
        self.at += letter.len_utf8();
        Some(letter)
    }

    /// Goes to the end of the line, before its ending.
    pub(super) fn skip_line(&mut self) {
        self.at += self.rest().find('\n').unwrap_or(self.rest().len());
    }

    /// The first bound that is not before `at`.
    pub(super) fn bound(&self, at: usize) -> usize {
        let next = self.bounds.partition_point(|bound| *bound < at);
        self.bounds.get(next).copied().unwrap_or(self.text.len())
    }

    /// Goes past spaces, and past `sign` at the end of a line with its ending.
    pub(super) fn skip_blanks(&mut self, sign: char) {
        loop {
            match self.peek() {
                Some(' ' | '\t' | '\r' | '\u{a0}') => {
                    self.bump();
                }
                Some(letter) if letter == sign => match self.continuation(sign) {
                    Some(length) => self.at += length,
                    None => return,
                },
                _ => return,
            }
        }
    }

    /// How long `sign` and the ending of its line are, where it continues the line. The marker of a note, which no
    /// reader copies, may stand behind it.
    pub(super) fn continuation(&self, sign: char) -> Option<usize> {
        let whole = self.rest();
        let after = whole.strip_prefix(sign)?;
        let marker = after.trim_start_matches([' ', '\t']).strip_prefix("# (").and_then(|number| {
            let number = number.trim_start_matches(|c: char| c.is_ascii_digit()).strip_prefix(")!")?;
            Some(number.trim_start_matches([' ', '\t']))
        });
        let end = marker.unwrap_or(after);
        let next = end.strip_prefix('\r').unwrap_or(end).strip_prefix('\n')?;
        Some(whole.len() - next.len())
    }

    /// The length of a placeholder that begins here: `<name>`, `{name}`, `{{ name }}`.
    pub(super) fn placeholder(&self) -> Option<usize> {
        let near = self.near();
        if let Some(inner) = near.strip_prefix('<') {
            let inner = &inner[..inner.find(['>', '\n', '<'])?];
            let after = 1 + inner.len();
            let is_name = inner.starts_with(|c: char| !c.is_whitespace() && !"(&=$-".contains(c))
                && !inner.ends_with(char::is_whitespace)
                && inner.chars().any(char::is_alphanumeric);
            return (is_name && near[after..].starts_with('>')).then_some(after + 1);
        }
        if let Some(inner) = near.strip_prefix("{{") {
            return inner
                .find("}}")
                .filter(|length| !inner[..*length].contains('\n'))
                .map(|length| length + 4);
        }
        let inner = near.strip_prefix('{')?;
        let inner = &inner[..inner.find('}')?];
        let is_name = inner.chars().all(|c| c.is_alphanumeric() || "-_. ".contains(c))
            && !inner.contains("..")
            && !inner.starts_with(' ')
            && !inner.ends_with(' ');
        is_name.then(|| inner.len() + 2)
    }

    /// A word that begins here.
    pub(super) fn begun(&self) -> Word {
        Word { range: self.at..self.at, ..Word::default() }
    }

    /// A word that ends here. It goes past at least one letter where there is one, whatever that is.
    pub(super) fn ended(&mut self, mut word: Word) -> Word {
        if self.at == word.range.start {
            self.take(&mut word);
        }
        word.range.end = self.at;
        word
    }

    /// Adds the next letter to the word, and goes past it.
    pub(super) fn take(&mut self, word: &mut Word) {
        word.value.extend(self.bump());
    }

    /// Adds a placeholder within quotes to the word, or a letter where there is none that ends before the `quote` does:
    /// readers fill placeholders in before any shell sees them.
    pub(super) fn take_quoted(&mut self, word: &mut Word, quote: char) {
        match self.placeholder().filter(|length| !self.rest()[..*length].contains(quote)) {
            Some(length) => self.take_unknown(word, length),
            None => self.take(word),
        }
    }

    /// Adds what stands between `self.at` and `self.at + length` to the word as something unknown, and goes past it.
    pub(super) fn take_unknown(&mut self, word: &mut Word, length: usize) {
        let end = (self.at + length).min(self.end);
        word.unknown.get_or_insert(word.value.len());
        word.value.push_str(&self.text[self.at..end]);
        self.at = end;
    }

    /// Adds the text from `start` to here to the word as something unknown.
    pub(super) fn was_unknown(&self, word: &mut Word, start: usize) {
        word.unknown.get_or_insert(word.value.len());
        word.value.push_str(self.text.get(start..self.at).unwrap_or_default());
    }

    /// The end of a command: it is kept where it is one.
    pub(super) fn finish(&mut self, open: &mut Open) {
        let mut open = std::mem::take(open);
        let Some(start) = open.start else { return };
        let command = &mut open.command;
        unwrap_program(&mut command.words);
        if command.program() == Some("tee") {
            let files = command.words.iter().skip(1).filter(|word| !word.value.starts_with('-'));
            command.writes.extend(files.cloned().collect::<Vec<_>>());
        }
        command.writes.retain(|file| {
            !["/dev/null", "$null", "/dev/stderr", "/dev/stdout"].contains(&file.value.as_str())
                && !file.value.eq_ignore_ascii_case("nul")
        });
        if command.words.is_empty() && command.assigns.is_empty() && command.writes.is_empty() {
            return;
        }
        command.range = start..open.end.max(start);
        command.depth = self.depth;
        self.commands.push(open.command);
    }
}

/// Takes away the programs that run another one: `sudo -u me az …` runs `az`.
fn unwrap_program(words: &mut Vec<Word>) {
    loop {
        let Some(first) = words.first().filter(|word| word.is_known()) else { return };
        let with_values: &[&str] = match first.value.as_str() {
            "sudo" | "doas" => &["-u", "-g", "-h", "-p", "-C", "-r", "-t", "-T", "-U", "-D", "-R"],
            "time" | "nohup" | "exec" | "builtin" | "winpty" | "env" | "call" => &[],
            "command" if words.get(1).is_none_or(|word| word.value.to_lowercase() != "-v") => &[],
            _ => return,
        };
        let mut count = 1;
        while let Some(word) = words.get(count) {
            if word.value.starts_with('-') {
                count += if with_values.contains(&word.value.as_str()) { 2 } else { 1 };
            } else if word.value.split_once('=').is_some_and(|(name, _)| is_name(name)) {
                count += 1;
            } else {
                break;
            }
        }
        if count >= words.len() {
            return;
        }
        words.drain(..count);
    }
}

/// Whether this can name a variable.
pub(super) fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}
