//! What a person types into the search field: words, "phrases" and filters.

use shared::text::SearchText;

use super::fold::Folded;

/// Milliseconds in a day.
const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

/// A question as it was understood. Every part of it must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    /// Each must stand in the message; folded.
    pub(super) terms: Vec<String>,
    /// `in:` the beginnings of room names, of which one must be the room's; folded.
    pub(super) rooms: Vec<String>,
    /// `from:` the same of the author's name.
    pub(super) authors: Vec<String>,
    /// `after:` the last moment that is too early, exclusive.
    pub(super) from_ms: Option<i64>,
    /// `before:` the first moment that is too late.
    pub(super) until_ms: Option<i64>,
    /// `has:file`
    pub(super) has_file: bool,
}

impl Query {
    /// Understands a text. Days begin where the asker is, who is `offset_minutes` ahead of UTC. A filter that is not known, or
    /// whose value is no date, is looked for as it was typed.
    #[must_use]
    pub fn parse(text: &SearchText, offset_minutes: i16) -> Self {
        let mut query = Self::default();
        for (filter, value) in pieces(text) {
            let value = Folded::new(value).text;
            match filter {
                Some("in") => query.rooms.push(value.trim_start_matches('#').to_owned()),
                Some("from") => query.authors.push(value.trim_start_matches('@').to_owned()),
                Some("has") if value == "file" => query.has_file = true,
                Some("before" | "after" | "on") if day(&value).is_some() => {
                    let start = day(&value).unwrap_or_default() * DAY_MS
                        - i64::from(offset_minutes) * 60_000;
                    if filter != Some("before") {
                        let from = if filter == Some("on") {
                            start
                        } else {
                            start + DAY_MS
                        };
                        query.from_ms = query.from_ms.max(Some(from));
                    }
                    if filter != Some("after") {
                        let until = if filter == Some("on") {
                            start + DAY_MS
                        } else {
                            start
                        };
                        query.until_ms =
                            Some(query.until_ms.map_or(until, |other| other.min(until)));
                    }
                }
                Some(other) => query.terms.push(format!("{other}:{value}")),
                None => query.terms.push(value),
            }
        }
        query.terms.retain(|term| !term.is_empty());
        query.terms.dedup();
        query
    }
}

/// The pieces between spaces, of which quotes hold some together, each with what stands before its colon.
fn pieces(text: &str) -> Vec<(Option<&str>, &str)> {
    let mut pieces = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let filter = ["in", "from", "before", "after", "on", "has"]
            .into_iter()
            .find(|name| {
                rest.strip_prefix(name)
                    .is_some_and(|rest| rest.starts_with(':'))
            });
        let value = filter.map_or(rest, |name| &rest[name.len() + 1..]);
        let (value, after) = match value
            .strip_prefix('"')
            .and_then(|quoted| quoted.split_once('"'))
        {
            Some(quoted) => quoted,
            None => value.split_at(value.find(char::is_whitespace).unwrap_or(value.len())),
        };
        // `in:` alone is a word like any other.
        match (filter, value) {
            (Some(name), "") => pieces.push((None, &rest[..=name.len()])),
            piece => pieces.push(piece),
        }
        rest = after.trim_start();
    }
    pieces
}

/// The days from 1970-01-01 to a date, `2026-11-25`, by the Gregorian calendar.
fn day(text: &str) -> Option<i64> {
    let mut parts = text.splitn(3, '-').map(|part| part.parse::<i64>().ok());
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    if !(1970..=9999).contains(&year) || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    // Years are counted from March, so that a leap day is the last day of its year.
    let (year, month) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    let of_year = (153 * month + 2) / 5 + day - 1;
    let leaps = year / 4 - year / 100 + year / 400;
    Some(365 * year + leaps + of_year - 719_468)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Query {
        Query::parse(&SearchText::parse(text).unwrap(), 0)
    }

    #[test]
    fn words_and_phrases_are_terms() {
        assert_eq!(parse("Tea  cake").terms, ["tea", "cake"]);
        assert_eq!(parse("\"tea and\" cake").terms, ["tea and", "cake"]);
        assert_eq!(parse("\"not closed").terms, ["\"not", "closed"]);
    }

    #[test]
    fn filters_are_taken_out() {
        let query = parse("in:#Lobby from:\"Ada L\" from:@bob has:file tea");
        assert_eq!(query.terms, ["tea"]);
        assert_eq!(query.rooms, ["lobby"]);
        assert_eq!(query.authors, ["ada l", "bob"]);
        assert!(query.has_file);
    }

    #[test]
    fn what_is_no_filter_is_looked_for() {
        assert_eq!(
            parse("time:12 in: before:tomorrow has:tea").terms,
            ["time:12", "in:", "before:tomorrow", "has:tea"]
        );
    }

    #[test]
    fn days_are_those_of_the_asker() {
        let text = SearchText::parse("after:2026-11-24 before:2026-11-26").unwrap();
        let utc = Query::parse(&text, 0);
        let day = 1_795_564_800_000; // 2026-11-25T00:00Z
        assert_eq!((utc.from_ms, utc.until_ms), (Some(day), Some(day + DAY_MS)));
        let china = Query::parse(&text, 8 * 60);
        assert_eq!(china.from_ms, Some(day - 8 * 60 * 60_000));
        assert_eq!(parse("on:2026-11-25"), Query::parse(&text, 0));
    }

    #[test]
    fn the_narrowest_of_several_days_counts() {
        let query = parse("before:2026-11-26 before:2026-11-25 after:2026-01-01 after:2026-02-01");
        assert_eq!(query.until_ms, parse("before:2026-11-25").until_ms);
        assert_eq!(query.from_ms, parse("after:2026-02-01").from_ms);
    }

    #[test]
    fn dates_follow_the_calendar() {
        assert_eq!(day("1970-01-01"), Some(0));
        assert_eq!(day("2000-02-29"), Some(11_016));
        assert_eq!(day("2000-03-01"), Some(11_017));
        assert_eq!(day("2026-11-25"), Some(20_782));
        for no_date in [
            "2026",
            "2026-13-01",
            "2026-11",
            "1969-12-31",
            "a-b-c",
            "2026-11-25-1",
        ] {
            assert_eq!(day(no_date), None, "{no_date}");
        }
    }
}
