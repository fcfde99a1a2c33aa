//! Writes a canvas to a PNG or SVG file.

use std::ffi::OsString;
use std::fmt::Display;
use std::fs;
use std::path::Path;

use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ColorType, ImageEncoder};
use plotters::backend::{BitMapBackend, DrawingBackend, SVGBackend};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, FontTransform, RGBColor, TextStyle};

use super::canvas::{Align, Canvas, Mark, Point, Text};
use super::colour::Rgb;
use super::font;
use super::style::Style;
use crate::error::{Error, Result};

/// File format, which follows from the extension.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Png,
    Svg,
}

impl Format {
    fn of(path: &Path) -> Result<Format> {
        match path.extension().and_then(|e| e.to_str()).map(str::to_ascii_lowercase).as_deref() {
            Some("png") => Ok(Format::Png),
            Some("svg") => Ok(Format::Svg),
            Some(other) => Err(Error::figure(path, format!("got extension `.{other}`, expected `.png` or `.svg`"))),
            None => Err(Error::figure(path, "got no extension, expected `.png` or `.svg`")),
        }
    }

    /// Returns the number of device pixels per pixel of the output. plotters does not smooth lines, so PNGs are drawn
    /// large and shrunk; it places everything at whole pixels, so SVGs get finer ones.
    fn oversampling(self) -> u32 {
        match self {
            Format::Png => 3,
            Format::Svg => 2,
        }
    }
}

/// Draws a figure of `height` pixels and writes it to `path`; an older file is replaced only on success.
pub(super) fn write(path: &Path, style: &Style, height: u32, draw: impl FnOnce(&mut Canvas)) -> Result<()> {
    let (format, page) = (Format::of(path)?, &style.page);
    let factor = format.oversampling();
    let scale = page.pixels_per_point();
    let size = (page.width_px, height);
    let (across, down) = (f64::from(size.0) / scale, f64::from(size.1) / scale);
    let mut canvas = Canvas::new(across, down, scale * f64::from(factor), style.colour.paper);
    draw(&mut canvas);
    let bytes = match format {
        Format::Png => png(&canvas, size, factor),
        Format::Svg => svg(&canvas, (size.0 * factor, size.1 * factor)),
    };
    replace(path, &bytes.map_err(|message| Error::figure(path, message))?)
}

pub(super) fn replace(path: &Path, bytes: &[u8]) -> Result<()> {
    let mut name = OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(format!(".{}.part", std::process::id()));
    let part = path.with_file_name(name);
    fs::write(&part, bytes).and_then(|()| fs::rename(&part, path)).map_err(|source| {
        // The first error is the one that is returned.
        let _ = fs::remove_file(&part);
        Error::Io { path: path.to_path_buf(), source }
    })
}

fn png(canvas: &Canvas, size: (u32, u32), factor: u32) -> std::result::Result<Vec<u8>, String> {
    let large = (size.0 * factor, size.1 * factor);
    let mut pixels = vec![0; 3 * large.0 as usize * large.1 as usize];
    {
        let mut backend = BitMapBackend::with_buffer(&mut pixels, large);
        replay(canvas, &mut backend, Format::Png)?;
        backend.present().map_err(|e| e.to_string())?;
    }
    let pixels = shrunk(&pixels, size, factor);
    let mut bytes = Vec::new();
    PngEncoder::new_with_quality(&mut bytes, CompressionType::Best, FilterType::Adaptive)
        .write_image(&pixels, size.0, size.1, ColorType::Rgb8)
        .map_err(|e| e.to_string())?;
    Ok(bytes)
}

/// Returns the mean of each `factor` x `factor` pixels.
fn shrunk(pixels: &[u8], (width, height): (u32, u32), factor: u32) -> Vec<u8> {
    let (width, height, factor) = (width as usize, height as usize, factor as usize);
    let count = (factor * factor) as u32;
    let mut small = Vec::with_capacity(3 * width * height);
    let mut sums = vec![0; 3 * width];
    for rows in pixels.chunks_exact(3 * width * factor * factor) {
        sums.fill(0);
        for row in rows.chunks_exact(3 * width * factor) {
            for (sum, group) in sums.chunks_exact_mut(3).zip(row.chunks_exact(3 * factor)) {
                for (i, value) in group.iter().enumerate() {
                    sum[i % 3] += u32::from(*value);
                }
            }
        }
        small.extend(sums.iter().map(|sum| ((sum + count / 2) / count) as u8));
    }
    small
}

fn svg(canvas: &Canvas, size: (u32, u32)) -> std::result::Result<Vec<u8>, String> {
    let mut text = String::new();
    {
        let mut backend = SVGBackend::with_string(&mut text, size);
        replay(canvas, &mut backend, Format::Svg)?;
        backend.present().map_err(|e| e.to_string())?;
    }
    let opening = format!(r#"<svg width="{}" height="{}" "#, size.0, size.1);
    let (width, height) = (canvas.width * 25.4 / 72.0, canvas.height * 25.4 / 72.0);
    let sized = format!(
        r#"<svg width="{width:.2}mm" height="{height:.2}mm" stroke-linejoin="round" xmlns:xlink="http://www.w3.org/1999/xlink" "#
    );
    // plotters-svg 0.3 gives the image a wrong MIME type, and its `dy` would move the baselines.
    let text = text
        .replacen(&opening, &sized, 1)
        .replace(r#" href="data:png;"#, r#" xlink:href="data:image/png;"#)
        .replace(r#" dy="-0.5ex""#, "");
    Ok(text.into_bytes())
}

/// Draws every element with a backend of plotters.
fn replay<B: DrawingBackend>(canvas: &Canvas, backend: &mut B, format: Format) -> std::result::Result<(), String> {
    let scale = canvas.resolution;
    let device = |p: Point| ((p.0 * scale).round() as i32, (p.1 * scale).round() as i32);
    let (width, height) = backend.get_size();
    backend.draw_rect((0, 0), (width as i32, height as i32), &rgb(canvas.paper), true).map_err(message)?;
    for mark in &canvas.marks {
        match mark {
            Mark::Line { points, colour, width } => {
                let width = (width * scale).round().max(1.0) as u32;
                let points = points.iter().map(|p| device(*p)).collect();
                match format {
                    Format::Png => draw_segments(backend, points, rgb(*colour), width),
                    Format::Svg => {
                        let style = rgb(*colour).stroke_width(width);
                        backend.draw_path(points, &style).map_err(message)
                    }
                }
            }
            Mark::Fill { points, colour, opacity } => {
                backend.fill_polygon(points.iter().map(|p| device(*p)), &rgb(*colour).mix(*opacity)).map_err(message)
            }
            Mark::Text(text) => draw_text(backend, text, device(text.at), scale, format),
            Mark::Image { column, row, width, height, rgb } => {
                backend.blit_bitmap((*column as i32, *row as i32), (*width, *height), rgb).map_err(message)
            }
        }?;
    }
    Ok(())
}

/// Draws a line as separate segments with round joints. As one polygon, a line that crosses itself would have holes.
fn draw_segments<B: DrawingBackend>(
    backend: &mut B,
    mut points: Vec<(i32, i32)>,
    colour: RGBColor,
    width: u32,
) -> std::result::Result<(), String> {
    points.dedup();
    for (i, pair) in points.windows(2).enumerate() {
        backend.draw_path(pair.iter().copied(), &colour.stroke_width(width)).map_err(message)?;
        if i > 0 && width > 3 {
            backend.draw_circle(pair[0], width / 2, &colour, true).map_err(message)?;
        }
    }
    Ok(())
}

fn draw_text<B: DrawingBackend>(
    backend: &mut B,
    text: &Text,
    (x, y): (i32, i32),
    scale: f64,
    format: Format,
) -> std::result::Result<(), String> {
    // The two backends count font sizes differently, and only SVG has baselines.
    let em = text.size * scale;
    let (size, lift, vertical) = match format {
        Format::Png => {
            let size = em * font::HEIGHT_PER_EM;
            (size, (size / 2.0).round() as i32, VPos::Top)
        }
        Format::Svg => (em * 1.24, 0, VPos::Bottom),
    };
    let horizontal = match text.align {
        Align::Start => HPos::Left,
        Align::Middle => HPos::Center,
        Align::End => HPos::Right,
    };
    let (transform, at) = match text.upwards {
        true => (FontTransform::Rotate270, (x - lift, y)),
        false => (FontTransform::None, (x, y - lift)),
    };
    let colour = rgb(text.colour);
    let style = TextStyle::from(font::font(size, text.bold).transform(transform))
        .color(&colour)
        .pos(Pos::new(horizontal, vertical));
    backend.draw_text(&text.text, &style, at).map_err(message)
}

fn rgb(Rgb([r, g, b]): Rgb) -> RGBColor {
    RGBColor(r, g, b)
}

fn message(error: impl Display) -> String {
    error.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extensions_choose_the_format() {
        assert_eq!(Format::of(Path::new("a/b.PNG")).unwrap(), Format::Png);
        assert_eq!(Format::of(Path::new("b.svg")).unwrap(), Format::Svg);
        for path in ["b.pdf", "b", "png"] {
            let message = Format::of(Path::new(path)).unwrap_err().to_string();
            assert!(message.contains(".png") && message.contains(".svg"), "{message}");
        }
    }

    #[test]
    fn shrinking_takes_means() {
        let large = [0, 0, 0, 255, 255, 255, 90, 90, 90, 90, 90, 90, 0, 0, 0, 255, 255, 255, 90, 90, 90, 90, 90, 90];
        assert_eq!(shrunk(&large, (2, 1), 2), [128, 128, 128, 90, 90, 90]);
    }

    #[test]
    fn what_cannot_be_written_leaves_nothing_behind() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("figure.png");
        fs::create_dir(&path).unwrap();
        assert!(replace(&path, b"x").is_err());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
