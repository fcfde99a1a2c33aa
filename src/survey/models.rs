//! Tables of layered earths from which data are computed.

use std::path::Path;

use crate::earth::LayeredEarth;
use crate::error::{Error, Result};
use crate::system::{Geometry, GeometryParameter};

use super::suspects::Digits;
use super::table::{Row, RowResult, Table};

/// A layered earth, and the coils and place of its sounding.
#[derive(Debug, Clone, PartialEq)]
pub struct ModelRow {
    /// The model's number in the table, when it has one.
    pub model_id: Option<f64>,
    /// The layers.
    pub earth: LayeredEarth,
    /// Position and attitude of the coils.
    pub geometry: Geometry,
    /// Flight line.
    pub line_number: f64,
    /// Position counter on the line.
    pub fiducial: f64,
    /// Easting in m.
    pub easting_m: f64,
    /// Northing in m.
    pub northing_m: f64,
    /// Ground above datum in m.
    pub elevation_m: f64,
}

/// Reads a table of models: a header row, then one row per model, separated by commas.
///
/// Columns are found by name; other columns are ignored.
///
/// | column | content | without the column |
/// |---|---|---|
/// | `height_m` or `tx_height_m` | height of the bird or transmitter above ground | error |
/// | `conductivity_S_per_m` | layers from the top down, separated by `;`, the halfspace last | error |
/// | `thickness_m` | thicknesses of the layers except the halfspace, separated by `;`; empty for a halfspace | error |
/// | `txrx_dx_m`, `txrx_dy_m`, `txrx_dz_m` | receiver ahead, left and above of the transmitter | 0 |
/// | `tx_roll_deg`, `tx_pitch_deg`, `tx_yaw_deg` | attitude of the transmitter, as in [`Geometry`] | 0 |
/// | `rx_roll_deg`, `rx_pitch_deg`, `rx_yaw_deg` | attitude of the receiver | 0 |
/// | `model_id` | a number | none |
/// | `line_number` | | 1 |
/// | `fiducial` | | `model_id`, or the number of the row from 0 |
/// | `easting_m` | | 10 m per row |
/// | `northing_m`, `elevation_m` | | 0 |
///
/// # Errors
///
/// [`Error::Io`] when the file cannot be read, [`Error::Input`] when it is not text or has no header or no rows, and
/// [`Error::Many`] with every mistake in the header or the rows.
pub fn read_models(path: &Path) -> Result<Vec<ModelRow>> {
    of_table(&Table::open(path, None)?)
}

fn of_table(table: &Table) -> Result<Vec<ModelRow>> {
    let columns = ModelColumns::find(table)?;
    let mut models = Vec::new();
    let mut errors = Vec::new();
    let mut rows = table.rows()?;
    let mut index = 0;
    while let Some((_, row)) = rows.next()? {
        match row.map_err(|error| vec![error]).and_then(|row| read_model(&row, &columns, index)) {
            Ok(model) => models.push(model),
            Err(wrong) => errors.extend(wrong),
        }
        index += 1;
    }
    if errors.is_empty() { Ok(models) } else { Err(Error::Many(errors)) }
}

/// The columns of a table of models, counted from 0.
struct ModelColumns {
    height: usize,
    /// Columns in the order of [`GeometryParameter::ALL`], without a column for the height.
    geometry: [Option<usize>; GeometryParameter::ALL.len()],
    conductivity: usize,
    thickness: usize,
    model_id: Option<usize>,
    line_number: Option<usize>,
    fiducial: Option<usize>,
    easting: Option<usize>,
    northing: Option<usize>,
    elevation: Option<usize>,
}

impl ModelColumns {
    fn find(table: &Table) -> Result<Self> {
        let mut errors = Vec::new();
        let mut require =
            |names: &[&str]| table.require_named(names).map_err(|error| errors.push(error)).unwrap_or_default();
        let height = require(&["height_m", "tx_height_m"]);
        let conductivity = require(&["conductivity_S_per_m"]);
        let thickness = require(&["thickness_m"]);
        let mut find = |name: &str| table.find_named(&[name]).map_err(|error| errors.push(error)).unwrap_or_default();
        let mut geometry = |parameter| match parameter {
            GeometryParameter::Height => None,
            _ => find(&format!("{}_{}", parameter.name(), parameter.unit())),
        };
        let columns = Self {
            height,
            geometry: GeometryParameter::ALL.map(&mut geometry),
            conductivity,
            thickness,
            model_id: find("model_id"),
            line_number: find("line_number"),
            fiducial: find("fiducial"),
            easting: find("easting_m"),
            northing: find("northing_m"),
            elevation: find("elevation_m"),
        };
        if errors.is_empty() { Ok(columns) } else { Err(Error::Many(errors)) }
    }
}

fn read_model(row: &Row, columns: &ModelColumns, index: usize) -> RowResult<ModelRow> {
    let mut errors = Vec::new();
    let mut number = |column| required_number(row, column).map_err(|error| errors.push(error)).unwrap_or(f64::NAN);
    let height_m = number(columns.height);
    let model_id = columns.model_id.map(&mut number);
    let mut or = |column: Option<usize>, default: f64| column.map_or(default, &mut number);
    let line_number = or(columns.line_number, 1.0);
    let fiducial = or(columns.fiducial, model_id.unwrap_or(index as f64));
    let easting_m = or(columns.easting, 10.0 * index as f64);
    let northing_m = or(columns.northing, 0.0);
    let elevation_m = or(columns.elevation, 0.0);
    let mut geometry = Geometry::level(height_m);
    for (parameter, column) in GeometryParameter::ALL.into_iter().zip(columns.geometry) {
        if column.is_some() {
            geometry.set(parameter, or(column, 0.0));
        }
    }
    if height_m <= 0.0 {
        errors.push(row.error(columns.height, "a height in m more than 0"));
    }
    errors.extend(null_errors(row, columns));
    match read_earth(row, columns) {
        Ok(earth) if errors.is_empty() => {
            Ok(ModelRow { model_id, earth, geometry, line_number, fiducial, easting_m, northing_m, elevation_m })
        }
        Ok(_) => Err(errors),
        Err(wrong) => {
            errors.extend(wrong);
            Err(errors)
        }
    }
}

/// Returns an error for each number that stands for a missing value: an earth without a conductivity or a place has no data.
fn null_errors(row: &Row, columns: &ModelColumns) -> Vec<Error> {
    const EXPECTED: &str = "a measured number: this one usually means \"missing\"; leave the row out or correct it";
    // Zero, and heights below the ground, have errors of their own.
    let is_null = |value: &f64| Digits::of(*value) == Digits::Null;
    let number = |column: &usize| row.number(*column).ok().flatten();
    let is_height = |column: usize| column == columns.height;
    let lengths = columns.geometry.iter().flatten().chain(&columns.elevation).chain([&columns.height]);
    let lengths =
        lengths.filter(|column| number(column).is_some_and(|v| is_null(&v) && (v > 0.0 || !is_height(**column))));
    // Line numbers, fiducials and coordinates may consist of nines.
    let keys = [&columns.line_number, &columns.fiducial, &columns.easting, &columns.northing, &columns.model_id];
    let keys = keys.into_iter().flatten();
    let keys = keys.filter(|column| number(column).is_some_and(|v| is_null(&v) && !(0.0..1e15).contains(&v)));
    let conductivity = row.text(columns.conductivity);
    let mut conductivities = conductivity.split(';').filter_map(|cell| cell.trim().parse().ok());
    let is_missing = conductivities.any(|value: f64| value > 0.0 && is_null(&value));
    let cells = lengths.chain(keys).chain(is_missing.then_some(&columns.conductivity));
    cells.map(|column| row.error(*column, EXPECTED)).collect()
}

fn required_number(row: &Row, column: usize) -> Result<f64> {
    row.number(column)?.ok_or_else(|| row.error(column, "a number"))
}

fn read_earth(row: &Row, columns: &ModelColumns) -> RowResult<LayeredEarth> {
    let conductivity = positive_list(row, columns.conductivity);
    let thickness_m = match &*row.text(columns.thickness) {
        "" => Ok(Vec::new()),
        _ => positive_list(row, columns.thickness),
    };
    let (conductivity, thickness_m) = match (conductivity, thickness_m) {
        (Ok(conductivity), Ok(thickness_m)) => (conductivity, thickness_m),
        (conductivity, thickness_m) => {
            return Err([conductivity.err(), thickness_m.err()].into_iter().flatten().collect());
        }
    };
    let interface_count = conductivity.len() - 1;
    if thickness_m.len() != interface_count {
        let expected = format!("{interface_count}, one fewer than conductivities");
        return Err(vec![row.error_got(columns.thickness, format_args!("{} values", thickness_m.len()), expected)]);
    }
    LayeredEarth::from_thicknesses(&conductivity, &thickness_m)
        .ok_or_else(|| vec![row.error(columns.thickness, "depths that increase and are finite")])
}

/// Returns the numbers between `;`, at least one.
fn positive_list(row: &Row, column: usize) -> Result<Vec<f64>> {
    let value = |cell: &str| cell.trim().parse().ok().filter(|value: &f64| value.is_finite() && *value > 0.0);
    let values: Option<Vec<f64>> = row.text(column).split(';').map(value).collect();
    values.ok_or_else(|| row.error(column, "numbers more than 0, separated by ;"))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use proptest::prelude::*;

    use super::*;

    const HEADER: &str = "height_m,conductivity_S_per_m,thickness_m";

    fn read(text: &str) -> Result<Vec<ModelRow>> {
        of_table(&Table::of_text(text, Path::new("m.csv"))?)
    }

    fn message(text: &str) -> String {
        read(text).unwrap_err().to_string()
    }

    #[test]
    fn rows_without_a_place_get_one() {
        let models = read(&format!("{HEADER}\n30,0.1,\n42.5,0.1; 8.3;0.05,29.9;11.5\n")).unwrap();
        assert_eq!(models[0].earth, LayeredEarth::halfspace(0.1_f64.ln()));
        let expected = ModelRow {
            model_id: None,
            earth: LayeredEarth::from_thicknesses(&[0.1, 8.3, 0.05], &[29.9, 11.5]).unwrap(),
            geometry: Geometry::level(42.5),
            line_number: 1.0,
            fiducial: 1.0,
            easting_m: 10.0,
            northing_m: 0.0,
            elevation_m: 0.0,
        };
        assert_eq!(models[1], expected);
    }

    #[test]
    fn the_model_is_its_own_fiducial() {
        let models = read(&format!("model_id,n_layers,{HEADER},ppm\n17,1,30,0.1,,5e3\n")).unwrap();
        assert_eq!((models[0].model_id, models[0].fiducial), (Some(17.0), 17.0));
    }

    #[test]
    fn places_are_read_when_they_are_there() {
        let header = format!("fiducial,line_number,elevation_m,northing_m,easting_m,model_id,{HEADER}");
        let model = read(&format!("{header}\n5,100,-3,2e6,4e5,17,30,0.1,\n")).unwrap().remove(0);
        assert_eq!((model.line_number, model.fiducial, model.model_id), (100.0, 5.0, Some(17.0)));
        assert_eq!((model.easting_m, model.northing_m, model.elevation_m), (4e5, 2e6, -3.0));
    }

    #[test]
    fn geometries_are_read_when_they_are_there() {
        let header = "tx_height_m,tx_roll_deg,tx_pitch_deg,tx_yaw_deg,txrx_dx_m,txrx_dy_m,txrx_dz_m,rx_roll_deg,\
                      rx_pitch_deg,rx_yaw_deg,conductivity_S_per_m,thickness_m";
        let model = read(&format!("{header}\n1,2,3,4,5,6,7,8,9,10,0.1,\n")).unwrap().remove(0);
        assert_eq!(GeometryParameter::ALL.map(|p| model.geometry.get(p)), [1., 2., 3., 4., 5., 6., 7., 8., 9., 10.]);
        let model = read(&format!("rx_pitch_deg,{HEADER}\n-2.5,30,0.1,\n")).unwrap().remove(0);
        assert_eq!(model.geometry, Geometry::level(30.0).with(GeometryParameter::RxPitch, -2.5));
        assert_eq!(
            message(&format!("tx_height_m,txrx_dx_m,{HEADER}\n30,x,30,0.1,\n")),
            "m.csv, line 1: got columns tx_height_m, height_m, expected one column named height_m or tx_height_m"
        );
        assert_eq!(
            message(&format!("txrx_dx_m,{HEADER}\nx,30,0.1,\n")),
            "m.csv, line 2, column txrx_dx_m: got \"x\", expected a number"
        );
    }

    #[test]
    fn every_wrong_cell_is_named() {
        let rows = "0,0.1,\n30,0.1;-1;2,5;x\n,0.1;1,5;6\nhigh,,\n30,1;2;3,5;\n30,1;2;3,1e9;1e-9\n30,1\n";
        let positive = "expected numbers more than 0, separated by ;";
        let expected = [
            "line 2, column height_m: got \"0\", expected a height in m more than 0".to_owned(),
            format!("line 3, column conductivity_S_per_m: got \"0.1;-1;2\", {positive}"),
            format!("line 3, column thickness_m: got \"5;x\", {positive}"),
            "line 4, column height_m: got \"\", expected a number".to_owned(),
            "line 4, column thickness_m: got 2 values, expected 1, one fewer than conductivities".to_owned(),
            "line 5, column height_m: got \"high\", expected a number".to_owned(),
            format!("line 5, column conductivity_S_per_m: got \"\", {positive}"),
            format!("line 6, column thickness_m: got \"5;\", {positive}"),
            "line 7, column thickness_m: got \"1e9;1e-9\", expected depths that increase and are finite".to_owned(),
            "line 8: got 2 cells, expected 3 as in the header".to_owned(),
        ];
        assert_eq!(message(&format!("{HEADER}\n{rows}")), expected.map(|line| format!("m.csv, {line}")).join("\n"));
    }

    /// Would catch: data computed for a place or an earth that is not known.
    #[test]
    fn nulls_are_no_numbers() {
        let header = "line_number,fiducial,easting_m,elevation_m,height_m,txrx_dx_m,conductivity_S_per_m,thickness_m";
        let good = ["9999", "9999", "99999", "12", "30", "-13", "0.1;0.5", "9"];
        let row = |column: usize, cell: &str| {
            let mut cells = good;
            cells[column] = cell;
            format!("{header}\n{}\n", cells.join(","))
        };
        assert_eq!(read(&row(0, "9999")).unwrap().len(), 1);
        for (column, cell) in [
            (1, "-9999"),
            (2, "-99999.9"),
            (3, "-9999"),
            (3, "1e30"),
            (4, "9999"),
            (5, "-32768"),
            (5, "999.9"),
            (6, "0.1;9999"),
        ] {
            let message = message(&row(column, cell));
            let name = header.split(',').nth(column).unwrap();
            let expected = format!("m.csv, line 2, column {name}: got \"{cell}\", expected a measured number");
            assert!(message.starts_with(&expected) && !message.contains('\n'), "{message}");
        }
    }

    #[test]
    fn wrong_headers_are_refused() {
        assert_eq!(
            message("model_id,Model_ID,height_m,thickness_m\n1,2,3,4\n"),
            "m.csv, line 1: got columns model_id, Model_ID, height_m, thickness_m, \
             expected a column named conductivity_S_per_m\n\
             m.csv, line 1: got columns model_id, Model_ID, expected one column named model_id"
        );
        assert_eq!(message(HEADER), "m.csv: got a header and no rows, expected at least one row");
        assert_eq!(message(""), "m.csv: got an empty file, expected a header row of column names");
    }

    #[test]
    fn models_are_read_from_disk() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("m.csv");
        assert!(matches!(read_models(&path), Err(Error::Io { .. })));
        fs::write(&path, format!("{HEADER}\r\n30,0.1,\r\n")).unwrap();
        assert_eq!(read_models(&path).unwrap().len(), 1);
    }

    proptest! {
        #[test]
        fn arbitrary_text_never_panics(text in any::<String>(), body in "([-0-9.einafx\"\r\n;]|,){0,200}") {
            let _ = read(&text);
            let _ = read(&format!("{HEADER}\n{body}"));
        }
    }
}
