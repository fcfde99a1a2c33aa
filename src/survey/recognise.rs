//! Finds out how a survey file is to be read: whose names its columns have, and which signs its data have.

use std::path::Path;

use super::cells::RowCells;
use super::columns::{SurveyColumns, has_data};
use super::gdf2::{Definition, definition_file};
use super::options::{Convention, Preset, ReadOptions};
use super::table::Table;
use crate::error::{Error, Result};
use crate::quantiles::median;
use crate::system::{Axis, Channel, GeometryParameter, Normalisation, Output, System, TdemSystem};

/// What a survey file says about itself.
#[derive(Debug)]
pub struct Recognised {
    /// The preset that finds most columns. Ties go to the earlier one in the order of `--help`.
    pub preset: Preset,
    /// The sign convention of the data, where it is not the preset's.
    pub convention: Option<Convention>,
    /// The coordinate reference system that the file itself gives for its eastings, such as `EPSG:28354`.
    pub crs: Option<String>,
    /// Lengths of the geometry that have no column.
    pub without_column: Vec<GeometryParameter>,
    /// Whether there are columns of standard deviations.
    pub has_std: bool,
    /// Median size of the late data of each error group in the unit of the system, as it would be at 1 ms if it fell with
    /// the square root of time, as noise does. NaN where there are no data; empty for frequency-domain systems and where
    /// columns are missing.
    pub late_size: Vec<f64>,
    /// What the preset does not find, besides lengths of the geometry.
    pub missing: Vec<Error>,
}

/// Number of rows from which the signs are taken.
const ROWS: usize = 2_000;
/// Share of data with the sign of a normal decay from which the convention is known.
const CLEAR_SHARE: f64 = 0.8;

/// Looks at the columns and at the first rows of the survey file `path` for the data of `system`. `preset` restricts the
/// names to those of one preset. Without `dfn` a definition beside the file is used.
///
/// # Errors
/// A file cannot be read, or is no table.
pub fn recognise(path: &Path, dfn: Option<&Path>, system: &System, preset: Option<Preset>) -> Result<Recognised> {
    let definition = definition_file(path, dfn)?.map(|dfn| Definition::read(&dfn)).transpose()?;
    recognise_table(&Table::open_with(path, definition.as_ref(), &[])?, system, preset)
}

fn recognise_table(table: &Table, system: &System, preset: Option<Preset>) -> Result<Recognised> {
    let candidates: Vec<Preset> =
        preset.map_or_else(|| Preset::ALL.map(|(preset, _)| preset).to_vec(), |preset| vec![preset]);
    let found = candidates.into_iter().map(|preset| Found::new(table, system, preset));
    let Found { options, without_column, .. } = found.min_by_key(Found::rank).expect("there is a preset");
    let (columns, missing) = match SurveyColumns::find(table, system, &options) {
        Ok(columns) => (Some(columns), Vec::new()),
        Err(Error::Many(errors)) => (None, errors),
        Err(error) => return Err(error),
    };
    let mut recognised = Recognised {
        preset: options.preset,
        convention: None,
        crs: None,
        without_column,
        has_std: false,
        late_size: Vec::new(),
        missing,
    };
    if let Some(columns) = &columns {
        recognised.crs = table.crs(columns.place.easting.index).map(str::to_owned);
        recognised.has_std = columns.channels.has_std();
        let data = first_data(table, columns, &options)?;
        recognised.convention = convention_of(&data, system, options.convention);
        recognised.late_size = late_sizes(&data, system);
    }
    Ok(recognised)
}

/// The columns that a preset finds.
struct Found {
    options: ReadOptions,
    without_column: Vec<GeometryParameter>,
    /// Number of quantities that are missing.
    missing_count: usize,
    /// Whether any column has a name of data.
    has_data: bool,
}

impl Found {
    fn new(table: &Table, system: &System, preset: Preset) -> Self {
        let mut options = preset.options();
        let mut without_column = Vec::new();
        for parameter in system.sampled_geometry().iter().copied().filter(|parameter| !parameter.is_angle()) {
            if table.find(preset.names().geometry[parameter.index()]).is_ok_and(|column| column.is_none()) {
                // Any value serves: the survey is not read with these options.
                options.fixed_geometry[parameter.index()] = Some(1.0);
                without_column.push(parameter);
            }
        }
        let missing_count = SurveyColumns::missing_count(table, system, &options);
        let has_data = has_data(table, system, preset);
        Self { options, without_column, missing_count, has_data }
    }

    /// Is smaller for a preset that finds more: data are worth most, then other quantities, then lengths.
    fn rank(&self) -> (bool, usize, usize) {
        (!self.has_data, self.missing_count, self.without_column.len())
    }
}

/// Returns the data of the first rows, as [`Sounding::observed`](super::Sounding::observed).
fn first_data(table: &Table, columns: &SurveyColumns, options: &ReadOptions) -> Result<Vec<Vec<f64>>> {
    let mut all = Vec::new();
    let mut rows = table.rows()?;
    while let Some((_, row)) = rows.next()?
        && all.len() < ROWS
    {
        if let Ok(row) = row {
            all.push(columns.channels.read(&mut RowCells::new(&row, &options.nulls, None), "").0);
        }
    }
    Ok(all)
}

/// Returns the other convention where the signs of the Z data contradict `convention`. Only data of which the sign of a
/// normal decay is known are looked at: dB/dt that is not relative to the primary field.
fn convention_of(data: &[Vec<f64>], system: &System, convention: Convention) -> Option<Convention> {
    let has_known_sign = |moment: &TdemSystem| {
        moment.output == Output::DbDt && moment.normalisation == Normalisation::None && moment.output_scaling[2] >= 0.0
    };
    let moments = system.moments();
    if moments.is_empty() || !moments.iter().all(has_known_sign) || system.has_primary() || system.is_amplitude() {
        return None;
    }
    let is_z: Vec<bool> =
        system.channels().iter().map(|channel: &Channel| channel.component == Some(Axis::Z)).collect();
    let z = || data.iter().flat_map(|data| data.iter().zip(&is_z)).filter(|(_, is_z)| **is_z).map(|(datum, _)| *datum);
    let (up, down) = (z().filter(|&datum| datum > 0.0).count(), z().filter(|&datum| datum < 0.0).count());
    // With the program's axes, Z up, the Z field of a normal decay is negative.
    let is_opposite = up as f64 > CLEAR_SHARE * (up + down) as f64;
    is_opposite.then_some(match convention {
        Convention::GeoBipy => Convention::GaAem,
        Convention::GaAem => Convention::GeoBipy,
    })
}

/// Returns [`Recognised::late_size`].
fn late_sizes(data: &[Vec<f64>], system: &System) -> Vec<f64> {
    if !system.is_time_domain() {
        return Vec::new();
    }
    let (groups, channels) = (system.channel_error_groups(), system.channels());
    let count = groups.iter().max().map_or(0, |last| last + 1);
    let late_size = |group: usize| {
        let of_group: Vec<usize> = (0..groups.len()).filter(|&channel| groups[channel] == group).collect();
        let late = &of_group[of_group.len() / 2..];
        let size = |datum: f64, channel: usize| Some(datum.abs() * (channels[channel].time_s()? / 1e-3).sqrt());
        let mut sizes: Vec<f64> =
            data.iter().flat_map(|data| late.iter().filter_map(|&channel| size(data[channel], channel))).collect();
        sizes.retain(|size| size.is_finite());
        sizes.sort_by(f64::total_cmp);
        median(&sizes).unwrap_or(f64::NAN)
    };
    (0..count).map(late_size).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::survey::tests::tdem::{instrument, system};

    fn recognised(header: &str, row: &str) -> Recognised {
        let systems = vec![system("lm", [0.0, 0.0, 1.0], &[1e-5, 2e-5]), system("hm", [0.0, 0.0, 1.0], &[1e-3])];
        let table = Table::of_text(&format!("{header}\n{row}\n"), Path::new("s.csv")).unwrap();
        recognise_table(&table, &System::Tdem(instrument(systems)), None).unwrap()
    }

    const PLACE: &str = "line,fid,x,y,dtm,height,txrx_dx,txrx_dy,txrx_dz";
    const AT: &str = "1,2,3,4,5,30,-13,0,2";

    #[test]
    fn names_decide_the_preset_and_signs_the_convention() {
        let geobipy = format!("{PLACE},S0Z_time_1e-5,S0Z_time_2e-5,S1Z_time_1e-3");
        for (header, data, preset, convention) in [
            (&geobipy[..], "9,8,7", Preset::GeoBipy, None),
            (&geobipy, "-9,-8,-7", Preset::GeoBipy, Some(Convention::GaAem)),
            (&geobipy, "-9,8,7", Preset::GeoBipy, None),
            (&format!("{PLACE},LM_Z_1,LM_Z_2,HM_Z_1"), "9,8,7", Preset::SkyTem, None),
            (
                &format!("{PLACE},DBDT_Ch1GT1,DBDT_Ch1GT2,DBDT_Ch2GT1").replace("height", "tx_alt"),
                "9,8,7",
                Preset::Workbench,
                None,
            ),
        ] {
            let found = recognised(header, &format!("{AT},{data}"));
            assert_eq!((found.preset, found.convention), (preset, convention), "{header} {:?}", found.missing);
            assert!(found.missing.is_empty() && found.without_column.is_empty() && !found.has_std);
            // The only late gate of a group: 2e-5 s and 1 ms.
            let expected = [8.0 * 0.02_f64.sqrt(), 7.0];
            let pairs = found.late_size.iter().zip(expected);
            assert!(pairs.clone().all(|(size, expected)| (size - expected).abs() < 1e-9), "{:?}", found.late_size);
        }
    }

    #[test]
    fn what_is_not_there_is_listed() {
        let found = recognised("line,fid,x,dtm,height,LM_Z_1,LM_Z_2,HM_Z_1", "1,2,3,5,30,9,8,7");
        assert_eq!((found.preset, found.missing.len()), (Preset::SkyTem, 1));
        assert!(found.missing[0].to_string().contains("northing"), "{}", found.missing[0]);
        use GeometryParameter::{TxRxDx, TxRxDy, TxRxDz};
        assert_eq!(found.without_column, [TxRxDx, TxRxDy, TxRxDz]);
    }
}
