//! What a scan can mean.
