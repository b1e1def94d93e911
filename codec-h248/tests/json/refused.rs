//! What is no document: by its path, with what was expected. What is one borrows from its octets.

use std::borrow::Cow;

use codec_h248::{
    Limits, MId, Message, MessageBody, Style, TextProfile, Transaction, decode, encode, json,
};

/// A document of one transaction.
fn of(transaction: &str) -> String {
    format!(
        "{{\"h248\":1,\"message\":{{\"version\":3,\"mId\":\"mg1\",\
         \"messageBody\":{{\"transactions\":[{transaction}]}}}}}}"
    )
}

fn told(document: &str) -> String {
    json::decode(document.as_bytes())
        .expect_err(document)
        .to_string()
}

#[test]
fn an_error_names_the_path_and_what_was_expected() {
    const WHERE: &str = "message.messageBody.transactions[0].transactionPending";
    let one = |transaction: &str| told(&of(transaction));
    for (found, wanted) in [
        (
            one("{\"transactionPending\":{\"transactionId\":1,\"id\":2}}"),
            format!("{WHERE}.id: unknown field `id`, expected `transactionId`"),
        ),
        (
            one("{\"transactionPending\":{\"transactionId\":4294967296}}"),
            format!("{WHERE}.transactionId: invalid value: integer `4294967296`, expected u32"),
        ),
        (
            one("{\"transactionPending\":{\"transactionId\":1,\"transactionId\":1}}"),
            format!("{WHERE}: duplicate field `transactionId`"),
        ),
        (
            one("{\"transactionPending\":{}}"),
            format!("{WHERE}: missing field `transactionId`"),
        ),
        (
            one("{\"transactionPending\":{\"transactionId\":1},\"more\":1}"),
            "message.messageBody.transactions[0]: ".to_owned(),
        ),
        (
            one("{\"pending\":1}"),
            "message.messageBody.transactions[0]: unknown variant `pending`".to_owned(),
        ),
        (
            one(""),
            "message.messageBody.transactions: expected one entry or more".to_owned(),
        ),
        (
            told("{\"h248\":2,\"message\":{}}"),
            "h248: expected 1, the version of this form, found 2".to_owned(),
        ),
        (
            told(&(of("{\"transactionPending\":{\"transactionId\":1}}") + " x")),
            ".: trailing characters".to_owned(),
        ),
        (told("null"), ".: invalid type: null".to_owned()),
    ] {
        assert!(found.starts_with(&wanted), "{found}\n{wanted}");
    }
}

#[test]
fn a_value_of_another_form_is_told_with_the_forms_that_there_are() {
    let modify = |descriptor: &str| {
        told(&of(&format!(
            "{{\"transactionRequest\":{{\"transactionId\":1,\"actions\":[{{\"contextId\":1,\
             \"commandRequests\":[{{\"command\":{{\"modReq\":{{\"terminationIdList\":[\"a\"],\
             \"descriptors\":[{descriptor}]}}}}}}]}}]}}}}"
        )))
    };
    let event = |value: &str| {
        modify(&format!(
            "{{\"eventsDescriptor\":{{\"requestId\":1,\"eventList\":[{{\"pkgdName\":\"al/on\",\
             \"parameters\":[{{\"evPar\":{{\"name\":\"x\",\"value\":{value}}}}}]}}]}}}}"
        ))
    };
    for (found, wanted) in [
        (event("7"), "a value: a string or an object of one member"),
        (
            event("[\"a\"]"),
            "a list is {\"allOf\": […]} or {\"oneOf\": […]}",
        ),
        (event("{\"oneOf\":[[\"a\"]]}"), "expected one value"),
        (
            event("{\"oneOf\":[null]}"),
            "a value: a string or an object of one member",
        ),
    ] {
        assert!(found.contains(wanted), "{found}\n{wanted}");
    }
}

#[test]
fn a_tower_of_braces_ends_somewhere() {
    let deep = |open: &str, close: &str| {
        let action = format!(
            "{{\"contextId\":1,\"contextAttrAuditReq\":[{}\"topology\"{}]}}",
            open.repeat(10_000),
            close.repeat(10_000)
        );
        of(&format!(
            "{{\"transactionRequest\":{{\"transactionId\":1,\"actions\":[{action}]}}}}"
        ))
    };
    let found = told(&deep("{\"contextAttr\":[", "]}"));
    assert!(found.contains("recursion limit exceeded"), "{found}");
}

#[test]
fn words_without_escapes_are_borrowed() {
    let document = of("{\"transactionPending\":{\"transactionId\":1}}");
    let message: Message<'_> = json::decode(document.as_bytes()).expect("it is one");
    assert!(matches!(&message.mid, MId::Device(Cow::Borrowed("mg1"))));
    assert!(matches!(
        &message.body,
        MessageBody::Transactions(list) if matches!(list[..], [Transaction::Pending(id)] if id.0 == 1)
    ));
    let escaped = document.replace("mg1", "\\u006dg1");
    let same = json::decode(escaped.as_bytes()).expect("it is one");
    assert_eq!(same, message);
}

/// A Subtract of these Terminations, sent by this device.
fn subtract(mid: &str, terminations: &str) -> String {
    of(&format!(
        "{{\"transactionRequest\":{{\"transactionId\":1,\"actions\":[{{\"contextId\":1,\
         \"commandRequests\":[{{\"command\":{{\"subtractReq\":\
         {{\"terminationIdList\":{terminations}}}}}}}]}}]}}}}"
    ))
    .replace("\"mg1\"", &format!("\"{mid}\""))
}

#[test]
fn a_path_has_one_domain_at_most_which_is_not_empty() {
    assert!(json::decode(subtract("mg@x", "[\"a@b\",\"*@-c\"]").as_bytes()).is_ok());
    for name in ["a@@b", "a@", "a@b@c", "@a"] {
        let found = told(&subtract("mg1", &format!("[\"{name}\"]")));
        assert!(found.ends_with("[0]: expected TerminationID"), "{found}");
    }
    for name in ["mg@", "mg@@b", "mg@b@c"] {
        let found = told(&subtract(name, "[\"a\"]"));
        assert_eq!(found, "message.mId: expected pathNAME");
    }
}

/// A reply to AuditValue of a Termination of this name with these descriptors.
fn audit_reply(name: &str, descriptors: &str) -> String {
    of(&format!(
        "{{\"transactionReply\":{{\"transactionId\":1,\"transactionResult\":{{\"actionReplies\":\
         [{{\"contextId\":1,\"commandReply\":[{{\"auditValueReply\":{{\"auditResult\":\
         {{\"terminationIdList\":[\"{name}\"],\"terminationAudit\":[{descriptors}]}}}}}}]}}]}}}}}}"
    ))
}

#[test]
fn a_termination_is_not_taken_for_the_keyword_of_a_context() {
    const EMPTY: &str = "{\"eventsDescriptor\":{}}";
    const PACKAGES: &str = "{\"emptyDescriptor\":\"packagesToken\"}";
    const ERROR: &str = "{\"errorDescriptor\":{\"errorCode\":430}}";
    const SOME: &str = "{\"packagesDescriptor\":[{\"packageName\":\"nt\",\"packageVersion\":1}]}";
    let two = |first: &str, second: &str| format!("{first},{second}");
    for descriptors in [EMPTY, PACKAGES, &two(EMPTY, PACKAGES), ERROR] {
        for name in ["c", "C", "Context"] {
            let found = told(&audit_reply(name, descriptors));
            let wanted = "auditResult: expected a reply that is no contextTerminationAudit";
            assert!(found.ends_with(wanted), "{found}");
        }
        assert!(json::decode(audit_reply("c1", descriptors).as_bytes()).is_ok());
    }
    for descriptors in ["", SOME, &two(EMPTY, SOME), &two(EMPTY, ERROR)] {
        let document = audit_reply("c", descriptors);
        let message = json::decode(document.as_bytes()).expect(&document);
        let mut text = Vec::new();
        encode(&message, &TextProfile::of(Style::Compact), &mut text);
        assert_eq!(decode(&text, &Limits::default()).as_ref(), Ok(&message));
    }
}

#[test]
fn the_name_of_an_extension_is_none_of_the_known_ones() {
    let modify = |descriptor: &str| {
        subtract("mg1", "[\"a\"]")
            .replace("subtractReq", "modReq")
            .replace(
                "[\"a\"]",
                &format!("[\"a\"],\"descriptors\":[{descriptor}]"),
            )
    };
    let modem = |name: &str| {
        modify(&format!(
            "{{\"modemDescriptor\":{{\"mtl\":[{{\"extension\":\"{name}\"}}]}}}}"
        ))
    };
    let mux = |name: &str| {
        modify(&format!(
            "{{\"muxDescriptor\":{{\"muxType\":{{\"extension\":\"{name}\"}},\"termList\":[\"b\"]}}}}"
        ))
    };
    for document in [modem("V92"), modem("X-a"), mux("H324"), mux("X+1")] {
        assert!(json::decode(document.as_bytes()).is_ok(), "{document}");
    }
    for name in ["V18", "v22B", "SN", "synchisdn"] {
        let found = told(&modem(name));
        assert!(
            found.ends_with("expected the name of an unknown modemType"),
            "{found}"
        );
    }
    for name in ["H221", "h223", "N64", "nx64kservice"] {
        let found = told(&mux(name));
        assert!(
            found.ends_with("expected the name of an unknown MuxType"),
            "{found}"
        );
    }
}

#[test]
fn a_request_without_events_has_no_number() {
    let document = |events: &str| audit_reply("a", &format!("{{\"eventsDescriptor\":{events}}}"));
    assert!(json::decode(document("{}").as_bytes()).is_ok());
    let found = told(&document("{\"requestId\":5}"));
    assert!(
        found.ends_with("eventsDescriptor.requestId: expected none without events"),
        "{found}"
    );
}

#[test]
fn a_description_may_begin_with_a_form_feed() {
    let text = b"!/3 mg1 T=1{C=1{MF=a{M{L{\x0cv=0\n}}}}}";
    let message = decode(text, &Limits::default()).expect("it is one");
    let mut document = Vec::new();
    json::encode(&message, Style::Compact, &mut document);
    assert_eq!(json::decode(&document).as_ref(), Ok(&message));
}
