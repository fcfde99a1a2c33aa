//! Instruments and the files that describe them.

mod any;
mod channel;
mod fdem;
mod fdem_blocks;
mod geometry;
mod kind;
mod tdem;

pub use any::System;
pub use channel::{Channel, Domain};
pub use fdem::{Axis, CoilPair, FdemSystem, TABLE_HEADER};
pub use geometry::{Geometry, GeometryParameter};
pub use tdem::{
    CurrentInGate, Gate, GateWeighting, LowPassFilter, MeasuredField, Normalisation, Output, TdemChannel,
    TdemInstrument, TdemSystem, Waveform, WaveformKind, time_between,
};

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::fuzz::{FEW, MANY, fuzz, real};

    const OWN: [&str; 5] = [
        "System Begin\nName = b\nType = Frequency Domain\nFrequencies = 400 3200\nSeparations = 8 9\nOrientations = HCP VCX\nSystem End\n",
        include_str!("../../examples/tdem/helicopter_lm.stm"),
        include_str!("../../examples/tdem/fixed_wing.stm"),
        include_str!("../../examples/tdem/towed.stm"),
        include_str!("../../examples/resolve/resolve.stm"),
    ];
    const REAL: [&str; 4] = [
        "udf_skytem/udf_hm.stm",
        "ausaem_tempest/Tempest-25.0Hz.stm",
        "geotem/Geotem3-GSQ823.stm",
        "resolve_small/FdemSystem2.stm",
    ];

    fn instruments_that_are_nearly_right(count: usize) {
        let real = REAL.iter().filter_map(|name| real(name, 200));
        let corpus: Vec<String> = OWN.iter().map(|&text| text.to_owned()).chain(real).collect();
        fuzz(&corpus, count, |text| {
            drop(TdemSystem::parse(text, Path::new("s.stm")));
            drop(FdemSystem::parse(text, Path::new("s.stm")));
            drop(fdem_blocks::parse(text, Path::new("s.stm")));
            drop(kind::Kind::of(text, Path::new("s.stm")));
            if let Ok(system) = TdemSystem::parse(text, Path::new("s.stm")) {
                assert_eq!(system.current_in_gates().len(), system.gates.len());
            }
        });
    }

    #[test]
    fn instruments_that_are_nearly_right_are_refused_or_read() {
        instruments_that_are_nearly_right(FEW);
    }

    #[test]
    #[ignore = "minutes"]
    fn a_million_instruments() {
        instruments_that_are_nearly_right(MANY);
    }
}
