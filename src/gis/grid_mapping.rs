//! Coordinate reference systems as the attributes of a CF grid mapping (CF conventions 1.8, appendix F).

use gdal::spatial_ref::SpatialRef;

use super::MappingValue;
use super::crs::spatial_ref;
use crate::error::{Error, Result};

/// OGC's name of a projection, its CF name, and OGC's and CF's names of its parameters.
type Projection = (&'static str, &'static str, &'static [(&'static str, &'static str)]);

const ORIGIN: &str = "latitude_of_projection_origin";
const PROJECTIONS: [Projection; 5] = [
    (
        "Transverse_Mercator",
        "transverse_mercator",
        &[
            ("latitude_of_origin", ORIGIN),
            ("central_meridian", "longitude_of_central_meridian"),
            ("scale_factor", "scale_factor_at_central_meridian"),
        ],
    ),
    (
        "Lambert_Conformal_Conic_2SP",
        "lambert_conformal_conic",
        &[("latitude_of_origin", ORIGIN), ("central_meridian", "longitude_of_central_meridian")],
    ),
    (
        "Albers_Conic_Equal_Area",
        "albers_conical_equal_area",
        &[("latitude_of_center", ORIGIN), ("longitude_of_center", "longitude_of_central_meridian")],
    ),
    (
        "Lambert_Azimuthal_Equal_Area",
        "lambert_azimuthal_equal_area",
        &[("latitude_of_center", ORIGIN), ("longitude_of_center", "longitude_of_projection_origin")],
    ),
    (
        "Polar_Stereographic",
        "polar_stereographic",
        &[
            ("latitude_of_origin", "standard_parallel"),
            ("central_meridian", "straight_vertical_longitude_from_pole"),
            ("scale_factor", "scale_factor_at_projection_origin"),
        ],
    ),
];

/// Returns the attributes of the grid mapping of a projected or geographic system: `crs_wkt` always, its name and
/// parameters when CF has a name for the projection, authority and code when they are known.
///
/// # Errors
///
/// [`Error::Setting`] when GDAL does not know it.
pub fn grid_mapping(text: &str) -> Result<Vec<(&'static str, MappingValue)>> {
    let crs = spatial_ref(text)?;
    attributes(&crs).map_err(|error| Error::Config(format!("{text}: {error}")))
}

fn attributes(crs: &SpatialRef) -> gdal::errors::Result<Vec<(&'static str, MappingValue)>> {
    let mut attributes = vec![("crs_wkt", MappingValue::Text(crs.to_wkt()?))];
    if let (Some(authority), Ok(code)) = (crs.auth_name(), crs.auth_code()) {
        attributes.push(("authority", MappingValue::Text(authority)));
        attributes.push(("wkid", MappingValue::Text(code.to_string())));
    }
    let (major, minor) = (crs.semi_major()?, crs.semi_minor()?);
    attributes.push(("semi_major_axis", MappingValue::Numbers(vec![major])));
    // A sphere has no inverse flattening.
    if major > minor {
        attributes.push(("inverse_flattening", MappingValue::Numbers(vec![major / (major - minor)])));
    }
    if crs.is_geographic() {
        attributes.push(("grid_mapping_name", MappingValue::Text("latitude_longitude".to_owned())));
        return Ok(attributes);
    }
    let projection = crs.get_attr_value("PROJECTION", 0)?.unwrap_or_default();
    let Some((_, name, parameters)) = PROJECTIONS.iter().find(|(ogc, ..)| *ogc == projection) else {
        return Ok(attributes);
    };
    attributes.push(("grid_mapping_name", MappingValue::Text((*name).to_owned())));
    for (ogc, cf) in parameters.iter().chain(&EVERYWHERE) {
        if let Some(value) = crs.get_proj_param(ogc)? {
            attributes.push((cf, MappingValue::Numbers(vec![value])));
        }
    }
    let parallels = ["standard_parallel_1", "standard_parallel_2"].map(|name| crs.get_proj_param(name));
    let parallels: Vec<f64> = parallels.into_iter().filter_map(|value| value.ok().flatten()).collect();
    if !parallels.is_empty() {
        attributes.push(("standard_parallel", MappingValue::Numbers(parallels)));
    }
    Ok(attributes)
}

const EVERYWHERE: [(&str, &str); 2] = [("false_easting", "false_easting"), ("false_northing", "false_northing")];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zone_of_mga_is_a_transverse_mercator() {
        let attributes = grid_mapping("EPSG:28354").unwrap();
        let number = |name: &str| match attributes.iter().find(|(other, _)| *other == name) {
            Some((_, MappingValue::Numbers(values))) => values.clone(),
            other => panic!("{name}: {other:?}"),
        };
        assert_eq!(number("longitude_of_central_meridian"), [141.0]);
        assert_eq!((number("false_easting"), number("false_northing")), (vec![500_000.0], vec![10_000_000.0]));
        assert!((number("inverse_flattening")[0] - 298.257_222_101).abs() < 1e-6);
        assert!(attributes.contains(&("grid_mapping_name", MappingValue::Text("transverse_mercator".to_owned()))));
    }

    #[test]
    fn degrees_are_a_mapping_too() {
        let attributes = grid_mapping("EPSG:4326").unwrap();
        let name = MappingValue::Text("latitude_longitude".to_owned());
        assert!(attributes.contains(&("grid_mapping_name", name)), "{attributes:?}");
    }

    #[test]
    fn conic_projections_have_both_parallels() {
        let attributes = grid_mapping("EPSG:3577").unwrap();
        assert!(
            attributes.contains(&("standard_parallel", MappingValue::Numbers(vec![-18.0, -36.0]))),
            "{attributes:?}"
        );
    }
}
