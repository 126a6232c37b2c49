//! The blocks of a `.pcapng` file (draft-ietf-opsawg-pcapng), in the byte order that most machines have.

/// Section header, interface description, enhanced packet.
const SECTION: u32 = 0x0a0d_0d0a;
const INTERFACE: u32 = 1;
const PACKET: u32 = 6;

/// What tells a reader the byte order.
const MAGIC: u32 = 0x1a2b_3c4d;

/// LINKTYPE_ETHERNET
const ETHERNET: u16 = 1;

/// Options: the end, a comment, the program that wrote it, the interface's name. Times are microseconds unless an option says
/// otherwise.
const END: u16 = 0;
const COMMENT: u16 = 1;
const PROGRAM: u16 = 4;
const NAME: u16 = 2;

/// A file that grows.
pub(super) struct Blocks {
    bytes: Vec<u8>,
}

impl Blocks {
    /// With its head, and one interface.
    pub(super) fn begun(program: &str) -> Self {
        let mut file = Self { bytes: Vec::new() };
        let mut section = MAGIC.to_le_bytes().to_vec();
        // Version 1.0; how long the section is, is not said.
        section.extend([1, 0, 0, 0]);
        section.extend(u64::MAX.to_le_bytes());
        option(&mut section, PROGRAM, program);
        option(&mut section, END, "");
        file.block(SECTION, &section);
        let mut interface = ETHERNET.to_le_bytes().to_vec();
        // Reserved, and no limit to a packet's length.
        interface.extend([0; 6]);
        option(&mut interface, NAME, "parlance");
        option(&mut interface, END, "");
        file.block(INTERFACE, &interface);
        file
    }

    /// One packet, at microseconds since 1970.
    pub(super) fn packet(&mut self, micros: u64, packet: &[u8], comment: &str) {
        let length = u32::try_from(packet.len()).unwrap_or(u32::MAX);
        let mut body = 0_u32.to_le_bytes().to_vec();
        body.extend(((micros >> 32) as u32).to_le_bytes());
        body.extend((micros as u32).to_le_bytes());
        // As captured, and as it was.
        body.extend(length.to_le_bytes());
        body.extend(length.to_le_bytes());
        body.extend(packet);
        pad(&mut body);
        if !comment.is_empty() {
            option(&mut body, COMMENT, comment);
            option(&mut body, END, "");
        }
        self.block(PACKET, &body);
    }

    pub(super) fn bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// The length stands at both ends, so that a file can be read backwards.
    fn block(&mut self, kind: u32, body: &[u8]) {
        let length = u32::try_from(body.len() + 12)
            .unwrap_or(u32::MAX)
            .to_le_bytes();
        self.bytes.extend(kind.to_le_bytes());
        self.bytes.extend(length);
        self.bytes.extend(body);
        self.bytes.extend(length);
    }
}

fn option(body: &mut Vec<u8>, kind: u16, text: &str) {
    let text = &text[..text.floor_char_boundary(usize::from(u16::MAX))];
    body.extend(kind.to_le_bytes());
    body.extend((text.len() as u16).to_le_bytes());
    body.extend(text.as_bytes());
    pad(body);
}

/// To a multiple of four.
fn pad(body: &mut Vec<u8>) {
    body.resize(body.len().next_multiple_of(4), 0);
}
