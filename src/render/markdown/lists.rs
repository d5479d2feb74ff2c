//! Two lists that meet in, two lists out: Markdown takes lists of one kind for one list, whatever stood between them in
//! the source (the tags of two components, a comment), and would go on counting. The second one gets another marker.

/// `out`, in which a block was just written that begins at or behind `start`, with its markers changed where it is a list
/// of the kind of the one before it.
pub(super) fn apart(out: String, start: usize) -> String {
    let line = out[..start].rfind('\n').map_or(0, |at| at + 1);
    let Some((first, marker)) = first_item(&out, line, start) else { return out };
    let place = Line::of(&out[first..]);
    let before =
        out[..first].lines().rev().map(Line::of).find(|line| {
            !line.rest.is_empty() && (line.columns <= place.columns || line.quotes != place.quotes)
        });
    let meets = before.is_some_and(|line| {
        line.columns == place.columns && line.quotes == place.quotes && line.marker() == Some(marker)
    });
    if !meets {
        return out;
    }
    let other = match marker {
        '-' => '*',
        '.' => ')',
        ')' => '.',
        _ => '-',
    };
    let mut changed = out[..first].to_owned();
    let mut inside = true;
    for text in out[first..].split_inclusive('\n') {
        let line = Line::of(text);
        let own = line.columns == place.columns && line.quotes == place.quotes;
        inside &=
            line.rest.is_empty() || line.columns > place.columns || own && line.marker() == Some(marker);
        if inside && own && line.marker() == Some(marker) {
            let at = text.len() - text.trim_start_matches([' ', '\t', '>']).len();
            let sign = at + text[at..].find(marker).unwrap_or(0);
            changed.push_str(&text[..sign]);
            changed.push(other);
            changed.push_str(&text[sign + 1..]);
        } else {
            changed.push_str(text);
        }
    }
    changed
}

/// Where the line of the block's first item begins, and its marker; nothing where the block is no list, or begins behind
/// other text of its line.
fn first_item(out: &str, mut line: usize, start: usize) -> Option<(usize, char)> {
    if !out[line..start].chars().all(|letter| matches!(letter, ' ' | '\t' | '>')) {
        return None;
    }
    while line < out.len() {
        let end = out[line..].find('\n').map_or(out.len(), |at| line + at + 1);
        let read = Line::of(&out[line..end]);
        if !read.rest.is_empty() {
            return read.marker().map(|marker| (line, marker));
        }
        line = end;
    }
    None
}

/// A line, and how far it is from the margin.
struct Line<'a> {
    quotes: usize,
    columns: usize,
    rest: &'a str,
}

impl<'a> Line<'a> {
    fn of(text: &'a str) -> Self {
        let text = text.lines().next().unwrap_or_default();
        let rest = text.trim_start_matches([' ', '\t', '>']);
        let margin = &text[..text.len() - rest.len()];
        Self { quotes: margin.matches('>').count(), columns: margin.chars().count(), rest: rest.trim_end() }
    }

    /// The sign that lists of its kind have: a bullet, or what stands behind a number.
    fn marker(&self) -> Option<char> {
        let digits = self.rest.bytes().take_while(u8::is_ascii_digit).count();
        let sign = self.rest[digits..].chars().next()?;
        let fits = match sign {
            '-' | '*' | '+' => digits == 0,
            '.' | ')' => (1..=9).contains(&digits),
            _ => false,
        };
        (fits && self.rest[digits + 1..].starts_with(' ')).then_some(sign)
    }
}

#[cfg(test)]
mod tests {
    use super::apart;

    #[test]
    fn lists_of_one_kind_stay_apart() {
        for (before, block, wanted) in [
            ("- a\n\n", "- b\n- c", "* b\n* c"),
            (
                "1. a\n\n   x\n\n",
                "1. b\n\n   ```\n   1. x\n   ```\n\n2. c",
                "1) b\n\n   ```\n   1. x\n   ```\n\n2) c",
            ),
            ("1. a\n\n", "- b", "- b"),
            ("- a\n\nText.\n\n", "- b", "- b"),
            ("- a\n\n  ", "- b", "- b"),
            ("> - a\n>\n> ", "- b\n> - c\n>\n> Text - d", "* b\n> * c\n>\n> Text - d"),
            ("- ", "- b", "- b"),
            ("- a\n\n", "Text.", "Text."),
        ] {
            assert_eq!(apart(format!("{before}{block}"), before.len()), format!("{before}{wanted}"));
        }
    }
}
