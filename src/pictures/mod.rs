//! Which images the pages show in; how large each one is out, and what cannot be read.
//!
//! Only the first bytes of each file are read, once for a build. With the size in its tag an image has its room before it
//! is there, and nothing moves when it comes.

mod measure;
mod variants;

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use crate::diagnostic::{Diagnostic, FileId, Span, rules};
use crate::document::Document;
use crate::output::Kept;
use crate::site::{Inputs, Page, Site, Target};

/// The images of the site by their address below its root.
#[derive(Clone, Debug, Default)]
pub struct Pictures(BTreeMap<String, Picture>);

/// What is known of an image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// Its size in CSS pixels, as it is shown: a photograph that lies on its side is turned.
    pub width: u32,
    /// See there.
    pub height: u32,
    /// Smaller copies of it, the narrowest first.
    pub variants: Vec<Variant>,
}

/// A copy of an image, as WebP.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variant {
    /// Its width in pixels.
    pub width: u32,
    /// Its address below the site's root.
    pub address: String,
    /// The name that its bytes are kept under between builds.
    pub key: String,
}

/// What GitHub and Docusaurus read at the end of an image's address: the colour mode that it is for.
const MODES: [(&str, Mode); 2] = [("#gh-light-mode-only", Mode::Light), ("#gh-dark-mode-only", Mode::Dark)];

/// A colour mode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// On light ground.
    Light,
    /// On dark ground.
    Dark,
}

impl Mode {
    /// The class of what is shown in that mode only.
    #[must_use]
    pub fn class(self) -> &'static str {
        match self {
            Self::Light => "on-light",
            Self::Dark => "on-dark",
        }
    }
}

/// An address without the colour mode at its end, and that mode.
#[must_use]
pub fn mode(url: &str) -> (&str, Option<Mode>) {
    let named = |(end, mode): &(&str, Mode)| Some((url.strip_suffix(end)?, Some(*mode)));
    MODES.iter().find_map(named).unwrap_or((url, None))
}

impl Pictures {
    /// Every copy of an image.
    pub fn variants(&self) -> impl Iterator<Item = &Variant> {
        let mut copies: BTreeMap<&str, &Variant> = BTreeMap::new();
        for variant in self.0.values().flat_map(|picture| &picture.variants) {
            copies.insert(&variant.address, variant);
        }
        copies.into_values()
    }

    /// The image that a link leads to.
    #[must_use]
    pub fn of(&self, target: &Target) -> Option<&Picture> {
        match target {
            Target::Asset { address, .. } => self.0.get(address),
            Target::Page { .. } | Target::External(_) | Target::Broken(_) => None,
        }
    }
}

/// Reads the size of every image that a page shows, and makes the copies that the site asks for, with those of earlier
/// builds from `kept`; none without it.
#[must_use]
pub fn read(inputs: &Inputs, site: &Site, kept: Option<&Kept>) -> (Pictures, Vec<Diagnostic>) {
    let shown: BTreeSet<&str> = site
        .pages
        .iter()
        .flat_map(|page| page.links.values())
        .filter_map(|target| match target {
            Target::Asset { address, .. } if measure::has_size(address) => Some(address.as_str()),
            Target::Asset { .. } | Target::Page { .. } | Target::External(_) | Target::Broken(_) => None,
        })
        .chain(site.dark.values().map(String::as_str))
        .collect();
    let read: Vec<_> = shown
        .into_par_iter()
        .filter_map(|address| {
            let path = site.assets.get(address)?;
            // A file that is gone since the search is an error where it is copied.
            let mut file = inputs.sources.open(path).ok()?;
            Some((address, measure::size(path, &mut file)))
        })
        .collect();
    let mut pictures = Pictures::default();
    let mut unreadable: BTreeMap<&str, String> = BTreeMap::new();
    for (address, size) in read {
        match size {
            Ok(Some((width, height))) => {
                pictures.0.insert(address.to_owned(), Picture { width, height, variants: Vec::new() });
            }
            // A drawing without a size of its own takes the room that there is.
            Ok(None) => {}
            Err(problem) => {
                unreadable.insert(address, problem);
            }
        }
    }
    let mut diagnostics = Vec::new();
    if !unreadable.is_empty() {
        let texts: BTreeMap<FileId, &Document> =
            inputs.documents.values().map(|document| (document.file, &**document)).collect();
        for page in &site.pages {
            report(page, site, &texts, &unreadable, &mut diagnostics);
        }
    }
    variants::make(inputs, site, kept, &mut pictures.0, &mut diagnostics);
    (pictures, crate::site::distinct(diagnostics))
}

/// Says of each place of a page that shows an unreadable image what is wrong with it.
fn report(
    page: &Page,
    site: &Site,
    texts: &BTreeMap<FileId, &Document>,
    unreadable: &BTreeMap<&str, String>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    for (key, target) in &page.links {
        let Target::Asset { address, .. } = target else { continue };
        let Some(problem) = unreadable.get(address.as_str()) else { continue };
        let path = site.assets.get(address).map_or(address.as_str(), String::as_str);
        let text = texts.get(&key.file).map_or("", |document| &*document.text);
        diagnostics.push(
            Diagnostic::new(&rules::UNREADABLE_IMAGE, format!("`{path}` cannot be read: {problem}"))
                .at(place(text, *key, path))
                .help("save the image again, with the ending of its format"),
        );
    }
}

/// Where the name of the file is written, near the key of the link.
fn place(text: &str, key: Span, path: &str) -> Span {
    let name = path.rsplit('/').next().unwrap_or(path);
    let start = text.floor_char_boundary(key.range().start);
    let found = text[start..].find(name).map(|at| start + at);
    match found {
        Some(at) if at < key.range().end.max(start + 400) => Span::new(key.file, at..at + name.len()),
        _ => {
            let end = text.floor_char_boundary(key.range().end.min(text.len())).max(start);
            Span::new(key.file, start..end)
        }
    }
}
