//! Counts of the soundings in a directory of results.

use std::collections::BTreeMap;

use super::verdicts::{advice, meaning};
use crate::error::Result;
use crate::results::{Line, Survey, beside_status};
use crate::schema::{Reason, Status, Warning, fields};
use crate::words::plural;

/// Statuses in the order in which a line lists them: what needs attention is first.
const IN_ORDER: [Status; 6] =
    [Status::NoData, Status::Failed, Status::NotConverged, Status::Usable, Status::Converged, Status::NotRun];

/// `10 chains disagree, 2 poor fit`
fn counted(reasons: &[(Reason, usize)]) -> String {
    reasons.iter().map(|(reason, count)| format!("{count} {}", reason.words())).collect::<Vec<_>>().join(", ")
}

/// Numbers of soundings of all lines by status, and their computing time.
#[derive(Debug, Default)]
pub struct StatusCounts {
    lines: usize,
    /// Number of soundings with results of a smaller budget than the run has now.
    again: usize,
    counts: [usize; Status::ALL.len()],
    /// Number of soundings by number of status and of reason.
    reasons: BTreeMap<(i8, i8), usize>,
    /// Number of soundings by warning, for the warnings that are printed in addition to the status.
    warnings: [usize; Warning::ALL.len()],
    /// CPU time of the soundings with a posterior.
    cpu_seconds: f64,
    iterations: f64,
}

impl StatusCounts {
    /// Counts the soundings of results.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn take(survey: &Survey) -> Result<Self> {
        let mut status_counts = Self { again: survey.asked_again(), ..Self::default() };
        for number in survey.line_numbers() {
            status_counts.add(&survey.line(number)?)?;
        }
        Ok(status_counts)
    }

    fn add(&mut self, line: &Line<'_>) -> Result<()> {
        let (cpu, after) = (line.numbers(&fields::CPU_SECONDS)?, line.numbers(&fields::ITERATIONS)?);
        let (before, chains) = (line.numbers(&fields::BURN_IN)?, line.survey().constant(&fields::CHAIN)?.len());
        let reasons = line.numbers(&fields::STATUS_REASON)?;
        // Files before schema 2.5 have no warnings.
        let has_warnings = line.survey().has(&fields::STATUS_WARNINGS)?;
        let warnings = if has_warnings { Some(line.numbers(&fields::STATUS_WARNINGS)?) } else { None };
        self.lines += 1;
        for (i, &status) in line.statuses().iter().enumerate() {
            self.counts[status as usize] += 1;
            if status != Status::NotRun {
                *self.reasons.entry((status as i8, reasons[i] as i8)).or_default() += 1;
            }
            if status.has_posterior() {
                let warnings = warnings.as_ref().map_or(0, |warnings| warnings[i] as i32);
                beside_status(warnings).for_each(|warning| self.warnings[warning as usize] += 1);
                self.cpu_seconds += cpu[i];
                self.iterations += (before[i] + after[i]) * chains as f64;
            }
        }
        Ok(())
    }

    /// Number of soundings.
    pub fn total(&self) -> usize {
        self.counts.iter().sum()
    }

    /// `80 soundings on 2 lines: 12 not converged, 68 converged`
    pub fn shares(&self) -> String {
        let share = |status: Status| {
            let count = self.counts[status as usize];
            (count > 0).then(|| format!("{count} {}", status.words()))
        };
        let shares: Vec<String> = IN_ORDER.into_iter().filter_map(share).collect();
        format!("{} soundings on {}: {}", self.total(), plural(self.lines, "line"), shares.join(", "))
    }

    /// Explains the statuses, their reasons and the other warnings, and says what helps: one line each.
    pub fn verdicts(&self) -> Vec<String> {
        let mut lines = Vec::new();
        if self.again > 0 {
            let again = plural(self.again, "sounding");
            lines.push(format!("{again} still with results of a smaller budget, which the larger one may change"));
        }
        let mut to_help = Vec::new();
        for status in IN_ORDER {
            let of_status = self.reasons.iter().filter(|((code, _), _)| *code == status as i8);
            let reasons: Vec<(Reason, usize)> =
                of_status.filter_map(|((_, code), count)| Some((Reason::from_code(*code)?, *count))).collect();
            if let Some(meaning) = meaning(status).filter(|_| !reasons.is_empty()) {
                lines.push(format!("{}: {meaning} ({})", status.words(), counted(&reasons)));
            }
            to_help.extend(reasons.into_iter().map(|(reason, _)| reason));
        }
        let warnings = Warning::ALL.into_iter().map(|warning| (Reason::from(warning), self.warnings[warning as usize]));
        let warnings: Vec<(Reason, usize)> = warnings.filter(|(_, count)| *count > 0).collect();
        if !warnings.is_empty() {
            lines.push(format!("whatever the status: {}", counted(&warnings)));
        }
        to_help.extend(warnings.into_iter().map(|(reason, _)| reason));
        let helps = Reason::ALL.into_iter().filter(|reason| to_help.contains(reason));
        lines.extend(helps.filter_map(|reason| Some(format!("{}: {}", reason.words(), advice(reason)?))));
        lines
    }

    /// Returns the computing time per sounding, if any sounding was sampled.
    pub fn cost(&self) -> Option<String> {
        let sampled = Status::ALL.into_iter().filter(|status| status.has_posterior());
        let sampled = sampled.map(|status| self.counts[status as usize]).sum::<usize>() as f64;
        (sampled > 0.0).then(|| {
            format!(
                "{:.2} CPU seconds and {:.0} thousand iterations per sounding, {:.0} thousand iterations per CPU second",
                self.cpu_seconds / sampled,
                self.iterations / sampled / 1e3,
                self.iterations / self.cpu_seconds / 1e3
            )
        })
    }
}
