//! A score in, a table for people or data for programs out.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde_json::{Value, json as object};

use super::{Row, Score};
use crate::diagnostic::{Diagnostic, Files};

/// How many places of a row are named.
const PLACES: usize = 3;
/// How many pages are named as those that cost most.
const WORST: usize = 5;

/// The table, the places where points were lost, and the pages that cost most.
#[must_use]
pub fn text(score: &Score, files: &Files, prefix: &str) -> String {
    let mut out = String::new();
    let mut line = |text: String| {
        out.push_str(text.trim_end());
        out.push('\n');
    };
    line(format!("agents: {} of 100", score.whole()));
    line(String::new());
    let total = total(score);
    for row in &score.rows {
        let state = match (row.items, row.losses.len()) {
            (0, _) => "nothing to look at".to_owned(),
            (items, 0) => format!("{items} looked at"),
            (items, lost) => format!("{lost} found in {items}"),
        };
        let worth = if row.items == 0 { 0.0 } else { 100.0 * f64::from(row.weight) / total };
        line(format!(
            "  {:10} {:13} {:5.1} of {worth:4.1}  {state}",
            row.category,
            row.id,
            worth * row.kept()
        ));
        for (found, _) in row.losses.iter().take(PLACES) {
            line(format!("      {}[{}] {}", place(found, files, prefix), found.rule.code, found.message));
        }
        if row.losses.len() > PLACES {
            line(format!("      and {} more: `--format json` has all", row.losses.len() - PLACES));
        }
    }
    let worst = worst(score, files);
    if !worst.is_empty() {
        line(String::new());
        line("what costs most:".to_owned());
        for (path, points) in worst.iter().take(WORST) {
            line(format!("  {points:5.2}  {prefix}{path}"));
        }
    }
    out
}

/// The same as data: points, rows, and every loss with its place.
#[must_use]
pub fn json(score: &Score, files: &Files, prefix: &str) -> String {
    let total = total(score);
    let rows: Vec<Value> = score
        .rows
        .iter()
        .map(|row| {
            let worth = if row.items == 0 { 0.0 } else { 100.0 * f64::from(row.weight) / total };
            let losses: Vec<Value> = row
                .losses
                .iter()
                .map(|(found, part)| {
                    let at = position(found, files);
                    object!({
                        "code": found.rule.code,
                        "message": found.message,
                        "path": at.as_ref().map(|(path, _)| format!("{prefix}{path}")),
                        "line": at.as_ref().map(|(_, line)| line),
                        "help": found.help,
                        "points": rounded(points(row, *part, total)),
                    })
                })
                .collect();
            object!({
                "id": row.id,
                "category": row.category,
                "points": rounded(worth * row.kept()),
                "of": rounded(worth),
                "items": row.items,
                "losses": losses,
            })
        })
        .collect();
    let worst: Vec<Value> = worst(score, files)
        .into_iter()
        .map(|(path, points)| object!({ "path": format!("{prefix}{path}"), "points": rounded(points) }))
        .collect();
    let whole =
        object!({ "score": score.whole(), "points": rounded(score.points), "rows": rows, "worst": worst });
    format!("{whole:#}\n")
}

fn rounded(points: f64) -> f64 {
    (points * 1000.0).round() / 1000.0
}

fn total(score: &Score) -> f64 {
    let worth: u32 = score.rows.iter().filter(|row| row.items > 0).map(|row| row.weight).sum();
    f64::from(worth.max(1))
}

/// What one loss costs of the hundred points.
fn points(row: &Row, part: f64, total: f64) -> f64 {
    let lost: f64 = row.losses.iter().map(|(_, part)| part).sum();
    let share = if lost > 0.0 { part / lost } else { 0.0 };
    100.0 * f64::from(row.weight) / total * (1.0 - row.kept()) * share
}

/// The files by what their losses cost, the dearest first.
fn worst(score: &Score, files: &Files) -> Vec<(String, f64)> {
    let total = total(score);
    let mut costs: BTreeMap<&str, f64> = BTreeMap::new();
    for row in score.rows.iter().filter(|row| row.items > 0) {
        for (found, part) in &row.losses {
            if let Some(span) = found.span {
                let path = files.get(files.locate(span).file).path.as_str();
                *costs.entry(path).or_default() += points(row, *part, total);
            }
        }
    }
    let mut costs: Vec<(String, f64)> =
        costs.into_iter().map(|(path, points)| (path.to_owned(), points)).collect();
    costs.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    costs
}

fn position(found: &Diagnostic, files: &Files) -> Option<(String, usize)> {
    let span = files.locate(found.span?);
    let file = files.get(span.file);
    let before = file.text.get(..span.start as usize).unwrap_or_default();
    Some((file.path.clone(), before.matches('\n').count() + 1))
}

fn place(found: &Diagnostic, files: &Files, prefix: &str) -> String {
    let mut text = String::new();
    if let Some((path, line)) = position(found, files) {
        write!(text, "{prefix}{path}:{line}: ").expect("a string takes any text");
    }
    text
}
