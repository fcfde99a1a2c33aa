//! Comparison of results.

use std::fs;
use std::path::Path;

use geobipy::schema::{FIELDS, Status, line_path};
use hdf5_metno::types::{FixedAscii, VarLenUnicode};
use hdf5_metno::{File, H5Type, Hyperslab, SliceOrIndex};
use ndarray::ArrayD;

use super::Workdir;

/// A result file as other programs read it, by names.
#[derive(Debug)]
pub struct ResultFile(File);

impl ResultFile {
    /// Opens a result file.
    #[track_caller]
    pub fn open(path: &Path) -> Self {
        Self(File::open(path).unwrap())
    }

    /// All values of a variable.
    #[track_caller]
    pub fn read<T: H5Type>(&self, name: &str) -> ArrayD<T> {
        self.0.dataset(name).unwrap().read_dyn().unwrap()
    }

    /// The values of one sounding, flattened.
    #[track_caller]
    pub fn read_row<T: H5Type>(&self, name: &str, sounding: usize) -> Vec<T> {
        let dataset = self.0.dataset(name).unwrap();
        let mut selection: Vec<SliceOrIndex> = vec![sounding.into()];
        selection.extend((1..dataset.ndim()).map(|_| SliceOrIndex::from(..)));
        let row: ArrayD<T> = dataset.read_slice(Hyperslab::from(selection)).unwrap();
        row.into_iter().collect()
    }

    /// Status of each sounding.
    #[track_caller]
    pub fn statuses(&self) -> Vec<Status> {
        self.read::<i8>("status").into_iter().map(|code| Status::from_code(code).unwrap()).collect()
    }

    /// Whether there is a variable.
    pub fn has(&self, name: &str) -> bool {
        self.0.link_exists(name)
    }

    /// A global text attribute.
    #[track_caller]
    pub fn attribute(&self, name: &str) -> String {
        self.0.attr(name).unwrap().read_scalar::<FixedAscii<65536>>().unwrap().to_string()
    }

    /// A text attribute of a variable.
    #[track_caller]
    pub fn variable_attribute(&self, variable: &str, name: &str) -> String {
        let variable = self.0.dataset(variable).unwrap();
        variable.attr(name).unwrap().read_scalar::<FixedAscii<65536>>().unwrap().to_string()
    }

    /// A scalar string.
    #[track_caller]
    pub fn text(&self, name: &str) -> String {
        self.0.dataset(name).unwrap().read_scalar::<VarLenUnicode>().unwrap().to_string()
    }
}

/// All values of a variable.
#[track_caller]
pub fn doubles(line: &ResultFile, name: &str) -> Vec<f64> {
    line.read::<f64>(name).into_iter().collect()
}

/// Values of the row of a sounding as doubles.
#[track_caller]
pub fn row(line: &ResultFile, name: &str, sounding: usize) -> Vec<f64> {
    line.read_row(name, sounding)
}

/// Names of all variables whose values differ, except `cpu_seconds`; NaN equals NaN.
pub fn differences(a: &ResultFile, b: &ResultFile) -> Vec<&'static str> {
    let bits = |line: &ResultFile, name: &str| -> Option<Vec<u64>> {
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

/// Asserts that the results of line 1 in the folders `a` and `b` are equal except for their times.
#[track_caller]
pub fn assert_same_results(workdir: &Workdir, a: &str, b: &str) {
    let different = differences(&workdir.results(a, 1.0), &workdir.results(b, 1.0));
    assert!(different.is_empty(), "{a} and {b} differ in {different:?}");
    let bytes = |output| bytes_but_cpu_seconds(&line_path(&workdir.path(output), 1.0));
    assert!(bytes(a) == bytes(b), "{a} and {b} differ in something that is no variable of the table");
}
