//! Bad weather, between the session and its socket (`shared::weather`). It is gone with the page.

use std::cell::RefCell;
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use shared::close::CloseCode;
use shared::session::connection::Generation;
use shared::session::io::Input;
use shared::transport::Transport;
use shared::weather::{Sky, Weather};
use yew::Callback;
use yew::html::Scope;

use crate::browser::{clock, window};
use crate::chat::{Chat, Msg};

/// Something on its way between the session and the socket.
#[derive(Debug)]
pub enum Passing {
    /// From the socket.
    In(Input),
    /// From the session.
    Out(Generation, String),
}

/// The weather of this tab.
#[derive(Debug, Clone, Default)]
pub(super) struct Weathering(Rc<RefCell<Sky<Passing>>>, Rc<RefCell<Option<Timeout>>>);

impl Weathering {
    pub(super) fn weather(&self) -> Weather {
        self.0.borrow().weather()
    }

    /// What comes from a socket goes through here.
    pub(super) fn inputs(&self, link: &Scope<Chat>) -> Callback<Input> {
        let (sky, link) = (self.clone(), link.clone());
        Callback::from(move |input| {
            if let Some(Passing::In(input)) = sky.take(Passing::In(input), &link) {
                link.send_message(Msg::Input(input));
            }
        })
    }

    /// Gives back what passes at once; the rest comes later as [`Msg::Passed`], or not at all.
    pub(super) fn take(&self, thing: Passing, link: &Scope<Chat>) -> Option<Passing> {
        let chance = (js_sys::Math::random() * 100.0) as u64;
        let passed = self.0.borrow_mut().take(thing, chance, clock::ticks());
        if passed.is_none() {
            self.arm(link);
        }
        passed
    }

    fn due(&self) -> Option<Passing> {
        self.0.borrow_mut().due(clock::ticks())
    }

    /// Passes on what is due, and waits for the next.
    pub(super) fn arm(&self, link: &Scope<Chat>) {
        while let Some(thing) = self.due() {
            link.send_message(Msg::Passed(thing));
        }
        let next = self.0.borrow().next_due();
        *self.1.borrow_mut() = next.map(|at| {
            let (sky, link) = (self.clone(), link.clone());
            let wait = u32::try_from(at - clock::ticks()).unwrap_or(u32::MAX);
            Timeout::new(wait, move || sky.arm(&link))
        });
    }
}

impl Chat {
    /// Takes the weather that the person wants.
    pub(super) fn change_weather(&mut self, link: &Scope<Self>, weather: Weather) {
        let was = self.weathering.weather();
        let lost = self.weathering.0.borrow_mut().change(weather);
        // At once, so that nothing that is sent now overtakes what was held up.
        while let Some(thing) = self.weathering.due() {
            self.passed(thing);
        }
        self.weathering.arm(link);
        if lost || weather == Weather::Blocked {
            self.cut();
        }
        if (was == Weather::Offline) != (weather == Weather::Offline) {
            let online = weather != Weather::Offline && window().navigator().on_line();
            self.handle(Input::Online(online));
        }
    }

    /// Something got through.
    pub(super) fn passed(&mut self, thing: Passing) {
        match thing {
            Passing::In(input) => self.handle(input),
            Passing::Out(generation, text) => self.transmit(generation, text),
        }
    }

    /// Sends a text on the socket that it is meant for, if there still is one.
    pub(super) fn transmit(&self, generation: Generation, text: String) {
        let mut sockets = self.sockets.iter();
        if let Some(socket) = sockets.find(|it| it.generation() == generation) {
            socket.transmit(text);
        }
    }

    /// Whether a socket may be opened. Half-open was the one before it.
    pub(super) fn may_connect(&mut self, transport: Transport) -> bool {
        match self.weathering.weather() {
            Weather::Offline => false,
            Weather::Blocked => transport != Transport::WebSocket,
            Weather::HalfOpen => {
                self.weathering.0.borrow_mut().change(Weather::Fair);
                true
            }
            _ => true,
        }
    }

    /// Breaks the connection off, as a network does: nobody says goodbye to the session.
    pub(super) fn cut(&mut self) {
        for socket in std::mem::take(&mut self.sockets) {
            let generation = socket.generation();
            socket.close(CloseCode::NORMAL);
            self.handle(broken(generation));
        }
    }
}

/// What a browser says of a socket that did not open, or broke.
pub(super) fn broken(generation: Generation) -> Input {
    Input::Closed {
        generation,
        code: CloseCode::ABNORMAL,
        reason: String::new(),
        clean: false,
    }
}
