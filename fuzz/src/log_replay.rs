//! A log that grows, read by live events, pages and gaps that come in any order a server may send them.

use arbitrary::{Result, Unstructured};
use shared::ids::{Link, Seq};
use shared::limits;
use shared::protocol::{Event, Span};
use shared::session::timeline::{Applied, Timeline};

use super::history::{History, ROOM};
use super::places;

/// Events of a log at most: several steps back, and a gap.
const EVENTS: u64 = 400;

/// Stale state and events make the fresh state, whatever came in whatever order.
pub fn run(data: &[u8]) {
    let mut bytes = Unstructured::new(data);
    // Out of bytes is an end like any other.
    if let Ok(mut reader) = Reader::start(&mut bytes) {
        let _ = reader.live(&mut bytes);
        reader.read_the_rest();
    }
}

struct Reader {
    history: History,
    timeline: Timeline,
    /// Where the log ended when this connection began: it is never told of anything as it stood before.
    since: Seq,
}

impl Reader {
    fn start(bytes: &mut Unstructured<'_>) -> Result<Self> {
        let mut history = History::new();
        for _ in 0..bytes.int_in_range(0..=120)? {
            history.grow(bytes)?;
        }
        let since = history.head();
        let timeline = Timeline::new(ROOM, since);
        Ok(Self {
            history,
            timeline,
            since,
        })
    }

    fn live(&mut self, bytes: &mut Unstructured<'_>) -> Result<()> {
        while !bytes.is_empty() {
            let head = self.history.head();
            match bytes.int_in_range(0..=9)? {
                0..=2 if head.0 < EVENTS => self.history.grow(bytes)?,
                3..=4 => self.event(seq(bytes, head)?),
                5 => self.event(self.timeline.last().next()),
                6 => {
                    let as_of = Seq(bytes.int_in_range(self.since.0..=head.0)?);
                    let from = seq(bytes, as_of)?;
                    self.page(from, as_of, as_of);
                }
                7 => self.skip(bytes)?,
                8 => self.want(bytes)?,
                _ => self.forged(seq(bytes, head)?),
            }
            places::check(&self.timeline);
        }
        Ok(())
    }

    /// A live event, as it was committed. It may be late (D2).
    fn event(&mut self, seq: Seq) {
        let last = self.timeline.last();
        if let Some(event) = self.history.at(seq) {
            let applied = self.timeline.apply(event.clone(), seq);
            if let Some(quote) = self.history.quote(event, seq) {
                self.timeline.take_quote(quote, seq);
            }
            assert_ne!(applied, Applied::Diverged, "{event:?}");
            assert_eq!(applied == Applied::Ahead, seq > last.next());
            assert_eq!(applied == Applied::Next, seq == last.next());
        }
    }

    /// A page of the log as it stood at `as_of`.
    fn page(&mut self, from: Seq, to: Seq, as_of: Seq) {
        let full = Seq(from.0 + limits::PAGE_EVENTS - 1);
        for seq in from.0..=to.min(full).0 {
            if let Some(event) = self.history.as_it_stands(Seq(seq), as_of) {
                let quote = self.history.quote(&event, as_of);
                let applied = self.timeline.apply(event, as_of);
                if let Some(quote) = quote {
                    self.timeline.take_quote(quote, as_of);
                }
                assert_ne!(applied, Applied::Diverged, "{seq} as of {as_of}");
            }
        }
    }

    /// A replay that leaves out what is before its end.
    fn skip(&mut self, bytes: &mut Unstructured<'_>) -> Result<()> {
        let (last, head) = (self.timeline.last(), self.history.head());
        if last >= head {
            return Ok(());
        }
        let to = Seq(bytes.int_in_range(last.next().0..=head.0)?);
        self.timeline.skip_to(to);
        self.since = head;
        self.page(to.next(), head, head);
        Ok(())
    }

    fn want(&mut self, bytes: &mut Unstructured<'_>) -> Result<()> {
        let head = self.history.head();
        match bytes.int_in_range(0..=3)? {
            0 | 1 => self.timeline.want_older(),
            2 => self.timeline.want_gap(seq(bytes, head)?),
            _ => self.timeline.want_around(seq(bytes, head)?),
        }
        Ok(())
    }

    /// An event of another log, next to one that is held: it is noticed, and changes nothing.
    fn forged(&mut self, seq: Seq) {
        let before = shown(&self.timeline);
        let held = |seq: Seq| before.iter().any(|event| event.seq == seq);
        let Some(event) = self.history.at(seq).filter(|_| held(seq)) else {
            return;
        };
        let link = Link(event.link.0 ^ 1);
        let forged = Event {
            link,
            ..event.clone()
        };
        assert_eq!(self.timeline.apply(forged, seq), Applied::Diverged);
        assert_eq!(shown(&self.timeline), before);
    }

    /// Reads what a session would read until there is nothing more, back to the beginning.
    fn read_the_rest(mut self) {
        let head = self.history.head();
        for _ in 0..200 {
            let wanted: Vec<Span> = self.timeline.wanted(head).collect();
            for span in &wanted {
                self.page(span.from, span.to, head);
            }
            places::check(&self.timeline);
            let gap = self.timeline.gaps().first().map(|gap| gap.span.from);
            match gap {
                Some(at) => self.timeline.want_gap(at),
                None if self.timeline.floor() > Seq(1) => self.timeline.want_older(),
                None if wanted.is_empty() => break,
                None => {}
            }
        }
        for event in self.timeline.events() {
            let answered = event.content.answers();
            let quote = answered.and_then(|seq| self.timeline.quote(seq));
            assert_eq!(quote, self.history.quote(event, head), "quotes are true");
        }
        let shown = shown(&self.timeline);
        assert_eq!(shown.len() as u64, head.0, "all of it is read");
        for event in shown {
            let stands = self.history.as_it_stands(event.seq, head);
            assert_eq!(
                Some(event),
                stands,
                "stale state and events are the fresh state"
            );
        }
    }
}

fn shown(timeline: &Timeline) -> Vec<Event> {
    timeline.events().map(|event| (**event).clone()).collect()
}

/// A place, 1 to `head`.
fn seq(bytes: &mut Unstructured<'_>, head: Seq) -> Result<Seq> {
    Ok(Seq(bytes.int_in_range(1..=head.0.max(1))?))
}
