//! A message as an indented tree: the members of its JSON form, one a line.

use std::fmt;

use serde::{Deserialize, Deserializer, de};

/// A JSON value whose members keep their order.
enum Node {
    Plain(String),
    Text(String),
    List(Vec<Self>),
    Members(Vec<(String, Self)>),
}

/// A line, what stands below it further in, and what else belongs to the same entry of a list.
#[derive(Default)]
struct Branch {
    line: String,
    below: Vec<Self>,
    beside: Vec<Self>,
    /// Whether this is an entry of a list, which begins with a hyphen.
    entry: bool,
}

/// Draws a JSON value. A member that is alone stands on the line of what holds it, with a dot
/// between; entries of a list begin with a hyphen; text of several lines stands behind bars.
pub fn tree(json: &[u8]) -> Result<String, serde_json::Error> {
    let node: Node = serde_json::from_slice(json)?;
    let mut out = String::new();
    for branch in below(node) {
        branch.draw(0, &mut out);
    }
    Ok(out)
}

impl Branch {
    fn leaf(line: String) -> Self {
        Self {
            line,
            ..Self::default()
        }
    }

    fn draw(&self, depth: usize, out: &mut String) {
        out.extend(std::iter::repeat_n("  ", depth));
        let inner = if self.entry { depth + 1 } else { depth };
        if self.entry {
            out.push_str("- ");
        }
        out.push_str(&self.line);
        out.push('\n');
        for branch in &self.below {
            branch.draw(inner + 1, out);
        }
        for branch in &self.beside {
            branch.draw(inner, out);
        }
    }
}

/// The branches of what a node holds.
fn below(node: Node) -> Vec<Branch> {
    match node {
        Node::Members(members) => {
            let members = members.into_iter();
            members.map(|(name, node)| member(name, node)).collect()
        }
        Node::List(entries) => entries.into_iter().map(entry).collect(),
        Node::Text(text) => {
            let lines = text.lines();
            lines
                .map(|line| Branch::leaf(format!("| {}", shown(line))))
                .collect()
        }
        Node::Plain(line) => vec![Branch::leaf(line)],
    }
}

/// The branch of a node that has a name.
fn member(name: String, node: Node) -> Branch {
    if let Some(short) = short(&node) {
        return Branch::leaf(format!("{name}: {short}"));
    }
    match node {
        Node::Members(mut members) if members.len() == 1 => {
            let (inner, node) = members.remove(0);
            member(format!("{name}.{inner}"), node)
        }
        Node::Members(_) | Node::List(_) | Node::Text(_) | Node::Plain(_) => Branch {
            below: below(node),
            ..Branch::leaf(name)
        },
    }
}

/// The branch of a list's entry: its first member, and beside it the others.
fn entry(node: Node) -> Branch {
    let node = named(node);
    let mut first = match short(&node) {
        Some(short) => Branch::leaf(short),
        None => {
            let mut members = below(node).into_iter();
            let mut first = members.next().unwrap_or_default();
            first.beside.extend(members);
            first
        }
    };
    first.entry = true;
    first
}

/// A name and its value as one member of that name.
fn named(node: Node) -> Node {
    match node {
        Node::Members(members) => match <[_; 2]>::try_from(members) {
            Ok([(first, Node::Text(name)), (second, value)])
                if matches!(
                    (&*first, &*second),
                    ("name", "value") | ("statName", "statValue")
                ) =>
            {
                Node::Members(vec![(shown(&name), value)])
            }
            Ok(pair) => Node::Members(pair.into()),
            Err(members) => Node::Members(members),
        },
        Node::List(_) | Node::Text(_) | Node::Plain(_) => node,
    }
}

/// What fits behind a colon.
fn short(node: &Node) -> Option<String> {
    match node {
        Node::Plain(word) => Some(word.clone()),
        Node::Text(text) => (!text.contains('\n')).then(|| shown(text)),
        Node::Members(members) => match members.as_slice() {
            [(name, Node::Text(text))] if name == "quoted" => Some(format!("\"{}\"", shown(text))),
            _ => None,
        },
        Node::List(entries) if entries.is_empty() => Some("[]".to_owned()),
        Node::List(entries) => {
            let words: Option<Vec<_>> = entries.iter().map(short).collect();
            words.map(|words| words.join(", "))
        }
    }
}

/// Text that a terminal shows as it is.
fn shown(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_control() {
            shown.extend(c.escape_default());
        } else {
            shown.push(c);
        }
    }
    shown
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NodeVisitor)
    }
}

struct NodeVisitor;

impl<'de> de::Visitor<'de> for NodeVisitor {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, on: bool) -> Result<Node, E> {
        Ok(Node::Plain(on.to_string()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Node, E> {
        Ok(Node::Plain(number.to_string()))
    }

    fn visit_str<E>(self, text: &str) -> Result<Node, E> {
        Ok(Node::Text(text.to_owned()))
    }

    fn visit_seq<A: de::SeqAccess<'de>>(self, mut seq: A) -> Result<Node, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = seq.next_element()? {
            entries.push(entry);
        }
        Ok(Node::List(entries))
    }

    fn visit_map<A: de::MapAccess<'de>>(self, mut map: A) -> Result<Node, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(Node::Members(members))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_keep_their_order_and_lone_ones_share_a_line() {
        let document = br#"{"z":{"y":{"x":1}},"list":[{"id":2,"on":true},{"name":"a/b","value":{"quoted":"40"}},
            {"name":"a/c","value":{"unequalTo":"1"}},"word"],"flat":["a","b"],"none":[],
            "sdp":"v=0\r\nm=audio 1\n","deep":[{"one":{"a":1,"b":2}},{"p":{"a":1,"b":2},"q":3}]}"#;
        let wanted = "\
z.y.x: 1
list
  - id: 2
    on: true
  - a/b: \"40\"
  - a/c.unequalTo: 1
  - word
flat: a, b
none: []
sdp
  | v=0
  | m=audio 1
deep
  - one
      a: 1
      b: 2
  - p
      a: 1
      b: 2
    q: 3
";
        assert_eq!(tree(document).unwrap(), wanted);
    }

    #[test]
    fn nothing_that_moves_a_terminal_gets_through() {
        let drawn = tree(br#"{"a":"\u001b[2J","b":["x\ry\nz"]}"#).unwrap();
        assert_eq!(drawn, "a: \\u{1b}[2J\nb\n  - | x\\ry\n    | z\n");
    }
}
