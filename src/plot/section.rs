//! Sections along lines, one below the other.

use super::legend::{Legend, Shading, Uncertainty};
use std::cmp::Ordering;
use std::path::Path;

use super::axes::{Axis, Scale};
use super::canvas::{Align, Area, Canvas, Text};
use super::colour_bar;
use super::convergence::Outcome;
use super::data::SectionData;
use super::heading::{self, MARGIN, short};
use super::key::{self, KeySymbol};
use super::options::{FigureOptions, drawn_depth};
use super::panel::{self, Panel};
use super::style::Style;
use super::track::{Along, SectionTrack};
use crate::error::{Error, Result};

mod ground;
mod inset;
mod strips;

/// A figure of several lines has this part of the height of a single line's figure for each of them, and another part
/// for what they share.
const EACH: f64 = 0.5;
const SHARED: f64 = 0.35;
/// Least height of a line's section, points.
const LEAST: f64 = 45.0;

/// Display of the depth of investigation. `--help` shows these words to users.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
pub enum Investigation {
    /// A line
    #[default]
    Line,
    /// Nothing is drawn below the depth of investigation
    Mask,
    /// Not drawn
    #[cfg_attr(feature = "cli", value(name = "none"))]
    Hidden,
}

/// A narrow plot above a section.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strip {
    /// Chi-square per channel.
    Misfit,
    /// Number of layers.
    Layers,
    /// Largest R-hat.
    Convergence,
}

/// Options of a section.
#[derive(Debug, Clone, Default)]
pub struct SectionOptions {
    /// Meaning of the colours of each quantity that is drawn.
    pub legends: Vec<Legend>,
    /// Horizontal axis.
    pub along: Along,
    /// True for depth as the vertical axis instead of elevation. Depth is also used when the ground's elevation is not
    /// known.
    pub against_depth: bool,
    /// Largest depth drawn, m.
    pub maximum_depth_m: Option<f64>,
    /// Display of uncertain values.
    pub uncertainty: Uncertainty,
    /// Display of the depth of investigation.
    pub investigation: Investigation,
    /// Strips above each line's section.
    pub strips: Vec<Strip>,
    /// True for values that are interpolated between soundings and depths, instead of blocks; gaps stay empty.
    pub interpolate: bool,
    /// Easting and northing in m of all soundings of the survey, for a map of the lines; empty for no map.
    pub survey_m: Vec<(f64, f64)>,
    /// Target of R-hat; NaN where not known.
    pub rhat_target: f64,
}

/// Sections ready to be drawn.
pub(super) struct Section<'a> {
    lines: Vec<Line>,
    options: &'a SectionOptions,
    style: &'a Style,
    title: Option<&'a str>,
    along: Along,
    unit_m: Option<f64>,
    against_depth: bool,
    depth_m: f64,
    /// Colours of each quantity.
    shadings: Vec<Shading<'a>>,
}

/// One line, with its soundings in order.
struct Line {
    data: SectionData,
    track: SectionTrack,
    /// Elevation of the ground; all zero when the vertical axis is depth.
    ground_m: Vec<f64>,
}

impl<'a> Section<'a> {
    pub(super) fn new(
        lines: &[SectionData],
        options: &'a SectionOptions,
        figure: &'a FigureOptions,
        path: &Path,
    ) -> Result<Section<'a>> {
        let Some(first) = lines.first() else { return Err(Error::figure(path, "there is no line to draw")) };
        let deepest_m = first.depth_bounds_m[first.depth_bounds_m.len() - 1];
        let depth_m = drawn_depth(path, deepest_m, options.maximum_depth_m)?;
        let drawn = first.depth_bounds_m.iter().take_while(|bound| **bound < depth_m).count();
        if let Some(line) = lines.iter().find(|line| line.quantity >= options.legends.len()) {
            let message = format!("got quantity {}, but there are only {}", line.quantity, options.legends.len());
            return Err(Error::figure(path, message));
        }
        let shading = |(i, legend): (usize, &'a Legend)| {
            // All percentiles of conductivity have the same colours.
            let is_alike =
                |other: usize| i == other || legend.is_conductivity() && options.legends[other].is_conductivity();
            let alike = lines.iter().filter(|line| is_alike(line.quantity));
            let values = alike.flat_map(|line| line.values.columns().into_iter().take(drawn).flatten().copied());
            legend.shading(&figure.style, options.uncertainty, values, path)
        };
        let shadings = options.legends.iter().enumerate().map(shading).collect::<Result<_>>()?;
        let against_depth =
            options.against_depth || lines.iter().any(|line| line.elevation_m.iter().any(|level| !level.is_finite()));
        let along = options.along.known(lines.iter().map(SectionData::places));
        let unit_m = along.unit_m(lines.iter().map(SectionData::places));
        let line = |data: &SectionData| {
            let data = data.of(&along.order(data.places()));
            let ground_m = if against_depth { vec![0.0; data.elevation_m.len()] } else { data.elevation_m.clone() };
            Line { track: SectionTrack::new(data.places(), &data.inverted, along, unit_m), ground_m, data }
        };
        let lines = lines.iter().map(line).collect();
        let (style, title) = (&figure.style, figure.title.as_deref());
        Ok(Section { lines, options, style, title, along, unit_m, against_depth, depth_m, shadings })
    }

    /// Returns the height of the figure, pixels.
    pub(super) fn height_px(&self) -> u32 {
        let one = f64::from(self.style.page.section_height_px);
        let count = self.lines.len() as f64;
        let scale = self.style.page.pixels_per_point();
        let least = (count + 1.0) * LEAST * scale;
        let parts = if self.lines.len() > 1 { SHARED + EACH * count } else { 1.0 };
        // The factor is the height of an A4 page in units of its width.
        (parts * one).min((1.4 * f64::from(self.style.page.width_px)).max(least).max(one)).round() as u32
    }

    pub(super) fn draw(&self, canvas: &mut Canvas) {
        let (style, text) = (self.style, &self.style.text);
        let title_x = MARGIN + 0.8 * text.label;
        let left = title_x + 3.4 * text.tick + 5.0;
        let bar_width = self.shadings.iter().map(colour_bar::column_width).fold(0.0, f64::max);
        let right = canvas.width - MARGIN - bar_width;
        let top = MARGIN + text.title + text.label + 11.0;
        let bottom = canvas.height - MARGIN - 1.7 * text.note - panel::bottom_margin(style);
        let name = if self.lines.len() > 1 { 1.9 * text.label } else { 0.0 };
        let block = (bottom - top) / self.lines.len() as f64;
        let areas: Vec<Area> = (0..self.lines.len())
            .map(|i| Area::new(left, top + i as f64 * block + name, right, top + (i + 1) as f64 * block))
            .collect();
        let (x, span) = (self.horizontal_axis(), self.vertical_span());

        let mut bar_top = top;
        let mut exaggeration = None;
        for (i, (line, area)) in self.lines.iter().zip(&areas).enumerate() {
            let is_last = i + 1 == self.lines.len();
            let main_top = self.draw_strips(canvas, line, *area, x, title_x);
            let main = Area::new(left, main_top, right, area.bottom);
            let main = Panel { style, area: main, x, y: self.vertical_axis(line, span) };
            self.draw_ground(canvas, line, &main, title_x, is_last);
            self.draw_name(canvas, line, &main, area.top);
            if i == 0 {
                bar_top = main_top;
                exaggeration = self.exaggeration(&main);
            }
            if self.shadings.len() > 1 {
                let column = Area::new(right, main_top, canvas.width - MARGIN, area.bottom);
                let quantity = line.data.quantity;
                colour_bar::draw(canvas, &self.shadings[quantity], column, &self.options.legends[quantity].label);
            }
        }
        self.draw_heading(canvas, exaggeration);
        // All lines share one colour bar.
        if let ([shading], [legend]) = (&self.shadings[..], &self.options.legends[..]) {
            let column = Area::new(right, bar_top, canvas.width - MARGIN, bottom);
            let lowest = self.draw_inset(canvas, column);
            colour_bar::draw(canvas, shading, Area { bottom: lowest, ..column }, &legend.label);
        }
        self.draw_key(canvas, (left, canvas.height - MARGIN - 0.25 * text.note), right - left);
    }

    /// Draws name and compass points above the section of one of several lines. For a single line the compass points
    /// are below the section.
    fn draw_name(&self, canvas: &mut Canvas, line: &Line, panel: &Panel, top: f64) {
        let (style, area) = (self.style, panel.area);
        let is_alone = self.lines.len() == 1;
        let baseline = if is_alone { panel::title_baseline(style, area.bottom) } else { top - 0.45 * style.text.label };
        let mut left = area.left;
        if let Some((first, last)) = line.track.ends {
            for (text, x, align) in [(first, area.left, Align::Start), (last, area.right, Align::End)] {
                canvas.text(Text::new(text, (x, baseline), style.text.label, style.colour.text).bold().align(align));
            }
            left += 3.0 * style.text.label;
        }
        if !is_alone {
            let name = Text::new(self.name_of(line), (left, baseline), style.text.label, style.colour.text);
            let details_x = left + name.clone().bold().width() + 8.0;
            canvas.text(name.bold());
            let details = if self.is_one_line() { String::new() } else { counts(&[&line.data]) };
            let details = Text::new(details, (details_x, baseline), style.text.note, style.colour.text);
            canvas.text(details.fitted(area.right - 3.0 * style.text.label - details_x));
        }
    }

    fn is_one_line(&self) -> bool {
        self.lines.windows(2).all(|pair| pair[0].data.line_label == pair[1].data.line_label)
    }

    /// Returns the text that distinguishes a section from others on the page.
    fn name_of(&self, line: &Line) -> String {
        let line_name = heading::line_name(&line.data.line_label);
        if self.shadings.len() == 1 {
            return line_name;
        }
        let quantity = quantity_name(&self.options.legends[line.data.quantity]);
        if self.is_one_line() { quantity } else { format!("{line_name}: {quantity}") }
    }

    fn draw_heading(&self, canvas: &mut Canvas, exaggeration: Option<f64>) {
        let data: Vec<&SectionData> = self.lines.iter().map(|line| &line.data).collect();
        let name = match data[..] {
            [first, ..] if self.is_one_line() => {
                format!("{}, {}", heading::line_name(&first.line_label), fiducials(first))
            }
            _ => self.options.legends.iter().map(quantity_name).collect::<Vec<_>>().join("; "),
        };
        // Each line is counted once, however many of its quantities are drawn.
        let once: Vec<&SectionData> = data.iter().copied().filter(|line| line.quantity == data[0].quantity).collect();
        let mut details = counts(&once);
        if let Some(factor) = exaggeration {
            details += &format!(" · vertical exaggeration {}", two_digits(factor));
        }
        if self.options.interpolate {
            details += " · interpolated";
        }
        let title = match self.title {
            Some(title) => {
                details = format!("{name} · {details}");
                title
            }
            None => &name,
        };
        heading::draw(canvas, self.style, title, ("", self.style.colour.text), &details);
    }

    fn draw_key(&self, canvas: &mut Canvas, at: (f64, f64), room: f64) {
        let (style, any) = (self.style, |of: fn(&SectionData) -> bool| self.lines.iter().any(|line| of(&line.data)));
        let sensor = if any(|line| line.time_domain) { "transmitter" } else { "sensor" };
        let mut entries = vec![(KeySymbol::Line(self.sensor_stroke()), sensor)];
        let is_known = any(|data| data.depth_of_investigation_m.iter().any(|depth| depth.is_finite()));
        let is_below =
            self.lines.iter().any(|line| self.investigated_below(line).iter().any(|level| level.is_finite()));
        match self.options.investigation {
            Investigation::Line if is_known => {
                entries.push((KeySymbol::Line(self.investigation_stroke()), "depth of investigation"));
                if is_below {
                    entries.push((KeySymbol::Line(self.below_stroke()), "deeper than drawn"));
                }
            }
            Investigation::Mask if is_known => {
                entries.push((KeySymbol::Nothing, "empty below the depth of investigation"))
            }
            _ => {}
        }
        if self.shadings.iter().any(|shading| shading.full_width.is_some())
            && self.options.uncertainty == Uncertainty::Hatch
        {
            entries.push((KeySymbol::Nothing, "hatched: 5–95 % wider than half of the prior"));
        }
        if any(|line| !line.inverted.iter().all(|i| *i)) {
            entries.push((KeySymbol::Hatch(style.colour.hatch), "not inverted"));
        }
        if any(|line| not_converged(line).next().is_some()) {
            entries.push((KeySymbol::Band(style.colour.warning, 1.0), "not converged"));
        }
        key::row(canvas, style, at, room, &entries);
    }

    /// Returns the horizontal axis, which all lines share.
    fn horizontal_axis(&self) -> Axis {
        let extents = || self.lines.iter().map(|line| line.track.extent());
        let low = extents().map(|extent| extent.0).fold(f64::INFINITY, f64::min);
        Axis::new(Scale::Linear, low, extents().map(|extent| extent.1).fold(f64::NEG_INFINITY, f64::max))
    }

    /// Returns the range of levels of every line's section, m; all sections have the same scale.
    fn vertical_span(&self) -> f64 {
        let span = |line: &Line| self.vertical_extent(line).map_or(self.depth_m, |(bottom, top)| top - bottom);
        1.1 * self.lines.iter().map(span).fold(0.0, f64::max)
    }

    /// Returns the range of elevations of a line's section.
    fn vertical_extent(&self, line: &Line) -> Option<(f64, f64)> {
        let tops = line.ground_m.iter().zip(&line.data.height_m);
        let (_, top) = range(tops.map(|(ground, height)| ground + if height.is_finite() { *height } else { 0.0 }));
        let (lowest, _) = range(line.ground_m.iter().copied());
        lowest.is_finite().then_some((lowest - self.depth_m, top))
    }

    fn vertical_axis(&self, line: &Line, span: f64) -> Axis {
        let top = self.vertical_extent(line).map_or(0.0, |(_, top)| top) + 0.045 * span;
        Axis::new(Scale::Linear, self.level(top - span), self.level(top))
    }

    fn exaggeration(&self, panel: &Panel) -> Option<f64> {
        // Along a coordinate, the exaggeration would depend on the direction of the line.
        let unit_m = self.unit_m.filter(|_| self.along == Along::Distance)?;
        // The cell of a single sounding has an arbitrary width.
        self.lines.iter().any(|line| line.track.cells.len() > 1).then(|| {
            let across = panel.area.width() / ((panel.x.high() - panel.x.low()) * unit_m);
            panel.area.height() / (panel.y.high() - panel.y.low()).abs() / across
        })
    }

    /// Returns the elevation or the depth; the function is its own inverse.
    fn level(&self, elevation: f64) -> f64 {
        if self.against_depth { -elevation } else { elevation }
    }
}

/// Returns the name of a quantity without its unit.
fn quantity_name(legend: &Legend) -> String {
    legend.label.split(" (").next().map(heading::capitalised).unwrap_or_default()
}

fn not_converged(data: &SectionData) -> impl Iterator<Item = usize> {
    with_outcome(data, Outcome::NotConverged)
}

fn with_outcome(data: &SectionData, outcome: Outcome) -> impl Iterator<Item = usize> {
    (0..data.inverted.len()).filter(move |i| data.inverted[*i] && data.outcomes[*i] == outcome)
}

/// Returns numbers of soundings by outcome, in words.
fn counts(lines: &[&SectionData]) -> String {
    let all: usize = lines.iter().map(|line| line.inverted.len()).sum();
    let inverted: usize = lines.iter().map(|line| line.inverted.iter().filter(|i| **i).count()).sum();
    let of = |outcome: Outcome, words: &str| {
        let count: usize = lines.iter().map(|line| with_outcome(line, outcome).count()).sum();
        if count > 0 { format!(", {count} {words}") } else { String::new() }
    };
    let (usable, left) = (of(Outcome::Usable, "usable"), of(Outcome::NotConverged, "not converged"));
    format!("{inverted} of {all} soundings inverted{usable}{left}")
}

fn fiducials(line: &SectionData) -> String {
    let (low, high) = range(line.fiducial.iter().copied());
    match low.partial_cmp(&high) {
        Some(Ordering::Less) => format!("fiducials {} to {}", short(low), short(high)),
        Some(Ordering::Equal) => format!("fiducial {}", short(low)),
        _ => "no fiducials".to_owned(),
    }
}

/// Returns the least and greatest of the finite values; the range is rising only if there are any.
fn range(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let values = values.filter(|v| v.is_finite());
    values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| (low.min(v), high.max(v)))
}

/// Returns a number with about two digits.
fn two_digits(value: f64) -> String {
    if value >= 10.0 { format!("{value:.0}") } else { format!("{value:.1}") }
}
