//! The first bytes of an image in, its size out.

use std::io::{BufRead, Read, Seek, SeekFrom};

use crate::document::{extension, is_image};

/// How much of a drawing is read for its first tag.
const HEAD: u64 = 64 * 1024;

/// Whether a file is an image of a kind whose size is read, by its name: an icon holds several.
pub(super) fn has_size(path: &str) -> bool {
    is_image(path) && extension(path) != "ico"
}

/// Width and height in CSS pixels; nothing for a drawing that has none, and what is wrong with a file that is no image.
pub(super) fn size(path: &str, file: &mut (impl BufRead + Seek)) -> Result<Option<(u32, u32)>, String> {
    if extension(path) == "svg" {
        let mut head = Vec::new();
        file.take(HEAD).read_to_end(&mut head).map_err(|error| error.to_string())?;
        return drawing(&String::from_utf8_lossy(&head));
    }
    let said = |error: imagesize::ImageError| match error {
        imagesize::ImageError::NotSupported => "it is no image".to_owned(),
        imagesize::ImageError::CorruptedImage => "it is damaged".to_owned(),
        imagesize::ImageError::IoError(_) => "it ends too early".to_owned(),
    };
    let found = imagesize::reader_size(&mut *file).map_err(said)?;
    let number = |pixels: usize| u32::try_from(pixels).ok().filter(|pixels| *pixels > 0);
    let (Some(width), Some(height)) = (number(found.width), number(found.height)) else {
        return Err("it has no size".to_owned());
    };
    if matches!(extension(path).as_str(), "jpg" | "jpeg") && lies_on_its_side(file).unwrap_or(false) {
        return Ok(Some((height, width)));
    }
    Ok(Some((width, height)))
}

/// The size of an SVG: `width` and `height` in pixels, or the `viewBox`; of one length the other follows from it.
fn drawing(text: &str) -> Result<Option<(u32, u32)>, String> {
    let start = text.find("<svg").ok_or("there is no `<svg>` in it")?;
    let tag = &text[start + "<svg".len()..];
    let tag = &tag[..tag.find('>').ok_or("its first tag is not closed")?];
    let attribute = |name: &str| {
        let mut rest = tag;
        while let Some(at) = rest.find(name) {
            let before = rest[..at].chars().next_back();
            rest = &rest[at + name.len()..];
            let value = rest.trim_start().strip_prefix('=').map(str::trim_start);
            if let (Some(value), true) = (value, before.is_none_or(char::is_whitespace)) {
                let quote = value.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
                return value[1..].split(quote).next();
            }
        }
        None
    };
    let view: Vec<f64> = attribute("viewBox")
        .unwrap_or_default()
        .split(|c: char| c.is_whitespace() || c == ',')
        .filter_map(|number| number.parse().ok())
        .collect();
    let view = match view[..] {
        [_, _, width, height] if width > 0.0 && height > 0.0 => Some((width, height)),
        _ => None,
    };
    let size = match (attribute("width").and_then(pixels), attribute("height").and_then(pixels), view) {
        (Some(width), Some(height), _) => Some((width, height)),
        (Some(width), None, Some((w, h))) => Some((width, width * h / w)),
        (None, Some(height), Some((w, h))) => Some((height * w / h, height)),
        (None, None, view) => view,
        (_, _, None) => None,
    };
    Ok(size.and_then(|(width, height)| Some((whole(width)?, whole(height)?))))
}

/// A length in CSS pixels; nothing for what depends on its surroundings.
fn pixels(length: &str) -> Option<f64> {
    let length = length.trim();
    let end = length.find(|c: char| c.is_ascii_alphabetic() || c == '%').unwrap_or(length.len());
    let factor = match &length[end..] {
        "" | "px" => 1.0,
        "pt" => 4.0 / 3.0,
        "pc" => 16.0,
        "in" => 96.0,
        "cm" => 96.0 / 2.54,
        "mm" => 96.0 / 25.4,
        _ => return None,
    };
    let number: f64 = length[..end].trim().parse().ok()?;
    (number > 0.0).then_some(number * factor)
}

/// A size as an attribute takes it.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked to be in range")]
pub(super) fn whole(number: f64) -> Option<u32> {
    let number = number.round();
    (1.0..=1e6).contains(&number).then_some(number as u32)
}

/// Whether a photograph says that it is to be turned by a quarter, as telephones do: browsers turn it.
fn lies_on_its_side(file: &mut (impl Read + Seek)) -> Option<bool> {
    file.seek(SeekFrom::Start(2)).ok()?;
    // Segments: a marker, and a length that counts itself.
    for _ in 0..32 {
        let mut head = [0; 4];
        file.read_exact(&mut head).ok()?;
        let length = u16::from_be_bytes([head[2], head[3]]).checked_sub(2)?;
        match head {
            [0xff, 0xe1, ..] => {
                let mut segment = vec![0; usize::from(length)];
                file.read_exact(&mut segment).ok()?;
                if let Some(tiff) = segment.strip_prefix(b"Exif\0\0") {
                    return orientation(tiff).map(|turn| (5..=8).contains(&turn));
                }
            }
            [0xff, 0xe0..=0xef | 0xfe | 0xdb | 0xc4 | 0xdd, ..] => {
                file.seek(SeekFrom::Current(i64::from(length))).ok()?;
            }
            _ => return None,
        }
    }
    None
}

/// The orientation in the first directory of a TIFF header.
fn orientation(tiff: &[u8]) -> Option<u16> {
    let little = tiff.starts_with(b"II");
    let short = |at: usize| {
        let bytes = [*tiff.get(at)?, *tiff.get(at + 1)?];
        Some(if little { u16::from_le_bytes(bytes) } else { u16::from_be_bytes(bytes) })
    };
    let (high, low) = if little { (short(6)?, short(4)?) } else { (short(4)?, short(6)?) };
    let directory = usize::from(high) << 16 | usize::from(low);
    let entries = usize::from(short(directory)?);
    let at = (0..entries.min(200)).map(|entry| directory + 2 + entry * 12);
    at.into_iter().find(|at| short(*at) == Some(0x0112)).and_then(|at| short(at + 8))
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    #[test]
    fn drawings_have_the_size_that_they_say() {
        for (svg, wanted) in [
            ("<svg width=\"40\" height='20px'>", Some((40, 20))),
            ("<?xml version='1.0'?><svg xmlns=\"x\" viewBox=\"0 0 300 150\">", Some((300, 150))),
            ("<svg stroke-width=\"2\" viewBox=\"0,0,24,24\" width = \"48\">", Some((48, 48))),
            ("<svg width=\"100%\" height=\"100%\" viewBox=\"0 0 8 4\">", Some((8, 4))),
            ("<svg width=\"1in\" height=\"1in\">", Some((96, 96))),
            ("<svg width=\"100%\">", None),
            ("<svg viewBox=\"0 0 0 4\">", None),
            ("<svg>", None),
        ] {
            assert_eq!(drawing(svg), Ok(wanted), "{svg}");
        }
        assert!(drawing("not a drawing").is_err());
        assert!(drawing("<svg width=\"4\"").is_err());
    }

    #[test]
    fn photographs_are_turned_as_browsers_turn_them() {
        let exif = |turn: u8| {
            let mut tiff = b"MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
            tiff.extend([turn, 0, 0, 0, 0, 0, 0]);
            let mut jpeg = vec![0xff, 0xd8, 0xff, 0xe1, 0, u8::try_from(tiff.len() + 8).expect("short")];
            jpeg.extend(b"Exif\0\0");
            jpeg.extend(tiff);
            jpeg.extend([0xff, 0xc0, 0, 17, 8, 0, 20, 0, 40, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
            size("a.jpg", &mut Cursor::new(jpeg))
        };
        assert_eq!(exif(1), Ok(Some((40, 20))));
        assert_eq!(exif(6), Ok(Some((20, 40))));
    }

    #[test]
    fn what_is_no_image_is_said() {
        let of = |path: &str, bytes: &[u8]| size(path, &mut Cursor::new(bytes.to_vec()));
        assert_eq!(of("a.png", b"x"), Err("it ends too early".to_owned()));
        assert_eq!(of("a.png", b"this is a text and no image at all"), Err("it is no image".to_owned()));
        assert!(of("a.gif", b"GIF89a").is_err());
        assert_eq!(of("a.gif", b"GIF89a\x28\0\x14\0\0\0"), Ok(Some((40, 20))));
    }
}
