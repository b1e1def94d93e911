//! Physical Terminations: in and out of the null Context (H.248.1 6.2.1, 7.2).

use std::time::Duration;

use codec_h248::{PackageItem, ParmValue, PropertyParm, TerminationId, Value};
use mg_contract::{Command, StreamStatistics};

use super::bench::{Bench, add, config};
use crate::{Config, Line, LineKind, Service};

/// Two lines, and a trunk group of three channels of which the second is out of service.
pub(super) fn provisioned() -> Config {
    let line = |name: &str, kind| Line::new(TerminationId::from_name(name.to_owned()), kind);
    let mut lines = vec![
        line("line/1", LineKind::Analog),
        line("line/2", LineKind::Analog),
        line("trunk/1/1", LineKind::Trunk),
        line("trunk/1/2", LineKind::Trunk),
        line("trunk/1/3", LineKind::Trunk),
    ];
    lines[3].service = Service::Out {
        reason: 905,
        graceful: None,
    };
    lines[4].properties = vec![PropertyParm {
        name: PackageItem::known("tdmc", "ec"),
        value: ParmValue::Equal(Value::bare("ON")),
    }];
    Config { lines, ..config() }
}

fn bench() -> Bench {
    Bench::registered(provisioned())
}

/// The engine's commands since the last look.
fn told(bench: &mut Bench) -> Vec<Command> {
    std::mem::take(&mut bench.engine.log)
}

const NAMES: &str = "Context=-{AuditValue=*{Audit{}}}";

#[test]
fn idle_ones_are_in_the_null_context() {
    let mut bench = bench();
    assert_eq!(
        bench.ask(NAMES),
        "C=-{AV=C{line/1,line/2,trunk/1/1,trunk/1/2,trunk/1/3}}"
    );
    assert_eq!(
        bench.ask("Context=-{AuditValue=trunk/*{Audit{}}}"),
        "C=-{AV=C{trunk/1/1,trunk/1/2,trunk/1/3}}"
    );
    assert_eq!(
        bench.ask("Context=-{W-AuditValue=line/*{Audit{}}}"),
        "C=-{AV=line/*}"
    );
    let nowhere = bench.ask("Context=*{AuditValue=*{Audit{}}}");
    assert!(nowhere.contains("ER=431{"), "{nowhere}");
    assert_eq!(told(&mut bench), [], "the engine knows nothing of them");
}

#[test]
fn what_is_provisioned_is_audited() {
    let mut bench = bench();
    let media = bench.ask("Context=-{AuditValue=trunk/1/3{Audit{Media}}}");
    for part in ["MO=IN", "nt/jit=60", "tdmc/ec=ON", "tdmc/gain=0", "SI=IV"] {
        assert!(media.contains(part), "{part} in {media}");
    }
    let media = bench.ask("Context=-{AuditValue=trunk/1/2{Audit{Media}}}");
    assert!(media.contains("SI=OS"), "{media}");
    assert!(media.contains("tdmc/ec=OFF"), "{media}");
    let packages = bench.ask("Context=-{AuditValue=line/1{Audit{Packages}}}");
    assert!(packages.contains("al-1"), "{packages}");
    let packages = bench.ask("Context=-{AuditValue=trunk/1/1{Audit{Packages}}}");
    assert!(
        packages.contains("tdmc-1") && packages.contains("ct-1"),
        "{packages}"
    );
}

#[test]
fn one_is_added_by_name_and_put_back_as_it_was_provisioned() {
    let mut bench = bench();
    let idle = bench.ask("Context=-{AuditValue=trunk/1/3{Audit{Media,Events}}}");
    let add = "Context=${Add=trunk/1/3{Media{LocalControl{Mode=SendReceive,tdmc/gain=-6,nt/jit=$}},\
               Events=5{g/cause}}}";
    assert_eq!(bench.ask(add), "C=1{A=trunk/1/3{M{ST=1{O{nt/jit=60}}}}}");
    let [Command::OpenLine { line, settings, .. }] = &told(&mut bench)[..] else {
        panic!("it is opened");
    };
    assert_eq!(line.0, 4);
    assert!(settings.contributes && settings.listens);
    let busy = bench.ask("Context=1{AuditValue=trunk/1/3{Audit{Media}}}");
    assert!(
        busy.contains("tdmc/ec=ON") && busy.contains("tdmc/gain=-6"),
        "{busy}"
    );
    assert_eq!(
        bench.ask(NAMES),
        "C=-{AV=C{line/1,line/2,trunk/1/1,trunk/1/2}}"
    );
    bench.engine.statistics = StreamStatistics {
        octets_sent: 160,
        octets_received: 320,
        ..StreamStatistics::default()
    };
    bench.pass(Duration::from_millis(1_500));
    assert_eq!(
        bench.ask("Context=1{Subtract=trunk/1/3}"),
        "C=1{S=trunk/1/3{SA{nt/dur=1500,nt/os=160,nt/or=320}}}"
    );
    assert!(matches!(told(&mut bench)[..], [.., Command::Close { .. }]));
    assert!(bench.engine.streams.is_empty() && bench.members().is_empty());
    assert_eq!(
        bench.ask("Context=-{AuditValue=trunk/1/3{Audit{Media,Events}}}"),
        idle
    );
}

#[test]
fn one_is_chosen_of_a_group_and_an_rtp_one_is_still_made() {
    let mut bench = bench();
    assert_eq!(
        bench.ask("Context=${Add=trunk/1/$,Add=trunk/$,Add=$,Add=line/$}"),
        "C=1{A=trunk/1/1,A=trunk/1/3,A=rtp/1,A=line/1}"
    );
    for (pattern, code) in [("trunk/1/$", 432), ("trunk/$", 432), ("fax/$", 431)] {
        let refused = bench.ask(&format!("Context=${{Add={pattern}}}"));
        assert!(
            refused.contains(&format!("ER={code}{{")),
            "{pattern}: {refused}"
        );
    }
    assert_eq!(bench.members().len(), 1, "no Context is left of a refusal");
}

#[test]
fn those_of_the_null_context_are_added_by_wildcard() {
    let mut bench = bench();
    assert_eq!(bench.ask("Context=${Add=line/*}"), "C=1{A=line/1,A=line/2}");
    let partly = bench.ask("Context=${Add=trunk/1/*,Add=$}");
    assert!(
        partly.starts_with("C=2{A=trunk/1/1,A=trunk/1/2{ER=502{") && partly.contains("A=trunk/1/3"),
        "{partly}"
    );
    assert!(
        !partly.contains("rtp"),
        "nothing follows a failure: {partly}"
    );
    let none = bench.ask("Context=${Add=line/*}");
    assert!(none.contains("A=line/*{ER=431{"), "{none}");
}

#[test]
fn places_are_checked() {
    let mut bench = bench();
    bench.ask("Context=${Add=line/1}");
    bench.ask(&format!("Context=${{{}}}", add(4_000)));
    for (actions, code) in [
        ("Context=2{Add=line/1}", "433"),
        ("Context=1{Add=line/1}", "433"),
        ("Context=2{Add=line/9}", "430"),
        ("Context=2{Add=rtp/1}", "433"),
        ("Context=2{Add=trunk/1/2}", "502"),
        ("Context=2{Add=line/$/*}", "410"),
        ("Context=2{Add=ROOT}", "410"),
        ("Context=-{Add=line/2}", "421"),
        ("Context=*{Add=line/2}", "421"),
        ("Context=-{Move=line/1}", "421"),
        ("Context=2{Move=line/2}", "421"),
        ("Context=2{Move=line/$}", "410"),
        ("Context=2{Move=trunk/*}", "431"),
        ("Context=-{Subtract=line/2}", "421"),
        ("Context=-{Subtract=*}", "421"),
        ("Context=2{Subtract=line/1}", "435"),
        ("Context=2{Subtract=line/2}", "435"),
        ("Context=*{Subtract=line/2}", "435"),
        ("Context=-{Modify=line/1}", "435"),
        ("Context=-{Modify=rtp/1}", "435"),
        ("Context=-{Modify=line/9}", "430"),
        ("Context=-{Modify=line/$}", "410"),
        ("Context=1{Modify=line/2}", "435"),
        ("Context=*{Modify=line/2}", "435"),
        ("Context=-{Modify=fax/*}", "431"),
        ("Context=-{AuditValue=line/1{Audit{}}}", "435"),
        ("Context=*{AuditValue=line/2{Audit{}}}", "435"),
        ("Context=-{Notify=line/2{ObservedEvents=1{g/cause}}}", "443"),
    ] {
        let before = bench.state();
        let reply = bench.ask(actions);
        assert!(
            reply.contains(&format!("ER={code}{{")),
            "{actions}: {reply}"
        );
        assert_eq!(bench.state(), before, "{actions} changes nothing");
    }
}

#[test]
fn one_is_moved_with_its_stream_and_keeps_counting() {
    let mut bench = bench();
    bench.ask("Context=${Add=line/1,Add=$}");
    bench.pass(Duration::from_secs(1));
    bench.ask("Context=${Add=line/2}");
    told(&mut bench);
    assert_eq!(bench.ask("Context=2{Move=line/1}"), "C=2{MV=line/1}");
    assert!(matches!(told(&mut bench)[..], [Command::Move { .. }]));
    assert_eq!(
        bench.stream("line/1").1.group,
        bench.stream("line/2").1.group
    );
    bench.pass(Duration::from_secs(1));
    let gone = bench.ask("Context=2{Subtract=*}");
    assert!(gone.contains("S=line/1{SA{nt/dur=2000"), "{gone}");
    assert!(gone.contains("S=line/2{SA{nt/dur=1000"), "{gone}");
    assert_eq!(bench.members(), [(1, vec!["rtp/1".to_owned()])]);
}

#[test]
fn a_list_that_names_one_twice_is_refused_the_second_time() {
    let mut bench = bench();
    bench.ask("Context=${Add=line/1,Add=line/2}");
    let reply = bench.ask("Context=1{Subtract=[line/1,line/1]}");
    assert!(
        reply.contains("S=line/1{SA{") && reply.contains("ER=435{"),
        "{reply}"
    );
}

#[test]
fn modify_in_the_null_context_opens_nothing_and_lasts() {
    let mut bench = bench();
    let modify = "Context=-{Modify=trunk/1/1{Media{LocalControl{tdmc/ec=on,tdmc/gain=0xFFFFFFFF}},\
                  Events=8{g/cause}}}";
    assert_eq!(bench.ask(modify), "C=-{MF=trunk/1/1}");
    assert_eq!(told(&mut bench), []);
    let audit = "AuditValue=trunk/1/1{Audit{Media,Events}}";
    let found = bench.ask(&format!("Context=-{{{audit}}}"));
    for part in ["tdmc/ec=ON", "tdmc/gain=4294967295", "E=8{g/cause}"] {
        assert!(found.contains(part), "{part} in {found}");
    }
    bench.ask("Context=${Add=trunk/1/1}");
    let found = bench.ask(&format!("Context=1{{{audit}}}"));
    assert!(
        found.contains("tdmc/ec=ON") && found.contains("E=8{g/cause}"),
        "{found}"
    );
    // A LocalControl that says nothing of it means what is provisioned.
    bench.ask("Context=1{Modify=trunk/1/1{Media{LocalControl{Mode=SendOnly}}}}");
    let found = bench.ask(&format!("Context=1{{{audit}}}"));
    assert!(
        found.contains("tdmc/ec=OFF") && found.contains("MO=SO"),
        "{found}"
    );
}

#[test]
fn a_circuit_has_one_stream_and_nothing_to_describe() {
    let mut bench = bench();
    for (media, code) in [
        ("Stream=2{LocalControl{Mode=Inactive}}", "510"),
        ("Local{\nv=0\nc=IN IP4 $\nm=audio $ RTP/AVP 8\n}", "444"),
        (
            "Remote{\nv=0\nc=IN IP4 192.0.2.7\nm=audio 4000 RTP/AVP 8\n}",
            "444",
        ),
        ("LocalControl{rtp/jit=40}", "440"),
        ("LocalControl{tdmc/ec=maybe}", "449"),
        ("LocalControl{tdmc/gain=100}", "449"),
        ("LocalControl{tdmc/el=1}", "450"),
        ("LocalControl{tdmc/ec=on,tdmc/ec=off}", "456"),
        ("TerminationState{tdmc/ec=on}", "455"),
    ] {
        let reply = bench.ask(&format!("Context=${{Add=trunk/1/1{{Media{{{media}}}}}}}"));
        assert!(reply.contains(&format!("ER={code}{{")), "{media}: {reply}");
    }
    assert_eq!(bench.members(), []);
    let analog = bench.ask("Context=${Add=line/1{Media{LocalControl{tdmc/ec=on}}}}");
    assert!(analog.contains("ER=440{"), "{analog}");
    let none = bench.ask("Context=${Add=line/1{Media{Local{},Remote{}}}}");
    assert_eq!(none, "C=1{A=line/1}");
}

#[test]
fn statistics_are_those_of_nt() {
    let mut bench = bench();
    let asked = "Audit{Statistics{nt/dur},Statistics{tdmc/os}}";
    bench.ask("Context=${Add=trunk/1/1}");
    assert_eq!(
        bench.ask(&format!("Context=1{{AuditValue=trunk/1/1{{{asked}}}}}")),
        "C=1{AV=trunk/1/1{SA{nt/dur=0,nt/os=0}}}"
    );
    let unknown = bench.ask("Context=1{AuditValue=trunk/1/1{Audit{Statistics{rtp/ps}}}}");
    assert!(unknown.contains("ER=440{"), "{unknown}");
    assert_eq!(
        bench.ask("Context=-{AuditValue=line/1{Audit{Statistics}}}"),
        "C=-{AV=line/1{SA{nt/dur=0,nt/os=0,nt/or=0}}}"
    );
}

#[test]
fn clearing_the_gateway_leaves_the_physical_ones() {
    let mut bench = bench();
    bench.ask("Context=${Add=line/1,Add=$}");
    bench.ask("Context=${Add=trunk/1/3,Add=$}");
    bench.ask("Context=*{W-Subtract=*}");
    assert_eq!(bench.members(), []);
    assert_eq!(
        bench.ask(NAMES),
        "C=-{AV=C{line/1,line/2,trunk/1/1,trunk/1/2,trunk/1/3}}"
    );
    assert_eq!(bench.ask("Context=${Add=$}"), "C=3{A=rtp/3}");
}

#[test]
fn what_cannot_be_provisioned_is_said() {
    let line = |name: &'static str| Line::new(TerminationId::from_name(name), LineKind::Analog);
    for wrong in ["ROOT", "line/*", "line/$", "rtp/1", "RTP", "1", "", "a-b"] {
        assert!(line(wrong).check().is_err(), "{wrong}");
    }
    let mut trunk = Line {
        kind: LineKind::Trunk,
        ..line("trunk/1/1")
    };
    assert_eq!(trunk.check(), Ok(()));
    for (item, value) in [("ec", "$"), ("ec", "soon"), ("echo", "ON")] {
        trunk.properties = vec![PropertyParm {
            name: PackageItem::known("tdmc", item),
            value: ParmValue::Equal(Value::bare(value)),
        }];
        let told = trunk.check().unwrap_err();
        assert!(told.starts_with("trunk/1/1: "), "{told}");
    }
}
