//! Merges the files of lines into one file of the survey, and adds products.

mod block;

use std::ops::Range;
use std::path::Path;

use crate::error::Result;
use crate::products::{ConductivityClass, ProductSettings, relative_depths_of_investigation};
use crate::results::Survey;
use crate::schema::{MergedFile, Number, Values, fields};
use block::{BLOCK_BYTES, OF_LINE, SoundingBlock};

/// Number of probable interfaces stored per sounding.
const PROBABLE_INTERFACES: usize = 5;

/// Options of the merge.
#[derive(Debug, Clone)]
pub struct MergeOptions {
    /// Classes whose probability is computed.
    pub classes: Vec<ConductivityClass>,
    /// Level of zlib, from 0 (none) to 9.
    pub compression: u32,
    /// Number of threads that compute and compress.
    pub threads: usize,
}

/// Writes all soundings of `survey` into the file at `output`, sorted by line and fiducial, with products. `progress`
/// is called with the number of finished soundings.
///
/// # Errors
/// A file cannot be read or written.
pub fn merge_results(
    survey: &Survey,
    output: &Path,
    options: &MergeOptions,
    progress: &mut dyn FnMut(usize),
) -> Result<()> {
    let threads = options.threads;
    survey.check_version()?;
    let class_bounds: Vec<(f64, f64)> = options.classes.iter().map(|class| (class.minimum, class.maximum)).collect();
    let file = survey.file()?;
    let layout = file.layout(survey.len())?.with_products(PROBABLE_INTERFACES, &class_bounds);
    let cells = cells(survey, options)?;
    let title = format!("Posterior of airborne electromagnetic soundings, {}", survey.lines_in_words());
    let names: Vec<&str> = options.classes.iter().map(|class| class.name.as_str()).collect();
    let mut merged = MergedFile::create(output, &file, &layout, &title, &names.join(" "), options.compression)?;

    let columns: Vec<_> = merged.columns().collect();
    let row_bytes: usize = columns.iter().filter_map(|field| Some(layout.row_len(field)? * field.kind.size())).sum();
    let rows = (BLOCK_BYTES / row_bytes).max(1);
    let mut widths: Vec<f32> = Vec::new();
    for start in (0..survey.len()).step_by(rows) {
        let soundings = start..(start + rows).min(survey.len());
        let end = soundings.end;
        let mut block = SoundingBlock::read(survey, soundings, columns.iter().copied())?;
        block.add_products(columns.iter().copied(), &layout, &cells, threads);
        widths.extend(block.get(&fields::CREDIBLE_WIDTH).and_then(f32::slice).unwrap_or_default());
        merged.append(|field| block.get(field), threads)?;
        progress(end);
    }
    let rows: Vec<&[f32]> = widths.chunks_exact(cells.depth_bounds_m.len() - 1).collect();
    let of_line = |line: Range<usize>| relative_depths_of_investigation(&cells.depth_bounds_m, &rows[line]);
    let relative = survey.lines().into_iter().flat_map(of_line).map(|depth_m| depth_m as f32).collect();
    let relative = Values::F32(relative);
    merged.append(|field| (field == OF_LINE).then_some(&relative), threads)?;
    merged.finish(threads)
}

fn cells(survey: &Survey, options: &MergeOptions) -> Result<ProductSettings> {
    Ok(ProductSettings {
        depth_bounds_m: survey.depth_bounds_m().to_vec(),
        log10_conductivity_bounds: survey.bounds(&fields::LOG10_CONDUCTIVITY_BOUNDS)?,
        prior_interface_count: survey.constant(&fields::PRIOR_INTERFACE_COUNT)?,
        classes: options.classes.clone(),
        probable_interfaces: PROBABLE_INTERFACES,
    })
}
