//! How responses are spread along an axis.

use super::axes::{Axis, Scale};

/// Logarithmic when all are positive; else symmetric about zero, since late gates have both signs.
pub(super) struct Spread {
    scale: Scale,
    low: f64,
    high: f64,
}

impl Spread {
    /// For all of `values`; where these have both signs, sizes up to about `least` are told apart. NaN is left out.
    pub(super) fn new(values: impl Iterator<Item = f64>, least: f64) -> Spread {
        let (low, high) = values
            .filter(|value| value.is_finite())
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)));
        if low > 0.0 {
            return Spread { scale: Scale::Decades, low: low.log10() - 0.12, high: high.log10() + 0.12 };
        }
        let greatest = low.abs().max(high.abs()).max(f64::MIN_POSITIVE);
        let least = if least.is_finite() { least } else { 0.0 };
        // Tick labels want whole decades.
        let threshold = least.clamp(1e-5 * greatest, greatest).log10().round();
        let margin = 0.12 * (high - low).min(greatest);
        let scale = Scale::SymmetricLog(10f64.powf(threshold));
        Spread { scale, low: (low * 1.3 - 0.02 * margin).min(0.0), high: (high * 1.3).max(0.0) }
    }

    pub(super) fn axis(&self) -> Axis {
        Axis::new(self.scale, self.low, self.high)
    }

    /// A response as its axis wants it, NaN when it cannot be shown.
    pub(super) fn value(&self, response: f64) -> f64 {
        match self.scale {
            Scale::Decades if response > 0.0 => response.log10(),
            Scale::Decades => f64::NAN,
            _ => response,
        }
    }
}

/// The least of positive values; NaN without any.
pub(super) fn least_positive(values: impl Iterator<Item = f64>) -> f64 {
    values.filter(|value| *value > 0.0).fold(f64::NAN, f64::min)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positive_responses_are_logarithmic() {
        let spread = Spread::new([1.0, f64::NAN, 100.0].into_iter(), f64::NAN);
        assert_eq!((spread.axis().scale, spread.value(10.0)), (Scale::Decades, 1.0));
        assert!(spread.value(-1.0).is_nan());
    }

    #[test]
    fn responses_of_both_signs_cross_zero() {
        let spread = Spread::new([-5.0, 100.0].into_iter(), 0.9);
        assert_eq!((spread.axis().scale, spread.value(-5.0)), (Scale::SymmetricLog(1.0), -5.0));
        assert!(spread.axis().low() < -5.0 && spread.axis().high() > 100.0);
        let negative = Spread::new([-5.0, -100.0].into_iter(), f64::NAN).axis();
        assert!(negative.high() == 0.0 && negative.low() < -100.0);
        assert!(Spread::new(std::iter::empty(), f64::NAN).axis().fraction(0.3).is_finite());
    }
}
