//! The call of an analog line, between `mg` and a controller that is a script: real sockets, real audio.

pub(crate) mod controller;

use std::{fs, path::Path, thread::sleep, time::Duration};

use h248_tests::{program::Program, scratch};
use lab::phones::codec::Codec;
use lab::phones::{Frequency, Phone, Phones, Source, Stretch, Tone};

use self::controller::Controller;
use super::alone;

/// The phone is lifted, dials once there was time to hear dial tone, and is put down.
const LINES: &str = "
[[line]]
name = \"line/1\"
far = { wav = \"voice.wav\" }
record = \"ear.wav\"
script = [\"1s off-hook\", \"3s dial 5551\", \"14s on-hook\"]

[[trunk]]
name = \"trunk/1\"
channels = \"1-31\"
";

/// Dial tone, what the line says when it has dialled, and what the other end says.
const DIAL_HZ: f64 = 425.0;
const LINE_HZ: f64 = 1_000.0;
const FAR_HZ: f64 = 700.0;
const RATE: u32 = 8_000;
/// A tone is heard where it is so strong, and is not where it is so weak, in dB.
const HEARD_DB: f64 = -25.0;
const SILENT_DB: f64 = -45.0;

/// Seven seconds of silence, in which is dialled, and then a tone for a minute.
fn voice(path: &Path) {
    let spec = hound::WavSpec {
        channels: 1,
        sample_rate: RATE,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut writer = hound::WavWriter::create(path, spec).unwrap();
    for n in 0..67 * RATE {
        let angle = std::f64::consts::TAU * LINE_HZ * f64::from(n) / f64::from(RATE);
        let speaks = n >= 7 * RATE;
        let sample = if speaks { 8_000.0 * angle.sin() } else { 0.0 };
        writer.write_sample(sample as i16).unwrap();
    }
    writer.finalize().unwrap();
}

fn level(samples: &[i16], hz: f64) -> f64 {
    Stretch::hann(samples).level(Frequency(hz)).0
}

/// What the phone has heard in the last second.
fn heard(phone: &Phone, hz: f64) -> f64 {
    let now = std::time::Instant::now();
    let window = lab::phones::Window::before(now, Duration::from_secs(1));
    level(&lab::phones::audio(&phone.frames(window)), hz)
}

/// The strongest that any half second of a recording has of a tone, in seconds from its begin to its end.
fn strongest(samples: &[i16], hz: f64) -> f64 {
    let halves = samples.chunks_exact(RATE as usize / 2);
    halves
        .map(|half| level(half, hz))
        .fold(f64::NEG_INFINITY, f64::max)
}

/// Where a reply says that the gateway receives.
fn media(reply: &str) -> std::net::SocketAddr {
    let port = reply.split("m=audio ").nth(1).unwrap();
    let port = port.split(' ').next().unwrap();
    format!("127.0.0.1:{port}").parse().unwrap()
}

fn gateway(mgc: &Controller, lines: &Path) -> Program {
    let place = mgc.place().to_string();
    let lines = lines.to_str().unwrap();
    let arguments = ["--mgc", &place, "--h248", "127.0.0.1:0", "--mwd", "0"];
    Program::start("mg", &[&arguments[..], &["--lines", lines]].concat())
}

#[test]
fn the_controller_is_told_what_the_operator_takes_out_of_service() {
    let _alone = alone();
    let file = scratch("service").join("lines.toml");
    let trunk = "[[trunk]]\nname = \"trunk/1\"\nchannels = \"1-4\"\n";
    let write = |service: &str| fs::write(&file, format!("{trunk}{service}\n")).unwrap();
    write("");
    let mut mgc = Controller::new();
    let mg = gateway(&mgc, &file);
    mgc.registered();
    let added = mgc.ask("Context=${Add=trunk/1/$,Add=$}");
    assert_eq!(added, "C=1{A=trunk/1/1,A=rtp/1}");
    write("service = { out = { reason = 904, graceful = 60 } }");
    mg.hang_up();
    let told = mgc.notified();
    for part in [
        "C=1{SC=trunk/1/1{SV{MT=GR,RE=\"904 Termination malfunctioning\",DL=60}}}",
        "C=-{SC=trunk/*{SV{MT=FO,RE=\"904 Termination malfunctioning\"}}}",
    ] {
        assert!(told.contains(part), "{part} in {told}");
    }
    let refused = mgc.ask("Context=${Add=trunk/1/3}");
    assert!(refused.contains("ER=502{"), "{refused}");
    mgc.ask("Context=1{Subtract=*}");
    let refused = mgc.ask("Context=${Add=trunk/1/1}");
    assert!(refused.contains("ER=502{"), "{refused}");
    write("");
    mg.hang_up();
    let told = mgc.notified();
    assert_eq!(
        told,
        "C=-{SC=trunk/*{SV{MT=RS,RE=\"900 Service Restored\"}}}"
    );
    let added = mgc.ask("Context=${Add=trunk/1/1}");
    assert_eq!(added, "C=2{A=trunk/1/1}");
    // A file that is wrong changes nothing.
    write("service = \"broken\"");
    mg.hang_up();
    assert_eq!(
        mgc.ask("Context=2{Subtract=*{Audit{}}}"),
        "C=2{S=trunk/1/1}"
    );
}

/// From dial tone to the digits.
fn dialled(mgc: &mut Controller) {
    let off = "Context=-{Modify=line/1{Events=1{al/of{strict=state}}}}";
    assert_eq!(mgc.ask(off), "C=-{MF=line/1}");
    assert_eq!(mgc.notified(), "C=-{N=line/1{OE=1{al/of}}}");
    let collect = "Context=-{Modify=line/1{DigitMap=plan{(55xx|0)},\
                   Events=2{al/on,dd/ce{DigitMap=plan}},Signals{cg/dt}}}";
    assert_eq!(mgc.ask(collect), "C=-{MF=line/1}");
    let notified = mgc.notified();
    assert!(
        notified.contains("OE=2{dd/ce{") && notified.contains("ds=\"5551\""),
        "{notified}"
    );
    assert!(notified.contains("Meth=UM"), "{notified}");
}

#[test]
fn a_line_is_lifted_hears_dial_tone_dials_and_is_connected() {
    let _alone = alone();
    let folder = scratch("line");
    let file = folder.join("lines.toml");
    fs::write(&file, LINES).unwrap();
    voice(&folder.join("voice.wav"));
    let mut phones = Phones::start(Duration::from_secs(5)).unwrap();
    let tone = Tone {
        frequency: Frequency(FAR_HZ),
        level: lab::phones::Level(-12.0),
    };
    let phone = phones.add(&Source::tone(tone), Codec::Pcma).unwrap();

    let mut mgc = Controller::new();
    let mut mg = gateway(&mgc, &file);
    mgc.registered();
    dialled(&mut mgc);

    let remote = phone.offer().replace("\r\n", "\n");
    let connect = format!(
        "Context=${{Add=line/1{{Media{{LocalControl{{Mode=SendReceive}}}},Events=3{{al/on}}}},\
         Add=${{Media{{Stream=1{{LocalControl{{Mode=SendReceive}},\
         Local{{\nv=0\nc=IN IP4 $\nm=audio $ RTP/AVP 8\n}},Remote{{\n{remote}}}}}}}}}}}"
    );
    let reply = mgc.ask(&connect);
    assert!(reply.starts_with("C=1{A=line/1,A=rtp/1{"), "{reply}");
    phone.set_remote(Some(media(&reply)));
    sleep(Duration::from_secs(7));
    let (line, own) = (heard(&phone, LINE_HZ), heard(&phone, FAR_HZ));
    assert!(line > HEARD_DB, "the far end hears the line with {line} dB");
    assert!(own < SILENT_DB, "the far end hears itself with {own} dB");

    assert_eq!(mgc.notified(), "C=1{N=line/1{OE=3{al/on}}}");
    let gone = mgc.ask("Context=1{Subtract=*}");
    for nothing in ["nt/os=0,", "nt/or=0,", "nt/or=0}"] {
        assert!(!gone.contains(nothing), "{gone}");
    }
    let idle = mgc.ask("Context=-{AuditValue=line/*{Audit{}}}");
    assert_eq!(idle, "C=-{AV=C{line/1}}");
    mg.interrupt();

    let ear = Source::wav(&folder.join("ear.wav")).unwrap();
    let ear = ear.samples();
    let (dial, far) = (strongest(ear, DIAL_HZ), strongest(ear, FAR_HZ));
    assert!(dial > HEARD_DB, "the line hears dial tone with {dial} dB");
    assert!(far > HEARD_DB, "the line hears the far end with {far} dB");
    let own = strongest(ear, LINE_HZ);
    assert!(own < SILENT_DB, "the line hears itself with {own} dB");
    println!(
        "line heard at the far end {line:.1} dB; at the line dial tone {dial:.1} dB, far end {far:.1} dB; {gone}"
    );
}
