//! What a directory of results holds, counted.

use std::path::Path;

use super::plural::plural;
use crate::error::Result;
use crate::schema::{LineReader, Status, line_files};

/// Soundings of all lines by status, and what they cost.
#[derive(Debug, Default)]
pub(super) struct Census {
    lines: usize,
    counts: [usize; Status::ALL.len()],
    /// Of the soundings with a posterior.
    cpu_seconds: f64,
    iterations: f64,
}

impl Census {
    /// Of all line files below `directory`.
    pub(super) fn take(directory: &Path) -> Result<Self> {
        let mut census = Self::default();
        for path in line_files(directory)? {
            census.add(&LineReader::open(&path)?)?;
        }
        Ok(census)
    }

    fn add(&mut self, line: &LineReader) -> Result<()> {
        let (cpu, after) = (line.read::<f64>("cpu_seconds")?, line.read::<i64>("iterations")?);
        let (before, chains) = (line.read::<i64>("burn_in")?, line.read::<i32>("chain")?.len());
        self.lines += 1;
        for (i, status) in line.statuses()?.into_iter().enumerate() {
            self.counts[status as usize] += 1;
            if status.has_posterior() {
                self.cpu_seconds += cpu[i];
                self.iterations += ((before[i] + after[i]) * chains as i64) as f64;
            }
        }
        Ok(())
    }

    /// Number of soundings.
    pub(super) fn total(&self) -> usize {
        self.counts.iter().sum()
    }

    /// Number of soundings that are finished, whatever became of them.
    pub(super) fn finished(&self) -> usize {
        self.total() - self.counts[Status::NotRun as usize]
    }

    /// `80 soundings on 2 lines: 12 not converged, 68 converged`
    pub(super) fn shares(&self) -> String {
        let share = |status: Status| {
            let count = self.counts[status as usize];
            (count > 0).then(|| format!("{count} {}", status.name().replace('_', " ")))
        };
        let shares: Vec<String> = Status::ALL.into_iter().rev().filter_map(share).collect();
        format!("{} soundings on {}: {}", self.total(), plural(self.lines, "line"), shares.join(", "))
    }

    /// What a sounding cost, when any was sampled.
    pub(super) fn cost(&self) -> Option<String> {
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
