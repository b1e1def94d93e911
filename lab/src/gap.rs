//! How long a moved leg is out of the talk, from the RTP that the legs received.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use crate::phones::{FRAME, FRAME_SAMPLES, Frame, Hearing, Tone};

/// One received frame and which room it carries.
#[derive(Clone, Copy, Debug)]
pub struct Carried {
    /// When it arrived.
    pub arrival: Instant,
    /// RTP sequence number.
    pub sequence: u16,
    /// RTP time stamp, in samples.
    pub time_stamp: u32,
    /// RTP source.
    pub ssrc: u32,
    /// Address that sent it.
    pub from: SocketAddr,
    /// Whether it carries somebody of the old room.
    pub old: bool,
    /// Whether it carries somebody of the new room.
    pub new: bool,
}

impl Carried {
    /// Listens to each frame for the talkers of the two rooms; `tones` are multiples of 50 Hz.
    pub fn of(frames: &[Frame], tones: &[Tone], old: &[usize], new: &[usize]) -> Vec<Self> {
        let carried = |frame: &Frame| {
            let hearing = Hearing::of_frame(frame, tones);
            Self {
                arrival: frame.arrival,
                sequence: frame.sequence,
                time_stamp: frame.time_stamp,
                ssrc: frame.ssrc,
                from: frame.from,
                old: hearing.any(old),
                new: hearing.any(new),
            }
        };
        frames.iter().map(carried).collect()
    }
}

/// A silence between the last frame of one room and the first of another.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Silence {
    /// How long nothing of either room was carried.
    pub length: Duration,
    /// Frames received in between that carry neither.
    pub frames: usize,
}

/// What the moved leg hears on its way: `None` where one of the rooms was never heard, because
/// nobody else was in it.
pub fn heard_by_moved(frames: &[Carried]) -> Option<Silence> {
    let first_new = frames.iter().position(|frame| frame.new)?;
    let last_old = frames.iter().rposition(|frame| frame.old)?;
    let (from, to) = (&frames[last_old], &frames[first_new]);
    if first_new <= last_old {
        return Some(Silence::default());
    }
    Some(Silence {
        length: between(from, to),
        frames: first_new - last_old - 1,
    })
}

/// What the others hear of the moved leg: from the last frame of anybody in the old room that
/// carries it to the first of anybody in the new room. `None` where either room was empty.
pub fn heard_from_moved(old_room: &[Vec<Carried>], new_room: &[Vec<Carried>]) -> Option<Silence> {
    let last = old_room
        .iter()
        .flat_map(|frames| frames.iter().filter(|frame| frame.old))
        .max_by_key(|frame| frame.arrival)?;
    let first = new_room
        .iter()
        .flat_map(|frames| frames.iter().filter(|frame| frame.new))
        .min_by_key(|frame| frame.arrival)?;
    let length = between(last, first);
    let frames = (length.as_millis() + FRAME.as_millis() / 2) / FRAME.as_millis();
    Some(Silence {
        length,
        frames: usize::try_from(frames).unwrap_or(usize::MAX),
    })
}

/// The time that two frames leave uncovered: exact by time stamps within one stream, by arrival
/// otherwise.
fn between(from: &Carried, to: &Carried) -> Duration {
    let apart = if from.ssrc == to.ssrc {
        let samples = to.time_stamp.wrapping_sub(from.time_stamp);
        Duration::from_micros(u64::from(samples) * 125)
    } else {
        to.arrival.saturating_duration_since(from.arrival)
    };
    apart.saturating_sub(FRAME)
}

/// Whether a stream ran on as if nothing had happened.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Continuity {
    /// Packets looked at.
    pub packets: usize,
    /// Sequence numbers that were skipped.
    pub missing: u32,
    /// Packets whose sequence number is not after the one before.
    pub disordered: u32,
    /// Time stamps that do not fit their sequence number.
    pub time_stamp_jumps: u32,
    /// Changes of the RTP source.
    pub source_changes: u32,
    /// Changes of the sender's address or port.
    pub address_changes: u32,
}

impl Continuity {
    /// Looks at the packets in the order of arrival.
    pub fn of(frames: &[Carried]) -> Self {
        let mut seen = Self {
            packets: frames.len(),
            ..Self::default()
        };
        for two in frames.windows(2) {
            seen.note(&two[0], &two[1]);
        }
        seen
    }

    fn note(&mut self, before: &Carried, after: &Carried) {
        self.address_changes += u32::from(before.from != after.from);
        if before.ssrc != after.ssrc {
            self.source_changes += 1;
            return;
        }
        let step = after.sequence.wrapping_sub(before.sequence);
        if !(1..0x8000).contains(&step) {
            self.disordered += 1;
            return;
        }
        self.missing += u32::from(step - 1);
        let due = before
            .time_stamp
            .wrapping_add(u32::from(step) * FRAME_SAMPLES as u32);
        self.time_stamp_jumps += u32::from(after.time_stamp != due);
    }
}

/// One move in the table of gaps.
#[derive(Clone, Debug)]
pub struct Row {
    /// How it was moved.
    pub strategy: &'static str,
    /// Who, and from where to where.
    pub way: String,
    /// What the moved leg hears.
    pub hears: Option<Silence>,
    /// What the others hear from it.
    pub heard: Option<Silence>,
    /// The stream that the moved leg receives.
    pub stream: Continuity,
    /// Time stamp jumps that every leg's stream shows meanwhile: the gateway was short of time.
    pub late_ticks: u32,
}

impl Row {
    /// Time stamp jumps of the moved leg's stream alone.
    pub fn own_jumps(&self) -> u32 {
        self.stream.time_stamp_jumps.saturating_sub(self.late_ticks)
    }
}

/// What the words of [`table`] mean, and what each strategy promises.
pub const LEGEND: &str =
    "  -            nobody else was in one of the two rooms, so there was nothing to hear
  frames       20 ms frames without anybody of either room, between the two rooms
  silence      others: from the last frame with the leg in one room to the first in the other
  ts jumps     RTP time stamps that do not follow from the frame before
  late ticks   such jumps in every leg's stream at once: the gateway was late, not the move
  Promised for RTP to the moved leg:
  move         no gap, no jump, same SSRC and port
  two-step     same SSRC and port; may cost one 20 ms frame
  subtract-add new SSRC, same port";

/// The gaps of several moves, as a table.
pub fn table(rows: &[Row]) -> String {
    let mut lines = vec![
        "                                   moved leg hears     others hear it   RTP to the moved leg            to all".to_owned(),
        "strategy      move                 silence  frames     silence          lost  ts jumps  SSRC  port      late ticks".to_owned(),
    ];
    lines.extend(rows.iter().map(|row| {
        let length = |silence: Option<Silence>| {
            silence.map_or("-".to_owned(), |it| format!("{} ms", it.length.as_millis()))
        };
        let frames = row.hears.map_or("-".to_owned(), |it| it.frames.to_string());
        let changed = |changes: u32| if changes == 0 { "same" } else { "new" };
        format!(
            "{:<13} {:<20} {:>7}  {:>6}     {:>7}          {:>4}  {:>8}  {:>4}  {:>4}      {:>10}",
            row.strategy,
            row.way,
            length(row.hears),
            frames,
            length(row.heard),
            row.stream.missing + row.stream.disordered,
            row.own_jumps(),
            changed(row.stream.source_changes),
            changed(row.stream.address_changes),
            row.late_ticks,
        )
    }));
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Frames one after another, by what they carry: `o`ld, `n`ew, `b`oth or nothing.
    fn frames(start: Instant, carried: &str) -> Vec<Carried> {
        let frame = |(n, kind): (usize, char)| Carried {
            arrival: start + FRAME * n as u32,
            sequence: (n as u16).wrapping_add(65_530),
            time_stamp: (n as u32 * 160).wrapping_sub(320),
            ssrc: 1,
            from: ([127, 0, 0, 1], 4_000).into(),
            old: matches!(kind, 'o' | 'b'),
            new: matches!(kind, 'n' | 'b'),
        };
        carried.chars().enumerate().map(frame).collect()
    }

    #[test]
    fn the_moved_leg_s_silence_is_what_lies_between_the_rooms() {
        let start = Instant::now();
        let silence = |carried| heard_by_moved(&frames(start, carried));
        let of = |frames: usize| {
            Some(Silence {
                length: FRAME * frames as u32,
                frames,
            })
        };
        assert_eq!(silence("oooonnnn"), of(0));
        assert_eq!(silence("ooo--nnn"), of(2));
        assert_eq!(silence("oo-obnnn"), of(0));
        assert_eq!(silence("----nnnn"), None);
        assert_eq!(silence("oooo----"), None);
    }

    #[test]
    fn a_silence_without_packets_counts_by_time_stamps() {
        let mut around = frames(Instant::now(), "ooo---nn");
        around.drain(3..6);
        let silence = heard_by_moved(&around).unwrap();
        assert_eq!((silence.length, silence.frames), (FRAME * 3, 0));
    }

    #[test]
    fn the_others_silence_spans_from_one_room_to_the_other() {
        let start = Instant::now();
        let old = [frames(start, "ooo-----"), frames(start, "oo------")];
        let new = [frames(start, "------nn"), frames(start, "-----nnn")];
        let silence = heard_from_moved(&old, &new).unwrap();
        assert_eq!(silence.frames, 2);
        assert_eq!(heard_from_moved(&old, &[]), None);
    }

    #[test]
    fn an_unbroken_stream_wraps_and_a_broken_one_is_counted() {
        let whole = frames(Instant::now(), "oooooooonnnnnnnn");
        let unbroken = Continuity {
            packets: 16,
            ..Continuity::default()
        };
        assert_eq!(Continuity::of(&whole), unbroken);
        let mut broken = whole.clone();
        broken.remove(3);
        broken[9].time_stamp += 80;
        broken[12].ssrc = 2;
        broken[13].from = ([127, 0, 0, 1], 4_002).into();
        broken.swap(5, 6);
        let seen = Continuity::of(&broken);
        assert!(seen.missing >= 1 && seen.disordered >= 1);
        assert!(seen.time_stamp_jumps >= 2);
        assert_eq!((seen.source_changes, seen.address_changes), (2, 2));
    }
}
