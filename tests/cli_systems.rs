//! `geobipy systems` and `init --system NAME`: the library of instruments.

use geobipy::config::SurveyKind;
use geobipy::import::LibraryEntry;

use crate::support::results::row;
use crate::support::{CONFIG, Workdir};

const EARTH: &str =
    "[[layers]]\nconductivity_s_per_m = 0.02\nbottom_m = [40, 40]\n[[layers]]\nconductivity_s_per_m = 0.2\n";
const BUDGET: [&str; 8] = [
    "--set",
    "sampler.chains=2",
    "--set",
    "sampler.maximum_burn_in=1000",
    "--set",
    "sampler.maximum_iterations=2000",
    "--set",
    "sampler.samples=50",
];

/// Height of the transmitter in m, relative noise, and additive noise in the unit of the data.
fn flight(kind: SurveyKind) -> [&'static str; 3] {
    match kind {
        SurveyKind::Frequency => ["30", "0.02", "1"],
        SurveyKind::Helicopter => ["35", "0.03", "1e-15"],
        SurveyKind::FixedWing => ["120", "0.02", "0.005"],
        SurveyKind::FixedWingPpm => ["120", "0.03", "5"],
        SurveyKind::Towed => ["0.5", "0.03", "1e-12"],
    }
}

/// The 2.5th, 50th and 97.5th percentile of conductivity in S/m at a depth, for the first sounding.
fn percentiles(workdir: &Workdir, depth_m: f64) -> [f64; 3] {
    let line = workdir.results("out", 30010.0);
    let depths: Vec<f64> = line.read::<f64>("depth").into_iter().collect();
    let bounds: Vec<f64> = line.read::<f64>("log10_conductivity_bounds").into_iter().collect();
    let cell = depths.iter().position(|depth| *depth >= depth_m).unwrap();
    let width = bounds.len() / 2;
    let counts = &row(&line, "hitmap", 0)[cell * width..][..width];
    let total: f64 = counts.iter().sum();
    [0.025, 0.5, 0.975].map(|share| {
        let mut below = 0.0;
        for (count, bounds) in counts.iter().zip(bounds.chunks(2)) {
            if below + count >= share * total {
                return 10_f64.powf(bounds[0] + (share * total - below) / count * (bounds[1] - bounds[0]));
            }
            below += count;
        }
        unreachable!("the shares of a posterior have the sum 1")
    })
}

/// Would catch: an instrument that the program cannot simulate, check or invert, or with which known ground is not found again.
#[test]
fn every_instrument_finds_two_layers_again() {
    let all = LibraryEntry::all();
    assert_eq!(all.len(), 9);
    std::thread::scope(|scope| {
        for entry in all {
            scope.spawn(|| finds_two_layers_again(entry));
        }
    });
}

fn finds_two_layers_again(entry: &LibraryEntry) {
    let name = entry.name();
    let workdir = Workdir::new();
    workdir.write("earth.toml", EARTH);
    let told = workdir.geobipy(&["init", "--system", name, "-o", CONFIG]).succeeds();
    assert!(told.contains(&format!("made from the library's {name}")), "{told}");
    assert!(told.contains(&format!("note: {name}: ")) && told.contains(&entry.nominal()), "{told}");
    for (file, text) in entry.files() {
        assert_eq!(workdir.text(&file), text);
    }
    let [height, relative, additive] = flight(entry.kind());
    let simulate = ["simulate", CONFIG, "--wedge", "2", "--earth", "earth.toml", "--height", height];
    let noise = ["--noise-relative", relative, "--noise-additive", additive];
    workdir.geobipy(&[&simulate[..], &noise].concat()).succeeds();
    let (_, told, errors) = workdir.geobipy(&["check", CONFIG, "--timing", "0"]).ends();
    assert!(told.contains("0 errors") && !told.contains("current"), "{name}: {told}{errors}");
    workdir.geobipy(&[&["invert", CONFIG, "out", "--fiducial", "30000"], &BUDGET[..]].concat()).succeeds();
    let (first, second) = (percentiles(&workdir, 15.0), percentiles(&workdir, 80.0));
    println!("{name}: {first:?} S/m at 15 m, {second:?} S/m at 80 m");
    assert!(first[0] < 0.02 && 0.02 < first[2], "{name}: {first:?}");
    // The data have to tell the layers from each other.
    assert!(first[2] < 0.1 && (0.15..0.27).contains(&second[1]), "{name}: {first:?} and {second:?}");
}

/// Would catch: names that are taken for files, files that are taken for names, a kind that is not the instrument's, files that
/// are written before the command is refused.
#[test]
fn names_that_cannot_be_used_are_refused() {
    let workdir = Workdir::new();
    let init = |args: &[&str], parts: &[&str]| {
        workdir.geobipy(&[&["init"], args].concat()).refused(1, parts);
    };
    let listed = "expected a file or one of resolve, dighem,";
    init(&["--system", "tempst", "-o", CONFIG], &["--system: got tempst", listed]);
    init(&["helicopter", "--system", "lm.stm", "-o", CONFIG], &["--system: got lm.stm", listed]);
    init(&["--system", "tempest"], &["tempest", "expected -o FILE"]);
    init(&["--system", "vtem", "--system", "helitem", "-o", CONFIG], &["expected its name alone, or files"]);
    init(&["frequency", "--system", "vtem", "-o", CONFIG], &["got vtem", "a time-domain helicopter survey"]);
    workdir.geobipy(&["systems", "tempst"]).refused(1, &["got tempst", "tempest, geotem"]);
    workdir.geobipy(&["init", "--system", "SkyTEM 304M", "-o", CONFIG]).succeeds();
    let again = ["init", "--system", "skytem-304m", "-o", CONFIG];
    workdir.geobipy(&again).refused(1, &["skytem-304m-lm.stm: is there already; --force"]);
    // A file of that name is the user's own instrument.
    let vtem = LibraryEntry::find("vtem").unwrap().files().next().unwrap().1;
    workdir.write("tempest", vtem);
    workdir.geobipy(&["init", "--system", "tempest", "-o", "own.toml"]).succeeds();
    assert!(workdir.text("own.toml").contains("system = [\"tempest\"]") && !workdir.path("tempest.stm").exists());
}

/// Would catch: a list in the documentation that is not the program's, and printed files that the program does not read.
#[test]
fn the_library_is_shown() {
    let workdir = Workdir::new();
    let list = workdir.geobipy(&["systems"]).succeeds();
    let docs = include_str!("../docs/systems.md");
    assert!(docs.contains(&list), "docs/systems.md does not have what `geobipy systems` prints:\n{list}");
    for entry in LibraryEntry::all() {
        assert!(docs.contains(&format!("\n| `{}` |", entry.name())), "docs/systems.md has no row of {}", entry.name());
        let printed = workdir.geobipy(&["systems", entry.name()]).succeeds();
        for (file, text) in entry.files() {
            assert!(printed.contains(&format!("// {file}\n{text}")), "{printed}");
        }
    }
    workdir.write("bird.stm", workdir.geobipy(&["systems", "resolve"]).succeeds());
    workdir.geobipy(&["init", "--system", "bird.stm", "-o", CONFIG]).succeeds();
}
