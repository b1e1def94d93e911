//! Messages and their header (H.248.1 Annex A.2 `MegacoMessage`).

use super::{
    Unsayable,
    ber::{BerError, BerReader, BerWriter, Tag, leaf, level, unanswered},
    error_descriptor, mid, transaction,
};
use crate::{
    AuthenticationHeader, DecodeError, Expected, Level, List, MId, Message, MessageBody,
    Transaction,
};

/// The newest version of the syntax.
const NEWEST: u8 = 3;
/// Octets of an integrity check value.
const CHECK_VALUE: std::ops::RangeInclusive<usize> = 12..=32;

/// A message while it is read.
struct Draft<'a> {
    /// It says nothing at first.
    message: Message<'a>,
    /// While a transaction is being read, how many stand before it.
    open: Option<usize>,
}

impl Draft<'_> {
    const NOTHING: Self = Self {
        message: Message {
            authentication: None,
            version: NEWEST,
            mid: mid::NOBODY,
            body: MessageBody::Transactions(List::new()),
        },
        open: None,
    };
}

/// `MegacoMessage`, to its very end or to the first transaction that does not decode.
pub(super) fn read<'a>(r: &mut BerReader<'a>) -> Result<(Message<'a>, Option<BerError>), BerError> {
    let mut draft = Draft::NOTHING;
    let read = level(Level::Message, whole(r, &mut draft));
    let stop = match (read, draft.open) {
        (Ok(()), _) => None,
        (Err(error), None) => return Err(error),
        (Err(error), Some(before)) => {
            if let MessageBody::Transactions(transactions) = &mut draft.message.body {
                transactions.truncate(before);
            }
            Some(error)
        }
    };
    Ok((draft.message, stop))
}

/// `MegacoMessage`, to its very end.
pub(super) fn read_whole<'a>(r: &mut BerReader<'a>) -> Result<Message<'a>, DecodeError> {
    let mut draft = Draft::NOTHING;
    match level(Level::Message, whole(r, &mut draft)) {
        Ok(()) => Ok(draft.message),
        Err(error) => Err(DecodeError::from(error)),
    }
}

fn whole<'a>(r: &mut BerReader<'a>, draft: &mut Draft<'a>) -> Result<(), BerError> {
    r.element(Tag::SEQUENCE, "MegacoMessage", |r| {
        draft.message.authentication = r.optional(0, "authHeader", authentication)?;
        r.mandatory(1, "mess", |r| message(r, draft))
    })?;
    r.padding()
}

/// `AuthenticationHeader`
pub(super) fn authentication(r: &mut BerReader<'_>) -> Result<AuthenticationHeader, BerError> {
    let index = r.array(0, "secParmIndex")?;
    let sequence = r.array(1, "seqNum")?;
    let data = r.mandatory(2, "ad", |r| {
        let start = r.offset();
        let data = leaf::octets(r)?;
        if !CHECK_VALUE.contains(&data.len()) {
            return Err(r.wrong_since(start, Expected::Rule("ad of 12 to 32 octets")));
        }
        Ok(data.into_owned())
    })?;
    Ok(AuthenticationHeader {
        security_parameter_index: u32::from_be_bytes(index),
        sequence_number: u32::from_be_bytes(sequence),
        data,
    })
}

/// `Message`
fn message<'a>(r: &mut BerReader<'a>, draft: &mut Draft<'a>) -> Result<(), BerError> {
    draft.message.version = r.unsigned_as(0, "version", spoken, version)?;
    r.mandatory(1, "mId", |r| mid::read_into(r, &mut draft.message.mid))?;
    r.mandatory(2, "messageBody", |r| body(r, draft))?;
    r.extensions(2)
}

fn version(r: &mut BerReader<'_>) -> Result<u8, BerError> {
    let start = r.offset();
    let version = leaf::within(r, 0..=99)?;
    spoken(version.into()).ok_or_else(|| r.wrong_since(start, Expected::Version(version)))
}

/// A version of the syntax that there is.
fn spoken(version: u32) -> Option<u8> {
    let version = u8::try_from(version).ok()?;
    (1..=NEWEST).contains(&version).then_some(version)
}

/// `messageBody`
fn body<'a>(r: &mut BerReader<'a>, draft: &mut Draft<'a>) -> Result<(), BerError> {
    match (r.alternative(), &mut draft.message.body) {
        (Some(0), body) => {
            let error = r.mandatory(0, "messageError", error_descriptor::read);
            *body = MessageBody::Error(unanswered(error)?);
            Ok(())
        }
        (Some(1), MessageBody::Transactions(list)) => r.mandatory(1, "transactions", |r| {
            transactions(r, list, &mut draft.open)
        }),
        (Some(_) | None, _) => Err(r.wrong(Expected::Rule("messageBody"))),
    }
}

/// `SEQUENCE OF Transaction`. More transactions than are taken make the whole list an error. `open`
/// says how many stand before the one that is being read.
fn transactions<'a>(
    r: &mut BerReader<'a>,
    list: &mut List<Transaction<'a>>,
    open: &mut Option<usize>,
) -> Result<(), BerError> {
    let most = r.limits().transactions;
    r.fill(list, |r, list| {
        if list.len() == most {
            return Err(r.wrong(Expected::AtMost(most, "transactions")));
        }
        *open = Some(list.len());
        transaction::read(r, list)?;
        *open = None;
        Ok(())
    })?;
    if list.is_empty() {
        return Err(r.wrong(Expected::Rule("Transaction")));
    }
    Ok(())
}

/// `MegacoMessage`
pub(super) fn write(w: &mut BerWriter<'_>, message: &Message<'_>) {
    let authentication = message.authentication.as_ref();
    write_around(w, authentication, &message.mid, |w| match &message.body {
        MessageBody::Error(error) => {
            w.constructed(0, "messageError", |w| error_descriptor::write(w, error));
        }
        MessageBody::Transactions(transactions) => w.constructed(1, "transactions", |w| {
            w.each(transactions, transaction::write);
        }),
    });
}

/// `MegacoMessage` with the body that `write_body` writes.
pub(super) fn write_around(
    w: &mut BerWriter<'_>,
    authentication: Option<&AuthenticationHeader>,
    mid: &MId<'_>,
    write_body: impl FnOnce(&mut BerWriter<'_>),
) {
    let version = w.version();
    if !(1..=NEWEST).contains(&version) {
        w.fail(Unsayable::Value("version", version.to_string()));
    }
    w.element(Tag::SEQUENCE, |w| {
        w.constructed(1, "mess", |w| {
            w.extensions();
            w.constructed(2, "messageBody", write_body);
            w.constructed(1, "mId", |w| mid::write(w, mid));
            w.unsigned(0, version);
        });
        if let Some(header) = authentication {
            w.constructed(0, "authHeader", |w| write_authentication(w, header));
        }
    });
}

/// `MegacoMessage` with the octets of `mess`, tag and all, as they were written.
pub(super) fn write_again(w: &mut BerWriter<'_>, header: &AuthenticationHeader, message: &[u8]) {
    w.element(Tag::SEQUENCE, |w| {
        w.put(message);
        w.constructed(0, "authHeader", |w| write_authentication(w, header));
    });
}

fn write_authentication(w: &mut BerWriter<'_>, header: &AuthenticationHeader) {
    if !CHECK_VALUE.contains(&header.data.len()) {
        w.fail(Unsayable::Value(
            "ad",
            format!("{} octets", header.data.len()),
        ));
    }
    w.octets(2, &header.data);
    w.octets(1, &header.sequence_number.to_be_bytes());
    w.octets(0, &header.security_parameter_index.to_be_bytes());
}
