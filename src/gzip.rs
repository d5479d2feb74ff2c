//! Bytes in, the same packed with gzip out, and back. Pure, and the one place that knows the library.

use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;

/// As hosts pack while they answer: a little smaller would take much longer.
const LEVEL: u32 = 6;

/// The bytes, packed.
#[expect(clippy::missing_panics_doc, reason = "writing to memory does not fail")]
#[must_use]
pub fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::new(LEVEL));
    packer.write_all(bytes).expect("memory takes what is written");
    packer.finish().expect("memory takes what is written")
}

/// What was packed.
///
/// # Errors
/// When it is not gzip, or ends too early.
pub fn unpacked(packed: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    GzDecoder::new(packed).read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_comes_back() {
        let text = "a { color: red }\n".repeat(200);
        let small = packed(text.as_bytes());
        assert!(small.len() < 200, "{}", small.len());
        assert_eq!(unpacked(&small).expect("it was packed"), text.as_bytes());
        assert!(unpacked(&small[..small.len() / 2]).is_err());
        assert!(unpacked(b"no gzip").is_err());
    }
}
