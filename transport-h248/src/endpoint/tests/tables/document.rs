//! A table of the document, and how it differs from a machine.

use std::collections::BTreeSet;

/// What a machine does.
pub(super) struct Machine {
    pub(super) rows: Vec<&'static str>,
    pub(super) columns: Vec<&'static str>,
    /// One for each row and column; `None` where the event cannot come.
    pub(super) cells: Vec<Vec<Option<String>>>,
}

/// What the document says of a machine.
#[derive(Clone, Debug)]
pub(super) struct Table {
    /// The states that are explained.
    states: Vec<String>,
    /// The events that are explained, with their clauses.
    events: Vec<(String, String)>,
    /// The header of the table, without its first cell.
    columns: Vec<String>,
    rows: Vec<(String, Vec<String>)>,
    /// The letters of the reasons why an event cannot come.
    reasons: Vec<String>,
}

impl Table {
    /// Reads a section: the table of states, that of events, the table itself, and the reasons.
    pub(super) fn read(document: &str, heading: &str) -> Self {
        let start = format!("\n## {heading}\n");
        let (_, section) = document.split_once(&start).expect("there is the section");
        let section = section.split("\n## ").next().unwrap_or_default();
        let mut tables = tables(section).into_iter();
        let mut table = || tables.next().expect("a section has three tables");
        let states = table().into_iter().skip(1).map(|row| row[0].clone());
        let states = states.collect();
        let events = table().into_iter().skip(1);
        let events = events.map(|row| (row[0].clone(), row[2].clone())).collect();
        let mut rows = table().into_iter();
        let columns = rows.next().expect("a table has a header").split_off(1);
        let reason = |line: &str| Some(line.strip_prefix("- (")?.split_once(")")?.0.to_owned());
        Self {
            states,
            events,
            columns,
            rows: rows.map(|mut row| (row.remove(0), row)).collect(),
            reasons: section.lines().filter_map(reason).collect(),
        }
    }

    /// Returns in what the machine and the table differ.
    pub(super) fn faults(&self, machine: &Machine) -> Vec<String> {
        let mut faults = self.differing_names(machine);
        for (name, cells) in &self.rows {
            let Some(actual) = position(&machine.rows, name) else {
                continue;
            };
            if cells.len() != self.columns.len() {
                faults.push(format!("the row {name} has {} cells", cells.len()));
            }
            for (column, said) in self.columns.iter().zip(cells) {
                let Some(at) = position(&machine.columns, column) else {
                    continue;
                };
                let done = machine.cells[actual][at].as_deref();
                if !self.agree(said, done) {
                    let done = done.unwrap_or("–");
                    faults.push(format!("{name}, {column}: said {said}, done {done}"));
                }
            }
        }
        faults.extend(self.idle_reasons());
        faults
    }

    fn agree(&self, said: &str, done: Option<&str>) -> bool {
        match (reason(said), done) {
            (Some(reason), None) => self.reasons.iter().any(|known| known == reason),
            (None, Some(done)) => said == done,
            (Some(_), Some(_)) | (None, None) => false,
        }
    }

    fn differing_names(&self, machine: &Machine) -> Vec<String> {
        let rows: Vec<&str> = self.rows.iter().map(|(name, _)| name.as_str()).collect();
        let columns: Vec<&str> = self.columns.iter().map(String::as_str).collect();
        let states: Vec<&str> = self.states.iter().map(String::as_str).collect();
        let events: Vec<&str> = self.events.iter().map(|(name, _)| name.as_str()).collect();
        let mut faults = Vec::new();
        for (all, kind, listed, place) in [
            (&machine.rows, "state", &rows, "row"),
            (&machine.rows, "state", &states, "meaning"),
            (&machine.columns, "event", &columns, "column"),
            (&machine.columns, "event", &events, "meaning"),
        ] {
            let missing = all.iter().filter(|name| position(listed, name).is_none());
            faults.extend(missing.map(|name| format!("the {kind} {name} has no {place}")));
            if listed.len() > all.len() {
                faults.push(format!("there is a {place} that is no {kind}"));
            }
        }
        let unfounded = self.events.iter().filter(|(_, clause)| clause.is_empty());
        faults.extend(unfounded.map(|(name, _)| format!("the event {name} has no clause")));
        faults
    }

    fn idle_reasons(&self) -> impl Iterator<Item = String> {
        let cells = self.rows.iter().flat_map(|(_, cells)| cells);
        let used: BTreeSet<&str> = cells.filter_map(|said| reason(said)).collect();
        let idle = self
            .reasons
            .iter()
            .filter(move |known| !used.contains(known.as_str()));
        idle.map(|known| format!("the reason {known} is given nowhere"))
    }

    /// Returns this table with each cell changed, and with each row, column and reason left out.
    pub(super) fn others(&self) -> Vec<Self> {
        let mut others = Vec::new();
        let mut with = |change: &dyn Fn(&mut Self)| {
            let mut other = self.clone();
            change(&mut other);
            others.push(other);
        };
        for row in 0..self.rows.len() {
            with(&|other| drop(other.rows.remove(row)));
            with(&|other| drop(other.states.remove(row)));
            for column in 0..self.columns.len() {
                with(&|other| other.rows[row].1[column].push_str(", send Ack"));
                with(&|other| other.rows[row].1[column] = "– (z)".to_owned());
            }
        }
        for column in 0..self.columns.len() {
            with(&|other| {
                other.columns.remove(column);
                for (_, cells) in &mut other.rows {
                    cells.remove(column);
                }
            });
            with(&|other| other.events[column].1.clear());
        }
        for reason in 0..self.reasons.len() {
            with(&|other| drop(other.reasons.remove(reason)));
        }
        with(&|other| other.reasons.push("z".to_owned()));
        others
    }
}

/// Returns the letter behind a dash.
fn reason(cell: &str) -> Option<&str> {
    cell.strip_prefix("– (")?.strip_suffix(")")
}

fn position(names: &[&str], name: &str) -> Option<usize> {
    names.iter().position(|one| *one == name)
}

/// Returns the tables of a text, row by row, without the lines below their headers.
fn tables(text: &str) -> Vec<Vec<Vec<String>>> {
    let mut tables = vec![];
    let mut inside = false;
    for line in text.lines() {
        let is_row = line.starts_with('|');
        if is_row && !inside {
            tables.push(vec![]);
        }
        inside = is_row;
        if let (true, Some(table)) = (is_row && !line.starts_with("|--"), tables.last_mut()) {
            let cells = line.trim_matches('|').split('|');
            table.push(cells.map(|cell| cell.trim().to_owned()).collect());
        }
    }
    tables
}
