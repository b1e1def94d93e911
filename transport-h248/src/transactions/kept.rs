//! A reply that was sent and is kept for copies of its request; in segments, each is sent again until
//! the peer has acknowledged it (H.248.1 8.2.2, version 3).

use std::{collections::BTreeMap, time::Instant};

use bytes::Bytes;

use super::{delay::Delay, inbound::Asker};
use crate::{Config, Terms};

/// A reply that is kept.
#[derive(Debug)]
pub(crate) enum Kept {
    /// It is one message.
    Whole(Bytes),
    /// It has several segments.
    Segments(Box<Segments>),
}

impl Kept {
    /// Octets that are kept.
    pub(crate) fn octets(&self) -> usize {
        match self {
            Self::Whole(octets) => octets.len(),
            Self::Segments(segments) => segments.waiting.values().map(Bytes::len).sum(),
        }
    }

    /// Takes a copy of the request; returns what to send again, each part in a message of its own.
    pub(crate) fn handle_request(
        &mut self,
        agreed: (&Config, &Terms),
        now: Instant,
    ) -> Option<Vec<Bytes>> {
        match self {
            Self::Whole(octets) => Some(vec![octets.clone()]),
            Self::Segments(segments) => {
                let sends = segments.handle_request(agreed, now);
                sends.then(|| segments.waiting())
            }
        }
    }

    /// When segments are to be sent again.
    pub(crate) fn repeat_at(&self) -> Option<Instant> {
        match self {
            Self::Whole(_) => None,
            Self::Segments(segments) => segments.repeat_at,
        }
    }
}

/// Segments that the peer has not acknowledged.
///
/// They are repeated as a request is, with growing delay while nothing is heard. Once the peer's
/// segmentation timer has passed in silence it has given the reply up, or misses the last one, which
/// starts that timer: a copy of its request asks for those that it lacks.
#[derive(Debug)]
pub(crate) struct Segments {
    asker: Asker,
    /// How many there are.
    count: usize,
    waiting: BTreeMap<u16, Bytes>,
    /// How long acknowledgements take.
    delay: Delay,
    /// The same, doubled for each repetition that brought nothing.
    backed_off: Delay,
    /// Whether the peer was heard since the last repetition.
    heard: bool,
    repeated: bool,
    sent_at: Instant,
    repeat_at: Option<Instant>,
    /// Later than this nothing is repeated.
    silent_at: Instant,
}

impl Segments {
    /// When they are to be sent again.
    pub(crate) fn repeat_at(&self) -> Option<Instant> {
        self.repeat_at
    }

    /// Records the segments of a reply, all of which leave at `now`, to a peer that answers after
    /// `delay`.
    pub(crate) fn new(
        segments: Vec<Bytes>,
        asker: Asker,
        delay: Delay,
        (config, terms): (&Config, &Terms),
        now: Instant,
    ) -> Self {
        let mut new = Self {
            asker,
            count: segments.len(),
            waiting: (1..).zip(segments).collect(),
            delay,
            backed_off: delay,
            heard: false,
            repeated: false,
            sent_at: now,
            repeat_at: None,
            silent_at: now + terms.peer_segment_wait,
        };
        new.start_over(config, now);
        new
    }

    /// Who is to have them.
    pub(crate) fn asker(&self) -> Asker {
        self.asker
    }

    /// Those that are not acknowledged.
    pub(crate) fn waiting(&self) -> Vec<Bytes> {
        self.waiting.values().cloned().collect()
    }

    /// Whether there is a segment of this number, acknowledged or not.
    pub(crate) fn has(&self, number: u16) -> bool {
        (1..=self.count).contains(&usize::from(number))
    }

    /// Whether all are acknowledged.
    pub(crate) fn is_done(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Takes a copy of the request: the peer lacks segments. Returns whether to send them, which is
    /// not so while the last copies may be under way.
    pub(crate) fn handle_request(
        &mut self,
        (config, terms): (&Config, &Terms),
        now: Instant,
    ) -> bool {
        self.heard = true;
        self.silent_at = now + terms.peer_segment_wait;
        let answers = now >= self.sent_at + config.delay_min;
        if answers {
            self.repeated = true;
            self.sent_at = now;
        }
        if answers || self.repeat_at.is_none() {
            self.start_over(config, now);
        }
        answers
    }

    /// Takes the acknowledgement of one segment; returns its octets if it waited for that.
    pub(crate) fn handle_ack(
        &mut self,
        number: u16,
        (config, terms): (&Config, &Terms),
        now: Instant,
    ) -> Option<usize> {
        let octets = self.waiting.remove(&number)?.len();
        self.heard = true;
        self.silent_at = now + terms.peer_segment_wait;
        if !self.repeated {
            self.delay.measured(now - self.sent_at);
        }
        if self.waiting.is_empty() {
            self.repeat_at = None;
        } else if self.repeat_at.is_none() {
            self.start_over(config, now);
        }
        Some(octets)
    }

    /// Advances to `now`, when a repetition is due. `fraction` lies in `0.5..=1.0` and is drawn by
    /// the caller.
    pub(crate) fn handle_timeout(&mut self, fraction: f64, config: &Config, now: Instant) {
        if std::mem::take(&mut self.heard) {
            self.backed_off = self.delay;
        }
        self.backed_off.back_off(config);
        self.repeated = true;
        self.sent_at = now;
        let wait = self.backed_off.later(fraction, config);
        let reliable = self.asker.from.address.carrier.is_reliable();
        let at = now
            + if reliable {
                config.reliable_delay
            } else {
                wait
            };
        self.repeat_at = (at <= self.silent_at).then_some(at);
    }

    fn start_over(&mut self, config: &Config, now: Instant) {
        let reliable = self.asker.from.address.carrier.is_reliable();
        let first = self.delay.first(config);
        let at = now
            + if reliable {
                config.reliable_delay
            } else {
                first
            };
        self.repeat_at = (at <= self.silent_at).then_some(at);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::{Encoding, Route, outbox::Manner, transactions::testing::InboundRow};

    impl Kept {
        /// Where the request stands of which this is the reply.
        pub(crate) fn row(&self, config: &Config, now: Instant) -> InboundRow {
            match self {
                Self::Whole(_) => InboundRow::Replied,
                Self::Segments(segments) if segments.repeat_at.is_none() => InboundRow::Silent,
                Self::Segments(segments) if now < segments.sent_at + config.delay_min => {
                    InboundRow::InSegments
                }
                Self::Segments(_) => InboundRow::InSegmentsBefore,
            }
        }
    }

    const SEGMENTS: [&str; 3] = ["one", "two", "three"];

    struct Bench {
        segments: Segments,
        config: Config,
        terms: Terms,
        start: Instant,
    }

    impl Bench {
        fn new(from: &str) -> Self {
            let config = Config::default();
            let terms = Terms::of(&config);
            let start = Instant::now();
            let asker = Asker {
                from: Route::from(from.parse::<crate::Address>().unwrap()),
                manner: Manner {
                    version: 3,
                    encoding: Encoding::Text,
                    octets: 0,
                    empty_signals: codec_h248::EmptySignals::OfVersion,
                },
            };
            let octets = SEGMENTS.map(|text| Bytes::from_static(text.as_bytes()));
            let delay = Delay::new(&config);
            let agreed = (&config, &terms);
            let segments = Segments::new(octets.into(), asker, delay, agreed, start);
            Self {
                segments,
                config,
                terms,
                start,
            }
        }

        /// Lets the timer run while it does until `end`; returns the milliseconds of repetitions.
        fn repeats(&mut self, end: u64) -> Vec<u128> {
            let mut repeats = vec![];
            while let Some(at) = self.segments.repeat_at
                && at <= self.at(end)
            {
                self.segments.handle_timeout(1.0, &self.config, at);
                repeats.push((at - self.start).as_millis());
            }
            repeats
        }

        fn at(&self, ms: u64) -> Instant {
            self.start + Duration::from_millis(ms)
        }

        fn ack(&mut self, number: u16, ms: u64) -> Option<usize> {
            let now = self.at(ms);
            let agreed = (&self.config, &self.terms);
            self.segments.handle_ack(number, agreed, now)
        }

        fn copy(&mut self, ms: u64) -> bool {
            let now = self.at(ms);
            self.segments
                .handle_request((&self.config, &self.terms), now)
        }
    }

    #[test]
    fn repetitions_end_when_the_peer_is_thought_to_have_given_up() {
        let mut bench = Bench::new("192.0.2.1:2944");
        assert_eq!(bench.repeats(60_000), [200, 600, 1_400, 3_000]);
        assert!(bench.copy(10_000));
        assert_eq!(bench.repeats(60_000), [10_200, 10_600, 11_400, 13_000]);
    }

    #[test]
    fn over_a_connection_nothing_is_repeated_but_what_is_asked_for() {
        let mut bench = Bench::new("tcp:192.0.2.1:2944");
        bench.terms.peer_segment_wait = Duration::from_secs(3);
        assert!(bench.copy(1_000));
        assert_eq!(bench.repeats(60_000), [] as [u128; 0]);
    }

    #[test]
    fn a_sign_of_life_puts_off_the_end_and_shortens_the_delay() {
        let mut bench = Bench::new("192.0.2.1:2944");
        assert_eq!(bench.repeats(1_400), [200, 600, 1_400]);
        assert_eq!(bench.ack(2, 2_000), Some(3));
        assert_eq!(bench.ack(2, 2_000), None);
        assert_eq!(bench.segments.waiting().len(), 2);
        assert_eq!(bench.repeats(60_000), [3_000, 3_400, 4_200, 5_800]);
    }

    #[test]
    fn copies_in_a_burst_are_answered_once() {
        let mut bench = Bench::new("192.0.2.1:2944");
        assert!(!bench.copy(99));
        assert!(bench.copy(100));
        assert!(!bench.copy(199));
    }

    #[test]
    fn when_all_are_acknowledged_nothing_is_left_to_do() {
        let mut bench = Bench::new("192.0.2.1:2944");
        for number in [3, 1] {
            assert!(bench.ack(number, 40).is_some());
            assert!(!bench.segments.is_done());
        }
        assert_eq!(bench.ack(2, 40), Some(3));
        assert!(bench.segments.is_done());
        assert_eq!(bench.segments.repeat_at, None);
    }

    #[test]
    fn a_slow_peer_is_waited_for_once_it_was_measured() {
        let mut bench = Bench::new("192.0.2.1:2944");
        bench.config.first_delay = Duration::from_secs(1);
        bench.segments.delay = Delay::new(&bench.config);
        bench.segments.start_over(&bench.config, bench.start);
        assert!(bench.ack(1, 900).is_some());
        let average = bench
            .segments
            .delay
            .measurement()
            .map(|(average, _)| average);
        assert_eq!(average, Some(Duration::from_micros(987_500)));
    }
}
