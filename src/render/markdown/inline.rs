//! Words, addresses and titles in, what says them in Markdown out.

/// Text as Markdown that says it literally.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut before = ' ';
    let letters: Vec<char> = text.chars().collect();
    for (at, letter) in letters.iter().copied().enumerate() {
        let after = letters.get(at + 1).copied().unwrap_or(' ');
        let escapes = match letter {
            '\\' | '`' | '*' | '[' | ']' => true,
            // Within a word an underscore is only an underscore.
            '_' => !(before.is_alphanumeric() && after.is_alphanumeric()),
            '<' => after.is_ascii_alphabetic() || matches!(after, '/' | '!' | '?'),
            '~' => before == '~' || after == '~',
            '#' | '+' | '-' | '>' => at == 0 && (after == ' ' || after == '#' || letter == '>'),
            _ => false,
        };
        if escapes {
            out.push('\\');
        }
        out.push(letter);
        before = letter;
    }
    out
}

/// Every run of white space as one space.
pub(super) fn collapsed(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            ' ' | '\n' | '\t' | '\r' if out.ends_with(' ') => {}
            ' ' | '\n' | '\t' | '\r' => out.push(' '),
            _ => out.push(letter),
        }
    }
    out
}

pub(super) fn one_line(markdown: &str) -> String {
    let broken = markdown.replace("\\\n", " ");
    broken.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Markdown of any size as the text of a table cell: lines of a paragraph joined, blocks apart by `<br>`, pipes escaped.
pub(super) fn in_one_line(markdown: &str) -> String {
    let broken = markdown.replace("\\\n", "<br>");
    let mut joined = String::with_capacity(broken.len());
    if broken.trim().contains('\n') {
        for line in broken.lines().map(|line| line.trim().trim_start_matches("<br>").trim_start()) {
            if !joined.is_empty() && !line.is_empty() && !joined.ends_with("<br>") {
                joined.push_str("<br>");
            }
            joined.push_str(line);
        }
    } else {
        joined = broken;
    }
    let mut out = String::with_capacity(joined.len());
    let mut before = ' ';
    for letter in joined.chars() {
        if letter == '|' && before != '\\' {
            out.push('\\');
        }
        out.push(letter);
        before = letter;
    }
    out
}

/// Text as code in a sentence, whatever backticks are in it.
pub(super) fn code_span(text: &str) -> String {
    let text = collapsed(text);
    let longest = text.split(|letter| letter != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// An address as the destination of a Markdown link.
pub(super) fn destination(url: &str) -> String {
    let mut out = String::with_capacity(url.len());
    for letter in url.trim().chars() {
        match letter {
            ' ' => out.push_str("%20"),
            '(' => out.push_str("%28"),
            ')' => out.push_str("%29"),
            '<' => out.push_str("%3C"),
            '>' => out.push_str("%3E"),
            '\\' => out.push_str("%5C"),
            letter if letter.is_control() => {}
            _ => out.push(letter),
        }
    }
    out
}

/// The title of a Markdown link, with the space before it; nothing for an empty one.
pub(super) fn link_title(title: &str) -> String {
    if title.is_empty() {
        return String::new();
    }
    format!(" \"{}\"", collapsed(title).replace('\\', "\\\\").replace('"', "\\\""))
}

/// What an address is called where nothing else is known: its last part.
pub(super) fn last_part(url: &str) -> &str {
    let path = url.split(['?', '#']).next().unwrap_or(url).trim_end_matches('/');
    path.rsplit('/').next().filter(|part| !part.is_empty()).unwrap_or(url)
}
