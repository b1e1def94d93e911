//! Repetition of a request we sent, until its reply or T-MAX (H.248.1 D.1.3), and
//! the longer wait while the peer works on it (D.1.4): the table "Outbound" of
//! `docs/transactions.md`.

use std::time::{Duration, Instant};

use bytes::Bytes;

use super::{
    delay::Delay,
    gather::{Gathering, Piece, Taken},
};
use crate::{
    Carrier, Config, Terms, Why,
    mutants::{Mutant, seeded},
};

/// Of the time for which missing segments are waited for this part passes before a copy of the request
/// asks for them, and again: three copies, one of which should arrive.
const ASKS_PER_WAIT: u32 = 4;

/// What an unanswered request needs next.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Step {
    /// Send the same octets again.
    Repeat,
    /// Report the request as timed out, and give it up.
    GiveUp,
}

/// Whether the peer has said that it is working on the request.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Phase {
    /// Nothing was heard. T-MAX counts from the first copy.
    Sent,
    /// A Pending came. T-MAX counts from it, and the longer timer runs.
    Pending,
    /// Segments of the reply have come, not all of them. Copies ask for those that are missing.
    Gathering,
}

/// One request that awaits its reply.
#[derive(Debug)]
pub(crate) struct Outbound {
    octets: Bytes,
    phase: Phase,
    carrier: Carrier,
    delay: Delay,
    repeats: u32,
    pendings: u32,
    first_sent: Instant,
    repeat_at: Instant,
    /// A copy that left later might come after the peer has forgotten its reply.
    last_copy_at: Instant,
    give_up_at: Instant,
    gathering: Gathering,
}

impl Outbound {
    /// Records a request whose first copy leaves at `now`, to a peer that answers after `delay`.
    pub(crate) fn new(
        octets: Bytes,
        carrier: Carrier,
        delay: Delay,
        config: &Config,
        now: Instant,
    ) -> Self {
        let first = if carrier.is_reliable() {
            config.reliable_delay
        } else {
            delay.first(config)
        };
        Self {
            carrier,
            octets,
            phase: Phase::Sent,
            delay,
            repeats: 0,
            pendings: 0,
            first_sent: now,
            repeat_at: now + first,
            last_copy_at: now + config.t_max,
            give_up_at: now + config.t_max,
            gathering: Gathering::default(),
        }
    }

    /// Returns the message, the same for each copy.
    pub(crate) fn octets(&self) -> &Bytes {
        &self.octets
    }

    /// Takes the peer's word that it is working on the request.
    /// Where the peer has said so more often than it may, the request has failed. Once segments of
    /// the reply have come, a Pending has been overtaken.
    pub(crate) fn handle_pending(&mut self, (config, terms): (&Config, &Terms), now: Instant) {
        if self.phase == Phase::Gathering {
            return;
        }
        self.phase = Phase::Pending;
        self.pendings += 1;
        // The reply may have left as long ago as this Pending took, and overtaken it.
        let under_way = config.long_timer.saturating_sub(config.t_max);
        self.last_copy_at = now + config.t_max.saturating_sub(under_way);
        self.give_up_at = (now + config.t_max).min(self.first_sent + config.pending_life);
        self.repeat_after(terms.provisional_timer, now);
        if terms
            .peer_pending_limit
            .is_some_and(|limit| self.pendings > limit)
        {
            self.give_up_at = now;
        }
    }

    /// Takes a segment of the reply. As long as one comes within `Terms::segment_wait` of another the
    /// request waits on.
    pub(crate) fn handle_segment(
        &mut self,
        piece: Piece<'_>,
        (config, terms): (&Config, &Terms),
        now: Instant,
    ) -> Taken {
        let taken = self.gathering.take(piece, &config.limits);
        if taken == Taken::More {
            self.phase = Phase::Gathering;
            // Until the last has come, nobody knows that some are missing.
            let wait = now + terms.segment_wait;
            let waits = if self.gathering.knows_last() {
                wait
            } else {
                wait.max(self.give_up_at)
            };
            self.give_up_at = waits.min(self.first_sent + config.pending_life);
            // A copy may leave no later than before: the reply is older than its segments may be.
            self.repeat_after(terms.segment_wait / ASKS_PER_WAIT, now);
        }
        taken
    }

    /// Whether segments of the reply have come.
    pub(crate) fn is_gathering(&self) -> bool {
        self.phase == Phase::Gathering
    }

    /// Returns the octets of the segments that have come.
    pub(crate) fn gathered_octets(&self) -> usize {
        self.gathering.octets()
    }

    /// Returns how long the first answer took, for the estimate; `None` if that cannot be said.
    pub(crate) fn measure(&self, now: Instant) -> Option<Duration> {
        (self.repeats == 0 && self.phase == Phase::Sent).then(|| now - self.first_sent)
    }

    /// Advances to `now`. `fraction` lies in `0.5..=1.0` and is drawn by the caller.
    pub(crate) fn handle_timeout(
        &mut self,
        fraction: f64,
        (config, terms): (&Config, &Terms),
        now: Instant,
    ) -> Option<Step> {
        if now >= self.give_up_at {
            return Some(Step::GiveUp);
        }
        if now < self.repeat_at {
            return None;
        }
        self.repeats += 1;
        let wait = match self.phase {
            Phase::Sent if self.carrier.is_reliable() => config.reliable_delay,
            Phase::Sent if seeded(Mutant::M21) => self.delay.first(config),
            Phase::Sent => {
                self.delay.back_off(config);
                self.delay.later(fraction, config)
            }
            Phase::Pending => terms.provisional_timer,
            Phase::Gathering => terms.segment_wait / ASKS_PER_WAIT,
        };
        self.repeat_after(wait, now);
        Some(Step::Repeat)
    }

    fn repeat_after(&mut self, wait: Duration, now: Instant) {
        let at = now + wait;
        self.repeat_at = if at <= self.last_copy_at {
            at
        } else {
            self.give_up_at
        };
    }

    /// Returns when [`Self::handle_timeout`] is next due.
    pub(crate) fn poll_timeout(&self) -> (Instant, Why) {
        if self.give_up_at <= self.repeat_at {
            let why = match self.phase {
                Phase::Gathering => Why::SegmentWait,
                Phase::Sent | Phase::Pending => Why::TMax,
            };
            return (self.give_up_at, why);
        }
        match self.phase {
            Phase::Sent => (self.repeat_at, Why::Repeat),
            Phase::Pending => (self.repeat_at, Why::Provisional),
            Phase::Gathering => (self.repeat_at, Why::Missing),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transactions::testing::OutboundRow;

    impl Outbound {
        /// Where the request stands.
        pub(crate) fn row(&self, terms: &Terms) -> OutboundRow {
            let limit = terms.peer_pending_limit;
            match self.phase {
                Phase::Sent => OutboundRow::Sent,
                Phase::Pending if limit.is_some_and(|limit| self.pendings >= limit) => {
                    OutboundRow::PendingLast
                }
                Phase::Pending => OutboundRow::Pending,
                Phase::Gathering if self.gathering.knows_last() => OutboundRow::Missing,
                Phase::Gathering => OutboundRow::Gathering,
            }
        }
    }

    fn request(config: &Config, now: Instant) -> Outbound {
        Outbound::new(Bytes::new(), Carrier::Udp, Delay::new(config), config, now)
    }

    /// Runs the request to its end; returns the milliseconds of each repetition and of the end.
    fn run(request: &mut Outbound, config: &Config, start: Instant) -> (Vec<u128>, u128) {
        let mut repeats = vec![];
        loop {
            let (now, _) = request.poll_timeout();
            match request.handle_timeout(1.0, (config, &Terms::of(config)), now) {
                Some(Step::Repeat) => repeats.push((now - start).as_millis()),
                Some(Step::GiveUp) => return (repeats, (now - start).as_millis()),
                None => unreachable!("woken with nothing due"),
            }
        }
    }

    #[test]
    fn delays_double_up_to_the_bound_and_end_at_t_max() {
        let config = Config::default();
        let start = Instant::now();
        let (repeats, end) = run(&mut request(&config, start), &config, start);
        assert_eq!(
            repeats,
            [
                200, 600, 1_400, 3_000, 6_200, 10_200, 14_200, 18_200, 22_200
            ]
        );
        assert_eq!(end, 25_000);
    }

    #[test]
    fn from_the_second_repetition_on_the_delay_has_a_random_part() {
        let config = Config::default();
        let start = Instant::now();
        let second_after = |fraction| {
            let mut request = request(&config, start);
            let (first, _) = request.poll_timeout();
            assert_eq!(first - start, config.first_delay);
            request.handle_timeout(fraction, (&config, &Terms::of(&config)), first);
            request.poll_timeout().0 - first
        };
        assert_eq!(second_after(0.5), Duration::from_millis(200));
        assert_eq!(second_after(1.0), Duration::from_millis(400));
    }

    #[test]
    fn over_a_reliable_carrier_it_is_repeated_seldom() {
        let config = Config::default();
        let start = Instant::now();
        let delay = Delay::new(&config);
        let mut request = Outbound::new(Bytes::new(), Carrier::Tcp, delay, &config, start);
        let (repeats, end) = run(&mut request, &config, start);
        assert_eq!(repeats, [4_000, 8_000, 12_000, 16_000, 20_000, 24_000]);
        assert_eq!(end, 25_000);
    }

    #[test]
    fn being_woken_early_does_nothing() {
        let config = Config::default();
        let start = Instant::now();
        let mut request = request(&config, start);
        let due = request.poll_timeout();
        let early = start + Duration::from_millis(199);
        assert_eq!(
            request.handle_timeout(1.0, (&config, &Terms::of(&config)), early),
            None
        );
        assert_eq!(request.poll_timeout(), due);
    }

    #[test]
    fn a_pending_stops_the_normal_timer_and_starts_the_longer_one() {
        let config = Config::default();
        let start = Instant::now();
        let mut request = request(&config, start);
        let heard = start + Duration::from_millis(50);
        request.handle_pending((&config, &Terms::of(&config)), heard);
        let due = (heard + config.provisional_timer, Why::Provisional);
        assert_eq!(request.poll_timeout(), due);
        let (repeats, end) = run(&mut request, &config, start);
        assert_eq!(repeats, [5_050, 10_050, 15_050, 20_050]);
        assert_eq!(end, 25_050);
    }

    #[test]
    fn after_a_pending_no_copy_leaves_that_might_outlive_the_reply() {
        let config = Config::default();
        let terms = Terms {
            provisional_timer: Duration::from_secs(3),
            ..Terms::of(&config)
        };
        let start = Instant::now();
        let mut request = request(&config, start);
        request.handle_pending((&config, &terms), start);
        let mut last = start;
        loop {
            let (now, why) = request.poll_timeout();
            if request.handle_timeout(1.0, (&config, &terms), now) == Some(Step::GiveUp) {
                assert_eq!((now - start, why), (config.t_max, Why::TMax));
                break;
            }
            last = now;
        }
        assert_eq!(last - start, Duration::from_secs(18));
        // Both the Pending, which the reply has overtaken, and the copy may take as long as this.
        let under_way = config.long_timer - config.t_max;
        assert!(last + under_way <= start - under_way + config.long_timer);
    }

    #[test]
    fn pendings_without_end_do_not_hold_a_request_for_ever() {
        let config = Config::default();
        let start = Instant::now();
        let mut request = request(&config, start);
        for second in 1..=119 {
            let now = start + Duration::from_secs(second);
            request.handle_pending((&config, &Terms::of(&config)), now);
            assert_eq!(
                request.handle_timeout(1.0, (&config, &Terms::of(&config)), now),
                None
            );
        }
        let end = start + config.pending_life;
        assert_eq!(request.poll_timeout(), (end, Why::TMax));
        assert_eq!(
            request.handle_timeout(1.0, (&config, &Terms::of(&config)), end),
            Some(Step::GiveUp)
        );
    }

    #[test]
    fn more_pendings_than_were_agreed_end_a_request() {
        let config = Config::default();
        let terms = Terms {
            peer_pending_limit: Some(2),
            ..Terms::of(&config)
        };
        let start = Instant::now();
        let mut request = request(&config, start);
        for _ in 0..2 {
            request.handle_pending((&config, &terms), start);
            assert_eq!(request.handle_timeout(1.0, (&config, &terms), start), None);
        }
        request.handle_pending((&config, &terms), start);
        let end = request.handle_timeout(1.0, (&config, &terms), start);
        assert_eq!(end, Some(Step::GiveUp));
    }

    #[test]
    fn only_an_answer_to_a_single_copy_is_a_measurement() {
        let config = Config::default();
        let start = Instant::now();
        let answered = start + Duration::from_millis(30);
        let mut once = request(&config, start);
        assert_eq!(once.measure(answered), Some(Duration::from_millis(30)));
        once.handle_pending((&config, &Terms::of(&config)), answered);
        assert_eq!(once.measure(answered), None);
        let mut twice = request(&config, start);
        let (now, _) = twice.poll_timeout();
        twice.handle_timeout(1.0, (&config, &Terms::of(&config)), now);
        assert_eq!(twice.measure(now), None);
    }
}
