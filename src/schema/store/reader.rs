//! Reads line files; the version first, then the content.

use std::path::{Path, PathBuf};

use hdf5_metno::types::VarLenUnicode;
use hdf5_metno::{Dataset, File, H5Type};
use ndarray::ArrayD;

use super::text::read_text;
use crate::error::{Error, Result};
use crate::schema::SCHEMA_VERSION;
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

    /// The values of one sounding, flattened.
    pub fn read_row<T: H5Type>(&self, name: &str, sounding: usize) -> Result<Vec<T>> {
        let dataset = self.dataset(name)?;
        let mut selection: Vec<hdf5_metno::SliceOrIndex> = vec![sounding.into()];
        selection.extend((1..dataset.ndim()).map(|_| hdf5_metno::SliceOrIndex::from(..)));
        let row: ArrayD<T> =
            dataset.read_slice(hdf5_metno::Hyperslab::from(selection)).map_err(|error| self.error(name, error))?;
        Ok(row.into_iter().collect())
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
