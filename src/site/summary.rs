//! `SUMMARY.md`'s tree in, the [`Outline`] it draws out, and from that the navigation: mdBook's format.
//!
//! Links before the first list are prefix chapters, those after the last one suffix chapters, a list holds
//! numbered ones; `# Part` begins a part, `---` is a line, `[Draft]()` a chapter without a page. An item without
//! a link is a category, and a link may lead to another site: these two are ours.

use std::collections::{BTreeMap, BTreeSet};

use super::pages::{NoPage, Rules};
use super::{Inputs, NavItem, NavLink, PageId, links, paths};
use crate::config::{Dialect, Navigation};
use crate::diagnostic::{Diagnostic, Span, nearest, rules};
use crate::document::{Kind, Node, plain_text};

/// What `SUMMARY.md` says.
#[derive(Clone, Debug, Default)]
pub(super) struct Outline {
    entries: Vec<Entry>,
}

#[derive(Clone, Debug)]
struct Entry {
    label: String,
    leads: Leads,
    span: Span,
    numbered: bool,
    entries: Vec<Entry>,
}

#[derive(Clone, Debug)]
enum Leads {
    /// A category, a part, or a draft chapter.
    Nowhere,
    /// A file, by path from the folder of `book.toml`, and as written.
    File(String, String),
    /// Another site.
    External(String),
    /// It is a line.
    Line,
}

impl Outline {
    /// Reads the summary, where the navigation comes from it.
    pub(super) fn read(inputs: &Inputs, diagnostics: &mut Vec<Diagnostic>) -> Option<Self> {
        let summary = match (inputs.config.content.navigation, inputs.summary) {
            (Navigation::Folders, _) | (Navigation::Auto, None) => return None,
            (Navigation::Auto | Navigation::Summary, Some(summary)) => summary,
            (Navigation::Summary, None) => {
                diagnostics.push(
                    Diagnostic::new(&rules::SUMMARY_MISSING_PAGE, "there is no `SUMMARY.md`")
                        .help("write one, or set `content.navigation = \"folders\"` in `book.toml`"),
                );
                return None;
            }
        };
        let mut reader = Reader { src: paths::clean(&inputs.config.book.src), diagnostics };
        Some(Self { entries: reader.top(&summary.nodes) })
    }

    /// Every file it names.
    pub(super) fn files(&self) -> BTreeSet<String> {
        fn gather(entries: &[Entry], files: &mut BTreeSet<String>) {
            for entry in entries {
                if let Leads::File(path, _) = &entry.leads {
                    files.insert(path.clone());
                }
                gather(&entry.entries, files);
            }
        }
        let mut files = BTreeSet::new();
        gather(&self.entries, &mut files);
        files
    }

    /// What it calls each file.
    pub(super) fn labels(&self) -> BTreeMap<&str, &str> {
        fn gather<'a>(entries: &'a [Entry], labels: &mut BTreeMap<&'a str, &'a str>) {
            for entry in entries {
                if let Leads::File(path, _) = &entry.leads {
                    labels.entry(path).or_insert(&entry.label);
                }
                gather(&entry.entries, labels);
            }
        }
        let mut labels = BTreeMap::new();
        gather(&self.entries, &mut labels);
        labels
    }
}

struct Reader<'a> {
    src: String,
    diagnostics: &'a mut Vec<Diagnostic>,
}

impl Reader<'_> {
    fn top(&mut self, nodes: &[Node]) -> Vec<Entry> {
        let mut entries: Vec<Entry> = Vec::new();
        // The first heading is the title of the summary.
        let mut started = false;
        let mut part = None;
        for node in nodes {
            if let Kind::Heading { level: 1, .. } = node.kind {
                if started {
                    part = Some(entries.len());
                    entries.push(Entry {
                        label: words(&node.children),
                        leads: Leads::Nowhere,
                        span: node.span,
                        numbered: false,
                        entries: Vec::new(),
                    });
                }
                started = true;
            } else if let Kind::Paragraph = node.kind {
                started = true;
                part = None;
                let chapters = self.chapters(node);
                entries.extend(chapters);
            } else if let Kind::List { .. } = node.kind {
                started = true;
                let items = self.list(node);
                match part {
                    Some(at) => entries[at].entries.extend(items),
                    None => entries.extend(items),
                }
            } else if let Kind::Rule = node.kind {
                started = true;
                entries.push(Entry {
                    label: String::new(),
                    leads: Leads::Line,
                    span: node.span,
                    numbered: false,
                    entries: Vec::new(),
                });
            } else if !matches!(node.kind, Kind::Hidden | Kind::Html { .. } | Kind::Heading { .. }) {
                // mdBook passes over lower headings, and so do we.
                self.syntax(node.span, "this is neither a chapter, a list of chapters, a part nor a line");
            }
        }
        entries
    }

    /// Prefix and suffix chapters: the links of a paragraph.
    fn chapters(&mut self, paragraph: &Node) -> Vec<Entry> {
        let mut entries = Vec::new();
        for node in &paragraph.children {
            match &node.kind {
                Kind::Link { url, .. } => entries.push(self.chapter(node, url, false)),
                Kind::SoftBreak | Kind::HardBreak | Kind::Hidden => {}
                Kind::Text(text) if text.trim().is_empty() => {}
                _ => self.syntax(node.span, "text outside a list says nothing here"),
            }
        }
        entries
    }

    fn list(&mut self, list: &Node) -> Vec<Entry> {
        list.children.iter().filter_map(|item| self.item(item)).collect()
    }

    fn item(&mut self, item: &Node) -> Option<Entry> {
        // A loose item holds its words in a paragraph, a tight one by itself.
        let (lists, rest): (Vec<&Node>, Vec<&Node>) =
            item.children.iter().partition(|node| matches!(node.kind, Kind::List { .. }));
        let mut inline: Vec<&Node> = Vec::new();
        for node in rest {
            if node.kind == Kind::Paragraph {
                inline.extend(&node.children);
            } else {
                inline.push(node);
            }
        }
        let mut links = inline.iter().filter_map(|node| match &node.kind {
            Kind::Link { url, .. } => Some((*node, url.as_str())),
            _ => None,
        });
        let mut entry = match (links.next(), links.next()) {
            (Some((node, url)), None) => self.chapter(node, url, true),
            (Some((node, url)), Some((second, _))) => {
                self.syntax(second.span, "an item has more than one link");
                self.chapter(node, url, true)
            }
            (None, _) => Entry {
                label: inline.iter().map(|node| words(std::slice::from_ref(*node))).collect::<String>(),
                leads: Leads::Nowhere,
                span: item.span,
                numbered: true,
                entries: Vec::new(),
            },
        };
        entry.label = entry.label.trim().to_owned();
        for list in lists {
            entry.entries.extend(self.list(list));
        }
        if entry.label.is_empty() && matches!(entry.leads, Leads::Nowhere) {
            self.syntax(item.span, "an item has neither words nor a link");
            return None;
        }
        Some(entry)
    }

    fn chapter(&mut self, node: &Node, url: &str, numbered: bool) -> Entry {
        let leads = if url.is_empty() {
            Leads::Nowhere
        } else if let Some(scheme) = links::code_scheme(url) {
            self.syntax(node.span, &format!("`{scheme}` addresses run code on the reader's side"));
            Leads::Nowhere
        } else if links::is_external(url) {
            Leads::External(url.to_owned())
        } else {
            let path = url.split(['#', '?']).next().unwrap_or_default();
            let path = paths::join_clamped(&self.src, &paths::decode(path));
            Leads::File(path, url.to_owned())
        };
        Entry { label: words(&node.children), leads, span: node.span, numbered, entries: Vec::new() }
    }

    fn syntax(&mut self, span: Span, message: &str) {
        self.diagnostics.push(
            Diagnostic::new(&rules::SUMMARY_SYNTAX, message)
                .at(span)
                .help("write chapters as `- [Title](path.md)`, nested ones indented, parts as `# Title`"),
        );
    }
}

fn words(nodes: &[Node]) -> String {
    plain_text(nodes).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Draws the navigation.
pub(super) fn nav(
    inputs: &Inputs,
    rules: &Rules,
    outline: &Outline,
    pages: &super::Drafts,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<NavItem> {
    let mut work = Drawing { inputs, rules, pages, seen: BTreeMap::new(), diagnostics };
    let numbered =
        inputs.config.content.dialect == Dialect::Mdbook && !inputs.config.output.html.no_section_label;
    let mut numbers = numbered.then(Numbers::default);
    work.items(&outline.entries, numbers.as_mut(), 0)
}

struct Drawing<'a> {
    inputs: &'a Inputs<'a>,
    rules: &'a Rules,
    pages: &'a super::Drafts,
    seen: BTreeMap<PageId, Span>,
    diagnostics: &'a mut Vec<Diagnostic>,
}

/// Where mdBook's numbering stands: parts do not start it anew.
#[derive(Clone, Debug, Default)]
struct Numbers {
    prefix: String,
    last: u32,
}

impl Drawing<'_> {
    fn items(&mut self, entries: &[Entry], mut numbers: Option<&mut Numbers>, depth: usize) -> Vec<NavItem> {
        let mut items = Vec::new();
        for entry in entries {
            let link = match &entry.leads {
                Leads::Nowhere => NavLink::None,
                Leads::Line => NavLink::Separator,
                Leads::External(url) => NavLink::External(url.clone()),
                Leads::File(path, written) => match self.page(path, written, entry.span) {
                    Some(link) => link,
                    None => continue,
                },
            };
            let number = numbers.as_deref_mut().filter(|_| entry.numbered).map(|numbers| {
                numbers.last += 1;
                format!("{}{}.", numbers.prefix, numbers.last)
            });
            let items_below = match &number {
                Some(number) => self.items(
                    &entry.entries,
                    Some(&mut Numbers { prefix: number.clone(), last: 0 }),
                    depth + 1,
                ),
                None => self.items(&entry.entries, numbers.as_deref_mut(), depth + 1),
            };
            let mut item = NavItem::new(entry.label.clone(), link);
            item.items = items_below;
            item.number = number;
            // mdBook shows everything; in a tree of our own only the first level is open.
            item.collapsed = self.inputs.config.content.dialect != Dialect::Mdbook && depth > 0;
            if let NavLink::Page(page) = item.link {
                item.decorate(&self.pages.pages[page.0 as usize].document.front_matter);
            }
            items.push(item);
        }
        items
    }

    fn page(&mut self, path: &str, written: &str, span: Span) -> Option<NavLink> {
        let by_route = || {
            let route = written.strip_prefix('/')?.trim_end_matches('/');
            let page = self.pages.pages.iter().find(|page| page.route == route)?;
            self.pages.by_path.get(&page.path)
        };
        if let Some(page) = self.pages.by_path.get(path).or_else(by_route).copied() {
            if let Some(first) = self.seen.get(&page).copied() {
                self.diagnostics.push(
                    Diagnostic::new(&rules::SUMMARY_DUPLICATE, format!("`{written}` is listed twice"))
                        .at(span)
                        .note(first, "the first is here")
                        .help("take one of them out: a page has one place in the navigation"),
                );
                return None;
            }
            self.seen.insert(page, span);
            return Some(NavLink::Page(page));
        }
        let document = self.inputs.documents.get(path);
        let reason = document.and_then(|document| self.rules.no_page(path, document));
        if reason == Some(NoPage::Draft) {
            return None;
        }
        let message = match reason {
            Some(reason) => format!("`{written}` {}", reason.reason()),
            None => format!("`{written}` does not exist"),
        };
        let mut diagnostic = Diagnostic::new(&rules::SUMMARY_MISSING_PAGE, message).at(span);
        let name = paths::name(path);
        let mut candidates = self.pages.pages.iter().map(|page| page.path.as_str());
        let near = candidates
            .clone()
            .find(|candidate| paths::name(candidate).eq_ignore_ascii_case(name))
            .or_else(|| nearest(path, &mut candidates));
        let src = paths::clean(&self.inputs.config.book.src);
        diagnostic = match near.and_then(|near| paths::below(near, &src)) {
            Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
            None => {
                diagnostic.help("write the path from the folder of `SUMMARY.md`, or leave the address empty")
            }
        };
        self.diagnostics.push(diagnostic);
        None
    }
}
