//! What a theme's authors and translators rely on: everything that they can set is documented, and every word of the
//! interface comes from one table.

#![expect(clippy::disallowed_methods, reason = "tests stand outside of the program, in the world")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Texts in templates that are names, not words.
const NAMES: &[&str] = &["llms.txt"];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The files below a folder, with their paths from it.
fn files(folder: &Path) -> Vec<(String, String)> {
    let entries = walkdir::WalkDir::new(folder).sort_by_file_name().into_iter().filter_map(Result::ok);
    entries
        .filter(|entry| entry.file_type().is_file())
        .filter_map(|entry| {
            let path = entry.path().strip_prefix(folder).expect("it is below").to_string_lossy().into_owned();
            Some((path, std::fs::read_to_string(entry.path()).ok()?))
        })
        .collect()
}

fn theme(folder: &str) -> Vec<(String, String)> {
    files(&root().join("themes/default").join(folder))
}

fn words(file: &str) -> BTreeMap<String, String> {
    let text = std::fs::read_to_string(root().join("themes/default").join(file)).expect("it exists");
    toml::from_str(&text).expect("keys and words")
}

/// What follows each `before` in `text`, as far as it is a name.
fn names_after<'a>(text: &'a str, before: &'a str) -> impl Iterator<Item = &'a str> {
    text.split(before).skip(1).map(|rest| {
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '-');
        &rest[..end.unwrap_or(rest.len())]
    })
}

/// `text` without what stands between `open` and `close`.
fn without(text: &str, open: &str, close: &str) -> String {
    let mut kept = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(open) {
        kept.push_str(before);
        rest = after.split_once(close).map_or("", |(_, rest)| rest);
    }
    kept + rest
}

/// A template without what Tera takes out of it.
fn literal(template: &str) -> String {
    let mut text = without(template, "{#", "#}");
    // Class names.
    text = without(&text, "{%- block class %}", "{% endblock class %}");
    for (open, close) in
        [("{%", "%}"), ("{{", "}}"), ("<kbd", "</kbd>"), ("<script", "</script>"), ("<style", "</style>")]
    {
        text = without(&text, open, close);
    }
    text
}

fn has_words(text: &str) -> bool {
    text.split(|c: char| !c.is_alphabetic()).any(|word| word.chars().count() > 1)
}

#[test]
fn what_a_theme_can_set_and_see_is_documented() {
    let page = std::fs::read_to_string(root().join("content/waypost/themes.md")).expect("it exists");
    let is_there = |name: &str| page.contains(&format!("`{name}`"));
    let mut missing = Vec::new();

    let tokens = std::fs::read_to_string(root().join("themes/default/assets/theme.css/10-tokens.css"));
    let tokens = tokens.expect("it exists");
    let mut count = 0;
    for rest in without(&tokens, "/*", "*/").split("--").skip(1) {
        let Some((name, _)) = rest.split_once(':').filter(|(name, _)| !name.contains([')', ' ', ';'])) else {
            continue;
        };
        count += 1;
        if !is_there(name) {
            missing.push(format!("the token {name}"));
        }
    }
    assert!(count > 40, "{count} tokens were found");

    let templates = theme("templates");
    for (name, text) in &templates {
        if !is_there(name) {
            missing.push(format!("the template {name}"));
        }
        let blocks = ["{% block ", "{%- block "].into_iter().flat_map(|before| names_after(text, before));
        missing.extend(
            blocks.filter(|block| !is_there(block)).map(|block| format!("the block {block} of {name}")),
        );
    }
    assert!(templates.len() > 12, "{} templates were found", templates.len());

    let views = std::fs::read_to_string(root().join("src/render/mod.rs")).expect("it exists");
    let mut structs = BTreeSet::new();
    for (name, rest) in views.split("\npub struct ").skip(1).filter_map(|rest| rest.split_once(" {\n")) {
        if !name.ends_with("View") && name != "TocItem" {
            continue;
        }
        structs.insert(name);
        let body = rest.split("\n}").next().unwrap_or_default();
        for field in body.lines().filter_map(|line| line.trim().strip_prefix("pub ")?.split(':').next()) {
            let written = if name == "SiteView" { format!("site.{field}") } else { field.to_owned() };
            if !is_there(&written) {
                missing.push(format!("{written} of {name}"));
            }
        }
    }
    assert!(structs.contains("PageView") && structs.contains("SiteView"), "{structs:?}");
    assert!(missing.is_empty(), "content/waypost/themes.md does not name {missing:#?}");
    let contract = format!("contract = {}", waypost::theme::CONTRACT);
    assert!(page.contains(&contract), "content/waypost/themes.md shows `{contract}`");
}

#[test]
fn no_word_of_the_interface_stands_in_a_template_or_a_script() {
    let mut found = Vec::new();
    let templates = theme("templates").into_iter().chain(theme("components"));
    for (path, text) in templates {
        let text = literal(&text);
        for attribute in ["aria-label", "aria-description", "title", "placeholder", "alt", "content"] {
            for value in
                text.split(&format!(" {attribute}=\"")).skip(1).filter_map(|rest| rest.split('"').next())
            {
                // `content` of `meta` is words only where it is a sentence.
                let is_name = attribute == "content" && (value.contains('=') || !value.contains(' '));
                if has_words(value) && !is_name {
                    found.push(format!("{path}: {attribute}=\"{value}\""));
                }
            }
        }
        let between = without(&without(&text, "](", ")"), "<", ">");
        let lines = between.lines().map(str::trim).filter(|line| has_words(line) && !NAMES.contains(line));
        found.extend(lines.map(|line| format!("{path}: {line}")));
    }
    for (path, text) in theme("assets").into_iter().filter(|(path, _)| path.ends_with(".js")) {
        let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
        for line in code {
            for sign in [
                "textContent = \"",
                "innerText = \"",
                "title = \"",
                "placeholder = \"",
                "ariaLabel = \"",
                "\"aria-label\", \"",
                "alert(\"",
            ] {
                let said = line.split(sign).skip(1).filter_map(|rest| rest.split('"').next());
                found.extend(said.filter(|said| has_words(said)).map(|said| format!("{path}: {said}")));
            }
        }
    }
    assert!(found.is_empty(), "take these from words.toml: {found:#?}");
}

#[test]
fn every_word_of_the_table_is_used_and_every_used_one_exists() {
    let table = words("words.toml");
    let mut used = BTreeSet::new();
    for (_, text) in theme("templates").into_iter().chain(theme("components")) {
        for before in ["words.", "words?."] {
            used.extend(names_after(&text, before).filter(|name| *name != "toml").map(str::to_owned));
        }
        // Chosen by a name: `words[switch.name]`.
        if text.contains("words[") {
            used.extend(names_after(&text, "\"name\": \"").map(str::to_owned));
        }
    }
    for (_, text) in files(&root().join("src/render")).into_iter().chain(files(&root().join("src/feed"))) {
        used.extend(names_after(&text, "word(\"").map(str::to_owned));
        // Kept in a variable first: `let word = if done { "task_done" } else { "task_open" }`.
        let quoted = text.split('"').filter(|word| word.contains('_') && table.contains_key(*word));
        used.extend(quoted.map(str::to_owned));
        for prefix in names_after(&text, "word(&format!(\"") {
            used.extend(table.keys().filter(|key| key.starts_with(prefix)).cloned());
        }
    }
    let missing: Vec<&String> = used.iter().filter(|key| !table.contains_key(*key)).collect();
    assert!(missing.is_empty(), "words.toml lacks {missing:?}");
    let unused: Vec<&String> = table.keys().filter(|key| !used.contains(*key)).collect();
    assert!(unused.is_empty(), "nothing says {unused:?}");
}

#[test]
fn translations_are_whole_and_say_the_same() {
    let table = words("words.toml");
    let marks = |word: &str| -> BTreeSet<String> {
        let marks = word.split('{').skip(1).filter_map(|rest| rest.split('}').next());
        marks.map(str::to_owned).collect()
    };
    let mut wrong = Vec::new();
    for language in ["de"] {
        let translated = words(&format!("words.{language}.toml"));
        wrong.extend(
            table
                .keys()
                .filter(|key| !translated.contains_key(*key))
                .map(|key| format!("{language} lacks {key}")),
        );
        for (key, word) in &translated {
            match table.get(key) {
                None => wrong.push(format!("{language} has {key}, which means nothing")),
                Some(english) if marks(english) != marks(word) => {
                    wrong.push(format!("{language}: {key} has other placeholders"));
                }
                Some(_) if word.trim().is_empty() => wrong.push(format!("{language}: {key} is empty")),
                Some(_) => {}
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Builds a site of these files and gives what was written.
fn build(files: &[(&str, &str)]) -> BTreeMap<String, String> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (path, text) in files {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        std::fs::write(path, text).expect("written");
    }
    let report = waypost::build(&waypost::Settings {
        root: folder.path().to_owned(),
        out: None,
        origin: None,
        mode: waypost::Mode::Build,
        progress: None,
    })
    .expect("the machine works");
    assert!(report.summary.is_some(), "{:?}", report.diagnostics);
    self::files(&folder.path().join("book")).into_iter().collect()
}

#[test]
fn what_a_site_puts_into_the_head_comes_last_and_its_files_after_the_themes() {
    let written = build(&[
        (
            "book.toml",
            "[output.html]\nsite-url = \"/docs/\"\nadditional-css = [\"b.css\", \"a.css\"]\nadditional-js = [\"own.js\"]\nhead = ['<meta name=\"proof\" content=\"1\">', '<script>a < b</script>']\n",
        ),
        ("a.css", "a { color: red }"),
        ("b.css", "a { color: blue }"),
        ("own.js", "own()"),
        ("src/a.md", "---\ntitle: A\n---\n\nText with <meta name=\"b\" content=\"c\"> in it.\n"),
    ]);
    let html = &written["a/index.html"];
    let (head, body) = html.split_once("</head>").expect("a head");
    let order =
        ["/docs/assets/theme.", "/docs/files/b.css?v=", "/docs/files/a.css?v=", "/docs/files/own.js?v="];
    let places: Vec<usize> =
        order.iter().map(|piece| head.find(piece).unwrap_or_else(|| panic!("{piece} in {head}"))).collect();
    assert!(places.is_sorted(), "{places:?}");
    assert!(head.ends_with("<meta name=\"proof\" content=\"1\">\n<script>a < b</script>\n"), "{head}");
    assert!(!head.contains("name=\"b\"") && body.contains("name=\"b\""), "a page does not reach the head");
    assert!(written["404.html"].contains("name=\"proof\""));
}

#[test]
fn the_pages_of_tags_are_for_readers_alone() {
    let written = build(&[
        ("book.toml", ""),
        ("src/a.md", "---\ntitle: A\ntags: [Private Link, \" \"]\n---\n\nText.\n"),
        ("src/b.md", "---\ntitle: B\n---\n\nText.\n"),
    ]);
    let page = &written["a/index.html"];
    assert!(
        page.contains("<li><a href=\"/tags/private-link/\" rel=\"tag\">Private Link</a></li></ul>"),
        "{page}"
    );
    assert!(!written["b/index.html"].contains("class=\"tags\""));
    for tag in ["tags/index.html", "tags/private-link/index.html"] {
        assert!(written[tag].contains("<meta name=\"robots\" content=\"noindex\">"), "{tag}");
        assert!(!written[tag].contains("text/markdown"), "{tag} has no Markdown");
    }
    for (path, text) in &written {
        let of_readers = path.ends_with(".html");
        assert!(of_readers || !text.contains("/tags/") && !path.contains("tags/"), "{path} speaks of tags");
    }
}

/// Blocks that are empty in the built-in theme are where a theme hangs in its own, on every kind of page.
#[test]
fn every_empty_block_is_shown_where_it_says() {
    let own = |template: &str, blocks: &[&str]| {
        let mut text = format!("{{% extends \"default/{template}\" %}}");
        for block in blocks {
            text.push_str(&format!("{{% block {block} %}}[{block}]{{% endblock %}}"));
        }
        text
    };
    let base = own("base.html", &["head_end", "body_start", "body_end"]);
    let page = own("page.html", &["before_article", "after_article"]);
    let header = own("header.html", &["header_start", "header_end"]);
    let footer = own("footer.html", &["footer_start"]);
    let written = build(&[
        ("book.toml", "[theme]\nname = \"own\"\n"),
        ("themes/own/templates/base.html", &base),
        ("themes/own/templates/page.html", &page),
        ("themes/own/templates/header.html", &header),
        ("themes/own/templates/footer.html", &footer),
        ("src/index.md", "---\ntitle: Home\nlayout: home\nhero: {}\n---\n\nText.\n"),
        ("src/a.md", "---\ntitle: A\ntags: [one]\n---\n\n# A\n\nText.\n"),
    ]);
    let all = [
        "head_end",
        "body_start",
        "before_article",
        "after_article",
        "header_start",
        "header_end",
        "footer_start",
        "body_end",
    ];
    let places: Vec<Option<usize>> =
        all.iter().map(|block| written["a/index.html"].find(&format!("[{block}]"))).collect();
    assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{places:?}");
    for path in ["index.html", "404.html", "tags/index.html", "tags/one/index.html"] {
        for block in all.iter().filter(|block| !block.ends_with("_article")) {
            assert!(written[path].contains(&format!("[{block}]")), "{block} in {path}");
        }
    }
}
