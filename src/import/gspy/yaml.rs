//! YAML as a tree, with access to values by their path.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use crate::error::{Error, InputError, Result};
use crate::text::read_text;

/// Largest size of a file in bytes. The reader itself limits nesting, nodes and the expansion of aliases.
const MAX_BYTES: usize = 1 << 24;

/// A value of any kind.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Node {
    Nothing,
    Flag(bool),
    Number(f64),
    Text(String),
    List(Vec<Node>),
    Map(BTreeMap<String, Node>),
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        struct Any;

        impl<'de> Visitor<'de> for Any {
            type Value = Node;

            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("a YAML value")
            }

            fn visit_unit<E>(self) -> std::result::Result<Node, E> {
                Ok(Node::Nothing)
            }

            fn visit_bool<E>(self, flag: bool) -> std::result::Result<Node, E> {
                Ok(Node::Flag(flag))
            }

            fn visit_i64<E>(self, number: i64) -> std::result::Result<Node, E> {
                Ok(Node::Number(number as f64))
            }

            fn visit_u64<E>(self, number: u64) -> std::result::Result<Node, E> {
                Ok(Node::Number(number as f64))
            }

            fn visit_f64<E>(self, number: f64) -> std::result::Result<Node, E> {
                Ok(Node::Number(number))
            }

            fn visit_str<E>(self, text: &str) -> std::result::Result<Node, E> {
                Ok(Node::Text(text.to_owned()))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> std::result::Result<Node, A::Error> {
                let mut nodes = Vec::new();
                while let Some(node) = list.next_element()? {
                    nodes.push(node);
                }
                Ok(Node::List(nodes))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> std::result::Result<Node, A::Error> {
                let mut nodes = BTreeMap::new();
                while let Some((key, node)) = map.next_entry()? {
                    nodes.insert(key, node);
                }
                Ok(Node::Map(nodes))
            }
        }

        deserializer.deserialize_any(Any)
    }
}

impl Node {
    /// Returns the value of `key` in a map.
    pub fn get(&self, key: &str) -> Option<&Node> {
        if let Node::Map(map) = self { map.get(key) } else { None }
    }

    /// Returns the elements of a list; a single value is a list of one.
    pub fn list(&self) -> &[Node] {
        if let Node::List(list) = self { list } else { std::slice::from_ref(self) }
    }

    pub fn number(&self) -> Option<f64> {
        if let Node::Number(number) = self { Some(*number).filter(|number| number.is_finite()) } else { None }
    }

    pub fn text(&self) -> Option<&str> {
        if let Node::Text(text) = self { Some(text) } else { None }
    }

    /// Returns the list with `N` numbers in each row.
    pub fn rows<const N: usize>(&self) -> Option<Vec<[f64; N]>> {
        let row = |row: &Node| {
            let numbers: Vec<f64> = row.list().iter().map(Node::number).collect::<Option<_>>()?;
            <[f64; N]>::try_from(numbers).ok()
        };
        self.list().iter().map(row).collect()
    }

    fn describe(&self) -> String {
        match self {
            Node::Nothing => "nothing".to_owned(),
            Node::Flag(flag) => flag.to_string(),
            Node::Number(number) => number.to_string(),
            Node::Text(text) => format!("{:?}", text.chars().take(40).collect::<String>()),
            Node::List(list) => format!("a list of {}", list.len()),
            Node::Map(_) => "a map".to_owned(),
        }
    }
}

/// A map in a file, with its path in the tree.
pub(super) struct Section<'a> {
    pub path: &'a Path,
    pub name: String,
    pub node: &'a Node,
}

impl<'a> Section<'a> {
    /// Returns the map `key`, which is required.
    pub fn section(&self, key: &str) -> Result<Section<'a>> {
        let name = format!("{}.{key}", self.name);
        match self.node.get(key) {
            Some(node @ Node::Map(_)) => Ok(Section { path: self.path, name, node }),
            _ => Err(self.wrong(key, "a map")),
        }
    }

    /// Returns the value of `key`, or its `values` if it is a map with attributes; `None` if there is no such key.
    pub fn value(&self, key: &str) -> Option<&'a Node> {
        let node = self.node.get(key)?;
        Some(node.get("values").unwrap_or(node)).filter(|node| **node != Node::Nothing)
    }

    /// Returns `value(key)`, converted by `convert`; the key is required.
    pub fn need<T>(&self, key: &str, expected: &str, convert: impl Fn(&'a Node) -> Option<T>) -> Result<T> {
        self.value(key).and_then(convert).ok_or_else(|| self.wrong(key, expected))
    }

    /// Returns the element `index` of the list `key`, which must have `count` elements.
    pub fn element(&self, key: &str, index: usize, count: usize) -> Result<&'a Node> {
        self.need(key, &format!("a list of {count}"), |node| {
            node.list().get(index).filter(|_| node.list().len() == count)
        })
    }

    /// Returns the number `index` of the list `key`; `None` if there is no such list. The list may have any length.
    pub fn optional_number(&self, key: &str, index: usize, count: usize) -> Result<Option<f64>> {
        self.value(key).map(|_| self.number(key, index, count)).transpose()
    }

    /// Returns the number `index` of the list `key`, which must have `count` elements.
    pub fn number(&self, key: &str, index: usize, count: usize) -> Result<f64> {
        self.element(key, index, count)?.number().ok_or_else(|| self.wrong(key, "numbers"))
    }

    /// Returns a list of names, which may be numbers.
    pub fn texts(&self, key: &str) -> Result<Vec<String>> {
        let name = |node: &Node| match node {
            Node::Text(text) => Some(text.trim().to_owned()),
            Node::Number(number) => Some(number.to_string()),
            _ => None,
        };
        self.need(key, "a name or a list of names", |node| node.list().iter().map(name).collect())
    }

    /// Returns the error about `key`.
    pub fn wrong(&self, key: &str, expected: impl fmt::Display) -> Error {
        let got = self.value(key).unwrap_or(&Node::Nothing).describe();
        InputError::file(self.path, format_args!("{got} as {}.{key}", self.name), expected)
    }
}

/// Reads the file at `path`.
pub(super) fn read(path: &Path) -> Result<Node> {
    let text = read_text(path)?;
    parse(&text, path)
}

pub(super) fn parse(text: &str, path: &Path) -> Result<Node> {
    if text.len() > MAX_BYTES {
        let expected = format!("a YAML file of at most {MAX_BYTES} bytes");
        return Err(InputError::file(path, format_args!("{} bytes", text.len()), expected));
    }
    let options = serde_saphyr::options! {
        with_snippet: false,
        // Without this, the orientation `y` would be read as "true".
        strict_booleans: true,
        non_finite_float_policy: serde_saphyr::NonFiniteFloatPolicy::AsString,
    };
    serde_saphyr::from_str_with_options(text, options).map_err(|error| {
        let line = error.location().map_or(1, |location| usize::try_from(location.line()).unwrap_or(1));
        let message = error.to_string();
        InputError::line(path, line, message.lines().next().unwrap_or_default(), "valid YAML")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_all_kinds() {
        let text = "a: 800E-06\nb: [1, .inf, ~]\nc: {values: -3.1810E-003, units: s}\nd: True\n0: n/a\n";
        let node = parse(text, Path::new("y")).unwrap();
        let section = Section { path: Path::new("y"), name: "top".to_owned(), node: &node };
        assert_eq!(section.value("a"), Some(&Node::Number(8e-4)));
        let list = [Node::Number(1.0), Node::Text(".inf".to_owned()), Node::Nothing];
        assert_eq!(section.value("b"), Some(&Node::List(list.to_vec())));
        assert_eq!(section.value("c"), Some(&Node::Number(-3.1810e-3)));
        assert_eq!(section.value("d"), Some(&Node::Flag(true)));
        assert_eq!(section.value("0"), Some(&Node::Text("n/a".to_owned())));
        let message = section.number("b", 2, 3).unwrap_err().to_string();
        assert_eq!(message, "y: got a list of 3 as top.b, expected numbers");
    }

    #[test]
    fn hostile_text_is_an_error() {
        let bomb: String = (1..40).map(|i| format!("a{i}: &a{i} [*a{}, *a{}]\n", i - 1, i - 1)).collect();
        for text in [format!("a0: &a0 [1, 1]\n{bomb}"), "[".repeat(100_000), "- ".repeat(100_000), "a: b: c".to_owned()]
        {
            let message = parse(&text, Path::new("y")).unwrap_err().to_string();
            assert!(message.starts_with("y, line ") && message.len() < 300, "{message}");
        }
    }
}
