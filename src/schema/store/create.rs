//! Creates the file of a line, complete but for the results.

use std::path::Path;

use hdf5_metno::dataset::{AllocTime, Dataset, FillTime, Layout as StorageLayout};
use hdf5_metno::{File, H5Type};

use super::attributes::Labels;
use super::scales::Scales;
use crate::error::{Error, Result};
use crate::files::Whole;

use crate::schema::fields::{FIELDS, Field, Role};
use crate::schema::layout::{Layout, RunInfo};
use crate::schema::values::Kind;
use crate::schema::values::{Number, Values};
use crate::survey::{Sounding, line_label};
use crate::system::GeometryParameter;

/// Creates the file of the line of `soundings` at `path`, all statuses `not_run`. It appears under its name only when it
/// is whole; an existing file is replaced.
pub fn create_line(path: &Path, run: &RunInfo, layout: &Layout, soundings: &[Sounding]) -> Result<()> {
    let whole = Whole::beside(path);
    write_file(whole.partial(), run, layout, soundings).map_err(|error| Error::results(path, error))?;
    whole.finish().map_err(Error::io(path))
}

fn write_file(path: &Path, run: &RunInfo, layout: &Layout, soundings: &[Sounding]) -> hdf5_metno::Result<()> {
    let file = File::create(path)?;
    let labels = Labels::of_run(run);
    let line = soundings.first().map_or_else(String::new, |s| line_label(s.line_number));
    let title = format!("Posterior of airborne electromagnetic soundings, line {line}");
    labels.write_global(&file, &title)?;
    let present: Vec<(&Field, Vec<usize>)> =
        FIELDS.iter().filter_map(|&field| layout.shape(field).map(|shape| (field, shape))).collect();
    for (field, shape) in &present {
        let dataset = match field.role {
            Role::Constant => {
                let values = layout.constant(field.name).ok_or_else(|| format!("no value for {}", field.name))?;
                dataset_with(&file, field.name, shape, values)?
            }
            Role::Input => dataset_with(&file, field.name, shape, &input_values(field.name, soundings))?,
            Role::Result => empty_dataset(&file, field, shape)?,
            Role::Product => return Err(format!("{} is for merged files", field.name).into()),
        };
        labels.write(&dataset, field)?;
    }
    labels.write_texts(&file)?;
    attach_scales(&file, present.iter().map(|(field, _)| *field))?;
    file.close()
}

/// Makes every dimension's coordinate its scale, and attaches the scales of all other variables.
pub(super) fn attach_scales<'a>(file: &File, fields: impl Iterator<Item = &'a Field>) -> hdf5_metno::Result<()> {
    let mut scales = Scales::default();
    for field in fields {
        let dataset = file.dataset(field.name)?;
        match field.dims {
            [dim] if dim.name() == field.name => Scales::mark(&dataset, *dim)?,
            _ => scales.attach(file, &dataset, field)?,
        }
    }
    scales.finish(file)
}

/// Returns the input values of the soundings.
fn input_values(name: &str, soundings: &[Sounding]) -> Values {
    let each = |of: fn(&Sounding) -> f64| Values::F64(soundings.iter().map(of).collect());
    match name {
        "line_number" => each(|s| s.line_number),
        "fiducial" => each(|s| s.fiducial),
        "easting" => each(|s| s.easting_m),
        "northing" => each(|s| s.northing_m),
        "elevation" => each(|s| s.elevation_m),
        name if let Some(parameter) = GeometryParameter::ALL.into_iter().find(|p| p.name() == name) => {
            Values::F64(soundings.iter().map(|s| s.geometry.get(parameter)).collect())
        }
        "data_observed" => Values::F64(soundings.iter().flat_map(|s| s.observed.iter().copied()).collect()),
        "data_std_given" => Values::F64(soundings.iter().flat_map(|s| s.std.iter().flatten().copied()).collect()),
        _ => unreachable!("the table has no input field {name}"),
    }
}

pub(super) fn dataset_with(file: &File, name: &str, shape: &[usize], values: &Values) -> hdf5_metno::Result<Dataset> {
    fn write<T: H5Type>(file: &File, name: &str, shape: &[usize], values: &[T]) -> hdf5_metno::Result<Dataset> {
        let dataset = file
            .new_dataset::<T>()
            .layout(StorageLayout::Contiguous)
            .obj_track_times(false)
            .shape(shape)
            .create(name)?;
        dataset.write_raw(values)?;
        Ok(dataset)
    }
    match values {
        Values::I8(v) => write(file, name, shape, v),
        Values::I32(v) => write(file, name, shape, v),
        Values::U32(v) => write(file, name, shape, v),
        Values::I64(v) => write(file, name, shape, v),
        Values::F32(v) => write(file, name, shape, v),
        Values::F64(v) => write(file, name, shape, v),
    }
}

/// A dataset with its place in the file, in which every value is missing. Counts are 0, and take no room on the disk until they
/// are written.
fn empty_dataset(file: &File, field: &Field, shape: &[usize]) -> hdf5_metno::Result<Dataset> {
    fn create<T: H5Type + Copy>(
        file: &File,
        name: &str,
        shape: &[usize],
        missing: Option<&[T]>,
    ) -> hdf5_metno::Result<Dataset> {
        let builder = file
            .new_dataset::<T>()
            .layout(StorageLayout::Contiguous)
            .alloc_time(Some(AllocTime::Early))
            .obj_track_times(false);
        let builder = match missing {
            Some([value]) => builder.fill_value(*value).fill_time(FillTime::Alloc),
            _ => builder.fill_time(FillTime::Never),
        };
        builder.shape(shape).create(name)
    }
    let missing = field.fill();
    let missing = missing.as_ref();
    match field.kind {
        Kind::I8 => create::<i8>(file, field.name, shape, missing.and_then(Number::slice)),
        Kind::I32 => create::<i32>(file, field.name, shape, missing.and_then(Number::slice)),
        Kind::U32 => create::<u32>(file, field.name, shape, missing.and_then(Number::slice)),
        Kind::I64 => create::<i64>(file, field.name, shape, missing.and_then(Number::slice)),
        Kind::F32 => create::<f32>(file, field.name, shape, missing.and_then(Number::slice)),
        Kind::F64 => create::<f64>(file, field.name, shape, missing.and_then(Number::slice)),
    }
}
