//! The noise of each channel of a survey.

use super::samples::{Samples, median_of, robust_std};
use super::separate::{AdditiveNoise, Bins};
use super::source::NoiseSource;
use super::white::{Standardised, is_white};
use crate::config::Config;
use crate::error::{Error, Result};
use crate::run::{evenly, noise_model};
use crate::survey::{Place, SurveyFile};
use crate::system::System;

/// Least number of values from which the noise of a channel is estimated.
const FEWEST: usize = 30;
/// Largest number of soundings from which the size of data is counted.
const COUNTED: usize = 20_000;
/// The noise of a channel.
#[derive(Debug, Clone, PartialEq)]
pub struct ChannelNoise {
    /// Name of the channel.
    pub name: String,
    /// Index of its group.
    pub group: usize,
    /// Median of |datum| over the survey; NaN without data.
    pub median: f64,
    /// Additive noise in the unit of the data; `None` when there are too few values.
    pub additive: Option<AdditiveNoise>,
    /// Relative noise, a fraction, if the channel's data tell it.
    pub relative: Option<f64>,
    /// Number of values.
    pub count: usize,
    /// Share of the survey's data below the additive noise; NaN without data or noise.
    pub below: f64,
    /// Scatter along lines: whether the noise may depend on that of neighbouring soundings, or the ground varies too
    /// fast. True also where too few values tell nothing about this.
    pub is_correlated: bool,
    /// Soundings at great height: median of |datum| there, which the ground or a shift of zero makes; else NaN.
    pub at_height: f64,
    /// Noise that the configuration gives: the middle of its bounds.
    pub given: Option<f64>,
}

/// The noise of a survey.
#[derive(Debug, Clone, PartialEq)]
pub struct NoiseEstimate {
    /// In the order of the data.
    pub channels: Vec<ChannelNoise>,
    /// Relative noise of each group: the median of its channels.
    pub relative: Vec<Option<f64>>,
}

impl NoiseEstimate {
    /// Estimates the noise at `places`, which are sorted by line and fiducial, as `source` says. `config` is the
    /// configuration as its file gives it.
    ///
    /// # Errors
    /// A line is unknown, there are too few soundings, or the file cannot be read.
    pub fn new(
        source: &NoiseSource,
        config: &Config,
        system: &System,
        survey: &SurveyFile,
        places: &[Place],
    ) -> Result<Self> {
        let names = system.channel_names();
        let samples = source.samples(survey, places, names.len())?;
        let greatest = samples.iter().map(Samples::count).max().unwrap_or(0);
        if greatest < FEWEST {
            return Err(Error::Config(format!(
                "too few soundings: at most {greatest} values of a channel, where {FEWEST} are needed"
            )));
        }
        let sizes = sizes(survey, places, names.len())?;
        let groups = system.channel_error_groups();
        let bins: Vec<Option<Bins>> =
            samples.iter().map(|samples| (samples.count() >= FEWEST).then(|| Bins::new(samples))).collect();
        let own: Vec<Option<f64>> = match source.separates() {
            true => bins.iter().map(|bins| bins.as_ref().and_then(Bins::relative)).collect(),
            false => vec![None; bins.len()],
        };
        let relative: Vec<Option<f64>> = (0..system.error_group_names().len())
            .map(|group| {
                median_of(own.iter().zip(&groups).filter(|(_, g)| **g == group).filter_map(|(r, _)| *r).collect())
            })
            .collect();
        let given = given_noise(config, system);
        let mut channels = Vec::with_capacity(names.len());
        for (channel, name) in names.into_iter().enumerate() {
            let group = groups[channel];
            let additive = bins[channel].as_ref().map(|bins| match source.separates() {
                true => bins.additive(relative[group]),
                false => AdditiveNoise::Known(robust_std(samples[channel].known().map(|(_, value)| value))),
            });
            let data = &sizes[channel];
            let noise = additive.map_or(f64::NAN, AdditiveNoise::value);
            let below = data.iter().filter(|size| **size < noise).count() as f64 / data.len() as f64;
            channels.push(ChannelNoise {
                name,
                group,
                median: median_of(data.clone()).unwrap_or(f64::NAN),
                additive,
                relative: own[channel],
                count: samples[channel].count(),
                below: if additive.is_some() { below } else { f64::NAN },
                is_correlated: false,
                at_height: match source {
                    NoiseSource::High { .. } => {
                        median_of(samples[channel].known().map(|(level, _)| level).collect()).unwrap_or(f64::NAN)
                    }
                    _ => f64::NAN,
                },
                given: given.as_ref().map(|given| given[channel]),
            });
        }
        let mut estimate = Self { channels, relative };
        if *source == NoiseSource::Scatter {
            estimate.find_correlated(&samples);
        }
        Ok(estimate)
    }

    /// Finds the channels whose third differences are not those of white noise. Data of one group are averaged or
    /// filtered together, and many channels tell this from fewer soundings than one.
    fn find_correlated(&mut self, samples: &[Samples]) {
        for group in 0..self.relative.len() {
            let relative = self.relative[group].unwrap_or(0.0);
            let members = (0..samples.len()).filter(|&i| self.channels[i].group == group);
            let (members, values): (Vec<usize>, Vec<Standardised>) = members
                .filter_map(|i| {
                    let additive = self.channels[i].additive?.value();
                    Some((i, Standardised::new(&samples[i], additive, relative)))
                })
                .unzip();
            let all: Vec<&Standardised> = values.iter().collect();
            let is_group_white = is_white(&all) == Some(true);
            for (i, values) in members.into_iter().zip(&values) {
                self.channels[i].is_correlated = !is_group_white || is_white(&[values]) == Some(false);
            }
        }
    }

    /// Returns whether the scatter of a channel is not white noise, so that its noise is not known.
    pub fn has_correlated(&self) -> bool {
        self.channels.iter().any(|channel| channel.is_correlated)
    }
}

/// Returns the absolute values of the data of each channel.
fn sizes(survey: &SurveyFile, places: &[Place], channels: usize) -> Result<Vec<Vec<f64>>> {
    let mut sizes = vec![Vec::new(); channels];
    survey.each(&evenly(places, COUNTED), |sounding| {
        for (sizes, datum) in sizes.iter_mut().zip(&sounding.observed).filter(|(_, datum)| datum.is_finite()) {
            sizes.push(datum.abs());
        }
        Ok(())
    })?;
    Ok(sizes)
}

/// Returns the additive noise that the configuration gives for each channel: quoted noise, or the middle of its bounds.
fn given_noise(config: &Config, system: &System) -> Option<Vec<f64>> {
    if let Some(quoted) = config.errors.quoted_noise() {
        let count = system.channel_count();
        return match quoted.additive.as_slice() {
            [one] => Some(vec![*one; count]),
            each => (each.len() == count).then(|| each.to_vec()),
        };
    }
    let (errors, noise) = (&config.errors, noise_model(config, system));
    let groups = system.error_group_names().len();
    let bounds = |bound: &Option<_>| match bound {
        Some(bound) => crate::config::PerGroup::values(bound, groups),
        None => (!errors.additive_per_channel.is_empty()).then(|| vec![1.0; groups]),
    };
    let (low, high) = (bounds(&errors.additive_minimum)?, bounds(&errors.additive_maximum)?);
    let middle = |(shape, group): (&f64, &usize)| shape * (low[*group] * high[*group]).sqrt();
    Some(noise.additive_shape.iter().zip(&noise.group).map(middle).collect())
}
