//! Appearance of figures: sizes, fonts, widths, colours. They are read from TOML, `styles/report.toml` by default.

use std::path::Path;

use serde::Deserialize;

use super::colour::{ColourTable, Rgb};
use crate::error::{Error, Result};
use crate::text::read_text;

const REPORT: &str = include_str!("../../styles/report.toml");

/// The styles that are part of the library. All except the first contain only the differences from the first.
const BUILT_IN: [(&str, &str); 5] = [
    ("report", REPORT),
    ("column", include_str!("../../styles/column.toml")),
    ("slides", include_str!("../../styles/slides.toml")),
    ("dark", include_str!("../../styles/dark.toml")),
    ("colour-blind", include_str!("../../styles/colour-blind.toml")),
];

/// Sizes, fonts, line widths and colours of the figures.
///
/// The default is the embedded `styles/report.toml`: 17 cm wide, 2000 pixels.
///
/// ```
/// # use geobipy::plot::Style;
/// let style = Style::from_toml("[colour]\nconductivity = \"lagoon\"").unwrap();
/// assert!(Style::from_toml("[colour]\nconductivty = \"lagoon\"").is_err());
/// ```
#[derive(Debug, Clone)]
pub struct Style {
    pub(super) page: Page,
    pub(super) text: TextSizes,
    pub(super) line: LineWidths,
    pub(super) colour: Palette,
    pub(super) conductivity: ColourTable,
    pub(super) quantity: ColourTable,
    pub(super) residual: ColourTable,
    pub(super) hits: ColourTable,
}

/// Size of the paper.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Page {
    width_mm: f64,
    pub(super) width_px: u32,
    pub(super) section_height_px: u32,
    pub(super) sounding_height_px: u32,
}

impl Page {
    /// Returns the pixels of the PNG per printed point.
    pub(super) fn pixels_per_point(&self) -> f64 {
        f64::from(self.width_px) / (self.width_mm / 25.4 * 72.0)
    }
}

/// Font sizes in points.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TextSizes {
    pub(super) title: f64,
    pub(super) label: f64,
    pub(super) tick: f64,
    pub(super) note: f64,
}

/// Line widths in points.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LineWidths {
    pub(super) frame: f64,
    pub(super) grid: f64,
    pub(super) thin: f64,
    pub(super) curve: f64,
}

/// Colours by their use.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Palette {
    conductivity: String,
    quantity: String,
    residual: String,
    hits: String,
    pub(super) paper: Rgb,
    pub(super) text: Rgb,
    pub(super) frame: Rgb,
    pub(super) grid: Rgb,
    pub(super) posterior: Rgb,
    pub(super) median: Rgb,
    pub(super) best: Rgb,
    pub(super) prior: Rgb,
    pub(super) truth: Rgb,
    pub(super) in_phase: Rgb,
    pub(super) quadrature: Rgb,
    pub(super) usable: Rgb,
    pub(super) warning: Rgb,
    pub(super) hatch: Rgb,
    pub(super) shade: Rgb,
    pub(super) chains: Vec<Rgb>,
    pub(super) groups: Vec<Rgb>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sheet {
    page: Page,
    text: TextSizes,
    line: LineWidths,
    colour: Palette,
}

/// Least width and height of a page in units of its text size, so that labels do not overlap.
const LABELS_ACROSS: f64 = 36.0;
const LABELS_DOWN: f64 = 28.0;

impl Style {
    /// Returns the names of the styles that are part of the library.
    pub fn names() -> [&'static str; 5] {
        BUILT_IN.map(|(name, _)| name)
    }

    /// Returns the default style changed by the keys of `text`. A key that does not exist is an error.
    pub fn from_toml(text: &str) -> Result<Style> {
        parse(text, &[], Path::new("."))
            .map_err(|message| Error::setting("--style", format!("figure style: {message}")))
    }

    /// Returns a style that is part of the library, or that of a file *.toml, changed by `sets` ("key=value" as in
    /// `colour.hits=ink`). Files of colour tables are looked for in the style's folder.
    pub fn find(name: &str, sets: &[String]) -> Result<Style> {
        let path = Path::new(name);
        let told = |message: String| Error::setting("--style", format!("figure style {name}: {message}"));
        if let Some((_, text)) = BUILT_IN.iter().find(|(built_in, _)| *built_in == name) {
            return parse(text, sets, Path::new(".")).map_err(told);
        }
        if !name.ends_with(".toml") {
            return Err(told(format!("is none of {} and not a file *.toml", Self::names().join(", "))));
        }
        let text = read_text(path)?;
        parse(&text, sets, path.parent().unwrap_or(Path::new("."))).map_err(told)
    }
}

impl Style {
    /// Returns the style with fewer or more pixels on the same paper.
    pub fn scaled(&self, width_px: u32) -> Style {
        let mut style = self.clone();
        let page = &mut style.page;
        let factor = f64::from(width_px) / f64::from(page.width_px);
        let scaled = |pixels: u32| (f64::from(pixels) * factor).round() as u32;
        page.section_height_px = scaled(page.section_height_px);
        page.sounding_height_px = scaled(page.sounding_height_px);
        page.width_px = width_px;
        style
    }

    /// Refuses pages on which figures of two columns would not be legible.
    ///
    /// # Errors
    /// The page is narrower than 120 mm; `what` is the figure that was to be drawn into `path`.
    pub fn check_width(&self, path: &Path, what: &str) -> Result<()> {
        const LEAST_MM: f64 = 120.0;
        if self.page.width_mm >= LEAST_MM {
            return Ok(());
        }
        let message = format!("{what} needs a page at least {LEAST_MM} mm wide: got {} mm", self.page.width_mm);
        Err(Error::figure(path, message))
    }
}

impl Default for Style {
    fn default() -> Self {
        parse(REPORT, &[], Path::new(".")).expect("the embedded style is complete and correct (tested)")
    }
}

fn parse(text: &str, sets: &[String], folder: &Path) -> std::result::Result<Style, String> {
    let mut sheet: toml::Table = REPORT.parse().map_err(|e: toml::de::Error| e.to_string())?;
    overlay(&mut sheet, text.parse().map_err(|e: toml::de::Error| e.to_string())?);
    for set in sets {
        overlay(&mut sheet, setting(set)?);
    }
    let Sheet { page, text, line, colour } = sheet.try_into().map_err(|e: toml::de::Error| e.to_string())?;
    check(&page, &text, &line, &colour)?;
    Ok(Style {
        conductivity: colour_table(&colour.conductivity, folder)?,
        quantity: colour_table(&colour.quantity, folder)?,
        residual: colour_table(&colour.residual, folder)?,
        hits: colour_table(&colour.hits, folder)?,
        page,
        text,
        line,
        colour,
    })
}

/// Reads `section.key=value` as a table; a value that is not TOML is a text.
fn setting(set: &str) -> std::result::Result<toml::Table, String> {
    let wrong = || format!("got {set}, expected SECTION.KEY=VALUE, as in colour.conductivity=viridis");
    let (key, value) = set.split_once('=').ok_or_else(wrong)?;
    let (section, key) = key.trim().split_once('.').ok_or_else(wrong)?;
    let read: Option<toml::Table> = format!("value = {value}").parse().ok();
    let value = read.filter(|table| table.len() == 1).and_then(|mut table| table.remove("value"));
    let value = value.unwrap_or_else(|| toml::Value::String(set[set.find('=').unwrap_or(0) + 1..].trim().to_owned()));
    let inner = toml::Table::from_iter([(key.to_owned(), value)]);
    Ok(toml::Table::from_iter([(section.to_owned(), toml::Value::Table(inner))]))
}

fn overlay(below: &mut toml::Table, above: toml::Table) {
    for (key, value) in above {
        match (below.get_mut(&key), value) {
            (Some(toml::Value::Table(inner)), toml::Value::Table(value)) => overlay(inner, value),
            (_, value) => drop(below.insert(key, value)),
        }
    }
}

fn check(page: &Page, text: &TextSizes, line: &LineWidths, colour: &Palette) -> std::result::Result<(), String> {
    let mut ranges = vec![
        ("page.width_mm", page.width_mm, 80.0, 1000.0),
        ("page.width_px", f64::from(page.width_px), 400.0, 8000.0),
    ];
    for (key, height) in
        [("page.section_height_px", page.section_height_px), ("page.sounding_height_px", page.sounding_height_px)]
    {
        ranges.push((key, f64::from(height), 0.5 * f64::from(page.width_px), 2.0 * f64::from(page.width_px)));
    }
    for (key, size) in
        [("text.title", text.title), ("text.label", text.label), ("text.tick", text.tick), ("text.note", text.note)]
    {
        ranges.push((key, size, 3.0, 24.0));
    }
    for (key, width) in
        [("line.frame", line.frame), ("line.grid", line.grid), ("line.thin", line.thin), ("line.curve", line.curve)]
    {
        ranges.push((key, width, 0.1, 5.0));
    }
    for (key, value, low, high) in ranges {
        if !(low..=high).contains(&value) {
            return Err(format!("{key}: got {value}, expected {low} to {high}"));
        }
    }
    let (across, down) = (f64::from(page.width_px), f64::from(page.section_height_px));
    let (across, down) = (across / page.pixels_per_point(), down / page.pixels_per_point());
    let largest = (across / LABELS_ACROSS).min(down / LABELS_DOWN);
    if text.label.max(text.tick).max(text.note) > largest {
        let size = format!("{:.0} mm x {:.0} mm", page.width_mm, down * 25.4 / 72.0);
        return Err(format!(
            "text.label, tick, note: on a page of {size} there is room for {largest:.1} points at most"
        ));
    }
    for (key, colours) in [("chains", &colour.chains), ("groups", &colour.groups)] {
        if colours.is_empty() {
            return Err(format!("colour.{key}: got no colour, expected at least one"));
        }
    }
    Ok(())
}

fn colour_table(name: &str, folder: &Path) -> std::result::Result<ColourTable, String> {
    if let Some((_, text)) = ColourTable::BUILT_IN.iter().find(|(built_in, _)| *built_in == name) {
        return ColourTable::from_toml(text);
    }
    if !name.ends_with(".toml") {
        let names = ColourTable::BUILT_IN.map(|(name, _)| name).join(", ");
        return Err(format!("colour table: got `{name}`, expected one of {names} or a file *.toml"));
    }
    let path = folder.join(name);
    let text = read_text(&path).map_err(|error| error.to_string())?;
    ColourTable::from_toml(&text).map_err(|e| format!("{}: {e}", path.display()))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn the_embedded_style_and_tables_are_correct() {
        assert_eq!(Style::default().page.width_px, 2000);
        for name in Style::names() {
            assert!(Style::find(name, &[]).is_ok(), "{name}");
        }
        for (name, _) in ColourTable::BUILT_IN {
            assert!(colour_table(name, Path::new(".")).is_ok(), "{name}");
        }
    }

    #[test]
    fn a_style_changes_what_it_names() {
        let style = Style::from_toml("[page]\nwidth_px = 1000\nsection_height_px = 600").unwrap();
        assert_eq!((style.page.width_px, style.page.section_height_px), (1000, 600));
        assert_eq!(style.page.sounding_height_px, 1500);
    }

    #[test]
    fn mistakes_are_named() {
        let message = |text: &str| Style::from_toml(text).unwrap_err().to_string();
        let unknown = Style::find("sildes", &[]).unwrap_err().to_string();
        assert!(unknown.contains("sildes: is none of report, column, slides, dark, colour-blind"), "{unknown}");
        let set = |set: &str| Style::find("report", &[set.to_owned()]).unwrap_err().to_string();
        assert!(set("colour.hits").contains("expected SECTION.KEY=VALUE"));
        assert!(set("colour.hit=ink").contains("hit"));
        assert!(set("page.width_mm=80").contains("on a page of 80 mm x 44 mm there is room for 4.5 points at most"));
        assert!(message("[page]\nwidht_px = 1000").contains("widht_px"));
        assert!(message("[papge]\nwidth_px = 1000").contains("papge"));
        assert!(message("[page]\nwidth_px = 1").contains("expected 400 to 8000"));
        assert!(message("[colour]\nconductivity = \"jet\"").contains("spectrum, lagoon, ink, night, tide"));
        assert!(message("[colour]\ntext = \"black\"").contains("#rrggbb"));
        assert!(message("[colour]\nhits = \"missing.toml\"").contains("missing.toml"));
    }

    #[test]
    fn colour_tables_lie_beside_the_style() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("mine.toml");
        fs::write(&path, "[colour]\nhits = \"grey.toml\"").unwrap();
        fs::write(folder.path().join("grey.toml"), r##"anchors = ["#ffffff", "#000000"]"##).unwrap();
        let style = Style::find(path.to_str().unwrap(), &["colour.conductivity=lagoon".to_owned()]).unwrap();
        assert_eq!(style.hits.at(1.0), Rgb([0; 3]));
        assert_eq!(style.conductivity, ColourTable::built_in("lagoon").unwrap());
    }
}
