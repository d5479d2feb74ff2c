//! Templates in, a Tera instance and everything wrong with the templates out; values and errors of Tera converted.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use serde_json::Value as Json;
use tera::{ErrorKind, Tera, Value};

use super::layers::{BUILT_IN_PREFIX, Findings, ThemeFile};
use crate::diagnostic::rules;

/// An engine without templates, which looks for the built-in ones where a site has none of its own.
pub(super) fn base() -> Tera {
    let mut tera = Tera::default();
    tera.set_fallback_prefixes([BUILT_IN_PREFIX]).expect("there are no templates yet");
    tera
}

/// Compiles `templates` (by their names in Tera) on top of `base`, which holds filters and functions. Tera stops at the
/// first thing it does not like: what is broken is reported, left out, and the rest tried again.
pub(super) fn compile(
    base: &Tera,
    mut templates: BTreeMap<String, &ThemeFile>,
    findings: &mut Findings,
) -> Tera {
    templates.retain(|_, file| findings.text(file).is_some());
    let text = |file: &ThemeFile| String::from_utf8_lossy(&file.bytes).into_owned();
    let mut left_out = BTreeSet::new();
    loop {
        let mut tera = base.clone();
        let all = templates.iter().map(|(name, file)| (name, text(file)));
        let Err(error) = tera.add_raw_templates(all) else { return tera };
        let mut broken = BTreeSet::new();
        if matches!(error.kind(), ErrorKind::SyntaxError(_)) {
            for (name, file) in &templates {
                if let Err(error) = base.clone().add_raw_templates([(name, text(file))])
                    && let ErrorKind::SyntaxError(report) = error.kind()
                {
                    let range = report.span().range.clone();
                    findings.add(&rules::TEMPLATE_SYNTAX, sentence(report.message()), file, range, None);
                    broken.insert(name.clone());
                }
            }
        } else {
            for problem in problems(error.kind()) {
                let Some(file) = templates.get(&problem.template) else { continue };
                broken.insert(problem.template);
                // What is missing only because it was left out has been reported where it is broken.
                let follows = |name: &String| problem.message.contains(&format!("`{}`", stem(name)));
                if !left_out.iter().any(follows) {
                    let range = offsets(&text(file), problem.line, problem.column, problem.width);
                    findings.add(&rules::TEMPLATE_SYNTAX, problem.message, file, range, None);
                }
            }
        }
        if broken.is_empty() {
            let help = "this is Tera's message; no template could be named as its cause";
            let message = one_line(&error);
            findings
                .diagnostics
                .push(crate::diagnostic::Diagnostic::new(&rules::TEMPLATE_SYNTAX, message).help(help));
            return base.clone();
        }
        templates.retain(|name, _| !broken.contains(name));
        left_out.append(&mut broken);
    }
}

/// What a message calls the thing that a template holds: a component by its name, a template by its own.
fn stem(template: &str) -> &str {
    let component = template.strip_prefix("components/").and_then(|file| file.rsplit_once('.'));
    component.map_or_else(|| template.strip_prefix(BUILT_IN_PREFIX).unwrap_or(template), |(name, _)| name)
}

/// One thing wrong between templates.
struct Problem {
    template: String,
    message: String,
    /// From 1; 0 where the problem has no place.
    line: usize,
    column: usize,
    width: usize,
}

/// Tera gives what is wrong between templates as a printed report only, several of them in one message.
fn problems(kind: &ErrorKind) -> Vec<Problem> {
    let whole = |template: &str, message: String| {
        vec![Problem { template: template.to_owned(), message, line: 0, column: 0, width: 0 }]
    };
    match kind {
        ErrorKind::Msg(message) if message.contains("is defined in both") => {
            let name = message.rsplit('`').nth(1).unwrap_or_default();
            whole(name, sentence(message))
        }
        ErrorKind::Msg(message) => message.split("\n\n").filter_map(printed).collect(),
        ErrorKind::MissingParent { current, parent } => {
            whole(current, format!("it extends `{parent}`, which does not exist"))
        }
        ErrorKind::CircularExtend { tpl, inheritance_chain } => whole(
            tpl,
            format!(
                "it extends itself: {} (the built-in template is `{BUILT_IN_PREFIX}{tpl}`)",
                inheritance_chain.join(" -> ")
            ),
        ),
        ErrorKind::CircularInclude { tpl, include_chain } => {
            whole(tpl, format!("it includes itself: {}", include_chain.join(" -> ")))
        }
        _ => Vec::new(),
    }
}

/// Reads `error: MESSAGE`, `--> FILE:LINE:COLUMN`, and the carets under the line.
fn printed(report: &str) -> Option<Problem> {
    let mut lines = report.lines();
    let message = sentence(lines.next()?.strip_prefix("error: ")?);
    let place = lines.next()?.trim_start().strip_prefix("--> ")?;
    let (place, column) = place.rsplit_once(':')?;
    let (template, line) = place.rsplit_once(':')?;
    let width = lines.next_back().map_or(1, |carets| carets.matches('^').count());
    Some(Problem {
        template: template.to_owned(),
        message,
        line: line.parse().ok()?,
        column: column.parse().ok()?,
        width,
    })
}

fn offsets(text: &str, line: usize, column: usize, width: usize) -> Range<usize> {
    let Some(skipped) = line.checked_sub(1) else { return 0..text.lines().next().map_or(0, str::len) };
    let start: usize = text.split_inclusive('\n').take(skipped).map(str::len).sum();
    let length =
        |characters: usize| -> usize { text[start..].chars().take(characters).map(char::len_utf8).sum() };
    let before = column.saturating_sub(1);
    start + length(before)..start + length(before + width)
}

/// An error on one line, with its place in the template where it has one.
pub(super) fn one_line(error: &tera::Error) -> String {
    match error.kind() {
        ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => {
            let span = report.span();
            let (line, column) = (span.start_line, span.start_col + 1);
            format!("{} (`{}`, line {line}, column {column})", sentence(report.message()), report.filename())
        }
        ErrorKind::TemplateNotFound(name) => format!("the theme has no template `{name}`"),
        ErrorKind::ComponentNotFound(name) => format!("the theme has no component `{name}`"),
        _ => sentence(&error.to_string()),
    }
}

/// A message of Tera's as ours are: one line, no capital, no full stop.
fn sentence(message: &str) -> String {
    let line = message.split_whitespace().collect::<Vec<_>>().join(" ");
    let line = line.trim_end_matches('.');
    let mut letters = line.chars();
    match letters.next() {
        Some(first) if letters.clone().next().is_some_and(char::is_lowercase) => {
            first.to_lowercase().chain(letters).collect()
        }
        Some(_) | None => line.to_owned(),
    }
}

/// JSON as a value of Tera's, without the detour through serde.
pub(super) fn value(json: &Json) -> Value {
    match json {
        Json::Null => Value::none(),
        Json::Bool(flag) => Value::from(*flag),
        Json::Number(number) => number_value(number),
        Json::String(text) => Value::from(text.as_str()),
        Json::Array(items) => Value::from(items.iter().map(value).collect::<Vec<_>>()),
        Json::Object(fields) => {
            let mut map = tera::Map::with_capacity(fields.len());
            for (key, field) in fields {
                map.insert(key.clone().into(), value(field));
            }
            Value::from(map)
        }
    }
}

/// Numbers of attributes are read as floating-point ones; `cols={3}` is three.
fn number_value(number: &serde_json::Number) -> Value {
    if let Some(whole) = number.as_i64() {
        return Value::from(whole);
    }
    let float = number.as_f64().unwrap_or_default();
    match format!("{float:.0}").parse::<i64>() {
        Ok(whole) if float.fract() == 0.0 => Value::from(whole),
        Ok(_) | Err(_) => Value::from(float),
    }
}
