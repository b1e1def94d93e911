//! Numbers with a meaning of their own: what their octets can say is more than what they may.

use super::{Concern, contexts::asked, table::*};
use crate::{
    ContextAudit, ContextAuditItem, ContextProperty, Message, Segment, TimeStamp, Transaction,
    TransactionId, TransactionResult,
    descriptor::{ServiceChangeDescriptor, ServiceChangeReplyDescriptor},
    strict::walk::Walk,
};

pub(super) struct Numbers;

/// The highest priority of a Context.
const HIGHEST_PRIORITY: u16 = 15;

impl Concern for Numbers {
    fn message(&self, walk: &mut Walk<'_>, message: &Message<'_>) {
        version(walk, Some(message.version));
    }

    fn transaction(&self, walk: &mut Walk<'_>, transaction: &Transaction<'_>) {
        match transaction {
            Transaction::Request(request) => assigned(walk, request.id),
            Transaction::Reply(reply) => {
                if let TransactionResult::Actions(_) = reply.result {
                    assigned(walk, reply.id);
                }
                segment(walk, reply.segment);
            }
            Transaction::Pending(id) => assigned(walk, *id),
            Transaction::ResponseAck(ranges) => {
                for range in ranges {
                    assigned(walk, range.first);
                }
            }
            Transaction::SegmentReply(reply) => {
                assigned(walk, reply.id);
                segment(walk, Some(reply.segment));
            }
        }
    }

    fn context_properties(&self, walk: &mut Walk<'_>, properties: &[ContextProperty<'_>]) {
        for property in properties {
            if let ContextProperty::Priority(found) = property {
                priority(walk, *found);
            }
        }
    }

    fn context_audit(&self, walk: &mut Walk<'_>, audit: &ContextAudit<'_>) {
        for item in asked(audit) {
            if let ContextAuditItem::SelectPriority(found) = item {
                priority(walk, *found);
            }
        }
    }

    fn service_change(&self, walk: &mut Walk<'_>, services: &ServiceChangeDescriptor<'_>) {
        version(walk, services.version);
    }

    fn service_change_reply(
        &self,
        walk: &mut Walk<'_>,
        services: &ServiceChangeReplyDescriptor<'_>,
    ) {
        version(walk, services.version);
    }

    fn time_stamp(&self, walk: &mut Walk<'_>, stamp: &TimeStamp) {
        if !is_date(stamp.date) {
            walk.departs(&TIME_STAMP, format!("{stamp}: no such day"));
        } else if !is_time(stamp.time) {
            walk.departs(&TIME_STAMP, format!("{stamp}: no such time of day"));
        }
    }
}

fn assigned(walk: &mut Walk<'_>, id: TransactionId) {
    if id == TransactionId(0) {
        walk.departs(&TRANSACTION_ZERO, "transaction 0, which no request has");
    }
}

fn segment(walk: &mut Walk<'_>, segment: Option<Segment>) {
    if segment.is_some_and(|segment| segment.number == 0) {
        walk.departs(&SEGMENT_ZERO, "segment 0, where the first is 1");
    }
}

fn priority(walk: &mut Walk<'_>, priority: u16) {
    if priority > HIGHEST_PRIORITY {
        walk.departs(
            &PRIORITY,
            format!("priority {priority}, where 15 is the highest"),
        );
    }
}

fn version(walk: &mut Walk<'_>, version: Option<u8>) {
    if version == Some(0) {
        walk.departs(&VERSION, "version 0");
    }
}

/// Whether yyyymmdd is a day of the Gregorian calendar.
fn is_date(date: u32) -> bool {
    let (year, month, day) = (date / 10_000, date / 100 % 100, date % 100);
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let length = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => 0,
    };
    (1..=length).contains(&day)
}

/// Whether hhmmssss is a time of day; a minute may have a leap second, and a day may end at 24:00.
fn is_time(time: u32) -> bool {
    let (hour, minute, second) = (time / 1_000_000, time / 10_000 % 100, time / 100 % 100);
    (hour < 24 && minute < 60 && second <= 60) || time == 24_000_000
}

#[cfg(test)]
mod tests {
    use super::{is_date, is_time};

    #[test]
    fn days_are_those_of_the_calendar() {
        for date in [20_240_229, 20_000_229, 19_700_101, 99_991_231] {
            assert!(is_date(date), "{date}");
        }
        for date in [
            20_260_229, 19_000_229, 20_260_431, 20_261_301, 20_260_010, 20_260_100,
        ] {
            assert!(!is_date(date), "{date}");
        }
    }

    #[test]
    fn times_are_those_of_a_day() {
        for time in [0, 23_595_999, 23_596_000, 24_000_000] {
            assert!(is_time(time), "{time}");
        }
        for time in [24_000_001, 12_600_000, 12_006_100, 99_999_999] {
            assert!(!is_time(time), "{time}");
        }
    }
}
