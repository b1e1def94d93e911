//! Topology (H.248.1 Annex B.2 `topologyDescriptor`).

use super::{
    error::{Parsed, fail},
    lex::{lwsp, next_is, sign, word},
    media::{stream_id, write_stream_id},
    reading::{Reading, choice},
    termination_id,
    token::Token,
    write::Writer,
};
use crate::{TopologyDirection, TopologyTriple};

/// `topologyDirection`
const DIRECTIONS: &[(Token, TopologyDirection)] = &[
    (Token::Bothway, TopologyDirection::Bothway),
    (Token::Isolate, TopologyDirection::Isolate),
    (Token::Oneway, TopologyDirection::Oneway),
    (Token::OnewayExternal, TopologyDirection::OnewayExternal),
    (Token::OnewayBoth, TopologyDirection::OnewayBoth),
];

/// `topologyDescriptor` behind its keyword.
pub(super) fn read<'a>(i: &'a [u8], reading: &Reading<'a>) -> Parsed<'a, Vec<TopologyTriple<'a>>> {
    reading.list(i, |i| triple(i, reading))
}

/// `topologyTriple`
fn triple<'a>(i: &'a [u8], reading: &Reading<'a>) -> Parsed<'a, TopologyTriple<'a>> {
    let (i, from) = termination_id::read(i, reading)?;
    let (i, ()) = sign(i, b',', "COMMA")?;
    let (i, to) = termination_id::read(i, reading)?;
    let (i, ()) = sign(i, b',', "COMMA")?;
    let (i, direction) = choice(i, "topologyDirection", DIRECTIONS)?;
    let (i, stream) = stream(i)?;
    let triple = TopologyTriple {
        from,
        to,
        direction,
        stream,
    };
    Ok((i, triple))
}

/// `COMMA eventStream`, where that follows: a word with `=` behind it is no Termination.
fn stream(i: &[u8]) -> Parsed<'_, Option<u16>> {
    if !next_is(i, b',') {
        return Ok((i, None));
    }
    let at = lwsp(&i[1..]);
    let (after, found) = word(at, "TerminationID")?;
    if !next_is(after, b'=') {
        return Ok((i, None));
    }
    if Token::read(found) != Some(Token::Stream) {
        return fail(at, "eventStream");
    }
    let (rest, id) = stream_id(after)?;
    Ok((rest, Some(id.0)))
}

/// `topologyDescriptor`
pub(super) fn write(w: &mut Writer<'_>, triples: &[TopologyTriple<'_>]) {
    w.token(Token::Topology);
    w.block(triples, |w, triple| {
        w.text(triple.from.as_str());
        w.comma();
        w.text(triple.to.as_str());
        w.comma();
        w.choice(DIRECTIONS, triple.direction);
        if let Some(stream) = triple.stream {
            w.comma();
            write_stream_id(w, crate::descriptor::StreamId(stream));
        }
    });
}
