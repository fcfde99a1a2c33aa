//! Printed form of units.

/// Returns the printed form of a unit of the schema: superscripts, a dot between factors, Greek letters; nothing for 1.
///
/// ```
/// # use geobipy::plot::printed_unit;
/// assert_eq!(printed_unit("V/(A m^4)"), "V/(A·m⁴)");
/// assert_eq!(printed_unit("ohm m"), "Ω·m");
/// assert_eq!(printed_unit("uV/m^2"), "µV/m²");
/// assert_eq!(printed_unit("log10(S/m)"), "log₁₀ S/m");
/// assert_eq!(printed_unit("1"), "");
/// ```
pub fn printed_unit(unit: &str) -> String {
    match unit {
        "1" => return String::new(),
        "deg" => return "°".to_owned(),
        "log10(S/m)" => return "log₁₀ S/m".to_owned(),
        _ => {}
    }
    let mut printed = String::new();
    let mut letters = unit.replace("ohm", "Ω").replace(' ', "·");
    if let Some(rest) = letters.strip_prefix('u').filter(|rest| rest.starts_with(['V', 'T', 'A', 's'])) {
        letters = format!("µ{rest}");
    }
    let mut raised = false;
    for letter in letters.chars() {
        match letter {
            '^' => raised = true,
            '-' if raised => printed.push('⁻'),
            digit if raised && digit.is_ascii_digit() => {
                printed.push(['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'][digit as usize - '0' as usize]);
            }
            other => {
                raised = false;
                printed.push(other);
            }
        }
    }
    printed
}

/// Returns a name with its unit in brackets, if it has one.
pub fn with_unit(name: &str, unit: &str) -> String {
    let unit = printed_unit(unit);
    if unit.is_empty() { name.to_owned() } else { format!("{name} ({unit})") }
}
