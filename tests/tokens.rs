//! The counts of tokens that pages carry, judged by another's tokenizer: o200k of the npm package `gpt-tokenizer`.

#![expect(clippy::disallowed_methods, reason = "tests stand outside of the program, in the world")]
#![expect(clippy::print_stderr, reason = "the documentation states the figures")]

mod support;

use std::process::Command;

/// Prints path, the header's count and o200k's, for every page below a folder.
const COUNT: &str = "
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import fs from 'node:fs';
for (const entry of fs.readdirSync(process.argv[1], { recursive: true })) {
  if (!entry.endsWith('.md')) continue;
  const text = fs.readFileSync(`${process.argv[1]}/${entry}`, 'utf8');
  const said = /^---\\n(?:.*\\n)*?tokens: (\\d+)\\n---\\n/.exec(text);
  if (said) console.log(`${entry}\\t${said[1]}\\t${countTokens(text)}`);
}";

fn counts(folder: &std::path::Path) -> Vec<(String, f64, f64)> {
    let output = Command::new(support::node())
        .args(["--input-type=module", "-e", COUNT])
        .arg(folder)
        .current_dir(support::tools())
        .output()
        .expect("node runs");
    let text = String::from_utf8(output.stdout).expect("it prints text");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let line = |line: &str| {
        let mut fields = line.split('\t');
        let mut next = || fields.next().expect("three fields");
        (next().to_owned(), next().parse().expect("a number"), next().parse().expect("a number"))
    };
    text.lines().map(line).collect()
}

fn check(folder: &std::path::Path, least: usize) {
    let counts = counts(folder);
    assert!(counts.len() >= least, "{} pages", counts.len());
    for (path, said, real) in &counts {
        let off = (said - real).abs() / real;
        assert!(off <= 0.05, "{path} says {said}, o200k counts {real}");
    }
    let mut all: Vec<f64> = counts.iter().map(|(_, said, real)| (said - real).abs() / real * 100.0).collect();
    all.sort_by(f64::total_cmp);
    eprintln!("{} pages: median {:.1} %, largest {:.1} %", all.len(), all[all.len() / 2], all[all.len() - 1]);
}

#[test]
fn pages_of_the_shipped_site_say_how_long_they_are() {
    let folder = support::shipped();
    check(&support::build(&folder.path().join("site")), 100);
}

/// Languages whose words the tokenizer cuts finer than English ones.
#[test]
fn pages_in_other_scripts_do_too() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let pages = [
        (
            "deutsch",
            "Wie sich Netzwerke verbinden",
            "Private Verbindungen zwischen zwei Netzwerken brauchen eine eindeutige Adresse und die Berechtigung, Rollen zu \
             vergeben. Legen Sie zuerst die Zugriffsrechte fest, danach die Verschl\u{fc}sselung. Schl\u{e4}gt der Befehl fehl, \
             steht der Grund im Protokoll.",
        ),
        (
            "chinese",
            "\u{8fde}\u{63a5}\u{7f51}\u{7edc}",
            "\u{5728}\u{521b}\u{5efa}\u{8fde}\u{63a5}\u{4e4b}\u{524d}\u{ff0c}\u{8bf7}\u{68c0}\u{67e5}\u{6240}\u{9700}\u{7684}\u{6743}\u{9650}\u{3002}\u{9ed8}\u{8ba4}\u{60c5}\u{51b5}\u{4e0b}\u{ff0c}\u{6240}\u{6709}\u{6570}\u{636e}\u{90fd}\u{4f1a}\u{88ab}\u{52a0}\u{5bc6}\u{3002}\u{5982}\u{679c}\u{547d}\u{4ee4}\u{5931}\u{8d25}\u{ff0c}\u{8bf7}\u{67e5}\u{770b}\u{65e5}\u{5fd7}\u{6587}\u{4ef6}\u{3002}",
        ),
        (
            "russian",
            "\u{41f}\u{43e}\u{434}\u{43a}\u{43b}\u{44e}\u{447}\u{435}\u{43d}\u{438}\u{435} \u{441}\u{435}\u{442}\u{438}",
            "\u{41f}\u{435}\u{440}\u{435}\u{434} \u{441}\u{43e}\u{437}\u{434}\u{430}\u{43d}\u{438}\u{435}\u{43c} \u{441}\u{43e}\u{435}\u{434}\u{438}\u{43d}\u{435}\u{43d}\u{438}\u{44f} \u{43f}\u{440}\u{43e}\u{432}\u{435}\u{440}\u{44c}\u{442}\u{435} \u{43d}\u{435}\u{43e}\u{431}\u{445}\u{43e}\u{434}\u{438}\u{43c}\u{44b}\u{435} \u{43f}\u{440}\u{430}\u{432}\u{430} \u{434}\u{43e}\u{441}\u{442}\u{443}\u{43f}\u{430}.",
        ),
    ];
    std::fs::create_dir_all(folder.path().join("src")).expect("made");
    for (name, title, text) in pages {
        let page =
            format!("---\ntitle: {title}\ndescription: {title}.\n---\n\n{text}\n\n## {title}\n\n{text}\n");
        std::fs::write(folder.path().join(format!("src/{name}.md")), page).expect("written");
    }
    let book = "[book]\ntitle = \"T\"\nsrc = \"src\"\n[site]\norigin = \"https://docs.example.com\"\n";
    std::fs::write(folder.path().join("book.toml"), book).expect("written");
    check(&support::build(folder.path()), pages.len());
}

/// The vocabulary in the program is what the script makes of the published one.
#[test]
fn the_vocabulary_can_be_made_again() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let made = folder.path().join("o200k.bin");
    let output = Command::new(support::node())
        .arg("o200k.mjs")
        .arg(&made)
        .current_dir(support::tools())
        .output()
        .expect("node runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let own = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/render/o200k.bin");
    assert!(std::fs::read(made).expect("read") == std::fs::read(own).expect("read"), "they differ");
}
