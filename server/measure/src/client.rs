//! A load generator: a few keep-alive connections that ask as fast as they are answered, on one thread.

use crate::Outcome;
use std::{
    cell::Cell,
    net::SocketAddr,
    rc::Rc,
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    task::LocalSet,
};

/// What a run of requests came to.
#[derive(Debug, Default)]
pub struct Load {
    /// How many were answered.
    pub answered: u64,
    /// How many of them with another status than was expected.
    pub astray: u64,
    /// Bytes of answers, heads included.
    pub bytes: u64,
    /// From the first request to the last answer.
    pub took: Duration,
    /// How long each took, in microseconds, the shortest first.
    pub micros: Vec<u32>,
}

impl Load {
    /// Requests a second.
    pub fn rate(&self) -> f64 {
        self.answered as f64 / self.took.as_secs_f64()
    }

    /// The time within which a share of the requests was answered, in milliseconds.
    pub fn within(&self, share: f64) -> f64 {
        crate::report::percentile(&self.micros, share) / 1000.0
    }
}

/// A request for a path; `token` goes into its head.
pub fn request(path: &str, token: &str) -> Vec<u8> {
    format!(
        "GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\nAuthorization: Bearer {token}\r\n\r\n"
    )
    .into_bytes()
}

/// A code as a query's value.
pub fn encoded(code: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    code.bytes().map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

/// Asks each request once, or, given a time, goes round them until it is over.
pub fn load(
    server: SocketAddr,
    connections: usize,
    requests: &[Vec<u8>],
    expected: u16,
    during: Option<Duration>,
) -> Outcome<Load> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let requests: Rc<[Vec<u8>]> = requests.into();
    let tasks = LocalSet::new();
    let next = Rc::new(Cell::new(0));
    tasks.block_on(&runtime, async {
        let mut streams = Vec::new();
        for _ in 0..connections {
            let stream = TcpStream::connect(server).await?;
            stream.set_nodelay(true)?;
            streams.push(stream);
        }
        let begun = Instant::now();
        let asking: Vec<_> = streams
            .into_iter()
            .map(|stream| {
                let (requests, next) = (requests.clone(), next.clone());
                tokio::task::spawn_local(async move {
                    let mut line = Line { stream, buffer: vec![0; 256 << 10], load: Load::default() };
                    loop {
                        let i = next.replace(next.get() + 1);
                        let over = match during {
                            Some(during) => begun.elapsed() >= during,
                            None => i >= requests.len(),
                        };
                        if over {
                            return Outcome::Ok(line.load);
                        }
                        line.ask(&requests[i % requests.len()], expected).await?;
                    }
                })
            })
            .collect();
        let mut all = Load::default();
        for task in asking {
            let one = task.await??;
            all.answered += one.answered;
            all.astray += one.astray;
            all.bytes += one.bytes;
            all.micros.extend(one.micros);
        }
        all.took = begun.elapsed();
        all.micros.sort_unstable();
        Ok(all)
    })
}

/// One connection.
struct Line {
    stream: TcpStream,
    buffer: Vec<u8>,
    load: Load,
}

impl Line {
    async fn ask(&mut self, request: &[u8], expected: u16) -> Outcome {
        let begun = Instant::now();
        self.stream.write_all(request).await?;
        let (mut have, mut whole) = (0, None);
        while whole.is_none_or(|whole| have < whole) {
            let n = self.stream.read(&mut self.buffer[have..]).await?;
            if n == 0 {
                return Err("the server hung up, or its answer is larger than expected".into());
            }
            have += n;
            if whole.is_none() {
                whole = length(&self.buffer[..have])?;
            }
        }
        let status: u16 = std::str::from_utf8(&self.buffer[9..12])?.parse()?;
        self.load.answered += 1;
        self.load.astray += u64::from(status != expected);
        self.load.bytes += have as u64;
        self.load.micros.push(u32::try_from(begun.elapsed().as_micros()).unwrap_or(u32::MAX));
        Ok(())
    }
}

/// How long the answer is, head and body; `None` while its head is not whole.
fn length(bytes: &[u8]) -> Outcome<Option<usize>> {
    let Some(head) = bytes.windows(4).position(|w| w == b"\r\n\r\n") else { return Ok(None) };
    let text = std::str::from_utf8(&bytes[..head])?;
    let body = text.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>())
    });
    Ok(Some(head + 4 + body.ok_or("an answer without a length")??))
}
