//! Dates, times and numbers as the reader writes them. The browser's `Intl` knows how, so no table is shipped.

use std::cell::{Cell, RefCell};

use js_sys::{Array, Date, Function, Intl, Object, Reflect};
use shared::ids::Timestamp;
use wasm_bindgen::JsValue;

/// Formatters of one language in the reader's time zone; each is costly to make and is made once.
#[derive(Debug)]
pub struct Format {
    time: Moments,
    day: Function,
    day_with_year: Function,
    exact: Moments,
    short: Function,
    number: Function,
}

impl Format {
    /// The formatters of a BCP 47 tag. A tag that the browser refuses gives those of its own language.
    #[must_use]
    pub fn new(tag: &str) -> Self {
        let known = well_formed(tag);
        let day: [(&str, &str); 3] = [("weekday", "long"), ("month", "long"), ("day", "numeric")];
        let year = ("year", "numeric");
        Self {
            time: Moments::of(dates(&known, &[("hour", "numeric"), ("minute", "2-digit")])),
            day: dates(&known, &day),
            day_with_year: dates(&known, &[day[0], day[1], day[2], year]),
            exact: Moments::of(dates(
                &known,
                &[("dateStyle", "full"), ("timeStyle", "medium")],
            )),
            short: dates(&known, &[("dateStyle", "medium"), ("timeStyle", "medium")]),
            number: Intl::NumberFormat::new(&known, &Object::new()).format(),
        }
    }

    /// "14:05", or "2:05 PM" where people write it so.
    #[must_use]
    pub fn time(&self, at: Timestamp) -> String {
        self.time.text(at)
    }

    /// "Monday, November 23", with the year if it is not the one of `now`.
    #[must_use]
    pub fn day(&self, at: Timestamp, now: Timestamp) -> String {
        let same_year = date(at).get_full_year() == date(now).get_full_year();
        call(
            if same_year {
                &self.day
            } else {
                &self.day_with_year
            },
            at.0,
        )
    }

    /// "Monday, November 23, 2026 at 14:05:09".
    #[must_use]
    pub fn exact(&self, at: Timestamp) -> String {
        self.exact.text(at)
    }

    /// "Nov 23, 2026, 2:05:09 PM".
    #[must_use]
    pub fn short(&self, at: Timestamp) -> String {
        call(&self.short, at.0)
    }

    /// "1,901".
    #[must_use]
    pub fn number(&self, n: u64) -> String {
        call(&self.number, n)
    }

    /// "42", and "99+" for whatever is more.
    #[must_use]
    pub fn at_most_99(&self, n: u64) -> String {
        if n > 99 {
            "99+".to_owned()
        } else {
            self.number(n)
        }
    }

    /// "214 bytes" and "1.4 MB" have the unit that keeps the figure short; the symbols are the same everywhere.
    #[must_use]
    pub fn bytes(&self, n: u64) -> String {
        match n {
            0..1_000 => format!("{} B", self.number(n)),
            1_000..1_000_000 => format!("{} kB", self.tenths(n, 1_000)),
            _ => format!("{} MB", self.tenths(n, 1_000_000)),
        }
    }

    fn tenths(&self, n: u64, unit: u64) -> String {
        let tenths = (n * 10 / unit) as f64 / 10.0;
        call_with(&self.number, tenths).unwrap_or_else(|| (n / unit).to_string())
    }
}

/// A formatter of moments that knows what it said last: a message is drawn several times while it is new, others fall into the
/// same second, and `Intl` takes its time.
#[derive(Debug)]
struct Moments {
    format: Function,
    /// The second, and its text.
    last: RefCell<Option<(u64, String)>>,
}

impl Moments {
    fn of(format: Function) -> Self {
        Self {
            format,
            last: RefCell::default(),
        }
    }

    fn text(&self, at: Timestamp) -> String {
        let second = at.0 / 1_000;
        let mut last = self.last.borrow_mut();
        let known = last.take().filter(|(known, _)| *known == second);
        let (_, text) = last.insert(known.unwrap_or_else(|| (second, call(&self.format, at.0))));
        text.clone()
    }
}

/// The tag as a list, empty if it is none: `Intl` throws at those, and browsers have been seen to report "C".
fn well_formed(tag: &str) -> Array {
    let canonical = Reflect::get(&js_sys::global(), &"Intl".into())
        .and_then(|intl| Reflect::get(&intl, &"getCanonicalLocales".into()))
        .and_then(|function| {
            Function::from(function).call1(&JsValue::UNDEFINED, &JsValue::from_str(tag))
        });
    canonical.map_or_else(|_| Array::new(), |list| Array::from(&list))
}

fn dates(locales: &Array, options: &[(&str, &str)]) -> Function {
    let object = Object::new();
    for (key, value) in options {
        // Setting a key of an object just made cannot fail.
        let _ = Reflect::set(&object, &(*key).into(), &(*value).into());
    }
    Intl::DateTimeFormat::new(locales, &object).format()
}

fn call(format: &Function, n: u64) -> String {
    call_with(format, n as f64).unwrap_or_else(|| n.to_string())
}

fn call_with(format: &Function, n: f64) -> Option<String> {
    let text = format.call1(&JsValue::UNDEFINED, &JsValue::from_f64(n));
    text.ok()?.as_string()
}

/// The moment for machines: "2026-11-23T12:05:09.000Z".
#[must_use]
pub fn iso(at: Timestamp) -> String {
    String::from(date(at).to_iso_string())
}

/// The moment to the millisecond, in the reader's time zone: "14:05:09.120".
#[must_use]
pub fn clock_time(at: Timestamp) -> String {
    let date = date(at);
    let (hours, minutes) = (date.get_hours(), date.get_minutes());
    let (seconds, thousandths) = (date.get_seconds(), date.get_milliseconds());
    format!("{hours:02}:{minutes:02}:{seconds:02}.{thousandths:03}")
}

/// The moment in the reader's time zone.
#[must_use]
pub fn date(at: Timestamp) -> Date {
    Date::new(&JsValue::from_f64(at.0 as f64))
}

/// The day of a moment in the reader's time zone as a date input has it: "2026-11-23".
#[must_use]
pub fn day_value(at: Timestamp) -> String {
    let date = date(at);
    let (year, month) = (date.get_full_year(), date.get_month() + 1);
    format!("{year:04}-{month:02}-{:02}", date.get_date())
}

/// When a day of a date input begins in the reader's time zone; none if it is no day, or in a year before `first`.
#[must_use]
pub fn day_begins(value: &str, first: u32) -> Option<Timestamp> {
    let mut parts = value.split('-').map(str::parse);
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let (year, month, day): (u32, i32, i32) = (
        year.ok()?,
        i32::try_from(month.ok()?).ok()?,
        i32::try_from(day.ok()?).ok()?,
    );
    let date = Date::new_with_year_month_day(year, month - 1, day);
    (year >= first).then(|| Timestamp(date.get_time() as u64))
}

/// A calendar day in the reader's time zone: equal days have equal values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Day {
    /// When it begins.
    from: u64,
    /// When the next one begins.
    to: u64,
}

thread_local! {
    /// The day that was asked for last: most messages of a page are of one, and the browser takes its time for a date.
    /// (Who travels on to another zone meanwhile sees it after the next other day.)
    static LAST: Cell<Day> = const { Cell::new(Day { from: 0, to: 0 }) };
}

impl Day {
    /// The day of a moment.
    #[must_use]
    pub fn of(at: Timestamp) -> Self {
        let last = LAST.get();
        if (last.from..last.to).contains(&at.0) {
            return last;
        }
        let date = date(at);
        let (year, month) = (date.get_full_year(), date.get_month() as i32);
        let begins = |day| Date::new_with_year_month_day(year, month, day).get_time() as u64;
        let day = date.get_date() as i32;
        let day = Self {
            from: begins(day),
            to: begins(day + 1),
        };
        LAST.set(day);
        day
    }

    /// The day before the one of a moment, short and long days included.
    #[must_use]
    pub fn before(at: Timestamp) -> Self {
        let date = date(at);
        let noon_before = Date::new_with_year_month_day_hr(
            date.get_full_year(),
            date.get_month() as i32,
            date.get_date() as i32 - 1,
            12,
        );
        Self::of(Timestamp(noon_before.get_time() as u64))
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    const NOON: u64 = 43_200_000;

    #[wasm_bindgen_test]
    fn numbers_and_dates_are_written_as_the_reader_does() {
        let (en, zh) = (Format::new("en-US"), Format::new("zh-CN"));
        let at = Timestamp(1_795_435_509_000);
        assert_eq!(en.number(1_901), "1,901");
        assert_eq!(zh.number(1_901), "1,901");
        assert_eq!(en.bytes(999), "999 B");
        assert_eq!(en.bytes(1_450), "1.4 kB");
        assert_eq!(en.bytes(2_000_000), "2 MB");
        assert!(en.exact(at).contains("2026"), "{}", en.exact(at));
        assert!(zh.exact(at).contains("2026年11月"), "{}", zh.exact(at));
        assert!(zh.day(at, at).contains("星期"), "{}", zh.day(at, at));
        assert!(!en.day(at, at).contains("2026"));
        assert!(en.day(at, Timestamp(0)).contains("2026"));
    }

    #[wasm_bindgen_test]
    fn what_was_said_of_one_second_is_not_said_of_another() {
        let format = Format::new("en-US");
        let at = |milliseconds| format.exact(Timestamp(NOON + milliseconds));
        let texts = [at(0), at(999), at(1_000), at(0)];
        assert_eq!(texts[0], texts[1]);
        assert_ne!(texts[1], texts[2]);
        assert_eq!(texts[0], texts[3]);
    }

    #[wasm_bindgen_test]
    fn a_tag_that_no_browser_knows_is_no_panic() {
        assert!(!Format::new("en-US@posix").time(Timestamp(NOON)).is_empty());
    }

    #[wasm_bindgen_test]
    fn the_day_before_the_first_is_the_last_of_the_month() {
        let first_of_march = Date::new_with_year_month_day_hr(2024, 2, 1, 12);
        let leap_day = Date::new_with_year_month_day_hr(2024, 1, 29, 1);
        let (first, leap) = (
            Timestamp(first_of_march.get_time() as u64),
            Timestamp(leap_day.get_time() as u64),
        );
        assert_eq!(Day::before(first), Day::of(leap));
        assert_ne!(Day::of(first), Day::of(leap));
    }
}
