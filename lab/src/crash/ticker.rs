//! How long the machine has let nobody run: a thread that sleeps a little again and again, and
//! notes when it was woken late.

use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{Receiver, RecvTimeoutError, Sender, channel},
    },
    thread,
    time::Duration,
};

use crate::{phones::Window, stage::now};

/// It sleeps so long.
const NAP: Duration = Duration::from_millis(5);
/// Delays below this are of no interest.
const LATE: Duration = Duration::from_millis(15);
/// So many delays are kept.
const KEPT: usize = 10_000;

type Delays = Arc<Mutex<VecDeque<Window>>>;

/// The thread. Dropping it ends it.
#[derive(Debug)]
pub(super) struct Ticker {
    delays: Delays,
    _end: Sender<()>,
}

impl Ticker {
    /// Starts it.
    #[expect(
        clippy::disallowed_methods,
        reason = "what else the test does must not delay it"
    )]
    pub(super) fn start() -> Self {
        let (end, ended) = channel();
        let delays = Delays::default();
        let noted = Arc::clone(&delays);
        thread::spawn(move || tick(&noted, &ended));
        Self { delays, _end: end }
    }

    /// The longest delay that touches a window.
    pub(super) fn longest(&self, window: Window) -> Duration {
        let delays = self.delays.lock().unwrap_or_else(PoisonError::into_inner);
        let within = |delay: &&Window| delay.from < window.to && delay.to > window.from;
        let lengths = delays
            .iter()
            .filter(within)
            .map(|delay| delay.to.duration_since(delay.from));
        lengths.max().unwrap_or_default()
    }
}

fn tick(delays: &Delays, ended: &Receiver<()>) {
    let mut from = now();
    while ended.recv_timeout(NAP) == Err(RecvTimeoutError::Timeout) {
        let to = now();
        if to.duration_since(from) > NAP + LATE {
            note(delays, Window { from, to });
        }
        from = to;
    }
}

fn note(delays: &Delays, delay: Window) {
    let mut delays = delays.lock().unwrap_or_else(PoisonError::into_inner);
    if delays.len() == KEPT {
        delays.pop_front();
    }
    delays.push_back(delay);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delay_counts_where_it_touches_the_window() {
        let ticker = Ticker {
            delays: Delays::default(),
            _end: channel().0,
        };
        let begin = now();
        let at = |ms| begin + Duration::from_millis(ms);
        let window = |from, to| Window {
            from: at(from),
            to: at(to),
        };
        note(&ticker.delays, window(100, 150));
        note(&ticker.delays, window(300, 500));
        assert_eq!(ticker.longest(window(0, 100)), Duration::ZERO);
        assert_eq!(ticker.longest(window(0, 200)), Duration::from_millis(50));
        assert_eq!(ticker.longest(window(499, 600)), Duration::from_millis(200));
    }
}
