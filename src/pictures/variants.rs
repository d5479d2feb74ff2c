//! Large images in, smaller copies of them out, with the feature `images`; without it, what to do to have them.

use std::collections::BTreeMap;

use super::Picture;
use crate::diagnostic::{Diagnostic, rules};
use crate::output::Kept;
use crate::site::{Inputs, Site};

#[cfg(not(feature = "images"))]
pub(super) fn make(
    inputs: &Inputs,
    _site: &Site,
    _kept: Option<&Kept>,
    _pictures: &mut BTreeMap<String, Picture>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    if !inputs.config.images.variants.is_empty() {
        let message =
            "this Waypost was built without what makes copies of images: pages show the images themselves";
        let help =
            "install it with `cargo install waypost --features images`, or remove `variants` from `[images]`";
        let mut found = Diagnostic::new(&rules::NO_IMAGE_VARIANTS, message).help(help);
        found.span = setting(inputs);
        diagnostics.push(found);
    }
}

/// Where the setting stands.
fn setting(inputs: &Inputs) -> Option<crate::diagnostic::Span> {
    // `book.toml` is the first file that is read.
    let book = crate::diagnostic::FileId(0);
    crate::config::place_of(book, &inputs.sources.files.get(book).text, "images", "variants")
}

#[cfg(feature = "images")]
pub(super) use made::make;

#[cfg(feature = "images")]
mod made {
    use std::borrow::Cow;
    use std::collections::BTreeSet;
    use std::io::Cursor;

    use fast_image_resize::images::{Image, ImageRef};
    use fast_image_resize::{PixelType, ResizeOptions, Resizer};
    use image::{DynamicImage, ImageDecoder, ImageReader};
    use rayon::prelude::*;

    use super::{BTreeMap, Diagnostic, Inputs, Kept, Picture, Site, rules, setting};
    use crate::pictures::Variant;

    /// Larger images are left alone: in memory each pixel takes four bytes, several times over.
    const MOST_PIXELS: u64 = 40_000_000;
    /// Smaller files are not worth a second request.
    const LEAST_BYTES: u64 = 8 * 1024;

    /// Makes the copies, or finds them among those of earlier builds.
    pub(in crate::pictures) fn make(
        inputs: &Inputs,
        site: &Site,
        kept: Option<&Kept>,
        pictures: &mut BTreeMap<String, Picture>,
        diagnostics: &mut Vec<Diagnostic>,
    ) {
        let Some(kept) = kept else { return };
        let images = &inputs.config.images;
        let concerned = |(address, picture): &(&String, &mut Picture)| {
            let path = site.assets.get(*address);
            let size = path.and_then(|path| inputs.sources.paths.get(path)).map_or(0, |facts| facts.size);
            let name = address.to_ascii_lowercase();
            [".png", ".jpg", ".jpeg"].iter().any(|end| name.ends_with(end))
                && size >= LEAST_BYTES
                && u64::from(picture.width) * u64::from(picture.height) <= MOST_PIXELS
        };
        let work: Vec<_> = pictures.iter_mut().filter(concerned).collect();
        let results: Vec<_> = work
            .into_par_iter()
            .map(|(address, picture)| {
                let path = site.assets.get(address).map_or("", String::as_str);
                let mut used = Vec::new();
                let result = copies(inputs, path, picture, kept, (&images.widths, images.quality), &mut used);
                (path, result, used)
            })
            .collect();
        let mut all: BTreeSet<String> = BTreeSet::new();
        for (path, result, used) in results {
            all.extend(used);
            if let Err(error) = result {
                let message = format!("no copies of `{path}` are made: {error:#}");
                let mut found = Diagnostic::new(&rules::NO_IMAGE_VARIANTS, message)
                    .help("save the image again; pages show it as it is");
                found.span = setting(inputs);
                diagnostics.push(found);
            }
        }
        kept.retain(&all);
    }

    /// The copies of one image. A copy that is not smaller than the image is kept as nothing, and not made again.
    fn copies(
        inputs: &Inputs,
        path: &str,
        picture: &mut Picture,
        kept: &Kept,
        (widths, quality): (&[u32], u8),
        used: &mut Vec<String>,
    ) -> anyhow::Result<()> {
        let bytes = inputs.sources.bytes(path)?;
        let hash = blake3::hash(&bytes).to_hex();
        let narrower = widths.iter().copied().filter(|width| (16..picture.width).contains(width));
        let widths: BTreeSet<u32> = narrower.chain([picture.width]).collect();
        let mut decoded = None;
        for width in widths {
            let key = format!("{}-{width}-{quality}.webp", &hash[..24]);
            let size = match kept.size(&key) {
                Some(size) => size,
                None => {
                    let image = match &mut decoded {
                        Some(image) => image,
                        none => none.insert(decode(&bytes)?),
                    };
                    let copy = match image {
                        Some(image) => encode(image, width, quality)?,
                        None => Vec::new(),
                    };
                    let copy = if copy.len() < bytes.len() { copy } else { Vec::new() };
                    kept.put(&key, &copy)?;
                    copy.len() as u64
                }
            };
            if size > 0 {
                let address = format!("assets/images/{key}");
                picture.variants.push(Variant { width, address, key: key.clone() });
            }
            used.push(key);
        }
        Ok(())
    }

    /// The pixels of an image, turned as browsers turn it; nothing where a copy would lose its movement or its colours.
    fn decode(bytes: &[u8]) -> anyhow::Result<Option<DynamicImage>> {
        if bytes.starts_with(b"\x89PNG") && bytes.windows(4).take(4096).any(|chunk| chunk == b"acTL") {
            return Ok(None);
        }
        let mut decoder = ImageReader::new(Cursor::new(bytes)).with_guessed_format()?.into_decoder()?;
        if decoder.icc_profile()?.is_some_and(|profile| !profile.windows(4).any(|word| word == b"sRGB")) {
            return Ok(None);
        }
        let turn = decoder.orientation()?;
        let mut image = DynamicImage::from_decoder(decoder)?;
        image.apply_orientation(turn);
        Ok(Some(if image.color().has_alpha() {
            DynamicImage::ImageRgba8(image.into_rgba8())
        } else {
            DynamicImage::ImageRgb8(image.into_rgb8())
        }))
    }

    fn encode(image: &DynamicImage, width: u32, quality: u8) -> anyhow::Result<Vec<u8>> {
        let (own, high) = (image.width(), image.height());
        let height = u64::from(high) * u64::from(width) / u64::from(own.max(1));
        let height = u32::try_from(height).unwrap_or(u32::MAX).max(1);
        let alpha = image.color().has_alpha();
        let kind = if alpha { PixelType::U8x4 } else { PixelType::U8x3 };
        let resized = if width == own {
            Cow::Borrowed(image.as_bytes())
        } else {
            let from = ImageRef::new(own, high, image.as_bytes(), kind)?;
            let mut to = Image::new(width, height, kind);
            Resizer::new().resize(&from, &mut to, &ResizeOptions::new())?;
            Cow::Owned(to.into_vec())
        };
        let encoder = if alpha {
            webp::Encoder::from_rgba(&resized, width, height)
        } else {
            webp::Encoder::from_rgb(&resized, width, height)
        };
        let encoded = encoder
            .encode_simple(quality == 100, f32::from(quality))
            .map_err(|error| anyhow::anyhow!("WebP cannot hold it: {error:?}"))?;
        Ok(encoded.to_vec())
    }
}
