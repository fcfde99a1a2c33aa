//! Writes finished soundings into a line's file, from any thread, without HDF5.

use std::fs::{File, OpenOptions};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use super::reader::LineReader;
use crate::error::{Error, Result};
use crate::schema::fields::{FIELDS, Role};
use crate::schema::layout::Layout;
use crate::schema::record::SoundingRecord;
use crate::schema::status::Status;

/// Where the rows of one field lie.
#[derive(Debug)]
struct Place {
    name: &'static str,
    offset: u64,
    row_bytes: u64,
}

/// An open line file with room for results.
#[derive(Debug)]
pub struct LineWriter {
    path: PathBuf,
    file: File,
    places: Vec<Place>,
    status: Place,
    finished: Vec<bool>,
}

impl LineWriter {
    /// Opens a file made by [`create_line`](super::create_line) for `layout`, whose run has `fingerprint`.
    ///
    /// # Errors
    /// The file is of another run, another layout, or not one of ours.
    pub fn open(path: &Path, layout: &Layout, fingerprint: &str) -> Result<Self> {
        let reader = LineReader::open(path)?;
        let existing = reader.attribute("fingerprint")?;
        if existing != fingerprint {
            return Err(Error::results(
                path,
                "holds results of another configuration, survey, system file or program version; give another output directory, \
                 or remove this one",
            ));
        }
        let mut places = Vec::new();
        for field in FIELDS.iter().filter(|field| field.role == Role::Result) {
            let Some(shape) = layout.shape(field) else { continue };
            let offset = reader.offset(field.name, &shape)?;
            let row_bytes = shape[1..].iter().product::<usize>() * field.kind.size();
            places.push(Place { name: field.name, offset, row_bytes: row_bytes as u64 });
        }
        let status = places.iter().position(|place| place.name == "status").map(|i| places.remove(i));
        let status = status.ok_or_else(|| Error::results(path, "has no variable status"))?;
        let finished = reader.statuses()?.into_iter().map(|status| status != Status::NotRun).collect();
        drop(reader);
        let file = OpenOptions::new().write(true).open(path).map_err(Error::io(path))?;
        Ok(Self { path: path.to_path_buf(), file, places, status, finished })
    }

    /// Whether each sounding was finished when the file was opened.
    pub fn finished(&self) -> &[bool] {
        &self.finished
    }

    /// Writes the row of sounding `index`; its status last, after everything else is on disk.
    pub fn write(&self, index: usize, record: &SoundingRecord) -> Result<()> {
        for place in &self.places {
            self.write_row(place, index, record)?;
        }
        self.file.sync_data().map_err(Error::io(&self.path))?;
        self.write_row(&self.status, index, record)?;
        self.file.sync_data().map_err(Error::io(&self.path))
    }

    fn write_row(&self, place: &Place, index: usize, record: &SoundingRecord) -> Result<()> {
        let bytes = record.get(place.name).map(|values| values.to_bytes()).unwrap_or_default();
        if bytes.len() as u64 != place.row_bytes {
            let message = format!(
                "variable {}: got {} bytes for a sounding, expected {}",
                place.name,
                bytes.len(),
                place.row_bytes
            );
            return Err(Error::results(&self.path, message));
        }
        let offset = place.offset + index as u64 * place.row_bytes;
        self.file.write_all_at(&bytes, offset).map_err(Error::io(&self.path))
    }
}
