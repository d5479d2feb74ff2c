//! A page's view in, what search engines read of it out: JSON-LD in the words of schema.org, ready for a `script`
//! element.

use serde_json::{Value as Json, json};

use super::{LinkView, PageView};

/// The home page as a `WebSite`, another as a `TechArticle` with its `BreadcrumbList`; empty for pages that no list holds.
/// `absolute` makes a URL of an address.
pub(super) fn data(view: &PageView, absolute: impl Fn(&str) -> String) -> String {
    if view.noindex {
        return String::new();
    }
    let home = absolute(&view.site.home);
    let site =
        json!({ "@type": "WebSite", "@id": format!("{home}#site"), "name": view.site.title, "url": home });
    let graph = if view.canonical == home {
        vec![with(site, &[("description", &view.site.description), ("inLanguage", &view.site.language)])]
    } else {
        let article = json!({
            "@type": "TechArticle",
            "headline": view.title,
            "url": view.canonical,
            "isPartOf": site,
            "encoding": {
                "@type": "MediaObject",
                "encodingFormat": "text/markdown",
                "contentUrl": absolute(&view.markdown_url),
            },
        });
        let article = with(
            article,
            &[
                ("description", &view.description),
                ("inLanguage", &view.site.language),
                ("dateModified", view.last_updated.as_deref().unwrap_or_default()),
                ("image", view.image.as_deref().unwrap_or_default()),
            ],
        );
        std::iter::once(article).chain(breadcrumbs(&view.breadcrumbs, absolute)).collect()
    };
    // A `</script>` in a title would end the element.
    json!({ "@context": "https://schema.org", "@graph": graph }).to_string().replace('<', "\\u003c")
}

/// The object with those of the texts that are not empty.
fn with(mut object: Json, texts: &[(&str, &str)]) -> Json {
    for (key, text) in texts.iter().filter(|(_, text)| !text.is_empty()) {
        object[*key] = json!(text);
    }
    object
}

/// The way to a page. A step without a page of its own has no address, which the form does not allow.
fn breadcrumbs(way: &[LinkView], absolute: impl Fn(&str) -> String) -> Option<Json> {
    let steps = way.iter().filter_map(|step| Some((&step.text, step.url.as_deref()?)));
    let items: Vec<Json> = (1..)
        .zip(steps)
        .map(|(position, (name, url))| {
            json!({ "@type": "ListItem", "position": position, "name": name, "item": absolute(url) })
        })
        .collect();
    (!items.is_empty()).then(|| json!({ "@type": "BreadcrumbList", "itemListElement": items }))
}
