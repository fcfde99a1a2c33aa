//! Rows of soundings in line files, read and written without HDF5, from any thread of any process.

use std::fs::{File, OpenOptions};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use serde::{Deserialize, Serialize};

use super::reader::LineReader;
use super::update::ASKED;
use crate::error::{Error, Result};
use crate::schema::fields::{self, FIELDS, Field, Role};
use crate::schema::layout::Layout;
use crate::schema::record::SoundingRecord;
use crate::schema::status::Status;
use crate::schema::values::Kind;
use crate::schema::values::Values;
use crate::survey::Sounding;
use crate::system::{Geometry, GeometryParameter};

/// Rows of a line's soundings in its file.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LinePlaces {
    path: PathBuf,
    sounding_count: u32,
    /// Byte offset of each variable with rows, in the order of [`FIELDS`].
    offsets: Vec<u64>,
}

impl LinePlaces {
    /// Looks them up in a file made by [`create_line`](super::create_line) for `layout`.
    ///
    /// # Errors
    /// The file has another layout or is not one of ours.
    pub fn read(line: &LineReader, layout: &Layout) -> Result<Self> {
        let shapes = with_rows().filter_map(|field| layout.shape(field).map(|shape| (field.name, shape)));
        let offsets = shapes.map(|(name, shape)| line.offset(name, &shape)).collect::<Result<_>>()?;
        let sounding_count = layout.sounding_count() as u32;
        // Other ranks may have been started in another folder.
        let path = std::path::absolute(line.path()).map_err(Error::io(line.path()))?;
        Ok(Self { path, sounding_count, offsets })
    }

    /// Notes in the file which soundings of the line a run is asked for, beside those of earlier runs. `is_asked_for` has a
    /// value for each sounding, and the file was made for `layout`.
    ///
    /// # Errors
    /// The file cannot be read or written.
    pub fn note_asked_for(&self, layout: &Layout, is_asked_for: &[bool]) -> Result<()> {
        let mut fields = with_rows().filter(|field| layout.shape(field).is_some());
        let place = fields.position(|field| *field == fields::ASKED_FOR).expect("all files have it");
        let file = OpenOptions::new().read(true).write(true).open(&self.path).map_err(Error::io(&self.path))?;
        let mut notes = vec![0_u8; is_asked_for.len()];
        file.read_exact_at(&mut notes, self.offsets[place]).map_err(Error::io(&self.path))?;
        let before = notes.clone();
        for (note, _) in notes.iter_mut().zip(is_asked_for).filter(|(_, is_asked_for)| **is_asked_for) {
            *note = (*note).max(ASKED as u8);
        }
        if notes == before {
            return Ok(());
        }
        file.write_all_at(&notes, self.offsets[place]).map_err(Error::io(&self.path))
    }

    /// Number of soundings of the line.
    pub fn sounding_count(&self) -> u32 {
        self.sounding_count
    }
}

/// The variables that may have a row per sounding.
fn with_rows() -> impl Iterator<Item = &'static Field> {
    FIELDS.iter().copied().filter(|field| field.role != Role::Constant)
}

/// A variable with one row per sounding.
#[derive(Debug)]
struct Row {
    field: &'static Field,
    bytes: u64,
}

/// The line files of a run. A sounding is known by its number: 0, 1, ... through the lines in order.
#[derive(Debug)]
pub struct ResultStore {
    rows: Vec<Row>,
    lines: Vec<LinePlaces>,
    /// Number of the first sounding of each line.
    first: Vec<u32>,
    /// The files used last, by line.
    open: Mutex<Vec<(usize, Arc<File>)>>,
}

/// Files that are kept open: systems allow a process a thousand or so, and surveys have more lines.
const OPEN_FILES: usize = 64;

impl ResultStore {
    /// Opens `lines`; all files must have `layout`, except for the number of soundings.
    pub fn new(layout: &Layout, lines: Vec<LinePlaces>) -> Self {
        let row = |field: &'static Field| {
            layout.row_len(field).map(|len| Row { field, bytes: (len * field.kind.size()) as u64 })
        };
        let rows = with_rows().filter_map(row).collect();
        let first = lines.iter().scan(0, |next, line| {
            let first = *next;
            *next += line.sounding_count;
            Some(first)
        });
        Self { rows, first: first.collect(), lines, open: Mutex::new(Vec::new()) }
    }

    /// Reads the input values of the sounding of `number`.
    pub fn sounding(&self, number: u32) -> Result<Sounding> {
        let (line, index) = self.find(number);
        let file = self.file(line)?;
        let read = |name: &str| self.read_row(&file, line, index, name);
        let scalar = |name: &str| read(name).map(|values| values.first().copied().unwrap_or(0.0));
        let mut geometry = Geometry::default();
        for parameter in GeometryParameter::ALL {
            geometry.set(parameter, scalar(parameter.name())?);
        }
        let std = read("data_std_given")?;
        Ok(Sounding {
            line_number: scalar("line_number")?,
            fiducial: scalar("fiducial")?,
            easting_m: scalar("easting")?,
            northing_m: scalar("northing")?,
            elevation_m: scalar("elevation")?,
            geometry,
            observed: read("data_observed")?,
            std: (!std.is_empty()).then_some(std),
            file_line: 0,
        })
    }

    /// Writes what came out for the sounding of `number`; its status last, after everything else is on disk. A sounding that
    /// has results is first marked as not run, so that a process that dies leaves no mixture of two results.
    pub fn write(&self, number: u32, record: &SoundingRecord) -> Result<()> {
        let (line, index) = self.find(number);
        let file = self.file(line)?;
        let path = &self.lines[line].path;
        let results =
            || self.rows.iter().zip(&self.lines[line].offsets).filter(|(row, _)| row.field.role == Role::Result);
        let is_status = |row: &Row| *row.field == fields::STATUS;
        for (_, &offset) in results().filter(|(row, _)| is_status(row)) {
            let mut status = [0];
            file.read_exact_at(&mut status, offset + index).map_err(Error::io(path))?;
            if status[0] as i8 != Status::NotRun as i8 {
                file.write_all_at(&[Status::NotRun as u8], offset + index).map_err(Error::io(path))?;
                file.sync_data().map_err(Error::io(path))?;
            }
        }
        for (row, &offset) in results().filter(|(row, _)| !is_status(row)) {
            write_row(&file, path, row, offset, index, record)?;
        }
        file.sync_data().map_err(Error::io(path))?;
        for (row, &offset) in results().filter(|(row, _)| is_status(row)) {
            write_row(&file, path, row, offset, index, record)?;
        }
        file.sync_data().map_err(Error::io(path))
    }

    /// Line and place on the line of the sounding of `number`.
    fn find(&self, number: u32) -> (usize, u64) {
        let line = self.first.partition_point(|&first| first <= number) - 1;
        (line, u64::from(number - self.first[line]))
    }

    fn file(&self, line: usize) -> Result<Arc<File>> {
        let mut open = self.open.lock().expect("nobody panics while holding this");
        let file = match open.iter().position(|&(of, _)| of == line) {
            Some(place) => open.remove(place).1,
            None => {
                let path = &self.lines[line].path;
                Arc::new(OpenOptions::new().read(true).write(true).open(path).map_err(Error::io(path))?)
            }
        };
        open.insert(0, (line, Arc::clone(&file)));
        open.truncate(OPEN_FILES);
        Ok(file)
    }

    /// The numbers of one sounding; none when the file does not have the variable.
    fn read_row(&self, file: &File, line: usize, index: u64, name: &str) -> Result<Vec<f64>> {
        let line = &self.lines[line];
        let Some((row, offset)) = self.rows.iter().zip(&line.offsets).find(|(row, _)| row.field.name == name) else {
            return Ok(Vec::new());
        };
        debug_assert!(row.field.kind == Kind::F64 && row.field.role == Role::Input);
        let mut bytes = vec![0; row.bytes as usize];
        file.read_exact_at(&mut bytes, offset + index * row.bytes).map_err(Error::io(&line.path))?;
        let (numbers, _) = bytes.as_chunks::<8>();
        Ok(numbers.iter().map(|&number| f64::from_ne_bytes(number)).collect())
    }
}

fn write_row(file: &File, path: &Path, row: &Row, offset: u64, index: u64, record: &SoundingRecord) -> Result<()> {
    let name = row.field.name;
    let bytes = record.get(name).map(Values::as_bytes).unwrap_or_default();
    if bytes.len() as u64 != row.bytes {
        let message = format!("variable {name}: got {} bytes for a sounding, expected {}", bytes.len(), row.bytes);
        return Err(Error::results(path, message));
    }
    file.write_all_at(bytes, offset + index * row.bytes).map_err(Error::io(path))
}
