//! Hostile input of growing size takes time in proportion to its size.

use std::time::Duration;

use codec_h248::{
    DecodeError, Limits, Message, Peek, TransactionId,
    binary::{self, BinaryProfile},
    decode, decode_partly, peek,
};
use rustix::time::{ClockId, clock_gettime};

/// Limits that stop nothing by size.
const WIDE: Limits = Limits {
    octets: usize::MAX,
    transactions: usize::MAX,
    entries: usize::MAX,
    entries_total: usize::MAX,
    depth: 64,
    value: usize::MAX,
    digit_map: usize::MAX,
};
/// Octets of each size in turn.
const SIZES: [usize; 3] = [10_000, 100_000, 1_000_000];
/// A hundred times the octets may take this many times the time; the square is ten thousand.
const STEEPEST: u32 = 1_000;
/// Octets of memory that two models have for each octet of their text, at most: some 300 for a Transaction of six octets, and
/// half as many again where a list has grown.
const MODELS: usize = 160;
/// Octets of a page of memory.
const PAGE: usize = 4_096;
/// The transaction behind what only a peek walks over.
const LAST: TransactionId = TransactionId(7);

/// The time that this thread has had of a core, which does not grow with what else the machine does.
fn thread_time() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    let seconds = u64::try_from(time.tv_sec).expect("no time before 0");
    Duration::new(seconds, u32::try_from(time.tv_nsec).expect("a nanosecond"))
}

/// The best of several runs, each of which has to read on until behind the middle.
fn time(name: &str, run: impl Fn() -> bool) -> Duration {
    let once = || {
        let start = thread_time();
        let is_read = run();
        let took = thread_time() - start;
        assert!(is_read, "{name}: it is refused before most of it is read");
        took
    };
    (0..5).map(|_| once()).min().expect("five runs")
}

/// The time in which the machine gives out the memory of a model for the first time, which small ones have again and again.
fn fresh_memory(octets: usize) -> Duration {
    let once = || {
        let start = thread_time();
        let mut memory = vec![0_u8; octets];
        for page in memory.chunks_mut(PAGE) {
            page[0] = 1;
        }
        std::hint::black_box(memory);
        thread_time() - start
    };
    (0..5).map(|_| once()).min().expect("five runs")
}

/// Prints the figures of an attack, and refuses what is steeper than proportion and the memory for it.
fn is_linear(name: &str, attack: impl Fn(usize) -> Vec<u8>, read: impl Fn(&[u8]) -> bool) {
    let times = SIZES.map(|size| {
        let octets = attack(size);
        time(name, || read(&octets))
    });
    let [small, middle, large] = times;
    println!("{name:40} {small:>10.1?} {middle:>10.1?} {large:>10.1?}");
    let floor = Duration::from_micros(20);
    let limit = small.max(floor) * STEEPEST + fresh_memory(SIZES[2] * MODELS);
    assert!(large < limit, "{name}: {times:?}, bound {limit:?}");
}

fn heading() {
    println!(
        "{:40} {:>10} {:>10} {:>10}",
        "", "10 kB", "100 kB", "1000 kB"
    );
}

/// Whether a reader came to behind the middle of the octets, or a peek to what is behind them.
fn is_read(octets: &[u8], decoded: Result<Message<'_>, DecodeError>, seen: &Peek<'_>) -> bool {
    let stopped = decoded.map_or_else(|error| error.span.start, |_| octets.len());
    let last = seen.transactions().last();
    stopped > octets.len() / 2 || last.is_some_and(|last| last.id == LAST)
}

fn text(octets: &[u8]) -> bool {
    let _ = decode_partly(octets, &WIDE);
    is_read(octets, decode(octets, &WIDE), &peek(octets))
}

/// `lead`, then `unit` until the size is reached, then what closes each of them, and `end`.
fn repeated(
    (lead, unit): (&'static str, &'static str),
    (close, end): (&'static str, &'static str),
) -> impl Fn(usize) -> Vec<u8> {
    move |size| {
        let count = size / (unit.len() + close.len());
        [lead, &unit.repeat(count), &close.repeat(count), end]
            .concat()
            .into_bytes()
    }
}

#[test]
fn hostile_text_takes_linear_time() {
    heading();
    for (name, lead, unit) in [
        ("digits in a value", "!/1 mg T=1{C=1{MF=a{M{O{a/b=", "1"),
        ("digits in a digit map", "!/1 mg T=1{C=1{MF=a{DM=d{", "1"),
        (
            "embedded descriptors",
            "!/1 mg T=1{C=1{MF=a{SG",
            ",E=1{a/b{EM{E=1{a/b}}}}",
        ),
        ("white space", "!/1 mg T=1{", " "),
        ("comments", "!/1 mg T=1{", ";x\n"),
        ("open comments", "!/1 mg T=1{", ";"),
        ("transactions", "!/1 mg ", "PN=1{}"),
        ("commands", "!/1 mg T=1{C=1{S=a", ",S=a"),
        ("an open description", "!/1 mg T=1{C=1{MF=a{M{L{", "\\}"),
        ("an open string", "!/1 mg ER=400{\"", "x"),
        ("strings", "!/1 mg T=1{C=1{MF=a{M{O{a/b=[\"\"", ",\"\""),
    ] {
        is_linear(name, repeated((lead, unit), ("", "")), text);
    }
    for (name, lead, unit, end) in [
        ("nested braces", "!/1 mg T=1{C=1{MF=a", "{", "}}PN=7{}"),
        ("open transactions", "!/1 mg ", "T=1{", "PN=7{}"),
    ] {
        is_linear(name, repeated((lead, unit), ("}", end)), text);
    }
}

/// What stands before the body of a message, in which three elements are open.
const HEADER: &[u8] = b"\x30\x80\xa1\x80\x80\x01\x01\xa1\x80\x83\x02mg\x00\x00\xa2\x80";
/// The transactions of a body, to be closed.
const LIST: &[u8] = b"\xa1\x80";
/// An Error message whose text is a string of segments, to be closed.
const ERROR: &[u8] = b"\xa0\x80\x80\x02\x01\x90\xa1\x80";
/// A request and its number, to be closed.
const REQUEST: &[u8] = b"\xa0\x80\x80\x01\x01";
/// A Pending of [`LAST`].
const PENDING: &[u8] = b"\xa1\x03\x80\x01\x07";
const END: &[u8] = b"\x00\x00";

/// A message of this body, at the end of which so many elements are open.
fn message(body: &[&[u8]], open: usize) -> Vec<u8> {
    [HEADER, &body.concat(), &END.repeat(open)].concat()
}

#[test]
fn hostile_binary_takes_linear_time() {
    let profile = BinaryProfile::default();
    let read = |octets: &[u8]| {
        let decoded = binary::decode(octets, &WIDE, &profile);
        is_read(octets, decoded, &binary::peek(octets))
    };
    heading();
    let transactions = |size: usize| message(&[LIST, &PENDING.repeat(size / PENDING.len())], 4);
    is_linear("transactions", transactions, read);
    let holding = |inside: &[&[u8]]| message(&[LIST, REQUEST, &inside.concat(), END, PENDING], 4);
    let nested = |size: usize| {
        let count = size / 4;
        holding(&[&b"\x30\x80".repeat(count), &END.repeat(count)])
    };
    is_linear("nested elements", nested, read);
    let tag = |size: usize| holding(&[b"\xbf", &vec![0xff; size], b"\x7f\x00"]);
    is_linear("a long tag", tag, read);
    let segments = |size: usize| message(&[ERROR, &b"\x04\x01x".repeat(size / 3)], 5);
    is_linear("segments of a string", segments, read);
    let extensions = |size: usize| {
        let unknown = b"\x89\x00".repeat(size / 2);
        message(&[LIST, PENDING, END, END, &unknown], 2)
    };
    is_linear("extensions", extensions, read);
}
