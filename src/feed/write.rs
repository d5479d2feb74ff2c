//! A lock in, `changes.json` and `changes.atom` out: the latest changes of a site, for programs and for feed readers.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde_json::{Map, Value, json};

use super::{ATOM, Found, JSON, Line, Lock, State};
use crate::config::Config;
use crate::render::address::Addresses;
use crate::site::Site;

/// How many changes the feeds hold.
const ENTRIES: usize = 200;

/// One change.
struct Entry<'a> {
    address: &'a str,
    kind: &'static str,
    day: Date,
    /// The day the page came, where it is still there.
    added: Option<Date>,
    hash: Option<u64>,
    title: &'a str,
    description: &'a str,
    /// Where it stands, or stood.
    url: String,
    markdown: Option<String>,
    /// Where it stood, where it has moved.
    from: Option<String>,
}

/// The feeds, by path in the output folder. `words` are those of the interface.
#[must_use]
pub fn files(
    lock: &Lock,
    found: &Found,
    site: &Site,
    config: &Config,
    words: &BTreeMap<String, String>,
) -> [(&'static str, String); 2] {
    let addresses = Addresses::new(config);
    let entries = entries(lock, found, site, &addresses);
    [
        (JSON, json_feed(&entries, config, &addresses, words)),
        (ATOM, atom(&entries, config, &addresses, words)),
    ]
}

/// The latest changes, the newest first.
fn entries<'a>(lock: &'a Lock, found: &Found, site: &'a Site, addresses: &Addresses) -> Vec<Entry<'a>> {
    let is_shown = |(address, line): &(&String, &Line)| match line.state {
        // What is no longer listed is in no list.
        State::Page { .. } => found.pages.contains_key(*address),
        // Where it leads is asked of the site: the lock may have been written by hand.
        State::Moved { .. } => found.redirects.contains_key(*address),
        State::Removed { .. } => !found.answers(address),
    };
    let mut lines: Vec<(&String, &Line)> = lock.lines.iter().filter(is_shown).collect();
    lines.sort_by(|a, b| b.1.state.day().cmp(&a.1.state.day()).then_with(|| a.0.cmp(b.0)));
    lines.truncate(ENTRIES);
    let page = |address: &str| addresses.absolute(&page_address(addresses, address));
    let markdown = |address: &str| {
        let path = if address == "/" { "index.md".to_owned() } else { format!("{}.md", &address[1..]) };
        addresses.absolute(&format!("{}{path}", addresses.base))
    };
    let now = |address: &str| found.pages.get(address);
    let description =
        |address: &str| now(address).map_or("", |found| site.page(found.page).description.as_str());
    let entry = |(address, line): (&'a String, &'a Line)| {
        let stood = Entry {
            address,
            kind: "removed",
            day: line.state.day(),
            added: None,
            hash: None,
            title: &line.title,
            description: "",
            url: page(address),
            markdown: None,
            from: None,
        };
        match &line.state {
            State::Page { hash, added, changed } => Entry {
                kind: if added == changed { "added" } else { "changed" },
                added: Some(*added),
                hash: Some(*hash),
                description: description(address),
                markdown: Some(markdown(address)),
                ..stood
            },
            State::Moved { to, .. } => {
                let to = found.redirects.get(address).unwrap_or(to);
                let (path, anchor) = to.split_once('#').unwrap_or((to, ""));
                let anchor = if anchor.is_empty() { String::new() } else { format!("#{anchor}") };
                let is_page = now(path).is_some();
                let url = match to.strip_prefix('/') {
                    Some(_) if is_page => format!("{}{anchor}", page(path)),
                    Some(rest) if !rest.starts_with('/') => {
                        addresses.absolute(&format!("{}{rest}", addresses.base))
                    }
                    Some(_) | None => to.clone(),
                };
                Entry {
                    kind: "moved",
                    description: description(path),
                    markdown: is_page.then(|| format!("{}{anchor}", markdown(path))),
                    from: Some(page(address)),
                    url,
                    ..stood
                }
            }
            State::Removed { .. } => stood,
        }
    };
    lines.into_iter().map(entry).collect()
}

fn page_address(addresses: &Addresses, address: &str) -> String {
    let slash = if addresses.trailing_slash && address != "/" { "/" } else { "" };
    format!("{}{}{slash}", addresses.base, &address[1..])
}

/// What an entry is called: `Changed: Install`.
fn headline(entry: &Entry<'_>, words: &BTreeMap<String, String>) -> String {
    let word = |key: &str| words.get(key).cloned().unwrap_or_default();
    let pattern = match entry.kind {
        "added" => word("change_added"),
        "changed" => word("change_changed"),
        "moved" => word("change_moved"),
        _ => word("change_removed"),
    };
    let title = if entry.title.is_empty() { entry.address } else { entry.title };
    // A theme of older words says none of these.
    if pattern.contains("{title}") { pattern.replace("{title}", title) } else { title.to_owned() }
}

/// The start of a day.
fn time(day: Date) -> String {
    format!("{day}T00:00:00Z")
}

/// A name that no other entry has, whatever becomes of the addresses (RFC 4151).
fn id(addresses: &Addresses, day: Date, kind: &str, address: &str) -> String {
    let host = addresses.origin.split_once("://").map_or("", |(_, rest)| rest);
    let host = match host.strip_prefix('[') {
        // A number is no name that a tag could begin with.
        Some(_) => "localhost",
        None => host.split(':').next().unwrap_or_default(),
    };
    format!("tag:{host},{day}:{kind}:{}{}", addresses.base, &address[1..])
}

/// [JSON Feed 1.1](https://www.jsonfeed.org/version/1.1/), with what it has no place for in `_waypost`.
fn json_feed(
    entries: &[Entry<'_>],
    config: &Config,
    addresses: &Addresses,
    words: &BTreeMap<String, String>,
) -> String {
    let items: Vec<Value> = entries
        .iter()
        .map(|entry| {
            let mut own = Map::new();
            own.insert("kind".to_owned(), entry.kind.into());
            own.insert("path".to_owned(), entry.address.into());
            let optional = [("markdown_url", &entry.markdown), ("from_url", &entry.from)];
            for (key, value) in optional {
                own.extend(value.as_ref().map(|value| (key.to_owned(), Value::from(value.as_str()))));
            }
            own.extend(entry.hash.map(|hash| ("hash".to_owned(), Value::from(format!("{hash:016x}")))));
            let headline = headline(entry, words);
            let text = if entry.description.is_empty() { &headline } else { entry.description };
            let mut item = Map::new();
            item.insert("id".to_owned(), id(addresses, entry.day, entry.kind, entry.address).into());
            item.insert("url".to_owned(), entry.url.as_str().into());
            item.insert("title".to_owned(), headline.as_str().into());
            item.insert("content_text".to_owned(), text.into());
            item.insert("date_published".to_owned(), time(entry.added.unwrap_or(entry.day)).into());
            item.insert("date_modified".to_owned(), time(entry.day).into());
            item.insert("tags".to_owned(), json!([entry.kind]));
            item.insert("_waypost".to_owned(), own.into());
            Value::Object(item)
        })
        .collect();
    let mut feed = Map::new();
    feed.insert("version".to_owned(), "https://jsonfeed.org/version/1.1".into());
    feed.insert("title".to_owned(), config.book.title.as_str().into());
    feed.insert("home_page_url".to_owned(), addresses.absolute(&addresses.base).into());
    feed.insert("feed_url".to_owned(), addresses.absolute(&addresses.file(JSON)).into());
    if !config.book.description.is_empty() {
        feed.insert("description".to_owned(), config.book.description.as_str().into());
    }
    let authors: Vec<Value> = config.book.authors.iter().map(|name| json!({ "name": name })).collect();
    if !authors.is_empty() {
        feed.insert("authors".to_owned(), authors.into());
    }
    feed.insert("language".to_owned(), config.book.language.as_str().into());
    feed.insert("items".to_owned(), items.into());
    format!("{:#}\n", Value::Object(feed))
}

/// [Atom](https://www.rfc-editor.org/rfc/rfc4287).
fn atom(
    entries: &[Entry<'_>],
    config: &Config,
    addresses: &Addresses,
    words: &BTreeMap<String, String>,
) -> String {
    let own = addresses.absolute(&addresses.file(ATOM));
    let home = addresses.absolute(&addresses.base);
    // A feed without entries has changed at no time that is known.
    let updated = entries.iter().map(|entry| entry.day).max().unwrap_or(Date::constant(1970, 1, 1));
    let mut text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"{}\">\n\
         <id>{}</id>\n<title>{}</title>\n",
        xml(&config.book.language),
        xml(&own),
        xml(&config.book.title)
    );
    if !config.book.description.is_empty() {
        text.push_str(&format!("<subtitle>{}</subtitle>\n", xml(&config.book.description)));
    }
    text.push_str(&format!(
        "<link rel=\"self\" type=\"application/atom+xml\" href=\"{}\"/>\n<link rel=\"alternate\" type=\"text/html\" href=\"{}\"/>\n\
         <updated>{}</updated>\n",
        xml(&own),
        xml(&home),
        time(updated)
    ));
    // Every entry needs an author; where nobody is named, the site is.
    let authors = &config.book.authors;
    let named = if authors.is_empty() { std::slice::from_ref(&config.book.title) } else { &authors[..] };
    for name in named {
        text.push_str(&format!("<author><name>{}</name></author>\n", xml(name)));
    }
    for entry in entries {
        text.push_str(&format!(
            "<entry>\n<id>{}</id>\n<title>{}</title>\n<link rel=\"alternate\" type=\"text/html\" href=\"{}\"/>\n",
            xml(&id(addresses, entry.day, entry.kind, entry.address)),
            xml(&headline(entry, words)),
            xml(&entry.url)
        ));
        if let Some(url) = &entry.markdown {
            let url = xml(url);
            text.push_str(&format!("<link rel=\"related\" type=\"text/markdown\" href=\"{url}\"/>\n"));
        }
        if let Some(url) = &entry.from {
            text.push_str(&format!("<link rel=\"related\" type=\"text/html\" href=\"{}\"/>\n", xml(url)));
        }
        if let Some(added) = entry.added {
            text.push_str(&format!("<published>{}</published>\n", time(added)));
        }
        text.push_str(&format!("<updated>{}</updated>\n", time(entry.day)));
        text.push_str(&format!("<category term=\"{}\"/>\n", entry.kind));
        if !entry.description.is_empty() {
            text.push_str(&format!("<summary>{}</summary>\n", xml(entry.description)));
        }
        text.push_str("</entry>\n");
    }
    text.push_str("</feed>\n");
    text
}

/// Text as XML has it, without the characters that it cannot hold.
fn xml(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' | '\t' => escaped.push(' '),
            '\u{fffe}' | '\u{ffff}' => escaped.push('\u{fffd}'),
            other if other.is_control() => {}
            other => escaped.push(other),
        }
    }
    escaped
}
