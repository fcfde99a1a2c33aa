//! `geobipy init` with the files of a survey: what they say need not be typed.

use crate::support::{SURVEY, SYSTEM, Workdir};
use crate::tdem_survey::{FIXED_WING, HIGH_MOMENT, LOW_MOMENT, PLACE_COLUMNS, fixed_wing, helicopter};

const HELICOPTER: [&str; 9] =
    ["init", "--data", SURVEY, "--system", LOW_MOMENT, "--system", HIGH_MOMENT, "-o", "new.toml"];

/// The numbers of a list in a configuration.
fn numbers(toml: &str, key: &str) -> Vec<f64> {
    let table: toml::Table = toml.parse().unwrap();
    let values = table["errors"][key].as_array().unwrap_or_else(|| panic!("{key} in {toml}"));
    values.iter().map(|value| value.as_float().unwrap()).collect()
}

/// Would catch: a configuration that `check` refuses; bounds of errors in another unit than the data.
#[test]
fn a_survey_of_two_moments_is_recognised() {
    let workdir = helicopter(6);
    workdir.geobipy(&HELICOPTER).succeeds();
    let toml = workdir.text("new.toml");
    assert!(toml.contains("a time-domain helicopter survey") && toml.contains("# convention = "), "{toml}");
    let (low, high) = (numbers(&toml, "additive_minimum"), numbers(&toml, "additive_maximum"));
    for (true_noise, (low, high)) in [3e-14, 3e-15].into_iter().zip(low.into_iter().zip(high)) {
        assert!(low < true_noise && true_noise < high, "{low} to {high} for {true_noise}");
    }
    workdir.geobipy(&["check", "new.toml", "--timing", "0"]).succeeds();

    // In another unit the bounds have that unit, too.
    workdir.edit_cells(SURVEY, |row, cells| {
        if row > 0 {
            cells[PLACE_COLUMNS..]
                .iter_mut()
                .for_each(|cell| *cell = (cell.parse::<f64>().unwrap() * 1e12).to_string());
        }
    });
    workdir.geobipy(&[&HELICOPTER[..], &["--force"]].concat()).succeeds();
    assert!(numbers(&workdir.text("new.toml"), "additive_maximum")[0] > 3e-2);
}

/// Would catch: data with the opposite sign that are read as they are.
#[test]
fn signs_give_the_convention() {
    let workdir = helicopter(4);
    workdir.edit_cells(SURVEY, |row, cells| {
        if row > 0 {
            cells[PLACE_COLUMNS..].iter_mut().for_each(|cell| *cell = (-cell.parse::<f64>().unwrap()).to_string());
        }
    });
    workdir.geobipy(&HELICOPTER).succeeds();
    let toml = workdir.text("new.toml");
    assert!(toml.contains("\nconvention = \"ga_aem\""), "{toml}");
    workdir.geobipy(&["check", "new.toml", "--timing", "0"]).succeeds();
}

/// Would catch: a position of the receiver that replaces a column, or one that nobody is asked for.
#[test]
fn a_column_that_is_missing_is_named() {
    let workdir = helicopter(2);
    let text = workdir.text(SURVEY);
    workdir.write(SURVEY, text.replacen("txrx_dx", "other", 1));
    let (code, _, told) = workdir.geobipy(&HELICOPTER).ends();
    assert_eq!(code, Some(0), "{told}");
    assert!(told.contains("geometry.txrx_dx.value_m") && !told.contains("txrx_dz"), "{told}");
    assert!(!workdir.text("new.toml").contains("\nvalue_m"));
}

/// Would catch: a kind of survey that does not fit the instrument.
#[test]
fn the_instrument_says_the_kind() {
    let workdir = Workdir::with_survey(2);
    workdir.geobipy(&["init", "--data", SURVEY, "--system", SYSTEM, "-o", "new.toml"]).succeeds();
    assert!(workdir.text("new.toml").contains("a frequency-domain helicopter survey"));
    workdir.geobipy(&["check", "new.toml", "--timing", "0"]).succeeds();
    let workdir = fixed_wing(2);
    workdir.geobipy(&["init", "--system", FIXED_WING, "-o", "new.toml"]).succeeds();
    assert!(workdir.text("new.toml").contains("a fixed-wing survey with a towed bird"));
    workdir.geobipy(&["init", "-o", "x.toml"]).refused(2, &["KIND"]);
    let args = ["init", "--data", "none.csv", "--system", FIXED_WING, "-o", "x.toml"];
    let (code, _, told) = workdir.geobipy(&args).ends();
    assert_eq!((code, told.contains("none.csv: there is no such file yet")), (Some(0), true), "{told}");
}
