//! Ethernet, IPv4 and TCP around the bytes of one connection (RFC 791, RFC 9293).

use crate::recording::Way;

pub(super) const FIN: u8 = 0x01;
pub(super) const SYN: u8 = 0x02;
pub(super) const PSH: u8 = 0x08;
pub(super) const ACK: u8 = 0x10;

/// Addresses for documentation: the client's, the server's.
const CLIENT: [u8; 4] = [192, 0, 2, 1];
const SERVER: [u8; 4] = [198, 51, 100, 1];

/// Port 80, whatever it was: readers take what is on it for HTTP.
const SERVER_PORT: u16 = 80;

/// The first of the ports that clients are given (RFC 6335 section 6).
const CLIENT_PORT: u16 = 49_152;

/// Locally administered: no card has it.
const CLIENT_CARD: [u8; 6] = [2, 0, 0, 0, 0, 1];
const SERVER_CARD: [u8; 6] = [2, 0, 0, 0, 0, 2];

const IPV4: [u8; 2] = [8, 0];
const TCP: u8 = 6;

/// A connection's addresses, and how far both sides have come.
pub(super) struct Flow {
    port: u16,
    packets: u16,
    /// The next byte that the client sends, and the server.
    next: [u32; 2],
}

impl Flow {
    /// The connection of that number; ten thousand of them have different ports.
    pub(super) fn of(number: u64) -> Self {
        Self {
            port: CLIENT_PORT + (number % 10_000) as u16,
            packets: 0,
            next: [1_000, 5_000],
        }
    }

    /// One packet with its checksums; whatever it carries counts as received by the other side.
    pub(super) fn packet(&mut self, way: Way, flags: u8, payload: &[u8]) -> Vec<u8> {
        let (mine, theirs) = match way {
            Way::Out => (0, 1),
            Way::In => (1, 0),
        };
        let tcp = self.segment(way, flags, self.next[mine], self.next[theirs], payload);
        let counted = payload.len() as u32 + u32::from(flags & (SYN | FIN) != 0);
        self.next[mine] = self.next[mine].wrapping_add(counted);
        self.packets = self.packets.wrapping_add(1);
        let (to, from) = match way {
            Way::Out => (SERVER_CARD, CLIENT_CARD),
            Way::In => (CLIENT_CARD, SERVER_CARD),
        };
        let header = ip_header(way, self.packets, tcp.len());
        [&to[..], &from, &IPV4, &header, &tcp].concat()
    }

    fn segment(
        &self,
        way: Way,
        flags: u8,
        sequence: u32,
        acknowledged: u32,
        payload: &[u8],
    ) -> Vec<u8> {
        let (from, to) = match way {
            Way::Out => (self.port, SERVER_PORT),
            Way::In => (SERVER_PORT, self.port),
        };
        let acknowledged = if flags & ACK == 0 { 0 } else { acknowledged };
        // How much may be on its way: in the SYN as it is, later in units of 128 bytes.
        let options: &[u8] = match flags & SYN {
            0 => &[],
            _ => &[2, 4, 0x05, 0xb4, 1, 3, 3, 7],
        };
        let words = (20 + options.len()) / 4;
        let mut segment = Vec::with_capacity(words * 4 + payload.len());
        segment.extend(from.to_be_bytes());
        segment.extend(to.to_be_bytes());
        segment.extend(sequence.to_be_bytes());
        segment.extend(acknowledged.to_be_bytes());
        segment.extend([(words as u8) << 4, flags]);
        segment.extend(u16::MAX.to_be_bytes());
        // The checksum's place, and no urgent pointer.
        segment.extend([0; 4]);
        segment.extend(options);
        segment.extend(payload);
        let (source, destination) = addresses(way);
        let length = (segment.len() as u16).to_be_bytes();
        let pseudo = [&source[..], &destination, &[0, TCP], &length].concat();
        let checksum = checksum(&[&pseudo, &segment]).to_be_bytes();
        segment[16..18].copy_from_slice(&checksum);
        segment
    }
}

fn addresses(way: Way) -> ([u8; 4], [u8; 4]) {
    match way {
        Way::Out => (CLIENT, SERVER),
        Way::In => (SERVER, CLIENT),
    }
}

fn ip_header(way: Way, id: u16, payload: usize) -> Vec<u8> {
    let (source, destination) = addresses(way);
    let length = ((20 + payload) as u16).to_be_bytes();
    // Version 4 with five words; not to be fragmented; 64 hops.
    let mut header = vec![0x45, 0, length[0], length[1]];
    header.extend(id.to_be_bytes());
    header.extend([0x40, 0, 64, TCP, 0, 0]);
    header.extend(source);
    header.extend(destination);
    let checksum = checksum(&[&header]).to_be_bytes();
    header[10..12].copy_from_slice(&checksum);
    header
}

/// The checksum of the internet (RFC 1071), over parts of which only the last may be odd.
fn checksum(parts: &[&[u8]]) -> u16 {
    let pairs = parts.iter().flat_map(|part| part.chunks(2));
    let words = pairs.map(|pair| {
        let low = pair.get(1).copied().unwrap_or_default();
        u32::from(u16::from_be_bytes([pair[0], low]))
    });
    let mut sum: u32 = words.sum();
    while sum > 0xffff {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    !(sum as u16)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 1071 section 3: what it sums up, and that a sum with its checksum in it is zero.
    #[test]
    fn the_checksum_is_the_one_of_the_rfc() {
        let example = [0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7];
        assert_eq!(checksum(&[&example]), !0xddf2);
        let whole = [&example[..], &(!0xddf2_u16).to_be_bytes()].concat();
        assert_eq!(checksum(&[&whole]), 0);
        assert_eq!(checksum(&[&[0xff]]), !0xff00);
    }

    #[test]
    fn sequence_numbers_follow_what_was_sent() {
        let mut flow = Flow::of(3);
        let number = |packet: &[u8], at: usize| {
            let bytes = packet[34 + at..34 + at + 4].try_into().expect("four bytes");
            u32::from_be_bytes(bytes)
        };
        let syn = flow.packet(Way::Out, SYN, &[]);
        let answer = flow.packet(Way::In, SYN | ACK, &[]);
        let data = flow.packet(Way::Out, PSH | ACK, b"hello");
        let more = flow.packet(Way::Out, PSH | ACK, b"!");
        let back = flow.packet(Way::In, ACK, &[]);
        assert_eq!((number(&syn, 4), number(&syn, 8)), (1_000, 0));
        assert_eq!((number(&answer, 4), number(&answer, 8)), (5_000, 1_001));
        assert_eq!((number(&data, 4), number(&data, 8)), (1_001, 5_001));
        assert_eq!(number(&more, 4), 1_006);
        assert_eq!(number(&back, 8), 1_007);
    }
}
