use super::*;
use crate::system::CurrentInGate;

/// Would catch: files that parse only with warnings, gates in the ramp or in the next pulse, positions that the file and the
/// table give differently.
#[test]
fn every_instrument_is_read_without_doubt() {
    for entry in LibraryEntry::all() {
        let made = entry.made().unwrap();
        assert_eq!(made.moments.len(), entry.files.len());
        assert_eq!(entry.measures().unwrap().len(), entry.files.len());
        if entry.kind == SurveyKind::Frequency {
            assert!(made.components.is_empty() && entry.offset_m.is_none(), "{}", entry.name);
            continue;
        }
        for (stem, text) in entry.files {
            let system = TdemSystem::parse(text, Path::new(stem)).unwrap();
            assert!(system.warnings.is_empty(), "{stem}: {:?}", system.warnings);
            assert!(system.current_in_gates().iter().all(|current| *current == CurrentInGate::Constant), "{stem}");
            let reference = system.reference_geometry.offset_m();
            assert!(reference == [0.0; 3] || Some(reference) == entry.offset_m, "{stem}: {reference:?}");
            let [dx, dy, dz] = entry.offset_m.unwrap();
            let place = format!("{dx} m ahead of, {dy} m left of and {dz} m above the transmitter");
            let head: Vec<&str> = text.lines().map_while(|line| line.strip_prefix("//")).map(str::trim).collect();
            assert!(head.join(" ").contains(&place), "{stem}: {place}");
        }
    }
}

/// Would catch: an instrument without a source, or whose nominal numbers nobody is told of.
#[test]
fn every_file_says_its_source_and_what_is_nominal() {
    for entry in LibraryEntry::all() {
        for (stem, text) in entry.files {
            for label in ["Source", "Published", "Nominal"] {
                assert!(text.contains(&format!("\n// {label}: ")), "{stem}: {label}");
            }
        }
        assert!(entry.source().chars().filter(char::is_ascii_digit).count() >= 4, "{}", entry.source());
        assert!(entry.nominal().ends_with('.'), "{}", entry.nominal());
        assert!(entry.made().unwrap().notes[0].contains(&entry.nominal()));
    }
}

/// Would catch: names that the spelling of contractors does not find, and two entries with one name.
#[test]
fn names_are_found_as_people_write_them() {
    for (written, name) in [("RESOLVE", "resolve"), ("SkyTEM 304M", "skytem-304m"), ("skytem_312", "skytem-312")] {
        assert_eq!(LibraryEntry::find(written).unwrap().name(), name);
    }
    for wrong in ["", "sky", "tempest.stm", "lib/tempest"] {
        assert!(LibraryEntry::find(wrong).is_none(), "{wrong}");
    }
    for entry in LibraryEntry::all() {
        assert!(std::ptr::eq(LibraryEntry::find(entry.name).unwrap(), entry), "{}", entry.name);
    }
}
