//! Each form on spans that break printers: none, empty files, ends of files, tabs, CRLF, BOM, long lines.

use serde_json::Value;

use super::super::{Diagnostic, FileId, Files, Piece, Span, rules};
use super::{Style, brief, github, json, sarif, summary, text};

fn broken(message: &str) -> Diagnostic {
    Diagnostic::new(&rules::BROKEN_LINK, message)
}

fn plain(diagnostics: &[Diagnostic], files: &Files) -> String {
    text(diagnostics, files, "", Style::Plain)
}

#[test]
fn text_looks_like_rustc() {
    let mut files = Files::default();
    let page = files.add("src/a.md", "# Title\n\nSee [the guide](giude.md) and the rest.\n");
    let other = files.add("src/guide.md", "# Guide\n");
    let finding = broken("no page at `giude.md`")
        .at(Span::new(page, 25..33))
        .note(Span::new(page, 14..23), "this link")
        .note(Span::new(other, 0..7), "the nearest page")
        .help("write `guide.md`")
        .fix(Span::new(page, 25..33), "guide.md");
    let advice = Diagnostic::new(&rules::MISSING_DESCRIPTION, "the page has no description").help("add one");
    assert_eq!(
        plain(&[finding, advice], &files),
        "\
advice[missing-description]: the page has no description
 |
 = help: add one

error[broken-link]: no page at `giude.md`
 --> src/a.md:3:17
  |
3 | See [the guide](giude.md) and the rest.
  |      ---------  ^^^^^^^^
  |      |
  |      this link
  |
 ::: src/guide.md:1:1
  |
1 | # Guide
  | ------- the nearest page
  |
help: write `guide.md`
  |
3 - See [the guide](giude.md) and the rest.
3 + See [the guide](guide.md) and the rest.
  |

1 error, 1 piece of advice
"
    );
}

#[test]
fn every_place_can_be_printed_in_every_form() {
    let long = format!("{}é[x](y.md) {}\nnext\n", "word ".repeat(40_000), "tail ".repeat(40_000));
    for source in [
        "",
        "\n",
        "\u{feff}",
        "\u{feff}# T\n",
        "no newline",
        "a\r\nb\r\n\r\n",
        "\t\ttabs\tin\tbetween\n",
        "käse 👩‍🚀 \u{1b}[31m 日本語\n",
        "one\n\n\n\n\n\n\n\n\n\nten\n",
        "\r",
        long.as_str(),
    ] {
        let mut files = Files::default();
        let file = files.add("ä b,c.md", source);
        let boundaries: Vec<usize> = (0..=source.len()).filter(|at| source.is_char_boundary(*at)).collect();
        let some: Vec<usize> = if boundaries.len() < 100 {
            boundaries
        } else {
            vec![0, 1, 200_000, 200_002, source.len() - 6, source.len() - 1, source.len()]
        };
        for (index, start) in some.iter().enumerate() {
            for end in &some[index..] {
                let span = Span::new(file, *start..*end);
                let finding =
                    broken("m").at(span).note(Span::new(file, 0..0), "n").help("h").fix(span, "new\ntext");
                let shown = plain(std::slice::from_ref(&finding), &files);
                assert!(shown.contains("error[broken-link]: m"), "{source:.20?} {span:?}\n{shown}");
                assert!(shown.contains("ä b,c.md:"), "{source:.20?} {span:?}\n{shown}");
                assert!(shown.len() < 20_000, "{} bytes are shown", shown.len());
                assert!(!shown.contains('\u{1b}'), "control characters reach the terminal");
                let all = [finding];
                assert!(serde_json::from_str::<Value>(&json(&all, &files, "")).is_ok());
                assert!(serde_json::from_str::<Value>(&sarif(&all, &files, "")).is_ok());
                assert_eq!(github(&all, &files, "").lines().count(), 1);
            }
        }
    }
}

#[test]
fn columns_count_characters_and_not_the_byte_order_mark() {
    let mut files = Files::default();
    let file = files.add("a.md", "\u{feff}日本 x\r\ny\n");
    let finding = broken("m").at(Span::new(file, 10..11));
    assert!(plain(std::slice::from_ref(&finding), &files).contains("a.md:1:4\n"));
    let all: Value = serde_json::from_str(&json(&[finding], &files, "docs/")).expect("it is JSON");
    assert_eq!(all[0]["path"], "docs/a.md");
    assert_eq!(all[0]["start"]["column"], 4);
    assert_eq!(all[0]["start"]["offset"], 10);
}

#[test]
fn findings_come_by_file_and_place_and_once() {
    let mut files = Files::default();
    let b = files.add("b.md", "one two");
    let a = files.add("a.md", "one two");
    let at = |file: FileId, start: usize| broken("m").at(Span::new(file, start..start + 1));
    let all = [at(b, 0), at(a, 4), at(a, 0), at(a, 4), broken("no place")];
    let shown: Value = serde_json::from_str(&json(&all, &files, "")).expect("it is JSON");
    let places: Vec<_> = shown
        .as_array()
        .expect("an array")
        .iter()
        .map(|finding| (finding["path"].as_str(), finding["start"]["offset"].as_u64()))
        .collect();
    assert_eq!(
        places,
        [(None, None), (Some("a.md"), Some(0)), (Some("a.md"), Some(4)), (Some("b.md"), Some(0))]
    );
}

#[test]
fn places_are_the_author_s() {
    let mut files = Files::default();
    let page = files.add("page.md", "ab {{V}} cd");
    files.substituted(
        page,
        vec![
            Piece { start: 0, origin: Span::new(page, 0..3), verbatim: true },
            Piece { start: 3, origin: Span::new(page, 3..8), verbatim: false },
            Piece { start: 13, origin: Span::new(page, 8..11), verbatim: true },
        ],
    );
    let found = broken("m").at(Span::new(page, 5..7)).fix(Span::new(page, 5..7), "x");
    let shown: Value = serde_json::from_str(&json(&[found], &files, "")).expect("it is JSON");
    assert_eq!(
        (shown[0]["start"]["offset"].as_u64(), shown[0]["end"]["offset"].as_u64()),
        (Some(3), Some(8))
    );
    assert!(shown[0].get("fix").is_none(), "a variable's value cannot be repaired in the page");
}

#[test]
fn github_commands_are_escaped() {
    let mut files = Files::default();
    let file = files.add("a,b:c%.md", "text\nmore\n");
    let one = broken("100 % of\nlines").at(Span::new(file, 0..4)).help("fix: it, now");
    let two = broken("two lines").at(Span::new(file, 0..9));
    assert_eq!(
        github(&[one, two], &files, ""),
        "::error file=a%2Cb%3Ac%25.md,line=1,endLine=1,col=1,endColumn=5,title=broken-link\
         ::100 %25 of%0Alines%0Ahelp: fix: it, now\n\
         ::error file=a%2Cb%3Ac%25.md,line=1,endLine=2,title=broken-link::two lines\n"
    );
}

#[test]
fn sarif_names_rules_regions_and_fixes() {
    let mut files = Files::default();
    let file = files.add("a b.md", "see [x](y.md)\n");
    let finding = broken("no page").at(Span::new(file, 8..12)).fix(Span::new(file, 8..12), "z.md");
    let log: Value = serde_json::from_str(&sarif(&[finding], &files, "")).expect("it is JSON");
    let run = &log["runs"][0];
    assert_eq!(run["tool"]["driver"]["rules"][0]["id"], "broken-link");
    let result = &run["results"][0];
    assert_eq!(result["ruleIndex"], 0);
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "a%20b.md");
    assert_eq!(place["region"]["startColumn"], 9);
    let change = &result["fixes"][0]["artifactChanges"][0];
    assert_eq!(change["artifactLocation"]["uri"], "a%20b.md");
    assert_eq!(change["replacements"][0]["insertedContent"]["text"], "z.md");
    assert_eq!(change["replacements"][0]["deletedRegion"]["endColumn"], 13);
}

#[test]
fn five_thousand_findings_are_quick() {
    let mut files = Files::default();
    let source = "See [the guide](giude.md) and the rest of the page.\n".repeat(5_000);
    let file = files.add("a.md", source.as_str());
    let all: Vec<Diagnostic> = (0..5_000)
        .map(|line| {
            let span = Span::new(file, line * 52 + 16..line * 52 + 24);
            broken("no page at `giude.md`").at(span).help("write `guide.md`").fix(span, "guide.md")
        })
        .collect();
    let start = std::time::Instant::now();
    assert!(plain(&all, &files).contains("a.md:5000:17"));
    assert_eq!(github(&all, &files, "").lines().count(), 5_000);
    // About 2 s unoptimised; the bound only says that it does not grow with findings times lines.
    assert!(start.elapsed().as_secs() < 30, "{:?}", start.elapsed());
}

#[test]
fn counts_are_said_in_words() {
    assert_eq!(summary(&[]), None);
    let advice = || Diagnostic::new(&rules::MISSING_DESCRIPTION, "m");
    assert_eq!(
        summary(&[broken("a"), broken("b"), advice(), advice()]).as_deref(),
        Some("2 errors, 2 pieces of advice")
    );
}

#[test]
fn advice_does_not_flood() {
    let mut files = Files::default();
    let (a, b) = (files.add("a.md", "one\n"), files.add("b.md", "two\n"));
    let advice = |file, at: usize| {
        Diagnostic::new(&rules::MISSING_LANGUAGE, "no language").at(Span::new(file, at..at + 1))
    };
    let mut found: Vec<Diagnostic> = (0..3).map(|at| advice(a, at)).collect();
    let all = |found: &[Diagnostic]| brief(found, &files, "docs/", Style::Plain);
    assert_eq!(all(&found), text(&found, &files, "docs/", Style::Plain));
    found.push(advice(b, 0));
    found.extend((0..9).map(|_| broken("gone").at(Span::new(a, 0..3))));
    let said = all(&found);
    assert_eq!(said.matches("advice[missing-language]: no language").count(), 3, "{said}");
    assert!(said.contains("\nadvice[missing-language]: 1 more in docs/b.md\n"), "{said}");
    assert!(
        said.contains("`waypost check --all` shows every piece of advice\n\n9 errors, 4 pieces of advice\n"),
        "{said}"
    );
    found.extend([advice(b, 1), advice(a, 3)]);
    assert!(all(&found).contains("3 more in 2 files, the most in docs/b.md (2)"), "{}", all(&found));
    assert!(all(&[]).is_empty());
}
