//! The floor: a bare epoll loop that only calls `send()`. What no chat server can be below, unless it gathers messages.
//!
//! It answers any upgrade with the accept key of the generator's one key, and from then on sends each frame that it
//! gets, byte for byte, to everyone in the sender's room (`/ws?room=N`). It looks at nothing but the frame's length.
//!
//! It leaves Nagle's algorithm on, as the kernel does by itself: with several messages in flight that gathers small ones,
//! which makes it cheaper and thus harder to reach. `&nodelay` is for streams of large frames, whose end would wait 40 ms.

#[cfg(target_os = "linux")]
fn main() -> anyhow::Result<()> {
    linux::main()
}

#[cfg(not(target_os = "linux"))]
fn main() {
    eprintln!("error: the floor needs Linux's epoll");
    std::process::exit(1);
}

#[cfg(target_os = "linux")]
mod linux {
    use std::collections::HashMap;
    use std::io::{ErrorKind, Read, Write};
    use std::net::{Ipv4Addr, TcpListener, TcpStream};

    use anyhow::Result;
    use bench::crowd::RESPONSE;
    use bench::frames::split;
    use bench::machine::raise_open_files;
    use rustix::buffer::spare_capacity;
    use rustix::event::epoll::{self, Event, EventData, EventFlags};
    use rustix::fd::OwnedFd;

    /// The listener's token.
    const LISTENER: u64 = u64::MAX;

    /// What waits for one connection at most, about; beyond it, messages are not sent to it.
    const QUEUE_BYTES: usize = 1024 * 1024;

    struct Connection {
        stream: TcpStream,
        /// None until it has been upgraded.
        room: Option<u32>,
        /// What is not a whole head or frame yet.
        rest: Vec<u8>,
        /// What the kernel did not take.
        out: Vec<u8>,
    }

    struct Floor {
        epoll: OwnedFd,
        connections: Vec<Option<Connection>>,
        rooms: HashMap<u32, Vec<usize>>,
    }

    pub(super) fn main() -> Result<()> {
        raise_open_files()?;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        listener.set_nonblocking(true)?;
        println!("listening on http://{}", listener.local_addr()?);
        let mut floor = Floor {
            epoll: epoll::create(epoll::CreateFlags::CLOEXEC)?,
            connections: Vec::new(),
            rooms: HashMap::new(),
        };
        let token = EventData::new_u64(LISTENER);
        epoll::add(&floor.epoll, &listener, token, EventFlags::IN)?;
        let (mut ready, mut buffer) = (Vec::<Event>::with_capacity(1_024), vec![0; 256 * 1024]);
        loop {
            ready.clear();
            epoll::wait(&floor.epoll, spare_capacity(&mut ready), None)?;
            for event in &ready {
                let (number, flags) = (event.data.u64(), event.flags);
                match number as usize {
                    _ if number == LISTENER => floor.accept(&listener)?,
                    number if flags.contains(EventFlags::OUT) => floor.flush(number),
                    number => floor.read(number, &mut buffer),
                }
            }
        }
    }

    impl Floor {
        fn accept(&mut self, listener: &TcpListener) -> Result<()> {
            while let Ok((stream, _)) = listener.accept() {
                stream.set_nonblocking(true)?;
                let token = EventData::new_u64(self.connections.len() as u64);
                epoll::add(&self.epoll, &stream, token, EventFlags::IN)?;
                self.connections.push(Some(Connection {
                    stream,
                    room: None,
                    rest: Vec::new(),
                    out: Vec::new(),
                }));
            }
            Ok(())
        }

        fn read(&mut self, number: usize, buffer: &mut [u8]) {
            let Some(connection) = &mut self.connections[number] else {
                return;
            };
            let length = match connection.stream.read(buffer) {
                Ok(length) => length,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return,
                Err(_) => 0,
            };
            if length == 0 {
                self.leave(number);
                return;
            }
            connection.rest.extend_from_slice(&buffer[..length]);
            let Some(room) = connection.room else {
                self.upgrade(number);
                return;
            };
            let mut bytes = std::mem::take(&mut connection.rest);
            let mut used = 0;
            while let Ok(Some((_, length))) = split(&bytes[used..]) {
                self.send(room, &bytes[used..used + length]);
                used += length;
            }
            bytes.drain(..used);
            if let Some(connection) = &mut self.connections[number]
                && !bytes.is_empty()
            {
                connection.rest = bytes;
            }
        }

        fn upgrade(&mut self, number: usize) {
            let Some(connection) = &mut self.connections[number] else {
                return;
            };
            if !connection.rest.ends_with(b"\r\n\r\n") {
                return;
            }
            let head = String::from_utf8_lossy(&connection.rest).into_owned();
            connection.rest = Vec::new();
            let room = head.split_once("room=").and_then(|(_, rest)| {
                let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
                digits.parse().ok()
            });
            let room = room.unwrap_or_default();
            if head.contains("&nodelay") {
                // Without it, it only waits longer.
                let _ = connection.stream.set_nodelay(true);
            }
            connection.room = Some(room);
            let answer = format!(
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
                 Sec-WebSocket-Accept: {RESPONSE}\r\n\r\n"
            );
            self.rooms.entry(room).or_default().push(number);
            self.send_to(number, answer.as_bytes());
        }

        fn send(&mut self, room: u32, frame: &[u8]) {
            let Some(listeners) = self.rooms.get_mut(&room) else {
                return;
            };
            let listeners = std::mem::take(listeners);
            for &number in &listeners {
                self.send_to(number, frame);
            }
            self.rooms.insert(room, listeners);
        }

        fn send_to(&mut self, number: usize, bytes: &[u8]) {
            let Some(connection) = &mut self.connections[number] else {
                return;
            };
            if !connection.out.is_empty() {
                if connection.out.len() < QUEUE_BYTES {
                    connection.out.extend_from_slice(bytes);
                }
                return;
            }
            // A broken one is noticed when it is read.
            let Ok(sent) = connection.stream.write(bytes) else {
                return;
            };
            if sent < bytes.len() {
                connection.out.extend_from_slice(&bytes[sent..]);
                self.watch(number, EventFlags::IN | EventFlags::OUT);
            }
        }

        fn flush(&mut self, number: usize) {
            let Some(connection) = &mut self.connections[number] else {
                return;
            };
            let Ok(sent) = connection.stream.write(&connection.out) else {
                self.leave(number);
                return;
            };
            connection.out.drain(..sent);
            if connection.out.is_empty() {
                self.watch(number, EventFlags::IN);
            }
        }

        fn watch(&self, number: usize, flags: EventFlags) {
            if let Some(connection) = &self.connections[number] {
                let token = EventData::new_u64(number as u64);
                // A socket that cannot be watched is broken, and is noticed when it is read.
                let _ = epoll::modify(&self.epoll, &connection.stream, token, flags);
            }
        }

        fn leave(&mut self, number: usize) {
            let gone = self.connections[number].take();
            if let Some(room) = gone.and_then(|connection| connection.room)
                && let Some(listeners) = self.rooms.get_mut(&room)
            {
                listeners.retain(|&listener| listener != number);
            }
        }
    }
}
