//! The text of `book.toml` in, [`Config`] and everything that is wrong with it out.
//!
//! The JSON Schema that editors use is what the text is checked against here too, so there is one list of keys
//! and types: the structs of this module's parent. What fails is reported and left out, so that the rest of the
//! file still counts and every mistake is seen at once.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::Deserialize;
use serde_json::{Map, Value};
use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

use super::{Config, values};
use crate::diagnostic::{Diagnostic, FileId, Span, nearest, rules};

/// Where the keys and values of the file stand, by path: `site.origin`, `header.menu[0].link`.
#[derive(Debug, Default)]
pub(super) struct Places {
    places: BTreeMap<String, (Range<usize>, Range<usize>)>,
}

impl Places {
    /// The key at this path.
    pub(super) fn key(&self, path: &str) -> Option<Range<usize>> {
        self.places.get(path).map(|place| place.0.clone())
    }

    /// The value at this path.
    pub(super) fn value(&self, path: &str) -> Option<Range<usize>> {
        self.places.get(path).map(|place| place.1.clone())
    }
}

/// Reads `book.toml`: every problem, and the configuration that the rest of the file gives.
#[must_use]
pub fn parse(file: FileId, text: &str) -> (Config, Vec<Diagnostic>) {
    let (mut root, errors) = DeTable::parse_recoverable(text);
    let mut diagnostics: Vec<Diagnostic> = errors
        .iter()
        .map(|error| {
            let at = on_boundaries(text, error.span().unwrap_or(text.len()..text.len()));
            let diagnostic = Diagnostic::new(&rules::CONFIG_SYNTAX, lower_first(error.message()));
            diagnostic.at(Span::new(file, at))
        })
        .collect();

    let schema = json_schema();
    let nothing = Map::new();
    let mut reader = Reader {
        file,
        schema: &schema,
        nothing: &nothing,
        places: Places::default(),
        diagnostics: Vec::new(),
    };
    reader.table(root.get_mut(), &schema, "");
    let Reader { places, diagnostics: mut found, .. } = reader;
    let mut config = deserialize(root, file, &mut found);
    found.extend(values::check(&mut config, &places, file));
    // A syntax error tears its line apart: what the pieces seem to say is not worth a second message.
    let torn: Vec<Range<usize>> =
        errors.iter().filter_map(toml::de::Error::span).map(|span| line_of(text, span)).collect();
    found.retain(|diagnostic| {
        let at = diagnostic.span.map_or(0..0, Span::range);
        !torn.iter().any(|line| at.start < line.end && line.start < at.end.max(at.start + 1))
    });
    diagnostics.append(&mut found);
    diagnostics.sort_by_key(|diagnostic| diagnostic.span);
    (config, diagnostics)
}

/// Where the value of `key` in `[table]` stands in a `book.toml`, for findings of later stages.
#[must_use]
pub fn place_of(file: FileId, text: &str, table: &str, key: &str) -> Option<Span> {
    let root = DeTable::parse(text).ok()?;
    let value = root.get_ref().get(table)?.get_ref().get(key)?;
    Some(Span::new(file, value.span()))
}

/// Where a key of `book.toml` stands, by the tables it is in: `["theme", "words", "search"]`.
#[must_use]
pub fn place_of_key(file: FileId, text: &str, path: &[&str]) -> Option<Span> {
    let (key, tables) = path.split_last()?;
    let root = DeTable::parse(text).ok()?;
    let mut table = root.get_ref();
    for name in tables {
        table = table.get(*name)?.get_ref().as_table()?;
    }
    table.get_key_value(*key).map(|(key, _)| Span::new(file, key.span()))
}

/// The text of a `book.toml` with `name = "…"` set in `[theme]`, everything else as it is; nothing where it holds the
/// setting in a form that cannot be changed in place (`theme.name = …`, an inline table).
#[must_use]
pub fn with_theme(text: &str, name: &str) -> Option<String> {
    let file = FileId(0);
    let line = format!("name = \"{name}\"");
    let mut changed = text.to_owned();
    if let Some(place) = place_of(file, text, "theme", "name") {
        changed.replace_range(place.range(), &format!("\"{name}\""));
    } else if let Some(header) = place_of_key(file, text, &["theme"]).filter(|place| {
        text[..place.start as usize].trim_end().ends_with('[')
            && text[place.end as usize..].trim_start().starts_with(']')
    }) {
        let end = text[header.end as usize..].find('\n').map_or(text.len(), |at| header.end as usize + at);
        changed.insert_str(end, &format!("\n{line}"));
    } else {
        // A table of its own may follow its sub-tables, so it can always stand at the end.
        let gap = if text.is_empty() {
            ""
        } else if text.ends_with('\n') {
            "\n"
        } else {
            "\n\n"
        };
        changed.push_str(&format!("{gap}[theme]\n{line}\n"));
    }
    let is_set = place_of(file, &changed, "theme", "name")
        .is_some_and(|place| changed[place.range()] == format!("\"{name}\""));
    is_set.then_some(changed)
}

/// Where lines (`"old" = "/new"`) are to be put into a `book.toml` and what, so that `[output.html.redirect]` has them too;
/// nothing where it holds that table in a form that cannot be added to in place.
#[must_use]
pub fn with_redirects(text: &str, lines: &[String]) -> Option<(usize, String)> {
    let table = ["output", "html", "redirect"];
    let header = place_of_key(FileId(0), text, &table).and_then(|place| {
        let end = text[place.end as usize..].find('\n').map_or(text.len(), |at| place.end as usize + at);
        let starts_line = text[..place.start as usize].rsplit('\n').next()?.trim_start().starts_with('[');
        starts_line.then_some(end)
    });
    let (at, added) = match header {
        Some(end) => (end, format!("\n{}", lines.join("\n"))),
        None => {
            let gap = if text.is_empty() || text.ends_with("\n\n") {
                ""
            } else if text.ends_with('\n') {
                "\n"
            } else {
                "\n\n"
            };
            (text.len(), format!("{gap}[output.html.redirect]\n{}\n", lines.join("\n")))
        }
    };
    let at = if text[..at].ends_with('\r') { at - 1 } else { at };
    let mut changed = text.to_owned();
    changed.insert_str(at, &added);
    let redirects = |text: &str| {
        let root = DeTable::parse(text).ok()?;
        let mut table = root.get_ref();
        for name in ["output", "html", "redirect"] {
            match table.get(name) {
                Some(inner) => table = inner.get_ref().as_table()?,
                None => return Some(0),
            }
        }
        Some(table.len())
    };
    (redirects(&changed)? == redirects(text)? + lines.len()).then_some((at, added))
}

/// The JSON Schema of `book.toml`, for editors.
#[must_use]
pub fn schema() -> String {
    format!("{:#}\n", json_schema())
}

/// In draft 7, the newest one that the TOML plugins of editors read whole.
fn json_schema() -> Value {
    let generator = schemars::generate::SchemaSettings::draft07().into_generator();
    let mut schema = generator.into_root_schema_for::<Config>();
    schema.insert("title".to_owned(), "book.toml of a Waypost site".into());
    schema.to_value()
}

/// Takes what the schema check left. It cannot fail then; should it, the table at fault gives way to defaults.
fn deserialize(mut root: Spanned<DeTable<'_>>, file: FileId, diagnostics: &mut Vec<Diagnostic>) -> Config {
    loop {
        let error = match Config::deserialize(toml::de::Deserializer::from(root.clone())) {
            Ok(config) => return config,
            Err(error) => error,
        };
        let at = error.span().unwrap_or(0..0);
        let diagnostic = Diagnostic::new(&rules::INVALID_CONFIG_VALUE, lower_first(error.message()));
        diagnostics.push(diagnostic.at(Span::new(file, at.clone())));
        let bad = root.get_ref().iter().find(|(_, value)| holds(value, &at));
        let Some(key) = bad.map(|(key, _)| key.get_ref().to_string()) else { return Config::default() };
        root.get_mut().remove(key.as_str());
    }
}

/// Whether a value or anything in it stands at `at`. A table's own span is only its header.
fn holds(value: &Spanned<DeValue<'_>>, at: &Range<usize>) -> bool {
    let span = value.span();
    if span.start <= at.start && at.end <= span.end {
        return true;
    }
    match value.get_ref() {
        DeValue::Table(table) => table.iter().any(|(key, value)| key.span() == *at || holds(value, at)),
        DeValue::Array(array) => array.iter().any(|item| holds(item, at)),
        DeValue::String(_)
        | DeValue::Integer(_)
        | DeValue::Float(_)
        | DeValue::Boolean(_)
        | DeValue::Datetime(_) => false,
    }
}

struct Reader<'a> {
    file: FileId,
    schema: &'a Value,
    nothing: &'a Map<String, Value>,
    places: Places,
    diagnostics: Vec<Diagnostic>,
}

impl<'a> Reader<'a> {
    /// Checks a table against an object schema and takes out of it what is wrong.
    fn table(&mut self, table: &mut DeTable<'_>, schema: &'a Value, path: &str) {
        let known = schema.get("properties").and_then(Value::as_object).unwrap_or(self.nothing);
        let any = schema.get("additionalProperties").filter(|any| any.is_object());
        let present: Vec<String> = table.keys().map(|key| key.get_ref().to_string()).collect();
        let mut wrong = Vec::new();
        for (key, value) in table.iter_mut() {
            let inner =
                if path.is_empty() { key.get_ref().to_string() } else { format!("{path}.{}", key.get_ref()) };
            self.places.places.insert(inner.clone(), (key.span(), value.span()));
            let fits = if let Some(expected) = known.get(key.get_ref().as_ref()).or(any) {
                self.value(value, expected, &inner)
            } else {
                self.unknown_key(key.get_ref(), key.span(), known, &present, path);
                false
            };
            if !fits {
                wrong.push(key.get_ref().to_string());
            }
        }
        for key in wrong {
            table.remove(key.as_str());
        }
    }

    /// Checks a value; whether it can be kept. What is wrong deeper in is taken out of it.
    fn value(&mut self, value: &mut Spanned<DeValue<'_>>, expected: &'a Value, path: &str) -> bool {
        let expected = self.resolve(expected);
        let span = value.span();
        if let Some(choices) = choices(expected) {
            return match value.get_ref() {
                DeValue::String(word) if choices.contains(&word.as_ref()) => true,
                DeValue::String(word) => self.wrong_choice(word, span, &choices, path),
                other => self.wrong_type(other, span, "a string", path),
            };
        }
        match (kind(expected), value.get_mut()) {
            ("object", DeValue::Table(table)) => {
                self.table(table, expected, path);
                self.nothing_missing(table, span, expected, path)
            }
            ("array", DeValue::Array(array)) => {
                let Some(item_schema) = expected.get("items") else { return true };
                // Numbered as they will be in the `Config`, where those that are left out do not count.
                for mut item in std::mem::replace(array, DeArray::new()) {
                    let inner = format!("{path}[{}]", array.len());
                    self.places.places.retain(|place, _| !place.starts_with(&inner));
                    self.places.places.insert(inner.clone(), (item.span(), item.span()));
                    if self.value(&mut item, item_schema, &inner) {
                        array.push(item);
                    }
                }
                true
            }
            ("string", DeValue::String(_)) | ("boolean", DeValue::Boolean(_)) => true,
            ("integer", DeValue::Integer(number)) => {
                let limit = |name| expected.get(name).and_then(Value::as_i64);
                let low = limit("minimum").unwrap_or(i64::MIN);
                let high = limit("maximum").unwrap_or(i64::MAX);
                match i64::from_str_radix(number.as_str(), number.radix()) {
                    Ok(number) if (low..=high).contains(&number) => true,
                    _ => {
                        let message = format!("`{path}` must be a whole number from {low} to {high}");
                        self.report(message, span);
                        false
                    }
                }
            }
            (wanted, other) => {
                let wanted = match wanted {
                    "object" => "a table",
                    "array" => "an array",
                    "boolean" => "`true` or `false`",
                    "integer" => "a whole number",
                    _ => "a string",
                };
                self.wrong_type(other, span, wanted, path)
            }
        }
    }

    fn resolve(&self, schema: &'a Value) -> &'a Value {
        let mut schema = schema;
        loop {
            if let Some(name) = schema.get("$ref").and_then(Value::as_str) {
                let pointer = name.trim_start_matches('#');
                schema = self.schema.pointer(pointer).expect("schemars defines what it refers to");
            } else if let Some([only]) = schema.get("allOf").and_then(Value::as_array).map(Vec::as_slice) {
                // How draft 7 has a description beside a reference.
                schema = only;
            } else if let Some(forms) = schema.get("anyOf").and_then(Value::as_array) {
                // `Option<T>` is T or null, and TOML has no null.
                let form = forms.iter().find(|form| form.get("type") != Some(&"null".into()));
                schema = form.expect("an option has a form that is not null");
            } else {
                return schema;
            }
        }
    }

    fn unknown_key(
        &mut self,
        key: &str,
        span: Range<usize>,
        known: &'a Map<String, Value>,
        present: &[String],
        path: &str,
    ) {
        let at = Span::new(self.file, span);
        let place = if path.is_empty() { "`book.toml`".to_owned() } else { format!("`{path}`") };
        let mut diagnostic =
            Diagnostic::new(&rules::UNKNOWN_CONFIG_KEY, format!("`{key}` is not a key of {place}")).at(at);
        let full = if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
        let free = known.keys().map(String::as_str).filter(|known| !present.iter().any(|key| key == known));
        // `trailing_slash` for `trailing-slash` is the commonest slip, and too far apart for short words.
        let wanted = key.replace('_', "-");
        diagnostic = if let Some(near) = nearest(&wanted, free) {
            diagnostic.help(format!("write `{near}`")).fix(at, near)
        } else if MDBOOK_ONLY.contains(&full.as_str()) {
            diagnostic.help("this setting of mdBook has no meaning here: remove it")
        } else if let Some(table) = self.home_of(&wanted) {
            diagnostic.help(format!("`{wanted}` is a key of `[{table}]`"))
        } else {
            let keys: Vec<String> = known.keys().map(|key| format!("`{key}`")).collect();
            diagnostic.help(format!("the keys here are {}", keys.join(", ")))
        };
        self.diagnostics.push(diagnostic);
    }

    /// The only table of the schema, two levels deep at most, that has this key.
    fn home_of(&self, key: &str) -> Option<String> {
        let mut homes = Vec::new();
        let mut visit = vec![(String::new(), self.schema)];
        while let Some((path, schema)) = visit.pop() {
            let Some(properties) = schema.get("properties").and_then(Value::as_object) else { continue };
            if !path.is_empty() && properties.contains_key(key) {
                homes.push(path.clone());
            }
            if path.matches('.').count() >= 2 {
                continue;
            }
            for (name, inner) in properties {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                visit.push((path, self.resolve(inner)));
            }
        }
        if homes.len() == 1 { homes.pop() } else { None }
    }

    fn nothing_missing(
        &mut self,
        table: &DeTable<'_>,
        span: Range<usize>,
        schema: &Value,
        path: &str,
    ) -> bool {
        let required = schema.get("required").and_then(Value::as_array);
        let missing: Vec<&str> = required
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .filter(|key| !table.contains_key(*key))
            // A value of the wrong type was reported and taken out: it is not missing too.
            .filter(|key| self.places.key(&format!("{path}.{key}")).is_none())
            .collect();
        for key in &missing {
            self.report(format!("`{path}` lacks `{key}`"), span.clone());
        }
        required.into_iter().flatten().filter_map(Value::as_str).all(|key| table.contains_key(key))
    }

    fn wrong_choice(&mut self, word: &str, span: Range<usize>, choices: &[&str], path: &str) -> bool {
        let at = Span::new(self.file, span);
        let list: Vec<String> = choices.iter().map(|choice| format!("`{choice}`")).collect();
        let message = format!("`{path}` cannot be `{word}`");
        let mut diagnostic = Diagnostic::new(&rules::INVALID_CONFIG_VALUE, message).at(at);
        diagnostic = match nearest(word, choices.iter().copied()) {
            Some(near) => diagnostic
                .help(format!("write `{near}`; it may be {}", list.join(", ")))
                .fix(at, format!("\"{near}\"")),
            None => diagnostic.help(format!("it may be {}", list.join(", "))),
        };
        self.diagnostics.push(diagnostic);
        false
    }

    fn wrong_type(&mut self, value: &DeValue<'_>, span: Range<usize>, wanted: &str, path: &str) -> bool {
        let at = Span::new(self.file, span);
        let found = match value {
            DeValue::String(_) => "a string",
            DeValue::Integer(_) => "a whole number",
            DeValue::Float(_) => "a fraction",
            DeValue::Boolean(_) => "`true` or `false`",
            DeValue::Datetime(_) => "a date",
            DeValue::Array(_) => "an array",
            DeValue::Table(_) => "a table",
        };
        let message = format!("`{path}` must be {wanted}, not {found}");
        let mut diagnostic = Diagnostic::new(&rules::INVALID_CONFIG_VALUE, message).at(at);
        match value {
            DeValue::String(word)
                if wanted == "`true` or `false`" && matches!(word.as_ref(), "true" | "false") =>
            {
                diagnostic = diagnostic.help("leave the quotes out").fix(at, word.to_string());
            }
            DeValue::String(word) if wanted == "an array" => {
                let array = Value::from(vec![word.to_string()]).to_string();
                diagnostic = diagnostic.help(format!("write `{array}`")).fix(at, array);
            }
            DeValue::Integer(number) if wanted == "a string" && number.radix() == 10 => {
                let string = format!("\"{}\"", number.as_str());
                diagnostic = diagnostic.help(format!("write `{string}`")).fix(at, string);
            }
            DeValue::Boolean(value) if wanted == "a string" => {
                diagnostic = diagnostic.help(format!("write `\"{value}\"`"));
            }
            DeValue::String(_)
            | DeValue::Integer(_)
            | DeValue::Float(_)
            | DeValue::Boolean(_)
            | DeValue::Datetime(_)
            | DeValue::Array(_)
            | DeValue::Table(_) => {}
        }
        self.diagnostics.push(diagnostic);
        false
    }

    fn report(&mut self, message: String, span: Range<usize>) {
        let at = Span::new(self.file, span);
        self.diagnostics.push(Diagnostic::new(&rules::INVALID_CONFIG_VALUE, message).at(at));
    }
}

/// What mdBook knows and Waypost has no use for: worth a word of its own, as every converted book has some.
const MDBOOK_ONLY: &[&str] = &[
    "preprocessor",
    "rust",
    "book.multilingual",
    "build.create-missing",
    "build.extra-watch-dirs",
    "build.use-default-preprocessors",
    "output.html.code",
    "output.html.copy-fonts",
    "output.html.curly-quotes",
    "output.html.default-theme",
    "output.html.fold",
    "output.html.git-repository-icon",
    "output.html.hash-files",
    "output.html.input-404",
    "output.html.mathjax-support",
    "output.html.playground",
    "output.html.preferred-dark-theme",
    "output.html.print",
    "output.html.search",
    "output.html.sidebar-header-nav",
    "output.html.smart-punctuation",
    "output.html.theme",
    "output.linkcheck",
    "output.markdown",
];

fn kind(schema: &Value) -> &str {
    match schema.get("type") {
        Some(Value::String(kind)) => kind,
        Some(Value::Array(kinds)) => {
            kinds.iter().filter_map(Value::as_str).find(|kind| *kind != "null").unwrap_or("string")
        }
        _ => "string",
    }
}

/// The words that an enum schema allows.
fn choices(schema: &Value) -> Option<Vec<&str>> {
    if let Some(words) = schema.get("enum").and_then(Value::as_array) {
        return Some(words.iter().filter_map(Value::as_str).collect());
    }
    let forms = schema.get("oneOf").and_then(Value::as_array)?;
    let words = forms.iter().flat_map(|form| {
        let listed = form.get("enum").and_then(Value::as_array).into_iter().flatten();
        listed.chain(form.get("const")).filter_map(Value::as_str)
    });
    Some(words.collect())
}

fn line_of(text: &str, span: Range<usize>) -> Range<usize> {
    let span = on_boundaries(text, span);
    let start = text[..span.start].rfind('\n').map_or(0, |at| at + 1);
    let end = text[span.end..].find('\n').map_or(text.len(), |at| span.end + at);
    start..end.max(start + 1)
}

fn on_boundaries(text: &str, span: Range<usize>) -> Range<usize> {
    let (mut start, mut end) = (span.start.min(text.len()), span.end.min(text.len()));
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    while !text.is_char_boundary(end) {
        end += 1;
    }
    start..end.max(start)
}

fn lower_first(message: &str) -> String {
    let mut chars = message.trim_end().chars();
    let first: String = chars.next().into_iter().flat_map(char::to_lowercase).collect();
    first + chars.as_str()
}
