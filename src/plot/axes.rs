//! Axes: they map values to positions and place the ticks.

/// Scale of an axis.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Scale {
    Linear,
    /// Values are decimal logarithms; the labels are numbers, not logarithms.
    Decades,
    /// Values are decimal logarithms; the labels are powers of ten.
    Powers,
    /// Values are decimal logarithms; the labels are the reciprocals (resistivity for conductivity).
    InverseDecades,
    /// Values are linear up to about the threshold on both sides of zero, and logarithmic beyond.
    SymmetricLog(f64),
}

/// An axis from `low` at fraction 0 to `high` at fraction 1. `low` may be greater than `high`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Axis {
    pub(super) scale: Scale,
    low: f64,
    high: f64,
}

/// A tick on an axis; minor ticks have no label.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Tick {
    pub(super) value: f64,
    pub(super) label: Option<String>,
}

impl Axis {
    /// Makes an axis from `low` to `high`. When these are not finite or are equal, it uses a wider range.
    pub(super) fn new(scale: Scale, low: f64, high: f64) -> Axis {
        let (low, high) = match (low.is_finite() && high.is_finite(), low == high) {
            (true, false) => (low, high),
            (true, true) => (low - 0.5, high + 0.5),
            (false, _) => (0.0, 1.0),
        };
        Axis { scale, low, high }
    }

    /// Makes a logarithmic axis for conductivities, with labels in conductivity or resistivity.
    pub(super) fn log10_conductivity(low: f64, high: f64, resistivity: bool) -> Axis {
        Axis::new(if resistivity { Scale::InverseDecades } else { Scale::Decades }, low, high)
    }

    pub(super) fn low(&self) -> f64 {
        self.low
    }

    pub(super) fn high(&self) -> f64 {
        self.high
    }

    /// Returns the position of `value` along the axis: 0 at `low`, 1 at `high`, also outside of these.
    pub(super) fn fraction(&self, value: f64) -> f64 {
        let (low, high) = (self.scaled(self.low), self.scaled(self.high));
        (self.scaled(value) - low) / (high - low)
    }

    /// Returns the value at a fraction of an axis that is linear in its values.
    pub(super) fn value(&self, fraction: f64) -> f64 {
        self.low + fraction * (self.high - self.low)
    }

    fn scaled(&self, value: f64) -> f64 {
        match self.scale {
            Scale::SymmetricLog(threshold) => (1.0 + value.abs() / threshold).log10().copysign(value),
            _ => value,
        }
    }

    /// Returns ticks in rising order, with about `count` labels where there is a choice.
    pub(super) fn ticks(&self, count: usize) -> Vec<Tick> {
        let (low, high) = (self.low.min(self.high), self.low.max(self.high));
        match self.scale {
            Scale::Linear => linear_ticks(low, high, count),
            Scale::Decades => decade_ticks(low, high, count, plain),
            Scale::Powers => decade_ticks(low, high, count, power),
            Scale::InverseDecades => {
                let mut ticks = decade_ticks(-high, -low, count, plain);
                ticks.reverse();
                ticks.into_iter().map(|tick| Tick { value: -tick.value, ..tick }).collect()
            }
            Scale::SymmetricLog(threshold) => symmetric_ticks(low, high, threshold),
        }
    }
}

/// Returns `value` rounded down to a multiple of `step`.
pub(super) fn floor_to(value: f64, step: f64) -> f64 {
    (value / step + 1e-9).floor() * step
}

/// Returns `value` rounded up to a multiple of `step`.
pub(super) fn ceil_to(value: f64, step: f64) -> f64 {
    (value / step - 1e-9).ceil() * step
}

/// Returns the round step that cuts `range` into about `count` pieces, or a few more.
pub(super) fn nice_step(range: f64, count: usize) -> f64 {
    let rough = range / count.max(1) as f64;
    let decade = 10f64.powf(rough.log10().floor());
    let factor = [1.0, 2.0, 5.0, 10.0].into_iter().find(|f| f * decade >= rough * 0.999).unwrap_or(10.0);
    factor * decade
}

fn linear_ticks(low: f64, high: f64, count: usize) -> Vec<Tick> {
    let step = nice_step(high - low, count);
    let decimals = (-step.log10().floor()).clamp(0.0, 9.0) as usize;
    let first = (low / step - 1e-6).ceil() as i64;
    let last = (high / step + 1e-6).floor() as i64;
    (first..=last)
        .map(|i| {
            let value = i as f64 * step;
            let number = if i == 0 { "0".to_owned() } else { format!("{:.decimals$}", value.abs()) };
            Tick { value, label: Some(signed(&number, i < 0)) }
        })
        .collect()
}

fn decade_ticks(low: f64, high: f64, count: usize, name: fn(u32, i32) -> String) -> Vec<Tick> {
    const EDGE: f64 = 1e-6;
    /// Part of a decade below which there may be no whole digit.
    const NARROW: f64 = 0.25;
    if high - low < NARROW {
        return even_ticks(low, high, count);
    }
    let inside = |value: f64| (low - EDGE..=high + EDGE).contains(&value);
    let (first, last) = (low.floor() as i32, high.ceil() as i32);
    let written = (first..=last).flat_map(|decade| [1.0f64, 2.0, 5.0].map(|digit| f64::from(decade) + digit.log10()));
    if written.filter(|value| inside(*value)).count() < 2 {
        return even_ticks(low, high, count);
    }
    let labelled = (first..=last).filter(|k| inside(f64::from(*k))).count();
    let every = labelled.div_ceil(count.max(2)).max(1) as i32;
    let mut ticks = Vec::new();
    for decade in first..=last {
        for digit in 1..=9 {
            let value = f64::from(decade) + f64::from(digit).log10();
            let label = match digit {
                1 => decade.rem_euclid(every) == 0,
                2 | 5 => labelled < 2,
                _ => false,
            };
            if inside(value) && (every == 1 || digit == 1) {
                ticks.push(Tick { value, label: label.then(|| name(digit, decade)) });
            }
        }
    }
    ticks
}

/// Returns evenly spaced numbers on an axis of logarithms.
fn even_ticks(low: f64, high: f64, count: usize) -> Vec<Tick> {
    let ticks = linear_ticks(10f64.powf(low), 10f64.powf(high), count).into_iter();
    ticks.filter(|tick| tick.value > 0.0).map(|tick| Tick { value: tick.value.log10(), ..tick }).collect()
}

fn symmetric_ticks(low: f64, high: f64, threshold: f64) -> Vec<Tick> {
    let first = threshold.log10().round() as i32;
    let last = low.abs().max(high.abs()).log10().ceil().max(f64::from(first)) as i32;
    let mut ticks = vec![Tick { value: 0.0, label: Some("0".to_owned()) }];
    for decade in first..=last {
        for (sign, negative) in [(1.0, false), (-1.0, true)] {
            let value = sign * 10f64.powi(decade);
            ticks.push(Tick { value, label: Some(signed(&plain(1, decade), negative)) });
        }
    }
    ticks.retain(|tick| (low..=high).contains(&tick.value));
    ticks.sort_by(|a, b| a.value.total_cmp(&b.value));
    ticks
}

/// Returns `digit` x 10^`decade`, written out unless that is long.
fn plain(digit: u32, decade: i32) -> String {
    match decade {
        0..=5 => format!("{digit}{}", "0".repeat(decade as usize)),
        -5..=-1 => format!("0.{}{digit}", "0".repeat((-decade - 1) as usize)),
        _ => power(digit, decade),
    }
}

/// Returns `digit` x 10^`decade` as a power.
fn power(digit: u32, decade: i32) -> String {
    let power = format!("10{}", superscript(decade));
    if digit == 1 { power } else { format!("{digit}·{power}") }
}

fn superscript(number: i32) -> String {
    let one = |c| match c {
        '-' => '⁻',
        c => ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'][c.to_digit(10).unwrap_or(0) as usize],
    };
    number.to_string().chars().map(one).collect()
}

/// Returns the number with a minus sign as long as a plus sign.
fn signed(number: &str, negative: bool) -> String {
    if negative { format!("−{number}") } else { number.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(axis: Axis) -> Vec<String> {
        axis.ticks(6).into_iter().filter_map(|tick| tick.label).collect()
    }

    #[test]
    fn decades_are_plain_numbers_and_include_both_ends() {
        assert_eq!(labels(Axis::new(Scale::Decades, -3.0, 1.0)), ["0.001", "0.01", "0.1", "1", "10"]);
        assert_eq!(labels(Axis::log10_conductivity(-3.0, 0.0, true)), ["1000", "100", "10", "1"]);
        assert_eq!(labels(Axis::new(Scale::Decades, 5.0, 7.0)), ["100000", "10⁶", "10⁷"]);
        assert_eq!(labels(Axis::new(Scale::Powers, -5.0, -3.0)), ["10⁻⁵", "10⁻⁴", "10⁻³"]);
        assert_eq!(labels(Axis::new(Scale::Decades, -0.8, -0.2)), ["0.2", "0.5"]);
        assert_eq!(Axis::new(Scale::Decades, -1.0, 0.0).ticks(6).len(), 10);
        assert!(labels(Axis::new(Scale::Decades, -20.0, 20.0)).len() <= 7);
    }

    #[test]
    fn linear_axes_have_nice_numbers() {
        assert_eq!(labels(Axis::new(Scale::Linear, 0.3, -0.2)), ["−0.2", "−0.1", "0", "0.1", "0.2", "0.3"]);
        assert_eq!(labels(Axis::new(Scale::Linear, 300.0, 0.0)), ["0", "50", "100", "150", "200", "250", "300"]);
    }

    #[test]
    fn symmetric_axes_cross_zero() {
        let axis = Axis::new(Scale::SymmetricLog(1.0), -20.0, 200.0);
        assert_eq!(labels(axis), ["−10", "−1", "0", "1", "10", "100"]);
        assert!(axis.fraction(-10.0) > 0.0 && axis.fraction(-10.0) < axis.fraction(0.0));
    }

    #[test]
    fn unusable_ranges_are_replaced() {
        for (low, high) in [(f64::NAN, 1.0), (f64::INFINITY, f64::NEG_INFINITY), (2.0, 2.0)] {
            let axis = Axis::new(Scale::Linear, low, high);
            assert!(axis.fraction(0.7).is_finite());
            assert!(!axis.ticks(5).is_empty());
        }
    }
}
