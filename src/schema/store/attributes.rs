//! Attributes and texts of result files: units, names, what a variable means.

use hdf5_metno::types::VarLenUnicode;
use hdf5_metno::{Dataset, File, H5Type};

use super::reader::LineReader;
use super::text::{LABEL_SEPARATOR, write_text};
use crate::bayes::{Move, Warning};
use crate::error::Result;
use crate::schema::fields::{self, Field, Role};
use crate::schema::layout::{GEOMETRY_PRIORS, RunInfo};
use crate::schema::status::{Reason, Status};
use crate::schema::values::Values;
use crate::schema::version::{SCHEMA_VERSION, program_version};

/// Attributes of a survey's files that are not in the table of fields.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Labels {
    /// Global attributes that all files of a run share: name and text.
    global: Vec<(&'static str, String)>,
    configuration: String,
    system_files: String,
    crs: Option<String>,
    crs_wkt: Option<String>,
    channel_names: String,
    error_group_names: String,
    error_group_labels: String,
    geometry_parameter_names: String,
    move_names: String,
    class_names: String,
}

/// Global attributes that all files of a run share, but for `Conventions` and `schema_version`.
const SHARED: [&str; 8] =
    ["source", "seed", "domain", "data_file", "data_unit", "additive_error_unit", "data_sha256", "fingerprint"];

impl Labels {
    /// Returns the attributes of a run that begins.
    pub(super) fn of_run(run: &RunInfo) -> Self {
        let of = |name: &str| match name {
            "source" => program_version().to_owned(),
            "seed" => run.seed.to_string(),
            "domain" => run.channels.domain().to_owned(),
            "data_file" => run.data_file.clone(),
            "data_unit" => run.data_unit.clone(),
            "additive_error_unit" => run.additive_error_unit.clone(),
            "data_sha256" => run.data_sha256.clone(),
            _ => run.fingerprint.clone(),
        };
        let parameters: Vec<&str> = run.geometry_parameters.iter().map(|p| p.name()).collect();
        Self {
            global: SHARED.map(|name| (name, of(name))).to_vec(),
            configuration: run.configuration.clone(),
            system_files: run.system_files.clone(),
            crs: run.crs.clone(),
            crs_wkt: run.crs_wkt.clone(),
            channel_names: run.channel_names.join(" "),
            error_group_names: run.error_group_names.join(" "),
            error_group_labels: run.error_group_labels.join(LABEL_SEPARATOR),
            geometry_parameter_names: parameters.join(" "),
            move_names: Move::ALL.iter().map(|kind| kind.name()).collect::<Vec<_>>().join(" "),
            class_names: String::new(),
        }
    }

    /// Reads the attributes of an existing file. Texts that files of older versions lack are empty.
    pub(super) fn read(file: &LineReader) -> Result<Self> {
        let global = SHARED.into_iter().filter_map(|name| file.attribute(name).ok().map(|text| (name, text)));
        let optional = |field: &Field, name: &str| file.variable_attribute(field, name).unwrap_or_default();
        Ok(Self {
            global: global.collect(),
            configuration: file.configuration()?,
            system_files: file.system_files()?,
            crs: file.crs(),
            crs_wkt: file.crs_wkt(),
            channel_names: file.variable_attribute(&fields::CHANNEL, "channel_names")?,
            error_group_names: optional(&fields::ERROR_GROUP, "error_group_names"),
            error_group_labels: file.error_group_labels()?.join(LABEL_SEPARATOR),
            geometry_parameter_names: optional(&fields::GEOMETRY_PARAMETER, "geometry_parameter_names"),
            move_names: file.variable_attribute(&fields::MOVE, "flag_meanings")?,
            class_names: String::new(),
        })
    }

    /// Adds names of classes, separated by blanks.
    pub(super) fn with_classes(self, class_names: String) -> Self {
        Self { class_names, ..self }
    }

    /// A global attribute that all files of a run share.
    pub(super) fn global(&self, name: &str) -> &str {
        self.global.iter().find(|(other, _)| *other == name).map_or("", |(_, text)| text)
    }

    /// Writes the global attributes.
    pub(super) fn write_global(&self, file: &File, title: &str) -> hdf5_metno::Result<()> {
        for (name, text) in [("Conventions", "CF-1.8"), ("title", title), ("schema_version", SCHEMA_VERSION)] {
            write_text(file, name, text)?;
        }
        self.global.iter().try_for_each(|(name, text)| write_text(file, name, text))
    }

    /// Writes the scalar strings.
    pub(super) fn write_texts(&self, file: &File) -> hdf5_metno::Result<()> {
        write_string(file, "configuration", &self.configuration)?;
        write_string(file, "system_files", &self.system_files)?;
        if let Some(crs) = &self.crs {
            let mapping = write_string(file, "crs", crs)?;
            if let Some(wkt) = &self.crs_wkt {
                write_text(&mapping, "crs_wkt", wkt)?;
            }
        }
        Ok(())
    }

    /// Returns whether a variable has values at the places of soundings, so that it refers to their coordinates.
    pub(super) fn is_at_places(field: &Field) -> bool {
        field.role != Role::Constant && !matches!(field.name, "easting" | "northing")
    }

    /// Writes the attributes of the variable `field`.
    pub(super) fn write(&self, dataset: &Dataset, field: &Field) -> hdf5_metno::Result<()> {
        write_text(dataset, "long_name", field.long_name)?;
        write_text(dataset, "comment", &field.full_meaning())?;
        let unit = match field.unit {
            Field::DATA_UNIT => self.global("data_unit"),
            Field::ADDITIVE_UNIT => self.global("additive_error_unit"),
            unit => unit,
        };
        write_text(dataset, "units", unit)?;
        if let Some(missing) = field.fill() {
            write_fill_value(dataset, &missing)?;
        }
        if Self::is_at_places(field) {
            write_text(dataset, "coordinates", "easting northing")?;
            if self.crs.is_some() {
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
            "channel" => write_text(dataset, "channel_names", &self.channel_names)?,
            "channel_time" => write_text(dataset, "bounds", "channel_time_bounds")?,
            "error_group" => {
                write_text(dataset, "error_group_names", &self.error_group_names)?;
                write_text(dataset, "error_group_labels", &self.error_group_labels)?;
            }
            "geometry_prior" => write_flags(dataset, (0..).zip(GEOMETRY_PRIORS))?,
            "geometry_parameter" => write_text(dataset, "geometry_parameter_names", &self.geometry_parameter_names)?,
            "class" => write_text(dataset, "class_names", &self.class_names)?,
            "status" => write_flags(dataset, Status::ALL.iter().map(|s| (*s as i8, s.name())))?,
            "status_reason" => write_flags(dataset, Reason::ALL.iter().map(|r| (*r as i8, r.name())))?,
            "status_warnings" => write_masks(dataset)?,
            "move" => write_flags(dataset, (0_i32..).zip(self.move_names.split(' ')))?,
            _ => {}
        }
        Ok(())
    }
}

fn write_fill_value(dataset: &Dataset, missing: &Values) -> hdf5_metno::Result<()> {
    fn write<T: H5Type>(dataset: &Dataset, value: &[T]) -> hdf5_metno::Result<()> {
        dataset.new_attr_builder().with_data(value).create("_FillValue").map(drop)
    }
    match missing {
        Values::I8(value) => write(dataset, value),
        Values::I32(value) => write(dataset, value),
        Values::U32(value) => write(dataset, value),
        Values::I64(value) => write(dataset, value),
        Values::F32(value) => write(dataset, value),
        Values::F64(value) => write(dataset, value),
    }
}

fn write_flags<'a, T: H5Type>(dataset: &Dataset, flags: impl Iterator<Item = (T, &'a str)>) -> hdf5_metno::Result<()> {
    let (values, meanings): (Vec<T>, Vec<&str>) = flags.unzip();
    dataset.new_attr_builder().with_data(&values).create("flag_values")?;
    write_text(dataset, "flag_meanings", &meanings.join(" "))
}

/// Writes the attributes of variables that are sums of bits.
fn write_masks(dataset: &Dataset) -> hdf5_metno::Result<()> {
    dataset.new_attr_builder().with_data(&Warning::ALL.map(Warning::bit)).create("flag_masks")?;
    write_text(dataset, "flag_meanings", &Warning::ALL.map(Warning::name).join(" "))
}

/// A scalar string; attributes are limited to 64 KiB, which system files with sampled waveforms exceed.
fn write_string(file: &File, name: &str, text: &str) -> hdf5_metno::Result<Dataset> {
    let text: VarLenUnicode =
        text.replace('\0', "").parse().map_err(|error| format!("{name} cannot be stored: {error:?}"))?;
    let dataset = file.new_dataset::<VarLenUnicode>().obj_track_times(false).create(name)?;
    dataset.write_scalar(&text)?;
    Ok(dataset)
}
