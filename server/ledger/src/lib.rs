//! The append-only book and its readings: the only crate that speaks SQL.
