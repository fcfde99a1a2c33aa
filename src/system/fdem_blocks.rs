//! Reads GA-AEM's files of frequency-domain systems: frequencies, separations and orientations of the coils.

use std::path::Path;

use super::fdem::{FdemSystem, TABLE_HEADER};
use super::tdem::{Block, Key, read_blocks, words_of_numbers};
use crate::error::{Error, InputError, Result};

/// What the file must hold, for messages.
const NEEDED: &str = "Frequencies, Separations and Orientations with one word for each coil pair";

/// Reads the text of a block file of a frequency-domain system. The transmitter is at the bird, the receiver `Separations`
/// m ahead of it. `Orientations` are HCP (both coils horizontal), VCX (both axes along flight; the sign of the data is that
/// of HCP data) or VCP (both axes to the left).
///
/// # Errors
///
/// [`Error::Input`] and [`Error::Many`] when a key is missing or wrong, or a coil pair is not modelled.
pub(super) fn parse(text: &str, path: &Path) -> Result<FdemSystem> {
    let (file, errors) = read_blocks(text, path).map_err(Error::Many)?;
    if !errors.is_empty() {
        return Err(Error::Many(errors));
    }
    let Some(system) = file.block("System") else {
        return Err(InputError::file(path, "no block System", "`System Begin` ... `System End`"));
    };
    let key = |name: &str| {
        let found = system.key(name);
        found.ok_or_else(|| InputError::line(path, system.line, format_args!("no {name} in System"), NEEDED))
    };
    let frequencies = numbers(key("Frequencies")?, path, "frequencies in Hz more than 0")?;
    let separations = numbers(key("Separations")?, path, "distances in m more than 0")?;
    let orientations = key("Orientations")?;
    let words: Vec<&str> = words(&orientations.value);
    for (name, count) in [("Separations", separations.len()), ("Orientations", words.len())] {
        if count != frequencies.len() {
            let got = format!("{count} {name} and {} Frequencies", frequencies.len());
            return Err(InputError::line(path, key(name)?.line, got, "as many, one for each coil pair"));
        }
    }
    let pairs = frequencies.iter().zip(&separations).zip(words);
    let rows = pairs.map(|((hz, m), word)| row(*hz, *m, word, path, orientations)).collect::<Result<Vec<_>>>()?;
    let system_name = name(system, path);
    let mut coil_pairs = Vec::new();
    for row in rows {
        let one = FdemSystem::parse(&format!("{TABLE_HEADER}\n{row}\n"), path);
        coil_pairs.extend(one.map_err(|error| at_orientations(error, path, orientations))?.coil_pairs);
    }
    Ok(FdemSystem { name: system_name, coil_pairs, source_text: text.to_owned() })
}

/// Returns the name in the file, or the name of the file.
fn name(system: &Block, path: &Path) -> String {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    system.key("Name").map(|key| key.value.clone()).filter(|name| !name.is_empty()).unwrap_or(stem)
}

/// Returns the words of a list, which spaces or commas separate.
fn words(text: &str) -> Vec<&str> {
    text.split(|c: char| c.is_whitespace() || c == ',').filter(|word| !word.is_empty()).collect()
}

fn numbers(key: &Key, path: &Path, expected: &str) -> Result<Vec<f64>> {
    let numbers = words_of_numbers(&key.value.replace(',', " "));
    let numbers = numbers.filter(|all| !all.is_empty() && all.iter().all(|x| x.is_finite() && *x > 0.0));
    numbers.ok_or_else(|| InputError::line(path, key.line, format_args!("{} = {:?}", key.name, key.value), expected))
}

/// Returns the row of the table of coil pairs.
fn row(hz: f64, separation_m: f64, orientation: &str, path: &Path, key: &Key) -> Result<String> {
    let (axis, moment) = match orientation.to_ascii_uppercase().as_str() {
        "HCP" => ("z", 1),
        // A coaxial pair has a primary field of the other sign.
        "VCX" => ("x", -1),
        "VCP" => ("y", 1),
        _ => {
            let got = format!("the orientation {orientation:?} of the coil pair at {hz} Hz");
            let expected = "HCP or VCX; other coil pairs need a table of coil pairs, which has the axis of each coil";
            return Err(InputError::line(path, key.line, got, expected));
        }
    };
    Ok(format!("{hz},{axis},{moment},0,0,0,{axis},1,{separation_m},0,0"))
}

/// Moves the error of a row of the table to the line of the orientations.
fn at_orientations(error: Error, path: &Path, key: &Key) -> Error {
    let first = match error {
        Error::Many(errors) => errors.into_iter().next(),
        other => Some(other),
    };
    match first {
        Some(Error::Input(wrong)) => InputError::line(path, key.line, wrong.got, wrong.expected),
        other => other.unwrap_or_else(|| InputError::line(path, key.line, "coil pairs", NEEDED)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::system::Axis;

    const TEXT: &str = "\
System Begin
    Name = Bird // a bird
    Type = Frequency Domain
    Frequencies = 400 3200, 56e3
    Separations = 8 9 6.5
    orientations = HCP vcx HCP
System End
";

    fn message(old: &str, new: &str) -> String {
        parse(&TEXT.replace(old, new), Path::new("b.stm")).expect_err(new).to_string()
    }

    #[test]
    fn blocks_become_coil_pairs() {
        let system = parse(TEXT, Path::new("b.stm")).unwrap();
        assert_eq!((system.name.as_str(), system.source_text.as_str()), ("Bird", TEXT));
        let pairs: Vec<_> =
            system.coil_pairs.iter().map(|p| (p.frequency_hz, p.tx_axis, p.rx_axis, p.tx_moment)).collect();
        assert_eq!(
            pairs,
            [(400.0, Axis::Z, Axis::Z, 1.0), (3200.0, Axis::X, Axis::X, -1.0), (56e3, Axis::Z, Axis::Z, 1.0)]
        );
        assert_eq!(system.coil_pairs[2].rx_offset_m, [6.5, 0.0, 0.0]);
    }

    #[test]
    fn what_is_wrong_is_one_message() {
        for (old, new, expected) in [
            (
                "vcx",
                "PER",
                "b.stm, line 6: got the orientation \"PER\" of the coil pair at 3200 Hz, expected HCP or VCX",
            ),
            ("vcx", "", "b.stm, line 6: got 2 Orientations and 3 Frequencies, expected as many"),
            ("8 9", "8 -9", "b.stm, line 5: got Separations = \"8 -9 6.5\", expected distances in m more than 0"),
            ("56e3", "NaN", "b.stm, line 4: got Frequencies = "),
            ("Separations", "Separation", "b.stm, line 1: got no Separations in System, expected Frequencies, Sep"),
        ] {
            let message = message(old, new);
            assert!(message.starts_with(expected) && message.lines().count() == 1, "{message}");
        }
    }
}
