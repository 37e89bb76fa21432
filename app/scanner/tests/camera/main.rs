//! The scanner before a camera that is made here: symbols as they are seen, and frames without any.

mod film;
mod noise;
mod optics;
mod pdf_417;
mod picture;
mod seen;
mod spoilt;
mod symbols;
