//! Parts of Media in an audit (H.248.1 Annex B.2 `indAudmediaDescriptor`, version 2).

use super::{
    error::{Read, fail},
    form::Form,
    individual_audit::write_statistic,
    local_control::MODES,
    media::{stream_id, write_stream_id},
    reader::{Reader, fill, push},
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
pub(super) fn read<'a>(r: &mut Reader<'a>) -> Read<'a, IndividualMedia<'a>> {
    let start = r.rest();
    let mut termination_state = None;
    let mut single = IndividualStream::default();
    let mut several = Vec::new();
    r.each(|r| {
        let at = r.rest();
        match r.keyword("indAudmediaParm")? {
            Some(Token::TerminationState) => {
                let state = r.in_braces(termination_state_parm);
                let rule = "indAudterminationStateDescriptor";
                fill(&mut termination_state, at, rule, state)
            }
            Some(Token::Stream) => push(&mut several, stream(r)),
            token => stream_parm(r, at, token, &mut single),
        }
    })?;
    let streams = if several.is_empty() {
        IndividualStreams::Single(single)
    } else if single == IndividualStream::default() {
        IndividualStreams::Several(several)
    } else {
        return fail(
            start,
            "indAudstreamParm or indAudstreamDescriptor, not both",
        );
    };
    Ok(IndividualMedia {
        termination_state,
        streams,
    })
}

/// `indAudstreamDescriptor` behind its keyword.
fn stream<'a>(r: &mut Reader<'a>) -> Read<'a, (StreamId, IndividualStream<'a>)> {
    let id = stream_id(r)?;
    let mut stream = IndividualStream::default();
    r.each(|r| {
        let at = r.rest();
        let token = r.keyword("indAudstreamParm")?;
        stream_parm(r, at, token, &mut stream)
    })?;
    Ok((id, stream))
}

/// `indAudstreamParm` behind this keyword, which stands at `at`.
fn stream_parm<'a>(
    r: &mut Reader<'a>,
    at: &'a [u8],
    token: Option<Token>,
    stream: &mut IndividualStream<'a>,
) -> Read<'a, ()> {
    match token {
        Some(Token::LocalControl) => r.each(|r| push(&mut stream.local_control, local_parm(r))),
        Some(Token::Local) => {
            let local = session_description::read(r);
            fill(&mut stream.local, at, "indAudlocalDescriptor", local)
        }
        Some(Token::Remote) => {
            let remote = session_description::read(r);
            fill(&mut stream.remote, at, "indAudremoteDescriptor", remote)
        }
        Some(Token::Statistics) => {
            let statistic = r.in_braces(package_item);
            fill(
                &mut stream.statistic,
                at,
                "indAudstatisticsDescriptor",
                statistic,
            )
        }
        _ => fail(at, "indAudstreamParm"),
    }
}

/// Refuses `<` and `>` here: these values have no order.
fn no_order<'a>(r: &Reader<'a>, rule: &'static str) -> Read<'a, ()> {
    if r.next_is(b'<') || r.next_is(b'>') {
        return fail(r.rest(), rule);
    }
    Ok(())
}

/// `indAudlocalParm`
fn local_parm<'a>(r: &mut Reader<'a>) -> Read<'a, LocalControlAudit<'a>> {
    let at = r.rest();
    match r.keyword("indAudlocalParm")? {
        Some(Token::Mode) => {
            if r.take_if(b'=') {
                return Ok(LocalControlAudit::ModeIs(r.choice("streamModes", MODES)?));
            }
            if r.take_if(b'#') {
                let mode = r.choice("streamModes", MODES)?;
                return Ok(LocalControlAudit::ModeIsNot(mode));
            }
            no_order(r, "EQUAL or \"#\", since modes have no order")?;
            Ok(LocalControlAudit::Mode)
        }
        Some(Token::ReservedValue) => Ok(LocalControlAudit::ReservedValue),
        Some(Token::ReservedGroup) => Ok(LocalControlAudit::ReservedGroup),
        _ => {
            r.go_to(at);
            Ok(match property_or_name(r)? {
                Found::Property(name) => LocalControlAudit::Property(name),
                Found::PropertyIs(property) => LocalControlAudit::PropertyIs(property),
            })
        }
    }
}

/// `indAudterminationStateParm`
fn termination_state_parm<'a>(r: &mut Reader<'a>) -> Read<'a, TerminationStateAudit<'a>> {
    let at = r.rest();
    match r.keyword("indAudterminationStateParm")? {
        Some(Token::ServiceStates) => {
            let rule = "serviceStatesValue";
            if r.take_if(b'=') {
                let state = r.choice(rule, SERVICE_STATES)?;
                return Ok(TerminationStateAudit::ServiceStatesIs(state));
            }
            if r.take_if(b'#') {
                let state = r.choice(rule, SERVICE_STATES)?;
                return Ok(TerminationStateAudit::ServiceStatesIsNot(state));
            }
            no_order(r, "EQUAL or \"#\", since service states have no order")?;
            Ok(TerminationStateAudit::ServiceStates)
        }
        Some(Token::Buffer) => Ok(TerminationStateAudit::Buffer),
        _ => {
            r.go_to(at);
            Ok(match property_or_name(r)? {
                Found::Property(name) => TerminationStateAudit::Property(name),
                Found::PropertyIs(property) => TerminationStateAudit::PropertyIs(property),
            })
        }
    }
}

/// `indAudmediaDescriptor`
pub(super) fn write(w: &mut Writer<'_, impl Form>, media: &IndividualMedia<'_>) {
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

fn write_stream(w: &mut Writer<'_, impl Form>, stream: &IndividualStream<'_>) {
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

fn write_local_parm(w: &mut Writer<'_, impl Form>, parm: &LocalControlAudit<'_>) {
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

fn write_termination_state_parm(w: &mut Writer<'_, impl Form>, parm: &TerminationStateAudit<'_>) {
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
