//! Computes fields without noise on all cores.

use std::sync::Mutex;

use super::setup::Setup;
use crate::error::{Error, Result};
use crate::forward::{Accuracy, EarthResponse, Physics, digitised_scheme};
use crate::parallel::thread_count;
use crate::survey::ModelRow;

/// Called after each sounding with the number of all.
pub type ProgressCallback<'a> = dyn Fn(usize) + Sync + 'a;

/// Returns the fields of a survey file, one list for each model.
pub(super) fn fields(
    setup: &Setup,
    models: &[ModelRow],
    digitised: bool,
    progress: &ProgressCallback,
) -> Result<Vec<Vec<f64>>> {
    let count = setup.written.channel_count();
    if !digitised {
        let physics = Physics::new(&setup.written, Accuracy::High);
        return Ok(for_all(models, count, progress, |model, response, data| {
            physics.forward(&model.geometry).predict(&model.earth, &model.geometry, response, data);
        }));
    }
    let scheme = digitised_scheme(&setup.written)?.ok_or_else(|| {
        let message =
            "--digitised: got a frequency-domain system, expected time domain: only its waveforms are sampled";
        Error::setting("--digitised", message)
    })?;
    Ok(for_all(models, count, progress, |model, _, data| scheme.predict(&model.earth, &model.geometry, data)))
}

/// Returns the primary field of every component, one list for each model, if the survey file contains it.
pub(super) fn primary_fields(setup: &Setup, models: &[ModelRow]) -> Result<Option<Vec<Vec<f64>>>> {
    if !setup.writes_primary() {
        return Ok(None);
    }
    let physics = Physics::new(&setup.written, Accuracy::Standard);
    let fields: Vec<Vec<f64>> = models.iter().map(|model| physics.primary_fields(&model.geometry)).collect();
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
    progress: &ProgressCallback,
    compute: impl Fn(&ModelRow, &mut EarthResponse, &mut [f64]) + Sync,
) -> Vec<Vec<f64>> {
    let mut data = vec![vec![0.0; count]; models.len()];
    let pending = Mutex::new(models.iter().zip(&mut data));
    let next = || pending.lock().expect("nobody panics while holding this").next();
    std::thread::scope(|scope| {
        for _ in 0..thread_count(0) {
            scope.spawn(|| {
                let mut response = EarthResponse::default();
                while let Some((model, data)) = next() {
                    compute(model, &mut response, data);
                    progress(models.len());
                }
            });
        }
    });
    data
}
