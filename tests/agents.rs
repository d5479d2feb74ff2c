//! What search engines and agents read by rule: indexes, by the parser of llmstxt.org, and structured data.

#![expect(clippy::disallowed_methods, reason = "tests stand outside of the program, in the world")]

mod support;

use std::process::Command;

use serde_json::Value;

/// Parses every llms.txt below a folder with the parser of llmstxt.org and writes what it found as a file again: nothing may
/// be missing and nothing else be there.
const PARSE: &str = "
import pathlib, sys
from llms_txt import parse_llms_file
count = 0
for path in sorted(pathlib.Path(sys.argv[1]).rglob('llms*.txt')):
    if path.name == 'llms-full.txt':
        continue
    text = path.read_text(encoding='utf-8')
    found = parse_llms_file(text)
    made = f'# {found.title}\\n\\n> {found.summary}\\n\\n{found.info.strip()}\\n'
    assert found.info.strip(), f'{path}: no details'
    for name, links in found.sections.items():
        made += f'\\n## {name}\\n\\n'
        for link in links:
            made += f'- [{link.title}]({link.url})' + (f': {link.desc}' if link.desc else '') + '\\n'
    assert made == text, f'{path}:\\n{text}\\n--- is read as ---\\n{made}'
    count += 1
print(count)
";

fn parsed(folder: &std::path::Path) -> usize {
    let output =
        Command::new(support::python()).args(["-c", PARSE]).arg(folder).output().expect("Python runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().parse().expect("a number")
}

#[test]
fn the_reference_parser_reads_every_index_without_loss() {
    let folder = support::shipped();
    let files = parsed(&support::build(&folder.path().join("site")));
    assert!(files > 100, "{files} files");

    // A site whose root lists indexes, with titles that mean something in Markdown.
    let folder = tempfile::tempdir().expect("a temporary folder");
    let root = folder.path();
    let book = "[book]\ntitle = \"Many: [all] of `them`\"\nsrc = \"src\"\n[site]\norigin = \"https://docs.example.com\"\n";
    std::fs::write(root.join("book.toml"), book).expect("written");
    for number in 0..300 {
        let section = root.join(format!("src/part {}/deep", number % 7));
        std::fs::create_dir_all(&section).expect("made");
        let signs = ["[x]", "(y)", "a: b", "<T>", "*z*", "\u{8fde}\u{63a5}"][number % 6];
        let text = format!(
            "---\ntitle: \"Page {number} {signs}\"\ndescription: \"Says {number}: [{signs}](x) and so on\"\n---\n\n\
             ## One `[{signs}]`\n\nText.\n\n## Two: {number}\n\nText.\n"
        );
        std::fs::write(section.join(format!("p{number}.md")), text).expect("written");
    }
    let files = parsed(&support::build(root));
    assert!(files > 300, "{files} files");
}

/// What search engines read.
#[test]
fn pages_hold_json_ld_that_ends_where_it_should() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let root = folder.path();
    std::fs::create_dir_all(root.join("src/net")).expect("made");
    let book = "[book]\ntitle = \"A </script> site\"\nsrc = \"src\"\n[site]\norigin = \"https://docs.example.com\"\n";
    let page = "---\ntitle: \"VPN </script><b>\"\ndescription: A tunnel.\nlast_update: {date: 2026-01-02}\n---\n\nText.\n";
    for (path, text) in [
        ("book.toml", book),
        ("src/index.md", "---\ntitle: Home\ndescription: Begin.\n---\n\nText.\n"),
        ("src/net/vpn.md", page),
        ("src/net/hidden.md", "---\ntitle: Hidden\ndescription: Not shown.\nnoindex: true\n---\n\nText.\n"),
    ] {
        std::fs::write(root.join(path), text).expect("written");
    }
    let out = support::build(root);
    let data = |path: &str| {
        let html = std::fs::read_to_string(out.join(path)).expect("read");
        let found =
            html.split_once("<script type=\"application/ld+json\">").map(|(_, rest)| rest.to_owned())?;
        let (json, _) = found.split_once("</script>").expect("it ends");
        let value: Value = serde_json::from_str(json).unwrap_or_else(|error| panic!("{error}: {json}"));
        assert_eq!(value["@context"], "https://schema.org");
        Some(value["@graph"].clone())
    };
    let home = data("index.html").expect("the home page has it");
    assert_eq!(home[0]["@type"], "WebSite");
    assert_eq!(home[0]["name"], "A </script> site");
    assert_eq!(home[0]["url"], "https://docs.example.com/");
    let page = data("net/vpn/index.html").expect("the page has it");
    assert_eq!(page[0]["@type"], "TechArticle");
    assert_eq!(page[0]["headline"], "VPN </script><b>");
    assert_eq!(page[0]["description"], "A tunnel.");
    assert_eq!(page[0]["dateModified"], "2026-01-02");
    assert_eq!(page[0]["url"], "https://docs.example.com/net/vpn/");
    assert_eq!(page[0]["encoding"]["contentUrl"], "https://docs.example.com/net/vpn.md");
    assert_eq!(page[1]["@type"], "BreadcrumbList");
    let last = page[1]["itemListElement"].as_array().and_then(|items| items.last()).expect("steps");
    assert_eq!(last["item"], "https://docs.example.com/net/vpn/");
    assert_eq!(data("net/hidden/index.html"), None);
    assert_eq!(data("404.html"), None);
}
