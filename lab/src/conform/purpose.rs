//! One purpose of the catalogue: what stands in the head of its block.

use std::{fmt, str::FromStr};

/// Who is under test.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Role {
    /// A gateway; the tool is its controller.
    Mg,
    /// A controller; the tool is its gateway.
    Mgc,
}

impl Role {
    /// The word in folders and options.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Mg => "mg",
            Self::Mgc => "mgc",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Mg => "MG",
            Self::Mgc => "MGC",
        })
    }
}

impl FromStr for Role {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "mg" | "MG" => Ok(Self::Mg),
            "mgc" | "MGC" => Ok(Self::Mgc),
            other => Err(format!("a role is mg or mgc, not {other}")),
        }
    }
}

/// In which encoding a purpose can be played.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Spoken {
    /// Text only.
    Text,
    /// Binary only.
    Binary,
    /// Both.
    Any,
}

/// An item of the PICS that must be answered so.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Need {
    /// Its name.
    pub item: String,
    /// The answer.
    pub yes: bool,
}

impl fmt::Display for Need {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let not = if self.yes { "" } else { "!" };
        write!(f, "{not}{}", self.item)
    }
}

/// A block of the catalogue.
#[derive(Clone, Debug)]
pub struct Purpose {
    /// Its stable id.
    pub id: String,
    /// Who is under test.
    pub role: Role,
    /// The two letters of the group.
    pub group: String,
    /// The lowest negotiated version.
    pub version: u8,
    /// In which encoding.
    pub spoken: Spoken,
    /// The clauses, and the letters of what they were checked against.
    pub clause: String,
    /// Whether every implementation has to meet it.
    pub mandatory: bool,
    /// What selects it.
    pub needs: Vec<Need>,
    /// `media`, `slow`, `prompt`, `trig`.
    pub tags: Vec<String>,
    /// What must be observed.
    pub title: String,
    /// The initial state.
    pub given: String,
    /// The file that it stands in, and the line of the block.
    pub place: (String, usize),
    /// The whole block.
    pub text: String,
}

impl Purpose {
    /// `BV`, `BI` or `TI`.
    pub fn kind(&self) -> &str {
        self.id.rsplit('_').nth(1).unwrap_or_default()
    }

    /// The id without `TP_` and the role.
    pub fn short(&self) -> &str {
        let rest = self.id.strip_prefix("TP_MGC_");
        rest.or(self.id.strip_prefix("TP_MG_")).unwrap_or(&self.id)
    }

    /// What stands in a line of the file, where that is one of this block.
    pub fn step(&self, number: usize) -> Option<&str> {
        let at = number.checked_sub(self.place.1)?;
        self.text.lines().nth(at).map(str::trim)
    }

    /// Whether a selection of ids names it: by its id, its short id, or the beginning of one (`AD`, `AD_BV_0`).
    pub fn is_named(&self, words: &[String]) -> bool {
        let mut words = words.iter().filter(|word| !word.is_empty());
        words.any(|word| self.id.starts_with(&**word) || self.short().starts_with(&**word))
    }

    /// Reads the head of a block.
    pub(super) fn read(text: &str, place: (String, usize)) -> Result<Self, String> {
        let head = Head::read(text);
        let at = |what: String| format!("{}:{}: {what}", place.0, place.1);
        let wanted = |word: &str| {
            let value = head.value(word);
            value.ok_or_else(|| at(format!("no `{word}:` in this block")))
        };
        let id = wanted("purpose")?.to_owned();
        let (role, group) = role_and_group(&id).ok_or_else(|| {
            at(format!(
                "an id is TP_ROLE_GROUP_TYPE_NN, such as TP_MG_AD_BV_01; found {id}"
            ))
        })?;
        let (version, mut spoken) = version(wanted("version")?).map_err(&at)?;
        if text.lines().any(|line| line.trim_end() == "text-only") {
            spoken = Spoken::Text;
        }
        let (mandatory, mut needs) = status(wanted("status")?).map_err(&at)?;
        needs.extend(head.value("needs").into_iter().flat_map(needs_of));
        let tags = head.value("tags").unwrap_or_default();
        Ok(Self {
            clause: wanted("clause")?.to_owned(),
            title: wanted("title")?.to_owned(),
            given: head.value("given").unwrap_or("S1").to_owned(),
            tags: tags.split_whitespace().map(str::to_owned).collect(),
            id,
            role,
            group,
            version,
            spoken,
            mandatory,
            needs,
            text: text.to_owned(),
            place,
        })
    }
}

/// The words and their values, of what stands at the margin.
struct Head<'a>(Vec<(&'a str, &'a str)>);

impl<'a> Head<'a> {
    fn read(text: &'a str) -> Self {
        let lines = text.lines().filter_map(|line| line.split_once(':'));
        Self(lines.map(|(word, value)| (word, value.trim())).collect())
    }

    fn value(&self, word: &str) -> Option<&'a str> {
        let mut lines = self.0.iter();
        lines.find(|(own, _)| *own == word).map(|(_, value)| *value)
    }
}

fn role_and_group(id: &str) -> Option<(Role, String)> {
    let words: Vec<&str> = id.split('_').collect();
    let [tp, role, group, kind, number] = words[..] else {
        return None;
    };
    let right = tp == "TP"
        && ["BV", "BI", "TI"].contains(&kind)
        && group.len() == 2
        && number.parse::<u8>().is_ok();
    let role = match role {
        "MG" => Role::Mg,
        "MGC" => Role::Mgc,
        _ => return None,
    };
    right.then(|| (role, group.to_owned()))
}

fn version(text: &str) -> Result<(u8, Spoken), String> {
    let wrong = || format!("`version:` is N+ and any, text or bin; found {text}");
    let (version, spoken) = text.split_once(' ').ok_or_else(wrong)?;
    let version = version.trim_end_matches('+').parse().map_err(|_| wrong())?;
    let spoken = match spoken.trim() {
        "any" => Spoken::Any,
        "text" => Spoken::Text,
        "bin" => Spoken::Binary,
        _ => return Err(wrong()),
    };
    Ok((version, spoken))
}

fn status(text: &str) -> Result<(bool, Vec<Need>), String> {
    match text.split_once(':') {
        None if text == "M" => Ok((true, Vec::new())),
        None if text == "O" => Ok((false, Vec::new())),
        Some(("O", needs)) => Ok((false, needs_of(needs).collect())),
        Some(("M", needs)) => Ok((true, needs_of(needs).collect())),
        None | Some(_) => Err(format!("`status:` is M or O: ITEM, !ITEM; found {text}")),
    }
}

fn needs_of(text: &str) -> impl Iterator<Item = Need> {
    let words = text.split([',', ' ']).filter(|word| !word.is_empty());
    words.map(|word| Need {
        item: word.trim_start_matches('!').to_owned(),
        yes: !word.starts_with('!'),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const BLOCK: &str = "purpose: TP_MG_MO_BV_09\nversion: 2+ text\nclause: 7.1.18, 7.1.6 (R)\n\
                         status: O: PIC_MOVE, !PIC_MUX\nneeds: PIC_MULTI\ntags: media slow\n\
                         title: who is moved is heard\ngiven: S6\nsend: Context=@C1 {Move=@F1}\n";

    fn read(text: &str) -> Result<Purpose, String> {
        Purpose::read(text, ("MO.txt".to_owned(), 7))
    }

    #[test]
    fn a_head_is_read() {
        let purpose = read(BLOCK).unwrap();
        assert_eq!((purpose.role, purpose.group.as_str()), (Role::Mg, "MO"));
        assert_eq!((purpose.kind(), purpose.short()), ("BV", "MO_BV_09"));
        assert_eq!((purpose.version, purpose.spoken), (2, Spoken::Text));
        assert!(!purpose.mandatory);
        let needs: Vec<String> = purpose.needs.iter().map(ToString::to_string).collect();
        assert_eq!(needs, ["PIC_MOVE", "!PIC_MUX", "PIC_MULTI"]);
        assert_eq!(purpose.tags, ["media", "slow"]);
        assert_eq!(purpose.given, "S6");
        let any = BLOCK.replacen("2+ text", "2+ any", 1);
        assert_eq!(read(&any).unwrap().spoken, Spoken::Any);
        let text = any.replacen("tags:", "text-only\ntags:", 1);
        assert_eq!(read(&text).unwrap().spoken, Spoken::Text);
    }

    #[test]
    fn a_selection_names_ids_and_their_beginnings() {
        let purpose = read(BLOCK).unwrap();
        for word in [
            "MO",
            "M",
            "MO_B",
            "MO_BV_0",
            "MO_BV_09",
            "TP_MG_MO_BV_09",
            "TP_MG",
        ] {
            assert!(purpose.is_named(&[word.to_owned()]), "{word}");
        }
        for word in ["O", "MO_BV_1", "MO_BV_090", "TP_MGC", "AD", "BV", ""] {
            assert!(!purpose.is_named(&[word.to_owned()]), "{word}");
        }
    }

    #[test]
    fn what_is_wrong_in_a_head_is_said_with_its_place() {
        let wrong = [
            ("TP_MG_MO_BV_09", "MG_MO_1", "MO.txt:7: an id is"),
            ("2+ text", "2", "MO.txt:7: `version:` is"),
            ("O: PIC_MOVE, !PIC_MUX", "maybe", "MO.txt:7: `status:` is"),
            ("title:", "headline:", "MO.txt:7: no `title:`"),
        ];
        for (right, wrong, told) in wrong {
            let error = read(&BLOCK.replacen(right, wrong, 1)).unwrap_err();
            assert!(error.starts_with(told), "{error}");
        }
    }
}
