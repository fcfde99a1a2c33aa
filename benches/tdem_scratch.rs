use geobipy::earth::LayeredEarth;
use geobipy::forward::{Accuracy, EarthResponse, ForwardModel, TdemForward, TdemOperator};
use geobipy::system::*;
use std::path::Path;
use std::sync::Arc;

pub struct Row {
    pub id: usize,
    pub earth: LayeredEarth,
    pub geometry: Geometry,
    pub data: Vec<f64>,
}

pub fn read(path: &str, skip: usize) -> Vec<Row> {
    let text = std::fs::read_to_string(path).unwrap();
    text.lines()
        .skip(1)
        .map(|l| {
            let c: Vec<&str> = l.split(',').collect();
            let list =
                |s: &str| -> Vec<f64> { s.split(';').filter(|s| !s.is_empty()).map(|v| v.parse().unwrap()).collect() };
            let n = |i: usize| -> f64 { c[i].parse().unwrap() };
            let mut g = Geometry::default();
            for (k, p) in GeometryParameter::ALL.into_iter().enumerate() {
                g.set(p, n(2 + k));
            }
            Row {
                id: n(0) as usize,
                earth: LayeredEarth::from_thicknesses(&list(c[12]), &list(c[13])).unwrap(),
                geometry: g,
                data: (14 + skip..c.len()).map(n).collect(),
            }
        })
        .collect()
}

pub fn instrument(files: &[&str]) -> TdemInstrument {
    let dir = Path::new("/work/shared/field/geobipy_synthetic");
    TdemInstrument {
        systems: files.iter().map(|f| TdemSystem::read(&dir.join(f)).unwrap()).collect(),
        field: Field::Secondary,
        vector_amplitude: false,
    }
}

pub fn noise(instrument: &TdemInstrument) -> Vec<f64> {
    instrument
        .channels()
        .iter()
        .map(|c| {
            let s = &instrument.systems[c.system];
            if s.output == Output::B {
                0.003
            } else {
                let a = if s.base_frequency_hz > 100.0 { 3e-14 } else { 3e-15 };
                a * (c.gate.center_s() / 1e-3).powf(-0.5)
            }
        })
        .collect()
}

fn stats(name: &str, p: &mut Vec<f64>) {
    p.sort_by(f64::total_cmp);
    let q = |f: f64| p[((p.len() - 1) as f64 * f) as usize];
    println!("{name:24} median {:.1e}  P90 {:.1e}  P99 {:.1e}  max {:.1e}", q(0.5), q(0.9), q(0.99), p[p.len() - 1]);
}

fn wide(rows: &[Row], inst: &TdemInstrument, geometry: impl Fn(usize) -> Geometry) -> Vec<(Geometry, Vec<f64>)> {
    let op = Arc::new(TdemOperator::new(inst, Accuracy::Reference));
    let out = rows
        .iter()
        .enumerate()
        .map(|(i, row)| {
            let g = geometry(i);
            let mut f = TdemForward::new(op.clone(), &g);
            let mut d = vec![0.0; f.channel_count()];
            f.predict(&row.earth, &g, &mut EarthResponse::default(), &mut d);
            (g, d)
        })
        .collect();
    out
}

fn main() {
    let sets = [
        ("skytem", vec!["SkytemLM.stm", "SkytemHM.stm"], "skytem_lm_hm_converged.csv"),
        ("tempest", vec!["tempest.stm"], "tempest_converged.csv"),
        ("towed", vec!["/work/main/examples/tdem/towed.stm"], "skytem_lm_hm_converged.csv"),
        ("wide", vec!["SkytemLM.stm"], "skytem_lm_hm_converged.csv"),
        ("tilted", vec!["SkytemLM.stm", "SkytemHM.stm"], "skytem_lm_hm_converged.csv"),
        ("ftilt", vec!["tempest.stm"], "tempest_converged.csv"),
    ];
    for (name, files, csv) in sets {
        let inst = instrument(&files);
        let only0 = std::env::var("ONLY").unwrap_or_default();
        if !only0.is_empty() && !only0.contains(name) {
            continue;
        }
        let mut rows = read(&format!("/work/shared/reference/{csv}"), 0);
        let u = |i: usize, k: usize| ((i * 7919 + k * 104729 + 13) % 1000) as f64 / 1000.0;
        if name == "towed" || name == "wide" || name == "tilted" || name == "ftilt" {
            let old: Vec<Geometry> = rows.iter().map(|r| r.geometry).collect();
            let make = |i: usize| -> Geometry {
                use GeometryParameter::*;
                match name {
                    "towed" => Geometry::level(0.3 + 0.7 * u(i, 1))
                        .with(TxRxDx, -7.0 - 4.0 * u(i, 2))
                        .with(TxRxDz, 0.2 * u(i, 3)),
                    "wide" => Geometry::level(20.0 + 20.0 * u(i, 1)).with(TxRxDx, -300.0 * u(i, 2)),
                    _ => {
                        let mut g = old[i];
                        for (k, p) in [TxRoll, TxPitch, RxRoll, RxPitch, RxYaw].into_iter().enumerate() {
                            g.set(p, 20.0 * u(i, k) - 10.0);
                        }
                        g.set(TxRxDy, 10.0 * u(i, 9) - 5.0);
                        g
                    }
                }
            };
            let truth = wide(&rows, &inst, make);
            for (row, (g, d)) in rows.iter_mut().zip(truth) {
                row.geometry = g;
                row.data = d;
            }
        }
        let widths: Vec<f64> = rows
            .iter()
            .map(|r| {
                let [x, y, z] = r.geometry.offset_m();
                x.hypot(y) / (2.0 * r.geometry.height_m() + z)
            })
            .collect();
        let (lo, hi) = (widths.iter().copied().fold(9e9, f64::min), widths.iter().copied().fold(0.0, f64::max));
        println!("{name}: width {lo:.2}..{hi:.2}");
        let noise = noise(&inst);
        let groups = inst.groups();
        let channels = inst.channels();
        let only = std::env::var("ONLY").unwrap_or_default();
        if !only.is_empty() && !only.contains(name) {
            continue;
        }
        for accuracy in if only.is_empty() {
            vec![Accuracy::Standard, Accuracy::High, Accuracy::Reference]
        } else {
            vec![Accuracy::Standard]
        } {
            let t = std::time::Instant::now();
            let op = Arc::new(TdemOperator::new(&inst, accuracy));
            let setup = t.elapsed();
            let mut ps: Vec<Vec<f64>> = vec![Vec::new(); groups.len()];
            let mut worst = (0.0, 0, 0);
            for row in &rows {
                let mut f = TdemForward::new(op.clone(), &row.geometry);
                let mut d = vec![0.0; f.channel_count()];
                f.predict(&row.earth, &row.geometry, &mut EarthResponse::default(), &mut d);
                for (c, v) in d.iter().enumerate() {
                    let p = (v - row.data[c]).abs() / row.data[c].abs().max(10.0 * noise[c]);
                    let g = groups.iter().position(|g| *g == (channels[c].system, channels[c].component)).unwrap();
                    ps[g].push(p);
                    if p > worst.0 {
                        worst = (p, row.id, c);
                    }
                }
            }
            println!("{name} {accuracy:?} setup {setup:?} worst {worst:?}");
            for (g, p) in ps.iter_mut().enumerate() {
                stats(&format!("  {:?}", inst.group_names()[g]), p);
            }
            // time
            for layers in if std::env::var("NOTIME").is_ok() { vec![] } else { vec![5, 20] } {
                let row = rows.iter().min_by_key(|r| r.earth.layer_count().abs_diff(layers)).unwrap();
                let mut f = TdemForward::new(op.clone(), &row.geometry);
                let mut d = vec![0.0; f.channel_count()];
                let mut resp = EarthResponse::default();
                let n = 3000;
                let mut best = f64::INFINITY;
                let mut bests = f64::INFINITY;
                let mut s = Default::default();
                for _ in 0..7 {
                    let t = std::time::Instant::now();
                    for _ in 0..n {
                        f.predict(&row.earth, &row.geometry, &mut resp, &mut d);
                    }
                    best = best.min(t.elapsed().as_secs_f64() / n as f64);
                    let t = std::time::Instant::now();
                    for _ in 0..n / 3 {
                        f.predict_with_sensitivity(&row.earth, &row.geometry, &mut d, &mut s);
                    }
                    bests = bests.min(t.elapsed().as_secs_f64() / (n / 3) as f64);
                }
                println!(
                    "   {} layers: {:.2} us forward, {:.2} us with derivatives",
                    row.earth.layer_count(),
                    best * 1e6,
                    bests * 1e6
                );
            }
        }
    }
}
