//! A QR code as the path of an SVG, so that the browser needs no library to draw one.

use std::fmt::Write as _;

use qrcodegen::{QrCode as Modules, QrCodeEcc};
use shared::http::QrCode;

/// Light modules around the code, as ISO 18004 asks.
const QUIET: i32 = 4;

/// The code of an address. `None` when it is longer than any code holds.
#[must_use]
pub fn code(url: &str) -> Option<QrCode> {
    let modules = Modules::encode_text(url, QrCodeEcc::Medium).ok()?;
    let size = modules.size();
    let mut path = String::new();
    for y in 0..size {
        let mut x = 0;
        while x < size {
            let end = (x..size)
                .find(|&x| !modules.get_module(x, y))
                .unwrap_or(size);
            if end > x {
                let (left, top, width) = (x + QUIET, y + QUIET, end - x);
                let _ = write!(path, "M{left} {top}h{width}v1H{left}z");
            }
            x = end.max(x + 1);
        }
    }
    let size = u32::try_from(size + 2 * QUIET).ok()?;
    Some(QrCode { size, path })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_covers_the_dark_modules_and_nothing_else() {
        let url = "https://chat.example.org/pass#abc";
        let modules = Modules::encode_text(url, QrCodeEcc::Medium).unwrap();
        let QrCode { size, path } = code(url).unwrap();
        assert_eq!(size, u32::try_from(modules.size()).unwrap() + 8);
        let mut dark = 0;
        for run in path.split('M').skip(1) {
            let (at, rest) = run.split_once('h').unwrap();
            let (x, y) = at.split_once(' ').unwrap();
            let (x, y): (i32, i32) = (x.parse().unwrap(), y.parse().unwrap());
            let width: i32 = rest.split_once('v').unwrap().0.parse().unwrap();
            for x in x..x + width {
                assert!(modules.get_module(x - QUIET, y - QUIET));
                dark += 1;
            }
        }
        let all = (0..modules.size()).flat_map(|y| (0..modules.size()).map(move |x| (x, y)));
        assert_eq!(dark, all.filter(|&(x, y)| modules.get_module(x, y)).count());
    }
}
