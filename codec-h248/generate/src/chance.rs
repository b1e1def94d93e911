//! Choices.

use super::Generator;

/// Something to write.
pub(crate) type Part = fn(&mut Generator);

impl Generator {
    /// Once in `n` times.
    pub(crate) fn once_in(&mut self, n: u32) -> bool {
        self.chance.u32(0..n) == 0
    }

    pub(crate) fn coin(&mut self) -> bool {
        self.chance.bool()
    }

    pub(crate) fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.chance.usize(0..from.len())]
    }

    /// A count from `least` to `most`; small ones are likelier.
    pub(crate) fn few(&mut self, least: usize, most: usize) -> usize {
        let mut count = least;
        while count < most && self.once_in(3) {
            count += 1;
        }
        count
    }

    /// Some of these, at least `least`, in any order. All of them now and then, mostly few.
    pub(crate) fn some<T>(&mut self, least: usize, mut from: Vec<T>) -> Vec<T> {
        self.chance.shuffle(&mut from);
        let all = from.len();
        let count = if self.once_in(16) {
            all
        } else {
            self.few(least.min(all), all)
        };
        from.truncate(count);
        from
    }

    /// What `write` makes of each, with commas between.
    pub(crate) fn each<T>(&mut self, list: Vec<T>, mut write: impl FnMut(&mut Self, T)) {
        for (place, entry) in list.into_iter().enumerate() {
            if place > 0 {
                self.comma();
            }
            write(self, entry);
        }
    }

    /// `write` so many times, with commas between.
    pub(crate) fn list(&mut self, least: usize, most: usize, mut write: impl FnMut(&mut Self)) {
        let count = self.few(least, most);
        self.each(vec![(); count], |g, ()| write(g));
    }

    /// One or more of these parts, each at most once, in any order.
    pub(crate) fn some_of(&mut self, parts: &[Part]) {
        let parts = self.some(1, parts.to_vec());
        self.each(parts, |g, part| part(g));
    }

    /// One of these parts.
    pub(crate) fn one_of(&mut self, parts: &[Part]) {
        let part = self.pick(parts);
        part(self);
    }
}
