//! `lotwalk serve`: opens the ledger, listens, says where, and stops cleanly.

use axum::{Router, extract::ConnectInfo, http::Request, middleware::AddExtension};
use axum_server::{
    Handle,
    accept::{Accept, NoDelayAcceptor},
    service::SendService,
    tls_rustls::RustlsAcceptor,
};
use domain::{
    person::Role,
    text::{Text, text},
    time::Time,
};
use hyper::body::Incoming;
use ledger::{Brand, Fault, Ledger};
use qrcode::{QrCode, render::unicode};
use std::{
    io::{self, IsTerminal},
    net::{IpAddr, SocketAddr, TcpListener},
    process::ExitCode,
    time::Duration,
};
use tokio::net::TcpStream;
use tracing_subscriber::EnvFilter;

use super::{accounts, failed, lang, say};
use crate::{
    clock,
    config::{self, Serving, Storage},
    demo, router, session,
    shared::{Demo, Shared},
    tls,
};

/// How long requests may go on after the signal to stop.
const GRACE: Duration = Duration::from_secs(10);
/// How long a new connection may be silent.
const SILENCE: Duration = Duration::from_secs(30);
/// How long a setup link is good for.
const SETUP_MINUTES: i64 = 24 * 60;

const LISTENING: Text = text("Listening on {url}", "服务地址：{url}");
const CANNOT_LISTEN: Text = text(
    "Cannot listen on {addr}: {why}. Choose another address with --addr.",
    "无法监听 {addr}：{why}。请用 --addr 指定其他地址。",
);
const CANNOT_OPEN: Text =
    text("The ledger cannot be opened: {why}. Check --database.", "无法打开账本：{why}。请检查 --database。");
const NOT_THE_DEMO: Text = text(
    "This database holds somebody's own records. Give the demo a fresh one, or leave --database out.",
    "该数据库已有自己的记录。请为演示另用一个空数据库，或不指定 --database。",
);
const SETUP: Text = text(
    "Set up the administrator here (this link works once, for a day):",
    "请在此设置管理员（链接一天内有效，仅可使用一次）：",
);
const PLAIN: Text = text(
    "Sign-in over plain HTTP works from this machine only. For phones add --lan, or put a proxy with TLS in front and tell its address with --public-url.",
    "使用 HTTP 时只能在本机登录。手机访问请加 --lan，或在前面设置带 TLS 的代理，并用 --public-url 指定其地址。",
);
const PHONE: Text = text("On a phone in the same network open {url}", "手机连接同一网络后打开 {url}");
const PHONE_ASKS: Text = text(
    "It will say that the connection is not private, because this server made its own certificate: choose “Advanced” (Safari: “Show Details”) and go on. Then allow the camera.",
    "手机会提示“连接不是私密连接”，因为证书由本服务器自行生成：请选择“高级”（Safari 为“显示详细信息”）继续访问，然后允许使用摄像头。",
);
const STOPPING: Text = text("Stopping.", "正在停止。");

/// Serves until it is told to stop.
pub(super) async fn run(storage: &Storage, serving: &Serving) -> ExitCode {
    let filter = EnvFilter::try_from_env("LOTWALK_LOG").unwrap_or_else(|_| EnvFilter::new("info,sqlx=warn"));
    // A terminal is read by a person, anything else by a program.
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr).with_target(false);
    match io::stderr().is_terminal() {
        true => log.compact().init(),
        false => log.json().flatten_event(true).init(),
    }
    match serve(storage, serving).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => failed(why),
    }
}

async fn serve(storage: &Storage, serving: &Serving) -> Result<(), String> {
    let url = storage.url().map_err(|e| e.to_string())?;
    let ledger = Ledger::open_with(&url, storage.files().as_deref()).await.map_err(cannot_open)?;
    let (brand, demo) = begin(&ledger, storage.demo).await?;
    let shared = Shared::new(ledger.clone(), brand.clone(), demo, serving.public_url.is_some());

    shared.desk.keep_in(storage.imports().map_err(|e| e.to_string())?);
    let forgotten = ledger.forget_imports(brand.id).await.map_err(cannot_open)?;
    forgotten.iter().for_each(|id| shared.desk.forget(id));

    let plain = bind(serving.addr)?;
    let bound = plain.local_addr().map_err(|e| e.to_string())?;
    let origin = serving.origin(bound);
    say(LISTENING.with(&[("url", &format!("http://{}", config::written(bound)))]));
    if serving.secure() && serving.public_url.is_none() {
        say(PLAIN);
    }
    if !storage.demo {
        invite(&ledger, &brand, &origin).await.map_err(cannot_open)?;
    }

    let handle = Handle::new();
    tokio::spawn(stop_on_signal(handle.clone()));
    let http = start(plain, NoDelayAcceptor::new(), &shared, serving.secure(), handle.clone());
    let answer = match serving.lan {
        false => http.await,
        true => {
            let listener = bind(serving.lan_addr)?;
            let port = listener.local_addr().map_err(|e| e.to_string())?.port();
            // Where it listens at one address only, phones find it nowhere else.
            let addresses = match serving.lan_addr.ip() {
                ip if ip.is_unspecified() => tls::addresses(),
                ip => vec![ip],
            };
            let days = clock::now().0.div_euclid(24 * 3600 * 1000);
            let folder = storage.folder().map_err(|e| e.to_string())?;
            let config = tls::configured(&folder, &addresses, days).map_err(|e| e.to_string())?;
            let url = |ip: &IpAddr| format!("https://{}", SocketAddr::new(*ip, port));
            show(&addresses.iter().map(url).collect::<Vec<_>>());
            let acceptor = RustlsAcceptor::new(config).acceptor(NoDelayAcceptor::new());
            let https = start(listener, acceptor, &shared, true, handle);
            tokio::try_join!(http, https).map(|_| ())
        }
    };
    // What was captured is durable already; this writes what is still queued.
    ledger.close().await;
    answer.map_err(|e| e.to_string())
}

/// The brand that is served and, for the demo, its users and codes.
async fn begin(ledger: &Ledger, demo: bool) -> Result<(Brand, Option<Demo>), String> {
    if !demo {
        return Ok((accounts::first_brand(ledger).await.map_err(cannot_open)?, None));
    }
    // Users with passwords that anybody may read have no place beside a brand's own.
    let brands = ledger.brands().await.map_err(cannot_open)?;
    if brands.iter().any(|brand| brand.slug != demo::BRAND.0) {
        return Err(NOT_THE_DEMO.get(lang()).into());
    }
    let (brand, demo) = demo::begin(ledger).await.map_err(cannot_open)?;
    Ok((brand, Some(demo)))
}

fn cannot_open(fault: Fault) -> String {
    CANNOT_OPEN.with(&[("why", &fault.to_string())]).get(lang()).to_string()
}

fn bind(addr: SocketAddr) -> Result<TcpListener, String> {
    let cannot = |e: io::Error| {
        CANNOT_LISTEN.with(&[("addr", &addr.to_string()), ("why", &e.to_string())]).get(lang()).to_string()
    };
    let listener = TcpListener::bind(addr).map_err(cannot)?;
    listener.set_nonblocking(true).map_err(cannot)?;
    Ok(listener)
}

/// The router as one connection meets it.
type Served = AddExtension<Router, ConnectInfo<SocketAddr>>;

async fn start<A>(
    listener: TcpListener,
    acceptor: A,
    shared: &Shared,
    secure: bool,
    handle: Handle<SocketAddr>,
) -> io::Result<()>
where
    A: Accept<TcpStream, Served> + Clone + Send + Sync + 'static,
    A::Stream: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin + Send,
    A::Service: SendService<Request<Incoming>> + Send,
    A::Future: Send,
{
    let service = router::build(shared, secure).into_make_service_with_connect_info::<SocketAddr>();
    axum_server::from_tcp(listener)?
        .acceptor(acceptor)
        .handle(handle)
        .first_request_timeout(SILENCE)
        .serve(service)
        .await
}

/// While there is no administrator, every start prints a fresh link to set one up.
async fn invite(ledger: &Ledger, brand: &Brand, origin: &str) -> Result<(), Fault> {
    if ledger.accounts(brand.id).await?.iter().any(|account| account.role == Role::Administrator) {
        return Ok(());
    }
    let secret = session::secret();
    let until: Time = clock::now().plus_minutes(SETUP_MINUTES);
    ledger.create_setup_link(brand.id, &session::digest(&secret), until).await?;
    say(SETUP);
    eprintln!("  {origin}/setup/{secret}");
    Ok(())
}

/// The addresses for phones, the first as a QR code too, and what the phone will ask, in both languages.
fn show(urls: &[String]) {
    if let Some(Ok(code)) = urls.first().map(QrCode::new) {
        let drawn = code.render::<unicode::Dense1x2>().quiet_zone(true).build();
        // Dark on light whatever the terminal's colours are: not every phone reads it the other way.
        let (begin, end) = if io::stderr().is_terminal() { ("\x1b[30;107m", "\x1b[0m") } else { ("", "") };
        drawn.lines().for_each(|line| eprintln!("{begin}{line}{end}"));
    }
    urls.iter().for_each(|url| say(PHONE.with(&[("url", url)])));
    eprintln!("{}\n{}", PHONE_ASKS.en, PHONE_ASKS.zh);
}

async fn stop_on_signal(handle: Handle<SocketAddr>) {
    signalled().await;
    say(STOPPING);
    handle.graceful_shutdown(Some(GRACE));
}

#[cfg(unix)]
async fn signalled() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut term) = signal(SignalKind::terminate()) else {
        let _ = tokio::signal::ctrl_c().await;
        return;
    };
    tokio::select! {
        _ = term.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}

#[cfg(not(unix))]
async fn signalled() {
    let _ = tokio::signal::ctrl_c().await;
}
