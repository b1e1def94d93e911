//! Figures as tables, for the terminal and for pages.

use hdrhistogram::Histogram;

use super::{
    peers::Side,
    reader::Reader,
    said::Verb,
    statistics::{Statistics, bins},
    text::time_of_day,
};

/// Letters of the longest bar.
const BAR: u64 = 40;
/// Who takes part, at most.
const PEERS_MAX: usize = 50;

/// A table with a title; the first cell of a row is words, the others are numbers.
#[derive(Clone, Debug)]
pub struct Table {
    /// What it shows.
    pub title: &'static str,
    /// What the columns are; nothing where it is plain.
    pub heads: Vec<&'static str>,
    /// The rows.
    pub rows: Vec<Row>,
}

/// A row, with a bar where it is one of a histogram.
#[derive(Clone, Debug)]
pub struct Row {
    /// Its cells.
    pub cells: Vec<String>,
    /// How much the bar stands for.
    pub bar: Option<u64>,
}

impl Row {
    fn new(cells: Vec<String>) -> Self {
        Self { cells, bar: None }
    }

    fn bar(name: String, amount: u64) -> Self {
        Self {
            cells: vec![name, amount.to_string()],
            bar: Some(amount),
        }
    }
}

/// All that was counted; tables that would be empty are left out.
pub fn tables(reader: &Reader) -> Vec<Table> {
    let statistics = &reader.statistics;
    let mut all = vec![
        messages(statistics),
        peers(reader),
        transactions(reader),
        commands(statistics),
        errors(statistics),
        responses(statistics),
        histogram(&statistics.responses.all()),
        rates(statistics),
    ];
    all.retain(|table| !table.rows.is_empty());
    all
}

/// The tables for the terminal.
pub fn text(reader: &Reader) -> String {
    let mut out = String::new();
    for table in tables(reader) {
        out.push_str(table.title);
        out.push('\n');
        draw(&mut out, &table);
        out.push('\n');
    }
    out
}

fn draw(out: &mut String, table: &Table) {
    let heads: Vec<String> = table.heads.iter().map(|head| (*head).to_owned()).collect();
    let heads = (!heads.is_empty()).then(|| Row::new(heads));
    let rows: Vec<&Row> = heads.iter().chain(&table.rows).collect();
    let columns = rows
        .iter()
        .map(|row| row.cells.len())
        .max()
        .unwrap_or_default();
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.cells.get(column));
        cells
            .map(|cell| cell.chars().count())
            .max()
            .unwrap_or_default()
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let most = table
        .rows
        .iter()
        .filter_map(|row| row.bar)
        .max()
        .unwrap_or_default();
    for row in rows {
        let mut line = String::from(" ");
        for (n, (cell, width)) in row.cells.iter().zip(&widths).enumerate() {
            line.push_str(&if n == 0 {
                format!(" {cell:<width$}")
            } else {
                format!("  {cell:>width$}")
            });
        }
        if let Some(bar) = row.bar.filter(|bar| *bar > 0) {
            let length = (bar * BAR).div_ceil(most.max(1));
            line.push_str("  ");
            line.extend((0..length).map(|_| '█'));
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
}

fn counts(title: &'static str, rows: &[(&str, u64)]) -> Table {
    let rows = rows.iter().filter(|(_, count)| *count > 0);
    Table {
        title,
        heads: Vec::new(),
        rows: rows
            .map(|(name, count)| Row::new(vec![(*name).to_owned(), count.to_string()]))
            .collect(),
    }
}

fn messages(statistics: &Statistics) -> Table {
    counts(
        "Messages",
        &[
            ("all", statistics.messages),
            ("text", statistics.text),
            ("binary", statistics.binary),
            ("octets", statistics.octets),
            ("errors for a whole message", statistics.message_errors),
            ("do not decode", statistics.undecoded),
        ],
    )
}

fn peers(reader: &Reader) -> Table {
    let mut all: Vec<_> = reader.peers.iter().collect();
    all.sort_by_key(|(_, peer)| peer.side != Some(Side::Controller));
    let row = |(id, peer): &(_, &super::peers::Peer)| {
        let sent = reader.statistics.sent_by(*id).to_string();
        let mid = peer.mid.clone().unwrap_or_else(|| "-".to_owned());
        Row::new(vec![peer.name.clone(), peer.address.to_string(), mid, sent])
    };
    Table {
        title: "Who takes part",
        heads: vec!["", "address", "mId", "sent"],
        rows: all.iter().take(PEERS_MAX).map(row).collect(),
    }
}

fn transactions(reader: &Reader) -> Table {
    let all = &reader.statistics.transactions;
    counts(
        "Transactions",
        &[
            ("requests", all.requests),
            ("replies", all.replies),
            ("Pending", all.pendings),
            ("acks", all.acks),
            ("acks of segments", all.segment_acks),
            ("requests repeated", all.repeated_requests),
            ("replies repeated", all.repeated_replies),
            ("the same id with other words", all.differing),
            ("requests without a reply", reader.unanswered()),
        ],
    )
}

fn commands(statistics: &Statistics) -> Table {
    let of = |counts: &std::collections::BTreeMap<Verb, u64>, verb| {
        counts.get(&verb).copied().unwrap_or_default()
    };
    let rows = Verb::ALL.into_iter().filter_map(|verb| {
        let counts = [of(&statistics.asked, verb), of(&statistics.answered, verb)];
        let cells = [verb.name().to_owned()].into_iter();
        let cells = cells.chain(counts.map(|count| count.to_string()));
        (counts != [0, 0]).then(|| Row::new(cells.collect()))
    });
    Table {
        title: "Commands",
        heads: vec!["", "asked", "answered"],
        rows: rows.collect(),
    }
}

fn errors(statistics: &Statistics) -> Table {
    let row = |(code, count): (&u16, &u64)| Row::bar(code.to_string(), *count);
    Table {
        title: "Error codes",
        heads: Vec::new(),
        rows: statistics.errors.iter().map(row).collect(),
    }
}

fn responses(statistics: &Statistics) -> Table {
    let row = |name: String, times: &Histogram<u64>| {
        let at = |share| milliseconds(times.value_at_quantile(share));
        Row::new(vec![
            name,
            times.len().to_string(),
            milliseconds(times.min()),
            at(0.5),
            at(0.95),
            at(0.99),
            milliseconds(times.max()),
        ])
    };
    let by_verb = statistics.responses.by_verb();
    let mut rows: Vec<Row> = by_verb
        .map(|(verb, times)| row(verb.map_or("no command", Verb::name).to_owned(), times))
        .collect();
    if rows.len() > 1 {
        rows.push(row("all".to_owned(), &statistics.responses.all()));
    }
    Table {
        title: "Response times, in ms, by the first command",
        heads: vec!["", "count", "least", "median", "95 %", "99 %", "most"],
        rows,
    }
}

fn histogram(times: &Histogram<u64>) -> Table {
    let name = |limit: u64| match limit {
        u64::MAX => "more".to_owned(),
        limit => format!("under {} ms", milliseconds(limit)),
    };
    let rows = bins(times).into_iter();
    Table {
        title: "Response times",
        heads: Vec::new(),
        rows: rows
            .map(|(limit, count)| Row::bar(name(limit), count))
            .collect(),
    }
}

fn rates(statistics: &Statistics) -> Table {
    let rate = &statistics.rate;
    let seconds = rate.duration().as_secs_f64();
    let mut rows = Vec::new();
    if let Some(first) = rate.first() {
        let average = statistics.messages as f64 / seconds.max(1.0);
        rows.push(Row::new(vec![
            "average in a second".into(),
            format!("{average:.1}"),
        ]));
        rows.push(Row::new(vec![
            "most in a second".into(),
            rate.peak.to_string(),
        ]));
        for (place, count) in rate.spans.iter().enumerate() {
            let mut name = String::from("from ");
            time_of_day(&mut name, first + rate.span * place as u32);
            rows.push(Row::bar(name, *count));
        }
    }
    Table {
        title: "Messages in the course of time",
        heads: Vec::new(),
        rows,
    }
}

/// Microseconds as milliseconds.
fn milliseconds(microseconds: u64) -> String {
    format!("{:.1}", microseconds as f64 / 1e3)
}
