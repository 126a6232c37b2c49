//! What one way has cost so far, and the table of all of them.

/// The figures of one way.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Figures {
    /// Requests that the server answered, the upgrade included.
    pub requests: u64,
    /// Bytes that say nothing: heads of requests and answers, and what is around each message.
    pub overhead: u64,
    /// Bytes of the messages.
    pub payload: u64,
    /// Milliseconds from a question to its answer: the middle, and all but one in twenty.
    pub middle: Option<u64>,
    pub high: Option<u64>,
    /// How often the server had something to do.
    pub wakes: u64,
}

impl Figures {
    /// What stands in the table, with numbers as they are written there.
    #[must_use]
    pub fn cells(&self, number: impl Fn(u64) -> String) -> [String; 6] {
        let trip = |trip: Option<u64>| trip.map_or("–".to_owned(), &number);
        [
            number(self.requests),
            number(self.overhead),
            number(self.payload),
            trip(self.middle),
            trip(self.high),
            number(self.wakes),
        ]
    }
}

/// The table, for those who write about it.
#[must_use]
pub fn markdown(heads: &[&str], rows: &[(&str, Figures)]) -> String {
    let columns = "---|".repeat(heads.len());
    let mut table = format!("| {} |\n|{columns}\n", heads.join(" | "));
    for (way, figures) in rows {
        let cells = figures.cells(|n| n.to_string());
        table += &format!("| {way} | {} |\n", cells.join(" | "));
    }
    table
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn the_table_is_one_of_markdown() {
        let figures = Figures {
            requests: 1,
            overhead: 900,
            payload: 4_000,
            middle: Some(2),
            high: None,
            wakes: 120,
        };
        assert_eq!(
            markdown(
                &["By", "a", "b", "c", "d", "e", "f"],
                &[("WebSocket", figures)]
            ),
            "| By | a | b | c | d | e | f |\n|---|---|---|---|---|---|---|\n\
             | WebSocket | 1 | 900 | 4000 | 2 | – | 120 |\n"
        );
    }
}
