//! The cells of an HTML table in, a GFM table out.

/// A cell.
#[derive(Clone, Default)]
pub(super) struct Cell {
    pub(super) text: String,
    pub(super) columns: usize,
    pub(super) rows: usize,
    pub(super) heading: bool,
}

/// The cells of a table as GFM. A cell that spans others is repeated in each: an agent that reads one row or one
/// column then misses nothing.
pub(super) fn grid(rows: &[Vec<Cell>]) -> String {
    let mut cells: Vec<Vec<Option<String>>> = Vec::new();
    for (index, row) in rows.iter().enumerate() {
        let mut column = 0;
        for cell in row {
            while cells.get(index).is_some_and(|row| row.get(column).is_some_and(Option::is_some)) {
                column += 1;
            }
            for down in index..(index + cell.rows).min(rows.len()) {
                for across in column..column + cell.columns {
                    put(&mut cells, down, across, &cell.text);
                }
            }
            column += cell.columns;
        }
    }
    let width = cells.iter().map(Vec::len).max().unwrap_or(0);
    if width == 0 {
        return String::new();
    }
    let line = |row: &[Option<String>]| {
        let cell = |at: usize| row.get(at).and_then(Option::as_deref).unwrap_or_default();
        let cells: Vec<&str> = (0..width).map(cell).collect();
        format!("| {} |\n", cells.join(" | "))
    };
    let has_head = rows.first().is_some_and(|row| row.iter().any(|cell| cell.heading)) || cells.len() > 1;
    // GFM has no table without a header; a single row of data gets an empty one.
    let (head, body) = if has_head { (&cells[0][..], &cells[1..]) } else { (&[][..], &cells[..]) };
    let mut table = line(head);
    table.push_str(&format!("|{}\n", " --- |".repeat(width)));
    for row in body {
        table.push_str(&line(row));
    }
    table
}

fn put(cells: &mut Vec<Vec<Option<String>>>, row: usize, column: usize, text: &str) {
    if cells.len() <= row {
        cells.resize_with(row + 1, Vec::new);
    }
    if cells[row].len() <= column {
        cells[row].resize(column + 1, None);
    }
    cells[row][column] = Some(text.to_owned());
}
