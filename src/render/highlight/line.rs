//! One line of code to HTML: syntect's scopes become classes, tokens become spans.

use syntect::parsing::{ClearAmount, ParseState, ScopeStackOp};

use super::classes::{Class, Classes};
use super::languages::Grammar;

/// Where a grammar stands between two lines. Equal states read every line that follows alike.
#[derive(PartialEq, Eq)]
pub(super) struct State {
    parse: ParseState,
    scopes: Scopes,
}

impl State {
    pub(super) fn start(grammar: Grammar<'_>) -> Self {
        Self { parse: ParseState::new(grammar.syntax), scopes: Scopes::default() }
    }
}

/// syntect's scope stack, as the class each scope gives to what stands in it.
#[derive(Clone, Default, PartialEq, Eq)]
struct Scopes {
    stack: Vec<Class>,
    cleared: Vec<Vec<Class>>,
}

impl Scopes {
    fn class(&self) -> Class {
        self.stack.last().copied().unwrap_or(Class::Plain)
    }

    fn apply(&mut self, operation: &ScopeStackOp, classes: &Classes) {
        match operation {
            ScopeStackOp::Push(scope) => self.stack.push(classes.of(*scope).unwrap_or(self.class())),
            ScopeStackOp::Pop(count) => self.stack.truncate(self.stack.len().saturating_sub(*count)),
            ScopeStackOp::Clear(amount) => {
                let kept = match amount {
                    ClearAmount::TopN(count) => self.stack.len().saturating_sub(*count),
                    ClearAmount::All => 0,
                };
                self.cleared.push(self.stack.split_off(kept));
            }
            ScopeStackOp::Restore => self.stack.extend(self.cleared.pop().unwrap_or_default()),
            ScopeStackOp::Noop => {}
        }
    }
}

/// The HTML of a line and the state after it. A grammar that fails on the line leaves it plain and the state
/// as it was.
pub(super) fn highlight(
    text: &str,
    grammar: Grammar<'_>,
    classes: &Classes,
    state: &State,
) -> (String, State) {
    let mut parse = state.parse.clone();
    let mut scopes = state.scopes.clone();
    // Grammars look for the newline.
    let Ok(operations) = parse.parse_line(&format!("{text}\n"), grammar.set) else {
        return (plain(text), State { parse: state.parse.clone(), scopes });
    };
    let mut writer = Writer { text, html: String::with_capacity(text.len() * 3), run: (Class::Plain, 0, 0) };
    for (at, operation) in &operations {
        writer.read_to(*at, scopes.class());
        scopes.apply(operation, classes);
    }
    writer.read_to(text.len(), scopes.class());
    writer.flush();
    (writer.html, State { parse, scopes })
}

/// Text as HTML.
pub(super) fn plain(text: &str) -> String {
    let mut html = String::with_capacity(text.len() + text.len() / 8);
    escape(text, &mut html);
    html
}

/// Gathers what follows on one another in the same class into one run, one span.
struct Writer<'a> {
    text: &'a str,
    html: String,
    /// The run not yet written: its class, its start and its end.
    run: (Class, usize, usize),
}

impl Writer<'_> {
    /// The text up to `end` has this class. Captures may overlap, so `end` may lie behind what was read, and
    /// a grammar counts the newline, which is not ours to write.
    fn read_to(&mut self, end: usize, class: Class) {
        let (run_class, _, read) = self.run;
        let mut end = end.clamp(read, self.text.len());
        while !self.text.is_char_boundary(end) {
            end -= 1;
        }
        if end <= read {
            return;
        }
        // Two placeholders in a row are two things to fill in.
        if class != run_class || class == Class::Placeholder {
            self.flush();
            self.run = (class, read, end);
        } else {
            self.run.2 = end;
        }
    }

    /// Writes the run. Space at its ends stays outside of the span: it has no colour, and it is less to write.
    fn flush(&mut self) {
        let (class, start, end) = self.run;
        let run = &self.text[start..end];
        let token = run.trim();
        match class.letter() {
            Some(letter) if !token.is_empty() => {
                let lead = run.len() - run.trim_start().len();
                self.html.push_str(&run[..lead]);
                self.html.push_str("<span class=\"");
                self.html.push(letter);
                self.html.push_str("\">");
                escape(token, &mut self.html);
                self.html.push_str("</span>");
                self.html.push_str(&run[lead + token.len()..]);
            }
            _ => escape(run, &mut self.html),
        }
        self.run = (Class::Plain, end, end);
    }
}

/// Text in an element: quotes need no escape there.
fn escape(text: &str, html: &mut String) {
    let mut written = 0;
    for (at, byte) in text.bytes().enumerate() {
        let name = match byte {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            _ => continue,
        };
        html.push_str(&text[written..at]);
        html.push_str(name);
        written = at + 1;
    }
    html.push_str(&text[written..]);
}
