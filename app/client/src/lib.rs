//! What becomes WASM: `hydrate` wakes the page, `scan` decodes frames in a worker.
