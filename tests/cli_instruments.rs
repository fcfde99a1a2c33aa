//! Descriptions of instruments: encodings, files of other programs, gates against the current.

use crate::support::Workdir;

/// A moment with two gates that are used, and one during the ramp.
const GEX: &str = "[General]\nDescription=loop\nRxCoilPosition1=-13.00 0.00 -2.00\nTxCoilPosition1=0 0 0\nLoopType=72\n\
    TxLoopArea=300\nNumberOfTurnsHM=4\nWaveformHMPoint01=-5.0E-03 0\nWaveformHMPoint02=-4.0E-03 1\nWaveformHMPoint03=0 1\n\
    WaveformHMPoint04=4.0E-05 0\nRxCoilLPFilter1=1 2.1E+05\nGateTime01=3.0E-05 2.0E-05 4.0E-05\n\
    GateTime02=6.0E-05 4.0E-05 8.0E-05\nGateTime03=1.2E-04 8.0E-05 1.6E-04\n[Channel1]\nRxCoilNumber=1\n\
    GateTimeShift=-1.0E-06\nMeaTimeDelay=2.0E-06\nGateFactor=1\nRemoveInitialGates=1\nNoGates=3\nRepFreq=50\n\
    TransmitterMoment=HM\nTxApproximateCurrent=100\nReceiverPolarizationXYZ=Z\n";

/// Would catch: a converted system that cannot be simulated, checked or told from a table of coil pairs.
#[test]
fn an_aarhus_description_becomes_an_instrument() {
    let workdir = Workdir::new();
    workdir.write("survey.gex", GEX);
    let init = ["init", "helicopter", "--gex", "survey.gex", "--data", "s.csv", "-o", "survey.toml"];
    let told = workdir.geobipy(&init).succeeds();
    assert!(told.contains("HM.stm: made from survey.gex; there the receiver is -13 m ahead of"), "{told}");
    workdir.geobipy(&init).refused(1, &["HM.stm: is there already; --force"]);
    workdir.geobipy(&["simulate", "survey.toml", "--wedge", "3"]).succeeds();
    let told = workdir.geobipy(&["check", "survey.toml", "--timing", "0"]).succeeds();
    assert!(told.contains("(3 gates of z)") && !told.contains("the current changes"), "{told}");
    let all = ["check", "survey.toml", "--timing", "0", "--set", "survey.gates_from_s=0"];
    let told = workdir.geobipy(&all).succeeds();
    let warning =
        "loop HM: the current changes within 1 gate: 1 (2.1000e-5 to 4.1000e-5 s); survey.gates_from_s = 3e-5 leaves";
    assert!(told.contains(warning), "{told}");
    // The same file in the place of an instrument file.
    let words = &["survey.gex: got an Aarhus .gex file", "geobipy init helicopter --gex survey.gex"];
    workdir.geobipy(&["simulate", "--system", "survey.gex", "--wedge", "2", "--output", "o.csv"]).refused(1, words);
    workdir.geobipy(&["init", "helicopter", "--system", "survey.gex"]).refused(1, words);
    let toml = workdir.text("survey.toml").replace("\"HM.stm\"", "\"survey.gex\"");
    workdir.write("other.toml", toml);
    workdir.geobipy(&["check", "other.toml"]).refused(1, words);
}

/// Would catch: an encoding that one of the readers does not know.
#[test]
fn small_texts_in_latin_1_are_read() {
    let workdir = Workdir::new();
    let latin = |text: &str| -> Vec<u8> { text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect() };
    workdir.write("survey.gex", latin(&format!("/ 300 m\u{b2}\n{GEX}").replace("=loop", "=Sl\u{e6}de")));
    workdir.geobipy(&["init", "helicopter", "--gex", "survey.gex", "--data", "s.csv", "-o", "survey.toml"]).succeeds();
    let stm = workdir.text("HM.stm").replace("BaseFrequency = 50", "BaseFrequency = 50 // 20 ms, 300 m\u{b2}");
    let rows: Vec<&str> =
        stm.lines().skip_while(|line| !line.contains("WaveformCurrent Begin")).skip(1).take(5).collect();
    let with_file = stm.replace(&rows.join("\n"), "File = pulse.cfm");
    workdir.write("pulse.cfm", latin(&format!("// in \u{b5}s\n{}\n", rows.join("\n"))));
    workdir.write("HM.stm", latin(&with_file));
    workdir.write("survey.toml", latin(&format!("# H\u{f6}he\n{}", workdir.text("survey.toml"))));
    workdir.geobipy(&["simulate", "survey.toml", "--wedge", "2"]).succeeds();
    workdir.write("bird.stm", b"PK\x03\x04abc");
    let simulate = ["simulate", "--system", "bird.stm", "--wedge", "2", "--output", "o.csv"];
    workdir.geobipy(&simulate).refused(1, &["bird.stm: got a zip file (spreadsheets are zip files), expected text"]);
}

/// Would catch: GA-AEM's blocks that give other data than the table of the same coil pairs.
#[test]
fn blocks_of_a_frequency_domain_system_are_its_table() {
    let workdir = Workdir::new();
    let blocks = "System Begin\n Name = bird\n Type = Frequency Domain\n Frequencies = 500 4000\n Separations = 8.1 9\n \
        Orientations = HCP VCX\nSystem End\n";
    let table = "freq, tor, tmom, tx, ty, tzoff, ror, rmom, rx, ry, rzoff\n500, z, 1, 0, 0, 0, z, 1, 8.1, 0, 0\n\
        4000, x, -1, 0, 0, 0, x, 1, 9, 0, 0\n";
    for (name, text) in [("blocks", blocks), ("table", table)] {
        workdir.write(&format!("{name}.stm"), text);
        let (system, output) = (format!("{name}.stm"), format!("{name}.csv"));
        workdir.geobipy(&["simulate", "--system", &system, "--wedge", "2", "--output", &output]).succeeds();
    }
    assert_eq!(workdir.text("blocks.csv"), workdir.text("table.csv"));
    workdir.write("blocks.stm", blocks.replace("VCX", "PER"));
    let simulate = ["simulate", "--system", "blocks.stm", "--wedge", "2", "--output", "o.csv"];
    workdir
        .geobipy(&simulate)
        .refused(1, &["blocks.stm, line 6: got the orientation \"PER\"", "a table of coil pairs"]);
}
