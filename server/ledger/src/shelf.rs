//! The shelf: where the bytes of documents are, a folder or a bucket of an S3-compatible store.
//!
//! What is put there lies under a name made of its digest, is written once and never changed. It is on the
//! disk before anybody is told the digest: an entry that names a document is durable, so the document has to
//! be. The folder store syncs file and folder for that; a bucket answers when it has stored.

use crate::Fault;
use bytes::Bytes;
use object_store::{
    Error, ObjectStore, ObjectStoreExt, RetryConfig, aws::AmazonS3Builder, local::LocalFileSystem,
    path::Path as Key,
};
use sha2::{Digest, Sha256};
use std::{
    fmt, io,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

/// A store that does not answer is given up before the asker is: somebody waits with a phone in hand.
const PATIENCE: RetryConfig = RetryConfig {
    backoff: object_store::BackoffConfig {
        init_backoff: Duration::from_millis(100),
        max_backoff: Duration::from_secs(2),
        base: 2.0,
    },
    max_retries: 3,
    retry_timeout: Duration::from_secs(20),
};

/// What was found under a digest.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Found {
    /// The bytes, which are those of the digest.
    Whole(Bytes),
    /// Nothing.
    Gone,
    /// Other bytes than were put there. They are given to nobody.
    Changed,
}

/// A place for the bytes of documents. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Shelf {
    store: Arc<dyn ObjectStore>,
    below: Key,
    place: Place,
}

#[derive(Clone)]
enum Place {
    Folder(PathBuf),
    Bucket(String),
}

impl fmt::Display for Shelf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.place {
            Place::Folder(folder) => write!(f, "{}", folder.display()),
            Place::Bucket(url) => f.write_str(url),
        }
    }
}

impl Shelf {
    /// The place that a URL names: `file:///folder`, `s3://bucket/prefix` (region, keys and endpoint from the
    /// usual `AWS_…` variables), or the path of a folder. Nothing is made before something is put there.
    pub(crate) fn open(url: &str) -> Result<Shelf, Fault> {
        if url.starts_with("s3://") {
            return bucket(url);
        }
        match url.strip_prefix("file://") {
            Some(path) => Shelf::folder(Path::new(path)),
            None if url.contains("://") => Err(Fault::new(
                false,
                format!("the place for documents, {url}, is neither file:///FOLDER nor s3://BUCKET/PREFIX"),
            )),
            None => Shelf::folder(Path::new(url)),
        }
    }

    /// A folder.
    pub(crate) fn folder(path: &Path) -> Result<Shelf, Fault> {
        let no = |why: &dyn fmt::Display| Fault::new(false, format!("no folder for documents: {why}"));
        let folder = std::path::absolute(path).map_err(|e| no(&e))?;
        let below = Key::from_absolute_path(&folder).map_err(|e| no(&e))?;
        let store = Arc::new(LocalFileSystem::new().with_fsync(true));
        Ok(Shelf { store, below, place: Place::Folder(folder) })
    }

    /// The folder, where it is one.
    pub(crate) fn as_folder(&self) -> Option<&Path> {
        match &self.place {
            Place::Folder(folder) => Some(folder),
            Place::Bucket(_) => None,
        }
    }

    /// Puts bytes under their digest, whole or not at all. Two who put the same at once put it once.
    pub(crate) async fn put(&self, brand: &str, digest: &str, bytes: Bytes) -> Result<(), Fault> {
        let fresh = self.as_folder().filter(|folder| !folder.exists());
        let cannot = |e: &dyn fmt::Display| Fault::new(true, format!("nothing can be stored in {self}: {e}"));
        self.store.put(&self.key(brand, digest), bytes.into()).await.map_err(|e| cannot(&e))?;
        if let Some(folder) = fresh {
            keep_private(folder).map_err(|e| cannot(&e))?;
        }
        Ok(())
    }

    /// What is there under a digest, read whole and hashed again. Of another size than it should be, it is
    /// not read: a file that somebody swapped may be larger than the memory.
    pub(crate) async fn get(&self, brand: &str, digest: &str, size: u64) -> Result<Found, Fault> {
        let cannot = |e: &dyn fmt::Display| Fault::new(true, format!("{self} cannot be read: {e}"));
        let found = match self.store.get(&self.key(brand, digest)).await {
            Ok(found) if found.meta.size != size => return Ok(Found::Changed),
            Ok(found) => found,
            Err(Error::NotFound { .. }) => return Ok(Found::Gone),
            Err(e) => return Err(cannot(&e)),
        };
        let bytes = found.bytes().await.map_err(|e| cannot(&e))?;
        match self::digest(bytes.clone()).await? == digest {
            true => Ok(Found::Whole(bytes)),
            false => Ok(Found::Changed),
        }
    }

    /// `brand/sha256/ab/cdef…`: two digits apart, for folders of a hundred thousand files are slow to list.
    fn key(&self, brand: &str, digest: &str) -> Key {
        let hex = digest.strip_prefix("sha256:").unwrap_or(digest);
        let (begin, rest) = hex.split_at_checked(2).unwrap_or(("", hex));
        let key = self.below.clone();
        [brand, "sha256", begin, rest].into_iter().fold(key, |key, part| key.join(part))
    }
}

fn bucket(url: &str) -> Result<Shelf, Fault> {
    // The crypto library that the rest of the program has; S3 would pick one of its own. Whoever chose before
    // chose the same.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let no = |why: &dyn fmt::Display| Fault::new(false, format!("no place for documents at {url}: {why}"));
    let store = AmazonS3Builder::from_env().with_url(url).with_retry(PATIENCE).build().map_err(|e| no(&e))?;
    let prefix = url.trim_start_matches("s3://").split_once('/').map_or("", |(_, prefix)| prefix);
    let below = Key::parse(prefix.trim_end_matches('/')).map_err(|e| no(&e))?;
    Ok(Shelf { store: Arc::new(store), below, place: Place::Bucket(url.into()) })
}

/// The digest of bytes, as entries name it. Hashed apart: 25 MB take long enough for others to wait.
pub(crate) async fn digest(bytes: Bytes) -> Result<String, Fault> {
    let hash = move || Sha256::digest(&bytes).iter().map(|b| format!("{b:02x}")).collect::<String>();
    let hex = tokio::task::spawn_blocking(hash).await;
    hex.map(|hex| format!("sha256:{hex}")).map_err(|e| Fault::new(true, format!("hashing broke off: {e}")))
}

/// Nobody else on this machine may look into it: it holds papers.
#[cfg(unix)]
fn keep_private(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700))
}

#[cfg(not(unix))]
fn keep_private(_: &Path) -> io::Result<()> {
    Ok(())
}
