//! Pages of paper as PDF (ISO 32000): symbols as rectangles, lines of words as text.
//!
//! Everything is measured in millimetres from the top left. No font travels with the file: Helvetica and
//! Courier are among the fourteen that every reader of PDF has, and for Chinese it names the one that
//! readers of PDF put a Chinese font of their own in the place of (9.7.5.2, Adobe-GB1). A Chinese font
//! would be several times the size of the whole site.

use domain::text::Lang;
use pdf_writer::{
    Content, Name, Pdf, Rect, Ref, Str, TextStr,
    types::{CidFontType, FontFlags, SystemInfo},
};

use crate::symbols::{Drawing, LETTERS};

/// Width and height of the paper.
pub(super) const A4: [f32; 2] = [210.0, 297.0];
/// Points, PDF's own measure, in a millimetre.
const POINTS: f32 = 72.0 / 25.4;

/// How a line is set.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Face {
    Words,
    Strong,
    /// Every sign as wide as any other.
    Digits,
}

/// A line of words; `at` is the left end of what it stands on.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Line {
    pub(super) face: Face,
    pub(super) size: f32,
    pub(super) at: [f32; 2],
    pub(super) words: String,
}

/// A symbol with its quiet zone, by its top left.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Placed {
    pub(super) at: [f32; 2],
    pub(super) module: f32,
    pub(super) drawing: Drawing,
}

/// A sheet of paper.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct Page {
    pub(super) lines: Vec<Line>,
    pub(super) symbols: Vec<Placed>,
}

impl Page {
    pub(super) fn line(&mut self, face: Face, size: f32, at: [f32; 2], words: &str) {
        self.lines.push(Line { face, size, at, words: words.to_owned() });
    }
}

/// Breaks words into lines no wider than `most`: English between words, Chinese between signs, though not
/// before a mark that closes.
pub(super) fn wrapped(words: &str, size: f32, most: f32) -> Vec<String> {
    let (mut lines, mut line) = (Vec::new(), String::new());
    for part in parts(words) {
        if !line.is_empty() && width(&format!("{line}{}", part.trim_end())) * size > most {
            lines.push(std::mem::take(&mut line).trim_end().to_owned());
        }
        line.push_str(part);
    }
    lines.push(line.trim_end().to_owned());
    lines
}

/// What is not broken: a word with the space behind it, a Chinese sign with the marks that follow it.
fn parts(words: &str) -> Vec<&str> {
    let signs: Vec<(usize, char)> = words.char_indices().collect();
    let breaks = signs.windows(2).filter_map(|two| {
        let [(_, before), (at, after)] = two else { return None };
        let chinese = (!before.is_ascii() || !after.is_ascii()) && !"，。：；、？！）”".contains(*after);
        ((*before == ' ' && *after != ' ') || chinese).then_some(*at)
    });
    let ends: Vec<usize> = std::iter::once(0).chain(breaks).chain([words.len()]).collect();
    ends.windows(2).map(|two| &words[two[0]..two[1]]).collect()
}

/// How wide words are, in their own size.
pub(super) fn width(words: &str) -> f32 {
    // Helvetica's widths from space to tilde, in thousandths (Adobe's font metrics).
    const WIDTHS: [u16; 95] = [
        278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556,
        556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778,
        722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278,
        278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556,
        556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
    ];
    let of = |sign: char| {
        let at = u32::from(sign).checked_sub(32).and_then(|at| usize::try_from(at).ok());
        at.and_then(|at| WIDTHS.get(at)).map_or(1.0, |width| f32::from(*width) / 1000.0)
    };
    words.chars().map(of).sum()
}

const STRONG: Name = Name(b"Strong");
const WORDS: Name = Name(b"Words");
const DIGITS: Name = Name(b"Digits");
const CHINESE: Name = Name(b"Chinese");

/// The pages as a file.
pub(super) fn document(title: &str, lang: Lang, pages: &[Page]) -> Vec<u8> {
    let mut refs = (1..).map(Ref::new);
    let mut next = || refs.next().unwrap_or(Ref::new(1));
    let [catalog, tree, info, strong, words, digits, chinese] = std::array::from_fn(|_| next());
    let kids: Vec<(Ref, Ref)> = pages.iter().map(|_| (next(), next())).collect();
    let mut pdf = Pdf::new();
    pdf.catalog(catalog).pages(tree).lang(TextStr(lang.tag())).viewer_preferences().display_doc_title(true);
    pdf.document_info(info).title(TextStr(title));
    let count = i32::try_from(kids.len()).unwrap_or(i32::MAX);
    pdf.pages(tree).kids(kids.iter().map(|(page, _)| *page)).count(count);
    for (page, (of, content)) in pages.iter().zip(kids) {
        pdf.stream(content, &drawn(page));
        let mut page = pdf.page(of);
        page.media_box(Rect::new(0.0, 0.0, A4[0] * POINTS, A4[1] * POINTS)).parent(tree).contents(content);
        let mut resources = page.resources();
        let mut fonts = resources.fonts();
        for (name, font) in [(STRONG, strong), (WORDS, words), (DIGITS, digits), (CHINESE, chinese)] {
            fonts.pair(name, font);
        }
    }
    for (font, name) in [(strong, "Helvetica-Bold"), (words, "Helvetica"), (digits, "Courier")] {
        pdf.type1_font(font).base_font(Name(name.as_bytes()));
    }
    name_chinese(&mut pdf, chinese, next(), next());
    pdf.finish()
}

/// A font by its name alone, for text in UTF-16.
fn name_chinese(pdf: &mut Pdf, font: Ref, signs: Ref, about: Ref) {
    const SONG: Name = Name(b"STSong-Light");
    pdf.type0_font(font)
        .base_font(Name(b"STSong-Light-UniGB-UCS2-H"))
        .encoding_predefined(Name(b"UniGB-UCS2-H"))
        .descendant_font(signs);
    let collection = SystemInfo { registry: Str(b"Adobe"), ordering: Str(b"GB1"), supplement: 4 };
    pdf.cid_font(signs)
        .subtype(CidFontType::Type0)
        .base_font(SONG)
        .system_info(collection)
        .font_descriptor(about)
        .default_width(1000.0);
    pdf.font_descriptor(about)
        .name(SONG)
        .flags(FontFlags::SYMBOLIC)
        .bbox(Rect::new(-25.0, -254.0, 1000.0, 880.0))
        .italic_angle(0.0)
        .ascent(880.0)
        .descent(-120.0)
        .cap_height(880.0)
        .stem_v(93.0);
}

/// What is on a page.
fn drawn(page: &Page) -> Vec<u8> {
    let mut content = Content::new();
    content.transform([POINTS, 0.0, 0.0, -POINTS, 0.0, A4[1] * POINTS]);
    for symbol in &page.symbols {
        let (module, [x, y]) = (symbol.module, symbol.at);
        content.save_state().transform([module, 0.0, 0.0, module, x, y]);
        for rectangle in &symbol.drawing.dark {
            let [x, y, width, height] = rectangle.map(|modules| modules as f32);
            content.rect(x, y, width, height);
        }
        content.fill_nonzero().restore_state();
        for (middle, base, words) in &symbol.drawing.captions {
            let size = LETTERS * module;
            let left = x + middle * module - digits_width(words) * size / 2.0;
            show(&mut content, Face::Digits, size, [left, y + base * module], words);
        }
    }
    for line in &page.lines {
        show(&mut content, line.face, line.size, line.at, &line.words);
    }
    content.finish().to_vec()
}

/// Courier's signs are all as wide.
pub(super) fn digits_width(words: &str) -> f32 {
    words.chars().count() as f32 * 0.6
}

/// Writes a line. The page's measure runs downwards, letters stand upright against it.
fn show(content: &mut Content, face: Face, size: f32, [x, y]: [f32; 2], words: &str) {
    let font = match face {
        Face::Words => WORDS,
        Face::Strong => STRONG,
        Face::Digits => DIGITS,
    };
    content.begin_text().set_text_matrix([1.0, 0.0, 0.0, -1.0, x, y]);
    let signs: Vec<char> = words.chars().collect();
    for run in signs.chunk_by(|a, b| a.is_ascii() == b.is_ascii()) {
        if run[0].is_ascii() {
            let bytes: String = run.iter().collect();
            content.set_font(font, size).show(Str(bytes.as_bytes()));
        } else {
            let text: String = run.iter().collect();
            let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
            content.set_font(CHINESE, size).show(Str(&bytes));
        }
    }
    content.end_text();
}
