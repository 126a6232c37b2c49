//! `Accept-Encoding` (RFC 9110 section 12.5.3): which forms of a file a browser takes, and in which order.

/// A form of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Coding {
    Brotli,
    Gzip,
    Identity,
}

impl Coding {
    /// What it is called in `Content-Encoding`.
    pub(super) fn name(self) -> Option<&'static str> {
        match self {
            Self::Brotli => Some("br"),
            Self::Gzip => Some("gzip"),
            Self::Identity => None,
        }
    }

    /// What its file's name ends in.
    pub(super) fn suffix(self) -> &'static str {
        match self {
            Self::Brotli => ".br",
            Self::Gzip => ".gz",
            Self::Identity => "",
        }
    }
}

/// The codings that are accepted, best first: by the browser's weight, then the smaller. Plain bytes come
/// last in any case: there is no other answer when everything is refused.
pub(super) fn accepts(header: Option<&str>) -> Vec<Coding> {
    let header = header.unwrap_or("");
    let mut weighted: Vec<(u16, Coding)> = [Coding::Brotli, Coding::Gzip]
        .into_iter()
        .map(|coding| (weight(header, coding.name().unwrap_or("")), coding))
        .filter(|(weight, _)| *weight > 0)
        .collect();
    // Stable: of equal weights the smaller form stays first.
    weighted.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
    let best = weighted.into_iter().map(|(_, coding)| coding);
    best.chain([Coding::Identity]).collect()
}

/// In thousandths; 0 for what is refused or not named, unless `*` stands for it.
fn weight(header: &str, name: &str) -> u16 {
    let find = |wanted: &str| {
        header.split(',').find_map(|item| {
            let mut parts = item.split(';').map(str::trim);
            let coding = parts.next()?;
            if !coding.eq_ignore_ascii_case(wanted) {
                return None;
            }
            let q = parts.find_map(|part| part.strip_prefix("q=").or(part.strip_prefix("Q=")));
            Some(q.map_or(1_000, thousandths))
        })
    };
    find(name).or_else(|| find("*")).unwrap_or(0)
}

fn thousandths(q: &str) -> u16 {
    let (whole, fraction) = q.split_once('.').unwrap_or((q, ""));
    if whole == "1" {
        return 1_000;
    }
    format!("{fraction:0<3}")
        .get(..3)
        .and_then(|digits| digits.parse().ok())
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::Coding::{Brotli, Gzip, Identity};
    use super::*;

    #[test]
    fn weights_decide_and_the_smaller_form_wins_a_tie() {
        for (header, expected) in [
            ("gzip, deflate, br, zstd", vec![Brotli, Gzip, Identity]),
            ("br;q=0.5, gzip;q=0.8", vec![Gzip, Brotli, Identity]),
            ("br;q=0, gzip", vec![Gzip, Identity]),
            ("br;q=0.001, gzip;q=0", vec![Brotli, Identity]),
            ("*", vec![Brotli, Gzip, Identity]),
            ("*;q=0.1, gzip;q=1.0", vec![Gzip, Brotli, Identity]),
            ("identity", vec![Identity]),
            ("", vec![Identity]),
        ] {
            assert_eq!(accepts(Some(header)), expected, "{header}");
        }
        assert_eq!(accepts(None), vec![Identity]);
    }
}
