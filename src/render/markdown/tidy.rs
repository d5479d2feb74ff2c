//! Patched Markdown in, tidy Markdown out: what is inside fences stays to the byte, outside them there are no two
//! blank lines in a row, no trailing spaces but those of a hard break, and no characters that nobody sees.

use std::borrow::Cow;

/// Tidies a whole body; it ends in one line feed.
pub(super) fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 1);
    let mut fence: Option<Fence> = None;
    let mut lines = text.split('\n').peekable();
    while let Some(line) = lines.next() {
        let (depth, inner) = unquoted(line);
        if let Some(open) = &fence {
            // A quote that ends takes the fences in it along.
            if depth >= open.quotes {
                out.push_str(line);
                out.push('\n');
                if open.closes(line) {
                    fence = None;
                }
                continue;
            }
            fence = None;
        }
        let clean = visible(line);
        let kept = clean.trim_end_matches([' ', '\t']);
        if kept.trim_matches([' ', '>']).is_empty() {
            let mark = kept.trim_end();
            if out.is_empty() || (last_is_blank(&out) && (mark.is_empty() || last_line(&out) == mark)) {
                continue;
            }
            out.push_str(mark);
            out.push('\n');
            continue;
        }
        out.push_str(kept);
        let is_break = clean.len() - kept.len() >= 2 && clean.ends_with("  ");
        if is_break && lines.peek().is_some_and(|next| !unquoted(next).1.trim().is_empty()) {
            out.push_str("  ");
        }
        out.push('\n');
        fence = Fence::opened_by(inner, depth);
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

/// A fence that is open.
struct Fence {
    mark: u8,
    length: usize,
    /// The quotes it stands in.
    quotes: usize,
}

impl Fence {
    /// The fence that a line (without its quote markers) opens, list markers before it allowed.
    fn opened_by(line: &str, quotes: usize) -> Option<Self> {
        let text = without_markers(line);
        let mark = *text.as_bytes().first().filter(|byte| b"`~".contains(byte))?;
        let length = text.bytes().take_while(|byte| *byte == mark).count();
        let opens = length >= 3 && !(mark == b'`' && text[length..].contains('`'));
        opens.then_some(Self { mark, length, quotes })
    }

    fn closes(&self, line: &str) -> bool {
        let mut text = line;
        for _ in 0..self.quotes {
            text = text.trim_start().strip_prefix('>').unwrap_or(text);
        }
        let text = text.trim();
        text.len() >= self.length && text.bytes().all(|byte| byte == self.mark)
    }
}

/// How many quote markers a line begins with, and what follows them.
fn unquoted(line: &str) -> (usize, &str) {
    let (mut depth, mut rest) = (0, line);
    while let Some(after) = rest.trim_start_matches(' ').strip_prefix('>') {
        depth += 1;
        rest = after;
    }
    (depth, rest)
}

/// A line without the list markers it begins with.
pub(super) fn without_markers(line: &str) -> &str {
    let mut rest = line.trim_start();
    loop {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let marker = match rest.as_bytes().get(digits) {
            Some(b'-' | b'*' | b'+') if digits == 0 => 1,
            Some(b'.' | b')') if (1..=9).contains(&digits) => digits + 1,
            Some(_) | None => return rest,
        };
        match rest[marker..].strip_prefix([' ', '\t']) {
            Some(after) => rest = after.trim_start(),
            None => return rest,
        }
    }
}

fn last_line(out: &str) -> &str {
    out.trim_end_matches('\n').rsplit('\n').next().unwrap_or_default()
}

fn last_is_blank(out: &str) -> bool {
    let mut lines = out.rsplit('\n');
    lines.next();
    lines.next().is_none_or(|line| line.trim_matches([' ', '>']).is_empty())
}

/// Whether nobody sees a character.
pub(super) fn hides(letter: char) -> bool {
    matches!(letter, '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}' | '\u{ad}' | '\u{180e}')
}

/// The line without zero-width characters, but for the joiners that emoji and some scripts are written with.
fn visible(line: &str) -> Cow<'_, str> {
    if !line.contains(hides) {
        return Cow::Borrowed(line);
    }
    let letters: Vec<char> = line.chars().collect();
    let joins = |at: usize| {
        let between = at.checked_sub(1).and_then(|before| Some((letters[before], *letters.get(at + 1)?)));
        match (letters[at], between) {
            ('\u{200d}', Some((_, after))) => after >= '\u{2190}' || is_joining_script(after),
            ('\u{200c}', Some((before, after))) => is_joining_script(before) && is_joining_script(after),
            _ => false,
        }
    };
    let kept = letters.iter().enumerate().filter(|(at, letter)| !hides(**letter) || joins(*at));
    Cow::Owned(kept.map(|(_, letter)| *letter).collect())
}

/// Arabic, Syriac and the scripts of India, where joiners change how a word is written.
fn is_joining_script(letter: char) -> bool {
    matches!(letter, '\u{600}'..='\u{8ff}' | '\u{900}'..='\u{dff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blank_lines_and_trailing_spaces_go() {
        assert_eq!(tidy("\n\na  \n\n\n\nb   \nc \n> x\n>\n>\n> y\n\n\n"), "a\n\nb  \nc\n> x\n>\n> y\n");
    }

    #[test]
    fn code_stays_to_the_byte() {
        let code = "- ```x\n  a  \n\n\n\u{200b}b\n  ````\n\nc\n";
        assert_eq!(tidy(code), code);
        assert_eq!(tidy("> ```\n> a\n\n\n\nb\n"), "> ```\n> a\n\nb\n");
    }

    #[test]
    fn invisible_characters_go_and_emoji_stay() {
        let family = "\u{1f468}\u{200d}\u{1f469}";
        assert_eq!(tidy(&format!("\u{feff}a\u{200b}b{family}")), format!("ab{family}\n"));
    }
}
