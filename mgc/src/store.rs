//! What outlives the program: the controller's rows and the events, in one embedded database.

mod rows;

use std::{borrow::Cow, panic, path::Path};

use mgc_core::{
    Record,
    northbound::{CallId, LegId, SegId},
};
use redb::{Database, Durability, ReadableDatabase, ReadableTable, TableDefinition};
use serde::{Deserialize, Serialize};

use self::rows::Rows;
use crate::{http, journal::Entry};

/// Events: JSON by number.
const EVENTS: TableDefinition<'static, u64, &'static str> = TableDefinition::new("events");
/// Single values by name.
const META: TableDefinition<'static, &str, &str> = TableDefinition::new("meta");
/// Tells the numbers of events of this database from those of another.
const EPOCH: &str = "epoch";
/// The last event that the webhook has taken.
const DELIVERED: &str = "webhook";
/// The form of the rows.
const FORMAT: &str = "format";
/// The form that this program reads and writes.
const FORMAT_NOW: &str = "2";

/// So many events are forgotten at a time: each time the pages of the oldest ones are written anew.
const FORGOTTEN: u64 = 256;

/// What went wrong with a store.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StoreError {
    /// The database could not be used.
    #[error(transparent)]
    Database(#[from] redb::Error),
    /// It is of another program, or of another version of this one.
    #[error("expected rows of form {FORMAT_NOW}, found form {0}")]
    Format(String),
    /// The file is not as the database has written it.
    #[error("the file is damaged: {0}")]
    Damaged(String),
    /// An event cannot be read.
    #[error("event {0}: {1}")]
    Event(u64, String),
    /// The thread that writes has ended, of a panic that it has told of.
    #[error("nothing is written down any more")]
    Gone,
}

/// What a store holds when it is opened.
#[derive(Debug)]
pub(crate) struct Held {
    /// The controller's rows.
    pub(crate) records: Vec<Record>,
    /// The events, in order.
    pub(crate) events: Vec<Entry>,
    /// Tells the numbers of these events from those of others.
    pub(crate) epoch: String,
    /// The last event that the webhook has taken.
    pub(crate) delivered: Option<u64>,
}

/// What must hold together: all of it is written, or nothing.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    /// Rows as they are now.
    pub(crate) records: Vec<Record>,
    /// New events.
    pub(crate) events: Vec<Entry>,
    /// Older events than this number may be forgotten.
    pub(crate) forget_before: u64,
    /// The last event that the webhook has taken, where that has changed.
    pub(crate) delivered: Option<u64>,
}

/// Keeps rows and events beyond the program's end.
pub(crate) trait Store: std::fmt::Debug + Send {
    /// Writes a batch; when this returns, the batch survives the end of the machine's power. After
    /// an error the store is of no use any more.
    fn commit(&mut self, batch: &Batch) -> Result<(), StoreError>;

    /// What it keeps all in, for those who look on.
    fn name(&self) -> &'static str;
}

/// A store in one file.
#[derive(Debug)]
pub(crate) struct File {
    database: Database,
    rows: Rows,
    /// The number of the oldest event that it may have.
    oldest: u64,
}

/// An event as it is written.
#[derive(Debug, Serialize, Deserialize)]
struct EventRow<'a> {
    kind: &'a str,
    call: Option<&'a str>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    seg: Option<&'a str>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    leg: Option<&'a str>,
    time: &'a str,
    data: Cow<'a, str>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    veiled: Option<Cow<'a, str>>,
}

impl File {
    /// Opens a store, or makes one; `epoch` is that of a new one.
    pub(crate) fn open(path: &Path, epoch: String) -> Result<(Self, Held), StoreError> {
        // The database relies on what it reads of its file, and panics where that is not whole.
        let opened = panic::catch_unwind(|| Self::open_whole(path, epoch));
        opened.unwrap_or_else(|why| {
            let text = why.downcast_ref::<String>().map(String::as_str);
            let text = text.or_else(|| why.downcast_ref::<&str>().copied());
            Err(StoreError::Damaged(
                text.unwrap_or("it panicked").to_owned(),
            ))
        })
    }

    fn open_whole(path: &Path, epoch: String) -> Result<(Self, Held), StoreError> {
        let database = Database::create(path).map_err(redb::Error::from)?;
        let epoch = prepare(&database, epoch)?;
        let read = database.begin_read().map_err(redb::Error::from)?;
        let (rows, records) = Rows::read(&read)?;
        let held = Held {
            records,
            events: events(&database)?,
            epoch,
            delivered: delivered(&database)?,
        };
        let oldest = held.events.first().map_or(0, |event| event.seq);
        let store = Self {
            database,
            rows,
            oldest,
        };
        Ok((store, held))
    }
}

impl Batch {
    /// Whether nothing is to be written.
    pub(crate) fn is_empty(&self) -> bool {
        self.records.is_empty() && self.events.is_empty() && self.delivered.is_none()
    }
}

impl File {
    /// Writes new events, and forgets old ones, many at a time.
    fn write_events(
        &mut self,
        write: &redb::WriteTransaction,
        batch: &Batch,
    ) -> Result<(), redb::Error> {
        if batch.events.is_empty() {
            return Ok(());
        }
        let mut table = write.open_table(EVENTS)?;
        for entry in &batch.events {
            let row = EventRow {
                kind: entry.kind,
                call: entry.call.as_ref().map(CallId::as_str),
                seg: entry.seg.as_ref().map(SegId::as_str),
                leg: entry.leg.as_ref().map(LegId::as_str),
                time: &entry.time,
                data: (&*entry.data).into(),
                veiled: entry.veiled.as_deref().map(Into::into),
            };
            let row = serde_json::to_string(&row).expect("text has a JSON form");
            table.insert(entry.seq, row.as_str())?;
        }
        if batch.forget_before >= self.oldest + FORGOTTEN {
            table.retain_in(..batch.forget_before, |_, _| false)?;
            self.oldest = batch.forget_before;
        }
        Ok(())
    }
}

impl Store for File {
    fn commit(&mut self, batch: &Batch) -> Result<(), StoreError> {
        if batch.is_empty() {
            return Ok(());
        }
        let mut write = self.database.begin_write().map_err(redb::Error::from)?;
        write
            .set_durability(Durability::Immediate)
            .map_err(redb::Error::from)?;
        self.rows.write(&write, &batch.records)?;
        self.write_events(&write, batch)?;
        write_delivered(&write, batch)?;
        write.commit().map_err(redb::Error::from)?;
        Ok(())
    }

    fn name(&self) -> &'static str {
        "file"
    }
}

/// Makes what is missing, and says which epoch holds.
fn prepare(database: &Database, epoch: String) -> Result<String, StoreError> {
    let write = database.begin_write().map_err(redb::Error::from)?;
    let epoch = {
        let mut meta = write.open_table(META).map_err(redb::Error::from)?;
        let mut value = |name: &str, new: &str| -> Result<String, redb::Error> {
            let found = meta.get(name)?.map(|value| value.value().to_owned());
            if let Some(found) = found {
                return Ok(found);
            }
            meta.insert(name, new)?;
            Ok(new.to_owned())
        };
        let format = value(FORMAT, FORMAT_NOW)?;
        if format != FORMAT_NOW {
            return Err(StoreError::Format(format));
        }
        value(EPOCH, &epoch)?
    };
    Rows::prepare(&write)?;
    write.open_table(EVENTS).map_err(redb::Error::from)?;
    write.commit().map_err(redb::Error::from)?;
    Ok(epoch)
}

fn events(database: &Database) -> Result<Vec<Entry>, StoreError> {
    let read = database.begin_read().map_err(redb::Error::from)?;
    let table = read.open_table(EVENTS).map_err(redb::Error::from)?;
    let mut events = Vec::new();
    for row in table.iter().map_err(redb::Error::from)? {
        let (seq, row) = row.map_err(redb::Error::from)?;
        let seq = seq.value();
        let wrong = |why: String| StoreError::Event(seq, why);
        let row: EventRow<'_> =
            serde_json::from_str(row.value()).map_err(|error| wrong(error.to_string()))?;
        let kind = http::event_type(row.kind);
        events.push(Entry {
            seq,
            kind: kind.ok_or_else(|| wrong(format!("{} is no type of events", row.kind)))?,
            call: row.call.map(CallId::from_text),
            seg: row.seg.map(SegId::from_text),
            leg: row.leg.map(LegId::from_text),
            time: row.time.into(),
            data: row.data.into(),
            veiled: row.veiled.map(Into::into),
        });
    }
    Ok(events)
}

fn delivered(database: &Database) -> Result<Option<u64>, redb::Error> {
    let read = database.begin_read()?;
    let meta = read.open_table(META)?;
    let found = meta.get(DELIVERED)?;
    Ok(found.and_then(|found| found.value().parse().ok()))
}

fn write_delivered(write: &redb::WriteTransaction, batch: &Batch) -> Result<(), redb::Error> {
    if let Some(seq) = batch.delivered {
        let mut meta = write.open_table(META)?;
        meta.insert(DELIVERED, seq.to_string().as_str())?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use mgc_core::Table;

    use super::*;

    fn entry(seq: u64) -> Entry {
        Entry {
            seq,
            kind: "CallCreated",
            call: Some(CallId::from_text("call_1")),
            seg: Some(SegId::from_text("seg_1")),
            leg: (seq > 3).then(|| LegId::from_text("leg_1")),
            time: "then".into(),
            data: r#"{"a":"\n"}"#.into(),
            veiled: (seq > 3).then(|| r#"{"b":"\n"}"#.into()),
        }
    }

    fn record(key: &str, row: Option<&str>) -> Record {
        Record {
            table: Table::Calls,
            key: key.to_owned(),
            row: row.map(ToOwned::to_owned),
        }
    }

    #[test]
    fn what_is_committed_is_held_when_the_store_is_opened_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state");
        let (mut store, held) = File::open(&path, "first".into()).unwrap();
        assert!(held.records.is_empty());
        let batch = Batch {
            records: vec![record("a", Some("1")), record("b", Some("2"))],
            events: vec![entry(1), entry(2), entry(3)],
            forget_before: 0,
            delivered: Some(1),
        };
        store.commit(&batch).unwrap();
        let batch = Batch {
            records: vec![record("a", None), record("b", Some("3"))],
            events: vec![entry(4)],
            forget_before: 3,
            delivered: None,
        };
        store.commit(&batch).unwrap();
        drop(store);
        let (mut store, held) = File::open(&path, "second".into()).unwrap();
        assert_eq!(held.epoch, "first");
        assert_eq!(held.delivered, Some(1));
        assert_eq!(held.records, [record("b", Some("3"))]);
        assert_eq!(held.events, [entry(1), entry(2), entry(3), entry(4)]);
        let batch = Batch {
            events: vec![entry(FORGOTTEN + 2)],
            forget_before: FORGOTTEN + 1,
            ..Batch::default()
        };
        store.commit(&batch).unwrap();
        drop(store);
        let (_store, held) = File::open(&path, "third".into()).unwrap();
        assert_eq!(held.events, [entry(FORGOTTEN + 2)]);
    }

    #[test]
    fn a_store_that_is_in_use_or_of_another_form_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state");
        let (store, _) = File::open(&path, "e".into()).unwrap();
        assert!(File::open(&path, "e".into()).is_err());
        let write = store.database.begin_write().unwrap();
        let mut meta = write.open_table(META).unwrap();
        meta.insert(FORMAT, "3").unwrap();
        drop(meta);
        write.commit().unwrap();
        drop(store);
        let error = File::open(&path, "e".into()).unwrap_err();
        assert_eq!(error.to_string(), "expected rows of form 2, found form 3");
    }

    #[test]
    fn a_damaged_file_is_refused_and_ends_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state");
        let (mut store, _) = File::open(&path, "e".into()).unwrap();
        let batch = Batch {
            events: vec![entry(1)],
            ..Batch::default()
        };
        store.commit(&batch).unwrap();
        drop(store);
        let mut octets = std::fs::read(&path).unwrap();
        let kind = b"CallCreated";
        for place in 0..octets.len() - kind.len() {
            if octets[place..].starts_with(kind) {
                octets[place] = 0xff;
            }
        }
        std::fs::write(&path, octets).unwrap();
        let error = File::open(&path, "e".into()).unwrap_err().to_string();
        assert!(error.starts_with("the file is damaged: "), "{error}");
    }
}
