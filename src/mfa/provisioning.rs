//! How a seed gets into an authenticator: an otpauth address, and its picture (MFA-016, MFA-017).

use std::fmt::Write as _;

use qrcodegen::{QrCode, QrCodeEcc};
use thiserror::Error;
use zeroize::Zeroizing;

use super::seed::Seed;

/// White around the symbol, in modules.
const QUIET: i32 = 4;
/// The side of a module in a picture, in pixels.
const PIXELS: u32 = 6;

/// What an authenticator scans.
pub struct Provisioning {
    uri: Zeroizing<String>,
    symbol: QrCode,
}

/// Why there is no picture.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum NoPicture {
    /// The names are too long for a symbol.
    #[error("the names are too long for a QR code")]
    TooLong,
    /// The picture cannot be written.
    #[error("the picture cannot be written: {0}")]
    Picture(String),
}

impl std::fmt::Debug for Provisioning {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Provisioning(…)")
    }
}

impl Provisioning {
    /// For the device `device` of `account`: its alias, or its number.
    ///
    /// # Errors
    ///
    /// The names are too long for a symbol.
    pub fn new(issuer: &str, device: &str, account: &str, seed: &Seed) -> Result<Self, NoPicture> {
        // A colon would end the issuer early.
        let issuer = encoded(&issuer.replace(':', " "));
        let label = encoded(&format!("{}@{account}", device.replace(':', " ")));
        let secret = seed.to_base32();
        let uri =
            Zeroizing::new(format!("otpauth://totp/{issuer}:{label}?secret={}&issuer={issuer}", *secret));
        let symbol = QrCode::encode_text(&uri, QrCodeEcc::Medium).map_err(|_| NoPicture::TooLong)?;
        Ok(Self { uri, symbol })
    }

    /// `otpauth://totp/…`. It holds the seed: show it once (MFA-018).
    pub fn uri(&self) -> &str {
        &self.uri
    }

    /// The picture as PNG: one channel, 8 bits, six pixels a module.
    ///
    /// # Errors
    ///
    /// It cannot be written.
    pub fn png(&self) -> Result<Zeroizing<Vec<u8>>, NoPicture> {
        let modules = u32::try_from(self.symbol.size() + 2 * QUIET).map_err(|_| NoPicture::TooLong)?;
        let side = modules * PIXELS;
        let mut pixels = Zeroizing::new(Vec::with_capacity(side as usize * side as usize));
        for y in 0..side {
            pixels.extend((0..side).map(|x| if self.dark(x / PIXELS, y / PIXELS) { 0 } else { 255 }));
        }
        let mut file = Zeroizing::new(Vec::new());
        let mut encoder = png::Encoder::new(&mut *file, side, side);
        encoder.set_color(png::ColorType::Grayscale);
        encoder.set_depth(png::BitDepth::Eight);
        let failed = |error: png::EncodingError| NoPicture::Picture(error.to_string());
        let mut writer = encoder.write_header().map_err(failed)?;
        writer.write_image_data(&pixels).map_err(failed)?;
        writer.finish().map_err(failed)?;
        Ok(file)
    }

    /// The picture as SVG, one unit a module.
    pub fn svg(&self) -> Zeroizing<String> {
        let side = self.symbol.size() + 2 * QUIET;
        // The symbol is the seed: every text that holds it is wiped.
        let mut path = Zeroizing::new(String::new());
        for y in 0..self.symbol.size() {
            for x in 0..self.symbol.size() {
                if self.symbol.get_module(x, y) {
                    // Writing to a string cannot fail.
                    let _ = write!(path, "M{} {}h1v1h-1z", x + QUIET, y + QUIET);
                }
            }
        }
        Zeroizing::new(format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" shape-rendering=\"crispEdges\">\
             <rect width=\"{side}\" height=\"{side}\" fill=\"#fff\"/><path d=\"{}\" fill=\"#000\"/></svg>\n",
            *path
        ))
    }

    /// The picture for a dark terminal, two rows of modules in one line of text.
    pub fn half_blocks(&self) -> Zeroizing<String> {
        let side = u32::try_from(self.symbol.size() + 2 * QUIET).unwrap_or_default();
        let mut text = String::new();
        for y in (0..side).step_by(2) {
            for x in 0..side {
                // White is what is drawn: the terminal itself is dark.
                text.push(match (!self.dark(x, y), y + 1 < side && !self.dark(x, y + 1)) {
                    (true, true) => '█',
                    (true, false) => '▀',
                    (false, true) => '▄',
                    (false, false) => ' ',
                });
            }
            text.push('\n');
        }
        Zeroizing::new(text)
    }

    /// Is the module dark, counted from the corner of the quiet zone?
    fn dark(&self, x: u32, y: u32) -> bool {
        let place = |at: u32| i32::try_from(at).unwrap_or_default() - QUIET;
        self.symbol.get_module(place(x), place(y))
    }
}

/// Percent-encoded as RFC 3986 asks of a part of a path or a query.
fn encoded(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~@".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alice() -> Provisioning {
        let seed = Seed::from_base32("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ").unwrap();
        Provisioning::new("twokeys: local", "alice=phone", "123456789012", &seed).unwrap()
    }

    #[test]
    fn mfa_016_the_address_names_issuer_device_and_account() {
        assert_eq!(
            alice().uri(),
            "otpauth://totp/twokeys%20%20local:alice%3Dphone@123456789012\
             ?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=twokeys%20%20local"
        );
    }

    #[test]
    fn mfa_017_a_reader_that_is_not_ours_reads_the_picture() {
        let file = alice().png().unwrap();
        let mut reader = png::Decoder::new(std::io::Cursor::new(&*file)).read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut pixels).unwrap();
        assert_eq!((info.color_type, info.bit_depth), (png::ColorType::Grayscale, png::BitDepth::Eight));
        let side = info.width as usize;
        let mut image = rqrr::PreparedImage::prepare_from_greyscale(side, side, |x, y| pixels[y * side + x]);
        let grids = image.detect_grids();
        assert_eq!(grids.len(), 1);
        assert_eq!(grids[0].decode().unwrap().1, alice().uri());
    }

    #[test]
    fn mfa_017_a_long_seed_makes_a_symbol_of_ordinary_size_with_its_white_around() {
        let seed = Seed::new([0xa5; 40]);
        let shown = Provisioning::new("twokeys local", "alice-phone", "123456789012", &seed).unwrap();
        assert!((130..=180).contains(&shown.uri().len()), "{}", shown.uri().len());
        assert!((7..=10).contains(&shown.symbol.version().value()), "{}", shown.symbol.version().value());
        assert_ne!(shown.symbol.error_correction_level(), QrCodeEcc::Low);
        let side = u32::try_from(shown.symbol.size() + 2 * QUIET).unwrap();
        let inside = 4..side - 4;
        for (x, y) in (0..side).flat_map(|y| (0..side).map(move |x| (x, y))) {
            assert!(!shown.dark(x, y) || (inside.contains(&x) && inside.contains(&y)), "{x} {y}");
        }
        assert!(shown.dark(4, 4), "the corner of the symbol");
        assert_eq!(format!("{shown:?}"), "Provisioning(…)");
    }

    #[test]
    fn the_forms_for_pages_and_terminals_show_the_same_symbol() {
        let (picture, svg, blocks) = (alice(), alice().svg(), alice().half_blocks());
        let dark = (0..picture.symbol.size())
            .flat_map(|y| (0..picture.symbol.size()).map(move |x| (x, y)))
            .filter(|(x, y)| picture.symbol.get_module(*x, *y))
            .count();
        assert_eq!(svg.matches("h1v1h-1z").count(), dark);
        let light: usize = blocks
            .chars()
            .map(|c| match c {
                '█' => 2,
                '▀' | '▄' => 1,
                _ => 0,
            })
            .sum();
        let side = usize::try_from(picture.symbol.size() + 2 * QUIET).unwrap();
        assert_eq!(light, side * side - dark);
    }

    #[test]
    fn mfa_017_four_modules_of_white_stand_on_every_side_of_the_picture() {
        let shown = alice();
        let side = usize::try_from(shown.symbol.size()).unwrap() + 8;
        let file = shown.png().unwrap();
        let info = png::Decoder::new(std::io::Cursor::new(&*file)).read_info().unwrap().info().size();
        assert_eq!(info, (u32::try_from(side * 6).unwrap(), u32::try_from(side * 6).unwrap()));
        let svg = shown.svg();
        assert!(svg.contains(&format!("viewBox=\"0 0 {side} {side}\"")), "{}", *svg);
        assert!(svg.contains("<path d=\"M4 4h1v1h-1z"), "the corner of the symbol: {}", *svg);
        assert_eq!(shown.half_blocks().lines().next().unwrap().chars().count(), side);
    }

    #[test]
    fn a_name_beyond_every_symbol_is_an_error() {
        let seed = Seed::new([7; 40]);
        assert_eq!(Provisioning::new("i", &"x".repeat(5000), "a", &seed).unwrap_err(), NoPicture::TooLong);
    }
}
