//! Says which numbers of a survey seem to mean "missing", and what to set.

use crate::survey::{ColumnQuantity, SurveyFile, Suspect};

/// Largest number of names of columns in a message.
const NAMES: usize = 4;
/// Largest number of values that are told about one by one.
const VALUES: usize = 6;

/// A number that seems to mean "missing" although neither the survey file nor the configuration says so.
#[derive(Debug, Clone, PartialEq)]
pub struct UndeclaredNull {
    /// What was found and what to do.
    pub message: String,
    /// True when the number cannot be a measurement.
    pub is_certain: bool,
}

/// Returns the undeclared nulls of a survey whose configuration has the nulls `declared`; the certain ones come first. There are
/// at most a few messages, one for each number.
pub fn undeclared_nulls(survey: &SurveyFile, declared: &[f64]) -> Vec<UndeclaredNull> {
    let mut suspects: Vec<&Suspect> = survey.suspects().iter().collect();
    // Certain numbers first, then the frequent ones.
    suspects.sort_by_key(|suspect| (!suspect.is_certain, std::cmp::Reverse(suspect.count)));
    let mut values: Vec<f64> = Vec::new();
    for suspect in &suspects {
        if !values.contains(&suspect.value) {
            values.push(suspect.value);
        }
    }
    let certain = values.iter().filter(|value| suspects.iter().any(|s| s.value == **value && s.is_certain));
    let certain: Vec<f64> = declared.iter().chain(certain).copied().collect();
    let of_value = |&value: &f64| {
        let same: Vec<&Suspect> = suspects.iter().filter(|suspect| suspect.value == value).copied().collect();
        null_of(&same, &certain)
    };
    let mut nulls: Vec<UndeclaredNull> = values.iter().take(VALUES).map(of_value).collect();
    if values.len() > VALUES {
        let more: Vec<String> = values[VALUES..].iter().take(VALUES).map(|value| format!("{value:?}")).collect();
        let dots = if values.len() > 2 * VALUES { ", ..." } else { "" };
        let message = format!("{} more numbers may mean \"missing\": {}{dots}", values.len() - VALUES, more.join(", "));
        nulls.push(UndeclaredNull { message, is_certain: false });
    }
    nulls
}

/// Describes one number, with all quantities in which it was found. `nulls` are the numbers that should be declared.
fn null_of(suspects: &[&Suspect], nulls: &[f64]) -> UndeclaredNull {
    let value = suspects[0].value;
    let is_certain = suspects.iter().any(|suspect| suspect.is_certain);
    let count: usize = suspects.iter().map(|suspect| suspect.count).sum();
    let places: Vec<String> = suspects.iter().map(|suspect| place(suspect)).collect();
    let times = if count == 1 { "once".to_owned() } else { format!("{count} times") };
    let verb = if is_certain { "means" } else { "may mean" };
    let mut message = format!("the number {value:?} {verb} \"missing\". It occurs {times}: {}. ", places.join("; "));
    let needed_in = suspects.iter().find_map(|suspect| suspect.needed_in.as_ref());
    match needed_in {
        Some(column) => {
            message += &format!(
                "Empty these cells in the file; columns.null_values cannot have this number, because column {column} needs it"
            );
        }
        None => {
            let mut nulls = nulls.to_vec();
            if !nulls.contains(&value) {
                nulls.push(value);
            }
            let start = if is_certain { "Set" } else { "If it does, set" };
            message += &format!("{start} columns.null_values = {nulls:?}");
        }
    }
    if suspects.iter().any(|suspect| suspect.quantity.is_required()) {
        message += "; survey.allow_rejected_rows = true leaves out the soundings whose position, height or attitude is missing";
    }
    UndeclaredNull { message, is_certain }
}

fn place(suspect: &Suspect) -> String {
    let Suspect { columns, quantity, others, .. } = suspect;
    let names = match columns.len().checked_sub(NAMES) {
        Some(more) if more > 0 => format!("columns {} and {more} more", columns[..NAMES].join(", ")),
        _ if columns.len() == 1 => format!("column {}", columns[0]),
        _ => format!("columns {}", columns.join(", ")),
    };
    let others = match others {
        Some((low, high)) if *quantity != ColumnQuantity::Key => {
            format!(", where other numbers are {} to {}", short(*low), short(*high))
        }
        Some(_) => String::new(),
        None => ", where there is no other number".to_owned(),
    };
    format!("{} ({names}{others})", quantity.word())
}

/// Formats a number with about four digits.
fn short(value: f64) -> String {
    if value != 0.0 && !(1e-3..1e7).contains(&value.abs()) {
        return format!("{value:.3e}");
    }
    let rounded = if value.abs() >= 1e3 { format!("{value:.0}") } else { format!("{value:.3}") };
    if rounded.contains('.') { rounded.trim_end_matches('0').trim_end_matches('.').to_owned() } else { rounded }
}
