//! What a result is: the one place that knows the names in result files.
//!
//! [`FIELDS`] is the table of all variables; the writer, the reader and `docs/result-schema.md` come from it. Rules of
//! change: adding a field raises [`SCHEMA_VERSION`]'s second number; renaming, removing or changing the meaning of one
//! raises the first, and readers refuse files of another first number. Products are no results: `merge` computes them anew, so that
//! another name or meaning of one raises the second number only.

mod document;
pub mod fields;
mod layout;
mod record;
mod status;
#[cfg(feature = "results")]
mod store;
mod values;
mod version;

pub use crate::bayes::Warning;
pub use document::document;
pub use fields::{Dim, FIELDS, Field, Role, When, field};
pub use layout::{ChannelInfo, Layout, PriorInfo, RunInfo};
pub use record::{SoundingRecord, record, record_without_posterior};
pub use status::{Reason, Status};
#[cfg(feature = "results")]
pub use store::{
    ASKED_AGAIN, LinePlaces, LineReader, MergedFile, ResultStore, create_line, line_files, line_path, link_variables,
    update_line,
};
pub use values::{Kind, Number, Values};
pub use version::{SCHEMA_VERSION, program_version};
