//! Sections as images that geographic information systems can place: PNG with a world file.

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};
use std::ops::Range;
use std::path::Path;

use image::{ImageFormat, Rgba, RgbaImage};

use super::raster_style::middle;
use crate::error::{Error, Result};
use crate::files::fill_folder;
use crate::files::replace_file;
use crate::plot::{Along, ColourTable};
use crate::quantiles::nearest;
use crate::quantities::{Quantity, SurveySelection};
use crate::schema::fields;
use crate::survey::line_label;

/// Options of section images. Options that are not given are chosen to suit the survey.
#[derive(Debug, Clone)]
pub struct SectionImageOptions {
    /// Horizontal axis of sections.
    pub along: Along,
    /// Vertical exaggeration; without it a factor that suits the longest line.
    pub exaggeration: Option<f64>,
    /// Width and height of a pixel in m along the line.
    pub pixel_m: Option<f64>,
    /// Values of the first and last colour, in the unit of the quantity.
    pub range: Option<(f64, f64)>,
    /// True when pixels become more transparent with a wider 90 % interval.
    pub fade: bool,
    /// Colour table.
    pub colours: ColourTable,
}

/// Largest number of columns or rows of an image.
const MOST_PIXELS: f64 = 32_768.0;
/// Number of pixels along the line when no size is given.
const USUAL_PIXELS: f64 = 8_000.0;
/// Width of the 90 % interval in decades at which pixels are fully transparent.
const UNKNOWN_DECADES: f64 = 3.0;
/// A gap in the line is left empty when it is this many times as wide as the distance between soundings.
const GAP: f64 = 4.0;

/// Fills `folder` with an image of each line (.png), its world file (.pgw: m along the line, and m of elevation times
/// the exaggeration), and its description (.png.aux.xml, which GDAL shows). Returns the number of lines.
///
/// # Errors
/// The quantity is not by depth, an image has too many pixels, or a file cannot be written.
pub fn write_section_images(
    survey: &SurveySelection,
    quantity: &Quantity,
    options: &SectionImageOptions,
    folder: &Path,
) -> Result<usize> {
    survey.check_metres("depths of sections are in m, too", "leave --crs out for the coordinates of the results")?;
    if !quantity.is_by_depth() {
        return Err(Error::Config(format!("{} has no depths to draw", quantity.name)));
    }
    if let Some((low, high)) = options.range.filter(|&(low, high)| low >= high || quantity.is_logarithmic && low <= 0.0)
    {
        let positive = if quantity.is_logarithmic { " and positive" } else { "" };
        return Err(Error::Config(format!(
            "range of colours: got {low} to {high}, expected two rising{positive} numbers"
        )));
    }
    let width = Quantity::read(survey, fields::CREDIBLE_WIDTH.name)?;
    let scaled = |value: f64| if quantity.is_logarithmic { value.log10() } else { value };
    let values: Vec<f64> = quantity.values.iter().map(|&value| scaled(value)).collect();
    // All lines have one range, so that equal colours mean equal values.
    let (low, high) = options.range.map_or_else(|| middle(&values), |(low, high)| (scaled(low), scaled(high)));
    let lines = survey.lines();
    let exaggeration = options.exaggeration.unwrap_or_else(|| usual_exaggeration(survey, &lines, options.along));
    let picture = Picture { survey, values: &values, width: &width.values, low, high, exaggeration, options };
    let end = |value: f64| if quantity.is_logarithmic { 10_f64.powf(value) } else { value };
    let mut of_all = vec![
        ("quantity", quantity.name.clone()),
        ("unit", quantity.unit.clone()),
        ("meaning", quantity.meaning.clone()),
        ("first_colour", end(low).to_string()),
        ("last_colour", end(high).to_string()),
        ("colours", if quantity.is_logarithmic { "even in log10" } else { "even" }.to_owned()),
        ("vertical_exaggeration", exaggeration.to_string()),
    ];
    of_all.extend(survey.provenance()?);
    fill_folder(folder, |partial| {
        for line in &lines {
            let label = line_label(survey.line_number[line.start]);
            let path = partial.join(format!("line_{label}.png"));
            let place = picture.place(line.clone()).map_err(|message| {
                Error::Config(format!("line {label}: {message}: choose another --pixel or --exaggeration"))
            })?;
            let mut png = Cursor::new(Vec::new());
            let drawn = picture.draw(line.clone(), &place).write_to(&mut png, ImageFormat::Png);
            drawn.map_err(|error| Error::results(&path, error))?;
            replace_file(&path, |out| out.write_all(png.get_ref()))?;
            replace_file(&path.with_extension("pgw"), |out| out.write_all(place.world_file().as_bytes()))?;
            let mut told = vec![("line", label)];
            told.extend(of_all.iter().cloned());
            replace_file(&path.with_extension("png.aux.xml"), |out| out.write_all(auxiliary(&told).as_bytes()))?;
        }
        Ok(())
    })?;
    Ok(lines.len())
}

/// Returns the largest of 1, 2, 5, 10, ... at which the longest line is still about four times as long as its cells are
/// deep.
fn usual_exaggeration(survey: &SurveySelection, lines: &[Range<usize>], along: Along) -> f64 {
    let length_m = |line: &Range<usize>| ends(&self::along(survey, line.clone(), along)).map_or(0.0, |(a, b)| b - a);
    let longest_m = lines.iter().map(length_m).fold(0.0, f64::max);
    let wanted = longest_m / (4.0 * survey.deepest_m());
    let decades = (0..4).map(|decade| 10_f64.powi(decade));
    let factors = decades.flat_map(|decade| [1.0, 2.0, 5.0].map(|factor| factor * decade));
    factors.take_while(|&factor| factor <= wanted).last().unwrap_or(1.0)
}

/// Returns the lowest and highest of finite values.
fn ends(values: &[f64]) -> Option<(f64, f64)> {
    let finite = || values.iter().copied().filter(|value| value.is_finite());
    finite().next()?;
    Some((finite().fold(f64::INFINITY, f64::min), finite().fold(f64::NEG_INFINITY, f64::max)))
}

/// Returns metadata in the form of GDAL's auxiliary files.
fn auxiliary(told: &[(&str, String)]) -> String {
    let mut text = "<PAMDataset>\n  <Metadata>\n".to_owned();
    for (name, value) in told {
        let value = value.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        let _ = writeln!(text, "    <MDI key=\"{name}\">{value}</MDI>");
    }
    text + "  </Metadata>\n</PAMDataset>\n"
}

/// Properties that all images share.
struct Picture<'a> {
    survey: &'a SurveySelection,
    /// Values scaled for colours.
    values: &'a [f64],
    width: &'a [f64],
    low: f64,
    high: f64,
    exaggeration: f64,
    options: &'a SectionImageOptions,
}

/// Position of an image.
#[derive(Debug, Clone, PartialEq)]
struct ImagePlace {
    /// Position of each sounding along the line, m.
    along_m: Vec<f64>,
    left_m: f64,
    /// Elevation times exaggeration of the top edge.
    top_m: f64,
    pixel_m: f64,
    columns: u32,
    rows: u32,
}

impl ImagePlace {
    /// Returns the world file: size of a pixel, rotation, centre of the first pixel.
    fn world_file(&self) -> String {
        let (x, y) = (self.left_m + 0.5 * self.pixel_m, self.top_m - 0.5 * self.pixel_m);
        format!("{}\n0\n0\n-{}\n{x}\n{y}\n", self.pixel_m, self.pixel_m)
    }
}

impl Picture<'_> {
    fn place(&self, line: Range<usize>) -> std::result::Result<ImagePlace, String> {
        let (survey, options) = (self.survey, self.options);
        let along_m = along(survey, line.clone(), options.along);
        let spacing_m = spacing(&along_m);
        let (first, last) = ends(&along_m).ok_or("no sounding has coordinates")?;
        let (lowest, highest) = ends(&line.map(|i| survey.ground_m(i)).collect::<Vec<_>>()).unwrap_or_default();
        let (left_m, right_m) = (first - 0.5 * spacing_m, last + 0.5 * spacing_m);
        let (top_m, bottom_m) = (highest * self.exaggeration, (lowest - survey.deepest_m()) * self.exaggeration);
        let pixel_m = options.pixel_m.unwrap_or_else(|| (spacing_m / 4.0).max((right_m - left_m) / USUAL_PIXELS));
        let (columns, rows) = (((right_m - left_m) / pixel_m).ceil(), ((top_m - bottom_m) / pixel_m).ceil());
        if columns.max(rows) > MOST_PIXELS {
            return Err(format!("{columns} x {rows} pixels are too many (at most {MOST_PIXELS} each way)"));
        }
        Ok(ImagePlace { along_m, left_m, top_m, pixel_m, columns: columns.max(1.0) as u32, rows: rows.max(1.0) as u32 })
    }

    /// Draws an image. Every pixel has the value of the nearest sounding at its elevation. Above the ground, below the
    /// cells and in gaps pixels are empty.
    fn draw(&self, line: Range<usize>, place: &ImagePlace) -> RgbaImage {
        let mut order: Vec<usize> = (0..line.len()).filter(|&i| place.along_m[i].is_finite()).collect();
        order.sort_by(|&a, &b| place.along_m[a].total_cmp(&place.along_m[b]));
        let farthest_m = 0.5 * GAP * spacing(&place.along_m);
        let mut image = RgbaImage::new(place.columns, place.rows);
        for column in 0..place.columns {
            let x = place.left_m + (f64::from(column) + 0.5) * place.pixel_m;
            let right = order.partition_point(|&i| place.along_m[i] < x);
            let near = order[right.saturating_sub(1)..].iter().take(2);
            let distance = |&&i: &&usize| (place.along_m[i] - x).abs();
            let Some(&nearest) = near.min_by(|a, b| distance(a).total_cmp(&distance(b))) else { continue };
            if (place.along_m[nearest] - x).abs() > farthest_m {
                continue;
            }
            for row in 0..place.rows {
                let y = place.top_m - (f64::from(row) + 0.5) * place.pixel_m;
                let depth_m = self.survey.ground_m(line.start + nearest) - y / self.exaggeration;
                if let Some(colour) = self.colour(line.start + nearest, depth_m) {
                    image.put_pixel(column, row, colour);
                }
            }
        }
        image
    }

    fn colour(&self, sounding: usize, depth_m: f64) -> Option<Rgba<u8>> {
        let bounds = &self.survey.depth_bounds_m;
        let cells = bounds.len() - 1;
        if !(0.0..bounds[cells]).contains(&depth_m) {
            return None;
        }
        let cell = sounding * cells + bounds.partition_point(|&bound| bound <= depth_m) - 1;
        let value = Some(self.values[cell]).filter(|value| value.is_finite())?;
        let [red, green, blue] = self.options.colours.rgb((value - self.low) / (self.high - self.low));
        let known = if self.options.fade { (1.0 - self.width[cell] / UNKNOWN_DECADES).clamp(0.0, 1.0) } else { 1.0 };
        Some(Rgba([red, green, blue, (255.0 * known).round() as u8]))
    }
}

/// Returns the positions of the soundings of a line in m.
fn along(survey: &SurveySelection, line: Range<usize>, along: Along) -> Vec<f64> {
    let (x, y) = (&survey.easting_m[line.clone()], &survey.northing_m[line]);
    match along {
        Along::Easting => x.to_vec(),
        Along::Northing => y.to_vec(),
        Along::Sounding => (0..x.len()).map(|place| place as f64).collect(),
        Along::Distance => {
            let mut sum = 0.0;
            let steps = x.windows(2).zip(y.windows(2)).map(|(x, y)| (x[1] - x[0]).hypot(y[1] - y[0]));
            std::iter::once(0.0)
                .chain(steps)
                .map(|step| {
                    sum += if step.is_finite() { step } else { 0.0 };
                    sum
                })
                .collect()
        }
    }
}

/// Returns the median distance between neighbours; 1 m for a single sounding.
fn spacing(along_m: &[f64]) -> f64 {
    let steps = along_m.windows(2).map(|pair| (pair[1] - pair[0]).abs());
    let mut steps: Vec<f64> = steps.filter(|step| *step > 0.0 && step.is_finite()).collect();
    steps.sort_unstable_by(f64::total_cmp);
    nearest(&steps, 0.5).unwrap_or(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn world_files_place_the_centre_of_the_first_pixel() {
        let place = ImagePlace { along_m: vec![], left_m: 10.0, top_m: 500.0, pixel_m: 4.0, columns: 1, rows: 1 };
        assert_eq!(place.world_file(), "4\n0\n0\n-4\n12\n498\n");
    }

    #[test]
    fn spacing_is_the_usual_one() {
        assert_eq!(spacing(&[0.0, 10.0, 20.0, 500.0]), 10.0);
        assert_eq!(spacing(&[7.0]), 1.0);
    }
}
