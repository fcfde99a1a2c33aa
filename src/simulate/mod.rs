//! Surveys of earths that are known: models, the data over them, noise, and a survey file of these.

mod channels;
mod draws;
mod earths;
mod flight;
mod make;
mod noise;
mod proof;
mod responses;
mod settings;
mod setup;
mod track;
mod wedge;

pub use self::make::{Simulated, simulate};
pub use self::responses::ProgressCallback;
pub use self::settings::{Models, Simulation};
pub use self::track::Track;
pub use self::wedge::{EARTHS, Wedge};
