//! The reference's examples: pretty, compact and binary say the same, and binary is written to the
//! same octets.

use codec_h248::{Limits, Message, Style, TextProfile, binary, decode, encode};

use super::{examples, profile::provisioned};

fn written(message: &Message<'_>, style: Style) -> Vec<u8> {
    let mut octets = Vec::new();
    encode(message, &TextProfile::of(style), &mut octets);
    octets
}

/// The message in small letters; the binary examples have the texts for people so, call the profile
/// by another name, and keep the backslash of an escaped brace.
fn folded(message: &Message<'_>) -> String {
    let text = String::from_utf8_lossy(&written(message, Style::Compact)).to_lowercase();
    text.replace("confms/1", "resgw/1")
        .replace("\\\\}", "\\}")
        .replace("\r\n", "\n")
}

/// Examples whose octets say something else than their text: they have no mark of a range and
/// another number for a parameter of `al/fl`, the digits of a point code instead of the code, and
/// another number for the signal `an/apf`.
const UNLIKE: [&str; 3] = ["081-auditcap-reply", "122-mid-mtp", "c06-announcement-done"];

#[test]
fn all_forms_of_an_example_say_the_same() {
    let profile = provisioned(5);
    let limits = Limits::default();
    let (mut forms, mut equal, mut unlike, mut folded_only) = (0, 0, 0, Vec::new());
    for example in examples::all() {
        let name = &example.name;
        let pretty = decode(&example.pretty, &limits).unwrap_or_else(|e| panic!("{name}: {e}"));
        for style in [Style::Pretty, Style::Compact] {
            let again = written(&pretty, style);
            assert_eq!(decode(&again, &limits).as_ref(), Ok(&pretty), "{name}");
        }
        if let Some(octets) = &example.compact {
            forms += 1;
            let compact = decode(octets, &limits).unwrap_or_else(|e| panic!("{name}: {e}"));
            // What stands in a digit map's body stays as it is spelled.
            if *name == "040-modify-events-digitmap" {
                assert_eq!(
                    folded(&compact),
                    folded(&pretty).replace(" | ", "|"),
                    "{name}"
                );
            } else {
                assert_eq!(compact, pretty, "{name}");
            }
        }
        if let Some(octets) = &example.binary {
            forms += 1;
            let binary = binary::decode(octets, &limits, &profile);
            let binary = binary.unwrap_or_else(|e| panic!("{name}: {e}"));
            if binary == pretty {
                equal += 1;
            } else if UNLIKE.contains(&name.as_str()) {
                unlike += 1;
            } else {
                assert_eq!(folded(&binary), folded(&pretty), "{name}");
                folded_only.push(name.clone());
            }
            let mut again = Vec::new();
            binary::encode(&binary, &profile, &mut again).unwrap_or_else(|e| panic!("{name}: {e}"));
            assert_eq!(&again, octets, "{name}: octets");
        }
    }
    println!("{forms} forms beside pretty; of the binary ones {equal} are equal as they are,");
    println!(
        "{} but for what the reference explains: {folded_only:?}",
        folded_only.len()
    );
    println!("{unlike} say something else than their text: {UNLIKE:?}");
}
