//! A rendered page in, its steps as data out: what an agent needs in order to do what the page tells its reader.
//!
//! `walk` reads the tree of the page in reading order and cuts it into units, one for each step or section that holds
//! commands; `steps` makes the steps of each unit; `prose` says in Markdown what stands around the commands, and
//! `effects` what a command line does. Nothing is guessed but the effects of `az` commands, which are marked so.

mod effects;
mod prose;
mod steps;
mod walk;

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::Serialize;

pub use crate::document::fence::Effect;
use crate::placeholder::{Placeholder, key};
use crate::render::{Context, Rendered, Shell as Language};
use crate::site::Page;

/// Where the schema stands, below the root of a site with procedures.
pub const SCHEMA: &str = "procedure.schema.json";

/// The steps of a page, for programs. Follow `steps` in order. Where `choices` are offered, take one value for each
/// group and leave out the steps whose `tabs` name another one. Put values in the place of placeholders, as they are
/// `written`, before you run a command or write a file.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Procedure {
    /// The address of this schema.
    #[serde(rename = "$schema")]
    pub schema: String,
    /// The name of the page.
    pub title: String,
    /// What the page is about, in a sentence.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// The address of the page.
    pub url: String,
    /// The address of the whole page as Markdown.
    pub markdown_url: String,
    /// The day of its last change, as `YYYY-MM-DD`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_updated: Option<String>,
    /// What whoever follows the page must be allowed to do, in the author's words. What a single step needs stands there.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub permissions: Vec<String>,
    /// The alternatives that the page offers in tabs.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<Choice>,
    /// What has to be filled in.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub placeholders: Vec<Field>,
    /// What to do, in order.
    pub steps: Vec<Step>,
    /// Sections of the page in which no step stands: background, troubleshooting, cost.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub other_sections: Vec<OtherSection>,
}

/// Alternatives, of which one is taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Choice {
    /// The name of the group. Groups of the same name on a page are one choice.
    pub group: String,
    /// The tabs that are offered.
    pub options: Vec<ChoiceOption>,
}

/// One of the alternatives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ChoiceOption {
    /// What `tabs` of steps name it by.
    pub value: String,
    /// What readers see.
    pub label: String,
    /// Whether the page shows it first.
    #[serde(skip_serializing_if = "is_false")]
    pub default: bool,
}

/// A tab that a step stands in.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Tab {
    /// The name of the group.
    pub group: String,
    /// Which of its tabs.
    pub value: String,
    /// What readers see.
    pub label: String,
}

/// Something to fill in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Field {
    /// What `placeholders` of steps name it by.
    pub name: String,
    /// How it stands in commands and files: every notation, signs and all.
    pub written: Vec<String>,
    /// What it is called.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// Where its value is found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// A regular expression that the whole value must match.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pattern: Option<String>,
    /// A value that matches; no value to use.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub example: Option<String>,
    /// The value to use where no other is given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default: Option<String>,
    /// Whether it is a secret, which must not be stored or shown.
    #[serde(skip_serializing_if = "is_false")]
    pub secret: bool,
}

/// A step: commands to run, a file to write, or something to do by hand.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Step {
    /// Its place in the page, from 1.
    pub number: usize,
    /// What it is.
    pub kind: StepKind,
    /// The title of the step it stands in, else of the section. Steps of one title belong together.
    pub title: String,
    /// What the commands or the file are called on the page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub caption: Option<String>,
    /// The titles of the sections and steps around it, outermost first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub within: Vec<String>,
    /// The anchor of its section, in the page and in its Markdown; absent before the first section.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub anchor: Option<String>,
    /// Its section in the page's Markdown.
    pub url: String,
    /// The tabs it stands in, outermost first: it is to be done only where all of them are chosen.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tabs: Vec<Tab>,
    /// What the page says before the commands, as Markdown. All of what a step by hand is.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub instructions: String,
    /// The shell that the commands are written for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shell: Option<Shell>,
    /// The commands, as readers copy them: without prompts and output, with placeholders.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub command: Option<String>,
    /// The files that are written, by whoever follows the step or by its commands.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<File>,
    /// The names of the placeholders in it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub placeholders: Vec<String>,
    /// What its commands need beside what the page needs, in the author's words.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub permissions: Vec<String>,
    /// What its commands do to what is there. Absent where nothing is known, which does not mean that they do nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub effects: Option<Vec<KnownEffect>>,
    /// What the commands print.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected_output: Option<Printed>,
    /// What the page says after the commands, as Markdown: what to expect, what to note.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub afterwards: String,
}

/// What a step is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum StepKind {
    /// Commands to run.
    Command,
    /// A file to write.
    File,
    /// Something to do by hand, or to know.
    Manual,
}

/// A shell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Shell {
    /// POSIX.
    Sh,
    /// Bash.
    Bash,
    /// Zsh.
    Zsh,
    /// Fish.
    Fish,
    /// PowerShell.
    Powershell,
    /// The command prompt of Windows.
    Cmd,
}

/// A file that is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct File {
    /// Its path, as the page or the command names it.
    pub path: String,
    /// The language of its content.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub language: String,
    /// Its content, with placeholders; absent where the commands make it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content: Option<String>,
    /// Whether the page shows several texts for this file: this is a part to put into it, not the whole.
    #[serde(skip_serializing_if = "is_false")]
    pub excerpt: bool,
    /// Whether the commands add to the file and keep what is in it.
    #[serde(skip_serializing_if = "is_false")]
    pub append: bool,
}

/// What a command does to what is there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct KnownEffect {
    /// What it does.
    pub effect: Effect,
    /// The command that does it; absent where the author speaks of all of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub command: Option<String>,
    /// Whether it was inferred from the verb of the command; else the author says so.
    pub inferred: bool,
}

/// What commands print.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Printed {
    /// The text. Values in it are examples.
    pub text: String,
    /// Its language, where the author says.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub language: String,
}

/// A section of the page without steps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct OtherSection {
    /// Its heading.
    pub title: String,
    /// Where it stands in the page's Markdown.
    pub url: String,
}

/// The steps of a page; nothing for a page without commands.
#[must_use]
pub fn of(context: &Context<'_>, rendered: &Rendered) -> Option<Procedure> {
    let facts = &rendered.facts;
    if !facts.procedure {
        return None;
    }
    let page = context.site.page(facts.page);
    let addresses = &context.addresses;
    let markdown_url = addresses.absolute(&addresses.markdown(&page.route));
    let anchors = anchors(rendered);
    let units = walk::units(context, page, &anchors);
    let mut written: Vec<(String, String)> = Vec::new();
    let steps = steps::of(page, &units, &markdown_url, &mut written);
    let used: BTreeSet<&str> = steps.iter().filter_map(|step| step.anchor.as_deref()).collect();
    let other = facts.sections.iter().filter(|section| {
        (2..=3).contains(&section.level) && anchors.contains(&section.id) && !used.contains(&*section.id)
    });
    Some(Procedure {
        schema: addresses.absolute(&addresses.file(SCHEMA)),
        title: page.title.clone(),
        description: page.description.clone(),
        url: addresses.absolute(&addresses.page(&page.route)),
        last_updated: page.last_updated.clone(),
        permissions: page.document.front_matter.permissions.clone(),
        choices: choices(page, &steps),
        placeholders: placeholders(context, page, written),
        other_sections: other
            .map(|section| OtherSection {
                title: section.title.clone(),
                url: format!("{markdown_url}#{}", section.id),
            })
            .collect(),
        steps,
        markdown_url,
    })
}

/// A procedure as the text of its file.
///
/// # Panics
/// Never: all there is in a procedure can be said in JSON.
#[must_use]
pub fn text(procedure: &Procedure) -> String {
    let json = serde_json::to_string_pretty(procedure).expect("texts, numbers and lists are JSON");
    json + "\n"
}

/// The JSON Schema of the files.
#[must_use]
pub fn schema() -> String {
    // What is left out of a file where it says nothing is not required of one.
    let settings = SchemaSettings::draft2020_12().for_serialize();
    format!("{:#}\n", settings.into_generator().into_root_schema_for::<Procedure>().as_value())
}

/// The anchors that lead to a section in both forms of a page.
fn anchors(rendered: &Rendered) -> BTreeSet<String> {
    let html = rendered.html.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let html: BTreeSet<_> = html.map(|id| crate::site::decode_entities(id).into_owned()).collect();
    let sections = rendered.facts.sections.iter().map(|section| section.id.clone());
    sections.filter(|id| html.contains(id)).collect()
}

/// The groups that steps stand in, with every tab that a group offers.
fn choices(page: &Page, steps: &[Step]) -> Vec<Choice> {
    let used: BTreeSet<&str> =
        steps.iter().flat_map(|step| &step.tabs).map(|tab| tab.group.as_str()).collect();
    let mut choices: Vec<Choice> = Vec::new();
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    for group in &page.tabs {
        let name = steps::group_name(group);
        if !used.contains(name) {
            continue;
        }
        let place = *places.entry(name).or_insert_with(|| {
            choices.push(Choice { group: name.to_owned(), options: Vec::new() });
            choices.len() - 1
        });
        let options = &mut choices[place].options;
        for (index, tab) in group.tabs.iter().enumerate() {
            if options.iter().all(|option| option.value != tab.value) {
                options.push(ChoiceOption {
                    value: tab.value.clone(),
                    label: tab.label.clone(),
                    default: group.selected == Some(index) && options.iter().all(|option| !option.default),
                });
            }
        }
    }
    choices
}

/// What is said of the placeholders in `written`: (as written, key of the field).
fn placeholders(context: &Context<'_>, page: &Page, written: Vec<(String, String)>) -> Vec<Field> {
    let own = page.document.front_matter.placeholders.iter().map(|it| (&it.name, &it.placeholder));
    let mut said: BTreeMap<String, (&str, &Placeholder)> = BTreeMap::new();
    for (name, placeholder) in own.chain(&context.config.placeholders) {
        said.entry(key(name)).or_insert((name, placeholder));
    }
    let mut fields: Vec<Field> = Vec::new();
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    for (notation, key) in written {
        if let Some(place) = places.get(&key) {
            if !fields[*place].written.contains(&notation) {
                fields[*place].written.push(notation);
            }
            continue;
        }
        let said = said.get(&key).map(|(_, placeholder)| *placeholder).cloned().unwrap_or_default();
        places.insert(key.clone(), fields.len());
        fields.push(Field {
            secret: context.is_secret(&key),
            name: key,
            written: vec![notation],
            label: said.label,
            description: said.help,
            pattern: said.pattern,
            example: said.example,
            default: said.default,
        });
    }
    fields
}

impl From<Language> for Shell {
    fn from(language: Language) -> Self {
        match language {
            Language::Sh => Self::Sh,
            Language::Bash => Self::Bash,
            Language::Zsh => Self::Zsh,
            Language::Fish => Self::Fish,
            Language::PowerShell => Self::Powershell,
            Language::Cmd => Self::Cmd,
        }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes references")]
fn is_false(flag: &bool) -> bool {
    !flag
}
