//! The earths of a wedge: built-in, or described in a file.

use std::path::Path;

use serde::Deserialize;
use toml::Spanned;

use super::settings::MAX_LENGTH_M;
use super::wedge::{EARTHS, Wedge};
use crate::config::syntax_error;
use crate::error::{Error, InputError, Result};
use crate::system::System;
use crate::text::read_text;

/// Factor from the depth that time-domain systems see, for which the named earths are made, to that of frequency-domain
/// systems.
const FDEM_SHALLOWER: f64 = 10.0;

/// Flight parameters of a wedge that its file gives.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Flown {
    pub(super) line_number: Option<f64>,
    pub(super) spacing_m: Option<f64>,
    pub(super) height_m: Option<f64>,
    pub(super) height_variation_m: Option<f64>,
    pub(super) terrain_m: Option<f64>,
}

/// Returns the earth `name`, a built-in name or a file; the default earth if there is no name.
pub(super) fn read_earth(name: Option<&str>, system: &System) -> Result<(Wedge, Flown)> {
    let Some(name) = name else { return Ok(Default::default()) };
    if let Some(wedge) = Wedge::named(name) {
        let wedge = if system.is_time_domain() { wedge } else { wedge.shallower(FDEM_SHALLOWER) };
        return Ok((wedge, Flown::default()));
    }
    if !name.ends_with(".toml") {
        let names = EARTHS.map(|(name, _)| name).join(", ");
        let message = format!("--earth: got {name}, expected one of {names}, or a file named .toml");
        return Err(Error::setting("--earth", message));
    }
    let path = Path::new(name);
    let text = read_text(path)?;
    parse(&text, path)
}

/// A file of an earth.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct EarthConfig {
    /// Layers from the top down; the last is the halfspace.
    layers: Vec<Spanned<LayerConfig>>,
    #[serde(default)]
    flight: FlightConfig,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct LayerConfig {
    conductivity_s_per_m: Spanned<f64>,
    /// Depth at the beginning and at the end of the line; all layers but the last have it.
    bottom_m: Option<Spanned<[f64; 2]>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct FlightConfig {
    line_number: Option<Spanned<f64>>,
    spacing_m: Option<Spanned<f64>>,
    height_m: Option<Spanned<f64>>,
    height_variation_m: Option<Spanned<f64>>,
    terrain_m: Option<Spanned<f64>>,
}

fn parse(text: &str, path: &Path) -> Result<(Wedge, Flown)> {
    let config: EarthConfig = toml::from_str(text).map_err(|error| syntax_error(text, path, &error))?;
    let mut file = File { text, path, errors: Vec::new() };
    let bottom_m = file.bottoms(&config.layers);
    let conductivity: Vec<f64> =
        config.layers.iter().map(|layer| file.conductivity(&layer.get_ref().conductivity_s_per_m)).collect();
    let flight = &config.flight;
    let flown = Flown {
        line_number: file.within("flight.line_number", &flight.line_number, -1e12, 1e12),
        spacing_m: file.within("flight.spacing_m", &flight.spacing_m, 0.0, MAX_LENGTH_M),
        height_m: file.within("flight.height_m", &flight.height_m, 1e-3, MAX_LENGTH_M),
        height_variation_m: file.within("flight.height_variation_m", &flight.height_variation_m, 0.0, MAX_LENGTH_M),
        terrain_m: file.within("flight.terrain_m", &flight.terrain_m, 0.0, MAX_LENGTH_M),
    };
    if !file.errors.is_empty() {
        return Err(Error::Many(file.errors));
    }
    let wedge = Wedge::new(&conductivity, &bottom_m);
    wedge.map(|wedge| (wedge, flown)).ok_or_else(|| InputError::file(path, "no layers", "at least one of [[layers]]"))
}

/// A file, with the errors found so far.
struct File<'a> {
    text: &'a str,
    path: &'a Path,
    errors: Vec<Error>,
}

impl File<'_> {
    fn wrong<T>(&mut self, key: &str, at: &Spanned<T>, got: impl ToString, expected: &str) {
        let before = &self.text[..at.span().start.min(self.text.len())];
        let line = before.matches('\n').count() + 1;
        self.errors.push(InputError::cell(self.path, line, key, got.to_string(), expected));
    }

    fn conductivity(&mut self, value: &Spanned<f64>) -> f64 {
        let conductivity = *value.get_ref();
        if !(conductivity > 0.0 && conductivity.is_finite()) {
            self.wrong("conductivity_s_per_m", value, conductivity, "a positive number");
        }
        conductivity
    }

    /// Returns the bottoms of all layers but the last, each below the one above.
    fn bottoms(&mut self, layers: &[Spanned<LayerConfig>]) -> Vec<[f64; 2]> {
        let mut bottoms = vec![[0.0; 2]];
        for (i, layer) in layers.iter().enumerate() {
            let is_last = i + 1 == layers.len();
            let above = bottoms[bottoms.len() - 1];
            match &layer.get_ref().bottom_m {
                None if is_last => {}
                None => {
                    let expected = "[first, last]: the bottom's depth at the beginning and the end of the line";
                    self.wrong("bottom_m", layer, "none", expected);
                }
                Some(bottom) if is_last => {
                    let got = format!("{:?}", bottom.get_ref());
                    self.wrong("bottom_m", bottom, got, "none: the last layer is the halfspace");
                }
                Some(bottom) => {
                    let depths = *bottom.get_ref();
                    if !depths.iter().zip(above).all(|(&depth, above)| depth > above && depth <= MAX_LENGTH_M) {
                        let expected = format!("depths in m below {above:?} and at most {MAX_LENGTH_M}");
                        self.wrong("bottom_m", bottom, format!("{depths:?}"), &expected);
                    }
                    bottoms.push(depths);
                }
            }
        }
        bottoms.split_off(1)
    }

    fn within(&mut self, key: &str, value: &Option<Spanned<f64>>, low: f64, high: f64) -> Option<f64> {
        let value = value.as_ref()?;
        let number = *value.get_ref();
        if !(low..=high).contains(&number) {
            self.wrong(key, value, number, &format!("a number from {low} to {high}"));
        }
        Some(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LAYERS: &str = "[[layers]]\nconductivity_s_per_m = 0.02\nbottom_m = [20, 5.5]\n\n\
                          [[layers]]\nconductivity_s_per_m = 1\n";

    fn message(text: &str) -> String {
        parse(text, Path::new("e.toml")).unwrap_err().to_string()
    }

    #[test]
    fn files_say_layers_and_flight() {
        let (wedge, flown) = parse(&format!("{LAYERS}[flight]\nspacing_m = 25\n"), Path::new("e.toml")).unwrap();
        assert_eq!(Some(wedge), Wedge::new(&[0.02, 1.0], &[[20.0, 5.5]]));
        assert_eq!(flown, Flown { spacing_m: Some(25.0), ..Flown::default() });
    }

    #[test]
    fn wrong_values_are_named() {
        let depths = message(&LAYERS.replace("[20, 5.5]", "[20, -5.5]").replace("= 1", "= -1.5"));
        assert_eq!(
            depths,
            "e.toml, line 3, column bottom_m: got [20.0, -5.5], expected depths in m below [0.0, 0.0] and at most 10000\n\
             e.toml, line 6, column conductivity_s_per_m: got -1.5, expected a positive number"
        );
        let last = message(&LAYERS.replace("= 1\n", "= 1\nbottom_m = [30, 30]\n"));
        assert!(last.starts_with("e.toml, line 7, column bottom_m: got [30.0, 30.0], expected none"), "{last}");
        let none = message(&LAYERS.replace("bottom_m = [20, 5.5]\n", ""));
        assert!(none.starts_with("e.toml, line 1, column bottom_m: got none, expected [first, last]"), "{none}");
        let far = message(&format!("{LAYERS}[flight]\nterrain_m = nan\n"));
        assert!(far.starts_with("e.toml, line 8, column flight.terrain_m: got NaN"), "{far}");
        assert_eq!(message("layers = []"), "e.toml: got no layers, expected at least one of [[layers]]");
    }

    #[test]
    fn misspelt_keys_get_a_suggestion() {
        let layer = message(&LAYERS.replacen("bottom_m", "botom_m", 1));
        assert_eq!(layer, "e.toml, line 3: got unknown key botom_m, expected bottom_m (did you mean that?)");
        let flight = message(&format!("{LAYERS}[flight]\nspacing = 25\n"));
        assert!(flight.ends_with("got unknown key spacing, expected spacing_m (did you mean that?)"), "{flight}");
        let missing = message("[[layers]]\nbottom_m = [1, 2]\n");
        assert!(missing.contains("line 1") && missing.contains("conductivity_s_per_m"), "{missing}");
    }
}
