//! Units in, the steps of a page out: one for each block of commands, each file, and each step without either.

use std::collections::{BTreeMap, BTreeSet};

use super::walk::{Commands, Piece, TabPath, Unit, What};
use super::{File, KnownEffect, Printed, Step, StepKind, Tab, effects};
use crate::render::Exchange;
use crate::render::commands::Written;
use crate::site::{Page, TabGroup};

/// The steps of `units`. What has to be filled in is added to `written`: as written, and the key of its field.
pub(super) fn of(
    page: &Page,
    units: &[Unit],
    markdown_url: &str,
    written: &mut Vec<(String, String)>,
) -> Vec<Step> {
    let groups = page.tabs.iter().map(|group| (group.ordinal, group)).collect();
    let mut all = Steps { groups, markdown_url, written, made: Vec::new() };
    for unit in units {
        all.unit(unit);
    }
    let mut steps = all.made;
    mark_excerpts(&mut steps);
    for (step, number) in steps.iter_mut().zip(1..) {
        step.number = number;
    }
    steps
}

/// What a group of tabs is called: its `groupId`, or its id on the page.
pub(super) fn group_name(group: &TabGroup) -> &str {
    group.group.as_deref().unwrap_or(&group.id)
}

struct Steps<'a> {
    groups: BTreeMap<u32, &'a TabGroup>,
    markdown_url: &'a str,
    written: &'a mut Vec<(String, String)>,
    made: Vec<Step>,
}

impl Steps<'_> {
    fn unit(&mut self, unit: &Unit) {
        let acts = unit.pieces.iter().any(|piece| !piece.is_prose());
        if !acts && !unit.is_step {
            return;
        }
        if unit.pieces.is_empty() {
            let step = self.begun(unit, &Vec::new(), StepKind::Manual);
            self.made.push(step);
            return;
        }
        let by_hand = by_hand(&unit.pieces);
        let mut done: BTreeSet<&TabPath> = BTreeSet::new();
        for (index, piece) in unit.pieces.iter().enumerate() {
            match &piece.what {
                What::Commands(commands) => self.commands(unit, index, commands),
                What::File(file, caption) => self.file(unit, index, file, caption.as_deref()),
                What::Prose(_) if by_hand.contains(&piece.tabs) && done.insert(&piece.tabs) => {
                    let mut step = self.begun(unit, &piece.tabs, StepKind::Manual);
                    let said: Vec<&str> = unit
                        .pieces
                        .iter()
                        .filter(|other| piece.tabs.starts_with(&other.tabs))
                        .filter_map(words)
                        .collect();
                    step.instructions = said.join("\n\n");
                    self.made.push(step);
                }
                What::Prose(_) => {}
            }
        }
    }

    fn commands(&mut self, unit: &Unit, index: usize, commands: &Commands) {
        let tabs = &unit.pieces[index].tabs;
        let (before, after) = around(&unit.pieces, index);
        let last = commands.exchanges.len().saturating_sub(1);
        for (place, exchange) in commands.exchanges.iter().enumerate() {
            let mut step = self.begun(unit, tabs, StepKind::Command);
            let read = effects::commands(exchange.shell, &exchange.commands);
            step.caption.clone_from(&commands.caption);
            step.shell = Some(exchange.shell.into());
            step.files = effects::files(exchange.shell, &exchange.commands, &read);
            step.permissions.clone_from(&commands.permissions);
            step.effects = match &commands.effects {
                Some(declared) => Some(
                    declared
                        .iter()
                        .map(|effect| KnownEffect { effect: *effect, command: None, inferred: false })
                        .collect(),
                ),
                None => Some(effects::inferred(&read)).filter(|effects| !effects.is_empty()),
            };
            step.expected_output = printed(exchange, commands.output.as_ref().filter(|_| place == last));
            step.placeholders = self.fill(&exchange.fields);
            step.command = Some(exchange.commands.clone());
            if place == 0 {
                step.instructions.clone_from(&before);
            }
            if place == last {
                step.afterwards.clone_from(&after);
            }
            self.made.push(step);
        }
    }

    fn file(&mut self, unit: &Unit, index: usize, file: &Written, caption: Option<&str>) {
        let mut step = self.begun(unit, &unit.pieces[index].tabs, StepKind::File);
        (step.instructions, step.afterwards) = around(&unit.pieces, index);
        step.caption = caption.map(str::to_owned);
        step.placeholders = self.fill(&file.fields);
        step.files = vec![File {
            path: file.path.clone(),
            language: file.language.clone(),
            content: Some(file.text.clone()),
            excerpt: false,
            append: false,
        }];
        self.made.push(step);
    }

    /// The names of what has to be filled in.
    fn fill(&mut self, fields: &[(String, String)]) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for (notation, name) in fields {
            if !names.contains(name) {
                names.push(name.clone());
            }
            self.written.push((notation.clone(), name.clone()));
        }
        names
    }

    fn begun(&self, unit: &Unit, tabs: &TabPath, kind: StepKind) -> Step {
        let tab = |(group, index): &(u32, usize)| {
            let group = self.groups.get(group)?;
            let tab = group.tabs.get(*index)?;
            let group = group_name(group).to_owned();
            Some(Tab { group, value: tab.value.clone(), label: tab.label.clone() })
        };
        let url = match &unit.anchor {
            Some(anchor) => format!("{}#{anchor}", self.markdown_url),
            None => self.markdown_url.to_owned(),
        };
        Step {
            number: 0,
            kind,
            title: unit.title.clone(),
            caption: None,
            within: unit.within.clone(),
            anchor: unit.anchor.clone(),
            url,
            tabs: tabs.iter().filter_map(tab).collect(),
            instructions: String::new(),
            shell: None,
            command: None,
            files: Vec::new(),
            placeholders: Vec::new(),
            permissions: Vec::new(),
            effects: None,
            expected_output: None,
            afterwards: String::new(),
        }
    }
}

/// What commands print: what the session shows, else the block behind it.
fn printed(exchange: &Exchange, output: Option<&Printed>) -> Option<Printed> {
    if exchange.output.is_empty() {
        return output.cloned();
    }
    Some(Printed { text: exchange.output.clone(), language: String::new() })
}

/// What is said before and after a piece, to whoever chose its tabs: from the piece before it that they see, and behind
/// the last one. What is said between two of them belongs to the second.
fn around(pieces: &[Piece], index: usize) -> (String, String) {
    let tabs = &pieces[index].tabs;
    let sees = |piece: &&Piece| tabs.starts_with(&piece.tabs) || piece.tabs.starts_with(tabs);
    let acts = |piece: &&Piece| !piece.is_prose() && sees(piece);
    let start = pieces[..index].iter().rposition(|piece| acts(&piece)).map_or(0, |at| at + 1);
    let said = |pieces: &[Piece]| {
        let pieces = pieces.iter().filter(|piece| tabs.starts_with(&piece.tabs));
        pieces.filter_map(words).collect::<Vec<_>>().join("\n\n")
    };
    let is_last = !pieces[index + 1..].iter().any(|piece| acts(&piece));
    let after = if is_last { said(&pieces[index + 1..]) } else { String::new() };
    (said(&pieces[start..index]), after)
}

/// The tabs in which something is said and nothing is run or written: their readers do it by hand.
fn by_hand(pieces: &[Piece]) -> BTreeSet<TabPath> {
    let mut outer: BTreeSet<&[(u32, usize)]> = BTreeSet::new();
    for piece in pieces {
        let depth = piece.tabs.len();
        outer.extend((0..depth).map(|length| &piece.tabs[..length]));
        if !piece.is_prose() {
            outer.insert(&piece.tabs);
        }
    }
    let said = pieces.iter().filter(|piece| piece.is_prose() && !outer.contains(piece.tabs.as_slice()));
    said.map(|piece| piece.tabs.clone()).collect()
}

fn words(piece: &Piece) -> Option<&str> {
    match &piece.what {
        What::Prose(words) => Some(words),
        What::Commands(_) | What::File(..) => None,
    }
}

/// Marks the texts of a file of which the page shows several that are no alternatives.
fn mark_excerpts(steps: &mut [Step]) {
    let mut texts: BTreeMap<&str, BTreeMap<&[Tab], BTreeSet<&str>>> = BTreeMap::new();
    for step in steps.iter().filter(|step| step.kind == StepKind::File) {
        for file in &step.files {
            let content = file.content.as_deref().unwrap_or_default();
            texts.entry(&file.path).or_default().entry(&step.tabs).or_default().insert(content);
        }
    }
    let is_parted = |by_tabs: &BTreeMap<&[Tab], BTreeSet<&str>>| {
        let outside = by_tabs.contains_key(&[][..]) && by_tabs.len() > 1;
        outside || by_tabs.values().any(|texts| texts.len() > 1)
    };
    let parted: BTreeSet<String> =
        texts.iter().filter(|(_, by_tabs)| is_parted(by_tabs)).map(|(path, _)| (*path).to_owned()).collect();
    for step in steps.iter_mut().filter(|step| step.kind == StepKind::File) {
        for file in &mut step.files {
            file.excerpt = parted.contains(&file.path);
        }
    }
}
