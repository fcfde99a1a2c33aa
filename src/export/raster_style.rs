//! QGIS style for a map: colours of one band, in a style file (QML) beside the GeoTIFF.

use std::fmt::Write;

use crate::gis::RasterBand;
use crate::plot::ColourTable;

/// Number of colours in the style.
const STOPS: usize = 17;

/// Returns the style that shows band `number` (from 1), `band`, in colours that leave out 2 % of its values at either
/// end.
pub(super) fn raster_style(number: usize, band: &RasterBand, colours: &ColourTable) -> String {
    let scaled = |value: f64| if band.in_log10 { value.log10() } else { value };
    let back = |value: f64| if band.in_log10 { 10_f64.powf(value) } else { value };
    let values: Vec<f64> = band.values.iter().map(|&value| scaled(value)).collect();
    let (low, high) = middle(&values);
    let mut items = String::new();
    for stop in 0..STOPS {
        let share = stop as f64 / (STOPS - 1) as f64;
        let value = back(low + share * (high - low));
        let [red, green, blue] = colours.rgb(share);
        let _ = writeln!(
            items,
            "          <item value=\"{value}\" color=\"#{red:02x}{green:02x}{blue:02x}\" alpha=\"255\" label=\"{}\"/>",
            three_digits(value)
        );
    }
    format!(
        "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n<qgis version=\"3.22\">\n  <pipe>\n    \
         <rasterrenderer type=\"singlebandpseudocolor\" band=\"{number}\" opacity=\"1\" alphaBand=\"-1\" \
         classificationMin=\"{}\" classificationMax=\"{}\">\n      <rastershader>\n        \
         <colorrampshader colorRampType=\"INTERPOLATED\" classificationMode=\"1\" clip=\"0\">\n{items}        \
         </colorrampshader>\n      </rastershader>\n    </rasterrenderer>\n  </pipe>\n</qgis>\n",
        back(low),
        back(high)
    )
}

/// Returns the 2nd and the 98th percentile, or a small range around them when they are equal.
pub(super) fn middle(values: &[f64]) -> (f64, f64) {
    let mut finite: Vec<f64> = values.iter().copied().filter(|value| value.is_finite()).collect();
    if finite.is_empty() {
        return (0.0, 1.0);
    }
    finite.sort_unstable_by(f64::total_cmp);
    let at = |share: f64| finite[((finite.len() - 1) as f64 * share).round() as usize];
    let (low, high) = (at(0.02), at(0.98));
    if high > low { (low, high) } else { (low - 0.5, high + 0.5) }
}

pub(super) fn three_digits(value: f64) -> String {
    let decimals = if value == 0.0 { 0.0 } else { 2.0 - value.abs().log10().floor() };
    format!("{value:.*}", decimals.clamp(0.0, 9.0) as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_leave_out_what_is_rare() {
        let values: Vec<f64> = (0..=100).map(f64::from).chain([f64::NAN]).collect();
        assert_eq!(middle(&values), (2.0, 98.0));
        assert_eq!(middle(&[1.0, 1.0]), (0.5, 1.5));
        assert_eq!(middle(&[f64::NAN]), (0.0, 1.0));
    }

    #[test]
    fn labels_have_three_digits() {
        assert_eq!([0.012_345, 1.0, 456.7, 0.0].map(three_digits), ["0.0123", "1.00", "457", "0"]);
    }

    #[test]
    fn stops_of_logarithmic_bands_are_even_in_log10() {
        let band = RasterBand {
            name: "conductivity_p50 10m".to_owned(),
            unit: "S/m".to_owned(),
            meaning: String::new(),
            in_log10: true,
            values: vec![0.01, 1.0],
        };
        let style = raster_style(3, &band, &ColourTable::built_in("lagoon").unwrap());
        assert!(style.contains("band=\"3\"") && style.contains("label=\"0.100\""), "{style}");
    }
}
