//! From readings along lines to symbols: lines must agree, and readings that contradict each other in
//! the same place are not believed.

use crate::Symbol;
use crate::line::{Bars, Line};
use crate::luma::Grey;
use crate::symbology::{LineRead, Payload, inside};

/// Readings along lines, gathered by what they say and where.
#[derive(Default)]
pub(crate) struct Votes {
    groups: Vec<Group>,
}

/// Lines that say the same in the same place.
struct Group {
    payload: Payload,
    needed: usize,
    /// Start and end of the symbol on each line, in frame pixels.
    spans: Vec<Span>,
}

type Span = ((f32, f32), (f32, f32));

impl Votes {
    /// Counts a reading; whether enough lines agree on it now.
    pub(crate) fn add(&mut self, read: LineRead, line: &Line, bars: &Bars, grey: &Grey) -> bool {
        let point = |edge: usize| grey.in_frame(line.at(bars.edges[edge]));
        let span = (point(read.first), point(read.last));
        let same = self.groups.iter_mut().find(|g| g.payload == read.payload && g.is_near(&span));
        match same {
            Some(group) => {
                if !group.spans.iter().any(|old| distance(middle(old), middle(&span)) < 0.75) {
                    group.spans.push(span);
                }
                group.spans.len() >= group.needed
            }
            None => {
                self.groups.push(Group {
                    payload: read.payload,
                    needed: read.lines_needed,
                    spans: vec![span],
                });
                read.lines_needed <= 1
            }
        }
    }

    /// Forgets everything, for the next frame.
    pub(crate) fn clear(&mut self) {
        self.groups.clear();
    }

    /// Whether enough lines agree on anything.
    pub(crate) fn any(&self) -> bool {
        self.groups.iter().any(|group| group.spans.len() >= group.needed)
    }

    /// The corners of what enough lines agree on.
    pub(crate) fn places(&self) -> impl Iterator<Item = [(f32, f32); 4]> {
        self.groups.iter().filter(|group| group.spans.len() >= group.needed).map(Group::corners)
    }

    /// Whether a point of the frame lies in a symbol that enough lines agree on.
    pub(crate) fn cover(&self, point: (f32, f32)) -> bool {
        self.groups.iter().any(|group| group.spans.len() >= group.needed && inside(&group.corners(), point))
    }

    /// The symbols that enough lines agree on and that nothing contradicts.
    pub(crate) fn symbols(&self) -> Vec<Symbol> {
        let believed = |group: &Group| group.spans.len() >= group.needed;
        self.groups
            .iter()
            .filter(|group| believed(group))
            .filter(|group| {
                let doubted = self.groups.iter().any(|other| {
                    other.payload != group.payload
                        && group.overlaps(other)
                        && other.spans.len() * 2 >= group.spans.len()
                        && other.weight() >= group.weight()
                });
                !doubted
            })
            .map(|group| Symbol {
                symbology: group.payload.symbology,
                identifier: group.payload.identifier.clone(),
                bytes: group.payload.bytes.clone(),
                eci: group.payload.eci,
                corners: group.corners(),
                unused_correction: None,
            })
            .collect()
    }
}

impl Group {
    /// Longer payloads with checks say more than short ones on as many lines.
    fn weight(&self) -> usize {
        self.spans.len() * self.payload.bytes.len() / self.needed
    }

    fn is_near(&self, span: &Span) -> bool {
        self.spans.iter().any(|old| {
            let length = distance(old.0, old.1);
            distance(middle(old), middle(span)) < 0.6 * length
        })
    }

    /// Whether a line of the other group runs through this one's bars.
    fn overlaps(&self, other: &Group) -> bool {
        let (start, end) = self.spans[0];
        let length = distance(start, end).max(1.0);
        let axis = ((end.0 - start.0) / length, (end.1 - start.1) / length);
        let along = |p: (f32, f32)| (p.0 - start.0) * axis.0 + (p.1 - start.1) * axis.1;
        let aside = |p: (f32, f32)| (p.1 - start.1) * axis.0 - (p.0 - start.0) * axis.1;
        let (near, far) = self
            .spans
            .iter()
            .map(|span| aside(middle(span)))
            .fold((0.0f32, 0.0f32), |(lo, hi), v| (lo.min(v), hi.max(v)));
        let slack = 0.05 * length;
        other.spans.iter().any(|span| {
            let (a, b) = (along(span.0), along(span.1));
            let shared = a.max(b).min(length) - a.min(b).max(0.0);
            let across = aside(middle(span));
            shared > 0.3 * (b - a).abs().min(length) && across > near - slack && across < far + slack
        })
    }

    /// The first and the last line's ends, clockwise from the start of the first.
    fn corners(&self) -> [(f32, f32); 4] {
        let (start, end) = self.spans[0];
        let down = (-(end.1 - start.1), end.0 - start.0);
        let depth = |span: &Span| middle(span).0 * down.0 + middle(span).1 * down.1;
        let mut spans: Vec<&Span> = self.spans.iter().collect();
        spans.sort_by(|a, b| depth(a).total_cmp(&depth(b)));
        let (top, bottom) = (spans[0], spans[spans.len() - 1]);
        [top.0, top.1, bottom.1, bottom.0]
    }
}

fn middle(span: &Span) -> (f32, f32) {
    ((span.0.0 + span.1.0) / 2.0, (span.0.1 + span.1.1) / 2.0)
}

fn distance(a: (f32, f32), b: (f32, f32)) -> f32 {
    (a.0 - b.0).hypot(a.1 - b.1)
}
