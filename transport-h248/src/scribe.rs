//! Writes transactions and the parts of replies, in either encoding.

use bytes::Bytes;
use codec_h248::{
    ActionReply, CommandReply, Segment, TextProfile, Transaction, TransactionId, binary,
    descriptor::ErrorCode,
};

use crate::{Config, Encoding, outbox::Manner};

/// Writes in one manner. Each function fails where binary has no form for what it is given (500).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scribe<'c> {
    /// Style and names.
    pub(crate) config: &'c Config,
    /// Version and encoding.
    pub(crate) manner: Manner,
}

impl Scribe<'_> {
    /// Writes a transaction.
    pub(crate) fn transaction(&self, transaction: &Transaction<'_>) -> Result<Bytes, ErrorCode> {
        let version = self.manner.version;
        self.write(
            |profile, out| codec_h248::encode_transaction(transaction, version, profile, out),
            |out| binary::encode_transaction(transaction, version, &self.config.names, out),
        )
    }

    /// Writes a command's reply.
    pub(crate) fn command(&self, command: &CommandReply<'_>) -> Result<Bytes, ErrorCode> {
        let version = self.manner.version;
        self.write(
            |profile, out| codec_h248::encode_command_reply(command, version, profile, out),
            |out| binary::encode_command_reply(command, version, &self.config.names, out),
        )
    }

    /// Writes an action's reply, with commands' replies that [`Self::command`] has written.
    pub(crate) fn action(
        &self,
        action: &ActionReply<'_>,
        commands: &[Bytes],
    ) -> Result<Bytes, ErrorCode> {
        let version = self.manner.version;
        let parts = || commands.iter().map(AsRef::as_ref);
        self.write(
            |profile, out| {
                codec_h248::encode_action_reply_with(action, parts(), version, profile, out);
            },
            |out| {
                let names = &self.config.names;
                binary::encode_action_reply_with(action, commands, version, names, out)
            },
        )
    }

    /// Writes a reply, or a segment of one, of actions' replies that [`Self::action`] has written.
    pub(crate) fn reply(
        &self,
        id: TransactionId,
        segment: Option<Segment>,
        immediate_ack: bool,
        actions: &[Bytes],
    ) -> Result<Bytes, ErrorCode> {
        let version = self.manner.version;
        let parts = || actions.iter().map(AsRef::as_ref);
        self.write(
            |profile, out| {
                codec_h248::encode_reply(id, segment, immediate_ack, parts(), profile, out);
            },
            |out| binary::encode_reply(id, segment, immediate_ack, actions, version, out),
        )
    }

    fn profile(&self) -> TextProfile {
        TextProfile {
            empty_signals: self.manner.empty_signals,
            ..TextProfile::of(self.config.style)
        }
    }

    fn write(
        &self,
        text: impl FnOnce(&TextProfile, &mut Vec<u8>),
        ber: impl FnOnce(&mut Vec<u8>) -> Result<(), binary::EncodeError>,
    ) -> Result<Bytes, ErrorCode> {
        let mut octets = Vec::new();
        match self.manner.encoding {
            Encoding::Text => text(&self.profile(), &mut octets),
            Encoding::Binary => ber(&mut octets).map_err(|_| ErrorCode::INTERNAL)?,
        }
        Ok(octets.into())
    }
}
