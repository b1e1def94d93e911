//! The ladder with its figures and filters as a page that needs no other file.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::{Drawing, STYLE, html::fragment};
use crate::ladder::figures;

/// Width of the longest bar.
const BAR: u64 = 160;
/// What lines may be chosen by, and an example of each.
const FIELDS: [(&str, &str); 5] = [
    ("termination", "rtp/*"),
    ("context", "191"),
    ("transaction", "555282770"),
    ("command", "Subtract"),
    ("text", "error"),
];

pub(super) fn page(drawing: &Drawing, title: &str) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                title { (title) }
                style { (PreEscaped(include_str!("page.css"))) (PreEscaped(STYLE)) }
            }
            body {
                h1 { (title) }
                div.figures { @for table in figures::tables(drawing.reader()) { (self::table(&table)) } }
                form {
                    @for (name, example) in FIELDS {
                        label { (name) " " input name=(name) placeholder=(example); }
                    }
                    span id="shown" {}
                }
                (fragment(drawing))
                script { (PreEscaped(include_str!("page.js"))) }
            }
        }
    }
}

fn table(table: &figures::Table) -> Markup {
    let most = table
        .rows
        .iter()
        .filter_map(|row| row.bar)
        .max()
        .unwrap_or_default()
        .max(1);
    html! {
        section {
            h2 { (table.title) }
            table {
                @if !table.heads.is_empty() {
                    tr { @for head in &table.heads { th { (head) } } }
                }
                @for row in &table.rows {
                    tr {
                        @for (n, cell) in row.cells.iter().enumerate() {
                            td.number[n > 0] { (cell) }
                        }
                        @if let Some(bar) = row.bar {
                            td { svg width=(BAR) height="10" { rect.bar width=(bar * BAR / most) height="10" {} } }
                        }
                    }
                }
            }
        }
    }
}
