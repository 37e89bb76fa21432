//! Where things are kept and where to listen: what the command line and the environment say.

use clap::Args;
use domain::text::{Text, text};
use std::{
    env, fs, io,
    net::{IpAddr, SocketAddr},
    path::{Path, PathBuf},
};

/// Where the ledger is kept. The same for every command.
#[derive(Args, Clone, Debug, Default)]
pub struct Storage {
    /// The database: `sqlite:PATH` or `postgres://USER@HOST/NAME`. Default: an SQLite file in the data
    /// folder.
    #[arg(long, global = true, value_name = "URL", env = "LOTWALK_DATABASE", hide_env_values = true)]
    pub database: Option<String>,

    /// Where photos and PDFs are kept: `file:///FOLDER`, or `s3://BUCKET/PREFIX` with the usual `AWS_…`
    /// variables (`AWS_ENDPOINT` for other stores than Amazon's). Default: a folder beside the SQLite file,
    /// called after it (`lotwalk.sqlite-files`); with PostgreSQL, `files` in the data folder.
    // An id of its own: commands have arguments that are called files.
    #[arg(
        id = "files_url",
        long = "files",
        global = true,
        value_name = "URL",
        env = "LOTWALK_FILES",
        hide_env_values = true
    )]
    pub files: Option<String>,

    /// The data folder. Default: `lotwalk` in the user's data folder (`XDG_DATA_HOME`).
    #[arg(long, global = true, value_name = "DIR", env = "LOTWALK_DATA")]
    pub data: Option<PathBuf>,

    /// Work on the demo: a toy brand with products, batches and shipments, and one user per role. It has
    /// an SQLite file of its own, made by the first `serve --demo`.
    #[arg(long, global = true)]
    pub demo: bool,
}

/// The SQLite files in the data folder.
const FILE: &str = "lotwalk.sqlite";
const DEMO_FILE: &str = "demo.sqlite";

impl Storage {
    /// The data folder, made when it is not there. Nobody else on this machine may look into it.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn folder(&self) -> io::Result<PathBuf> {
        let folder = self.folder_path();
        if !folder.is_dir() {
            fs::create_dir_all(&folder)?;
            keep_private(&folder)?;
        }
        Ok(folder)
    }

    fn folder_path(&self) -> PathBuf {
        self.data.clone().unwrap_or_else(|| {
            let set = |name| env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
            let base = set("XDG_DATA_HOME").or_else(|| Some(set("HOME")?.join(".local/share")));
            base.or_else(|| set("APPDATA")).unwrap_or_else(|| PathBuf::from(".")).join("lotwalk")
        })
    }

    /// The place for documents, where it is not the folder beside an SQLite file. Nothing is made for it
    /// before something is put there.
    pub fn files(&self) -> Option<String> {
        let is_file = self.database.as_ref().is_none_or(|url| url.starts_with("sqlite:"));
        match &self.files {
            Some(url) => Some(url.clone()),
            None if is_file => None,
            None => Some(self.folder_path().join("files").to_string_lossy().into_owned()),
        }
    }

    /// Where files of imports are kept: in the data folder, or beside a database that stands elsewhere.
    ///
    /// # Errors
    /// When the data folder is needed and cannot be made.
    pub fn imports(&self) -> io::Result<PathBuf> {
        let file = self.database.as_deref().and_then(|url| url.strip_prefix("sqlite:"));
        let beside = file.and_then(|path| Path::new(path.strip_prefix("//").unwrap_or(path)).parent());
        let folder = match beside.filter(|_| self.data.is_none()) {
            Some(folder) => folder.to_path_buf(),
            None => self.folder()?,
        };
        Ok(folder.join("imports"))
    }

    /// The database's URL.
    ///
    /// # Errors
    /// When the data folder is needed and cannot be made.
    pub fn url(&self) -> io::Result<String> {
        match &self.database {
            Some(url) => Ok(url.clone()),
            None => {
                let file = if self.demo { DEMO_FILE } else { FILE };
                Ok(format!("sqlite:{}", self.folder()?.join(file).display()))
            }
        }
    }
}

#[cfg(unix)]
fn keep_private(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700))
}

#[cfg(not(unix))]
fn keep_private(_: &Path) -> io::Result<()> {
    Ok(())
}

/// How to serve.
#[derive(Args, Clone, Debug)]
pub struct Serving {
    /// Where to listen for plain HTTP; port 0 takes a free one and prints it.
    #[arg(long, default_value = "127.0.0.1:8080", env = "LOTWALK_ADDR")]
    pub addr: SocketAddr,

    /// Serve HTTPS to phones on the same network as well, with a certificate made here.
    #[arg(long)]
    pub lan: bool,

    /// Where `--lan` listens.
    #[arg(long, value_name = "ADDR", default_value = "0.0.0.0:8443", env = "LOTWALK_LAN_ADDR")]
    pub lan_addr: SocketAddr,

    /// The address people use, where a proxy with TLS stands in front: `https://trace.example.com`.
    /// Cookies are then sent over HTTPS only, and `X-Forwarded-For` of a proxy on this machine is believed.
    #[arg(long, value_name = "URL", env = "LOTWALK_PUBLIC_URL", value_parser = public_url)]
    pub public_url: Option<String>,
}

/// What is wrong with `--public-url`.
const NOT_A_URL: Text = text(
    "write it as https://trace.example.com, without a path",
    "请写成 https://trace.example.com，不含路径",
);

fn public_url(url: &str) -> Result<String, String> {
    let host = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    let host =
        host.map(|h| h.trim_end_matches('/')).filter(|h| !h.is_empty() && !h.contains(['/', '?', '#', '@']));
    match host {
        Some(_) => Ok(url.trim_end_matches('/').to_string()),
        None => Err(NOT_A_URL.get(crate::cli::lang()).into()),
    }
}

impl Serving {
    /// True where cookies must not travel over plain HTTP: always, unless only this machine is listened
    /// to and no proxy stands in front.
    pub fn secure(&self) -> bool {
        match &self.public_url {
            Some(url) => url.starts_with("https://"),
            None => !self.addr.ip().is_loopback(),
        }
    }

    /// The address of this server as a person writes it.
    pub fn origin(&self, bound: SocketAddr) -> String {
        match &self.public_url {
            Some(url) => url.clone(),
            None => format!("http://{}", written(bound)),
        }
    }
}

/// An address as it stands in a URL: any address of this machine is `localhost`.
pub fn written(address: SocketAddr) -> String {
    match address.ip() {
        ip if ip.is_unspecified() => format!("localhost:{}", address.port()),
        IpAddr::V4(_) | IpAddr::V6(_) => address.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c15_documents_have_a_place_with_every_database() {
        let place = |database: Option<&str>, files: Option<&str>| {
            let [database, files] = [database, files].map(|url| url.map(str::to_string));
            Storage { database, files, data: Some("/srv/lotwalk".into()), demo: false }.files()
        };
        assert_eq!(place(None, None), None);
        assert_eq!(place(Some("sqlite:friday.sqlite"), None), None);
        assert_eq!(place(Some("postgres://a/b"), None), Some("/srv/lotwalk/files".into()));
        assert_eq!(place(Some("postgres://a/b"), Some("s3://papers")), Some("s3://papers".into()));
    }

    #[test]
    fn a_public_url_is_an_origin() {
        assert_eq!(public_url("https://a.example/"), Ok("https://a.example".into()));
        for bad in ["a.example", "https://", "https://a/b", "ftp://a", "https://u@a"] {
            assert!(public_url(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn cookies_travel_over_plain_http_on_this_machine_only() {
        let serving = |addr: &str, public_url: Option<&str>| Serving {
            addr: addr.parse().expect("is an address"),
            lan: false,
            lan_addr: "0.0.0.0:8443".parse().expect("is an address"),
            public_url: public_url.map(str::to_string),
        };
        assert!(!serving("127.0.0.1:80", None).secure());
        assert!(serving("0.0.0.0:80", None).secure());
        assert!(serving("127.0.0.1:80", Some("https://a.example")).secure());
    }
}
