//! What figures say of soundings: how many there are, and what became of them.

use crate::plot::convergence::Outcome;
use crate::results::Survey;
use crate::schema::Status;
use crate::words::plural;

/// Describes the number of soundings, and how many of them have another status than converged.
pub(super) fn details(survey: &Survey) -> String {
    let mut details = format!("{} of {}", plural(survey.len(), "sounding"), survey.lines_in_words());
    for status in [Status::Usable, Status::NotConverged, Status::Failed, Status::NotRun] {
        let count = survey.statuses().iter().filter(|&&other| other == status).count();
        if count > 0 {
            details += &format!(", {count} {}", status.words());
        }
    }
    details
}

/// Returns the class of a status in figures.
pub(super) fn outcome(status: Status) -> Outcome {
    match status {
        Status::Converged => Outcome::Converged,
        Status::Usable => Outcome::Usable,
        Status::NotConverged => Outcome::NotConverged,
        _ => Outcome::WithoutResult,
    }
}
