//! Names and cells in messages.

/// Names listed in one message; files of contractors have hundreds.
const MAX_LISTED: usize = 40;
/// Characters of a cell shown in one message.
const MAX_SHOWN: usize = 40;
/// `names` in a row, cut off after some.
pub(super) fn listed<S: AsRef<str>>(names: impl IntoIterator<Item = S>) -> String {
    let names: Vec<String> = names.into_iter().map(|name| shortened(name.as_ref())).collect();
    match names.len().checked_sub(MAX_LISTED) {
        Some(more) if more > 0 => format!("{} and {more} more", names[..MAX_LISTED].join(", ")),
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
