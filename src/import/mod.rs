//! Translates files of other programs: options files of GeoBIPy and descriptions in gspy's YAML, to configurations and instrument files;
//! and makes a first configuration from the files of a survey.

mod first;
mod gspy;
mod options;
mod paths;
mod read;

pub use self::first::{SurveyFiles, fill_in, kind_of};
pub use self::gspy::{Moment, stm_from_gspy};
pub use self::options::Translation;
pub use self::paths::seen_from;
pub use self::read::{config_from_options, read_config};
