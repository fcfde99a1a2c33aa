//! Fits halfspaces to soundings. A poor fit is the quickest sign of a wrong unit, a wrong sign or a wrong instrument.

use super::super::inputs::{noise_model, physics};
use super::super::plan::Plan;
use super::super::prior::expected_std;
use super::channels::expected_std_words;
use super::report::Report;
use crate::earth::LayeredEarth;
use crate::forward::{EarthResponse, best_halfspace};
use crate::survey::{Sounding, line_label};
use crate::system::System;

/// If a halfspace fits within this factor, unit and instrument are right.
const FACTOR: f64 = 3.0;
/// Ratio of data to predictions from which a wrong unit is suspected.
const OTHER_UNIT: f64 = 100.0;

/// Chi-square per datum that no earth explains; the standard deviations would be a thousandth of the true errors.
const ABSURD: f64 = 1e6;

/// Fit of a halfspace to one sounding.
#[derive(Debug, Clone)]
pub(super) struct Fit {
    line_number: f64,
    fiducial: f64,
    /// Easting and northing of the sounding.
    #[cfg(feature = "plot")]
    pub(super) place_m: (f64, f64),
    /// log10 of the conductivity in S/m.
    pub(super) log10_conductivity: f64,
    /// Chi-square per datum.
    chi2_per_datum: f64,
    /// Median of log10 |datum / prediction|.
    log10_ratio: f64,
    /// Share of the data above the noise that have the sign of the prediction, for each error group; NaN without data.
    agreement: Vec<f64>,
}

/// Fits of evenly chosen soundings.
#[derive(Debug)]
pub(super) struct Fits {
    pub(super) fits: Vec<Fit>,
}

impl Fits {
    pub(super) fn new(plan: &Plan, soundings: &[Sounding]) -> Self {
        let physics = physics(&plan.config, &plan.system);
        let noise = noise_model(&plan.config, &plan.system);
        let fit = |sounding: &Sounding| {
            let std = expected_std(sounding, &noise, &plan.prior);
            let mut forward = physics.forward(&sounding.geometry);
            let ln_conductivity = best_halfspace(forward.as_mut(), &sounding.geometry, &sounding.observed, &std)?;
            let mut predicted = vec![0.0; sounding.observed.len()];
            let earth = LayeredEarth::halfspace(ln_conductivity);
            forward.predict(&earth, &sounding.geometry, &mut EarthResponse::default(), &mut predicted);
            Some(Fit::new(plan, sounding, &std, ln_conductivity, &predicted))
        };
        Self { fits: soundings.iter().filter_map(fit).collect() }
    }

    pub(super) fn tell(&self, plan: &Plan, report: &mut Report) {
        report.heading(&format!("best halfspaces of {} soundings", self.fits.len()));
        if self.fits.is_empty() {
            return;
        }
        let middle = |of: &dyn Fn(&Fit) -> f64, share: f64| quantile(self.fits.iter().map(of).collect(), share);
        let [low, median, high] =
            [0.05, 0.5, 0.95].map(|share| 10f64.powf(middle(&|fit| fit.log10_conductivity, share)));
        report.line(&format!("  conductivity {low:.2e} to {high:.2e} S/m (5 to 95 %), median {median:.2e} S/m"));
        let chi2 = middle(&|fit| fit.chi2_per_datum, 0.5);
        let std = expected_std_words(plan);
        report
            .line(&format!("  chi2 per datum: median {chi2:.3e} (layers will do better; 1 is as good as the errors)"));
        report.line(&format!("  these errors are {std}"));
        if chi2 > ABSURD {
            report.error(
                "the errors, or the file's standard deviations, are far too small: look at [errors], columns.std_kind",
            );
        }
        let ratio = 10f64.powf(middle(&|fit| fit.log10_ratio, 0.5));
        let signs_differ = self.tell_signs(plan, report);
        // If the signs differ, the best halfspace is the one with the smallest predictions, so its ratio says nothing.
        if !signs_differ && !(1.0 / OTHER_UNIT..OTHER_UNIT).contains(&ratio) {
            report.error(&format!(
                "the data are {ratio:.0e} times what any halfspace gives: their unit is not the system file's ({}); \
                 columns.data_scale = {:.0e}?",
                plan.system.data_unit(),
                plan.config.columns.data_scale / ratio
            ));
        }
        if signs_differ {
            return;
        }
        let far: Vec<&Fit> = self.fits.iter().filter(|fit| fit.log10_ratio.abs() > FACTOR.log10()).collect();
        if far.is_empty() {
            report.line(&format!(
                "  everywhere the middle channel is within a factor of {FACTOR} of that of some halfspace"
            ));
        } else {
            let shown: Vec<String> = far.iter().take(5).map(|fit| fit.name()).collect();
            let text = format!(
                "at {} of these the middle channel is more than a factor of {FACTOR} off that of any halfspace: {}{}",
                far.len(),
                shown.join("; "),
                if far.len() > shown.len() { "; ..." } else { "" }
            );
            if 4 * far.len() > 3 * self.fits.len() {
                report.error(&format!("{text}: columns, units, order of the systems or geometry are wrong"));
            } else {
                report.warning(&text);
            }
        }
        self.tell_prior(plan, report);
    }

    /// Prints the groups with opposite signs; returns whether there are any.
    fn tell_signs(&self, plan: &Plan, report: &mut Report) -> bool {
        let mut any = false;
        for (group, name) in plan.run.error_group_names.iter().enumerate() {
            let known: Vec<f64> =
                self.fits.iter().map(|fit| fit.agreement[group]).filter(|share| !share.is_nan()).collect();
            if known.is_empty() || quantile(known, 0.5) >= 0.3 {
                continue;
            }
            let what = match &plan.system {
                System::Fdem(_) => "the sign of the coil moments in the system file",
                System::Tdem(_) => "columns.convention, or a minus sign before the column",
            };
            report.error(&format!("the data of {name} have the other sign than any halfspace gives: look at {what}"));
            any = true;
        }
        any
    }

    fn tell_prior(&self, plan: &Plan, report: &mut Report) {
        let prior = &plan.prior.conductivity;
        let inside = |fit: &&Fit| {
            let ln_conductivity = fit.log10_conductivity * std::f64::consts::LN_10;
            (ln_conductivity - prior.mean).abs() < 1.96 * prior.std
                && (prior.bounds.0..=prior.bounds.1).contains(&ln_conductivity)
        };
        let count = self.fits.iter().filter(inside).count();
        let share = 100.0 * count as f64 / self.fits.len() as f64;
        let [low, high] =
            [-1.96, 1.96].map(|width| (prior.mean + width * prior.std).clamp(prior.bounds.0, prior.bounds.1).exp());
        let text = format!("{share:.0} % of them inside the middle 95 % of the prior, {low:.2e} to {high:.2e} S/m");
        if share < 80.0 {
            report.warning(&format!("only {text}: widen or move the prior"));
        } else {
            report.line(&format!("  {text}"));
        }
    }
}

impl Fit {
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
            #[cfg(feature = "plot")]
            place_m: (sounding.easting_m, sounding.northing_m),
            log10_conductivity: ln_conductivity / std::f64::consts::LN_10,
            chi2_per_datum: chi2 / known.len() as f64,
            log10_ratio: if ratios.is_empty() { 0.0 } else { quantile(ratios, 0.5) },
            agreement: (0..plan.run.error_group_names.len()).map(agreement).collect(),
        }
    }

    fn name(&self) -> String {
        format!("line {} fiducial {}", line_label(self.line_number), self.fiducial)
    }
}

/// Returns the value below which a given share of `values` lies; `values` must not be empty.
fn quantile(mut values: Vec<f64>, share: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    values[((values.len() - 1) as f64 * share).round() as usize]
}
