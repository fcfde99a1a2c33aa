//! Fits halfspaces to soundings. A poor fit is the quickest sign of a wrong unit, a wrong sign or a wrong instrument.

use crate::earth::LayeredEarth;
use crate::forward::{EarthResponse, best_halfspace};
use crate::quantiles::nearest;
use crate::run::{Plan, expected_std, noise_model, physics};
use crate::survey::Sounding;

/// Largest number of soundings to which halfspaces are fitted.
pub const FITTED: usize = 300;

/// Share of the data with the sign of a halfspace below which the data of a group have the other sign.
const OTHER_SIGN: f64 = 0.3;

/// Fit of a halfspace to one sounding.
#[derive(Debug, Clone)]
pub struct HalfspaceFit {
    /// Flight line.
    pub line_number: f64,
    /// Position counter on the line.
    pub fiducial: f64,
    /// Easting and northing of the sounding.
    pub place_m: (f64, f64),
    /// log10 of the conductivity in S/m.
    pub log10_conductivity: f64,
    /// Chi-square per datum.
    pub chi2_per_datum: f64,
    /// Median of log10 |datum / prediction|.
    pub log10_ratio: f64,
    /// Share of the data above the noise that have the sign of the prediction, for each error group; NaN without data.
    pub agreement: Vec<f64>,
}

/// Fits of evenly chosen soundings.
#[derive(Debug)]
pub struct Fits {
    /// One for each sounding with data.
    pub fits: Vec<HalfspaceFit>,
}

impl Fits {
    /// Fits a halfspace to each of `soundings`.
    pub fn new(plan: &Plan, soundings: &[Sounding]) -> Self {
        let physics = physics(&plan.config, &plan.system);
        let noise = noise_model(&plan.config, &plan.system);
        let fit = |sounding: &Sounding| {
            let std = expected_std(sounding, &noise, &plan.prior);
            let mut forward = physics.forward(&sounding.geometry);
            let ln_conductivity = best_halfspace(forward.as_mut(), &sounding.geometry, &sounding.observed, &std)?;
            let mut predicted = vec![0.0; sounding.observed.len()];
            let earth = LayeredEarth::halfspace(ln_conductivity);
            forward.predict(&earth, &sounding.geometry, &mut EarthResponse::default(), &mut predicted);
            Some(HalfspaceFit::new(plan, sounding, &std, ln_conductivity, &predicted))
        };
        Self { fits: soundings.iter().filter_map(fit).collect() }
    }

    /// Returns the value below which this share of the soundings lies, at least one sounding.
    pub fn quantile(&self, of: impl Fn(&HalfspaceFit) -> f64, share: f64) -> f64 {
        quantile(self.fits.iter().map(of).collect(), share)
    }

    /// Returns the error groups whose data have the opposite sign to any halfspace's.
    pub fn groups_of_other_sign(&self, plan: &Plan) -> Vec<usize> {
        let is_other = |&group: &usize| {
            let known: Vec<f64> =
                self.fits.iter().map(|fit| fit.agreement[group]).filter(|share| !share.is_nan()).collect();
            !known.is_empty() && quantile(known, 0.5) < OTHER_SIGN
        };
        (0..plan.run.error_group_names.len()).filter(is_other).collect()
    }

    /// Returns the share of the soundings whose halfspace is inside the middle 95 % of the prior.
    pub fn share_in_prior(&self, plan: &Plan) -> f64 {
        let prior = &plan.prior.conductivity;
        let inside = |fit: &&HalfspaceFit| {
            let ln_conductivity = fit.log10_conductivity * std::f64::consts::LN_10;
            (ln_conductivity - prior.mean).abs() < 1.96 * prior.std
                && (prior.bounds.0..=prior.bounds.1).contains(&ln_conductivity)
        };
        self.fits.iter().filter(inside).count() as f64 / self.fits.len() as f64
    }
}

impl HalfspaceFit {
    fn new(plan: &Plan, sounding: &Sounding, std: &[f64], ln_conductivity: f64, predicted: &[f64]) -> Self {
        let known: Vec<usize> = (0..predicted.len()).filter(|&i| (sounding.observed[i] / std[i]).is_finite()).collect();
        let chi2: f64 = known.iter().map(|&i| ((sounding.observed[i] - predicted[i]) / std[i]).powi(2)).sum();
        let is_signal = |&&i: &&usize| sounding.observed[i].abs() > 2.0 * std[i] && predicted[i] != 0.0;
        let signal: Vec<usize> = known.iter().filter(is_signal).copied().collect();
        let ratios: Vec<f64> = signal.iter().map(|&i| (sounding.observed[i] / predicted[i]).abs().log10()).collect();
        let agreement = |group: usize| {
            let of_group = || signal.iter().filter(|&&i| plan.run.channel_error_group[i] == group);
            let alike = of_group().filter(|&&i| sounding.observed[i] * predicted[i] > 0.0).count();
            alike as f64 / of_group().count() as f64
        };
        Self {
            line_number: sounding.line_number,
            fiducial: sounding.fiducial,
            place_m: (sounding.easting_m, sounding.northing_m),
            log10_conductivity: ln_conductivity / std::f64::consts::LN_10,
            chi2_per_datum: chi2 / known.len() as f64,
            log10_ratio: if ratios.is_empty() { 0.0 } else { quantile(ratios, 0.5) },
            agreement: (0..plan.run.error_group_names.len()).map(agreement).collect(),
        }
    }
}

/// Returns the value below which a share of `values` lies; NaN without values.
fn quantile(mut values: Vec<f64>, share: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    nearest(&values, share).unwrap_or(f64::NAN)
}
