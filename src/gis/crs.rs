//! Coordinate reference systems.

use gdal::errors::GdalError;
use gdal::spatial_ref::{AxisMappingStrategy, CoordTransform, SpatialRef};

use super::messages::quiet;
use crate::error::{Error, Result};

/// Beginnings of the WKT of horizontal systems, in both versions.
const WKT: [&str; 9] = [
    "PROJCS[",
    "PROJCRS[",
    "COMPD_CS[",
    "COMPOUNDCRS[",
    "BOUNDCRS[",
    "PROJECTEDCRS[",
    "GEOGCS[",
    "GEOGCRS[",
    "GEODCRS[",
];

/// Returns the WKT of a coordinate reference system that is given as `EPSG:` and a code, or as WKT.
///
/// # Errors
///
/// [`Error::Setting`] when it is neither, not known, or not projected in metres, which eastings and northings are.
pub fn crs_wkt(text: &str) -> Result<Option<String>> {
    let crs = spatial_ref(text)?;
    if !crs.is_projected() || (crs.linear_units() - 1.0).abs() > 1e-9 {
        let name = crs.name().unwrap_or_default();
        let message =
            format!("survey.crs: got {name}, expected a projected system in metres, as eastings and northings are");
        return Err(Error::setting("survey.crs", message));
    }
    crs.to_wkt().map(Some).map_err(|error| wrong("survey.crs", text, &error))
}

/// Returns the WKT of any coordinate reference system, in metres or degrees; `None` in a program without GDAL.
///
/// # Errors
///
/// [`Error::Setting`] when GDAL does not know it.
pub fn wkt(text: &str) -> Result<Option<String>> {
    spatial_ref(text)?.to_wkt().map(Some).map_err(|error| wrong("survey.crs", text, &error))
}

/// Returns the PROJJSON of any coordinate reference system.
///
/// # Errors
///
/// [`Error::Setting`] when GDAL does not know it.
pub fn projjson(text: &str) -> Result<Option<String>> {
    spatial_ref(text)?.to_projjson().map(Some).map_err(|error| wrong("survey.crs", text, &error))
}

/// Returns the names of a coordinate reference system and its datum, and its code, as far as they are known.
///
/// # Errors
///
/// [`Error::Setting`] when GDAL does not know it.
pub fn crs_names(text: &str) -> Result<Vec<(&'static str, String)>> {
    let crs = spatial_ref(text)?;
    let datum = crs.get_attr_value("DATUM", 0).ok().flatten().map(|datum| ("DATUM", datum));
    let name = crs.name().map(|name| ("PROJECTION", name));
    let code = crs.auth_name().zip(crs.auth_code().ok()).map(|(name, code)| ("CRS", format!("{name} {code}")));
    Ok([datum, name, code].into_iter().flatten().collect())
}

/// Returns whether a place, easting and northing in m, is in the area of a coordinate reference system, with a margin
/// of some degrees; `None` when the area is not known.
pub fn is_covered(text: &str, (easting_m, northing_m): (f64, f64), margin_deg: f64) -> Option<bool> {
    let crs = spatial_ref(text).ok()?;
    let area = crs.area_of_use()?;
    let degrees = spatial_ref("EPSG:4326").ok()?;
    let transform = CoordTransform::new(&crs, &degrees).ok()?;
    let (mut x, mut y) = ([easting_m], [northing_m]);
    if transform.transform_coords(&mut x, &mut y, &mut [0.0]).is_err() {
        return Some(false);
    }
    let [west, east] = [area.west_lon_degree - margin_deg, area.east_lon_degree + margin_deg];
    let [south, north] = [area.south_lat_degree - margin_deg, area.north_lat_degree + margin_deg];
    // An area across the date line has an eastern bound west of its western bound.
    let is_between = if west <= east { (west..=east).contains(&x[0]) } else { x[0] >= west || x[0] <= east };
    Some(is_between && (south..=north).contains(&y[0]))
}

/// Returns a system with eastings before northings, whatever order the authority has.
pub(super) fn spatial_ref(text: &str) -> Result<SpatialRef> {
    spatial_ref_of("survey.crs", text)
}

/// Returns such a system; messages call it `name`.
pub(super) fn spatial_ref_of(name: &str, text: &str) -> Result<SpatialRef> {
    let unknown = |text: &str| {
        Error::setting(name, format!("{name}: got {text:?}, expected an EPSG code, as in \"EPSG:28354\", or WKT"))
    };
    let wrong = |text: &str, error: GdalError| wrong(name, text, &error);
    quiet();
    let text = text.trim();
    let code = text.get(..5).filter(|start| start.eq_ignore_ascii_case("epsg:")).map(|_| &text[5..]);
    // GDAL's own parser would also open files and addresses.
    let crs = match code {
        Some(code) => match code.trim().parse() {
            Ok(code) => SpatialRef::from_epsg(code).map_err(|error| wrong(text, error)),
            Err(_) => Err(unknown(text)),
        },
        None if WKT.iter().any(|start| text.to_ascii_uppercase().starts_with(start)) => {
            SpatialRef::from_wkt(text).map_err(|error| wrong(text, error))
        }
        None => Err(unknown(text)),
    };
    let mut crs = crs?;
    crs.set_axis_mapping_strategy(AxisMappingStrategy::TraditionalGisOrder);
    Ok(crs)
}

fn wrong(name: &str, text: &str, error: &GdalError) -> Error {
    let short: String = text.chars().take(60).collect();
    Error::setting(
        name,
        format!("{name}: got {short:?}, expected a coordinate reference system that GDAL knows ({error})"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_wkt_are_known() {
        let wkt = crs_wkt("EPSG:28354").unwrap().unwrap();
        assert!(wkt.contains("MGA zone 54"), "{wkt}");
        assert_eq!(crs_wkt(&wkt).unwrap(), Some(wkt));
        assert!(crs_wkt(" epsg:3071 ").is_ok());
    }

    #[test]
    fn places_are_in_the_area_of_their_system_or_not() {
        // The Upper Darling in MGA zone 54, in Wisconsin's system, and with eastings and northings exchanged.
        assert_eq!(is_covered("EPSG:28354", (150_000.0, 6_470_000.0), 3.0), Some(true));
        assert_eq!(is_covered("EPSG:28354", (150_000.0, 6_470_000.0), 0.2), Some(false));
        assert_eq!(is_covered("EPSG:3071", (150_000.0, 6_470_000.0), 3.0), Some(false));
        assert_eq!(is_covered("EPSG:28354", (6_470_000.0, 150_000.0), 3.0), Some(false));
        assert_eq!(is_covered("nothing", (0.0, 0.0), 3.0), None);
    }

    #[test]
    fn what_is_no_projection_in_metres_is_refused() {
        let message = |text| crs_wkt(text).unwrap_err().to_string();
        assert_eq!(message("28354"), "survey.crs: got \"28354\", expected an EPSG code, as in \"EPSG:28354\", or WKT");
        assert_eq!(
            message("EPSG:4326"),
            "survey.crs: got WGS 84, expected a projected system in metres, as eastings and northings are"
        );
        assert!(message("EPSG:2225").contains("expected a projected system in metres"));
        assert!(message("EPSG:1").contains("that GDAL knows"));
        assert!(message("PROJCS[\"half").contains("that GDAL knows"));
        for text in ["", "http://127.0.0.1/crs", "/etc/passwd", "EPSG:x", "EPSG:"] {
            assert!(message(text).contains("expected an EPSG code"), "{text}");
        }
    }
}
