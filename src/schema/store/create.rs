//! Creates the file of a line, complete but for the results.

use std::path::Path;

use hdf5_metno::dataset::{AllocTime, Dataset, FillTime, Layout as StorageLayout};
use hdf5_metno::types::VarLenUnicode;
use hdf5_metno::{File, H5Type};

use super::scales::Scales;
use super::text::write_text;
use crate::bayes::Move;
use crate::error::{Error, Result};

use crate::schema::fields::{FIELDS, Field, Kind, Role};
use crate::schema::layout::{Layout, RunInfo, Values};
use crate::schema::status::{Reason, Status};
use crate::schema::{SCHEMA_VERSION, program_version};
use crate::survey::{Sounding, line_label};
use crate::system::GeometryParameter;

/// Creates the file of the line of `soundings` at `path`, all statuses `not_run`. It appears under its name only when it
/// is whole; an existing file is replaced.
pub fn create_line(path: &Path, run: &RunInfo, layout: &Layout, soundings: &[Sounding]) -> Result<()> {
    let partial = path.with_extension("h5.partial");
    let created = write_file(&partial, run, layout, soundings).map_err(|error| Error::results(path, error));
    let synced =
        created.and_then(|()| std::fs::File::open(&partial).and_then(|file| file.sync_all()).map_err(Error::io(path)));
    let renamed = synced.and_then(|()| std::fs::rename(&partial, path).map_err(Error::io(path)));
    if renamed.is_err() {
        // The error is what matters; a leftover partial file is only untidy.
        let _ = std::fs::remove_file(&partial);
    }
    renamed
}

fn write_file(path: &Path, run: &RunInfo, layout: &Layout, soundings: &[Sounding]) -> hdf5_metno::Result<()> {
    let file = File::create(path)?;
    write_global_attributes(&file, run, soundings)?;
    let present: Vec<(&Field, Vec<usize>)> =
        FIELDS.iter().filter_map(|field| layout.shape(field).map(|shape| (field, shape))).collect();
    for (field, shape) in &present {
        let dataset = match field.role {
            Role::Constant => {
                let values = layout.constant(field.name).ok_or_else(|| format!("no value for {}", field.name))?;
                dataset_with(&file, field.name, shape, values)?
            }
            Role::Input => dataset_with(&file, field.name, shape, &input_values(field.name, soundings))?,
            Role::Result => empty_dataset(&file, field, shape)?,
        };
        write_attributes(&dataset, field, run)?;
    }
    write_string(&file, "configuration", &run.configuration)?;
    write_string(&file, "system_files", &run.system_files)?;
    if let Some(crs) = &run.crs {
        let mapping = write_string(&file, "crs", crs)?;
        if let Some(wkt) = &run.crs_wkt {
            write_text(&mapping, "crs_wkt", wkt)?;
        }
    }
    let mut scales = Scales::default();
    for (field, _) in &present {
        let dataset = file.dataset(field.name)?;
        match field.dims {
            [dim] if dim.name() == field.name => Scales::mark(&dataset, *dim)?,
            _ => scales.attach(&file, &dataset, field)?,
        }
    }
    scales.finish(&file)?;
    file.close()
}

fn write_global_attributes(file: &File, run: &RunInfo, soundings: &[Sounding]) -> hdf5_metno::Result<()> {
    let line = soundings.first().map_or_else(String::new, |s| line_label(s.line_number));
    let title = format!("Posterior of airborne electromagnetic soundings, line {line}");
    let seed = run.seed.to_string();
    for (name, text) in [
        ("Conventions", "CF-1.8"),
        ("title", &title),
        ("source", program_version()),
        ("schema_version", SCHEMA_VERSION),
        ("seed", &seed),
        ("data_file", &run.data_file),
        ("data_unit", &run.data_unit),
        ("additive_error_unit", &run.additive_error_unit),
        ("data_sha256", &run.data_sha256),
        ("fingerprint", &run.fingerprint),
    ] {
        write_text(file, name, text)?;
    }
    Ok(())
}

fn write_attributes(dataset: &Dataset, field: &Field, run: &RunInfo) -> hdf5_metno::Result<()> {
    write_text(dataset, "long_name", field.long_name)?;
    write_text(dataset, "comment", field.meaning)?;
    let unit = match field.unit {
        Field::DATA_UNIT => run.data_unit.as_str(),
        Field::ADDITIVE_UNIT => run.additive_error_unit.as_str(),
        unit => unit,
    };
    write_text(dataset, "units", unit)?;
    if field.role == Role::Result {
        match field.kind {
            Kind::F32 => write_fill_value(dataset, f32::NAN)?,
            Kind::F64 => write_fill_value(dataset, f64::NAN)?,
            _ => {}
        }
    }
    if field.role != Role::Constant && !matches!(field.name, "easting" | "northing") {
        write_text(dataset, "coordinates", "easting northing")?;
        if run.crs.is_some() {
            write_text(dataset, "grid_mapping", "crs")?;
        }
    }
    match field.name {
        "depth" => {
            write_text(dataset, "bounds", "depth_bounds")?;
            write_text(dataset, "positive", "down")?;
            write_text(dataset, "axis", "Z")?;
        }
        "log10_conductivity" | "relative_error" | "additive_error" => {
            write_text(dataset, "bounds", &format!("{}_bounds", field.name))?;
        }
        "easting" => write_text(dataset, "standard_name", "projection_x_coordinate")?,
        "northing" => write_text(dataset, "standard_name", "projection_y_coordinate")?,
        "channel" => write_text(dataset, "channel_names", &run.channel_names.join(" "))?,
        "channel_time" => write_text(dataset, "bounds", "channel_time_bounds")?,
        "error_group" => write_text(dataset, "error_group_names", &run.error_group_names.join(" "))?,
        "geometry_parameter" => {
            let names: Vec<&str> = run.geometry_parameters.iter().map(|p| p.name()).collect();
            write_text(dataset, "geometry_parameter_names", &names.join(" "))?;
        }
        "status" => write_flags(dataset, Status::ALL.iter().map(|s| (*s as i8, s.name())))?,
        "status_reason" => write_flags(dataset, Reason::ALL.iter().map(|r| (*r as i8, r.name())))?,
        "move" => write_flags(dataset, Move::ALL.iter().map(|m| (m.index() as i32, m.name())))?,
        _ => {}
    }
    Ok(())
}

fn write_fill_value<T: H5Type>(dataset: &Dataset, value: T) -> hdf5_metno::Result<()> {
    dataset.new_attr_builder().with_data(&[value]).create("_FillValue").map(drop)
}

fn write_flags<'a, T: H5Type>(dataset: &Dataset, flags: impl Iterator<Item = (T, &'a str)>) -> hdf5_metno::Result<()> {
    let (values, meanings): (Vec<T>, Vec<&str>) = flags.unzip();
    dataset.new_attr_builder().with_data(&values).create("flag_values")?;
    write_text(dataset, "flag_meanings", &meanings.join(" "))
}

/// What came in, from the soundings.
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

fn dataset_with(file: &File, name: &str, shape: &[usize], values: &Values) -> hdf5_metno::Result<Dataset> {
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

/// A dataset with its place in the file but no content: the file stays sparse there.
fn empty_dataset(file: &File, field: &Field, shape: &[usize]) -> hdf5_metno::Result<Dataset> {
    fn create<T: H5Type>(file: &File, name: &str, shape: &[usize]) -> hdf5_metno::Result<Dataset> {
        file.new_dataset::<T>()
            .layout(StorageLayout::Contiguous)
            .alloc_time(Some(AllocTime::Early))
            .fill_time(FillTime::Never)
            .obj_track_times(false)
            .shape(shape)
            .create(name)
    }
    match field.kind {
        Kind::I8 => create::<i8>(file, field.name, shape),
        Kind::I32 => create::<i32>(file, field.name, shape),
        Kind::U32 => create::<u32>(file, field.name, shape),
        Kind::I64 => create::<i64>(file, field.name, shape),
        Kind::F32 => create::<f32>(file, field.name, shape),
        Kind::F64 => create::<f64>(file, field.name, shape),
    }
}

/// A scalar string; attributes are limited to 64 KiB, which system files with sampled waveforms exceed.
fn write_string(file: &File, name: &str, text: &str) -> hdf5_metno::Result<Dataset> {
    let text: VarLenUnicode =
        text.replace('\0', "").parse().map_err(|error| format!("{name} cannot be stored: {error:?}"))?;
    let dataset = file.new_dataset::<VarLenUnicode>().obj_track_times(false).create(name)?;
    dataset.write_scalar(&text)?;
    Ok(dataset)
}
