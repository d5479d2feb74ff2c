//! Commands of the Azure CLI in blocks of shell code, checked against its table.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::OnceLock;

use rayon::prelude::*;

use super::{Inputs, walk};
use crate::az::{self, Kind as Mistake, Setting, Table};
use crate::diagnostic::{Diagnostic, FileId, Rule, Span, rules};
use crate::document::{Code, Kind, Node};
use crate::shell::{self, Command, Shell};

/// A block with its commands.
struct Block<'a> {
    code: &'a Code,
    span: Span,
    commands: Vec<Command>,
}

/// What is wrong with the `az` commands of every page.
pub(super) fn commands(inputs: &Inputs, found: &mut Vec<Diagnostic>) {
    let config = &inputs.config.az;
    if !config.check {
        return;
    }
    let texts = inputs.texts();
    let mut site = Setting::default();
    config.extensions.iter().for_each(|name| site.extensions.add(name));
    // Unpacked for the first command, once for the site.
    let table = OnceLock::new();
    let pages = inputs.site.pages.par_iter();
    let by_page: Vec<Vec<Diagnostic>> =
        pages.map(|page| of_page(inputs, &page.nodes, &texts, &site, &table)).collect();
    found.extend(by_page.into_iter().flatten());
}

/// What is wrong with the commands of a page.
fn of_page(
    inputs: &Inputs<'_>,
    nodes: &[Node],
    texts: &BTreeMap<FileId, &str>,
    site: &Setting,
    table: &OnceLock<Table>,
) -> Vec<Diagnostic> {
    let blocks = blocks(inputs, nodes);
    if blocks.is_empty() {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut setting = site.clone();
    for block in &blocks {
        block.commands.iter().for_each(|command| az::learn(&block.code.text, command, &mut setting));
    }
    let table = table.get_or_init(Table::shipped);
    for block in &blocks {
        let source = texts.get(&block.span.file).and_then(|text| text.get(block.span.range()));
        let lines = Lines::new(block, source.unwrap_or_default());
        for command in &block.commands {
            let Some((words, is_open)) = az::words(&block.code.text, command) else { continue };
            for finding in az::check(table, &setting, &block.code.text, words, is_open) {
                let mut diagnostic = Diagnostic::new(rule(finding.kind), finding.message)
                    .at(lines.span(&finding.range).unwrap_or(block.span));
                diagnostic.help = finding.help;
                found.push(match (finding.fix, lines.span(&finding.range)) {
                    (Some(fix), Some(span)) => diagnostic.fix(span, fix),
                    _ => diagnostic,
                });
            }
        }
    }
    found
}

/// The blocks of a page that hold `az` commands.
fn blocks<'a>(inputs: &Inputs<'a>, nodes: &'a [Node]) -> Vec<Block<'a>> {
    let mut blocks = Vec::new();
    walk(nodes, &mut |node| {
        let Kind::Code(code) = &node.kind else { return };
        // Most blocks are told apart by this alone.
        if !code.text.contains("az") {
            return;
        }
        let written = &code.fence.language;
        let language = inputs.config.highlight.alias.get(written).unwrap_or(written);
        let Some(shell) = Shell::of(language, &code.text) else { return };
        let commands = shell::commands(shell, language, &code.text);
        if commands.iter().any(|command| az::words(&code.text, command).is_some()) {
            blocks.push(Block { code, span: node.span, commands });
        }
    });
    blocks
}

fn rule(kind: Mistake) -> &'static Rule {
    match kind {
        Mistake::UnknownCommand => &rules::AZ_UNKNOWN_COMMAND,
        Mistake::Extension => &rules::AZ_EXTENSION,
        Mistake::UnknownFlag => &rules::AZ_UNKNOWN_FLAG,
        Mistake::MissingFlag => &rules::AZ_MISSING_FLAG,
        Mistake::Values => &rules::AZ_VALUES,
        Mistake::Choice => &rules::AZ_INVALID_CHOICE,
        Mistake::Deprecated => &rules::AZ_DEPRECATED,
    }
}

/// Where the lines of a block stand in its source, which has the margin of its container before them.
struct Lines {
    span: Span,
    /// For each line of the code, where it begins there and in the node's source; absent where they differ.
    starts: Vec<(usize, Option<usize>)>,
}

impl Lines {
    fn new(block: &Block<'_>, source: &str) -> Self {
        let mut at = 0;
        let mut written = source.split_inclusive('\n').map(|line| {
            let start = at;
            at += line.len();
            (start, line.trim_end_matches(['\n', '\r']))
        });
        if block.code.fenced {
            written.next();
        }
        let mut code_at = 0;
        let mut starts = Vec::new();
        for line in block.code.text.split_inclusive('\n') {
            let text = line.trim_end_matches(['\n', '\r']);
            let place = written.next().and_then(|(start, whole)| {
                let margin = whole.len().checked_sub(text.len())?;
                whole.ends_with(text).then_some(start + margin)
            });
            starts.push((code_at, place));
            code_at += line.len();
        }
        Self { span: block.span, starts }
    }

    /// Where a range of the code stands in the source.
    fn span(&self, range: &Range<usize>) -> Option<Span> {
        let place = |at: usize| {
            let line = self.starts.partition_point(|(start, _)| *start <= at).checked_sub(1)?;
            let (start, place) = self.starts[line];
            Some(self.span.range().start + place? + (at - start))
        };
        let (start, end) = (place(range.start)?, place(range.end)?);
        (start <= end && end <= self.span.range().end).then(|| Span::new(self.span.file, start..end))
    }
}
