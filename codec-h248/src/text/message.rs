//! Messages and their header (H.248.1 Annex B.2 `megacoMessage`).

use nom::{
    bytes::complete::{tag, tag_no_case, take_while1},
    combinator::value,
    error::context,
    sequence::terminated,
};

use super::{
    comments,
    error::{Parsed, Read, TextError, fail, fail_word, level, unanswered, wrong},
    error_descriptor,
    form::Form,
    lex::{equal, glued_hex, glued_slash, glued_two_digits, lwsp, separator},
    mid,
    reader::Reader,
    token::Token,
    transaction,
    write::Writer,
};
use crate::{AuthenticationHeader, Expected, Level, List, MId, Message, MessageBody, Transaction};

/// The newest version of the syntax.
const NEWEST: u8 = 3;

/// Why the next transaction does not decode, where there is one.
pub(super) type Stop<'a> = Option<TextError<'a>>;

/// What stands before `messageBody`: a message of no transactions.
#[inline(always)]
pub(super) fn head<'a>(r: &mut Reader<'a>) -> Read<'a, Message<'a>> {
    r.go_to(lwsp(r.rest()));
    let authentication = r.take(authentication)?;
    let at = r.rest();
    let version = r.take(version)?;
    if !(1..=NEWEST).contains(&version) {
        return Err(wrong(at, Expected::Version(version)));
    }
    r.set_version(version);
    Ok(Message {
        authentication,
        version,
        mid: sender(r)?,
        body: MessageBody::Transactions(List::new()),
    })
}

/// `messageBody`, to its very end or to the first transaction that does not decode.
#[inline]
pub(super) fn body<'a>(r: &mut Reader<'a>, place: &mut MessageBody<'a>) -> Read<'a, Stop<'a>> {
    let stop = level(Level::Message, inner_body(r, place))?;
    if r.notes() {
        note_the_end(r);
        comments::note(r);
    }
    Ok(stop)
}

/// The keyword that an authentication header begins with.
fn first_word(i: &[u8]) -> Parsed<'_, Option<Token>> {
    let letters = take_while1(|octet: u8| octet.is_ascii_alphabetic());
    let (rest, word) = context("MegacopToken", letters)(i)?;
    Ok((rest, Token::read_first(i, word.len())))
}

/// `[authenticationHeader SEP]`
#[inline]
pub(super) fn authentication(i: &[u8]) -> Parsed<'_, Option<AuthenticationHeader>> {
    if !matches!(i.first(), Some(b'A' | b'a')) {
        return Ok((i, None));
    }
    authentication_header(i)
}

fn authentication_header(i: &[u8]) -> Parsed<'_, Option<AuthenticationHeader>> {
    let (after, token) = first_word(i)?;
    if token != Some(Token::Authentication) {
        return Ok((i, None));
    }
    let (i, ()) = equal(lwsp(after))?;
    let (i, security_parameter_index) = terminated(four_octets, tag(":"))(i)?;
    let (i, sequence_number) = terminated(four_octets, tag(":"))(i)?;
    let (rest, data) = glued_hex(i, "AuthData")?;
    let digits = i.len() - rest.len() - 2;
    if !(24..=64).contains(&digits) || digits % 2 != 0 {
        return fail_word(i, "AuthData");
    }
    let (rest, ()) = separator(rest)?;
    let header = AuthenticationHeader {
        security_parameter_index,
        sequence_number,
        data,
    };
    Ok((rest, Some(header)))
}

/// `"0x" 8HEXDIG`
fn four_octets(i: &[u8]) -> Parsed<'_, u32> {
    let (rest, octets) = glued_hex(i, "authenticationHeader")?;
    match <[u8; 4]>::try_from(octets) {
        Ok(octets) => Ok((rest, u32::from_be_bytes(octets))),
        Err(_) => fail_word(i, "authenticationHeader"),
    }
}

/// `MegacopToken`
#[inline]
fn megaco(i: &[u8]) -> Parsed<'_, ()> {
    match i {
        [b'!', rest @ ..] => Ok((rest, ())),
        _ => context("MegacopToken", value((), tag_no_case("MEGACO")))(i),
    }
}

/// `MegacopToken SLASH Version SEP`; any version.
#[inline(always)]
pub(super) fn version(i: &[u8]) -> Parsed<'_, u8> {
    if let [b'!', b'/', digit @ b'1'..=b'3', b' ', rest @ ..] = i {
        return Ok((lwsp(rest), digit & 15));
    }
    any_version(i)
}

/// A header in any spelling.
#[inline(never)]
fn any_version(i: &[u8]) -> Parsed<'_, u8> {
    let (rest, ()) = megaco(i)?;
    let (after, slash) = glued_slash(rest)?;
    if !slash {
        return fail_word(rest, "SLASH");
    }
    let (rest, version) = glued_two_digits(after, "Version")?;
    let (rest, ()) = separator(rest)?;
    Ok((rest, version))
}

/// `mId SEP`
#[inline(always)]
pub(super) fn sender<'a>(r: &mut Reader<'a>) -> Read<'a, MId<'a>> {
    let mid = mid::glued(r)?;
    r.take(separator)?;
    Ok(mid)
}

/// `messageBody`, and nothing behind it.
#[inline]
fn inner_body<'a>(r: &mut Reader<'a>, body: &mut MessageBody<'a>) -> Read<'a, Stop<'a>> {
    let at = r.rest();
    if at_end(at) {
        return fail(at, "messageBody");
    }
    if matches!(at.first(), Some(b'E' | b'e')) {
        if let Ok(Some(Token::Error)) = r.keyword("messageBody") {
            *body = unanswered(error_message(r))?;
            return Ok(None);
        }
        r.go_to(at);
    }
    match body {
        MessageBody::Transactions(list) => transactions(r, list),
        MessageBody::Error(_) => fail(at, "messageBody"),
    }
}

/// `errorDescriptor` behind its keyword, and nothing behind it.
fn error_message<'a>(r: &mut Reader<'a>) -> Read<'a, MessageBody<'a>> {
    let error = error_descriptor::read(r)?;
    if !at_end(r.rest()) {
        return Err(wrong(r.rest(), Expected::End));
    }
    Ok(MessageBody::Error(error))
}

/// `transactionList`, and nothing behind it. More transactions than are taken make the whole list
/// an error.
#[inline]
fn transactions<'a>(r: &mut Reader<'a>, list: &mut List<Transaction<'a>>) -> Read<'a, Stop<'a>> {
    let most = r.most_transactions();
    let mut whole = 0;
    while !at_end(r.rest()) {
        if whole == most {
            return Err(wrong(r.rest(), Expected::AtMost(most, "transactions")));
        }
        if let Err(error) = transaction::read(r, list) {
            list.truncate(whole);
            return Ok(Some(error));
        }
        whole += 1;
    }
    Ok(None)
}

/// Notes what stands behind the message although the grammar does not have it.
fn note_the_end(r: &mut Reader<'_>) {
    let octets = r.octets();
    let message = octets.trim_ascii_end();
    let length = message
        .iter()
        .rposition(|&octet| octet != 0 && !octet.is_ascii_whitespace());
    let end = length.map_or(0, |last| last + 1);
    if octets[end..].contains(&0) {
        r.takes(&octets[end..], "megacoMessage", "octets 0 at the end");
    }
}

/// Whether nothing is left, but for the octets 0 that some peers send behind a message.
fn at_end(i: &[u8]) -> bool {
    match i.first() {
        None => true,
        Some(0) => i
            .iter()
            .all(|&octet| matches!(octet, 0 | b'\r' | b'\n' | b' ')),
        Some(_) => false,
    }
}

/// What stands before the body.
pub(super) fn write_header(
    w: &mut Writer<'_, impl Form>,
    authentication: Option<&AuthenticationHeader>,
    mid: &MId<'_>,
) {
    if let Some(header) = authentication {
        write_authentication(w, header);
    }
    w.token(Token::Megaco);
    w.sign(b'/');
    w.number(w.version());
    w.sign(b' ');
    mid::write(w, mid);
    w.either("\n", " ");
}

/// `authenticationHeader SEP`
pub(super) fn write_authentication(w: &mut Writer<'_, impl Form>, header: &AuthenticationHeader) {
    w.key(Token::Authentication);
    let indices = [header.security_parameter_index, header.sequence_number];
    for index in indices {
        w.text("0x");
        w.hex(&index.to_be_bytes());
        w.sign(b':');
    }
    w.text("0x");
    w.hex(&header.data);
    w.either("\n", " ");
}

/// `messageBody`
pub(super) fn write_body(w: &mut Writer<'_, impl Form>, body: &MessageBody<'_>) {
    match body {
        MessageBody::Error(error) => {
            error_descriptor::write(w, error);
            w.either("\n", "");
        }
        MessageBody::Transactions(transactions) => {
            for entry in transactions {
                transaction::write(w, entry);
            }
        }
    }
}
