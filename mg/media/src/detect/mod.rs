//! What is looked for in what a stream receives: tones, and what becomes of its packets.

mod arrivals;
mod bank;
mod complex;
mod continuity;
mod digits;
mod dtmf;
mod figure;
mod progress;
#[cfg(test)]
pub(crate) mod speech;
mod talk;

use std::time::Duration;

use mg_contract::{AudioCodec, Detected, Tone};

use crate::{
    FRAME, Narrow,
    telephone_event::{Arrived, Happened},
    voice::Loudness,
};
pub(crate) use arrivals::Arrivals;
use arrivals::{CodecWatch, LossWatch};
use continuity::Continuity;
use digits::Digits;
use progress::Progress;
use talk::Talk;

/// Findings that may wait for the end of the tick; more are lost, since no true far end has them.
const FINDINGS_MAX: usize = 16;

/// What was found.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Finding {
    /// What arrives has this codec now.
    Codec(AudioCodec),
    /// So many of a hundred packets are lost.
    Loss(u8),
    /// Somebody has begun to talk, this loud in -dBov.
    TalkBegan(u8),
    /// He has ended, after so long.
    TalkEnded(Duration),
    /// A tone has begun.
    Began(Tone),
    /// A tone has ended, and has lasted so long.
    Ended(Tone, Duration),
}

/// Looks for it on one stream.
#[derive(Debug)]
pub(crate) struct Detector {
    digits: Option<Digits>,
    progress: Option<Progress>,
    continuity: Option<Continuity>,
    codec: Option<CodecWatch>,
    loss: Option<LossWatch>,
    talk: Option<Talk>,
    /// Never more than [`FINDINGS_MAX`].
    findings: Vec<Finding>,
    /// How many of them were taken.
    taken: usize,
}

impl Detector {
    /// Starts to look; `None` if there is nothing to look for.
    pub(crate) fn new(wanted: Detected) -> Option<Self> {
        (wanted != Detected::default()).then(|| Self {
            digits: wanted.dtmf.then(Digits::new),
            progress: wanted.call_progress.then(Progress::new),
            continuity: wanted.continuity.then(Continuity::new),
            codec: wanted.codec.then(CodecWatch::default),
            loss: wanted.loss.then(LossWatch::default),
            talk: wanted.talk.then(Talk::default),
            findings: Vec::with_capacity(FINDINGS_MAX),
            taken: 0,
        })
    }

    /// Takes an event that has arrived.
    pub(crate) fn event(&mut self, arrived: Arrived) {
        let findings = &mut self.findings;
        if let Some(digits) = &mut self.digits {
            digits.event(arrived, |happened| keep(findings, digit(happened)));
        }
    }

    /// Takes a tick's frame.
    pub(crate) fn hear(&mut self, frame: Option<&Narrow>) {
        let frame = frame.unwrap_or(&[0; FRAME]);
        let findings = &mut self.findings;
        if let Some(digits) = &mut self.digits {
            digits.hear(frame, |happened| keep(findings, digit(happened)));
        }
        if let Some(progress) = &mut self.progress {
            progress.hear(frame, |found| keep(findings, call_progress(found)));
        }
        if let Some(continuity) = &mut self.continuity {
            for block in frame.chunks_exact(continuity::BLOCK) {
                if let Some(found) = continuity.hear(block) {
                    keep(findings, continuity_tone(found));
                }
            }
        }
    }

    /// Takes how loud a tick's frame is.
    pub(crate) fn measure(&mut self, loudness: Loudness) {
        let talk = self.talk.as_mut();
        if let Some(finding) = talk.and_then(|talk| talk.hear(loudness)) {
            keep(&mut self.findings, finding);
        }
    }

    /// Takes what has arrived from a network until this tick.
    pub(crate) fn count(&mut self, arrivals: Arrivals) {
        let codec = self.codec.as_mut();
        let codec = codec.and_then(|watch| watch.take(arrivals.codec));
        let loss = self.loss.as_mut();
        let loss = loss.and_then(|watch| watch.tick(arrivals));
        let found = codec.map(Finding::Codec).into_iter();
        for finding in found.chain(loss.map(Finding::Loss)) {
            keep(&mut self.findings, finding);
        }
    }

    /// Returns the next finding. To be called until `None`.
    pub(crate) fn poll(&mut self) -> Option<Finding> {
        let finding = self.findings.get(self.taken).copied();
        self.taken += 1;
        if finding.is_none() {
            self.findings.clear();
            self.taken = 0;
        }
        finding
    }
}

fn keep(findings: &mut Vec<Finding>, finding: Finding) {
    if findings.len() < FINDINGS_MAX {
        findings.push(finding);
    }
}

fn digit(happened: Happened) -> Finding {
    match happened {
        Happened::Began(digit) => Finding::Began(Tone::Dtmf(digit)),
        Happened::Ended(digit, samples) => {
            let time = Duration::from_micros(u64::from(samples) * 125);
            Finding::Ended(Tone::Dtmf(digit), time)
        }
    }
}

fn call_progress(found: progress::Found) -> Finding {
    match found {
        progress::Found::Began(tone) => Finding::Began(tone),
        progress::Found::Ended(tone, ticks) => {
            Finding::Ended(tone, Duration::from_millis(u64::from(ticks) * 20))
        }
    }
}

fn continuity_tone(found: continuity::Found) -> Finding {
    match found {
        continuity::Found::Began => Finding::Began(Tone::Continuity),
        continuity::Found::Ended(blocks) => {
            let time = Duration::from_millis(u64::from(blocks) * 10);
            Finding::Ended(Tone::Continuity, time)
        }
    }
}
