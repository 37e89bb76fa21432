//! How far an import has come, on a terminal.

use domain::text::{Lang, Text, text};
use std::{
    io::{IsTerminal, Write, stderr},
    time::{Duration, Instant},
};

/// A line on stderr that is drawn anew a few times a second; nothing where stderr is no terminal.
#[derive(Debug)]
pub struct Progress {
    lang: Lang,
    began: Instant,
    drawn: Option<Instant>,
    shown: bool,
}

const LINE: Text =
    text("{bar} {percent} %  {rows} rows, {rate} a second", "{bar} {percent} %  {rows} 行，每秒 {rate} 行");
const OFTEN: Duration = Duration::from_millis(200);
const WIDTH: u64 = 30;

impl Progress {
    /// A line in a language.
    pub fn new(lang: Lang) -> Progress {
        Progress { lang, began: Instant::now(), drawn: None, shown: stderr().is_terminal() }
    }

    /// No line at all.
    pub fn silent() -> Progress {
        Progress { lang: Lang::En, began: Instant::now(), drawn: None, shown: false }
    }

    /// Draws the line where it is time to.
    pub fn draw(&mut self, read: u64, of: u64, rows: u64) {
        if !self.shown || self.drawn.is_some_and(|drawn| drawn.elapsed() < OFTEN) {
            return;
        }
        self.drawn = Some(Instant::now());
        let percent = (read.min(of) * 100).checked_div(of).unwrap_or(0);
        let full = usize::try_from(percent * WIDTH / 100).unwrap_or_default();
        let bar = format!("{}{}", "█".repeat(full), "░".repeat(WIDTH as usize - full));
        let rate = (rows as f64 / self.began.elapsed().as_secs_f64().max(0.001)) as u64;
        let [percent, rows, rate] = [percent, rows, rate].map(|n| n.to_string());
        let line = LINE.with(&[("bar", &bar), ("percent", &percent), ("rows", &rows), ("rate", &rate)]);
        // A terminal that went away is no reason to stop.
        let _ = write!(stderr(), "\r\x1b[2K{}", line.get(self.lang));
        let _ = stderr().flush();
    }

    /// Takes the line away.
    pub fn end(&mut self) {
        if self.drawn.take().is_some() {
            let _ = write!(stderr(), "\r\x1b[2K");
        }
    }
}
