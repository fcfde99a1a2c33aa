//! Coordinate reference systems in the notation of ASEG-GDF2 definitions: `DATUM=GDA94,PROJECTION=MGA54`.

/// For each datum and beginning of its projections' names: the EPSG code of zone 0, and the zones that exist.
const KNOWN: [(&str, &str, u32, std::ops::RangeInclusive<u32>); 5] = [
    ("GDA94", "MGA", 28_300, 48..=58),
    ("GDA2020", "MGA", 7_800, 46..=59),
    ("AGD66", "AMG", 20_200, 48..=58),
    ("AGD84", "AMG", 20_300, 48..=58),
    ("WGS84", "UTM", 32_600, 1..=60),
];

/// Returns `EPSG:` and the code of the projection in a field's attributes, when it is a known one.
pub(super) fn epsg(attributes: &str) -> Option<String> {
    let value = |key: &str| {
        attributes.split([',', ':', ';']).find_map(|pair| {
            let (name, value) = pair.split_once('=')?;
            name.trim().eq_ignore_ascii_case(key).then(|| value.trim().to_ascii_uppercase())
        })
    };
    let (datum, projection) = (value("DATUM")?, value("PROJECTION")?);
    let (_, begin, first, zones) = KNOWN.iter().find(|(known, ..)| *known == datum)?;
    let rest = projection.strip_prefix(begin)?.trim_matches([' ', '_', '-', 'Z']);
    let digits = rest.trim_end_matches(['N', 'S', 'H']);
    let zone: u32 = digits.trim().parse().ok().filter(|zone| zones.contains(zone))?;
    // A zone of UTM needs a hemisphere.
    let south = match (*begin, &rest[digits.len()..]) {
        ("UTM", "N") => 0,
        ("UTM", "S") => 100,
        ("UTM", _) => return None,
        _ => 0,
    };
    Some(format!("EPSG:{}", first + south + zone))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_projections_have_codes() {
        for (attributes, expected) in [
            ("UNIT=m:NULL=-9.9,DESC=Easting:DATUM=GDA94,PROJECTION=MGA51", Some("EPSG:28351")),
            ("datum = gda2020, projection = MGA 54", Some("EPSG:7854")),
            ("DATUM=AGD66,PROJECTION=AMG54", Some("EPSG:20254")),
            ("DATUM=WGS84,PROJECTION=UTM33N", Some("EPSG:32633")),
            ("DATUM=WGS84,PROJECTION=UTM33S", Some("EPSG:32733")),
            ("DATUM=WGS84,PROJECTION=UTM33", None),
            ("DATUM=GDA94,PROJECTION=GEODETIC", None),
            ("DATUM=GDA94,PROJECTION=MGA99", None),
            ("DATUM=AHD", None),
            ("", None),
        ] {
            assert_eq!(epsg(attributes).as_deref(), expected, "{attributes}");
        }
    }
}
