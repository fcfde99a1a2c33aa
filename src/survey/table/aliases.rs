//! Alternative names of one quantity.

/// Names of one quantity in upper or lower case; a `*` at the end matches any text.
#[derive(Debug, Clone, Copy)]
pub(in super::super) enum Aliases {
    /// Any of these names; a table with two of them is an error.
    Any(&'static [&'static str]),
    /// The first of these names that the table has.
    First(&'static [&'static str]),
}

impl Aliases {
    /// Returns the names in groups. The first group with a name that the table has is used.
    pub(super) fn groups(self) -> impl Iterator<Item = &'static [&'static str]> {
        match self {
            Self::Any(names) => names.chunks(names.len().max(1)),
            Self::First(names) => names.chunks(1),
        }
    }

    pub(in super::super) fn names(self) -> &'static [&'static str] {
        let (Self::Any(names) | Self::First(names)) = self;
        names
    }

    /// Lists the names.
    pub(in super::super) fn words(self) -> String {
        alternatives(self.names())
    }
}

/// Lists names, the last after "or".
pub(in super::super) fn alternatives(names: &[&str]) -> String {
    match names {
        [others @ .., last] if !others.is_empty() => format!("{} or {last}", others.join(", ")),
        _ => names.concat(),
    }
}

/// Returns whether a column's name is `alias`.
pub(super) fn is_named(name: &str, alias: &str) -> bool {
    match alias.strip_suffix('*') {
        Some(start) => name.get(..start.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(start)),
        None => name.eq_ignore_ascii_case(alias),
    }
}
