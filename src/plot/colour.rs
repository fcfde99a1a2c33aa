//! Colours and perceptual colour tables.

use serde::Deserialize;

/// A colour in sRGB.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Rgb(pub [u8; 3]);

impl Rgb {
    /// Returns `self` mixed with `paper`: fraction 0 is `self`, 1 is the paper.
    pub(super) fn faded(self, fraction: f64, paper: Rgb) -> Rgb {
        let fraction = fraction.clamp(0.0, 1.0);
        let mix = |i: usize| f64::from(self.0[i]) + (f64::from(paper.0[i]) - f64::from(self.0[i])) * fraction;
        Rgb([0, 1, 2].map(|i| mix(i).round() as u8))
    }
}

impl TryFrom<String> for Rgb {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let wrong = || format!("`{text}` is not a colour, expected \"#rrggbb\"");
        let digits = text.strip_prefix('#').ok_or_else(wrong)?;
        if digits.len() != 6 || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(wrong());
        }
        let value = u32::from_str_radix(digits, 16).map_err(|_| wrong())?;
        let [_, r, g, b] = value.to_be_bytes();
        Ok(Rgb([r, g, b]))
    }
}

/// Colours from 0 to 1, interpolated between anchors in the perceptual space OKLab.
#[derive(Debug, Clone, PartialEq)]
pub struct ColourTable(Vec<Rgb>);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Anchors {
    anchors: Vec<Rgb>,
}

impl ColourTable {
    const LEN: usize = 512;

    /// The tables that are part of the library.
    pub(super) const BUILT_IN: [(&str, &str); 8] = [
        ("spectrum", include_str!("../../styles/colour/spectrum.toml")),
        ("lagoon", include_str!("../../styles/colour/lagoon.toml")),
        ("ink", include_str!("../../styles/colour/ink.toml")),
        ("night", include_str!("../../styles/colour/night.toml")),
        ("tide", include_str!("../../styles/colour/tide.toml")),
        ("viridis", include_str!("../../styles/colour/viridis.toml")),
        ("cividis", include_str!("../../styles/colour/cividis.toml")),
        ("turbo", include_str!("../../styles/colour/turbo.toml")),
    ];

    /// Returns one of the tables that are part of the library.
    ///
    /// # Errors
    /// There is no table with this name.
    pub fn built_in(name: &str) -> Result<Self, String> {
        let found = Self::BUILT_IN.iter().find(|(other, _)| *other == name);
        let names: Vec<&str> = Self::BUILT_IN.iter().map(|(name, _)| *name).collect();
        let (_, text) = found.ok_or_else(|| format!("got '{name}', expected one of {}", names.join(", ")))?;
        Self::from_toml(text)
    }

    /// Returns the names of the tables that are part of the library.
    pub fn names() -> [&'static str; 8] {
        Self::BUILT_IN.map(|(name, _)| name)
    }

    /// Returns red, green and blue at `fraction`; values below 0 and above 1 have the end colours.
    pub fn rgb(&self, fraction: f64) -> [u8; 3] {
        self.at(fraction).0
    }

    /// Reads `anchors = ["#rrggbb", ...]`.
    pub(super) fn from_toml(text: &str) -> Result<Self, String> {
        let Anchors { anchors } = toml::from_str(text).map_err(|e| e.to_string())?;
        if anchors.len() < 2 {
            return Err(format!("got {} anchor(s), expected two or more colours", anchors.len()));
        }
        let anchors: Vec<_> = anchors.into_iter().map(oklab).collect();
        let colour = |i| {
            let at = i as f64 / (Self::LEN - 1) as f64 * (anchors.len() - 1) as f64;
            let k = (at as usize).min(anchors.len() - 2);
            let part = at - k as f64;
            let mix = |c: usize| anchors[k][c] + (anchors[k + 1][c] - anchors[k][c]) * part;
            srgb([mix(0), mix(1), mix(2)])
        };
        Ok(ColourTable((0..Self::LEN).map(colour).collect()))
    }

    /// Returns the colour at `fraction`: the first colour below 0, the last above 1.
    pub(super) fn at(&self, fraction: f64) -> Rgb {
        let last = self.0.len() - 1;
        self.0[((fraction * last as f64).round() as usize).min(last)]
    }
}

/// Converts to OKLab of Björn Ottosson, <https://bottosson.github.io/posts/oklab/>.
fn oklab(colour: Rgb) -> [f64; 3] {
    let [r, g, b] = colour.0.map(|v| {
        let v = f64::from(v) / 255.0;
        if v <= 0.04045 { v / 12.92 } else { ((v + 0.055) / 1.055).powf(2.4) }
    });
    let l = (0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b).cbrt();
    let m = (0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b).cbrt();
    let s = (0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b).cbrt();
    [
        0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s,
        1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s,
        0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s,
    ]
}

fn srgb([lightness, a, b]: [f64; 3]) -> Rgb {
    let l = (lightness + 0.3963377774 * a + 0.2158037573 * b).powi(3);
    let m = (lightness - 0.1055613458 * a - 0.0638541728 * b).powi(3);
    let s = (lightness - 0.0894841775 * a - 1.2914855480 * b).powi(3);
    let linear = [
        4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
        -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
        -0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s,
    ];
    Rgb(linear.map(|v| {
        let v = if v <= 0.0031308 { 12.92 * v } else { 1.055 * v.powf(1.0 / 2.4) - 0.055 };
        (v.clamp(0.0, 1.0) * 255.0).round() as u8
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_pass_through_their_anchors() {
        let table = ColourTable::from_toml(r##"anchors = ["#102030", "#a0b0c0", "#ff0000"]"##).unwrap();
        assert_eq!(table.at(-1.0), Rgb([0x10, 0x20, 0x30]));
        assert_eq!(table.at(f64::NAN), table.at(0.0));
        assert_eq!(table.at(2.0), Rgb([0xff, 0, 0]));
        let [r, g, b] = table.at(0.5).0;
        assert!(r.abs_diff(0xa0) < 3 && g.abs_diff(0xb0) < 3 && b.abs_diff(0xc0) < 3, "{r} {g} {b}");
    }

    #[test]
    fn colours_are_checked() {
        for wrong in ["red", "#12345", "#+12345", "123456"] {
            assert!(Rgb::try_from(wrong.to_owned()).unwrap_err().contains(wrong));
        }
        assert!(ColourTable::from_toml(r##"anchors = ["#000000"]"##).unwrap_err().contains("two or more"));
    }

    #[test]
    fn fading_ends_in_paper() {
        let paper = Rgb([250, 240, 230]);
        assert_eq!(Rgb([10, 20, 30]).faded(0.0, paper), Rgb([10, 20, 30]));
        assert_eq!(Rgb([10, 20, 30]).faded(7.0, paper), paper);
    }
}
