//! A bound on what one thing sets off: what an event makes active may set off the next at the same instant.

/// Recognised events that make something active in one go (project): more than anybody nests, and few
/// enough that the stack and the engine take them.
const FOLLOWED_MAX: u8 = 16;

/// What recognised events have made active since something came from outside.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Follows {
    followed: u8,
}

impl Follows {
    /// Something comes from outside: a command, a report, a timer.
    pub(super) fn begin(&mut self) {
        self.followed = 0;
    }

    /// Counts one more, and says whether it may be.
    pub(super) fn allows_one(&mut self) -> bool {
        let allowed = self.followed < FOLLOWED_MAX;
        self.followed += u8::from(allowed);
        allowed
    }
}
