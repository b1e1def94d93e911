//! Receiver reports and the blocks that both kinds of report hold (RFC 3550 6.4.1, 6.4.2).

use super::{RECEIVER_REPORT, Writer};

/// 32-bit words of a block.
pub(super) const BLOCK_WORDS: usize = 6;
/// The most that the 24 bits of the cumulative loss can say.
const LOST_MAX: u64 = 0x7f_ffff;

/// What is told about a source that is received.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct ReportBlock {
    /// The source.
    pub(crate) ssrc: u32,
    /// Share lost since the last report, in 256ths.
    pub(crate) fraction_lost: u8,
    /// Packets lost in all.
    pub(crate) lost: u64,
    /// Highest sequence number with its cycles.
    pub(crate) highest: u32,
    /// Interarrival jitter in time stamp units.
    pub(crate) jitter: u32,
    /// Middle 32 bits of the NTP time of the source's last sender report; 0 without one.
    pub(crate) last_sender_report: u32,
    /// Time since that report came, in 65,536ths of a second.
    pub(crate) delay: u32,
}

impl ReportBlock {
    /// Writes the block.
    pub(super) fn write(&self, to: &mut Writer<'_>) {
        to.word(self.ssrc);
        let lost = self.lost.min(LOST_MAX) as u32;
        to.word(u32::from(self.fraction_lost) << 24 | lost);
        to.word(self.highest);
        to.word(self.jitter);
        to.word(self.last_sender_report);
        to.word(self.delay);
    }
}

/// What a stream that does not send tells.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ReceiverReport {
    /// Our source.
    pub(crate) ssrc: u32,
    /// About the source we receive.
    pub(crate) block: Option<ReportBlock>,
}

impl ReceiverReport {
    /// Writes the packet.
    pub(crate) fn write(&self, to: &mut Writer<'_>) {
        let blocks = usize::from(self.block.is_some());
        to.header(blocks, RECEIVER_REPORT, 1 + blocks * BLOCK_WORDS);
        to.word(self.ssrc);
        if let Some(block) = &self.block {
            block.write(to);
        }
    }
}
