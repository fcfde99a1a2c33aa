//! Translates files of other programs: options files of GeoBIPy, descriptions in gspy's YAML and Aarhus `.gex` files, to configurations and
//! instrument files;
//! has a library of instruments by name;
//! and makes a first configuration from the files of a survey.

mod gex;
mod gspy;
mod library;
mod made;
mod options;
mod paths;
mod read;
mod stm;

pub use self::gex::stm_from_gex;
pub use self::gspy::stm_from_gspy;
pub use self::library::LibraryEntry;
pub use self::made::{MadeInstrument, Moment};
pub use self::options::Translation;
pub use self::paths::seen_from;
pub use self::read::{config_from_options, read_config};
