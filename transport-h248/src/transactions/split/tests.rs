use codec_h248::{
    ContextId, ContextProperty, EmptySignals, IntoBoundedStatic, List, MId, MessageBody, Style,
    TerminationId, TextProfile, Transaction, TransactionResult,
    binary::{self, BinaryProfile},
    encode_header, list,
};

use super::*;
use crate::{
    Config, Encoding,
    outbox::Manner,
    transactions::gather::{Gathered, Gathering, Piece, Taken},
};

const ID: TransactionId = TransactionId(7);

fn manner(encoding: Encoding) -> Manner {
    Manner {
        version: 3,
        encoding,
        octets: 0,
        empty_signals: EmptySignals::OfVersion,
    }
}

/// A command's reply whose text is about `length` octets.
fn audited(name: u32, length: usize) -> CommandReply<'static> {
    let error = ErrorDescriptor::about(ErrorCode::NOT_IMPLEMENTED, "x".repeat(length));
    CommandReply::AuditValue(AuditReply::Termination(AmmsReply {
        terminations: list![TerminationId::from_name(format!("rtp/{name}"))],
        descriptors: list![AuditReturn::Error(error)],
    }))
}

fn action(context: u32, commands: List<CommandReply<'static>>) -> ActionReply<'static> {
    ActionReply {
        context: ContextId::Id(context),
        properties: List::new(),
        commands,
        error: None,
    }
}

fn bounds(octets: usize) -> Bounds {
    Bounds {
        octets,
        segments: 100,
        total: 1 << 20,
    }
}

fn cut(actions: &[ActionReply<'_>], encoding: Encoding, octets: usize) -> Vec<Bytes> {
    let config = Config::default();
    let scribe = Scribe {
        config: &config,
        manner: manner(encoding),
    };
    split(ID, true, actions, &scribe, bounds(octets)).unwrap()
}

/// Reads segments as the peer does, the latest first; returns what they say together.
fn read(segments: &[Bytes], encoding: Encoding) -> List<ActionReply<'static>> {
    let mut gathering = Gathering::default();
    let mut taken = Taken::More;
    for segment in segments.iter().rev() {
        assert_eq!(taken, Taken::More);
        let Transaction::Reply(reply) = decode(segment, encoding) else {
            panic!("a segment is a reply");
        };
        assert_eq!(reply.id, ID);
        let segment = reply.segment.expect("there are several");
        assert_eq!(reply.immediate_ack, segment.last);
        let piece = Piece {
            segment,
            immediate_ack: reply.immediate_ack,
            result: reply.result,
            octets: 0,
        };
        taken = gathering.take(piece, &crate::Limits::default());
    }
    let Taken::Whole(Gathered {
        result: TransactionResult::Actions(actions),
        immediate_ack: true,
    }) = taken
    else {
        panic!("{taken:?}");
    };
    actions
}

fn decode(transaction: &Bytes, encoding: Encoding) -> Transaction<'static> {
    let mid = MId::Device("us".into());
    let names = BinaryProfile::default();
    let limits = codec_h248::Limits::default();
    let mut octets = Vec::new();
    let message = match encoding {
        Encoding::Text => {
            let profile = TextProfile::of(Style::Pretty);
            encode_header(None, 3, &mid, &profile, &mut octets);
            octets.extend_from_slice(transaction);
            codec_h248::decode(&octets, &limits).unwrap()
        }
        Encoding::Binary => {
            binary::encode_batch(None, 3, &mid, &[transaction], &mut octets).unwrap();
            binary::decode(&octets, &limits, &names).unwrap()
        }
    };
    let MessageBody::Transactions(mut transactions) = message.body else {
        panic!("transactions");
    };
    transactions.remove(0).into_static()
}

/// Actions by chance; their commands' replies need up to 400 octets.
fn random_actions(random: &mut fastrand::Rng) -> List<ActionReply<'static>> {
    let one = |context| {
        let commands = (0..random.u32(0..8)).map(|name| audited(name, random.usize(0..300)));
        let mut action = action(context, commands.collect());
        if random.bool() {
            action.properties = list![ContextProperty::Priority(3)];
        }
        if random.bool() || (action.commands.is_empty() && action.properties.is_empty()) {
            action.error = Some(ErrorDescriptor::new(ErrorCode::INTERNAL));
        }
        action
    };
    (1..=20).map(one).collect()
}

#[test]
fn segments_are_within_their_bound_and_say_together_what_the_reply_said() {
    for encoding in [Encoding::Text, Encoding::Binary] {
        for seed in 0..300 {
            let mut random = fastrand::Rng::with_seed(seed);
            let actions = random_actions(&mut random);
            let octets = random.usize(800..2_000);
            let segments = cut(&actions, encoding, octets);
            let longest = segments.iter().map(Bytes::len).max();
            assert!(
                longest <= Some(octets),
                "seed {seed}: {longest:?} > {octets}"
            );
            assert_eq!(read(&segments, encoding), actions, "seed {seed}");
        }
    }
}

#[test]
fn segments_are_filled() {
    for encoding in [Encoding::Text, Encoding::Binary] {
        let commands = (0..100).map(|name| audited(name, 100)).collect();
        let segments = cut(&[action(1, commands)], encoding, 2_000);
        let (_, full) = segments.split_last().unwrap();
        let shortest = full.iter().map(Bytes::len).min();
        assert!(shortest > Some(1_500), "{encoding:?}: {shortest:?}");
    }
}

#[test]
fn a_command_that_no_message_holds_becomes_533_and_the_others_are_told() {
    let reply = action(1, list![audited(1, 10), audited(2, 900), audited(3, 10)]);
    let segments = cut(&[reply], Encoding::Text, 800);
    let [only] = &segments[..] else {
        panic!("{segments:?}");
    };
    let Transaction::Reply(reply) = decode(only, Encoding::Text) else {
        panic!("a reply");
    };
    assert_eq!(reply.segment, None);
    let error = AuditReturn::Error(ErrorDescriptor::new(ErrorCode::REPLY_TOO_LARGE));
    let refused = CommandReply::AuditValue(AuditReply::Termination(AmmsReply {
        terminations: list![TerminationId::from_name("rtp/2")],
        descriptors: list![error],
    }));
    let expected = action(1, list![audited(1, 10), refused, audited(3, 10)]);
    assert_eq!(reply.result, TransactionResult::Actions(list![expected]));
}

#[test]
fn more_segments_or_octets_than_may_be_are_533() {
    let config = Config::default();
    let scribe = Scribe {
        config: &config,
        manner: manner(Encoding::Text),
    };
    let commands = (0..20).map(|name| audited(name, 300)).collect();
    let actions = [action(1, commands)];
    let try_with = |bounds| split(ID, false, &actions, &scribe, bounds);
    let enough = bounds(800);
    let segments = try_with(enough).unwrap();
    let exact = Bounds {
        segments: segments.len(),
        total: segments.iter().map(Bytes::len).sum(),
        ..enough
    };
    assert_eq!(try_with(exact), Ok(segments));
    let fewer = Bounds {
        segments: exact.segments - 1,
        ..exact
    };
    assert_eq!(try_with(fewer), Err(ErrorCode::REPLY_TOO_LARGE));
    let shorter = Bounds {
        total: exact.total - 1,
        ..exact
    };
    assert_eq!(try_with(shorter), Err(ErrorCode::REPLY_TOO_LARGE));
}
