//! The lotwalk binary: everything that touches a disk or a socket.
fn main() {}
