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

/// The table, for those who write about it.
#[must_use]
pub fn markdown(heads: &[&str], rows: &[(&str, Figures)]) -> String {
    let columns = "---|".repeat(heads.len());
    let mut table = format!("| {} |\n|{columns}\n", heads.join(" | "));
    for (way, it) in rows {
        let trip = |trip: Option<u64>| trip.map_or("–".to_owned(), |ms| ms.to_string());
        let cells = [
            it.requests.to_string(),
            it.overhead.to_string(),
            it.payload.to_string(),
            trip(it.middle),
            trip(it.high),
            it.wakes.to_string(),
        ];
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
