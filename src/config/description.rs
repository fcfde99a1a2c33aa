//! The description of a configuration.

use schemars::Schema;
use schemars::generate::SchemaSettings;

use super::whole::Config;

/// The keys of a configuration, what they mean, what their values may be.
pub(super) fn description() -> Schema {
    let settings = SchemaSettings::draft2020_12().with(|settings| settings.inline_subschemas = true);
    settings.into_generator().into_root_schema_for::<Config>()
}
