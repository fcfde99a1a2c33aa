//! Finds the columns of a survey file.

mod channels;
mod chosen;
mod fdem;
mod flags;
mod gates;
mod groups;
mod kind;
mod missing;
mod moments;
mod name_errors;
mod names;
mod place;
mod segments;

use crate::error::{Error, Result};
use crate::system::{GeometryParameter, MeasuredField, System};

use super::cells::{Flag, PlaceColumns, Segment, SignedColumn};
use super::column_ref::ColumnRef;
use super::options::{PARTS, Preset, ReadOptions, StdKind};
use super::table::{Aliases, Table};
use channels::{ChannelColumns, ComponentColumns};
use groups::groups;
use kind::ColumnKind;
use missing::Missing;

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
    /// [`Error::Many`] with every mistake in the names or in the user's choice of columns, and one message about all
    /// quantities without a column.
    pub(super) fn find(table: &Table, system: &System, options: &ReadOptions) -> Result<Self> {
        let mut finder = Finder { table, errors: Vec::new(), missing: Vec::new() };
        let found = finder.all(system, options);
        if !finder.missing.is_empty() {
            let better = match table.has_names() {
                true => Self::better_preset(table, system, options, finder.missing.len()),
                false => String::new(),
            };
            finder.errors.push(missing::message(table, &finder.missing, &better));
        }
        if finder.errors.is_empty() { Ok(found) } else { Err(Error::Many(finder.errors)) }
    }

    /// Says which preset finds most of the columns, if another one finds more.
    fn better_preset(table: &Table, system: &System, options: &ReadOptions, missing: usize) -> String {
        let others = Preset::ALL.into_iter().filter(|(preset, _)| *preset != options.preset);
        let count = |(preset, word): (Preset, &'static str)| {
            let options = ReadOptions { preset, ..options.clone() };
            (Self::missing_count(table, system, &options), word)
        };
        let counts: Vec<(usize, &str)> = others.map(count).collect();
        let fewest = counts.iter().map(|(count, _)| *count).min().unwrap_or(missing);
        let best: Vec<String> =
            counts.iter().filter(|(count, _)| *count == fewest).map(|(_, word)| format!("{word:?}")).collect();
        let presets = best.join(" or ");
        match fewest {
            0 => format!("\n  columns.preset = {presets} finds all of them"),
            _ if fewest < missing => format!("\n  columns.preset = {presets} finds all but {fewest}"),
            _ => String::new(),
        }
    }

    /// Returns the number of quantities that have no column, or a wrong one.
    pub(super) fn missing_count(table: &Table, system: &System, options: &ReadOptions) -> usize {
        let mut finder = Finder { table, errors: Vec::new(), missing: Vec::new() };
        finder.all(system, options);
        finder.missing.len() + finder.errors.len()
    }

    /// Returns every column that is read.
    pub(super) fn used(&self) -> Vec<usize> {
        let PlaceColumns { easting, northing, elevation, .. } = self.place;
        let place = [easting, northing].into_iter().chain(elevation).chain(self.place.keys());
        let geometry = self.geometry.iter().filter_map(|source| match *source {
            GeometrySource::Column(column) => Some(column),
            GeometrySource::Value(_) => None,
        });
        let channels = self.channels.components.iter().flat_map(|component| {
            let std = component.std.iter().flatten();
            component.data.iter().chain(std).chain(&component.primary).copied()
        });
        place.chain(geometry).chain(channels).map(|column| column.index).collect()
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
    /// Quantities without a column.
    missing: Vec<Missing>,
}

impl Finder<'_> {
    fn all(&mut self, system: &System, options: &ReadOptions) -> SurveyColumns {
        let given = &options.columns;
        let names = options.preset.names();
        let place = PlaceColumns {
            line_number: self.line_number(&given.line_number, names.line_number),
            fiducial: self.fiducial(&given.fiducial, names.fiducial),
            easting: self.required("easting", &given.easting, names.easting),
            northing: self.required("northing", &given.northing, names.northing),
            elevation: self.optional("elevation", &given.elevation, names.elevation),
        };
        let geometry = GeometryParameter::ALL.map(|parameter| match system {
            // The system file gives the position of frequency-domain coils, which are level.
            System::Fdem(_) if parameter != GeometryParameter::Height => GeometrySource::Value(0.0),
            _ => self.geometry(parameter, names.geometry[parameter.index()], options),
        });
        let channels = self.channels(system, options);
        let flag = options.leave_out.flag.as_ref();
        let flag = flag.and_then(|flag| self.single("leave_out.flag.column", &flag.column));
        SurveyColumns { place, geometry, channels, flag }
    }

    fn keep<T: Default>(&mut self, found: Result<T>) -> T {
        found.unwrap_or_else(|error| {
            self.errors.push(error);
            T::default()
        })
    }

    fn miss(&mut self, keys: String, names: Aliases) {
        self.missing.push(Missing::new(self.table, keys, names));
    }

    fn optional(&mut self, key: &str, given: &Option<ColumnRef>, names: Aliases) -> Option<SignedColumn> {
        if let Some(given) = given {
            return self.single(&format!("columns.{key}"), given);
        }
        let found = self.table.find(names).map(|column| column.map(SignedColumn::from));
        let found = found.map_err(|error| self.or_key(error, &format!("columns.{key}")));
        self.keep(found)
    }

    /// Returns the number of mistakes so far.
    fn mistakes(&self) -> usize {
        self.errors.len() + self.missing.len()
    }

    /// Adds to an error about a name that is not unique which key the user can set instead.
    fn or_key(&self, error: Error, key: &str) -> Error {
        match error {
            Error::Input(input) => {
                self.table.header_error(input.got, format_args!("{}, or {key} in the configuration", input.expected))
            }
            other => other,
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
        let mistakes = self.mistakes();
        match self.optional(&format!("geometry.{name}"), given, names) {
            Some(column) => GeometrySource::Column(column.turned(options.convention.turns_parameter(parameter))),
            None => {
                if !parameter.is_angle() && self.mistakes() == mistakes {
                    let unit = parameter.unit();
                    self.miss(format!("columns.geometry.{name} or geometry.{name}.value_{unit}"), names);
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
        let std_kind = self.std_kind(std.as_deref().unwrap_or_default(), options);
        let segments = segments::segments(self.table, &groups, &data);
        if segments.is_empty() {
            self.refuse_shared(&data);
        }
        let flags = flags::flags(self.table, &data);
        let mut flags: Vec<Option<Vec<Flag>>> = self.keep(flags);
        flags.resize(groups.len(), None);
        let mut segments: Vec<Option<Segment>> = segments.into_iter().map(Some).collect();
        segments.resize(groups.len(), None);
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
        let mut of_group = primary.into_iter().zip(flags).zip(segments);
        let component = |group: &ChannelGroup| {
            let ((primary, flags), segment) = of_group.next().unwrap_or_default();
            let turn = convention.turns_part(group.part);
            let data = data.next().unwrap_or_default();
            first += data.len();
            ComponentColumns {
                system: group.system_index,
                first: first - data.len(),
                data: data.into_iter().map(|column| column.turned(turn)).collect(),
                std: std.as_mut().map(|std| std.next().unwrap_or_default()),
                flags,
                segment,
                primary: primary.map(|column| column.turned(turn)),
            }
        };
        let components = groups.iter().map(component).collect();
        ChannelColumns {
            components,
            vector_amplitude,
            scale: options.data_scale,
            std_kind,
            quoted_noise: options.quoted_noise.clone(),
        }
    }

    /// Returns what the standard deviations are. SkyTEM's names, such as `RelUnc_SWch1_G01[0]`, say it.
    fn std_kind(&mut self, std: &[Vec<SignedColumn>], options: &ReadOptions) -> StdKind {
        let names = || std.iter().flatten().map(|column| &self.table.names[column.index]);
        let is_relative = |name: &&String| name.to_ascii_lowercase().starts_with("relunc");
        let (all, relative) = (names().count(), names().filter(is_relative).count());
        if options.std_kind_is_given || relative == 0 {
            return options.std_kind;
        }
        if relative < all {
            let got = format!("{relative} relative standard deviations (RelUnc...) and {} others", all - relative);
            let expected = "one kind, or columns.std and columns.std_kind in the configuration";
            self.errors.push(self.table.header_error(got, expected));
        }
        StdKind::Relative
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
                [] => Vec::new(),
                [first] => self.block(&key, first, group).unwrap_or_default(),
                each => each.iter().filter_map(|column| self.single(&key, column)).collect(),
            };
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
                self.missing.push(Missing::described("columns.data", ""));
            }
            return None;
        }
        let found = match (system, preset) {
            (System::Fdem(system), _) => fdem::named_columns(self.table, system, kind, &mut self.missing),
            (System::Tdem(_), Preset::GeoBipy | Preset::GaAem) => {
                gates::named_columns(self.table, groups, kind, &mut self.missing)
            }
            (System::Tdem(_), _) => moments::named_columns(self.table, groups, kind, preset, &mut self.missing),
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
                let found = self.table.find_named(&[&name]).map(|column| column.map(SignedColumn::from));
                let found = found.map_err(|error| self.or_key(error, &format!("columns.{}", key(group))));
                if matches!(found, Ok(None)) {
                    self.missing
                        .push(Missing::described(format!("columns.{}", key(group)), format!("a column named {name}")));
                }
                self.keep(found)
            };
            return groups.iter().map(&mut find).collect();
        }
        let chosen = self.choose(groups, given, "primary");
        let mut find = |(group, chosen): (&ChannelGroup, &[ColumnRef])| {
            chosen.first().and_then(|column| self.single(&format!("columns.{}", key(group)), column))
        };
        groups.iter().zip(chosen).map(&mut find).collect()
    }
}
