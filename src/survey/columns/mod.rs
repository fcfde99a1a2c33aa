//! Finds the columns of a survey file.

mod channels;
mod fdem;
mod gates;
mod groups;
mod kind;
mod moments;
mod name_errors;
mod names;

use std::ops::Range;

use crate::error::{Error, InputError, Result};
use crate::system::{GeometryParameter, MeasuredField, System};

use super::cells::{PlaceColumns, SignedColumn};
use super::column_ref::{ColumnPlace, ColumnRef};
use super::options::{PARTS, Preset, ReadOptions};
use super::table::{Aliases, Table};
use channels::{ChannelColumns, ComponentColumns};
use groups::groups;
use kind::ColumnKind;

pub(super) use groups::{ChannelGroup, primary_name, tdem_groups};

/// The source of a geometry parameter.
#[derive(Debug, Clone, Copy)]
pub(super) enum GeometrySource {
    Column(SignedColumn),
    Value(f64),
}

/// The columns of a survey file, counted from 0.
#[derive(Debug)]
pub(super) struct SurveyColumns {
    pub(super) place: PlaceColumns,
    pub(super) geometry: [GeometrySource; GeometryParameter::ALL.len()],
    pub(super) channels: ChannelColumns,
    /// The column that says which soundings are used.
    pub(super) flag: Option<SignedColumn>,
}

impl SurveyColumns {
    /// Finds all columns.
    ///
    /// # Errors
    ///
    /// [`Error::Many`] with every mistake in the names or in the user's choice of columns.
    pub(super) fn find(table: &Table, system: &System, options: &ReadOptions) -> Result<Self> {
        let given = &options.columns;
        let names = options.preset.names();
        let mut finder = Finder { table, errors: Vec::new() };
        let place = PlaceColumns {
            line_number: finder.required("line_number", &given.line_number, names.line_number),
            fiducial: finder.required("fiducial", &given.fiducial, names.fiducial),
            easting: finder.required("easting", &given.easting, names.easting),
            northing: finder.required("northing", &given.northing, names.northing),
            elevation: finder.optional("elevation", &given.elevation, names.elevation),
        };
        let geometry = GeometryParameter::ALL.map(|parameter| match system {
            // The system file gives the position of frequency-domain coils, which are level.
            System::Fdem(_) if parameter != GeometryParameter::Height => GeometrySource::Value(0.0),
            _ => finder.geometry(parameter, names.geometry[parameter.index()], options),
        });
        let channels = finder.channels(system, options);
        let flag = options.leave_out.flag.as_ref().map(|flag| {
            let found = finder.single_of("leave_out.flag.column", &flag.column);
            finder.keep(found)
        });
        if finder.errors.is_empty() {
            return Ok(Self { place, geometry, channels, flag });
        }
        if !table.has_names() {
            let why =
                "expected a number for each, or an ASEG-GDF2 definition: a .dfn beside the file, or survey.definition";
            finder.errors.push(Error::Config(format!("{}: has no names of columns; {why}", table.path.display())));
        }
        Err(Error::Many(finder.errors))
    }
}

/// Returns whether any column of a table has a name that data of `system` have with a preset.
pub(super) fn has_data(table: &Table, system: &System, preset: Preset) -> bool {
    match (system, preset) {
        (System::Fdem(_), _) => fdem::has_data(table),
        (System::Tdem(_), Preset::GeoBipy | Preset::GaAem) => gates::has_data(table),
        (System::Tdem(_), _) => moments::has_data(table, &groups(system), preset),
    }
}

/// Looks columns up and collects errors. Columns that are not found are 0, which is never used because there is an
/// error.
struct Finder<'a> {
    table: &'a Table,
    errors: Vec<Error>,
}

impl Finder<'_> {
    fn keep<T: Default>(&mut self, found: Result<T>) -> T {
        found.unwrap_or_else(|error| {
            self.errors.push(error);
            T::default()
        })
    }

    fn required(&mut self, key: &str, given: &Option<ColumnRef>, names: Aliases) -> SignedColumn {
        let found = match given {
            Some(given) => self.single(key, given),
            None => {
                let found = self.table.require(names).map(SignedColumn::from);
                found.map_err(|error| self.or_key(error, &format!("columns.{key}")))
            }
        };
        self.keep(found)
    }

    fn optional(&mut self, key: &str, given: &Option<ColumnRef>, names: Aliases) -> Option<SignedColumn> {
        let found = match given {
            Some(given) => self.single(key, given).map(Some),
            None => {
                let found = self.table.find(names).map(|column| column.map(SignedColumn::from));
                found.map_err(|error| self.or_key(error, &format!("columns.{key}")))
            }
        };
        self.keep(found)
    }

    fn without_names(&self, key: &str) -> Error {
        self.table.header_error("columns without names", format_args!("{key} in the configuration"))
    }

    /// Adds to an error about a name that is missing or not unique which key the user can set instead.
    fn or_key(&self, error: Error, key: &str) -> Error {
        match error {
            Error::Input(input) if self.table.has_names() => {
                self.table.header_error(input.got, format_args!("{}, or {key} in the configuration", input.expected))
            }
            _ => self.without_names(key),
        }
    }

    /// Returns the source of a parameter: a column given by the user, or a value, or a column of that name, or for
    /// angles 0.
    fn geometry(&mut self, parameter: GeometryParameter, names: Aliases, options: &ReadOptions) -> GeometrySource {
        let name = parameter.name();
        let given = &options.columns.geometry[parameter.index()];
        if let (None, Some(value)) = (given, options.fixed_geometry[parameter.index()]) {
            return GeometrySource::Value(value);
        }
        let error_count = self.errors.len();
        match self.optional(&format!("geometry.{name}"), given, names) {
            Some(column) => GeometrySource::Column(column.turned(options.convention.turns_parameter(parameter))),
            None => {
                if !parameter.is_angle() && self.errors.len() == error_count {
                    let missing = self.table.require(names).err();
                    let unit = parameter.unit();
                    let key = format!("columns.geometry.{name} or geometry.{name}.value_{unit}");
                    self.errors.extend(missing.map(|error| self.or_key(error, &key)));
                }
                GeometrySource::Value(0.0)
            }
        }
    }

    fn channels(&mut self, system: &System, options: &ReadOptions) -> ChannelColumns {
        let (given, convention) = (&options.columns, options.convention);
        let groups = groups(system);
        let data = self.of_groups(system, &groups, &given.data, ColumnKind::Data, options.preset).unwrap_or_default();
        let std = match options.quoted_noise {
            Some(_) => None,
            None => self.of_groups(system, &groups, &given.std, ColumnKind::Std, options.preset),
        };
        self.refuse_shared(&data);
        let (field, vector_amplitude) = match system {
            System::Fdem(_) => (MeasuredField::Secondary, false),
            System::Tdem(instrument) => (instrument.field, instrument.vector_amplitude),
        };
        let mut primary = match field {
            MeasuredField::Secondary => Vec::new(),
            MeasuredField::Total => self.primaries(&groups, &given.primary, options.preset),
        };
        primary.resize(groups.len(), None);
        let mut data = data.into_iter();
        let mut std = std.map(Vec::into_iter);
        let mut first = 0;
        let component = |(group, primary): (&ChannelGroup, Option<SignedColumn>)| {
            let turn = convention.turns_part(group.part);
            let data = data.next().unwrap_or_default();
            first += data.len();
            ComponentColumns {
                system: group.system_index,
                first: first - data.len(),
                data: data.into_iter().map(|column| column.turned(turn)).collect(),
                std: std.as_mut().map(|std| std.next().unwrap_or_default()),
                primary: primary.map(|column| column.turned(turn)),
            }
        };
        let components = groups.iter().zip(primary).map(component).collect();
        ChannelColumns {
            components,
            vector_amplitude,
            scale: options.data_scale,
            std_kind: options.std_kind,
            quoted_noise: options.quoted_noise.clone(),
        }
    }

    /// Returns the columns of each group; `None` when there are none and none are needed.
    fn of_groups(
        &mut self,
        system: &System,
        groups: &[ChannelGroup],
        given: &[Vec<ColumnRef>; PARTS.len()],
        kind: ColumnKind,
        preset: Preset,
    ) -> Option<Vec<Vec<SignedColumn>>> {
        if given.iter().all(Vec::is_empty) {
            return self.named(system, groups, kind, preset);
        }
        let chosen = self.choose(groups, given, kind.key());
        let mut columns = Vec::new();
        for (group, chosen) in groups.iter().zip(chosen) {
            let key = format!("columns.{}.{}", kind.key(), PARTS[group.part]);
            let found = match chosen {
                [] => Ok(Vec::new()),
                [first] => self.block(&key, first, group),
                each => each.iter().map(|column| self.single_of(&key, column)).collect(),
            };
            let found = self.keep(found);
            let indices: Vec<usize> = found.iter().map(|column| column.index).collect();
            self.errors.extend(group.name_errors(self.table, &indices));
            columns.push(found);
        }
        Some(columns)
    }

    fn named(
        &mut self,
        system: &System,
        groups: &[ChannelGroup],
        kind: ColumnKind,
        preset: Preset,
    ) -> Option<Vec<Vec<SignedColumn>>> {
        if !self.table.has_names() {
            if kind == ColumnKind::Data {
                self.errors.push(self.without_names("columns.data"));
            }
            return None;
        }
        let found = match (system, preset) {
            (System::Fdem(system), _) => fdem::named_columns(self.table, system, kind),
            (System::Tdem(_), Preset::GeoBipy | Preset::GaAem) => gates::named_columns(self.table, groups, kind),
            (System::Tdem(_), _) => moments::named_columns(self.table, groups, kind, preset),
        };
        let columns = self.keep(found.map(Some))??;
        Some(columns.into_iter().map(|gates| gates.into_iter().map(SignedColumn::from).collect()).collect())
    }

    /// Returns the user's columns for each group: one column, or for frequency-domain data all.
    fn choose<'a>(&mut self, groups: &[ChannelGroup], given: &'a [Vec<ColumnRef>], key: &str) -> Vec<&'a [ColumnRef]> {
        for (part, columns) in given.iter().enumerate() {
            let of_part = groups.iter().filter(|group| group.part == part);
            let names: Vec<&str> = of_part.clone().map(|group| group.system_name).collect();
            let each = of_part.filter(|group| group.is_frequencies()).map(ChannelGroup::len).next();
            if names.len() != columns.len() && each != Some(columns.len()) {
                let part = PARTS[part];
                let systems = if names.is_empty() { String::new() } else { format!(" ({})", names.join(", ")) };
                let or_each = each.map_or_else(String::new, |count| format!(", or {count}, one for each frequency"));
                let or_less = match columns[..] {
                    [] if each.is_none() => format!("; survey.components can leave {part} out"),
                    _ => String::new(),
                };
                self.errors.push(Error::Config(format!(
                    "columns.{key}.{part}: got {} columns, expected {}, one for each system that measures \
                     {part}{systems}{or_each}{or_less}",
                    columns.len(),
                    names.len()
                )));
            }
        }
        let mut rest: Vec<&[ColumnRef]> = given.iter().map(Vec::as_slice).collect();
        let mut next = |group: &ChannelGroup| {
            let rest = &mut rest[group.part];
            let count = if group.is_frequencies() { rest.len() } else { rest.len().min(1) };
            let (these, others) = rest.split_at(count);
            *rest = others;
            these
        };
        groups.iter().map(&mut next).collect()
    }

    fn primaries(
        &mut self,
        groups: &[ChannelGroup],
        given: &[Vec<ColumnRef>; 3],
        preset: Preset,
    ) -> Vec<Option<SignedColumn>> {
        let system_count = groups.iter().map(|group| group.system_index).max().map_or(0, |last| last + 1);
        let key = |group: &ChannelGroup| format!("primary.{}", PARTS[group.part]);
        if given.iter().all(Vec::is_empty) {
            let mut find = |group: &ChannelGroup| {
                let name = match preset {
                    Preset::Tempest => format!("{}_primaryfield", PARTS[group.part]),
                    _ => primary_name(group, system_count).to_ascii_lowercase(),
                };
                let found = self.table.require_named(&[&name]).map(SignedColumn::from);
                let found = found.map_err(|error| self.or_key(error, &format!("columns.{}", key(group))));
                Some(self.keep(found))
            };
            return groups.iter().map(&mut find).collect();
        }
        let chosen = self.choose(groups, given, "primary");
        let mut find = |(group, chosen): (&ChannelGroup, &[ColumnRef])| {
            chosen.first().map(|column| {
                let found = self.single(&key(group), column);
                self.keep(found)
            })
        };
        groups.iter().zip(chosen).map(&mut find).collect()
    }

    /// Returns the columns to which a user's column refers.
    fn columns(&self, key: &str, column: &ColumnRef) -> Result<Range<usize>> {
        match &column.place {
            ColumnPlace::Name(name) if self.table.has_names() => self.table.field(name),
            ColumnPlace::Name(_) => Err(self.without_names(&format!("a number as {key}"))),
            &ColumnPlace::Number(number) if (1..=self.table.names.len()).contains(&number) => Ok(number - 1..number),
            ColumnPlace::Number(number) => {
                let got = format!("{} columns", self.table.names.len());
                Err(InputError::file(&self.table.path, got, format_args!("column {number} for {key}")))
            }
        }
    }

    fn single(&self, key: &str, column: &ColumnRef) -> Result<SignedColumn> {
        self.single_of(&format!("columns.{key}"), column)
    }

    fn single_of(&self, key: &str, column: &ColumnRef) -> Result<SignedColumn> {
        let columns = self.columns(key, column)?;
        if columns.len() != 1 {
            let got = format!("{} columns named {column}", columns.len());
            return Err(self.table.header_error(got, format_args!("one for {key}")));
        }
        Ok(SignedColumn { index: columns.start, negated: column.negated })
    }

    /// Returns a field with as many columns as the group has channels, or that many columns from the given one on.
    fn block(&self, key: &str, column: &ColumnRef, group: &ChannelGroup) -> Result<Vec<SignedColumn>> {
        let (count, channels) = (group.len(), group.channel_word());
        let columns = self.columns(key, column)?;
        if columns.len() > 1 && columns.len() != count {
            let got = format!("{} columns named {column}", columns.len());
            return Err(self.table.header_error(got, format_args!("{count} {channels} for {key}")));
        }
        let end = columns.start + count;
        if end > self.table.names.len() {
            let got = format!("{} columns", self.table.names.len());
            let expected = format!("{count} {channels} from column {column} on for {key}");
            return Err(InputError::file(&self.table.path, got, expected));
        }
        if let ColumnPlace::Name(_) = column.place {
            self.check_stems(key, column, columns.start..end)?;
        }
        Ok((columns.start..end).map(|index| SignedColumn { index, negated: column.negated }).collect())
    }

    /// Checks that the columns that follow a named one are of the same kind: their names differ only in numbers.
    fn check_stems(&self, key: &str, first: &ColumnRef, columns: Range<usize>) -> Result<()> {
        let letters = |name: &str| -> String { name.chars().filter(|c| c.is_alphabetic()).collect() };
        let mut names = self.table.names[columns.clone()].iter();
        let stem = names.next().map(|name| letters(name)).unwrap_or_default();
        match names.find(|name| letters(name) != stem) {
            None => Ok(()),
            Some(other) => {
                let got = format!("column {other} among the {} from {first} on", columns.len());
                let expected =
                    format!("names that differ in their numbers only for {key}, or the number of the first column");
                Err(self.table.header_error(got, expected))
            }
        }
    }

    /// Refuses a column that is used for the data of two channels.
    fn refuse_shared(&mut self, groups: &[Vec<SignedColumn>]) {
        let mut indices: Vec<usize> = groups.iter().flatten().map(|column| column.index).collect();
        indices.sort_unstable();
        if let Some(pair) = indices.windows(2).find(|pair| pair[0] == pair[1])
            && self.errors.is_empty()
        {
            self.errors.push(self.table.name_error(pair[0], "the data of two channels", "a column for each channel"));
        }
    }
}
