//! Sender reports (RFC 3550 6.4.1).

use super::{ReportBlock, SENDER_REPORT, Writer, receiver_report::BLOCK_WORDS};

/// What a stream that sends tells.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SenderReport {
    /// Our source.
    pub(crate) ssrc: u32,
    /// Wall time, 32.32 bits since 1900.
    pub(crate) ntp: u64,
    /// The same instant in our time stamps.
    pub(crate) time_stamp: u32,
    /// Packets sent.
    pub(crate) packets: u32,
    /// Payload octets sent.
    pub(crate) octets: u32,
    /// About the source we receive.
    pub(crate) block: Option<ReportBlock>,
}

impl SenderReport {
    /// Writes the packet.
    pub(crate) fn write(&self, to: &mut Writer<'_>) {
        let blocks = usize::from(self.block.is_some());
        to.header(blocks, SENDER_REPORT, 6 + blocks * BLOCK_WORDS);
        to.word(self.ssrc);
        to.octets(&self.ntp.to_be_bytes());
        to.word(self.time_stamp);
        to.word(self.packets);
        to.word(self.octets);
        if let Some(block) = &self.block {
            block.write(to);
        }
    }
}
