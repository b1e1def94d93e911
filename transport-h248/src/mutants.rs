//! Faults that are there on purpose, so that the conformance purposes can show that they find them:
//! one at a time, in a build with the feature `mutants`, which no release has. Without it
//! [`seeded`] is false and nothing of them is left.

/// One fault, by its number in the reference's catalogue of purposes. Where one number is either of two faults, the second
/// has a `b` behind it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[repr(u8)]
pub enum Mutant {
    /// A repeated request is carried out again.
    M01 = 1,
    /// Replies go to where requests go, and not to where the request came from.
    M02,
    /// A TransactionID above 2147483647 comes back as another.
    M03,
    /// What follows a failed command is carried out.
    M04,
    /// A failed optional command ends the transaction.
    M05,
    /// A Context outlives its last Termination.
    M06,
    /// The Context ALL has the null Context in it.
    M07,
    /// A Termination of another Context is taken.
    M08,
    /// What LocalControl does not name stays as it was.
    M09,
    /// The Mode that nobody names is SendReceive.
    M10,
    /// SendOnly is ReceiveOnly, and ReceiveOnly SendOnly.
    M11,
    /// A Move begins the statistics anew.
    M12,
    /// A Move takes another port.
    M12b,
    /// A Move that fails takes the Termination out of its Context.
    M13,
    /// KeepActive of an event is of no effect.
    M14,
    /// What an event embeds is of no effect.
    M15,
    /// LockStep is of no effect.
    M16,
    /// The digit that fits no map is among those that are reported.
    M17,
    /// A digit string is reported at once, though a longer one is possible.
    M18,
    /// An audit begins the statistics anew.
    M19,
    /// Oneway is the other way.
    M20,
    /// A request is repeated after the same time again and again.
    M21,
    /// A request is repeated under another TransactionID.
    M21b,
    /// A reply that asks for its acknowledgement at once does not get it.
    M22,
    /// The version that was agreed on is not spoken.
    M23,
    /// The port of what has ended is not free again.
    M24,
    /// The Context for which an Add was refused stays.
    M24b,
    /// The controller that another one names is not tried.
    M25,
    /// A repeated Notify is reported again.
    N01,
    /// Requests go on to the former address after a ServiceChangeAddress.
    N02,
    /// What a gateway held before it started again is believed to be there still.
    N03,
    /// A Termination that came too late stays.
    N04,
    /// What is in a Context is forgotten where an Add into it is refused.
    N04b,
    /// TransactionIDs begin anew for each gateway.
    N05,
    /// A Topology that is refused is taken for set.
    N06,
    /// The answer to a registration has no time.
    N07,
    /// A Termination that has failed is not subtracted.
    N08,
}

impl Mutant {
    /// All of them.
    pub const ALL: [Self; 37] = {
        use Mutant::{
            M01, M02, M03, M04, M05, M06, M07, M08, M09, M10, M11, M12, M12b, M13, M14, M15, M16,
            M17, M18, M19, M20, M21, M21b, M22, M23, M24, M24b, M25, N01, N02, N03, N04, N04b, N05,
            N06, N07, N08,
        };
        [
            M01, M02, M03, M04, M05, M06, M07, M08, M09, M10, M11, M12, M12b, M13, M14, M15, M16,
            M17, M18, M19, M20, M21, M21b, M22, M23, M24, M24b, M25, N01, N02, N03, N04, N04b, N05,
            N06, N07, N08,
        ]
    };
}

/// What is no number of a fault.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("expected M01 to M25, N01 to N08, M12b, M21b, M24b or N04b, found {0:?}")]
pub struct UnknownMutant(String);

impl std::str::FromStr for Mutant {
    type Err = UnknownMutant;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        let named = |one: &Self| format!("{one:?}").eq_ignore_ascii_case(word);
        let found = Self::ALL.into_iter().find(named);
        found.ok_or_else(|| UnknownMutant(word.to_owned()))
    }
}

#[cfg(feature = "mutants")]
static SEEDED: std::sync::atomic::AtomicU8 = std::sync::atomic::AtomicU8::new(0);

/// Seeds one fault in the place of any former one; nothing takes it out.
#[cfg(feature = "mutants")]
pub fn seed(mutant: Option<Mutant>) {
    let number = mutant.map_or(0, |mutant| mutant as u8);
    SEEDED.store(number, std::sync::atomic::Ordering::Relaxed);
}

/// Whether the program is to have this fault.
#[cfg(feature = "mutants")]
pub fn seeded(mutant: Mutant) -> bool {
    SEEDED.load(std::sync::atomic::Ordering::Relaxed) == mutant as u8
}

/// Whether the program is to have this fault: never, in this build.
#[cfg(not(feature = "mutants"))]
pub const fn seeded(_: Mutant) -> bool {
    false
}
