//! A QGIS project for a GeoPackage: a layer for each conductivity at each depth, flight lines and interfaces.

use std::fmt::Write;

use super::feature_style::escaped;
use crate::error::Result;
use crate::gis::{FeatureLayer, Shapes, wkt};

/// Returns the project (.qgs) for a GeoPackage `file` beside it, zoomed to `places`.
///
/// # Errors
/// The coordinate reference system is not known.
pub(super) fn qgis_project(
    file: &str,
    layers: &[FeatureLayer<'_>],
    crs: Option<&str>,
    places: &[(f64, f64)],
) -> Result<String> {
    let wkt = crs.map(wkt).transpose()?.flatten().unwrap_or_default();
    let authority = crs.filter(|crs| !crs.contains('[')).unwrap_or_default().trim().to_uppercase();
    let system = format!(
        "<spatialrefsys nativeFormat=\"Wkt\"><wkt>{}</wkt><authid>{}</authid></spatialrefsys>",
        escaped(&wkt),
        escaped(&authority)
    );
    let shown = shown(layers);
    let (mut tree, mut definitions) = (String::new(), String::new());
    for (number, ProjectLayer { layer, title, style, is_checked }) in shown.iter().enumerate() {
        let (id, title) = (format!("{}_{number}", layer.name), escaped(title));
        let source = escaped(&format!("./{file}|layername={}", layer.name));
        let checked = if *is_checked { "Qt::Checked" } else { "Qt::Unchecked" };
        let _ = writeln!(
            tree,
            "    <layer-tree-layer id=\"{id}\" name=\"{title}\" checked=\"{checked}\" providerKey=\"ogr\" source=\"{source}\" \
             expanded=\"0\"/>"
        );
        let geometry = if matches!(layer.shapes, Shapes::Points(_) | Shapes::Points3d(_)) { "Point" } else { "Line" };
        let _ = writeln!(
            definitions,
            "    <maplayer type=\"vector\" geometry=\"{geometry}\">\n      <id>{id}</id>\n      <datasource>{source}</datasource>\n      \
             <layername>{title}</layername>\n      <srs>{system}</srs>\n      <provider encoding=\"UTF-8\">ogr</provider>\n{}    \
             </maplayer>",
            inner(style)
        );
    }
    Ok(format!(
        "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n<qgis projectname=\"{}\" version=\"3.22.0\">\n  \
         <projectCrs>{system}</projectCrs>\n  <layer-tree-group>\n{tree}  </layer-tree-group>\n  \
         <mapcanvas name=\"theMapCanvas\" annotationsVisible=\"1\">\n{}    <destinationsrs>{system}</destinationsrs>\n  </mapcanvas>\n  \
         <projectlayers>\n{definitions}  </projectlayers>\n</qgis>\n",
        escaped(file),
        extent(places)
    ))
}

/// A layer in the project.
struct ProjectLayer<'a> {
    layer: &'a FeatureLayer<'a>,
    title: String,
    style: &'a str,
    is_checked: bool,
}

/// Returns the layers in the order of the legend, from the top: first soundings in each of their styles, of which the
/// first is visible, then the other layers. Vertical lines are left out, because a map cannot show them.
fn shown<'a>(layers: &'a [FeatureLayer<'a>]) -> Vec<ProjectLayer<'a>> {
    let mut shown = Vec::new();
    for layer in layers.iter().filter(|layer| !matches!(layer.shapes, Shapes::Segments(_))) {
        let is_alone = layer.styles.len() < 2;
        for (place, (name, style)) in layer.styles.iter().enumerate() {
            let label = layer.fields.iter().find(|field| field.name == *name).map(|field| field.label.clone());
            let title = if is_alone { layer.name.replace('_', " ") } else { label.unwrap_or_else(|| name.clone()) };
            let is_checked = place == 0 && !matches!(layer.shapes, Shapes::Points3d(_));
            shown.push(ProjectLayer { layer, title, style, is_checked });
        }
    }
    // Points are drawn above lines.
    shown.sort_by_key(|shown| matches!(shown.layer.shapes, Shapes::Lines(_)));
    shown
}

/// Returns the content of the element `qgis` of a style.
fn inner(style: &str) -> &str {
    let start = style.find("<qgis ").and_then(|qgis| style[qgis..].find(">\n").map(|end| qgis + end + 2));
    let end = style.rfind("</qgis>");
    start.zip(end).and_then(|(start, end)| style.get(start..end)).unwrap_or_default()
}

fn extent(places: &[(f64, f64)]) -> String {
    let known = || places.iter().filter(|(x, y)| x.is_finite() && y.is_finite());
    if known().next().is_none() {
        return String::new();
    }
    let least = |of: fn(&(f64, f64)) -> f64| known().map(of).fold(f64::INFINITY, f64::min);
    let most = |of: fn(&(f64, f64)) -> f64| known().map(of).fold(f64::NEG_INFINITY, f64::max);
    format!(
        "    <extent><xmin>{}</xmin><ymin>{}</ymin><xmax>{}</xmax><ymax>{}</ymax></extent>\n",
        least(|place| place.0),
        least(|place| place.1),
        most(|place| place.0),
        most(|place| place.1)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn styles_lose_their_frame_only() {
        assert_eq!(inner("<!DOCTYPE qgis>\n<qgis version=\"3\">\n  <a/>\n</qgis>\n"), "  <a/>\n");
        assert_eq!(inner("nothing"), "");
    }

    #[test]
    fn an_extent_covers_all_places_that_are_known() {
        let text = extent(&[(2.0, 3.0), (f64::NAN, 0.0), (1.0, 5.0)]);
        assert!(text.contains("<xmin>1</xmin><ymin>3</ymin><xmax>2</xmax><ymax>5</ymax>"), "{text}");
        assert_eq!(extent(&[]), "");
    }
}
