//! The ending of a file in, its media type out: one table for the preview server and for every pack.

/// Media types that stand for text in UTF-8, each with the endings of its files.
pub const TEXT: &[(&str, &[&str])] = &[
    ("text/html", &["html"]),
    ("text/markdown", &["md"]),
    ("text/plain", &["txt", "yaml", "yml", "toml", "csv", "sh", "ps1"]),
    ("text/css", &["css"]),
    ("text/javascript", &["js", "mjs"]),
];

/// The other media types.
pub const OTHER: &[(&str, &[&str])] = &[
    ("application/json", &["json", "map"]),
    ("application/xml", &["xml"]),
    ("application/atom+xml", &["atom"]),
    ("image/svg+xml", &["svg"]),
    ("application/wasm", &["wasm"]),
    ("image/png", &["png"]),
    ("image/jpeg", &["jpg", "jpeg"]),
    ("image/gif", &["gif"]),
    ("image/webp", &["webp"]),
    ("image/avif", &["avif"]),
    ("image/x-icon", &["ico"]),
    ("font/woff2", &["woff2"]),
    ("font/woff", &["woff"]),
    ("application/pdf", &["pdf"]),
    ("video/mp4", &["mp4"]),
    ("video/webm", &["webm"]),
    ("application/zip", &["zip"]),
];

/// What a file of an unknown kind is.
pub const UNKNOWN: &str = "application/octet-stream";

/// What is packed on its way, beside text.
pub const PACKED: &[&str] =
    &["application/json", "application/xml", "application/atom+xml", "image/svg+xml", "application/wasm"];

/// The media type of a file, as a `Content-Type` header says it.
#[must_use]
pub fn of(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or(path);
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default();
    let find = |list: &[(&'static str, &[&str])]| {
        list.iter().find(|(_, endings)| endings.contains(&ending.as_str())).map(|(kind, _)| *kind)
    };
    match find(TEXT) {
        Some(kind) => format!("{kind}; charset=utf-8"),
        None => find(OTHER).unwrap_or(UNKNOWN).to_owned(),
    }
}

/// Whether a path ends as a file of a kind that stands in these lists does.
#[must_use]
pub fn is_known(path: &str) -> bool {
    of(path) != UNKNOWN
}

/// Whether a type is worth packing.
#[must_use]
pub fn is_packed(kind: &str) -> bool {
    kind.starts_with("text/") || PACKED.contains(&kind)
}

/// The endings of files that are worth packing.
#[must_use]
pub fn packed_endings() -> Vec<&'static str> {
    let packed = OTHER.iter().filter(|(kind, _)| PACKED.contains(kind));
    TEXT.iter().chain(packed).flat_map(|(_, endings)| endings.iter().copied()).collect()
}
