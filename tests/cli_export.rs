//! `geobipy export`: numbers in other formats equal those of the merged file; wrong requests are refused.

use std::collections::BTreeMap;
use std::env;

use crate::support::results::{ResultFile, doubles, row};
use crate::support::{Cmd, SURVEY, Workdir, assert_close};

/// Three soundings of line 1 and three of line 2, the last of which is not run, merged with two classes.
fn merged() -> Workdir {
    let workdir = Workdir::with_survey(6);
    workdir.edit_cells(SURVEY, |i, cells| {
        if i > 3 {
            cells[0] = "2".to_owned();
        }
    });
    workdir.replace("survey.toml", "survey.data", "survey.crs = 'EPSG:28354'\nsurvey.data");
    workdir.invert("out", &["--fiducial", "0:4"]).succeeds();
    let classes = ["--allow-missing", "--class", "low=0:0.02", "--class", "high=0.02:1e6"];
    workdir.geobipy(&[&["merge", "out", "-o", "survey.h5"], &classes[..]].concat()).succeeds();
    workdir
}

fn open(workdir: &Workdir) -> ResultFile {
    ResultFile::open(&workdir.path("survey.h5"))
}

/// Columns of a CSV file by name.
fn columns(text: &str) -> BTreeMap<String, Vec<String>> {
    let mut rows = text.lines().map(|line| line.split(','));
    let names: Vec<String> = rows.next().unwrap().map(str::to_owned).collect();
    let mut columns: BTreeMap<String, Vec<String>> = names.iter().map(|name| (name.clone(), Vec::new())).collect();
    for row in rows {
        names.iter().zip(row).for_each(|(name, cell)| columns.get_mut(name).unwrap().push(cell.to_owned()));
    }
    columns
}

fn cell_of(bounds: &[f64], depth: f64) -> usize {
    (0..bounds.len() / 2).find(|&i| bounds[2 * i] <= depth && depth < bounds[2 * i + 1]).unwrap()
}

/// Would catch: a column of another depth or sounding, numbers that lose digits, a sounding without posterior that has numbers.
#[test]
fn a_table_has_the_numbers_of_the_merged_file() {
    let workdir = merged();
    let quantities = ["conductivity_p50", "resistivity_p05", "class_probability_low", "misfit_p50", "status_reason"];
    let mut args =
        vec!["export", "csv", "survey.h5", "-o", "soundings.csv", "--depth", "10", "--depth", "5:25", "--all"];
    quantities.iter().for_each(|quantity| args.extend(["--quantity", quantity]));
    workdir.geobipy(&args).succeeds();
    let text = workdir.text("soundings.csv");
    let file = open(&workdir);
    let columns = columns(&text);
    let bounds = doubles(&file, "depth_bounds");
    let cell = cell_of(&bounds, 10.0);
    let samples = 20;
    for sounding in 0..6 {
        let number = |name: &str| columns[name][sounding].parse::<f64>();
        assert_eq!(number("easting").unwrap(), row(&file, "easting", sounding)[0]);
        if sounding == 5 {
            assert_eq!(columns["status"][5], "not_run");
            assert_eq!(columns["conductivity_p50_10m"][5], "");
            continue;
        }
        let of = |name: &str| row(&file, name, sounding);
        // Values stored in single precision are exported without loss.
        assert_eq!(number("conductivity_p50_10m").unwrap() as f32, of("conductivity_p50")[cell] as f32);
        assert_close(
            number("resistivity_p05_10m").unwrap(),
            1.0 / of("conductivity_p95")[cell],
            1e-6,
            0.0,
            "resistivity",
        );
        assert_eq!(number("class_probability_low_10m").unwrap() as f32, of("class_probability")[2 * cell] as f32);
        assert_eq!(number("misfit_p50").unwrap() as f32, of("misfit_p50")[0] as f32);
        // Means of the samples over the interval.
        let (counts, depths, values) =
            (of("sample_layer_count"), of("sample_interface_depth"), of("sample_ln_conductivity"));
        let layers = depths.len() / samples;
        let mean = |sample: usize| -> f64 {
            let step = |i: usize| {
                let depth = 5.0 + (i as f64 + 0.5) * 0.001;
                let count = counts[sample] as usize;
                let above =
                    depths[sample * layers..][..count - 1].iter().filter(|&&interface| interface < depth).count();
                values[sample * layers + above]
            };
            (0..20_000).map(step).sum::<f64>() / 20_000.0
        };
        let mut means: Vec<f64> = (0..samples).map(mean).collect();
        means.sort_by(f64::total_cmp);
        let median = 0.5 * (means[9] + means[10]);
        assert_close(number("conductivity_p50_5_25m").unwrap(), median.exp(), 1e-3, 0.0, "median over the interval");
        let low = means.iter().filter(|mean| mean.exp() < 0.02).count() as f64 / 20.0;
        assert_close(number("class_probability_low_5_25m").unwrap(), low, 1e-6, 1e-6, "share of the samples");
    }

    workdir
        .geobipy(&["export", "csv", "out", "-o", "layers.csv", "--layout", "layer", "--line", "2", "--all"])
        .succeeds();
    let layers = self::columns(&workdir.text("layers.csv"));
    assert_eq!(layers["layer"].len(), 3 * bounds.len() / 2);
    assert_eq!(
        layers["conductivity_p50"][cell].parse::<f32>().unwrap(),
        row(&file, "conductivity_p50", 3)[cell] as f32
    );
    assert!(
        workdir.snapshot().keys().all(|path| !path.to_string_lossy().contains(".merged")),
        "a file was left behind"
    );
}

/// Would catch: comments that readers take for names, columns without description, numbers that GDAL takes for texts.
#[test]
fn a_table_begins_with_names_and_has_its_meaning_beside_it() {
    let workdir = merged();
    workdir.geobipy(&["export", "csv", "survey.h5", "-o", "soundings.csv", "--depth", "10"]).succeeds();
    assert!(workdir.text("soundings.csv").starts_with("line_number,fiducial,easting,northing,"));
    let told: serde_json::Value = serde_json::from_str(&workdir.text("soundings.csv.json")).unwrap();
    assert_eq!(told["crs"], "EPSG:28354");
    assert!(told["source"].as_str().unwrap().starts_with("geobipy ") && told["fingerprint"].is_string(), "{told}");
    let columns = told["columns"].as_array().unwrap();
    let names: Vec<&str> = columns.iter().map(|column| column["name"].as_str().unwrap()).collect();
    assert_eq!(names.join(","), workdir.text("soundings.csv").lines().next().unwrap());
    let column = &columns[names.iter().position(|name| *name == "conductivity_p50_10m").unwrap()];
    assert!(
        column["unit"] == "S/m" && column["meaning"].as_str().unwrap().contains("Computed from the hitmap"),
        "{column}"
    );

    let told = Cmd::other(&workdir, "ogrinfo", &["-al", "soundings.csv"]).succeeds();
    for part in ["conductivity_p50_10m: Real", "status: String", "Geometry: Point", "MGA zone 54"] {
        assert!(told.contains(part), "{part:?} is not in\n{told}");
    }
    // An existing companion file may belong to somebody else.
    std::fs::remove_file(workdir.path("soundings.csv")).unwrap();
    workdir
        .geobipy(&["export", "csv", "survey.h5", "-o", "soundings.csv"])
        .refused(1, &["soundings.csv.json: is there already; --force replaces it"]);
}

/// Would catch: metres that are called degrees, latitudes for longitudes, cells in degrees.
#[test]
fn another_system_transforms_coordinates() {
    let workdir = merged();
    let degrees = ["--crs", "EPSG:4326"];
    let export = |format: &str, output: &str, more: &[&str]| {
        workdir.geobipy(&[&["export", format, "survey.h5", "-o", output], more].concat())
    };
    export("csv", "a.csv", &degrees).succeeds();
    let text = workdir.text("a.csv");
    let columns = columns(&text);
    let file = open(&workdir);
    let place = format!("{} {}", row(&file, "easting", 0)[0], row(&file, "northing", 0)[0]);
    let script = format!("echo {place} | gdaltransform -s_srs EPSG:28354 -t_srs EPSG:4326 -output_xy");
    let told = Cmd::other(&workdir, "sh", &["-c", &script]).succeeds();
    let expected: Vec<f64> = told.split_whitespace().map(|number| number.parse().unwrap()).collect();
    for (name, expected) in ["longitude", "latitude"].into_iter().zip(expected) {
        assert_close(columns[name][0].parse().unwrap(), expected, 0.0, 1e-7, name);
    }
    for (format, output) in [
        ("geopackage", "a.gpkg"),
        ("gdf2", "a.dat"),
        ("parquet", "a.parquet"),
        ("xyz", "a_inv.xyz"),
        ("netcdf", "a.nc"),
    ] {
        export(format, output, &degrees).succeeds();
    }
    let told = Cmd::other(&workdir, "ogrinfo", &["-al", "a.gpkg", "soundings"]).succeeds();
    let latitude = format!("latitude (Real) = {}", &columns["latitude"][0][..6]);
    assert!(told.contains("longitude (Real) = 1") && told.contains(&latitude) && told.contains("WGS 84"), "{told}");
    for (format, output) in [("geotiff", "a.tif"), ("vtk", "a.vtm"), ("section-image", "a")] {
        export(format, output, &degrees)
            .refused(1, &["EPSG:4326", "in degrees", "expected a projected system in metres"]);
    }
    export("geotiff", "a.tif", &["--crs", "EPSG:28355", "--cell", "5", "--quantity", "misfit_p50"]).succeeds();
    let told = Cmd::other(&workdir, "gdalinfo", &["a.tif"]).succeeds();
    assert!(told.contains("MGA zone 55"), "{told}");
}

/// Would catch: degrees as labels of metres, when no system is known.
#[test]
fn a_system_labels_results_that_have_none() {
    let workdir = Workdir::with_survey(2);
    workdir.invert("out", &[]).succeeds();
    let export = |crs: &str| workdir.geobipy(&["export", "csv", "out", "-o", "a.csv", "--crs", crs]);
    export("EPSG:4326").refused(1, &["has no coordinate reference system", "expected a projected system in metres"]);
    export("EPSG:28354").succeeds();
    let told = Cmd::other(&workdir, "ogrinfo", &["-al", "-so", "a.csv"]).succeeds();
    assert!(told.contains("MGA zone 54"), "{told}");
}

/// Would catch: exported soundings that were not run, or soundings left out without a message.
#[test]
fn soundings_without_a_posterior_are_left_out_and_counted() {
    let workdir = merged();
    let told = workdir.geobipy(&["export", "csv", "survey.h5", "-o", "a.csv"]).succeeds();
    assert!(
        told.contains("5 rows") && told.contains("1 sounding without a posterior left out; --all keeps it"),
        "{told}"
    );
    let statuses = &columns(&workdir.text("a.csv"))["status"];
    assert!(statuses.len() == 5 && !statuses.contains(&"not_run".to_owned()), "{statuses:?}");
    let told = workdir.geobipy(&["export", "csv", "survey.h5", "-o", "b.csv", "--all"]).succeeds();
    assert!(told.contains("6 rows") && !told.contains("left out"), "{told}");
}

/// Would catch: definition and data that do not agree, numbers that lose digits, nulls that are read as numbers.
#[test]
fn gdf2_is_read_as_it_was_written() {
    let workdir = merged();
    let args = [
        "export",
        "gdf2",
        "survey.h5",
        "-o",
        "soundings.dat",
        "--quantity",
        "conductivity_p50",
        "--depth",
        "10",
        "--all",
    ];
    workdir.geobipy(&args).succeeds();
    let definition = workdir.text("soundings.dfn");
    let widths: Vec<usize> = definition
        .lines()
        .filter_map(|line| line.split_once("RT=;"))
        .map(|(_, field)| field.split(':').nth(1).unwrap()[1..].split('.').next().unwrap().parse().unwrap())
        .collect();
    let file = open(&workdir);
    for (sounding, line) in workdir.text("soundings.dat").lines().enumerate() {
        assert_eq!(line.len(), widths.iter().sum::<usize>(), "{definition}\n{line}");
        let last = line[line.len() - widths[widths.len() - 1]..].trim().parse::<f64>().unwrap();
        let cell = cell_of(&doubles(&file, "depth_bounds"), 10.0);
        let expected = row(&file, "conductivity_p50", sounding)[cell];
        if sounding == 5 { assert_eq!(last, -99_999.0) } else { assert_eq!(last as f32, expected as f32) }
    }
}

/// Would catch: files that GDAL does not open, layers without features, bands in the wrong place.
#[test]
fn gdal_opens_maps_and_features() {
    let workdir = merged();
    let at = ["--quantity", "conductivity_p50", "--depth", "10"];
    workdir
        .geobipy(&[&["export", "geopackage", "survey.h5", "-o", "survey.gpkg", "--all"], &at[..]].concat())
        .succeeds();
    let told = Cmd::other(&workdir, "ogrinfo", &["-al", "survey.gpkg"]).succeeds();
    for part in [
        "Layer name: soundings",
        "Layer name: flight_lines",
        "Layer name: layers",
        "Layer name: interfaces",
        "Layer name: layer_styles",
        "conductivity_p50_10m (Real)",
        "MGA zone 54",
        "status (String) = not_run",
    ] {
        assert!(told.contains(part), "{part:?} is not in\n{told}");
    }
    let titles = "SELECT title FROM gpkg_data_columns WHERE column_name = 'conductivity_p50_10m'";
    let told = Cmd::other(&workdir, "ogrinfo", &["survey.gpkg", "-sql", titles]).succeeds();
    assert!(told.contains("title (String) = conductivity, median, at 10m (S/m)"), "{told}");
    let map = ["--cell", "5", "--blank", "20", "--gridding", "nearest"];
    workdir.geobipy(&[&["export", "geotiff", "survey.h5", "-o", "map.tif"], &at[..], &map[..]].concat()).succeeds();
    let told = Cmd::other(&workdir, "gdalinfo", &["map.tif"]).succeeds();
    for part in [
        "LAYOUT=COG",
        "MGA zone 54",
        "Description = conductivity_p50 10m",
        "Unit Type: S/m",
        "Description = credible_width 10m",
        "NoData Value=nan",
        "STATISTICS_MEAN",
        "Pixel Size = (5.0",
    ] {
        assert!(told.contains(part), "{part:?} is not in\n{told}");
    }
    let file = open(&workdir);
    let cell = cell_of(&doubles(&file, "depth_bounds"), 10.0);
    let (easting, northing) = (row(&file, "easting", 0)[0], row(&file, "northing", 0)[0]);
    let place = ["-valonly", "-b", "1", "-geoloc", "map.tif", &easting.to_string(), &northing.to_string()];
    let value: f64 = Cmd::other(&workdir, "gdallocationinfo", &place).succeeds().trim().parse().unwrap();
    assert_close(value, row(&file, "conductivity_p50", 0)[cell], 1e-5, 0.0, "map at the first sounding");
}

/// Would catch: a map that opens with an improbable value instead of the median.
#[test]
fn the_first_band_is_the_median() {
    let workdir = merged();
    let cells = ["--depth", "10", "--cell", "5", "--blank", "20"];
    workdir.geobipy(&[&["export", "geotiff", "survey.h5", "-o", "map.tif"], &cells[..]].concat()).succeeds();
    let told = Cmd::other(&workdir, "gdalinfo", &["map.tif"]).succeeds();
    let (_, first) = told.split_once("Band 1 ").unwrap();
    let first = first.split("Band 2 ").next().unwrap();
    assert!(first.contains("conductivity_p50 10m") && first.contains("Unit Type: S/m"), "{told}");
}

/// Would catch: a name that Workbench does not take for models.
#[test]
fn models_for_workbench_have_their_ending() {
    let workdir = merged();
    let told = workdir.geobipy(&["export", "xyz", "survey.h5", "-o", "a.xyz"]).succeeds();
    assert!(
        told.contains("a_inv.xyz") && workdir.path("a_inv.xyz").exists() && !workdir.path("a.xyz").exists(),
        "{told}"
    );
    workdir.geobipy(&["export", "xyz", "survey.h5", "-o", "a.xyz"]).refused(1, &["a_inv.xyz: is there already"]);
}

/// Would catch: files that other programs refuse, or read with other numbers than the merged file has.
#[test]
fn the_programs_of_others_find_the_same_numbers() {
    let Some(python) = env::var_os("GEOBIPY_PYTHON") else {
        println!("skipped: GEOBIPY_PYTHON names no Python interpreter with what tests/python/requirements.txt lists");
        return;
    };
    let workdir = merged();
    let depth = ["--quantity", "conductivity_p50", "--depth", "10"];
    let cells = ["--cell", "5", "--blank", "20", "--gridding", "nearest"];
    let exports: [(&str, &str, &[&str]); 9] = [
        ("csv", "soundings.csv", &depth),
        ("netcdf", "survey.nc", &["--hitmap"]),
        ("geotiff", "map.tif", &[&depth[..], &cells].concat()),
        ("gdf2", "soundings.dat", &depth),
        ("parquet", "soundings.parquet", &depth),
        ("geopackage", "survey.gpkg", &depth),
        ("vtk", "survey.vtm", &[&depth[..], &cells].concat()),
        ("xyz", "survey_inv.xyz", &[]),
        ("section-image", "sections", &["--no-fade", "--colours", "ink"]),
    ];
    for (format, output, args) in exports {
        workdir.geobipy(&[&["export", format, "survey.h5", "-o", output, "--all"], args].concat()).succeeds();
    }
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/python/judge_exports.py");
    let told = Cmd::other(&workdir, python, &[script, "."]).succeeds();
    println!("{told}");
}

/// Would catch: a panic, an incomplete file, a lost file, an export that does not match the request.
#[test]
fn wrong_input_is_refused_in_one_message() {
    let workdir = merged();
    workdir.write("there.csv", "something dear");
    let export = |args: &[&str]| workdir.geobipy(&[&["export"], args].concat());
    export(&["csv", "survey.h5", "-o", "x.csv", "--quantity", "conductivty_p50"])
        .refused(1, &["has no quantity conductivty_p50", "did you mean conductivity_p50?"]);
    export(&["csv", "survey.h5", "-o", "x.csv", "--quantity", "class_probability_sand"])
        .refused(1, &["has no class sand, only low, high"]);
    export(&["csv", "survey.h5", "-o", "x.csv", "--depth", "900"])
        .refused(1, &["has no depth 900m: its cells reach from 0 to"]);
    export(&["csv", "survey.h5", "-o", "x.csv", "--depth", "9:5"]).refused(2, &["expected TOP above BOTTOM"]);
    export(&["csv", "survey.h5", "-o", "x.csv", "--line", "7"]).refused(1, &["has no line 7, only 1, 2"]);
    export(&["csv", "survey.h5", "-o", "there.csv"]).refused(1, &["there.csv: is there already; --force replaces it"]);
    export(&["csv", "nowhere.h5", "-o", "x.csv"]).refused(1, &["nowhere.h5", "No such file"]);
    export(&["csv", "survey.h5", "-o", "survey.h5", "--force"]).refused(1, &["survey.h5: is what is to be exported"]);
    let bytes = std::fs::read(workdir.path("survey.h5")).unwrap();
    workdir.write("cut.h5", &bytes[..bytes.len() / 2]);
    export(&["csv", "cut.h5", "-o", "x.csv"]).refused(1, &["cut.h5: is a damaged HDF5 file: its end is missing"]);
    let file = hdf5_metno::File::create(workdir.path("stranger.h5")).unwrap();
    file.new_dataset::<f64>().shape(3).create("hitmap").unwrap();
    file.close().unwrap();
    export(&["csv", "stranger.h5", "-o", "x.csv"]).refused(1, &["stranger.h5: is not a result file of geobipy"]);
    export(&["vtk", "survey.h5", "-o", "x.vtk"]).refused(1, &["x.vtk: expected a name that ends in .vtm"]);
    export(&["section-image", "survey.h5", "-o", "x", "--quantity", "misfit_p50"])
        .refused(1, &["misfit_p50 has no depths to draw"]);
    export(&["section-image", "survey.h5", "-o", "x", "--pixel", "1e-6"])
        .refused(1, &["line 1: ", "pixels are too many", "choose another --pixel"]);
    export(&["section-image", "survey.h5", "-o", "x", "--range", "2", "1"]).refused(1, &["got 2 to 1, expected"]);
    export(&["section-image", "survey.h5", "-o", "x", "--colours", "rainbow"]).refused(2, &["spectrum, lagoon, ink"]);
    export(&["csv", "survey.h5", "-o", "no/where/x.csv"]).refused(1, &["no/where/x.csv: No such file"]);
    export(&["geotiff", "survey.h5", "-o", "x.tif", "--crs", "EPSG:1"]).refused(1, &["EPSG:1"]);
    export(&["geotiff", "survey.h5", "-o", "x.tif", "--cell", "1e-9"])
        .refused(1, &["is too large: choose a larger --cell"]);
    export(&["geotiff", "survey.h5", "-o", "x.tif", "--cell", "0"]).refused(2, &["expected a number above 0"]);
    export(&["geopackage", "survey.h5", "-o", "no/where/x.gpkg"]).refused(1, &["no/where/x.gpkg: No such file"]);
    assert_eq!(workdir.text("there.csv"), "something dear");
    let stray = |path: &&std::path::PathBuf| path.to_string_lossy().contains(['x', '.']) && path.starts_with("x");
    let snapshot = workdir.snapshot();
    assert_eq!(snapshot.keys().filter(stray).count(), 0, "{:?}", snapshot.keys());
}

/// Runs every export, and a merge, into `small/`, a file system of its own that `mount` makes. Returns the messages;
/// `None` where private file systems are not available.
fn exports_into(workdir: &Workdir, mount: &str) -> Option<Vec<(String, String)>> {
    std::fs::create_dir(workdir.path("small")).unwrap();
    let exports = [
        ("csv", "x.csv"),
        ("gdf2", "x.dat"),
        ("parquet", "x.parquet"),
        ("geopackage", "x.gpkg"),
        ("geotiff", "x.tif"),
        ("netcdf", "x.nc"),
        ("vtk", "x.vtm"),
        ("xyz", "x.xyz"),
        ("section-image", "x"),
    ];
    let program = env!("CARGO_BIN_EXE_geobipy");
    let commands = exports.map(|(format, output)| format!("export {format} survey.h5 -o small/{output}"));
    let merge = "merge out --allow-missing -o small/x.h5".to_owned();
    let run = |command: String| {
        let script = format!("{mount} || exit 99\n{program} {command}\ncode=$?\nls -A small >&2\nexit $code");
        let (code, _, errors) = Cmd::other(workdir, "unshare", &["-rm", "sh", "-c", &script]).ends();
        if code == Some(99) || errors.contains("unshare") {
            println!("skipped: no private file systems here: {errors}");
            return None;
        }
        assert_eq!(code, Some(1), "{command}\n{errors}");
        Some((command, errors))
    };
    commands.into_iter().chain([merge]).map(run).collect()
}

/// Would catch: an incomplete file under its final name, success without a file, an unclear message.
#[test]
fn a_full_disk_leaves_nothing_under_the_final_name() {
    let workdir = merged();
    let Some(told) =
        exports_into(&workdir, "mount -t tmpfs -o size=4k tmpfs small && head -c 4096 /dev/zero > small/filled")
    else {
        return;
    };
    for (command, errors) in told {
        let (message, left) = errors.split_once('\n').unwrap();
        assert!(message.starts_with("geobipy: small/x"), "{command}\n{errors}");
        assert_eq!(left, "filled\n", "{command} left something\n{errors}");
    }
}

/// Would catch: a panic in a folder where nothing may be written.
#[test]
fn a_read_only_folder_is_told() {
    let workdir = merged();
    let Some(told) = exports_into(&workdir, "mount -t tmpfs -o ro tmpfs small") else { return };
    for (command, errors) in told {
        assert!(errors.contains("small/x") && errors.contains("Read-only file system"), "{command}\n{errors}");
    }
}

/// Would catch: data of another channel or sounding, residuals with another sign, a pair of files that does not belong
/// together.
#[test]
fn data_are_exported_with_their_predictions() {
    let workdir = merged();
    let file = open(&workdir);
    for results in ["out", "survey.h5"] {
        workdir.geobipy(&["export", "data", results, "-o", "data.csv", "--force"]).succeeds();
        let columns = columns(&workdir.text("data.csv"));
        let names = file.variable_attribute("channel", "channel_names");
        for sounding in [0, 1, 2, 3, 4] {
            let of = |name: &str| row(&file, name, sounding);
            let (observed, predicted, std) = (of("data_observed"), of("data_predicted_p50"), of("data_std"));
            for (channel, name) in names.split_whitespace().enumerate() {
                let number = |kind: &str| columns[&format!("{kind}_{name}")][sounding].parse::<f64>().unwrap();
                let expected = [
                    ("observed", observed[channel]),
                    ("predicted", predicted[channel]),
                    ("std", std[channel]),
                    ("residual", (observed[channel] - predicted[channel]) / std[channel]),
                ];
                expected.iter().for_each(|(kind, value)| assert_close(number(kind), *value, 1e-6, 1e-9, kind));
            }
        }
        assert_eq!(columns["fiducial"].len(), 5, "a sounding that was not run has a row");
    }
    workdir.geobipy(&["export", "data", "survey.h5", "-o", "survey.xyz"]).succeeds();
    let rows = |name: &str| -> Vec<Vec<f64>> {
        let text = workdir.text(name);
        let lines = text.lines().filter(|line| !line.starts_with('/'));
        lines.map(|line| line.split_whitespace().map(|cell| cell.parse().unwrap()).collect()).collect()
    };
    let (observed, predicted) = (rows("survey_dat.xyz"), rows("survey_syn.xyz"));
    assert_eq!((observed.len(), observed[0].len(), predicted[0].len()), (5, 8 + 24, 8 + 12));
    assert_close(observed[1][8], row(&file, "data_observed", 1)[0], 1e-6, 0.0, "observed");
    assert_close(predicted[1][19], row(&file, "data_predicted_p50", 1)[11], 1e-6, 0.0, "predicted");
    workdir.geobipy(&["export", "data", "survey.h5", "-o", "data.dat"]).succeeds();
    assert!(workdir.text("data.dfn").contains("residual_quadrature_129550"));
    workdir.geobipy(&["export", "data", "survey.h5", "-o", "data.txt"]).refused(1, &["data.txt", ".csv, .dat"]);
}

/// Would catch: errors and geometry that cannot be exported or drawn, that belong to another group, or that are not
/// percentiles of the samples.
#[test]
fn errors_and_geometry_are_quantities() {
    let workdir = Workdir::with_survey(3);
    workdir.configure("geometry.height.prior = 'normal'\ngeometry.height.std_m = 0.5");
    workdir.invert("out", &[]).succeeds();
    workdir.geobipy(&["merge", "out", "-o", "survey.h5"]).succeeds();
    let file = open(&workdir);
    let quantities = ["relative_error_p50", "additive_error_p95_all", "geometry_p05_height"];
    let mut args = vec!["export", "csv", "survey.h5", "-o", "a.csv"];
    quantities.iter().for_each(|quantity| args.extend(["--quantity", quantity]));
    workdir.geobipy(&args).succeeds();
    let columns = columns(&workdir.text("a.csv"));
    for sounding in [0, 1, 2] {
        for (name, samples, fraction) in [
            ("relative_error_p50", "sample_relative_error", 0.5),
            ("additive_error_p95_all", "sample_additive_error", 0.95),
            ("geometry_p05_height", "sample_geometry", 0.05),
        ] {
            let mut values = row(&file, samples, sounding);
            values.sort_by(f64::total_cmp);
            let place = fraction * (values.len() - 1) as f64;
            let (low, high) = (values[place.floor() as usize], values[place.ceil() as usize]);
            let expected = low + (high - low) * place.fract();
            assert_close(columns[name][sounding].parse().unwrap(), expected, 1e-6, 0.0, name);
        }
    }
    let unknown = ["export", "csv", "survey.h5", "-o", "b.csv", "--quantity", "geometry_p50_tx_pitch"];
    workdir.geobipy(&unknown).refused(1, &["has no geometry_p50_tx_pitch, only geometry_p50_height"]);
    #[cfg(feature = "plot")]
    workdir.geobipy(&["plot", "map", "out", "--quantity", "geometry_p50_height", "-o", "a.png"]).succeeds();
}
