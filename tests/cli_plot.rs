//! `geobipy plot`: figures of a small survey, one sounding of it not run.

use std::fs;

use crate::support::{SURVEY, Workdir};

const LINE: &str = "30010";

/// Fiducials 0 and 2 inverted, 1 not.
fn inverted() -> Workdir {
    let workdir = Workdir::with_survey(3);
    workdir.edit_cells(SURVEY, |i, cells| {
        if i > 0 {
            cells[0] = LINE.to_owned();
        }
    });
    workdir.invert("out", &["--fiducial", "0", "--fiducial", "2"]).succeeds();
    workdir
}

fn plot(workdir: &Workdir, kind: &[&str], output: &str, more: &[&str]) {
    let args = [&["plot", kind[0], "out", "--line", LINE], &kind[1..], &["-o", output], more].concat();
    workdir.geobipy(&args).succeeds();
}

const SECTION: &[&str] = &["section"];
const SOUNDING: &[&str] = &["sounding", "--fiducial", "2"];

/// Would catch: files that viewers do not open, of another size than the style's page, or blank.
#[test]
fn figures_are_png_files_with_something_on_them() {
    let workdir = inverted();
    for (kind, name) in [(SECTION, "section.png"), (SOUNDING, "sounding.png")] {
        plot(&workdir, kind, name, &[]);
        let bytes = fs::read(workdir.path(name)).unwrap();
        assert!(bytes.starts_with(b"\x89PNG\r\n\x1a\n"), "{name} is no PNG");
        let image = image::load_from_memory(&bytes).unwrap().into_rgb8();
        let (width, height) = image.dimensions();
        assert!((1000..=6000).contains(&width) && (400..=6000).contains(&height), "{name}: {width} x {height}");
        let inked = image.pixels().filter(|pixel| pixel.0 != [255; 3]).count();
        assert!(inked * 50 > (width * height) as usize, "{name}: {inked} pixels of {width} x {height} are not white");
        let coloured = image.pixels().filter(|pixel| pixel.0[0].abs_diff(pixel.0[2]) > 40).count();
        assert!(coloured > 1000, "{name}: {coloured} pixels have a colour");
    }
}

/// Would catch: broken XML, a figure that does not say what it shows.
#[test]
fn figures_are_svg_files_that_name_the_line() {
    let workdir = inverted();
    for (kind, name) in [(SECTION, "section.svg"), (SOUNDING, "sounding.svg")] {
        plot(&workdir, kind, name, &[]);
        let text = workdir.text(name);
        assert!(text.starts_with("<svg") && text.trim_end().ends_with("</svg>"), "{name} is no SVG");
        assert!(text.contains(LINE), "{name} does not name the line");
        assert!(text.contains("S/m") && !text.contains("NaN") && !text.contains("inf"), "{name}");
        for (open, close) in [("<text", "</text>"), ("<svg", "</svg>")] {
            assert_eq!(text.matches(open).count(), text.matches(close).count(), "{name}: {open}");
        }
    }
    assert!(workdir.text("sounding.svg").contains("fiducial 2"), "the sounding is not named");
}

/// Would catch: settings that are accepted and ignored.
#[test]
fn settings_change_the_figure() {
    let workdir = inverted();
    for kind in [SECTION, SOUNDING] {
        plot(&workdir, kind, "plain.svg", &[]);
        let plain = workdir.text("plain.svg");
        plot(&workdir, kind, "again.svg", &[]);
        assert!(workdir.text("again.svg") == plain, "the same figure comes out differently");
        for more in [
            &["--resistivity"][..],
            &["--maximum-depth", "40"],
            &["--conductivity-range", "0.001", "1"],
            &["--title", "Tin Cup Valley"],
        ] {
            plot(&workdir, kind, "changed.svg", more);
            let changed = workdir.text("changed.svg");
            assert!(changed != plain, "{more:?} changes nothing");
            let (expected, there) = match more[0] {
                // In brackets: a picture in base64 may spell S/m.
                "--resistivity" => ("(S/m)", false),
                "--title" => ("Tin Cup Valley", true),
                _ => ("(S/m)", true),
            };
            assert_eq!(changed.contains(expected), there, "{more:?}: {expected}");
        }
    }
}

/// Would catch: a section that fails on, or draws, what is not there.
#[test]
fn a_line_without_any_posterior_can_be_drawn() {
    let workdir = inverted();
    workdir.edit_cells(SURVEY, |i, cells| {
        if i > 0 {
            cells[6..].fill("NaN".to_owned());
        }
    });
    workdir.invert("empty", &[]).succeeds();
    workdir.geobipy(&["plot", "section", "empty", "--line", LINE, "-o", "empty.png"]).succeeds();
    assert!(fs::read(workdir.path("empty.png")).unwrap().starts_with(b"\x89PNG"));
}

/// Would catch: a merged file whose lines are another's, maps without some depths, percentiles that change by merging.
#[test]
fn merged_files_are_drawn_as_their_lines_are() {
    let workdir = inverted();
    workdir.geobipy(&["merge", "out", "-o", "survey.h5", "--allow-missing"]).succeeds();
    for (kind, name) in [(SECTION, "section.png"), (SOUNDING, "sounding.png")] {
        plot(&workdir, kind, name, &[]);
        let merged = [&["plot", kind[0], "survey.h5", "--line", LINE], &kind[1..], &["-o", "merged.png"]].concat();
        workdir.geobipy(&merged).succeeds();
        let image = |name: &str| image::open(workdir.path(name)).unwrap().into_rgb8();
        let (of_line, of_survey) = (image(name), image("merged.png"));
        assert_eq!(of_line.dimensions(), of_survey.dimensions());
        // Products have single precision: a colour may be the next one.
        let differs = |(a, b): (&image::Rgb<u8>, &image::Rgb<u8>)| (0..3).any(|i| a.0[i].abs_diff(b.0[i]) > 8);
        let count = of_line.pixels().zip(of_survey.pixels()).filter(|pair| differs(*pair)).count();
        assert!(count * 1000 < (of_line.width() * of_line.height()) as usize, "{name}: {count} pixels differ");
    }
    workdir
        .geobipy(&["plot", "section", "survey.h5", "--line", "7", "-o", "x.png"])
        .refused(1, &["survey.h5: has no line 7, only 30010"]);

    let depths = ["--depth", "10", "--depth", "20:40", "--elevation", "-30"];
    for source in ["out", "survey.h5"] {
        workdir.geobipy(&[&["plot", "map", source, "-o", "map.svg"], &depths[..]].concat()).succeeds();
        let map = workdir.text("map.svg");
        for part in ["10 m deep", "20–40 m deep", "-30 m elevation", "3 soundings of line 30010", "1 not run"] {
            assert!(map.contains(part), "{source}: {part} is not there");
        }
    }
    let refused = |args: &[&str], parts: &[&str]| {
        workdir.geobipy(&[&["plot", "map", "survey.h5", "-o", "x.png"], args].concat()).refused(1, parts);
    };
    refused(&["--quantity", "conductivty"], &["has no quantity conductivty", "did you mean"]);
    refused(&["--depth", "900"], &["has no depth 900m"]);
    refused(&["--range", "1", "0.1"], &["expected it rising"]);
    assert!(!workdir.path("x.png").exists());
}

/// Would catch: a page that needs the network, leaves out a line or a number, or whose script fails.
#[test]
fn a_summary_is_one_page_that_works_in_a_browser() {
    let workdir = inverted();
    workdir.geobipy(&["plot", "summary", "out", "-o", "report.html", "--worst", "1"]).succeeds();
    let page = workdir.text("report.html");
    for part in ["Line 30010", "id=\"configuration\"", "[survey]", "not converged", "data:image/png;base64,", "R-hat"] {
        assert!(page.contains(part), "{part} is not on the page");
    }
    assert!(!page.contains("http://") && !page.contains("https://"), "the page needs the network");
    let entries = workdir.snapshot();
    assert!(entries.keys().all(|path| !path.to_string_lossy().starts_with(".")), "left behind: {:?}", entries.keys());
    workdir
        .geobipy(&["plot", "summary", "out", "-o", "report.pdf"])
        .refused(1, &["expected a name that ends in .html"]);

    let url = format!("file://{}", workdir.path("report.html").display());
    let args = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--enable-logging=stderr",
        "--virtual-time-budget=8000",
        "--dump-dom",
        &url,
    ];
    let Ok(browser) = std::process::Command::new("chromium").args(args).output() else {
        println!("skipped: no chromium to open the page with");
        return;
    };
    let (dom, console) = (String::from_utf8_lossy(&browser.stdout), String::from_utf8_lossy(&browser.stderr));
    assert!(!console.contains("Uncaught"), "{console}");
    // The script has put the sounding in the middle, which was not run, and the histograms on the page.
    assert!(dom.contains("fiducial 1, 18.") && dom.contains("no posterior (not run)"), "{dom}");
    assert!(dom.contains("Largest R-hat of each sounding"), "{dom}");
}
