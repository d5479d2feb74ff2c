//! A query and the pieces of a static index in, the answer that readers get out: `engine.js` once more, for who asks
//! from outside a browser. Ranking, stems, prefixes, slips and excerpts are the same; a test asks both.
//!
//! [`Reader`] holds the manifest and what follows from it; pieces are asked for by name, as many as a query needs.

mod rank;
mod scan;
mod show;
mod terms;
mod unpack;

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use anyhow::Context;
use serde::Deserialize;
use waken_snowball::Algorithm;

use super::{MANIFEST, PIECES};
use unpack::{Fragment, Term};

/// How many pages are looked into at a time.
const WINDOW: usize = 8;
/// A query is no longer than this, in UTF-16 units.
const LONGEST: u32 = 300;
/// A manifest that says it has more entries than this is none.
const MOST_ENTRIES: u32 = 20_000_000;

/// Gives the bytes of a file of the site, by its path in the output folder.
pub type Load<'a> = &'a dyn Fn(&str) -> anyhow::Result<Vec<u8>>;

/// What is known of an index before the first query.
#[derive(Debug)]
pub struct Reader {
    entries: u32,
    stemmer: Option<Algorithm>,
    common: BTreeSet<String>,
    tables: Vec<String>,
    terms: Pieces,
    spelling: Pieces,
    backwards: Pieces,
    /// By entry: the first entry of its page.
    page_of: Vec<u32>,
    /// By entry.
    section_of: Vec<Option<u32>>,
    sections: Vec<String>,
    facets: Vec<Facet>,
}

/// The pieces of one kind, in order, each with its first word.
#[derive(Debug, Default)]
struct Pieces {
    first: Vec<String>,
    name: Vec<String>,
}

/// What results can be narrowed by.
#[derive(Debug)]
struct Facet {
    name: String,
    /// Each with whether an entry has it, by entry.
    values: Vec<(String, Vec<bool>)>,
}

#[derive(Deserialize)]
struct Manifest {
    entries: u32,
    #[serde(default)]
    stemmer: Option<String>,
    common: String,
    tables: String,
    terms: String,
    spelling: String,
    backwards: String,
    continued: String,
    sections: Vec<(String, String)>,
    facets: Vec<(String, Vec<(String, String)>)>,
}

/// How a query is to be answered.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The section of the navigation to stay in.
    pub section: Option<String>,
    /// The value of a facet that pages must have, by facet.
    pub facets: BTreeMap<String, String>,
    /// The most results.
    pub limit: usize,
}

/// What was found.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    /// How many pages there are.
    pub total: usize,
    /// The best places in the best pages.
    pub results: Vec<Found>,
}

/// A place that answers a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The page's address below the site's root.
    pub address: String,
    /// The query that opens the tab it stands in, without `?`; empty for none.
    pub tab: String,
    /// The anchor of the heading it stands below, decoded; empty for none.
    pub anchor: String,
    /// The title of the page.
    pub title: String,
    /// The heading; empty for the page itself.
    pub heading: String,
    /// The way to the page in the navigation.
    pub crumbs: Vec<String>,
    /// The labels of the tab.
    pub tabs: Vec<String>,
    /// Some words around what was found.
    pub excerpt: String,
}

impl Found {
    /// Its address below the site's root, with tab and anchor.
    #[must_use]
    pub fn url(&self) -> String {
        let mut url = self.address.clone();
        if !self.tab.is_empty() {
            url.push('?');
            url.push_str(&self.tab);
        }
        if !self.anchor.is_empty() {
            url.push('#');
            url.push_str(&encode_anchor(&self.anchor));
        }
        url
    }
}

/// An anchor as JavaScript's `encodeURI` writes it.
#[must_use]
pub fn encode_anchor(anchor: &str) -> String {
    let mut encoded = String::with_capacity(anchor.len());
    for byte in anchor.bytes() {
        if byte.is_ascii_alphanumeric() || b";,/?:@&=+$-_.!~*'()#".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

impl Reader {
    /// Reads the manifest of a site's index.
    ///
    /// # Errors
    /// When there is none, or it is not of this form.
    pub fn open(load: Load<'_>) -> anyhow::Result<Self> {
        let file = load(MANIFEST)?;
        let manifest: Manifest = unpack::data(MANIFEST, &file)?;
        let entries = manifest.entries;
        anyhow::ensure!(entries <= MOST_ENTRIES, "`{MANIFEST}` says that it has {entries} entries");
        let mut page_of: Vec<u32> = (0..entries).collect();
        unpack::runs(&manifest.continued, entries, |entry| {
            if let Some(before) = entry.checked_sub(1) {
                page_of[entry as usize] = page_of[before as usize];
            }
        });
        let mut section_of = vec![None; entries as usize];
        for (index, (_, packed)) in (0u32..).zip(&manifest.sections) {
            unpack::runs(packed, entries, |entry| section_of[entry as usize] = Some(index));
        }
        let facet = |(name, values): (String, Vec<(String, String)>)| {
            let value = |(value, packed): (String, String)| {
                let mut has = vec![false; entries as usize];
                unpack::runs(&packed, entries, |entry| has[entry as usize] = true);
                (value, has)
            };
            Facet { name, values: values.into_iter().map(value).collect() }
        };
        let lines = |text: &str| -> Vec<String> {
            text.split('\n').filter(|line| !line.is_empty()).map(str::to_owned).collect()
        };
        Ok(Self {
            entries,
            stemmer: manifest.stemmer.as_deref().and_then(algorithm),
            common: lines(&manifest.common).into_iter().collect(),
            tables: lines(&manifest.tables),
            terms: Pieces::new(&manifest.terms),
            spelling: Pieces::new(&manifest.spelling),
            backwards: Pieces::new(&manifest.backwards),
            page_of,
            section_of,
            sections: manifest.sections.into_iter().map(|(name, _)| name).collect(),
            facets: manifest.facets.into_iter().map(facet).collect(),
        })
    }

    /// The sections that a query can stay in.
    #[must_use]
    pub fn sections(&self) -> &[String] {
        &self.sections
    }

    /// The facets that a query can be narrowed by, each with its values.
    pub fn facets(&self) -> impl Iterator<Item = (&str, Vec<&str>)> {
        self.facets
            .iter()
            .map(|facet| (&*facet.name, facet.values.iter().map(|(value, _)| &**value).collect()))
    }

    /// Answers a query.
    ///
    /// # Errors
    /// When a piece cannot be read.
    pub fn query(&self, load: Load<'_>, text: &str, options: &Options) -> anyhow::Result<Answer> {
        let text = &text[..unpack::units(text, LONGEST)];
        let mut pieces = Asked { reader: self, load, terms: BTreeMap::new(), spelling: BTreeMap::new() };
        let mut asked = terms::understand(&mut pieces, text)?;
        let ranked = rank::ranked(&mut pieces, &mut asked)?;
        let pages = self.pages(&ranked, options);
        let mut results = Vec::new();
        for some in pages.chunks(WINDOW) {
            if results.len() >= options.limit {
                break;
            }
            results.extend(show::show(&pieces, some, &asked.words)?);
        }
        results.truncate(options.limit);
        Ok(Answer { total: pages.len(), results })
    }

    /// The pages that pass the filters, best first, each with its entries.
    fn pages(&self, ranked: &[rank::Ranked], options: &Options) -> Vec<Vec<rank::Ranked>> {
        let section =
            options.section.as_ref().map(|wanted| self.sections.iter().position(|name| name == wanted));
        let chosen: Vec<&Vec<bool>> = self
            .facets
            .iter()
            .filter_map(|facet| {
                let wanted = options.facets.get(&facet.name)?;
                facet.values.iter().find(|(value, _)| value == wanted).map(|(_, has)| has)
            })
            .collect();
        let mut places: BTreeMap<u32, usize> = BTreeMap::new();
        let mut pages: Vec<Vec<rank::Ranked>> = Vec::new();
        for found in ranked {
            let entry = found.entry as usize;
            let in_section = section.is_none_or(|wanted| {
                wanted.is_some_and(|wanted| self.section_of[entry].is_some_and(|own| own as usize == wanted))
            });
            if in_section && chosen.iter().all(|has| has[entry]) {
                let place = *places.entry(self.page_of[entry]).or_insert_with(|| {
                    pages.push(Vec::new());
                    pages.len() - 1
                });
                pages[place].push(*found);
            }
        }
        pages
    }
}

/// The pieces that a query has asked for.
struct Asked<'a> {
    reader: &'a Reader,
    load: Load<'a>,
    terms: BTreeMap<String, Rc<Vec<Rc<Term>>>>,
    spelling: BTreeMap<String, Rc<Vec<(String, u32)>>>,
}

impl Asked<'_> {
    fn file(&self, name: &str) -> anyhow::Result<Vec<u8>> {
        (self.load)(&format!("{PIECES}{name}.js"))
            .with_context(|| format!("reading the piece `{name}` of the search index"))
    }

    fn terms(&mut self, name: &str) -> anyhow::Result<Rc<Vec<Rc<Term>>>> {
        if let Some(known) = self.terms.get(name) {
            return Ok(Rc::clone(known));
        }
        let read = Rc::new(unpack::terms(name, &self.file(name)?)?);
        self.terms.insert(name.to_owned(), Rc::clone(&read));
        Ok(read)
    }

    fn spelling(&mut self, name: &str) -> anyhow::Result<Rc<Vec<(String, u32)>>> {
        if let Some(known) = self.spelling.get(name) {
            return Ok(Rc::clone(known));
        }
        let read = Rc::new(unpack::spelling(name, &self.file(name)?)?);
        self.spelling.insert(name.to_owned(), Rc::clone(&read));
        Ok(read)
    }

    fn fragment(&self, entry: u32) -> anyhow::Result<Fragment> {
        let table =
            self.reader.tables.get(entry as usize / super::TABLE).context("an entry without a name")?;
        let names: String = unpack::data(table, &self.file(table)?)?;
        let at = entry as usize % super::TABLE * 4;
        let name = format!("p{entry}-{}", names.get(at..at + 4).context("an entry without a name")?);
        unpack::data(&name, &self.file(&name)?)
    }
}

impl Pieces {
    fn new(text: &str) -> Self {
        let lines: Vec<&str> = text.split('\n').collect();
        let mut pieces = Self::default();
        for pair in lines.chunks_exact(2) {
            pieces.first.push(pair[0].to_owned());
            pieces.name.push(pair[1].to_owned());
        }
        pieces
    }
}

/// The stemmer of a script `…/stem/en.1234.js`: the program's own theme has one for each of these languages.
fn algorithm(address: &str) -> Option<Algorithm> {
    let name = address.rsplit('/').next()?.split('.').next()?;
    Some(match name {
        "ar" => Algorithm::Arabic,
        "ca" => Algorithm::Catalan,
        "da" => Algorithm::Danish,
        "de" => Algorithm::German,
        "el" => Algorithm::Greek,
        "en" => Algorithm::English,
        "eo" => Algorithm::Esperanto,
        "es" => Algorithm::Spanish,
        "et" => Algorithm::Estonian,
        "eu" => Algorithm::Basque,
        "fi" => Algorithm::Finnish,
        "fr" => Algorithm::French,
        "ga" => Algorithm::Irish,
        "hi" => Algorithm::Hindi,
        "hu" => Algorithm::Hungarian,
        "hy" => Algorithm::Armenian,
        "id" => Algorithm::Indonesian,
        "it" => Algorithm::Italian,
        "lt" => Algorithm::Lithuanian,
        "ne" => Algorithm::Nepali,
        "nl" => Algorithm::Dutch,
        "no" => Algorithm::Norwegian,
        "pt" => Algorithm::Portuguese,
        "ro" => Algorithm::Romanian,
        "ru" => Algorithm::Russian,
        "sv" => Algorithm::Swedish,
        "ta" => Algorithm::Tamil,
        "tr" => Algorithm::Turkish,
        "yi" => Algorithm::Yiddish,
        _ => return None,
    })
}

/// A word's stem in the language of a code as the theme's stemmers are called; nothing where there is no stemmer.
#[must_use]
pub fn stem(language: &str, word: &str) -> Option<String> {
    algorithm(language).map(|algorithm| waken_snowball::stem(algorithm, word).into_owned())
}
