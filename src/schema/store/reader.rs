//! Reads line files; the version first, then the content.

use std::ops::Range;
use std::path::{Path, PathBuf};

use hdf5_metno::types::VarLenUnicode;
use hdf5_metno::{Dataset, File, H5Type, Hyperslab, SliceOrIndex};
use ndarray::ArrayD;

use super::text::read_text;
use crate::error::{Error, Result};
use crate::schema::SCHEMA_VERSION;
use crate::schema::fields::{FIELDS, Field, Kind, Role};
use crate::schema::layout::{Layout, Values};
use crate::schema::status::Status;

/// An open line file.
#[derive(Debug)]
pub struct LineReader {
    path: PathBuf,
    file: File,
}

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
        let file = File::open(path).map_err(|_| Error::results(path, "is not an HDF5 file, or damaged"))?;
        let reader = Self { path: path.to_path_buf(), file };
        let version = reader
            .attribute("schema_version")
            .map_err(|_| Error::results(path, "is not a result file of geobipy (no attribute schema_version)"))?;
        let major = |version: &str| version.split('.').next().map(str::to_owned);
        if major(&version) != major(SCHEMA_VERSION) {
            return Err(Error::results(path, format!("has schema version {version}, expected {SCHEMA_VERSION}")));
        }
        Ok(reader)
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// A global text attribute.
    pub fn attribute(&self, name: &str) -> Result<String> {
        read_text(&self.file, name).map_err(|error| self.error(name, error))
    }

    /// A text attribute of a variable.
    pub fn variable_attribute(&self, variable: &str, name: &str) -> Result<String> {
        read_text(&*self.dataset(variable)?, name).map_err(|error| self.error(variable, error))
    }

    /// A scalar string variable.
    pub fn text(&self, name: &str) -> Result<String> {
        let text = self.dataset(name)?.read_scalar::<VarLenUnicode>().map_err(|error| self.error(name, error))?;
        Ok(text.to_string())
    }

    /// Whether the file has the variable: optional ones may be absent.
    pub fn has(&self, name: &str) -> bool {
        self.file.link_exists(name)
    }

    /// All values of a variable, converted to `T`.
    pub fn read<T: H5Type>(&self, name: &str) -> Result<ArrayD<T>> {
        self.dataset(name)?.read_dyn().map_err(|error| self.error(name, error))
    }

    /// Bounds of the cells of a coordinate, one more than cells: files have pairs of lower and upper ones.
    pub fn bounds(&self, name: &str) -> Result<Vec<f64>> {
        let pairs: Vec<f64> = self.read(name)?.into_iter().collect();
        Ok(pairs.iter().step_by(2).chain(pairs.last()).copied().collect())
    }

    /// The values of one sounding, flattened.
    pub fn read_row<T: H5Type>(&self, name: &str, sounding: usize) -> Result<Vec<T>> {
        let dataset = self.dataset(name)?;
        let mut selection: Vec<SliceOrIndex> = vec![sounding.into()];
        selection.extend((1..dataset.ndim()).map(|_| SliceOrIndex::from(..)));
        let row: ArrayD<T> = dataset.read_slice(Hyperslab::from(selection)).map_err(|error| self.error(name, error))?;
        Ok(row.into_iter().collect())
    }

    /// All values of the variable `field` in its own type.
    pub fn read_values(&self, field: &Field) -> Result<Values> {
        self.values(field, (..).into())
    }

    /// The values of some soundings of the variable `field`, in its own type.
    pub fn read_rows(&self, field: &Field, soundings: Range<usize>) -> Result<Values> {
        self.values(field, soundings.into())
    }

    fn values(&self, field: &Field, first_dimension: SliceOrIndex) -> Result<Values> {
        fn read<T: H5Type>(dataset: &Dataset, selection: Hyperslab) -> hdf5_metno::Result<Vec<T>> {
            let values: ArrayD<T> = dataset.read_slice(selection)?;
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
        let there = FIELDS.iter().filter(|field| field.role == Role::Constant && self.has(field.name));
        let constants = there.map(|field| self.read_values(field).map(|values| (field.name, values)));
        let absent =
            FIELDS.iter().filter(|field| field.role == Role::Result && !field.optional && !self.has(field.name));
        let absent = absent.map(|field| field.name).collect();
        Ok(Layout::of_constants(constants.collect::<Result<_>>()?, absent, self.has("data_std_given"), sounding_count))
    }

    /// What became of each sounding.
    pub fn statuses(&self) -> Result<Vec<Status>> {
        let codes = self.read::<i8>("status")?;
        codes
            .into_iter()
            .map(|code| Status::from_code(code).ok_or_else(|| self.error("status", format!("unknown number {code}"))))
            .collect()
    }

    /// Byte offset of a contiguous variable that must have `shape`.
    pub(super) fn offset(&self, name: &str, shape: &[usize]) -> Result<u64> {
        let dataset = self.dataset(name)?;
        if dataset.shape() != shape {
            return Err(self.error(name, format!("got shape {:?}, expected {shape:?}", dataset.shape())));
        }
        dataset.offset().ok_or_else(|| self.error(name, "has no place in the file"))
    }

    fn dataset(&self, name: &str) -> Result<Dataset> {
        self.file.dataset(name).map_err(|_| self.error(name, "is missing"))
    }

    fn error(&self, name: &str, message: impl std::fmt::Display) -> Error {
        Error::results(&self.path, format!("{name}: {message}"))
    }
}
