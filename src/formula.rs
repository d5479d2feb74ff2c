//! TeX in, MathML out, or what is wrong with it. Pure, and the one place that knows the library.

use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};

use math_core::{LatexToMathML, MathCoreConfig, MathDisplay};

/// More than a person writes: what is longer is no formula.
const LONGEST: usize = 8_000;
/// With more commands than that a formula is read on a stack of its own: `\\sqrt\\sqrt…` is deep without a brace.
const COMMANDS: usize = 40;
/// Enough for as many calls inside each other as the longest formula can cause.
const STACK: usize = 256 << 20;
/// How deep groups may stand in each other: the converter calls itself for each.
const DEEPEST: usize = 100;

/// What documentation writes and the library does not know.
const MACROS: &[(&str, &str)] = &[
    ("substack", "{\\scriptstyle\\begin{matrix}#1\\end{matrix}}"),
    ("mathbbm", "\\mathbb{#1}"),
    ("KaTeX", "\\text{KaTeX}"),
    ("LaTeX", "\\text{LaTeX}"),
];

/// The formulas of a page, in reading order: numbered equations count through.
#[derive(Default)]
pub struct Formulas(Option<LatexToMathML>);

/// Why a formula cannot be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// What is wrong, for a message.
    pub message: String,
    /// Where in the TeX, on character boundaries.
    pub range: Range<usize>,
}

impl std::fmt::Debug for Formulas {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Formulas")
    }
}

impl Formulas {
    /// The formula as MathML, its TeX in an annotation.
    ///
    /// # Errors
    /// What is wrong with the TeX.
    pub fn mathml(&mut self, tex: &str, display: bool) -> Result<String, Mistake> {
        let whole = |message: &str| Mistake { message: message.to_owned(), range: 0..tex.len() };
        if tex.len() > LONGEST {
            return Err(whole("the formula is too long"));
        }
        if depth(tex) > DEEPEST {
            return Err(whole("the formula is nested too deeply"));
        }
        let settings = || MathCoreConfig {
            annotation: true,
            macros: MACROS.iter().map(|(name, body)| ((*name).to_owned(), (*body).to_owned())).collect(),
            ..MathCoreConfig::default()
        };
        // Only macros can be wrong with the settings, and a test reads ours.
        let converter = self.0.get_or_insert_with(|| LatexToMathML::new(settings()).unwrap_or_default());
        let kind = if display { MathDisplay::Block } else { MathDisplay::Inline };
        let mut convert = || {
            catch_unwind(AssertUnwindSafe(|| converter.convert_with_global_state(tex, kind))).map_err(|_| ())
        };
        let commands = tex.bytes().filter(|byte| matches!(byte, b'\\' | b'^' | b'_')).count();
        let converted = if commands > COMMANDS {
            std::thread::scope(|scope| {
                let roomy = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, convert);
                roomy.map_err(|_| ()).and_then(|thread| thread.join().map_err(|_| ())?)
            })
        } else {
            convert()
        };
        match converted {
            Ok(Ok(result)) => Ok(result.mathml),
            Ok(Err(error)) => {
                let message = error.error_message();
                let mut letters = message.trim_end_matches('.').chars();
                let first: String = letters.next().into_iter().flat_map(char::to_lowercase).collect();
                Err(Mistake { message: first + letters.as_str(), range: on_boundaries(tex, &error.0) })
            }
            Err(()) => {
                self.0 = None;
                Err(whole("the converter failed on this formula"))
            }
        }
    }
}

/// How deep braces, environments and delimiters stand in each other, at most.
fn depth(tex: &str) -> usize {
    let (mut now, mut most) = (0usize, 0);
    for (at, byte) in tex.bytes().enumerate() {
        match byte {
            b'{' | b'(' | b'[' => now += 1,
            b'}' | b')' | b']' => now = now.saturating_sub(1),
            b'\\' if tex[at..].starts_with("\\left") || tex[at..].starts_with("\\begin") => now += 1,
            b'\\' if tex[at..].starts_with("\\right") || tex[at..].starts_with("\\end") => {
                now = now.saturating_sub(1);
            }
            _ => {}
        }
        most = most.max(now);
    }
    most
}

fn on_boundaries(text: &str, range: &Range<usize>) -> Range<usize> {
    let start = text.floor_char_boundary(range.start);
    start..text.ceil_char_boundary(range.end.min(text.len())).max(start)
}

/// Where a part of a formula stands in its source, which may begin each line with a margin that the formula is without.
#[must_use]
pub fn place(source: &str, tex: &str, range: &Range<usize>) -> Option<Range<usize>> {
    if let Some(at) = source.find(tex) {
        return Some(at + range.start..at + range.end);
    }
    let mut at = 0;
    let mut begins = 0;
    let mut found: Option<usize> = None;
    for line in tex.split_inclusive('\n') {
        let words = line.trim();
        let start = at + source[at..].find(words)?;
        let of = |place: usize| {
            let inside = (place - begins).saturating_sub(line.len() - line.trim_start().len());
            start + inside.min(words.len())
        };
        let ends = begins + line.len();
        let last = ends == tex.len();
        if ((begins..ends).contains(&range.start) || last) && found.is_none() {
            found = Some(of(range.start));
        }
        if range.end <= ends
            && let Some(from) = found
        {
            return Some(from..of(range.end).max(from));
        }
        at = start + words.len();
        begins = ends;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_become_mathml_with_their_source() {
        let mut formulas = Formulas::default();
        let inline = formulas.mathml("a < b", false).expect("it is TeX");
        assert!(inline.starts_with("<math><semantics>"), "{inline}");
        assert!(
            inline.contains("<annotation encoding=\"application/x-tex\">a &lt; b</annotation>"),
            "{inline}"
        );
        assert!(formulas.mathml("x", true).expect("it is TeX").starts_with("<math display=\"block\">"));
    }

    #[test]
    fn macros_of_our_own_are_known() {
        let mut formulas = Formulas::default();
        for tex in ["\\sum_{\\substack{a\\\\b}} x", "\\mathbbm{1}", "\\LaTeX"] {
            assert!(formulas.mathml(tex, true).is_ok(), "{tex}: {:?}", formulas.mathml(tex, true));
        }
    }

    #[test]
    fn mistakes_have_places() {
        let mistake = Formulas::default().mathml("a + \\frobnicate", false).expect_err("no such command");
        assert_eq!(&"a + \\frobnicate"[mistake.range], "\\frobnicate");
        for tex in ["{", "}", "\\frac", "\\begin{x}", "é\\é", "\\left(", "^", "&", "$", "\\text{", "a_b_c"]
        {
            if let Err(mistake) = Formulas::default().mathml(tex, true) {
                assert!(tex.get(mistake.range).is_some(), "{tex}");
            }
        }
        let deep = "{".repeat(5000);
        assert!(Formulas::default().mathml(&deep, true).is_err());
        let deep = "\\sqrt ".repeat(3000);
        let _ = Formulas::default().mathml(&deep, true);
        let deep = "x^".repeat(9000);
        let _ = Formulas::default().mathml(&deep, true);
    }

    #[test]
    fn places_are_found_behind_margins() {
        let source = "$$\n> a +\n>   \\oops\n> $$";
        let tex = "\na +\n\\oops\n";
        let at = tex.find("\\oops").expect("there");
        let found = place(source, tex, &(at..at + 5)).expect("found");
        assert_eq!(&source[found], "\\oops");
        assert_eq!(place("$é x$", "é x", &(3..4)), Some(4..5));
    }
}
