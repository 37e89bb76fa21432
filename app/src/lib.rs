//! The pages of Lotwalk, rendered on the server and woken in the browser.
