//! Pixels in, symbols out: knows nothing of GS1, browsers or batches.
