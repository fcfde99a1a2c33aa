//! Undeclared nulls, in files of all kinds.

use super::fdem::system;
use super::*;

const HEADER: [&str; 10] = ["line", "fid", "x", "y", "height", "dtm", "i_380", "i_8171", "q_380", "q_8171"];
const ROWS: usize = 60;

/// A plausible number of a column.
fn number(row: usize, column: usize) -> f64 {
    let i = row as f64;
    let wave = (0.7 * i + column as f64).sin();
    match column {
        0 => 10.0,
        1 => 100.0 + i,
        2 => 500_000.0 + 10.0 * i,
        3 => 4_000_000.0 + 3.0 * wave,
        4 => 35.0 + 5.0 * wave,
        5 => 200.0 + 20.0 * wave,
        _ => 400.0 + 300.0 * wave + 0.01 * i,
    }
}

/// A survey whose numbers `change` replaces, by row and column.
fn text(separator: &str, change: impl Fn(usize, usize) -> Option<&'static str>) -> String {
    let row = |row: usize| {
        let cell = |column| change(row, column).map_or_else(|| number(row, column).to_string(), str::to_owned);
        let cells: Vec<String> = (0..HEADER.len()).map(cell).collect();
        cells.join(separator) + "\n"
    };
    (0..ROWS).map(row).collect()
}

fn csv(change: impl Fn(usize, usize) -> Option<&'static str>) -> Vec<Suspect> {
    let text = format!("{}\n{}", HEADER.join(","), text(",", change));
    let table = Table::of_text(&text, Path::new("s.csv")).unwrap();
    SurveyFile::of_table(table, &system(), &ReadOptions::default()).unwrap().suspects().to_vec()
}

/// Changes every tenth row of some columns.
fn every_tenth(columns: &[usize], null: &'static str) -> Vec<Suspect> {
    csv(|row, column| (columns.contains(&column) && row % 10 == 3).then_some(null))
}

#[test]
fn numbers_of_a_plain_survey_are_not_suspicious() {
    assert_eq!(csv(|_, _| None), []);
    // A saturated channel, rounded data around 0, an elevation of 0 near the sea, a survey on one northing.
    assert_eq!(csv(|row, column| (column == 6 && row % 4 == 0).then_some("1000")), []);
    let rounded = |row: usize, column: usize| (column == 7).then(|| ["-2", "-1", "0", "0", "1", "2"][row % 6]);
    assert_eq!(csv(rounded), []);
    assert_eq!(csv(|row, column| (column == 5).then(|| ["0", "1.5", "3", "0"][row % 4])), []);
    assert_eq!(csv(|_, column| (column == 3).then_some("0")), []);
    // A fiducial of nines, which each survey may have.
    assert_eq!(csv(|row, column| (column == 1 && row == 5).then_some("9999")), []);
}

#[test]
fn nulls_of_all_spellings_are_certain() {
    for null in [
        "-9999",
        "9999",
        "-99999",
        "99999",
        "-9999.99",
        "-9999.9",
        "-999.9",
        "1e30",
        "-1e30",
        "-1e32",
        "1e20",
        "-32768",
        "32767",
        "-2147483648",
        "1.70141e38",
        "-3.4028235e38",
    ] {
        let suspects = every_tenth(&[6, 9], null);
        let [suspect] = &suspects[..] else { panic!("{null}: {suspects:?}") };
        assert_eq!(suspect.value, null.parse::<f64>().unwrap());
        assert_eq!((suspect.quantity, suspect.count, suspect.is_certain), (ColumnQuantity::Datum, 12, true), "{null}");
        assert_eq!(suspect.columns, ["i_380", "q_8171"]);
        let (low, high) = suspect.others.unwrap();
        assert!(low > 90.0 && high < 710.0, "{null}: {low} to {high}");
    }
}

#[test]
fn every_quantity_is_examined() {
    for (column, quantity) in [
        (1, ColumnQuantity::Key),
        (2, ColumnQuantity::Coordinate),
        (3, ColumnQuantity::Coordinate),
        (4, ColumnQuantity::Height),
        (5, ColumnQuantity::Elevation),
        (8, ColumnQuantity::Datum),
    ] {
        let suspects = every_tenth(&[column], "-9999");
        let [suspect] = &suspects[..] else { panic!("{column}: {suspects:?}") };
        assert_eq!((suspect.quantity, suspect.is_certain), (quantity, true), "{column}");
        assert_eq!(suspect.columns, [HEADER[column]]);
    }
}

/// Would catch: zeros that are data, or a null that removes numbers that are necessary.
#[test]
fn zeros_are_suspicious_where_none_can_be() {
    let certain = |column| {
        let suspects = every_tenth(&[column], "0");
        let [suspect] = &suspects[..] else { panic!("{column}: {suspects:?}") };
        assert_eq!((suspect.value, suspect.count), (0.0, 6), "{column}");
        suspect.is_certain
    };
    assert!(certain(2) && certain(3) && certain(4));
    assert!(!certain(6), "a datum may be 0");
    let with_line_0 = csv(|row, column| match column {
        0 => Some("0"),
        6 if row % 10 == 3 => Some("0"),
        _ => None,
    });
    assert_eq!(with_line_0[0].needed_in.as_deref(), Some("line"));
    assert_eq!(every_tenth(&[6], "0")[0].needed_in, None);
}

#[test]
fn doubtful_numbers_are_not_certain() {
    let doubtful = |suspects: &[Suspect]| matches!(suspects, [suspect] if !suspect.is_certain);
    // Once only, without typical digits, or among the other numbers.
    assert!(doubtful(&csv(|row, column| (column == 6 && row == 3).then_some("-9999"))));
    assert!(doubtful(&every_tenth(&[6], "-77777")));
    assert!(doubtful(&every_tenth(&[6], "99999.5")));
    assert!(doubtful(&every_tenth(&[6], "999")));
    // A number that is declared is not suspicious.
    let text =
        format!("{}\n{}", HEADER.join(","), text(",", |row, column| (column == 6 && row < 9).then_some("-9999")));
    let options = ReadOptions { nulls: vec![-9999.0], ..ReadOptions::default() };
    let table = Table::of_text(&text, Path::new("s.csv")).unwrap();
    assert_eq!(SurveyFile::of_table(table, &system(), &options).unwrap().suspects(), []);
}

#[test]
fn several_nulls_are_found_in_one_file() {
    let suspects = csv(|row, column| match (row % 10, column) {
        (3, 6) => Some("-9999"),
        (5, 6) => Some("9999.9"),
        (7, 7) => Some("1e30"),
        _ => None,
    });
    let values: Vec<f64> = suspects.iter().map(|suspect| suspect.value).collect();
    assert_eq!(values, [-9999.0, 9999.9, 1e30]);
    assert!(suspects.iter().all(|suspect| suspect.is_certain), "{suspects:?}");
}

#[test]
fn a_column_of_nulls_only_is_found() {
    let suspects = csv(|_, column| (column == 6).then_some("-9999"));
    assert!(matches!(&suspects[..], [suspect] if suspect.is_certain && suspect.others.is_none()), "{suspects:?}");
}

#[test]
fn nulls_in_gdf2_are_found_unless_the_definition_has_them() {
    let definition = |null: &str| {
        let field = |name: &&str| {
            let null = if *name == "i_380" { null } else { "" };
            format!("DEFN ST=RECD,RT=;{name}:F14.4{null}\n")
        };
        HEADER.iter().map(field).collect::<String>() + "DEFN ST=RECD,RT=;END DEFN\n"
    };
    let text = text(" ", |row, column| (column == 6 && row % 10 == 3).then_some("-9999.9"));
    let suspects = |null: &str| {
        let definition = Definition::parse(&definition(null), Path::new("s.dfn")).unwrap();
        let table = Table::of_text_defined(&text, Path::new("s.dat"), &definition).unwrap();
        SurveyFile::of_table(table, &system(), &ReadOptions::default()).unwrap().suspects().to_vec()
    };
    assert!(matches!(&suspects("")[..], [suspect] if suspect.value == -9999.9 && suspect.is_certain));
    assert!(matches!(&suspects(":NULL=-9999.99")[..], [suspect] if suspect.value == -9999.9));
    assert_eq!(suspects(":NULL=-9999.9"), []);
}

/// Would catch: a null of 64 bits that is looked for among numbers of 32 bits.
#[test]
fn nulls_in_tables_of_numbers_are_found() {
    let column = |column: usize| {
        let value = |row| if column == 6 && row % 10 == 3 { f64::from(-9999.99_f32) } else { number(row, column) };
        (0..ROWS).map(value).collect()
    };
    let numbers = super::super::table::Numbers {
        names: HEADER.map(str::to_owned).to_vec(),
        columns: (0..HEADER.len()).map(column).collect(),
    };
    let table = Table::of_numbers(Path::new("s.parquet"), numbers).unwrap();
    let survey = SurveyFile::of_table(table, &system(), &ReadOptions::default()).unwrap();
    let [suspect] = survey.suspects() else { panic!("{:?}", survey.suspects()) };
    assert!(suspect.is_certain && suspect.value == f64::from(-9999.99_f32), "{suspect:?}");
}
