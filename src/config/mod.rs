//! What a run is asked to do: the keys of a configuration, their defaults and ranges, and the text that explains them.
//!
//! A configuration is TOML. Every key is known and every value is in range; mistakes are told with their line.

mod check;
mod columns;
mod description;
mod explained;
mod file;
mod geometry;
mod kind;
mod leave_out;
mod ranges;
mod resolve;
mod sections;
mod set;
mod syntax;
mod values;
mod whole;
mod wrap;

pub use self::columns::{ColumnConfig, DataColumns, GeometryColumns, PrimaryColumns};
pub use self::explained::document;
pub use self::geometry::{AngleConfig, GeometryConfig, LengthConfig, PriorChoice};
pub use self::kind::SurveyKind;
pub use self::leave_out::{FiducialConfig, FlagConfig, GateConfig, LeaveOutConfig, LineChoice};
pub use self::sections::{
    CenterChoice, CorrelationChoice, DecayChoice, DepthChoice, ErrorConfig, ForwardConfig, LayerCountChoice,
    ModelConfig, PriorConfig, SamplerConfig, SurveyConfig,
};
pub(crate) use self::syntax::syntax_error;
pub use self::values::{ColumnChoice, Columns, PerGroup};
pub use self::whole::Config;
#[cfg(feature = "import")]
pub(crate) use self::wrap::{WIDTH, wrap};
