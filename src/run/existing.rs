//! Results of earlier runs in the output directory: refused, removed, or continued, also with a larger budget.

use std::path::{Path, PathBuf};

use super::plan::Plan;
use crate::bayes::{Mixing, Sampled, SamplerSettings};
use crate::config::Config;
use crate::error::{Error, Result};
use crate::results::{ChangedKey, KeyKind, changed_keys, differences};
use crate::schema::{LineReader, SCHEMA_VERSION, Status, Warning, fields, line_files, update_line};
use crate::words::plural;

/// What a run does with results in its output directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Existing {
    /// The run continues them. With any [`Only`], it inverts only soundings that had such an outcome.
    Continue(Vec<Only>),
    /// The run removes them, of whatever run they are.
    Remove,
}

impl Default for Existing {
    fn default() -> Self {
        Self::Continue(Vec::new())
    }
}

/// Outcomes of soundings that a user may want to improve. Users read these words in `--help`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
pub enum Only {
    /// Another seed may give another answer
    NotConverged,
    /// Another seed gives nearly the same percentiles
    Usable,
    /// The models do not explain the data
    PoorFit,
    /// The computation failed
    Failed,
}

impl Only {
    /// Returns whether a sounding with these `status_warnings` belongs to the outcome.
    pub(super) fn has(self, status: Status, warnings: i32) -> bool {
        match self {
            Self::NotConverged => status == Status::NotConverged,
            Self::Usable => status == Status::Usable,
            Self::PoorFit => status.has_posterior() && Warning::in_set(warnings).any(|w| w == Warning::PoorFit),
            Self::Failed => status == Status::Failed,
        }
    }
}

/// A line file whose run had another budget or another description.
struct Changed {
    path: PathBuf,
    keys: Vec<ChangedKey>,
    /// For each sounding whether the larger budget may change its result.
    again: Vec<bool>,
    finished: usize,
}

/// Gives the results in `directory` the budget and the description of `plan`, and asks again for soundings that a larger
/// budget may change. Messages for the user are added to `notes`.
///
/// # Errors
/// Results are of another posterior or of a larger budget; nothing is changed then.
pub(super) fn take_over(directory: &Path, plan: &Plan, notes: &mut Vec<String>) -> Result<()> {
    let mut all = Vec::new();
    for path in line_files(directory)? {
        all.extend(changed(path, plan)?);
    }
    for line in &all {
        update_line(&line.path, &plan.run, &line.again)?;
    }
    tell(&all, notes);
    Ok(())
}

fn changed(path: PathBuf, plan: &Plan) -> Result<Option<Changed>> {
    let line = LineReader::open(&path)?;
    let same_crs = plan.run.crs.is_none() || line.crs() == plan.run.crs;
    let same_schema = line.schema_version() == SCHEMA_VERSION;
    if same_crs && same_schema && line.attribute("fingerprint")? == plan.run.fingerprint {
        return Ok(None);
    }
    let refused = |what: &str, help: &str| {
        let message = format!("holds results of {what}; nothing was changed: {help}");
        Err(Error::results(&path, message))
    };
    if let Some(what) = differences(&line, &plan.run)? {
        let help = "give another output directory, or --overwrite to start anew";
        return refused(&format!("another run ({what})"), help);
    }
    let then = line.configuration()?;
    let mut keys = changed_keys(&then, &plan.run.configuration);
    // A description that the configuration does not repeat stays.
    keys.retain(|changed| changed.kind() != KeyKind::Description || changed.now.is_some());
    if keys.is_empty() {
        return Ok(None);
    }
    let settings = Config::parse(&then, &path)?.sampler.settings();
    let larger = plan.config.sampler.settings();
    if !larger.allow_as_much_as(&settings) {
        let budget: Vec<String> =
            keys.iter().filter(|changed| changed.kind() == KeyKind::Budget).map(ChangedKey::to_string).collect();
        let help = "only a larger budget continues them; give the former values or larger ones, another output \
                    directory, or --overwrite to start anew";
        return refused(&format!("a run with another budget ({})", budget.join("; ")), help);
    }
    let again = again(&line, &settings, &larger)?;
    let finished = line.statuses()?.iter().filter(|&&status| status != Status::NotRun).count();
    Ok(Some(Changed { keys, again, finished, path }))
}

/// Returns for each sounding of a line whether the larger budget may change its result.
fn again(line: &LineReader, settings: &SamplerSettings, larger: &SamplerSettings) -> Result<Vec<bool>> {
    let column = |field| line.read_values(field).map(|values| values.to_f64());
    let (burn_in, iterations) = (column(&fields::BURN_IN)?, column(&fields::ITERATIONS)?);
    let (rhat, ess) = (column(&fields::RHAT_MAXIMUM)?, column(&fields::ESS_MINIMUM)?);
    let rung_rhat = column(&fields::RHAT_HOT_CHAINS)?;
    let is_again = |(sounding, status): (usize, &Status)| {
        let sampled = Sampled {
            burn_in: burn_in[sounding] as usize,
            iterations: iterations[sounding] as usize,
            mixing: Mixing {
                rhat: rhat[sounding],
                ess: ess[sounding],
                rung_rhat: Some(rung_rhat[sounding]).filter(|rhat| !rhat.is_nan()),
            },
        };
        status.has_posterior() && !settings.give_the_result_of(larger, &sampled)
    };
    Ok(line.statuses()?.iter().enumerate().map(is_again).collect())
}

/// Says what changed, once for all lines.
fn tell(all: &[Changed], notes: &mut Vec<String>) {
    for kind in [KeyKind::Budget, KeyKind::Description] {
        let of_kind = |line: &Changed| -> Vec<String> {
            line.keys.iter().filter(|changed| changed.kind() == kind).map(ChangedKey::to_string).collect()
        };
        let mut keys: Vec<String> = all.iter().flat_map(of_kind).collect();
        keys.sort();
        keys.dedup();
        let lines = all.iter().filter(|line| !of_kind(line).is_empty());
        let keys = keys.join("; ");
        if keys.is_empty() {
            continue;
        }
        notes.push(match kind {
            KeyKind::Budget => {
                let finished: usize = lines.clone().map(|line| line.finished).sum();
                let again = lines.flat_map(|line| &line.again).filter(|again| **again).count();
                format!(
                    "{keys}: the larger budget may change {again} of {} that are finished; the others stay as they are",
                    plural(finished, "sounding")
                )
            }
            _ => format!(
                "{keys}: written to {}; no sounding is inverted again for it",
                plural(lines.count(), "result file")
            ),
        });
    }
}
