//! What only people or only agents get, against how much of a page that may be.
//!
//! People and their agents speak of one page: an agent that got another one misleads. What only people get may be half
//! a per cent of an article's words, what only agents get a quarter of them.

use super::Inputs;
use crate::diagnostic::{Diagnostic, Span, rules};
use crate::document::{Component, Kind, Node, Value};

/// The part of an article's words that only people may get, as one of so many: 0.5 %.
const PEOPLE: usize = 200;
/// The part of an article's words that agents may get beside them: 25 %.
const AGENTS: usize = 4;
/// So many words for agents are no flood, however short the page is.
const FEW: usize = 50;

/// The words of a page, by who gets them.
#[derive(Debug, Default)]
struct Words {
    /// People, whether agents get them or not.
    article: usize,
    people: usize,
    agents: usize,
    /// The largest part that only the one or the other gets.
    largest_people: Option<(usize, Span)>,
    largest_agents: Option<(usize, Span)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Reader {
    All,
    People,
    Agents,
}

/// Pages whose two forms drift apart.
pub(super) fn budgets(inputs: &Inputs, found: &mut Vec<Diagnostic>) {
    for page in &inputs.site.pages {
        let mut words = Words::default();
        count(inputs, &page.nodes, Reader::All, &mut words);
        if let Some((_, place)) = words.largest_people
            && words.people * PEOPLE > words.article
        {
            found.push(
                Diagnostic::new(
                    &rules::PEOPLE_ONLY,
                    format!(
                        "agents do not get {} of the {} words of `{}`, more than 0.5 %",
                        words.people, words.article, page.title
                    ),
                )
                .at(place)
                .help("show it to both; for what only makes sense on the page, say the same for agents in fewer words beside it"),
            );
        }
        if let Some((_, place)) = words.largest_agents
            && words.agents > FEW
            && words.agents * AGENTS > words.article
        {
            found.push(
                Diagnostic::new(
                    &rules::AGENTS_ONLY,
                    format!(
                        "agents get {} words of `{}` that people do not, beside the {} of the article: more than a quarter",
                        words.agents, page.title, words.article
                    ),
                )
                .at(place)
                .help("show it to both, or put it on a page of its own and link that"),
            );
        }
    }
}

fn count(inputs: &Inputs, nodes: &[Node], reader: Reader, words: &mut Words) {
    for node in nodes {
        match &node.kind {
            Kind::Text(text) | Kind::InlineCode(text) => add(text, reader, words),
            Kind::Code(code) => add(&code.text, reader, words),
            Kind::Component(component) => {
                let own = only(inputs, component).filter(|_| reader == Reader::All).unwrap_or(reader);
                let before = (words.people, words.agents);
                for attribute in &component.attributes {
                    if let Value::Markup(nodes) = &attribute.value {
                        count(inputs, nodes, own, words);
                    }
                }
                count(inputs, &node.children, own, words);
                if own != reader {
                    let people = (words.people - before.0, component.name_span);
                    let agents = (words.agents - before.1, component.name_span);
                    let larger = |old: Option<(usize, Span)>, new: (usize, Span)| {
                        if new.0 > old.map_or(0, |old| old.0) { Some(new) } else { old }
                    };
                    words.largest_people = larger(words.largest_people, people);
                    words.largest_agents = larger(words.largest_agents, agents);
                }
                continue;
            }
            _ => {}
        }
        count(inputs, &node.children, reader, words);
    }
}

fn add(text: &str, reader: Reader, words: &mut Words) {
    let number = text.split_whitespace().filter(|word| word.contains(char::is_alphanumeric)).count();
    match reader {
        Reader::All => words.article += number,
        Reader::People => {
            words.article += number;
            words.people += number;
        }
        Reader::Agents => words.agents += number,
    }
}

/// Who gets what is in a component, where not all do.
fn only(inputs: &Inputs, component: &Component) -> Option<Reader> {
    let name = component.name.as_str();
    let meant = inputs.config.components.get(name).map_or(name, String::as_str);
    match (meant, component.text("for")) {
        ("llms-only", _) | ("Visibility", Some("agents")) => Some(Reader::Agents),
        ("llms-ignore", _) | ("Visibility", Some("humans")) => Some(Reader::People),
        _ => None,
    }
}
