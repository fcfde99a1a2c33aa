//! The file of a survey: all lines in one, in chunks, compressed.
//!
//! Chunks are compressed here, by all threads at once, and handed to HDF5 as they are to stand in the file: the library itself
//! would compress them one after the other. Any HDF5 reads them, with its own shuffle and deflate filters.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use flate2::Compression;
use flate2::write::ZlibEncoder;
use hdf5_metno::dataset::Dataset;
use hdf5_metno::{File, H5Type, sync};
use hdf5_metno_sys::{h5d, h5p};

use super::attributes::Labels;
use super::create::{attach_scales, dataset_with};
use super::reader::LineReader;
use crate::error::{Error, Result};
use crate::files::Whole;
use crate::schema::fields::{FIELDS, Field, Role};
use crate::schema::layout::Layout;
use crate::schema::values::Kind;
use crate::schema::values::Values;

/// Bytes of a chunk before compression, about: small enough to read one sounding, large enough for few of them.
const CHUNK_BYTES: usize = 1 << 20;
/// Rows of a chunk at most.
const CHUNK_ROWS: usize = 8192;

/// A survey file that is being written, under another name until it is whole.
#[derive(Debug)]
pub struct MergedFile {
    path: PathBuf,
    file: Option<File>,
    columns: Vec<Column>,
    compression: u32,
    /// Last, so that the file is closed before it is removed.
    whole: Option<Whole>,
}

/// A variable with a row per sounding.
#[derive(Debug)]
struct Column {
    field: &'static Field,
    dataset: Dataset,
    row_bytes: usize,
    rows_per_chunk: usize,
    /// Rows that are in the file.
    written: usize,
    /// Bytes of those that wait for a chunk to fill.
    waiting: Vec<u8>,
}

/// A full chunk on its way into the file.
struct Chunk {
    column: usize,
    first_row: usize,
    bytes: Vec<u8>,
}

impl MergedFile {
    /// Begins the file at `path`, laid out as `layout`, with the texts and attributes of `like`; `class_names` are separated by
    /// blanks; `compression` is that of zlib, 0 for none, to 9.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn create(
        path: &Path,
        like: &LineReader,
        layout: &Layout,
        title: &str,
        class_names: &str,
        compression: u32,
    ) -> Result<Self> {
        let labels = Labels::read(like)?.with_classes(class_names.to_owned());
        let whole = Whole::beside(path);
        // HDF5's own messages do not say what the system said.
        std::fs::File::create(whole.partial()).map_err(Error::io(path))?;
        let partial = whole.partial().to_path_buf();
        let whole = Some(whole);
        let mut merged = Self { path: path.to_path_buf(), file: None, columns: Vec::new(), compression, whole };
        merged.begin(&partial, &labels, layout, title).map_err(|error| Error::results(path, reason(&error)))?;
        Ok(merged)
    }

    fn begin(&mut self, partial: &Path, labels: &Labels, layout: &Layout, title: &str) -> hdf5_metno::Result<()> {
        let file = File::create(partial)?;
        labels.write_global(&file, title)?;
        let shape = |field: &'static Field| layout.shape(field).map(|shape| (field, shape));
        let present: Vec<(&Field, Vec<usize>)> = FIELDS.iter().copied().filter_map(shape).collect();
        for (field, shape) in &present {
            let dataset = if field.role == Role::Constant {
                let values = layout.constant(field.name).ok_or_else(|| format!("no value for {}", field.name))?;
                dataset_with(&file, field.name, shape, values)?
            } else {
                let column = Column::create(&file, field, shape, self.compression)?;
                let dataset = column.dataset.clone();
                self.columns.push(column);
                dataset
            };
            labels.write(&dataset, field)?;
        }
        labels.write_texts(&file)?;
        attach_scales(&file, present.iter().map(|(field, _)| *field))?;
        self.file = Some(file);
        Ok(())
    }

    /// The variables with a row per sounding.
    pub fn columns(&self) -> impl Iterator<Item = &'static Field> {
        self.columns.iter().map(|column| column.field)
    }

    /// Adds rows to the variables that `rows` has values for, compressing with `threads` threads.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn append<'a>(&mut self, rows: impl Fn(&Field) -> Option<&'a Values>, threads: usize) -> Result<()> {
        let mut chunks = Vec::new();
        for (index, column) in self.columns.iter_mut().enumerate() {
            if let Some(values) = rows(column.field) {
                debug_assert_eq!(values.kind(), column.field.kind, "{}", column.field.name);
                column.waiting.extend_from_slice(values.as_bytes());
                column.take_chunks(index, false, &mut chunks);
            }
        }
        self.write(chunks, threads)
    }

    /// Writes what waits, and gives the file its name.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn finish(mut self, threads: usize) -> Result<()> {
        let mut chunks = Vec::new();
        for (index, column) in self.columns.iter_mut().enumerate() {
            column.take_chunks(index, true, &mut chunks);
        }
        self.write(chunks, threads)?;
        self.columns.clear();
        if let Some(file) = self.file.take() {
            file.close().map_err(|error| Error::results(&self.path, reason(&error)))?;
        }
        self.whole.take().map_or(Ok(()), Whole::finish).map_err(Error::io(&self.path))
    }

    fn write(&mut self, mut chunks: Vec<Chunk>, threads: usize) -> Result<()> {
        compress_all(&mut chunks, &self.columns, self.compression, threads);
        for chunk in &chunks {
            let column = &self.columns[chunk.column];
            write_chunk(&column.dataset, chunk.first_row, &chunk.bytes)
                .map_err(|error| Error::results(&self.path, format!("{}: {}", column.field.name, reason(&error))))?;
        }
        Ok(())
    }
}

impl Column {
    fn create(file: &File, field: &'static Field, shape: &[usize], compression: u32) -> hdf5_metno::Result<Self> {
        fn create<T: H5Type>(
            file: &File,
            field: &Field,
            shape: &[usize],
            chunk: &[usize],
            compression: u32,
        ) -> hdf5_metno::Result<Dataset> {
            let builder = file.new_dataset::<T>().chunk(chunk).obj_track_times(false);
            let builder = if compression > 0 { builder.shuffle().deflate(compression as u8) } else { builder };
            builder.shape(shape).create(field.name)
        }
        let row_bytes = shape[1..].iter().product::<usize>() * field.kind.size();
        let rows_per_chunk = (CHUNK_BYTES / row_bytes).clamp(1, CHUNK_ROWS).min(shape[0]);
        let chunk: Vec<usize> = std::iter::once(rows_per_chunk).chain(shape[1..].iter().copied()).collect();
        let dataset = match field.kind {
            Kind::I8 => create::<i8>(file, field, shape, &chunk, compression),
            Kind::I32 => create::<i32>(file, field, shape, &chunk, compression),
            Kind::U32 => create::<u32>(file, field, shape, &chunk, compression),
            Kind::I64 => create::<i64>(file, field, shape, &chunk, compression),
            Kind::F32 => create::<f32>(file, field, shape, &chunk, compression),
            Kind::F64 => create::<f64>(file, field, shape, &chunk, compression),
        }?;
        Ok(Self { field, dataset, row_bytes, rows_per_chunk, written: 0, waiting: Vec::new() })
    }

    /// Moves full chunks out of what waits, at the `end` the last one, too.
    fn take_chunks(&mut self, index: usize, end: bool, chunks: &mut Vec<Chunk>) {
        let chunk_bytes = self.rows_per_chunk * self.row_bytes;
        let mut taken = 0;
        while taken + chunk_bytes <= self.waiting.len() || end && taken < self.waiting.len() {
            let next = (taken + chunk_bytes).min(self.waiting.len());
            let mut bytes = self.waiting[taken..next].to_vec();
            // A chunk is always whole: rows beyond the last sounding are not part of the variable.
            bytes.resize(chunk_bytes, 0);
            chunks.push(Chunk { column: index, first_row: self.written, bytes });
            self.written += self.rows_per_chunk;
            taken = next;
        }
        self.waiting.drain(..taken);
    }
}

/// Makes of the values of each chunk what HDF5's shuffle and deflate filters would make of them.
fn compress_all(chunks: &mut [Chunk], columns: &[Column], compression: u32, threads: usize) {
    if compression == 0 {
        return;
    }
    let element_sizes: Vec<usize> = columns.iter().map(|column| column.field.kind.size()).collect();
    let (next, cells): (AtomicUsize, Vec<Mutex<&mut Chunk>>) =
        (AtomicUsize::new(0), chunks.iter_mut().map(Mutex::new).collect());
    let work = || {
        while let Some(cell) = cells.get(next.fetch_add(1, Ordering::Relaxed)) {
            let mut chunk = cell.lock().expect("nobody panics while holding this");
            chunk.bytes = compress(&chunk.bytes, element_sizes[chunk.column], compression);
        }
    };
    std::thread::scope(|scope| (0..threads).for_each(|_| drop(scope.spawn(work))));
}

fn compress(bytes: &[u8], element_size: usize, compression: u32) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::with_capacity(bytes.len() / 4), Compression::new(compression));
    encoder.write_all(&shuffled(bytes, element_size)).expect("memory takes everything");
    encoder.finish().expect("memory takes everything")
}

/// First bytes of all elements, then second bytes, and so on.
fn shuffled(bytes: &[u8], element_size: usize) -> Vec<u8> {
    match element_size {
        4 => planes::<4>(bytes),
        8 => planes::<8>(bytes),
        _ => {
            debug_assert_eq!(element_size, 1);
            bytes.to_vec()
        }
    }
}

/// The shuffled bytes of elements of `SIZE` bytes; a size that is known lets the processor move many bytes at once.
fn planes<const SIZE: usize>(bytes: &[u8]) -> Vec<u8> {
    let (elements, _) = bytes.as_chunks::<SIZE>();
    let mut planes = vec![0; bytes.len()];
    for (place, plane) in planes.chunks_exact_mut(elements.len().max(1)).enumerate() {
        plane.iter_mut().zip(elements).for_each(|(byte, element)| *byte = element[place]);
    }
    planes
}

/// Returns the system's message if HDF5 quotes it among addresses and times, else the whole message of HDF5.
fn reason(error: &hdf5_metno::Error) -> String {
    let text = error.to_string();
    let quoted = text.split_once("error message = '").and_then(|(_, rest)| rest.split_once('\''));
    quoted.map_or_else(|| text.clone(), |(reason, _)| reason.to_owned())
}

/// Puts a chunk that begins at `first_row` into the file as it is.
fn write_chunk(dataset: &Dataset, first_row: usize, bytes: &[u8]) -> hdf5_metno::Result<()> {
    let mut offset = vec![0_u64; dataset.ndim()];
    offset[0] = first_row as u64;
    // SAFETY: the dataset is open, the offset has its rank, and the buffer the length that is said.
    let status = sync::sync(|| unsafe {
        let (id, bytes_len) = (dataset.id(), bytes.len());
        h5d::H5Dwrite_chunk(id, h5p::H5P_DEFAULT, 0, offset.as_ptr(), bytes_len, bytes.as_ptr().cast())
    });
    if status < 0 { Err("cannot write (is the disk full?)".into()) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_of_a_kind_stand_together() {
        assert_eq!(shuffled(&[1, 2, 3, 4, 5, 6, 7, 8], 4), [1, 5, 2, 6, 3, 7, 4, 8]);
        assert_eq!(shuffled(&[1, 2, 3], 1), [1, 2, 3]);
    }
}
