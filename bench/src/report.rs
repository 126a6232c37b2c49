//! What was measured, for people and for programs: medians over the runs, and ratios to the floor.

use std::fmt::Write as _;

use serde::Serialize;

use crate::figures::Figure;
use crate::scenarios::Case;
use crate::stats::median;
use crate::system::System;

/// Everything that one call measured.
#[derive(Debug, Serialize)]
pub struct Report {
    /// The machine, in words.
    pub machine: String,
    /// Cores of server and generator, if they were pinned.
    pub cores: Option<(usize, usize)>,
    /// How often each case was run.
    pub runs: usize,
    /// How much was done: `tiny`, `quick` or `full`.
    pub size: String,
    /// One table for each.
    pub cases: Vec<Table>,
}

/// A case.
#[derive(Debug, Serialize)]
pub struct Table {
    /// The scenario.
    pub scenario: &'static str,
    /// What was done.
    pub name: String,
    /// In the order in which they were measured.
    pub rows: Vec<Row>,
}

/// One figure of a case.
#[derive(Debug, Serialize)]
pub struct Row {
    /// What it is.
    pub figure: &'static str,
    /// Its unit.
    pub unit: &'static str,
    /// Of Parlance, the floor and stock warp, as far as they have it.
    pub systems: Vec<Column>,
}

/// One system's part of a row.
#[derive(Debug, Serialize)]
pub struct Column {
    /// Whose.
    pub system: System,
    /// Over the runs.
    pub median: f64,
    /// In their order.
    pub runs: Vec<f64>,
    /// Median over the runs of this value divided by the floor's of the same run.
    pub to_floor: Option<f64>,
}

impl Table {
    /// Medians and ratios of a case.
    #[must_use]
    pub fn of(case: &Case) -> Self {
        let mut figures: Vec<Figure> = Vec::new();
        for (figure, _) in case.samples.iter().flat_map(|(_, sample)| &sample.0) {
            if !figures.contains(figure) {
                figures.push(*figure);
            }
        }
        Self {
            scenario: case.scenario,
            name: case.name.clone(),
            rows: figures
                .into_iter()
                .map(|figure| row(case, figure))
                .collect(),
        }
    }

    /// As a table in Markdown.
    #[must_use]
    pub fn markdown(&self) -> String {
        let mut text = format!("\n### {}: {}\n\n", self.scenario, self.name);
        text += "| | parlance | floor | stock warp | parlance / floor | stock warp / floor |\n";
        text += "|---|---|---|---|---|---|\n";
        for row in &self.rows {
            let of = |system| row.systems.iter().find(|column| column.system == system);
            let value = |system| {
                let value = of(system).map(|column| number(column.median));
                value.unwrap_or_else(|| "–".into())
            };
            let ratio = |system| {
                let ratio = of(system).and_then(|column| column.to_floor);
                ratio.map_or_else(|| "–".into(), |ratio| format!("{}×", number(ratio)))
            };
            let unit = match row.unit {
                "" => String::new(),
                unit => format!(", {unit}"),
            };
            let [parlance, floor, warp] = System::ALL.map(value);
            // Writing to a string does not fail.
            let _ = writeln!(
                text,
                "| {}{unit} | {parlance} | {floor} | {warp} | {} | {} |",
                row.figure,
                ratio(System::Parlance),
                ratio(System::StockWarp),
            );
        }
        text
    }
}

fn row(case: &Case, figure: Figure) -> Row {
    let runs_of = |system| -> Vec<f64> {
        let samples = case.samples.iter().filter(|(of, _)| *of == system);
        samples
            .filter_map(|(_, sample)| sample.get(figure))
            .collect()
    };
    let floor = runs_of(System::Floor);
    let column = |system| {
        let runs = runs_of(system);
        let ratios: Vec<f64> = runs
            .iter()
            .zip(&floor)
            .filter(|(_, floor)| **floor > 0.0)
            .map(|(value, floor)| value / floor)
            .collect();
        Some(Column {
            system,
            median: median(&runs)?,
            runs,
            to_floor: median(&ratios).filter(|_| system != System::Floor),
        })
    };
    Row {
        figure: figure.name,
        unit: figure.unit,
        systems: System::ALL.into_iter().filter_map(column).collect(),
    }
}

/// Three significant digits, thousands apart.
fn number(value: f64) -> String {
    let digits = match value.abs() {
        v if v >= 99.95 || v == 0.0 => 0,
        v if v >= 9.995 => 1,
        v if v >= 0.9995 => 2,
        _ => 3,
    };
    let plain = format!("{value:.digits$}");
    let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
    let mut grouped = String::new();
    let count = whole.trim_start_matches('-').len();
    for (at, c) in whole.trim_start_matches('-').chars().enumerate() {
        if at > 0 && (count - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(c);
    }
    let sign = if whole.starts_with('-') { "-" } else { "" };
    let point = if fraction.is_empty() { "" } else { "." };
    format!("{sign}{grouped}{point}{fraction}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::{CPU_PER_DELIVERY, DELIVERIES, Sample};

    fn case(values: &[(System, Figure, f64)]) -> Case {
        let sample = |&(system, figure, value): &(System, Figure, f64)| {
            (system, Sample(vec![(figure, value)]))
        };
        Case {
            scenario: "room",
            name: "1 × 2".into(),
            samples: values.iter().map(sample).collect(),
        }
    }

    /// The ratio of the medians would be 3 / 2; run by run it is 4, 2 and 1.
    #[test]
    fn ratios_are_taken_within_a_run() {
        let figure = CPU_PER_DELIVERY;
        let (ours, floor) = (System::Parlance, System::Floor);
        let table = Table::of(&case(&[
            (ours, figure, 4.0),
            (floor, figure, 1.0),
            (ours, figure, 4.0),
            (floor, figure, 2.0),
            (ours, figure, 3.0),
            (floor, figure, 3.0),
        ]));
        let columns = &table.rows[0].systems;
        assert_eq!(columns.len(), 2);
        assert_eq!((columns[0].median, columns[0].to_floor), (4.0, Some(2.0)));
        assert_eq!((columns[1].median, columns[1].to_floor), (2.0, None));
        let line = "| server CPU per delivery, µs | 4.00 | 2.00 | – | 2.00× | – |";
        assert!(table.markdown().contains(line), "{}", table.markdown());
    }

    #[test]
    fn a_figure_that_only_we_have_has_no_ratio() {
        let table = Table::of(&case(&[(System::Parlance, DELIVERIES, 1_234_567.0)]));
        assert!(table.markdown().contains("| 1,234,567 | – | – | – | – |"));
    }

    #[test]
    fn numbers_have_three_digits() {
        for (value, text) in [
            (0.0, "0"),
            (0.123_45, "0.123"),
            (1.234, "1.23"),
            (12.34, "12.3"),
            (123.4, "123"),
            (999.6, "1,000"),
            (-1_234_567.0, "-1,234,567"),
            (9.996, "10.0"),
        ] {
            assert_eq!(number(value), text);
        }
    }
}
