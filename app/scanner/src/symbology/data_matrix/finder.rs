//! Where a Data Matrix may be: two solid straight edges that meet, found by walking round what is dark,
//! and the corner opposite, where the alternating edges end (ISO/IEC 16022, 5.3).

use super::{Area, inside};
use crate::bits::Bits;
use crate::grid::Point;

/// Two solid edges: the ends and the corner where they meet. The symbol lies to the right of the way
/// from `right` over `corner` to `top`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Corner {
    pub(super) right: Point,
    pub(super) corner: Point,
    pub(super) top: Point,
}

/// Rows between those on which outlines are picked up.
const STEP: usize = 8;
/// The shortest solid edge, in pixels: eight modules of one and a half.
const SHORTEST: f32 = 11.0;
/// The longer solid edge by the shorter one, at most: 8 x 144 modules (ISO/IEC 21471, table 2), and some more.
const LONGEST_BY: f32 = 19.0;
/// How far an outline may stray from a straight line, in pixels.
const STRAY: f32 = 1.2;
/// Points of an outline that are kept.
const LONGEST: usize = 12_000;

/// Leaves every corner of the picture outside what was read, the largest first.
pub(super) fn corners(area: &Area<'_>, corners: &mut Vec<[Point; 3]>) {
    let bits = area.bits;
    let room = area.room;
    let mut outlines = Outlines { bits, walked: room.walked.take(), points: room.outline.take() };
    outlines.walked.clear();
    outlines.walked.resize((bits.width * bits.height).div_ceil(64), 0);
    corners.clear();
    let mut edges = room.edges.take();
    let mut sides = room.sides.take();
    for y in (STEP / 2..bits.height).step_by(STEP) {
        bits.edges(y, &mut edges);
        for &x in edges.iter().step_by(2) {
            if outlines.was_walked(x as i32, y as i32) || !outlines.walk(x as i32, y as i32) {
                continue;
            }
            straight(&outlines.points, &mut sides);
            meeting(&sides, corners);
        }
    }
    room.walked.set(outlines.walked);
    room.outline.set(outlines.points);
    room.edges.set(edges);
    room.sides.set(sides);
    corners.retain(|[right, _, top]| {
        let middle = ((right.0 + top.0) / 2.0, (right.1 + top.1) / 2.0);
        !area.read.iter().any(|read| inside(read, middle))
    });
    let reach = |&[right, corner, top]: &[Point; 3]| length(corner, right) + length(corner, top);
    corners.sort_unstable_by(|a, b| reach(b).total_cmp(&reach(a)));
}

fn length(a: Point, b: Point) -> f32 {
    ((a.0 - b.0).powi(2) + (a.1 - b.1).powi(2)).sqrt()
}

struct Outlines<'a> {
    bits: &'a Bits,
    /// Pixels whose left edge was walked along upwards.
    walked: Vec<u64>,
    points: Vec<(i32, i32)>,
}

impl Outlines<'_> {
    fn was_walked(&self, x: i32, y: i32) -> bool {
        let at = y as usize * self.bits.width + x as usize;
        self.walked[at / 64] >> (at % 64) & 1 == 1
    }

    /// Walks along the edges between dark and light pixels, dark on the right, from the left edge of a
    /// pixel until there again; whether what was walked round is large enough to be looked at.
    fn walk(&mut self, x: i32, y: i32) -> bool {
        self.points.clear();
        let (start, mut at) = ((x, y + 1), (x, y + 1));
        let mut ahead = (0, -1);
        let (mut left, mut right, mut top, mut bottom) = (x, x, y, y);
        loop {
            if ahead == (0, -1) {
                let place = (at.1 - 1) as usize * self.bits.width + at.0 as usize;
                self.walked[place / 64] |= 1 << (place % 64);
            }
            at = (at.0 + ahead.0, at.1 + ahead.1);
            if self.points.len() < LONGEST {
                self.points.push(at);
            }
            (left, right) = (left.min(at.0), right.max(at.0));
            (top, bottom) = (top.min(at.1), bottom.max(at.1));
            // The pixels ahead on the right and on the left.
            let (dx, dy) = ahead;
            let (right_x, right_y) = (at.0 + ((dx - dy - 1) >> 1), at.1 + ((dx + dy - 1) >> 1));
            if !self.bits.is_dark(right_x, right_y) {
                ahead = (-dy, dx);
            } else if self.bits.is_dark(right_x + dy, right_y - dx) {
                ahead = (dy, -dx);
            }
            if at == start && ahead == (0, -1) {
                break;
            }
        }
        let least = SHORTEST as i32;
        self.points.len() < LONGEST && right - left >= least && bottom - top >= least
    }
}

/// A straight part of an outline.
#[derive(Clone, Copy, Debug)]
struct Side {
    from: Point,
    to: Point,
}

impl From<[Point; 2]> for Side {
    fn from([from, to]: [Point; 2]) -> Side {
        Side { from, to }
    }
}

impl Side {
    fn length(&self) -> f32 {
        length(self.from, self.to)
    }

    fn direction(&self) -> Point {
        let length = self.length().max(1e-3);
        ((self.to.0 - self.from.0) / length, (self.to.1 - self.from.1) / length)
    }
}

/// Cuts an outline into straight parts: each goes on as long as one direction from its first point
/// passes all others nearly enough. Parts that continue each other are joined.
fn straight(points: &[(i32, i32)], sides: &mut Vec<[Point; 2]>) {
    sides.clear();
    let place = |k: usize| {
        let (x, y) = points[k % points.len()];
        (x as f32 - 0.5, y as f32 - 0.5)
    };
    let mut at = 0;
    let mut first_end = None;
    // Once round, and on to the end of the first whole part, which began anywhere.
    while at < points.len() + first_end.unwrap_or(0) {
        let from = place(at);
        let (mut least, mut most) = ((0.0f32, 0.0f32), (0.0f32, 0.0f32));
        let mut end = at + 1;
        while end < at + points.len() {
            let (x, y) = place(end);
            let (dx, dy) = (x - from.0, y - from.1);
            let far = (dx * dx + dy * dy).sqrt();
            if far > 2.0 * STRAY {
                let (ux, uy) = (dx / far, dy / far);
                let slack = STRAY / far;
                let (low, high) = ((ux + uy * slack, uy - ux * slack), (ux - uy * slack, uy + ux * slack));
                let cross = |a: Point, b: Point| a.0 * b.1 - a.1 * b.0;
                if least == most {
                    (least, most) = (low, high);
                } else if cross(least, (ux, uy)) < 0.0
                    || cross((ux, uy), most) < 0.0
                    || ux * least.0 + uy * least.1 < 0.0
                {
                    break;
                } else {
                    if cross(least, low) > 0.0 {
                        least = low;
                    }
                    if cross(high, most) > 0.0 {
                        most = high;
                    }
                }
            }
            end += 1;
        }
        let side = Side { from, to: place(end - 1) };
        if first_end.is_none() {
            // The first part is a piece of the last.
            first_end = Some(end - 1);
        } else {
            join(sides, side);
        }
        at = end - 1;
        if end >= at + points.len() {
            break;
        }
        at = at.max(1);
        if end == at {
            at += 1;
        }
    }
}

/// Adds a part, or lengthens the last where it goes on in the same direction.
fn join(sides: &mut Vec<[Point; 2]>, side: Side) {
    if side.length() < 3.0 {
        return;
    }
    if let Some(kept) = sides.last_mut() {
        let last = Side::from(*kept);
        let (a, b) = (last.direction(), side.direction());
        let bend = (a.0 * b.1 - a.1 * b.0).abs();
        let whole = Side { from: last.from, to: side.to };
        let off = {
            let d = whole.direction();
            let (dx, dy) = (last.to.0 - whole.from.0, last.to.1 - whole.from.1);
            (dx * d.1 - dy * d.0).abs()
        };
        if bend < 0.2
            && a.0 * b.0 + a.1 * b.1 > 0.0
            && length(last.to, side.from) < 3.0
            && off < STRAY.max(0.02 * whole.length())
        {
            *kept = [whole.from, whole.to];
            return;
        }
    }
    sides.push([side.from, side.to]);
}

/// Pairs of straight parts that meet at a corner which sticks out.
fn meeting(sides: &[[Point; 2]], corners: &mut Vec<[Point; 3]>) {
    for k in 0..sides.len() {
        let first = Side::from(sides[k]);
        if first.length() < SHORTEST {
            continue;
        }
        // A blurred corner is a short part of its own.
        for next in 1..=2 {
            let second = Side::from(sides[(k + next) % sides.len()]);
            let (a, b) = (first.direction(), second.direction());
            let (long, short) =
                (first.length().max(second.length()), first.length().min(second.length()));
            let sine = a.0 * b.1 - a.1 * b.0;
            if short < SHORTEST || long > LONGEST_BY * short || sine < 0.7 || length(first.to, second.from) > 0.25 * short {
                continue;
            }
            // Where the two lines cross.
            let (dx, dy) = (second.from.0 - first.from.0, second.from.1 - first.from.1);
            let t = (dx * b.1 - dy * b.0) / sine;
            let corner = (first.from.0 + a.0 * t, first.from.1 + a.1 * t);
            corners.push([first.from, corner, second.to]);
            break;
        }
    }
}

impl From<[Point; 3]> for Corner {
    fn from([right, corner, top]: [Point; 3]) -> Corner {
        Corner { right, corner, top }
    }
}

impl Corner {
    /// The same with its solid edges followed on to where they end: dirt and blur interrupt an outline.
    pub(super) fn extended(&self, bits: &Bits) -> Corner {
        let reach = length(self.corner, self.right).max(length(self.corner, self.top));
        let follow = |end: Point, inward: f32| {
            let so_far = length(self.corner, end);
            let (dx, dy) = ((end.0 - self.corner.0) / so_far, (end.1 - self.corner.1) / so_far);
            let is_dark = |along: f32, aside: f32| {
                let (x, y) = (
                    self.corner.0 + dx * along - dy * aside * inward,
                    self.corner.1 + dy * along + dx * aside * inward,
                );
                bits.is_dark((x + 0.5) as i32, (y + 0.5) as i32)
            };
            let (mut last, mut at) = (so_far, so_far);
            while at < 1.7 * reach && at < last + GAP {
                at += 1.0;
                if is_dark(at, 1.0) && !is_dark(at, -2.0) {
                    last = at;
                }
            }
            (self.corner.0 + dx * last, self.corner.1 + dy * last)
        };
        Corner { right: follow(self.right, -1.0), corner: self.corner, top: follow(self.top, 1.0) }
    }
}

/// Pixels over which a solid edge may be interrupted.
const GAP: f32 = 4.0;

/// The directions, with their lengths, in which the upper or the right edge may go, the likelier first: it
/// turns about the end of a solid edge, inwards, until it lies on what is dark. Nothing where what lies
/// outside is dark too, or nothing comes.
pub(super) fn turned(bits: &Bits, end: Point, towards: Point, inward: f32) -> Option<[Point; 2]> {
    const WIDEST: f32 = 0.33;
    let reach = length(towards, (0.0, 0.0));
    // A pixel at the far end.
    let step = 1.0 / reach.max(12.0);
    let most = (WIDEST / step) as i32;
    let count = (reach as usize).clamp(12, 64);
    let direction = |k: i32| {
        let (sin, cos) = (inward * k as f32 * step).sin_cos();
        (towards.0 * cos - towards.1 * sin, towards.0 * sin + towards.1 * cos)
    };
    let share = |k: i32| {
        let (dx, dy) = direction(k);
        let dark = (0..count)
            .filter(|&i| {
                let t = 0.15 + 0.82 * i as f32 / count as f32;
                bits.is_dark((end.0 + dx * t + 0.5) as i32, (end.1 + dy * t + 0.5) as i32)
            })
            .count();
        dark as f32 / count as f32
    };
    // Half of an alternating edge is dark, and what lies outside is paper: just outside, since beyond the
    // quiet zone a label may end on dark cardboard.
    let mut outside = [1.0f32; 4];
    for k in -most..=most {
        let here = share(k);
        if here >= 0.4 && outside.iter().any(|&share| share < 0.3) {
            return Some([direction(k), direction(k + 2)]);
        }
        outside[k.rem_euclid(4) as usize] = here;
    }
    None
}
