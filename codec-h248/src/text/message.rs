//! Messages and their header (H.248.1 Annex B.2 `megacoMessage`).

use nom::{
    bytes::complete::{tag, take_while1},
    error::context,
    sequence::terminated,
};

use super::{
    error::{Parsed, TextError, fail, level, unanswered, wrap, wrong},
    error_descriptor,
    lex::{equal, glued_hex, glued_slash, glued_two_digits, lwsp, next_is, separator},
    mid,
    reading::{Reading, keyword},
    token::Token,
    transaction,
    write::Writer,
};
use crate::{AuthenticationHeader, Expected, Level, MId, Message, MessageBody};

/// The newest version of the syntax.
const NEWEST: u8 = 3;

/// What was read, and why no more.
type Partly<'a, T> = Parsed<'a, (T, Stop<'a>)>;
/// Why the next transaction does not decode, where there is one.
type Stop<'a> = Option<nom::Err<TextError<'a>>>;

/// `megacoMessage`, to its very end or to the first transaction that does not decode.
pub(super) fn read<'a>(
    i: &'a [u8],
    reading: &Reading<'a>,
) -> Result<(Message<'a>, Stop<'a>), nom::Err<TextError<'a>>> {
    let (_, read) = level(Level::Message, message(i, reading))?;
    Ok(read)
}

fn message<'a>(i: &'a [u8], reading: &Reading<'a>) -> Partly<'a, Message<'a>> {
    let (i, authentication) = authentication(lwsp(i))?;
    let (after, version) = version(i)?;
    if !(1..=NEWEST).contains(&version) {
        return Err(wrong(i, Expected::Version(version)));
    }
    reading.set_version(version);
    let (i, mid) = sender(after, reading)?;
    let (i, (body, stop)) = body(i, reading)?;
    if reading.notes() {
        note_the_end(reading);
    }
    let message = Message {
        authentication,
        version,
        mid,
        body,
    };
    Ok((i, (message, stop)))
}

/// The keyword that a message or its authentication header begins with.
fn first_word(i: &[u8]) -> Parsed<'_, Option<Token>> {
    let letters = take_while1(|octet: u8| octet.is_ascii_alphabetic() || octet == b'!');
    wrap(context("MegacopToken", letters)(i), Token::read)
}

/// `[authenticationHeader SEP]`
pub(super) fn authentication(i: &[u8]) -> Parsed<'_, Option<AuthenticationHeader>> {
    if !matches!(i.first(), Some(b'A' | b'a')) {
        return Ok((i, None));
    }
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
        return fail(i, "AuthData");
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
        Err(_) => fail(i, "authenticationHeader"),
    }
}

/// `MegacopToken SLASH Version SEP`; any version.
pub(super) fn version(i: &[u8]) -> Parsed<'_, u8> {
    let rest = if next_is(i, b'!') {
        &i[1..]
    } else {
        let (rest, token) = first_word(i)?;
        if token != Some(Token::Megaco) {
            return fail(i, "MegacopToken");
        }
        rest
    };
    let (after, slash) = glued_slash(rest)?;
    if !slash {
        return fail(rest, "SLASH");
    }
    let (rest, version) = glued_two_digits(after, "Version")?;
    let (rest, ()) = separator(rest)?;
    Ok((rest, version))
}

/// `mId SEP`
pub(super) fn sender<'a>(i: &'a [u8], reading: &Reading<'a>) -> Parsed<'a, MId<'a>> {
    let (rest, mid) = mid::glued(i, reading)?;
    let (rest, ()) = separator(rest)?;
    Ok((rest, mid))
}

/// `messageBody`, and nothing behind it.
fn body<'a>(i: &'a [u8], reading: &Reading<'a>) -> Partly<'a, MessageBody<'a>> {
    if at_end(i) {
        return fail(i, "messageBody");
    }
    if matches!(i.first(), Some(b'E' | b'e'))
        && let Ok((after, Some(Token::Error))) = keyword(i, "messageBody")
    {
        return wrap(unanswered(error_message(after, reading)), |body| {
            (body, None)
        });
    }
    transactions(i, reading)
}

/// `errorDescriptor` behind its keyword, and nothing behind it.
fn error_message<'a>(i: &'a [u8], reading: &Reading<'a>) -> Parsed<'a, MessageBody<'a>> {
    let (rest, error) = error_descriptor::read(i, reading)?;
    if !at_end(rest) {
        return Err(wrong(rest, Expected::End));
    }
    Ok((&[], MessageBody::Error(error)))
}

/// `transactionList`, and nothing behind it. More transactions than are taken make the whole list
/// an error.
fn transactions<'a>(mut i: &'a [u8], reading: &Reading<'a>) -> Partly<'a, MessageBody<'a>> {
    let most = reading.most_transactions();
    let mut transactions = Vec::with_capacity(1);
    let mut stop = None;
    while !at_end(i) {
        if transactions.len() == most {
            return Err(wrong(i, Expected::AtMost(most, "transactions")));
        }
        match transaction::read(i, reading) {
            Ok((rest, transaction)) => {
                transactions.push(transaction);
                i = rest;
            }
            Err(error) => {
                stop = Some(error);
                break;
            }
        }
    }
    Ok((&[], (MessageBody::Transactions(transactions), stop)))
}

/// Notes what stands behind the message although the grammar does not have it.
fn note_the_end(reading: &Reading<'_>) {
    let octets = reading.octets();
    let message = octets.trim_ascii_end();
    let length = message
        .iter()
        .rposition(|&octet| octet != 0 && !octet.is_ascii_whitespace());
    let end = length.map_or(0, |last| last + 1);
    if octets[end..].contains(&0) {
        reading.takes(&octets[end..], "megacoMessage", "octets 0 at the end");
    }
    let line = octets
        .iter()
        .rposition(|&octet| matches!(octet, b'\r' | b'\n'));
    let line = line.map_or(0, |at| at + 1);
    let brace = octets.iter().rposition(|&octet| octet == b'}').unwrap_or(0);
    let comment = octets[line.max(brace)..]
        .iter()
        .position(|&octet| octet == b';');
    if let Some(at) = comment {
        let comment = &octets[line.max(brace) + at..];
        reading.takes(comment, "COMMENT", "no line end behind the comment");
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
    w: &mut Writer<'_>,
    authentication: Option<&AuthenticationHeader>,
    mid: &MId<'_>,
) {
    if let Some(header) = authentication {
        w.key(Token::Authentication);
        w.display(format_args!(
            "0x{:08X}:0x{:08X}:0x",
            header.security_parameter_index, header.sequence_number
        ));
        for octet in &header.data {
            w.display(format_args!("{octet:02X}"));
        }
        w.either("\n", " ");
    }
    w.token(Token::Megaco);
    w.sign(b'/');
    w.number(w.version());
    w.sign(b' ');
    mid::write(w, mid);
    w.either("\n", " ");
}

/// `messageBody`
pub(super) fn write_body(w: &mut Writer<'_>, body: &MessageBody<'_>) {
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
