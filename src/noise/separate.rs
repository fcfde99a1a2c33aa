//! Separates the noise of a channel into an additive and a relative part, by how the scatter grows with the datum.

use super::samples::{Samples, robust_std};

/// Least number of values in a bin of data of similar size.
const BIN: usize = 40;
/// Largest number of bins.
const MOST_BINS: usize = 20;
/// Standard deviation of a robust variance as a fraction of it, times the root of the number of values. Neighbouring
/// differences depend on each other, which is included.
const SPREAD: f64 = 3.5;
/// A variance is known when its standard error is below this fraction.
const KNOWN: f64 = 0.5;
/// A relative part below this fraction of the variance is too small to matter.
const SMALL: f64 = 0.25;

/// The additive noise of a channel.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum AdditiveNoise {
    /// The standard deviation of the additive noise.
    Known(f64),
    /// The additive noise is at most this; another noise hides it.
    AtMost(f64),
}

impl AdditiveNoise {
    /// Returns the standard deviation or its limit.
    pub fn value(self) -> f64 {
        match self {
            AdditiveNoise::Known(value) | AdditiveNoise::AtMost(value) => value,
        }
    }
}

/// Variance of the noise in bins of data of similar size.
#[derive(Debug)]
pub(super) struct Bins {
    /// (size^2 of the datum, variance, number of values)
    bins: Vec<(f64, f64, f64)>,
    total: f64,
    spread: f64,
}

/// A variance and its standard error.
#[derive(Debug, Clone, Copy)]
struct Variance {
    value: f64,
    error: f64,
}

impl Variance {
    fn is_known(self) -> bool {
        self.value > 0.0 && self.error < KNOWN * self.value
    }

    fn limit(self) -> f64 {
        self.value.max(0.0) + 2.0 * self.error
    }
}

impl Bins {
    /// Sorts the values into bins of equal numbers.
    pub(super) fn new(samples: &Samples) -> Self {
        let mut known: Vec<(f64, f64)> = samples.known().collect();
        known.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
        let total = robust_std(known.iter().map(|(_, value)| *value)).powi(2);
        let count = (known.len() / BIN).clamp(1, MOST_BINS);
        let bins = known.chunks(known.len().div_ceil(count).max(1)).map(|bin| {
            let level = bin.iter().map(|(level, _)| level * level).sum::<f64>() / bin.len() as f64;
            (level, robust_std(bin.iter().map(|(_, value)| *value)).powi(2), bin.len() as f64)
        });
        Self { bins: bins.collect(), total, spread: SPREAD }
    }

    /// Returns the relative noise, if the scatter grows with the datum clearly enough.
    pub(super) fn relative(&self) -> Option<f64> {
        let (_, relative) = self.both()?;
        relative.is_known().then(|| relative.value.sqrt())
    }

    /// Returns the additive noise. `common` is the relative noise of the channels of the same group, for channels whose
    /// own data cannot tell.
    pub(super) fn additive(&self, common: Option<f64>) -> AdditiveNoise {
        let whole = AdditiveNoise::AtMost(self.total.sqrt());
        let Some((additive, relative)) = self.both() else {
            // Without several bins only a known relative noise can tell how much of the scatter is additive.
            return common.map_or(whole, |common| self.additive_beside(common));
        };
        let middle = self.bins.iter().map(|bin| bin.0).sum::<f64>() / self.bins.len() as f64;
        if !relative.is_known() && relative.limit() * middle < SMALL * self.total {
            return self.additive_beside(0.0);
        }
        match common {
            _ if additive.is_known() => AdditiveNoise::Known(additive.value.sqrt()),
            Some(common) if !relative.is_known() => self.additive_beside(common),
            _ if relative.is_known() => AdditiveNoise::AtMost(additive.limit().min(self.total).sqrt()),
            _ => whole,
        }
    }

    /// Returns the additive noise if the relative noise is known.
    fn additive_beside(&self, relative: f64) -> AdditiveNoise {
        let (mut weights, mut sum) = (0.0, 0.0);
        for &(level, variance, count) in &self.bins {
            let weight = count / (relative.powi(2) * level + self.total).powi(2);
            weights += weight;
            sum += weight * (variance - relative.powi(2) * level);
        }
        let additive = Variance { value: sum / weights, error: self.spread / weights.sqrt() };
        if additive.is_known() {
            AdditiveNoise::Known(additive.value.sqrt())
        } else {
            AdditiveNoise::AtMost(additive.limit().min(self.total).sqrt())
        }
    }

    /// Returns additive and relative variance by weighted least squares: variance = additive + relative * level. `None`
    /// when there are fewer than three bins, or all data have the same size.
    fn both(&self) -> Option<(Variance, Variance)> {
        if self.bins.len() < 3 || self.total <= 0.0 {
            return None;
        }
        let greatest = self.bins.iter().map(|bin| bin.0).fold(0.0, f64::max);
        if greatest <= 0.0 {
            return None;
        }
        let mut fit = (self.total, 0.0);
        let mut errors = (f64::INFINITY, f64::INFINITY);
        // The weights depend on the fit.
        for _ in 0..10 {
            let (mut s, mut sx, mut sxx, mut sy, mut sxy) = (0.0, 0.0, 0.0, 0.0, 0.0);
            let floor = 1e-3 * self.total;
            let weight =
                |x: f64, count: f64, fit: (f64, f64)| count / (self.spread * (fit.0 + fit.1 * x).max(floor)).powi(2);
            for &(level, variance, count) in &self.bins {
                let x = level / greatest;
                let w = weight(x, count, fit);
                s += w;
                sx += w * x;
                sxx += w * x * x;
                sy += w * variance;
                sxy += w * x * variance;
            }
            let determinant = s * sxx - sx * sx;
            if determinant <= 1e-9 * s * sxx {
                return None;
            }
            let new = ((sxx * sy - sx * sxy) / determinant, (s * sxy - sx * sy) / determinant);
            // Scatter that is not a line in the squares has larger errors.
            let misfit: f64 = self
                .bins
                .iter()
                .map(|&(level, variance, count)| {
                    let x = level / greatest;
                    weight(x, count, fit) * (variance - new.0 - new.1 * x).powi(2)
                })
                .sum();
            let scale = (misfit / (self.bins.len() - 2) as f64).max(1.0);
            errors = ((scale * sxx / determinant).sqrt(), (scale * s / determinant).sqrt());
            fit = (new.0.max(0.0), new.1.max(0.0));
        }
        let additive = Variance { value: fit.0, error: errors.0 };
        Some((additive, Variance { value: fit.1 / greatest, error: errors.1 / greatest }))
    }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand_distr::{Distribution, StandardNormal};

    use super::*;

    /// Samples whose levels span a factor of `span`, with known noise.
    fn samples(count: usize, span: f64, additive: f64, relative: f64) -> Samples {
        let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(1);
        let mut samples = Samples::default();
        for i in 0..count {
            let level = 100.0 * span.powf(i as f64 / count as f64);
            let unit: f64 = StandardNormal.sample(&mut rng);
            samples.push(level, unit * (additive.powi(2) + (relative * level).powi(2)).sqrt());
        }
        samples
    }

    #[test]
    fn both_parts_are_found_where_data_vary() {
        let bins = Bins::new(&samples(4000, 100.0, 20.0, 0.04));
        let relative = bins.relative().unwrap();
        assert!((relative / 0.04 - 1.0).abs() < 0.1, "{relative}");
        let AdditiveNoise::Known(additive) = bins.additive(None) else { panic!("{bins:?}") };
        assert!((additive / 20.0 - 1.0).abs() < 0.15, "{additive}");
    }

    /// Would catch: an additive noise of data whose relative noise is as large at all soundings.
    #[test]
    fn parts_that_cannot_be_separated_are_a_limit() {
        let bins = Bins::new(&samples(2000, 1.05, 2.0, 0.04));
        assert_eq!(bins.relative(), None);
        assert!(matches!(bins.additive(None), AdditiveNoise::AtMost(_)), "{bins:?}");
        // A small noise beside a large relative one.
        let bins = Bins::new(&samples(2000, 100.0, 0.1, 0.05));
        let AdditiveNoise::AtMost(limit) = bins.additive(None) else { panic!("{bins:?}") };
        assert!(limit > 0.1, "{limit}");
        // The relative noise of other channels of the group tells what the channel itself cannot.
        let bins = Bins::new(&samples(4000, 1.05, 10.0, 0.04));
        let AdditiveNoise::Known(additive) = bins.additive(Some(0.04)) else { panic!("{bins:?}") };
        assert!((additive / 10.0 - 1.0).abs() < 0.15, "{additive}");
    }

    #[test]
    fn few_or_equal_values_do_not_fail() {
        for bins in [Bins::new(&Samples::default()), Bins::new(&samples(10, 2.0, 0.0, 0.0))] {
            assert_eq!((bins.relative(), bins.additive(None)), (None, AdditiveNoise::AtMost(0.0)));
        }
    }
}
