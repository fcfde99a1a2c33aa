//! The embedded font: DejaVu Sans, normal and bold.

use std::sync::Once;

use plotters::style::{FontDesc, FontFamily, FontStyle, register_font};

/// The font's name in SVG files, which do not contain the font; plotters finds the embedded copy under the same name.
const FAMILY: &str = "DejaVu Sans, sans-serif";

/// Size (ascent + descent) per em of DejaVu Sans, which plotters' rasteriser needs.
pub(super) const HEIGHT_PER_EM: f64 = (1901.0 + 483.0) / 2048.0;

/// Returns the font at a size in the unit of plotters' backends.
pub(super) fn font(size: f64, bold: bool) -> FontDesc<'static> {
    static REGISTERED: Once = Once::new();
    REGISTERED.call_once(|| {
        let fonts = [(FontStyle::Normal, dejavu::sans::regular()), (FontStyle::Bold, dejavu::sans::bold())];
        for (style, bytes) in fonts {
            assert!(register_font(FAMILY, style, bytes).is_ok(), "the embedded font is a font");
        }
    });
    FontDesc::new(FontFamily::Name(FAMILY), size, if bold { FontStyle::Bold } else { FontStyle::Normal })
}

/// Returns the width of a text whose em is `size`, in the unit of `size`.
pub(super) fn width(text: &str, size: f64, bold: bool) -> f64 {
    const EM: f64 = 1000.0;
    let (width, _) = font(EM * HEIGHT_PER_EM, bold).box_size(text).expect("the font is registered");
    f64::from(width) / EM * size
}

#[cfg(test)]
mod tests {
    #[test]
    fn widths_are_those_of_the_font() {
        // Advance of a digit: 1303 of 2048 units.
        assert!((super::width("0123456789", 1.0, false) - 6.36).abs() < 0.01);
        assert!(super::width("geobipy", 10.0, true) > super::width("geobipy", 10.0, false));
    }
}
