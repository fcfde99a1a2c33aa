//! Inverts one sounding after another on every rank: reads its row of the line file and writes the results.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::panics::catch_panic;
use super::prior::prior;
use super::targets::Targets;
use crate::bayes::{Grids, SamplerSettings, invert_sounding};
use crate::config::Config;
use crate::error::Result;
use crate::parallel::{Done, TaskCallback};
use crate::schema::{
    Layout, LinePlaces, Reason, ResultStore, RunInfo, SoundingRecord, Status, record, record_without_posterior,
};
use crate::survey::{Sounding, line_label};
use crate::system::System;

/// Data that a rank needs to invert soundings of a run whose line files exist.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct RunDescription {
    pub(super) system: System,
    pub(super) run: RunInfo,
    /// Centre of the conductivity prior, ln(S/m).
    pub(super) ln_conductivity_center: f64,
    pub(super) lines: Vec<LinePlaces>,
}

/// Inverts soundings of a run.
#[derive(Debug)]
pub(super) struct Inverter {
    store: ResultStore,
    targets: Targets,
    settings: SamplerSettings,
    grids: Grids,
    /// Layout of a line without soundings; only the layout of a row matters here.
    layout: Layout,
}

impl Inverter {
    /// Prepares the inversion of `description`.
    ///
    /// # Errors
    ///
    /// None if the description comes from a plan, whose configuration has been checked.
    pub(super) fn new(description: RunDescription) -> Result<Self> {
        let RunDescription { system, run, ln_conductivity_center, lines } = description;
        let path = Path::new("configuration");
        let config = Config::parse(&run.configuration, path)?;
        let mut prior = prior(&config, &system, run.has_std, path)?;
        prior.conductivity.mean = ln_conductivity_center;
        let grids = Grids::new(&prior);
        let layout = Layout::new(&run, &grids, 0);
        Ok(Self {
            store: ResultStore::new(&layout, lines),
            targets: Targets::new(&config, &system, prior),
            settings: config.sampler.settings(),
            grids,
            layout,
        })
    }

    /// Inverts sounding `number` and writes the results, unless `callback` requests a stop.
    pub(super) fn work(&self, number: u32, callback: &mut TaskCallback) -> Result<Option<Done>> {
        let sounding = self.store.sounding(number)?;
        let start = cpu_time::ThreadTime::now();
        let seconds = || start.elapsed().as_secs_f64();
        // The closure changes no shared data, so a panic leaves nothing half-changed.
        let outcome = catch_panic(|| self.invert(&sounding, callback, &seconds));
        let (record, note) = match outcome {
            Ok(None) => return Ok(None),
            Ok(Some(record)) => (record, None),
            Err(panic) => {
                let record = record_without_posterior(&self.layout, Status::Failed, Reason::Panicked, seconds());
                (record, Some(format!("{}: failed: {panic}", name(&sounding))))
            }
        };
        self.store.write(number, &record)?;
        Ok(Some(Done { failed: record.status() == Status::Failed, note }))
    }

    /// Returns line and fiducial of sounding `number`, for messages.
    pub(super) fn name(&self, number: u32) -> String {
        self.store.sounding(number).map_or_else(|_| format!("sounding {number}"), |sounding| name(&sounding))
    }

    fn invert(
        &self,
        sounding: &Sounding,
        callback: &mut TaskCallback,
        seconds: &dyn Fn() -> f64,
    ) -> Option<SoundingRecord> {
        let Some((target, mut forward)) = self.targets.of(sounding) else {
            return Some(record_without_posterior(&self.layout, Status::NoData, Reason::NoActiveChannel, 0.0));
        };
        let key = (sounding.line_number, sounding.fiducial);
        let posterior =
            invert_sounding(&target, forward.as_mut(), &self.settings, &self.grids, key.0, key.1, callback)?;
        Some(record(&self.layout, &self.grids, &target, &posterior, seconds()))
    }
}

fn name(sounding: &Sounding) -> String {
    format!("line {}, fiducial {}", line_label(sounding.line_number), sounding.fiducial)
}
