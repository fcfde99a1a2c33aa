//! Results as tables with a row per sounding, or per depth cell of a sounding. Some soundings are in memory at a time.

use super::column::{Column, ColumnValues};
use super::data::data_columns;
use crate::error::{Error, Result};
use crate::quantities::{Quantity, Slice, SurveySelection, at_slices};

/// The rows and columns of a table.
#[derive(Debug, Clone, Copy)]
pub enum Content<'a> {
    /// A row is a sounding. A quantity by depth among these names has a column for each slice.
    Soundings(&'a [String], &'a [Slice]),
    /// A row is a depth cell of a sounding; each of these names is a column.
    Layers(&'a [String]),
    /// A row is a sounding; columns are observed and predicted data, standard deviations and residuals of each channel.
    Data,
}

/// A table of which some soundings are in memory at a time.
#[derive(Debug)]
pub struct Tables<'a> {
    survey: &'a SurveySelection,
    content: Content<'a>,
    head: Table,
}

/// Number of soundings in memory at a time.
const SOUNDINGS: usize = 8192;
/// Number of soundings in memory at a time when each has many rows.
const SOUNDINGS_BY_LAYER: usize = 1024;

impl<'a> Tables<'a> {
    /// Makes the table of the soundings of `survey`, which must not be empty.
    ///
    /// # Errors
    /// A slice lies outside the depth cells, a quantity does not exist, or a quantity by depth has no slice.
    pub fn new(survey: &'a SurveySelection, content: Content<'a>) -> Result<Self> {
        if let Content::Soundings(_, slices) = content {
            survey.check_slices(slices)?;
        }
        // Everything is read once here, so that errors are found before anything is written.
        let head = Table::of(&survey.part(0..1), content)?;
        Ok(Self { survey, content, head })
    }

    /// Returns the number of rows.
    pub fn rows(&self) -> usize {
        match self.content {
            Content::Layers(_) => self.survey.len() * (self.survey.depth_bounds_m.len() - 1),
            Content::Soundings(..) | Content::Data => self.survey.len(),
        }
    }

    /// Returns the soundings.
    #[cfg(feature = "parquet")]
    pub(super) fn survey(&self) -> &'a SurveySelection {
        self.survey
    }

    /// Returns the columns with the rows of the first sounding.
    pub fn head(&self) -> &Table {
        &self.head
    }

    /// Returns the rows, some soundings at a time.
    pub fn parts(&self) -> impl Iterator<Item = Result<Table>> {
        let block = if matches!(self.content, Content::Layers(_)) { SOUNDINGS_BY_LAYER } else { SOUNDINGS };
        let count = self.survey.len();
        let part = move |first| Table::of(&self.survey.part(first..(first + block).min(count)), self.content);
        (0..count).step_by(block).map(part)
    }
}

/// Index of the column of eastings; northings follow.
pub(super) const PLACE: usize = 2;

/// Columns of equal length.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// The columns; the first two are line number and fiducial, the next two easting and northing.
    pub columns: Vec<Column>,
    /// Number of rows.
    pub rows: usize,
    /// Coordinate reference system, when it is known.
    pub crs: Option<String>,
    /// Origin of the values: names and texts.
    pub provenance: Vec<(&'static str, String)>,
}

impl Table {
    /// Makes the table of all soundings of `survey`.
    fn of(survey: &SurveySelection, content: Content<'_>) -> Result<Self> {
        let read = |names: &[String]| names.iter().map(|name| Quantity::read(survey, name)).collect::<Result<Vec<_>>>();
        match content {
            Content::Soundings(names, slices) => Self::of_soundings(survey, &read(names)?, slices),
            Content::Layers(names) => Self::of_layers(survey, &read(names)?),
            Content::Data => Self::of_data(survey),
        }
    }

    /// Makes a table with a row per sounding of `quantities` at `slices`.
    ///
    /// # Errors
    /// A slice lies outside the depth cells, or a quantity by depth has no slice.
    pub fn of_soundings(survey: &SurveySelection, quantities: &[Quantity], slices: &[Slice]) -> Result<Self> {
        survey.check_slices(slices)?;
        let mut columns = identity(survey);
        let refs: Vec<&Quantity> = quantities.iter().collect();
        let values = at_slices(survey, &refs, slices)?;
        for (quantity, values) in quantities.iter().zip(values) {
            columns.extend(by_slice(quantity, slices, values)?);
        }
        Self::new(survey, columns, survey.len())
    }

    fn of_layers(survey: &SurveySelection, quantities: &[Quantity]) -> Result<Self> {
        let cells = survey.depth_bounds_m.len() - 1;
        let mut columns: Vec<Column> = identity(survey).into_iter().map(|column| repeated(column, cells)).collect();
        columns.extend(depths(survey));
        columns.extend(quantities.iter().map(|quantity| by_cell(quantity, cells)));
        Self::new(survey, columns, survey.len() * cells)
    }

    fn of_data(survey: &SurveySelection) -> Result<Self> {
        let mut columns = identity(survey);
        columns.extend(data_columns(survey)?);
        Self::new(survey, columns, survey.len())
    }

    fn new(survey: &SurveySelection, columns: Vec<Column>, rows: usize) -> Result<Self> {
        Ok(Self { columns, rows, crs: survey.crs(), provenance: survey.provenance()? })
    }

    /// Returns the place of the sounding of each row, `None` where it is not known.
    #[cfg(feature = "parquet")]
    pub(super) fn places(&self) -> impl Iterator<Item = Option<(f64, f64)>> {
        let of = |column: usize| match &self.columns[column].cells {
            ColumnValues::Numbers(values, _) => values.as_slice(),
            ColumnValues::Integers(_) | ColumnValues::Texts(_) => &[],
        };
        let places = of(PLACE).iter().zip(of(PLACE + 1));
        places.map(|(&x, &y)| (x.is_finite() && y.is_finite()).then_some((x, y)))
    }
}

/// Returns the columns of a sounding's key, place and status.
fn identity(survey: &SurveySelection) -> Vec<Column> {
    let number = |name: &str, unit: &str, meaning: &str, values: &[f64], decimals: usize| Column {
        name: name.to_owned(),
        unit: unit.to_owned(),
        long_name: name.replace('_', " "),
        meaning: meaning.to_owned(),
        cells: ColumnValues::Numbers(values.to_vec(), Some(decimals)),
        is_logarithmic: false,
    };
    let ([x, y], unit, decimals) = (survey.place_names(), &survey.axes.unit, survey.place_decimals());
    let meaning = survey.crs().map_or_else(|| "Coordinate".to_owned(), |crs| format!("Coordinate in {}", short(&crs)));
    vec![
        number("line_number", "1", "Flight line", &survey.line_number, 2),
        number("fiducial", "1", "Position counter on the line", &survey.fiducial, 3),
        number(x, unit, &meaning, &survey.easting_m, decimals),
        number(y, unit, &meaning, &survey.northing_m, decimals),
        number("elevation", "m", "Ground above datum", &survey.elevation_m, 2),
        Column {
            name: "status".to_owned(),
            unit: "1".to_owned(),
            long_name: "status".to_owned(),
            meaning: "Status of the sounding".to_owned(),
            cells: ColumnValues::Texts(survey.status.iter().map(|status| status.name()).collect()),
            is_logarithmic: false,
        },
    ]
}

/// Returns a code as it is, and a short text for WKT, which would be too long for a table.
fn short(crs: &str) -> &str {
    if crs.contains('[') { "the system of the survey" } else { crs }
}

fn by_slice(quantity: &Quantity, slices: &[Slice], values: Vec<Vec<f64>>) -> Result<Vec<Column>> {
    let column = |name: String, long_name: String, meaning: String, values: Vec<f64>| Column {
        name,
        unit: quantity.unit.clone(),
        long_name,
        meaning,
        cells: ColumnValues::Numbers(values, None),
        is_logarithmic: quantity.is_logarithmic,
    };
    let (label, meaning) = (quantity.long_name.clone(), quantity.meaning.clone());
    if !quantity.is_by_depth() {
        return Ok(vec![column(quantity.name.clone(), label, meaning, quantity.values.clone())]);
    }
    if slices.is_empty() {
        return Err(Error::Config(format!("{} is by depth: choose one with --depth or --elevation", quantity.name)));
    }
    let at = |(slice, values): (&Slice, Vec<f64>)| {
        let name = format!("{}_{}", quantity.name, slice.to_string().replace(['-', '.'], "_"));
        column(name, quantity.label_at(slice), quantity.meaning_at(slice), values)
    };
    Ok(slices.iter().zip(values).map(at).collect())
}

fn repeated(column: Column, times: usize) -> Column {
    fn each<T: Copy>(values: &[T], times: usize) -> Vec<T> {
        values.iter().flat_map(|&value| std::iter::repeat_n(value, times)).collect()
    }
    let cells = match column.cells {
        ColumnValues::Numbers(values, decimals) => ColumnValues::Numbers(each(&values, times), decimals),
        ColumnValues::Integers(values) => ColumnValues::Integers(each(&values, times)),
        ColumnValues::Texts(values) => ColumnValues::Texts(each(&values, times)),
    };
    Column { cells, ..column }
}

/// Returns the columns of the cells' number, depths and elevations.
fn depths(survey: &SurveySelection) -> Vec<Column> {
    let bounds = &survey.depth_bounds_m;
    let cells = bounds.len() - 1;
    let number = |name: &str, meaning: &str, of: &dyn Fn(usize, usize) -> f64| Column {
        name: name.to_owned(),
        unit: "m".to_owned(),
        long_name: name.replace('_', " "),
        meaning: meaning.to_owned(),
        cells: ColumnValues::Numbers(
            (0..survey.len()).flat_map(|i| (0..cells).map(move |cell| of(i, cell))).collect(),
            Some(3),
        ),
        is_logarithmic: false,
    };
    let layer = (0..survey.len()).flat_map(|_| 1..=cells as i64).collect();
    vec![
        Column {
            name: "layer".to_owned(),
            unit: "1".to_owned(),
            long_name: "depth cell".to_owned(),
            meaning: "Depth cell, from 1 at the top".to_owned(),
            cells: ColumnValues::Integers(layer),
            is_logarithmic: false,
        },
        number("depth_top", "Depth of the top of the cell", &|_, cell| bounds[cell]),
        number("depth_bottom", "Depth of the bottom of the cell", &|_, cell| bounds[cell + 1]),
        number("elevation_top", "Elevation of the top of the cell", &|i, cell| survey.elevation_m[i] - bounds[cell]),
        number("elevation_bottom", "Elevation of the bottom of the cell", &|i, cell| {
            survey.elevation_m[i] - bounds[cell + 1]
        }),
    ]
}

fn by_cell(quantity: &Quantity, cells: usize) -> Column {
    let values = if quantity.is_by_depth() {
        quantity.values.clone()
    } else {
        quantity.values.iter().flat_map(|&value| std::iter::repeat_n(value, cells)).collect()
    };
    Column {
        name: quantity.name.clone(),
        unit: quantity.unit.clone(),
        long_name: quantity.long_name.clone(),
        meaning: quantity.meaning.clone(),
        cells: ColumnValues::Numbers(values, None),
        is_logarithmic: quantity.is_logarithmic,
    }
}
