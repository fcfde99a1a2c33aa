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

/// Would catch: broken XML, a figure without its labels.
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
            &["--limits", "0.001:1"],
            &["--title", "Tin Cup Valley"],
            &["--style", "dark"],
            &["--set", "colour.paper=#fffff0"],
        ] {
            plot(&workdir, kind, "changed.svg", more);
            let changed = workdir.text("changed.svg");
            assert!(changed != plain, "{more:?} changes nothing");
            let (expected, there) = match more[0] {
                // The unit is in brackets, because an image in base64 may contain S/m.
                "--resistivity" => ("(S/m)", false),
                "--title" => ("Tin Cup Valley", true),
                _ => ("(S/m)", true),
            };
            assert_eq!(changed.contains(expected), there, "{more:?}: {expected}");
        }
    }
}

/// Would catch: an option of sections that is accepted and ignored, a quantity that has another's colours.
#[test]
fn sections_show_what_is_asked_for() {
    let workdir = inverted();
    workdir.geobipy(&["merge", "out", "-o", "survey.h5", "--allow-missing", "--class", "low=0.0001:0.03"]).succeeds();
    let drawn = |more: &[&str]| {
        let args = [&["plot", "section", "survey.h5", "-o", "section.svg"], more].concat();
        workdir.geobipy(&args).succeeds();
        workdir.text("section.svg")
    };
    let plain = drawn(&[]);
    assert!(plain.contains("χ² per channel") && plain.contains("number of layers,") && !plain.contains("R-hat"));
    for (more, told) in [
        (&["--quantity", "probability_above_0.03"][..], "P(σ &gt; 0.03 S/m)"),
        (&["--quantity", "entropy"], "(bit)"),
        (&["--quantity", "resistivity_p05"], "resistivity, 5th percentile"),
        (&["--quantity", "interface_probability"], "interface"),
        (&["--quantity", "most_probable_class"], "low\n"),
        (&["--quantity", "class_probability_low"], "probability of low"),
        (&["--along", "easting"], "easting (km)"),
        (&["--against-depth"], "depth (m)"),
        (&["--uncertainty", "hatch"], "hatched: 5–95 % wider than half of the prior"),
        (&["--uncertainty", "none"], "elevation (m)"),
        (&["--strips", "convergence"], "largest R-hat"),
        (&["--strips", "none"], "elevation (m)"),
        (&["--interpolate"], "interpolated"),
        (&["--no-inset"], "elevation (m)"),
        (&["--colours", "viridis"], "elevation (m)"),
    ] {
        let changed = drawn(more);
        assert!(changed != plain, "{more:?} changes nothing");
        assert!(changed.contains(told), "{more:?}: {told}");
    }
    let two = drawn(&["--quantity", "conductivity_p05", "--quantity", "conductivity_p95"]);
    assert!(two.contains("5th percentile") && two.contains("95th percentile"), "two quantities");
    assert!(!drawn(&["--uncertainty", "none"]).contains("5–95 % width"));
}

/// Would catch: lines whose colours have different meanings.
#[test]
fn lines_stand_below_each_other_with_the_same_scales() {
    let workdir = Workdir::with_survey(4);
    workdir.edit_cells(SURVEY, |i, cells| {
        if i > 0 {
            cells[0] = if i < 3 { "10" } else { "20" }.to_owned();
        }
    });
    workdir.invert("out", &[]).succeeds();
    let drawn = |more: &[&str]| {
        let args = [&["plot", "section", "out", "-o", "section.svg"], more].concat();
        workdir.geobipy(&args).succeeds();
        workdir.text("section.svg")
    };
    let both = drawn(&[]);
    assert!(both.contains("Line 10\n") && both.contains("Line 20\n") && both.contains("4 of 4 soundings inverted"));
    assert!(!drawn(&["--line", "10"]).contains("Line 20"));
    assert!(drawn(&["--line", "10:20"]) == both);
    // The colours of a line are those of the survey.
    drawn(&["--line", "10", "--limits", "auto-survey"]);
    for (more, told) in [
        (&["--line", "10", "--line", "30"][..], "has no line 30, only 10, 20"),
        (&["--line", "11:19"], "has no line from 11 to 19, only 10, 20"),
        (&["--line", "30", "--limits", "auto-survey"], "has no line 30, only 10, 20"),
        (&["--quantity", "misfit_p50"], "misfit_p50 has no depths to draw"),
        (&["--quantity", "conductivity_p55"], "has no quantity conductivity_p55"),
        (&["--quantity", "most_probable_class"], "`geobipy merge --class NAME=LOW:HIGH` makes it"),
        (&["--style", "sketch"], "sketch: is none of report, column, slides, dark, colour-blind"),
        (&["--set", "colour.inks=red"], "inks"),
        (&["--limits=-1:1"], "expected numbers above 0"),
    ] {
        let args = [&["plot", "section", "out", "-o", "refused.svg"], more].concat();
        workdir.geobipy(&args).refused(1, &[told]);
        assert!(!workdir.path("refused.svg").exists(), "{more:?}");
    }
    let args = ["plot", "section", "out", "-o", "refused.svg", "--limits", "1:0.1"];
    workdir.geobipy(&args).refused(2, &["got 1 to 0.1, expected LOW below HIGH"]);
    let args = ["plot", "section", "out", "-o", "nowhere/section.svg"];
    workdir.geobipy(&args).refused(1, &["nowhere/section.svg"]);
}

/// Would catch: channels or soundings that are exchanged, a diagnostic that is left out.
#[test]
fn data_and_convergence_are_drawn() {
    let workdir = inverted();
    workdir.geobipy(&["plot", "data", "out", "--line", LINE, "-o", "data.svg"]).succeeds();
    let data = workdir.text("data.svg");
    for part in ["in-phase (ppm)", "quadrature (ppm)", "residual / σ", "3 soundings, 2 inverted"] {
        assert!(data.contains(part), "{part}");
    }
    workdir.geobipy(&["plot", "convergence", "out", "-o", "convergence.svg"]).succeeds();
    let convergence = workdir.text("convergence.svg");
    for part in ["largest R-hat − 1", "birth death", "CPU hours", "1 not run"] {
        assert!(convergence.contains(part), "{part}");
    }
    workdir.geobipy(&["plot", "data", "out", "--line", "7", "-o", "x.svg"]).refused(1, &["has no line 7, only 30010"]);
}

/// Would catch: the truth of another sounding.
#[test]
fn a_true_model_lies_over_the_posterior() {
    let workdir = inverted();
    let models = "line_number,fiducial,height_m,conductivity_S_per_m,thickness_m\n30010,2,30,0.01;0.1,20\n";
    fs::write(workdir.path("truth.csv"), models).unwrap();
    plot(&workdir, SOUNDING, "sounding.svg", &["--truth", "truth.csv"]);
    assert!(workdir.text("sounding.svg").contains("truth\n"));
    let other = ["plot", "sounding", "out", "--line", LINE, "--fiducial", "0", "--truth", "truth.csv", "-o", "x.svg"];
    workdir.geobipy(&other).refused(1, &["truth.csv", "has no model of line 30010, fiducial 0"]);
}

/// Would catch: an empty figure reported as a success.
#[test]
fn a_line_without_any_posterior_is_refused() {
    let workdir = inverted();
    workdir.edit_cells(SURVEY, |i, cells| {
        if i > 0 {
            cells[6..].fill("NaN".to_owned());
        }
    });
    workdir.invert("empty", &[]).succeeds();
    for (kind, told) in [
        ("section", "has no sounding with a result"),
        ("data", "has no predictions"),
        ("convergence", "no sounding has a result"),
    ] {
        let line = if kind == "convergence" { &[][..] } else { &["--line", LINE] };
        workdir.geobipy(&[&["plot", kind, "empty", "-o", "empty.png"], line].concat()).refused(1, &[told]);
        assert!(!workdir.path("empty.png").exists(), "{kind}");
    }
}

/// Would catch: a merged file with lines exchanged, maps without some depths, percentiles that change by merging.
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
        // Products have single precision, so that a colour may be the next one.
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
    let reversed = ["plot", "map", "survey.h5", "-o", "x.png", "--limits", "1:0.1"];
    workdir.geobipy(&reversed).refused(2, &["got 1 to 0.1, expected LOW below HIGH"]);
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

    let Some((dom, console)) = opened(&workdir, "report.html") else {
        println!("skipped: no chromium to open the page with");
        return;
    };
    assert!(!console.contains("Uncaught") && !console.contains("CONSOLE"), "{console}");
    // The script has put the sounding in the middle, which was not run, and the histograms on the page.
    assert!(dom.contains("fiducial 1, 18.") && dom.contains("no posterior (not run)"), "{dom}");
    assert!(dom.contains("Largest R-hat − 1 of each sounding"), "{dom}");

    // A user without a mouse goes to the first sounding, up by ten depth cells, and opens its figure.
    let keys = "<script>const c = document.querySelector('.section canvas'); c.focus(); \
        for (const key of ['ArrowLeft', 'ArrowUp', 'Enter']) c.dispatchEvent(new KeyboardEvent('keydown', { key, shiftKey: true })); \
        </script></body>";
    workdir.write("keys.html", page.replace("</body>", keys).as_bytes());
    let (dom, console) = opened(&workdir, "keys.html").unwrap();
    assert!(!console.contains("CONSOLE"), "{console}");
    assert!(dom.contains("fiducial 0, ") && dom.contains("layers, χ² per datum"), "{dom}");
    assert!(dom.contains("<dialog id=\"picture\" aria-label=\"Picture of a sounding\" open"), "{dom}");
    assert!(dom.contains("alt=\"Posterior, data and chains of Line 30010, fiducial 0\""), "{dom}");
}

/// The page and the console of a browser after its scripts have run; `None` without a browser.
fn opened(workdir: &Workdir, page: &str) -> Option<(String, String)> {
    let url = format!("file://{}", workdir.path(page).display());
    let profile = format!("--user-data-dir={}", workdir.path("profile").display());
    let args = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-breakpad",
        "--enable-logging=stderr",
        "--virtual-time-budget=8000",
        "--dump-dom",
        &profile,
        &url,
    ];
    // The output goes into files, because processes that the browser leaves running would keep a pipe open.
    let file = |name: &str| fs::File::create(workdir.path(name)).unwrap();
    let browser = std::process::Command::new("chromium").args(args).stdout(file("dom")).stderr(file("console")).spawn();
    let mut browser = browser.ok()?;
    let started = std::time::Instant::now();
    while browser.try_wait().unwrap().is_none() {
        if started.elapsed().as_secs() > 120 {
            let _ = browser.kill();
            panic!("the browser does not come to an end: {}", workdir.text("console"));
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    let text = |name: &str| String::from_utf8_lossy(&fs::read(workdir.path(name)).unwrap()).into_owned();
    Some((text("dom"), text("console")))
}
