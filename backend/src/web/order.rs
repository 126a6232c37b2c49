//! `/api/invites`, `/api/people`, `/api/door`, `/api/deeds`, `/api/rooms`, `/api/limits`: what owners and moderators arrange.

use shared::order::DeedQuery;
use shared::problem::Problem;
use warp::http::{Method, StatusCode};

use super::App;
use super::account::{link, nothing};
use super::api::{Answer, Asked};
use super::refusal::{json, problem};

pub(super) async fn answer(app: &App, method: &Method, path: &[&str], asked: &Asked) -> Answer {
    let people = &app.people;
    let changes = *method == Method::POST;
    if path == ["door"] && !changes {
        // Who has not come yet has to know how to.
        return Ok(json(StatusCode::OK, &people.door().await.map_err(problem)?));
    }
    let me = asked.me(app).await?.person.id;
    match path {
        ["door"] => {
            let opened = people.open_door(me, asked.body().map_err(problem)?).await;
            opened.map_err(problem)?;
            Ok(json(StatusCode::OK, &people.door().await.map_err(problem)?))
        }
        ["invites"] if changes => {
            let code = people
                .invite(me, asked.body().map_err(problem)?)
                .await
                .map_err(problem)?;
            link(app, asked, "invite", &code).map_err(problem)
        }
        ["invites"] => {
            let invites = people.invites(me).await.map_err(problem)?;
            Ok(json(StatusCode::OK, &invites))
        }
        ["invites", id] => {
            let id = id.parse().map_err(|_| problem(Problem::NoSuchLink))?;
            people.withdraw(me, id).await.map_err(problem)?;
            Ok(nothing())
        }
        ["people", id] => {
            let id = id.parse().map_err(|_| problem(Problem::NoSuchPerson))?;
            let changed = people
                .change_person(me, id, asked.body().map_err(problem)?)
                .await;
            changed.map_err(problem)?;
            Ok(nothing())
        }
        ["rooms"] => {
            let list = people.rooms_listed(me).await.map_err(problem)?;
            Ok(json(StatusCode::OK, &list))
        }
        ["rooms", id] => {
            let room = id.parse().map_err(|_| problem(Problem::NoSuchRoom))?;
            if changes {
                let change = asked.body().map_err(problem)?;
                people.arrange(me, room, change).await.map_err(problem)?;
                return Ok(nothing());
            }
            let inside = people.room_members(me, room).await.map_err(problem)?;
            Ok(json(StatusCode::OK, &inside))
        }
        ["limits"] => {
            let limits = people.limits(me).await.map_err(problem)?;
            Ok(json(StatusCode::OK, &limits))
        }
        ["deeds"] => {
            let query = DeedQuery {
                person: field(&asked.query, "person").and_then(|id| id.parse().ok()),
                before: field(&asked.query, "before").and_then(|id| id.parse().ok()),
            };
            let deeds = people.deeds(me, query).await;
            Ok(json(StatusCode::OK, &deeds.map_err(problem)?))
        }
        _ => {
            let list = people.list(me, &text(&asked.query)).await;
            Ok(json(StatusCode::OK, &list.map_err(problem)?))
        }
    }
}

/// The text that names are to contain, if the query has one.
fn text(query: &str) -> String {
    decoded(field(query, "text").unwrap_or_default())
}

/// What the query says under a name, as it stands there.
pub(super) fn field<'a>(query: &'a str, name: &str) -> Option<&'a str> {
    let mut pairs = query.split('&');
    pairs.find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
}

/// Percent-encoding undone (RFC 3986 section 2.1), as far as it makes text.
pub(super) fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, more @ ..] = rest {
        let hex = |bytes: &[u8]| u8::from_str_radix(std::str::from_utf8(bytes).ok()?, 16).ok();
        match (first, more.get(..2).and_then(hex)) {
            (b'%', Some(byte)) => {
                bytes.push(byte);
                rest = &more[2..];
            }
            (byte, _) => {
                bytes.push(*byte);
                rest = more;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_of_a_query_is_read() {
        for (query, expected) in [
            ("", ""),
            ("as=1&text=Ada", "Ada"),
            ("text=%E7%8E%8B%20x", "王 x"),
            ("text=%", "%"),
            ("text=%zz%4", "%zz%4"),
        ] {
            assert_eq!(text(query), expected, "{query}");
        }
    }
}
