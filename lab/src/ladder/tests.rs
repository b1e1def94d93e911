//! Messages by hand, as they look on the ladder.

use super::*;
use crate::capture::Transport;

fn datagram(from_controller: bool, milliseconds: u64, text: &str) -> Captured<'static> {
    let (mgc, mg) = (
        SocketAddr::from(([127, 0, 0, 1], 2_944)),
        SocketAddr::from(([127, 0, 0, 1], 2_946)),
    );
    let (from, to) = if from_controller {
        (mgc, mg)
    } else {
        (mg, mgc)
    };
    Captured {
        time: SystemTime::UNIX_EPOCH + Duration::from_millis(milliseconds),
        frame: 1,
        from: from.into(),
        to: to.into(),
        transport: Transport::Udp,
        encoding: Encoding::Text,
        octets: text.as_bytes().to_vec().into(),
    }
}

#[test]
fn a_request_and_its_reply_show_direction_context_mode_ports_and_time() {
    let mut ladder = Ladder::default();
    let request = datagram(
        true,
        3_723_004,
        "!/3 [127.0.0.1]:2944 T=1207{C=5{MF=rtp/3{M{O{MO=IN}}}}}",
    );
    assert_eq!(
        ladder.draw(&request),
        ["01:02:03.004 mgc ──▶ mg  T1207 request  C=5 Modify rtp/3 mode=Inactive"]
    );
    let reply = datagram(
        false,
        3_723_006,
        "!/3 [127.0.0.1]:2946 P=1207{C=5{MF=rtp/3}}",
    );
    assert_eq!(
        ladder.draw(&reply),
        ["01:02:03.006 mgc ◀── mg  T1207 reply    C=5 Modify rtp/3  [2.0 ms]"]
    );
    let add = datagram(
        true,
        0,
        "!/3 [127.0.0.1]:2944 T=1208{C=${A=${M{O{MO=SR},L{v=0\nc=IN IP4 $\nm=audio $ RTP/AVP 0\n},R{v=0\nc=IN IP4 127.0.0.1\nm=audio 40020 RTP/AVP 0\n}}}}}",
    );
    assert_eq!(
        ladder.draw(&add),
        ["00:00:00.000 mgc ──▶ mg  T1208 request  C=$ Add $ mode=SendReceive local:$ remote:40020"]
    );
}

#[test]
fn repeats_errors_and_rubbish_are_marked() {
    let mut ladder = Ladder::default();
    let pending = datagram(false, 0, "!/3 [127.0.0.1]:2946 PN=7{}");
    ladder.draw(&pending);
    assert!(ladder.draw(&pending)[0].ends_with("T7 pending  (repeat)"));
    let refused = datagram(
        false,
        0,
        "!/3 [127.0.0.1]:2946 P=8{C=5{MV=rtp/9{ER=430{\"Unknown TerminationID\"}}}}",
    );
    assert!(ladder.draw(&refused)[0].ends_with("error 430 Unknown TerminationID"));
    let rubbish = ladder.draw(&datagram(false, 0, "GET / HTTP/1.1"));
    assert!(rubbish[0].contains("does not decode"));
    assert_eq!((ladder.messages(), ladder.undecoded()), (4, 1));
}

#[test]
fn each_transaction_of_a_message_has_a_line_and_only_the_first_a_head() {
    let mut ladder = Ladder::default();
    let both = datagram(
        true,
        0,
        "!/3 [127.0.0.1]:2944 T=1{C=5{S=rtp/1}} T=2{C=6{MV=rtp/2,MF=rtp/3}}",
    );
    let lines = ladder.draw(&both);
    assert_eq!(lines.len(), 2);
    assert!(lines[0].ends_with("T1 request  C=5 Subtract rtp/1"));
    assert!(lines[1].starts_with("            ") && lines[1].contains("Move rtp/2, Modify rtp/3"));
}

#[test]
fn the_counts_of_a_subtract_say_what_they_count() {
    let mut ladder = Ladder::default();
    let text = "!/3 [127.0.0.1]:2946 P=9{C=5{S=rtp/1{SA{rtp/ps=12,rtp/pr=7}}}}";
    let lines = ladder.draw(&datagram(false, 0, text));
    assert!(lines[0].ends_with("C=5 Subtract rtp/1 sent=12 received=7 RTP packets"));
}

#[test]
fn a_registration_tells_the_sides_whatever_the_ports() {
    let far = |end: Address| {
        let mut socket = end.socket().unwrap();
        socket.set_port(socket.port() + 40_000);
        Address::Ip(socket)
    };
    let elsewhere = |datagram: Captured<'static>| Captured {
        from: far(datagram.from),
        to: far(datagram.to),
        ..datagram
    };
    let mut ladder = Ladder::default();
    let request = "!/1 mg7 T=1{C=-{SC=ROOT{SV{MT=RS,RE=\"901 Cold Boot\",V=3}}}}";
    let reply = "!/1 mgc P=1{C=-{SC=ROOT{SV{V=3}}}}";
    let asked = ladder.draw(&elsewhere(datagram(false, 0, request)));
    let told = ladder.draw(&elsewhere(datagram(true, 1, reply)));
    assert!(asked[0].contains("mgc ◀── mg"), "{asked:?}");
    assert!(told[0].contains("mgc ──▶ mg"), "{told:?}");
}
