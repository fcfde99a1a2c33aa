//! From the files of lines to that of a survey, with products.

mod block;
mod order;
mod sources;

use std::ops::Range;
use std::path::{Path, PathBuf};

pub use order::Missing;

use crate::error::Result;
use crate::products::{Cells, ConductivityClass, relative_depths_of_investigation};
use crate::schema::{LineReader, MergedFile, Number, Values};
use block::{BLOCK_BYTES, Block, OF_LINE};
use order::Order;

/// Places for probable interfaces.
const PROBABLE_INTERFACES: usize = 5;

/// Results of one run that are to become one file.
#[derive(Debug)]
pub struct Merger {
    files: Vec<LineReader>,
    order: Order,
}

/// How to merge.
#[derive(Debug, Clone)]
pub struct MergeOptions {
    /// Classes whose probability is wanted.
    pub classes: Vec<ConductivityClass>,
    /// Level of zlib, 0 for none, to 9.
    pub compression: u32,
    /// Threads that compute and compress.
    pub threads: usize,
}

impl Merger {
    /// Opens result files, and all line files of directories.
    ///
    /// # Errors
    /// There is none, one is not ours, they are not of the same run, or have different results of the same sounding.
    pub fn open(paths: &[PathBuf]) -> Result<Self> {
        let files = sources::open(paths)?;
        let order = Order::new(&files)?;
        Ok(Self { files, order })
    }

    /// Number of soundings.
    pub fn sounding_count(&self) -> usize {
        self.order.len()
    }

    /// The lines that are not complete.
    pub fn missing(&self) -> Vec<Missing> {
        self.order.missing()
    }

    /// The lines: `line 30010`, `lines 30010 to 30090`.
    pub fn lines_in_words(&self) -> String {
        self.order.in_words()
    }

    /// Writes all soundings into the file at `output`, sorted by line and fiducial; `news` hears how many are done.
    ///
    /// # Errors
    /// A file cannot be read or written.
    pub fn write(&self, output: &Path, options: &MergeOptions, news: &mut dyn FnMut(usize)) -> Result<()> {
        let (threads, first) = (options.threads, &self.files[0]);
        let class_bounds: Vec<(f64, f64)> =
            options.classes.iter().map(|class| (class.minimum, class.maximum)).collect();
        let layout = first.layout(self.order.len())?.with_products(PROBABLE_INTERFACES, &class_bounds);
        let cells = cells(first, options)?;
        let title = format!("Posterior of airborne electromagnetic soundings, {}", self.order.in_words());
        let names: Vec<&str> = options.classes.iter().map(|class| class.name.as_str()).collect();
        let mut merged = MergedFile::create(output, first, &layout, &title, &names.join(" "), options.compression)?;

        let fields: Vec<_> = merged.columns().collect();
        let row_bytes: usize = fields.iter().filter_map(|field| Some(layout.row_len(field)? * field.kind.size())).sum();
        let rows = (BLOCK_BYTES / row_bytes).max(1);
        let mut widths: Vec<f32> = Vec::new();
        for start in (0..self.order.len()).step_by(rows) {
            let places = self.order.places(start..(start + rows).min(self.order.len()));
            let mut block = Block::read(&self.files, places, fields.iter().copied())?;
            block.add_products(fields.iter().copied(), &layout, &cells, threads);
            widths.extend(block.get("credible_width").and_then(f32::slice).unwrap_or_default());
            merged.append(|field| block.get(field.name), threads)?;
            news(start + places.len());
        }
        let rows: Vec<&[f32]> = widths.chunks_exact(cells.depth_bounds_m.len() - 1).collect();
        let of_line = |line: Range<usize>| relative_depths_of_investigation(&cells.depth_bounds_m, &rows[line]);
        let relative = Values::F32(self.order.lines().flat_map(of_line).map(|depth_m| depth_m as f32).collect());
        merged.append(|field| (field.name == OF_LINE).then_some(&relative), threads)?;
        merged.finish(threads)
    }
}

fn cells(file: &LineReader, options: &MergeOptions) -> Result<Cells> {
    Ok(Cells {
        depth_bounds_m: file.bounds("depth_bounds")?,
        log10_conductivity_bounds: file.bounds("log10_conductivity_bounds")?,
        prior_interface_count: file.read("prior_interface_count")?.into_iter().collect(),
        classes: options.classes.clone(),
        probable_interfaces: PROBABLE_INTERFACES,
    })
}
