//! What a page's two forms must hold, and how points are counted.

use super::{Row, Score, page};
use crate::diagnostic::{Diagnostic, rules};

const HTML: &str = "<html><head></head><body><a href=\"/llms.txt\">index</a><p>Words of the article that follow it.</p></body></html>";

fn faults(markdown: &str) -> usize {
    page(HTML, &format!("> Index: https://a.b/llms.txt\n\n{markdown}")).faults.len()
}

#[test]
fn forms_are_read_as_agents_read_them() {
    for fine in [
        "[a](https://a.b/c.md) ![d](https://a.b/e.png) [f](#g) [h](mailto:i@j.k)",
        "```bash\n[a](b.md)\n```\n\n`[a](b.md)`",
        "````md\n```\n````",
        "- ```sh\n  a\n  ```",
        "> ~~~\n> a\n> ~~~",
    ] {
        assert_eq!(faults(fine), 0, "{fine}");
    }
    for wrong in ["[a](b.md)", "[a](/b.md)", "![a](<b c.png>)", "```bash\na", "````\n```"] {
        assert_eq!(faults(wrong), 1, "{wrong}");
    }
    assert_eq!(page("<body>no</body>", "no").faults.len(), 2);
}

#[test]
fn a_hundred_is_reached_only_without_a_loss() {
    let row = |losses| Row { id: "titles", category: "structure", weight: 4, items: 1_000, losses };
    assert_eq!(Score { points: 100.0, rows: vec![row(Vec::new())] }.whole(), 100);
    let found = Diagnostic::new(&rules::MISSING_TITLE, "m");
    assert!((row(vec![(found, 0.5)]).kept() - 0.9995).abs() < 1e-12);
    assert_eq!(Score { points: 99.95, rows: Vec::new() }.whole(), 99);
}
