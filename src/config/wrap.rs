//! Lines of a configuration that are not too long.

/// Characters of a line.
pub(crate) const WIDTH: usize = 110;

/// The words of `text` in lines of at most [`WIDTH`] characters, `start` before each; longer words stand alone.
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
