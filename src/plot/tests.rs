//! Tests of whole figures.

mod example;
mod golden;

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use ndarray::Array2;

use super::canvas::{Align, Area, Canvas, Mark, Text};
use super::section::Section;
use super::sounding::Sounding;
use super::{
    ChannelData, ColourScale, Decay, ErrorGroup, FigureOptions, Investigation, Legend, Outcome, Response, SectionData,
    SectionOptions, SoundingData, SoundingOptions, Spectrum, Strip, Style, TrueModel, Uncertainty, plot_section,
};
use crate::error::Error;

/// Options for small figures, quick to draw.
fn small() -> FigureOptions {
    let style = "[page]\nwidth_px = 600\nsection_height_px = 330\nsounding_height_px = 450";
    FigureOptions { style: Style::from_toml(style).unwrap(), ..FigureOptions::default() }
}

/// Size of a PNG and the number of colours in its middle.
fn decoded(path: &Path) -> ((u32, u32), usize) {
    let image = image::open(path).unwrap().to_rgb8();
    let (width, height) = image.dimensions();
    let middle = |v: u32, all: u32| (all / 5..4 * all / 5).contains(&v);
    let pixels = image.enumerate_pixels().filter(|(x, y, _)| middle(*x, width) && middle(*y, height));
    ((width, height), pixels.map(|(_, _, colour)| colour.0).collect::<HashSet<_>>().len())
}

/// A median conductivity with two strips.
pub(super) fn conductivity() -> SectionOptions {
    let legend = Legend {
        label: "conductivity (S/m)".to_owned(),
        scale: ColourScale::Conductivity,
        full_width: Some(3.3),
        ..Legend::default()
    };
    let survey_m = (0..300).map(|i| (431_000.0 + 8.0 * f64::from(i), 6_652_000.0 + 400.0 * f64::from(i % 7))).collect();
    SectionOptions {
        legends: vec![legend],
        strips: vec![Strip::Misfit, Strip::Layers],
        survey_m,
        rhat_target: 1.05,
        ..SectionOptions::default()
    }
}

fn section_to(folder: &Path, name: &str, data: &SectionData, options: &FigureOptions) -> PathBuf {
    let path = folder.join(name);
    plot_section(std::slice::from_ref(data), &conductivity(), options, &path).unwrap();
    path
}

fn plot_sounding(data: &SoundingData, options: &FigureOptions, path: &Path) -> crate::error::Result<()> {
    super::plot_sounding(data, &SoundingOptions::default(), options, path)
}

/// Draws a section only to see that it can be drawn.
fn section_is_drawn(data: &SectionData) {
    let folder = tempfile::tempdir().unwrap();
    for name in ["section.png", "section.svg"] {
        assert!(fs::metadata(section_to(folder.path(), name, data, &small())).unwrap().len() > 5000);
    }
}

fn sounding_is_drawn(data: &SoundingData) {
    let folder = tempfile::tempdir().unwrap();
    for name in ["sounding.png", "sounding.svg"] {
        let path = folder.path().join(name);
        plot_sounding(data, &small(), &path).unwrap();
        assert!(fs::metadata(path).unwrap().len() > 5000);
    }
}

#[test]
fn figures_have_the_size_of_the_style_and_many_colours() {
    let folder = tempfile::tempdir().unwrap();
    let options = FigureOptions::default();
    let section = section_to(folder.path(), "section.png", &example::section(99), &options);
    let sounding = folder.path().join("sounding.png");
    plot_sounding(&example::sounding(), &options, &sounding).unwrap();
    let ((width, height), colours) = decoded(&section);
    assert_eq!((width, height), (2000, 1100));
    assert!(colours > 1000, "{colours}");
    let ((width, height), colours) = decoded(&sounding);
    assert_eq!((width, height), (2000, 1500));
    assert!(colours > 300, "{colours}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2, "temporary files are left");
}

#[test]
fn svg_files_are_portable() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sounding.svg");
    plot_sounding(&example::sounding(), &small(), &path).unwrap();
    for path in [path, section_to(folder.path(), "section.svg", &example::section(99), &small())] {
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.starts_with("<svg width=\"170.00mm\""), "{}", &text[..100]);
        assert!(text.contains("data:image/png;base64,"));
        assert!(!text.contains("image/bmp") && !text.contains("data:png"));
        assert!(text.contains("font-family=\"DejaVu Sans, sans-serif\""));
        assert!(text.contains("conductivity (S/m)") && text.contains("Line 100101"));
    }
}

#[test]
fn resistivity_relabels_the_axes() {
    let folder = tempfile::tempdir().unwrap();
    let figure = FigureOptions { title: Some("Paleovalley & <cover>".to_owned()), ..small() };
    let mut options = conductivity();
    let legend = &mut options.legends[0];
    legend.label = "resistivity (Ω·m)".to_owned();
    (legend.scale, legend.limits) = (ColourScale::Resistivity, Some((-3.0, 0.0)));
    let path = folder.path().join("a.svg");
    plot_section(&[example::section(30)], &options, &figure, &path).unwrap();
    let text = fs::read_to_string(path).unwrap();
    assert!(text.contains("resistivity (Ω·m)") && text.contains("1000\n"));
    assert!(text.contains("Paleovalley &amp; &lt;cover&gt;"));
}

#[test]
fn sections_without_much_to_show_are_drawn() {
    section_is_drawn(&example::section(1));
    section_is_drawn(&example::section(2));
    let whole = example::section(20);
    let nan = vec![f64::NAN; 20];
    let empty = SectionData {
        widths: Array2::from_elem(whole.widths.dim(), f64::NAN),
        elevation_m: nan.clone(),
        height_m: nan.clone(),
        normalized_misfit: nan.clone(),
        layer_count_p05: nan.clone(),
        layer_count_p50: nan.clone(),
        layer_count_p95: nan.clone(),
        rhat_maximum: nan.clone(),
        depth_of_investigation_m: nan.clone(),
        ..whole.clone()
    };
    section_is_drawn(&empty);
    section_is_drawn(&SectionData { easting_m: nan.clone(), northing_m: nan.clone(), fiducial: nan, ..empty });
    section_is_drawn(&SectionData { values: Array2::from_elem(whole.values.dim(), -2.0), ..whole.clone() });
    section_is_drawn(&SectionData { outcomes: vec![Outcome::NotConverged; 20], ..whole });
}

/// Would catch: conductivities drawn below the depth of investigation.
#[test]
fn nothing_is_drawn_below_the_depth_of_investigation_when_it_masks() {
    let folder = tempfile::tempdir().unwrap();
    let white = |investigation: Investigation| {
        let path = folder.path().join("a.png");
        let mut options = SectionOptions { investigation, uncertainty: Uncertainty::Hidden, ..conductivity() };
        options.strips.clear();
        plot_section(&[example::section(60)], &options, &small(), &path).unwrap();
        let image = image::open(path).unwrap().into_rgb8();
        image.pixels().filter(|pixel| pixel.0 == [255; 3]).count()
    };
    let [line, mask] = [Investigation::Line, Investigation::Mask].map(white);
    assert!(mask > line + 10_000, "{line} pixels are white, with a mask {mask}");
}

/// Would catch: a depth of investigation that vanishes with its legend when it is below the section.
#[test]
fn a_depth_of_investigation_below_the_section_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.svg");
    let words = |depth_m: f64| {
        let line = SectionData { depth_of_investigation_m: vec![depth_m; 20], ..example::section(20) };
        plot_section(&[line], &conductivity(), &small(), &path).unwrap();
        let svg = std::fs::read_to_string(&path).unwrap();
        ["depth of investigation", "deeper than drawn"].map(|words| svg.contains(words))
    };
    assert_eq!([100.0, 1e4, f64::NAN].map(words), [[true, false], [true, true], [false, false]]);
    let words = |depths_m: Option<[f64; 3]>| {
        let data = SoundingData { depth_of_investigation_m: depths_m, ..example::sounding() };
        plot_sounding(&data, &small(), &path).unwrap();
        let svg = std::fs::read_to_string(&path).unwrap();
        ["depth of investigation", "investigation: deeper"].map(|words| svg.contains(words))
    };
    assert_eq!(words(Some([80.0, 100.0, 120.0])), [true, false]);
    assert_eq!(words(Some([80.0, 400.0, 500.0])), [true, true]);
    assert_eq!(words(None), [false, false]);
}

/// Would catch: percentiles in different colours, a quantity under another's name.
#[test]
fn quantities_of_a_line_stand_below_each_other() {
    let mut options = conductivity();
    let entropy = Legend { label: "entropy (bit)".to_owned(), ..Legend::default() };
    options.legends = vec![
        options.legends[0].clone(),
        Legend { label: "5th percentile (S/m)".to_owned(), ..options.legends[0].clone() },
        entropy,
    ];
    options.strips.clear();
    let median = example::section(60);
    let low = SectionData { values: &median.values - 1.0, quantity: 1, ..median.clone() };
    let bits = SectionData { values: median.values.mapv(|v| -v), quantity: 2, ..median.clone() };
    let lines = [median.clone(), low, bits];
    let figure = FigureOptions::default();
    let section = Section::new(&lines, &options, &figure, Path::new("a.png")).unwrap();
    let scale = figure.style.page.pixels_per_point();
    let (width, height) = (f64::from(figure.style.page.width_px), f64::from(section.height_px()));
    let mut canvas = Canvas::new(width / scale, height / scale, scale, figure.style.colour.paper);
    section.draw(&mut canvas);
    texts_lie_apart("three quantities", &canvas);
    let texts = |wanted: &str| {
        let is_it = |mark: &&Mark| matches!(mark, Mark::Text(text) if text.text == wanted);
        canvas.marks.iter().filter(is_it).count()
    };
    for text in
        ["Conductivity", "5th percentile", "Entropy", "conductivity (S/m)", "5th percentile (S/m)", "entropy (bit)"]
    {
        assert_eq!(texts(text), 1, "{text}");
    }
    assert_eq!(texts("0.01"), 2, "both bars of conductivity begin at the least of both");
    let wrong = SectionData { quantity: 3, ..median };
    let error = plot_section(&[wrong], &options, &small(), Path::new("/nowhere/a.png")).unwrap_err().to_string();
    assert!(error.contains("got quantity 3, but there are only 3"), "{error}");
}

/// Would catch: an empty figure reported as a success.
#[test]
fn sections_with_nothing_to_show_are_refused() {
    let told = |lines: &[SectionData]| {
        plot_section(lines, &conductivity(), &small(), Path::new("/nowhere/a.png")).unwrap_err().to_string()
    };
    let whole = example::section(20);
    assert!(told(&[]).contains("there is no line"));
    let nothing = SectionData { inverted: vec![false; 20], ..whole.clone() };
    assert!(told(&[whole.clone(), nothing]).contains("Line 100101 has no sounding with a result"));
    let unknown = SectionData { values: Array2::from_elem(whole.values.dim(), f64::NAN), ..whole };
    assert!(told(&[unknown]).contains("there is no value of conductivity (S/m)"));
}

#[test]
fn long_sections_are_drawn() {
    section_is_drawn(&example::section(5000));
}

#[test]
fn soundings_without_much_to_show_are_drawn() {
    let whole = example::sounding();
    let depths = whole.depth_bounds_m.len() - 1;
    let nan = vec![f64::NAN; depths];
    let empty = SoundingData {
        depth_bounds_m: whole.depth_bounds_m.clone(),
        log10_conductivity_bounds: whole.log10_conductivity_bounds.clone(),
        hitmap: Array2::zeros(whole.hitmap.dim()),
        log10_conductivity_p05: nan.clone(),
        log10_conductivity_p50: nan.clone(),
        log10_conductivity_p95: nan.clone(),
        interface_density_per_m: nan.clone(),
        prior_interface_density_per_m: nan,
        prior_log10_conductivity_p05: f64::NAN,
        rhat_maximum: f64::NAN,
        ..SoundingData::default()
    };
    sounding_is_drawn(&empty);
    let pair = |v: f64| vec![v, f64::NAN];
    let odd = ChannelData {
        observed: pair(-3.0),
        std: pair(1.0),
        predicted_p05: pair(-4.0),
        predicted_p50: pair(0.0),
        predicted_p95: pair(2.0),
        predicted_best: pair(1.0),
    };
    sounding_is_drawn(&SoundingData {
        response: Response::Frequency(Box::new(Spectrum {
            frequency_hz: pair(1000.0),
            in_phase: odd.clone(),
            quadrature: odd.clone(),
        })),
        misfit_trace: vec![vec![], vec![5.0], vec![f64::NAN; 3000]],
        burn_in_iterations: vec![f64::INFINITY, 0.0, f64::NAN],
        error_groups: Vec::new(),
        ..whole.clone()
    });
    let decays = |time_s: f64| vec![Decay { label: "Z".to_owned(), time_s: pair(time_s), data: odd.clone() }];
    for decays in [Vec::new(), decays(1e-3), decays(-1e-3), decays(f64::NAN)] {
        sounding_is_drawn(&SoundingData { response: Response::Time(decays), ..whole.clone() });
    }
}

/// Each kind of survey: frequency domain, two moments, a towed receiver with more and more geometry.
fn kinds() -> Vec<(&'static str, SoundingData)> {
    let fixed = SoundingData { error_groups: vec![ErrorGroup::default(); 2], ..example::two_moments() };
    vec![
        ("frequencies", example::sounding()),
        (
            "true",
            SoundingData {
                truth: Some(TrueModel { interface_depth_m: vec![30.0], log10_conductivity: vec![-2.0, -1.0] }),
                ..example::sounding()
            },
        ),
        ("moments", example::two_moments()),
        ("fixed", fixed),
        ("four", example::four_decays()),
        ("towed_0", example::towed(0)),
        ("towed_3", example::towed(3)),
        ("towed_4", example::towed(4)),
        ("towed_6", example::towed(6)),
    ]
}

/// Box of a text, slightly smaller, because letters may touch.
fn text_box(text: &Text) -> Area {
    let ((x, y), width) = (text.at, text.width());
    let before = match text.align {
        Align::Start => 0.0,
        Align::Middle => width / 2.0,
        Align::End => width,
    };
    let (rise, fall) = (0.7 * text.size, 0.1 * text.size);
    match text.upwards {
        false => Area::new(x - before, y - rise, x - before + width, y + fall),
        true => Area::new(x - rise, y + before - width, x + fall, y + before),
    }
}

#[test]
fn texts_of_soundings_do_not_overlap() {
    for (name, data) in kinds() {
        let options = FigureOptions::default();
        let sounding = Sounding::new(&data, &SoundingOptions::default(), &options, Path::new("a.png")).unwrap();
        let scale = options.style.page.pixels_per_point();
        let (width, height) = (f64::from(options.style.page.width_px), f64::from(sounding.height_px()));
        let mut canvas = Canvas::new(width / scale, height / scale, scale, options.style.colour.paper);
        sounding.draw(&mut canvas);
        texts_lie_apart(name, &canvas);
    }
}

/// Would catch: labels that overlap or leave the page, at any of the sizes and for any number of lines.
#[test]
fn texts_of_sections_do_not_overlap() {
    for name in Style::names() {
        let figure = FigureOptions { style: Style::find(name, &[]).unwrap(), ..FigureOptions::default() };
        let classes = ColourScale::Classes(["clay", "sand", "basement"].map(str::to_owned).to_vec());
        let even = Legend { label: "class".to_owned(), scale: classes, ..Legend::default() };
        let strips = vec![Strip::Misfit, Strip::Layers, Strip::Convergence];
        for (lines, options) in [
            (1, conductivity()),
            (1, SectionOptions { strips: strips.clone(), against_depth: true, ..conductivity() }),
            (1, SectionOptions { legends: vec![even], ..conductivity() }),
            (3, SectionOptions { strips: Vec::new(), ..conductivity() }),
            (4, SectionOptions { strips: vec![Strip::Misfit], ..conductivity() }),
        ] {
            let named = |i: usize| SectionData { line_label: (100_101 + i).to_string(), ..example::section(99) };
            let lines: Vec<SectionData> = (0..lines).map(named).collect();
            let section = Section::new(&lines, &options, &figure, Path::new("a.png")).unwrap();
            let scale = figure.style.page.pixels_per_point();
            let (width, height) = (f64::from(figure.style.page.width_px), f64::from(section.height_px()));
            let mut canvas = Canvas::new(width / scale, height / scale, scale, figure.style.colour.paper);
            section.draw(&mut canvas);
            texts_lie_apart(&format!("{name}, {} lines", lines.len()), &canvas);
        }
    }
}

fn texts_lie_apart(name: &str, canvas: &Canvas) {
    let text =
        |mark: &'_ Mark| if let Mark::Text(text) = mark { Some((text.text.clone(), text_box(text))) } else { None };
    let texts: Vec<(String, Area)> = canvas.marks.iter().filter_map(text).collect();
    for (i, (text, a)) in texts.iter().enumerate() {
        assert!(
            a.left > 0.0 && a.top > 0.0 && a.right < canvas.width && a.bottom < canvas.height,
            "{name}: {text} is beyond the page"
        );
        for (other, b) in &texts[..i] {
            let apart = a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top;
            assert!(apart, "{name}: `{text}` overlaps `{other}`");
        }
    }
}

#[test]
fn time_domain_figures_say_what_they_show() {
    let folder = tempfile::tempdir().unwrap();
    let written = |data: &SoundingData| {
        let path = folder.path().join("a.svg");
        plot_sounding(data, &small(), &path).unwrap();
        fs::read_to_string(path).unwrap()
    };
    let moments = written(&example::two_moments());
    for label in
        ["system 1, Z", "system 2, Z", "|response| (V/(A·m⁴))", "gate centre (ms)", "residual/σ", "transmitter"]
    {
        assert!(moments.contains(label), "{label}");
    }
    assert!(!moments.contains("left out") && !moments.contains("frequency"));
    let towed = written(&example::towed(3));
    for label in ["negative\n", "1 gate ≤ 0 s left out", "additive (fT)", "Δ tx pitch (°)", "Δ txrx dx (m)"] {
        assert!(towed.contains(label), "{label}");
    }
    assert!(!written(&example::towed(0)).contains("measured geometry"));
}

#[test]
#[ignore = "writes figures to look at to target/figures"]
fn figures_to_look_at() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/figures");
    std::fs::create_dir_all(&folder).unwrap();
    for (name, data) in kinds() {
        plot_sounding(&data, &FigureOptions::default(), &folder.join(format!("{name}.png"))).unwrap();
    }
    for count in [99, 1200] {
        section_to(&folder, &format!("section_{count}.png"), &example::section(count), &FigureOptions::default());
    }
}

#[test]
fn data_that_do_not_fit_together_are_refused() {
    let path = Path::new("/nowhere/section.png");
    let message = |error: Error| error.to_string();
    let section = |data: SectionData, options: &SectionOptions| {
        message(plot_section(&[data], options, &small(), path).unwrap_err())
    };
    let short = SectionData { height_m: vec![30.0], ..example::section(9) };
    assert!(section(short, &conductivity()).contains("height_m: got 1 values, expected 9"));
    let falling = SoundingData { depth_bounds_m: vec![1.0, 0.0], ..example::sounding() };
    assert!(message(plot_sounding(&falling, &small(), path).unwrap_err()).contains("depth_bounds_m"));
    let mut reversed = conductivity();
    reversed.legends[0].limits = Some((0.0, -1.0));
    assert!(section(example::section(9), &reversed).contains("limits: got 1 to 0.1"));
    let options = SectionOptions { maximum_depth_m: Some(0.0), ..conductivity() };
    assert!(section(example::section(9), &options).contains("maximum depth"));
    let options = SoundingOptions { conductivity_range: Some((1.0, 0.1)), ..SoundingOptions::default() };
    let error = super::plot_sounding(&example::sounding(), &options, &small(), path).unwrap_err();
    assert!(message(error).contains("limits: got 1 to 0.1 S/m"));
    let column = FigureOptions { style: Style::find("column", &[]).unwrap(), ..FigureOptions::default() };
    assert!(message(plot_sounding(&example::sounding(), &column, path).unwrap_err()).contains("at least 120 mm wide"));
}

#[test]
fn only_png_and_svg_are_written() {
    let error = plot_section(&[example::section(9)], &conductivity(), &small(), Path::new("section.pdf"))
        .unwrap_err()
        .to_string();
    assert!(error.contains(".pdf") && error.contains(".png") && error.contains(".svg"), "{error}");
    let error =
        plot_section(&[example::section(9)], &conductivity(), &small(), Path::new("/nowhere/section.png")).unwrap_err();
    assert!(matches!(error, Error::Io { .. }), "{error}");
}

/// For tests of other figures.
pub(super) fn example_section() -> SectionData {
    example::section(20)
}
