//! A survey file: the places of its soundings, and the soundings themselves, which are read again on demand.

use std::collections::HashMap;
use std::fmt;
use std::path::Path;

use crate::error::{Error, InputError, Result};
use crate::system::{Geometry, GeometryParameter, System, TdemChannel};

use super::cells::{FiducialSource, LineSource, RowCells};
use super::columns::{GeometrySource, SurveyColumns};
use super::gate_rules::GateRule;
use super::gdf2::{Definition, definition_file};
use super::leave_out::LeftOut;
use super::line_names::LineNames;
use super::listed::shortened;
use super::options::{Preset, ReadOptions, check_fixed_geometry};
use super::sounding::{RejectedRow, Sounding};
use super::sounding_rules::SoundingRules;
use super::suspects::{Suspect, suspects};
use super::table::{Position, Row, RowResult, Rows, Table};
use super::tally::Tally;

/// Number of rejected rows whose reasons are kept.
const MAX_REASONS: usize = 1_000;

/// A sounding's key, its place, and its position in the file.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place {
    /// Flight line.
    pub line_number: f64,
    /// Position counter on the line.
    pub fiducial: f64,
    /// Easting in m.
    pub easting_m: f64,
    /// Northing in m.
    pub northing_m: f64,
    position: Position,
    /// Position of a second row with the data that the first row lacks.
    second: Option<Position>,
}

impl Place {
    /// Returns the line of the file, counted from 1.
    pub fn file_line(&self) -> usize {
        self.position.line()
    }
}

/// A survey file that has been read once. Only the places of its soundings are in memory, so that there may be
/// millions; the soundings themselves are read again, some at a time.
pub struct SurveyFile {
    table: Table,
    columns: SurveyColumns,
    nulls: Vec<f64>,
    unit: String,
    /// Channels whose data are not used.
    unused: Vec<bool>,
    /// Gates whose data are not used on some lines or on all.
    gate_rules: Vec<GateRule>,
    /// True when two rows with the same key and different channels make one sounding.
    joins_rows: bool,
    places: Vec<Place>,
    /// Number of data that are left out because the file has no standard deviation for them.
    pub without_std: usize,
    /// What the user should know about the file.
    pub warnings: Vec<String>,
    /// Rows that are not soundings, in order of the file. Only the first thousand have their reasons.
    pub rejected: Vec<RejectedRow>,
    suspects: Vec<Suspect>,
    /// What each rule of [`ReadOptions::leave_out`] left out.
    pub left_out: Vec<LeftOut>,
    /// Number of soundings that are left out. Where two rows may be one sounding, each row counts.
    pub left_out_count: usize,
}

impl SurveyFile {
    /// Reads through a survey file with one row per sounding. A text file has a definition file (ASEG-GDF2), a header
    /// row of names, comment lines with the names (Aarhus Workbench), or only numbers. A netCDF file has variables in groups
    /// (GS convention).
    ///
    /// Columns that [`ReadOptions::columns`] does not give are looked for under the names of the preset. The names of
    /// [`Preset::GeoBipy`] are
    ///
    /// | quantity | names |
    /// |---|---|
    /// | line number | `line`, `linenumber`, `line_number` |
    /// | fiducial | `fid`, `fiducial`, `id` |
    /// | easting in m | `e`, `x`, `easting` |
    /// | northing in m | `n`, `y`, `northing` |
    /// | elevation of the ground in m, optional | `dtm`, `dem_elev`, `dem_np`, `topo`, `elev`, `elevation` |
    /// | height of the bird or transmitter above ground in m | `alt`, `altitude`, `laser`, `bheight`, `height` |
    /// | receiver relative to transmitter in m, time domain | `txrx_dx`, `txrx_dy`, `txrx_dz` |
    /// | angles in degrees, else 0, time domain | `tx_roll`, `tx_pitch`, `tx_yaw`, `rx_roll`, `rx_pitch`, `rx_yaw` |
    /// | in-phase | names with `cpi`, `i_` or `in_phase` in them |
    /// | quadrature | names with `cpq`, `q_` or `quad` in them |
    /// | secondary field | names with `off_time`, `x_time`, `y_time` or `z_time` in them |
    /// | standard deviations, optional | names of data with `err` or `std` in them |
    /// | primary field, for total fields | `px`, `py`, `pz`; with several systems `s0px`, `s1px`, ... |
    ///
    /// Data columns that are found by name must be in the system's order. A frequency in a name must be within 10 % of
    /// the system's, a time (with an exponent, as in `S0Z_time_3.834e-04`) within 5 %, and a component must be equal.
    ///
    /// The data of a total-field instrument are the sum of secondary and primary field. A vector amplitude is computed
    /// from these components, and its standard deviation from theirs. A datum is missing when one of its parts or the
    /// standard deviation of a part is missing. All data of a sounding may be missing.
    ///
    /// Rows that cannot be used, and rows that repeat the line number and fiducial of an earlier row, are in
    /// [`rejected`](Self::rejected). The soundings are sorted by line number and fiducial. Aarhus Workbench writes a
    /// row for each moment; in its files two rows with one key are one sounding when no channel has data in both.
    ///
    /// Soundings that [`ReadOptions::leave_out`] names are no soundings of the survey, and their rows may have wrong cells.
    ///
    /// [`Preset::GeoBipy`]: super::Preset::GeoBipy
    ///
    /// # Errors
    ///
    /// [`Error::Io`] when a file cannot be read, [`Error::Input`] when it is no table or has no rows, [`Error::Many`] with
    /// every mistake in the definition, the names or the choice of columns, [`Error::Setting`] for values that no geometry
    /// has.
    pub fn open(path: &Path, system: &System, options: &ReadOptions) -> Result<Self> {
        check_fixed_geometry(options)?;
        let definition =
            definition_file(path, options.dfn.as_deref())?.map(|dfn| Definition::read(&dfn)).transpose()?;
        let table = Table::open_with(path, definition.as_ref(), &options.columns.names())?;
        let mut survey = Self::of_table(table, system, options)?;
        survey.warnings.extend(definition.into_iter().flat_map(|definition| definition.warnings));
        Ok(survey)
    }

    pub(super) fn of_table(table: Table, system: &System, options: &ReadOptions) -> Result<Self> {
        let columns = SurveyColumns::find(&table, system, options)?;
        let (nulls, unit) = (options.nulls.clone(), system.data_unit());
        let joins_rows = options.preset == Preset::Workbench;
        let warnings = table.shortened_nulls(&columns.used()).into_iter().collect();
        let unused = unused_channels(system, &options.gate_limits_s);
        let (gate_rules, left_out) = GateRule::of(&options.leave_out.gates, system)?.into_iter().unzip();
        let rules = SoundingRules::read(&options.leave_out, columns.flag, table.comments_crs())?;
        let mut survey = Self {
            table,
            columns,
            nulls,
            unit,
            unused,
            gate_rules,
            joins_rows,
            places: Vec::new(),
            without_std: 0,
            warnings,
            rejected: Vec::new(),
            suspects: Vec::new(),
            left_out,
            left_out_count: 0,
        };
        survey.read_through(rules)?;
        Ok(survey)
    }

    fn read_through(&mut self, mut rules: SoundingRules) -> Result<()> {
        let mut places: Vec<Place> = Vec::new();
        let mut rejected = Vec::new();
        let mut missing = 0;
        let mut of_gates = std::mem::take(&mut self.left_out);
        let mut names = LineNames::default();
        let mut counter = RowCounter::default();
        let mut tally = Tally::new(self.table.names.len());
        let mut rows = self.table.rows()?;
        while let Some((position, row)) = rows.next()? {
            let row = match row {
                Ok(row) => row,
                Err(error) => {
                    reject(&mut rejected, position.line(), vec![error]);
                    continue;
                }
            };
            match self.kept(&row, &mut rules, &mut of_gates, &mut counter, &mut tally) {
                Ok(None) => {}
                Ok(Some((Sounding { line_number, fiducial, easting_m, northing_m, .. }, without_std))) => {
                    self.refuse_two_names(&mut names, line_number, &row)?;
                    missing += without_std;
                    places.push(Place { line_number, fiducial, easting_m, northing_m, position, second: None });
                }
                Err(errors) => reject(&mut rejected, position.line(), errors),
            }
        }
        places.sort_by(|a, b| {
            let keys = a.line_number.total_cmp(&b.line_number).then(a.fiducial.total_cmp(&b.fiducial));
            keys.then(a.position.cmp(&b.position))
        });
        self.refuse_repeated(&mut places, &mut rejected)?;
        self.suspects = suspects(&tally, &self.table, &self.columns, &self.unused);
        if places.is_empty() && rejected.is_empty() && rules.count > 0 {
            let got = format!("{} soundings, all of which [leave_out] leaves out ({})", rules.count, rules.in_words());
            return Err(InputError::file(&self.table.path, got, "at least one that is left"));
        }
        (self.places, self.rejected, self.without_std) = (places, rejected, missing);
        self.left_out_count = rules.count;
        self.left_out = rules.left_out;
        self.left_out.extend(of_gates);
        Ok(())
    }

    fn is_counted(&self) -> bool {
        self.columns.place.fiducial == FiducialSource::Counted
    }

    /// Refuses a line whose number is that of a line with another name.
    fn refuse_two_names(&self, names: &mut LineNames, number: f64, row: &Row) -> Result<()> {
        let LineSource::Column(column) = self.columns.place.line_number else { return Ok(()) };
        let cell = row.text(column.index);
        let Some(first) = names.add(number, &cell, row.line()) else { return Ok(()) };
        let got = format!(
            "{:?}, which has the number of {:?} in line {}",
            shortened(&cell),
            shortened(&first.cell),
            first.file_line
        );
        let expected = "lines with different numbers: rename one, or name another column as columns.line_number";
        let name = shortened(&self.table.names[column.index]);
        Err(InputError::cell(&self.table.path, row.line(), &name, got, expected))
    }

    /// Returns the sounding of a row, with the number of data that are left out because they have no standard deviation,
    /// unless a rule leaves the sounding out. `of_gates` counts the data that each rule for gates leaves out, and `tally`
    /// the numbers of the row.
    fn kept(
        &self,
        row: &Row,
        rules: &mut SoundingRules,
        of_gates: &mut [LeftOut],
        counter: &mut RowCounter,
        tally: &mut Tally,
    ) -> RowResult<Option<(Sounding, usize)>> {
        let mut counted = None;
        let mut is_left_out = Ok(false);
        if self.is_counted() || !rules.is_empty() {
            // Wrong cells of the place are NaN, which no rule names; the reader of soundings tells them.
            let mut place = RowCells::new(row, &self.nulls, None).place(&self.columns.place);
            if self.is_counted() {
                let same_place = self.joins_rows.then_some((place.easting_m, place.northing_m));
                place.fiducial = counter.next(place.line_number, same_place);
                counted = Some(place.fiducial);
            }
            is_left_out = rules.leave_out(row, &place, &self.nulls);
        }
        if let Ok(true) = is_left_out {
            return Ok(None);
        }
        let (mut sounding, without_std) = self.with_all_gates(row, Some(tally))?;
        is_left_out?;
        sounding.fiducial = counted.unwrap_or(sounding.fiducial);
        for (rule, left_out) in self.gate_rules.iter().zip(of_gates) {
            left_out.data += rule.count(&sounding);
        }
        self.remove_gates(&mut sounding);
        Ok(Some((sounding, without_std)))
    }

    /// Rejects the second row of a key, unless it has the channels that the first row lacks.
    fn refuse_repeated(&self, places: &mut Vec<Place>, rejected: &mut Vec<RejectedRow>) -> Result<()> {
        let mut rows = self.table.rows()?;
        let mut repeated = Vec::new();
        places.dedup_by(|later, first| {
            let is_repeated = (later.line_number, later.fiducial) == (first.line_number, first.fiducial);
            if is_repeated && first.second.is_none() && self.joins_rows && self.complement(&mut rows, first, later) {
                first.second = Some(later.position);
            } else if is_repeated {
                repeated.push((*later, first.file_line()));
            }
            is_repeated
        });
        repeated.sort_by_key(|(later, _)| later.position);
        for (later, first_line) in repeated {
            let Place { line_number, fiducial, .. } = later;
            let got = format!("line {line_number} fiducial {fiducial}, which line {first_line} of the file has");
            let error = InputError::line(&self.table.path, later.file_line(), got, "each sounding once");
            reject(rejected, later.file_line(), vec![error]);
        }
        rejected.sort_by_key(|row| row.file_line);
        Ok(())
    }

    /// Returns whether no channel has data in both rows.
    fn complement(&self, rows: &mut Rows, first: &Place, second: &Place) -> bool {
        match (self.sounding_in(rows, first.position), self.sounding_in(rows, second.position)) {
            (Ok(first), Ok(second)) => {
                first.observed.iter().zip(&second.observed).all(|(a, b)| a.is_nan() || b.is_nan())
            }
            _ => false,
        }
    }

    /// Returns the sounding at `place`, made of one row or two.
    fn sounding_at(&self, rows: &mut Rows, place: &Place) -> RowResult<Sounding> {
        let mut sounding = self.sounding_in(rows, place.position)?;
        if self.is_counted() {
            sounding.fiducial = place.fiducial;
        }
        if let Some(second) = place.second {
            let second = self.sounding_in(rows, second)?;
            let fill = |values: &mut Vec<f64>, more: Vec<f64>| {
                values.iter_mut().zip(more).filter(|(value, _)| value.is_nan()).for_each(|(value, more)| *value = more);
            };
            fill(&mut sounding.observed, second.observed);
            if let (Some(std), Some(more)) = (&mut sounding.std, second.std) {
                fill(std, more);
            }
        }
        Ok(sounding)
    }

    /// Returns the sounding in the row at `position`.
    fn sounding_in(&self, rows: &mut Rows, position: Position) -> RowResult<Sounding> {
        let row = rows.at(position).map_err(|error| vec![error])?;
        self.sounding_of(&row).map(|(sounding, _)| sounding)
    }

    /// Returns a sounding, and the number of data that are left out because they have no standard deviation.
    fn sounding_of(&self, row: &Row) -> RowResult<(Sounding, usize)> {
        let (mut sounding, without_std) = self.with_all_gates(row, None)?;
        self.remove_gates(&mut sounding);
        Ok((sounding, without_std))
    }

    fn remove_gates(&self, sounding: &mut Sounding) {
        self.gate_rules.iter().for_each(|rule| rule.remove(sounding));
    }

    /// Returns a sounding with the data that rules for gates leave out. The numbers of the row are counted in `tally`.
    fn with_all_gates(&self, row: &Row, tally: Option<&mut Tally>) -> RowResult<(Sounding, usize)> {
        let mut cells = RowCells::new(row, &self.nulls, tally);
        let place = cells.place(&self.columns.place);
        let mut geometry = Geometry::default();
        for (parameter, &source) in GeometryParameter::ALL.into_iter().zip(&self.columns.geometry) {
            let value = match source {
                GeometrySource::Value(value) => value,
                GeometrySource::Column(column) if parameter == GeometryParameter::Height => cells.height(column),
                GeometrySource::Column(column) => cells.required(column),
            };
            geometry.set(parameter, value);
        }
        check_receiver(&mut cells, &geometry, &self.columns);
        check_offset(&mut cells, &geometry, &self.columns);
        let (mut observed, mut std) = self.columns.channels.read(&mut cells, &self.unit);
        for values in std::iter::once(&mut observed).chain(&mut std) {
            values.iter_mut().zip(&self.unused).filter(|(_, unused)| **unused).for_each(|(value, _)| *value = f64::NAN);
        }
        let without_std = cells.without_std;
        cells.finish((Sounding { geometry, observed, std, ..place }, without_std))
    }

    /// Returns the file's path as the user wrote it.
    pub fn path(&self) -> &Path {
        &self.table.path
    }

    /// Returns the coordinate reference system that the file itself gives for its eastings, such as `EPSG:28354`.
    pub fn crs(&self) -> Option<&str> {
        self.table.crs(self.columns.place.easting.index)
    }

    /// Returns the coordinate reference system that comments at the beginning of the file name, such as `EPSG:32632`.
    pub fn comments_crs(&self) -> Option<&str> {
        self.table.comments_crs()
    }

    /// Returns what the user should know about the reading of the file, one sentence each.
    pub fn notes(&self) -> Vec<String> {
        let path = self.table.path.display();
        let names = &self.table.names;
        let note = match self.columns.place.fiducial {
            FiducialSource::Column(_) => None,
            FiducialSource::Clock { date: Some(date), time } => Some(format!(
                "{path}: there is no column of fiducials: {} and {} give them, in seconds after the beginning of 1970",
                shortened(&names[date]),
                shortened(&names[time])
            )),
            FiducialSource::Clock { date: None, time } => Some(format!(
                "{path}: there is no column of fiducials: {} gives them, in seconds after midnight",
                shortened(&names[time])
            )),
            FiducialSource::Counted => {
                Some(format!("{path}: there is no column of fiducials: the rows of each line are counted, from 1"))
            }
        };
        let components = &self.columns.channels.components;
        let flag = components.iter().flat_map(|component| component.flags.iter().flatten()).next();
        let flagged = flag.map(|flag| {
            let name = shortened(&names[flag.column]);
            format!("{path}: columns of flags, the first is {name}, say which data are used; the others are missing")
        });
        note.into_iter().chain(flagged).collect()
    }

    /// Returns whether the file has standard deviations.
    pub fn has_std(&self) -> bool {
        self.columns.channels.has_std()
    }

    /// Returns the numbers of the file that seem to mean "missing" although neither the file nor the options say so.
    pub fn suspects(&self) -> &[Suspect] {
        &self.suspects
    }

    /// Returns the soundings by line number, then fiducial.
    pub fn places(&self) -> &[Place] {
        &self.places
    }

    /// Calls `visit` with the soundings at `places`, one after another. Reading is fastest when soundings that are
    /// neighbours in the file are asked for together.
    ///
    /// # Errors
    ///
    /// When the file has changed since it was first read, and the first error of `visit`.
    pub fn each(&self, places: &[Place], mut visit: impl FnMut(Sounding) -> Result<()>) -> Result<()> {
        let mut rows = self.table.rows()?;
        for place in places {
            match self.sounding_at(&mut rows, place) {
                Ok(sounding) if (sounding.line_number, sounding.fiducial) == (place.line_number, place.fiducial) => {
                    visit(sounding)?;
                }
                _ => {
                    let got = "another row than when the file was first read";
                    return Err(InputError::line(self.path(), place.file_line(), got, "an unchanged file"));
                }
            }
        }
        Ok(())
    }

    /// Returns the soundings at `places`.
    ///
    /// # Errors
    ///
    /// The errors of [`each`](Self::each).
    pub fn read(&self, places: &[Place]) -> Result<Vec<Sounding>> {
        let mut soundings = Vec::with_capacity(places.len());
        self.each(places, |sounding| {
            soundings.push(sounding);
            Ok(())
        })?;
        Ok(soundings)
    }
}

/// Counts the rows of each line.
#[derive(Debug, Default)]
struct RowCounter {
    of_line: HashMap<u64, (f64, Option<(f64, f64)>)>,
}

impl RowCounter {
    /// Returns the number of a row of the line. A row at the `place` of the row before it has the same number.
    fn next(&mut self, line_number: f64, place: Option<(f64, f64)>) -> f64 {
        let (count, last) = self.of_line.entry(line_number.to_bits()).or_insert((0.0, None));
        if place.is_none() || place != *last {
            *count += 1.0;
        }
        *last = place;
        *count
    }
}

impl fmt::Debug for SurveyFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Survey").field("path", &self.table.path).field("soundings", &self.places.len()).finish()
    }
}

/// Returns which gates are outside the limits of their system.
fn unused_channels(system: &System, limits_s: &[(f64, f64)]) -> Vec<bool> {
    let System::Tdem(instrument) = system else { return Vec::new() };
    let is_unused = |channel: &TdemChannel| {
        let limits = limits_s.get(channel.system);
        limits.is_some_and(|&(from, to)| channel.gate.start_s < from || channel.gate.end_s > to)
    };
    instrument.channels().iter().map(is_unused).collect()
}

/// Adds a rejected row. Only the first rows keep their reasons, because a file of the wrong kind has millions.
fn reject(rejected: &mut Vec<RejectedRow>, file_line: usize, errors: Vec<Error>) {
    let errors = if rejected.len() < MAX_REASONS { errors } else { Vec::new() };
    rejected.push(RejectedRow { file_line, errors });
}

/// Checks that the receiver is above ground; the transmitter is by its height.
fn check_receiver(cells: &mut RowCells, geometry: &Geometry, columns: &SurveyColumns) {
    let (height, dz) = (GeometryParameter::Height, GeometryParameter::TxRxDz);
    let column = [dz, height].into_iter().find_map(|parameter| match columns.geometry[parameter.index()] {
        GeometrySource::Column(column) => Some(column.index),
        GeometrySource::Value(_) => None,
    });
    let (height_m, dz_m) = (geometry.get(height), geometry.get(dz));
    // The comparison is false where a cell is wrong, which is an error already; fixed values were checked before.
    if height_m > 0.0
        && height_m + dz_m <= 0.0
        && let Some(column) = column
    {
        cells.wrong(column, &format!("a receiver above ground, not {dz_m} m above a transmitter at {height_m} m"));
    }
}

/// Checks that transmitter and receiver are not at the same place, where a total field has no value.
fn check_offset(cells: &mut RowCells, geometry: &Geometry, columns: &SurveyColumns) {
    if !columns.channels.adds_primary() || geometry.offset_m() != [0.0; 3] {
        return;
    }
    let offsets = [GeometryParameter::TxRxDx, GeometryParameter::TxRxDy, GeometryParameter::TxRxDz];
    let column = offsets.into_iter().find_map(|parameter| match columns.geometry[parameter.index()] {
        GeometrySource::Column(column) => Some(column.index),
        GeometrySource::Value(_) => None,
    });
    cells.wrong(column.unwrap_or(0), "a receiver away from the transmitter: total fields are infinite there");
}
