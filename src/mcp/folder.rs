//! The folder of a built site: files by their paths below it, and what its indexes say of the site. Nothing outside of the
//! folder is ever read, whatever is asked for; lists are read line by line, so that a large site is never held whole.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::{Component, Path, PathBuf};

use anyhow::Context;

/// No file that is answered from is larger.
const LARGEST: u64 = 64 << 20;

/// A built site.
#[derive(Clone, Debug)]
pub(super) struct Folder {
    root: PathBuf,
    /// Where the site stands on the web, with a slash at the end.
    pub(super) url: String,
    pub(super) title: String,
    pub(super) description: String,
}

/// Pages, each with where its line begins in the site's list; and where to go on.
type Pages = (Vec<(u64, Line)>, Option<u64>);

/// A page in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) title: String,
    pub(super) url: String,
    pub(super) description: String,
}

impl Folder {
    #[expect(clippy::disallowed_methods, reason = "the server reads the folder it answers from")]
    pub(super) fn open(path: &Path) -> anyhow::Result<Self> {
        let root = path.canonicalize().with_context(|| format!("reading {}", path.display()))?;
        let mut folder = Self { root, url: String::new(), title: String::new(), description: String::new() };
        anyhow::ensure!(
            folder.file("llms.txt").is_some(),
            "{} holds neither a site (no book.toml) nor what Waypost built of one (no llms.txt): name the folder of either; `waypost new DIR` begins a site",
            path.display()
        );
        let index = folder.text("llms.txt")?;
        for line in index.lines().take(5) {
            if let Some(title) = line.strip_prefix("# ") {
                title.clone_into(&mut folder.title);
            } else if let Some(description) = line.strip_prefix("> ") {
                description.clone_into(&mut folder.description);
            }
        }
        folder.url = folder.find_url()?;
        Ok(folder)
    }

    /// The address that all links of the first pages begin with, and behind which their files stand.
    fn find_url(&self) -> anyhow::Result<String> {
        let (lines, _) = self.pages(0, 20)?;
        let Some((_, first)) = lines.first() else { return Ok(String::new()) };
        let path = first.url.find("://").map_or(0, |at| at + 3);
        for (at, _) in first.url.match_indices('/').filter(|(at, _)| *at >= path) {
            let root = &first.url[..=at];
            let stands = |(_, line): &(u64, Line)| {
                line.url.strip_prefix(root).is_some_and(|rest| self.file(&decode(rest)).is_some())
            };
            if lines.iter().all(stands) {
                return Ok(root.to_owned());
            }
        }
        anyhow::bail!("the links of sitemap.md lead to no files of this folder: build the site anew")
    }

    /// The file at a path below the folder; nothing for what is not there, or not below it.
    #[expect(clippy::disallowed_methods, reason = "the server reads the folder it answers from")]
    pub(super) fn file(&self, path: &str) -> Option<PathBuf> {
        let plain = Path::new(path).components().all(|part| matches!(part, Component::Normal(_)));
        if path.is_empty() || !plain || path.contains(['\\', '\0', ':']) {
            return None;
        }
        let file = self.root.join(path).canonicalize().ok()?;
        (file.starts_with(&self.root) && file.is_file()).then_some(file)
    }

    #[expect(clippy::disallowed_methods, reason = "the server reads the folder it answers from")]
    pub(super) fn bytes(&self, path: &str) -> anyhow::Result<Vec<u8>> {
        let file = self.file(path).with_context(|| format!("there is no file `{path}` in the site"))?;
        let mut bytes = Vec::new();
        let read = File::open(file)?.take(LARGEST).read_to_end(&mut bytes);
        read.with_context(|| format!("reading `{path}` of the site"))?;
        Ok(bytes)
    }

    pub(super) fn text(&self, path: &str) -> anyhow::Result<String> {
        String::from_utf8(self.bytes(path)?).with_context(|| format!("`{path}` is not text"))
    }

    /// When and how large a file was written: what changes when it does.
    pub(super) fn stamp(&self, path: &str) -> Option<(std::time::SystemTime, u64)> {
        let known = self.file(path)?.metadata().ok()?;
        Some((known.modified().ok()?, known.len()))
    }

    /// Up to `most` pages of the site's list from byte `from` on, each with where its line begins, and where to go on.
    #[expect(clippy::disallowed_methods, reason = "the server reads the folder it answers from")]
    pub(super) fn pages(&self, from: u64, most: usize) -> anyhow::Result<Pages> {
        let path = self.file("sitemap.md").context("the site has no sitemap.md: build it anew")?;
        let mut file = File::open(path)?;
        if let Some(before) = from.checked_sub(1) {
            let mut byte = [0];
            file.seek(SeekFrom::Start(before))?;
            anyhow::ensure!(
                file.read(&mut byte)? == 1 && byte == *b"\n",
                "this cursor was not given by this list"
            );
        }
        let mut lines = BufReader::new(file.take(LARGEST));
        let (mut at, mut found, mut text) = (from, Vec::new(), String::new());
        loop {
            text.clear();
            let read = lines.read_line(&mut text)?;
            if read == 0 {
                return Ok((found, None));
            }
            if let Some(line) = line(&text) {
                if found.len() == most {
                    return Ok((found, Some(at)));
                }
                found.push((at, line));
            }
            at += read as u64;
        }
    }

    /// The id of a page at an address of this site: the address below the site's root, without `.md` or slashes.
    pub(super) fn id(&self, url: &str) -> String {
        let rest = url.strip_prefix(&self.url).unwrap_or(url);
        let (path, anchor) = rest.split_once('#').unwrap_or((rest, ""));
        let path = path.split('?').next().unwrap_or_default().trim_matches('/');
        let path = path.strip_suffix(".md").unwrap_or(path);
        let path = if path.is_empty() { "index" } else { path };
        if anchor.is_empty() { path.to_owned() } else { format!("{path}#{anchor}") }
    }

    /// The ids of the three pages that a wrong one comes nearest to.
    pub(super) fn nearest(&self, wanted: &str) -> anyhow::Result<Vec<String>> {
        let last = |id: &str| id.rsplit('/').next().unwrap_or_default().to_owned();
        let wanted: String = wanted.to_lowercase().chars().take(200).collect();
        let wanted_last = last(&wanted);
        let mut best: Vec<(f64, String)> = Vec::new();
        let mut from = Some(0);
        while let Some(at) = from {
            let (lines, next) = self.pages(at, 1_000)?;
            for (_, line) in lines {
                let id = self.id(&line.url);
                let lower = id.to_lowercase();
                let score = strsim::jaro_winkler(&wanted, &lower)
                    .max(strsim::jaro_winkler(&wanted_last, &last(&lower)))
                    + 0.2 * strsim::jaro_winkler(&wanted, &lower);
                best.push((score, id));
            }
            best.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
            best.truncate(3);
            from = next;
        }
        Ok(best.into_iter().map(|(_, id)| id).collect())
    }
}

/// `- [title](url): description`; nothing for another line.
pub(super) fn line(text: &str) -> Option<Line> {
    let rest = text.trim().strip_prefix("- [")?;
    let (title, rest) = rest.split_once("](")?;
    let (url, rest) = rest.split_once(')')?;
    let description = rest.strip_prefix(": ").unwrap_or_default();
    let literal = |text: &str| text.replace("\\<", "<");
    Some(Line { title: literal(title), url: url.to_owned(), description: literal(description) })
}

/// `%C3%A9` as what it stands for; what is not of that form stays.
pub(super) fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let digits = bytes.get(at + 1..at + 3).filter(|_| bytes[at] == b'%');
        let value = digits
            .filter(|digits| digits.iter().all(u8::is_ascii_hexdigit))
            .and_then(|digits| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok());
        decoded.push(value.unwrap_or(bytes[at]));
        at += if value.is_some() { 3 } else { 1 };
    }
    String::from_utf8(decoded).unwrap_or_else(|_| text.to_owned())
}
