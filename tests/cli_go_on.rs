//! Runs that go on with a larger budget, or with another description, in the directory of their results.

use geobipy::schema::Status;

use crate::support::results::{differences, doubles};
use crate::support::{CONFIG, Workdir};

const COUNT: usize = 8;
const SMALL: [&str; 2] = ["--set", "sampler.maximum_iterations=10000"];
const LARGE: [&str; 2] = ["--set", "sampler.maximum_iterations=14000"];

/// Eight soundings with a target that some meet within 10,000 iterations.
fn survey() -> Workdir {
    let workdir = Workdir::with_survey(COUNT);
    workdir.configure("sampler.ess_target = 40\nsampler.rhat_target = 1.1");
    workdir
}

/// Would catch: results that depend on how often a run went on; converged soundings that are computed again; a file that
/// still has the smaller budget in its configuration.
#[test]
fn a_larger_budget_goes_on_with_the_same_bits() {
    let workdir = survey();
    workdir.invert("out", &SMALL).succeeds();
    let small = workdir.results("out", 1.0);
    let at_limit = doubles(&small, "iterations").iter().filter(|&&iterations| iterations == 10_000.0).count();
    assert!(0 < at_limit && at_limit < COUNT, "{at_limit} of {COUNT} soundings are at the limit: the test needs some");
    let cpu = doubles(&small, "cpu_seconds");
    let said = workdir.invert("out", &LARGE).succeeds();
    assert!(said.contains(&format!("{at_limit} inverted now")), "{at_limit} of {COUNT} were at the limit:\n{said}");

    workdir.invert("anew", &LARGE).succeeds();
    let (large, anew) = (workdir.results("out", 1.0), workdir.results("anew", 1.0));
    assert_eq!(differences(&large, &anew), [""; 0]);
    assert_eq!(large.text("configuration"), anew.text("configuration"));
    assert_eq!(large.attribute("fingerprint"), anew.attribute("fingerprint"));
    let kept = doubles(&large, "cpu_seconds").iter().zip(&cpu).filter(|(now, then)| now == then).count();
    assert_eq!(kept, COUNT - at_limit);
    assert!(large.read::<i8>("asked_for").iter().all(|&asked| asked == 1));
    // A third run has nothing to do.
    assert!(workdir.invert("out", &LARGE).succeeds().contains("0 inverted now"));
}

/// Would catch: a smaller budget that is mixed with results of a larger one.
#[test]
fn a_smaller_budget_is_refused() {
    let workdir = survey();
    workdir.invert("out", &LARGE).succeeds();
    let parts = ["line_1.h5", "sampler.maximum_iterations = 14000, now 10000", "only a larger budget"];
    workdir.invert("out", &SMALL).refused(1, &parts);
    workdir.invert("out", &[&LARGE[..], &["--set", "sampler.ess_target=30"]].concat()).refused(1, &["ess_target"]);
    workdir.invert("out", &[&LARGE[..], &["--set", "sampler.ess_target=50"]].concat()).succeeds();
}

/// Would catch: soundings with another outcome that are inverted; results that no longer say that they are of a smaller budget.
#[test]
fn only_some_outcomes_go_on() {
    let workdir = survey();
    let budget = |iterations: &'static str| ["--set", "sampler.ess_target=2000", "--set", iterations];
    workdir.invert("out", &budget("sampler.maximum_iterations=20000")).succeeds();
    let before = workdir.results("out", 1.0).statuses();
    let of = |status: Status| before.iter().filter(|&&other| other == status).count();
    assert!(of(Status::Usable) > 0 && of(Status::NotConverged) > 0, "the test needs both: {before:?}");
    let larger = budget("sampler.maximum_iterations=24000");
    let said = workdir.invert("out", &[&larger[..], &["--only", "usable,failed"]].concat()).succeeds();
    assert!(said.contains(&format!("{} inverted now", of(Status::Usable))), "{said}");
    let rest = of(Status::NotConverged);
    assert!(said.contains("still with results of a smaller budget"), "{said}");
    assert!(workdir.geobipy(&["status", "out"]).succeeds().contains("smaller budget"));
    let said = workdir.invert("out", &larger).succeeds();
    assert!(said.contains(&format!("{rest} inverted now")), "{said}");
    // With the same budget the results would be the same.
    let said = workdir.invert("out", &[&larger[..], &["--only", "not-converged"]].concat()).succeeds();
    assert!(said.contains("0 inverted now"), "{said}");
    workdir.invert("out", &[&larger[..], &["--only", "failed", "--overwrite"]].concat()).refused(2, &["--overwrite"]);
}

/// Would catch: a corrected coordinate reference system that result files do not have.
#[test]
fn results_take_over_the_coordinate_reference_system() {
    let workdir = survey();
    workdir.invert("out", &SMALL).succeeds();
    let bits = doubles(&workdir.results("out", 1.0), "cpu_seconds");
    for crs in ["EPSG:32612", "EPSG:32613"] {
        let set = format!("survey.crs={crs}");
        let said = workdir.invert("out", &[&SMALL[..], &["--set", &set]].concat()).succeeds();
        assert!(said.contains("0 inverted now"), "{said}");
        let line = workdir.results("out", 1.0);
        assert_eq!((line.text("crs"), line.variable_attribute("status", "grid_mapping")), (crs.into(), "crs".into()));
        assert!(line.text("configuration").contains(crs));
        assert_eq!(doubles(&line, "cpu_seconds"), bits);
    }
    // The configuration need not repeat it.
    workdir.invert("out", &SMALL).succeeds();
    assert_eq!(workdir.results("out", 1.0).text("crs"), "EPSG:32613");
    // A larger budget does not lose it either.
    workdir.invert("out", &LARGE).succeeds();
    assert_eq!(workdir.results("out", 1.0).text("crs"), "EPSG:32613");
    assert!(workdir.text(CONFIG).contains("ess_target"));
    workdir.geobipy(&["merge", "out", "-o", "all.h5"]).succeeds();
}
