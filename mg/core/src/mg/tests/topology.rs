//! Topology: who hears whom, as it is audited and as the engine is told (H.248.1 7.1.18).

use std::collections::BTreeMap;

use codec_h248::TerminationId;
use mg_contract::{Hears, StreamRef};

use super::bench::{Bench, add, config};
use crate::{Config, Line, LineKind};

/// Terminations 1, 2 and 3 in Context 1, Termination 4 in Context 2.
fn rooms() -> Bench {
    let mut bench = Bench::usual();
    bench.ask(&format!(
        "Context=${{{},{},{}}}",
        add(40_000),
        add(40_002),
        add(40_004)
    ));
    bench.ask(&format!("Context=${{{}}}", add(40_006)));
    bench
}

fn topology(bench: &mut Bench, context: u32) -> String {
    let reply = bench.ask(&format!("Context={context}{{ContextAudit{{Topology}}}}"));
    let prefix = format!("C={context}{{TP{{");
    let inner = reply.strip_prefix(&prefix);
    inner.expect("a topology").trim_end_matches('}').to_owned()
}

/// Who hears whom at the engine: `1<2` is "1 hears what 2 receives", `1<<2` what 2 sends, `1<<<2` both.
fn ears(bench: &Bench, names: &[&str]) -> String {
    let mut heard = Vec::new();
    for listener in names {
        for source in names.iter().filter(|source| *source != listener) {
            let streams = [listener, source].map(|name| stream(bench, name, 0));
            let hears = bench.engine.hears(streams[0], streams[1]);
            let arrow = match (hears.received, hears.sent) {
                (false, false) => continue,
                (true, false) => "<",
                (false, true) => "<<",
                (true, true) => "<<<",
            };
            let short = |name: &str| name.trim_start_matches("rtp/").to_owned();
            heard.push(format!("{}{arrow}{}", short(listener), short(source)));
        }
    }
    heard.join(" ")
}

fn stream(bench: &Bench, name: &str, index: usize) -> StreamRef {
    let snapshot = bench.mg.snapshot();
    let all = snapshot.contexts.iter().flat_map(|one| &one.terminations);
    let found = all.into_iter().find(|one| one.id.as_str() == name);
    let stream = found.expect("it exists").streams[index].stream;
    stream.expect("it has a port pair")
}

const THREE: [&str; 3] = ["rtp/1", "rtp/2", "rtp/3"];

#[test]
fn isolate_oneway_and_bothway_reach_the_engine() {
    let mut bench = rooms();
    assert_eq!(ears(&bench, &THREE), "1<2 1<3 2<1 2<3 3<1 3<2");
    assert_eq!(bench.ask("Context=1{Topology{rtp/1,rtp/2,Isolate}}"), "C=1");
    assert_eq!(ears(&bench, &THREE), "1<3 2<3 3<1 3<2");
    bench.ask("Context=1{Topology{rtp/1,rtp/2,Oneway}}");
    assert_eq!(ears(&bench, &THREE), "1<3 2<1 2<3 3<1 3<2");
    assert_eq!(topology(&mut bench, 1), "*,*,BW,rtp/1,rtp/2,OW");
    bench.ask("Context=1{Topology{rtp/2,rtp/1,Oneway}}");
    assert_eq!(topology(&mut bench, 1), "*,*,BW,rtp/2,rtp/1,OW");
    bench.ask("Context=1{Topology{rtp/1,rtp/2,Bothway}}");
    assert_eq!(ears(&bench, &THREE), "1<2 1<3 2<1 2<3 3<1 3<2");
    assert_eq!(topology(&mut bench, 1), "*,*,BW");
}

#[test]
fn what_a_termination_sends_can_be_heard_by_another() {
    let mut bench = rooms();
    bench.ask("Context=1{Topology{rtp/1,rtp/2,OnewayExternal}}");
    assert_eq!(ears(&bench, &THREE), "1<3 2<<1 2<3 3<1 3<2");
    assert_eq!(topology(&mut bench, 1), "*,*,BW,rtp/1,rtp/2,OWE");
    bench.ask("Context=1{Topology{rtp/1,rtp/2,OnewayBoth}}");
    assert_eq!(ears(&bench, &THREE), "1<3 2<<<1 2<3 3<1 3<2");
    assert_eq!(topology(&mut bench, 1), "*,*,BW,rtp/1,rtp/2,OWB");
}

#[test]
fn wildcards_leave_out_the_other_side_and_triples_apply_in_order() {
    let mut bench = rooms();
    bench.ask("Context=1{Topology{*,rtp/1,Isolate}}");
    assert_eq!(ears(&bench, &THREE), "2<3 3<2");
    bench.ask("Context=1{Topology{rtp/*,rtp/*,Isolate,rtp/1,rtp/2,Bothway}}");
    assert_eq!(ears(&bench, &THREE), "1<2 2<1");
    bench.ask("Context=1{Topology{*,*,Bothway,rtp/1,*,Oneway}}");
    assert_eq!(ears(&bench, &THREE), "2<1 2<3 3<1 3<2");
    let told = topology(&mut bench, 1);
    bench.ask("Context=1{Topology{*,*,Bothway}}");
    bench.ask(&format!("Context=1{{Topology{{{told}}}}}"));
    assert_eq!(ears(&bench, &THREE), "2<1 2<3 3<1 3<2");
}

#[test]
fn choose_is_the_one_that_the_same_action_makes() {
    let mut bench = rooms();
    let reply = bench.ask(&format!(
        "Context=1{{Topology{{$,rtp/1,Oneway}},{},{}}}",
        add(40_010),
        add(40_012)
    ));
    assert!(!reply.contains("ER="), "{reply}");
    let told = ears(&bench, &["rtp/1", "rtp/2", "rtp/5", "rtp/6"]);
    assert_eq!(told, "1<2 1<5 1<6 2<1 2<5 2<6 5<2 5<6 6<1 6<2 6<5");
    let reply = bench.ask(&format!(
        "Context=${{Topology{{$,rtp/4,Isolate}},{},Move=rtp/4}}",
        add(40_014)
    ));
    assert!(!reply.contains("ER="), "{reply}");
    assert_eq!(ears(&bench, &["rtp/4", "rtp/7"]), "");
    assert_eq!(topology(&mut bench, 3), "*,*,BW,rtp/4,rtp/7,IS");
}

#[test]
fn who_is_not_mentioned_keeps_it_and_who_comes_hears_everybody() {
    let mut bench = rooms();
    bench.ask("Context=1{Topology{rtp/1,rtp/2,Isolate}}");
    bench.ask("Context=1{Modify=rtp/1,Move=rtp/4}");
    let told = ears(&bench, &["rtp/1", "rtp/2", "rtp/4"]);
    assert_eq!(told, "1<4 2<4 4<1 4<2");
    bench.ask("Context=${Move=rtp/1}");
    assert_eq!(topology(&mut bench, 1), "*,*,BW");
    bench.ask("Context=1{Move=rtp/1}");
    assert_eq!(ears(&bench, &THREE), "1<2 1<3 2<1 2<3 3<1 3<2");
    assert_eq!(topology(&mut bench, 1), "*,*,BW");
}

#[test]
fn topology_outlives_a_change_of_the_port_pair() {
    let mut bench = rooms();
    bench.ask("Context=1{Topology{rtp/1,rtp/2,Oneway}}");
    let before = stream(&bench, "rtp/1", 0);
    let local = "Media{Local{\nm=audio 20050 RTP/AVP 8\n}}";
    let reply = bench.ask(&format!("Context=1{{Modify=rtp/1{{{local}}}}}"));
    assert!(!reply.contains("ER="), "{reply}");
    assert_ne!(stream(&bench, "rtp/1", 0), before);
    assert_eq!(ears(&bench, &THREE), "1<3 2<1 2<3 3<1 3<2");
}

#[test]
fn a_triple_may_be_about_one_stream() {
    let mut bench = Bench::usual();
    let two =
        "Media{Stream=1{Local{\nm=audio $ RTP/AVP 8\n}},Stream=2{Local{\nm=audio $ RTP/AVP 8\n}}}";
    bench.ask(&format!("Context=${{Add=${{{two}}},Add=${{{two}}}}}"));
    bench.ask("Context=1{Topology{rtp/1,rtp/2,Oneway,Stream=2}}");
    let hears = |bench: &Bench, listener, source, index| {
        let listener = stream(bench, listener, index);
        bench
            .engine
            .hears(listener, stream(bench, source, index))
            .received
    };
    assert!(hears(&bench, "rtp/1", "rtp/2", 0) && hears(&bench, "rtp/2", "rtp/1", 0));
    assert!(!hears(&bench, "rtp/1", "rtp/2", 1) && hears(&bench, "rtp/2", "rtp/1", 1));
    assert_eq!(topology(&mut bench, 1), "rtp/1,rtp/2,OW,ST=2");
    let before = bench.state();
    let reply = bench.ask("Context=1{Topology{*,*,Bothway,rtp/1,rtp/2,Isolate,Stream=1}}");
    assert!(reply.starts_with("C=1{ER=421{"), "{reply}");
    assert_eq!(bench.state(), before);
}

#[test]
fn what_cannot_be_is_refused_and_changes_nothing() {
    let mut bench = rooms();
    let before = bench.state();
    for (triples, code) in [
        ("rtp/1,rtp/4,Isolate", 435),
        ("rtp/1,rtp/99,Isolate", 430),
        ("rtp/1,line/*,Isolate", 431),
        ("rtp/1,ROOT,Isolate", 410),
        ("rtp/$,rtp/1,Isolate", 410),
        ("$,rtp/1,Oneway", 421),
        ("*,*,Oneway", 421),
        ("rtp/1,rtp/1,Isolate", 421),
        ("*,rtp/1,OnewayExternal", 522),
        ("rtp/1,*,OnewayBoth", 522),
        ("rtp/1,rtp/2,Isolate,rtp/1,rtp/9,Isolate", 430),
    ] {
        let reply = bench.ask(&format!("Context=1{{Topology{{{triples}}},Subtract=*}}"));
        assert!(
            reply.starts_with(&format!("C=1{{ER={code}{{")),
            "{triples}: {reply}"
        );
        assert_eq!(bench.state(), before, "{triples}");
    }
    for context in ["-", "*"] {
        let reply = bench.ask(&format!("Context={context}{{Topology{{*,*,Isolate}}}}"));
        assert!(reply.contains("ER=421{"), "{reply}");
    }
    let reply = bench.ask("Context=9{Topology{*,*,Isolate}}");
    assert!(reply.starts_with("C=9{ER=411{"), "{reply}");
}

#[test]
fn more_topology_than_allowed_is_refused() {
    let mut config = super::bench::config();
    config.limits.topologies = 10;
    let mut bench = Bench::registered(config);
    let four = "Context=${Add=$,Add=$,Add=$,Add=$}";
    bench.ask(four);
    let reply = bench.ask("Context=1{Topology{*,*,Isolate}}");
    assert!(reply.starts_with("C=1{ER=510{"), "{reply}");
    let one = "Context=1{Topology{rtp/1,*,Isolate}}";
    assert_eq!(bench.ask(one), "C=1");
    let reply = bench.ask("Context=1{Topology{rtp/2,*,Isolate}}");
    assert!(reply.starts_with("C=1{ER=510{"), "{reply}");
    bench.ask("Context=1{Topology{*,*,Bothway}}");
    assert_eq!(bench.ask(one), "C=1");
    bench.ask("Context=1{Subtract=*}");
    bench.ask(four);
    assert_eq!(bench.ask("Context=2{Topology{rtp/5,*,Isolate}}"), "C=2");
}

/// What one Termination hears of another, by their names, where it is not the default.
type Model = BTreeMap<(String, String), Hears>;

const NOTHING: Hears = Hears {
    received: false,
    sent: false,
};

/// Applies a triple to the model as 7.1.18 words it.
fn model(model: &mut Model, from: &str, to: &str, direction: &str) {
    let of_from = match direction {
        "Bothway" | "Oneway" => Some((true, false)),
        "OnewayExternal" => Some((false, true)),
        "OnewayBoth" => Some((true, true)),
        _ => None,
    };
    let of_from = of_from.map_or(NOTHING, |(received, sent)| Hears { received, sent });
    let of_to = match direction {
        "Bothway" => of_from,
        _ => NOTHING,
    };
    model.insert((to.to_owned(), from.to_owned()), of_from);
    model.insert((from.to_owned(), to.to_owned()), of_to);
}

fn check(bench: &Bench, model: &Model) {
    for (_, names) in bench.members() {
        for (listener, source) in names.iter().flat_map(|one| {
            let others = names.iter().filter(move |other| *other != one);
            others.map(move |other| (one, other))
        }) {
            let streams = [listener, source].map(|name| stream(bench, name, 0));
            let expected = model.get(&(listener.clone(), source.clone()));
            let default = Hears {
                received: true,
                sent: false,
            };
            let hears = bench.engine.hears(streams[0], streams[1]);
            assert_eq!(
                hears,
                expected.copied().unwrap_or(default),
                "{listener} of {source}"
            );
        }
    }
}

#[test]
fn whatever_is_moved_and_said_the_engine_knows_who_hears_whom() {
    let mut rng = fastrand::Rng::with_seed(71_118);
    let mut bench = rooms();
    let mut heard = Model::new();
    for round in 0..600 {
        let members = bench.members();
        let (context, names) = &members[rng.usize(..members.len())];
        let one = names[rng.usize(..names.len())].clone();
        match rng.u8(..10) {
            0 if members.iter().map(|(_, names)| names.len()).sum::<usize>() < 12 => {
                let reply = bench.ask(&format!("Context={context}{{{}}}", add(40_000)));
                assert!(!reply.contains("ER="), "{reply}");
            }
            1 if names.len() > 1 => {
                bench.ask(&format!("Context={context}{{Subtract={one}{{Audit{{}}}}}}"));
                heard.retain(|(listener, source), _| *listener != one && *source != one);
            }
            2 => {
                let to = members[rng.usize(..members.len())].0;
                bench.ask(&format!("Context={to}{{Move={one}}}"));
                if to != *context {
                    heard.retain(|(listener, source), _| *listener != one && *source != one);
                }
            }
            3 => {
                let port = 20_010 + 2 * rng.u16(..40);
                let local = format!("Media{{Local{{\nm=audio {port} RTP/AVP 8\n}}}}");
                bench.ask(&format!("Context={context}{{Modify={one}{{{local}}}}}"));
            }
            _ => {
                let all = [
                    "Bothway",
                    "Isolate",
                    "Oneway",
                    "OnewayExternal",
                    "OnewayBoth",
                ];
                let direction = all[rng.usize(..all.len())];
                let other = &names[rng.usize(..names.len())];
                let triple = format!("{one},{other},{direction}");
                let reply = bench.ask(&format!("Context={context}{{Topology{{{triple}}}}}"));
                assert_eq!(reply.contains("ER="), one == *other, "{triple}: {reply}");
                if one != *other {
                    model(&mut heard, &one, other, direction);
                }
            }
        }
        check(&bench, &heard);
        assert_eq!(bench.mg.snapshot().transactions, 0, "round {round}");
    }
}

#[test]
fn a_stream_alone_takes_nothing_from_the_others() {
    let mut bench = Bench::usual();
    bench.ask(&format!("Context=${{{TWO_STREAMS},{TWO_STREAMS}}}"));
    bench.ask("Context=1{Topology{rtp/1,rtp/2,Isolate}}");
    bench.ask("Context=1{Topology{rtp/1,rtp/2,Bothway,Stream=1}}");
    let told = topology(&mut bench, 1);
    assert_eq!(told, "rtp/2,rtp/1,BW,ST=1,rtp/1,rtp/2,IS,ST=2");
}

const TWO_STREAMS: &str = "Add=${Media{Stream=1{Local{\nm=audio $ RTP/AVP 8\n}},\
                           Stream=2{Local{\nm=audio $ RTP/AVP 8\n}}}}";

/// What the engine is told of every two streams of the same number.
fn told_streams(bench: &Bench) -> Vec<Hears> {
    let mut all = Vec::new();
    for listener in THREE {
        for source in THREE.iter().filter(|source| **source != listener) {
            let both = (0..2).filter(|index| *index == 0 || ![listener, source].contains(&"rtp/3"));
            all.extend(both.map(|index| {
                let [listener, source] = [listener, source].map(|name| stream(bench, name, index));
                bench.engine.hears(listener, source)
            }));
        }
    }
    all
}

#[test]
fn what_is_audited_makes_the_same_of_the_same_members_elsewhere() {
    let mut rng = fastrand::Rng::with_seed(71_120);
    for _ in 0..100 {
        let mut bench = Bench::usual();
        let one = add(40_000);
        bench.ask(&format!("Context=${{{TWO_STREAMS},{TWO_STREAMS},{one}}}"));
        for _ in 0..rng.usize(1..8) {
            let from = rng.usize(..3);
            let (from, to) = (THREE[from], THREE[(from + rng.usize(1..3)) % 3]);
            let direction = ["BW", "IS", "OW", "OWE", "OWB"][rng.usize(..5)];
            let stream = ["", ",ST=1", ",ST=2"][rng.usize(..3)];
            let triple = format!("{from},{to},{direction}{stream}");
            assert_eq!(bench.ask(&format!("C=1{{TP{{{triple}}}}}")), "C=1");
        }
        let before = told_streams(&bench);
        let told = topology(&mut bench, 1);
        let moves = THREE.map(|name| format!("MV={name}")).join(",");
        let reply = bench.ask(&format!("C=${{{moves}}}"));
        assert!(!reply.contains("ER="), "{reply}");
        let reply = bench.ask(&format!("C=${{TP{{{told}}},{moves}}}"));
        assert!(!reply.contains("ER="), "{told}: {reply}");
        assert_eq!(told_streams(&bench), before, "{told}");
    }
}

#[test]
fn what_is_set_of_somebody_who_comes_is_told() {
    let mut bench = Bench::registered(Config {
        lines: vec![Line::new(
            TerminationId::from_name("line/1"),
            LineKind::Analog,
        )],
        ..config()
    });
    let reply =
        bench.ask("Context=${Topology{$,line/1,Isolate},ContextAudit{Topology},Add=$,Add=line/1}");
    let set = "C=1{TP{*,*,BW,line/1,rtp/1,IS},A=rtp/1,A=line/1}";
    assert_eq!(reply, set);
}
