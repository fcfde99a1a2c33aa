//! Comparison of figures with stored ones: small figures of synthetic data, which are the same on every machine except
//! for single pixels.

use std::path::{Path, PathBuf};

use super::super::Style;
use super::super::canvas::{Align, Area, Text};
use super::super::colour::Rgb;
use super::super::{
    Along, ColourScale, ConvergenceData, FigureOptions, FitData, FitGroup, Legend, MapData, MapPanel, SectionData,
    SectionOptions, SoundingOptions, Uncertainty, plot_convergence, plot_fit, plot_map, plot_section, plot_sounding,
};
use super::{conductivity, example, small, text_box};

/// Difference of a colour channel above which a pixel counts as different.
const SAME: u8 = 40;
/// Share of pixels that may differ, for an edge that moved by one pixel.
const EDGES: f64 = 0.01;

fn kept() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/plot/tests/golden")
}

/// Draws a figure of each kind into `folder`, and returns their names.
fn draw(folder: &Path, extension: &str, figure: FigureOptions) -> Vec<&'static str> {
    let path = |name: &str| folder.join(format!("{name}.{extension}"));
    let line = example::section(99);
    plot_section(std::slice::from_ref(&line), &conductivity(), &figure, &path("section")).unwrap();
    let other = SectionData { line_label: "100102".to_owned(), ..example::section(60) };
    let hatched = SectionOptions { uncertainty: Uncertainty::Hatch, strips: Vec::new(), ..conductivity() };
    plot_section(&[line.clone(), other], &hatched, &figure, &path("sections")).unwrap();
    let options = SoundingOptions::default();
    plot_sounding(&example::sounding(), &options, &figure, &path("sounding")).unwrap();
    plot_sounding(&example::two_moments(), &options, &figure, &path("sounding_time")).unwrap();
    let panel = |depth: usize| MapPanel {
        label: format!("{depth} m deep"),
        values: line.values.column(depth).to_vec(),
        widths: line.widths.column(depth).to_vec(),
        ground: None,
    };
    let map = MapData {
        title: "Conductivity".to_owned(),
        legend: Legend { scale: ColourScale::Conductivity, ..conductivity().legends[0].clone() },
        easting_m: line.easting_m.clone(),
        northing_m: line.northing_m.clone(),
        panels: vec![panel(5), panel(30)],
        ..MapData::default()
    };
    plot_map(&map, Uncertainty::Fade, &figure, &path("map")).unwrap();
    let data = |factor: f64| line.values.mapv(|value| factor * (value + 3.0));
    let group = FitGroup {
        label: "in-phase".to_owned(),
        channels: (0..60).map(|channel| format!("{channel} Hz")).collect(),
        observed: data(100.0),
        std: data(5.0),
        predicted: data(102.0),
    };
    let fit = FitData {
        line_label: "100101".to_owned(),
        easting_m: line.easting_m.clone(),
        northing_m: line.northing_m.clone(),
        unit: "ppm".to_owned(),
        groups: vec![group],
        ..FitData::default()
    };
    plot_fit(&fit, Along::Distance, &figure, &path("data")).unwrap();
    let convergence = ConvergenceData {
        title: "Convergence".to_owned(),
        outcomes: line.outcomes.clone(),
        effective_samples: line.normalized_misfit.iter().map(|misfit| 500.0 * misfit).collect(),
        cpu_seconds: line.layer_count_p50.clone(),
        iterations: line.layer_count_p95.iter().map(|count| 1000.0 * count).collect(),
        targets: (1.05, 400.0),
        acceptance: vec![("birth death".to_owned(), line.normalized_misfit.iter().map(|m| 0.2 * m).collect())],
        easting_m: line.easting_m,
        northing_m: line.northing_m,
        rhat: line.rhat_maximum,
        ..ConvergenceData::default()
    };
    plot_convergence(&convergence, &figure, &path("convergence")).unwrap();
    vec!["section", "sections", "sounding", "sounding_time", "map", "data", "convergence"]
}

/// Would catch: a figure that changed for any reason. After an intended change, make the figures again with the test
/// below, and look at them.
#[test]
fn figures_look_as_they_did() {
    let folder = tempfile::tempdir().unwrap();
    for name in draw(folder.path(), "png", small()) {
        let image = |folder: &Path| image::open(folder.join(format!("{name}.png"))).unwrap().into_rgb8();
        let (drawn, kept) = (image(folder.path()), image(&kept()));
        assert_eq!(drawn.dimensions(), kept.dimensions(), "{name}");
        let differs = |(a, b): &(&image::Rgb<u8>, &image::Rgb<u8>)| (0..3).any(|i| a.0[i].abs_diff(b.0[i]) > SAME);
        let count = drawn.pixels().zip(kept.pixels()).filter(differs).count();
        let share = count as f64 / (drawn.width() * drawn.height()) as f64;
        assert!(share < EDGES, "{name}: {:.1} % of its pixels are others", 100.0 * share);
    }
}

#[test]
#[ignore = "makes the pictures that figures are compared with anew"]
fn figures_are_kept() {
    draw(&kept(), "png", small());
}

/// Would catch: labels that overlap or leave the page when a viewer of SVG files places them.
#[test]
fn texts_of_svg_files_do_not_overlap() {
    for style in ["report", "slides", "dark"] {
        let folder = tempfile::tempdir().unwrap();
        let style = Style::find(style, &[]).unwrap();
        for name in draw(folder.path(), "svg", FigureOptions { style, ..FigureOptions::default() }) {
            let svg = std::fs::read_to_string(folder.path().join(format!("{name}.svg"))).unwrap();
            let boxes = svg_texts(&svg);
            assert!(boxes.len() > 8, "{name} has {} texts", boxes.len());
            let page = svg.split_once("viewBox=\"0 0 ").and_then(|(_, rest)| rest.split_once('"')).unwrap().0;
            let (width, height) = page.split_once(' ').unwrap();
            let (width, height): (f64, f64) = (width.parse().unwrap(), height.parse().unwrap());
            for (i, (text, a)) in boxes.iter().enumerate() {
                let inside = a.left > 0.0 && a.top > 0.0 && a.right < width && a.bottom < height;
                assert!(inside, "{name}: `{text}` is beyond the page");
                for (other, b) in &boxes[..i] {
                    let apart = a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top;
                    assert!(apart, "{name}: `{text}` overlaps `{other}`");
                }
            }
        }
    }
}

/// Texts of an SVG file and their boxes.
fn svg_texts(svg: &str) -> Vec<(String, Area)> {
    let element = |element: &str| {
        let (opening, rest) = element.split_once('>')?;
        let text = rest.split_once("</text>")?.0.trim().replace("&gt;", ">").replace("&lt;", "<").replace("&amp;", "&");
        let attribute =
            |name: &str| opening.split_once(&format!(" {name}=\"")).and_then(|(_, rest)| rest.split_once('"'));
        let number = |name: &str| attribute(name)?.0.parse::<f64>().ok();
        let align = match attribute("text-anchor").map_or("start", |(value, _)| value) {
            "middle" => Align::Middle,
            "end" => Align::End,
            _ => Align::Start,
        };
        let bold =
            attribute("font-weight").is_some() || attribute("style").is_some_and(|(style, _)| style.contains("bold"));
        let drawn = Text {
            align,
            bold,
            upwards: attribute("transform").is_some(),
            ..Text::new(text.clone(), (number("x")?, number("y")?), number("font-size")?, Rgb([0; 3]))
        };
        Some((text, text_box(&drawn)))
    };
    svg.split("<text").skip(1).filter_map(element).collect()
}

/// Would catch: a style whose figures look like another style's. The sheet is in the documentation.
#[test]
fn a_sheet_shows_every_style() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/figures");
    std::fs::create_dir_all(&folder).unwrap();
    let mut sheet = image::RgbImage::from_pixel(1260, 1100, image::Rgb([255; 3]));
    let mut seen = Vec::new();
    for (i, name) in Style::names().into_iter().enumerate() {
        let style = Style::find(name, &[]).unwrap();
        // The style `column` is half as wide on the sheet, too.
        let points = f64::from(style.page.width_px) / style.page.pixels_per_point();
        let style = style.scaled((600.0 * points / 482.0).round().min(600.0) as u32);
        let figure = FigureOptions { style, title: Some(format!("--style {name}")) };
        let path = folder.join("style.png");
        plot_section(&[example::section(99)], &conductivity(), &figure, &path).unwrap();
        let sample = image::open(&path).unwrap().into_rgb8();
        std::fs::remove_file(&path).unwrap();
        assert!(!seen.contains(sample.as_raw()), "{name} looks like another style");
        let (x, y) = ((i % 2) as i64 * 630 + 15, (i / 2) as i64 * 360 + 15);
        image::imageops::overlay(&mut sheet, &sample, x, y);
        seen.push(sample.into_raw());
    }
    sheet.save(folder.join("styles.png")).unwrap();
}
