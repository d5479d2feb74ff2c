//! Redirects in, what stands at their old addresses out: a page that sends browsers on, and a line of Markdown for agents.

use super::Context;
use super::address::{encode, root, suffix};
use super::html::escaped;
use crate::site::{PageId, Redirect, Target};

/// The files of every redirect, by path in the output folder.
#[must_use]
pub fn redirects(context: &Context<'_>) -> Vec<(String, String)> {
    context.site.redirects.iter().flat_map(|redirect| files(context, redirect)).collect()
}

fn files(context: &Context<'_>, redirect: &Redirect) -> Vec<(String, String)> {
    let Context { site, addresses, .. } = context;
    // The old address is no page's, so no page links to itself here.
    let to = addresses.html(site, PageId(u32::MAX), &redirect.to);
    let (whole, title) = match &redirect.to {
        Target::Page { page, .. } => (addresses.absolute(&to), site.page(*page).title.clone()),
        Target::Asset { .. } => (addresses.absolute(&to), to.clone()),
        Target::External(url) | Target::Broken(url) => (url.clone(), url.clone()),
    };
    let markdown_url = addresses.in_markdown(site, "", &redirect.to);
    let line = format!("This page has moved to [{}]({markdown_url}).\n", super::markdown::escaped(&title));
    let (html, markdown) = redirect.files(addresses.trailing_slash);
    let html = html.map(|path| {
        let on_disk = on_disk(context, &path, &redirect.to);
        let text = page(&context.view.language, &to, &whole, &title, on_disk.as_deref());
        (path, text)
    });
    html.into_iter().chain([(markdown, line)]).collect()
}

/// Where a copy of the site that is opened from a disk goes on: the target's file, as seen from the file `path`.
fn on_disk(context: &Context<'_>, path: &str, to: &Target) -> Option<String> {
    let Context { site, addresses, .. } = context;
    let file = match to {
        Target::Page { page, query, anchor, .. } => {
            let file = addresses.html_file(&site.page(*page).route);
            format!("{}{}", encode(&file), suffix(query, anchor))
        }
        Target::Asset { address, suffix } => format!("{}{suffix}", encode(address)),
        Target::External(_) | Target::Broken(_) => return None,
    };
    Some(format!("{}{file}", root(path)))
}

fn page(language: &str, to: &str, canonical: &str, title: &str, on_disk: Option<&str>) -> String {
    let (language, to, canonical, title) =
        (escaped(language), escaped(to), escaped(canonical), escaped(title));
    // First of all: the browser would go to the address of the web at once.
    let script = on_disk.map_or_else(String::new, |file| {
        let file = serde_json::Value::from(file).to_string().replace('<', "\\u003c");
        format!("<script>if(location.protocol==\"file:\")location.replace({file})</script>\n")
    });
    format!(
        "<!doctype html>\n<html lang=\"{language}\">\n<head>\n<meta charset=\"utf-8\">\n{script}<title>{title}</title>\n\
         <meta http-equiv=\"refresh\" content=\"0; url={to}\">\n<link rel=\"canonical\" href=\"{canonical}\">\n\
         <meta name=\"robots\" content=\"noindex\">\n</head>\n<body>\n<p><a href=\"{to}\">{title}</a></p>\n</body>\n</html>\n"
    )
}
