//! Where the hashes of a log stand when it is served as static files (C2SP tlog-tiles): tiles of 256
//! hashes of a level, the last of each level perhaps partial.

/// Hashes in a full tile; a tile covers eight levels of the tree.
pub const TILE_WIDTH: u64 = 256;

/// How many full tiles a tile level has in a tree of `size` leaves, and the width of the partial one
/// behind them (0 for none).
pub fn tiles_at(level: u8, size: u64) -> (u64, u64) {
    let hashes = size.checked_shr(u32::from(level) * 8).unwrap_or(0);
    (hashes / TILE_WIDTH, hashes % TILE_WIDTH)
}

/// The path of a tile below `tile/LEVEL/`: the index in groups of three digits, all but the last with an
/// `x` in front, so that no folder grows large.
///
/// ```
/// assert_eq!(domain::log::tile_path(1_234_067), "x001/x234/067");
/// ```
pub fn tile_path(index: u64) -> String {
    let mut path = format!("{:03}", index % 1000);
    let mut rest = index / 1000;
    while rest > 0 {
        path = format!("x{:03}/{path}", rest % 1000);
        rest /= 1000;
    }
    path
}
