//! What figures show, read from results.

mod convergence;
mod details;
mod fit;
mod map;
mod report;
mod section;
mod shown;
mod sounding;

pub use self::convergence::convergence_data;
pub use self::fit::fit_data;
pub use self::map::{add_ground, map_data};
pub use self::report::report_data;
pub use self::section::section_data;
pub use self::shown::{Limits, UncertaintyShown, fading_variable, shown};
pub use self::sounding::sounding_data;
