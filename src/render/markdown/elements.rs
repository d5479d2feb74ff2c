//! Tags, texts and finished Markdown in, Markdown out: what HTML in a page comes to for agents.
//!
//! Elements that mean something become what Markdown has for it; those that only lay things out leave their content;
//! scripts, styles and drawings leave nothing. Elements collect their content on a stack and are converted when they close.

use super::inline::{
    code_span, collapsed, destination, escape, in_one_line, last_part, link_title, one_line,
};
use super::table::{Cell, grid};
use crate::pictures::mode;
use crate::render::code;
use crate::render::tag::{Piece, Tag, decode, pieces};

/// A part of a run of HTML.
pub(super) enum Token<'a> {
    /// HTML as written.
    Html(&'a str),
    /// Words of the page: as Markdown, and as they read.
    Words { markdown: String, plain: Option<String> },
    /// A block of the page, as Markdown.
    Block(String),
}

/// What a run of HTML comes to.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Converted {
    /// The Markdown.
    pub(super) markdown: String,
    /// What stood in a `<summary>`, where the caller wants it apart.
    pub(super) summary: Option<String>,
    /// Whether it holds blocks.
    pub(super) is_block: bool,
}

/// Where a run of HTML stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Around {
    /// Text, where a line may break.
    Text,
    /// A cell or a heading: everything on one line.
    Line,
    /// The body of a `details` component, whose summary is taken out.
    Details,
}

/// Converts a run. `address` says what an address in it becomes.
pub(super) fn convert(tokens: &[Token<'_>], around: Around, address: &dyn Fn(&str) -> String) -> Converted {
    let mut converter =
        Converter { stack: vec![Element::default()], address, around, converted: Converted::default() };
    for token in tokens {
        match token {
            Token::Html(html) => pieces(html).into_iter().for_each(|piece| converter.piece(piece)),
            Token::Words { markdown, plain } => converter.words(markdown, plain.as_deref()),
            Token::Block(markdown) => converter.block(markdown),
        }
    }
    while converter.stack.len() > 1 {
        converter.close();
    }
    let root = converter.stack.pop().unwrap_or_default();
    let is_block = converter.converted.is_block;
    let markdown = if is_block { root.out.trim_matches('\n').to_owned() } else { root.out };
    Converted { markdown, ..converter.converted }
}

/// Whether an element's content must be known before anything of it is written.
pub(super) fn holds_content(name: &str) -> bool {
    matches!(
        name,
        "a" | "abbr"
            | "audio"
            | "b"
            | "blockquote"
            | "cite"
            | "code"
            | "dd"
            | "del"
            | "dfn"
            | "dl"
            | "dt"
            | "em"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "i"
            | "iframe"
            | "kbd"
            | "li"
            | "object"
            | "ol"
            | "pre"
            | "q"
            | "s"
            | "samp"
            | "strike"
            | "strong"
            | "sub"
            | "summary"
            | "sup"
            | "table"
            | "tbody"
            | "td"
            | "th"
            | "thead"
            | "tr"
            | "tt"
            | "ul"
            | "var"
            | "video"
    ) || leaves_nothing(name)
}

fn leaves_nothing(name: &str) -> bool {
    matches!(name, "canvas" | "head" | "map" | "noscript" | "script" | "style" | "svg" | "template" | "title")
}

/// An element that is open.
#[derive(Default)]
struct Element {
    name: String,
    tag: Option<Tag>,
    /// Its content as Markdown.
    out: String,
    /// Its content as plain text, as far as it is that.
    plain: Option<String>,
    /// The cells of a row.
    cells: Vec<Cell>,
    /// The rows of a table.
    rows: Vec<Vec<Cell>>,
    /// Items of a list so far.
    items: usize,
    /// The address of a child `<source>`.
    source: Option<String>,
}

struct Converter<'a> {
    stack: Vec<Element>,
    address: &'a dyn Fn(&str) -> String,
    around: Around,
    converted: Converted,
}

impl Converter<'_> {
    fn piece(&mut self, piece: Piece<'_>) {
        match piece {
            Piece::Comment => {}
            Piece::Text(text) if self.is_open("pre") => {
                let text = decode(text);
                self.words(&text.clone(), Some(&text));
            }
            Piece::Text(text) => {
                let text = collapsed(&decode(text));
                self.words(&escape(&text), Some(&text));
            }
            Piece::Tag(tag) if tag.closing => {
                if let Some(at) =
                    self.stack.iter().rposition(|element| element.name == tag.name).filter(|at| *at > 0)
                {
                    while self.stack.len() > at {
                        self.close();
                    }
                }
            }
            Piece::Tag(tag) => self.open(&tag),
        }
    }

    fn is_open(&self, name: &str) -> bool {
        self.stack.iter().any(|element| element.name == name)
    }

    fn top(&mut self) -> &mut Element {
        self.stack.last_mut().expect("the root is closed last, by `convert`")
    }

    fn words(&mut self, markdown: &str, plain: Option<&str>) {
        let in_pre = self.is_open("pre");
        let top = self.top();
        // A block begins its own line: what space stood before it says nothing.
        let starts_line = top.out.is_empty() || top.out.ends_with('\n') || top.out.ends_with(' ');
        top.out.push_str(if starts_line && !in_pre { markdown.trim_start_matches(' ') } else { markdown });
        match (&mut top.plain, plain) {
            (Some(text), Some(plain)) => text.push_str(plain),
            (_, None) => top.plain = None,
            (None, Some(_)) => {}
        }
    }

    fn block(&mut self, markdown: &str) {
        let markdown = markdown.trim_matches('\n');
        if markdown.trim().is_empty() {
            return;
        }
        self.converted.is_block = true;
        let top = self.top();
        top.plain = None;
        separate(&mut top.out);
        top.out.push_str(markdown.trim_end());
        top.out.push_str("\n\n");
    }

    fn open(&mut self, tag: &Tag) {
        let one_line = self.around == Around::Line || self.is_open("td") || self.is_open("th");
        match tag.name.as_str() {
            "br" if one_line => self.words("<br>", None),
            "br" => {
                let is_root = self.stack.len() == 1;
                let out = &mut self.top().out;
                out.truncate(out.trim_end().len());
                // A break at the start or end of an element breaks nothing; `close` takes the last one away.
                let text = if out.is_empty() && !is_root { "" } else { "\\\n" };
                self.words(text, Some("\n"));
            }
            "hr" => self.block("---"),
            "img" => {
                let image = self.image(tag);
                self.words(&image, None);
            }
            "input" => {
                let checked = if tag.attribute("checked").is_some() { "[x] " } else { "[ ] " };
                if tag.attribute("type") == Some("checkbox") {
                    self.words(checked, None);
                }
            }
            "embed" => {
                let link = self.media(tag, None);
                self.words(&link, None);
            }
            "source" => {
                let source = tag.attribute("src").map(str::to_owned);
                let media =
                    self.stack.iter_mut().rfind(|element| matches!(element.name.as_str(), "video" | "audio"));
                if let Some(media) = media
                    && media.source.is_none()
                {
                    media.source = source;
                }
            }
            "wbr" | "area" | "base" | "col" | "link" | "meta" | "track" => {}
            name => {
                // `<li>`, `<tr>` and cells need no closing tag.
                let closes: &[&str] = match name {
                    "li" => &["li"],
                    "tr" => &["tr"],
                    "td" | "th" => &["td", "th"],
                    "dt" | "dd" => &["dt", "dd"],
                    "option" => &["option"],
                    _ => &[],
                };
                if self.stack.last().is_some_and(|top| closes.contains(&top.name.as_str())) {
                    self.close();
                }
                let element = Element {
                    name: name.to_owned(),
                    plain: Some(String::new()),
                    source: tag.attribute("src").or_else(|| tag.attribute("data")).map(str::to_owned),
                    tag: Some(tag.clone()),
                    ..Element::default()
                };
                self.stack.push(element);
                if tag.empty {
                    self.close();
                }
            }
        }
    }

    fn close(&mut self) {
        let Some(element) = self.stack.pop() else { return };
        let empty = Tag { name: String::new(), closing: false, empty: false, attributes: Vec::new() };
        let tag = element.tag.clone().unwrap_or(empty);
        let content = element.out.trim_matches('\n').trim_end_matches('\\').to_owned();
        match element.name.as_str() {
            name if leaves_nothing(name) => {}
            "b" | "strong" => self.wrap(&content, "**"),
            "i" | "em" | "cite" | "var" | "dfn" => self.wrap(&content, "*"),
            "s" | "del" | "strike" => self.wrap(&content, "~~"),
            "code" | "kbd" | "samp" | "tt" => self.code(&element, &content),
            "sub" | "sup" => self.words(&format!("<{0}>{content}</{0}>", element.name), None),
            "q" => self.words(&format!("\"{content}\""), None),
            "abbr" => match tag.attribute("title").filter(|title| !title.is_empty()) {
                Some(title) => self.words(&format!("{content} ({})", escape(title)), None),
                None => self.words(&content, element.plain.as_deref()),
            },
            "a" => self.anchor(&tag, &content),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                let level = element.name.as_bytes().get(1).map_or(2, |digit| usize::from(digit - b'0'));
                self.block(&format!("{} {}", "#".repeat(level), one_line(&content)));
            }
            "ul" | "ol" => self.block(&element.out),
            "li" => self.item(&content),
            "dt" => {
                let term = format!("**{}**", one_line(&content));
                self.block(&term);
            }
            "blockquote" => {
                let lines = content.lines().map(|line| format!("> {line}"));
                self.block(&lines.collect::<Vec<_>>().join("\n"));
            }
            "pre" => {
                let class = tag.attribute("class").unwrap_or_default().to_owned();
                let language = class.split(' ').find_map(|class| class.strip_prefix("language-"));
                let language = language.or(element.source.as_deref()).unwrap_or_default();
                let text = element.plain.unwrap_or(element.out);
                self.block(&code::fenced(language, text.strip_prefix('\n').unwrap_or(&text)));
            }
            "summary" if self.around == Around::Details && self.converted.summary.is_none() => {
                self.converted.summary = Some(one_line(&content));
            }
            "summary" => self.block(&format!("**{}**", one_line(&content))),
            "td" | "th" => self.cell(&element.name, &tag, &content),
            "tr" => {
                match self.stack.iter_mut().rfind(|open| open.name == "table") {
                    Some(table) => table.rows.push(element.cells),
                    None => self.block(
                        &element.cells.iter().map(|cell| cell.text.as_str()).collect::<Vec<_>>().join(" "),
                    ),
                }
                self.block(&content);
            }
            "table" => {
                let mut rows = element.rows;
                rows.extend((!element.cells.is_empty()).then_some(element.cells));
                self.block(&content);
                self.block(&grid(&rows));
            }
            "iframe" | "video" | "audio" | "object" => {
                let link = self.media(&tag, element.source.as_deref());
                self.words(&link, None);
            }
            name if is_inline(name) => self.words(&content, element.plain.as_deref()),
            _ => self.block(&content),
        }
    }

    fn wrap(&mut self, content: &str, mark: &str) {
        let words = content.trim();
        if self.is_open("pre") {
            return self.words(content, Some(content));
        }
        if words.is_empty() || words.contains("\n\n") {
            return self.words(content, None);
        }
        let lead = if content.starts_with([' ', '\n']) { " " } else { "" };
        let trail = if content.ends_with([' ', '\n']) { " " } else { "" };
        self.words(&format!("{lead}{mark}{words}{mark}{trail}"), None);
    }

    fn code(&mut self, element: &Element, content: &str) {
        if let Some(pre) = self.stack.iter_mut().rfind(|open| open.name == "pre") {
            // The language of `<pre><code class="language-x">` stands on the inner one.
            let class = element.tag.as_ref().and_then(|tag| tag.attribute("class")).unwrap_or_default();
            pre.source =
                class.split(' ').find_map(|class| class.strip_prefix("language-")).map(str::to_owned);
            let text = element.plain.clone().unwrap_or_else(|| element.out.clone());
            return self.words(&text, Some(&text));
        }
        let Some(text) = element.plain.as_deref().map(str::trim).filter(|text| !text.is_empty()) else {
            return self.words(content, None);
        };
        self.words(&code_span(text), None);
    }

    fn anchor(&mut self, tag: &Tag, content: &str) {
        let address = tag.attribute("href").filter(|href| !href.is_empty()).map(self.address);
        let name = tag.attribute("id").or_else(|| tag.attribute("name")).filter(|name| !name.is_empty());
        match (address, name) {
            (Some(url), _) if content.contains("\n\n") => {
                self.block(content);
                self.words(&format!("[{}]({})", escape(last_part(&url)), destination(&url)), None);
            }
            (Some(url), _) => {
                let words =
                    if content.trim().is_empty() { escape(last_part(&url)) } else { one_line(content) };
                self.words(&format!("[{words}]({})", destination(&url)), None);
            }
            (None, Some(name)) => {
                let name = name.replace('"', "&quot;");
                self.words(&format!("<a id=\"{name}\"></a>{content}"), None);
            }
            (None, None) => self.words(content, None),
        }
    }

    fn image(&self, tag: &Tag) -> String {
        let alt = tag.attribute("alt").unwrap_or_default().trim();
        match tag.attribute("src") {
            Some(src) if !alt.is_empty() => {
                let title = tag.attribute("title").map(link_title).unwrap_or_default();
                let url = (self.address)(src);
                format!("![{}]({}{title})", escape(&collapsed(alt)), destination(mode(&url).0))
            }
            // An image without words is an ornament.
            Some(_) | None => String::new(),
        }
    }

    fn media(&self, tag: &Tag, source: Option<&str>) -> String {
        let Some(source) = tag.attribute("src").or(source).filter(|source| !source.is_empty()) else {
            return String::new();
        };
        let url = (self.address)(source);
        let name =
            tag.attribute("title").or_else(|| tag.attribute("aria-label")).unwrap_or_else(|| last_part(&url));
        format!("[{}]({})", escape(name), destination(&url))
    }

    fn item(&mut self, content: &str) {
        self.converted.is_block = true;
        let list = self.top();
        let ordered = list.name == "ol";
        let start = list.tag.as_ref().and_then(|tag| tag.attribute("start")?.parse().ok()).unwrap_or(1);
        let marker = if ordered { format!("{}. ", start + list.items) } else { "- ".to_owned() };
        list.items += 1;
        list.plain = None;
        if !list.out.is_empty() && !list.out.ends_with('\n') {
            list.out.push('\n');
        }
        let margin = " ".repeat(marker.len());
        for (index, line) in content.trim().lines().enumerate() {
            let start = if index == 0 {
                marker.as_str()
            } else if line.is_empty() {
                ""
            } else {
                &margin
            };
            list.out.push_str(start);
            list.out.push_str(line);
            list.out.push('\n');
        }
    }

    fn cell(&mut self, name: &str, tag: &Tag, content: &str) {
        let span = |attribute: &str| {
            tag.attribute(attribute).and_then(|value| value.parse().ok()).unwrap_or(1_usize).clamp(1, 100)
        };
        let text = in_one_line(content.trim());
        let text = text.trim_start_matches("<br>").trim_end_matches("<br>").trim().to_owned();
        let cell = Cell { text, columns: span("colspan"), rows: span("rowspan"), heading: name == "th" };
        let row = self.stack.iter_mut().rfind(|open| matches!(open.name.as_str(), "tr" | "table"));
        match row {
            Some(row) => row.cells.push(cell),
            None => self.block(content),
        }
    }
}

fn is_inline(name: &str) -> bool {
    matches!(
        name,
        "bdi"
            | "bdo"
            | "big"
            | "button"
            | "data"
            | "font"
            | "ins"
            | "label"
            | "mark"
            | "math"
            | "option"
            | "output"
            | "picture"
            | "ruby"
            | "select"
            | "small"
            | "span"
            | "strike"
            | "textarea"
            | "time"
            | "u"
    )
    // Elements of the site's own are words among words.
    || name.contains('-')
}

/// Makes the end of `out` a place where a block can begin.
fn separate(out: &mut String) {
    out.truncate(out.trim_end_matches(' ').len());
    if !out.is_empty() {
        out.truncate(out.trim_end_matches('\n').len());
        out.push_str("\n\n");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(html: &str) -> String {
        let address = |url: &str| format!("https://x/{url}");
        convert(&[Token::Html(html)], Around::Text, &address).markdown
    }

    #[test]
    fn words_keep_their_meaning() {
        assert_eq!(
            text("a <b>c</b> <i>d </i>e <kbd>Ctrl</kbd> <code>a*b`</code>"),
            "a **c** *d* e `Ctrl` `` a*b` ``"
        );
        assert_eq!(text("<span style='x'>a</span><sup>2</sup> <font>f</font>"), "a<sup>2</sup> f");
        assert_eq!(text("<del>x</del> &lt;T&gt; a_b *c*"), "~~x~~ \\<T> a_b \\*c\\*");
    }

    #[test]
    fn links_and_images_are_absolute() {
        assert_eq!(
            text("<a href='a b'>c</a> <a id='x'></a> <a href='d/e.png'></a>"),
            "[c](https://x/a%20b) <a id=\"x\"></a> [e.png](https://x/d/e.png)"
        );
        assert_eq!(
            text("<img src='a.png' alt='b' title='c'> <img src='d.png' alt=''>"),
            "![b](https://x/a.png \"c\") "
        );
        assert_eq!(text("<iframe src='v' title='Film'></iframe>"), "[Film](https://x/v)");
        assert_eq!(text("<video><source src='a/v.mp4'></video>"), "[v.mp4](https://x/a/v.mp4)");
    }

    #[test]
    fn layout_leaves_its_content_and_scripts_nothing() {
        assert_eq!(
            text("<div class='x'><p>a</p>\n<p>b</p></div><style>c{}</style><script>d</script>"),
            "a\n\nb"
        );
        assert_eq!(text("a<br/>b"), "a\\\nb");
        assert_eq!(text("<h3>a <b>b</b></h3>c<hr>"), "### a **b**\n\nc\n\n---");
    }

    #[test]
    fn lists_quotes_and_code() {
        assert_eq!(text("<ul><li>a<li>b<ul><li>c</ul></ul>"), "- a\n- b\n\n  - c");
        assert_eq!(text("<ol start=3><li>a</li><li>b</li></ol>"), "3. a\n4. b");
        assert_eq!(text("<blockquote><p>a</p><p>b</p></blockquote>"), "> a\n> \n> b");
        assert_eq!(
            text("<pre><code class=\"language-js\">a &lt; b\n  c\n</code></pre>"),
            "```js\na < b\n  c\n```"
        );
    }

    #[test]
    fn tables_become_gfm_and_spans_repeat() {
        assert_eq!(
            text("<table><tr><th>a<th>b|c</tr><tr><td rowspan=2>x<td>y<p>z</p></tr><tr><td>w</tr></table>"),
            "| a | b\\|c |\n| --- | --- |\n| x | y<br>z |\n| x | w |"
        );
        assert_eq!(
            text("<table><tbody><tr><td colspan=2>x</td></tr></tbody></table>"),
            "|  |  |\n| --- | --- |\n| x | x |"
        );
    }

    #[test]
    fn summaries_stand_apart_in_details() {
        let address = |url: &str| url.to_owned();
        let tokens = [
            Token::Html("<summary>"),
            Token::Words { markdown: "a *b*".to_owned(), plain: None },
            Token::Html("</summary>"),
        ];
        let converted = convert(&tokens, Around::Details, &address);
        assert_eq!((converted.summary.as_deref(), converted.markdown.as_str()), (Some("a *b*"), ""));
    }
}
