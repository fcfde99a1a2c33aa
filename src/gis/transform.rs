//! Transforms coordinates from one reference system to another.

use gdal::spatial_ref::{CoordTransform, SpatialRef};

use super::Axes;
use super::crs::spatial_ref_of;
use crate::error::{Error, Result};

/// Name of the target system in messages.
const WANTED: &str = "--crs";

/// Returns kind and unit of the coordinates of a reference system; `None` in a program without GDAL.
///
/// # Errors
///
/// [`Error::Setting`] when GDAL does not know it.
pub fn axes(text: &str) -> Result<Option<Axes>> {
    let crs = spatial_ref_of(WANTED, text)?;
    let is_geographic = crs.is_geographic();
    let unit = if is_geographic { crs.angular_units_name() } else { crs.linear_units_name() };
    let unit = match unit.unwrap_or_default() {
        name if is_geographic && name.eq_ignore_ascii_case("degree") => "degrees".to_owned(),
        _ if is_metric(&crs) => "m".to_owned(),
        name => name,
    };
    Ok(Some(Axes { is_geographic, is_metric: is_metric(&crs), unit }))
}

fn is_metric(crs: &SpatialRef) -> bool {
    crs.is_projected() && (crs.linear_units() - 1.0).abs() < 1e-9
}

/// Transforms places, east (or longitude) and north (or latitude), from one coordinate reference system to another;
/// places that are not finite stay unchanged.
///
/// # Errors
///
/// [`Error::Setting`] when GDAL does not know one of them, or a place lies where the other has no coordinates.
pub fn transform(from: &str, to: &str, places: &[(f64, f64)]) -> Result<Vec<(f64, f64)>> {
    let failed =
        |error: gdal::errors::GdalError| Error::setting("--crs", format!("--crs: from {from} to {to}: {error}"));
    let between =
        CoordTransform::new(&spatial_ref_of("survey.crs", from)?, &spatial_ref_of(WANTED, to)?).map_err(failed)?;
    let is_known = |&&(x, y): &&(f64, f64)| x.is_finite() && y.is_finite();
    let (mut x, mut y): (Vec<f64>, Vec<f64>) = places.iter().filter(is_known).copied().unzip();
    let mut z = vec![0.0; x.len()];
    between.transform_coords(&mut x, &mut y, &mut z).map_err(failed)?;
    if !x.iter().chain(&y).all(|coordinate| coordinate.is_finite()) {
        return Err(Error::setting("--crs", format!("--crs: a sounding lies where {to} has no coordinates")));
    }
    let mut transformed = x.into_iter().zip(y);
    let of = |place: &(f64, f64)| if is_known(&place) { transformed.next().unwrap_or(*place) } else { *place };
    Ok(places.iter().map(of).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Would catch: latitudes before longitudes, coordinates that are not transformed, places without coordinates that
    /// change others.
    #[test]
    fn places_keep_where_they_are() {
        // The natural origin of the projection: 90 W on the equator; NAD83(HARN) and WGS 84 differ by less than 1e-5 degrees.
        let places = [(f64::NAN, 1.0), (520_000.0, -4_480_000.0), (520_000.0, 484_700.0)];
        let degrees = transform("EPSG:3071", "EPSG:4326", &places).unwrap();
        assert!(degrees[0].0.is_nan());
        assert!((degrees[1].0 + 90.0).abs() < 1e-5 && degrees[1].1.abs() < 1e-5, "{degrees:?}");
        assert!((degrees[2].0 + 90.0).abs() < 1e-5 && (44.0..46.0).contains(&degrees[2].1), "{degrees:?}");
        let back = transform("EPSG:4326", "EPSG:3071", &degrees).unwrap();
        assert!((back[2].0 - places[2].0).abs() < 1e-3 && (back[2].1 - places[2].1).abs() < 1e-3, "{back:?}");
    }

    #[test]
    fn axes_are_in_degrees_metres_or_feet() {
        let of = |text| axes(text).unwrap().unwrap();
        assert_eq!((of("EPSG:4326").unit.as_str(), of("EPSG:4326").is_geographic), ("degrees", true));
        assert_eq!((of("EPSG:3071").unit.as_str(), of("EPSG:3071").is_metric), ("m", true));
        assert!(!of("EPSG:2225").is_metric && of("EPSG:2225").unit.contains("foot"), "{:?}", of("EPSG:2225"));
        let message = axes("EPSG:1").unwrap_err().to_string();
        assert!(message.starts_with("--crs: got \"EPSG:1\""), "{message}");
    }

    #[test]
    fn a_place_without_coordinates_in_the_other_system_is_refused() {
        assert!(transform("EPSG:4326", "EPSG:3857", &[(0.0, 95.0)]).is_err());
    }
}
