//! Diagrams: drawn by a script where there is one, and the source that it draws from for everyone else.

use serde_json::{Map, Value as Json, json};

use super::{Around, Printer};
use crate::diagnostic::Span;
use crate::document::Code;

impl<'a> Printer<'a> {
    /// A code fence of the language `mermaid`.
    pub(super) fn diagram(&mut self, around: Around<'a>, code: &Code, span: Span) {
        let mut arguments = Map::new();
        if let Some(title) = &code.fence.title {
            arguments.insert("title".to_owned(), json!(title));
        }
        if !around.context.theme.components.contains_key("Mermaid") {
            let (arguments, facts) = self.code_facts(around, code, Some(span));
            return self.draw("CodeBlock", span, &arguments, &facts, None, false);
        }
        let mut facts = Map::new();
        self.diagram_facts(&code.text, &mut facts);
        self.draw("Mermaid", span, &arguments, &facts, None, false);
    }

    /// What the template of a diagram is given.
    pub(super) fn diagram_facts(&mut self, source: &str, facts: &mut Map<String, Json>) {
        self.uses.insert("mermaid");
        facts.insert("source".to_owned(), json!(source.trim_matches('\n').trim_end()));
        facts.insert("name".to_owned(), json!(name(source)));
        facts.insert("room".to_owned(), json!(room(source)));
    }
}

/// What the diagram calls itself: `accTitle: …`, or `title` in front of it or in it.
fn name(source: &str) -> &str {
    let value = |key: &str| {
        source.lines().find_map(|line| {
            let line = line.trim();
            let rest = line.strip_prefix("pie ").unwrap_or(line).strip_prefix(key)?;
            let rest = rest.strip_prefix(':').or_else(|| rest.strip_prefix(' '))?.trim();
            (!rest.is_empty()).then_some(rest)
        })
    };
    value("accTitle").or_else(|| value("title")).unwrap_or_default()
}

/// About how high the drawing will be, in `rem`: the page keeps that room until it is there.
fn room(source: &str) -> usize {
    let lines = || source.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("%%"));
    let first = lines().find(|line| !line.starts_with("---") && !line.contains(": ")).unwrap_or_default();
    let steps =
        lines().filter(|line| line.contains("--") || line.contains("->") || line.contains("==")).count();
    let high = match first.split_whitespace().next().unwrap_or_default() {
        "graph" | "flowchart" if first.ends_with("LR") || first.ends_with("RL") => 5 + steps,
        "graph" | "flowchart" => 4 + 3 * steps,
        "sequenceDiagram" => {
            11 + 3 * lines().filter(|line| line.contains("->") || line.contains("-)")).count()
        }
        "gantt" | "timeline" => 6 + 2 * lines().count(),
        _ => 20,
    };
    high.clamp(6, 36)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_diagram_has_a_name_where_its_source_gives_one() {
        assert_eq!(name("graph LR\n  accTitle: Two networks\n A --> B"), "Two networks");
        assert_eq!(name("---\ntitle: Peering\n---\ngraph LR"), "Peering");
        assert_eq!(name("pie title Pets\n"), "Pets");
        assert_eq!(name("gantt\n title A plan"), "A plan");
    }

    #[test]
    fn longer_diagrams_get_more_room() {
        assert!(room("sequenceDiagram\nA->>B: x") < room("sequenceDiagram\nA->>B: x\nB->>A: y"));
        assert!(room(&"graph TD\nA --> B\n".repeat(100)) <= 36);
    }
}
