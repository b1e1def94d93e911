//! What real peers send though the grammar has it otherwise, or spells it otherwise.

use super::{commands, compact, decoded, descriptors};
use crate::{
    Command, ContextId, Limits, MId, MessageBody, Transaction, TransactionId, decode,
    descriptor::{AmmDescriptor, EventParameter, ServiceChangeAddress, SignalsDescriptor, Streams},
};

/// Checks that the text says the same as the compact text.
fn means(text: &str, written: &str) {
    assert_eq!(compact(&decoded(text)), written);
}

#[test]
fn keywords_are_read_in_any_case_and_form() {
    means(
        "mEgAcO/1 [192.0.2.1]:1\ttransaction=1{c = - {av=ds/1/5  { AT { m , E , oe } } }}",
        "!/1 [192.0.2.1]:1 T=1{C=-{AV=ds/1/5{AT{M,E,OE}}}}",
    );
    means(
        "!/1 <A.b> p = 5 { C = 1 { aV = TDM/1 { m { ts { si=iv,bf =  off , st/x=Lb } } } } }",
        "!/1 <A.b> P=5{C=1{AV=TDM/1{M{TS{SI=IV,BF=OFF,st/x=Lb}}}}}",
    );
}

#[test]
fn keywords_are_names_where_the_grammar_has_names() {
    means(
        "!/1 Context T=1{C=1{A=Add,MF=E{M{O{S/L=T}}},AV=C{AT{}}}}",
        "!/1 Context T=1{C=1{A=Add,MF=E{M{O{S/L=T}}},AV=C{AT{}}}}",
    );
    means(
        "!/1 MTP P=1{C=1{AV=Context,AC=MEGACO{SG{M/M{di=int,it=IT,M=Media}}}}}",
        "!/1 MTP P=1{C=1{AV=Context,AC=MEGACO{SG{M/M{di=int,it=IT,M=Media}}}}}",
    );
}

#[test]
fn comments_and_white_space_stand_wherever_lwsp_does() {
    means(
        "; first\r\n  ;second\n!/1 ; a } brace\n [192.0.2.1] ;\n T ;\n = ; \" \n 1 { C=1 ;x\n { \
         A = [ a , b ] { SG { x/y { p ; \n # ;\n 5 , NC = { TO , OR } } } } } } ;end",
        "!/1 [192.0.2.1] T=1{C=1{A=[a,b]{SG{x/y{p#5,NC={TO,OR}}}}}}",
    );
    means(
        "!/3 mg T=1{C=1{MF=a{E=1{dd/ce{ DM={ T:4 , ( 1 |;one }\n 2 ) } }}}}}",
        "!/3 mg T=1{C=1{MF=a{E=1{dd/ce{DM={T:4,( 1 |\n 2 )}}}}}}",
    );
}

#[test]
fn messages_may_end_in_line_ends_and_zero_octets() {
    for end in ["", "\n", "\r\n\r\n", "\0", "\n\0\0", " ; no line end"] {
        means(&format!("!/1 mg PN=1{{}}{end}"), "!/1 mg PN=1{}");
    }
}

#[test]
fn empty_braces_are_the_same_as_none() {
    means(
        "!/1 mg T=1{C=1{MF=a{},S=b{},AV=c,AC=d{},MF=e{E{},EB{},E=5{}}}}",
        "!/1 mg T=1{C=1{MF=a,S=b,AV=c{AT{}},AC=d{AT{}},MF=e{E,EB,E}}}",
    );
    means(
        "!/3 mg P=1{C=1{},C=2{A=a{},AV=b{SA{},PG{}}}}",
        "!/3 mg P=1{C=1,C=2{A=a,AV=b{SA,PG}}}",
    );
    means("!/1 mg T=1{C=1{AV=c{AT}}}", "!/1 mg T=1{C=1{AV=c{AT{}}}}");
}

#[test]
fn signals_stop_with_and_without_braces_in_every_version() {
    for version in 1..=3 {
        for form in ["SG", "SG{}", "Signals { }"] {
            let text = format!("!/{version} mg T=1{{C=1{{MF=a{{{form}}}}}}}");
            let Command::Modify(modify) = &commands(&decoded(&text))[0] else {
                panic!("it is a Modify");
            };
            let none = AmmDescriptor::Signals(SignalsDescriptor::default());
            assert_eq!(modify.descriptors.as_slice(), [none]);
        }
    }
}

#[test]
fn context_0_is_the_null_context() {
    let message = decoded("!/1 mg T=1{C=0{AV=a}}");
    let MessageBody::Transactions(transactions) = message.body else {
        panic!("it has a transaction");
    };
    let Transaction::Request(request) = &transactions[0] else {
        panic!("it is a request");
    };
    assert_eq!(request.actions[0].context, ContextId::Null);
    assert_eq!(request.id, TransactionId(1));
}

#[test]
fn termination_ids_may_begin_with_a_digit_and_hold_hyphens() {
    means(
        "!/1 mg T=1{C=1{S=11111111/00-1.x/*}}",
        "!/1 mg T=1{C=1{S=11111111/00-1.x/*}}",
    );
}

#[test]
fn an_address_without_brackets_is_a_device_name() {
    let MId::Device(name) = decoded("!/2 198.51.100.22 PN=1{}").mid else {
        panic!("it is a device name");
    };
    assert_eq!(name, "198.51.100.22");
}

#[test]
fn reasons_are_read_with_and_without_quotes() {
    for reason in ["901", "\"901 Cold Boot\""] {
        let text = format!("!/1 mg T=1{{C=-{{SC=ROOT{{SV{{AD=2944,MT=RS,V=3,RE={reason}}}}}}}}}");
        let Command::ServiceChange(change) = &commands(&decoded(&text))[0] else {
            panic!("it is a ServiceChange");
        };
        assert_eq!(change.services.reason_code(), Some(901));
        assert_eq!(
            change.services.address,
            Some(ServiceChangeAddress::Port(2944))
        );
        assert_eq!(change.services.version, Some(3));
    }
}

#[test]
fn several_indented_descriptions_in_one_local_are_left_as_they_are() {
    let sdp =
        "  v=0\r\n\r\n   m=audio $ RTP/AVP 0\n v=0\n c=IN IP4 $\n m=image $ udptl t38\n ;x=\"{\n ";
    let found = descriptors(&format!("M{{L{{{sdp}}},R{{}}}}"));
    let [AmmDescriptor::Media(media)] = found.as_slice() else {
        panic!("it is a Media");
    };
    let Streams::Single(parms) = &media.streams else {
        panic!("it has no Stream");
    };
    let local = parms.local.as_ref().expect("it has a Local");
    assert_eq!(local.octets, sdp.trim_start().as_bytes());
    assert!(
        parms
            .remote
            .as_ref()
            .is_some_and(|remote| remote.octets.is_empty())
    );
}

#[test]
fn a_property_or_descriptor_that_stands_twice_is_kept() {
    let twice = "!/3 mg T=1{C=1{MF=a{M{O{nt/jit=1,nt/jit=2}},SG,SG}}}";
    means(twice, twice);
}

#[test]
fn digit_maps_may_hold_number_sign_and_asterisk_and_lack_their_equal_sign() {
    means(
        "!/3 mg T=1{C=1{MF=a{DM=m{*xx.#}}}}",
        "!/3 mg T=1{C=1{MF=a{DM=m{*xx.#}}}}",
    );
    means(
        "!/3 mg T=1{C=1{MF=a{DM {T:9,\n\t(x)},E=1{dd/ce{DM{x}}}}}}",
        "!/3 mg T=1{C=1{MF=a{DM={T:9,(x)},E=1{dd/ce{DM={x}}}}}}",
    );
    means(
        "!/3 mg T=1{C=1{MF=a{DM=m{ }}}}",
        "!/3 mg T=1{C=1{MF=a{DM=m}}}",
    );
}

#[test]
fn lists_of_statistics_may_lack_their_equal_sign() {
    means(
        "!/3 mg P=1{C=1{S=a{SA{a/b[1, 2]}}}}",
        "!/3 mg P=1{C=1{S=a{SA{a/b=[1,2]}}}}",
    );
}

#[test]
fn a_termination_may_be_called_as_the_keyword_of_a_context_where_its_reply_tells() {
    for whole in [
        "!/3 mg P=1{C=1{AV=C{M{O{MO=SR}}},AC=context{E,SA{a/b}}}}",
        "!/3 mg P=1{C=1{AV=C{ER=430{},M},AV=C{E,ER=430{}},AV=C{a,b},AV=C{ER=430{}}}}",
    ] {
        means(whole, whole);
        assert_eq!(decoded(whole).validate(), [], "{whole}");
    }
}

#[test]
fn entries_of_a_list_that_was_none_are_not_counted() {
    let limits = Limits {
        entries_total: 7,
        ..Limits::default()
    };
    assert!(decode(b"!/3 mg P=1{C=1{AV=C{E,SG,MX,PG{a-1}}}}", &limits).is_ok());
}

#[test]
fn a_keyword_of_an_event_is_a_parameter_where_only_its_value_fits_one() {
    let text = "!/3 mg T=1{C=1{MF=a{E=1{al/on{KA=1,EM=2,RSE={a,b},ST<5,DM#x,NBNN>1,ST=5,KA}},EB{al/on{ST#1}}}}}";
    means(text, text);
    assert_eq!(decoded(text).validate(), []);
    let observed = "!/3 mg T=1{C=1{N=a{OE=1{al/on{ST>5,stream=5}}}}}";
    means(observed, &observed.replace("ST>5,stream=5", "ST=5,ST>5"));
    let EventParameter::Other(other) = event_parameter("KA=1") else {
        panic!("it is a parameter of a package");
    };
    assert_eq!(other.name, "ka".into());
}

/// The only parameter of an event.
fn event_parameter(text: &str) -> EventParameter<'static> {
    let found = descriptors(&format!("E=1{{al/on{{{text}}}}}"));
    let [AmmDescriptor::Events(events)] = found.as_slice() else {
        panic!("it has events");
    };
    events.events[0].parameters[0].clone()
}
