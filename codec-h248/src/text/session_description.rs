//! Local and Remote (H.248.1 Annex B.2 `octetString`).

use std::borrow::Cow;

use memchr::{memchr, memchr_iter};

use super::{
    error::{Read, fail},
    form::Form,
    lex::lwsp,
    reader::Reader,
    token::Token,
    write::Writer,
};
use crate::descriptor::SessionDescription;

/// What stands in the braces of Local and Remote, and the braces.
pub(super) fn read<'a>(r: &mut Reader<'a>) -> Read<'a, SessionDescription<'a>> {
    r.open()?;
    let i = r.rest();
    let mut escaped = false;
    let end = memchr_iter(b'}', i).find(|&at| {
        let closes = at == 0 || i[at - 1] != b'\\';
        escaped |= !closes;
        closes
    });
    let Some(end) = end else {
        return fail(&i[i.len()..], "RBRKT");
    };
    let octets = &i[..end];
    if let Some(at) = memchr(0, octets) {
        return fail(&i[at..], "octetString");
    }
    let octets = if escaped {
        Cow::Owned(unescaped(octets))
    } else {
        Cow::Borrowed(octets)
    };
    r.go_to(lwsp(&i[end + 1..]));
    Ok(SessionDescription { octets })
}

/// Makes `\}` a `}`.
fn unescaped(octets: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(octets.len());
    let mut from = 0;
    for at in memchr_iter(b'}', octets) {
        plain.extend_from_slice(&octets[from..at - 1]);
        from = at;
    }
    plain.extend_from_slice(&octets[from..]);
    plain
}

/// A description on lines of its own; one without a last line end gets it.
pub(super) fn write(
    w: &mut Writer<'_, impl Form>,
    token: Token,
    description: &SessionDescription<'_>,
) {
    let octets = &description.octets;
    w.token(token);
    if octets.is_empty() {
        w.either(" {\n}", "{}");
        return;
    }
    w.either(" {\n", "{\n");
    let mut from = 0;
    for at in memchr_iter(b'}', octets) {
        w.octets(&octets[from..at]);
        w.octets(b"\\");
        from = at;
    }
    w.octets(&octets[from..]);
    if !octets.ends_with(b"\n") && !octets.ends_with(b"\r") {
        w.octets(b"\n");
    }
    w.octets(b"}");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Limits;

    fn octets(text: &str) -> Option<Vec<u8>> {
        let mut r = Reader::new(text.as_bytes(), &Limits::default());
        let description = read(&mut r).ok()?;
        r.rest().is_empty().then(|| description.octets.into_owned())
    }

    #[test]
    fn octets_end_at_the_first_brace_without_a_backslash() {
        assert_eq!(octets("{ \n}").as_deref(), Some(&b""[..]));
        assert_eq!(octets("{\nv=0\r\n}").as_deref(), Some(&b"v=0\r\n"[..]));
        assert_eq!(
            octets("{s=a{b\\}c\\d\\\\}\n}").as_deref(),
            Some(&b"s=a{b}c\\d\\}\n"[..])
        );
        assert_eq!(octets("{\\}}").as_deref(), Some(&b"}"[..]));
        assert_eq!(octets("{v=0"), None);
        assert_eq!(octets("{v=0\\}"), None);
        assert_eq!(octets("{v=\0}"), None);
    }

    #[test]
    fn nothing_escaped_is_borrowed() {
        let mut r = Reader::new(b"{v=0\n}", &Limits::default());
        let description = read(&mut r).expect("it is a description");
        assert!(matches!(description.octets, Cow::Borrowed(_)));
    }
}
