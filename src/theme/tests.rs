//! The built-in theme as it is embedded, and themes laid over it.

use serde_json::json;

use super::*;

fn built_in() -> Theme {
    let (theme, diagnostics) = load(&[], &mut Files::default());
    assert_eq!(messages(&diagnostics), Vec::<String>::new());
    theme
}

fn messages(diagnostics: &[Diagnostic]) -> Vec<String> {
    diagnostics.iter().map(|one| format!("{}: {}", one.rule.code, one.message)).collect()
}

fn layer(files: &[(&str, &str)]) -> Vec<(String, BTreeMap<String, Arc<[u8]>>)> {
    let files = files.iter().map(|(path, text)| ((*path).to_owned(), Arc::from(text.as_bytes()))).collect();
    vec![("own".to_owned(), files)]
}

/// Loads a theme and says what each diagnostic points at.
fn problems(files: &[(&str, &str)]) -> (Theme, Vec<(String, String)>) {
    let mut known = Files::default();
    let (theme, diagnostics) = load(&layer(files), &mut known);
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

#[test]
fn the_built_in_theme_is_sound() {
    let theme = built_in();
    let names: Vec<&str> = theme.components.keys().map(String::as_str).collect();
    println!("{names:?}");
}
