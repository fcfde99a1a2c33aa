//! QGIS styles for layers of a GeoPackage: colours by conductivity, labels of fields, and map tips for the feature
//! under the mouse.

use std::fmt::Write;

use super::table::Table;
use crate::gis::{FeatureColumn, FeatureLayer};

/// Largest number of fields in a map tip.
const MOST_IN_TIP: usize = 16;

/// Returns the layer with labels of its fields, and a map tip, in each of its styles.
pub(super) fn with_fields(mut layer: FeatureLayer<'_>) -> FeatureLayer<'_> {
    let fields = fields(&layer.fields);
    for (_, style) in &mut layer.styles {
        *style = style.replace("</qgis>", &format!("{fields}</qgis>")).replacen(
            "styleCategories=\"",
            "styleCategories=\"Fields|MapTips|",
            1,
        );
    }
    layer
}

fn fields(columns: &[FeatureColumn<'_>]) -> String {
    let (mut aliases, mut tip) = (String::new(), String::new());
    for (index, FeatureColumn { name, label, .. }) in columns.iter().enumerate() {
        let label = escaped(label);
        // Field 0 is the number of the feature.
        let _ = writeln!(aliases, "    <alias index=\"{}\" field=\"{name}\" name=\"{label}\"/>", index + 1);
        if index < MOST_IN_TIP {
            let _ = write!(tip, "<b>{label}</b>: [% \"{name}\" %]<br/>");
        }
    }
    format!("  <aliases>\n{aliases}  </aliases>\n  <mapTip>{}</mapTip>\n", escaped(&tip))
}

/// Returns text escaped for XML.
pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Returns a style for each conductivity or resistivity, by the name of its column.
#[cfg(feature = "plot")]
pub(super) fn styles_by_depth(table: &Table) -> Vec<(String, String)> {
    let Ok(colours) = crate::plot::ColourTable::built_in("spectrum") else { return Vec::new() };
    let columns = table.columns.iter().filter(|column| column.is_logarithmic);
    let style = |column: &super::column::Column| Some((column.name.clone(), coloured(column, &colours)?));
    columns.filter_map(style).collect()
}

/// Returns no styles: the colours are part of the feature `plot`.
#[cfg(not(feature = "plot"))]
pub(super) fn styles_by_depth(_: &Table) -> Vec<(String, String)> {
    Vec::new()
}

/// Returns a style for points. Its colours are uniform in log10 and leave out 2 % of the values at either end.
#[cfg(feature = "plot")]
fn coloured(column: &super::column::Column, colours: &crate::plot::ColourTable) -> Option<String> {
    use super::column::ColumnValues;
    use super::raster_style::{middle, three_digits};

    const CLASSES: usize = 12;
    const FARTHEST: f64 = 1e30;
    let ColumnValues::Numbers(values, _) = &column.cells else { return None };
    let (low, high) = middle(&values.iter().map(|value| value.log10()).collect::<Vec<_>>());
    let bound = |class: usize| 10_f64.powf(low + (high - low) * class as f64 / CLASSES as f64);
    let (mut ranges, mut symbols) = (String::new(), String::new());
    for class in 0..CLASSES {
        let (lower, upper) = (bound(class), bound(class + 1));
        let label = format!("{} to {} {}", three_digits(lower), three_digits(upper), escaped(&column.unit));
        let lower = if class == 0 { 0.0 } else { lower };
        let upper = if class + 1 == CLASSES { FARTHEST } else { upper };
        let _ = writeln!(
            ranges,
            "      <range symbol=\"{class}\" lower=\"{lower:e}\" upper=\"{upper:e}\" label=\"{label}\" render=\"true\"/>"
        );
        let [red, green, blue] = colours.rgb((class as f64 + 0.5) / CLASSES as f64);
        let _ = writeln!(
            symbols,
            "      <symbol type=\"marker\" name=\"{class}\" alpha=\"1\" clip_to_extent=\"1\" force_rhr=\"0\">\n        \
             <layer class=\"SimpleMarker\" enabled=\"1\" locked=\"0\" pass=\"0\">\n          <Option type=\"Map\">\n            \
             <Option type=\"QString\" name=\"name\" value=\"circle\"/>\n            \
             <Option type=\"QString\" name=\"color\" value=\"{red},{green},{blue},255\"/>\n            \
             <Option type=\"QString\" name=\"outline_style\" value=\"no\"/>\n            \
             <Option type=\"QString\" name=\"size\" value=\"1.8\"/>\n            \
             <Option type=\"QString\" name=\"size_unit\" value=\"MM\"/>\n          </Option>\n        </layer>\n      </symbol>"
        );
    }
    Some(format!(
        "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n<qgis version=\"3.22\" styleCategories=\"Symbology\">\n  \
         <renderer-v2 type=\"graduatedSymbol\" attr=\"{}\" graduatedMethod=\"GraduatedColor\" symbollevels=\"0\" enableorderby=\"0\" \
         forceraster=\"0\">\n    <ranges>\n{ranges}    </ranges>\n    <symbols>\n{symbols}    </symbols>\n  </renderer-v2>\n</qgis>\n",
        column.name
    ))
}
