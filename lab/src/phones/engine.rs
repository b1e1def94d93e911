//! The thread on which all phones of a process live.

use std::{
    io,
    net::{IpAddr, Ipv4Addr},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread::JoinHandle,
    time::{Duration, Instant},
};

use crate::phones::codec::Codec;
use mio::{Events, Interest, Poll, Registry, Token, Waker, event::Source as _};

use super::{Phone, Source, recording::FRAME};

/// The token of the waker; phones count from 0.
const WAKER: Token = Token(usize::MAX);
/// Frames that are made good at once after a delay; what is more is left out, as a far end with
/// an empty buffer would.
const CATCH_UP_FRAMES: u32 = 10;

/// Phones on loopback, all on one thread with one 20 ms clock.
#[derive(Debug)]
pub struct Phones {
    shared: Arc<Shared>,
    registry: Registry,
    waker: Waker,
    thread: Option<JoinHandle<()>>,
    random: fastrand::Rng,
    kept: Duration,
}

#[derive(Debug, Default)]
struct Shared {
    phones: Mutex<Vec<Arc<Phone>>>,
    stop: AtomicBool,
}

impl Shared {
    fn phones(&self) -> MutexGuard<'_, Vec<Arc<Phone>>> {
        self.phones.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Phones {
    /// Starts the thread. Each phone keeps the last `kept` of what it receives.
    pub fn start(kept: Duration) -> io::Result<Self> {
        let poll = Poll::new()?;
        let registry = poll.registry().try_clone()?;
        let waker = Waker::new(&registry, WAKER)?;
        let shared = Arc::new(Shared::default());
        let inner = Arc::clone(&shared);
        let thread = std::thread::Builder::new()
            .name("phones".to_owned())
            .spawn(move || run(poll, &inner))?;
        Ok(Self {
            shared,
            registry,
            waker,
            thread: Some(thread),
            random: fastrand::Rng::new(),
            kept,
        })
    }

    /// Adds a phone. It sends as soon as it has a remote address.
    pub fn add(&mut self, source: &Source, codec: Codec) -> io::Result<Arc<Phone>> {
        let address = IpAddr::V4(Ipv4Addr::LOCALHOST);
        let mut phone = Phone::new(address, source, codec, self.kept, &mut self.random)?;
        let mut phones = self.shared.phones();
        let token = Token(phones.len());
        phone
            .socket
            .register(&self.registry, token, Interest::READABLE)?;
        let phone = Arc::new(phone);
        phones.push(Arc::clone(&phone));
        Ok(phone)
    }
}

impl Drop for Phones {
    fn drop(&mut self) {
        self.shared.stop.store(true, Ordering::Release);
        let woken = self.waker.wake();
        if let (Ok(()), Some(thread)) = (woken, self.thread.take()) {
            // A panic of the thread was printed when it happened.
            let _ = thread.join();
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "the phones' own clock")]
fn clock() -> Instant {
    Instant::now()
}

fn run(mut poll: Poll, shared: &Shared) {
    let mut events = Events::with_capacity(1_024);
    let mut unread = Vec::new();
    let mut tick = clock() + FRAME;
    while !shared.stop.load(Ordering::Acquire) {
        let wait = tick.saturating_duration_since(clock());
        match poll.poll(&mut events, Some(wait)) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(_) => return,
        }
        let phones = shared.phones();
        let ready = events.iter().map(|event| event.token().0);
        let waiting: Vec<usize> = unread.drain(..).chain(ready).collect();
        let now = clock();
        for place in waiting {
            if phones.get(place).is_some_and(|phone| phone.receive(now)) {
                unread.push(place);
            }
        }
        tick = send_due(&phones, tick);
    }
}

/// Sends what is due; returns when the next frame is.
fn send_due(phones: &[Arc<Phone>], mut tick: Instant) -> Instant {
    let now = clock();
    for _ in 0..CATCH_UP_FRAMES {
        if now < tick {
            return tick;
        }
        for phone in phones {
            phone.send_frame();
        }
        tick += FRAME;
    }
    let late = now.saturating_duration_since(tick).as_millis() / FRAME.as_millis();
    tick + FRAME * u32::try_from(late).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::phones::{Window, tone};

    #[test]
    fn two_phones_that_are_connected_hear_each_other_and_not_themselves() {
        let tones = tone::plan(3, 1).unwrap();
        let mut phones = Phones::start(Duration::from_secs(5)).unwrap();
        let a = phones.add(&Source::tone(tones[0]), Codec::Pcmu).unwrap();
        let b = phones.add(&Source::tone(tones[1]), Codec::Pcma).unwrap();
        assert_eq!(a.local().port() % 2, 0);
        a.set_remote(Some(b.local()));
        b.set_remote(Some(a.local()));
        std::thread::sleep(Duration::from_millis(500));
        let window = Window::before(Instant::now(), Duration::from_millis(300));
        assert_eq!(a.hears(window, &tones).heard(), [false, true, false]);
        assert_eq!(b.hears(window, &tones).heard(), [true, false, false]);
        let frames = a.frames(window);
        assert!(frames.windows(2).all(|two| {
            two[1].sequence == two[0].sequence.wrapping_add(1)
                && two[1].time_stamp == two[0].time_stamp.wrapping_add(160)
        }));
        assert!((12..=18).contains(&frames.len()), "{}", frames.len());
        assert_eq!(a.counters().lost, 0);
    }
}
