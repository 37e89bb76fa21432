//! Style sheets, WASM modules and public files: where they come from and how they are sent.
//!
//! `style/*.css` is joined in name order into one sheet whose address bears its hash. A release binary
//! carries everything inside it, compressed ahead of time; a debug binary reads the folders at every
//! request. An address with the hash or the version in it may be kept for ever, any other one is asked
//! for again and answered with 304 while nothing changed.

use axum::{
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use sha2::{Digest, Sha256};
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    time::UNIX_EPOCH,
};

use crate::{problem::Problem, shared::Shared};

mod embedded {
    include!(concat!(env!("OUT_DIR"), "/embedded.rs"));
}

/// A worker obeys the policy of its own script, so scripts bring one that lets WASM run.
const SCRIPT_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'";

/// The least size that is worth compressing.
const SMALL: usize = 1024;

/// One file as it is sent.
#[derive(Clone, Debug)]
struct Asset {
    bytes: Arc<[u8]>,
    brotli: Option<Arc<[u8]>>,
    /// Tells one content from another.
    tag: String,
}

/// Where files come from.
#[derive(Debug)]
enum Source {
    /// Out of this binary, by path.
    Inside(BTreeMap<String, Asset>),
    /// Out of folders, as they are now.
    Folders { style: PathBuf, public: PathBuf, pkg: Option<PathBuf> },
}

/// The files of the site.
#[derive(Debug)]
pub struct Assets {
    source: Source,
    version: String,
}

impl Assets {
    /// What is inside the binary or, in a debug build, in the folders of the source tree and of
    /// `LOTWALK_SITE`.
    pub fn open() -> Assets {
        if embedded::STYLE.is_empty() && embedded::SITE.is_empty() {
            return Assets::folders(std::env::var_os("LOTWALK_SITE").map(PathBuf::from));
        }
        let mut files = BTreeMap::new();
        let precompressed = |path: &str| {
            let twin = format!("{path}.br");
            embedded::SITE.iter().find(|(name, _)| *name == twin).map(|(_, bytes)| Arc::from(*bytes))
        };
        for (name, bytes) in embedded::SITE.iter().filter(|(name, _)| !name.ends_with(".br")) {
            let path = name.strip_prefix("public/").unwrap_or(name);
            let brotli = precompressed(name).or_else(|| compress(path, bytes));
            files.insert(path.to_string(), Asset { bytes: Arc::from(*bytes), brotli, tag: hash(bytes) });
        }
        let style = join(embedded::STYLE.iter().copied());
        let sheet = Asset { brotli: compress(STYLE, &style), tag: hash(&style), bytes: style.into() };
        files.insert(STYLE.into(), sheet);
        let mut all = Sha256::new();
        files.iter().for_each(|(path, file)| all.update(format!("{path} {}\n", file.tag)));
        Assets { source: Source::Inside(files), version: hex(&all.finalize()) }
    }

    fn folders(site: Option<PathBuf>) -> Assets {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."));
        let public = site.as_ref().map(|s| s.join("public")).filter(|p| p.is_dir());
        let pkg = site.map(|s| s.join("pkg")).filter(|p| p.is_dir());
        let mut all = Sha256::new();
        for module in
            ["client.js", "client_bg.wasm", "scan.js", "scan_bg.wasm", "scan_plain.js", "scan_plain_bg.wasm"]
        {
            all.update(pkg.as_ref().and_then(|pkg| stamp(&pkg.join(module))).unwrap_or_default());
        }
        let public = public.unwrap_or_else(|| root.join("public"));
        let source = Source::Folders { style: root.join("style"), public, pkg };
        Assets { source, version: hex(&all.finalize()) }
    }

    /// What documents name of these.
    pub fn named(&self) -> app::shell::Assets {
        let tag = self.find(STYLE).map(|sheet| sheet.tag).unwrap_or_default();
        app::shell::Assets {
            style: format!("/style-{tag}.css"),
            version: self.version.clone(),
            hydrates: self.find("pkg/client.js").is_some() && self.find("pkg/client_bg.wasm").is_some(),
        }
    }

    fn find(&self, path: &str) -> Option<Asset> {
        match &self.source {
            Source::Inside(files) => files.get(path).cloned(),
            Source::Folders { style, .. } if path == STYLE => {
                let sheets = folder(style);
                let bytes = join(sheets.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())));
                Some(Asset { tag: hash(&bytes), bytes: bytes.into(), brotli: None })
            }
            Source::Folders { public, pkg, .. } => {
                // Only plain names: nothing that climbs out of the folder.
                if path.split('/').any(|part| part.is_empty() || part.starts_with('.') || part.contains('\\'))
                {
                    return None;
                }
                let file = match path.strip_prefix("pkg/") {
                    Some(inside) => pkg.as_ref()?.join(inside),
                    None => public.join(path),
                };
                let tag = hash(stamp(&file)?.as_bytes());
                Some(Asset { bytes: fs::read(file).ok()?.into(), brotli: None, tag })
            }
        }
    }
}

/// Under what name the joined sheet is kept; `/style-HASH.css` and nothing else leads to it.
const STYLE: &str = "*style.css";

/// Answers with a file of the site, or `None` when there is none at this address.
pub fn serve(assets: &Assets, request: &Request) -> Option<Response> {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return None;
    }
    let path = request.uri().path().trim_start_matches('/');
    let hashed = path.strip_prefix("style-").and_then(|rest| rest.strip_suffix(".css"));
    let name = if hashed.is_some() { STYLE } else { path };
    let asset = assets.find(name).filter(|_| !path.starts_with('*'))?;
    let version = request.uri().query().and_then(|q| q.split('&').find_map(|pair| pair.strip_prefix("v=")));
    let lasting = hashed == Some(&asset.tag) || version == Some(&assets.version);
    Some(answer(name, asset, lasting, request.headers()))
}

/// `/pkg/…`: the WASM modules and their scripts.
pub async fn module(State(shared): State<Shared>, request: Request) -> Response {
    serve(&shared.assets, &request).unwrap_or_else(|| Problem::not_found().into_response())
}

fn answer(name: &str, asset: Asset, lasting: bool, asked: &HeaderMap) -> Response {
    let brotli = asset.brotli.filter(|_| accepts_brotli(asked));
    let tag = format!("\"{}{}\"", asset.tag, if brotli.is_some() { "-br" } else { "" });
    let keep = if lasting { "public, max-age=31536000, immutable" } else { "no-cache" };
    let same = asked.get(header::IF_NONE_MATCH).and_then(|v| v.to_str().ok());
    let unchanged = same.is_some_and(|tags| tags.split(',').any(|t| t.trim() == tag || t.trim() == "*"));

    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type(name)));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(header::ETAG, tag);
    }
    if name.ends_with(".js") {
        headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(SCRIPT_POLICY));
    }
    if unchanged {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    if brotli.is_some() {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("br"));
    }
    let bytes = axum::body::Bytes::from_owner(brotli.unwrap_or(asset.bytes));
    (headers, Body::from(bytes)).into_response()
}

/// True where the header names `br` and does not give it the weight nought (RFC 9110, section 12.5.3).
fn accepts_brotli(asked: &HeaderMap) -> bool {
    asked.get_all(header::ACCEPT_ENCODING).iter().filter_map(|v| v.to_str().ok()).any(|line| {
        line.split(',').any(|part| {
            let mut words = part.split(';').map(str::trim);
            let refused = |w: &str| w.strip_prefix("q=").is_some_and(|q| q.parse() == Ok(0.0));
            words.next() == Some("br") && !words.any(refused)
        })
    })
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "css" => "text/css; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/vnd.microsoft.icon",
        "webmanifest" => "application/manifest+json",
        "json" => "application/json",
        "html" => "text/html; charset=utf-8",
        "txt" => "text/plain; charset=utf-8",
        "woff2" => "font/woff2",
        "ogg" => "audio/ogg",
        "wav" => "audio/wav",
        _ => "application/octet-stream",
    }
}

/// The sheets one after another, in the order of their names.
fn join<'a>(sheets: impl Iterator<Item = (&'a str, &'a [u8])>) -> Vec<u8> {
    let mut out = Vec::new();
    for (_, bytes) in sheets.filter(|(name, _)| name.ends_with(".css")) {
        out.extend_from_slice(bytes);
        out.push(b'\n');
    }
    out
}

/// The files directly in a folder, in the order of their names.
fn folder(dir: &Path) -> Vec<(String, Vec<u8>)> {
    let entries = fs::read_dir(dir).into_iter().flatten().flatten();
    let mut files: Vec<_> = entries
        .filter_map(|entry| Some((entry.file_name().into_string().ok()?, fs::read(entry.path()).ok()?)))
        .collect();
    files.sort();
    files
}

/// What changes when a file is written again, without reading it.
fn stamp(file: &Path) -> Option<String> {
    let about = fs::metadata(file).ok().filter(fs::Metadata::is_file)?;
    let written = about.modified().ok()?.duration_since(UNIX_EPOCH).ok()?.as_nanos();
    Some(format!("{written} {}", about.len()))
}

fn compress(name: &str, bytes: &[u8]) -> Option<Arc<[u8]>> {
    let already = ["png", "ico", "woff2", "ogg"].iter().any(|kind| name.ends_with(kind));
    if already || bytes.len() < SMALL {
        return None;
    }
    let params = brotli::enc::BrotliEncoderParams { quality: 9, ..Default::default() };
    let mut out = Vec::new();
    brotli::BrotliCompress(&mut &*bytes, &mut out, &params).ok()?;
    (out.len() < bytes.len()).then(|| out.into())
}

fn hash(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// The first 16 digits: enough to tell one build from another.
fn hex(digest: &[u8]) -> String {
    digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brotli_is_sent_to_those_who_take_it() {
        let asks = |line: &'static str| {
            accepts_brotli(&HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_static(line))]))
        };
        assert!(asks("gzip, deflate, br, zstd") && asks("br;q=0.5"));
        assert!(!asks("gzip") && !asks("br;q=0") && !asks("br; q=0.0") && !asks("brotli"));
    }

    #[test]
    fn an_address_never_climbs_out_of_the_folder() {
        let assets = Assets::folders(None);
        for path in ["../Cargo.toml", "icons/../../Cargo.toml", ".hidden", "", "pkg/client.js", "a//b"] {
            assert!(assets.find(path).is_none(), "{path}");
        }
    }

    #[test]
    fn sheets_are_joined_in_the_order_they_are_given() {
        let sheets: [(&str, &[u8]); 3] = [("_a.css", b"a{}"), ("b.css", b"b{}"), ("notes.md", b"no")];
        assert_eq!(join(sheets.into_iter()), b"a{}\nb{}\n");
    }
}
