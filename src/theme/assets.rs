//! `assets/*` in; what is served, each file under an address that changes when the file does, out.
//!
//! `theme.css` is served as `assets/theme.3f2a9c1d.css`, so that browsers may keep it for ever. References between
//! style sheets and to fonts and images are rewritten to these addresses.
//!
//! A folder `theme.css/` or `theme.js/` is one file: what is in it, in the order of the names. Addresses in it are
//! relative to the folder that it stands in, as they would be for a file.
//!
//! A folder that `theme.toml` lists under `[on-demand]` is only written where a page names a file of it: large libraries
//! cost a site that has no use for them nothing. A file `NAME.gz` in such a folder is unpacked when it is written.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use tera::{Kwargs, State, TeraResult};

use super::layers::{Findings, Layers, ThemeFile};
use super::words::on_demand;
use crate::diagnostic::{nearest, rules};
use crate::gzip;

/// Everything that is served.
#[derive(Debug, Default)]
pub(super) struct Assets {
    /// By address below the site's root.
    pub served: BTreeMap<String, Asset>,
    /// Path below `assets/` to address.
    pub addresses: BTreeMap<String, String>,
}

/// A file that is served.
#[derive(Clone, Debug)]
pub struct Asset {
    /// The folder below `assets/` with which it is written on demand.
    pub on_demand: Option<String>,
    stored: Arc<[u8]>,
    packed: bool,
}

impl Asset {
    /// What is in it.
    ///
    /// # Errors
    /// When it cannot be unpacked.
    pub fn bytes(&self) -> std::io::Result<Cow<'_, [u8]>> {
        if !self.packed {
            return Ok(Cow::Borrowed(&self.stored));
        }
        gzip::unpacked(&self.stored).map(Cow::Owned)
    }
}

/// The files that come to one asset, in order: one, or those of a folder such as `theme.css/`.
type Pieces<'a> = Vec<&'a ThemeFile>;

/// Reads the assets of all layers.
pub(super) fn gather(layers: &Layers, findings: &mut Findings) -> Assets {
    let on_demand = on_demand(layers);
    let files = pieces(&layers.below("assets"));
    let mut assets = Assets::default();
    for name in files.keys() {
        place(name, &files, &mut assets, &mut Vec::new(), findings);
    }
    for (name, address) in std::mem::take(&mut assets.addresses) {
        let folder = name.split_once('/').map(|(folder, _)| folder).filter(|it| on_demand.contains(*it));
        let unpacked = folder.and_then(|_| Some((name.strip_suffix(".gz")?, address.strip_suffix(".gz")?)));
        let (new_name, new_address) = unpacked.unwrap_or((&name, &address));
        if let Some(mut asset) = assets.served.remove(&address) {
            asset.on_demand = folder.map(str::to_owned);
            asset.packed = unpacked.is_some();
            assets.served.insert(new_address.to_owned(), asset);
        }
        assets.addresses.insert(new_name.to_owned(), new_address.to_owned());
    }
    assets
}

/// The assets by name. A file `theme.css` stands in the place of a whole folder of that name.
fn pieces<'a>(files: &BTreeMap<String, &'a ThemeFile>) -> BTreeMap<String, Pieces<'a>> {
    let folder = |name: &str| {
        let (end, _) =
            name.match_indices('/').find(|(at, _)| is(&name[..*at], "css") || is(&name[..*at], "js"))?;
        Some(name[..end].to_owned())
    };
    let mut assets: BTreeMap<String, Pieces<'_>> = BTreeMap::new();
    for (name, file) in files {
        match folder(name) {
            Some(whole) if files.contains_key(&whole) => {}
            Some(whole) => assets.entry(whole).or_default().push(file),
            None => assets.entry(name.clone()).or_default().push(file),
        }
    }
    assets
}

/// Puts a file in its place, after those it refers to (their names are part of its text), and says its address.
fn place(
    name: &str,
    files: &BTreeMap<String, Pieces<'_>>,
    assets: &mut Assets,
    open: &mut Vec<String>,
    findings: &mut Findings,
) -> String {
    if let Some(address) = assets.addresses.get(name) {
        return address.clone();
    }
    open.push(name.to_owned());
    let bytes = match &files[name][..] {
        [file] => piece(name, file, files, assets, open, findings),
        pieces => {
            let whole: Vec<_> =
                pieces.iter().map(|file| piece(name, file, files, assets, open, findings)).collect();
            Arc::from(whole.concat())
        }
    };
    open.pop();
    let address = format!("assets/{}", hashed(name, &bytes));
    assets.served.insert(address.clone(), Asset { on_demand: None, stored: bytes, packed: false });
    assets.addresses.insert(name.to_owned(), address.clone());
    address
}

/// The bytes of a file, or of a part of one, with the addresses in a style sheet as they are served.
fn piece(
    name: &str,
    file: &ThemeFile,
    files: &BTreeMap<String, Pieces<'_>>,
    assets: &mut Assets,
    open: &mut Vec<String>,
    findings: &mut Findings,
) -> Arc<[u8]> {
    if is(name, "css")
        && let Some(text) = findings.text(file)
    {
        let mut rewritten = String::with_capacity(text.len());
        let mut done = 0;
        for range in references(text) {
            let written = &text[range.clone()];
            let Some((path, suffix)) = relative(written) else { continue };
            let wanted = join(name, path);
            let problem = match &wanted {
                Some(wanted) if open.contains(wanted) => {
                    format!("`{written}` leads back to this style sheet")
                }
                Some(wanted) if files.contains_key(wanted) => {
                    let target = place(wanted, files, assets, open, findings);
                    rewritten.push_str(&text[done..range.start]);
                    rewritten.push_str(&between(name, &target));
                    rewritten.push_str(suffix);
                    done = range.end;
                    continue;
                }
                Some(_) | None => format!("`{written}` is not among the theme's assets"),
            };
            let names = files.keys().map(String::as_str);
            let help = nearest(wanted.as_deref().unwrap_or(path), names)
                .map(|near| format!("there is `assets/{near}`"));
            findings.add(&rules::BROKEN_ASSET, problem, file, range, help);
        }
        if done > 0 {
            rewritten.push_str(&text[done..]);
            return Arc::from(rewritten.into_bytes());
        }
    }
    Arc::clone(&file.bytes)
}

/// Whether a name has this extension.
pub(super) fn is(name: &str, extension: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, own)| own.eq_ignore_ascii_case(extension))
}

fn hashed(name: &str, bytes: &[u8]) -> String {
    let hash = blake3::hash(bytes).to_hex();
    let (folder, file) = name.rsplit_once('/').map_or(("", name), |(folder, file)| (folder, file));
    let slash = if folder.is_empty() { "" } else { "/" };
    let packed = file.strip_suffix(".gz").and_then(|file| file.rfind('.'));
    match packed.map(|dot| (&file[..dot], &file[dot + 1..])).or_else(|| file.rsplit_once('.')) {
        Some((stem, extension)) if !stem.is_empty() => {
            format!("{folder}{slash}{stem}.{}.{extension}", &hash[..8])
        }
        // A licence next to a font keeps its name: nothing refers to it.
        Some(_) | None => name.to_owned(),
    }
}

/// Where the addresses in a style sheet stand: in `url(…)`, and after `@import`.
fn references(css: &str) -> Vec<Range<usize>> {
    let bytes = css.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let rest = &bytes[at..];
        if rest.starts_with(b"/*") {
            at = css[at + 2..].find("*/").map_or(bytes.len(), |end| at + 2 + end + 2);
        } else if starts(rest, b"url(") {
            let start = at + 4 + blanks(&bytes[at + 4..]);
            let range = match bytes.get(start) {
                Some(quote @ (b'"' | b'\'')) => string(css, start, *quote),
                Some(_) => start..css[start..].find(')').map_or(css.len(), |end| start + end),
                None => break,
            };
            at = range.end.max(at + 4);
            found.push(range.start..range.start + css[range].trim_end().len());
        } else if starts(rest, b"@import") {
            let start = at + 7 + blanks(&bytes[at + 7..]);
            at = start;
            if let Some(quote @ (b'"' | b'\'')) = bytes.get(start) {
                let range = string(css, start, *quote);
                at = range.end + 1;
                found.push(range);
            }
        } else if let quote @ (b'"' | b'\'') = bytes[at] {
            at = string(css, at, quote).end + 1;
        } else {
            at += 1;
        }
    }
    found
}

fn starts(bytes: &[u8], word: &[u8]) -> bool {
    bytes.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word))
}

fn blanks(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|byte| byte.is_ascii_whitespace()).count()
}

/// What is between the quotes of the string that opens at `start`; to the end of the line where it is never closed.
fn string(css: &str, start: usize, quote: u8) -> Range<usize> {
    let bytes = css.as_bytes();
    let mut at = start + 1;
    while at < bytes.len() && bytes[at] != quote && bytes[at] != b'\n' {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    let mut end = at.min(bytes.len());
    while !css.is_char_boundary(end) {
        end += 1;
    }
    start + 1..end
}

/// The path and what follows it (`#icon`, `?v=1`), where the reference is a relative one.
fn relative(reference: &str) -> Option<(&str, &str)> {
    let end = reference.find(['?', '#']).unwrap_or(reference.len());
    let (path, suffix) = reference.split_at(end);
    let absolute = path.is_empty() || path.starts_with('/') || path.contains(':');
    (!absolute).then_some((path, suffix))
}

/// `path` seen from the folder of `from`, unless it leaves the assets.
fn join(from: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in path.split('/') {
        match part {
            "." | "" => {}
            ".." => {
                parts.pop()?;
            }
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}

/// How the style sheet `from` refers to `address` (`assets/…`).
fn between(from: &str, address: &str) -> String {
    let target = address.strip_prefix("assets/").unwrap_or(address);
    let up = "../".repeat(from.matches('/').count());
    format!("{up}{target}")
}

/// The function `asset(name="search/index.js")` of templates: the file's address below the site's root.
pub(super) fn function(
    addresses: Arc<BTreeMap<String, String>>,
) -> impl Fn(Kwargs, &State) -> TeraResult<String> {
    move |arguments, _| {
        let name = arguments.must_get::<&str>("name")?;
        addresses.get(name).cloned().ok_or_else(|| {
            let near = nearest(name, addresses.keys().map(String::as_str));
            let help = near.map(|near| format!(", did you mean `{near}`?")).unwrap_or_default();
            tera::Error::message(format!("the theme has no asset `{name}`{help}"))
        })
    }
}
