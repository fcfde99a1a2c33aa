//! Counts with nouns in singular or plural.

/// Formats a count: `1 line`, `2 lines`.
pub(crate) fn plural(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}
