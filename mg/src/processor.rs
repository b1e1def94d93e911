//! How busy the control loop is.

use std::time::{Duration, Instant};

/// So long the time is gathered that one number is made of.
const SPAN: Duration = Duration::from_secs(1);

/// Time in which the loop had something to do.
#[derive(Debug)]
pub(crate) struct Busy {
    since: Instant,
    idle: Duration,
}

impl Busy {
    /// A loop that begins.
    pub(crate) fn new(now: Instant) -> Self {
        Self {
            since: now,
            idle: Duration::ZERO,
        }
    }

    /// Takes that the loop waited from `from` until `to`, and returns how busy it was, in percent, when
    /// it is time to say so.
    pub(crate) fn handle_wait(&mut self, from: Instant, to: Instant) -> Option<u8> {
        self.idle += to.saturating_duration_since(from);
        let span = to.saturating_duration_since(self.since);
        if span < SPAN {
            return None;
        }
        let busy = span.saturating_sub(self.idle);
        *self = Self::new(to);
        u8::try_from(busy.as_millis() * 100 / span.as_millis().max(1)).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_spent_waiting_is_busy() {
        let start = transport_h248_tokio::clock::now();
        let at = |ms| start + Duration::from_millis(ms);
        let mut busy = Busy::new(start);
        assert_eq!(busy.handle_wait(at(100), at(300)), None);
        assert_eq!(busy.handle_wait(at(900), at(1_000)), Some(70));
        assert_eq!(busy.handle_wait(at(1_000), at(9_000)), Some(0));
    }
}
