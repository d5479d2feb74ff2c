//! The YAML header of a page in, [`FrontMatter`] out.
//!
//! Lenient where Docusaurus is and exact where it helps: every wrong value is a diagnostic at its bytes and
//! counts as absent, so that one slip does not cost the page its title.

use std::fmt;
use std::ops::Range;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::{Map, Value};
use serde_yaml::{Location, Spanned};

use crate::diagnostic::{Diagnostic, FileId, Span, nearest, rules};
use crate::placeholder::Placeholder;

/// What a page says of itself. Docusaurus's keys have Docusaurus's meaning.
#[derive(Clone, Debug, Default)]
pub struct FrontMatter {
    /// `title`: the name of the page.
    pub title: Option<String>,
    /// `sidebar_label`: its name in the navigation.
    pub sidebar_label: Option<String>,
    /// `id`: replaces the file's name in the document's id and route.
    pub id: Option<String>,
    /// `slug`: replaces the route; relative to the folder's unless it starts with `/`.
    pub slug: Option<String>,
    /// `description`.
    pub description: Option<String>,
    /// `sidebar_position`.
    pub sidebar_position: Option<f64>,
    /// `sidebar_class_name`, for themes.
    pub sidebar_class_name: Option<String>,
    /// `hide_title`.
    pub hide_title: bool,
    /// `hide_table_of_contents`.
    pub hide_table_of_contents: bool,
    /// `toc_min_heading_level`.
    pub toc_min_heading_level: Option<u8>,
    /// `toc_max_heading_level`.
    pub toc_max_heading_level: Option<u8>,
    /// `keywords`.
    pub keywords: Vec<String>,
    /// `image`, for link previews.
    pub image: Option<String>,
    /// `draft`: not built.
    pub draft: bool,
    /// `unlisted`: built, in no index and no navigation.
    pub unlisted: bool,
    /// `noindex` (ours): built and listed, hidden from crawlers and agents' indexes.
    pub noindex: bool,
    /// `search: false` (ours): built and listed, in no search result.
    pub unsearched: bool,
    /// `pagination_prev`: a document id, or nothing.
    pub pagination_prev: Pagination,
    /// `pagination_next`.
    pub pagination_next: Pagination,
    /// `custom_edit_url`: an address, or none.
    pub custom_edit_url: EditUrl,
    /// `last_update.date`: as `YYYY-MM-DD`.
    pub last_update: Option<String>,
    /// `last_update.author`.
    pub last_update_author: Option<String>,
    /// `tags`.
    pub tags: Vec<String>,
    /// `layout` (ours): `home` for a page without navigation.
    pub layout: Option<String>,
    /// `placeholders` (ours): what readers fill into the commands of the page, in order.
    pub placeholders: Vec<Declared>,
    /// `permissions` (ours): what the commands of the page need.
    pub permissions: Vec<String>,
    /// `procedure: false` (ours): its commands are examples, and no procedure is made of them.
    pub no_procedure: bool,
    /// Everything, known keys too, for themes.
    pub all: Map<String, Value>,
    /// The header with its fences; absent where there is none.
    pub span: Option<Span>,
    /// Whether the header could not be read, so that nothing follows from what is not in it.
    pub unreadable: bool,
    /// The spans of the values of the keys above, by key, for messages.
    pub spans: Vec<(String, Span)>,
}

/// A placeholder that a page declares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declared {
    /// Its name, as commands write it.
    pub name: String,
    /// Where the name stands.
    pub span: Span,
    /// What is said of it.
    pub placeholder: Placeholder,
}

/// What a page says of its neighbour.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Pagination {
    /// Nothing: the neighbour in the navigation.
    #[default]
    Automatic,
    /// `null`: none.
    None,
    /// The document of this id.
    Page(String),
}

/// What a page says of its edit link.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum EditUrl {
    /// Nothing: made from the template of `book.toml`.
    #[default]
    Automatic,
    /// `null`: none.
    None,
    /// This address.
    Url(String),
}

/// What the keys of a header may be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Keys {
    /// Docusaurus's and ours; others are reported.
    #[default]
    Known,
    /// Any: docfx's headers hold whatever its publishers count.
    Any,
}

/// Keys that mean something here. `hero` is read by themes.
const OURS: &[&str] = &[
    "title",
    "sidebar_label",
    "id",
    "slug",
    "description",
    "sidebar_position",
    "sidebar_class_name",
    "sidebar_custom_props",
    "hide_title",
    "hide_table_of_contents",
    "toc_min_heading_level",
    "toc_max_heading_level",
    "keywords",
    "image",
    "draft",
    "unlisted",
    "noindex",
    "search",
    "pagination_prev",
    "pagination_next",
    "custom_edit_url",
    "last_update",
    "tags",
    "layout",
    "hero",
    "placeholders",
    "permissions",
    "procedure",
];

/// Docusaurus's other keys: no use is made of them, and they are no mistake.
const DOCUSAURUS: &[&str] = &[
    "author",
    "author_image_url",
    "author_title",
    "author_url",
    "authors",
    "date",
    "displayed_sidebar",
    "format",
    "hide_footer",
    "hide_reading_time",
    "pagination_label",
    "parse_number_prefixes",
    "sidebar_key",
    "title_meta",
    "truncate",
    "wrapperClassName",
];

/// Reads the header at the start of `text`: what it says, where the text after it starts, what is wrong.
#[must_use]
pub fn read(file: FileId, text: &str, keys: Keys) -> (FrontMatter, usize, Vec<Diagnostic>) {
    let start = if text.starts_with('\u{FEFF}') { '\u{FEFF}'.len_utf8() } else { 0 };
    let absent = (FrontMatter::default(), start, Vec::new());
    let Some(header) = header(text, start) else { return absent };
    let yaml = &text[header.yaml.clone()];
    let options = serde_yaml::options! {
        duplicate_keys: serde_yaml::options::DuplicateKeyPolicy::PassThrough,
        strict_booleans: true,
        with_snippet: false,
    };
    let span = Span::new(file, header.whole.clone());
    let mut reader = Reader {
        file,
        text,
        keys,
        base: header.yaml.start,
        end: header.yaml.start + yaml.trim_end().len(),
        diagnostics: Vec::new(),
        front_matter: FrontMatter { span: Some(span), ..FrontMatter::default() },
    };
    if yaml.lines().all(|line| line.trim().is_empty() || line.trim_start().starts_with('#')) {
        return (reader.front_matter, header.body, Vec::new());
    }
    match serde_yaml::from_str_with_options::<Entries>(yaml, options) {
        Ok(entries) => reader.entries(entries.0),
        // Words between two rules are a page that starts with a rule.
        Err(_) if !yaml.lines().any(is_entry) => return absent,
        Err(error) => {
            reader.front_matter.unreadable = true;
            reader.syntax(&error);
        }
    }
    (reader.front_matter, header.body, reader.diagnostics)
}

struct Header {
    /// With its fences, without the line ending.
    whole: Range<usize>,
    yaml: Range<usize>,
    /// Where the next line starts.
    body: usize,
}

fn header(text: &str, start: usize) -> Option<Header> {
    let is_fence = |line: &str| line.trim_end() == "---";
    let first =
        text[start..].split_inclusive('\n').next().filter(|line| is_fence(line) && line.ends_with('\n'))?;
    let yaml = start + first.len();
    let mut at = yaml;
    for line in text[yaml..].split_inclusive('\n') {
        if is_fence(line) {
            return Some(Header { whole: start..at + 3, yaml: yaml..at, body: at + line.len() });
        }
        at += line.len();
    }
    None
}

/// Whether a line looks like `key: value`.
fn is_entry(line: &str) -> bool {
    line.split_once(':').is_some_and(|(key, value)| {
        !key.is_empty()
            && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'))
            && (value.trim().is_empty() || value.starts_with([' ', '\t']))
    })
}

/// The entries of a mapping in order, keys that stand twice too.
struct Entries(Vec<(Spanned<String>, Spanned<Value>)>);

impl<'de> Deserialize<'de> for Entries {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Mapping;

        impl<'de> Visitor<'de> for Mapping {
            type Value = Entries;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("lines of `key: value`")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Entries, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Entries(entries))
            }
        }

        deserializer.deserialize_map(Mapping)
    }
}

struct Reader<'a> {
    file: FileId,
    text: &'a str,
    keys: Keys,
    /// Where the YAML starts and ends in the text.
    base: usize,
    end: usize,
    diagnostics: Vec<Diagnostic>,
    front_matter: FrontMatter,
}

impl Reader<'_> {
    fn syntax(&mut self, error: &serde_yaml::Error) {
        let message = error.to_string();
        // The place is in the span, not in the sentence.
        let message = message.split(" at line ").next().unwrap_or_default().to_lowercase().replace('\n', " ");
        let at = error.location().map_or(self.base, |location| self.place(location));
        let at = at.min(self.end);
        let length = self.text[at..].chars().next().filter(|c| *c != '\n').map_or(0, char::len_utf8);
        let key = self.text[self.base..at]
            .rsplit('\n')
            .next()
            .unwrap_or_default()
            .split(':')
            .next()
            .unwrap_or_default();
        let help = if message.contains("mapping values") {
            format!("put the value of `{}` in quotes", key.trim())
        } else if message.contains("tab") {
            "indent with spaces".to_owned()
        } else {
            "check the quotes, colons and indentation of this line; put a value with signs in it in quotes"
                .to_owned()
        };
        self.diagnostics.push(
            Diagnostic::new(
                &rules::FRONT_MATTER_SYNTAX,
                format!("the front matter is not valid YAML: {message}"),
            )
            .at(Span::new(self.file, at..at + length))
            .help(help),
        );
    }

    /// The offset of a location: its byte, or else the one at its line and column.
    fn place(&self, location: Location) -> usize {
        if let Some(byte) = location.span().byte_offset() {
            return self.base + usize::try_from(byte).unwrap_or(0);
        }
        let line = usize::try_from(location.line()).unwrap_or(1).saturating_sub(1);
        let column = usize::try_from(location.column()).unwrap_or(1).saturating_sub(1);
        let yaml = &self.text[self.base..self.end];
        let start = if line == 0 {
            0
        } else {
            yaml.match_indices('\n').nth(line - 1).map_or(yaml.len(), |(at, _)| at + 1)
        };
        let offset = yaml[start..].char_indices().nth(column).map_or(yaml.len() - start, |(at, _)| at);
        self.base + start + offset
    }

    fn entries(&mut self, entries: Vec<(Spanned<String>, Spanned<Value>)>) {
        let starts: Vec<usize> = entries.iter().map(|(key, _)| self.place(key.referenced)).collect();
        let mut seen: Vec<(String, Span)> = Vec::new();
        for (index, (key, value)) in entries.into_iter().enumerate() {
            let next = starts.get(index + 1).copied().unwrap_or(self.end);
            let key_span = self.span(starts[index]..starts[index] + length(key.referenced));
            let span = self.value_span(&value, next);
            if let Some((_, first)) = seen.iter().find(|(name, _)| *name == key.value) {
                self.diagnostics.push(
                    Diagnostic::new(
                        &rules::FRONT_MATTER_DUPLICATE,
                        format!("`{}` is given twice; the last one counts", key.value),
                    )
                    .at(key_span)
                    .note(*first, "first given here")
                    .help("remove one of the two"),
                );
                self.front_matter.spans.retain(|(name, _)| *name != key.value);
            } else {
                seen.push((key.value.clone(), key_span));
            }
            self.entry(&key.value, key_span, &value.value, span);
            if value.value.is_null() {
                self.front_matter.all.remove(&key.value);
            } else {
                self.front_matter.all.insert(key.value, value.value);
            }
        }
    }

    fn span(&self, range: Range<usize>) -> Span {
        Span::new(self.file, range)
    }

    /// A scalar's place is exact; of a list or mapping YAML's reader gives only the start.
    fn value_span(&self, value: &Spanned<Value>, next: usize) -> Span {
        let start = self.place(value.referenced).min(next);
        let end = if value.value.is_array() || value.value.is_object() {
            next
        } else {
            (start + length(value.referenced)).min(self.end.max(start))
        };
        let end = start + self.text[start..end].trim_end().len();
        self.span(start..end)
    }

    fn entry(&mut self, key: &str, key_span: Span, value: &Value, span: Span) {
        if !OURS.contains(&key) {
            // A dot marks another tool's own: docfx's `ms.topic`.
            if self.keys == Keys::Known && !DOCUSAURUS.contains(&key) && !key.contains('.') {
                self.unknown(key, key_span);
            }
            return;
        }
        self.front_matter.spans.push((key.to_owned(), span));
        if value.is_null() {
            match key {
                "pagination_prev" => self.front_matter.pagination_prev = Pagination::None,
                "pagination_next" => self.front_matter.pagination_next = Pagination::None,
                "custom_edit_url" => self.front_matter.custom_edit_url = EditUrl::None,
                _ => {}
            }
            return;
        }
        match key {
            "title" => self.front_matter.title = self.text_of(key, value, span),
            "sidebar_label" => self.front_matter.sidebar_label = self.text_of(key, value, span),
            "id" => self.front_matter.id = self.text_of(key, value, span),
            "slug" => self.front_matter.slug = self.text_of(key, value, span),
            "description" => self.front_matter.description = self.text_of(key, value, span),
            "sidebar_position" => match value.as_f64() {
                Some(number) => self.front_matter.sidebar_position = Some(number),
                None => self.wrong(key, "a number", value, span),
            },
            "sidebar_class_name" => self.front_matter.sidebar_class_name = self.text_of(key, value, span),
            "hide_title" => self.front_matter.hide_title = self.switch(key, value, span),
            "hide_table_of_contents" => {
                self.front_matter.hide_table_of_contents = self.switch(key, value, span);
            }
            "toc_min_heading_level" => self.front_matter.toc_min_heading_level = self.level(key, value, span),
            "toc_max_heading_level" => self.front_matter.toc_max_heading_level = self.level(key, value, span),
            "keywords" => self.front_matter.keywords = self.list(key, value, span),
            "image" => self.front_matter.image = self.text_of(key, value, span),
            "draft" => self.front_matter.draft = self.switch(key, value, span),
            "unlisted" => self.front_matter.unlisted = self.switch(key, value, span),
            "noindex" => self.front_matter.noindex = self.switch(key, value, span),
            // What is no switch is reported, and the page stays where it is looked for.
            "search" => {
                let found = self.switch(key, value, span);
                self.front_matter.unsearched = value.is_boolean() && !found;
            }
            "pagination_prev" => {
                self.front_matter.pagination_prev =
                    self.text_of(key, value, span).map_or(Pagination::Automatic, Pagination::Page);
            }
            "pagination_next" => {
                self.front_matter.pagination_next =
                    self.text_of(key, value, span).map_or(Pagination::Automatic, Pagination::Page);
            }
            "custom_edit_url" => {
                self.front_matter.custom_edit_url =
                    self.text_of(key, value, span).map_or(EditUrl::Automatic, EditUrl::Url);
            }
            "last_update" => self.last_update(value, span),
            "tags" => self.front_matter.tags = self.list(key, value, span),
            "layout" => self.front_matter.layout = self.text_of(key, value, span),
            "placeholders" => self.placeholders(value, span),
            "permissions" => self.front_matter.permissions = self.list(key, value, span),
            "procedure" => {
                let found = self.switch(key, value, span);
                self.front_matter.no_procedure = value.is_boolean() && !found;
            }
            // Read by themes, from `all`.
            _ => {}
        }
    }

    fn unknown(&mut self, key: &str, span: Span) {
        let mut diagnostic = Diagnostic::new(
            &rules::FRONT_MATTER_UNKNOWN,
            format!("the key `{key}` means nothing to Waypost"),
        )
        .at(span);
        diagnostic = match nearest(key, OURS.iter().copied()) {
            Some(near) => diagnostic.help(format!("did you mean `{near}`?")).fix(span, near),
            None => diagnostic.help("themes can read it; set `front-matter-unknown = \"off\"` under `[check.rules]` if yours does"),
        };
        self.diagnostics.push(diagnostic);
    }

    fn wrong(&mut self, key: &str, expected: &str, value: &Value, span: Span) {
        let is = match value {
            Value::Null => "empty",
            Value::Bool(_) => "`true` or `false`",
            Value::Number(_) => "a number",
            Value::String(_) => "text",
            Value::Array(_) => "a list",
            Value::Object(_) => "a mapping",
        };
        self.diagnostics.push(
            Diagnostic::new(&rules::FRONT_MATTER_TYPE, format!("`{key}` is {is}, expected {expected}"))
                .at(span)
                .help(format!("write {expected} after `{key}:`")),
        );
    }

    fn text_of(&mut self, key: &str, value: &Value, span: Span) -> Option<String> {
        match value {
            Value::String(text) => Some(text.trim_end_matches('\n').to_owned()),
            // What stands there is what was meant: `title: 404`, `title: 1.0`. Docusaurus takes it so too.
            Value::Number(_) => Some(self.text[span.range()].to_owned()),
            Value::Bool(_) => {
                let written = &self.text[span.range()];
                self.diagnostics.push(
                    Diagnostic::new(&rules::FRONT_MATTER_TYPE, format!("`{key}` is not text without quotes"))
                        .at(span)
                        .help(format!("write `\"{written}\"`"))
                        .fix(span, format!("\"{written}\"")),
                );
                Some(written.to_owned())
            }
            Value::Null | Value::Array(_) | Value::Object(_) => {
                self.wrong(key, "text", value, span);
                None
            }
        }
    }

    fn switch(&mut self, key: &str, value: &Value, span: Span) -> bool {
        value.as_bool().unwrap_or_else(|| {
            self.wrong(key, "`true` or `false`", value, span);
            false
        })
    }

    fn level(&mut self, key: &str, value: &Value, span: Span) -> Option<u8> {
        let level =
            value.as_u64().and_then(|level| u8::try_from(level).ok()).filter(|level| (1..=6).contains(level));
        if level.is_none() {
            self.wrong(key, "a heading level from 1 to 6", value, span);
        }
        level
    }

    /// A list of text, or text with commas; tags may be mappings with a `label`.
    fn list(&mut self, key: &str, value: &Value, span: Span) -> Vec<String> {
        // Other tools write `keywords: one, two`.
        if let Value::String(text) = value {
            return text
                .split(',')
                .map(str::trim)
                .filter(|item| !item.is_empty())
                .map(str::to_owned)
                .collect();
        }
        let Value::Array(items) = value else {
            self.wrong(key, "a list: `[one, two]`", value, span);
            return Vec::new();
        };
        let mut texts = Vec::new();
        for item in items {
            match item {
                Value::String(text) => texts.push(text.clone()),
                Value::Number(number) => texts.push(number.to_string()),
                Value::Object(tag) if tag.get("label").is_some_and(Value::is_string) => {
                    texts.extend(tag.get("label").and_then(Value::as_str).map(str::to_owned));
                }
                Value::Null => {}
                Value::Bool(_) | Value::Array(_) | Value::Object(_) => {
                    self.wrong(key, "a list of texts", item, span);
                    break;
                }
            }
        }
        texts
    }

    fn placeholders(&mut self, value: &Value, span: Span) {
        let Value::Object(declared) = value else {
            return self.wrong(
                "placeholders",
                "names, each with `label`, `help` and `pattern` below it",
                value,
                span,
            );
        };
        let mut from = span.range().start;
        for (name, value) in declared {
            let place = self.within(name, from..span.range().end).unwrap_or(span);
            if place != span {
                from = place.range().end;
            }
            if !Placeholder::is_name(name) {
                let message = format!("`{name}` cannot be the name of a placeholder");
                let help = "use letters, digits, spaces, `_`, `-` and `.`, and begin with a letter";
                self.diagnostics
                    .push(Diagnostic::new(&rules::INVALID_PLACEHOLDER, message).at(place).help(help));
                continue;
            }
            let placeholder = self.placeholder(name, value, from..span.range().end, place);
            self.front_matter.placeholders.push(Declared { name: name.clone(), span: place, placeholder });
        }
    }

    /// What is said of one placeholder, somewhere in `area`; `place` is its name.
    fn placeholder(&mut self, name: &str, value: &Value, area: Range<usize>, place: Span) -> Placeholder {
        const KEYS: [&str; 6] = ["label", "help", "pattern", "example", "default", "secret"];
        let mut placeholder = Placeholder::default();
        let entries = match value {
            Value::Null => return placeholder,
            Value::Object(entries) => entries,
            // `name: Its label` is short for the commonest case.
            Value::String(label) => {
                placeholder.label = Some(label.clone());
                return placeholder;
            }
            Value::Bool(_) | Value::Number(_) | Value::Array(_) => {
                self.wrong(
                    &format!("placeholders.{name}"),
                    "a label, or `label`, `help` and `pattern`",
                    value,
                    place,
                );
                return placeholder;
            }
        };
        for (key, value) in entries {
            let at = self.within(key, area.clone()).unwrap_or(place);
            let full = format!("placeholders.{name}.{key}");
            let text = match value {
                Value::Null => continue,
                Value::String(text) => Some(text.trim_end().to_owned()),
                Value::Number(number) => Some(number.to_string()),
                Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
            };
            let slot = match key.as_str() {
                "secret" => {
                    placeholder.secret = self.switch(&full, value, at);
                    continue;
                }
                "label" => &mut placeholder.label,
                "help" => &mut placeholder.help,
                "pattern" => &mut placeholder.pattern,
                "example" => &mut placeholder.example,
                "default" => &mut placeholder.default,
                _ => {
                    let message = format!("the placeholder `{name}` has no key `{key}`");
                    let diagnostic = Diagnostic::new(&rules::INVALID_PLACEHOLDER, message).at(at);
                    self.diagnostics.push(match nearest(key, KEYS) {
                        Some(near) if at != place => {
                            diagnostic.help(format!("did you mean `{near}`?")).fix(at, near)
                        }
                        Some(_) | None => diagnostic.help(format!("its keys are `{}`", KEYS.join("`, `"))),
                    });
                    continue;
                }
            };
            match text {
                Some(text) => *slot = Some(text),
                None => self.wrong(&full, "text", value, at),
            }
        }
        for (key, message, help) in placeholder.check(name) {
            let at = self.within(key, area.clone()).unwrap_or(place);
            self.diagnostics.push(Diagnostic::new(&rules::INVALID_PLACEHOLDER, message).at(at).help(help));
        }
        placeholder
    }

    /// Where `key` is written as a key in `area`. YAML's reader gives no places inside of a mapping.
    fn within(&self, key: &str, area: Range<usize>) -> Option<Span> {
        let text = &self.text[area.clone()];
        let is_key = |at: &usize| {
            let before = text[..*at].trim_end_matches(['"', '\'']).chars().next_back();
            let after = text[at + key.len()..].trim_start_matches(['"', '\'']).trim_start_matches(' ');
            before.is_none_or(|sign| matches!(sign, ' ' | '\n' | '{' | ',' | '\t')) && after.starts_with(':')
        };
        let at = text.match_indices(key).map(|(at, _)| at).find(is_key)?;
        Some(self.span(area.start + at..area.start + at + key.len()))
    }

    fn last_update(&mut self, value: &Value, span: Span) {
        let Value::Object(entries) = value else {
            return self.wrong("last_update", "`date:` and `author:` below it", value, span);
        };
        for (key, value) in entries {
            match (key.as_str(), value) {
                (_, Value::Null) => {}
                ("author", Value::String(author)) => {
                    self.front_matter.last_update_author = Some(author.clone());
                }
                ("date", Value::String(date)) if day(date).is_some() => {
                    self.front_matter.last_update = day(date);
                }
                ("date", _) => self.wrong("last_update.date", "a date as `YYYY-MM-DD`", value, span),
                ("author", _) => self.wrong("last_update.author", "text", value, span),
                _ => {
                    let message = format!("`last_update` has no key `{key}`");
                    let diagnostic = Diagnostic::new(&rules::FRONT_MATTER_UNKNOWN, message).at(span);
                    self.diagnostics.push(diagnostic.help("it has `date` and `author`"));
                }
            }
        }
    }
}

fn length(location: Location) -> usize {
    usize::try_from(location.span().byte_len().unwrap_or(0)).unwrap_or(0)
}

/// The day of a date in one of the notations that YAML and JavaScript's `Date` read.
fn day(date: &str) -> Option<String> {
    let date = date.trim();
    if let Some(day) = date.get(..10).and_then(|day| day.parse::<jiff::civil::Date>().ok())
        && date[10..].starts_with(|c: char| !c.is_ascii_digit()) | (date.len() == 10)
    {
        return Some(day.to_string());
    }
    ["%Y-%m-%d", "%Y/%m/%d", "%m/%d/%Y", "%B %d, %Y", "%b %d, %Y", "%d %B %Y", "%d %b %Y"]
        .iter()
        .find_map(|format| jiff::civil::Date::strptime(format, date).ok())
        .map(|day| day.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(text: &str) -> Vec<(&'static str, String)> {
        let (_, _, diagnostics) = read(FileId(0), text, Keys::Known);
        diagnostics
            .iter()
            .map(|diagnostic| {
                (diagnostic.rule.code, text[diagnostic.span.map(Span::range).unwrap_or_default()].to_owned())
            })
            .collect()
    }

    #[test]
    fn every_key() {
        let text = "\u{FEFF}---\r\ntitle: 'é: b'\r\nsidebar_label: L\r\nid: i\r\nslug: /s\r\ndescription: >\r\n  two\r\n  lines\r\n\
            sidebar_position: 1.5\r\nhide_title: true\r\ntoc_max_heading_level: 4\r\nkeywords: [a, 1]\r\ndraft: false\r\n\
            pagination_prev: null\r\npagination_next: n\r\ncustom_edit_url: null\r\nlast_update:\r\n  date: 2024-01-31\r\n  author: A\r\n\
            tags:\r\n  - x\r\n  - {label: y, permalink: /y}\r\nsidebar_custom_props: { icon: 'i.png' }\r\nunlisted:\r\nlayout: home\r\n---\r\nBody";
        let (page, body, diagnostics) = read(FileId(0), text, Keys::Known);
        assert!(diagnostics.is_empty(), "{diagnostics:?}");
        assert_eq!(&text[body..], "Body");
        assert_eq!(page.title.as_deref(), Some("é: b"));
        assert_eq!(page.description.as_deref(), Some("two lines"));
        assert_eq!(page.sidebar_position, Some(1.5));
        assert!(page.hide_title && !page.draft && !page.unlisted);
        assert_eq!(page.toc_max_heading_level, Some(4));
        assert_eq!(page.keywords, ["a", "1"]);
        assert_eq!(page.pagination_prev, Pagination::None);
        assert_eq!(page.pagination_next, Pagination::Page("n".into()));
        assert_eq!(page.custom_edit_url, EditUrl::None);
        assert_eq!(
            (page.last_update.as_deref(), page.last_update_author.as_deref()),
            (Some("2024-01-31"), Some("A"))
        );
        assert_eq!(page.tags, ["x", "y"]);
        assert_eq!(page.layout.as_deref(), Some("home"));
        assert!(!page.all.contains_key("unlisted") && page.all.contains_key("sidebar_custom_props"));
        let written: Vec<_> =
            page.spans.iter().map(|(key, span)| (key.as_str(), &text[span.range()])).collect();
        assert!(written.contains(&("title", "'é: b'")));
        assert!(written.contains(&("keywords", "[a, 1]")));
        assert!(written.contains(&("sidebar_custom_props", "{ icon: 'i.png' }")));
        assert!(written.contains(&("tags", "- x\r\n  - {label: y, permalink: /y}")), "{written:?}");
        assert_eq!(page.span.map(|span| text[span.range()].ends_with("---")), Some(true));
    }

    #[test]
    fn what_is_wrong_is_reported_at_its_bytes() {
        assert_eq!(codes("---\ntitle: true\n---\n"), [("front-matter-type", "true".into())]);
        assert_eq!(codes("---\ntitle: 404\n---\n"), []);
        assert_eq!(
            codes("---\nid: é\nsidebar_position: first\n---\n"),
            [("front-matter-type", "first".into())]
        );
        assert_eq!(codes("---\ndraft: yes\n---\n"), [("front-matter-type", "yes".into())]);
        assert_eq!(codes("---\nkeywords: 1\n---\n"), [("front-matter-type", "1".into())]);
        assert_eq!(
            read(FileId(0), "---\nkeywords: a, b\nms.topic: x\n---\n", Keys::Known).0.keywords,
            ["a", "b"]
        );
        assert_eq!(codes("---\ntitle: a\ntitle: b\n---\n"), [("front-matter-duplicate", "title".into())]);
        assert_eq!(
            read(FileId(0), "---\ntitle: a\ntitle: b\n---\n", Keys::Known).0.title.as_deref(),
            Some("b")
        );
        assert_eq!(codes("---\nsidebar_lable: a\n---\n"), [("front-matter-unknown", "sidebar_lable".into())]);
        assert_eq!(codes("---\ntitle: é: b\n---\n"), [("front-matter-syntax", ":".into())]);
        assert_eq!(codes("---\ntitle: [a\n---\n").len(), 1);
        assert_eq!(
            codes("---\nlast_update: {date: soon}\n---\n"),
            [("front-matter-type", "{date: soon}".into())]
        );
        assert_eq!(codes("---\ndisplayed_sidebar: x\ndate: 2020-01-01\n---\n"), []);
    }

    #[test]
    fn a_rule_at_the_top_is_no_header() {
        for text in [
            "---\n\nText\n\n---\n\nmore",
            "---\n",
            "---",
            "---\ntitle: x\n",
            "----\na: b\n---\n",
            "Text\n---\n",
            "---\n- a\n---\n",
        ] {
            let (page, body, diagnostics) = read(FileId(0), text, Keys::Known);
            assert_eq!((page.span, body, diagnostics.len()), (None, 0, 0), "{text:?}");
        }
        assert_eq!(read(FileId(0), "---\n---\nText", Keys::Known).1, 8);
        assert_eq!(read(FileId(0), "---\n# only a comment\n---\nText", Keys::Known).1, 25);
    }

    #[test]
    fn dates() {
        for date in [
            "2024-01-31",
            "2024-01-31T10:00:00Z",
            "2024-01-31 10:00",
            "1/31/2024",
            "Jan 31, 2024",
            "2024/01/31",
        ] {
            assert_eq!(day(date).as_deref(), Some("2024-01-31"), "{date}");
        }
        assert_eq!(day("soon"), None);
        assert_eq!(day("2024-13-01"), None);
    }

    #[test]
    fn other_publishers_keys_are_no_mistake_where_any_may_stand() {
        let text = "---\ntitle: A\nmanager: someone\n---\n";
        let (page, _, diagnostics) = read(FileId(0), text, Keys::Any);
        assert_eq!(page.all["manager"], "someone");
        assert!(diagnostics.is_empty(), "{diagnostics:?}");
        assert_eq!(read(FileId(0), text, Keys::Known).2.len(), 1);
    }
}
