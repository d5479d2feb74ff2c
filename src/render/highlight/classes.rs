//! Scopes to classes: Sublime's long names (`string.quoted.double.rust`) in, one letter out.

use syntect::parsing::Scope;

/// What the theme colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    Plain,
    Keyword,
    Text,
    Number,
    Comment,
    Function,
    Type,
    Variable,
    Attribute,
    Operator,
    Placeholder,
    Meta,
    Tag,
    Inserted,
    Deleted,
    Heading,
}

impl Class {
    /// The name of the class in HTML; plain text has none.
    pub(super) fn letter(self) -> Option<char> {
        Some(match self {
            Self::Plain => return None,
            Self::Keyword => 'k',
            Self::Text => 's',
            Self::Number => 'n',
            Self::Comment => 'c',
            Self::Function => 'f',
            Self::Type => 't',
            Self::Variable => 'v',
            Self::Attribute => 'a',
            Self::Operator => 'o',
            Self::Placeholder => 'p',
            Self::Meta => 'm',
            Self::Tag => 'g',
            Self::Inserted => 'i',
            Self::Deleted => 'd',
            Self::Heading => 'h',
        })
    }
}

/// The class of a scope is that of the longest prefix listed here. A scope that is not listed leaves the class
/// to what surrounds it: the quotes of a string are `punctuation`, and have the class of the string.
#[rustfmt::skip]
const SCOPES: &[(&str, Class)] = &[
    ("comment", Class::Comment),
    ("punctuation.definition.comment", Class::Comment),
    ("markup.quote", Class::Comment),

    ("string", Class::Text),
    ("markup.raw", Class::Text),
    ("markup.underline.link", Class::Text),
    ("meta.link.reference", Class::Text),

    ("constant", Class::Number),
    ("constant.other.symbol", Class::Text),
    ("support.constant", Class::Number),
    ("entity.name.constant", Class::Number),
    ("keyword.other.unit", Class::Number),
    ("keyword.other.color", Class::Number),

    ("keyword", Class::Keyword),
    ("storage", Class::Keyword),
    ("variable.language", Class::Keyword),
    ("keyword.operator.word", Class::Keyword),
    ("keyword.operator.new", Class::Keyword),
    ("keyword.operator.logical.python", Class::Keyword),
    ("keyword.operator.logical.ruby", Class::Keyword),
    ("storage.type.numeric", Class::Number),

    ("keyword.operator", Class::Operator),
    ("punctuation.section.interpolation", Class::Operator),
    ("punctuation.definition.template-expression", Class::Operator),
    ("punctuation.definition.list_item", Class::Operator),
    ("punctuation.definition.blockquote", Class::Operator),
    ("markup.list", Class::Plain),
    ("keyword.declaration.function.arrow", Class::Operator),
    ("storage.type.function.arrow", Class::Operator),

    ("entity.name.function", Class::Function),
    ("variable.function", Class::Function),
    ("support.function", Class::Function),
    ("entity.name.macro", Class::Function),
    ("support.macro", Class::Function),
    ("meta.function-call.ruby", Class::Plain),

    ("entity.name", Class::Type),
    ("entity.other.inherited-class", Class::Type),
    ("support.type", Class::Type),
    ("support.class", Class::Type),
    ("support.struct", Class::Type),
    ("storage.type.primitive", Class::Type),
    ("storage.type.rust", Class::Type),
    ("storage.type.go", Class::Type),
    ("storage.type.c", Class::Type),
    ("storage.type.tag", Class::Meta),

    ("entity.name.tag", Class::Tag),
    ("entity.name.namespace.group", Class::Tag),
    ("entity.name.tag.yaml", Class::Attribute),
    ("entity.name.tag.toml", Class::Attribute),
    ("entity.name.section", Class::Type),
    ("entity.name.section.markdown", Class::Heading),
    ("entity.name.label", Class::Variable),
    ("entity.name.type.namespace", Class::Plain),
    ("entity.name.namespace", Class::Plain),

    ("entity.other.attribute-name", Class::Attribute),
    ("support.type.property-name", Class::Attribute),
    ("meta.mapping.key", Class::Attribute),
    ("variable.parameter.option", Class::Attribute),
    ("meta.toc-list", Class::Plain),

    ("variable.parameter", Class::Variable),
    ("variable.other.php", Class::Variable),
    ("variable.other.readwrite.powershell", Class::Variable),
    ("variable.other.readwrite.shell", Class::Variable),
    ("variable.other.readwrite.perl", Class::Variable),
    ("variable.other.normal.shell", Class::Variable),
    ("punctuation.definition.variable", Class::Variable),

    ("placeholder", Class::Placeholder),

    ("meta.prompt", Class::Meta),
    ("meta.document", Class::Meta),
    ("meta.fence", Class::Meta),
    ("meta.directive", Class::Meta),
    ("meta.separator", Class::Meta),
    ("meta.annotation", Class::Meta),
    ("meta.decorator", Class::Meta),
    ("meta.attribute.rust", Class::Meta),
    ("meta.preprocessor", Class::Meta),
    ("variable.annotation", Class::Meta),
    ("keyword.control.import.include", Class::Meta),
    ("meta.diff.header", Class::Meta),
    ("meta.diff.range", Class::Meta),
    ("meta.diff.index", Class::Meta),

    ("markup.heading", Class::Heading),
    ("markup.inserted", Class::Inserted),
    ("markup.deleted", Class::Deleted),

    // Code inside strings and tags is code again.
    ("source", Class::Plain),
    ("text", Class::Plain),
    ("meta.interpolation", Class::Plain),
    ("meta.template.expression", Class::Plain),
    ("meta.embedded", Class::Plain),
    ("variable.other", Class::Plain),
];

/// The table, ready for look-up.
pub(super) struct Classes {
    /// The longest prefix first.
    prefixes: Vec<(Scope, Class)>,
}

impl Classes {
    pub(super) fn new() -> Self {
        let mut prefixes: Vec<(Scope, Class)> = SCOPES
            .iter()
            .map(|(name, class)| {
                (Scope::new(name).expect("a scope of the table has at most eight parts"), *class)
            })
            .collect();
        prefixes.sort_by_key(|(scope, _)| std::cmp::Reverse(scope.len()));
        Self { prefixes }
    }

    /// The class a scope gives; `None` where what surrounds it decides.
    pub(super) fn of(&self, scope: Scope) -> Option<Class> {
        self.prefixes.iter().find(|(prefix, _)| prefix.is_prefix_of(scope)).map(|(_, class)| *class)
    }
}
