//! `geobipy noise`: noise that was put into simulated surveys is found again.

use std::fs;
use std::path::Path;

use crate::support::{CONFIG, Cmd, SURVEY, Workdir, assert_close};
use crate::tdem_survey::HIGH_MOMENT;

/// Additive noise at 1 ms.
const NOISE: f64 = 2e-12;

/// A survey of `count` soundings of a helicopter over the wedge at a height, and its configuration.
fn survey(count: usize, height: &str) -> Workdir {
    let workdir = Workdir::new();
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/tdem").join(HIGH_MOMENT);
    fs::copy(example, workdir.path(HIGH_MOMENT)).unwrap();
    simulate(&workdir, count, height, "1", SURVEY);
    workdir.write(CONFIG, format!("# noise\nsurvey.data = '{SURVEY}'\nsurvey.system = '{HIGH_MOMENT}' # one\n"));
    workdir
}

fn simulate(workdir: &Workdir, count: usize, height: &str, seed: &str, output: &str) {
    let (count, noise) = (count.to_string(), NOISE.to_string());
    let survey = ["simulate", "--system", HIGH_MOMENT, "--wedge", &count, "--height", height, "--output", output];
    let more = ["--offset", "-13", "0", "2", "--spacing", "1", "--seed", seed];
    let noise = ["--noise-relative", "0.03", "--noise-additive", &noise];
    workdir.geobipy(&[&survey[..], &more[..], &noise[..]].concat()).succeeds();
}

fn noise<'a>(workdir: &'a Workdir, more: &[&str]) -> Cmd<'a> {
    workdir.geobipy(&[&["noise", CONFIG], more].concat())
}

/// Compares every row of the printed table with the noise of the simulation.
#[track_caller]
fn check_table(told: &str) {
    let rows: Vec<Vec<&str>> = told
        .lines()
        .map(|row| row.split_whitespace().collect())
        .filter(|row: &Vec<_>| row[..].first().is_some_and(|name| name.starts_with("s0_z_")))
        .collect();
    assert_eq!(rows.len(), 20, "{told}");
    for row in rows {
        let (time_ms, additive): (f64, f64) = (row[1].parse().unwrap(), row[3].parse().unwrap());
        assert_close(additive, NOISE / time_ms.sqrt(), 0.15, 0.0, &format!("{row:?}"));
    }
}

/// Would catch: noise that is wrong by a factor of the difference operator, or relative noise taken for additive noise.
#[test]
fn scatter_along_lines_gives_both_parts_of_the_noise() {
    let workdir = survey(4000, "30");
    let told = noise(&workdir, &["--write", "--plot", "noise.svg"]).succeeds();
    check_table(&told);
    let relative = told.lines().find_map(|line| line.strip_prefix("relative part of the scatter, s0_z: ")).unwrap();
    assert_close(relative.trim_end_matches(" %").parse().unwrap(), 3.0, 0.15, 0.0, "relative noise");
    assert!(workdir.text("noise.svg").contains("additive noise"));
    let text = workdir.text(CONFIG);
    assert!(text.starts_with("# noise\nsurvey.data") && text.contains(" # one\n"), "{text}");
    // The new configuration says what was estimated.
    let again = noise(&workdir, &[]).succeeds();
    let row = again.lines().find(|row| row.contains("s0_z_1.059e-2")).unwrap();
    let row: Vec<&str> = row.split_whitespace().collect();
    assert_eq!(row[3], row[4], "{again}");
    // Averages of three soundings have much less scatter than noise.
    let data: Vec<Vec<f64>> = workdir
        .text(SURVEY)
        .lines()
        .skip(1)
        .map(|row| row.split(',').map(|cell| cell.parse().unwrap()).collect())
        .collect();
    workdir.edit_cells(SURVEY, |row, cells| {
        if row > 1 && row < data.len() {
            for (column, cell) in cells.iter_mut().enumerate().skip(15) {
                *cell = ((data[row - 2][column] + data[row - 1][column] + data[row][column]) / 3.0).to_string();
            }
        }
    });
    let told = noise(&workdir, &[]).succeeds();
    assert!(told.contains("scatter of 20 channels (?)") && !told.contains("additive_per_channel"), "{told}");
    noise(&workdir, &["--write"]).ends_without_change(&workdir);
}

/// Would catch: short surveys of averaged data, and averages of some channels only, whose scatter is given as noise.
#[test]
fn averages_of_few_soundings_or_channels_give_no_keys() {
    for (count, channels) in [(80, 20), (1000, 4)] {
        let workdir = survey(count, "30");
        let data = workdir.text(SURVEY);
        let data: Vec<Vec<&str>> = data.lines().map(|row| row.split(',').collect()).collect();
        workdir.edit_cells(SURVEY, |row, cells| {
            if row > 1 && row + 1 < data.len() {
                for (column, cell) in cells.iter_mut().enumerate().skip(15).take(channels) {
                    let three = (row - 1..=row + 1).map(|row| data[row][column].parse::<f64>().unwrap());
                    *cell = (three.sum::<f64>() / 3.0).to_string();
                }
            }
        });
        let told = noise(&workdir, &[]).succeeds();
        assert!(told.contains("(?) is correlated") && !told.contains("additive_per_channel"), "{count}: {told}");
        noise(&workdir, &["--write"]).ends_without_change(&workdir);
    }
}

/// Would catch: noise of data in another unit, written into a file that does not say so.
#[test]
fn keys_of_other_values_are_not_written() {
    let workdir = survey(10, "30");
    noise(&workdir, &["--write", "--set", "columns.data_scale=1e12"]).refused(2, &["--write", "--set"]);
}

trait Unchanged {
    fn ends_without_change(self, workdir: &Workdir);
}

impl Unchanged for Cmd<'_> {
    fn ends_without_change(self, workdir: &Workdir) {
        let before = workdir.snapshot();
        let (code, _, message) = self.ends();
        assert!(code == Some(1) && message.contains("--allow-correlated"), "{message}");
        assert_eq!(workdir.snapshot(), before);
    }
}

#[test]
fn great_height_gives_the_additive_noise() {
    let workdir = survey(2000, "3000");
    check_table(&noise(&workdir, &["--above", "1000"]).succeeds());
    check_table(&noise(&workdir, &["--high", "30010"]).succeeds());
    noise(&workdir, &["--high", "7"]).refused(1, &["--high 7", "30010"]);
    noise(&workdir, &["--above", "4000"]).refused(1, &["4000", "greatest height"]);
}

#[test]
fn repeated_lines_give_the_noise_of_one_flight() {
    let workdir = survey(4000, "30");
    simulate(&workdir, 4000, "30", "2", "second.csv");
    workdir.edit_cells("second.csv", |row, cells| {
        if row > 0 {
            cells[0] = "2".to_owned();
        }
    });
    let second = workdir.text("second.csv");
    let rows = second.split_once('\n').unwrap().1;
    workdir.write(SURVEY, workdir.text(SURVEY) + rows);
    check_table(&noise(&workdir, &["--repeat", "30010:2"]).succeeds());
    noise(&workdir, &["--repeat", "30010:3"]).refused(1, &["--repeat 3", "30010"]);
    noise(&workdir, &["--repeat", "2:2"]).refused(2, &["two different lines"]);
}

/// Would catch: noise from a handful of numbers.
#[test]
fn too_few_soundings_are_refused() {
    let workdir = survey(10, "30");
    noise(&workdir, &[]).refused(1, &["too few soundings", "30 are needed"]);
    workdir.edit_cells(SURVEY, |row, cells| {
        if row > 0 {
            cells[0] = row.to_string();
        }
    });
    noise(&workdir, &[]).refused(1, &["no line has 4 soundings", "line_number"]);
}
