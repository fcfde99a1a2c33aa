//! The two lines above a figure.

use super::canvas::{Align, Canvas, Text};
use super::colour::Rgb;
use super::style::Style;

/// Space between the edge of the paper and all elements.
pub(super) const MARGIN: f64 = 5.0;

/// Draws a heading with the overall status at its right, and a line of details; returns the lower end of the heading.
pub(super) fn draw(canvas: &mut Canvas, style: &Style, title: &str, status: (&str, Rgb), details: &str) -> f64 {
    let (text, ink) = (&style.text, style.colour.text);
    let room = canvas.width - 2.0 * MARGIN;
    let first = MARGIN + 0.85 * text.title;
    let status = Text::new(status.0, (canvas.width - MARGIN, first), text.label, status.1)
        .align(Align::End)
        .bold()
        .fitted(0.45 * room);
    let title_room = if status.text.is_empty() { room } else { room - status.width() - 10.0 };
    canvas.text(Text::new(title, (MARGIN, first), text.title, ink).bold().fitted(title_room));
    canvas.text(status);
    let second = first + 4.0 + text.label;
    canvas.text(Text::new(details, (MARGIN, second), text.label, ink).fitted(room));
    second + 0.25 * text.label
}

/// Returns a line's label for a heading.
pub(super) fn line_name(label: &str) -> String {
    if label.to_lowercase().starts_with("line") { label.to_owned() } else { format!("Line {label}") }
}

/// Returns the text with a capital letter.
pub(super) fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().collect::<String>() + letters.as_str())
}

/// Returns a number with at most two decimals.
pub(super) fn short(value: f64) -> String {
    let text = format!("{value:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
