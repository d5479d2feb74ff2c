//! `words.toml` and `theme.toml` of each layer in; the words of the interface and the names of icons out.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::contract::{CONTRACT, changes_since};
use super::layers::{Findings, Layers, ThemeFile};
use crate::diagnostic::rules;

/// `theme.toml`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
struct Manifest {
    name: Option<String>,
    contract: Option<toml::Spanned<u32>>,
    icons: BTreeMap<String, String>,
    on_demand: OnDemand,
}

/// `[on-demand]`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct OnDemand {
    folders: Vec<String>,
}

/// The words of every layer by key, those of the layers that win first. In a layer, those of the site's language come
/// before `words.toml`: for `de-AT` the files `words.de-AT.toml` and `words.de.toml`, where there are such.
pub(super) fn words(layers: &Layers, language: &str, findings: &mut Findings) -> BTreeMap<String, String> {
    let mut names = Vec::new();
    let mut tag = language;
    while !tag.is_empty() {
        names.push(format!("words.{tag}.toml"));
        tag = tag.rsplit_once('-').map_or("", |(before, _)| before);
    }
    names.push("words.toml".to_owned());
    let mut words = BTreeMap::new();
    for file in layers.by_layer(&names) {
        for (key, word) in read_words(file, findings) {
            words.entry(key).or_insert(word);
        }
    }
    words
}

fn read_words(file: &ThemeFile, findings: &mut Findings) -> BTreeMap<String, String> {
    let Some(text) = findings.text(file) else { return BTreeMap::new() };
    toml::from_str(text).unwrap_or_else(|error| {
        let help = "every line is `key = \"words\"`".to_owned();
        let range = error.span().unwrap_or(0..0);
        findings.add(&rules::THEME_FILE, toml_message(&error), file, range, Some(help));
        BTreeMap::new()
    })
}

/// The folders of assets that are written on demand, of every layer.
pub(super) fn on_demand(layers: &Layers) -> BTreeSet<String> {
    // What is wrong with a file is said where the icons are read.
    let texts = layers.all("theme.toml").filter_map(|file| std::str::from_utf8(&file.bytes).ok());
    texts
        .filter_map(|text| toml::from_str::<Manifest>(text).ok())
        .flat_map(|it| it.on_demand.folders)
        .collect()
}

/// Further names of icons, of every layer.
pub(super) fn icon_names(layers: &Layers, findings: &mut Findings) -> BTreeMap<String, String> {
    let mut names = BTreeMap::new();
    for file in layers.all("theme.toml") {
        let Some(text) = findings.text(file) else { continue };
        let manifest = match toml::from_str::<Manifest>(text) {
            Ok(manifest) => manifest,
            Err(error) => {
                let range = error.span().unwrap_or(0..0);
                findings.add(&rules::THEME_FILE, toml_message(&error), file, range, None);
                continue;
            }
        };
        if let Some(contract) = manifest.contract.filter(|contract| *contract.get_ref() != CONTRACT) {
            let theme = manifest.name.as_deref().unwrap_or("the theme");
            let written = *contract.get_ref();
            let message = format!("{theme} is written for contract {written}, this Waypost has {CONTRACT}");
            let help = if written > CONTRACT {
                "use the Waypost that the theme was written for, or the theme's version for this one"
                    .to_owned()
            } else {
                let changes = changes_since(written, "");
                format!("compare its templates with the changes, then write {CONTRACT}: {changes}")
            };
            findings.add(&rules::THEME_FILE, message, file, contract.span(), Some(help));
        }
        for (name, icon) in manifest.icons {
            names.entry(name).or_insert(icon);
        }
    }
    names
}

fn toml_message(error: &toml::de::Error) -> String {
    error.message().lines().next().unwrap_or("not valid TOML").to_owned()
}
