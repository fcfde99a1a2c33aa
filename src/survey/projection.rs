//! Coordinate reference systems as ASEG-GDF2 definitions and remarks have them: `DATUM=GDA94,PROJECTION=MGA54`,
//! `GDA94 / MGA zone 54`, `EPSG:28354`.

/// For each datum and beginning of its projections' names: the EPSG code of zone 0, and the zones that exist.
const KNOWN: [(&str, &str, u32, std::ops::RangeInclusive<u32>); 9] = [
    ("GDA94", "MGA", 28_300, 48..=58),
    ("GDA2020", "MGA", 7_800, 46..=59),
    ("AGD66", "AMG", 20_200, 48..=58),
    ("AGD84", "AMG", 20_300, 48..=58),
    ("WGS84", "UTM", 32_600, 1..=60),
    ("WGS72", "UTM", 32_200, 1..=60),
    ("NAD83", "UTM", 26_900, 1..=23),
    ("NAD27", "UTM", 26_700, 1..=22),
    ("ETRS89", "UTM", 25_800, 28..=38),
];
/// Datums whose zones of UTM are different systems in the south.
const IN_BOTH_HEMISPHERES: [&str; 2] = ["WGS84", "WGS72"];

/// Returns `EPSG:` and the code of the projection in a field's attributes, when it is a known one.
pub(super) fn epsg(attributes: &str) -> Option<String> {
    let value = |key: &str| {
        attributes.split([',', ':', ';']).find_map(|pair| {
            let (name, value) = pair.split_once('=')?;
            name.trim().eq_ignore_ascii_case(key).then(|| value.trim().to_ascii_uppercase())
        })
    };
    let (datum, projection) = (value("DATUM")?, value("PROJECTION")?);
    let (_, begin, ..) = KNOWN.iter().find(|(known, ..)| *known == datum)?;
    zone(&datum, begin, projection.strip_prefix(begin)?)
}

/// Returns the only coordinate reference system that is named in texts; `None` when they name none or several.
pub(super) fn epsg_in<T: AsRef<str>>(texts: impl IntoIterator<Item = T>) -> Option<String> {
    let mut found: Vec<String> = texts.into_iter().flat_map(|text| all_in(text.as_ref())).collect();
    found.sort();
    found.dedup();
    found.pop().filter(|_| found.is_empty())
}

/// Returns every system that a text names.
fn all_in(text: &str) -> Vec<String> {
    let text = text.to_ascii_uppercase();
    let code = |(at, _): (usize, &str)| {
        let rest = text[at + "EPSG".len()..].trim_start_matches([':', '=', ',', ' ', '"']);
        let digits = &rest[..rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len())];
        (4..=6).contains(&digits.len()).then(|| format!("EPSG:{digits}"))
    };
    let codes: Vec<String> = text.match_indices("EPSG").filter_map(code).collect();
    if !codes.is_empty() {
        return codes;
    }
    let close: String = text.chars().filter(|c| !c.is_whitespace() && !"/_-,=()".contains(*c)).collect();
    let named = |(datum, begin, ..): &(&str, &str, _, _)| {
        close
            .find(datum)
            .into_iter()
            .flat_map(|at| {
                let rest = &close[at + datum.len()..];
                let at = rest.find(begin)?;
                zone(datum, begin, &rest[at + begin.len()..])
            })
            .next()
    };
    KNOWN.iter().filter_map(named).collect()
}

/// Returns the system of the zone at the beginning of a text, such as `54`, `zone 54` or `33S`.
fn zone(datum: &str, begin: &str, text: &str) -> Option<String> {
    let (.., first, zones) = KNOWN.iter().find(|(known, letters, ..)| (*known, *letters) == (datum, begin))?;
    let text = text.trim_matches([' ', '_', '-']);
    let text = text.strip_prefix("ZONE").unwrap_or(text.strip_prefix('Z').unwrap_or(text)).trim_start();
    let (digits, rest) = text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()));
    let zone: u32 = digits.parse().ok().filter(|zone| zones.contains(zone))?;
    let south = match rest.trim_start().chars().next() {
        Some('S') if begin == "UTM" && !IN_BOTH_HEMISPHERES.contains(&datum) => return None,
        Some('N') => 0,
        Some('S') if begin == "UTM" => 100,
        // A zone of UTM needs a hemisphere.
        _ if IN_BOTH_HEMISPHERES.contains(&datum) => return None,
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
            ("DATUM=GDA2020,PROJECTION=MGA zone 54", Some("EPSG:7854")),
            ("DATUM=AGD66,PROJECTION=AMG54", Some("EPSG:20254")),
            ("DATUM=WGS84,PROJECTION=UTM33N", Some("EPSG:32633")),
            ("DATUM=WGS84,PROJECTION=UTM33S", Some("EPSG:32733")),
            ("DATUM=NAD83,PROJECTION=UTM16", Some("EPSG:26916")),
            ("DATUM=NAD83,PROJECTION=UTM16S", None),
            ("DATUM=WGS84,PROJECTION=UTM33", None),
            ("DATUM=GDA94,PROJECTION=GEODETIC", None),
            ("DATUM=GDA94,PROJECTION=MGA99", None),
            ("DATUM=AHD", None),
            ("", None),
        ] {
            assert_eq!(epsg(attributes).as_deref(), expected, "{attributes}");
        }
    }

    #[test]
    fn remarks_may_name_a_system() {
        for (texts, expected) in [
            (&["PROJNAME:A30: COMMENT=GDA2020 / MGA zone 51"][..], Some("EPSG:7851")),
            (&["PROJGDA2020 / MGA zone 51", "PROJ GDA2020 MGA51"], Some("EPSG:7851")),
            (&["COMM Projection: WGS 84 / UTM zone 33S"], Some("EPSG:32733")),
            (&["COMM coordinates in epsg: 28354 (GDA94)"], Some("EPSG:28354")),
            (&["AGD66 / AMG zone 54", "GDA94 / MGA zone 54"], None),
            (&["COMM from AGD66 / AMG zone 54 to GDA94 / MGA zone 54"], None),
            (&["COMM WGS 84 / UTM zone 33"], None),
            (&["COMM epsg 12", "é EPSG", "GDA94"], None),
            (&[], None),
        ] {
            assert_eq!(epsg_in(texts).as_deref(), expected, "{texts:?}");
        }
    }
}
