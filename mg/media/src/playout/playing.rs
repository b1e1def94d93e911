//! What a frame is made of: what is due, what is made up, and more or less of it to keep to the schedule.

use super::{MILLISECOND, Playout, TICK, Units, pitch, store::Entry};

/// Delay above what is wanted that is given up at once, and not a period at a time: 60 ms.
const EXCESS: Units = 60 * MILLISECOND;
/// Ticks between two periods that are left out.
const REST: u8 = 2;
/// How like its next period a sound is that may be left out.
const LIKENESS: f32 = 0.7;
/// By how much less it may be like it with each tick in which no period was found that is.
const IMPATIENCE: f32 = 0.02;

impl Playout {
    /// Decodes what is due until so much is there, or nothing waits.
    pub(super) fn gather(&mut self, count: usize) {
        while self.reel.unplayed() < count
            && let Some(first) = self.store.first()
        {
            let gap = (first.start - self.next) / self.unit();
            if first.end() <= self.next {
                if !first.is_sound() {
                    self.begin_noise(first);
                }
                self.store.drop_first();
            } else if gap <= 0 {
                self.decode(first);
            } else if !self.restore(first) {
                let missing = count - self.reel.unplayed();
                self.make_up(missing.min(gap as usize));
            }
        }
    }

    /// Decodes what follows without a gap, so that up to so much is there.
    fn gather_ahead(&mut self, count: usize) {
        while self.reel.unplayed() < count
            && let Some(first) = self.store.first()
            && first.is_sound()
            && first.start - self.next < self.unit()
        {
            self.decode(first);
        }
    }

    fn decode(&mut self, first: Entry) {
        let payload = self.store.payload(first);
        let decoded = self
            .voices
            .decode(first.payload_type, payload, &mut self.reel);
        self.store.drop_first();
        let Ok(count) = decoded else { return };
        let played = ((self.next - first.start).max(0) / self.unit()) as usize;
        let cut = played.min(count);
        self.reel.cut(count, cut);
        if self.concealment.is_on() {
            self.concealment.end_into(self.reel.last_mut(count - cut));
        }
        self.next = self.next.max(first.end());
        self.made_up = 0;
        self.noise = None;
        self.payload_type = first.payload_type;
    }

    /// Fills a gap before a packet from what that one tells of the one before it.
    fn restore(&mut self, first: Entry) -> bool {
        let gap = first.start - self.next;
        let count = (gap / self.unit()) as usize;
        let payload = self.store.payload(first);
        let (voices, reel) = (&mut self.voices, &mut self.reel);
        let restored =
            gap <= first.length && voices.restore(first.payload_type, payload, count, reel);
        if restored {
            self.gaps += u64::from(!self.concealment.is_on());
            self.concealment.end_into(self.reel.last_mut(count));
            self.next = first.start;
            self.made_up = 0;
        }
        restored
    }

    /// Makes up so much sound, or a little more.
    pub(super) fn make_up(&mut self, count: usize) {
        if let Some(level) = self.noise.filter(|_| !self.concealment.is_on()) {
            self.concealment.begin_noise(self.reel.all(), level);
        } else if !self.concealment.is_on() {
            let by_codec = self.voices.conceals(self.payload_type);
            self.concealment.begin(self.reel.all(), by_codec);
            self.gaps += u64::from(!self.concealment.is_silent() && !self.pauses);
        }
        let before = self.reel.unplayed();
        if self.concealment.is_by_codec() && !self.concealment.is_silent() {
            let step = pitch::samples(self.reel.rate(), 2_500);
            let count = count.next_multiple_of(step);
            self.voices
                .conceal(self.payload_type, count, &mut self.reel);
            let made = self.reel.unplayed() - before;
            self.concealment.fade(self.reel.last_mut(made));
        }
        let made = self.reel.unplayed() - before;
        if made < count {
            let concealment = &mut self.concealment;
            self.reel.append(count - made, |out| {
                concealment.fill(out);
                out.len()
            });
        }
        let made = (self.reel.unplayed() - before) as Units * self.unit();
        self.next += made;
        self.made_up += made;
    }

    /// Makes sound longer or shorter where it should be played later or earlier than it is.
    pub(super) fn keep_to_schedule(&mut self, frame: usize) {
        let Some((rise, fall)) = self.schedule.wanted() else {
            return;
        };
        let unit = self.unit();
        // After this tick.
        let delay = self.delay() - TICK;
        if delay < rise {
            self.lengthen(((rise - delay) / unit) as usize);
        } else if delay > fall {
            self.shorten(frame, ((delay - fall) / unit) as usize);
        }
    }

    fn lengthen(&mut self, missing: usize) {
        let rate = self.reel.rate();
        if self.reel.is_quiet() {
            self.reel.lengthen(missing.min(pitch::lag_max(rate)));
        } else if let Some(found) = self.reel.find_longer() {
            self.reel.lengthen(found.lag);
        }
    }

    fn shorten(&mut self, frame: usize, excess: usize) {
        let rate = self.reel.rate();
        if self.reel.is_quiet() {
            self.gather_ahead(frame + excess.min(frame));
            let spare = self.reel.unplayed().saturating_sub(frame);
            self.reel.shorten(excess.min(spare));
            return;
        }
        if excess < pitch::lag_min(rate) {
            return;
        }
        if self.rest > 0 && (excess as Units * self.unit()) < EXCESS {
            self.rest -= 1;
            return;
        }
        self.gather_ahead(frame + excess.min(pitch::lag_max(rate)));
        let Some(found) = self.reel.find_shorter(frame, excess) else {
            return;
        };
        if found.likeness < LIKENESS - IMPATIENCE * f32::from(self.waited) {
            self.waited = self.waited.saturating_add(1);
            return;
        }
        self.reel.shorten(found.lag);
        (self.rest, self.waited) = (REST, 0);
    }
}
