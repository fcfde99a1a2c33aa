//! What a channel is of, whatever the instrument.

use super::fdem::{Axis, CoilPair};
use super::tdem::{Gate, TdemChannel};

/// One datum of a sounding.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Channel {
    /// Index of the moment; 0 of frequency-domain data.
    pub moment: usize,
    /// Component; `None` for a vector amplitude, and for frequency-domain data, whose coils say what they measure.
    pub component: Option<Axis>,
    /// When it is measured, or at which frequency.
    pub domain: Domain,
}

/// When or at which frequency a channel is measured.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Domain {
    /// In a gate.
    Time(Gate),
    /// At a frequency in Hz; the part in quadrature with the primary field, or the part in phase.
    Frequency {
        /// In Hz.
        hz: f64,
        /// In quadrature.
        quadrature: bool,
    },
}

impl Channel {
    /// A channel of a coil pair.
    pub(super) fn of_pair(pair: &CoilPair, quadrature: bool) -> Self {
        Self { moment: 0, component: None, domain: Domain::Frequency { hz: pair.frequency_hz, quadrature } }
    }

    /// Middle of the gate in s, of time-domain data.
    pub fn time_s(&self) -> Option<f64> {
        match self.domain {
            Domain::Time(gate) => Some(gate.center_s()),
            Domain::Frequency { .. } => None,
        }
    }
}

impl From<TdemChannel> for Channel {
    fn from(TdemChannel { system, component, gate }: TdemChannel) -> Self {
        Self { moment: system, component, domain: Domain::Time(gate) }
    }
}
