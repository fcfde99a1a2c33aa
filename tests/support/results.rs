//! Comparing results.

use std::fs;
use std::path::Path;

use geobipy::schema::{FIELDS, LineReader, line_path};

use super::Workdir;

/// All values of a variable.
pub fn doubles(line: &LineReader, name: &str) -> Vec<f64> {
    line.read::<f64>(name).unwrap().into_iter().collect()
}

/// Values of the row of a sounding as doubles.
pub fn row(line: &LineReader, name: &str, sounding: usize) -> Vec<f64> {
    line.read_row(name, sounding).unwrap()
}

/// Names of all variables whose values differ, `cpu_seconds` left aside; NaN equals NaN.
pub fn differences(a: &LineReader, b: &LineReader) -> Vec<&'static str> {
    let bits = |line: &LineReader, name: &str| -> Option<Vec<u64>> {
        line.has(name).then(|| doubles(line, name).into_iter().map(f64::to_bits).collect())
    };
    let differs = |name: &str| name != "cpu_seconds" && bits(a, name) != bits(b, name);
    FIELDS.iter().map(|field| field.name).filter(|name| differs(name)).collect()
}

/// The bytes of a result file without those of `cpu_seconds`.
pub fn bytes_but_cpu_seconds(path: &Path) -> Vec<u8> {
    let file = hdf5_metno::File::open(path).unwrap();
    let dataset = file.dataset("cpu_seconds").unwrap();
    let (offset, size) = (dataset.offset().unwrap() as usize, 8 * dataset.size());
    drop((dataset, file));
    let mut bytes = fs::read(path).unwrap();
    bytes[offset..offset + size].fill(0);
    bytes
}

/// Asserts that the results of line 1 in the folders `a` and `b` are the same but for the time they took.
#[track_caller]
pub fn assert_same_results(workdir: &Workdir, a: &str, b: &str) {
    let different = differences(&workdir.results(a, 1.0), &workdir.results(b, 1.0));
    assert!(different.is_empty(), "{a} and {b} differ in {different:?}");
    let bytes = |output| bytes_but_cpu_seconds(&line_path(&workdir.path(output), 1.0));
    assert!(bytes(a) == bytes(b), "{a} and {b} differ in something that is no variable of the table");
}
