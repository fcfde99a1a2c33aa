//! What the colours of sections and maps stand for.

use std::path::Path;

use super::axes::{Axis, Scale, ceil_to, floor_to, nice_step};
use super::colour::{ColourTable, Rgb};
use super::style::Style;
use crate::error::{Error, Result};
use crate::quantiles::nearest;

/// How values become colours, and what stands at the colour bar.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum ColourScale {
    /// Evenly.
    #[default]
    Even,
    /// Values are log10 of what is written.
    Log10,
    /// Values are log10 of conductivities in S/m.
    Conductivity,
    /// Values are log10 of conductivities in S/m; resistivities in ohm m are written.
    Resistivity,
    /// Evenly to both sides of zero.
    Signed,
    /// Values are numbers of classes with these names, from 0.
    Classes(Vec<String>),
}

/// What colours fade by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Fading {
    /// The width of the 5 to 95 % credible interval of conductivity, decades: what data and prior leave open.
    #[default]
    CredibleWidth,
    /// The standard error of the probability below a percentile: what another seed would change.
    MonteCarloError,
}

impl Fading {
    /// What stands below the colour bar, in two lines.
    pub(super) fn words(self) -> [&'static str; 2] {
        match self {
            Fading::CredibleWidth => ["5–95 % width", "(decades)"],
            Fading::MonteCarloError => ["sampling error", "(probability)"],
        }
    }
}

/// A quantity as sections and maps show it.
#[derive(Debug, Clone, Default)]
pub struct Shown {
    /// Name and unit.
    pub label: String,
    /// How values become colours.
    pub scale: ColourScale,
    /// Values of the first and the last colour, on the scale; all but 2 % at either end when `None`.
    pub limits: Option<(f64, f64)>,
    /// What colours fade by.
    pub fading: Fading,
    /// Of that, the amount at which nothing is known; `None` where it is not shown.
    pub full_width: Option<f64>,
}

/// How sections and maps show that a value is uncertain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Uncertainty {
    /// Colours fade as the credible interval widens.
    #[default]
    Fade,
    /// Hatched where the credible interval is wider than half of the prior's.
    Hatch,
    /// Not at all.
    Hidden,
}

/// Share of the full width from which on values are hatched.
const HATCHED: f64 = 0.5;

/// Values of single precision are beyond the limits from this share of their range on.
const ROUNDING: f64 = 1e-5;

/// Colours for values and their uncertainty.
#[derive(Debug, Clone)]
pub(super) struct Shading<'a> {
    pub(super) style: &'a Style,
    /// The values over the colours.
    pub(super) axis: Axis,
    /// Names of classes, where values are these.
    pub(super) classes: &'a [String],
    /// See [`Shown::fading`].
    pub(super) fading: Fading,
    /// See [`Shown::full_width`].
    pub(super) full_width: Option<f64>,
    pub(super) uncertainty: Uncertainty,
    /// Whether there are values below the first and above the last colour.
    pub(super) beyond: (bool, bool),
    table: &'a ColourTable,
}

impl Shown {
    /// Colours that suit `values`, those that are not finite left out.
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

    /// Gives conductivities and resistivities among `all` that have limits the same, so that their colours can be compared.
    pub fn share_limits(all: &mut [Shown]) {
        let limits = all.iter().filter(|shown| shown.is_conductivity()).filter_map(|shown| shown.limits);
        let Some((low, high)) = limits.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1))) else { return };
        for shown in all.iter_mut().filter(|shown| shown.is_conductivity() && shown.limits.is_some()) {
            shown.limits = Some((low, high));
        }
    }

    pub(super) fn is_conductivity(&self) -> bool {
        matches!(self.scale, ColourScale::Conductivity | ColourScale::Resistivity)
    }

    /// Takes the limits that suit these values, of which not all may be drawn.
    pub fn suit(&mut self, values: &[f64]) {
        let mut values: Vec<f64> = values.iter().copied().filter(|value| value.is_finite()).collect();
        values.sort_unstable_by(f64::total_cmp);
        self.limits = (!values.is_empty()).then(|| self.usual_limits(&values));
    }

    /// All but 2 % of rising values at either end, rounded out: logarithms to half decades.
    fn usual_limits(&self, values: &[f64]) -> (f64, f64) {
        let at = |share| nearest(values, share).unwrap_or(0.0);
        let (low, high) = (at(0.02), at(0.98));
        let step = match self.scale {
            ColourScale::Log10 | ColourScale::Conductivity | ColourScale::Resistivity => 0.5,
            _ if low < high => nice_step(high - low, 5),
            // All values are alike.
            _ => 0.1 * low.abs().max(10.0 * f64::MIN_POSITIVE),
        };
        let (low, high) = (floor_to(low, step), ceil_to(high, step));
        if low < high { (low, high) } else { (low - step, high + step) }
    }

    /// A value as people write it.
    fn written(&self, value: f64) -> f64 {
        match self.scale {
            ColourScale::Even | ColourScale::Signed | ColourScale::Classes(_) => value,
            ColourScale::Log10 | ColourScale::Conductivity => 10f64.powf(value),
            ColourScale::Resistivity => 10f64.powf(-value),
        }
    }
}

impl Shading<'_> {
    /// The colour of a value that fades by `width`, at a place of the page.
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

    /// The colour of a value that is known.
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
        let (shown, style) = (Shown { scale, ..Shown::default() }, Style::default());
        let shading = shown.shading(&style, Uncertainty::Fade, values.iter().copied(), Path::new("a.png")).unwrap();
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
        let told = |shown: &Shown, value: f64| {
            let shading = shown.shading(&style, Uncertainty::Fade, [value].into_iter(), Path::new("a.png"));
            shading.unwrap_err().to_string()
        };
        let shown = Shown { label: "entropy (bit)".to_owned(), ..Shown::default() };
        assert!(told(&shown, f64::NAN).contains("no value of entropy (bit)"));
        let turned = Shown { scale: ColourScale::Resistivity, limits: Some((-1.0, -2.0)), ..shown };
        assert!(told(&turned, 0.0).contains("got 10 to 100"));
    }

    #[test]
    fn uncertain_values_fade_or_are_hatched() {
        let (shown, style) = (Shown { full_width: Some(3.0), ..Shown::default() }, Style::default());
        let colour = |uncertainty, width, place| {
            let values = [0.0, 1.0, 5.0].into_iter();
            let shown = Shown { limits: Some((0.0, 1.0)), ..shown.clone() };
            let shading = shown.shading(&style, uncertainty, values, Path::new("a.png")).unwrap();
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
