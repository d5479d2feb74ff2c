//! A call of a tool in, its answer out, from a built site. An error here is read by the model that called: it says what
//! to do.

use std::collections::BTreeMap;

use anyhow::Context;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::folder::{Folder, decode, line};
use super::page::{Page, Section, cut};
use crate::search::read::{Options, Reader, encode_anchor};

/// The characters that `fetch` gives where nothing else is asked for, and the bounds of what may be.
const CHARACTERS: u32 = 20_000;
const LEAST: u32 = 500;
const MOST: u32 = 100_000;
/// The most headings that metadata list.
const OUTLINE: usize = 80;
/// The most entries that `list` gives at a time.
const ENTRIES: u32 = 100;

/// What the files of procedures end with.
const PROCEDURE: &str = ".procedure.json";

#[derive(Debug, Deserialize)]
struct Search {
    query: String,
    limit: Option<u32>,
    section: Option<String>,
    #[serde(default)]
    facets: BTreeMap<String, String>,
}

#[derive(Debug, Deserialize)]
struct Fetch {
    id: String,
    max_characters: Option<u32>,
}

#[derive(Debug, Deserialize)]
struct List {
    #[serde(default)]
    path: String,
    cursor: Option<String>,
}

#[derive(Debug, Serialize)]
struct Found {
    id: String,
    title: String,
    url: String,
    text: String,
}

/// A tool as clients are told of it: name, title, description, schema of its input, schema of its output.
pub(super) type Described = (&'static str, &'static str, String, Value, Value);

/// The tools of a site.
pub(super) fn described(folder: &Folder, reader: Option<&Reader>) -> Vec<Described> {
    let title = &folder.title;
    let text = json!({ "type": "string" });
    let mut properties = json!({
        "query": { "type": "string", "maxLength": 300, "description": "Words to find, in the language of the documentation. Exact names work: `--role-definition`, `book.toml`, `Microsoft.Network/virtualHubs`." },
        "limit": { "type": "integer", "minimum": 1, "maximum": 10, "default": 10, "description": "How many results." },
    });
    if let Some(reader) = reader {
        if !reader.sections().is_empty() {
            properties["section"] = json!({ "type": "string", "enum": reader.sections(), "description": "Stay in this part of the documentation." });
        }
        let facets: Map<String, Value> = reader
            .facets()
            .map(|(name, values)| (name.to_owned(), json!({ "type": "string", "enum": values })))
            .collect();
        if !facets.is_empty() {
            properties["facets"] = json!({ "type": "object", "properties": facets, "additionalProperties": false, "description": "Only pages with these values." });
        }
    }
    let entry = json!({ "type": "object", "properties": { "id": text, "kind": { "type": "string", "enum": ["page", "section", "heading"] }, "title": text, "url": text, "description": text, "group": text }, "required": ["id", "kind", "title", "url"] });
    let mut tools = vec![
        (
            "fetch",
            "Fetch a page or a section",
            format!(
                "Read a page of the documentation of {title} as Markdown, or one section of it. `id` comes from `search` or `list`: a page (`guides/install`), a section of it (`guides/install#linux`) or an address of the site. Long pages come in pieces: `metadata.next`, where it is there, is the id of the next piece; `metadata.sections` lists the sections, so that one can be fetched alone; `metadata.procedure`, where it is there, is the id of the steps of the page as JSON, to follow them."
            ),
            json!({ "type": "object", "properties": {
                "id": { "type": "string", "maxLength": 2000, "description": "What to read, for example `guides/install` or `guides/install#linux`. The home page is `index`." },
                "max_characters": { "type": "integer", "minimum": LEAST, "maximum": MOST, "default": CHARACTERS, "description": "The most characters of text to get at once." },
            }, "required": ["id"] }),
            json!({ "type": "object", "properties": { "id": text, "title": text, "text": text, "url": text, "metadata": { "type": "object" } }, "required": ["id", "title", "text", "url", "metadata"] }),
        ),
        (
            "list",
            "List pages and sections",
            format!(
                "See what the documentation of {title} holds, one level at a time. Without `path`, the top; with the id of an entry of kind `section`, what is in it; with the id of a page, its headings. Use it to get an overview, or when `search` finds nothing."
            ),
            json!({ "type": "object", "properties": {
                "path": { "type": "string", "maxLength": 2000, "default": "", "description": "The id of a section or page, for example `guides`. Empty for the top." },
                "cursor": { "type": "string", "description": "`next` of the answer before, to go on." },
            } }),
            json!({ "type": "object", "properties": { "path": text, "title": text, "description": text, "entries": { "type": "array", "items": entry }, "next": text }, "required": ["path", "title", "entries"] }),
        ),
    ];
    if reader.is_some() {
        let search = (
            "search",
            "Search the documentation",
            format!(
                "Find where the documentation of {title} answers something. Start here. Each result has an `id` for `fetch` that leads to the very section, its title, its address and the words around what was found. Slips and other forms of a word are found too; a few telling words work better than a question."
            ),
            json!({ "type": "object", "properties": properties, "required": ["query"] }),
            json!({ "type": "object", "properties": { "results": { "type": "array", "items": { "type": "object", "properties": { "id": text, "title": text, "url": text, "text": text }, "required": ["id", "title", "url"] } } }, "required": ["results"] }),
        );
        tools.insert(0, search);
    }
    tools
}

/// Answers a call; nothing where there is no such tool.
pub(super) fn call(
    folder: &Folder,
    reader: Option<&Reader>,
    name: &str,
    arguments: Map<String, Value>,
) -> Option<anyhow::Result<Value>> {
    let arguments = Value::Object(arguments);
    let wrong = "the arguments do not fit the schema of the tool";
    Some(match (name, reader) {
        ("search", Some(reader)) => {
            serde_json::from_value(arguments).context(wrong).and_then(|asked| search(folder, reader, asked))
        }
        ("fetch", _) => {
            serde_json::from_value(arguments).context(wrong).and_then(|asked| fetch(folder, &asked))
        }
        ("list", _) => {
            serde_json::from_value(arguments).context(wrong).and_then(|asked| list(folder, &asked))
        }
        _ => return None,
    })
}

fn bounded(value: Option<u32>, least: u32, most: u32, usual: u32, name: &str) -> anyhow::Result<usize> {
    let value = value.unwrap_or(usual);
    anyhow::ensure!((least..=most).contains(&value), "`{name}` is {value}: give {least} to {most}");
    Ok(value as usize)
}

fn search(folder: &Folder, reader: &Reader, asked: Search) -> anyhow::Result<Value> {
    let limit = bounded(asked.limit, 1, 10, 10, "limit")?;
    anyhow::ensure!(!asked.query.trim().is_empty(), "`query` is empty: give some words, or call `list`");
    if let Some(section) = asked.section.as_ref().filter(|section| !reader.sections().contains(section)) {
        anyhow::bail!(
            "there is no section `{section}`: the sections are `{}`",
            reader.sections().join("`, `")
        );
    }
    for (name, value) in &asked.facets {
        let known = reader.facets().find(|(known, _)| known == name);
        let (_, values) = known.with_context(|| format!("there is no facet `{name}`: leave it out"))?;
        let all = values.join("`, `");
        anyhow::ensure!(
            values.contains(&&**value),
            "`{value}` is no value of `{name}`: the values are `{all}`"
        );
    }
    let load = |path: &str| folder.bytes(path);
    let options = Options { section: asked.section, facets: asked.facets, limit };
    let answer = reader.query(&load, &asked.query, &options)?;
    let found = answer.results.iter().map(|one| {
        let page = folder.id(&one.address);
        let heading = if one.heading.is_empty() { String::new() } else { format!(" > {}", one.heading) };
        let anchor =
            if one.anchor.is_empty() { String::new() } else { format!("#{}", encode_anchor(&one.anchor)) };
        Found {
            id: format!("{page}{anchor}"),
            title: format!("{}{heading}", one.title),
            url: format!("{}{}", folder.url, one.url()),
            text: one.excerpt.clone(),
        }
    });
    Ok(json!({ "results": found.collect::<Vec<_>>() }))
}

/// What an id means: the page's path without its ending, the anchor, and the character to begin at.
#[derive(Debug, PartialEq, Eq)]
struct Wanted {
    /// As it stands in addresses.
    id: String,
    route: String,
    anchor: String,
    from: usize,
}

fn wanted(folder: &Folder, id: &str) -> anyhow::Result<Wanted> {
    let id = id.trim();
    let inside = match id.strip_prefix(&folder.url).filter(|_| !folder.url.is_empty()) {
        Some(inside) => inside,
        None if id.contains("://") => {
            anyhow::bail!(
                "`{id}` is not of this site, whose addresses begin with {}: call `search`",
                folder.url
            )
        }
        None => id,
    };
    let (rest, anchor) = inside.split_once('#').unwrap_or((inside, ""));
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    let from = query.split('&').find_map(|part| part.strip_prefix("from="));
    let from = from.map_or(Ok(0), str::parse).context("`from` of an id is a number that `fetch` gave")?;
    let mut path = path.trim_matches('/');
    for ending in ["/llms.txt", "llms.txt", ".md", ".html", "/index"] {
        path = path.strip_suffix(ending).unwrap_or(path);
    }
    let path = if path.is_empty() { "index" } else { path };
    Ok(Wanted { id: path.to_owned(), route: decode(path), anchor: decode(anchor), from })
}

/// The Markdown file of a page.
fn page_file(folder: &Folder, wanted: &Wanted) -> anyhow::Result<String> {
    let path = format!("{}.md", wanted.route);
    if folder.file(&path).is_some() {
        let file = folder.text(&path)?;
        if Page::parse(&file).is_some() {
            return Ok(file);
        }
    }
    let near = folder.nearest(&wanted.route)?;
    anyhow::bail!(
        "there is no page `{}`: did you mean `{}`? `search` and `list` give ids",
        wanted.id,
        near.join("`, `")
    )
}

fn fetch(folder: &Folder, asked: &Fetch) -> anyhow::Result<Value> {
    let most = bounded(asked.max_characters, LEAST, MOST, CHARACTERS, "max_characters")?;
    let wanted = wanted(folder, &asked.id)?;
    if is_procedure(folder, &wanted.route) {
        return procedure(folder, &wanted, most);
    }
    let file = page_file(folder, &wanted)?;
    let page = Page::parse(&file).context("it is a page")?;
    let sections = page.sections();
    let mut title = page.get("title").unwrap_or_default();
    let mut url = page.get("canonical_url").unwrap_or_default();
    let mut id = wanted.id.clone();
    let mut whole = page.body;
    if !wanted.anchor.is_empty() {
        let section = find(&sections, &wanted)?;
        whole = &page.body[section.start..section.end];
        title = format!("{title} > {}", section.title);
        let anchor = encode_anchor(&section.anchor);
        url = format!("{url}#{anchor}");
        id = format!("{id}#{anchor}");
    }
    let characters = whole.chars().count();
    anyhow::ensure!(
        wanted.from == 0 || wanted.from < characters,
        "`{id}` has {characters} characters: there is nothing from {} on",
        wanted.from
    );
    let (text, next) = cut(whole, wanted.from, most);
    let mut metadata = Map::new();
    for key in ["description", "last_updated"] {
        if let Some(value) = page.get(key) {
            metadata.insert(key.to_owned(), value.into());
        }
    }
    metadata.insert("characters".to_owned(), characters.into());
    if is_procedure(folder, &format!("{}{PROCEDURE}", wanted.route)) {
        metadata.insert("procedure".to_owned(), format!("{}{PROCEDURE}", wanted.id).into());
    }
    if let Some(next) = next {
        let anchor = id.split_once('#').map_or_else(String::new, |(_, anchor)| format!("#{anchor}"));
        metadata.insert("next".to_owned(), format!("{}?from={next}{anchor}", wanted.id).into());
        metadata.insert("remaining_characters".to_owned(), (characters - next).into());
    }
    metadata.insert("sections".to_owned(), outline(&wanted, &sections, page.body));
    Ok(json!({ "id": id, "title": title, "text": text, "url": url, "metadata": metadata }))
}

fn is_procedure(folder: &Folder, path: &str) -> bool {
    path.ends_with(PROCEDURE) && folder.file(path).is_some()
}

/// The steps of a page as data.
fn procedure(folder: &Folder, wanted: &Wanted, most: usize) -> anyhow::Result<Value> {
    anyhow::ensure!(
        wanted.anchor.is_empty(),
        "`{}` has no sections: fetch it without `#{}`",
        wanted.id,
        wanted.anchor
    );
    let file = folder.text(&wanted.route)?;
    let title = serde_json::from_str::<Value>(&file).context("reading a procedure: build the site anew")?;
    let title = format!("{} > steps", title["title"].as_str().unwrap_or_default());
    let characters = file.chars().count();
    anyhow::ensure!(
        wanted.from < characters,
        "`{}` has {characters} characters: there is nothing from {} on",
        wanted.id,
        wanted.from
    );
    let (text, next) = cut(&file, wanted.from, most);
    let page = wanted.id.strip_suffix(PROCEDURE).unwrap_or(&wanted.id);
    let mut metadata = json!({ "page": page, "characters": characters });
    if let Some(next) = next {
        metadata["next"] = format!("{}?from={next}", wanted.id).into();
        metadata["remaining_characters"] = (characters - next).into();
    }
    let url = format!("{}{}", folder.url, wanted.id);
    Ok(json!({ "id": wanted.id, "title": title, "text": text, "url": url, "metadata": metadata }))
}

fn find<'a>(sections: &'a [Section], wanted: &Wanted) -> anyhow::Result<&'a Section> {
    let anchor = &wanted.anchor;
    let exact = sections.iter().find(|section| section.anchor == *anchor);
    exact.with_context(|| {
        let all: Vec<&str> =
            sections.iter().filter(|one| one.level < 7).map(|one| &*one.anchor).take(40).collect();
        format!(
            "`{}` has no section `{anchor}`: fetch the page, or one of `#{}`",
            wanted.id,
            all.join("`, `#")
        )
    })
}

/// The sections of a page, the higher ones first where they are too many, in their order.
fn outline(wanted: &Wanted, sections: &[Section], body: &str) -> Value {
    let headings = || sections.iter().filter(|section| (2..=6).contains(&section.level));
    let deepest = (2..=6).rev().find(|level| headings().filter(|one| one.level <= *level).count() <= OUTLINE);
    let shown = headings().filter(|section| section.level <= deepest.unwrap_or(2)).take(OUTLINE);
    let shown = shown.map(|section| {
        let anchor = encode_anchor(&section.anchor);
        let characters = body[section.start..section.end].chars().count();
        json!({ "id": format!("{}#{anchor}", wanted.id), "title": section.title, "characters": characters })
    });
    shown.collect()
}

fn list(folder: &Folder, asked: &List) -> anyhow::Result<Value> {
    let wanted = wanted(folder, &asked.path)?;
    let from: usize =
        asked.cursor.as_deref().map_or(Ok(0), str::parse).context("`cursor` is `next` of an answer")?;
    let path = match wanted.route.as_str() {
        "index" => "llms.txt".to_owned(),
        part if is_part(part) => part.to_owned(),
        route => format!("{route}/llms.txt"),
    };
    if folder.file(&path).is_none() {
        let near = folder.nearest(&wanted.route)?;
        anyhow::bail!(
            "there is nothing at `{}`: did you mean `{}`? Without `path`, the top is listed",
            wanted.id,
            near.join("`, `")
        );
    }
    let index = folder.text(&path)?;
    let (mut title, mut description, mut group) = ("", "", "");
    let mut entries = Vec::new();
    for text in index.lines() {
        if let Some(name) = text.strip_prefix("## ") {
            group = name;
        } else if let Some(name) = text.strip_prefix("# ") {
            title = name;
        } else if let Some(quoted) = text.strip_prefix("> ") {
            description = quoted;
        } else if let Some(line) = line(text).filter(|line| {
            group != "Up" && line.url.starts_with(&folder.url) && !line.url.ends_with(PROCEDURE)
        }) {
            let section = line.url.strip_suffix("/llms.txt");
            let kind = match section {
                Some(_) => "section",
                None if is_part(&line.url) => "section",
                None if line.url.contains('#') => "heading",
                None => "page",
            };
            let id = folder.id(section.unwrap_or(&line.url));
            entries.push(json!({ "id": id, "kind": kind, "title": line.title, "url": line.url, "description": line.description, "group": group }));
        }
    }
    let shown: Vec<Value> = entries.iter().skip(from).take(ENTRIES as usize).cloned().collect();
    let id = if wanted.route == "index" { "" } else { &*wanted.id };
    let mut answer = json!({ "path": id, "title": title, "description": description, "entries": shown });
    if from.saturating_add(shown.len()) < entries.len() {
        answer["next"] = (from + shown.len()).to_string().into();
    }
    Ok(answer)
}

/// Whether it is a part of an index that split itself: `a/llms-1.txt`, `llms-index-1.txt`.
fn is_part(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.starts_with("llms-") && name.ends_with(".txt") && name != "llms-full.txt"
}

/// A resource by its path below the site: the Markdown of a page, its steps, or an index.
pub(super) fn resource(folder: &Folder, path: &str) -> anyhow::Result<(String, &'static str)> {
    let path = decode(path);
    if (path == "llms.txt" || path.ends_with("/llms.txt")) && folder.file(&path).is_some() {
        return Ok((folder.text(&path)?, "text/plain"));
    }
    if is_procedure(folder, &path) {
        return Ok((folder.text(&path)?, "application/json"));
    }
    let file = page_file(folder, &wanted(folder, &path)?)?;
    let (shown, next) = cut(&file, 0, MOST as usize);
    let more = next.map_or("", |_| "\n\n(The page goes on: the tool `fetch` gives it in pieces.)\n");
    Ok((format!("{shown}{more}"), "text/markdown"))
}
