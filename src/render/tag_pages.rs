//! The pages that list tags, and what has a tag. For readers alone: they hold nothing that is not on another page.

use super::address::root;
use super::frame::{link, made_view, tag_view};
use super::{Context, LinkView, PageView};
use crate::diagnostic::{Diagnostic, rules};
use crate::site::tag_pages::ROUTE;

/// The HTML of the page of all tags and of each one, by path in the output folder.
#[must_use]
pub fn tag_pages(context: &Context<'_>) -> (Vec<(String, String)>, Vec<Diagnostic>) {
    let tags = &context.site.tags;
    if tags.is_empty() {
        return (Vec::new(), Vec::new());
    }
    let word = |key: &str| context.word(key).unwrap_or_default().to_owned();
    let here = |text: &str, url: &str| LinkView {
        text: text.to_owned(),
        url: Some(url.to_owned()),
        description: String::new(),
    };
    let all_url = context.addresses.page(ROUTE);
    let all_title = word("tags");
    let all = PageView {
        tags: tags.values().map(|tag| tag_view(context, &tag.label)).collect(),
        root: root(&context.addresses.html_file(ROUTE)),
        ..made_view(context, "tags", all_title.clone(), all_url.clone())
    };
    let mut pages = Vec::new();
    let mut diagnostics = Vec::new();
    let one = tags.values().map(|tag| {
        let url = context.addresses.page(&tag.route);
        let title = word("tag_title").replace("{tag}", &tag.label);
        let view = PageView {
            children: tag.pages.iter().map(|page| link(context, *page)).collect(),
            root: root(&context.addresses.html_file(&tag.route)),
            breadcrumbs: vec![here(&all_title, &all_url), here(&tag.label, &url)],
            ..made_view(context, "tag", title, url)
        };
        (tag.route.as_str(), view)
    });
    for (route, view) in [(ROUTE, all)].into_iter().chain(one) {
        let template = format!("{}.html", view.kind);
        match context.theme.page(&template, &view) {
            Ok(html) => pages.push((context.addresses.html_file(route), html)),
            Err(message) => diagnostics.push(Diagnostic::new(
                &rules::TEMPLATE_FAILED,
                format!("`{template}` cannot be drawn for `/{route}`: {message}"),
            )),
        }
    }
    (pages, diagnostics)
}
