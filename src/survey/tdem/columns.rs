//! Which column of a time-domain survey file is what.

use std::ops::Range;

use crate::error::{Error, InputError, Result};
use crate::system::{Axis, Field, GeometryParameter, TdemInstrument, TdemSystem};

use super::super::cells::{PlaceColumns, SignedColumn};
use super::super::column_ref::{ColumnPlace, ColumnRef};
use super::super::columns::{EASTING, ELEVATION, FIDUCIAL, HEIGHT, LINE_NUMBER, NORTHING};
use super::super::table::Table;
use super::TdemReadOptions;
use super::channels::{ChannelColumns, ComponentColumns};
use super::gates::{Kind, named_columns, time_errors};

/// Names of the components in configurations.
const COMPONENTS: [&str; 3] = ["x", "y", "z"];

/// Where a geometry parameter comes from.
#[derive(Debug, Clone, Copy)]
pub(super) enum Source {
    Column(SignedColumn),
    Value(f64),
}

/// Columns counted from 0.
#[derive(Debug)]
pub(super) struct Columns {
    pub(super) place: PlaceColumns,
    pub(super) geometry: [Source; GeometryParameter::ALL.len()],
    pub(super) channels: ChannelColumns,
}

impl Columns {
    /// # Errors
    ///
    /// [`Error::Many`] with everything that is wrong with the names or what the user says of the columns.
    pub(super) fn find(table: &Table, instrument: &TdemInstrument, options: &TdemReadOptions) -> Result<Self> {
        let given = &options.columns;
        let mut finder = Finder { table, errors: Vec::new() };
        let columns = Self {
            place: PlaceColumns {
                line_number: finder.required("line_number", &given.line_number, LINE_NUMBER),
                fiducial: finder.required("fiducial", &given.fiducial, FIDUCIAL),
                easting: finder.required("easting", &given.easting, EASTING),
                northing: finder.required("northing", &given.northing, NORTHING),
                elevation: finder.optional("elevation", &given.elevation, ELEVATION),
            },
            geometry: GeometryParameter::ALL.map(|parameter| finder.geometry(parameter, options)),
            channels: finder.channels(instrument, options),
        };
        if finder.errors.is_empty() { Ok(columns) } else { Err(Error::Many(finder.errors)) }
    }
}

/// One component of one system.
pub(super) struct Group<'a> {
    pub(super) system_index: usize,
    pub(super) system: &'a TdemSystem,
    pub(super) axis: Axis,
}

/// All components of all systems, in order of the data.
pub(super) fn groups(instrument: &TdemInstrument) -> Vec<Group<'_>> {
    let of_system = |(system_index, system): (usize, &'_ TdemSystem)| -> Vec<(usize, Axis)> {
        system.components().into_iter().map(|axis| (system_index, axis)).collect()
    };
    let all = instrument.systems.iter().enumerate().flat_map(of_system);
    all.map(|(system_index, axis)| Group { system_index, system: &instrument.systems[system_index], axis }).collect()
}

/// Looks columns up and keeps what goes wrong; columns that are not found are 0, which nobody sees.
struct Finder<'a> {
    table: &'a Table<'a>,
    errors: Vec<Error>,
}

impl Finder<'_> {
    fn keep<T: Default>(&mut self, found: Result<T>) -> T {
        found.unwrap_or_else(|error| {
            self.errors.push(error);
            T::default()
        })
    }

    fn required(&mut self, key: &str, given: &Option<ColumnRef>, names: &[&str]) -> SignedColumn {
        let found = match given {
            Some(given) => self.single(key, given),
            None => {
                let found = self.table.require(names).map(SignedColumn::from);
                found.map_err(|error| self.or_key(error, &format!("columns.{key}")))
            }
        };
        self.keep(found)
    }

    fn optional(&mut self, key: &str, given: &Option<ColumnRef>, names: &[&str]) -> Option<SignedColumn> {
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

    /// The error about a name that is not there or not alone, and what users can say instead.
    fn or_key(&self, error: Error, key: &str) -> Error {
        match error {
            Error::Input(input) if self.table.has_names() => {
                self.table.header_error(input.got, format_args!("{}, or {key} in the configuration", input.expected))
            }
            _ => self.without_names(key),
        }
    }

    /// A column given by the user, else a value, else a column of that name, else the angle 0.
    fn geometry(&mut self, parameter: GeometryParameter, options: &TdemReadOptions) -> Source {
        let name = parameter.name();
        let given = &options.columns.geometry[parameter.index()];
        if let (None, Some(value)) = (given, options.fixed_geometry[parameter.index()]) {
            return Source::Value(value);
        }
        let names: &[&str] = if parameter == GeometryParameter::Height { HEIGHT } else { &[name] };
        let error_count = self.errors.len();
        match self.optional(&format!("geometry.{name}"), given, names) {
            Some(column) => Source::Column(column.turned(options.convention.turns_parameter(parameter))),
            None => {
                if !parameter.is_angle() && self.errors.len() == error_count {
                    let missing = self.table.require(names).err();
                    let unit = parameter.unit();
                    let key = format!("columns.geometry.{name} or geometry.{name}.value_{unit}");
                    self.errors.extend(missing.map(|error| self.or_key(error, &key)));
                }
                Source::Value(0.0)
            }
        }
    }

    fn channels(&mut self, instrument: &TdemInstrument, options: &TdemReadOptions) -> ChannelColumns {
        let (given, convention) = (&options.columns, options.convention);
        let groups = groups(instrument);
        let data = self.gates(&groups, &given.data, Kind::Data).unwrap_or_default();
        let std = self.gates(&groups, &given.std, Kind::Std);
        let mut primary = match instrument.field {
            Field::Secondary => Vec::new(),
            Field::Total => self.primaries(&groups, instrument.systems.len(), &given.primary),
        };
        primary.resize(groups.len(), None);
        let mut data = data.into_iter();
        let mut std = std.map(Vec::into_iter);
        let component = |(group, primary): (&Group, Option<SignedColumn>)| {
            let turn = convention.turns_component(group.axis as usize);
            let data = data.next().unwrap_or_default();
            ComponentColumns {
                system: group.system_index,
                data: data.into_iter().map(|column| column.turned(turn)).collect(),
                std: std.as_mut().map(|std| std.next().unwrap_or_default()),
                primary: primary.map(|column| column.turned(turn)),
            }
        };
        let components = groups.iter().zip(primary).map(component).collect();
        ChannelColumns { components, vector_amplitude: instrument.vector_amplitude }
    }

    /// Columns of the gates of each group; `None` when there are none and need not be.
    fn gates(&mut self, groups: &[Group], given: &[Vec<ColumnRef>; 3], kind: Kind) -> Option<Vec<Vec<SignedColumn>>> {
        if given.iter().all(Vec::is_empty) {
            return self.named_gates(groups, kind);
        }
        let chosen = self.choose(groups, given, kind.key());
        let mut columns = Vec::new();
        for (group, column) in groups.iter().zip(chosen) {
            let key = format!("columns.{}.{}", kind.key(), COMPONENTS[group.axis as usize]);
            let found = column.map_or(Ok(Vec::new()), |column| self.block(&key, column, group.system.gates.len()));
            let found = self.keep(found);
            let indices: Vec<usize> = found.iter().map(|column| column.index).collect();
            self.errors.extend(time_errors(self.table, &indices, group));
            columns.push(found);
        }
        Some(columns)
    }

    fn named_gates(&mut self, groups: &[Group], kind: Kind) -> Option<Vec<Vec<SignedColumn>>> {
        if !self.table.has_names() {
            if kind == Kind::Data {
                self.errors.push(self.without_names("columns.data"));
            }
            return None;
        }
        let columns = self.keep(named_columns(self.table, groups, kind).map(Some))??;
        Some(columns.into_iter().map(|gates| gates.into_iter().map(SignedColumn::from).collect()).collect())
    }

    /// The column that the user gives each group, which are counted per component.
    fn choose<'a>(
        &mut self,
        groups: &[Group],
        given: &'a [Vec<ColumnRef>; 3],
        key: &str,
    ) -> Vec<Option<&'a ColumnRef>> {
        for (axis, columns) in given.iter().enumerate() {
            let names = groups.iter().filter(|group| group.axis as usize == axis).map(|group| &group.system.name[..]);
            let names: Vec<&str> = names.collect();
            if names.len() != columns.len() {
                let component = COMPONENTS[axis];
                let systems = if names.is_empty() { String::new() } else { format!(" ({})", names.join(", ")) };
                self.errors.push(Error::Config(format!(
                    "columns.{key}.{component}: got {} columns, expected {}, one for each system that measures \
                     {component}{systems}",
                    columns.len(),
                    names.len()
                )));
            }
        }
        let mut next = given.each_ref().map(|columns| columns.iter());
        groups.iter().map(|group| next[group.axis as usize].next()).collect()
    }

    fn primaries(
        &mut self,
        groups: &[Group],
        system_count: usize,
        given: &[Vec<ColumnRef>; 3],
    ) -> Vec<Option<SignedColumn>> {
        if given.iter().all(Vec::is_empty) {
            let name = |group: &Group| primary_name(group, system_count).to_ascii_lowercase();
            let key = |group: &Group| format!("primary.{}", COMPONENTS[group.axis as usize]);
            return groups.iter().map(|group| Some(self.required(&key(group), &None, &[&name(group)]))).collect();
        }
        let chosen = self.choose(groups, given, "primary");
        let mut find = |(group, column): (&Group, Option<&ColumnRef>)| {
            let key = format!("primary.{}", COMPONENTS[group.axis as usize]);
            column.map(|column| {
                let found = self.single(&key, column);
                self.keep(found)
            })
        };
        groups.iter().zip(chosen).map(&mut find).collect()
    }

    /// The columns that a user's column leads to.
    fn columns(&self, key: &str, column: &ColumnRef) -> Result<Range<usize>> {
        match &column.place {
            ColumnPlace::Name(name) if self.table.has_names() => self.table.field(name),
            ColumnPlace::Name(_) => Err(self.without_names(&format!("a number as {key}"))),
            &ColumnPlace::Number(number) if (1..=self.table.names.len()).contains(&number) => Ok(number - 1..number),
            ColumnPlace::Number(number) => {
                let got = format!("{} columns", self.table.names.len());
                Err(InputError::file(self.table.path, got, format_args!("column {number} for {key}")))
            }
        }
    }

    fn single(&self, key: &str, column: &ColumnRef) -> Result<SignedColumn> {
        let key = format!("columns.{key}");
        let columns = self.columns(&key, column)?;
        if columns.len() != 1 {
            let got = format!("{} columns named {column}", columns.len());
            return Err(self.table.header_error(got, format_args!("one for {key}")));
        }
        Ok(SignedColumn { index: columns.start, negated: column.negated })
    }

    /// A field of `count` columns, or `count` columns from one on.
    fn block(&self, key: &str, column: &ColumnRef, count: usize) -> Result<Vec<SignedColumn>> {
        let columns = self.columns(key, column)?;
        if columns.len() > 1 && columns.len() != count {
            let got = format!("{} columns named {column}", columns.len());
            return Err(self.table.header_error(got, format_args!("{count} gates for {key}")));
        }
        let end = columns.start + count;
        if end > self.table.names.len() {
            let got = format!("{} columns", self.table.names.len());
            let expected = format!("{count} gates from column {column} on for {key}");
            return Err(InputError::file(self.table.path, got, expected));
        }
        Ok((columns.start..end).map(|index| SignedColumn { index, negated: column.negated }).collect())
    }
}

/// `PZ`; with several systems `S0PZ`, `S1PZ`, ...
pub(super) fn primary_name(group: &Group, system_count: usize) -> String {
    let component = COMPONENTS[group.axis as usize].to_ascii_uppercase();
    if system_count == 1 { format!("P{component}") } else { format!("S{}P{component}", group.system_index) }
}
