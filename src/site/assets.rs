//! Which files there are in; where each one is copied to out.

use std::collections::{BTreeMap, BTreeSet};

use super::partials::site_folders;
use super::{Inputs, paths};
use crate::document::is_image;

/// The files of a site that are no pages.
#[derive(Debug)]
pub(super) struct Assets {
    src: String,
    /// Addresses of the files below the static folders; the first folder wins.
    statics: BTreeMap<String, String>,
    /// The same addresses in lower case.
    folded: BTreeSet<String>,
}

impl Assets {
    /// Sorts the files.
    pub(super) fn new(inputs: &Inputs) -> Self {
        let mut statics = BTreeMap::new();
        for folder in inputs.config.site.static_dirs.iter().map(|folder| paths::clean(folder)) {
            // The whole folder of `book.toml` is no static folder: it holds the sources.
            if folder.is_empty() {
                continue;
            }
            for path in inputs.sources.paths.range(format!("{folder}/")..).map(|(path, _)| path) {
                let Some(address) = paths::below(path, &folder) else { break };
                statics.entry(address.to_owned()).or_insert_with(|| path.clone());
            }
        }
        let folded = statics.keys().map(|address| address.to_lowercase()).collect();
        Self { src: paths::clean(&inputs.config.book.src), statics, folded }
    }

    /// The file that `path`, written in `file`, names. `Err` when it leads outside the folder of `book.toml`.
    pub(super) fn find(&self, inputs: &Inputs, file: &str, path: &str) -> Result<Option<String>, ()> {
        let exists = |path: &String| inputs.sources.paths.contains_key(path);
        if let Some(rest) = path.strip_prefix("@site/") {
            let places = site_folders(inputs.config).into_iter().map(|folder| paths::join(&folder, rest));
            return first(places, exists);
        }
        if path.starts_with('/') {
            let address = paths::join_clamped("", path);
            if let Some(path) = self.statics.get(&address) {
                return Ok(Some(path.clone()));
            }
            let places = [paths::join(&self.src, &address), Some(address)];
            return first(places.into_iter(), exists);
        }
        let own = paths::join(paths::folder(file), path);
        // An address without `./` may be meant from the top, as the `src` of an element often is.
        let address = paths::join_clamped("", path);
        if own.as_ref().is_some_and(exists) {
            return Ok(own);
        }
        match self.statics.get(&address) {
            Some(path) => Ok(Some(path.clone())),
            None if own.is_none() => Err(()),
            None => Ok(None),
        }
    }

    /// The address that a file is copied to, below the site's root.
    pub(super) fn address(&self, path: &str) -> String {
        if let Some(address) = self.static_address(path) {
            return address.to_owned();
        }
        match paths::below(path, &self.src) {
            Some(below) if !self.folded.contains(&below.to_lowercase()) => below.to_owned(),
            _ => format!("files/{path}"),
        }
    }

    /// Whether the file is copied as it is, used or not.
    pub(super) fn is_static(&self, path: &str) -> bool {
        self.static_address(path).is_some()
    }

    /// Whether a static file has this address.
    pub(super) fn is_at(&self, address: &str) -> bool {
        self.statics.contains_key(address)
    }

    fn static_address<'p>(&self, path: &'p str) -> Option<&'p str> {
        // A static address is the end of its path.
        let mut ends = path.match_indices('/').map(|(at, _)| &path[at + 1..]);
        ends.find(|end| self.statics.get(*end).is_some_and(|found| found == path))
    }

    /// Every file to copy: the static ones, and those in `used`.
    pub(super) fn copied(&self, used: &BTreeSet<String>) -> BTreeMap<String, String> {
        let mut copied = self.statics.clone();
        for path in used {
            copied.entry(self.address(path)).or_insert_with(|| path.clone());
        }
        copied
    }
}

/// The images that stand beside images in use and are for dark ground: `name-dark.png` or `name.dark.png`. They are in use too.
pub(super) fn dark(inputs: &Inputs, files: &Assets, used: &mut BTreeSet<String>) -> BTreeMap<String, String> {
    let mut pairs = BTreeMap::new();
    if !inputs.config.images.dark_files {
        return pairs;
    }
    let mut more = Vec::new();
    for path in &*used {
        let Some((stem, extension)) = path.rsplit_once('.').filter(|_| is_image(path)) else { continue };
        let named = ["-", "."].map(|between| format!("{stem}{between}dark.{extension}"));
        if let Some(dark) = named.into_iter().find(|dark| inputs.sources.paths.contains_key(dark)) {
            pairs.insert(files.address(path), files.address(&dark));
            more.push(dark);
        }
    }
    used.extend(more);
    pairs
}

fn first(
    places: impl Iterator<Item = Option<String>>,
    exists: impl Fn(&String) -> bool,
) -> Result<Option<String>, ()> {
    let mut inside = false;
    for place in places {
        inside |= place.is_some();
        if let Some(place) = place.filter(&exists) {
            return Ok(Some(place));
        }
    }
    if inside { Ok(None) } else { Err(()) }
}
