use super::*;
use crate::sound;

fn folder(name: &str) -> PathBuf {
    let name = format!("mg-recorder-{name}-{}", std::process::id());
    let folder = std::env::temp_dir().join(name);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// What a file holds, at 8 kHz.
fn narrow(path: &Path) -> Vec<i16> {
    let sound = sound::read(path, 0).unwrap();
    sound.samples.at(Rate::Narrow).unwrap().to_vec()
}

fn frame(source: Source, at: Instant, rate: Rate, sample: i16) -> Entry {
    Entry::from(Recorded {
        source,
        at,
        rate,
        samples: &vec![sample; rate.frame()],
    })
}

fn end(source: Source, at: Instant) -> Entry {
    let (rate, samples) = (Rate::Narrow, &[][..]);
    Entry::from(Recorded {
        source,
        at,
        rate,
        samples,
    })
}

#[test]
fn each_line_has_its_file_and_the_others_none() {
    let folder = folder("lines");
    let paths = [0, 1].map(|n| folder.join(format!("{n}.wav")));
    let wanted = [Some(paths[0].clone()), None, Some(paths[1].clone())];
    let (recorder, ends) = Recorder::start(&wanted, None).unwrap().unwrap();
    let now = transport_h248_tokio::clock::now();
    for line in [0, 1, 2, 2, 9] {
        let source = Source::Line(LineRef(line));
        let entry = frame(source, now, Rate::Narrow, line as i16 + 1);
        ends.entries.send(entry).unwrap();
    }
    drop(ends);
    recorder.finish().unwrap();
    let read = paths.map(|path| narrow(&path));
    assert_eq!(read, [vec![1; 160], vec![3; 320]]);
    std::fs::remove_dir_all(&folder).unwrap();
    let error = Recorder::start(&wanted, None).unwrap_err().to_string();
    assert!(error.starts_with("record "), "{error}");
    assert!(Recorder::start(&[None], None).unwrap().is_none());
    let error = Recorder::start(&[], Some(&folder)).unwrap_err().to_string();
    assert!(error.starts_with("recordings "), "{error}");
}

#[test]
fn what_is_lost_is_silence_other_rates_are_converted_and_no_file_is_written_over() {
    let folder = folder("signals");
    let (recorder, mut ends) = Recorder::start(&[], Some(&folder)).unwrap().unwrap();
    let now = transport_h248_tokio::clock::now();
    for signal in [1, 2] {
        let source = Source::Signal(SignalRef(signal));
        let begin = Entry::begin(SignalRef(signal), "../room".into());
        ends.entries.send(begin).unwrap();
        for (tick, rate) in [(0, Rate::Narrow), (1, Rate::Narrow), (10, Rate::Full)] {
            let at = now + Duration::from_millis(20) * tick;
            ends.entries.send(frame(source, at, rate, 1000)).unwrap();
        }
        ends.entries.send(end(source, now)).unwrap();
        let report = ends.reports.blocking_recv().unwrap();
        let file = ["_room.wav", "_room-2.wav"][signal as usize - 1];
        let wanted = Report::Recorded {
            signal: SignalRef(signal),
            file: Some(file.into()),
            time: Duration::from_millis(220),
        };
        assert_eq!(report, wanted);
        let samples = narrow(&folder.join(file));
        assert_eq!(samples.len(), 11 * 160);
        assert!(samples[..320].iter().all(|&sample| sample == 1000));
        assert!(samples[320..1600].iter().all(|&sample| sample == 0));
        assert!((900..1100).contains(&samples[1700]));
    }
    ends.entries
        .send(end(Source::Signal(SignalRef(9)), now))
        .unwrap();
    let report = ends.reports.blocking_recv().unwrap();
    assert!(matches!(report, Report::Recorded { file: None, .. }));
    drop(ends);
    recorder.finish().unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn what_cannot_be_written_is_told_before_it_is_over() {
    let folder = folder("gone");
    let (recorder, mut ends) = Recorder::start(&[], Some(&folder)).unwrap().unwrap();
    let now = transport_h248_tokio::clock::now();
    let mut begin = |signal| {
        let begin = Entry::begin(SignalRef(signal), "full".into());
        ends.entries.send(begin).unwrap();
    };
    (0..=FILES_MAX as u32).for_each(&mut begin);
    let lost = |signal| Report::Recorded {
        signal: SignalRef(signal),
        file: None,
        time: Duration::ZERO,
    };
    let refused = ends.reports.blocking_recv();
    assert_eq!(refused, Some(lost(FILES_MAX as u32)));
    std::fs::remove_dir_all(&folder).unwrap();
    for _ in 0..2 {
        let source = Source::Signal(SignalRef(7));
        let entry = frame(source, now, Rate::Narrow, 1000);
        ends.entries.send(entry).unwrap();
    }
    assert_eq!(ends.reports.blocking_recv(), Some(lost(7)));
    drop(ends.entries);
    assert_eq!(ends.reports.blocking_recv(), None, "it is told once");
    recorder.finish().unwrap();
}

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "another thread writes the files that are waited for"
)]
fn what_was_written_can_be_read_before_the_file_is_ended() {
    let folder = folder("killed");
    let (recorder, ends) = Recorder::start(&[], Some(&folder)).unwrap().unwrap();
    let now = transport_h248_tokio::clock::now();
    for (signal, name) in [(1, "a.wav"), (2, "a.opus")] {
        let source = Source::Signal(SignalRef(signal));
        let begin = Entry::begin(SignalRef(signal), name.into());
        ends.entries.send(begin).unwrap();
        for tick in 0..125 {
            let at = now + Duration::from_millis(20) * tick;
            ends.entries
                .send(frame(source, at, Rate::Full, 1000))
                .unwrap();
        }
    }
    let copies =
        || ["a.wav", "a.opus"].map(|name| std::fs::read(folder.join(name)).unwrap_or_default());
    // Neither file is ended, and there is no more to come.
    let deadline = now + Duration::from_secs(20);
    let enough = |[wav, opus]: &[Vec<u8>; 2]| {
        let pages = opus.windows(4).filter(|octets| *octets == b"OggS").count();
        wav.len() > 2 * 96_000 && pages >= 4
    };
    while !enough(&copies()) && transport_h248_tokio::clock::now() < deadline {
        thread::sleep(Duration::from_millis(10));
    }
    let [wav, opus] = copies();
    let reader = hound::WavReader::new(&wav[..]).unwrap();
    assert!(reader.duration() >= 2 * 48_000, "{}", reader.duration());
    let mut pages = ogg::PacketReader::new(io::Cursor::new(opus));
    let mut packets = 0;
    while let Ok(Some(_)) = pages.read_packet() {
        packets += 1;
    }
    assert!(packets >= 2 + 99, "{packets}");
    drop(ends);
    recorder.finish().unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
}
