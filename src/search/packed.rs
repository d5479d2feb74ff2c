//! Numbers and sorted words in, text that is short and needs no escaping in a JavaScript string out.
//!
//! A digit is one of 93 printable ASCII characters: all from the space to `~` but the quotation mark and the
//! backslash. Numbers below 80 are one digit.

/// Base of the digits.
const BASE: u32 = 93;
/// Numbers below this are one digit.
const ONE: u32 = 80;
/// Numbers below this are two digits; the rest five, the first of which says so.
const TWO: u32 = ONE + 12 * BASE;

/// Writes one digit: a number below 93.
pub(super) fn digit(out: &mut Vec<u8>, value: u32) {
    let mut code = 0x20 + value.min(BASE - 1);
    if code >= 0x22 {
        code += 1;
    }
    if code >= 0x5C {
        code += 1;
    }
    out.push(u8::try_from(code).expect("a digit is ASCII"));
}

/// Writes a number.
pub(super) fn number(out: &mut Vec<u8>, value: u32) {
    if value < ONE {
        digit(out, value);
    } else if value < TWO {
        let rest = value - ONE;
        digit(out, ONE + rest / BASE);
        digit(out, rest % BASE);
    } else {
        let mut rest = value - TWO;
        let mut digits = [0; 4];
        for digit in digits.iter_mut().rev() {
            *digit = rest % BASE;
            rest /= BASE;
        }
        digit(out, BASE - 1);
        for value in digits {
            digit(out, value);
        }
    }
}

/// Writes a word as what it has in common with the one before it, in UTF-16 units as JavaScript counts, and the rest.
pub(super) fn word(out: &mut Vec<u8>, before: &str, word: &str) {
    let shared = before
        .char_indices()
        .zip(word.chars())
        .find(|((_, a), b)| a != b)
        .map_or(before.len().min(word.len()), |((at, _), _)| at);
    let units = |text: &str| u32::try_from(text.encode_utf16().count()).expect("terms are short");
    digit(out, units(&word[..shared]));
    digit(out, units(&word[shared..]));
    out.extend_from_slice(&word.as_bytes()[shared..]);
}

/// The bytes that cannot stand in a string as they are.
const ESCAPED: [bool; 256] = {
    let mut escaped = [false; 256];
    let mut byte = 0;
    while byte < 0x20 {
        escaped[byte] = true;
        byte += 1;
    }
    escaped[b'"' as usize] = true;
    escaped[b'\\' as usize] = true;
    escaped
};

/// Writes a string of JavaScript.
pub(super) fn string(out: &mut Vec<u8>, text: &[u8]) {
    out.push(b'"');
    let mut rest = text;
    // What needs no escape is copied as it is, and that is nearly all.
    while let Some(at) = rest.iter().position(|byte| ESCAPED[usize::from(*byte)]) {
        out.extend_from_slice(&rest[..at]);
        match rest[at] {
            byte @ (b'"' | b'\\') => out.extend_from_slice(&[b'\\', byte]),
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => out.extend_from_slice(b"\\r"),
            byte => out.extend_from_slice(format!("\\u{byte:04x}").as_bytes()),
        }
        rest = &rest[at + 1..];
    }
    out.extend_from_slice(rest);
    out.push(b'"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_as_long_as_they_must_be() {
        let length = |value| {
            let mut out = Vec::new();
            number(&mut out, value);
            assert!(out.iter().all(|byte| (0x20..0x7F).contains(byte) && !b"\"\\".contains(byte)));
            out.len()
        };
        assert_eq!([length(0), length(79), length(80), length(1195), length(1196)], [1, 1, 2, 2, 5]);
        assert_eq!(length(50_000_000), 5);
    }

    #[test]
    fn words_share_their_start() {
        let mut out = Vec::new();
        word(&mut out, "peer", "peering");
        assert_eq!(out, b"%$ing");
    }
}
