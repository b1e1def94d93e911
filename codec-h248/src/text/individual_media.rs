//! Parts of Media in an audit (H.248.1 Annex B.2 `indAudmediaDescriptor`, version 2).

use super::{
    error::{Parsed, fail},
    individual_audit::write_statistic,
    lex::lwsp,
    local_control::MODES,
    media::{stream_id, write_stream_id},
    reading::{Reading, choice, fill, in_braces, keyword, push},
    session_description,
    termination_state::SERVICE_STATES,
    token::Token,
    value::{Found, package_item, property_or_name, write_package_item, write_property},
    write::Writer,
};
use crate::descriptor::{
    IndividualMedia, IndividualStream, IndividualStreams, LocalControlAudit, StreamId,
    TerminationStateAudit,
};

/// `indAudmediaDescriptor` behind its keyword.
pub(super) fn read<'a>(
    i: &'a [u8],
    reading: &Reading<'a>,
    media: &mut IndividualMedia<'a>,
) -> Parsed<'a, ()> {
    let mut single = IndividualStream::default();
    let mut several = Vec::new();
    let (rest, ()) = reading.each(i, |i| {
        let (after, token) = keyword(i, "indAudmediaParm")?;
        match token {
            Some(Token::TerminationState) => {
                let state = in_braces(after, |i| termination_state_parm(i, reading));
                fill(
                    &mut media.termination_state,
                    i,
                    "indAudterminationStateDescriptor",
                    state,
                )
            }
            Some(Token::Stream) => push(&mut several, stream(after, reading)),
            _ => stream_parm(i, reading, &mut single),
        }
    })?;
    media.streams = if several.is_empty() {
        IndividualStreams::Single(single)
    } else if single == IndividualStream::default() {
        IndividualStreams::Several(several)
    } else {
        return fail(i, "indAudstreamParm or indAudstreamDescriptor, not both");
    };
    Ok((rest, ()))
}

/// `indAudstreamDescriptor` behind its keyword.
fn stream<'a>(i: &'a [u8], reading: &Reading<'a>) -> Parsed<'a, (StreamId, IndividualStream<'a>)> {
    let (i, id) = stream_id(i)?;
    let mut stream = IndividualStream::default();
    let (rest, ()) = reading.each(i, |i| stream_parm(i, reading, &mut stream))?;
    Ok((rest, (id, stream)))
}

/// `indAudstreamParm`
fn stream_parm<'a>(
    i: &'a [u8],
    reading: &Reading<'a>,
    stream: &mut IndividualStream<'a>,
) -> Parsed<'a, ()> {
    let (after, token) = keyword(i, "indAudstreamParm")?;
    match token {
        Some(Token::LocalControl) => reading.each(after, |i| {
            push(&mut stream.local_control, local_parm(i, reading))
        }),
        Some(Token::Local) => fill(
            &mut stream.local,
            i,
            "indAudlocalDescriptor",
            session_description::read(after),
        ),
        Some(Token::Remote) => fill(
            &mut stream.remote,
            i,
            "indAudremoteDescriptor",
            session_description::read(after),
        ),
        Some(Token::Statistics) => fill(
            &mut stream.statistic,
            i,
            "indAudstatisticsDescriptor",
            in_braces(after, |i| package_item(i, reading)),
        ),
        _ => fail(i, "indAudstreamParm"),
    }
}

/// `indAudlocalParm`
fn local_parm<'a>(i: &'a [u8], reading: &Reading<'a>) -> Parsed<'a, LocalControlAudit<'a>> {
    let (after, token) = keyword(i, "indAudlocalParm")?;
    match token {
        Some(Token::Mode) => match after.first() {
            Some(b'=') => choice(lwsp(&after[1..]), "streamModes", MODES)
                .map(|(rest, mode)| (rest, LocalControlAudit::ModeIs(mode))),
            Some(b'#') => choice(lwsp(&after[1..]), "streamModes", MODES)
                .map(|(rest, mode)| (rest, LocalControlAudit::ModeIsNot(mode))),
            Some(_) | None => Ok((after, LocalControlAudit::Mode)),
        },
        Some(Token::ReservedValue) => Ok((after, LocalControlAudit::ReservedValue)),
        Some(Token::ReservedGroup) => Ok((after, LocalControlAudit::ReservedGroup)),
        _ => {
            let (rest, found) = property_or_name(i, reading)?;
            let found = match found {
                Found::Property(name) => LocalControlAudit::Property(name),
                Found::PropertyIs(property) => LocalControlAudit::PropertyIs(property),
            };
            Ok((rest, found))
        }
    }
}

/// `indAudterminationStateParm`
fn termination_state_parm<'a>(
    i: &'a [u8],
    reading: &Reading<'a>,
) -> Parsed<'a, TerminationStateAudit<'a>> {
    let (after, token) = keyword(i, "indAudterminationStateParm")?;
    match token {
        Some(Token::ServiceStates) => {
            let relation = after.first().copied().filter(|sign| b"=#".contains(sign));
            let Some(relation) = relation else {
                return Ok((after, TerminationStateAudit::ServiceStates));
            };
            let (rest, state) = choice(lwsp(&after[1..]), "serviceStatesValue", SERVICE_STATES)?;
            let audit = if relation == b'=' {
                TerminationStateAudit::ServiceStatesIs(state)
            } else {
                TerminationStateAudit::ServiceStatesIsNot(state)
            };
            Ok((rest, audit))
        }
        Some(Token::Buffer) => Ok((after, TerminationStateAudit::Buffer)),
        _ => {
            let (rest, found) = property_or_name(i, reading)?;
            let found = match found {
                Found::Property(name) => TerminationStateAudit::Property(name),
                Found::PropertyIs(property) => TerminationStateAudit::PropertyIs(property),
            };
            Ok((rest, found))
        }
    }
}

/// `indAudmediaDescriptor`
pub(super) fn write(w: &mut Writer<'_>, media: &IndividualMedia<'_>) {
    w.token(Token::Media);
    w.open();
    if let Some(state) = &media.termination_state {
        w.item();
        w.token(Token::TerminationState);
        w.block([state], write_termination_state_parm);
    }
    match &media.streams {
        IndividualStreams::Single(stream) => write_stream(w, stream),
        IndividualStreams::Several(streams) => {
            for (id, stream) in streams {
                w.item();
                write_stream_id(w, *id);
                w.open();
                write_stream(w, stream);
                w.close();
            }
        }
    }
    w.close();
}

fn write_stream(w: &mut Writer<'_>, stream: &IndividualStream<'_>) {
    if !stream.local_control.is_empty() {
        w.item();
        w.token(Token::LocalControl);
        w.block(&stream.local_control, write_local_parm);
    }
    if let Some(local) = &stream.local {
        w.item();
        session_description::write(w, Token::Local, local);
    }
    if let Some(remote) = &stream.remote {
        w.item();
        session_description::write(w, Token::Remote, remote);
    }
    if let Some(name) = &stream.statistic {
        w.item();
        write_statistic(w, name);
    }
}

fn write_local_parm(w: &mut Writer<'_>, parm: &LocalControlAudit<'_>) {
    match parm {
        LocalControlAudit::Mode => w.token(Token::Mode),
        LocalControlAudit::ModeIs(mode) => {
            w.key(Token::Mode);
            w.choice(MODES, *mode);
        }
        LocalControlAudit::ModeIsNot(mode) => {
            w.token(Token::Mode);
            w.either(" # ", "#");
            w.choice(MODES, *mode);
        }
        LocalControlAudit::ReservedValue => w.token(Token::ReservedValue),
        LocalControlAudit::ReservedGroup => w.token(Token::ReservedGroup),
        LocalControlAudit::Property(name) => write_package_item(w, name),
        LocalControlAudit::PropertyIs(property) => write_property(w, property),
    }
}

fn write_termination_state_parm(w: &mut Writer<'_>, parm: &TerminationStateAudit<'_>) {
    match parm {
        TerminationStateAudit::ServiceStates => w.token(Token::ServiceStates),
        TerminationStateAudit::ServiceStatesIs(state) => {
            w.key(Token::ServiceStates);
            w.choice(SERVICE_STATES, *state);
        }
        TerminationStateAudit::ServiceStatesIsNot(state) => {
            w.token(Token::ServiceStates);
            w.either(" # ", "#");
            w.choice(SERVICE_STATES, *state);
        }
        TerminationStateAudit::Buffer => w.token(Token::Buffer),
        TerminationStateAudit::Property(name) => write_package_item(w, name),
        TerminationStateAudit::PropertyIs(property) => write_property(w, property),
    }
}
