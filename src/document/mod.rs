//! One file in, one typed tree with exact spans out. Pure: text in, ([`Document`], diagnostics) out.
//!
//! Tags decide extent, Markdown decides the rest: `tags` finds components, comments, imports and `:::`
//! fences in the source; `view` makes of each body the Markdown to parse, and `fold` puts what pulldown-cmark
//! says of it and what was found into one tree; [`parse`] is the way through. Reading never fails: what cannot be understood stays in the tree as text, with a diagnostic.

mod code_tabs;
mod directive;
mod docfx;
mod element;
pub mod fence;
mod fold;
pub mod front_matter;
pub mod literal;
mod markup;
pub mod notes;
pub mod parse;
pub mod placeholder;
mod script;
mod tab_group;
mod table_rows;
mod tags;
#[cfg(test)]
mod tests;
mod view;
mod words;

use std::sync::Arc;

use crate::diagnostic::{FileId, Span};
pub use fence::Fence;
pub use front_matter::FrontMatter;

/// One file, read.
#[derive(Clone, Debug)]
pub struct Document {
    /// The file the spans point into.
    pub file: FileId,
    /// The text that the spans index: the file's, after substitutions.
    pub text: Arc<str>,
    /// Its YAML header; empty where it has none.
    pub front_matter: FrontMatter,
    /// Its `import` statements, in order.
    pub imports: Vec<Import>,
    /// Where the text after the front matter starts.
    pub body_start: u32,
    /// The tree.
    pub nodes: Vec<Node>,
}

/// `import Name from 'source'`; one for each name bound.
#[derive(Clone, Debug, PartialEq)]
pub struct Import {
    /// The name it binds here.
    pub name: String,
    /// The module, as written.
    pub source: String,
    /// The whole statement.
    pub span: Span,
}

/// A node of the tree. A component may stand among blocks or among words, so there is one kind of node.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// What it is.
    pub kind: Kind,
    /// Where: for a block the whole construct with its markers, without the line ending after it.
    pub span: Span,
    /// What is in it.
    pub children: Vec<Node>,
}

/// What a node is.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// A heading. `id` is the author's (`{#id}`) until [`crate::site`] gives every heading one.
    Heading {
        /// 1 to 6.
        level: u8,
        /// The anchor; empty until assigned.
        id: String,
        /// Whether the author wrote the id.
        explicit: bool,
        /// `{#id}` or `{/* #id */}` with the space before it, to leave out of the Markdown.
        marker: Option<Span>,
    },
    /// A paragraph.
    Paragraph,
    /// A list; `start` is the first number of an ordered one.
    List {
        /// The number of the first item, for an ordered list.
        start: Option<u64>,
        /// Whether items are separated by blank lines.
        loose: bool,
    },
    /// A list item; `checked` for task lists.
    Item {
        /// The state of the task's box.
        checked: Option<bool>,
    },
    /// A block quote.
    Quote,
    /// A block of code.
    Code(Code),
    /// A table; children are rows, the first one the header.
    Table {
        /// One for each column.
        alignments: Vec<Alignment>,
    },
    /// A table row.
    Row,
    /// A table cell.
    Cell,
    /// `---`.
    Rule,
    /// A footnote's text.
    FootnoteDefinition {
        /// Its label, as written.
        label: String,
    },
    /// `[^label]`.
    FootnoteReference {
        /// The label of the footnote.
        label: String,
    },
    /// Words, entities decoded.
    Text(String),
    /// `code` in a sentence.
    InlineCode(String),
    /// *Emphasis*.
    Emphasis,
    /// **Strong emphasis**.
    Strong,
    /// ~~Struck~~.
    Strikethrough,
    /// A line break within a paragraph that is only in the source.
    SoftBreak,
    /// A line break that readers see.
    HardBreak,
    /// A link; children are its words.
    Link {
        /// The address as written, entities decoded.
        url: String,
        /// Its title.
        title: String,
        /// How it was written.
        form: LinkForm,
        /// Where the address is written in the node, without `<>`; absent for references.
        url_span: Option<Span>,
    },
    /// An image; children are its alternative text.
    Image {
        /// The address as written, entities decoded.
        url: String,
        /// Its title.
        title: String,
        /// How it was written.
        form: LinkForm,
        /// Where the address is written in the node, without `<>`; absent for references.
        url_span: Option<Span>,
    },
    /// HTML as written: a block or a tag in a sentence.
    Html {
        /// Whether it stands among words.
        inline: bool,
        /// The source, with React's attribute names turned into HTML's (`className`, `style={{…}}`).
        html: String,
    },
    /// `<!-- … -->`, `{/* … */}`, an import or export: nothing for readers or agents.
    Hidden,
    /// `{expression}` that is not a literal: printed as written.
    Expression {
        /// What stands between the braces.
        source: String,
    },
    /// Mathematics, as TeX.
    Math {
        /// The TeX.
        tex: String,
        /// Whether it stands on lines of its own.
        display: bool,
    },
    /// A component.
    Component(Component),
    /// A partial put in place of `<Name />`: its children have spans in its own file.
    Partial {
        /// The partial's file.
        file: FileId,
    },
}

/// How a link was written, which decides how it is resolved and rewritten.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkForm {
    /// `[text](url)`.
    Inline,
    /// `[text][label]`, `[text][]` or `[label]`; the span of the definition's address, where it is known.
    Reference(Option<Span>),
    /// `<https://…>`.
    Autolink,
    /// A bare address in text.
    Bare,
}

/// The alignment of a table column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alignment {
    /// Not given.
    None,
    /// Left.
    Left,
    /// Centre.
    Center,
    /// Right.
    Right,
}

/// A block of code.
#[derive(Clone, Debug, PartialEq)]
pub struct Code {
    /// The words after the fence, read; empty for indented code. Apart, so that nodes stay small: reading a body in a body
    /// takes a frame of the stack for each level.
    pub fence: Box<Fence>,
    /// The words after the fence, in the source.
    pub info: Option<Span>,
    /// The code, without the margin of its container, each line ended by `\n`.
    pub text: String,
    /// Whether it was fenced (else indented).
    pub fenced: bool,
}

/// A component, an admonition, or a lowercase element that a theme treats as one (`details`).
#[derive(Clone, Debug, PartialEq)]
pub struct Component {
    /// Its name as written; `Admonition` for `:::kind` and GFM alerts.
    pub name: String,
    /// Where the name stands, for messages.
    pub name_span: Span,
    /// Its attributes, in order.
    pub attributes: Vec<Attribute>,
    /// What is between its tags; absent for `<X />`.
    pub body: Option<Span>,
    /// Whether it stands among words.
    pub inline: bool,
    /// How it was written.
    pub syntax: Syntax,
    /// Which component of its page it is, in reading order; 0 until [`crate::site`] counts.
    pub ordinal: u32,
}

impl Component {
    /// The attribute of this name, the last where it is given twice.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().rev().find(|attribute| attribute.name == name)
    }

    /// The text of an attribute of this name, where it is a string.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        match &self.attribute(name)?.value {
            Value::String(text) => Some(text),
            _ => None,
        }
    }
}

/// How a component was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Syntax {
    /// `<Name>…</Name>` or `<Name />`.
    Tag,
    /// `:::kind … :::`; the attribute `type` is the kind, `title` a [`Value::Markup`] where given.
    Directive,
    /// `> [!NOTE]`.
    Alert,
    /// Otherwise: docfx's tab headings, zones and includes, fences marked as tabs.
    Made,
}

/// `name`, `name="text"` or `name={literal}`.
#[derive(Clone, Debug, PartialEq)]
pub struct Attribute {
    /// The name as written.
    pub name: String,
    /// The value; `true` where only the name is given.
    pub value: Value,
    /// The whole attribute.
    pub span: Span,
    /// The value with its quotes or braces; the name's span where there is none.
    pub value_span: Span,
}

/// The value of an attribute.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `null` or `undefined`.
    Null,
    /// `true`, `false`.
    Bool(bool),
    /// A number.
    Number(f64),
    /// A string, escapes and entities decoded.
    String(String),
    /// `[…]`.
    Array(Vec<Value>),
    /// `{…}`, in order.
    Object(Vec<(String, Value)>),
    /// Markdown (an admonition's title).
    Markup(Vec<Node>),
    /// JavaScript that is no literal, as written.
    Expression(String),
}

/// The ending of a file's name in lower case, without its dot; empty where it has none.
#[must_use]
pub fn extension(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').map_or("", |(_, end)| end).to_ascii_lowercase()
}

/// Whether a path is that of an image, by its ending.
#[must_use]
pub fn is_image(path: &str) -> bool {
    const KINDS: [&str; 8] = ["png", "jpg", "jpeg", "gif", "webp", "avif", "svg", "ico"];
    KINDS.contains(&extension(path).as_str())
}

/// Calls `visit` with every node, parents before children.
pub fn walk<'a>(nodes: &'a [Node], visit: &mut impl FnMut(&'a Node)) {
    for node in nodes {
        visit(node);
        walk(&node.children, visit);
    }
}

/// The words of `nodes`, as a reader sees them, without markup.
#[must_use]
pub fn plain_text(nodes: &[Node]) -> String {
    let mut text = String::new();
    walk(nodes, &mut |node| match &node.kind {
        Kind::Text(words) | Kind::InlineCode(words) => text.push_str(words),
        Kind::Math { tex, .. } => text.push_str(tex),
        Kind::Expression { source } => {
            text.push('{');
            text.push_str(source);
            text.push('}');
        }
        Kind::SoftBreak | Kind::HardBreak => text.push(' '),
        Kind::Component(component) => {
            // Badges and icons say with an attribute what other components say with their children.
            if node.children.is_empty()
                && let Some(words) = component.text("text")
            {
                text.push_str(words);
            }
        }
        Kind::Heading { .. }
        | Kind::Paragraph
        | Kind::List { .. }
        | Kind::Item { .. }
        | Kind::Quote
        | Kind::Code(_)
        | Kind::Table { .. }
        | Kind::Row
        | Kind::Cell
        | Kind::Rule
        | Kind::FootnoteDefinition { .. }
        | Kind::FootnoteReference { .. }
        | Kind::Emphasis
        | Kind::Strong
        | Kind::Strikethrough
        | Kind::Link { .. }
        | Kind::Image { .. }
        | Kind::Html { .. }
        | Kind::Hidden
        | Kind::Partial { .. } => {}
    });
    text
}
