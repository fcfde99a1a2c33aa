//! Scale of an axis for data of several decades.

use super::axes::{Axis, Scale};

/// A logarithmic scale when all values are positive, else a scale symmetric about zero, because late gates have both
/// signs.
pub(super) struct DataScale {
    scale: Scale,
    low: f64,
    high: f64,
}

impl DataScale {
    /// Makes a scale for all of `values`. When they have both signs, absolute values down to about `least` can be
    /// distinguished. NaN is ignored.
    pub(super) fn new(values: impl Iterator<Item = f64>, least: f64) -> DataScale {
        let (low, high) = values
            .filter(|value| value.is_finite())
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)));
        if low > 0.0 {
            return DataScale { scale: Scale::Decades, low: low.log10() - 0.12, high: high.log10() + 0.12 };
        }
        let greatest = low.abs().max(high.abs()).max(f64::MIN_POSITIVE);
        let least = if least.is_finite() { least } else { 0.0 };
        // Tick labels need whole decades.
        let threshold = least.clamp(1e-5 * greatest, greatest).log10().round();
        let margin = 0.12 * (high - low).min(greatest);
        let scale = Scale::SymmetricLog(10f64.powf(threshold));
        DataScale { scale, low: (low * 1.3 - 0.02 * margin).min(0.0), high: (high * 1.3).max(0.0) }
    }

    pub(super) fn axis(&self) -> Axis {
        Axis::new(self.scale, self.low, self.high)
    }

    /// Returns the position of a datum on the axis, NaN when it cannot be drawn.
    pub(super) fn value(&self, response: f64) -> f64 {
        match self.scale {
            Scale::Decades if response > 0.0 => response.log10(),
            Scale::Decades => f64::NAN,
            _ => response,
        }
    }
}

/// Returns the least of positive values; NaN without any.
pub(super) fn least_positive(values: impl Iterator<Item = f64>) -> f64 {
    values.filter(|value| *value > 0.0).fold(f64::NAN, f64::min)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positive_responses_are_logarithmic() {
        let scale = DataScale::new([1.0, f64::NAN, 100.0].into_iter(), f64::NAN);
        assert_eq!((scale.axis().scale, scale.value(10.0)), (Scale::Decades, 1.0));
        assert!(scale.value(-1.0).is_nan());
    }

    #[test]
    fn responses_of_both_signs_cross_zero() {
        let scale = DataScale::new([-5.0, 100.0].into_iter(), 0.9);
        assert_eq!((scale.axis().scale, scale.value(-5.0)), (Scale::SymmetricLog(1.0), -5.0));
        assert!(scale.axis().low() < -5.0 && scale.axis().high() > 100.0);
        let negative = DataScale::new([-5.0, -100.0].into_iter(), f64::NAN).axis();
        assert!(negative.high() == 0.0 && negative.low() < -100.0);
        assert!(DataScale::new(std::iter::empty(), f64::NAN).axis().fraction(0.3).is_finite());
    }
}
