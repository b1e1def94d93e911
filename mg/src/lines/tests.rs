use super::*;

/// The example of the documents.
pub(super) fn example() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/examples/lines.toml")
}

fn parsed(text: &str) -> Result<Vec<Line>, String> {
    let file: File = toml::from_str(text).map_err(|error| error.to_string())?;
    let each = file.each()?;
    each.iter().map(One::line).collect()
}

#[test]
fn the_example_of_the_documents_is_read() {
    let lines = Lines::read(&example()).unwrap();
    assert_eq!(lines.core.len(), 35);
    let names: Vec<&str> = lines.core.iter().map(|line| line.id.as_str()).collect();
    assert_eq!(names[2..5], ["line/3", "line/4", "trunk/1/1"]);
    assert_eq!(names[34], "trunk/1/31");
    assert_eq!(
        (lines.core[0].script.len(), lines.core[1].on_ring.len()),
        (3, 3)
    );
    assert!(lines.engine[0].recorded && !lines.engine[1].recorded);
    let record = lines.records[0].as_deref().unwrap();
    assert!(record.ends_with("docs/examples/line-1.wav"));
    let out = |reason, graceful| Service::Out { reason, graceful };
    assert_eq!(lines.core[2].service, out(904, None));
    assert_eq!(lines.core[3].service, Service::In);
    let half_a_minute = Some(Some(Duration::from_secs(30)));
    assert_eq!(lines.core[19].service, out(905, half_a_minute));
    assert!(matches!(lines.engine[19].far, mg_media::Far::Silence));
    assert!(matches!(
        lines.engine[20].far,
        mg_media::Far::Tone { hz: 425, dbm0: -10 }
    ));
    let peer = lines.peer_ports().flatten().collect::<Vec<_>>();
    assert_eq!(peer, [mg_contract::RtpPort(19_000)]);
    let properties: Vec<String> = lines.core[20]
        .properties
        .iter()
        .map(|parm| parm.name.to_string())
        .collect();
    assert_eq!(properties, ["nt/jit", "tdmc/ec", "tdmc/gain"]);
}

#[test]
fn binary_names_what_the_example_says() {
    let levels = Lines::read(&example()).unwrap().levels.unwrap();
    let profile = codec_h248::binary::BinaryProfile {
        terminations: levels,
        ..Default::default()
    };
    let text = "MEGACO/3 mg Transaction=1{Context=-{Subtract=line/1,Subtract=trunk/1/31,\
                Subtract=trunk/1/*,Subtract=trunk/1/$,Subtract=rtp/100000,Subtract=*}}";
    let limits = codec_h248::Limits::default();
    let message = codec_h248::decode(text.as_bytes(), &limits).unwrap();
    let mut octets = Vec::new();
    codec_h248::binary::encode(&message, &profile, &mut octets).unwrap();
    let trunk = [3, 0, 1, 0, 0, 0, 0, 31];
    assert!(octets.windows(8).any(|some| some == trunk), "{octets:x?}");
    let back = codec_h248::binary::decode(&octets, &limits, &profile).unwrap();
    assert_eq!(back, message);
}

#[test]
fn what_cannot_be_followed_is_told() {
    let trunk = "[[trunk]]\nname = \"trunk/1\"\nchannels = ";
    for (text, expected) in [
        (
            "[[line]]\nname = \"line/1\"\nsound = 1".to_owned(),
            "unknown field `sound`",
        ),
        (
            "[[line]]\nname = \"line/1\"\nscript = [\"jump\"]".to_owned(),
            "`jump` is no step",
        ),
        (
            "[[line]]\nname = \"line/1\"\nfar = \"noise\"".to_owned(),
            "unknown variant `noise`",
        ),
        (format!("{trunk}\"31-1\""), "channels are FIRST-LAST"),
        (format!("{trunk}\"1\""), "channels are FIRST-LAST"),
        (
            format!("{trunk}\"1-65535\""),
            "16384 lines and channels are the most",
        ),
        (
            format!("{trunk}\"1-3\"\n[[trunk.channel]]\nnumber = 4"),
            "no channel 4",
        ),
    ] {
        let told = parsed(&text).unwrap_err();
        assert!(told.contains(expected), "{told}");
    }
}

#[test]
fn a_file_with_something_wrong_is_named() {
    let path = std::env::temp_dir().join(format!("mg-lines-{}.toml", std::process::id()));
    for (text, expected) in [
        ("[[line]]\nname = \"rtp/1\"", "rtp/1 is no name"),
        (
            "[[line]]\nname = \"a\"\n[[line]]\nname = \"A\"",
            "A is there twice",
        ),
        ("[[line]]\nname = \"a\"\njitter = 100000", "a: 449"),
        (
            "[[line]]\nname = \"a\"\nfar = { wav = \"none.wav\" }",
            "none.wav",
        ),
        (
            "[[line]]\nname = \"a\"\nfar = { peer = { port = 3001, to = \"127.0.0.1:9\" } }",
            "a: peer: port 3001 is not even",
        ),
        (
            "[[trunk]]\nname = \"t/1\"\nchannels = \"1-2\"\n\
             far = { peer = { port = 3000, to = \"127.0.0.1:9\" } }",
            "t/1/2: peer: port 3000 is there twice",
        ),
        (
            "[[line]]\nname = \"a\"\nfar = { peer = { port = 3000, to = \"127.0.0.1:9\", events = 8 } }",
            "a: peer: events 8 is none of 96 to 127",
        ),
        ("[binary]\nlevels = []\nkinds = {}", "binary: levels have"),
    ] {
        std::fs::write(&path, text).unwrap();
        let told = Lines::read(&path).unwrap_err().to_string();
        assert!(told.contains(expected), "{told}");
    }
    std::fs::remove_file(&path).unwrap();
}

#[test]
fn what_no_line_can_do_is_refused() {
    let tone = |hz: u32| format!("[[line]]\nname = \"l/1\"\nfar = {{ tone = {{ hz = {hz} }} }}\n");
    assert!(parsed(&tone(425)).is_ok());
    for hz in [0, 4_000, 65_535] {
        assert!(parsed(&tone(hz)).unwrap_err().contains("100 to 3999 Hz"));
    }
    let record = |name, file| format!("[[line]]\nname = \"{name}\"\nrecord = \"{file}\"\n");
    let two = |file| parsed(&(record("l/1", "a.wav") + &record("l/2", file)));
    assert_eq!(two("b.wav").unwrap().len(), 2);
    assert!(two("a.wav").unwrap_err().contains("a.wav is there twice"));
    let many: String = (0..=LINES_MAX)
        .map(|n| format!("[[line]]\nname = \"l/{n}\"\n"))
        .collect();
    assert!(parsed(&many).unwrap_err().contains("are the most"));
}

#[test]
fn what_is_no_file_is_not_waited_for() {
    for path in ["/dev/zero", "/dev/null"] {
        let error = Lines::services(Path::new(path)).unwrap_err().to_string();
        assert_eq!(error, format!("{path}: expected a file"));
    }
}

#[test]
fn a_channel_is_told_of_once() {
    let channel = "[[trunk.channel]]\nnumber = 3\n";
    let trunk = format!("[[trunk]]\nname = 't'\nchannels = '1-9'\n{channel}");
    assert_eq!(parsed(&trunk).map(|lines| lines.len()), Ok(9));
    let error = parsed(&(trunk + channel)).unwrap_err();
    assert_eq!(error, "t: channel 3 is there twice");
}
