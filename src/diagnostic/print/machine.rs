//! Findings for programs: JSON, SARIF 2.1.0 and GitHub's workflow commands.

use std::fmt::Write;

use serde_json::{Map, Value, json};

use super::super::{Diagnostic, Files, Severity, Span, rules};
use super::{Lines, Located, located};

/// One JSON array. Each finding has `code`, `severity` (`error`, `warning` or `advice`) and `message`; where
/// known also `path`, `start` and `end` (`{line, column, offset}`: lines and columns from 1, columns in
/// characters, offsets in bytes of the file from 0), `notes` (`[{message, path, start, end}]`), `uses` (all other
/// places of the same, `[{path, start, end}]`), `help` and `fix` (`{path, start, end, replacement}`).
#[must_use]
pub fn json(diagnostics: &[Diagnostic], files: &Files, prefix: &str) -> String {
    let mut lines = Lines::new(files);
    let findings: Vec<Value> = located(diagnostics, files)
        .iter()
        .map(|item| {
            let diagnostic = item.diagnostic;
            let severity = match diagnostic.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Advice => "advice",
            };
            let mut finding = object(json!({
                "code": diagnostic.rule.code,
                "severity": severity,
                "message": diagnostic.message,
            }));
            if let Some(span) = item.span {
                finding.extend(place(span, &mut lines, prefix));
            }
            if !item.notes.is_empty() {
                let notes = item.notes.iter().map(|(span, text)| {
                    let mut note = object(json!({ "message": text }));
                    note.extend(place(*span, &mut lines, prefix));
                    Value::Object(note)
                });
                finding.insert("notes".to_owned(), notes.collect());
            }
            if !item.uses.is_empty() {
                let uses = item.uses.iter().map(|span| Value::Object(place(*span, &mut lines, prefix)));
                finding.insert("uses".to_owned(), uses.collect());
            }
            if let Some(help) = &diagnostic.help {
                finding.insert("help".to_owned(), help.as_str().into());
            }
            if let Some(fix) = &item.fix {
                let mut edit = place(fix.span, &mut lines, prefix);
                edit.insert("replacement".to_owned(), fix.replacement.as_str().into());
                finding.insert("fix".to_owned(), edit.into());
            }
            Value::Object(finding)
        })
        .collect();
    format!("{:#}\n", Value::Array(findings))
}

fn place(span: Span, lines: &mut Lines<'_>, prefix: &str) -> Map<String, Value> {
    let (start, end) = lines.positions(span);
    object(json!({
        "path": format!("{prefix}{}", lines.files.get(span.file).path),
        "start": { "line": start.line, "column": start.column, "offset": span.start },
        "end": { "line": end.line, "column": end.column, "offset": span.end },
    }))
}

/// A SARIF 2.1.0 log of one run, with the rules that were broken, regions in Unicode characters, and fixes.
#[must_use]
pub fn sarif(diagnostics: &[Diagnostic], files: &Files, prefix: &str) -> String {
    let mut lines = Lines::new(files);
    let located = located(diagnostics, files);
    let broken: Vec<_> = rules::ALL
        .iter()
        .filter(|rule| located.iter().any(|item| item.diagnostic.rule.code == rule.code))
        .collect();
    let rules: Vec<Value> = broken
        .iter()
        .map(|rule| {
            json!({
                "id": rule.code,
                "shortDescription": { "text": rule.title },
                "help": { "text": format!("`waypost explain {}` says more.", rule.code) },
                "defaultConfiguration": { "level": sarif_level(rule.severity) },
            })
        })
        .collect();
    let results: Vec<Value> = located
        .iter()
        .map(|item| {
            let index = broken.iter().position(|rule| rule.code == item.diagnostic.rule.code);
            sarif_result(item, index, &mut lines, prefix)
        })
        .collect();
    let log = json!({
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "waypost",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            } },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    format!("{log:#}\n")
}

fn sarif_result(item: &Located<'_>, rule: Option<usize>, lines: &mut Lines<'_>, prefix: &str) -> Value {
    let diagnostic = item.diagnostic;
    let mut result = object(json!({
        "ruleId": diagnostic.rule.code,
        "level": sarif_level(diagnostic.severity),
        "message": { "text": message_and_help(diagnostic) },
    }));
    if let Some(rule) = rule {
        result.insert("ruleIndex".to_owned(), rule.into());
    }
    if let Some(span) = item.span {
        result.insert("locations".to_owned(), json!([{ "physicalLocation": region(span, lines, prefix) }]));
    }
    if !item.notes.is_empty() || !item.uses.is_empty() {
        let uses = item.uses.iter().map(|span| (*span, "the same"));
        let notes = item.notes.iter().copied().chain(uses).enumerate().map(|(id, (span, text))| {
            let region = region(span, lines, prefix);
            json!({ "id": id, "physicalLocation": region, "message": { "text": text } })
        });
        result.insert("relatedLocations".to_owned(), notes.collect());
    }
    if let Some(fix) = &item.fix {
        let mut change = region(fix.span, lines, prefix);
        let deleted = change.as_object_mut().and_then(|change| change.remove("region"));
        change["replacements"] =
            json!([{ "deletedRegion": deleted, "insertedContent": { "text": fix.replacement } }]);
        let description = diagnostic.help.as_deref().unwrap_or("this repairs it");
        result.insert(
            "fixes".to_owned(),
            json!([{ "description": { "text": description }, "artifactChanges": [change] }]),
        );
    }
    result.into()
}

fn region(span: Span, lines: &mut Lines<'_>, prefix: &str) -> Value {
    let (start, end) = lines.positions(span);
    json!({
        "artifactLocation": { "uri": uri(&format!("{prefix}{}", lines.files.get(span.file).path)) },
        "region": {
            "startLine": start.line,
            "startColumn": start.column,
            "endLine": end.line,
            "endColumn": end.column,
        },
    })
}

fn sarif_level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Advice => "note",
    }
}

/// A relative path as a URI reference (RFC 3986): what is not unreserved is percent-encoded, but for the slashes.
fn uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            write!(uri, "%{byte:02X}").expect("a string takes any text");
        }
    }
    uri
}

/// One workflow command for each finding, which GitHub shows beside the line in a pull request.
#[must_use]
pub fn github(diagnostics: &[Diagnostic], files: &Files, prefix: &str) -> String {
    let mut lines = Lines::new(files);
    let mut out = String::new();
    for item in located(diagnostics, files) {
        let diagnostic = item.diagnostic;
        let command = match diagnostic.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Advice => "notice",
        };
        let mut properties = Vec::new();
        if let Some(span) = item.span {
            let (start, end) = lines.positions(span);
            let path = format!("{prefix}{}", lines.files.get(span.file).path);
            properties.push(format!("file={}", github_property(&path)));
            properties.push(format!("line={}", start.line));
            properties.push(format!("endLine={}", end.line));
            // GitHub drops the columns of what spans lines, and complains of them.
            if start.line == end.line {
                properties.push(format!("col={}", start.column));
                properties.push(format!("endColumn={}", end.column));
            }
        }
        properties.push(format!("title={}", github_property(diagnostic.rule.code)));
        let mut message = message_and_help(diagnostic);
        if let Some(also) = super::also(&item, &mut lines, prefix) {
            message.push_str(&format!("\n{also}"));
        }
        let message = github_data(&message);
        writeln!(out, "::{command} {}::{message}", properties.join(",")).expect("a string takes any text");
    }
    out
}

fn github_data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn github_property(text: &str) -> String {
    github_data(text).replace(':', "%3A").replace(',', "%2C")
}

fn message_and_help(diagnostic: &Diagnostic) -> String {
    match &diagnostic.help {
        Some(help) => format!("{}\nhelp: {help}", diagnostic.message),
        None => diagnostic.message.clone(),
    }
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => Map::new(),
    }
}
