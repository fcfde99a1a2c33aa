//! Breaks lines of a configuration.

/// Largest number of characters in a line.
pub(crate) const WIDTH: usize = 110;

/// Breaks `text` into lines of at most [`WIDTH`] characters that begin with `start`; longer words have a line of their
/// own.
pub(crate) fn wrap(text: &str, start: &str) -> String {
    let length = |text: &str| text.chars().count();
    let mut lines = vec![start.to_owned()];
    for word in text.split_whitespace() {
        let line = lines.last_mut().expect("there is one from the beginning");
        if length(line) + length(word) >= WIDTH && line.len() > start.len() {
            lines.push(format!("{start}{word}"));
        } else {
            line.push_str(if line.len() == start.len() { "" } else { " " });
            line.push_str(word);
        }
    }
    lines.iter().map(|line| format!("{}\n", line.trim_end())).collect()
}
