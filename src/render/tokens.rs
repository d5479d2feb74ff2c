//! A text in, how many tokens a language model reads it as out: near to exact, without a vocabulary of megabytes.
//!
//! The text is cut where the o200k tokenizer cuts it before it looks words up. A piece that is in o200k's vocabulary is
//! one token, as most are; another is as many as it takes to fill it with the longest that are. The vocabulary is a
//! Bloom filter of 400 KB that nothing has to unpack, while the tokenizer itself is 35 MB of program and half a second
//! of each run (`bpe-openai`). `tests/tools/o200k.mjs` makes it; `tests/tokens.rs` compares the counts with o200k's own.

use unicode_normalization::char::is_combining_mark;

/// The vocabulary, of which about one in two thousand other texts is taken for a part.
static VOCABULARY: &[u8] = include_bytes!("o200k.bin");
/// How many bits stand for an entry.
const PROBES: u32 = 7;
/// The bytes of the longest entry looked for within a piece. Only runs of one sign have longer ones.
const LONGEST: usize = 64;

/// Tokens in `text`, within a twentieth of what o200k counts for documentation in any script.
pub(super) fn count(text: &str) -> usize {
    let mut tokens = 0;
    let mut rest = text;
    while !rest.is_empty() {
        let length = piece(rest);
        tokens += entries(&rest.as_bytes()[..length]);
        rest = &rest[length..];
    }
    tokens
}

/// How many entries of the vocabulary fill a piece.
fn entries(piece: &[u8]) -> usize {
    if piece.len() == 1 || knows(piece.iter().copied().fold(START, add)) {
        return 1;
    }
    let mut entries = 0;
    let mut at = 0;
    while at < piece.len() {
        let mut hash = START;
        let mut longest = 1;
        for (length, byte) in (1..).zip(&piece[at..piece.len().min(at + LONGEST)]) {
            hash = add(hash, *byte);
            if length > 1 && knows(hash) {
                longest = length;
            }
        }
        entries += 1;
        at += longest;
    }
    entries
}

/// FNV-1a.
const START: u64 = 0xcbf2_9ce4_8422_2325;

fn add(hash: u64, byte: u8) -> u64 {
    (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "both halves are meant, and a bit's place is below the length"
)]
fn knows(hash: u64) -> bool {
    let hash = (hash ^ (hash >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let (first, step) = (hash as u32, (hash >> 32) as u32 | 1);
    let bits = VOCABULARY.len() as u64 * 8;
    (0..PROBES).all(|probe| {
        let spread = first.wrapping_add(step.wrapping_mul(probe));
        let bit = ((u64::from(spread) * bits) >> 32) as usize;
        VOCABULARY[bit >> 3] & (1 << (bit & 7)) != 0
    })
}

/// The bytes of the first piece: what o200k's pattern matches at the start of a text that is not empty.
fn piece(text: &str) -> usize {
    let mut letters = text.chars();
    let first = letters.next().unwrap_or(' ');
    let second = letters.next();
    if is_letter(first) {
        return word(text);
    }
    if first.is_numeric() {
        return text.chars().take(3).take_while(|letter| letter.is_numeric()).map(char::len_utf8).sum();
    }
    let is_break = matches!(first, '\n' | '\r');
    if !is_break && second.is_some_and(is_letter) {
        let length = first.len_utf8();
        return length + word(&text[length..]);
    }
    if first == ' ' && second.is_some_and(is_sign) {
        return 1 + signs(&text[1..]);
    }
    if is_sign(first) { signs(text) } else { space(text) }
}

/// Capitals, then small letters: `getHTTPCode` is `get`, `HTTPCode`. Letters of scripts without capitals are both.
fn word(text: &str) -> usize {
    let capitals = run(text, |letter| is_letter(letter) && !letter.is_lowercase());
    let word = capitals + run(&text[capitals..], |letter| is_letter(letter) && !letter.is_uppercase());
    let Some(after) = text[word..].strip_prefix('\'') else { return word };
    let is_ending =
        |ending: &&&str| after.get(..ending.len()).is_some_and(|own| own.eq_ignore_ascii_case(ending));
    let ending = ["s", "t", "re", "ve", "m", "ll", "d"].iter().find(is_ending);
    ending.map_or(word, |ending| word + 1 + ending.len())
}

fn signs(text: &str) -> usize {
    let signs = run(text, is_sign);
    signs + run(&text[signs..], |sign| matches!(sign, '\n' | '\r' | '/'))
}

/// White space: up to its last line ending one piece; else all but its last character, which belongs to what follows.
fn space(text: &str) -> usize {
    let length = run(text, char::is_whitespace);
    let blank = &text[..length];
    if let Some(end) = blank.rfind(['\n', '\r']) {
        return end + 1;
    }
    let last = blank.chars().next_back().map_or(0, char::len_utf8);
    if length == text.len() || last == length { length } else { length - last }
}

fn is_letter(letter: char) -> bool {
    letter.is_alphabetic() || !letter.is_ascii() && is_combining_mark(letter)
}

fn is_sign(letter: char) -> bool {
    !letter.is_whitespace() && !letter.is_numeric() && !is_letter(letter)
}

fn run(text: &str, holds: impl Fn(char) -> bool) -> usize {
    text.find(|letter| !holds(letter)).unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(text: &str) -> Vec<&str> {
        let mut pieces = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            let (piece, after) = rest.split_at(piece(rest));
            pieces.push(piece);
            rest = after;
        }
        pieces
    }

    #[test]
    fn texts_are_cut_as_o200k_cuts_them() {
        let cases: [(&str, &[&str]); 12] = [
            ("Read the docs", &["Read", " the", " docs"]),
            ("getHTTPCode2024", &["get", "HTTPCode", "202", "4"]),
            ("don't WE'LL", &["don't", " WE'LL"]),
            ("a  b\n\n  c", &["a", " ", " b", "\n\n", " ", " c"]),
            (" --flag=1", &[" --", "flag", "=", "1"]),
            ("(https://a/b)", &["(https", "://", "a", "/b", ")"]),
            ("`x`.\n\ny", &["`x", "`.\n\n", "y"]),
            ("x\t= 1  ", &["x", "\t", "=", " ", "1", "  "]),
            ("\u{65e5}\u{672c}\u{8a9e} text", &["\u{65e5}\u{672c}\u{8a9e}", " text"]),
            ("e\u{301}t\u{e9}", &["e\u{301}t\u{e9}"]),
            ("a\r\nb", &["a", "\r\n", "b"]),
            ("\u{1f600}\u{1f600}", &["\u{1f600}\u{1f600}"]),
        ];
        for (text, expected) in cases {
            assert_eq!(pieces(text), expected, "{text}");
        }
    }

    /// The counts are o200k's own.
    #[test]
    fn comes_near_the_real_count() {
        let prose = "Network connections can be either public or private, and each type of connection has a \
            different implementation for security and authorization.\n";
        let code = "az role assignment create \\\n  --assignee a67e6057-7138-4f78-bbaf-fd9db7b8aab0 \\\n  \
            --role \"Astro VHub Peering Contributor\"\n";
        assert_eq!(count(prose), 23);
        assert!(count(code).abs_diff(47) <= 2, "{}", count(code));
    }

    #[test]
    fn every_text_has_a_count() {
        for text in
            ["", " ", "\n\n", "\u{e9}", "\u{65e5}\u{672c}\u{8a9e}", "   x", "a1b2", "-- \u{301}", "\u{0}"]
        {
            assert!(count(text) <= 10, "{text:?}");
        }
        assert!(count(&"a".repeat(10_000)) > 100);
    }
}
