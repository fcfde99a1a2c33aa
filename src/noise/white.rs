//! Tells scatter that white noise makes from that of averaged data or of ground that varies fast.

use super::samples::{Samples, robust_std};

/// Correlations of third differences of white noise, one, two and three soundings apart; those of soundings farther apart
/// are 0.
const WHITE: [f64; 3] = [-0.75, 0.3, -0.05];
/// Greatest distance in soundings at which correlations are looked at: averages over as many soundings are recognised.
const FARTHEST: usize = 20;
/// A correlation that differs by more than this, and by more than chance, is not that of white noise.
const DIFFERENT: f64 = 0.12;
/// Chance, in standard errors of a correlation. Neighbouring differences depend on each other, which makes the true error
/// half as large again.
const CHANCE: f64 = 4.0;
/// Averages of any number of soundings change a correlation by at least this; a limit above it cannot recognise them.
const AVERAGED: f64 = 0.35;

/// Third differences of a channel, each divided by the standard deviation of its noise; NaN where one is unknown.
pub(super) struct Standardised(Vec<f64>);

impl Standardised {
    pub(super) fn new(samples: &Samples, additive: f64, relative: f64) -> Self {
        let scaled = |(level, value): (&f64, &f64)| value / additive.hypot(relative * level).max(f64::MIN_POSITIVE);
        let mut values: Vec<f64> = samples.level.iter().zip(&samples.value).map(scaled).collect();
        let size = robust_std(values.iter().copied().filter(|value| value.is_finite()));
        // Outliers count little.
        values.iter_mut().filter(|value| value.is_finite()).for_each(|value| {
            *value = if size > 0.0 { (*value / size).clamp(-3.0, 3.0) } else { 0.0 };
        });
        Self(values)
    }
}

/// Returns whether the third differences of channels of the same soundings are correlated like those of white noise;
/// `None` when there are too few to tell.
pub(super) fn is_white(channels: &[&Standardised]) -> Option<bool> {
    let mut is_known = true;
    for lag in 1..=FARTHEST {
        let (difference, limit) = difference_from_white(channels, lag);
        if difference.abs() > limit {
            return Some(false);
        }
        is_known &= limit < AVERAGED;
    }
    is_known.then_some(true)
}

/// Returns by how much the correlation of differences `lag` soundings apart differs from that of white noise, and the
/// limit of what chance and slowly varying ground make.
fn difference_from_white(channels: &[&Standardised], lag: usize) -> (f64, f64) {
    let white = WHITE.get(lag - 1).copied().unwrap_or(0.0);
    let count = channels.iter().map(|channel| channel.0.len()).max().unwrap_or(0);
    let (mut sum, mut squares, mut size) = (0.0, 0.0, 0.0);
    for i in lag..count {
        // Noise of one sounding may be common to all channels: only soundings are independent of each other.
        let mut difference = 0.0;
        for channel in channels {
            let (a, b) = (channel.0[i - lag], channel.0[i]);
            if a.is_finite() && b.is_finite() {
                let square = 0.5 * (a * a + b * b);
                difference += a * b - white * square;
                size += square;
            }
        }
        sum += difference;
        squares += difference * difference;
    }
    if size > 0.0 { (sum / size, DIFFERENT + CHANCE * f64::sqrt(squares) / size) } else { (0.0, f64::INFINITY) }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;
    use rand_distr::{Distribution, StandardNormal};

    use super::*;

    /// Third differences of the averages of `width` soundings.
    fn averaged(count: usize, width: usize, rng: &mut ChaCha8Rng) -> Standardised {
        let noise: Vec<f64> = (0..count).map(|_| StandardNormal.sample(rng)).collect();
        let data: Vec<f64> = noise.windows(width).map(|part| part.iter().sum()).collect();
        let mut samples = Samples::default();
        for d in data.windows(4) {
            samples.push(100.0, d[0] - 3.0 * d[1] + 3.0 * d[2] - d[3]);
        }
        Standardised::new(&samples, 1.0, 0.0)
    }

    /// Would catch: data averaged along the line, whose differences are much smaller than the noise, taken for quiet
    /// data.
    #[test]
    fn averaged_noise_is_recognised() {
        let rng = &mut ChaCha8Rng::seed_from_u64(1);
        for width in 1..=15 {
            assert_eq!(is_white(&[&averaged(3000, width, rng)]), Some(width == 1), "{width}");
        }
    }

    /// Would catch: short lines, on which one channel cannot show an average that all channels together show.
    #[test]
    fn channels_together_show_averages_of_short_lines() {
        let rng = &mut ChaCha8Rng::seed_from_u64(2);
        for width in [1, 2, 3, 5, 9] {
            let channels: Vec<_> = (0..20).map(|_| averaged(80, width, rng)).collect();
            let all: Vec<_> = channels.iter().collect();
            assert_eq!(is_white(&all), Some(width == 1), "{width}");
        }
    }

    /// Would catch: channels with one common noise, such as that of sferics, counted as if they were independent.
    #[test]
    fn few_soundings_tell_nothing() {
        let rng = &mut ChaCha8Rng::seed_from_u64(3);
        let one = averaged(60, 1, rng);
        assert_eq!(is_white(&[&one; 20]), None);
        assert_eq!(is_white(&[]), None);
    }
}
