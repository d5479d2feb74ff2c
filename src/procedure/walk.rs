//! The tree of a page in, its units out: what stands in one step of a list, or in one section outside of such steps.

use std::collections::{BTreeMap, BTreeSet};

use super::Printed;
use super::prose::{Prose, is_words};
use crate::document::fence::Effect;
use crate::document::{Code, Component, Kind, Node, plain_text};
use crate::render::commands::{Blocks, Written, block_of, is_for_agents};
use crate::render::{Context, Exchange};
use crate::site::Page;

/// The tabs that something stands in, outermost first: (ordinal of the group's component, index of the tab).
pub(super) type TabPath = Vec<(u32, usize)>;

/// A step of a list, or a section.
#[derive(Debug)]
pub(super) struct Unit {
    pub(super) title: String,
    pub(super) anchor: Option<String>,
    /// The titles of the sections and steps around it.
    pub(super) within: Vec<String>,
    /// Whether it is a step, which is one without commands, too.
    pub(super) is_step: bool,
    pub(super) pieces: Vec<Piece>,
    /// The step that stands right before it in its section: what is said here is said of the steps.
    follows: Option<usize>,
    /// Its tabs.
    tabs: TabPath,
}

/// Something in a unit.
#[derive(Debug)]
pub(super) struct Piece {
    pub(super) tabs: TabPath,
    pub(super) what: What,
}

#[derive(Debug)]
pub(super) enum What {
    /// Markdown.
    Prose(String),
    /// A block of commands.
    Commands(Commands),
    /// A file to write, and what the page calls it.
    File(Written, Option<String>),
}

/// A block of commands.
#[derive(Debug)]
pub(super) struct Commands {
    pub(super) caption: Option<String>,
    pub(super) exchanges: Vec<Exchange>,
    pub(super) output: Option<Printed>,
    pub(super) effects: Option<Vec<Effect>>,
    pub(super) permissions: Vec<String>,
}

impl Piece {
    pub(super) fn is_prose(&self) -> bool {
        matches!(self.what, What::Prose(_))
    }
}

/// The units of a page, in reading order. `anchors` are those that may be named.
pub(super) fn units(context: &Context<'_>, page: &Page, anchors: &BTreeSet<String>) -> Vec<Unit> {
    let blocks = Blocks::new(context, page);
    let mut panels = BTreeMap::new();
    for group in &page.tabs {
        for (index, tab) in group.tabs.iter().enumerate() {
            panels.extend(tab.panel.map(|panel| (panel, (group.ordinal, index))));
        }
    }
    let title = page.headings.iter().find(|heading| page.has_h1 && heading.level == 1);
    let mut walk = Walk {
        page,
        prose: Prose { context, page, blocks: &blocks },
        notes: blocks.note_lists().map(std::ptr::from_ref).collect(),
        holds: BTreeSet::new(),
        panels,
        anchors,
        aliases: page.headings.iter().map(|heading| (heading.id.as_str(), heading.anchor())).collect(),
        title: title.map(|heading| heading.id.as_str()),
        trail: Vec::new(),
        steps: Vec::new(),
        tabs: Vec::new(),
        units: Vec::new(),
    };
    walk.look(&page.nodes);
    walk.section(Vec::new(), None);
    walk.blocks(&page.nodes);
    walk.finish()
}

struct Walk<'a> {
    page: &'a Page,
    prose: Prose<'a>,
    /// The lists that are notes on code.
    notes: BTreeSet<*const Node>,
    /// The nodes that hold commands, files or headings. By address: a partial that stands on a page twice has the same
    /// spans twice.
    holds: BTreeSet<*const Node>,
    /// The tab of each panel, by the panel's ordinal.
    panels: BTreeMap<u32, (u32, usize)>,
    anchors: &'a BTreeSet<String>,
    /// The anchor that says most, by the id of a heading.
    aliases: BTreeMap<&'a str, &'a str>,
    /// The id of the heading that is the page's title.
    title: Option<&'a str>,
    /// The headings around, outermost first: level, words, anchor.
    trail: Vec<(u8, String, Option<String>)>,
    /// The titles of the steps around, outermost first.
    steps: Vec<String>,
    tabs: TabPath,
    units: Vec<Unit>,
}

impl Walk<'_> {
    /// Finds the nodes that hold something: commands, files, headings.
    fn look(&mut self, nodes: &[Node]) -> bool {
        let mut any = false;
        for node in nodes {
            let holds = match block_of(node) {
                Some(code) => self.is_action(node, &code),
                None => match &node.kind {
                    Kind::Component(component) if !is_for_agents(component) => false,
                    Kind::Component(component) => self.look(&node.children) || component.name == "Steps",
                    Kind::Heading { .. } => true,
                    _ => self.look(&node.children),
                },
            };
            if holds {
                self.holds.insert(std::ptr::from_ref(node));
                any = true;
            }
        }
        any
    }

    fn is_action(&self, node: &Node, code: &Code) -> bool {
        let blocks = self.prose.blocks;
        is_output(code) || blocks.file(node, code).is_some() || !blocks.exchanges(node, code).is_empty()
    }

    fn held(&self, node: &Node) -> bool {
        self.holds.contains(&std::ptr::from_ref(node))
    }

    /// Whether it is a tab of a group that holds something in this tab or another one.
    fn is_panel(&self, node: &Node) -> bool {
        matches!(&node.kind, Kind::Component(component) if self.panels.contains_key(&component.ordinal))
    }

    /// Begins what follows in the section at hand. `pieces` introduce it.
    fn section(&mut self, pieces: Vec<Piece>, follows: Option<usize>) {
        let mut within: Vec<String> = self.trail.iter().map(|(_, title, _)| title.clone()).collect();
        within.extend(self.steps.iter().cloned());
        let title = within.pop().unwrap_or_else(|| self.page.title.clone());
        self.open(title, within, false, pieces, follows);
    }

    fn open(
        &mut self,
        title: String,
        within: Vec<String>,
        is_step: bool,
        pieces: Vec<Piece>,
        follows: Option<usize>,
    ) {
        let anchor = self.trail.iter().rev().find_map(|(_, _, anchor)| anchor.clone());
        let tabs = self.tabs.clone();
        self.units.push(Unit { title, anchor, within, is_step, pieces, follows, tabs });
    }

    /// What was said in the unit at hand, where that holds nothing else: it introduces what is below it.
    fn introduction(&mut self) -> Vec<Piece> {
        match self.units.last_mut() {
            Some(unit) if unit.pieces.iter().all(Piece::is_prose) => std::mem::take(&mut unit.pieces),
            Some(_) | None => Vec::new(),
        }
    }

    fn add(&mut self, what: What) {
        let tabs = self.tabs.clone();
        if let Some(unit) = self.units.last_mut() {
            unit.pieces.push(Piece { tabs, what });
        }
    }

    fn say(&mut self, markdown: String) {
        if !markdown.is_empty() {
            self.add(What::Prose(markdown));
        }
    }

    fn blocks(&mut self, nodes: &[Node]) {
        let mut index = 0;
        while index < nodes.len() {
            let node = &nodes[index];
            let is_plain = |node: &Node| is_words(node) && !self.held(node);
            let words = nodes[index..].iter().take_while(|node| is_plain(node)).count();
            if words > 0 {
                let said = self.prose.words(&nodes[index..index + words]);
                self.say(said);
                index += words;
                continue;
            }
            index += 1;
            if self.held(node) || self.is_panel(node) {
                self.node(node);
            } else {
                let said = self.prose.block(node);
                self.say(said);
            }
        }
    }

    /// A node that holds something.
    fn node(&mut self, node: &Node) {
        if let Some(code) = block_of(node) {
            return self.code(node, &code);
        }
        match &node.kind {
            Kind::Heading { level, id, .. } => self.heading(node, *level, id),
            Kind::List { start: Some(_), .. } if !self.notes.contains(&std::ptr::from_ref(node)) => {
                self.step_list(node);
            }
            Kind::Component(component) => self.component(node, component),
            _ => self.blocks(&node.children),
        }
    }

    fn code(&mut self, node: &Node, code: &Code) {
        let blocks = self.prose.blocks;
        let exchanges = blocks.exchanges(node, code);
        let fence = &code.fence;
        if !exchanges.is_empty() {
            return self.add(What::Commands(Commands {
                caption: fence.title.clone(),
                exchanges,
                output: None,
                effects: fence.effects.clone(),
                permissions: fence.permissions.clone(),
            }));
        }
        if is_output(code) {
            let language = if fence.language == "output" { "" } else { fence.language.as_str() };
            let text = blocks.text(node, code).trim_end().to_owned();
            if self.answer(&Printed { text, language: language.to_owned() }) {
                return;
            }
        } else if let Some(written) = blocks.file(node, code) {
            let caption = fence.title.clone().filter(|title| *title != written.path);
            return self.add(What::File(written, caption));
        }
        let said = self.prose.block(node);
        self.say(said);
    }

    /// Gives an output to the last commands before it: those of the same tab, or of each of the tabs that ended before it.
    fn answer(&mut self, printed: &Printed) -> bool {
        let depth = self.tabs.len();
        let Some(unit) = self.units.last_mut() else { return false };
        let mut seen: BTreeSet<TabPath> = BTreeSet::new();
        for piece in unit.pieces.iter_mut().rev() {
            let What::Commands(commands) = &mut piece.what else { continue };
            if !piece.tabs.starts_with(&self.tabs) {
                break;
            }
            let group = |path: &TabPath| path.get(depth).map(|(group, _)| *group);
            let same = seen.first().is_none_or(|first| group(first) == group(&piece.tabs));
            if !same || piece.tabs.len() == depth && !seen.is_empty() || !seen.insert(piece.tabs.clone()) {
                break;
            }
            commands.output.get_or_insert_with(|| printed.clone());
            if piece.tabs.len() == depth {
                break;
            }
        }
        !seen.is_empty()
    }

    fn heading(&mut self, node: &Node, level: u8, id: &'_ str) {
        if self.title == Some(id) {
            return;
        }
        let deeper = self.trail.last().is_none_or(|(above, ..)| level > *above);
        let introduction = if deeper { self.introduction() } else { Vec::new() };
        while self.trail.pop_if(|(other, ..)| *other >= level).is_some() {}
        let words = plain_text(&node.children).split_whitespace().collect::<Vec<_>>().join(" ");
        let anchor = self.aliases.get(id).copied().unwrap_or(id);
        let anchor = self.anchors.contains(anchor).then(|| anchor.to_owned());
        self.trail.push((level, words, anchor));
        self.section(introduction, None);
    }

    /// Reads what stands in a box of its own, and goes on in the section around it.
    fn apart(&mut self, read: impl FnOnce(&mut Self)) {
        let (trail, steps, before) = (self.trail.clone(), self.steps.clone(), self.units.len());
        read(self);
        self.trail = trail;
        self.steps = steps;
        if self.units.len() > before {
            let last = self.units[before..].iter().rposition(|unit| unit.is_step).map(|at| before + at);
            self.section(Vec::new(), last);
        }
    }

    fn step_list(&mut self, node: &Node) {
        self.apart(|walk| {
            let mut introduction = walk.introduction();
            for item in &node.children {
                let title = title_of(&item.children);
                walk.step(title, std::mem::take(&mut introduction), &item.children);
            }
        });
    }

    fn step(&mut self, title: Option<String>, introduction: Vec<Piece>, nodes: &[Node]) {
        let (trail, steps) = (self.trail.clone(), self.steps.clone());
        let mut within: Vec<String> = self.trail.iter().map(|(_, title, _)| title.clone()).collect();
        within.extend(self.steps.iter().cloned());
        let title = match title {
            Some(title) => title,
            None => within.pop().unwrap_or_else(|| self.page.title.clone()),
        };
        self.open(title.clone(), within, true, introduction, None);
        self.steps.push(title);
        self.blocks(nodes);
        self.trail = trail;
        self.steps = steps;
    }

    fn component(&mut self, node: &Node, component: &Component) {
        let panel = self.panels.get(&component.ordinal).copied();
        match component.name.as_str() {
            "Step" => {
                let introduction = if self.units.last().is_some_and(|unit| unit.is_step) {
                    Vec::new()
                } else {
                    self.introduction()
                };
                let title = Some(component.text("title").unwrap_or_default().trim().to_owned());
                let title = title.filter(|title| !title.is_empty()).or_else(|| title_of(&node.children));
                self.step(title, introduction, &node.children);
            }
            "Steps" => self.apart(|walk| walk.blocks_of_steps(&node.children)),
            _ => {
                self.tabs.extend(panel);
                if panel.is_none() && component.name != "Tabs" {
                    let title = self.prose.title(component);
                    self.say(if title.is_empty() { title } else { format!("**{title}**") });
                }
                self.apart(|walk| walk.blocks(&node.children));
                if panel.is_some() {
                    self.tabs.pop();
                }
            }
        }
    }

    /// What stands in `<Steps>`: each ordered list and each `<Step>` is of steps, with commands or without.
    fn blocks_of_steps(&mut self, nodes: &[Node]) {
        for node in nodes {
            match &node.kind {
                Kind::List { start: Some(_), .. } => self.step_list(node),
                Kind::Component(component) if component.name == "Step" => self.component(node, component),
                Kind::Partial { .. } => self.blocks_of_steps(&node.children),
                _ => self.blocks(std::slice::from_ref(node)),
            }
        }
    }

    /// The units, with what follows a list of steps in the last of them.
    fn finish(self) -> Vec<Unit> {
        let mut units = self.units;
        for index in 0..units.len() {
            let unit = &mut units[index];
            let only_says = unit.pieces.iter().all(Piece::is_prose);
            if let Some(step) = unit.follows.filter(|_| only_says && !unit.is_step) {
                let pieces = std::mem::take(&mut unit.pieces);
                // What is said in another tab than the step's is nothing of it.
                let tabs = units[step].tabs.clone();
                units[step].pieces.extend(pieces.into_iter().filter(|piece| tabs.starts_with(&piece.tabs)));
            }
        }
        units
    }
}

/// Whether a block is what the command before it prints.
fn is_output(code: &Code) -> bool {
    code.fence.output || code.fence.language == "output"
}

/// The title of a step: the bold words that it begins with, else its first sentence.
fn title_of(nodes: &[Node]) -> Option<String> {
    const LONGEST: usize = 100;
    let first = nodes.iter().find(|node| node.kind != Kind::Hidden)?;
    let words = match &first.kind {
        Kind::Paragraph => first.children.as_slice(),
        Kind::Partial { .. } => return title_of(&first.children),
        _ if is_words(first) => nodes,
        _ => return None,
    };
    let bold = words.first().filter(|node| node.kind == Kind::Strong);
    let own = bold.map_or(words, |bold| &bold.children);
    let inline: Vec<Node> = own.iter().take_while(|node| is_words(node)).cloned().collect();
    let text = plain_text(&inline).split_whitespace().collect::<Vec<_>>().join(" ");
    let end = [". ", ": ", "! ", "? "].iter().filter_map(|sign| text.find(sign)).min().unwrap_or(text.len());
    let sentence = text[..end].trim_end_matches(['.', ':', ' ']);
    if sentence.is_empty() {
        return None;
    }
    let Some((cut, _)) = sentence.char_indices().nth(LONGEST) else { return Some(sentence.to_owned()) };
    let whole = sentence[..cut].rsplit_once(' ').map_or(&sentence[..cut], |(whole, _)| whole);
    Some(format!("{whole}\u{2026}"))
}
