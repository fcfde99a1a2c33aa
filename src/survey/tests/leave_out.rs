//! Soundings and data that are left out.

use super::fdem;
use super::tdem::{instrument, system};
use super::*;

fn survey(text: &str, leave_out: LeaveOut, system: &System) -> Result<SurveyFile> {
    let options = ReadOptions { leave_out, nulls: vec![-9.0], ..ReadOptions::default() };
    SurveyFile::of_table(Table::of_text(text, Path::new("s.csv"))?, system, &options)
}

const ROWS: &str = "line,fid,x,y,height,i_380,i_8171,q_380,q_8171,use\n\
    1,1,5,6,30,1,2,3,4,1\n1,2,5,6,30,,2,3,4,-9\n2,1,5,6,0,1,2,3,4,0\n2,2,5,6,30,1,2,3,4,1\n";

fn gates(from: usize, to: usize) -> GateRange {
    GateRange { from: Some(from), to: Some(to), ..GateRange::default() }
}

#[test]
fn rules_that_overlap_all_count() {
    let line = |line: &str| line.parse::<Interval>().unwrap();
    let leave_out = LeaveOut {
        lines: vec![line("2"), line("3")],
        fiducials: vec![FiducialRange { line: None, fiducials: line("1") }],
        gates: vec![gates(1, 1), gates(1, 2)],
        ..LeaveOut::default()
    };
    let survey = survey(ROWS, leave_out, &fdem::system()).unwrap();
    assert!(survey.rejected.is_empty());
    assert_eq!(survey.left_out_count, 3);
    let counts: Vec<_> = survey.left_out.iter().map(|rule| (rule.soundings, rule.data)).collect();
    assert_eq!(counts, [(2, 0), (0, 0), (2, 0), (0, 1), (0, 3)]);
    assert_eq!(survey.left_out.iter().filter_map(LeftOut::warning).count(), 1);
    let soundings = survey.read(survey.places()).unwrap();
    assert_eq!(soundings.len(), 1);
    assert_eq!(missing(&soundings[0].observed), [true; 4]);
}

#[test]
fn a_null_flag_is_no_number_to_keep() {
    for (keep, left) in [(vec![1.0], 2), (vec![-9.0, 1.0], 2), (vec![0.0, 1.0], 2)] {
        let flag = FlagRule { column: "use".parse().unwrap(), keep };
        let survey = survey(ROWS, LeaveOut { flag: Some(flag), ..LeaveOut::default() }, &fdem::system()).unwrap();
        assert_eq!(survey.places().len(), left);
    }
}

#[test]
fn gates_that_the_instrument_does_not_have_are_refused() {
    let two = || vec![system("LM", [0.0, 0.0, 1.0], &[1e-5, 2e-5]), system("HM", [1.0, 0.0, 1.0], &[1e-4])];
    let message = |range: GateRange, amplitude: bool| {
        let mut instrument = instrument(two());
        instrument.vector_amplitude = amplitude;
        let leave_out = gate_rules::GateRule::of(&[range], &System::Tdem(instrument));
        leave_out.map(|_| ()).unwrap_err().to_string()
    };
    let x = |system: Option<&str>| GateRange {
        system: system.map(str::to_owned),
        component: Some("x".to_owned()),
        ..GateRange::default()
    };
    assert!(message(gates(2, 2), false).contains("got from = 2, expected a gate of HM by number, from 1 to 1"));
    assert!(message(x(Some("LM")), false).contains("got component = \"x\", expected \"z\""));
    assert!(message(x(None), true).contains("expected no component: survey.vector_amplitude"));
    let of_two = gate_rules::GateRule::of(&[x(None)], &System::Tdem(instrument(two()))).unwrap();
    assert_eq!(of_two.len(), 1);
}
