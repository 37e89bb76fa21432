//! Builds, starts, tests and tidies Lotwalk: cargo xtask.
fn main() {}
