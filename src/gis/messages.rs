//! Returns GDAL's messages in errors instead of printing them.

use std::path::Path;
use std::sync::Once;

use crate::error::Error;

/// Stops GDAL from writing to standard error; its errors are returned instead.
pub(super) fn quiet() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| gdal::config::set_error_handler(|_, _, _| {}));
}

/// Makes an error about a file. GDAL's message about a failed statement contains the whole statement and ends with the
/// reason.
pub(super) fn failed(path: &Path, error: &gdal::errors::GdalError) -> Error {
    const LONGEST: usize = 300;
    let text = error.to_string();
    let reason = text.rsplit_once("failed: ").map(|(_, reason)| reason.trim_end_matches('\''));
    Error::results(path, reason.filter(|_| text.len() > LONGEST).unwrap_or(&text))
}
