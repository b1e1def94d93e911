//! What the engine finds of what is looked for.

use mg_contract::{Detected, Report, StreamRef};

use super::Engine;
use crate::detect::Finding;

/// Reports of findings that may wait for the shell; more are dropped, and counted.
const REPORTS_MAX: usize = 65_536;

impl Engine {
    /// Looks for this from the next tick on.
    pub(super) fn detect(&mut self, stream: StreamRef, tones: Detected) {
        let Some(&slot) = self.by_stream.get(&stream) else {
            return;
        };
        let Some(leg) = self.legs.at_mut(slot) else {
            return;
        };
        leg.detect(tones);
        if leg.detects() {
            self.detecting.insert(stream, slot);
            self.reserve_reports();
        } else {
            self.detecting.remove(&stream);
        }
    }

    /// Makes room for what a tick can tell: the end of each signal, and of each stream that one tone has
    /// ended and another begun, its codec changed, its loss was measured and its talk ended. Only a hostile far end has more.
    pub(super) fn reserve_reports(&mut self) {
        let most = self.by_signal.len() + 5 * self.detecting.len();
        self.reports.reserve(most);
    }

    /// Tells what was found.
    pub(super) fn report_found(&mut self) {
        for (&stream, &slot) in &self.detecting {
            let Some(leg) = self.legs.at_mut(slot) else {
                continue;
            };
            while let Some(finding) = leg.poll_finding() {
                if self.reports.len() >= REPORTS_MAX {
                    self.counters.tones_dropped += 1;
                    continue;
                }
                self.reports.push_back(match finding {
                    Finding::Codec(codec) => Report::CodecChanged { stream, codec },
                    Finding::Loss(percent) => Report::Loss { stream, percent },
                    Finding::TalkBegan(level) => Report::TalkBegan { stream, level },
                    Finding::TalkEnded(time) => Report::TalkEnded { stream, time },
                    Finding::Began(tone) => Report::ToneBegan { stream, tone },
                    Finding::Ended(tone, time) => Report::ToneEnded { stream, tone, time },
                });
            }
        }
    }
}
