//! A client that does what it is told and no more: no cookies of its own, no redirects followed.

use serde_json::Value;
use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

/// A request in the making.
#[derive(Clone, Debug)]
pub(crate) struct Ask {
    method: String,
    path: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

/// What came back.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    /// The status.
    pub(crate) status: u16,
    headers: Vec<(String, String)>,
    /// The body as it came.
    pub(crate) body: Vec<u8>,
}

/// `GET path`.
pub(crate) fn get(path: &str) -> Ask {
    ask("GET", path)
}

/// `POST path`.
pub(crate) fn post(path: &str) -> Ask {
    ask("POST", path)
}

/// Any method.
pub(crate) fn ask(method: &str, path: &str) -> Ask {
    Ask { method: method.into(), path: path.into(), headers: vec![], body: vec![] }
}

impl Ask {
    /// One more header.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Ask {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// The cookie of a session.
    pub(crate) fn cookie(self, cookie: &str) -> Ask {
        self.with("cookie", cookie)
    }

    /// A bearer token.
    pub(crate) fn token(self, token: &str) -> Ask {
        self.with("authorization", &format!("Bearer {token}"))
    }

    /// A body as it is.
    pub(crate) fn body(mut self, media_type: &str, body: impl Into<Vec<u8>>) -> Ask {
        self.body = body.into();
        self.with("content-type", media_type)
    }

    /// A body of JSON.
    pub(crate) fn json(self, body: &Value) -> Ask {
        self.body("application/json", body.to_string())
    }

    /// A filled form, as a page without files sends it.
    pub(crate) fn form(self, fields: &[(&str, &str)]) -> Ask {
        let pairs: Vec<_> = fields
            .iter()
            .map(|(n, v)| format!("{}={}", app::here::encode(n), app::here::encode(v)))
            .collect();
        self.body("application/x-www-form-urlencoded", pairs.join("&"))
    }

    /// A filled form with room for files: `name@file` sends a file.
    pub(crate) fn parts(self, fields: &[(&str, &[u8])]) -> Ask {
        let mut body = Vec::new();
        for (name, value) in fields {
            let (name, file) = match name.split_once('@') {
                Some((name, file)) => (name, format!("; filename=\"{file}\"\r\ncontent-type: image/jpeg")),
                None => (*name, String::new()),
            };
            body.extend(
                format!("--frontier\r\ncontent-disposition: form-data; name=\"{name}\"{file}\r\n\r\n")
                    .bytes(),
            );
            body.extend_from_slice(value);
            body.extend(b"\r\n");
        }
        body.extend(b"--frontier--\r\n");
        self.body("multipart/form-data; boundary=frontier", body)
    }

    /// Sends it. HTTP/1.0 asks the server to close and to leave out chunks.
    pub(crate) fn send(&self, to: SocketAddr) -> Told {
        let stream = TcpStream::connect(to).expect("the server listens");
        stream.set_read_timeout(Some(Duration::from_secs(30))).expect("is set");
        self.send_through(stream, to)
    }

    /// Sends it through a connection that stands.
    pub(crate) fn send_through(&self, mut stream: impl Read + Write, to: SocketAddr) -> Told {
        let mut head = format!("{} {} HTTP/1.0\r\nhost: {to}\r\n", self.method, self.path);
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str(&format!("content-length: {}\r\n\r\n", self.body.len()));
        stream.write_all(head.as_bytes()).expect("the head is sent");
        // A server that has read enough answers while we are still sending, and closes.
        let _ = stream.write_all(&self.body);
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        parse(&answer)
    }
}

fn parse(answer: &[u8]) -> Told {
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n").expect("an answer with a head");
    let head = String::from_utf8_lossy(&answer[..end]).into_owned();
    let mut lines = head.split("\r\n");
    let status = lines.next().and_then(|line| line.split(' ').nth(1)?.parse().ok()).expect("a status");
    let headers = lines.filter_map(|line| line.split_once(": "));
    let headers = headers.map(|(name, value)| (name.to_ascii_lowercase(), value.to_string())).collect();
    Told { status, headers, body: answer[end + 4..].to_vec() }
}

impl Told {
    /// A header's first value; empty where there is none.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value)
    }

    /// Where it leads to.
    pub(crate) fn to(&self) -> &str {
        assert_eq!(self.status, 303, "{}", self.text());
        self.header("location")
    }

    /// The cookie it sets under a name, as it is sent back: `name=value`.
    pub(crate) fn sets(&self, name: &str) -> Option<String> {
        let begins = format!("{name}=");
        let set = self.headers.iter().filter(|(n, _)| n == "set-cookie").map(|(_, value)| value);
        let cookie = set.rev().find(|value| value.starts_with(&begins))?;
        cookie.split(';').next().map(str::to_string)
    }

    /// The body as text.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|e| panic!("{e}: {}", self.text()))
    }

    /// The word of a problem, which has to be one.
    pub(crate) fn problem(&self) -> String {
        assert_eq!(self.header("content-type"), "application/problem+json", "{}", self.text());
        let json = self.json();
        assert_eq!(json["status"], self.status);
        assert!(json["said"]["zh"].as_str().is_some_and(|zh| !zh.is_empty()), "{json}");
        json["type"].as_str().and_then(|t| t.strip_prefix("/api#")).expect("a word").to_string()
    }
}
