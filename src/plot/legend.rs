//! Meaning of the colours of sections and maps.

use std::path::Path;

use super::axes::{Axis, Scale, ceil_to, floor_to, nice_step};
use super::colour::{ColourTable, Rgb};
use super::style::Style;
use crate::error::{Error, Result};
use crate::quantiles::nearest;

/// How values become colours, and how the colour bar is labelled.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum ColourScale {
    /// The scale is linear.
    #[default]
    Even,
    /// Values are log10 of the numbers at the colour bar.
    Log10,
    /// Values are log10 of conductivities in S/m.
    Conductivity,
    /// Values are log10 of conductivities in S/m; the labels are resistivities in ohm m.
    Resistivity,
    /// The scale is linear and symmetric about zero.
    Signed,
    /// Values are numbers of classes with these names, from 0.
    Classes(Vec<String>),
}

/// The uncertainty by which colours fade.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Fading {
    /// The width of the 5 to 95 % credible interval of conductivity in decades, which data and prior leave open.
    #[default]
    CredibleWidth,
    /// The standard error of the probability below a percentile, which measures the change with another seed.
    MonteCarloError,
}

impl Fading {
    /// Returns the text below the colour bar, in two lines.
    pub(super) fn words(self) -> [&'static str; 2] {
        match self {
            Fading::CredibleWidth => ["5–95 % width", "(decades)"],
            Fading::MonteCarloError => ["sampling error", "(probability)"],
        }
    }
}

/// A quantity in sections and maps, and the meaning of its colours.
#[derive(Debug, Clone, Default)]
pub struct Legend {
    /// Name and unit.
    pub label: String,
    /// How values become colours.
    pub scale: ColourScale,
    /// Values of the first and the last colour, on the scale; with `None` all but 2 % of the values at either end.
    pub limits: Option<(f64, f64)>,
    /// The uncertainty by which colours fade.
    pub fading: Fading,
    /// The uncertainty at which colours are gone; `None` when uncertainty is not drawn.
    pub full_width: Option<f64>,
}

/// Display of uncertainty in sections and maps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Uncertainty {
    /// Colours fade as the credible interval widens.
    #[default]
    Fade,
    /// Values are hatched where the credible interval is wider than half of the prior's.
    Hatch,
    /// Uncertainty is not drawn.
    Hidden,
}

/// Share of the full width above which values are hatched.
const HATCHED: f64 = 0.5;

/// Least distance beyond the limits, as a share of the range; smaller distances may be rounding of single precision.
const ROUNDING: f64 = 1e-5;

/// Colours for values and their uncertainty.
#[derive(Debug, Clone)]
pub(super) struct Shading<'a> {
    pub(super) style: &'a Style,
    /// Axis of the values along the colour bar.
    pub(super) axis: Axis,
    /// Names of classes, when values are numbers of classes.
    pub(super) classes: &'a [String],
    /// The uncertainty by which colours fade; see [`Legend::fading`].
    pub(super) fading: Fading,
    /// The uncertainty at which colours are gone; see [`Legend::full_width`].
    pub(super) full_width: Option<f64>,
    pub(super) uncertainty: Uncertainty,
    /// Whether there are values below the first and above the last colour.
    pub(super) beyond: (bool, bool),
    table: &'a ColourTable,
}

impl Legend {
    /// Makes colours that suit `values`, of which only the finite ones are used.
    ///
    /// # Errors
    /// There is no value, or the limits are not rising.
    pub(super) fn shading<'a>(
        &'a self,
        style: &'a Style,
        uncertainty: Uncertainty,
        values: impl Iterator<Item = f64>,
        path: &Path,
    ) -> Result<Shading<'a>> {
        let mut values: Vec<f64> = values.filter(|value| value.is_finite()).collect();
        if values.is_empty() {
            return Err(Error::figure(path, format!("there is no value of {} to draw", self.label)));
        }
        values.sort_unstable_by(f64::total_cmp);
        let classes: &[String] = if let ColourScale::Classes(names) = &self.scale { names } else { &[] };
        let (low, high) = match self.limits {
            _ if !classes.is_empty() => (-0.5, classes.len() as f64 - 0.5),
            Some((low, high)) if low < high && low.is_finite() && high.is_finite() => (low, high),
            Some((low, high)) => {
                let message =
                    format!("limits: got {} to {}, expected LOW below HIGH", self.written(low), self.written(high));
                return Err(Error::figure(path, message));
            }
            None => self.usual_limits(&values),
        };
        let scale = match self.scale {
            ColourScale::Even | ColourScale::Signed | ColourScale::Classes(_) => Scale::Linear,
            ColourScale::Log10 | ColourScale::Conductivity => Scale::Decades,
            ColourScale::Resistivity => Scale::InverseDecades,
        };
        Ok(Shading {
            style,
            axis: Axis::new(scale, low, high),
            classes,
            fading: self.fading,
            full_width: self.full_width.filter(|_| uncertainty != Uncertainty::Hidden),
            uncertainty,
            beyond: (
                values[0] < low - ROUNDING * (high - low),
                values[values.len() - 1] > high + ROUNDING * (high - low),
            ),
            table: match self.scale {
                ColourScale::Conductivity | ColourScale::Resistivity => &style.conductivity,
                ColourScale::Signed => &style.residual,
                ColourScale::Even | ColourScale::Log10 | ColourScale::Classes(_) => &style.quantity,
            },
        })
    }

    /// Gives all conductivities and resistivities in `all` that have limits the same limits, so that their colours can
    /// be compared.
    pub fn share_limits(all: &mut [Legend]) {
        let limits = all.iter().filter(|legend| legend.is_conductivity()).filter_map(|legend| legend.limits);
        let Some((low, high)) = limits.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1))) else { return };
        for legend in all.iter_mut().filter(|legend| legend.is_conductivity() && legend.limits.is_some()) {
            legend.limits = Some((low, high));
        }
    }

    pub(super) fn is_conductivity(&self) -> bool {
        matches!(self.scale, ColourScale::Conductivity | ColourScale::Resistivity)
    }

    /// Sets the limits to suit these values, of which some may not be drawn.
    pub fn suit(&mut self, values: &[f64]) {
        let mut values: Vec<f64> = values.iter().copied().filter(|value| value.is_finite()).collect();
        values.sort_unstable_by(f64::total_cmp);
        self.limits = (!values.is_empty()).then(|| self.usual_limits(&values));
    }

    /// Returns the range of rising values without 2 % at either end, rounded outwards: logarithms to half decades.
    fn usual_limits(&self, values: &[f64]) -> (f64, f64) {
        let at = |share| nearest(values, share).unwrap_or(0.0);
        let (low, high) = (at(0.02), at(0.98));
        let step = match self.scale {
            ColourScale::Log10 | ColourScale::Conductivity | ColourScale::Resistivity => 0.5,
            _ if low < high => nice_step(high - low, 5),
            // All values are equal.
            _ => 0.1 * low.abs().max(10.0 * f64::MIN_POSITIVE),
        };
        let (low, high) = (floor_to(low, step), ceil_to(high, step));
        if low < high { (low, high) } else { (low - step, high + step) }
    }

    /// Returns the number at the colour bar for a value.
    fn written(&self, value: f64) -> f64 {
        match self.scale {
            ColourScale::Even | ColourScale::Signed | ColourScale::Classes(_) => value,
            ColourScale::Log10 | ColourScale::Conductivity => 10f64.powf(value),
            ColourScale::Resistivity => 10f64.powf(-value),
        }
    }
}

impl Shading<'_> {
    /// Returns the colour of a value that fades by `width`, at a position of the page.
    pub(super) fn colour(&self, value: f64, width: f64, place: (f64, f64)) -> Rgb {
        let pure = self.pure(value);
        let Some(share) = self.full_width.map(|full| width / full).filter(|share| share.is_finite()) else {
            return pure;
        };
        match self.uncertainty {
            Uncertainty::Fade => pure.faded(share, self.style.colour.paper),
            Uncertainty::Hatch if share > HATCHED && (place.0 + place.1).rem_euclid(2.6) < 0.55 => {
                self.style.colour.paper
            }
            _ => pure,
        }
    }

    /// Returns the colour of a value without uncertainty.
    pub(super) fn pure(&self, value: f64) -> Rgb {
        if !self.classes.is_empty() {
            let colours = &self.style.colour.groups;
            return colours[value.max(0.0).round() as usize % colours.len()];
        }
        self.table.at(self.axis.fraction(value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits(scale: ColourScale, values: &[f64]) -> (f64, f64) {
        let (legend, style) = (Legend { scale, ..Legend::default() }, Style::default());
        let shading = legend.shading(&style, Uncertainty::Fade, values.iter().copied(), Path::new("a.png")).unwrap();
        (shading.axis.low(), shading.axis.high())
    }

    #[test]
    fn limits_are_round() {
        assert_eq!(limits(ColourScale::Log10, &[-2.9, f64::NAN, -0.7]), (-3.0, -0.5));
        assert_eq!(limits(ColourScale::Log10, &[-2.0; 3]), (-2.5, -1.5));
        assert_eq!(limits(ColourScale::Even, &[0.013, 0.97]), (0.0, 1.0));
        let (low, high) = limits(ColourScale::Even, &[3.0; 4]);
        assert!(low < 3.0 && high > 3.0);
        let (low, high) = limits(ColourScale::Even, &[0.0; 4]);
        assert!(low < 0.0 && high > 0.0);
    }

    #[test]
    fn what_has_no_colours_is_told() {
        let style = Style::default();
        let told = |legend: &Legend, value: f64| {
            let shading = legend.shading(&style, Uncertainty::Fade, [value].into_iter(), Path::new("a.png"));
            shading.unwrap_err().to_string()
        };
        let legend = Legend { label: "entropy (bit)".to_owned(), ..Legend::default() };
        assert!(told(&legend, f64::NAN).contains("no value of entropy (bit)"));
        let turned = Legend { scale: ColourScale::Resistivity, limits: Some((-1.0, -2.0)), ..legend };
        assert!(told(&turned, 0.0).contains("got 10 to 100"));
    }

    #[test]
    fn uncertain_values_fade_or_are_hatched() {
        let (legend, style) = (Legend { full_width: Some(3.0), ..Legend::default() }, Style::default());
        let colour = |uncertainty, width, place| {
            let values = [0.0, 1.0, 5.0].into_iter();
            let legend = Legend { limits: Some((0.0, 1.0)), ..legend.clone() };
            let shading = legend.shading(&style, uncertainty, values, Path::new("a.png")).unwrap();
            assert_eq!(shading.beyond, (false, true));
            (shading.colour(0.3, width, place), shading.pure(0.3), style.colour.paper)
        };
        let (faded, pure, paper) = colour(Uncertainty::Fade, 1.0, (0.0, 0.0));
        assert!(faded != pure && faded != paper);
        assert_eq!(colour(Uncertainty::Hatch, 1.0, (0.0, 0.0)).0, pure);
        assert_eq!(colour(Uncertainty::Hatch, 2.0, (0.0, 0.0)).0, paper);
        assert_eq!(colour(Uncertainty::Hatch, 2.0, (1.0, 0.0)).0, pure);
        assert_eq!(colour(Uncertainty::Hidden, 3.0, (0.0, 0.0)).0, pure);
    }
}
