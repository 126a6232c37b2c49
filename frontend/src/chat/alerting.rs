//! Tells the person of what was said while they look elsewhere, as the session wants it and this device allows it.

use shared::ids::RoomId;
use shared::markdown::plain;
use shared::session::alerts::Alert;
use yew::prelude::*;

use crate::chat::{Chat, Msg};
use crate::locale::Locale;
use crate::notices::desktop::{Notice, Permission};
use crate::notices::sound;
use crate::route::Route;
use crate::settings::Settings;

impl Chat {
    pub(super) fn alert(&mut self, ctx: &Context<Self>, alert: &Alert) {
        let settings = Settings::load();
        if !settings.silent {
            sound::play();
        }
        if settings.alerts
            && Permission::now() == Permission::Granted
            && let Some((notice, route)) = self.notice_of(ctx, alert)
        {
            let link = ctx.link().clone();
            let clicked = Callback::from(move |()| link.send_message(Msg::Go(route)));
            self.desktop.show(&notice, clicked);
        }
    }

    fn notice_of(&self, ctx: &Context<Self>, alert: &Alert) -> Option<(Notice, Route)> {
        let (locale, _) = ctx.link().context::<Locale>(Callback::noop())?;
        let me = self.session.borrow().me()?.id;
        let words = &locale.words.notices;
        Some(match alert {
            Alert::Sound => return None,
            Alert::Said {
                room,
                seq,
                author,
                text,
            } => {
                let title = self.title_of(*room, &author.name)?;
                let (room, text) = (Some(*room), plain(text));
                let notice = Notice {
                    title,
                    text,
                    me,
                    room,
                };
                (notice, Route::At(room?, *seq))
            }
            Alert::Several {
                messages,
                rooms,
                room,
            } => {
                let (n, number) = (*messages, |n| locale.format.number(n));
                let text = match room {
                    Some(room) => words.missed_in(&number(n), &self.shown_room(*room)?.name),
                    None => words.missed(&number(n), &number(*rooms)),
                };
                let title = words.missed_title.to_owned();
                let notice = Notice {
                    title,
                    text,
                    me,
                    room: *room,
                };
                (notice, room.map_or(Route::Home, Route::Room))
            }
        })
    }

    /// Who it is from, and where, unless that goes without saying.
    fn title_of(&self, room: RoomId, author: &str) -> Option<String> {
        let item = self.shown_room(room)?;
        Some(match item.people.as_slice() {
            [_] => author.to_owned(),
            _ => format!("{author} · {}", item.name),
        })
    }

    fn shown_room(&self, room: RoomId) -> Option<&crate::chat::shown::RoomItem> {
        self.shown.rooms.iter().find(|item| item.id == room)
    }
}
