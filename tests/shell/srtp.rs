//! SRTP with ffmpeg as the far end, in both directions and both suites.

use std::{
    fs,
    net::UdpSocket,
    process::{Child, Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use h248_tests::{program::Program, scratch};
use lab::phones::{Frequency, Source, Stretch};

use super::{
    alone,
    hostile_rtp::{FarEnd, counts, media},
    line::controller::Controller,
};

/// Of the gateway, of the far end, and of nobody.
const OURS: &str = "d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj";
const THEIRS: &str = "NzB4d1BINUAvLEw6UzF3WSJ+PSdFcGdUJShpX1Zj";
const WRONG: &str = "AAB4d1BINUAvLEw6UzF3WSJ+PSdFcGdUJShpX1Zj";
/// What ffmpeg says, with -18 dB, and what the other end of the Context does, with -12.
const FFMPEG_HZ: f64 = 1000.0;
const OTHER_HZ: f64 = 700.0;
/// Packets of the last second.
const SECOND: usize = 50;

struct Ffmpeg(Child);

impl Drop for Ffmpeg {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn ffmpeg(arguments: &[&str]) -> Ffmpeg {
    let mut command = Command::new("ffmpeg");
    command
        .args(["-nostdin", "-loglevel", "error"])
        .args(arguments);
    let quiet = command.stdin(Stdio::null()).stdout(Stdio::null());
    let quiet = quiet.stderr(Stdio::null());
    Ffmpeg(quiet.spawn().expect("ffmpeg is installed: make setup"))
}

/// Has ffmpeg say its tone to a port.
fn say(suite: &str, key: &str, port: u16) -> Ffmpeg {
    let tone = format!("sine=frequency={FFMPEG_HZ}:sample_rate=8000");
    let to = format!("srtp://127.0.0.1:{port}?pkt_size=184");
    let sound = ["-re", "-f", "lavfi", "-i", &tone, "-c:a", "pcm_mulaw"];
    let protection = ["-srtp_out_suite", suite, "-srtp_out_params", key];
    ffmpeg(&[&sound[..], &["-f", "rtp"], &protection, &[&to]].concat())
}

/// What adds a protected stream with a far end at some port.
fn add(suite: &str, port: u16) -> String {
    let key = |key| format!("a=crypto:1 {suite} inline:{key}\n");
    format!(
        "Add=${{Media{{Stream=1{{LocalControl{{Mode=SendReceive}},\
         Local{{\nv=0\nc=IN IP4 $\nm=audio $ RTP/SAVP 0\n{}}},\
         Remote{{\nv=0\nc=IN IP4 127.0.0.1\nm=audio {port} RTP/SAVP 0\n{}}}}}}}}}",
        key(OURS),
        key(THEIRS)
    )
}

fn talk(end: &mut FarEnd, time: Duration) {
    let begin = Instant::now();
    for tick in 1.. {
        end.say();
        end.hear(FFMPEG_HZ);
        let next = Duration::from_millis(20 * tick);
        if next > time {
            return;
        }
        sleep((begin + next).saturating_duration_since(Instant::now()));
    }
}

/// How many of the last packets have ffmpeg's tone in them.
fn toned(end: &FarEnd) -> usize {
    let last = end.heard.iter().rev().take(SECOND);
    last.filter(|(_, level)| *level > -22.0).count()
}

fn speaks_with_ffmpeg(suite: &str) {
    let folder = scratch(suite);
    let log = folder.join("mg.log");
    let mut mgc = Controller::new();
    let place = mgc.place().to_string();
    let arguments = ["--mgc", &place, "--h248", "127.0.0.1:0", "--mwd", "0"];
    let mut mg = Program::logged("mg", &arguments, &log);
    mgc.registered();

    let mut end = FarEnd::new(OTHER_HZ);
    let hears = UdpSocket::bind("127.0.0.1:0").unwrap();
    let port = hears.local_addr().unwrap().port() & !1;
    drop(hears);
    let legs = [end.add(), add(suite, 9), add(suite, port)].join(",");
    let reply = mgc.ask(&format!("Context=${{{legs}}}"));
    let at = media(&reply);
    end.to = at[0];
    let (sdp, heard) = (folder.join("in.sdp"), folder.join("heard.wav"));
    let description = format!(
        "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n\
         m=audio {port} RTP/SAVP 0\r\na=crypto:1 {suite} inline:{OURS}\r\n"
    );
    fs::write(&sdp, description).unwrap();
    let (sdp, wav) = (sdp.to_str().unwrap(), heard.to_str().unwrap());
    let protocols = ["-protocol_whitelist", "file,udp,rtp,srtp"];
    let mut hears = ffmpeg(&[&protocols[..], &["-i", sdp, "-t", "3", "-y", wav]].concat());
    let says = say(suite, THEIRS, at[1].port());
    talk(&mut end, Duration::from_secs(6));
    let right = toned(&end);
    drop(says);
    sleep(Duration::from_millis(2500));
    let says = say(suite, WRONG, at[1].port());
    talk(&mut end, Duration::from_secs(3));
    let wrong = toned(&end);
    drop(says);
    let _ = hears.0.wait();
    mgc.ask("Context=1{Subtract=*}");
    mg.interrupt();

    println!("{suite}: {right} of {SECOND} packets with the right key, {wrong} with another");
    assert!(right >= SECOND - 2 && wrong == 0, "{right}, {wrong}");
    let counts = counts(&fs::read_to_string(&log).unwrap());
    assert!(counts["unauthentic"] > 50, "{counts:?}");
    let heard = Source::wav(&heard).unwrap();
    let second = &heard.samples()[8_000..16_000];
    let level = Stretch::hann(second).level(Frequency(OTHER_HZ)).0;
    assert!(level > -14.0, "ffmpeg hears the other end with {level} dB");
}

#[test]
fn what_ffmpeg_protects_is_heard_and_what_is_protected_for_it_too() {
    let _alone = alone();
    speaks_with_ffmpeg("AES_CM_128_HMAC_SHA1_80");
    speaks_with_ffmpeg("AES_CM_128_HMAC_SHA1_32");
}
