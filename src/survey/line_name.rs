//! Numbers in the names of lines, as Geosoft writes them.

/// Returns the number of a line from its name: 1200 for `L1200`, `"1200"`, `T 1200` and `L1200:3`, where 3 is the flight
/// or version, and 1200.1 for `L1200.1`. `None` when the name has no number, or more than one.
pub(super) fn line_number(name: &str) -> Option<f64> {
    let name = unquoted(name);
    if let Ok(number) = name.parse::<f64>() {
        return number.is_finite().then_some(number);
    }
    let rest = name.trim_start_matches(char::is_alphabetic).trim_start_matches([' ', '_', '-']);
    let (digits, version) = rest.split_once(':').map_or((rest, None), |(digits, version)| (digits, Some(version)));
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !digits.split('.').all(is_number) || digits.split('.').count() > 2 || !version.is_none_or(is_number) {
        return None;
    }
    digits.parse().ok()
}

/// Returns the name of a line such that names of the same line are equal.
pub(super) fn line_name(name: &str) -> String {
    let name = unquoted(name);
    match name.parse::<f64>() {
        Ok(number) if number.is_finite() => number.to_string(),
        _ => name.to_uppercase(),
    }
}

fn unquoted(name: &str) -> &str {
    name.trim().trim_matches(['"', '\'']).trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_in_a_name_is_the_lines() {
        for (name, expected) in [
            ("1200", Some(1200.0)),
            ("-5", Some(-5.0)),
            ("\"1200\"", Some(1200.0)),
            ("L1200", Some(1200.0)),
            ("T9010", Some(9010.0)),
            ("L 1200", Some(1200.0)),
            ("Line_1200", Some(1200.0)),
            ("LINE-1200", Some(1200.0)),
            ("L1200:1", Some(1200.0)),
            ("1200:1", Some(1200.0)),
            ("L1200.1:22", Some(1200.1)),
            ("L1200.1", Some(1200.1)),
            ("", None),
            ("L", None),
            ("L12A", None),
            ("L1200.1.2", None),
            ("B2_1200", None),
            ("L1200:", None),
            ("L1200:A", None),
            ("inf", None),
            ("NaN", None),
            ("10:11:00", None),
        ] {
            assert_eq!(line_number(name), expected, "{name}");
        }
        assert_eq!(line_name("l1200"), line_name("\"L1200\""));
        assert_eq!(line_name("1200.0"), line_name("1.2e3"));
        assert_ne!(line_name("1200"), line_name("L1200"));
    }
}
