//! Result files opened by other programs: h5py, netCDF's ncdump, xarray; and the notebooks.
//!
//! The environment variable GEOBIPY_PYTHON names an interpreter with the packages of tests/python/requirements.txt.
//! Without it, and without ncdump on the path, these tests print a message and skip. With CI set, ncdump must be there.

use std::env;

use geobipy::schema::{FIELDS, Field, Role, When};

use crate::support::{Cmd, SURVEY, Workdir};

/// Three soundings on line 30010, the second not run, height and errors sampled, so that every variable of the table
/// exists that is not for time-domain systems.
fn inverted() -> Workdir {
    let workdir = Workdir::with_survey(3);
    workdir.edit_cells(SURVEY, |i, cells| {
        if i > 0 {
            cells[0] = "30010".to_owned();
        }
    });
    workdir.configure("geometry.height.prior = 'normal'\ngeometry.height.std_m = 0.5");
    workdir.invert("out", &["--fiducial", "0", "--fiducial", "2"]).succeeds();
    workdir
}

const FILE: &str = "out/line_30010.h5";

/// Runs one part of tests/python/read_results.py, which checks what it reads.
fn read_with_python(part: &str) {
    let Some(python) = env::var_os("GEOBIPY_PYTHON") else {
        println!("skipped: GEOBIPY_PYTHON names no Python interpreter with h5py, xarray, netCDF4 and h5netcdf");
        return;
    };
    let workdir = inverted();
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/python/read_results.py");
    Cmd::other(&workdir, python, &[script, part, FILE]).succeeds();
}

/// Would catch: types h5py cannot read, dimension scales that are not attached or have the wrong name, units missing.
#[test]
fn h5py_reads_results() {
    read_with_python("h5py");
}

/// Would catch: a file that the netCDF library refuses or reads without names of dimensions.
#[test]
fn xarray_reads_results_with_netcdf4() {
    read_with_python("netcdf4");
}

/// Would catch: a file whose dimension scales only one of the two netCDF readers accepts.
#[test]
fn xarray_reads_results_with_h5netcdf() {
    read_with_python("h5netcdf");
}

/// Runs every notebook as its readers do, on files that the program makes. The comparison with GeoBIPy runs only when
/// the environment variable GEOBIPY_PEER names a virtual environment with GeoBIPy, which takes 1.5 GB.
///
/// Would catch: a notebook that no longer fits the files it reads or the program it runs, outputs that were committed.
#[test]
fn notebooks_run() {
    let Some(python) = env::var_os("GEOBIPY_PYTHON") else {
        println!("skipped: GEOBIPY_PYTHON names no Python interpreter with what tests/python/requirements.txt lists");
        return;
    };
    let workdir = inverted();
    workdir.geobipy(&["merge", "out", "-o", "survey.h5", "--allow-missing", "--class", "clay=0.03:1"]).succeeds();
    let crs = ["--crs", "EPSG:28354"];
    workdir.geobipy(&[&["export", "netcdf", "survey.h5", "-o", "survey.nc"], &crs[..]].concat()).succeeds();
    let map = ["--quantity", "conductivity_p50", "--depth", "10", "--cell", "5", "--blank", "20"];
    workdir.geobipy(&[&["export", "geotiff", "survey.h5", "-o", "survey.tif"], &map[..], &crs[..]].concat()).succeeds();
    let environment = [
        ("RESULTS", FILE),
        ("MERGED", "survey.h5"),
        ("NETCDF", "survey.nc"),
        ("GEOTIFF", "survey.tif"),
        ("OUTPUT", "products"),
        ("GEOBIPY", env!("CARGO_BIN_EXE_geobipy")),
        ("GEOBIPY_ITERATIONS", "500"),
        ("EXAMPLE", concat!(env!("CARGO_MANIFEST_DIR"), "/examples/resolve")),
    ];
    let folder = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/notebooks")).unwrap();
    let mut notebooks: Vec<_> = folder.map(|entry| entry.unwrap().path()).collect();
    notebooks.retain(|path| path.extension().is_some_and(|extension| extension == "ipynb"));
    notebooks.sort();
    assert_eq!(notebooks.len(), 4, "{notebooks:?}");
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/python/run_notebook.py");
    // Notebooks run in another folder than this test.
    let peer = env::var_os("GEOBIPY_PEER").map(|folder| std::fs::canonicalize(folder).unwrap());
    for notebook in notebooks {
        let mut command = Cmd::other(&workdir, &python, &[script, notebook.to_str().unwrap()]);
        if notebook.ends_with("03_compare_with_geobipy.ipynb") {
            let Some(peer) = &peer else {
                println!("skipped: GEOBIPY_PEER names no virtual environment with GeoBIPy to compare with");
                continue;
            };
            command = command.env("GEOBIPY_PEER", peer.to_str().unwrap());
        }
        for (name, value) in environment {
            command = command.env(name, value);
        }
        command.succeeds();
    }
    let table = workdir.text("products/depth_to_conductor_line_30010.csv");
    assert_eq!(table.lines().filter(|line| !line.starts_with('#')).count(), 1 + 2, "{table}");
}

/// Would catch: dimensions that netCDF has to invent (phony_dim), variables with other dimensions than the table's.
#[test]
fn ncdump_reads_results() {
    let found =
        env::split_paths(&env::var_os("PATH").unwrap_or_default()).any(|folder| folder.join("ncdump").is_file());
    if !found && env::var_os("CI").is_none() {
        println!("skipped: no ncdump on the path");
        return;
    }
    let workdir = inverted();
    let header = Cmd::other(&workdir, "ncdump", &["-h", FILE]).succeeds();
    assert!(!header.contains("phony_dim"), "{header}");
    for dim in [
        "sounding = 3 ;",
        "channel = 12 ;",
        "layer_count = 8 ;",
        "layer = 8 ;",
        "sample = 20 ;",
        "nv = 2 ;",
        "error_group = 1 ;",
    ] {
        assert!(header.contains(&format!("\t{dim}")), "no dimension {dim}\n{header}");
    }
    let elsewhere = |field: &Field| {
        let others = [When::TimeDomain, When::GivenStd, When::Merged, When::Classes];
        others.contains(&field.when) || field.role == Role::Product
    };
    for field in FIELDS.iter().filter(|field| !elsewhere(field)) {
        let dims: Vec<&str> = field.dims.iter().map(|dim| dim.name()).collect();
        let dims = if dims.is_empty() { String::new() } else { format!("({})", dims.join(", ")) };
        let declared = format!(" {}{dims} ;", field.name);
        assert!(header.contains(&declared), "{declared:?} is not declared\n{header}");
        for attribute in ["long_name", "units"] {
            assert!(
                header.contains(&format!("\t{}:{attribute} = ", field.name)),
                "{}:{attribute}\n{header}",
                field.name
            );
        }
    }
    assert!(header.contains("string configuration ;") && header.contains(":Conventions = \"CF-1.8\""), "{header}");
}
