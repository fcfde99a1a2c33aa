//! Where noise is seen in a survey, and the values there.

use super::samples::{Samples, median_of};
use crate::error::{Error, Result};
use crate::results::Interval;
use crate::survey::{Place, Sounding, SurveyFile, line_label};

/// Third differences of a line, and the root of the sum of their squares.
const THIRD: [f64; 4] = [1.0, -3.0, 3.0, -1.0];
const THIRD_SIZE: f64 = 20.0;
/// A step along a line that is longer than this many usual steps is a gap.
const GAP: f64 = 1.5;
/// Least number of soundings of a line at great height.
const FEWEST: usize = 5;
/// Largest number of soundings from which noise is estimated; of larger surveys whole lines are left out.
const MOST_SOUNDINGS: usize = 200_000;

/// Where noise is seen.
#[derive(Debug, Clone, PartialEq)]
pub enum NoiseSource {
    /// Scatter along all lines: third differences of neighbouring soundings.
    Scatter,
    /// Soundings at great height, where the response of the ground is negligible: their scatter about the median of
    /// each line.
    High {
        /// Only these lines; all if empty.
        lines: Vec<Interval>,
        /// Only soundings above this height in m.
        above_m: Option<f64>,
    },
    /// Two flights along one line: differences of the data at the nearest places.
    Repeat {
        /// The two lines.
        lines: (f64, f64),
        /// Greatest distance of two soundings in m.
        distance_m: f64,
        /// Greatest difference of their heights in m.
        height_m: f64,
    },
}

impl NoiseSource {
    /// Whether values are differences, so that the noise may have a relative part and values depend on each other in a
    /// known way.
    pub(super) fn separates(&self) -> bool {
        !matches!(self, NoiseSource::High { .. })
    }

    /// Returns the values of each of `channels` channels at `places`, which are sorted by line and fiducial.
    pub(super) fn samples(&self, survey: &SurveyFile, places: &[Place], channels: usize) -> Result<Vec<Samples>> {
        let lines: Vec<&[Place]> = places.chunk_by(|a, b| a.line_number == b.line_number).collect();
        let mut samples = vec![Samples::default(); channels];
        match self {
            NoiseSource::Scatter => {
                if lines.iter().all(|line| line.len() < THIRD.len()) {
                    return Err(Error::Config(format!(
                        "no line has {} soundings, which the scatter along lines needs: is line_number the right column?",
                        THIRD.len()
                    )));
                }
                for line in lines.iter().step_by(places.len().div_ceil(MOST_SOUNDINGS).max(1)) {
                    add_scatter(&mut samples, &survey.read(line)?);
                }
            }
            NoiseSource::High { lines: wanted, above_m } => {
                let known = |interval: &Interval| lines.iter().any(|line| interval.contains(line[0].line_number));
                if let Some(missing) = wanted.iter().find(|interval| !known(interval)) {
                    return Err(unknown_line("--high", &missing.to_string(), &lines));
                }
                let is_wanted = |line: &&[Place]| {
                    wanted.is_empty() || wanted.iter().any(|interval| interval.contains(line[0].line_number))
                };
                let mut greatest_m = f64::NEG_INFINITY;
                let mut found = false;
                for line in lines.iter().copied().filter(is_wanted) {
                    let mut soundings = survey.read(line)?;
                    let heights = soundings.iter().map(|sounding| sounding.geometry.height_m());
                    greatest_m = heights.fold(greatest_m, f64::max);
                    soundings.retain(|s| above_m.is_none_or(|above_m| s.geometry.height_m() > above_m));
                    if soundings.len() >= FEWEST {
                        found = true;
                        add_deviations(&mut samples, &soundings);
                    }
                }
                if !found {
                    let above = above_m.map_or_else(String::new, |above_m| format!(" above {above_m} m"));
                    return Err(Error::Config(format!(
                        "no line has {FEWEST} soundings{above}; the greatest height of the chosen lines is {greatest_m} m"
                    )));
                }
            }
            NoiseSource::Repeat { lines: (first, second), distance_m, height_m } => {
                let line = |number: f64| -> Result<Vec<Sounding>> {
                    let line = lines.iter().find(|line| line[0].line_number == number);
                    survey.read(line.ok_or_else(|| unknown_line("--repeat", &line_label(number), &lines))?)
                };
                let (first, second) = (line(*first)?, line(*second)?);
                let pairs = nearest_pairs(&first, &second, *distance_m, *height_m);
                if pairs.is_empty() {
                    return Err(Error::Config(format!(
                        "--repeat: the lines have no soundings within {distance_m} m whose heights differ by at most \
                         {height_m} m: see --within and --height-within"
                    )));
                }
                add_repeats(&mut samples, &pairs);
            }
        }
        Ok(samples)
    }
}

fn unknown_line(option: &str, missing: &str, lines: &[&[Place]]) -> Error {
    let shown: Vec<String> = lines.iter().take(10).map(|line| line_label(line[0].line_number)).collect();
    let more = lines.len().checked_sub(10).filter(|more| *more > 0).map_or(String::new(), |n| format!(" and {n} more"));
    let shown = shown.join(", ");
    Error::setting(option, format!("{option} {missing}: the chosen soundings have no such line, only {shown}{more}"))
}

/// Adds the third differences of a line, normalised so that they have the standard deviation of white noise.
fn add_scatter(samples: &mut [Samples], line: &[Sounding]) {
    for run in runs(line) {
        for four in run.windows(THIRD.len()) {
            for (channel, samples) in samples.iter_mut().enumerate() {
                let data = || four.iter().map(|sounding| sounding.observed[channel]);
                let difference: f64 = data().zip(THIRD).map(|(datum, factor)| factor * datum).sum();
                samples.push((data().sum::<f64>() / 4.0).abs(), difference / THIRD_SIZE.sqrt());
            }
        }
        samples.iter_mut().for_each(Samples::end_run);
    }
}

/// Returns the parts of a line without gaps.
fn runs(line: &[Sounding]) -> impl Iterator<Item = &[Sounding]> {
    let distance = |a: &Sounding, b: &Sounding| (b.easting_m - a.easting_m).hypot(b.northing_m - a.northing_m);
    let step = |a: &Sounding, b: &Sounding| b.fiducial - a.fiducial;
    let usual = |size: &dyn Fn(&Sounding, &Sounding) -> f64| {
        median_of(line.windows(2).map(|pair| size(&pair[0], &pair[1])).collect()).unwrap_or(0.0)
    };
    let (usual_distance, usual_step) = (usual(&distance), usual(&step));
    line.chunk_by(move |a, b| distance(a, b) <= GAP * usual_distance && step(a, b) <= GAP * usual_step)
}

/// Adds the deviations of soundings of a line from their median.
fn add_deviations(samples: &mut [Samples], line: &[Sounding]) {
    for (channel, samples) in samples.iter_mut().enumerate() {
        let data: Vec<f64> = line.iter().map(|s| s.observed[channel]).filter(|datum| datum.is_finite()).collect();
        if data.len() >= FEWEST {
            let count = data.len() as f64;
            let middle = median_of(data.clone()).unwrap_or(0.0);
            // The median is nearer to the data than the true mean.
            let size = (count / (count - 1.0)).sqrt();
            data.iter().for_each(|datum| samples.push(middle.abs(), size * (datum - middle)));
        }
    }
}

/// Returns pairs of soundings that are each other's nearest.
fn nearest_pairs<'a>(
    first: &'a [Sounding],
    second: &'a [Sounding],
    distance_m: f64,
    height_m: f64,
) -> Vec<(&'a Sounding, &'a Sounding)> {
    let distance = |a: &Sounding, b: &Sounding| (a.easting_m - b.easting_m).hypot(a.northing_m - b.northing_m);
    let nearest = |from: &Sounding, line: &[Sounding]| {
        (0..line.len()).min_by(|&i, &j| distance(from, &line[i]).total_cmp(&distance(from, &line[j])))
    };
    let back: Vec<Option<usize>> = second.iter().map(|sounding| nearest(sounding, first)).collect();
    let pair = |(i, a): (usize, &'a Sounding)| {
        let j = nearest(a, second).filter(|&j| back[j] == Some(i))?;
        let b = &second[j];
        let is_near = distance(a, b) <= distance_m && (a.geometry.height_m() - b.geometry.height_m()).abs() <= height_m;
        is_near.then_some((a, b))
    };
    first.iter().enumerate().filter_map(pair).collect()
}

/// Adds differences about their median, normalised to the standard deviation of one flight.
fn add_repeats(samples: &mut [Samples], pairs: &[(&Sounding, &Sounding)]) {
    for (channel, samples) in samples.iter_mut().enumerate() {
        let data = || pairs.iter().map(|(a, b)| (a.observed[channel], b.observed[channel]));
        let differences = data().map(|(a, b)| a - b).filter(|difference| difference.is_finite());
        let shift = median_of(differences.collect()).unwrap_or(0.0);
        for (a, b) in data() {
            samples.push((0.5 * (a + b)).abs(), (a - b - shift) / std::f64::consts::SQRT_2);
        }
    }
}
