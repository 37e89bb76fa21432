//! Who is asking, as the request's headers and cookies tell it: language, theme, address.
//!
//! Who is *signed in* is [`crate::session`]'s to tell.

use app::here::Theme;
use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::{Extensions, HeaderMap, header, request::Parts},
};
use domain::text::Lang;
use std::{
    convert::Infallible,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
};

use crate::shared::Shared;

/// The language of the answer: the cookie's, else the first of `Accept-Language` that is ours.
pub fn lang(headers: &HeaderMap) -> Lang {
    let asked = || headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok().and_then(Lang::from_tag);
    cookie(headers, "lang").and_then(|tag| Lang::from_tag(&tag)).or_else(asked).unwrap_or_default()
}

/// Light or dark, from the cookie.
pub fn theme(headers: &HeaderMap) -> Theme {
    cookie(headers, "theme").map(|word| Theme::from_word(&word)).unwrap_or_default()
}

/// True for a browser that opens a page; a program gets problem+json instead.
pub fn reads_pages(headers: &HeaderMap) -> bool {
    headers.get(header::ACCEPT).and_then(|v| v.to_str().ok()).is_some_and(|v| v.contains("text/html"))
}

/// A cookie's value.
fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|v| v.to_str().ok());
    lines
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(n, value)| (n == name).then(|| value.to_string()))
}

/// The address a request comes from; `behind` is true where a proxy on this machine stands in front and
/// tells it in `X-Forwarded-For`, whose last address is the only one that the proxy itself has seen.
fn address(extensions: &Extensions, headers: &HeaderMap, behind: bool) -> IpAddr {
    let peer = extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    let peer = peer.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST));
    let told = || headers.get_all("x-forwarded-for").iter().next_back()?.to_str().ok()?.rsplit(',').next();
    match told().and_then(|last| last.trim().parse().ok()) {
        Some(address) if behind && peer.is_loopback() => address,
        _ => peer,
    }
}

/// Where a request comes from.
#[derive(Clone, Copy, Debug)]
pub struct Asker {
    /// The address.
    pub address: IpAddr,
    /// True where cookies set in the answer are for HTTPS only.
    pub secure: bool,
}

impl Asker {
    /// Who is counted for this address. An IPv6 subscriber has a network of at least 2^64 addresses (RFC
    /// 6177) and can take another one for each request; so all of the network count as one.
    pub fn counted(&self) -> String {
        match self.address.to_canonical() {
            IpAddr::V4(address) => address.to_string(),
            IpAddr::V6(address) => {
                let [a, b, c, d, ..] = address.segments();
                format!("{}/64", Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
            }
        }
    }
}

/// How this door sets cookies; the router puts it into every request.
#[derive(Clone, Copy, Debug)]
pub struct Secure(pub bool);

impl FromRequestParts<Shared> for Asker {
    type Rejection = Infallible;
    async fn from_request_parts(parts: &mut Parts, shared: &Shared) -> Result<Asker, Infallible> {
        let secure = parts.extensions.get::<Secure>().is_none_or(|s| s.0);
        Ok(Asker { address: address(&parts.extensions, &parts.headers, shared.behind_proxy), secure })
    }
}

/// A place of this server to go back to, or `/`: never another host, whatever a link was made to say.
pub fn back(asked: Option<&str>) -> &str {
    let fits = |path: &&str| {
        // `//host`, `/\host` and control characters are read as other hosts by some browsers.
        path.starts_with('/')
            && !path.starts_with("//")
            && !path.contains(|c: char| c == '\\' || c.is_control() || !c.is_ascii())
    };
    asked.filter(fits).unwrap_or("/")
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn back_never_leads_to_another_host() {
        for good in ["/", "/batch/A%2F1?receipt=7", "/event/splitting?draft=x&subject=shipment%3A1"] {
            assert_eq!(back(Some(good)), good);
        }
        for bad in ["//evil", "/\\evil", "https://evil", "javascript:1", "evil", "", "/\t/evil", "/\n", "/é"]
        {
            assert_eq!(back(Some(bad)), "/", "{bad:?}");
        }
        assert_eq!(back(None), "/");
    }

    #[test]
    fn the_cookie_counts_more_than_the_header() {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_LANGUAGE, HeaderValue::from_static("zh-CN,en;q=0.5"));
        assert_eq!(lang(&headers), Lang::Zh);
        headers.insert(header::COOKIE, HeaderValue::from_static("a=b; lang=en; theme=dark"));
        assert_eq!((lang(&headers), theme(&headers)), (Lang::En, Theme::Dark));
    }

    #[test]
    fn a_network_of_one_subscriber_counts_as_one() {
        let counted = |address: &str| {
            let address = address.parse().expect("is an address");
            Asker { address, secure: true }.counted()
        };
        assert_eq!(counted("2001:db8:1:2:3::4"), counted("2001:db8:1:2:ffff::1"));
        assert_ne!(counted("2001:db8:1:2::1"), counted("2001:db8:1:3::1"));
        assert_eq!(counted("::ffff:198.51.100.7"), "198.51.100.7");
        assert_ne!(counted("198.51.100.7"), counted("198.51.100.8"));
    }

    #[test]
    fn only_a_proxy_on_this_machine_is_believed() {
        let at = |peer: &str, behind| {
            let mut extensions = Extensions::new();
            let peer: IpAddr = peer.parse().unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
            extensions.insert(ConnectInfo(SocketAddr::new(peer, 1)));
            let headers = HeaderMap::from_iter([(
                axum::http::HeaderName::from_static("x-forwarded-for"),
                HeaderValue::from_static("10.0.0.1, 203.0.113.9"),
            )]);
            address(&extensions, &headers, behind).to_string()
        };
        assert_eq!(at("127.0.0.1", true), "203.0.113.9");
        assert_eq!(at("127.0.0.1", false), "127.0.0.1");
        assert_eq!(at("198.51.100.7", true), "198.51.100.7");
    }
}
