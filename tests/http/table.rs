//! The rows of `table.toml` in, whether a server answers as they say out.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::client::{Answer, Connection};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    accept: Vec<AcceptRow>,
    request: Vec<Row>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct AcceptRow {
    accept: Option<Vec<String>>,
    status: u16,
    r#type: String,
    etag: String,
    vary: String,
    need: Option<String>,
}

/// A request and what must come back.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Row {
    pub(crate) name: String,
    #[serde(default = "get")]
    pub(crate) method: String,
    pub(crate) path: String,
    #[serde(default)]
    pub(crate) send: BTreeMap<String, String>,
    /// The lines of the `Accept` header.
    #[serde(default)]
    pub(crate) accept: Vec<String>,
    pub(crate) status: u16,
    or: Option<u16>,
    pub(crate) etag: Option<String>,
    pub(crate) body: Option<String>,
    #[serde(default)]
    pub(crate) headers: BTreeMap<String, String>,
    /// What a host must be able to do.
    pub(crate) need: Option<String>,
    /// Whether the headers must be those of GET.
    #[serde(default)]
    same: bool,
    /// Whether 206 with the part that was asked for will do as well.
    #[serde(default)]
    partial: bool,
}

fn get() -> String {
    "GET".to_owned()
}

/// All rows.
pub(crate) fn read() -> Vec<Row> {
    let table: Table = toml::from_str(include_str!("table.toml")).expect("the table can be read");
    let accept = table.accept.into_iter().map(|row| Row {
        name: row.accept.as_ref().map_or("Accept: none".to_owned(), |lines| format!("Accept: {lines:?}")),
        method: get(),
        path: "{start}".to_owned(),
        send: BTreeMap::new(),
        accept: row.accept.unwrap_or_default(),
        status: row.status,
        or: None,
        etag: Some(row.etag),
        body: None,
        headers: BTreeMap::from([("content-type".to_owned(), row.r#type), ("vary".to_owned(), row.vary)]),
        need: row.need,
        same: false,
        partial: false,
    });
    accept.chain(table.request).collect()
}

/// What stands in braces in the table.
pub(crate) type Facts = BTreeMap<String, String>;

pub(crate) fn filled(text: &str, facts: &Facts) -> String {
    facts.iter().fold(text.to_owned(), |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
}

/// The headers that a row sends.
pub(crate) fn sent(row: &Row, facts: &Facts) -> Vec<(String, String)> {
    let accept = row.accept.iter().map(|line| ("Accept".to_owned(), line.clone()));
    accept.chain(row.send.iter().map(|(name, value)| (name.clone(), filled(value, facts)))).collect()
}

pub(crate) fn check(row: &Row, facts: &Facts, port: u16) -> Result<(), String> {
    let path = filled(&row.path, facts);
    let sent = sent(row, facts);
    let ask = |method: &str| {
        Connection::open(port).ask(method, &path, &sent).map_err(|error| format!("{path}: {error}"))
    };
    let answer = ask(&row.method)?;
    if row.partial && answer.status == 206 {
        let whole = ask("GET")?;
        let part = answer.body == whole.body[..4.min(whole.body.len())];
        return if part { Ok(()) } else { Err("206 with another part".to_owned()) };
    }
    judge(row, facts, &answer)?;
    if row.same {
        // Of a body that is not sent, its length and how it is cut need not be said (RFC 9110, section 9.3.2).
        let kept = |answer: &Answer| -> Vec<(String, String)> {
            let mut headers = answer.headers.clone();
            let unstable = ["date", "transfer-encoding", "content-length", "connection", "keep-alive"];
            headers.retain(|(name, _)| !unstable.contains(&name.as_str()));
            headers.sort();
            headers
        };
        let other = ask("GET")?;
        if kept(&answer) != kept(&other) {
            return Err(format!("HEAD {:?}\n  GET {:?}", kept(&answer), kept(&other)));
        }
        let length = answer.header("content-length");
        if !length.is_empty() && length != other.header("content-length") {
            return Err(format!("HEAD says {length} bytes, GET {}", other.header("content-length")));
        }
    }
    Ok(())
}

/// Compares an answer with its row.
pub(crate) fn judge(row: &Row, facts: &Facts, answer: &Answer) -> Result<(), String> {
    if answer.status != row.status && Some(answer.status) != row.or {
        return Err(format!("status {} instead of {}; {:?}", answer.status, row.status, answer.headers));
    }
    for (name, expected) in &row.headers {
        let expected = filled(expected, facts);
        let mut found = answer.header(name);
        let is_equal = match name.as_str() {
            "vary" => list(&found) == list(&expected),
            // A server may say the whole URL of what lies on itself.
            "location" => {
                if let Some(rest) =
                    found.strip_prefix("http://localhost").filter(|_| expected.starts_with('/'))
                {
                    found = format!("/{}", rest.split_once('/').map_or("", |(_, path)| path));
                }
                found == expected
            }
            _ => found == expected,
        };
        if !is_equal {
            return Err(format!("{name} is {found:?} instead of {expected:?}"));
        }
    }
    if let Some(wanted) = &row.etag {
        let tag = answer.header("etag");
        if !tag.starts_with('"') || !tag.ends_with('"') || tag.len() < 5 {
            return Err(format!("the ETag {tag:?} is not a strong one"));
        }
        let is_right = match wanted.as_str() {
            "other" => !["etag:html", "etag:markdown"].iter().any(|name| facts[*name] == tag),
            form => facts[&format!("etag:{form}")] == tag,
        };
        if !is_right {
            return Err(format!("the ETag {tag} is not that of {wanted}"));
        }
    }
    if let Some(text) = &row.body {
        let text = filled(text, facts);
        let body = String::from_utf8_lossy(&answer.body);
        if !body.contains(&text) {
            return Err(format!(
                "the body does not say {text:?}: {}",
                &body.chars().take(300).collect::<String>()
            ));
        }
    }
    Ok(())
}

fn list(text: &str) -> std::collections::BTreeSet<String> {
    text.split(',').map(|name| name.trim().to_ascii_lowercase()).filter(|name| !name.is_empty()).collect()
}
