//! The ladder as an SVG document.

use maud::{Markup, PreEscaped, html};

use super::{Drawing, LANE, Lanes, Row, Tone, is_error, look};
use crate::ladder::{
    reader::{Entry, Line},
    text::{brief, mark, time_of_day},
};

/// Height of a line.
const LINE: usize = 18;
/// Width of the column of times.
const TIMES: usize = 100;
/// Width of a letter.
const LETTER: usize = 8;
/// Letters of a line that are drawn.
const LETTERS_MAX: usize = 240;

/// A row with the words of its lines.
struct Placed<'d> {
    y: usize,
    row: &'d Row,
    lines: Vec<(String, bool)>,
}

pub(super) fn document(drawing: &Drawing) -> String {
    let lanes = drawing.lanes();
    let rows = placed(drawing);
    let last = rows
        .last()
        .map_or(LINE, |last| last.y + last.lines.len() * LINE);
    let letters = rows
        .iter()
        .flat_map(|row| &row.lines)
        .map(|line| line.0.chars().count());
    let width = TIMES + lanes.width() + letters.max().unwrap_or_default() * LETTER + LANE / 2;
    let left_out = (drawing.left_out() > 0).then(|| drawing.left_out_told());
    let behind = if left_out.is_some() { LINE } else { 0 };
    let height = last + behind + LINE / 2;
    let markup = html! {
        svg.ladder xmlns="http://www.w3.org/2000/svg" width=(width) height=(height)
            viewBox=(format!("0 0 {width} {height}")) {
            style { (PreEscaped(include_str!("svg.css"))) }
            rect.paper width=(width) height=(height) {}
            @for (x, (_, _, name)) in lanes.places().zip(&lanes.0) {
                text.head x=(TIMES + x) y="13" text-anchor="middle" { (name) }
                line.lane x1=(TIMES + x) x2=(TIMES + x) y1=(LINE) y2=(last) {}
            }
            @for row in &rows { (self::row(&lanes, row)) }
            @if let Some(told) = left_out { text.words x=(TIMES + 10) y=(last + 13) { (told) } }
        }
    };
    markup.into_string()
}

fn placed(drawing: &Drawing) -> Vec<Placed<'_>> {
    let mut y = LINE + LINE / 2;
    let place = |row| {
        let lines = lines(row);
        let at = y;
        y += lines.len().max(1) * LINE;
        Placed { y: at, row, lines }
    };
    drawing.rows.rows.iter().map(place).collect()
}

/// The words of each line, and whether it tells an error.
fn lines(row: &Row) -> Vec<(String, bool)> {
    match row {
        Row::Note { text, tone, .. } => vec![(cut(text), *tone == Tone::Bad)],
        Row::Message { entry, .. } => {
            let lines = entry.lines.iter();
            lines
                .map(|line| (words(entry, line), is_error(line)))
                .collect()
        }
    }
}

fn words(entry: &Entry, line: &Line) -> String {
    let mut text = cut(entry.words(line));
    if let Some(took) = line.tie.took {
        text.push_str("  [");
        brief(&mut text, took);
        text.push(']');
    }
    text.push_str(&mark(&line.tie));
    if let Some(note) = &line.note {
        text.push_str("  ");
        text.push_str(note);
    }
    text
}

fn cut(text: &str) -> String {
    let mut letters = text.chars();
    let mut shown: String = letters.by_ref().take(LETTERS_MAX).collect();
    if letters.next().is_some() {
        shown.push('…');
    }
    shown
}

fn row(lanes: &Lanes<'_>, placed: &Placed<'_>) -> Markup {
    let (time, arrow) = match placed.row {
        Row::Message { entry, .. } => (entry.time, Some(arrow(lanes, entry, placed.y))),
        Row::Note { time, .. } => (*time, None),
    };
    let mut clock = String::new();
    time_of_day(&mut clock, time);
    let x = if arrow.is_some() {
        TIMES + lanes.width()
    } else {
        TIMES + 10
    };
    html! {
        text.time x="4" y=(placed.y + 13) { (clock) }
        @if let Some(arrow) = arrow { (arrow) }
        @for (n, (words, error)) in placed.lines.iter().enumerate() {
            text.words.bad[*error] x=(x) y=(placed.y + n * LINE + 13) { (words) }
        }
    }
}

fn arrow(lanes: &Lanes<'_>, entry: &Entry, y: usize) -> Markup {
    let (from, to) = (
        TIMES + lanes.place(entry.from),
        TIMES + lanes.place(entry.to),
    );
    let back = if to > from { to - 7 } else { to + 7 };
    let y = y + LINE / 2;
    html! {
        g class=(look(entry)) {
            line x1=(from) x2=(to) y1=(y) y2=(y) {}
            polygon points=(format!("{to},{y} {back},{} {back},{}", y - 4, y + 4)) {}
        }
    }
}
