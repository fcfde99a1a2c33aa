//! Compares the bounds of additive errors with the data: bounds in another unit have no effect, or drown the data.

use crate::bayes::ErrorPrior;
use crate::quantiles::nearest;
use crate::run::{Plan, noise_model};
use crate::survey::Sounding;

/// Additive errors are far too small below this multiple of the smallest channel, and too large above this multiple of the
/// largest.
const TOO_SMALL: f64 = 1e-5;
const TOO_LARGE: f64 = 3.0;

/// Additive errors of a group of channels that do not suit its data.
#[derive(Debug, Clone, PartialEq)]
pub struct AdditiveDoubt {
    /// Name of the group.
    pub group: String,
    /// Bounds of the additive errors of its channels in the unit of the data, over all channels.
    pub bounds: (f64, f64),
    /// Middle size of the data of the smallest and of the largest channel.
    pub sizes: (f64, f64),
    /// True when the errors are too large, false when they are too small.
    pub is_too_large: bool,
}

/// Returns the groups whose additive errors do not suit the data of `soundings`. Files with standard deviations need no
/// additive errors.
pub fn additive_doubts(plan: &Plan, soundings: &[Sounding]) -> Vec<AdditiveDoubt> {
    if plan.survey.has_std() {
        return Vec::new();
    }
    let noise = noise_model(&plan.config, &plan.system);
    let of_group = |(group, name): (usize, &String)| {
        let (least, greatest) = match plan.prior.additive_error.get(group)? {
            ErrorPrior::Fixed { ln_value } => (ln_value.exp(), ln_value.exp()),
            ErrorPrior::LogUniform { ln_minimum, ln_maximum } => (ln_minimum.exp(), ln_maximum.exp()),
        };
        let channels = (0..noise.group.len()).filter(|&channel| noise.group[channel] == group);
        // Shape of the additive error and middle size of the data of each channel.
        let sizes: Vec<(f64, f64)> = channels
            .filter_map(|channel| Some((noise.additive_shape[channel], middle_size(soundings, channel)?)))
            .collect();
        let over = |of: fn(&(f64, f64)) -> f64| {
            let values = || sizes.iter().map(of);
            (values().fold(f64::INFINITY, f64::min), values().fold(0.0, f64::max))
        };
        let (shapes, data) = (over(|(shape, _)| *shape), over(|(_, size)| *size));
        let is_too_small = sizes.iter().all(|(shape, size)| greatest * shape < TOO_SMALL * size);
        let is_too_large = sizes.iter().all(|(shape, size)| least * shape > TOO_LARGE * size);
        (!sizes.is_empty() && (is_too_small || is_too_large)).then(|| AdditiveDoubt {
            group: name.clone(),
            bounds: (least * shapes.0, greatest * shapes.1),
            sizes: data,
            is_too_large,
        })
    };
    plan.run.error_group_names.iter().enumerate().filter_map(of_group).collect()
}

/// Returns the middle absolute value of a channel, `None` without data other than 0.
fn middle_size(soundings: &[Sounding], channel: usize) -> Option<f64> {
    let sizes = soundings.iter().map(|sounding| sounding.observed[channel].abs());
    let mut sizes: Vec<f64> = sizes.filter(|size| *size > 0.0).collect();
    sizes.sort_by(f64::total_cmp);
    nearest(&sizes, 0.5)
}
