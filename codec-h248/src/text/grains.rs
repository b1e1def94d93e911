//! Parts of messages, for those who put a message together from what they have: repeats, batches
//! and segments.

use super::{TextProfile, action, command_reply, form::write_with, message, transaction};
use crate::{
    ActionReply, AuthenticationHeader, CommandReply, MId, Segment, Transaction, TransactionId,
};

/// What stands before the transactions of a message: transactions that were written apart follow
/// it as they are.
///
/// ```
/// use codec_h248::{Limits, MId, Style, TextProfile, Transaction, TransactionId, decode};
/// use codec_h248::{encode_header, encode_transaction};
///
/// let profile = TextProfile::of(Style::Compact);
/// let mut batch = Vec::new();
/// encode_header(None, 3, &MId::Device("mg1".into()), &profile, &mut batch);
/// for id in [7, 8] {
///     encode_transaction(&Transaction::Pending(TransactionId(id)), 3, &profile, &mut batch);
/// }
/// assert_eq!(batch, b"!/3 mg1 PN=7{}PN=8{}");
/// # decode(&batch, &Limits::default())?;
/// # Ok::<(), codec_h248::DecodeError>(())
/// ```
pub fn encode_header(
    authentication: Option<&AuthenticationHeader>,
    version: u8,
    mid: &MId<'_>,
    profile: &TextProfile,
    out: &mut Vec<u8>,
) {
    write_with!(version, profile, out, |w| {
        message::write_header(&mut w, authentication, mid);
    });
}

/// Appends a message that has no authentication header, octet for octet behind this one.
///
/// ```
/// use codec_h248::{AuthenticationHeader, Style, TextProfile, encode_authenticated};
///
/// let header = AuthenticationHeader {
///     security_parameter_index: 0x2A,
///     sequence_number: 7,
///     data: vec![0; 12],
/// };
/// let profile = TextProfile::of(Style::Compact);
/// let mut out = Vec::new();
/// encode_authenticated(&header, b"!/1 mg1 PN=7{}", &profile, &mut out);
/// assert_eq!(out, b"AU=0x0000002A:0x00000007:0x000000000000000000000000 !/1 mg1 PN=7{}");
/// ```
pub fn encode_authenticated(
    header: &AuthenticationHeader,
    message: &[u8],
    profile: &TextProfile,
    out: &mut Vec<u8>,
) {
    write_with!(0, profile, out, |w| message::write_authentication(
        &mut w, header
    ));
    out.extend_from_slice(message);
}

/// Appends a transaction to `out`, in the grammar of this version.
pub fn encode_transaction(
    transaction: &Transaction<'_>,
    version: u8,
    profile: &TextProfile,
    out: &mut Vec<u8>,
) {
    write_with!(version, profile, out, |w| transaction::write(
        &mut w,
        transaction
    ));
}

/// Appends a command's reply to `out`, as it stands within an action's.
pub fn encode_command_reply(
    reply: &CommandReply<'_>,
    version: u8,
    profile: &TextProfile,
    out: &mut Vec<u8>,
) {
    write_with!(version, profile, out, |w| {
        w.within(2);
        command_reply::write(&mut w, reply);
    });
}

/// Appends an action's reply to `out`, as it stands within a transaction's.
pub fn encode_action_reply(
    action: &ActionReply<'_>,
    version: u8,
    profile: &TextProfile,
    out: &mut Vec<u8>,
) {
    encode_action_reply_with(action, [], version, profile, out);
}

/// Appends an action's reply, as [`encode_action_reply`] does, with replies to further commands
/// behind its own: those that were written by [`encode_command_reply`].
///
/// ```
/// use codec_h248::{ActionReply, AmmsReply, CommandReply, ContextId, Style, TextProfile, list};
/// use codec_h248::{TerminationId, encode_action_reply_with, encode_command_reply};
///
/// let profile = TextProfile::of(Style::Compact);
/// let terminations = list![TerminationId::from_name("rtp/1")];
/// let moved = CommandReply::Move(AmmsReply { terminations, descriptors: list![] });
/// let mut command = Vec::new();
/// encode_command_reply(&moved, 3, &profile, &mut command);
/// let named = ActionReply {
///     context: ContextId::Id(4),
///     properties: list![],
///     commands: list![],
///     error: None,
/// };
/// let mut action = Vec::new();
/// encode_action_reply_with(&named, [&command[..]; 2], 3, &profile, &mut action);
/// assert_eq!(action, b"C=4{MV=rtp/1,MV=rtp/1}");
/// ```
pub fn encode_action_reply_with<'r>(
    action: &ActionReply<'_>,
    commands: impl IntoIterator<Item = &'r [u8]>,
    version: u8,
    profile: &TextProfile,
    out: &mut Vec<u8>,
) {
    write_with!(version, profile, out, |w| {
        w.within(1);
        action::write_reply_with(&mut w, action, commands);
    });
}

/// Appends a reply made of actions' replies that were written by [`encode_action_reply`].
///
/// ```
/// use codec_h248::{ActionReply, ContextId, Segment, Style, TextProfile, TransactionId, list};
/// use codec_h248::{encode_action_reply, encode_reply};
///
/// let profile = TextProfile::of(Style::Compact);
/// let named = ActionReply {
///     context: ContextId::Id(4),
///     properties: list![],
///     commands: list![],
///     error: None,
/// };
/// let mut action = Vec::new();
/// encode_action_reply(&named, 3, &profile, &mut action);
/// let mut reply = Vec::new();
/// let first = Segment { number: 1, last: false };
/// encode_reply(TransactionId(7), Some(first), false, [&action[..]], &profile, &mut reply);
/// assert_eq!(reply, b"P=7/1{C=4}");
/// ```
pub fn encode_reply<'r>(
    id: TransactionId,
    segment: Option<Segment>,
    immediate_ack: bool,
    actions: impl IntoIterator<Item = &'r [u8]>,
    profile: &TextProfile,
    out: &mut Vec<u8>,
) {
    write_with!(0, profile, out, |w| {
        transaction::write_reply_head(&mut w, id, segment, immediate_ack);
        for action in actions {
            w.item();
            w.octets(action);
        }
        w.close();
        w.end_of_transaction();
    });
}
