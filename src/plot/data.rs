//! Input of the figures as plain data.

use std::path::Path;

use ndarray::{Array2, Axis};

use super::convergence::Outcome;
use super::track::Places;
use crate::error::{Error, Result};

/// One line of soundings with the quantity that is drawn. All vectors have one element per sounding, arrays are
/// (sounding, depth).
#[derive(Debug, Clone, Default)]
pub struct SectionData {
    /// Name of the line.
    pub line_label: String,
    /// Easting, m.
    pub easting_m: Vec<f64>,
    /// Northing, m.
    pub northing_m: Vec<f64>,
    /// Fiducial.
    pub fiducial: Vec<f64>,
    /// Elevation of the ground, m; if it is unknown (NaN) for any sounding, the section has depth as its vertical axis.
    pub elevation_m: Vec<f64>,
    /// Height of the sensor (time domain: transmitter) above ground, m.
    pub height_m: Vec<f64>,
    /// True for a time-domain survey.
    pub time_domain: bool,
    /// True for soundings with a result; the others are hatched.
    pub inverted: Vec<bool>,
    /// Outcome of each sounding; those that did not converge are marked.
    pub outcomes: Vec<Outcome>,
    /// Bounds of the depth cells, m, rising; one more than cells.
    pub depth_bounds_m: Vec<f64>,
    /// Index of the quantity among those of [`SectionOptions::legends`](super::SectionOptions::legends).
    pub quantity: usize,
    /// Values on the scale of their colours, NaN where there is none.
    pub values: Array2<f64>,
    /// Widths by which colours fade, of the kind in [`Legend::fading`](super::Legend::fading); NaN where not known.
    pub widths: Array2<f64>,
    /// Depth of investigation, m; NaN where it is not known.
    pub depth_of_investigation_m: Vec<f64>,
    /// Chi-square of the median sample per channel.
    pub normalized_misfit: Vec<f64>,
    /// 5th percentile of the number of layers.
    pub layer_count_p05: Vec<f64>,
    /// Median of the number of layers.
    pub layer_count_p50: Vec<f64>,
    /// 95th percentile of the number of layers.
    pub layer_count_p95: Vec<f64>,
    /// Largest R-hat.
    pub rhat_maximum: Vec<f64>,
}

/// One sounding. Vectors over depth have one element per depth cell.
#[derive(Debug, Clone, Default)]
pub struct SoundingData {
    /// Name of the line.
    pub line_label: String,
    /// Fiducial.
    pub fiducial: f64,
    /// Status in words: "converged", "not converged: chains disagree".
    pub status: String,
    /// Easting, m.
    pub easting_m: f64,
    /// Northing, m.
    pub northing_m: f64,
    /// Elevation of the ground, m, NaN when unknown.
    pub elevation_m: f64,
    /// Height of the sensor (time domain: transmitter) above ground, m.
    pub height_m: f64,
    /// Bounds of the depth cells, m, rising; one more than cells.
    pub depth_bounds_m: Vec<f64>,
    /// Bounds of the conductivity cells, log10 S/m, rising; one more than cells.
    pub log10_conductivity_bounds: Vec<f64>,
    /// Counts, (depth, log10 conductivity).
    pub hitmap: Array2<f64>,
    /// Depth of investigation, 5th, 50th and 95th percentile, m; `None` where it is not known.
    pub depth_of_investigation_m: Option<[f64; 3]>,
    /// 5th percentile of log10 conductivity by depth.
    pub log10_conductivity_p05: Vec<f64>,
    /// Median of log10 conductivity by depth.
    pub log10_conductivity_p50: Vec<f64>,
    /// 95th percentile of log10 conductivity by depth.
    pub log10_conductivity_p95: Vec<f64>,
    /// Interfaces of the best model, m, rising.
    pub best_interface_depth_m: Vec<f64>,
    /// log10 conductivities of the best model, one more than interfaces.
    pub best_log10_conductivity: Vec<f64>,
    /// The true model, when it is known.
    pub truth: Option<TrueModel>,
    /// Posterior probability of an interface per metre, by depth.
    pub interface_density_per_m: Vec<f64>,
    /// Prior probability of an interface per metre, by depth.
    pub prior_interface_density_per_m: Vec<f64>,
    /// Posterior probability of each number of layers, one layer first.
    pub layer_count_probability: Vec<f64>,
    /// Prior probability of each number of layers, one layer first.
    pub prior_layer_count_probability: Vec<f64>,
    /// 5th percentile of the prior of log10 conductivity.
    pub prior_log10_conductivity_p05: f64,
    /// Median of the prior of log10 conductivity.
    pub prior_log10_conductivity_p50: f64,
    /// 95th percentile of the prior of log10 conductivity.
    pub prior_log10_conductivity_p95: f64,
    /// Unit of the data: "ppm", "V/(A m^4)".
    pub data_unit: String,
    /// Unit of additive errors; `1` when errors are factors of given standard deviations.
    pub additive_error_unit: String,
    /// Observed and predicted data.
    pub response: Response,
    /// Chi-square along each chain, thinned.
    pub misfit_trace: Vec<Vec<f64>>,
    /// Iterations from one element of a trace to the next.
    pub trace_iteration_step: f64,
    /// Length of the burn-in of each chain.
    pub burn_in_iterations: Vec<f64>,
    /// Number of active channels, which is the expected chi-square.
    pub channel_count: usize,
    /// Posterior of the errors of each group of channels. In the time domain groups are in the order of the decays.
    pub error_groups: Vec<ErrorGroup>,
    /// Posterior of each sampled parameter of the geometry.
    pub geometry: Vec<GeometryMarginal>,
    /// R-hat of the misfit.
    pub rhat_misfit: f64,
    /// Effective sample size of the misfit.
    pub ess_misfit: f64,
    /// Greatest R-hat of the chains.
    pub rhat_maximum: f64,
    /// Least effective sample size.
    pub ess_minimum: f64,
}

/// The true earth below a sounding.
#[derive(Debug, Clone, Default)]
pub struct TrueModel {
    /// Interfaces, m, rising.
    pub interface_depth_m: Vec<f64>,
    /// log10 conductivities (S/m) of the layers, one more than interfaces.
    pub log10_conductivity: Vec<f64>,
}

/// The data of a sounding by kind of system.
#[derive(Debug, Clone)]
pub enum Response {
    /// Frequency domain.
    Frequency(Box<Spectrum>),
    /// Time domain: a decay for each system and component.
    Time(Vec<Decay>),
}

impl Default for Response {
    fn default() -> Self {
        Response::Frequency(Box::default())
    }
}

/// Frequency-domain data by frequency.
#[derive(Debug, Clone, Default)]
pub struct Spectrum {
    /// Frequencies, Hz, one per pair of in-phase and quadrature.
    pub frequency_hz: Vec<f64>,
    /// In-phase data.
    pub in_phase: ChannelData,
    /// Quadrature data.
    pub quadrature: ChannelData,
}

/// Data of one component of one system by gate.
#[derive(Debug, Clone, Default)]
pub struct Decay {
    /// Name: "system 1, Z".
    pub label: String,
    /// Centres of the gates, s; gates up to 0 are not drawn.
    pub time_s: Vec<f64>,
    /// Data, one element per gate.
    pub data: ChannelData,
}

/// Observed and predicted data, one element per frequency or gate, NaN where there is none.
#[derive(Debug, Clone, Default)]
pub struct ChannelData {
    /// Observed data.
    pub observed: Vec<f64>,
    /// Standard deviation of the data error.
    pub std: Vec<f64>,
    /// 5th percentile of the posterior prediction.
    pub predicted_p05: Vec<f64>,
    /// Median of the posterior prediction.
    pub predicted_p50: Vec<f64>,
    /// 95th percentile of the posterior prediction.
    pub predicted_p95: Vec<f64>,
    /// Prediction of the best model.
    pub predicted_best: Vec<f64>,
}

/// A histogram over bins evenly spaced in the logarithm.
#[derive(Debug, Clone, Default)]
pub struct Distribution {
    /// For errors: the range in which the prior is uniform in the logarithm.
    pub log_uniform_prior: Option<(f64, f64)>,
    /// Bounds of the bins, positive and rising; one more than bins.
    pub bounds: Vec<f64>,
    /// Probability of each bin.
    pub probability: Vec<f64>,
}

/// Posterior of the errors that a group of channels shares.
#[derive(Debug, Clone, Default)]
pub struct ErrorGroup {
    /// Name of the group.
    pub label: String,
    /// Relative error, when sampled.
    pub relative: Option<Distribution>,
    /// True when the relative error is a factor of given standard deviations.
    pub is_factor: bool,
    /// Additive error in the unit of the data, when sampled.
    pub additive: Option<Distribution>,
}

/// Posterior of the deviation of a parameter of the geometry from its measured value.
#[derive(Debug, Clone, Default)]
pub struct GeometryMarginal {
    /// Name: "tx pitch".
    pub label: String,
    /// "m" or "°".
    pub unit: String,
    /// Bounds of the bins, rising and evenly spaced; one more than bins.
    pub bounds: Vec<f64>,
    /// Probability of each bin.
    pub probability: Vec<f64>,
    /// True for a normal prior with the bounds at 4 standard deviations, false for a prior that is uniform between the
    /// bounds.
    pub normal_prior: bool,
}

impl SectionData {
    pub(super) fn places(&self) -> Places<'_> {
        Places { easting_m: &self.easting_m, northing_m: &self.northing_m }
    }

    /// Returns the soundings with these indices, in their order.
    pub(super) fn of(&self, order: &[usize]) -> SectionData {
        let chosen = |values: &[f64]| -> Vec<f64> { order.iter().map(|&i| values[i]).collect() };
        let flags = |values: &[bool]| -> Vec<bool> { order.iter().map(|&i| values[i]).collect() };
        SectionData {
            line_label: self.line_label.clone(),
            easting_m: chosen(&self.easting_m),
            northing_m: chosen(&self.northing_m),
            fiducial: chosen(&self.fiducial),
            elevation_m: chosen(&self.elevation_m),
            height_m: chosen(&self.height_m),
            time_domain: self.time_domain,
            inverted: flags(&self.inverted),
            outcomes: order.iter().map(|&i| self.outcomes[i]).collect(),
            depth_bounds_m: self.depth_bounds_m.clone(),
            quantity: self.quantity,
            values: self.values.select(Axis(0), order),
            widths: self.widths.select(Axis(0), order),
            depth_of_investigation_m: chosen(&self.depth_of_investigation_m),
            normalized_misfit: chosen(&self.normalized_misfit),
            layer_count_p05: chosen(&self.layer_count_p05),
            layer_count_p50: chosen(&self.layer_count_p50),
            layer_count_p95: chosen(&self.layer_count_p95),
            rhat_maximum: chosen(&self.rhat_maximum),
        }
    }

    /// Refuses data whose lengths do not agree.
    pub(super) fn check(&self, path: &Path) -> Result<()> {
        let check = Check { path };
        let soundings = self.easting_m.len();
        check.bounds("depth_bounds_m", &self.depth_bounds_m)?;
        for (name, length) in [
            ("northing_m", self.northing_m.len()),
            ("fiducial", self.fiducial.len()),
            ("elevation_m", self.elevation_m.len()),
            ("height_m", self.height_m.len()),
            ("inverted", self.inverted.len()),
            ("outcomes", self.outcomes.len()),
            ("normalized_misfit", self.normalized_misfit.len()),
            ("layer_count_p05", self.layer_count_p05.len()),
            ("layer_count_p50", self.layer_count_p50.len()),
            ("layer_count_p95", self.layer_count_p95.len()),
            ("rhat_maximum", self.rhat_maximum.len()),
            ("depth_of_investigation_m", self.depth_of_investigation_m.len()),
        ] {
            check.length(name, length, soundings)?;
        }
        let shape = (soundings, self.depth_bounds_m.len() - 1);
        check.shape("values", self.values.dim(), shape)?;
        check.shape("widths", self.widths.dim(), shape)
    }
}

impl SoundingData {
    /// Refuses data whose lengths do not agree.
    pub(super) fn check(&self, path: &Path) -> Result<()> {
        let check = Check { path };
        check.bounds("depth_bounds_m", &self.depth_bounds_m)?;
        check.bounds("log10_conductivity_bounds", &self.log10_conductivity_bounds)?;
        let depths = self.depth_bounds_m.len() - 1;
        let layers = self.best_log10_conductivity.len();
        for (name, length, expected) in [
            ("log10_conductivity_p05", self.log10_conductivity_p05.len(), depths),
            ("log10_conductivity_p50", self.log10_conductivity_p50.len(), depths),
            ("log10_conductivity_p95", self.log10_conductivity_p95.len(), depths),
            ("interface_density_per_m", self.interface_density_per_m.len(), depths),
            ("prior_interface_density_per_m", self.prior_interface_density_per_m.len(), depths),
            ("best_interface_depth_m", self.best_interface_depth_m.len(), layers.saturating_sub(1)),
            ("burn_in_iterations", self.burn_in_iterations.len(), self.misfit_trace.len()),
        ] {
            check.length(name, length, expected)?;
        }
        if let Some(TrueModel { interface_depth_m, log10_conductivity }) = &self.truth {
            check.length("true interface_depth_m", interface_depth_m.len() + 1, log10_conductivity.len())?;
        }
        check.shape("hitmap", self.hitmap.dim(), (depths, self.log10_conductivity_bounds.len() - 1))?;
        match &self.response {
            Response::Frequency(spectrum) => {
                let Spectrum { frequency_hz, in_phase, quadrature } = spectrum.as_ref();
                check.channels("in_phase", in_phase, frequency_hz.len())?;
                check.channels("quadrature", quadrature, frequency_hz.len())?;
            }
            Response::Time(decays) => {
                for decay in decays {
                    check.channels(&decay.label, &decay.data, decay.time_s.len())?;
                }
            }
        }
        for group in &self.error_groups {
            for (name, errors) in [("relative error", &group.relative), ("additive error", &group.additive)] {
                if let Some(Distribution { bounds, probability, .. }) = errors {
                    check.bounds(name, bounds)?;
                    check.length(name, probability.len(), bounds.len() - 1)?;
                }
            }
        }
        for GeometryMarginal { label, bounds, probability, .. } in &self.geometry {
            check.bounds(label, bounds)?;
            check.length(label, probability.len(), bounds.len() - 1)?;
        }
        Ok(())
    }
}

struct Check<'a> {
    path: &'a Path,
}

impl Check<'_> {
    fn length(&self, name: &str, got: usize, expected: usize) -> Result<()> {
        match got == expected {
            true => Ok(()),
            false => Err(Error::figure(self.path, format!("{name}: got {got} values, expected {expected}"))),
        }
    }

    fn channels(&self, name: &str, channel: &ChannelData, expected: usize) -> Result<()> {
        let ChannelData { observed, std, predicted_p05, predicted_p50, predicted_p95, predicted_best } = channel;
        for values in [observed, std, predicted_p05, predicted_p50, predicted_p95, predicted_best] {
            self.length(name, values.len(), expected)?;
        }
        Ok(())
    }

    fn shape(&self, name: &str, got: (usize, usize), expected: (usize, usize)) -> Result<()> {
        match got == expected {
            true => Ok(()),
            false => Err(Error::figure(self.path, format!("{name}: got shape {got:?}, expected {expected:?}"))),
        }
    }

    fn bounds(&self, name: &str, bounds: &[f64]) -> Result<()> {
        let rising = bounds.windows(2).all(|pair| pair[0] < pair[1]) && bounds.iter().all(|v| v.is_finite());
        match bounds.len() > 1 && rising {
            true => Ok(()),
            false => Err(Error::figure(self.path, format!("{name}: expected two or more rising bounds"))),
        }
    }
}
