//! Streams that end, and what is reserved of the alternatives (H.248.1 7.1.6 to 7.1.8).

use mg_contract::StreamStatistics;

use super::bench::Bench;

const LOCAL: &str = "Local{\nm=audio $ RTP/AVP 8\n}";

/// Terminations 1 and 2 with streams 1 and 2, in Context 1.
fn room() -> Bench {
    let mut bench = Bench::usual();
    let two = format!("Media{{Stream=1{{{LOCAL}}},Stream=2{{{LOCAL}}}}}");
    bench.ask(&format!("Context=${{Add=${{{two}}},Add=${{{two}}}}}"));
    bench
}

fn streams(bench: &Bench, termination: usize) -> Vec<u16> {
    let snapshot = bench.mg.snapshot();
    let streams = &snapshot.contexts[0].terminations[termination].streams;
    streams.iter().map(|stream| stream.id.0).collect()
}

fn empty(bench: &mut Bench, name: &str, id: u16) -> String {
    let media = format!("Media{{Stream={id}{{Local{{}},Remote{{}}}}}}");
    bench.ask(&format!("Context=1{{Modify={name}{{{media}}}}}"))
}

#[test]
fn a_stream_ends_when_it_is_emptied_everywhere() {
    let mut bench = room();
    bench.engine.statistics = StreamStatistics {
        packets_sent: 7,
        ..StreamStatistics::default()
    };
    assert_eq!(empty(&mut bench, "rtp/1", 2), "C=1{MF=rtp/1}");
    assert_eq!(streams(&bench, 0), [1, 2], "the other has it still");
    assert_eq!(empty(&mut bench, "rtp/2", 2), "C=1{MF=rtp/2}");
    assert_eq!((streams(&bench, 0), streams(&bench, 1)), (vec![1], vec![1]));
    assert_eq!(bench.engine.streams.len(), 2);
    let reply = bench.ask("Context=1{AuditValue=rtp/1{Audit{Statistics{rtp/ps}}}}");
    assert_eq!(
        reply, "C=1{AV=rtp/1{SA{rtp/ps=14}}}",
        "what it had counted counts"
    );
    let media = format!("Media{{Stream=2{{{LOCAL}}}}}");
    let reply = bench.ask(&format!("Context=1{{Modify=rtp/1{{{media}}}}}"));
    assert!(!reply.contains("ER="), "{reply}");
    assert_eq!(streams(&bench, 0), [1, 2]);
}

#[test]
fn the_last_stream_stays_and_so_does_one_that_reserves() {
    let mut bench = room();
    bench.ask("Context=1{Subtract=rtp/2}");
    let reserved = "Media{Stream=2{LocalControl{ReservedGroup=ON},Local{},Remote{}}}";
    bench.ask(&format!("Context=1{{Modify=rtp/1{{{reserved}}}}}"));
    assert_eq!(streams(&bench, 0), [1, 2]);
    bench.ask("Context=1{Modify=rtp/1{Media{Stream=2{LocalControl{Mode=Inactive}}}}}");
    assert_eq!(streams(&bench, 0), [1]);
    empty(&mut bench, "rtp/1", 1);
    assert_eq!(streams(&bench, 0), [1]);
    let reply = bench.ask("Context=1{AuditValue=rtp/1{Audit{Media}}}");
    assert!(reply.contains(",L{") && reply.contains(",R{"), "{reply}");
    assert!(!reply.contains("m=audio"), "{reply}");
    assert_eq!(bench.engine.streams.len(), 0);
}

#[test]
fn as_much_is_reserved_as_is_asked_for() {
    for (control, formats, expected) in [
        ("Mode=Inactive", "8 0", "RTP/AVP 8|"),
        ("Mode=Inactive,ReservedValue=ON", "8 0 18", "RTP/AVP 8 0|"),
        (
            "Mode=Inactive,ReservedValue=ON",
            "$",
            "RTP/AVP 8 0 9 96 97 98 99|a=rtpmap:96 opus/48000/2|a=fmtp:96 useinbandfec=1|",
        ),
    ] {
        let mut bench = Bench::usual();
        let media =
            format!("Media{{LocalControl{{{control}}},Local{{\nm=audio $ RTP/AVP {formats}\n}}}}");
        let reply = bench.ask(&format!("Context=${{Add=${{{media}}}}}"));
        assert!(reply.contains(expected), "{control} {formats}: {reply}");
        assert!(!reply.contains('$'), "nothing is left open: {reply}");
    }
    let groups = "Local{\nv=0\nm=audio $ RTP/AVP 8\nv=0\nm=audio $ RTP/AVP 0\n}";
    let mut bench = Bench::usual();
    let media = format!("Media{{LocalControl{{ReservedGroup=ON}},{groups}}}");
    let reply = bench.ask(&format!("Context=${{Add=${{{media}}}}}"));
    assert!(
        reply.contains("AVP 8|") && reply.contains("AVP 0|"),
        "{reply}"
    );
    let one = "Media{LocalControl{Mode=Inactive},Local{\nm=audio $ RTP/AVP 0 8\n}}";
    bench.ask(&format!("Context=1{{Modify=rtp/1{{{one}}}}}"));
    let reply = bench.ask("Context=1{AuditValue=rtp/1{Audit{Media}}}");
    assert_eq!(reply.matches("m=audio").count(), 1, "{reply}");
    let none = "Media{LocalControl{ReservedGroup=ON},Local{\nm=audio $ RTP/AVP 18\n}}";
    let reply = bench.ask(&format!("Context=1{{Add=${{{none}}}}}"));
    assert!(reply.contains("L{") && !reply.contains("ER="), "{reply}");
}

#[test]
fn optional_and_wildcarded_commands_are_answered_where_they_stand() {
    let mut bench = room();
    let reply = bench.ask("Context=1{O-Modify=rtp/9,O-W-Modify=*,AuditValue=rtp/1{Audit{}}}");
    assert!(reply.starts_with("C=1{MF=rtp/9{ER=430{"), "{reply}");
    assert!(reply.ends_with("}},MF=*,AV=rtp/1}"), "{reply}");
    let port = "Media{Stream=1{Local{\nm=audio 20090 RTP/AVP 8\n}}}";
    let reply = bench.ask(&format!(
        "Context=1{{W-Modify=*{{{port}}},AuditValue=rtp/1{{Audit{{}}}}}}"
    ));
    assert!(
        reply.starts_with("C=1{MF=*{M{"),
        "the union of what succeeded: {reply}"
    );
    assert!(
        reply.contains("MF=rtp/2{ER=510{"),
        "then what failed: {reply}"
    );
    assert!(!reply.contains("AV="), "and nothing after it: {reply}");
}
