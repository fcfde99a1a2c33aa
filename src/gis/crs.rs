//! Coordinate reference systems.

use gdal::spatial_ref::{AxisMappingStrategy, SpatialRef};

use super::quiet::quiet;
use crate::error::{Error, Result};

/// How WKT of horizontal systems begins, in either version.
const WKT: [&str; 6] = ["PROJCS[", "PROJCRS[", "COMPD_CS[", "COMPOUNDCRS[", "BOUNDCRS[", "PROJECTEDCRS["];

/// The WKT of a coordinate reference system that is given as `EPSG:` and a code, or as WKT.
///
/// # Errors
///
/// [`Error::Config`] when it is neither, not known, or not projected in metres, which eastings and northings are.
pub fn crs_wkt(text: &str) -> Result<Option<String>> {
    let crs = spatial_ref(text)?;
    if !crs.is_projected() || (crs.linear_units() - 1.0).abs() > 1e-9 {
        let name = crs.name().unwrap_or_default();
        let message =
            format!("survey.crs: got {name}, expected a projected system in metres, as eastings and northings are");
        return Err(Error::Config(message));
    }
    crs.to_wkt().map(Some).map_err(|error| wrong(text, error))
}

/// With eastings before northings, whatever the authority says.
pub(super) fn spatial_ref(text: &str) -> Result<SpatialRef> {
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

fn unknown(text: &str) -> Error {
    Error::Config(format!("survey.crs: got {text:?}, expected an EPSG code, as in \"EPSG:28354\", or WKT"))
}

fn wrong(text: &str, error: impl std::fmt::Display) -> Error {
    let short: String = text.chars().take(60).collect();
    Error::Config(format!(
        "survey.crs: got {short:?}, expected a coordinate reference system that GDAL knows ({error})"
    ))
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
