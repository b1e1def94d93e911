//! The ladder as a part of an HTML page.

use maud::{Markup, html};

use super::{Drawing, Lanes, Row, Tone, is_error, look};
use crate::ladder::{
    exchange::Key,
    reader::{Entry, Line},
    text::{brief, mark, time_of_day},
};

/// How the ladder looks; once a page.
pub const STYLE: &str = include_str!("ladder.css");

/// Height of a row's arrow.
const ROW: usize = 18;

pub(super) fn fragment(drawing: &Drawing) -> Markup {
    let lanes = drawing.lanes();
    html! {
        div.ladder {
            div.heads {
                span.time {}
                svg.lanes width=(lanes.width()) height=(ROW) {
                    @for (x, (id, _, name)) in lanes.places().zip(&lanes.0) {
                        text x=(x) y="13" text-anchor="middle" {
                            title { (drawing.reader().peers.get(*id).address) }
                            (name)
                        }
                    }
                }
            }
            @for row in &drawing.rows.rows { (self::row(drawing, &lanes, row)) }
            @if drawing.left_out() > 0 {
                div.note { (drawing.left_out_told()) }
            }
        }
    }
}

fn row(drawing: &Drawing, lanes: &Lanes<'_>, row: &Row) -> Markup {
    match row {
        Row::Note { time, text, tone } => html! {
            div class={ "note " (tone_name(*tone)) } { span.time { (clock(*time)) } (text) }
        },
        Row::Message { entry, full } => html! {
            details.message id=(place(drawing, entry.number)) {
                summary {
                    span.time { (clock(entry.time)) }
                    (arrow(lanes, entry))
                    span.words { @for line in &entry.lines { (self::line(drawing, entry, line)) } }
                }
                pre { (full) }
            }
        },
    }
}

fn line(drawing: &Drawing, entry: &Entry, line: &Line) -> Markup {
    let error = is_error(line).then_some("error");
    html! {
        span.line.error[error.is_some()]
            data-key=[line.key.map(key)]
            data-transaction=[line.key.map(|key| key.id)]
            data-context=(contexts(line))
            data-command=(commands(line))
            data-termination=(terminations(line)) {
            (entry.words(line))
            @if let Some(took) = line.tie.took {
                " " a.took href=[line.tie.answers.map(|to| format!("#{}", place(drawing, to)))] {
                    ({ let mut text = String::new(); brief(&mut text, took); text })
                }
            }
            @let mark = mark(&line.tie);
            @if !mark.is_empty() { span.mark { (mark) } }
            @if let Some(note) = &line.note { span.mark { "  " (note) } }
        }
    }
}

/// What all lines of one transaction share.
fn key(key: Key) -> String {
    format!("{}-{}-{}", key.asker.0, key.asked.0, key.id)
}

fn contexts(line: &Line) -> String {
    let contexts = line.subjects.iter().filter_map(|subject| subject.context);
    words(contexts.map(|context| context.to_string()))
}

fn commands(line: &Line) -> String {
    let commands = line.subjects.iter().filter_map(|subject| subject.verb);
    words(commands.map(|verb| verb.name().to_ascii_lowercase()))
}

fn terminations(line: &Line) -> String {
    let subjects = line.subjects.iter();
    let names = subjects.flat_map(|subject| &subject.terminations);
    words(names.map(|name| name.to_ascii_lowercase()))
}

/// Words, each once.
fn words(all: impl Iterator<Item = String>) -> String {
    let mut all: Vec<String> = all.collect();
    all.sort();
    all.dedup();
    all.join(" ")
}

fn arrow(lanes: &Lanes<'_>, entry: &Entry) -> Markup {
    let (from, to) = (lanes.place(entry.from), lanes.place(entry.to));
    let middle = ROW / 2;
    let back = if to > from { to - 7 } else { to + 7 };
    html! {
        svg.lanes width=(lanes.width()) height=(ROW) {
            @for x in lanes.places() { line.lane x1=(x) x2=(x) y1="0" y2=(ROW) {} }
            g class=(look(entry)) {
                line x1=(from) x2=(to) y1=(middle) y2=(middle) {}
                polygon points=(format!(
                    "{to},{middle} {back},{} {back},{}", middle - 4, middle + 4
                )) {}
            }
        }
    }
}

/// The place of a message on its page.
fn place(drawing: &Drawing, number: u64) -> String {
    let name = drawing.name.chars();
    let name: String = name
        .map(|letter| {
            if letter.is_alphanumeric() {
                letter
            } else {
                '_'
            }
        })
        .collect();
    format!("{name}-{number}")
}

fn clock(time: std::time::SystemTime) -> String {
    let mut text = String::new();
    time_of_day(&mut text, time);
    text
}

fn tone_name(tone: Tone) -> &'static str {
    match tone {
        Tone::Plain => "plain",
        Tone::Good => "good",
        Tone::Bad => "bad",
    }
}
