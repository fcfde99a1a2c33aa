//! Time-domain survey files: as GeoBIPy writes them, columns of numbers, and ASEG-GDF2.

mod channels;
mod columns;
mod gates;
mod write;

use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::system::{Geometry, GeometryParameter, TdemInstrument};

use super::cells::{Cells, MAX_HEIGHT_M, collect, expected_height};
use super::column_ref::ColumnRef;
use super::gdf2::Definition;
use super::sounding::{Sounding, Survey};
use super::table::{Row, RowResult, Table, read_text};
use columns::{Columns, Source};

pub use write::write_tdem_csv;

/// What a time-domain survey file cannot say itself.
#[derive(Debug, Clone, Default)]
pub struct TdemReadOptions {
    /// Numbers that stand for a missing value, such as -9999.99, as they stand in the file; empty cells, NaN and the
    /// nulls of a definition file always do.
    pub nulls: Vec<f64>,
    /// Which column is what.
    pub columns: TdemColumns,
    /// The signs of the file.
    pub convention: Convention,
    /// Values of geometry parameters without a column, in the order of [`GeometryParameter::ALL`], in GA-AEM's sense
    /// whatever the file's. They go before a column that only its name tells.
    pub fixed_geometry: [Option<f64>; GeometryParameter::ALL.len()],
    /// The ASEG-GDF2 definition file; else one beside the data file is taken, unless that is a `.csv`.
    pub dfn: Option<PathBuf>,
}

/// Which column is what; what is not said is looked for under GeoBIPy's names.
#[derive(Debug, Clone, Default)]
pub struct TdemColumns {
    /// Flight line.
    pub line_number: Option<ColumnRef>,
    /// Position counter on the line.
    pub fiducial: Option<ColumnRef>,
    /// Easting in m.
    pub easting: Option<ColumnRef>,
    /// Northing in m.
    pub northing: Option<ColumnRef>,
    /// Ground above datum in m.
    pub elevation: Option<ColumnRef>,
    /// In the order of [`GeometryParameter::ALL`].
    pub geometry: [Option<ColumnRef>; GeometryParameter::ALL.len()],
    /// For x, y and z: the first gate of every system that measures the component, in order; the other gates stand in
    /// the columns after it. An ASEG-GDF2 field of several columns is named as a whole.
    pub data: [Vec<ColumnRef>; 3],
    /// The same for standard deviations; none when there are none.
    pub std: [Vec<ColumnRef>; 3],
    /// For x, y and z: the primary field of every system that measures the component. Only total fields need them.
    pub primary: [Vec<ColumnRef>; 3],
}

/// Signs of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Convention {
    /// GA-AEM's and this program's: x forward, y left, z up; pitch nose down, yaw left.
    #[default]
    GaAem,
    /// GeoBIPy's: Z data and Z primary field, pitch and yaw of transmitter and receiver have the opposite sign. It is
    /// turned on top of a `-` before a column.
    GeoBipy,
}

impl Convention {
    /// Whether a component has the opposite sign of the program's.
    fn turns_component(self, axis: usize) -> bool {
        self == Self::GeoBipy && axis == 2
    }

    fn turns_parameter(self, parameter: GeometryParameter) -> bool {
        use GeometryParameter::{RxPitch, RxYaw, TxPitch, TxYaw};
        self == Self::GeoBipy && matches!(parameter, TxPitch | TxYaw | RxPitch | RxYaw)
    }
}

/// Reads a time-domain survey file with one row per sounding.
///
/// There are three kinds: an ASEG-GDF2 file has a definition file that says what its columns are; others have a header
/// row of names, or only numbers (more than half of the cells of the first row) and columns without names. The latter
/// are separated by commas, tabs or blanks.
///
/// What [`TdemReadOptions::columns`] does not say is looked for by name in whatever case:
///
/// | quantity | names |
/// |---|---|
/// | line number | `line`, `linenumber`, `line_number` |
/// | fiducial | `fid`, `fiducial`, `id` |
/// | easting in m | `e`, `x`, `easting` |
/// | northing in m | `n`, `y`, `northing` |
/// | elevation of the ground in m, optional | `dtm`, `dem_elev`, `dem_np`, `topo`, `elev`, `elevation` |
/// | height of the transmitter above ground in m | `alt`, `altitude`, `laser`, `bheight`, `height` |
/// | receiver relative to transmitter in m | `txrx_dx`, `txrx_dy`, `txrx_dz` |
/// | angles in degrees, else 0 | `tx_roll`, `tx_pitch`, `tx_yaw`, `rx_roll`, `rx_pitch`, `rx_yaw` |
/// | secondary field | names with `off_time`, `x_time`, `y_time` or `z_time` in them |
/// | standard deviations, optional | names of data with `err` or `std` in them |
/// | primary field, for total fields | `px`, `py`, `pz`; with several systems `s0px`, `s1px`, ... |
///
/// Data columns that are looked for stand in order of systems, components and gates. A component or a time (with an
/// exponent, as in `S0Z_time_3.834e-04`) in the name of a data column must be that of the gate, the time within 5 %.
///
/// The data of a total-field instrument are secondary and primary field together; a vector amplitude is that of these
/// components, its standard deviation follows from theirs. A datum is missing when one of its parts is, or the standard
/// deviation of one. A sounding may have all its data missing.
///
/// Rows that cannot be used, and those that repeat the line number and fiducial of an earlier row, are in
/// [`Survey::rejected`]; the soundings are sorted by line number and fiducial.
///
/// # Errors
///
/// [`Error::Io`] when a file cannot be read, [`Error::Input`] when it is not text or has no rows, [`Error::Many`] with
/// every mistake in the definition, the names or the choice of columns, [`Error::Config`] for values that no geometry
/// has.
pub fn read_tdem(path: &Path, instrument: &TdemInstrument, options: &TdemReadOptions) -> Result<Survey> {
    check_fixed_geometry(options)?;
    let text = read_text(path)?;
    match definition_file(path, options.dfn.as_deref())? {
        Some(dfn) => {
            let definition = Definition::read(&dfn)?;
            read_table(&Table::defined(&text, path, &definition)?, instrument, options)
        }
        None => read_table(&Table::parse_any(&text, path)?, instrument, options),
    }
}

/// The ASEG-GDF2 definition of the survey file `path`: the one given, else one beside it, unless that is a `.csv`.
///
/// # Errors
///
/// [`Error::Io`] when the folder cannot be read.
pub fn definition_file(path: &Path, given: Option<&Path>) -> Result<Option<PathBuf>> {
    match given {
        Some(dfn) => Ok(Some(dfn.to_path_buf())),
        None if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("csv")) => Ok(None),
        None => Definition::beside(path),
    }
}

fn check_fixed_geometry(options: &TdemReadOptions) -> Result<()> {
    let mut errors = Vec::new();
    for (parameter, value) in GeometryParameter::ALL.into_iter().zip(options.fixed_geometry) {
        let Some(value) = value else { continue };
        let (name, unit) = (parameter.name(), parameter.unit());
        if options.columns.geometry[parameter.index()].is_some() {
            errors.push(Error::Config(format!("geometry.{name}: got a column and a value, expected one of them")));
        }
        let is_height = parameter == GeometryParameter::Height;
        if !value.is_finite() {
            errors.push(Error::Config(format!("geometry.{name}.value_{unit}: got {value}, expected a finite number")));
        } else if is_height && !(value > 0.0 && value <= MAX_HEIGHT_M) {
            errors.push(Error::Config(format!(
                "geometry.{name}.value_{unit}: got {value}, expected {}",
                expected_height()
            )));
        }
    }
    let [height_m, dz_m] =
        [GeometryParameter::Height, GeometryParameter::TxRxDz].map(|p| options.fixed_geometry[p.index()]);
    if let (Some(height_m), Some(dz_m)) = (height_m, dz_m)
        && errors.is_empty()
        && height_m + dz_m <= 0.0
    {
        let message =
            format!("geometry.txrx_dz.value_m: got {dz_m}, expected more than -{height_m}, a receiver above ground");
        errors.push(Error::Config(message));
    }
    if errors.is_empty() { Ok(()) } else { Err(Error::Many(errors)) }
}

fn read_table(table: &Table, instrument: &TdemInstrument, options: &TdemReadOptions) -> Result<Survey> {
    let columns = Columns::find(table, instrument, options)?;
    let unit = instrument.data_unit();
    Ok(collect(table, columns.channels.has_std(), |row| read_sounding(row, &columns, &unit, &options.nulls)))
}

fn read_sounding(row: &Row, columns: &Columns, unit: &str, nulls: &[f64]) -> RowResult<Sounding> {
    let mut cells = Cells::new(row, nulls);
    let place = cells.place(&columns.place);
    let mut geometry = Geometry::default();
    for (parameter, &source) in GeometryParameter::ALL.into_iter().zip(&columns.geometry) {
        let value = match source {
            Source::Value(value) => value,
            Source::Column(column) if parameter == GeometryParameter::Height => cells.height(column),
            Source::Column(column) => cells.required(column),
        };
        geometry.set(parameter, value);
    }
    check_receiver(&mut cells, &geometry, columns);
    check_offset(&mut cells, &geometry, columns);
    let (observed, std) = columns.channels.read(&mut cells, unit);
    cells.finish(Sounding { geometry, observed, std, ..place })
}

/// Transmitters are above ground by their height; receivers must be, too.
fn check_receiver(cells: &mut Cells, geometry: &Geometry, columns: &Columns) {
    let (height, dz) = (GeometryParameter::Height, GeometryParameter::TxRxDz);
    let column = [dz, height].into_iter().find_map(|parameter| match columns.geometry[parameter.index()] {
        Source::Column(column) => Some(column.index),
        Source::Value(_) => None,
    });
    let (height_m, dz_m) = (geometry.get(height), geometry.get(dz));
    // False where a cell is wrong anyway; without a column the values were checked before.
    if height_m > 0.0
        && height_m + dz_m <= 0.0
        && let Some(column) = column
    {
        cells.wrong(column, &format!("a receiver above ground, not {dz_m} m above a transmitter at {height_m} m"));
    }
}

/// A total field has no value where the coils are at one place.
fn check_offset(cells: &mut Cells, geometry: &Geometry, columns: &Columns) {
    if !columns.channels.adds_primary() || geometry.offset_m() != [0.0; 3] {
        return;
    }
    let offsets = [GeometryParameter::TxRxDx, GeometryParameter::TxRxDy, GeometryParameter::TxRxDz];
    let column = offsets.into_iter().find_map(|parameter| match columns.geometry[parameter.index()] {
        Source::Column(column) => Some(column.index),
        Source::Value(_) => None,
    });
    cells.wrong(column.unwrap_or(0), "a receiver away from the transmitter: total fields are infinite there");
}

#[cfg(test)]
mod tests;
