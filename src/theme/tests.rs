//! The built-in theme as it is embedded, and themes laid over it.

use serde_json::json;

use super::*;

fn built_in() -> Theme {
    let (theme, diagnostics) = load(&[], "en", &mut Files::default());
    assert_eq!(messages(&diagnostics), Vec::<String>::new());
    theme
}

fn messages(diagnostics: &[Diagnostic]) -> Vec<String> {
    diagnostics.iter().map(|one| format!("{}: {}", one.rule.code, one.message)).collect()
}

fn layer(files: &[(&str, &str)]) -> Vec<(String, ThemeFiles)> {
    let files = files.iter().map(|(path, text)| ((*path).to_owned(), Arc::from(text.as_bytes()))).collect();
    vec![("own".to_owned(), files)]
}

/// Loads a theme and says what each diagnostic points at.
fn problems(files: &[(&str, &str)]) -> (Theme, Vec<(String, String)>) {
    let mut known = Files::default();
    let (theme, diagnostics) = load(&layer(files), "en", &mut known);
    let place = |one: &Diagnostic| {
        one.span.map_or_else(String::new, |span| {
            let file = known.get(span.file);
            format!("{}: {}", file.path, &file.text[span.range()])
        })
    };
    let said =
        diagnostics.iter().map(|one| (format!("{}: {}", one.rule.code, one.message), place(one))).collect();
    (theme, said)
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        other => panic!("{other} is no object"),
    }
}

fn render(projection: Projection, name: &str, arguments: Value, facts: Value, body: &str) -> String {
    built_in()
        .component(projection, name, &object(arguments), &object(facts), Some(body))
        .unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn both(name: &str, arguments: &Value, facts: &Value, body: &str) -> (String, String) {
    let half = |projection| render(projection, name, arguments.clone(), facts.clone(), body);
    (half(Projection::Html), half(Projection::Markdown))
}

/// `html` without the drawings in it, which say nothing here.
fn undrawn(html: &str) -> String {
    let mut rest = html;
    let mut plain = String::new();
    while let Some((before, after)) = rest.split_once("<svg class=\"icon icon-") {
        let (name, after) = after.split_once('"').expect("a class");
        plain.push_str(before);
        plain.extend(["[", name, "]"]);
        rest = after.split_once("</svg>").expect("an end").1;
    }
    plain + rest
}

#[expect(clippy::needless_pass_by_value, reason = "calls read better with the values in them")]
#[track_caller]
fn assert_both(name: &str, arguments: Value, facts: Value, body: &str, html: &str, markdown: &str) {
    let (own_html, own_markdown) = both(name, &arguments, &facts, body);
    assert_eq!(undrawn(&own_html), html, "{name} for readers");
    assert_eq!(own_markdown, markdown, "{name} for agents");
}

#[test]
fn the_built_in_theme_has_every_component() {
    let names: Vec<String> = built_in().components.into_keys().collect();
    let expected = [
        "Accordion",
        "AccordionGroup",
        "Admonition",
        "Badge",
        "Card",
        "Cards",
        "CodeBlock",
        "FileTree",
        "Frame",
        "Icon",
        "Image",
        "Listing",
        "Mermaid",
        "Placeholders",
        "Step",
        "Steps",
        "TOCInline",
        "TabItem",
        "Tabs",
        "ThemedImage",
        "Tooltip",
        "Visibility",
        "YouTube",
        "details",
        "llms-ignore",
        "llms-only",
    ];
    assert_eq!(names, expected);
}

#[test]
fn templates_use_words_and_icons_that_exist() {
    let theme = built_in();
    let layers = layers::layer(&[]);
    for (path, file) in layers.below("components").into_iter().chain(layers.below("templates")) {
        let text = String::from_utf8_lossy(&file.bytes);
        let name = |after: &str| -> String {
            after
                .chars()
                .take_while(|letter| letter.is_ascii_alphanumeric() || "_-".contains(*letter))
                .collect()
        };
        for (at, _) in text.match_indices("words.") {
            let word = name(&text[at + "words.".len()..]);
            assert!(theme.words.contains_key(&word), "`words.{word}` in {path}");
        }
        for (at, _) in text.match_indices("icon(name=\"") {
            let icon = name(&text[at + "icon(name=\"".len()..]);
            assert!(theme.icons.contains(&icon), "icon `{icon}` in {path}");
        }
    }
}

/// Cargo sees changes of embedded files, and not that one was added: then `touch src/theme/layers.rs`.
#[test]
fn the_embedded_theme_is_the_one_in_the_repository() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("themes/default");
    let on_disk: BTreeSet<String> = walkdir::WalkDir::new(&root)
        .into_iter()
        .map(|entry| entry.expect("themes/default can be read"))
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| {
            entry.path().strip_prefix(&root).expect("it is below").to_string_lossy().replace('\\', "/")
        })
        .collect();
    let layers = layers::layer(&[]);
    let mut embedded = BTreeSet::new();
    for folder in ["templates", "components", "assets", "icons"] {
        embedded.extend(layers.below(folder).into_keys().map(|name| format!("{folder}/{name}")));
    }
    let folders: BTreeSet<String> = on_disk.into_iter().filter(|path| path.contains('/')).collect();
    assert_eq!(embedded, folders);
}

fn tabs() -> Value {
    json!([
        {"value": "az", "label": "Azure & co", "id": "tabs-1-az", "button_id": "tabs-1-az-b", "selected": true, "body": "A", "linked": true, "min_heading": null},
        {"value": "a_w", "label": "AWS", "id": "tabs-1-a_w", "button_id": "tabs-1-a_w-b", "selected": false, "body": "B", "min_heading": 4},
    ])
}

#[test]
fn tabs_for_readers() {
    let facts = json!({"id": "tabs-1", "items": tabs(), "group": "cloud", "query": "c"});
    assert_eq!(
        render(Projection::Html, "Tabs", json!({"className": "wide", "defaultValue": null}), facts, ""),
        r#"<div class="tabs wide" id="tabs-1" data-group="cloud" data-query="c">
<div class="tab-list" role="tablist" aria-label="Options"><button type="button" class="tab" role="tab" id="tabs-1-az-b" aria-controls="tabs-1-az" aria-selected="true" data-value="az">Azure &amp; co</button><button type="button" class="tab" role="tab" id="tabs-1-a_w-b" aria-controls="tabs-1-a_w" aria-selected="false" data-value="a_w" tabindex="-1">AWS</button></div>
<div class="tab-panel tab-panel-selected" role="tabpanel" id="tabs-1-az" aria-labelledby="tabs-1-az-b" data-value="az">
<p class="tab-label">Azure &amp; co</p>
A
</div>
<div class="tab-panel" role="tabpanel" id="tabs-1-a_w" aria-labelledby="tabs-1-a_w-b" data-value="a_w">
<p class="tab-label">AWS</p>
B
</div>
</div>"#
    );
}

#[test]
fn tab_labels_are_headings_only_where_they_swallow_nothing() {
    let markdown = |facts: Value| render(Projection::Markdown, "Tabs", json!({}), facts, "");
    let last = json!({"items": tabs(), "heading_level": 3, "last": true});
    assert_eq!(markdown(last), "### <a id=\"tabs-1-az\"></a>Azure & co\n\nA\n\n### AWS\n\nB");
    let bold = "<a id=\"tabs-1-az\"></a>**Azure & co**\n\nA\n\n**AWS**\n\nB";
    // A heading of level 4 stands in a panel.
    assert_eq!(markdown(json!({"items": tabs(), "heading_level": 4, "last": true})), bold);
    assert_eq!(markdown(json!({"items": tabs(), "heading_level": 7, "last": true})), bold);
    let end = "\n\n*End of options: Azure & co, AWS*";
    let followed = json!({"items": tabs(), "heading_level": 3, "last": false, "followed": true});
    assert_eq!(markdown(followed), format!("{bold}{end}"));
    assert_eq!(markdown(json!({"items": tabs(), "heading_level": 3, "last": false})), bold);
    let nested = json!({"items": tabs(), "heading_level": 3, "last": true, "path": ["On Linux", "Bash"]});
    assert_eq!(markdown(nested), bold.replace("**A", "**On Linux / Bash / A"));
}

#[test]
fn admonitions_keep_kind_and_title() {
    let both = |arguments: Value, facts: Value, body: &str| both("Admonition", &arguments, &facts, body);
    let (html, markdown) =
        both(json!({"type": "tip"}), json!({"id": "a-1", "kind": "tip", "like": "tip"}), "Text");
    assert_eq!(
        undrawn(&html),
        "<aside class=\"admonition admonition-tip\" id=\"a-1\" role=\"note\" aria-labelledby=\"a-1-title\">\n\
         <p class=\"admonition-title\" id=\"a-1-title\">[lightbulb]<span>Tip</span></p>\n\
         <div class=\"admonition-body\">\nText\n</div>\n</aside>"
    );
    assert_eq!(markdown, "> [!TIP]\n> Text");

    let (html, markdown) = both(
        json!({"type": "info"}),
        json!({"kind": "info", "like": "info", "title": "Use <code>x</code>"}),
        "One\n\n```\n two\n```",
    );
    assert!(html.contains("<span>Use <code>x</code></span>"), "{html}");
    assert_eq!(markdown, "> [!NOTE]\n> **Info: Use <code>x</code>**\n>\n> One\n>\n> ```\n>  two\n> ```");

    let markdown = |kind: &str, like: &str, label: &str, title: &str| {
        both(json!({"type": kind}), json!({"kind": kind, "like": like, "label": label, "title": title}), "T")
            .1
    };
    assert_eq!(markdown("note", "note", "", "Note"), "> [!NOTE]\n> T");
    assert_eq!(markdown("note", "note", "", "Names"), "> [!NOTE]\n> **Names**\n>\n> T");
    assert_eq!(markdown("success", "success", "", ""), "> [!TIP]\n> **Success**\n>\n> T");
    assert_eq!(markdown("danger", "danger", "", "Danger"), "> [!CAUTION]\n> **Danger**\n>\n> T");
    assert_eq!(markdown("pro", "important", "For pros", "x"), "> [!IMPORTANT]\n> **For pros: x**\n>\n> T");
    assert_eq!(markdown("secondary", "secondary", "", ""), "> [!NOTE]\n> T");
}

#[test]
fn a_title_that_the_renderer_left_is_taken_literally() {
    let (html, markdown) = both("Admonition", &json!({"title": "a < *b*", "icon": "🔥"}), &json!({}), "");
    assert!(html.contains(
        "<span class=\"icon\" aria-hidden=\"true\">🔥</span><span>a &lt; *b*</span></p>\n</aside>"
    ));
    assert_eq!(markdown, "> [!NOTE]\n> **a < \\*b\\***");
}

#[test]
fn steps_number_themselves() {
    assert_both(
        "Steps",
        json!({}),
        json!({"items": [{"name": "Step"}]}),
        "body",
        "<ol class=\"steps\">\nbody\n</ol>",
        "body",
    );
    assert_both("Steps", json!({}), json!({}), "1. a", "<div class=\"steps\">\n1. a\n</div>", "1. a");
    assert_both(
        "Step",
        json!({"title": "Make it_", "icon": "cloud"}),
        json!({"index": 10}),
        "Text\n\n```sh\nls\n```",
        "<li class=\"step\">\n<p class=\"step-title\">[cloud]Make it_</p>\n<div class=\"step-body\">\nText\n\n```sh\nls\n```\n</div>\n</li>",
        "10. **Make it\\_**\n\n    Text\n\n    ```sh\n    ls\n    ```",
    );
    assert_eq!(both("Step", &json!({}), &json!({"index": 2}), "One\ntwo").1, "2. One\n   two");
}

#[test]
fn cards_are_a_list_of_links() {
    assert_both(
        "Card",
        json!({"title": "Net [2]", "href": "/x", "icon": "cloud"}),
        json!({"url": "/base/x (y)/"}),
        "Some\ntext",
        "<div class=\"card card-link\">\n<span class=\"card-icon\">[cloud]</span>\n<p class=\"card-title\"><a href=\"/base/x (y)/\">Net [2]</a></p>\n<div class=\"card-body\">\nSome\ntext\n</div>\n</div>",
        "- [Net \\[2\\]](</base/x (y)/>): Some text",
    );
    let markdown = |arguments: Value, facts: Value, body: &str| both("Card", &arguments, &facts, body).1;
    assert_eq!(markdown(json!({"title": "T"}), json!({}), "Text\n\n- list"), "- **T**\n\n  Text\n\n  - list");
    assert_eq!(
        markdown(json!({"title": "T", "description": "D."}), json!({"url": "/u"}), "More"),
        "- [T](/u): D. More"
    );
    assert_eq!(markdown(json!({"title": "T"}), json!({"url": "/u", "inline": true}), ""), "[T](/u)");
    assert_eq!(both("Cards", &json!({"cols": 2}), &json!({}), "- a\n\n- b").1, "- a\n- b");
    assert_eq!(
        both("Cards", &json!({"cols": "2"}), &json!({}), "x").0,
        "<div class=\"cards cards-2\">\nx\n</div>"
    );
}

#[test]
fn disclosures_are_expanded_for_agents() {
    assert_both(
        "Accordion",
        json!({"title": "Why *so*?", "defaultOpen": true, "icon": "info"}),
        json!({"id": "accordion-1"}),
        "Because",
        "<details class=\"accordion\" id=\"accordion-1\" open>\n<summary>[info]<span class=\"accordion-title\">Why *so*?</span></summary>\n<div class=\"accordion-body\">\nBecause\n</div>\n</details>",
        "**Why \\*so\\*?**\n\nBecause",
    );
    assert_both(
        "details",
        json!({"open": "", "id": "own"}),
        json!({"id": "details-1", "summary": "Use `x`"}),
        "Text",
        "<details class=\"details\" id=\"own\" open>\n<summary>Use `x`</summary>\n<div class=\"details-body\">\nText\n</div>\n</details>",
        "**Use `x`**\n\nText",
    );
    assert_eq!(both("details", &json!({}), &json!({}), "Text").1, "**Details**\n\nText");
    assert_eq!(
        both("AccordionGroup", &json!({}), &json!({}), "x").0,
        "<div class=\"accordion-group\">\nx\n</div>"
    );
}

#[test]
fn code_is_the_same_to_the_byte() {
    let lines = json!([{"html": "<span class=\"f\">ls</span>", "mark": "", "number": 1}, {"html": "", "mark": "highlight", "number": 2}]);
    assert_both(
        "CodeBlock",
        json!({"title": "a_b.sh", "language": "sh"}),
        json!({"lines": lines, "language": "bash", "fence": "```bash\nls\n\n```"}),
        "",
        "<figure class=\"code-block\" data-language=\"bash\">\n<figcaption class=\"code-title\">a_b.sh</figcaption>\n<pre class=\"code\" tabindex=\"0\"><code class=\"language-bash\"><span class=\"f\">ls</span>\n<span class=\"line line-highlight\"></span>\n</code></pre>\n</figure>",
        "**a_b.sh**\n\n```bash\nls\n\n```",
    );
    let (html, markdown) = both(
        "CodeBlock",
        &json!({"wrap": true}),
        &json!({"lines": lines, "line_numbers": true, "file": "a.sh", "fold": 1}),
        "``` x",
    );
    assert!(html.starts_with("<figure class=\"code-block code-fold\" data-file=\"a.sh\" style=\"--fold:1\">\n<pre class=\"code code-numbered code-wrap\" tabindex=\"0\"><code><span class=\"line\" data-line=\"1\"><span"), "{html}");
    assert_eq!(markdown, "````\n``` x\n````");
}

#[test]
fn small_ones() {
    assert_both(
        "Badge",
        json!({"text": "New", "variant": "tip"}),
        json!({}),
        "",
        "<span class=\"badge badge-tip\">New</span>",
        "New",
    );
    assert_both("FileTree", json!({}), json!({}), "- a", "<div class=\"file-tree\">\n- a\n</div>", "- a");
    assert_both(
        "Frame",
        json!({"caption": "A *b*"}),
        json!({}),
        "![x](y)",
        "<figure class=\"frame\">\n<div class=\"frame-body\">\n![x](y)\n</div>\n<figcaption>A *b*</figcaption>\n</figure>",
        "![x](y)\n\n*A \\*b\\**",
    );
    assert_both(
        "Tooltip",
        json!({"tip": "Virtual network", "headline": "VNet", "cta": "More", "href": "x"}),
        json!({"id": "tooltip-1", "url": "/x/"}),
        "term",
        "<span class=\"tooltip\"><span class=\"tooltip-term\" tabindex=\"0\" aria-describedby=\"tooltip-1-tip\">term</span><span class=\"tooltip-text\" role=\"tooltip\" id=\"tooltip-1-tip\"><strong>VNet</strong> Virtual network <a href=\"/x/\">More</a></span></span>",
        "term (VNet: Virtual network) [More](/x/)",
    );
    assert_both(
        "TabItem",
        json!({"label": "A_"}),
        json!({}),
        "x",
        "<div class=\"tab-item\">\n<p class=\"tab-label\">A_</p>\nx\n</div>",
        "**A\\_**\n\nx",
    );
}

#[test]
fn what_is_for_one_kind_of_reader_only() {
    assert_both("Visibility", json!({"for": "humans"}), json!({}), "x", "x", "");
    assert_both("Visibility", json!({"for": "agents"}), json!({}), "x", "", "x");
    assert_both("llms-only", json!({}), json!({}), " x ", "", " x ");
    assert_both("llms-ignore", json!({}), json!({}), " x ", " x ", "");
    let theme = built_in();
    let audience = theme.components["Visibility"].attribute("for").expect("it takes `for`");
    assert!(audience.accepts(&json!("agents")) && !audience.accepts(&json!("robots")) && audience.required);
}

#[test]
fn icons_say_what_they_stand_for() {
    let (html, markdown) =
        both("Icon", &json!({"icon": "cloud", "label": "A \"cloud\"", "size": 24.0}), &json!({}), "");
    assert!(html.starts_with(
        "<svg class=\"icon icon-cloud\" width=\"24\" height=\"24\" viewBox=\"0 0 24 24\" fill=\"none\""
    ));
    assert!(html.contains("role=\"img\" aria-label=\"A &quot;cloud&quot;\"><path"));
    assert_eq!(markdown, "A \"cloud\"");
    assert_both("Icon", json!({"name": "gear"}), json!({}), "", "[settings]", "");
    assert_both("Icon", json!({"name": "no-such"}), json!({}), "", "", "");
    assert_both("Icon", json!({"name": "cloud", "size": "1px\" onload=\"x"}), json!({}), "", "[cloud]", "");
}

#[test]
fn signatures_say_what_authors_may_write() {
    let theme = built_in();
    let card = &theme.components["Card"];
    assert_eq!(card.attributes[0].name, "title");
    assert_eq!(card.attributes[0].kind, Some("string"));
    assert_eq!(card.attributes[0].default, Some(json!("")));
    assert!(card.attribute("url").is_none() && card.attribute("words").is_none());
    assert_eq!(card.nearest("herf"), Some("href"));
    assert_eq!(theme.components["TabItem"].parent.as_deref(), Some("Tabs"));
    let title = theme.components["Admonition"].attribute("title").expect("it takes a title");
    assert!(title.markup && !title.required && title.kind == Some("string"));
    assert!(theme.components["details"].attribute("id").is_some());
    let open = theme.components["details"].attribute("open").expect("it takes `open`");
    for value in [json!(true), json!(""), json!("open"), json!("false"), json!(null)] {
        assert!(open.accepts(&value), "{value}");
    }
    assert!(!open.accepts(&json!("maybe")) && !open.accepts(&json!(1)));
}

#[test]
fn what_a_check_would_report_does_not_fail_a_page() {
    let (html, _) =
        both("Badge", &json!({"text": 5.0, "nonsense": 1, "size": true, "variant": null}), &json!({}), "");
    assert_eq!(html, "<span class=\"badge badge-default\">5</span>");
}

#[test]
fn single_files_of_a_site_win() {
    let (theme, said) = problems(&[
        (
            "components/Badge.html",
            "{% component Badge(text: string = \"\", variant: string = \"\", color: string = \"\", type: string = \"\", size: string = \"\", icon = none, className: string = \"\") %}<b>{{ text }}</b>{% endcomponent %}",
        ),
        (
            "components/Own-one.html",
            "{% component Own_one(a: string) %}<i>{{ a }}</i>{{ words.search }}{% endcomponent %}"
                .replace("a: string", "a: string, @words: map")
                .as_str(),
        ),
        ("components/Own-one.md", "{% component Own_one(a: string, ) %}*{{ a }}*{% endcomponent %}"),
        ("templates/own/frame.html", "<main>{% block main %}{{ title }}{% endblock %}</main>"),
        (
            "templates/landing.html",
            "{% extends \"own/frame.html\" %}{% block main %}{{ title }} {{ words.search }} {{ words.own }} {{ icon(name=\"dot\") }} {{ asset(name=\"own.css\") }}{% endblock %}",
        ),
        (
            "icons/dot.svg",
            "<?xml version=\"1.0\"?><svg xmlns=\"x\" width=\"9\" viewBox=\"0 0 2 2\" fill=\"red\">\n<circle r=\"1\"/>\n</svg>",
        ),
        ("words.toml", "search = \"Find\"\nown = \"Own\""),
        ("assets/own.css", "a{}"),
        ("README.md", "# Ours"),
    ]);
    assert_eq!(said, []);
    let html = |name: &str, arguments: Value| {
        theme.component(Projection::Html, name, &object(arguments), &Map::new(), None)
    };
    assert_eq!(html("Badge", json!({"text": "<"})).as_deref(), Ok("<b>&lt;</b>"));
    assert_eq!(html("Own-one", json!({"a": "x"})).as_deref(), Ok("<i>x</i>Find"));
    let address = &theme.addresses["own.css"];
    assert_eq!(
        theme.page("landing.html", &json!({"title": "<T>"})).as_deref(),
        Ok(format!("<main>&lt;T&gt; Find Own <svg class=\"icon icon-dot\" width=\"1em\" height=\"1em\" viewBox=\"0 0 2 2\" fill=\"red\" aria-hidden=\"true\"><circle r=\"1\"/></svg> {address}</main>").as_str())
    );
    let reworded = theme.with_words(&BTreeMap::from([("search".to_owned(), "Look".to_owned())]));
    assert!(reworded.page("landing.html", &json!({"title": ""})).expect("it renders").contains("Look Own"));
}

#[test]
fn a_component_needs_both_halves() {
    let (_, said) = problems(&[
        ("components/One.html", "{% component One(a = 1) %}{% endcomponent %}"),
        ("components/Two.html", "{% component Twoo() %}{% endcomponent %}"),
        ("components/Two.md", "plain"),
    ]);
    let expected = [
        (
            "component-pair: component `One` has no template for agents",
            "themes/own/components/One.html: One(a = 1)",
        ),
        (
            "component-pair: `themes/own/components/Two.html` defines `Twoo`, and its name says `Two`",
            "themes/own/components/Two.html: Twoo",
        ),
        (
            "component-pair: `themes/own/components/Two.md` defines no component",
            "themes/own/components/Two.md: plain",
        ),
    ];
    assert_eq!(said, expected.map(|(message, place)| (message.to_owned(), place.to_owned())));
}

#[test]
fn the_halves_share_one_signature() {
    let (_, said) = problems(&[
        (
            "components/One.html",
            "{% component One(same: bool, a: string, b = 1, @items = [], ...rest) {\"parent\": \"Tabs\"} %}{% endcomponent %}",
        ),
        ("components/One.md", "{% component One(b = 2, c: string = \"x\", same: bool) %}{% endcomponent %}"),
        ("components/Badge.md", "{% component Badge(text) %}{% endcomponent %}"),
    ]);
    let of = |component: &str| {
        said.iter()
            .filter(|(_, place)| place.contains(component))
            .map(|(message, place)| (message.as_str(), place.as_str()))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        of("/One."),
        [
            (
                "component-signature: component `One` takes `a` only for readers",
                "themes/own/components/One.html: a"
            ),
            (
                "component-signature: `b` of component `One` is `integer = 2` here and `integer = 1` there",
                "themes/own/components/One.md: b"
            ),
            (
                "component-signature: component `One` takes `c` only for agents",
                "themes/own/components/One.md: c"
            ),
            (
                "component-signature: only one template of component `One` takes any attribute (`...rest`)",
                "themes/own/components/One.md: One(b = 2, c: string = \"x\", same: bool)"
            ),
            (
                "component-signature: the templates of component `One` name different parents",
                "themes/own/components/One.md: One(b = 2, c: string = \"x\", same: bool)"
            ),
        ]
    );
    assert!(said.iter().any(|(message, place)| {
        message == "component-signature: `text` of component `Badge` is `anything`, required here and `string = \"\"` there"
            && place == "themes/own/components/Badge.md: text"
    }), "{said:?}");
    assert!(
        said.iter().any(|(_, place)| place.starts_with("themes/default/components/Badge.html: ")),
        "{said:?}"
    );
}

#[test]
fn every_broken_template_is_reported_at_once() {
    let (theme, said) = problems(&[
        ("templates/a.html", "é{{ x"),
        ("templates/b.html", "ok\né {{ x | no_such }} {{ y | nor_this }}"),
        ("templates/c.html", "{% extends \"none.html\" %}"),
        ("templates/d.html", "{% extends \"a.html\" %}{% block x %}{% endblock %}"),
        ("templates/e.html", "{% include \"a.html\" %}"),
        ("templates/f.html", "{{ title }}"),
        ("components/Bad.html", "{% component Bad(x: text) %}{% endcomponent %}"),
        ("components/Bad.md", "{% component Bad(x: string) %}{{ <Nope /> }}{% endcomponent %}"),
    ]);
    let expected = [
        ("unexpected end of input", "themes/own/templates/a.html: x"),
        ("unknown filter `no_such`", "themes/own/templates/b.html: no_such"),
        ("unknown filter `nor_this`", "themes/own/templates/b.html: nor_this"),
        (
            "it extends `none.html`, which does not exist",
            "themes/own/templates/c.html: {% extends \"none.html\" %}",
        ),
        ("unknown component `Nope`", "themes/own/components/Bad.md: <Nope />"),
    ];
    for (message, place) in expected {
        let found = said.iter().find(|(own, _)| *own == format!("template-syntax: {message}"));
        assert_eq!(found.map(|(_, place)| place.as_str()), Some(place), "{message} in {said:#?}");
    }
    assert!(said.iter().any(|(_, place)| place == "themes/own/components/Bad.html: text"), "{said:#?}");
    assert_eq!(said.len(), expected.len() + 1, "{said:#?}");
    assert_eq!(theme.page("f.html", &json!({"title": "still here"})).as_deref(), Ok("still here"));
    assert!(theme.components["Bad"].open);
}

#[test]
fn settings_that_cannot_be_read_are_reported() {
    let (_, said) = problems(&[
        ("words.toml", "search = 5"),
        ("theme.toml", "contract = 9\n[icons]\ncloudy = \"clod\""),
        ("icons/bad.svg", "<svg viewBox=\"0 0 1 1\"><script>x</script></svg>"),
        ("component/Card.html", "x"),
        ("components/deep/Card.html", "x"),
        ("page.html", "x"),
    ]);
    let rules: Vec<&str> =
        said.iter().map(|(message, _)| message.split(':').next().unwrap_or_default()).collect();
    assert_eq!(
        rules,
        [
            "unused-theme-file",
            "unused-theme-file",
            "unused-theme-file",
            "theme-file",
            "theme-file",
            "theme-file",
            "theme-file"
        ]
    );
    let places: Vec<&str> = said[3..].iter().map(|(_, place)| place.as_str()).collect();
    assert_eq!(
        places,
        [
            "themes/own/words.toml: 5",
            "themes/own/icons/bad.svg: <svg",
            "themes/own/theme.toml: 9",
            "themes/own/theme.toml: \"clod\""
        ]
    );
}

#[test]
fn assets_have_addresses_that_follow_their_bytes() {
    let files = |font: &'static str| {
        vec![
            (
                "assets/own.css",
                "@import \"parts/more.css\";\n/* url(none.png) */ a{background:url( 'img/é.png?v=1#x' ) url(data:image/png;base64,x) url(#id) url(https://e.example/x)}",
            ),
            ("assets/parts/more.css", "@font-face{src:url(../fonts/a.woff2)}"),
            ("assets/fonts/a.woff2", font),
            ("assets/img/é.png", "png"),
            ("assets/own/later.js", "x"),
            ("assets/own.js", "x"),
        ]
    };
    let (one, said) = problems(&files("one"));
    assert_eq!(said, []);
    let text = |theme: &Theme, name: &str| {
        String::from_utf8_lossy(&theme.assets[&theme.addresses[name]].bytes().expect("plain")).into_owned()
    };
    let below = |theme: &Theme, name: &str| theme.addresses[name].replacen("assets/", "", 1);
    assert_eq!(
        text(&one, "own.css"),
        format!(
            "@import \"{}\";\n/* url(none.png) */ a{{background:url( '{}?v=1#x' ) url(data:image/png;base64,x) url(#id) url(https://e.example/x)}}",
            below(&one, "parts/more.css"),
            below(&one, "img/é.png")
        )
    );
    assert_eq!(
        text(&one, "parts/more.css"),
        format!("@font-face{{src:url(../{})}}", below(&one, "fonts/a.woff2"))
    );
    let name = |address: &str| address.split('.').map(str::len).collect::<Vec<_>>();
    assert_eq!(name(&one.addresses["own.css"]), name("assets/own.12345678.css"));
    assert!(one.stylesheets().contains(&one.addresses["own.css"].as_str()));
    assert!(one.scripts().contains(&one.addresses["own.js"].as_str()));
    assert!(!one.scripts().contains(&one.addresses["own/later.js"].as_str()));

    let (two, _) = problems(&files("two"));
    assert_ne!(one.addresses["own.css"], two.addresses["own.css"]);
    assert_eq!(one.addresses["img/é.png"], two.addresses["img/é.png"]);
}

#[test]
fn a_folder_of_style_sheets_or_scripts_is_one_file() {
    let (theme, said) = problems(&[
        ("assets/own.css/20.css", "b{src:url(a.png)}"),
        ("assets/own.css/10.css", "a{}\n"),
        ("assets/own.js/a.js", "x"),
        ("assets/theme.js", "mine"),
        ("assets/theme.css/99-mine.css", "mine{}"),
        ("assets/a.png", ""),
    ]);
    assert_eq!(said, []);
    let text = |name: &str| {
        String::from_utf8_lossy(&theme.assets[&theme.addresses[name]].bytes().expect("plain")).into_owned()
    };
    let picture = theme.addresses["a.png"].replacen("assets/", "", 1);
    assert_eq!(text("own.css"), format!("a{{}}\nb{{src:url({picture})}}"));
    assert_eq!(theme.scripts(), [theme.addresses["own.js"].as_str(), theme.addresses["theme.js"].as_str()]);
    assert_eq!(text("theme.js"), "mine");
    let built_in = text("theme.css");
    assert!(built_in.starts_with("/* The built-in theme") && built_in.ends_with("mine{}"));
}

#[test]
fn references_to_nothing_are_reported() {
    let (_, said) = problems(&[
        ("assets/a.css", "@import url(b.css);\na{src:url(\"font/x.woff2\")}"),
        ("assets/b.css", "@import 'a.css';\nb{src:url(../../up.png)}"),
        ("assets/fonts/x.woff2", ""),
    ]);
    let expected = [
        ("broken-asset: `a.css` leads back to this style sheet", "themes/own/assets/b.css: a.css"),
        (
            "broken-asset: `../../up.png` is not among the theme's assets",
            "themes/own/assets/b.css: ../../up.png",
        ),
        (
            "broken-asset: `font/x.woff2` is not among the theme's assets",
            "themes/own/assets/a.css: font/x.woff2",
        ),
    ];
    assert_eq!(said, expected.map(|(message, place)| (message.to_owned(), place.to_owned())));
}

#[test]
fn what_fails_on_a_page_is_said_in_one_line() {
    let (theme, _) = problems(&[
        ("templates/f.html", "\n {{ title.no.such }} {{ asset(name=\"x.css\") }}"),
        ("templates/g.html", "{{ asset(name=\"x.css\") }}"),
        ("components/One.html", "{% component One(a: string, @fact) %}{{ a }}{% endcomponent %}"),
        ("components/One.md", "{% component One(a: string) %}{{ a }}{% endcomponent %}"),
    ]);
    let component = |arguments: Value| {
        theme.component(Projection::Html, "One", &object(arguments), &Map::new(), None).expect_err("it fails")
    };
    assert_eq!(component(json!({})), "argument `a` (type: `string`) missing");
    assert_eq!(
        component(json!({"a": "x"})),
        "implicit argument `fact` not found in context or passed directly"
    );
    let page = |name: &str| theme.page(name, &json!({"title": {}})).expect_err("it fails");
    assert!(page("f.html").ends_with("(`f.html`, line 2, column 11)"), "{}", page("f.html"));
    assert_eq!(page("g.html"), "the theme has no asset `x.css` (`g.html`, line 1, column 4)");
    assert_eq!(page("h.html"), "the theme has no template `h.html`");
    assert!(!page("f.html").contains('\n'));
    let unknown = theme.component(Projection::Markdown, "Nope", &Map::new(), &Map::new(), None);
    assert_eq!(unknown, Err("the theme has no component `Nope`".to_owned()));
}

#[test]
fn markdown_halves_parse_as_what_they_are() {
    use pulldown_cmark::{BlockQuoteKind, Event, Options, Parser, Tag};
    let events = |text: &str| -> Vec<Event<'static>> {
        let options = Options::ENABLE_GFM | Options::ENABLE_TABLES;
        Parser::new_ext(text, options).map(Event::into_static).collect()
    };
    let admonition =
        both("Admonition", &json!({"type": "danger"}), &json!({"title": "Mind *it*"}), "- a\n\n  b").1;
    assert!(matches!(events(&admonition)[0], Event::Start(Tag::BlockQuote(Some(BlockQuoteKind::Caution)))));
    let steps: Vec<String> = (1..=11)
        .map(|index| {
            both("Step", &json!({"title": "S"}), &json!({"index": index}), "Text\n\n```\n  code\n```").1
        })
        .collect();
    let parsed = events(&steps.join("\n\n"));
    assert_eq!(parsed.iter().filter(|event| matches!(event, Event::Start(Tag::List(_)))).count(), 1);
    assert_eq!(
        parsed.iter().filter(|event| matches!(event, Event::Text(text) if &**text == "  code\n")).count(),
        11
    );
}

#[test]
fn a_theme_is_shared_between_threads() {
    fn shared<T: Send + Sync>(_: &T) {}
    shared(&built_in());
}

#[test]
fn an_mcp_server_has_its_place_among_the_page_actions() {
    let theme = built_in();
    let action = |name: &str, url: Value| json!({ "name": name, "url": url });
    let actions = [action("copy", Value::Null), action("mcp", "/mcp/".into()), action("print", Value::Null)];
    let site = json!({ "words": theme.words });
    let html =
        theme.page("actions.html", &json!({ "site": site, "actions": actions, "markdown_url": "/a.md" }));
    let html = undrawn(&html.expect("it renders"));
    assert!(html.contains("href=\"/mcp/\""), "{html}");
    assert!(html.contains("[network]Connect the MCP server</a></li>"), "{html}");
}

#[test]
fn words_follow_the_language_key_by_key() {
    let files = layer(&[("words.de-AT.toml", "search = \"Suachn\""), ("words.toml", "edit = \"Change it\"")]);
    let word = |language: &str, key: &str| {
        let (theme, found) = load(&files, language, &mut Files::default());
        assert_eq!(messages(&found), Vec::<String>::new());
        theme.words[key].clone()
    };
    assert_eq!(word("de-AT", "search"), "Suachn");
    assert_eq!(word("de", "search"), "Suche");
    assert_eq!(word("de-AT", "toc"), "Auf dieser Seite");
    // What a site writes itself comes before what Waypost brings, in whichever language.
    assert_eq!(word("de", "edit"), "Change it");
    assert_eq!(word("fr", "search"), "Search");
}
