//! The icons: one family (Lucide, see `ICONS-LICENSE.txt`), drawn inline in the colour of the text around them.

use yew::prelude::*;

/// Which icon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Glyph {
    /// Attach.
    Clip,
    /// A file.
    File,
    /// Save.
    Download,
    /// Go on.
    ArrowRight,
    /// Go back.
    ArrowLeft,
    /// Jump to the end.
    ArrowDown,
    /// Send.
    ArrowUp,
    /// Stored.
    Check,
    /// Waits.
    Clock,
    /// Close.
    Close,
    /// Something is wrong.
    Alert,
    /// A room.
    Hash,
    /// Browse.
    Compass,
    /// New.
    Plus,
    /// Settings.
    Sliders,
    /// Find.
    Search,
    /// On its way.
    Sending,
    /// Discard.
    Trash,
    /// Try again.
    Retry,
    /// Edit.
    Pencil,
    /// Not read.
    Envelope,
    /// About something.
    Info,
    /// Answer.
    Reply,
    /// Say elsewhere.
    Forward,
    /// Pin.
    Pin,
    /// Copy.
    Copy,
    /// An address.
    Link,
    /// Reactions.
    Smile,
    /// More to choose from.
    More,
    /// Several people.
    People,
    /// A private room.
    Lock,
    /// An archived room.
    Archive,
    /// Write to somebody.
    Speech,
    /// A muted room.
    BellOff,
    /// Not to be disturbed.
    Moon,
}

impl Glyph {
    /// The paths, in a box of 24 by 24.
    fn paths(self) -> &'static [&'static str] {
        match self {
            Self::Clip => &[
                "m21.44 11.05-9.19 9.19a6 6 0 0 1-8.49-8.49l8.57-8.57A4 4 0 1 1 18 8.84l-8.59 8.57a2 2 0 0 1-2.83-2.83l8.49-8.48",
            ],
            Self::File => &[
                "M15 2H6a2 2 0 0 0-2 2v16a2 2 0 0 0 2 2h12a2 2 0 0 0 2-2V7z",
                "M14 2v4a2 2 0 0 0 2 2h4",
            ],
            Self::Download => &[
                "M12 15V3",
                "M21 15v4a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2v-4",
                "m7 10 5 5 5-5",
            ],
            Self::ArrowRight => &["M5 12h14", "m12 5 7 7-7 7"],
            Self::ArrowLeft => &["m12 19-7-7 7-7", "M19 12H5"],
            Self::ArrowDown => &["M12 5v14", "m19 12-7 7-7-7"],
            Self::ArrowUp => &["m5 12 7-7 7 7", "M12 19V5"],
            Self::Check => &["M20 6 9 17l-5-5"],
            Self::Clock => &["M12 22a10 10 0 1 0 0-20 10 10 0 0 0 0 20", "M12 6v6l4 2"],
            Self::Close => &["M18 6 6 18", "m6 6 12 12"],
            Self::Alert => &[
                "M12 22a10 10 0 1 0 0-20 10 10 0 0 0 0 20",
                "M12 8v4",
                "M12 16h.01",
            ],
            Self::Hash => &["M4 9h16", "M4 15h16", "M10 3 8 21", "m16 3-2 18"],
            Self::Compass => &[
                "M12 22a10 10 0 1 0 0-20 10 10 0 0 0 0 20",
                "m16.24 7.76-1.804 5.411a2 2 0 0 1-1.265 1.265L7.76 16.24l1.804-5.411a2 2 0 0 1 1.265-1.265z",
            ],
            Self::Plus => &["M5 12h14", "M12 5v14"],
            Self::Sliders => &[
                "M10 5H3",
                "M12 19H3",
                "M14 3v4",
                "M16 17v4",
                "M21 12h-9",
                "M21 19h-5",
                "M21 5h-7",
                "M8 10v4",
                "M8 12H3",
            ],
            Self::Search => &["M11 19a8 8 0 1 0 0-16 8 8 0 0 0 0 16", "m21 21-4.34-4.34"],
            Self::Sending => &[
                "M14.536 21.686a.5.5 0 0 0 .937-.024l6.5-19a.496.496 0 0 0-.635-.635l-19 6.5a.5.5 0 0 0-.024.937l7.93 3.18a2 2 0 0 1 1.112 1.11z",
                "m21.854 2.147-10.94 10.939",
            ],
            Self::Trash => &[
                "M3 6h18",
                "M19 6v14c0 1-1 2-2 2H7c-1 0-2-1-2-2V6",
                "M8 6V4c0-1 1-2 2-2h4c1 0 2 1 2 2v2",
                "M10 11v6",
                "M14 11v6",
            ],
            Self::Pencil => &[
                "M21.174 6.812a1 1 0 0 0-3.986-3.987L3.842 16.174a2 2 0 0 0-.5.83l-1.321 4.352a.5.5 0 0 0 .623.622l4.353-1.32a2 2 0 0 0 .83-.497z",
                "m15 5 4 4",
            ],
            Self::Smile => &[
                "M12 22a10 10 0 1 0 0-20 10 10 0 0 0 0 20",
                "M8 14s1.5 2 4 2 4-2 4-2",
                "M9 9h.01",
                "M15 9h.01",
            ],
            Self::Copy => &[
                "M10 8h10a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2H10a2 2 0 0 1-2-2V10a2 2 0 0 1 2-2z",
                "M4 16c-1.1 0-2-.9-2-2V4c0-1.1.9-2 2-2h10c1.1 0 2 .9 2 2",
            ],
            Self::Envelope => &[
                "m22 7-8.991 5.727a2 2 0 0 1-2.009 0L2 7",
                "M4 4h16a2 2 0 0 1 2 2v12a2 2 0 0 1-2 2H4a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2",
            ],
            Self::Info => &[
                "M12 22a10 10 0 1 0 0-20 10 10 0 0 0 0 20",
                "M12 16v-4",
                "M12 8h.01",
            ],
            Self::Reply => &["M20 18v-2a4 4 0 0 0-4-4H4", "m9 17-5-5 5-5"],
            Self::Forward => &["m15 17 5-5-5-5", "M4 18v-2a4 4 0 0 1 4-4h12"],
            Self::Pin => &[
                "M12 17v5",
                "M9 10.76a2 2 0 0 1-1.11 1.79l-1.78.9A2 2 0 0 0 5 15.24V16a1 1 0 0 0 1 1h12a1 1 0 0 0 1-1v-.76a2 2 0 0 0-1.11-1.79l-1.78-.9A2 2 0 0 1 15 10.76V7a1 1 0 0 1 1-1 2 2 0 0 0 0-4H8a2 2 0 0 0 0 4 1 1 0 0 1 1 1z",
            ],
            Self::Link => &[
                "M10 13a5 5 0 0 0 7.54.54l3-3a5 5 0 0 0-7.07-7.07l-1.72 1.71",
                "M14 11a5 5 0 0 0-7.54-.54l-3 3a5 5 0 0 0 7.07 7.07l1.71-1.71",
            ],
            Self::More => &["M5 12h.01", "M12 12h.01", "M19 12h.01"],
            Self::Lock => &[
                "M5 11h14a2 2 0 0 1 2 2v7a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2v-7a2 2 0 0 1 2-2",
                "M7 11V7a5 5 0 0 1 10 0v4",
            ],
            Self::Archive => &[
                "M3 3h18a1 1 0 0 1 1 1v3a1 1 0 0 1-1 1H3a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1",
                "M4 8v11a2 2 0 0 0 2 2h12a2 2 0 0 0 2-2V8",
                "M10 12h4",
            ],
            Self::Speech => &["M21 15a2 2 0 0 1-2 2H7l-4 4V5a2 2 0 0 1 2-2h14a2 2 0 0 1 2 2z"],
            Self::BellOff => &[
                "M10.27 21a2 2 0 0 0 3.46 0",
                "M17 17H4a1 1 0 0 1-.74-1.67C4.6 13.95 6 12.5 6 8a6 6 0 0 1 .26-1.74",
                "m2 2 20 20",
                "M8.67 3.01A6 6 0 0 1 18 8c0 2.69.77 4.65 1.7 6.05",
            ],
            Self::Moon => &["M12 3a6 6 0 0 0 9 9 9 9 0 1 1-9-9Z"],
            Self::People => &[
                "M16 21v-2a4 4 0 0 0-4-4H6a4 4 0 0 0-4 4v2",
                "M9 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8",
                "M22 21v-2a4 4 0 0 0-3-3.87",
                "M16 3.13a4 4 0 0 1 0 7.75",
            ],
            Self::Retry => &[
                "M21 12a9 9 0 1 1-9-9c2.52 0 4.93 1 6.74 2.74L21 8",
                "M21 3v5h-5",
            ],
        }
    }
}

/// An icon. It says nothing by itself: the control or the text beside it has the words.
pub fn icon(glyph: Glyph) -> Html {
    let paths = glyph.paths().iter();
    html! {
        <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
            { for paths.map(|path| html! { <path key={*path} d={*path} /> }) }
        </svg>
    }
}
