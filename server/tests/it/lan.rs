//! `serve --lan`: a phone on the same network.
#![cfg(unix)]

use crate::{
    http::{Ask, Told, get, post},
    program::{Data, Serving},
    site::PASSWORD,
};
use rustls::{
    ClientConfig, ClientConnection, RootCertStore, StreamOwned,
    pki_types::{CertificateDer, ServerName, pem::PemObject},
};
use scanner::{Luma, Options, scan};
use std::{
    io::Write,
    net::{SocketAddr, TcpStream},
    path::Path,
    process::Stdio,
    sync::Arc,
    time::Duration,
};

/// Sends a request over TLS as one who knows this certificate and no other.
fn send(ask: &Ask, to: SocketAddr, certificate: &Path) -> Told {
    let mut known = RootCertStore::empty();
    known.add(CertificateDer::from_pem_file(certificate).expect("a certificate")).expect("is kept");
    let config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()));
    let config = config.with_safe_default_protocol_versions().expect("are there");
    let config = config.with_root_certificates(known).with_no_client_auth();
    let whom = ServerName::IpAddress(to.ip().into());
    let connection = ClientConnection::new(Arc::new(config), whom).expect("a client");
    let tcp = TcpStream::connect(to).expect("the server listens");
    tcp.set_read_timeout(Some(Duration::from_secs(30))).expect("is set");
    let mut stream = StreamOwned::new(connection, tcp);
    stream.flush().expect("shakes hands");
    ask.send_through(stream, to)
}

/// What the QR code on the terminal says; each character is two modules, one above the other.
fn read_qr(lines: &[String]) -> Vec<String> {
    const SIDE: usize = 4;
    let drawn = |line: &&String| line.contains(['█', '▀', '▄']) && line.chars().all(|c| " █▀▄".contains(c));
    let rows: Vec<Vec<(bool, bool)>> = lines
        .iter()
        .filter(drawn)
        .map(|line| line.chars().map(|c| ("█▀".contains(c), "█▄".contains(c))).collect())
        .collect();
    let width = rows.iter().map(Vec::len).max().unwrap_or(0);
    let mut pixels = Vec::new();
    for row in &rows {
        for half in [|m: &(bool, bool)| m.0, |m: &(bool, bool)| m.1] {
            let line: Vec<u8> = (0..width * SIDE)
                .map(|x| if row.get(x / SIDE).is_some_and(half) { 0 } else { 255 })
                .collect();
            (0..SIDE).for_each(|_| pixels.extend_from_slice(&line));
        }
    }
    let frame = Luma::new(width * SIDE, rows.len() * 2 * SIDE, width * SIDE, &pixels).expect("a picture");
    let found = scan(&frame, &Options::default());
    found.into_iter().map(|symbol| String::from_utf8_lossy(&symbol.bytes).into_owned()).collect()
}

#[test]
fn a_phone_is_told_where_and_what_it_will_ask_and_keeps_its_session_to_https() {
    let data = Data::new("lan");
    let mut mei = data.command(&["user", "add", "Mei", "--role", "warehouse", "--password-stdin"]);
    let mut mei = mei.stdin(Stdio::piped()).stderr(Stdio::null()).spawn().expect("runs");
    mei.stdin.take().expect("a pipe").write_all(PASSWORD.as_bytes()).expect("is read");
    assert!(mei.wait().expect("ends").success());

    let args = ["serve", "--addr", "127.0.0.1:0", "--lan", "--lan-addr", "127.0.0.1:0"];
    let serving = Serving::begin(data.command(&args));
    let mut said = serving.says_all_up_to("https://");
    let line = said.last().expect("a line").clone();
    let url = &line[line.find("https://").expect("an address")..];
    let at: SocketAddr = url["https://".len()..].trim().parse().expect("is an address");
    assert!(line.contains("phone"), "{line}");
    assert_eq!(read_qr(&said), [url.trim()]);
    said = serving.says_all_up_to("摄像头");
    let asks: Vec<&String> = said.iter().filter(|line| !line.starts_with('{')).collect();
    assert_eq!(asks.len(), 2, "{asks:?}");
    assert!(asks[0].contains("not private") && asks[0].contains("allow the camera"), "{asks:?}");
    assert!(asks[1].contains("不是私密连接"), "{asks:?}");

    let certificate = data.0.join("lan.crt");
    let healthy = send(&get("/healthz"), at, &certificate);
    assert_eq!((healthy.status, healthy.text().as_str()), (200, "ok\n"));
    let form = post("/sign-in").form(&[("name", "Mei"), ("password", PASSWORD)]);
    let signed_in = send(&form, at, &certificate);
    let cookie = signed_in.header("set-cookie");
    assert!(cookie.starts_with("lotwalk=") && cookie.contains("; Secure"), "{cookie}");
    let own = signed_in.sets("lotwalk").expect("a session");
    assert_eq!(send(&get("/account").cookie(&own), at, &certificate).status, 200);
    let plain = form.send(serving.at);
    assert!(!plain.header("set-cookie").contains("Secure"), "this machine itself may use plain HTTP");
    serving.stop();
}
