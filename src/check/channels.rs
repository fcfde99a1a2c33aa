//! Checks of the channels: gaps, signs, noise.

use super::signs::file_signs;
use crate::bayes::{NoiseModel, Prior};
use crate::run::{Plan, expected_std, noise_model};
use crate::survey::Sounding;

/// A datum smaller than this many standard deviations is noise.
pub const NOISE: f64 = 2.0;
/// Least share of soundings with exactly the same largest value, and their least number, for a channel to be regarded
/// as saturated. Rounded or interpolated data repeat a few times.
const SATURATED: (f64, usize) = (0.02, 10);

/// Statistics of one channel.
#[derive(Debug, Clone, Default)]
pub struct ChannelCount {
    /// Number of data.
    pub present: usize,
    /// Number of data below 0, with the signs of the file.
    pub negative: usize,
    /// Number of data smaller than [`NOISE`] standard deviations.
    pub noise: usize,
    /// Largest absolute value, and how often exactly this value occurs.
    largest: f64,
    at_largest: usize,
}

impl ChannelCount {
    /// Returns whether more than half of the data are noise.
    pub fn is_noisy(&self) -> bool {
        self.present > 0 && 2 * self.noise > self.present
    }

    /// Returns whether the largest value occurs again and again.
    pub fn is_saturated(&self) -> bool {
        self.at_largest >= SATURATED.1 && self.at_largest as f64 > SATURATED.0 * self.present as f64
    }
}

/// Statistics of all channels.
#[derive(Debug)]
pub struct Counts<'a> {
    /// In the order of the data.
    pub channels: Vec<ChannelCount>,
    /// Number of soundings.
    pub soundings: usize,
    /// Number of soundings without any datum.
    pub empty: usize,
    /// Sign of each channel in the survey file.
    signs: Vec<f64>,
    noise: NoiseModel,
    prior: &'a Prior,
}

impl<'a> Counts<'a> {
    /// Begins the counts for `plan`, without any sounding.
    pub fn new(plan: &'a Plan) -> Self {
        Self {
            channels: vec![ChannelCount::default(); plan.system.channel_count()],
            signs: file_signs(plan),
            soundings: 0,
            empty: 0,
            noise: noise_model(&plan.config, &plan.system),
            prior: &plan.prior,
        }
    }

    /// Counts a sounding.
    pub fn add(&mut self, sounding: &Sounding) {
        let std = expected_std(sounding, &self.noise, self.prior);
        self.soundings += 1;
        self.empty += usize::from(sounding.observed.iter().all(|datum| datum.is_nan()));
        let data = sounding.observed.iter().zip(&self.signs).map(|(datum, sign)| sign * datum);
        for ((channel, datum), std) in self.channels.iter_mut().zip(data).zip(std) {
            if datum.is_nan() {
                continue;
            }
            channel.present += 1;
            channel.negative += usize::from(datum < 0.0);
            channel.noise += usize::from(datum.abs() < NOISE * std);
            if datum.abs() > channel.largest {
                (channel.largest, channel.at_largest) = (datum.abs(), 1);
            } else if datum.abs() == channel.largest {
                channel.at_largest += 1;
            }
        }
    }
}
