//! GDAL's messages belong into errors, not on the terminal.

use std::path::Path;
use std::sync::Once;

use crate::error::Error;

/// Keeps GDAL from writing to standard error; what goes wrong comes back as an error.
pub(super) fn quiet() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| gdal::config::set_error_handler(|_, _, _| {}));
}

/// An error about a file. What GDAL says of a failed statement has the whole statement; the reason stands at its end.
pub(super) fn failed(path: &Path, error: &gdal::errors::GdalError) -> Error {
    const LONGEST: usize = 300;
    let text = error.to_string();
    let reason = text.rsplit_once("failed: ").map(|(_, reason)| reason.trim_end_matches('\''));
    Error::results(path, reason.filter(|_| text.len() > LONGEST).unwrap_or(&text))
}
