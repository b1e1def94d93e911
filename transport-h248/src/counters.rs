//! What an endpoint has counted since it was made.

/// Plain numbers, one for each kind of thing; they only grow.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Counters {
    /// Datagrams received.
    pub datagrams_received: u64,
    /// Datagrams handed out for sending.
    pub datagrams_sent: u64,
    /// Datagrams that do not decode, wholly or from some transaction on.
    pub decode_errors: u64,
    /// Those of them that got an error descriptor as answer.
    pub errors_sent: u64,
    /// Requests of peers that were passed on as events.
    pub requests_received: u64,
    /// Requests of ours, without their repetitions.
    pub requests_sent: u64,
    /// Repetitions of our requests.
    pub repeats_sent: u64,
    /// Replies that ended a request of ours.
    pub replies_received: u64,
    /// Replies of ours, without their repetitions.
    pub replies_sent: u64,
    /// Requests received again, in any state.
    pub duplicates: u64,
    /// Replies of ours sent again.
    pub replies_repeated: u64,
    /// Pendings sent.
    pub pendings_sent: u64,
    /// Pendings received for a request that waits.
    pub pendings_received: u64,
    /// Acknowledgements sent.
    pub acks_sent: u64,
    /// Replies of ours that were acknowledged.
    pub replies_acknowledged: u64,
    /// Replies to a request that is already answered or given up.
    pub late_replies: u64,
    /// Pendings for a request that is already answered or given up.
    pub late_pendings: u64,
    /// Replies, Pendings and acknowledgements that belong to nothing here, and segments of replies.
    pub foreign: u64,
    /// Requests, acknowledgements and error messages under a peer's name from an address that is not
    /// its own, replies and Pendings from a host that is not.
    pub from_elsewhere: u64,
    /// Error messages received.
    pub message_errors: u64,
    /// Requests of ours that ended without a reply.
    pub timeouts: u64,
    /// Requests of peers refused with 510.
    pub refused: u64,
    /// Messages of new peers dropped because there are too many.
    pub peers_dropped: u64,
    /// Datagrams, requests and message errors dropped because a queue was full.
    pub dropped: u64,
    /// Messages of ours that no datagram can hold.
    pub oversized: u64,
    /// Replies of the program above to requests that are not executing.
    pub stray_replies: u64,
}
