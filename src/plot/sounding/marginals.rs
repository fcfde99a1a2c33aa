//! Distributions of the number of layers and of data errors.

use super::super::axes::{Axis, Scale};
use super::super::canvas::{Area, Canvas, Stroke};
use super::super::colour::Rgb;
use super::super::data::Distribution;
use super::super::font;
use super::super::key::{self, KeySymbol, Marker};
use super::super::panel::Panel;
use super::super::unit::printed_unit;
use super::Sounding;

/// Space between two distributions.
const GAP: f64 = 21.0;

/// Factor of its normal size below which a key is not legible.
const LEGIBLE: f64 = 0.65;

/// One kind of error of all groups that have it, with their colours.
type ErrorMarginals<'a> = Vec<(&'a Distribution, Rgb)>;

impl Sounding<'_> {
    pub(super) fn draw_marginals(&self, canvas: &mut Canvas, area: Area, title_x: f64) {
        let groups = || self.data.error_groups.iter().enumerate();
        let colour = |group| match self.data.error_groups.len() {
            1 => self.options.style.colour.posterior,
            _ => self.group_colour(group),
        };
        let relative: ErrorMarginals = groups().filter_map(|(i, g)| Some((g.relative.as_ref()?, colour(i)))).collect();
        let additive: ErrorMarginals = groups().filter_map(|(i, g)| Some((g.additive.as_ref()?, colour(i)))).collect();
        let first = if groups().any(|(_, group)| group.is_factor) { ErrorKind::Factor } else { ErrorKind::Relative };
        let errors: Vec<_> =
            [(relative, first), (additive, ErrorKind::Additive)].into_iter().filter(|e| !e.0.is_empty()).collect();
        // The panel of the number of layers is wider than that of an error.
        let unit = (area.width() - GAP * errors.len() as f64) / (1.4 + errors.len() as f64);
        let layers = if errors.is_empty() { area.width() } else { 1.4 * unit };
        let several = !errors.is_empty() && self.data.error_groups.len() > 1;
        let mut left = area.left + layers + GAP;
        let key_room = if several { layers + 0.5 * GAP } else { 2.0 * layers };
        let layers = Area::new(area.left, area.top, area.left + layers, area.bottom);
        self.draw_layer_count(canvas, layers, title_x, key_room);
        if several {
            let mut entries: Vec<_> =
                groups().map(|(i, g)| (KeySymbol::Band(colour(i), 0.75), g.label.as_str())).collect();
            let style = &self.options.style;
            if key::shrink(style, area.right - left, &entries) < LEGIBLE {
                let what = match first {
                    ErrorKind::Factor => "factors, in the colours of the data",
                    _ => "errors, in the colours of the data",
                };
                entries = vec![(KeySymbol::Nothing, what)];
            }
            key::row(canvas, style, (left, area.top - 0.6 * style.text.note), area.right - left, &entries);
        }
        for (errors, kind) in errors {
            self.draw_errors(canvas, Area::new(left, area.top, left + unit, area.bottom), &errors, kind);
            left += unit + GAP;
        }
    }

    fn draw_layer_count(&self, canvas: &mut Canvas, area: Area, title_x: f64, key_room: f64) {
        let (data, style) = (self.data, &self.options.style);
        let (posterior, prior) = (&data.layer_count_probability, &data.prior_layer_count_probability);
        let greatest = posterior.iter().chain(prior).copied().fold(0.0, f64::max);
        // Counts at the end with no probability in prior and posterior are left out.
        let reached = |p: &[f64]| p.iter().rposition(|v| *v > 1e-3).map_or(0, |last| last + 1);
        let count = reached(posterior).max(reached(prior)).max(4) as f64;
        let x = Axis::new(Scale::Linear, 0.4, count + 0.6);
        let y = Axis::new(Scale::Linear, 0.0, if greatest > 0.0 { 1.08 * greatest } else { 1.0 });
        let panel = Panel { style, area, x, y };
        for (i, value) in posterior.iter().enumerate().filter(|(i, v)| v.is_finite() && *i < count as usize) {
            let layers = (i + 1) as f64;
            let bar = [(layers - 0.4, 0.0), (layers - 0.4, *value), (layers + 0.4, *value), (layers + 0.4, 0.0)];
            panel.fill(canvas, &bar, style.colour.posterior, 0.75);
        }
        let size = (0.45 * area.width() / count).clamp(1.5, 3.0);
        for (i, value) in prior.iter().enumerate().filter(|(i, v)| v.is_finite() && *i < count as usize) {
            Marker::Disc.draw(canvas, panel.at(((i + 1) as f64, *value)), size, style.colour.prior);
        }
        panel.frame(canvas);
        panel.left_axis(canvas, 3, false, "probability", title_x);
        panel.bottom_axis(canvas, if count < 10.0 { count as usize } else { 6 }, false, "number of layers");
        let entries = [
            (KeySymbol::Band(style.colour.posterior, 0.75), "posterior"),
            (KeySymbol::Marker(Marker::Disc, style.colour.prior), "prior"),
        ];
        key::row(canvas, style, (area.left, area.top - 0.6 * style.text.note), key_room, &entries);
    }

    /// Draws distributions over each other; they have outlines when there are several.
    fn draw_errors(&self, canvas: &mut Canvas, area: Area, errors: &ErrorMarginals, kind: ErrorKind) {
        let style = &self.options.style;
        let probabilities = errors.iter().flat_map(|(errors, _)| &errors.probability).copied();
        let greatest = probabilities.fold(0.0, f64::max);
        let ends = errors.iter().flat_map(|(errors, _)| &errors.bounds).map(|b| b.log10());
        let (low, high) = ends.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), b| (l.min(b), h.max(b)));
        let y = Axis::new(Scale::Linear, 0.0, if greatest > 0.0 { 1.08 * greatest } else { 1.0 });
        let panel = Panel { style, area, x: Axis::new(Scale::Decades, low, high), y };
        for (errors, colour) in errors {
            let bins = || errors.bounds.windows(2).zip(&errors.probability);
            let step = |(bound, value): (&[f64], &f64)| [(bound[0].log10(), *value), (bound[1].log10(), *value)];
            for (bound, value) in bins().filter(|(_, value)| **value > 0.0) {
                let [from, to] = step((bound, value));
                panel.fill(canvas, &[(from.0, 0.0), from, to, (to.0, 0.0)], *colour, self.error_opacity());
            }
            if self.data.error_groups.len() > 1 {
                panel.line(canvas, bins().flat_map(step), Stroke::solid(*colour, style.line.thin));
            }
        }
        // The prior is uniform over equal cells; several groups usually have the same prior.
        let same = errors.windows(2).all(|pair| pair[0].0.log_uniform_prior == pair[1].0.log_uniform_prior);
        if let Some((first, (low, high))) =
            errors.first().and_then(|(first, _)| Some((first, first.log_uniform_prior?))).filter(|_| same)
        {
            let cells = (first.bounds.len() - 1) as f64;
            let share = (first.bounds[first.bounds.len() - 1] / first.bounds[0]).ln() / cells / (high / low).ln();
            let (low, high) = (low.log10(), high.log10());
            panel.line(canvas, [(low, 0.0), (low, share), (high, share), (high, 0.0)], self.prior_stroke());
        }
        panel.frame(canvas);
        let room = area.width() + GAP - 3.0;
        panel.bottom_axis(canvas, 4, false, &self.error_title(kind, room));
    }

    fn error_opacity(&self) -> f64 {
        if self.data.error_groups.len() > 1 { 0.35 } else { 0.75 }
    }

    /// Returns the title of an error, which is shorter when the unit is long.
    fn error_title(&self, kind: ErrorKind, room: f64) -> String {
        let unit = printed_unit(&self.data.additive_error_unit);
        let titles = match kind {
            ErrorKind::Relative => return "relative error".to_owned(),
            ErrorKind::Additive if self.data.additive_error_unit == "1" => return "additive factor".to_owned(),
            ErrorKind::Factor => ["factor of standard deviations".to_owned(), "factor of std".to_owned()],
            ErrorKind::Additive => [format!("additive ({unit})"), format!("add. ({unit})")],
        };
        let width = |title: &String| font::width(title, 0.8 * self.options.style.text.label, false);
        let fitting = titles.iter().find(|title| width(title) <= room).unwrap_or(&titles[1]);
        fitting.trim_end_matches(" ()").to_owned()
    }
}

#[derive(Clone, Copy)]
enum ErrorKind {
    Relative,
    Factor,
    Additive,
}
