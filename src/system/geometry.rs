//! Position and attitude of transmitter and receiver.

use serde::{Deserialize, Serialize};

/// One number of a [`Geometry`] that a survey may measure or sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum GeometryParameter {
    /// Height of the transmitter (frequency domain: of the bird) above ground, m.
    Height,
    /// Roll of the transmitter, left wing up, degrees.
    TxRoll,
    /// Pitch of the transmitter, nose down, degrees.
    TxPitch,
    /// Yaw of the transmitter, to the left, degrees; it does not change the field of a loop.
    TxYaw,
    /// Distance of the receiver ahead of the transmitter, m.
    TxRxDx,
    /// Distance of the receiver to the left of the transmitter, m.
    TxRxDy,
    /// Height of the receiver above the transmitter, m.
    TxRxDz,
    /// Roll of the receiver, left wing up, degrees.
    RxRoll,
    /// Pitch of the receiver, nose down, degrees.
    RxPitch,
    /// Yaw of the receiver, to the left, degrees.
    RxYaw,
}

impl GeometryParameter {
    /// All parameters, in the order in which a [`Geometry`] holds them.
    pub const ALL: [GeometryParameter; 10] = [
        GeometryParameter::Height,
        GeometryParameter::TxRoll,
        GeometryParameter::TxPitch,
        GeometryParameter::TxYaw,
        GeometryParameter::TxRxDx,
        GeometryParameter::TxRxDy,
        GeometryParameter::TxRxDz,
        GeometryParameter::RxRoll,
        GeometryParameter::RxPitch,
        GeometryParameter::RxYaw,
    ];

    /// Returns the name in configurations, surveys and results.
    pub fn name(self) -> &'static str {
        match self {
            GeometryParameter::Height => "height",
            GeometryParameter::TxRoll => "tx_roll",
            GeometryParameter::TxPitch => "tx_pitch",
            GeometryParameter::TxYaw => "tx_yaw",
            GeometryParameter::TxRxDx => "txrx_dx",
            GeometryParameter::TxRxDy => "txrx_dy",
            GeometryParameter::TxRxDz => "txrx_dz",
            GeometryParameter::RxRoll => "rx_roll",
            GeometryParameter::RxPitch => "rx_pitch",
            GeometryParameter::RxYaw => "rx_yaw",
        }
    }

    /// Returns the unit, `m` or `deg`.
    pub fn unit(self) -> &'static str {
        if self.is_angle() { "deg" } else { "m" }
    }

    /// Returns true for an angle in degrees, false for a length in m.
    pub fn is_angle(self) -> bool {
        !matches!(
            self,
            GeometryParameter::Height
                | GeometryParameter::TxRxDx
                | GeometryParameter::TxRxDy
                | GeometryParameter::TxRxDz
        )
    }

    /// Returns true for the angles of the receiver, which turn it without moving it.
    pub fn turns_receiver(self) -> bool {
        matches!(self, GeometryParameter::RxRoll | GeometryParameter::RxPitch | GeometryParameter::RxYaw)
    }

    /// Returns the position in [`GeometryParameter::ALL`].
    pub fn index(self) -> usize {
        self as usize
    }
}

/// Position and attitude of transmitter and receiver. Axes: x along flight, y left, z up; angles in degrees, roll left
/// wing up, pitch nose down, yaw left; lengths in m.
///
/// The transmitter's axis is R_x(roll) R_y(pitch) z. A field at the receiver is measured along the receiver's own axes,
/// that is after R_z(-yaw) R_y(-pitch) R_x(-roll). When the transmitter's height changes, the receiver moves with it.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Geometry([f64; GeometryParameter::ALL.len()]);

impl Geometry {
    /// Returns level coils at one place, `height_m` above ground.
    pub fn level(height_m: f64) -> Self {
        Self::default().with(GeometryParameter::Height, height_m)
    }

    /// Returns the value of `parameter`, in its unit.
    pub fn get(&self, parameter: GeometryParameter) -> f64 {
        self.0[parameter.index()]
    }

    /// Sets `parameter` to a value in its unit.
    pub fn set(&mut self, parameter: GeometryParameter, value: f64) {
        self.0[parameter.index()] = value;
    }

    /// Returns this geometry with another value of `parameter`.
    pub fn with(mut self, parameter: GeometryParameter, value: f64) -> Self {
        self.set(parameter, value);
        self
    }

    /// Returns the height of the transmitter or bird above ground in m.
    pub fn height_m(&self) -> f64 {
        self.get(GeometryParameter::Height)
    }

    /// Returns the position of the receiver relative to the transmitter in m: ahead, left, up.
    pub fn offset_m(&self) -> [f64; 3] {
        [GeometryParameter::TxRxDx, GeometryParameter::TxRxDy, GeometryParameter::TxRxDz].map(|p| self.get(p))
    }

    /// Returns the transmitter roll and pitch, receiver roll, pitch and yaw, in radians.
    pub fn angles_rad(&self) -> [f64; 5] {
        use GeometryParameter::{RxPitch, RxRoll, RxYaw, TxPitch, TxRoll};
        [TxRoll, TxPitch, RxRoll, RxPitch, RxYaw].map(|p| self.get(p).to_radians())
    }
}
