//! Parts of messages, for those who put a message together from what they have: repeats, batches
//! and segments.

use super::{
    BinaryProfile, EncodeError, Unsayable, action,
    ber::{BerWriter, Tag},
    command_reply, message,
    peek::{NOTHING_AGREED, whole},
    transaction,
};
use crate::{
    ActionReply, AuthenticationHeader, CommandReply, MId, Segment, Transaction, TransactionId,
};

/// Appends a transaction to `out`, as it stands within a message of this version.
///
/// ```
/// use codec_h248::binary::{self, BinaryProfile};
/// use codec_h248::{Transaction, TransactionId};
///
/// let pending = Transaction::Pending(TransactionId(3001));
/// let mut out = Vec::new();
/// binary::encode_transaction(&pending, 3, &BinaryProfile::default(), &mut out)?;
/// assert_eq!(out, [0xa1, 4, 0x80, 2, 0x0b, 0xb9]);
/// # Ok::<(), binary::EncodeError>(())
/// ```
pub fn encode_transaction(
    transaction: &Transaction<'_>,
    version: u8,
    profile: &BinaryProfile,
    out: &mut Vec<u8>,
) -> Result<(), EncodeError> {
    let mut w = BerWriter::new(version, profile, out);
    transaction::write(&mut w, transaction);
    w.finish()
}

/// Appends a command's reply to `out`, as it stands within an action's.
pub fn encode_command_reply(
    reply: &CommandReply<'_>,
    version: u8,
    profile: &BinaryProfile,
    out: &mut Vec<u8>,
) -> Result<(), EncodeError> {
    let mut w = BerWriter::new(version, profile, out);
    command_reply::write(&mut w, reply);
    w.finish()
}

/// Appends an action's reply to `out`, as it stands within a transaction's.
pub fn encode_action_reply(
    action: &ActionReply<'_>,
    version: u8,
    profile: &BinaryProfile,
    out: &mut Vec<u8>,
) -> Result<(), EncodeError> {
    encode_action_reply_with(action, &[[]; 0], version, profile, out)
}

/// Appends an action's reply, as [`encode_action_reply`] does, with replies to further commands
/// behind its own: those that were written by [`encode_command_reply`].
///
/// ```
/// use codec_h248::binary::{self, BinaryProfile};
/// use codec_h248::{ActionReply, AmmsReply, CommandReply, ContextId, TerminationId, list};
///
/// let profile = BinaryProfile::default();
/// let terminations = list![TerminationId::ROOT];
/// let moved = CommandReply::Move(AmmsReply { terminations, descriptors: list![] });
/// let mut command = Vec::new();
/// binary::encode_command_reply(&moved, 3, &profile, &mut command)?;
/// let named = ActionReply {
///     context: ContextId::Id(4),
///     properties: list![],
///     commands: list![],
///     error: None,
/// };
/// let mut action = Vec::new();
/// binary::encode_action_reply_with(&named, &[&command, &command], 3, &profile, &mut action)?;
/// assert_eq!(action[..7], [0x30, 41, 0x80, 1, 4, 0xa3, 36]);
/// assert_eq!(action[7..25], command);
/// # Ok::<(), binary::EncodeError>(())
/// ```
pub fn encode_action_reply_with(
    action: &ActionReply<'_>,
    commands: &[impl AsRef<[u8]>],
    version: u8,
    profile: &BinaryProfile,
    out: &mut Vec<u8>,
) -> Result<(), EncodeError> {
    let mut w = BerWriter::new(version, profile, out);
    w.element(Tag::SEQUENCE, |w| {
        action::write_reply_with(w, action, |w| put_all(w, commands));
    });
    w.finish()
}

/// Appends a reply made of actions' replies that were written by [`encode_action_reply`].
///
/// ```
/// use codec_h248::binary::{self, BinaryProfile};
/// use codec_h248::{ActionReply, ContextId, Segment, TransactionId, list};
///
/// let named = ActionReply {
///     context: ContextId::Id(4),
///     properties: list![],
///     commands: list![],
///     error: None,
/// };
/// let mut action = Vec::new();
/// binary::encode_action_reply(&named, 3, &BinaryProfile::default(), &mut action)?;
/// assert_eq!(action, [0x30, 5, 0x80, 1, 4, 0xa3, 0]);
/// let mut reply = Vec::new();
/// let first = Segment { number: 1, last: false };
/// binary::encode_reply(TransactionId(7), Some(first), false, &[action], 3, &mut reply)?;
/// assert_eq!(reply[..9], [0xa2, 17, 0x80, 1, 7, 0xa2, 9, 0xa1, 7]);
/// # Ok::<(), binary::EncodeError>(())
/// ```
pub fn encode_reply(
    id: TransactionId,
    segment: Option<Segment>,
    immediate_ack: bool,
    actions: &[impl AsRef<[u8]>],
    version: u8,
    out: &mut Vec<u8>,
) -> Result<(), EncodeError> {
    let mut w = BerWriter::new(version, &NOTHING_AGREED, out);
    w.constructed(2, "transactionReply", |w| {
        transaction::write_reply_around(w, id, segment, immediate_ack, |w| {
            w.constructed(1, "actionReplies", |w| put_all(w, actions));
        });
    });
    w.finish()
}

/// Appends a message made of transactions that were written by [`encode_transaction`] or
/// [`encode_reply`].
///
/// ```
/// use codec_h248::binary::{self, BinaryProfile};
/// use codec_h248::{Limits, MId, Transaction, TransactionId};
///
/// let profile = BinaryProfile::default();
/// let mut pending = Vec::new();
/// binary::encode_transaction(&Transaction::Pending(TransactionId(7)), 3, &profile, &mut pending)?;
/// let mut batch = Vec::new();
/// binary::encode_batch(None, 3, &MId::Device("mg1".into()), &[&pending, &pending], &mut batch)?;
/// let message = binary::decode(&batch, &Limits::default(), &profile)?;
/// # assert_eq!(binary::peek(&batch).transactions().count(), 2);
/// # assert_eq!(message.version, 3);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn encode_batch(
    authentication: Option<&AuthenticationHeader>,
    version: u8,
    mid: &MId<'_>,
    transactions: &[impl AsRef<[u8]>],
    out: &mut Vec<u8>,
) -> Result<(), EncodeError> {
    let mut w = BerWriter::new(version, &NOTHING_AGREED, out);
    message::write_around(&mut w, authentication, mid, |w| {
        w.constructed(1, "transactions", |w| put_all(w, transactions));
    });
    w.finish()
}

/// Appends a message that has no authentication header, with this one in it.
///
/// ```
/// use codec_h248::binary::{self, BinaryProfile};
/// use codec_h248::{AuthenticationHeader, MId, Transaction, TransactionId};
///
/// let mut pending = Vec::new();
/// let seven = Transaction::Pending(TransactionId(7));
/// binary::encode_transaction(&seven, 3, &BinaryProfile::default(), &mut pending)?;
/// let mut message = Vec::new();
/// binary::encode_batch(None, 3, &MId::Device("mg1".into()), &[pending], &mut message)?;
/// let header = AuthenticationHeader {
///     security_parameter_index: 0x2A,
///     sequence_number: 7,
///     data: vec![0; 12],
/// };
/// let mut out = Vec::new();
/// binary::encode_authenticated(&header, &message, &mut out)?;
/// assert_eq!(binary::peek(&out).authentication, Some(header));
/// assert_eq!(binary::peek(&out).body, binary::peek(&message).body);
/// # Ok::<(), binary::EncodeError>(())
/// ```
pub fn encode_authenticated(
    header: &AuthenticationHeader,
    message: &[u8],
    out: &mut Vec<u8>,
) -> Result<(), EncodeError> {
    let mut w = BerWriter::new(1, &NOTHING_AGREED, out);
    match whole(message, 0x30) {
        Some(mess) => message::write_again(&mut w, header, mess),
        None => w.fail(Unsayable::Missing("mess")),
    }
    w.finish()
}

/// Elements that are written already.
fn put_all(w: &mut BerWriter<'_>, elements: &[impl AsRef<[u8]>]) {
    for element in elements.iter().rev() {
        w.put(element.as_ref());
    }
}
