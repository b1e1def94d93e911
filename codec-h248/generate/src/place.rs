//! Where in a message the generator is, as far as it matters for what may stand there.

use super::Generator;

/// A Context's kind.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) enum Context {
    Null,
    Choose,
    All,
    #[default]
    Known,
}

/// A command's kind.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) enum Command {
    #[default]
    Other,
    AuditCapability,
    Notify,
}

/// What is around.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Place {
    pub(crate) reply: bool,
    pub(crate) context: Context,
    pub(crate) command: Command,
    /// The command is for ROOT.
    pub(crate) root: bool,
    /// The command is for Terminations by wildcard.
    pub(crate) wildcard: bool,
    /// An Add of this action has to leave the choice of its Termination to the gateway.
    pub(crate) owes_choose: bool,
}

impl Generator {
    /// Whether this is about what may be, not about what is.
    pub(crate) fn in_capability(&self) -> bool {
        self.place.command == Command::AuditCapability
    }

    /// Whether the gateway tells how one thing is: one value, and none for it to choose
    /// (H.248.1 7.1.1).
    pub(crate) fn tells_one(&self) -> bool {
        let tells = self.place.reply || self.place.command == Command::Notify;
        let several = self.place.wildcard || self.place.context == Context::All;
        tells && !self.in_capability() && !several
    }

    /// Whether the gateway may be asked to choose a value here.
    pub(crate) fn may_choose(&self) -> bool {
        !self.place.reply || self.in_capability()
    }
}
