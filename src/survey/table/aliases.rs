//! Names that one quantity may have.

/// Names of one quantity, in whatever case; a `*` at the end stands for anything.
#[derive(Debug, Clone, Copy)]
pub(in super::super) enum Aliases {
    /// Any of these; two of them in one table are a mistake.
    Any(&'static [&'static str]),
    /// The first of these that the table has.
    First(&'static [&'static str]),
}

impl Aliases {
    /// The names, in groups of which the first that a table has any of counts.
    pub(super) fn groups(self) -> impl Iterator<Item = &'static [&'static str]> {
        match self {
            Self::Any(names) => names.chunks(names.len().max(1)),
            Self::First(names) => names.chunks(1),
        }
    }

    pub(super) fn names(self) -> &'static [&'static str] {
        let (Self::Any(names) | Self::First(names)) = self;
        names
    }
}

/// Whether a column's name is `alias`.
pub(super) fn is_named(name: &str, alias: &str) -> bool {
    match alias.strip_suffix('*') {
        Some(start) => name.get(..start.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(start)),
        None => name.eq_ignore_ascii_case(alias),
    }
}
