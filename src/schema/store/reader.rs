//! Reads result files of all versions: line files and merged files.
//!
//! Values of soundings that were not run are missing whatever stands in the file: files before schema 2.6 hold zeros there.

use std::io::Read;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use hdf5_metno::types::VarLenUnicode;
use hdf5_metno::{Dataset, File, H5Type, Hyperslab, SliceOrIndex};
use ndarray::ArrayD;

use super::text::{LABEL_SEPARATOR, read_text};
use crate::error::{Error, Result};
use crate::schema::fields::{self, FIELDS, Field, Role};
use crate::schema::layout::Layout;
use crate::schema::status::Status;
use crate::schema::values::Kind;
use crate::schema::values::Values;
use crate::schema::version::SCHEMA_VERSION;

/// An open result file.
#[derive(Debug)]
pub struct LineReader {
    path: PathBuf,
    file: File,
    version: String,
    /// Statuses when they were read first: what was finished then is whole, also while a run goes on.
    statuses: OnceLock<Vec<Status>>,
}

/// The first bytes of an HDF5 file.
const SIGNATURE: [u8; 8] = *b"\x89HDF\r\n\x1a\n";

impl LineReader {
    /// Opens a result file.
    ///
    /// # Errors
    /// There is none, it is not HDF5, not ours, or of another major schema version.
    pub fn open(path: &Path) -> Result<Self> {
        // HDF5's own messages do not tell these apart.
        let metadata = std::fs::metadata(path).map_err(Error::io(path))?;
        if !metadata.is_file() {
            return Err(Error::results(path, "is not a file"));
        }
        let file = File::open(path).map_err(|error| why_not_open(path, &error))?;
        let version = read_text(&file, "schema_version")
            .map_err(|_| Error::results(path, "is not a result file of geobipy (no attribute schema_version)"))?;
        let major = |version: &str| version.split('.').next().map(str::to_owned);
        if major(&version) != major(SCHEMA_VERSION) {
            let message = format!("has schema version {version}, expected {}", compatible_versions());
            return Err(Error::results(path, message));
        }
        Ok(Self { path: path.to_path_buf(), file, version, statuses: OnceLock::new() })
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Version of the schema that the file was written with.
    pub fn schema_version(&self) -> &str {
        &self.version
    }

    /// A global text attribute.
    pub fn attribute(&self, name: &str) -> Result<String> {
        read_text(&self.file, name).map_err(|error| self.error(name, error))
    }

    /// A text attribute of a variable.
    pub fn variable_attribute(&self, field: &Field, name: &str) -> Result<String> {
        read_text(&*self.dataset(field.name)?, name).map_err(|error| self.error(field.name, error))
    }

    /// The configuration of the run with every default, TOML.
    pub fn configuration(&self) -> Result<String> {
        self.text("configuration")
    }

    /// The instrument files of the run.
    pub fn system_files(&self) -> Result<String> {
        self.text("system_files")
    }

    /// Coordinate reference system as the user named it.
    pub fn crs(&self) -> Option<String> {
        self.file.link_exists("crs").then(|| self.text("crs").ok()).flatten()
    }

    /// Coordinate reference system as WKT.
    pub fn crs_wkt(&self) -> Option<String> {
        let crs = self.file.link_exists("crs").then(|| self.dataset("crs").ok()).flatten()?;
        read_text(&crs, "crs_wkt").ok()
    }

    /// Names of the groups of channels that share their errors, for people.
    pub fn error_group_labels(&self) -> Result<Vec<String>> {
        match self.variable_attribute(&fields::ERROR_GROUP, "error_group_labels") {
            Ok(labels) => Ok(labels.split(LABEL_SEPARATOR).map(str::to_owned).collect()),
            // Files before schema 2.6.
            Err(_) => Ok(labels_of_old_files(&self.variable_attribute(&fields::ERROR_GROUP, "error_group_names")?)),
        }
    }

    /// Names that stand in an attribute of a variable, separated by blanks; none without the variable.
    pub fn names(&self, field: &Field, attribute: &str) -> Result<Vec<String>> {
        if !self.has(field) {
            return Ok(Vec::new());
        }
        Ok(self.variable_attribute(field, attribute)?.split_whitespace().map(str::to_owned).collect())
    }

    /// Returns whether the survey is in time domain.
    pub fn is_time_domain(&self) -> bool {
        self.has(&fields::CHANNEL_TIME)
    }

    /// Returns whether the file was merged, so that it has products.
    pub fn is_merged(&self) -> bool {
        self.has(&fields::CONDUCTIVITY_P50)
    }

    /// Returns whether the file has the variable: files of older versions, or of runs without the quantity, may lack it.
    pub fn has(&self, field: &Field) -> bool {
        self.file.link_exists(field.name)
    }

    /// Values that all soundings share; none where the file does not have the variable.
    pub fn constant(&self, field: &Field) -> Result<Vec<f64>> {
        if self.has(field) { Ok(self.values(field, (..).into())?.to_f64()) } else { Ok(Vec::new()) }
    }

    /// Bounds of cells, one more than cells: files have pairs of lower and upper ones.
    pub fn bounds(&self, field: &Field) -> Result<Vec<f64>> {
        let pairs = self.values(field, (..).into())?.to_f64();
        Ok(pairs.iter().step_by(2).chain(pairs.last()).copied().collect())
    }

    /// Number of values of one sounding.
    pub fn row_len(&self, field: &Field) -> Result<usize> {
        Ok(self.dataset(field.name)?.shape().iter().skip(1).product())
    }

    /// Number of soundings.
    pub fn sounding_count(&self) -> Result<usize> {
        self.statuses().map(<[Status]>::len)
    }

    /// All values of a variable in its own type.
    pub fn read_values(&self, field: &Field) -> Result<Values> {
        if field.role == Role::Constant {
            return self.values(field, (..).into());
        }
        self.read_rows(field, 0..self.sounding_count()?)
    }

    /// Values of some soundings of a variable, in its own type; missing where a sounding was not run.
    pub fn read_rows(&self, field: &Field, soundings: Range<usize>) -> Result<Values> {
        let statuses = self.statuses()?;
        let mut values = self.values(field, soundings.clone().into())?;
        let width = values.len() / soundings.len().max(1);
        for (row, _) in soundings.enumerate().filter(|&(_, sounding)| !field.is_known_of(statuses[sounding])) {
            values.set_missing(row * width..(row + 1) * width);
        }
        Ok(values)
    }

    /// Returns the status of each sounding.
    pub fn statuses(&self) -> Result<&[Status]> {
        if let Some(statuses) = self.statuses.get() {
            return Ok(statuses);
        }
        let name = fields::STATUS.name;
        let codes = self.dataset(name)?.read_1d::<i8>().map_err(|error| self.error(name, error))?;
        let status = |code| Status::from_code(code).ok_or_else(|| self.error(name, format!("unknown number {code}")));
        let statuses = codes.into_iter().map(status).collect::<Result<Vec<_>>>()?;
        Ok(self.statuses.get_or_init(|| statuses))
    }

    fn values(&self, field: &Field, first_dimension: SliceOrIndex) -> Result<Values> {
        fn read<T: H5Type>(dataset: &Dataset, selection: Hyperslab) -> hdf5_metno::Result<Vec<T>> {
            let values: ArrayD<T> =
                if dataset.ndim() == 0 { dataset.read_dyn()? } else { dataset.read_slice(selection)? };
            Ok(values.into_raw_vec_and_offset().0)
        }
        let dataset = self.dataset(field.name)?;
        if dataset.ndim() != field.dims.len() {
            return Err(
                self.error(field.name, format!("got {} dimensions, expected {}", dataset.ndim(), field.dims.len()))
            );
        }
        let others = (1..dataset.ndim()).map(|_| SliceOrIndex::from(..));
        let selection = Hyperslab::from(std::iter::once(first_dimension).chain(others).collect::<Vec<_>>());
        let values = match field.kind {
            Kind::I8 => read(&dataset, selection).map(Values::I8),
            Kind::I32 => read(&dataset, selection).map(Values::I32),
            Kind::U32 => read(&dataset, selection).map(Values::U32),
            Kind::I64 => read(&dataset, selection).map(Values::I64),
            Kind::F32 => read(&dataset, selection).map(Values::F32),
            Kind::F64 => read(&dataset, selection).map(Values::F64),
        };
        values.map_err(|error| self.error(field.name, error))
    }

    /// The layout of the file, without products, for `sounding_count` soundings.
    pub fn layout(&self, sounding_count: usize) -> Result<Layout> {
        let there = FIELDS.iter().filter(|field| field.role == Role::Constant && self.has(field));
        let constants = there.map(|field| self.read_values(field).map(|values| (field.name, values)));
        let absent = FIELDS.iter().filter(|field| field.role == Role::Result && !self.has(field));
        let absent = absent.map(|field| field.name).collect();
        let has_std = self.has(&fields::DATA_STD_GIVEN);
        Ok(Layout::of_constants(constants.collect::<Result<_>>()?, absent, has_std, sounding_count))
    }

    /// Byte offset of a contiguous variable that must have `shape`.
    pub(super) fn offset(&self, name: &str, shape: &[usize]) -> Result<u64> {
        let dataset = self.dataset(name)?;
        if dataset.shape() != shape {
            return Err(self.error(name, format!("got shape {:?}, expected {shape:?}", dataset.shape())));
        }
        dataset.offset().ok_or_else(|| self.error(name, "has no place in the file"))
    }

    fn text(&self, name: &str) -> Result<String> {
        let text = self.dataset(name)?.read_scalar::<VarLenUnicode>().map_err(|error| self.error(name, error))?;
        Ok(text.to_string())
    }

    fn dataset(&self, name: &str) -> Result<Dataset> {
        self.file.dataset(name).map_err(|_| self.error(name, "is missing"))
    }

    fn error(&self, name: &str, message: impl std::fmt::Display) -> Error {
        Error::results(&self.path, format!("{name}: {message}"))
    }
}

/// `2.0 to 2.6`
fn compatible_versions() -> String {
    let major = SCHEMA_VERSION.split('.').next().unwrap_or_default();
    format!("{major}.0 to {SCHEMA_VERSION}")
}

/// Why HDF5 could not open a file that is there: what the system says, or that it is not HDF5, or damaged.
fn why_not_open(path: &Path, error: &hdf5_metno::Error) -> Error {
    let mut first = [0; SIGNATURE.len()];
    match std::fs::File::open(path).and_then(|mut file| file.read_exact(&mut first)) {
        Err(system) if system.kind() != std::io::ErrorKind::UnexpectedEof => Error::io(path)(system),
        Ok(()) if first == SIGNATURE => {
            let is_cut = error.to_string().contains("truncated");
            let how = if is_cut { "its end is missing" } else { "the HDF5 library cannot open it" };
            Error::results(path, format!("is a damaged HDF5 file: {how}"))
        }
        _ => Error::results(path, "is not an HDF5 file"),
    }
}

/// Names of groups for people, from those of files before schema 2.6: `s0_z` is "Z", or "system 1 Z" when there are several systems.
fn labels_of_old_files(names: &str) -> Vec<String> {
    let part = |name: &str| -> Option<(usize, String)> {
        let (system, component) = name.strip_prefix('s')?.split_once('_')?;
        let component = if component == "a" { "amplitude".to_owned() } else { component.to_uppercase() };
        Some((system.parse().ok()?, component))
    };
    let several = names.split_whitespace().filter_map(part).any(|(system, _)| system > 0);
    let label = |name: &str| match part(name) {
        Some((system, component)) if several => format!("system {} {component}", system + 1),
        Some((_, component)) => component,
        None => name.replace('_', " "),
    };
    names.split_whitespace().map(label).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_of_old_files_have_names_for_people() {
        assert_eq!(labels_of_old_files("s0_x s0_z"), ["X", "Z"]);
        assert_eq!(labels_of_old_files("s0_z s1_a"), ["system 1 Z", "system 2 amplitude"]);
        assert_eq!(labels_of_old_files("all"), ["all"]);
    }
}
