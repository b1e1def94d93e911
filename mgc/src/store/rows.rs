//! The controller's rows as a log: each change is appended, and what has been overtaken goes when
//! the log has grown, so that a commit writes few pages, side by side, however many rows there are.

use std::{collections::BTreeMap, ops::Range};

use ahash::HashMap;
use mgc_core::{Record, Table};
use redb::{ReadTransaction, ReadableTable, TableDefinition, WriteTransaction};

use super::StoreError;

/// A table, an id, and JSON, which is absent where the row has gone.
type Value = (&'static str, &'static str, Option<&'static str>);
/// Changes in their order.
const LOG: TableDefinition<'static, u64, Value> = TableDefinition::new("rows");

/// The log may have twice as many changes as there are rows, and so many more.
const SLACK: u64 = 10_000;
/// So many changes over that, it is tidied up: not with every commit, each of which would write the
/// pages at its beginning anew.
const EXCESS: u64 = 512;
/// For each change by which the log grows, so many old ones are looked at: of those at least a half
/// has been overtaken, so that it becomes shorter.
const LOOKED_AT: u64 = 3;

/// Which changes hold.
#[derive(Debug)]
pub(super) struct Rows {
    /// The change that made each row what it is.
    latest: HashMap<(Table, String), u64>,
    /// The changes that the log has.
    log: Range<u64>,
}

type Log<'a> = redb::Table<'a, u64, Value>;
/// A change as the database gives it.
type Read<'a> = (redb::AccessGuard<'a, u64>, redb::AccessGuard<'a, Value>);
/// A change as it is read.
type Change = (u64, Table, String, Option<String>);

impl Rows {
    /// Makes the log where there is none.
    pub(super) fn prepare(write: &WriteTransaction) -> Result<(), redb::Error> {
        write.open_table(LOG)?;
        Ok(())
    }

    /// Reads the rows, by table and id.
    pub(super) fn read(read: &ReadTransaction) -> Result<(Self, Vec<Record>), StoreError> {
        let log = read.open_table(LOG).map_err(redb::Error::from)?;
        let mut rows = BTreeMap::new();
        let mut all = 0..0;
        for change in log.iter().map_err(redb::Error::from)? {
            let (number, table, key, row) = owned(change)?;
            if all.is_empty() {
                all.start = number;
            }
            all.end = number + 1;
            match row {
                Some(row) => rows.insert((table, key), (number, row)),
                None => rows.remove(&(table, key)),
            };
        }
        let latest = rows.iter().map(|(id, (number, _))| (id.clone(), *number));
        let latest = latest.collect();
        let records = rows.into_iter().map(|((table, key), (_, row))| Record {
            table,
            key,
            row: Some(row),
        });
        Ok((Self { latest, log: all }, records.collect()))
    }

    /// Appends these changes, and tidies up as much as they call for.
    pub(super) fn write(
        &mut self,
        write: &WriteTransaction,
        records: &[Record],
    ) -> Result<(), StoreError> {
        if records.is_empty() {
            return Ok(());
        }
        let mut log = write.open_table(LOG).map_err(redb::Error::from)?;
        for Record { table, key, row } in records {
            self.append(&mut log, (*table, key), row.as_deref())?;
        }
        let live = u64::try_from(self.latest.len()).unwrap_or(u64::MAX);
        if self.log.end - self.log.start > SLACK + EXCESS + 2 * live {
            let written = u64::try_from(records.len()).unwrap_or(u64::MAX);
            self.tidy(&mut log, LOOKED_AT * written.max(EXCESS))?;
        }
        Ok(())
    }

    fn append(
        &mut self,
        log: &mut Log<'_>,
        (table, key): (Table, &str),
        row: Option<&str>,
    ) -> Result<(), redb::Error> {
        let number = self.log.end;
        self.log.end += 1;
        log.insert(number, (table.name(), key, row))?;
        let id = (table, key.to_owned());
        match row {
            Some(_) => self.latest.insert(id, number),
            None => self.latest.remove(&id),
        };
        Ok(())
    }

    /// Takes the oldest changes out of the log; those that hold are appended again.
    fn tidy(&mut self, log: &mut Log<'_>, most: u64) -> Result<(), StoreError> {
        let until = self.log.end.min(self.log.start + most);
        let mut old = Vec::new();
        for change in log.range(..until).map_err(redb::Error::from)? {
            old.push(owned(change)?);
        }
        for (number, table, key, row) in old {
            let id = (table, key);
            // That a row has gone need not be told once nothing older tells of it.
            if row.is_some() && self.latest.get(&id) == Some(&number) {
                self.append(log, (table, &id.1), row.as_deref())?;
            }
        }
        log.retain_in(..until, |_, _| false)
            .map_err(redb::Error::from)?;
        self.log.start = until;
        Ok(())
    }
}

fn owned(change: Result<Read<'_>, redb::StorageError>) -> Result<Change, StoreError> {
    let (number, change) = change.map_err(redb::Error::from)?;
    let (name, key, row) = change.value();
    let table = Table::ALL.into_iter().find(|table| table.name() == name);
    let unknown = || StoreError::Damaged(format!("{name} is no table of rows"));
    let table = table.ok_or_else(unknown)?;
    Ok((
        number.value(),
        table,
        key.to_owned(),
        row.map(ToOwned::to_owned),
    ))
}

#[cfg(test)]
mod tests {
    use redb::{Database, ReadableDatabase as _, ReadableTableMetadata as _};

    use super::*;

    fn commit(database: &Database, rows: &mut Rows, records: &[Record]) {
        let write = database.begin_write().unwrap();
        rows.write(&write, records).unwrap();
        write.commit().unwrap();
    }

    fn read(database: &Database) -> (Rows, Vec<Record>) {
        Rows::read(&database.begin_read().unwrap()).unwrap()
    }

    /// Rows that never change among one that always does, and some that come and go.
    fn changes(round: u64) -> [Record; 3] {
        let still = Record {
            table: Table::Calls,
            key: format!("{:02}", round % 50),
            row: Some("0".to_owned()),
        };
        let often = Record {
            table: Table::Legs,
            key: "often".to_owned(),
            row: Some(round.to_string()),
        };
        let fleeting = Record {
            table: Table::Errands,
            key: (round / 2).to_string(),
            row: round.is_multiple_of(2).then(|| "1".to_owned()),
        };
        [still, often, fleeting]
    }

    #[test]
    fn the_log_stays_short_and_no_row_is_lost_or_comes_back() {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::create(folder.path().join("state")).unwrap();
        let write = database.begin_write().unwrap();
        Rows::prepare(&write).unwrap();
        write.commit().unwrap();
        let (mut rows, none) = read(&database);
        assert_eq!(none, []);
        let rounds = 12_000;
        for some in 0..rounds / 400 {
            let records = (0..400).flat_map(|n| changes(some * 400 + n));
            let records: Vec<_> = records
                .filter(|record| some == 0 || record.table != Table::Calls)
                .collect();
            commit(&database, &mut rows, &records);
            if some % 10 == 0 {
                rows = read(&database).0;
            }
        }
        let (_, records) = read(&database);
        let calls = records.iter().filter(|row| row.table == Table::Calls);
        assert_eq!(calls.count(), 50);
        let rest: Vec<_> = records
            .into_iter()
            .filter(|row| row.table != Table::Calls)
            .collect();
        assert_eq!(rest, changes(rounds - 1)[1..2]);
        let log = database.begin_read().unwrap().open_table(LOG).unwrap();
        let length = log.len().unwrap();
        assert!(length <= SLACK + 3_000, "{length} changes");
        assert!(rounds * 2 > SLACK + 3_000, "else nothing is shown");
    }
}
