//! What becomes of the packets of a stream: their codec, and how many are lost.

use mg_contract::AudioCodec;

/// Ticks between two measures: 1 s.
const PERIOD: u32 = 50;
/// Measures that are looked at together: 5 s, so that one lost packet of voice is less than 1 %.
const MEASURES: usize = 5;

/// What has arrived since a stream was opened.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Arrivals {
    /// The codec of the newest packet.
    pub(crate) codec: Option<AudioCodec>,
    /// Packets that came.
    pub(crate) received: u64,
    /// Packets that never came.
    pub(crate) lost: u64,
}

/// Looks for another codec.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct CodecWatch {
    before: Option<AudioCodec>,
}

impl CodecWatch {
    /// Takes the codec that there is in a tick, and returns it if there was another one before.
    pub(crate) fn take(&mut self, codec: Option<AudioCodec>) -> Option<AudioCodec> {
        let now = codec?;
        let before = self.before.replace(now)?;
        (now != before).then_some(now)
    }
}

/// Measures how much is lost.
#[derive(Clone, Debug, Default)]
pub(crate) struct LossWatch {
    ticks: u32,
    /// The counts at the measures before, the oldest first; empty before the first tick.
    counts: Vec<Arrivals>,
    told: u8,
}

impl LossWatch {
    /// Takes the counts of a tick. Returns the percentage that is lost where that is to be told.
    pub(crate) fn tick(&mut self, now: Arrivals) -> Option<u8> {
        let is_due = self.ticks.is_multiple_of(PERIOD);
        self.ticks = self.ticks.wrapping_add(1);
        if !is_due {
            return None;
        }
        let percent = self.counts.first().map(|then| lost_percent(*then, now));
        if self.counts.len() == MEASURES {
            self.counts.remove(0);
        }
        self.counts.push(now);
        let percent = percent?;
        let is_news = percent != 0 || percent != self.told;
        self.told = percent;
        is_news.then_some(percent)
    }
}

/// A packet that was counted as lost may still have come since.
fn lost_percent(then: Arrivals, now: Arrivals) -> u8 {
    let lost = now.lost.saturating_sub(then.lost);
    let all = lost + now.received.saturating_sub(then.received);
    // 99 is the most that E.11.2 has.
    (lost * 100).checked_div(all).unwrap_or(0).min(99) as u8
}
