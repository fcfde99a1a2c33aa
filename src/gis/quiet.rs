//! GDAL's messages belong into errors, not on the terminal.

use std::sync::Once;

/// Keeps GDAL from writing to standard error; what goes wrong comes back as an error.
pub(super) fn quiet() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| gdal::config::set_error_handler(|_, _, _| {}));
}
