//! Names and cells in messages.

/// Largest number of names in one message; contractors' files have hundreds.
const MAX_LISTED: usize = 40;
/// Largest number of names in a message that is long without them.
const FEW: usize = 12;
/// Largest number of characters of a cell in one message.
const MAX_SHOWN: usize = 40;
/// Lists `names` in one line, up to a largest number.
pub(super) fn listed<S: AsRef<str>>(names: impl IntoIterator<Item = S>) -> String {
    listed_up_to(MAX_LISTED, names)
}

/// Lists the first of `names` in one line.
pub(super) fn listed_few<S: AsRef<str>>(names: impl IntoIterator<Item = S>) -> String {
    listed_up_to(FEW, names)
}

fn listed_up_to<S: AsRef<str>>(most: usize, names: impl IntoIterator<Item = S>) -> String {
    let names: Vec<String> = names.into_iter().map(|name| shortened(name.as_ref())).collect();
    match names.len().checked_sub(most) {
        Some(more) if more > 0 => format!("{} and {more} more", names[..most].join(", ")),
        _ => names.join(", "),
    }
}

/// A cell or a name, cut off after some characters.
pub(super) fn shortened(text: &str) -> String {
    match text.char_indices().nth(MAX_SHOWN) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text.to_owned(),
    }
}
