//! What people choose about how they are told of things.

use rusqlite::{Connection, params};
use shared::problem::Problem;
use shared::protocol::Choice;

use crate::engine::committed::{Batch, Chosen, Committed};
use crate::engine::rows;
use crate::engine::writer::{Fault, Operation};

/// See [`crate::engine::Engine::choose`].
#[derive(Debug)]
pub(in crate::engine) struct Choose(pub(in crate::engine) Chosen);

impl Operation for Choose {
    type Output = Chosen;

    fn apply(&self, log: &Connection, _: &mut Vec<Committed>) -> Result<Chosen, Fault> {
        let Chosen { person, choice } = self.0;
        let person = rows::signed(person.0);
        match choice {
            Choice::Level { room, level } => {
                let changed = log
                    .prepare_cached(
                        "UPDATE members SET level = ?3 WHERE person = ?1 AND room = ?2",
                    )?
                    .execute(params![person, rows::signed(room.0), level.name()])?;
                if changed == 0 {
                    return Err(Fault::Refused(Problem::NoSuchRoom));
                }
            }
            Choice::Quiet { until } => {
                let until = until.map(|until| rows::signed(until.0));
                log.prepare_cached("UPDATE people SET quiet_until = ?2 WHERE id = ?1")?
                    .execute(params![person, until])?;
            }
            Choice::Receipts { on } => {
                log.prepare_cached("UPDATE people SET no_receipts = ?2 WHERE id = ?1")?
                    .execute(params![person, !on])?;
            }
        }
        Ok(self.0)
    }

    fn tell(chosen: &Chosen, batch: &mut Batch) {
        batch.chosen.push(*chosen);
    }
}
