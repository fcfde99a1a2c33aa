//! Computes fields without noise on all cores.

use std::sync::{Mutex, Once};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget};

use super::super::progress;
use super::setup::Setup;
use crate::error::{Error, Result};
use crate::forward::{Accuracy, DigitisedTdem, EarthResponse, Physics, TdemOperator};
use crate::parallel::thread_count;
use crate::survey::ModelRow;
use crate::system::System;

/// Returns the fields of a survey file, one list for each model.
pub(super) fn fields(setup: &Setup, models: &[ModelRow], digitised: bool) -> Result<Vec<Vec<f64>>> {
    let count = setup.written.channel_count();
    match &setup.written {
        System::Tdem(instrument) if digitised => {
            let scheme = DigitisedTdem::new(instrument)?;
            Ok(for_all(models, count, |model, _, data| scheme.predict(&model.earth, &model.geometry, data)))
        }
        System::Fdem(_) if digitised => {
            let message =
                "--digitised: got a frequency-domain system, expected time domain: only its waveforms are sampled";
            Err(Error::Config(message.into()))
        }
        _ => {
            let physics = Physics::new(&setup.written, Accuracy::High);
            Ok(for_all(models, count, |model, response, data| {
                physics.forward(&model.geometry).predict(&model.earth, &model.geometry, response, data);
            }))
        }
    }
}

/// Returns the primary field of every component, one list for each model, if the survey file contains it.
pub(super) fn primary_fields(setup: &Setup, models: &[ModelRow]) -> Result<Option<Vec<Vec<f64>>>> {
    let System::Tdem(instrument) = &setup.written else { return Ok(None) };
    if !setup.writes_primary() {
        return Ok(None);
    }
    let operator = TdemOperator::new(instrument, Accuracy::Standard);
    let fields: Vec<Vec<f64>> = models.iter().map(|model| operator.primary_fields(&model.geometry).collect()).collect();
    if fields.iter().flatten().any(|field| !field.is_finite()) {
        let message = "got a receiver at the transmitter, expected --offset or txrx_dx_m, txrx_dy_m, txrx_dz_m in \
                       --models: the primary field is infinite there";
        return Err(Error::Config(message.into()));
    }
    Ok(Some(fields))
}

/// Returns the result of `compute` for each model, in the order of the models.
fn for_all(
    models: &[ModelRow],
    count: usize,
    compute: impl Fn(&ModelRow, &mut EarthResponse, &mut [f64]) + Sync,
) -> Vec<Vec<f64>> {
    let mut data = vec![vec![0.0; count]; models.len()];
    let wait = Wait::new(models.len());
    let pending = Mutex::new(models.iter().zip(&mut data));
    let next = || pending.lock().expect("nobody panics while holding this").next();
    std::thread::scope(|scope| {
        for _ in 0..thread_count(0) {
            scope.spawn(|| {
                let mut response = EarthResponse::default();
                while let Some((model, data)) = next() {
                    compute(model, &mut response, data);
                    wait.step();
                }
            });
        }
    });
    wait.bar.finish_and_clear();
    data
}

/// A progress bar for long computations on a terminal.
struct Wait {
    bar: ProgressBar,
    shown: Once,
}

/// Computations shorter than this have no bar.
const PATIENCE: Duration = Duration::from_secs(3);

impl Wait {
    fn new(total: usize) -> Self {
        let bar = progress::bar(total);
        bar.set_draw_target(ProgressDrawTarget::hidden());
        Self { bar, shown: Once::new() }
    }

    fn step(&self) {
        self.bar.inc(1);
        if !self.shown.is_completed() && self.bar.elapsed() > PATIENCE {
            self.shown.call_once(|| self.bar.set_draw_target(ProgressDrawTarget::stderr()));
        }
    }
}
