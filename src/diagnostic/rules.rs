//! Every rule there is. A list: code, level and title of each; `content/waypost/diagnostics/CODE.md` explains it.

use super::{Rule, Severity};

const fn error(code: &'static str, title: &'static str) -> Rule {
    Rule { code, severity: Severity::Error, title }
}

const fn warning(code: &'static str, title: &'static str) -> Rule {
    Rule { code, severity: Severity::Warning, title }
}

const fn advice(code: &'static str, title: &'static str) -> Rule {
    Rule { code, severity: Severity::Advice, title }
}

macro_rules! rules {
    ($($name:ident = $level:ident($code:literal, $title:literal);)*) => {
        $(
            #[doc = $title]
            pub static $name: Rule = $level($code, $title);
        )*
        /// Every rule, in the order of the stages that report them.
        pub static ALL: &[&Rule] = &[$(&$name),*];
    };
}

// The one macro of the crate: a rule left out of `ALL` would have no help page and no level to set.
rules! {
    // book.toml
    CONFIG_SYNTAX = error("config-syntax", "book.toml is not valid TOML");
    UNKNOWN_CONFIG_KEY = error("unknown-config-key", "book.toml has a key that means nothing");
    INVALID_CONFIG_VALUE = error("invalid-config-value", "a value in book.toml cannot be used");
    // Reading files
    INVALID_TEXT = error("invalid-text", "a source file is not UTF-8, or holds a reserved character");
    PATH_OUTSIDE = error("path-outside", "a path leads outside the folder of book.toml");
    MISSING_INCLUDE = error("missing-include", "an included file, anchor or line range does not exist");
    // Front matter
    FRONT_MATTER_SYNTAX = error("front-matter-syntax", "the front matter is not valid YAML");
    FRONT_MATTER_TYPE = error("front-matter-type", "a front matter value has the wrong type");
    FRONT_MATTER_DUPLICATE = warning("front-matter-duplicate", "a front matter key is given twice");
    FRONT_MATTER_UNKNOWN = advice("front-matter-unknown", "a front matter key means nothing to Waypost");
    INVALID_PLACEHOLDER = error("invalid-placeholder", "a placeholder's settings cannot be used");
    UNUSED_PLACEHOLDER = warning("unused-placeholder", "a page declares a placeholder that it does not use");
    // Tags, directives, expressions
    UNCLOSED_TAG = error("unclosed-tag", "a component is opened and never closed");
    STRAY_CLOSING_TAG = error("stray-closing-tag", "a closing tag closes nothing");
    INVALID_ATTRIBUTE = error("invalid-attribute", "an attribute cannot be read");
    UNKNOWN_ELEMENT = warning("unknown-element", "a tag that names no element is printed as text");
    BARE_ANGLE = advice("bare-angle", "a `<` that opens no tag is printed as text");
    UNSUPPORTED_EXPRESSION = warning("unsupported-expression", "a JavaScript expression is printed as text");
    UNSUPPORTED_IMPORT = warning("unsupported-import", "an import of something that is not Markdown");
    UNCLOSED_COMMENT = error("unclosed-comment", "a comment is opened and never closed");
    UNCLOSED_ADMONITION = warning("unclosed-admonition", "an admonition is opened and never closed");
    UNKNOWN_ADMONITION = error("unknown-admonition", "an admonition of a kind that is not declared");
    UNCLOSED_CODE = warning("unclosed-code", "a code fence is opened and never closed");
    INVALID_FENCE = warning("invalid-fence", "the words after a code fence's language cannot be read");
    MISSING_NOTE = warning("missing-note", "a marker in code has no note below it");
    INVALID_MATH = error("invalid-math", "a formula cannot be read");
    MATH_OFF = advice("math-off", "a page has formulas, which are shown as text");
    UNKNOWN_LANGUAGE = warning("unknown-language", "a code fence names a language without a grammar");
    MISSING_LANGUAGE = advice("missing-language", "a code fence names no language");
    WRONG_LANGUAGE = warning("wrong-language", "a fence of shell commands holds data");
    // Themes and components
    UNKNOWN_THEME = error("unknown-theme", "the theme does not exist");
    THEME_FILE = error("theme-file", "a theme's settings or an icon cannot be read");
    THEME_CONTRACT = warning("theme-contract", "a copy of a built-in file is for another version of the theme contract");
    UNUSED_THEME_FILE = warning("unused-theme-file", "a file of a theme means nothing where it stands");
    TEMPLATE_SYNTAX = error("template-syntax", "a theme template cannot be read");
    TEMPLATE_FAILED = error("template-failed", "a theme template failed on a page");
    COMPONENT_PAIR = error("component-pair", "a component has only one of its two templates");
    COMPONENT_SIGNATURE = error("component-signature", "the two templates of a component take different attributes");
    UNKNOWN_COMPONENT = error("unknown-component", "a component that no theme defines");
    UNKNOWN_ATTRIBUTE = error("unknown-attribute", "an attribute that the component does not take");
    MISSING_ATTRIBUTE = error("missing-attribute", "an attribute that the component needs is not given");
    ATTRIBUTE_TYPE = error("attribute-type", "an attribute value of the wrong type");
    COMPONENT_OUTSIDE = error("component-outside", "a component or text stands outside the component it belongs in");
    UNKNOWN_ICON = warning("unknown-icon", "an icon that the theme does not have");
    // Tabs
    TAB_OUTSIDE = error("tab-outside", "a tab item stands outside a tab group");
    TAB_DEFAULT = error("tab-default", "the default names no tab of its group");
    TAB_DUPLICATE = error("tab-duplicate", "two tabs of one group have the same value");
    TAB_WITHOUT_PANEL = error("tab-without-panel", "a tab has no panel");
    TAB_WITHOUT_BUTTON = error("tab-without-button", "a panel has no tab that opens it");
    TAB_LABEL_DRIFT = warning("tab-label-drift", "labels of one tab group differ by case, spacing or a letter");
    TAB_HEADING_TWICE = advice("tab-heading-twice", "a heading stands in two tabs of one page");
    REPEATED_HEADING = advice("repeated-heading", "a heading has the words of another one on its page");
    // Pages and navigation
    NO_PAGES = error("no-pages", "the pages' folder holds no page");
    INVALID_SLUG = error("invalid-slug", "a slug, an id or a file's name cannot be an address");
    MISSING_TITLE = warning("missing-title", "a page has no title");
    MISSING_DESCRIPTION = advice("missing-description", "a page has no description");
    DUPLICATE_DESCRIPTION = warning("duplicate-description", "two pages have the same description");
    DESCRIPTION_TITLE = advice("description-title", "a description only repeats the title");
    DUPLICATE_ROUTE = error("duplicate-route", "two files would be written to one address");
    DUPLICATE_ID = error("duplicate-id", "two headings of a page have the same explicit id");
    SUMMARY_SYNTAX = error("summary-syntax", "SUMMARY.md has a line that cannot be read");
    SUMMARY_MISSING_PAGE = error("summary-missing-page", "SUMMARY.md names a file that does not exist");
    SUMMARY_DUPLICATE = error("summary-duplicate", "SUMMARY.md names a page twice");
    CATEGORY_SYNTAX = error("category-syntax", "a category file cannot be read");
    PAGINATION_TARGET = error("pagination-target", "a page's previous or next names no page");
    MISSING_PARTIAL = error("missing-partial", "an imported file does not exist");
    PARTIAL_CYCLE = error("partial-cycle", "a partial imports itself");
    // Links
    BROKEN_LINK = error("broken-link", "a link leads to no page");
    BROKEN_ANCHOR = error("broken-anchor", "a link leads to a heading that does not exist");
    BROKEN_TAB = error("broken-tab", "a link names a tab that does not exist");
    BROKEN_ASSET = error("broken-asset", "an image or file does not exist");
    MISSING_ALT = warning("missing-alt", "an image has no words that stand for it");
    UNREADABLE_IMAGE = error("unreadable-image", "an image file is damaged, or no image");
    NO_IMAGE_VARIANTS = warning("no-image-variants", "copies of images are asked for that this Waypost cannot make");
    EXTERNAL_LINK = warning("external-link", "a link to another site does not answer");
    REDIRECT_LOOP = error("redirect-loop", "redirects lead back to where they began");
    REDIRECT_TARGET = error("redirect-target", "a redirect leads to no page");
    REDIRECT_SHADOWS = error("redirect-shadows", "a redirect stands on the address of a page");
    // urls.lock
    LOCK_SYNTAX = error("lock-syntax", "urls.lock has a line that cannot be read");
    VANISHED_PAGE = error("vanished-page", "a page is gone from its address, and no redirect stands there");
    // Agents
    INDEX_SIZE = warning("index-size", "an llms.txt is over its size limit");
    LONG_PAGE = advice("long-page", "a page is longer than some agents read");
    OVERSIZED_PAGE = warning("oversized-page", "a page is longer than most agents read");
    PEOPLE_ONLY = advice("people-only", "agents do not get what a page says");
    AGENTS_ONLY = advice("agents-only", "agents get much that people do not");
    AGENTS_FILE = warning("agents-file", "a file for agents lacks what they need");
    MISSING_ORIGIN = advice("missing-origin", "the site does not say where on the web it stands");
    MISSING_DATE = advice("missing-date", "a page has no date of its last change");
    // Ourselves
    INTERNAL_ERROR = error("internal-error", "a stage of Waypost failed on a page");
}

/// The rules whose level cannot be set: what follows relies on what they report not being so.
pub static FIXED: &[&Rule] = &[&CONFIG_SYNTAX, &DUPLICATE_ROUTE, &LOCK_SYNTAX, &INTERNAL_ERROR];

/// The rule with this code.
#[must_use]
pub fn find(code: &str) -> Option<&'static Rule> {
    ALL.iter().copied().find(|rule| rule.code == code)
}
