//! The printed report of a check, and its exit code.

use std::process::ExitCode;

use crate::run::{Plan, Rejected, undeclared_nulls};
use crate::survey::Place;
use crate::words::plural;

/// Prints findings at once, and counts warnings and errors.
#[derive(Debug, Default)]
pub(super) struct Report {
    errors: usize,
    warnings: usize,
}

impl Report {
    /// Prints a fact.
    pub(super) fn line(&mut self, text: &str) {
        say!("{text}");
    }

    /// Prints the heading of a part.
    pub(super) fn heading(&mut self, text: &str) {
        say!("\n{text}");
    }

    /// Prints a warning: something unusual that may be intended.
    pub(super) fn warning(&mut self, text: &str) {
        self.warnings += 1;
        say!("  warning: {text}");
    }

    /// Prints an error: the run would fail, or its results would be wrong.
    pub(super) fn error(&mut self, text: &str) {
        self.errors += 1;
        say!("  ERROR: {text}");
    }

    /// Prints the rows that are not soundings.
    pub(super) fn rejected(&mut self, plan: &Plan) {
        let (path, rejected) = (plan.survey.path(), &plan.survey.rejected);
        self.line(&format!("survey {}", path.display()));
        if rejected.is_empty() {
            return;
        }
        let text =
            format!("{} that cannot be read, or repeat another's line and fiducial:", plural(rejected.len(), "row"));
        if !plan.config.survey.allow_rejected_rows {
            self.error(&format!("{text} correct the file, or set survey.allow_rejected_rows = true"));
        } else if rejected.len() > plan.survey.places().len() {
            self.error(&format!("{text} more than are left; the columns are wrong"));
        } else {
            self.warning(&text);
        }
        Rejected::new(rejected).to_string().lines().for_each(|line| say!("  {line}"));
        if plan.survey.places().is_empty() {
            self.error("there is no sounding");
        }
    }

    /// Prints the numbers that seem to mean "missing".
    pub(super) fn nulls(&mut self, plan: &Plan) {
        for null in undeclared_nulls(&plan.survey, &plan.config.columns.null_values) {
            if null.is_certain {
                self.error(&null.message);
            } else {
                self.warning(&null.message);
            }
        }
    }

    /// Prints the number of soundings and lines.
    pub(super) fn survey(&mut self, plan: &Plan, places: &[Place]) {
        let line_count = places.chunk_by(|a, b| a.line_number == b.line_number).count();
        let all = plan.survey.places().len();
        let of_all = if all == places.len() { String::new() } else { format!(" chosen of {all}") };
        let lines = plural(line_count, "line");
        self.line(&format!("  {} soundings{of_all} on {lines}", places.len()));
        plan.survey.warnings.iter().for_each(|warning| self.warning(warning));
        if places.len() > 20 && 2 * line_count > places.len() {
            self.warning("fewer than two soundings on a line: columns.line_number is probably another column");
        }
    }

    /// Prints the instrument.
    pub(super) fn system(&mut self, plan: &Plan) {
        let system = &plan.system;
        self.line(&format!("system {}; data in {}", system.description(), system.data_unit()));
    }

    /// Prints the summary and returns the exit code.
    pub(super) fn finish(self) -> ExitCode {
        let (errors, warnings) = (plural(self.errors, "error"), plural(self.warnings, "warning"));
        say!("\n{errors}, {warnings}");
        if self.errors == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}
