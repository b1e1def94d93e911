//! The rows of the tables in `docs/transactions.md`, for the test that walks them.

/// Declares names, and the list of all of them.
macro_rules! names {
    ($(#[$about:meta])* $names:ident { $($name:ident = $text:literal,)* }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, Eq, PartialEq)]
        pub(crate) enum $names {
            $($name,)*
        }

        impl $names {
            /// All of them.
            pub(crate) const ALL: &[Self] = &[$(Self::$name,)*];

            /// As the document has it.
            pub(crate) fn name(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)*
                }
            }
        }
    };
}
pub(crate) use names;

names! {
    /// Where a request of a peer stands.
    InboundRow {
        Unknown = "unknown",
        Executing = "executing",
        Told = "told",
        ToldBefore = "told before",
        ToldLast = "told last",
        ToldLastBefore = "told last before",
        Replied = "replied",
        InSegments = "in segments",
        InSegmentsBefore = "in segments before",
        Silent = "silent",
        Refused = "refused",
        Acknowledged = "acknowledged",
        RefusalAcknowledged = "refusal acknowledged",
    }
}

names! {
    /// Where a request of ours stands.
    OutboundRow {
        Unknown = "unknown",
        Sent = "sent",
        Pending = "pending",
        PendingLast = "pending last",
        Gathering = "gathering",
        Missing = "missing",
        Finished = "finished",
    }
}
