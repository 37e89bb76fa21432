//! HTTPS for phones on the same network: a certificate made here, and how to get past its warning.
//!
//! A camera needs a secure page. No public authority signs a certificate for `192.168.…`, so this server
//! makes its own, keeps it in the data folder, and a phone asks once whether to go on.

use axum_server::tls_rustls::RustlsConfig;
use rcgen::{CertificateParams, DnType, ExtendedKeyUsagePurpose, KeyPair, KeyUsagePurpose, SanType};
use rustls::{
    ServerConfig,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};
use std::{
    fs, io,
    net::{IpAddr, UdpSocket},
    path::Path,
    sync::Arc,
};

/// Phones refuse certificates of their owner's making that are valid for longer (825 days).
const VALID_DAYS: i64 = 820;
/// A new one is made when the old one would end within this time.
const LEFT_DAYS: i64 = 30;

/// Addresses under which this machine is reached on its networks.
pub fn addresses() -> Vec<IpAddr> {
    // Connecting a datagram socket sends nothing; it only makes the system choose the address it would
    // send from. 192.0.2.1 and 2001:db8:: are reserved for documentation (RFC 5737, RFC 3849).
    let ways = [("0.0.0.0:0", "192.0.2.1:9"), ("[::]:0", "[2001:db8::1]:9")];
    let chosen = ways.into_iter().filter_map(|(from, to)| {
        let socket = UdpSocket::bind(from).ok()?;
        socket.connect(to).ok()?;
        socket.local_addr().ok().map(|address| address.ip())
    });
    chosen.filter(|ip| !ip.is_loopback() && !ip.is_unspecified()).collect()
}

/// The certificate for these addresses out of the folder, made anew where it is missing, about to end,
/// or for other addresses.
///
/// # Errors
/// When the folder cannot be read or written.
pub fn configured(folder: &Path, addresses: &[IpAddr], today: i64) -> io::Result<RustlsConfig> {
    let (certificate, key) = kept(folder, addresses, today)?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(vec![certificate], key))
        .map_err(io::Error::other)?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(RustlsConfig::from_config(Arc::new(config)))
}

type Pair = (CertificateDer<'static>, PrivateKeyDer<'static>);

/// The names beside the files tell what they are for: `3 days since 1970, addresses`.
fn kept(folder: &Path, addresses: &[IpAddr], today: i64) -> io::Result<Pair> {
    let [certificate, key, about] = ["lan.crt", "lan.key", "lan.txt"].map(|name| folder.join(name));
    let wanted: Vec<String> = addresses.iter().map(ToString::to_string).collect();
    let wanted = wanted.join(" ");
    let fits = fs::read_to_string(&about).is_ok_and(|text| {
        let (until, for_whom) = text.split_once('\n').unwrap_or_default();
        until.parse::<i64>().is_ok_and(|until| until - today > LEFT_DAYS) && for_whom.trim() == wanted
    });
    if !fits {
        // The note goes first and comes last, so that an interrupted start is never taken for a whole.
        let _ = fs::remove_file(&about);
        let (certificate_pem, key_pem) = make(addresses, today).map_err(io::Error::other)?;
        write_private(&key, &key_pem)?;
        fs::write(&certificate, certificate_pem)?;
        fs::write(&about, format!("{}\n{wanted}\n", today + VALID_DAYS))?;
    }
    let certificate = CertificateDer::from_pem_file(&certificate).map_err(io::Error::other)?;
    Ok((certificate, PrivateKeyDer::from_pem_file(&key).map_err(io::Error::other)?))
}

fn make(addresses: &[IpAddr], today: i64) -> Result<(String, String), rcgen::Error> {
    let key = KeyPair::generate()?;
    let mut params = CertificateParams::new(vec!["localhost".to_string()])?;
    params.subject_alt_names.extend(addresses.iter().copied().map(SanType::IpAddress));
    params.distinguished_name.push(DnType::CommonName, "Lotwalk on this network");
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    // A day earlier: a phone's clock may be behind.
    params.not_before = day(today - 1);
    params.not_after = day(today + VALID_DAYS);
    Ok((params.self_signed(&key)?.pem(), key.serialize_pem()))
}

fn day(since_1970: i64) -> time::OffsetDateTime {
    time::OffsetDateTime::UNIX_EPOCH.saturating_add(time::Duration::days(since_1970))
}

#[cfg(unix)]
fn write_private(path: &Path, text: &str) -> io::Result<()> {
    use std::{io::Write, os::unix::fs::OpenOptionsExt};
    let _ = fs::remove_file(path);
    fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?.write_all(text.as_bytes())
}

#[cfg(not(unix))]
fn write_private(path: &Path, text: &str) -> io::Result<()> {
    fs::write(path, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_is_kept_until_it_no_longer_fits() {
        let folder = std::env::temp_dir().join(format!("lotwalk-tls-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("makes a folder");
        let at = |ip: &str| [ip.parse::<IpAddr>().expect("is an address")];
        let first = kept(&folder, &at("192.168.1.2"), 20_000).expect("is made").0;
        assert_eq!(kept(&folder, &at("192.168.1.2"), 20_700).expect("is kept").0, first);
        assert_ne!(kept(&folder, &at("192.168.1.3"), 20_700).expect("is made").0, first, "other address");
        let second = kept(&folder, &at("192.168.1.3"), 20_701).expect("is kept").0;
        assert_ne!(kept(&folder, &at("192.168.1.3"), 21_500).expect("is made").0, second, "about to end");
        assert!(configured(&folder, &at("192.168.1.3"), 21_500).is_ok());
        fs::remove_dir_all(folder).expect("is ours");
    }
}
