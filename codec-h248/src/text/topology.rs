//! Topology (H.248.1 Annex B.2 `topologyDescriptor`).

use super::{
    error::{Read, fail},
    form::Form,
    media::{stream_id, write_stream_id},
    reader::Reader,
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
pub(super) fn read<'a>(r: &mut Reader<'a>) -> Read<'a, Vec<TopologyTriple<'a>>> {
    r.list(triple)
}

/// `topologyTriple`
fn triple<'a>(r: &mut Reader<'a>) -> Read<'a, TopologyTriple<'a>> {
    let from = termination_id::read(r)?;
    r.sign(b',', "COMMA")?;
    let to = termination_id::read(r)?;
    r.sign(b',', "COMMA")?;
    Ok(TopologyTriple {
        from,
        to,
        direction: r.choice("topologyDirection", DIRECTIONS)?,
        stream: stream(r)?,
    })
}

/// `COMMA eventStream`, where that follows: a word with `=` behind it is no Termination.
fn stream<'a>(r: &mut Reader<'a>) -> Read<'a, Option<u16>> {
    let comma = r.rest();
    if !r.take_if(b',') {
        return Ok(None);
    }
    let at = r.rest();
    let token = r.keyword("TerminationID")?;
    if !r.next_is(b'=') {
        r.go_to(comma);
        return Ok(None);
    }
    if token != Some(Token::Stream) {
        return fail(at, "eventStream");
    }
    Ok(Some(stream_id(r)?.0))
}

/// `topologyDescriptor`
pub(super) fn write(w: &mut Writer<'_, impl Form>, triples: &[TopologyTriple<'_>]) {
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
