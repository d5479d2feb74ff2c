//! A lowercase tag as JSX has it in, the HTML it means out; and what the names of HTML elements say.

use super::element::{Form, Tag};
use super::{Attribute, Value};
use crate::diagnostic::{Diagnostic, rules};

/// Elements without an end tag.
pub(super) fn is_void(name: &str) -> bool {
    listed(VOID, name)
}

/// Elements that HTML closes by itself.
pub(super) fn closes_itself(name: &str) -> bool {
    is_void(name) || listed(OPTIONAL_END, name)
}

/// Elements whose content is not markup.
pub(super) fn is_raw(name: &str) -> bool {
    matches!(name, "pre" | "script" | "style" | "textarea")
}

/// Elements that are words in a sentence.
pub(super) fn is_phrasing(name: &str) -> bool {
    listed(PHRASING, name)
}

/// Whether HTML, SVG or `MathML` has an element of this name.
pub(super) fn is_known(name: &str) -> bool {
    listed(KNOWN, name)
}

/// Whether CommonMark takes it for the name of a tag.
pub(super) fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// The HTML that the tag means; nothing where it is HTML already. Reports attributes it must leave out.
pub(super) fn html(text: &str, tag: &Tag, problems: &mut Vec<Diagnostic>) -> Option<String> {
    let name = &text[tag.name.clone()];
    if tag.form == Form::Close {
        return None;
    }
    // `<a />` is an opening tag to HTML.
    let expand = tag.form == Form::Empty && !is_void(name);
    let plain = |attribute: &Attribute| {
        !text[attribute.value_span.range()].starts_with('{') && rename(&attribute.name) == attribute.name
    };
    if !expand && tag.attributes.iter().all(plain) && !tag.commented {
        return None;
    }
    let mut html = format!("<{name}");
    for attribute in &tag.attributes {
        if plain(attribute) {
            html.push(' ');
            html.push_str(&text[attribute.span.range()]);
            continue;
        }
        let key = rename(&attribute.name);
        let value = match &attribute.value {
            // An expression is reported where it was read.
            Value::Null | Value::Bool(false) | Value::Markup(_) | Value::Expression(_) => continue,
            Value::Bool(true) => None,
            Value::Number(number) => Some(number.to_string()),
            Value::String(string) => Some(string.clone()),
            Value::Object(entries) if key == "style" => Some(style(entries)),
            Value::Array(_) | Value::Object(_) => {
                problems.push(
                    Diagnostic::new(
                        &rules::UNSUPPORTED_EXPRESSION,
                        format!("`{key}` of `<{name}>` is left out"),
                    )
                    .at(attribute.span)
                    .help("an HTML attribute is a string or a number"),
                );
                continue;
            }
        };
        html.push(' ');
        html.push_str(&key);
        if let Some(value) = value {
            html.push_str("=\"");
            escape(&value, &mut html);
            html.push('"');
        }
    }
    html.push_str(if tag.form == Form::Empty && !expand { " />" } else { ">" });
    if expand {
        html.push_str("</");
        html.push_str(name);
        html.push('>');
    }
    Some(html)
}

/// Text as it stands in HTML, in attributes too.
pub(super) fn escape(text: &str, html: &mut String) {
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            other => html.push(other),
        }
    }
}

/// React's name of an attribute to HTML's. HTML ignores case, so only names that differ otherwise matter.
fn rename(name: &str) -> std::borrow::Cow<'_, str> {
    let fixed = match name {
        "className" => "class",
        "htmlFor" => "for",
        "httpEquiv" => "http-equiv",
        "acceptCharset" => "accept-charset",
        "xlinkHref" => "xlink:href",
        "xmlnsXlink" => "xmlns:xlink",
        "xmlSpace" => "xml:space",
        "defaultValue" => "value",
        "defaultChecked" => "checked",
        _ if name.bytes().any(|byte| byte.is_ascii_uppercase())
            && DASHED.split(' ').any(|stem| name.starts_with(stem)) =>
        {
            return name
                .chars()
                .flat_map(|c| {
                    let dash = c.is_ascii_uppercase().then_some('-');
                    dash.into_iter().chain(std::iter::once(c.to_ascii_lowercase()))
                })
                .collect::<String>()
                .into();
        }
        _ => name,
    };
    fixed.into()
}

/// How the names begin that SVG writes with dashes. `fillRule`, `strokeWidth`, `stopColor` …
const DASHED: &str = "\
    alignmentBaseline baselineShift clipPath clipRule colorInterpolation dominantBaseline fillOpacity \
    fillRule floodColor floodOpacity fontFamily fontSize fontStyle fontVariant fontWeight letterSpacing \
    lightingColor markerEnd markerMid markerStart paintOrder pointerEvents shapeRendering stopColor \
    stopOpacity strokeDash strokeLine strokeMiter strokeOpacity strokeWidth textAnchor textDecoration \
    textRendering vectorEffect wordSpacing writingMode";

/// A style object as a style attribute: `{marginTop: 4}` is `margin-top:4px`.
fn style(entries: &[(String, Value)]) -> String {
    let mut css = String::new();
    for (key, value) in entries {
        let value = match value {
            Value::String(string) => string.clone(),
            Value::Number(number) if *number == 0.0 || listed(UNITLESS, key) || key.starts_with("--") => {
                number.to_string()
            }
            Value::Number(number) => format!("{number}px"),
            Value::Null
            | Value::Bool(_)
            | Value::Array(_)
            | Value::Object(_)
            | Value::Markup(_)
            | Value::Expression(_) => {
                continue;
            }
        };
        if !css.is_empty() {
            css.push(';');
        }
        if key.starts_with("--") {
            css.push_str(key);
        } else {
            for c in key.chars() {
                if c.is_ascii_uppercase() {
                    css.push('-');
                }
                css.push(c.to_ascii_lowercase());
            }
        }
        css.push(':');
        css.push_str(&value);
    }
    css
}

/// Properties whose numbers React leaves without `px`.
const UNITLESS: &str = "\
    animationIterationCount aspectRatio columnCount columns fillOpacity flex flexGrow flexShrink \
    fontWeight gridArea gridColumn gridRow lineClamp lineHeight opacity order orphans scale stopOpacity \
    strokeOpacity strokeWidth tabSize widows zIndex zoom";

fn listed(list: &str, name: &str) -> bool {
    list.split(' ').any(|listed| listed == name)
}

/// HTML, SVG and `MathML`.
const KNOWN: &str = "\
    a abbr acronym address animate animateMotion animateTransform applet area article aside audio b base \
    bdi bdo big blockquote body br button canvas caption center circle cite clipPath code col colgroup \
    data datalist dd defs del desc details dfn dialog dir div dl dt ellipse em embed feBlend \
    feColorMatrix feComposite feDropShadow feFlood feGaussianBlur feMerge feMergeNode feOffset fieldset \
    figcaption figure filter font footer foreignObject form frame frameset g h1 h2 h3 h4 h5 h6 head \
    header hgroup hr html i iframe image img input ins kbd label legend li line linearGradient link main \
    map mark marker marquee mask math menu meta meter mfrac mi mn mo mrow msqrt msub msup mtable mtd \
    mtext mtr nav nobr noscript object ol optgroup option output p param path pattern picture polygon \
    polyline pre progress q radialGradient rect rp rt ruby s samp script search section select slot small \
    source span stop strike strong style sub summary sup svg switch symbol table tbody td template text \
    textPath textarea tfoot th thead time title tr track tspan tt u ul use var video view wbr";

const VOID: &str = "\
    area base br col embed hr img input link meta param source track wbr";

const OPTIONAL_END: &str = "\
    p li dt dd td th tr thead tbody tfoot colgroup option optgroup rt rp";

const PHRASING: &str = "\
    a abbr acronym b bdi bdo big br button cite code data del dfn em font i img input ins kbd label mark \
    q ruby s samp small span strike strong sub sup svg time tt u var wbr";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::FileId;
    use crate::document::element;

    #[test]
    fn reacts_names_become_htmls() {
        for (jsx, expected) in [
            ("<div className=\"a\" htmlFor='b' id=\"c\">", "<div class=\"a\" for=\"b\" id=\"c\">"),
            ("<a id=\"x\" />", "<a id=\"x\"></a>"),
            ("<br/>", "<br/>"),
            (
                "<img src={'a.png'} width={40} hidden={false} alt={`\"`} />",
                "<img src=\"a.png\" width=\"40\" alt=\"&quot;\" />",
            ),
            (
                "<p style={{marginTop: '1em', width: 100, lineHeight: 2, '--x': 1, WebkitBoxFlex: 0}}>",
                "<p style=\"margin-top:1em;width:100px;line-height:2;--x:1;-webkit-box-flex:0\">",
            ),
            (
                "<path strokeWidth=\"2\" fillRule='evenodd' viewBox=\"0 0\">",
                "<path stroke-width=\"2\" fill-rule=\"evenodd\" viewBox=\"0 0\">",
            ),
            ("<p class=\"a\" width=1>", "<p class=\"a\" width=1>"),
            ("<p onClick={() => go()} id=\"a\">", "<p id=\"a\">"),
        ] {
            let tag = element::read(FileId(0), jsx, 0, jsx.len(), &mut 1000)
                .unwrap_or_else(|lost| panic!("{lost:?}"));
            assert_eq!(html(jsx, &tag, &mut Vec::new()).as_deref().unwrap_or(jsx), expected);
        }
    }
}
