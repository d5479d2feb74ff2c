//! Page trees in, the files of a static search index out.
//!
//! No server answers a query: `themes/default/assets/search/engine.js` reads the pieces it needs. The index is an
//! inverted one, cut into pieces of sorted terms; `content/waypost/search.md` says what is in them. An [`Entry`] is made
//! where a page is rendered; [`Index::add`] takes entries in the order of the pages and keeps of them which terms they
//! have; [`Index::finish`] turns that round and writes the rest. Pages that are not [`Listed`](Visibility::Listed) are not in it.
//!
//! What a term counts for in a page is worked out from that page alone (BM25F with fixed mean lengths), so that a change of
//! one page changes no other page's numbers. Stems are the reader's affair: the index holds words as they are written.

mod lists;
mod names;
mod packed;
pub mod read;
mod text;
mod words;

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::config::Config;
use crate::render::address::encode;
use crate::site::nav::trail;
use crate::site::{Page, PageId, Site, Visibility};
use crate::theme::Theme;
use lists::Lists;
use names::Names;
use text::Section;

/// Where the pieces stand, below the site's root.
const PIECES: &str = "assets/search/pieces/";
/// The one file with a name that stays: it names the others.
pub const MANIFEST: &str = "assets/search/index.js";
/// Where themes keep the stemmers, each by its language.
const STEMMERS: &str = "search/stem/";
/// A piece of terms is closed when it is larger than this.
const PIECE: usize = 14_000;
/// How many terms one thread packs at a time; a piece ends with them.
const TERMS_AT_ONCE: usize = 8_192;
/// How many entries one table of names holds.
const TABLE: usize = 2_048;
/// A larger index does without the postings of words that are in more than half of its entries.
const LARGE: u32 = 1_000;

/// The fields that a term can stand in, each with its weight and its usual length.
const FIELDS: [(f32, f32); 5] = [(6.0, 4.0), (3.0, 30.0), (2.0, 20.0), (1.0, 400.0), (0.8, 150.0)];
const TITLE: usize = 0;
const HEADING: usize = 1;
const DESCRIPTION: usize = 2;
const PROSE: usize = 3;
const CODE: usize = 4;

/// How much the length of a field matters, from 0 to 1.
const LENGTH_MATTERS: f32 = 0.5;
/// The weight at which a term counts half.
const HALF: f32 = 2.0;

/// A page as the index takes it in: one part or, of a long page, several.
#[derive(Debug)]
pub struct Entry {
    parts: Vec<Part>,
    section: Option<String>,
    /// Facet and value, by their places in the settings.
    values: Vec<(usize, usize)>,
}

#[derive(Debug)]
struct Part {
    names: Names,
    terms: Terms,
    /// What results show, as JavaScript, and the hash of that.
    fragment: Vec<u8>,
    name: [u8; 4],
}

/// The terms of a part, by their numbers.
#[derive(Debug)]
struct Terms {
    numbers: Vec<u32>,
    /// What each counts for.
    weights: Vec<u8>,
    /// Terms of the title (0) and the headings (from 1).
    headings: Vec<(u32, Heading)>,
}

/// A heading that a term stands in: which one, and how many words it has.
#[derive(Clone, Copy, Debug, Default)]
struct Heading {
    place: u32,
    length: u32,
}

/// A file of the index: its path below the site's root, and its bytes.
pub type File = (String, Vec<u8>);

/// Everything that was added.
#[derive(Debug)]
pub struct Index {
    facets: Vec<(String, Vec<String>)>,
    trailing_slash: bool,
    scripts: BTreeMap<&'static str, String>,
    names: Names,
    /// How many entries there are.
    entries: u32,
    /// By entry.
    terms: Vec<Terms>,
    /// Entries that go on with the page before.
    continued: Vec<u32>,
    sections: Vec<(String, Vec<u32>)>,
    /// By facet and value.
    values: Vec<Vec<Vec<u32>>>,
    fragments: Vec<[u8; 4]>,
}

/// The addresses of the theme's scripts for search, and what else of its `search/` folder this site serves.
///
/// Themes hold stemmers for many languages; a site needs its own.
#[must_use]
pub fn scripts(theme: &Theme, config: &Config) -> BTreeMap<&'static str, String> {
    let language = config.book.language.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
    let language = if matches!(&*language, "nb" | "nn") { "no" } else { &*language };
    let stemmer = format!("{STEMMERS}{language}.js");
    [("client", "search/client.js"), ("engine", "search/engine.js"), ("stemmer", &*stemmer)]
        .into_iter()
        .filter(|_| config.search.enabled)
        .filter_map(|(key, name)| Some((key, theme.addresses.get(name)?.clone())))
        .collect()
}

/// Whether a file of the theme is for search and of no use to this site: all of them where it has none, and the
/// stemmers of other languages.
#[must_use]
pub fn is_idle(theme: &Theme, config: &Config, address: &str) -> bool {
    let Some(name) = address.strip_prefix("assets/").filter(|name| name.starts_with("search/")) else {
        return false;
    };
    let stemmer = scripts(theme, config).remove("stemmer");
    // The licence of the stemmers goes with the one that is used.
    let is_other = stemmer.as_deref() != Some(address) && (stemmer.is_none() || name.ends_with(".js"));
    !config.search.enabled || (name.starts_with(STEMMERS) && is_other)
}

/// What goes into the index of a page; nothing for pages that are not to be found.
#[must_use]
pub fn entry(site: &Site, config: &Config, id: PageId) -> Option<Entry> {
    let page = site.page(id);
    if page.visibility != Visibility::Listed || page.document.front_matter.unsearched {
        return None;
    }
    let way = trail(site, id);
    let crumbs: Vec<&str> = way.iter().map(|item| &*item.label).collect();
    let section = way.first().filter(|item| !item.items.is_empty()).map(|item| item.label.clone());
    let tags = &page.document.front_matter.tags;
    let mut values = Vec::new();
    for (facet, (_, known)) in config.search.facets.iter().enumerate() {
        for (value, name) in known.iter().enumerate() {
            if tags.iter().any(|tag| tag.eq_ignore_ascii_case(name)) {
                values.push((facet, value));
            }
        }
    }
    let parts = text::parts(page);
    let several = parts.len() > 1;
    let parts = parts
        .iter()
        .enumerate()
        .map(|(number, sections)| part(site, config, page, &crumbs, number, sections, several))
        .collect();
    Some(Entry { parts, section, values })
}

/// The terms of a part while they are counted.
#[derive(Default)]
struct Count {
    names: Names,
    /// By term and field.
    counts: Vec<[u16; FIELDS.len()]>,
    lengths: [u32; FIELDS.len()],
    headings: Vec<(u32, Heading)>,
}

impl Count {
    fn term(&mut self, term: &str, field: usize) -> u32 {
        let number = self.names.number(term);
        if number as usize == self.counts.len() {
            self.counts.push([0; FIELDS.len()]);
        }
        let count = &mut self.counts[number as usize][field];
        *count = count.saturating_add(1);
        number
    }

    fn text(&mut self, text: &str, field: usize) {
        words::terms(text, &mut |term, is_word| {
            self.term(term, field);
            self.lengths[field] += u32::from(is_word);
        });
    }

    /// The title or a heading: its terms are also known by its place.
    fn heading(&mut self, text: &str, field: usize, place: u32) {
        let from = self.headings.len();
        let mut length = 0;
        words::terms(text, &mut |term, is_word| {
            let number = self.term(term, field);
            length += u32::from(is_word);
            if !self.headings[from..].iter().any(|(known, _)| *known == number) {
                self.headings.push((number, Heading { place, length: 0 }));
            }
        });
        self.lengths[field] += length;
        for (_, heading) in &mut self.headings[from..] {
            heading.length = length;
        }
    }

    fn commands(&mut self, line: &str) {
        words::commands(line, &mut |chain| {
            self.term(chain, CODE);
        });
    }

    /// The terms by their numbers, each with what it counts for, from 1 to 92.
    fn finish(self) -> (Names, Terms) {
        let norms: Vec<f32> = FIELDS
            .iter()
            .zip(self.lengths)
            .map(|((weight, usual), length)| {
                weight / (1.0 - LENGTH_MATTERS + LENGTH_MATTERS * length as f32 / usual)
            })
            .collect();
        let weights = self.counts.iter().map(|counts| {
            let weight: f32 = counts.iter().zip(&norms).map(|(count, norm)| f32::from(*count) * norm).sum();
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 1 and 92")]
            let counts_for = (92.0 * weight / (weight + HALF)).round().clamp(1.0, 92.0) as u8;
            counts_for
        });
        let terms = Terms { numbers: Vec::new(), weights: weights.collect(), headings: self.headings };
        (self.names, terms)
    }
}

fn part(
    site: &Site,
    config: &Config,
    page: &Page,
    crumbs: &[&str],
    number: usize,
    sections: &[Section],
    several: bool,
) -> Part {
    let mut count = Count::default();
    if number > 0 {
        count.text(&page.title, TITLE);
    } else {
        count.heading(&page.title, TITLE, 0);
        if page.label != page.title {
            count.text(&page.label, DESCRIPTION);
        }
        if page.described {
            count.text(&page.description, DESCRIPTION);
        }
        let front_matter = &page.document.front_matter;
        for word in front_matter.keywords.iter().chain(&front_matter.tags) {
            count.text(word, DESCRIPTION);
        }
        for child in page.generated_index.iter().flatten() {
            count.text(&site.page(*child).title, PROSE);
        }
    }
    for (section, place) in sections.iter().zip(1u32..) {
        if !section.continued && !section.heading.is_empty() {
            count.heading(&section.heading, HEADING, place);
            count.commands(&section.heading);
        }
        for block in &section.blocks {
            count.text(&block.text, if block.code { CODE } else { PROSE });
            for line in
                block.text.lines().filter(|_| block.shell).chain(block.spans.iter().map(|span| &**span))
            {
                count.commands(line);
            }
        }
    }
    let address = match (encode(&page.route), config.site.trailing_slash) {
        (route, true) if !route.is_empty() => format!("{route}/"),
        (route, _) => route,
    };
    let fragment = fragment(page, &address, crumbs, number, sections, several);
    let (names, terms) = count.finish();
    Part { names, terms, name: short_name(&fragment), fragment }
}

/// What results show of a part: `[address, title, crumbs, description, tabs, sections, part]`; a section is
/// `[heading, level, anchor, tab, blocks]`, a block its text or `[text, tab, whether it is code]`, a tab its place in
/// `tabs` (`[labels, query]`) or -1.
fn fragment(
    page: &Page,
    address: &str,
    crumbs: &[&str],
    number: usize,
    sections: &[Section],
    several: bool,
) -> Vec<u8> {
    let texts = sections.iter().flat_map(|section| &section.blocks).map(|block| block.text.len() + 16);
    let mut out = Vec::with_capacity(1_024 + 64 * sections.len() + texts.sum::<usize>());
    let mut tabs: Vec<&[(u32, usize)]> = Vec::new();
    for path in sections.iter().flat_map(|section| {
        std::iter::once(&section.tabs).chain(section.blocks.iter().map(|block| &block.tabs))
    }) {
        if !path.is_empty() && !tabs.contains(&&path[..]) {
            tabs.push(path);
        }
    }
    let place = |path: &[(u32, usize)]| match tabs.iter().position(|known| *known == path) {
        Some(place) => place.to_string(),
        None => "-1".to_owned(),
    };
    let list = |out: &mut Vec<u8>, items: &[&str]| {
        out.push(b'[');
        for (index, item) in items.iter().enumerate() {
            out.extend_from_slice(if index > 0 { b"," } else { b"" });
            packed::string(out, item.as_bytes());
        }
        out.push(b']');
    };
    out.push(b'[');
    packed::string(&mut out, address.as_bytes());
    out.push(b',');
    packed::string(&mut out, page.title.as_bytes());
    out.push(b',');
    list(&mut out, crumbs);
    out.push(b',');
    packed::string(&mut out, if number == 0 { page.description.as_bytes() } else { b"" });
    out.extend_from_slice(b",[");
    for (index, path) in tabs.iter().enumerate() {
        let (labels, query) = text::tabs(page, path);
        out.extend_from_slice(if index > 0 { b",[" } else { b"[" });
        list(&mut out, &labels.iter().map(String::as_str).collect::<Vec<_>>());
        out.push(b',');
        packed::string(&mut out, query.as_bytes());
        out.push(b']');
    }
    out.extend_from_slice(b"],[");
    for (index, section) in sections.iter().enumerate() {
        out.extend_from_slice(if index > 0 { b",\n[" } else { b"[" });
        packed::string(&mut out, section.heading.as_bytes());
        out.extend_from_slice(format!(",{},", section.level).as_bytes());
        packed::string(&mut out, section.anchor.as_bytes());
        out.extend_from_slice(format!(",{},[", place(&section.tabs)).as_bytes());
        for (index, block) in section.blocks.iter().enumerate() {
            out.extend_from_slice(if index > 0 { b"," } else { b"" });
            if block.code || block.tabs != section.tabs {
                out.push(b'[');
                packed::string(&mut out, block.text.as_bytes());
                out.extend_from_slice(
                    format!(",{},{}]", place(&block.tabs), u8::from(block.code)).as_bytes(),
                );
            } else {
                packed::string(&mut out, block.text.as_bytes());
            }
        }
        out.extend_from_slice(b"]]");
    }
    let part = if several { number + 1 } else { 0 };
    out.extend_from_slice(format!("],{part}]").as_bytes());
    out
}

impl Index {
    /// An empty index; it says where the `scripts` are that read it.
    #[must_use]
    pub fn new(theme: &Theme, config: &Config) -> Self {
        let facets: Vec<_> =
            config.search.facets.iter().map(|(name, values)| (name.clone(), values.clone())).collect();
        Self {
            values: facets.iter().map(|(_, values)| vec![Vec::new(); values.len()]).collect(),
            facets,
            trailing_slash: config.site.trailing_slash,
            scripts: scripts(theme, config),
            names: Names::default(),
            entries: 0,
            terms: Vec::new(),
            continued: Vec::new(),
            sections: Vec::new(),
            fragments: Vec::new(),
        }
    }

    /// Adds a page and gives its files. Pages come in the order of the site.
    pub fn add(&mut self, entry: Entry) -> Vec<File> {
        let mut files = Vec::with_capacity(entry.parts.len());
        if let Some(section) = &entry.section
            && self.sections.last().is_none_or(|(last, _)| last != section)
            && !self.sections.iter().any(|(known, _)| known == section)
        {
            self.sections.push((section.clone(), Vec::new()));
        }
        for (number, mut part) in entry.parts.into_iter().enumerate() {
            let own = self.entries;
            self.entries += 1;
            if number > 0 {
                self.continued.push(own);
            }
            if let Some(section) = &entry.section
                && let Some((_, entries)) = self.sections.iter_mut().rfind(|(known, _)| known == section)
            {
                entries.push(own);
            }
            for (facet, value) in &entry.values {
                self.values[*facet][*value].push(own);
            }
            let numbers = self.names.take_over(&part.names);
            for (term, _) in &mut part.terms.headings {
                *term = numbers[*term as usize];
            }
            self.terms.push(Terms { numbers, ..part.terms });
            self.fragments.push(part.name);
            let name = format!("p{own}-{}", String::from_utf8_lossy(&part.name));
            files.push((format!("{PIECES}{name}.js"), piece(&name, &part.fragment)));
        }
        files
    }

    /// Every other file of the index.
    #[must_use]
    pub fn finish(self) -> Vec<File> {
        let mut files = Vec::new();
        let entries = self.entries;
        let lists = Lists::new(&self.names, &self.terms);
        let common: Vec<&str> = lists
            .iter()
            .filter(|list| entries >= LARGE && list.texts.len() > entries as usize / 2)
            .map(|list| list.term)
            .collect();
        let pieces = term_pieces(&lists, &mut files);
        let words: Vec<(String, u32)> = lists
            .iter()
            .filter(|list| is_spelled(list.term))
            .map(|list| (list.term.to_owned(), list.texts.len().checked_ilog2().unwrap_or(0)))
            .collect();
        let spelling = spelling_pieces(&words, &mut files);
        let backwards = if spelling.len() > 1 {
            let turn = |(word, often): &(String, u32)| (word.chars().rev().collect::<String>(), *often);
            let mut turned: Vec<_> = words.iter().map(turn).collect();
            turned.par_sort_unstable_by(|(a, _), (b, _)| by_units(a, b));
            spelling_pieces(&turned, &mut files)
        } else {
            Vec::new()
        };
        let tables: Vec<String> = self
            .fragments
            .chunks(TABLE)
            .map(|names| {
                let mut data = Vec::new();
                packed::string(&mut data, &names.concat());
                named("n", &data, &mut files)
            })
            .collect();
        let mut manifest = Vec::new();
        manifest.extend_from_slice(
            format!("{{\"entries\":{},\"slash\":{}", entries, self.trailing_slash).as_bytes(),
        );
        for (name, address) in self.scripts.iter().filter(|(name, _)| **name != "client") {
            manifest.extend_from_slice(format!(",\"{name}\":").as_bytes());
            packed::string(&mut manifest, address.as_bytes());
        }
        let mut list = |key: &str, items: &[&str]| {
            manifest.extend_from_slice(format!(",\n\"{key}\":").as_bytes());
            packed::string(&mut manifest, items.join("\n").as_bytes());
        };
        list("common", &common);
        list("tables", &tables.iter().map(|name| &**name).collect::<Vec<_>>());
        for (key, pieces) in [("terms", &pieces), ("spelling", &spelling), ("backwards", &backwards)] {
            list(key, &pieces.iter().flat_map(|(first, name)| [&**first, &**name]).collect::<Vec<_>>());
        }
        manifest.extend_from_slice(b",\n\"continued\":");
        packed::string(&mut manifest, &runs(&self.continued));
        manifest.extend_from_slice(b",\n\"sections\":[");
        for (index, (name, entries)) in self.sections.iter().enumerate() {
            manifest.extend_from_slice(if index > 0 { b",[" } else { b"[" });
            packed::string(&mut manifest, name.as_bytes());
            manifest.push(b',');
            packed::string(&mut manifest, &runs(entries));
            manifest.push(b']');
        }
        manifest.extend_from_slice(b"],\n\"facets\":[");
        for (index, ((name, values), entries)) in self.facets.iter().zip(&self.values).enumerate() {
            manifest.extend_from_slice(if index > 0 { b",[" } else { b"[" });
            packed::string(&mut manifest, name.as_bytes());
            manifest.extend_from_slice(b",[");
            for (index, (value, entries)) in values.iter().zip(entries).enumerate() {
                manifest.extend_from_slice(if index > 0 { b",[" } else { b"[" });
                packed::string(&mut manifest, value.as_bytes());
                manifest.push(b',');
                packed::string(&mut manifest, &runs(entries));
                manifest.push(b']');
            }
            manifest.extend_from_slice(b"]]");
        }
        manifest.extend_from_slice(b"]}");
        files.push((MANIFEST.to_owned(), piece("index", &manifest)));
        files
    }
}

/// The pieces of terms with their postings, each named with its first term.
fn term_pieces(lists: &Lists<'_>, files: &mut Vec<File>) -> Vec<(String, String)> {
    let some: Vec<std::ops::Range<usize>> = (0..lists.len())
        .step_by(TERMS_AT_ONCE)
        .map(|from| from..lists.len().min(from + TERMS_AT_ONCE))
        .collect();
    let packed: Vec<_> = some.into_par_iter().map(|terms| some_pieces(lists, terms)).collect();
    let mut pieces = Vec::new();
    for (named, made) in packed {
        pieces.extend(named);
        files.extend(made);
    }
    pieces
}

fn some_pieces(lists: &Lists<'_>, terms: std::ops::Range<usize>) -> (Vec<(String, String)>, Vec<File>) {
    let (mut pieces, mut files) = (Vec::new(), Vec::new());
    let mut first = None;
    let mut before = "";
    let (mut words, mut all) = (Vec::new(), Vec::new());
    let mut close = |first: &mut Option<&str>, words: &mut Vec<u8>, all: &mut Vec<u8>| {
        if let Some(first) = first.take() {
            let mut data = vec![b'['];
            packed::string(&mut data, words);
            data.push(b',');
            packed::string(&mut data, all);
            data.push(b']');
            pieces.push((first.to_owned(), named("t", &data, &mut files)));
            words.clear();
            all.clear();
        }
    };
    let (mut texts, mut headings) = (Vec::new(), Vec::new());
    for list in terms.map(|term| lists.get(term)) {
        list.pack(&mut texts, &mut headings);
        if words.len() + all.len() + texts.len() + headings.len() > PIECE {
            close(&mut first, &mut words, &mut all);
        }
        if first.is_none() {
            first = Some(list.term);
            before = "";
        }
        packed::word(&mut words, before, list.term);
        before = list.term;
        packed::number(&mut words, u32::try_from(list.texts.len()).expect("no more than entries"));
        for packed in [&mut texts, &mut headings] {
            packed::number(&mut words, u32::try_from(packed.len()).expect("pieces are small"));
            all.append(packed);
        }
    }
    close(&mut first, &mut words, &mut all);
    (pieces, files)
}

/// The pieces of words alone, each word with how often it stands, each piece named with its first word.
fn spelling_pieces(words: &[(String, u32)], files: &mut Vec<File>) -> Vec<(String, String)> {
    let mut pieces = Vec::new();
    let mut from = 0;
    while from < words.len() {
        let mut packed = Vec::new();
        let mut before = "";
        let mut at = from;
        while at < words.len() && packed.len() < PIECE {
            let (word, often) = &words[at];
            packed::word(&mut packed, before, word);
            packed::digit(&mut packed, *often);
            before = word;
            at += 1;
        }
        let mut data = Vec::new();
        packed::string(&mut data, &packed);
        pieces.push((words[from].0.clone(), named("s", &data, files)));
        from = at;
    }
    pieces
}

/// Whether someone may misspell it: a word of at least four letters.
fn is_spelled(term: &str) -> bool {
    term.len() >= 4 && term.chars().all(char::is_alphabetic)
}

/// The order of JavaScript's strings.
fn by_units(a: &str, b: &str) -> std::cmp::Ordering {
    if a.is_ascii() && b.is_ascii() { a.cmp(b) } else { a.encode_utf16().cmp(b.encode_utf16()) }
}

/// Sorted numbers as runs: how many are left out, how many follow one another.
fn runs(numbers: &[u32]) -> Vec<u8> {
    let mut packed = Vec::new();
    let mut next = 0;
    let mut at = 0;
    while let Some(first) = numbers.get(at) {
        let length =
            numbers[at..].iter().zip(*first..).take_while(|(number, expected)| *number == expected).count();
        packed::number(&mut packed, first - next);
        let length = u32::try_from(length).expect("no more than there are numbers");
        packed::number(&mut packed, length);
        next = first + length;
        at += length as usize;
    }
    packed
}

/// A script that hands `data` over under a name.
fn piece(name: &str, data: &[u8]) -> Vec<u8> {
    let mut file = format!("waypostSearch(\"{name}\",").into_bytes();
    file.extend_from_slice(data);
    file.extend_from_slice(b")\n");
    file
}

/// Adds a piece that is named by its content, and gives its name.
fn named(kind: &str, data: &[u8], files: &mut Vec<File>) -> String {
    let name = format!("{kind}{}", &blake3::hash(data).to_hex()[..10]);
    files.push((format!("{PIECES}{name}.js"), piece(&name, data)));
    name
}

/// Four letters and digits of a piece's hash; its number makes its name unique.
fn short_name(data: &[u8]) -> [u8; 4] {
    const LETTERS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
    let hash = blake3::hash(data);
    let mut name = [0; 4];
    for (letter, byte) in name.iter_mut().zip(hash.as_bytes()) {
        *letter = LETTERS[usize::from(byte & 31)];
    }
    name
}
