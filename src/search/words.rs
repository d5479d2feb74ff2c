//! Text in, the terms it is found by out. `engine.js` has the same rules: what differs between the two is never found.
//!
//! A run of letters, digits and joiners (`--role-definition`, `Microsoft.Network/virtualHubs/read`) is a term as a
//! whole beside its parts. Terms are in lower case and without diacritics; scripts that write no spaces are cut into
//! pairs of letters.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The longest compound that is a term.
const LONGEST_WHOLE: usize = 64;
/// The longest word that is a term: what is longer is a key or a picture in code.
const LONGEST_PART: usize = 40;

/// The longest term after folding, in bytes: some letters become many (`ﷺ` is eighteen).
const LONGEST_TERM: usize = 90;

/// Calls `emit` with every term of `text`, in order; the second argument is whether it is a word of the text and no
/// compound or piece of one.
pub(super) fn terms(text: &str, emit: &mut impl FnMut(&str, bool)) {
    let emit = &mut |term: &str, is_word: bool| {
        if !term.is_empty() && term.len() <= LONGEST_TERM {
            emit(term, is_word);
        }
    };
    let mut folded = String::new();
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let start = at;
        let mut seen = 0;
        while let Some(byte) = bytes.get(at) {
            match KINDS[usize::from(*byte)] {
                0 => break,
                FOREIGN => {
                    let letter = text[at..].chars().next().filter(|letter| is_part(*letter));
                    let Some(letter) = letter else { break };
                    seen |= FOREIGN;
                    at += letter.len_utf8();
                }
                kind => {
                    seen |= kind;
                    at += 1;
                }
            }
        }
        match seen {
            0 => at += text[at..].chars().next().map_or(1, char::len_utf8),
            // Most words are plain: nothing to fold and nothing to take apart.
            LOWER if at - start <= LONGEST_PART => emit(&text[start..at], true),
            LOWER => {}
            _ if seen & (JOINER | FOREIGN) == 0 => word(&text[start..at], &mut folded, emit),
            _ => run(&text[start..at], &mut folded, emit),
        }
    }
}

/// What a run holds: small letters and digits, capitals, joiners, letters that are not ASCII.
const LOWER: u8 = 1;
const UPPER: u8 = 2;
const JOINER: u8 = 4;
const FOREIGN: u8 = 8;

/// Which of them each byte is; 0 ends a run.
const KINDS: [u8; 256] = {
    let mut kinds = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        #[expect(clippy::cast_possible_truncation, reason = "below 256")]
        let letter = byte as u8;
        kinds[byte] = match letter {
            b'a'..=b'z' | b'0'..=b'9' => LOWER,
            b'A'..=b'Z' => UPPER,
            b'-' | b'_' | b'.' | b'/' | b':' | b'@' | b'+' | b'#' => JOINER,
            0x80.. => FOREIGN,
            _ => 0,
        };
        byte += 1;
    }
    kinds
};

/// The commands that a line begins with: `az network vhub create -g x` gives `az network`, `az network vhub`, and so on.
pub(super) fn commands(line: &str, emit: &mut impl FnMut(&str)) {
    let line = line.trim_start().trim_start_matches(['$', '>', '%']).trim_start();
    let mut chain = String::new();
    for (index, word) in line.split(' ').take(4).enumerate() {
        let plain = word.starts_with(|letter: char| letter.is_ascii_lowercase())
            && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        if !plain || chain.len() + word.len() >= LONGEST_WHOLE {
            break;
        }
        if index > 0 {
            chain.push(' ');
        }
        chain.push_str(word);
        if index > 0 {
            emit(&chain);
        }
    }
}

/// Letters and digits, and what joins them to compounds.
pub(super) fn is_part(letter: char) -> bool {
    is_word(letter) || is_joiner(letter)
}

pub(super) fn is_joiner(letter: char) -> bool {
    matches!(letter, '-' | '_' | '.' | '/' | ':' | '@' | '+' | '#')
}

pub(super) fn is_word(letter: char) -> bool {
    letter.is_alphanumeric() || !letter.is_ascii() && is_combining_mark(letter)
}

/// Scripts without spaces between words.
pub(super) fn is_dense(letter: char) -> bool {
    matches!(letter,
        '\u{0E00}'..='\u{0EFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}' | '\u{3040}'..='\u{30FF}'
        | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7AF}' | '\u{F900}'..='\u{FAFF}'
        | '\u{20000}'..='\u{3FFFF}')
}

/// A run of letters, digits and joiners.
fn run(text: &str, folded: &mut String, emit: &mut impl FnMut(&str, bool)) {
    if let Some(whole) = trim(text)
        && whole.contains(is_joiner)
        && !(whole.contains(':') && whole.contains("://"))
        && (whole.is_ascii() || !whole.contains(is_dense))
    {
        compound(whole, folded, emit);
    }
    for part in text.split(is_joiner).filter(|part| !part.is_empty()) {
        let mut rest = part;
        while let Some(first) = rest.chars().next() {
            let dense = is_dense(first);
            let end = rest.find(|letter| is_dense(letter) != dense).unwrap_or(rest.len());
            let (piece, after) = rest.split_at(end);
            rest = after;
            if dense {
                pairs(piece, folded, emit);
            } else {
                word(piece, folded, emit);
            }
        }
    }
}

/// A run without the punctuation around it. A flag keeps its dashes, `.gitignore` its dot, `c++` and `c#` their signs.
fn trim(text: &str) -> Option<&str> {
    trimmed(text).map(|place| &text[place])
}

/// Where in a run that is.
pub(super) fn trimmed(text: &str) -> Option<std::ops::Range<usize>> {
    let first = text.find(is_word)?;
    let start = match text[..first].trim_start_matches(['_', '/', ':', '+', '#']) {
        "-" => first - 1,
        "--" => first - 2,
        "." | "@" => first - 1,
        _ => first,
    };
    let (at, last) = text.char_indices().rev().find(|(_, letter)| is_word(*letter))?;
    let end = at + last.len_utf8();
    let signs = match &text[end..] {
        rest if rest.starts_with("++") => 2,
        rest if rest.starts_with('#') => 1,
        _ => 0,
    };
    Some(start..end + signs)
}

fn compound(whole: &str, folded: &mut String, emit: &mut impl FnMut(&str, bool)) {
    let mut give = |text: &str| {
        if text.len() <= LONGEST_WHOLE {
            fold(text, folded);
            emit(folded, false);
        }
    };
    give(whole);
    let bare = whole.trim_start_matches(['-', '.', '@']);
    if bare.len() < whole.len() && bare.contains(is_joiner) {
        give(bare);
    }
    if bare.contains('/') {
        for piece in bare.split('/').filter(|piece| piece.contains(is_joiner)) {
            if let Some(piece) = trim(piece).filter(|piece| piece.contains(is_joiner)) {
                give(piece);
            }
        }
    }
}

fn word(text: &str, folded: &mut String, emit: &mut impl FnMut(&str, bool)) {
    if text.len() > LONGEST_PART {
        return;
    }
    fold(text, folded);
    emit(folded, true);
    // `virtualHubs` is also found by each of its words.
    let bytes = text.as_bytes();
    if !text.is_ascii()
        || !bytes.windows(2).any(|two| two[0].is_ascii_lowercase() && two[1].is_ascii_uppercase())
    {
        return;
    }
    let mut start = 0;
    for at in 1..=bytes.len() {
        let breaks = at == bytes.len()
            || bytes[at].is_ascii_uppercase()
                && (bytes[at - 1].is_ascii_lowercase()
                    || bytes.get(at + 1).is_some_and(u8::is_ascii_lowercase));
        if breaks {
            if at - start > 1 {
                fold(&text[start..at], folded);
                emit(folded, false);
            }
            start = at;
        }
    }
}

fn pairs(text: &str, folded: &mut String, emit: &mut impl FnMut(&str, bool)) {
    let letters: Vec<char> = text.chars().collect();
    for pair in letters.windows(2.min(letters.len())) {
        let pair: String = pair.iter().collect();
        fold(&pair, folded);
        emit(folded, true);
    }
}

/// Lower case, without diacritics, compatibility forms as their plain ones.
pub(super) fn fold(text: &str, folded: &mut String) {
    folded.clear();
    if text.is_ascii() {
        folded.push_str(text);
        folded.make_ascii_lowercase();
        return;
    }
    let bare: String = text.nfkd().filter(|letter| !matches!(letter, '\u{300}'..='\u{36F}')).collect();
    for letter in bare.to_lowercase().nfc() {
        match letter {
            'ß' => folded.push_str("ss"),
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            'ø' => folded.push('o'),
            'ł' => folded.push('l'),
            'đ' => folded.push('d'),
            'ı' => folded.push('i'),
            other => folded.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Vec<String> {
        let mut found = Vec::new();
        terms(text, &mut |term, _| found.push(term.to_owned()));
        found
    }

    #[test]
    fn compounds_are_terms_beside_their_parts() {
        assert_eq!(of("--role-definition"), ["--role-definition", "role-definition", "role", "definition"]);
        assert_eq!(
            of("Microsoft.Network/virtualHubs/read."),
            [
                "microsoft.network/virtualhubs/read",
                "microsoft.network",
                "microsoft",
                "network",
                "virtualhubs",
                "virtual",
                "hubs",
                "read"
            ]
        );
        assert_eq!(of("(see std::fs::read)"), ["see", "std::fs::read", "std", "fs", "read"]);
        assert_eq!(of("C++, C# - .NET"), ["c++", "c", "c#", "c", ".net", "net"]);
        assert_eq!(of("https://a.b/c"), ["https", "a", "b", "c"]);
    }

    #[test]
    fn letters_are_folded_and_dense_scripts_paired() {
        assert_eq!(of("Zürich Straße Łódź"), ["zurich", "strasse", "lodz"]);
        assert_eq!(of("検索機能API"), ["検索", "索機", "機能", "api"]);
        assert_eq!(of("ｆｕｌｌ"), ["full"]);
        assert_eq!(of("字"), ["字"]);
        assert_eq!(of("\u{FDFA}\u{FDFA}\u{FDFA}\u{FDFA}\u{FDFA}\u{FDFA} \u{301} a"), ["a"]);
    }

    #[test]
    fn commands_are_chains() {
        let mut found = Vec::new();
        commands("$ az network vhub create -g x", &mut |chain| found.push(chain.to_owned()));
        assert_eq!(found, ["az network", "az network vhub", "az network vhub create"]);
    }
}
