//! What the messages say that held ones answer, though they are not held themselves.
//!
//! The server tells it beside each answer, as of that page or event; what happens later changes it like a message. Of two
//! quotes of one message the one with the newer change is right, so that no quote needs to remember when it was told.

use crate::sorted::Set;

use super::Timeline;
use crate::ids::Seq;
use crate::protocol::Quote;

impl Timeline {
    /// A message that is answered, as it stands; none when it is not known.
    #[must_use]
    pub fn quote(&self, seq: Seq) -> Option<Quote> {
        match self.place_of(seq) {
            Some(at) => Quote::of(self.events[at].event()),
            None => self.quoted.get(&seq).cloned(),
        }
    }

    /// Takes the quote that came with an answer, as of a place. One that is held needs none.
    pub fn take_quote(&mut self, mut quote: Quote, as_of: Seq) {
        let about = Some(quote.seq);
        if self.place_of(quote.seq).is_some() {
            return;
        }
        let later = self.events.partition_point(|held| held.seq() <= as_of);
        self.events
            .range(later..)
            .filter(|held| held.event().content.target() == about)
            .for_each(|held| quote.change(held.event()));
        self.keep_newer(quote);
    }

    /// Before the oldest `count` events go: those that the others answer stay as quotes, and no other quote does.
    pub(super) fn quote_what_goes(&mut self, count: usize) {
        let stay = self.events.range(count..);
        let answered: Set<Seq> = stay
            .filter_map(|held| held.event().content.answers())
            .collect();
        self.quoted.retain(|seq, _| answered.contains(seq));
        let gone = self.events.range(..count);
        let gone = gone.filter(|held| answered.contains(&held.seq()));
        let quotes: Vec<Quote> = gone.filter_map(|held| Quote::of(held.event())).collect();
        quotes.into_iter().for_each(|quote| self.keep_newer(quote));
    }

    fn keep_newer(&mut self, quote: Quote) {
        let known = self.quoted.get(&quote.seq);
        if known.is_none_or(|known| known.changed < quote.changed) {
            self.quoted.insert(quote.seq, quote);
        }
    }

    fn place_of(&self, seq: Seq) -> Option<usize> {
        let at = self.events.partition_point(|held| held.seq() < seq);
        let held = self.events.get(at)?;
        (held.seq() == seq).then_some(at)
    }
}
