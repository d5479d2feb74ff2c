//! `words.toml` and `theme.toml` of each layer in; the words of the interface and the names of icons out.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::layers::{Findings, Layers};
use crate::diagnostic::rules;

/// The version of what templates are given. It rises when a fact, a filter or a field of the page's view changes its
/// meaning or goes away, and themes written for another version are refused.
const CONTRACT: u32 = 1;

/// `theme.toml`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
struct Manifest {
    name: Option<String>,
    contract: Option<u32>,
    icons: BTreeMap<String, String>,
    on_demand: OnDemand,
}

/// `[on-demand]`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct OnDemand {
    folders: Vec<String>,
}

/// The words of every layer by key, those of the layers that win first.
pub(super) fn words(layers: &Layers, findings: &mut Findings) -> BTreeMap<String, String> {
    let mut words = BTreeMap::new();
    for file in layers.all("words.toml") {
        let Some(text) = findings.text(file) else { continue };
        match toml::from_str::<BTreeMap<String, String>>(text) {
            Ok(own) => own.into_iter().for_each(|(key, word)| {
                words.entry(key).or_insert(word);
            }),
            Err(error) => {
                let help = "every line is `key = \"words\"`".to_owned();
                let range = error.span().unwrap_or(0..0);
                findings.add(&rules::THEME_FILE, toml_message(&error), file, range, Some(help));
            }
        }
    }
    words
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
        if let Some(contract) = manifest.contract
            && contract != CONTRACT
        {
            let at = text.find("contract").unwrap_or(0);
            let theme = manifest.name.as_deref().unwrap_or("the theme");
            let message = format!("{theme} is written for contract {contract}, this Waypost has {CONTRACT}");
            let help = "take the theme's version for this Waypost, or compare the changes and set the number";
            findings.add(&rules::THEME_FILE, message, file, at..at + "contract".len(), Some(help.to_owned()));
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
