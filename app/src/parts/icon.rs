//! Line icons, drawn in the document so that they need no request and take the colour of their text.
//! An icon never stands for a word alone: it is hidden from readers who cannot see it.

use leptos::prelude::*;

/// The icons there are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[expect(missing_docs, reason = "each is called by what it shows")]
pub enum Glyph {
    Scan,
    Find,
    Ledger,
    Person,
    Sheet,
    Document,
    Torch,
    Photo,
    Lens,
    Keyboard,
    Check,
    Look,
    Stop,
    Unknown,
    Several,
    Arrow,
    Batch,
    Carton,
    Pallet,
    Shipment,
    Place,
    Material,
    Item,
    Sound,
    Silent,
    Offline,
    Close,
    Pause,
    Play,
    Add,
    Clock,
    Language,
    Plan,
    Sample,
    Paper,
    Seal,
    Import,
}

impl Glyph {
    /// The icon for a kind of subject.
    pub const fn of(kind: domain::subject::SubjectKind) -> Glyph {
        use domain::subject::SubjectKind;
        match kind {
            SubjectKind::TradeItem => Glyph::Item,
            SubjectKind::Batch => Glyph::Batch,
            SubjectKind::MaterialLot => Glyph::Material,
            SubjectKind::LogisticUnit => Glyph::Carton,
            SubjectKind::Shipment => Glyph::Shipment,
            SubjectKind::Place => Glyph::Place,
            SubjectKind::TracePlan => Glyph::Plan,
            SubjectKind::RetainedSample => Glyph::Sample,
            SubjectKind::OrderLine => Glyph::Paper,
        }
    }

    /// The path on a 24 × 24 grid, drawn with a stroke of two.
    const fn path(self) -> &'static str {
        match self {
            Glyph::Scan => "M4 8V4h4M16 4h4v4M20 16v4h-4M8 20H4v-4M8 8v8M11 8v8M13.5 8v8M16 8v8",
            Glyph::Find => "M10.5 4a6.5 6.5 0 1 0 0 13a6.5 6.5 0 0 0 0-13M15.5 15.5L20 20",
            Glyph::Ledger => "M6 3h12v18H6zM9 3v18M12 8h3M12 12h3",
            Glyph::Person => "M12 4a4 4 0 1 0 0 8a4 4 0 0 0 0-8M4 21c0-4.5 3.5-7 8-7s8 2.5 8 7",
            Glyph::Sheet => "M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM14 14h2v2M20 14v3M14 20h6",
            Glyph::Document => "M6 3h8l4 4v14H6zM14 3v4h4M9 12h6M9 16h6",
            Glyph::Torch => "M8 3h8v4l-2 3v11h-4V10L8 7zM8 7h8M12 13v2",
            Glyph::Photo => "M3 7h4l2-3h6l2 3h4v13H3zM12 10a3.5 3.5 0 1 0 0 7a3.5 3.5 0 0 0 0-7",
            Glyph::Lens => "M12 3a9 9 0 1 0 0 18a9 9 0 0 0 0-18M12 8a4 4 0 1 0 0 8a4 4 0 0 0 0-8",
            Glyph::Keyboard => "M2 6h20v12H2zM6 10h.01M10 10h.01M14 10h.01M18 10h.01M8 14h8",
            Glyph::Check => "M4 12.5L9.5 18L20 6.5",
            Glyph::Look => "M12 3L22 20H2zM12 10v4M12 17v.01",
            Glyph::Stop => "M8 2h8l6 6v8l-6 6H8l-6-6V8zM7 12h10",
            Glyph::Unknown => "M8.5 9a3.5 3.5 0 1 1 5 3.2c-1 .5-1.5 1.200-1.500 2.300M12 18v.01",
            Glyph::Several => "M3 5h9v9H3zM8 10h13v10H8z",
            Glyph::Arrow => "M5 12h14M13 6l6 6l-6 6",
            Glyph::Batch => "M4 7l8-4l8 4v10l-8 4l-8-4zM4 7l8 4l8-4M12 11v10",
            Glyph::Carton => "M3 8h18v12H3zM3 8l3-4h12l3 4M10 8v4h4V8",
            Glyph::Pallet => "M3 17h18M4 17v3M12 17v3M20 17v3M5 17V9h6v8M13 17V5h6v12",
            Glyph::Shipment => {
                "M2 6h12v11H2zM14 10h4l4 4v3h-8zM6.500 20a2 2 0 1 0 0-4a2 2 0 0 0 0 4M17.500 20a2 2 0 1 0 0-4a2 2 0 0 0 0 4"
            }
            Glyph::Place => {
                "M12 21c-5-6-7-8.500-7-11.500a7 7 0 0 1 14 0C19 12.500 17 15 12 21M12 7.500a2 2 0 1 0 0 4a2 2 0 0 0 0-4"
            }
            Glyph::Material => "M12 3c4 5 6 8 6 11a6 6 0 0 1-12 0c0-3 2-6 6-11M9 14a3 3 0 0 0 3 3",
            Glyph::Item => "M3 12V4h8l10 10l-8 8zM7.500 8.500v.01",
            Glyph::Sound => "M4 9h4l5-4v14l-5-4H4zM16 9a4 4 0 0 1 0 6M18.500 6.500a8 8 0 0 1 0 11",
            Glyph::Silent => "M4 9h4l5-4v14l-5-4H4zM16 9l5 6M21 9l-5 6",
            Glyph::Offline => {
                "M3 3l18 18M5 12.500a10 10 0 0 1 4-2.500M13 9.700a10 10 0 0 1 6 2.800M9 16a4.500 4.500 0 0 1 6 0M12 20v.01"
            }
            Glyph::Close => "M5 5l14 14M19 5L5 19",
            Glyph::Pause => "M8 5v14M16 5v14",
            Glyph::Play => "M7 4l13 8l-13 8z",
            Glyph::Add => "M12 5v14M5 12h14",
            Glyph::Clock => "M12 3a9 9 0 1 0 0 18a9 9 0 0 0 0-18M12 7v5l3.500 2",
            Glyph::Plan => "M5 3h14v18H5zM8 8h8M8 12h8M8 16l2 2l5-5",
            Glyph::Sample => {
                "M9 3h6M10 3v6l-5 10a1.500 1.500 0 0 0 1.500 2h11a1.500 1.500 0 0 0 1.500-2L14 9V3M8 15h8"
            }
            Glyph::Paper => "M6 3h9l4 4v14H6zM15 3v4h4M9 12h7M9 16h7",
            Glyph::Seal => "M12 4a5 5 0 1 0 0 10a5 5 0 0 0 0-10M9 13l-2 8l5-3l5 3l-2-8",
            Glyph::Import => "M12 3v11M8 10l4 4l4-4M4 17v4h16v-4",
            Glyph::Language => {
                "M3 5h10M8 3v2M5 5c1 4 3.500 6.500 7 8M11 5c-1 4-3.500 6.500-8 8M12 21l4.500-11L21 21M13.500 17.500h6"
            }
        }
    }
}

/// One icon, as tall as its text by default.
#[component]
pub fn Icon(
    /// Which.
    glyph: Glyph,
) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
            <path d=glyph.path()></path>
        </svg>
    }
}
