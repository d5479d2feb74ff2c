//! mdBook's own cases for its `links` preprocessor, and ours; after each, that the pieces are exact.

use super::*;
use crate::diagnostic::Files;

/// A site of texts, the first of them the page that is substituted.
struct Case {
    files: Files,
    included: BTreeMap<String, (FileId, Arc<str>)>,
    variables: BTreeMap<String, String>,
    dialect: Dialect,
}

impl Case {
    fn mdbook(texts: &[(&str, &str)]) -> Self {
        let mut files = Files::default();
        let mut included = BTreeMap::new();
        for (path, text) in texts {
            let text: Arc<str> = (*text).into();
            included.insert((*path).to_owned(), (files.add(*path, Arc::clone(&text)), text));
        }
        Self { files, included, variables: BTreeMap::new(), dialect: Dialect::Mdbook }
    }

    fn variables(dialect: Dialect, text: &str, variables: &[(&str, &str)]) -> Self {
        let mut case = Self::mdbook(&[("src/page.md", text)]);
        case.dialect = dialect;
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        case.variables = variables.iter().map(owned).collect();
        case
    }

    fn run(&self) -> Substituted {
        let (id, file) = self.files.iter().next().expect("a page");
        let nearest_path =
            |path: &str| nearest(path, self.included.keys().map(String::as_str)).map(str::to_owned);
        let supply = Supply {
            dialect: self.dialect,
            variables: &self.variables,
            included: &self.included,
            nearest_path: &nearest_path,
        };
        let result = substitute(id, &file.path, &file.text, supply);
        self.pieces_are_exact(&result);
        result
    }

    fn pieces_are_exact(&self, result: &Substituted) {
        if result.pieces.is_empty() {
            let page = self.files.iter().next().expect("a page").1;
            assert!(result.text.is_empty() || result.text == page.text);
            return;
        }
        assert_eq!(result.pieces[0].start, 0);
        for (index, piece) in result.pieces.iter().enumerate() {
            let start = piece.start as usize;
            let end = result.pieces.get(index + 1).map_or(result.text.len(), |next| next.start as usize);
            assert!(start < end, "an empty piece at {start}");
            let origin = &self.files.get(piece.origin.file).text[piece.origin.range()];
            if piece.verbatim {
                assert_eq!(&result.text[start..end], origin);
            }
        }
    }

    /// The text, and each message with the author's text at its place.
    fn shown(&self) -> (String, Vec<String>) {
        let result = self.run();
        let mut files = self.files.clone();
        files.substituted(FileId(0), result.pieces.clone());
        let messages = result.diagnostics.iter().map(|diagnostic| {
            let place = files.locate(diagnostic.span.expect("every message has a place"));
            let file = files.get(place.file);
            let help = diagnostic.help.as_deref().unwrap_or_default();
            format!("{}: {}: {} ({help})", file.path, &file.text[place.range()], diagnostic.message)
        });
        (result.text.to_string(), messages.collect())
    }

    fn text(&self) -> String {
        let (text, messages) = self.shown();
        assert_eq!(messages, Vec::<String>::new());
        text
    }
}

#[test]
fn declared_variables_are_put_in_everywhere_and_others_stay() {
    let text = "---\ntitle: V{{VERSION}}\n---\n`{{VERSION}}` {{ VERSION }} {{ x }} ${{ github.ref }} {{{VERSION}}} {{other}}\n";
    for dialect in [Dialect::Docusaurus, Dialect::Mdbook, Dialect::Commonmark] {
        let case = Case::variables(dialect, text, &[("VERSION", "1.2"), ("EMPTY", "")]);
        assert_eq!(
            case.text(),
            "---\ntitle: V1.2\n---\n`1.2` {{ VERSION }} {{ x }} ${{ github.ref }} {1.2} {{other}}\n"
        );
    }
    assert_eq!(Case::variables(Dialect::Docusaurus, "a{{E}}b", &[("E", "")]).text(), "ab");
    assert_eq!(
        Case::variables(Dialect::Docusaurus, "{{A}}{{B}}", &[("A", "{{B}}"), ("B", "b")]).text(),
        "{{B}}b"
    );
    assert_eq!(Case::variables(Dialect::Docusaurus, "{{{{A}}}}", &[("A", "a")]).text(), "{{a}}");
    assert_eq!(Case::variables(Dialect::Docusaurus, "ä{{ü}}ö", &[("ü", "日本")]).text(), "ä日本ö");
}

#[test]
fn a_backslash_keeps_a_declared_variable_and_means_nothing_to_others() {
    let case = Case::variables(Dialect::Docusaurus, r"\{{A}} {{A}} \{{x}} \\{{A}}", &[("A", "a")]);
    assert_eq!(case.text(), r"{{A}} a \{{x}} \{{A}}");
}

#[test]
fn a_text_without_anything_to_put_in_is_the_author_s() {
    let case = Case::variables(Dialect::Docusaurus, "{{#include x.md}} {{a}} {{", &[("A", "a")]);
    let result = case.run();
    assert!(result.pieces.is_empty());
    assert!(Arc::ptr_eq(&result.text, &case.files.get(FileId(0)).text));
}

#[test]
fn a_byte_order_mark_goes_and_places_stay() {
    let case = Case::variables(Dialect::Docusaurus, "\u{feff}# T", &[]);
    let result = case.run();
    assert_eq!(&*result.text, "# T");
    assert_eq!(result.pieces[0].origin.start, 3);
    assert_eq!(Case::mdbook(&[("a.md", "x{{#include b.md}}y"), ("b.md", "\u{feff}b\n")]).text(), "xby");
}

#[test]
fn ranges_are_mdbook_s() {
    let file = "Lorem\nipsum\ndolor\nsit\namet\n";
    for (range, expected) in [
        ("", "Lorem\nipsum\ndolor\nsit\namet"),
        (":", "Lorem\nipsum\ndolor\nsit\namet"),
        ("::", "Lorem\nipsum\ndolor\nsit\namet"),
        (":2", "ipsum"),
        (":2:3", "ipsum\ndolor"),
        (":4:", "sit\namet"),
        (":4:x", "sit\namet"),
        ("::3", "Lorem\nipsum\ndolor"),
        ("::100", "Lorem\nipsum\ndolor\nsit\namet"),
        (":0:1", "Lorem"),
        (":5 trailing words", "amet"),
    ] {
        let page = format!("```\n{{{{#include file.txt{range}}}}}\n```\n");
        let case = Case::mdbook(&[("page.md", &page), ("file.txt", file)]);
        assert_eq!(case.text(), format!("```\n{expected}\n```\n"), "{range}");
    }
}

#[test]
fn anchors_are_mdbook_s() {
    let file = "Lorem\n// ANCHOR:    two\nipsum\n// ANCHOR: one\ndolor\nsit\n// ANCHOR_END: one\nlorem\n\
                // ANCHOR_END:two\nipsum\n// ANCHOR: one\nagain\n// ANCHOR_END: one\nend";
    for (directive, expected) in [
        ("include f:one", "dolor\nsit"),
        ("include f:two", "ipsum\ndolor\nsit\nlorem"),
        ("rustdoc_include f:one", "dolor\nsit\nagain"),
        ("rustdoc_include f:two", "ipsum\ndolor\nsit\nlorem"),
        ("rustdoc_include f:3:5", "ipsum\n// ANCHOR: one\ndolor"),
    ] {
        let page = format!("<{{{{#{directive}}}}}>");
        assert_eq!(
            Case::mdbook(&[("p.md", &page), ("f", file)]).text(),
            format!("<{expected}>"),
            "{directive}"
        );
    }
    let open = Case::mdbook(&[("p.md", "{{#include f:a}}"), ("f", "x\nANCHOR: a\ny\r\nz\r\n")]);
    assert_eq!(open.text(), "y\r\nz");
}

#[test]
fn playgrounds_are_fences_and_titles_go() {
    let page =
        "{{#title My Title}}\n# Chapter\n{{#playground a.rs}}\n{{#playground \"a b.rs\" editable no_run }}\n";
    let case = Case::mdbook(&[("src/p.md", page), ("src/a.rs", "fn a() {}\n"), ("src/a b.rs", "fn b() {}")]);
    assert_eq!(
        case.text(),
        "\n# Chapter\n```rust\nfn a() {}\n```\n```rust,editable,no_run\nfn b() {}\n```\n"
    );
}

#[test]
fn escaped_and_unknown_directives_stay() {
    let page = "a \\{{#include x.md}} b {{#if x}} {{#include}} {{#include   }} {{}} {{#}} {{#include \"x}} {{#include x";
    let case = Case::mdbook(&[("p.md", page)]);
    assert_eq!(case.text(), page.replacen('\\', "", 1));
    assert_eq!(
        Case::mdbook(&[("p.md", "\\{{#include x}} {{#include y}}\n{{#title z}}!")]).text(),
        "{{#include x}} {{#include y}}\n!"
    );
}

#[test]
fn included_text_takes_the_margin_of_its_line() {
    let page = "1. x\n   ```rust\n   {{#include a.rs}}\n   ```\n> {{#include q.md}}\nsee {{#include q.md}}\n";
    let case =
        Case::mdbook(&[("p.md", page), ("a.rs", "fn a() {\n}\n"), ("q.md", "one\n  {{#include a.rs}}\n")]);
    assert_eq!(
        case.text(),
        "1. x\n   ```rust\n   fn a() {\n   }\n   ```\n> one\n>   fn a() {\n>   }\nsee one\n  fn a() {\n  }\n"
    );
}

#[test]
fn includes_nest_and_paths_count_from_each_file() {
    let case = Case::mdbook(&[
        ("src/p.md", "A {{#include part/b.md}} Z {{V}}"),
        ("src/part/b.md", "B {{#include ../../c.md:2}} {{V}}\n"),
        ("c.md", "no\nC {{V}} \\{{V}}\n"),
    ]);
    let case = Case { variables: [("V".to_owned(), "v".to_owned())].into(), ..case };
    assert_eq!(case.text(), "A B C v {{V}} v Z v");
    let wanted = wanted(FileId(0), "src/p.md", &case.files.get(FileId(0)).text, Dialect::Mdbook);
    assert_eq!(wanted, [("src/part/b.md".to_owned(), Span::new(FileId(0), 2..24))]);
}

#[test]
fn what_cannot_be_included_is_said_where_it_is_written() {
    let page = "{{#include guied.md}}\n{{#include ../../x.md}}\n{{#include /etc/passwd}}\n{{#include guide.md:anchr}}\n\
                {{#include guide.md:7}}\n{{#include guide.md:3:2}}\n{{#include part.md}}\n";
    let case = Case::mdbook(&[
        ("src/p.md", page),
        ("src/guide.md", "a\n<!-- ANCHOR: anchor -->\nb\n"),
        ("src/part.md", "x {{#include zzz.txt}} y"),
    ]);
    let (text, messages) = case.shown();
    assert_eq!(text, page.replace("{{#include part.md}}", "x {{#include zzz.txt}} y"));
    assert_eq!(
        messages,
        [
            "src/p.md: {{#include guied.md}}: there is no file `src/guied.md` to include (did you mean `guide.md`?)",
            "src/p.md: {{#include ../../x.md}}: `../../x.md` leads outside the folder of `book.toml` \
             (files below that folder can be included, and no others)",
            "src/p.md: {{#include /etc/passwd}}: `/etc/passwd` leads outside the folder of `book.toml` \
             (files below that folder can be included, and no others)",
            "src/p.md: {{#include guide.md:anchr}}: `src/guide.md` has no anchor `anchr` (did you mean `anchor`?)",
            "src/p.md: {{#include guide.md:7}}: `src/guide.md` has no such lines (it has 3, counted from 1)",
            "src/p.md: {{#include guide.md:3:2}}: `src/guide.md` has no such lines (it has 3, counted from 1)",
            "src/part.md: {{#include zzz.txt}}: there is no file `src/zzz.txt` to include \
             (the path counts from the folder of `src/part.md`)",
        ]
    );
}

#[test]
fn cycles_depth_and_size_have_an_end() {
    let cycle = Case::mdbook(&[("a.md", "a{{#include b.md}}"), ("b.md", "b{{#include a.md}}")]);
    let (text, messages) = cycle.shown();
    assert_eq!(text, "abab{{#include b.md}}".replacen("abab", "aba", 1));
    assert_eq!(messages.len(), 1, "{messages:?}");
    assert!(messages[0].contains("includes itself"), "{messages:?}");

    let names: Vec<(String, String)> = (0..14)
        .map(|level| (format!("{level}.md"), format!("{level} {{{{#include {}.md}}}}", level + 1)))
        .collect();
    let texts: Vec<(&str, &str)> = names.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let (text, messages) = Case::mdbook(&texts).shown();
    assert_eq!(text, "0 1 2 3 4 5 6 7 8 9 10 {{#include 11.md}}");
    assert!(messages[0].contains("more than 10 deep"), "{messages:?}");

    let many: Vec<(String, String)> = (0..9)
        .map(|level| (format!("{level}.md"), format!("{{{{#include {}.md}}}}", level + 1).repeat(20)))
        .chain([("9.md".to_owned(), "x".repeat(1_000))])
        .collect();
    let texts: Vec<(&str, &str)> = many.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let (_, messages) = Case::mdbook(&texts).shown();
    assert_eq!(messages.len(), 1, "said once");
    assert!(messages[0].contains("includes too much"), "{messages:?}");
}

#[test]
fn hidden_lines_are_left_out_of_rust_fences_only() {
    let page = "\
# Heading
```rust,ignore
# use std::io;
fn main() {
    # hidden();
#[derive(X)]
#![allow(x)]
#
##[attr]
    ## x
}
# }
```
# Another
```text
# kept
```
> 1. quoted
>    ```rust
>    # gone
>    kept
>    ```
```python,hidelines=~
~gone
kept
 ~ gone
```
```rust
{{#include f.rs}}
```
    # indented
";
    let case = Case::mdbook(&[("p.md", page), ("f.rs", "# gone\nfn f() {}\n# gone\n")]);
    assert_eq!(
        case.text(),
        "\
# Heading
```rust,ignore
fn main() {
#[derive(X)]
#![allow(x)]
#[attr]
    # x
}
```
# Another
```text
# kept
```
> 1. quoted
>    ```rust
>    kept
>    ```
```python,hidelines=~
kept
```
```rust
fn f() {}
```
    # indented
"
    );
    assert_eq!(visible_rust_lines("# a\n  #\nb\n##c\n#[d]\n# e"), "b\n#c\n#[d]\n");
    let windows = Case::mdbook(&[("p.md", "```rust\r\n# gone\r\nkept\r\n#\r\n```\r\n# T\r\n")]);
    assert_eq!(windows.text(), "```rust\r\nkept\r\n```\r\n# T\r\n");
    let other = Case::variables(Dialect::Docusaurus, "```rust\n# kept\n```\n", &[]);
    assert!(other.run().pieces.is_empty(), "only mdBook hides lines");
}

#[test]
fn messages_keep_their_place_when_lines_are_left_out() {
    let case =
        Case::mdbook(&[("p.md", "```rust\n# a\n# b\nx\n```\n{{#include no.md}}\n```rust\n# c\n```\n")]);
    let (text, messages) = case.shown();
    assert_eq!(text, "```rust\nx\n```\n{{#include no.md}}\n```rust\n```\n");
    assert!(messages[0].starts_with("p.md: {{#include no.md}}: "), "{messages:?}");
}

#[test]
fn nothing_breaks_on_pieces_of_syntax() {
    let tokens = [
        "{{",
        "}}",
        "\\",
        "#include ",
        "a.md",
        ":a",
        ":1:2",
        "{{V}}",
        "{{#include a.md}}",
        "{{#title x}}",
        "\n",
        "ä",
        " ",
        "```rust\n",
        "```\n",
        "# ",
        "## ",
        "> ",
        "- ",
        "{{#playground a.md}}",
        "\r\n",
        "\"",
        "}",
        "{",
    ];
    let mut seed = 1_u64;
    for _ in 0..3_000 {
        let mut page = String::new();
        for _ in 0..12 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            page.push_str(tokens[usize::try_from(seed >> 33).expect("it fits") % tokens.len()]);
        }
        let mut case = Case::mdbook(&[("p.md", &page), ("a.md", "ANCHOR: a\nx {{V}}\n# y\nANCHOR_END: a\n")]);
        case.variables.insert("V".to_owned(), "v\nw".to_owned());
        let (_, _) = case.shown();
        let _ = wanted(FileId(0), "p.md", &page, Dialect::Mdbook);
    }
}

#[test]
fn braces_that_nobody_closes_take_no_time() {
    let start = std::time::Instant::now();
    for text in ["{{ x ", "{{#include a ", "\\{{#include a ", "{{", "{{a"] {
        let text = text.repeat(50_000);
        for dialect in [Dialect::Mdbook, Dialect::Docusaurus] {
            let case = Case::variables(dialect, &text, &[("a", "b")]);
            assert_eq!(&*case.run().text, text);
        }
    }
    assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
}
