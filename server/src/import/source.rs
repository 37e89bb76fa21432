//! Where tables come from: folders, CSV files, sheets of workbooks, zip files, or the program itself.
//!
//! A zip is a stranger's: how many files it holds, how large they become and how much they were pressed
//! together is limited while they are written out, and their path names are ignored.

use super::{
    kind::{self, Kind},
    report::Problem,
    workbook::{self, SheetLook},
};
use domain::text::{Text, text};
use std::{
    fs::{self, File},
    io::{self, BufReader, Read, Write},
    path::{Path, PathBuf},
    sync::Arc,
};

/// One table to be read, possibly several times.
#[derive(Clone, Debug)]
pub struct Source {
    /// Its file name, as problems name it.
    pub name: Arc<str>,
    pub(super) content: Content,
}

#[derive(Clone, Debug)]
pub(super) enum Content {
    File(PathBuf),
    Bytes(&'static [u8]),
    /// A sheet of a workbook.
    Sheet(Arc<Path>, Arc<SheetLook>),
}

impl Source {
    /// A table that is part of the program.
    pub fn embedded(name: &str, bytes: &'static [u8]) -> Source {
        Source { name: name.into(), content: Content::Bytes(bytes) }
    }

    fn file(path: &Path) -> Source {
        let name = path.file_name().map(|n| n.to_string_lossy()).unwrap_or_default();
        Source { name: name.as_ref().into(), content: Content::File(path.to_path_buf()) }
    }

    /// The name without its ending, or the sheet's: what tells which table it is.
    pub fn stem(&self) -> &str {
        match &self.content {
            Content::Sheet(_, look) => look.name.trim(),
            _ => self.name.rsplit_once('.').map_or(&self.name, |(stem, _)| stem),
        }
    }

    /// The sheet, where it is one.
    pub fn sheet(&self) -> Option<&Arc<SheetLook>> {
        match &self.content {
            Content::Sheet(_, look) => Some(look),
            _ => None,
        }
    }

    /// Reads it from its beginning.
    pub fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        Ok(match &self.content {
            Content::File(path) => Box::new(BufReader::with_capacity(1 << 16, File::open(path)?)),
            Content::Bytes(bytes) => Box::new(*bytes),
            Content::Sheet(path, _) => Box::new(File::open(path)?),
        })
    }
}

/// Every table found, and what could not be taken. What a zip held is kept in a folder of its own for as
/// long as this lives.
#[derive(Debug, Default)]
pub struct Sources {
    /// The tables.
    pub tables: Vec<Source>,
    /// What could not be taken, each with its file.
    pub problems: Vec<(Arc<str>, Problem)>,
    unpacked: Vec<Unpacked>,
}

/// What a zip may hold.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Files.
    pub files: usize,
    /// Bytes, all files together, unpacked.
    pub bytes: u64,
    /// Unpacked bytes for each packed one. Tables of codes come to about 10.
    pub ratio: u64,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { files: 200, bytes: 8 << 30, ratio: 250 }
    }
}

const NOT_FOUND: Text = text("There is no {path} that can be read: {why}", "无法读取 {path}：{why}");
const NO_TABLES: Text = text(
    "There is no table in it. A record pack is a folder or zip of CSV files and workbooks.",
    "其中没有表格。资料包应为含 CSV 文件或工作簿的文件夹或 zip。",
);
const DAMAGED: Text = text(
    "The zip cannot be read: {why}. Make it again, without a password.",
    "无法读取该 zip：{why}。请重新打包，且不要设密码。",
);
const TOO_MANY: Text = text(
    "The zip holds more than {n} files. Send only the tables of the record pack.",
    "该 zip 含 {n} 个以上文件，请只打包资料包的表格。",
);
const TOO_LARGE: Text = text(
    "The zip unpacks to more than {n} bytes. Import the folder itself, or parts of it.",
    "该 zip 解压后超过 {n} 字节。请直接导入文件夹，或分批导入。",
);
const BOMB: Text = text(
    "{file} in the zip unpacks to more than {n} times its size, which no table does. Check where it comes from.",
    "该 zip 中的 {file} 解压后超过原大小的 {n} 倍，正常表格不会如此。请核实其来源。",
);

impl From<Vec<Source>> for Sources {
    fn from(tables: Vec<Source>) -> Sources {
        Sources { tables, ..Sources::default() }
    }
}

impl Sources {
    /// Looks through folders and files.
    pub fn find(paths: &[PathBuf], limits: Limits) -> Sources {
        let mut found = Sources::default();
        for path in paths {
            let name: Arc<str> = path.display().to_string().into();
            if let Err(problem) = found.add(path, limits) {
                found.problems.push((name, problem));
            }
        }
        found
    }

    fn add(&mut self, path: &Path, limits: Limits) -> Result<(), Problem> {
        let shown = path.display().to_string();
        let unreadable = |error: io::Error| {
            let said = NOT_FOUND.with(&[("path", &shown), ("why", &error.to_string())]);
            Problem::of_file("not_readable", said)
        };
        if fs::metadata(path).map_err(unreadable)?.is_dir() {
            let mut files: Vec<PathBuf> = fs::read_dir(path)
                .map_err(unreadable)?
                .filter_map(|entry| Some(entry.ok()?.path()))
                .collect();
            files.retain(|file| is_table(file));
            files.sort();
            if files.is_empty() {
                return Err(Problem::of_file("no_tables", NO_TABLES));
            }
            for file in files {
                self.add_file(&file, None, limits);
            }
            return Ok(());
        }
        self.add_file(path, None, limits);
        Ok(())
    }

    /// A file that is not there any more.
    pub fn unreadable(name: &str, error: &io::Error) -> Sources {
        let said = NOT_FOUND.with(&[("path", name), ("why", &error.to_string())]);
        let problems = vec![(name.into(), Problem::of_file("not_readable", said))];
        Sources { problems, ..Sources::default() }
    }

    /// One file, under the name a person knows it by.
    pub fn of_file(path: &Path, name: &str, limits: Limits) -> Sources {
        let mut found = Sources::default();
        found.add_file(path, Some(name), limits);
        found
    }

    fn add_file(&mut self, path: &Path, name: Option<&str>, limits: Limits) {
        let name: Arc<str> = match name {
            Some(name) => name.into(),
            None => Source::file(path).name,
        };
        if let Err(problem) = self.try_file(path, &name, limits) {
            self.problems.push((name, problem));
        }
    }

    fn try_file(&mut self, path: &Path, name: &Arc<str>, limits: Limits) -> Result<(), Problem> {
        let unreadable = |error: io::Error| {
            let said = NOT_FOUND.with(&[("path", name), ("why", &error.to_string())]);
            Problem::of_file("not_readable", said)
        };
        match kind::of(path, unreadable)? {
            Kind::Csv => {
                self.tables.push(Source { name: name.clone(), content: Content::File(path.to_path_buf()) });
            }
            Kind::Workbook => {
                let path: Arc<Path> = path.into();
                for look in workbook::look(&path)? {
                    let name = format!("{name} › {}", look.name).into();
                    self.tables.push(Source { name, content: Content::Sheet(path.clone(), look.into()) });
                }
            }
            Kind::Pack => {
                let unpacked = unpack(path, limits)?;
                for file in &unpacked.tables {
                    let inside = Source::file(file).name;
                    match kind::of(file, unreadable) {
                        // A zip in a zip is nobody's table.
                        Ok(Kind::Pack) => {
                            self.problems.push((inside, Problem::of_file("no_tables", NO_TABLES)))
                        }
                        Ok(_) => self.add_file(file, None, limits),
                        Err(problem) => self.problems.push((inside, problem)),
                    }
                }
                self.unpacked.push(unpacked);
            }
        }
        Ok(())
    }
}

/// What is read of a folder or a zip: neither notes nor pictures beside the tables.
fn is_table(path: &Path) -> bool {
    let hidden = path.file_name().is_none_or(|name| name.to_string_lossy().starts_with(['.', '~']));
    let ending = path.extension().map(|e| e.to_string_lossy().to_lowercase());
    !hidden && ending.is_some_and(|e| ["csv", "xlsx", "xlsm"].contains(&&*e))
}

/// A folder of our own with what a zip held; gone with this value.
#[derive(Debug)]
struct Unpacked {
    folder: PathBuf,
    tables: Vec<PathBuf>,
}

impl Drop for Unpacked {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.folder) {
            tracing::warn!(folder = %self.folder.display(), %error, "could not be removed");
        }
    }
}

fn unpack(path: &Path, limits: Limits) -> Result<Unpacked, Problem> {
    let damaged = |why: String| Problem::of_file("zip_damaged", DAMAGED.with(&[("why", &why)]));
    let file = File::open(path).map_err(|e| damaged(e.to_string()))?;
    let mut archive = zip::ZipArchive::new(BufReader::new(file)).map_err(|e| damaged(e.to_string()))?;
    if archive.len() > limits.files {
        let n = limits.files.to_string();
        return Err(Problem::of_file("zip_too_many_files", TOO_MANY.with(&[("n", &n)])));
    }
    let mut unpacked =
        Unpacked { folder: folder_of_our_own().map_err(|e| damaged(e.to_string()))?, tables: vec![] };
    let mut left = limits.bytes;
    for i in 0..archive.len() {
        let mut entry = archive.by_index(i).map_err(|e| damaged(e.to_string()))?;
        // Only the last part of the name counts, and only to tell which table it is.
        let name = entry.name().map_err(|e| damaged(e.to_string()))?;
        let name = name.rsplit(['/', '\\']).next().unwrap_or_default().to_string();
        if !is_table(Path::new(&name)) {
            continue;
        }
        let folder = unpacked.folder.join(i.to_string());
        fs::create_dir(&folder).map_err(|e| damaged(e.to_string()))?;
        let table = folder.join(&name);
        let packed = entry.compressed_size();
        let mut out = File::create_new(&table).map_err(|e| damaged(e.to_string()))?;
        left = write_out(&mut entry, &mut out, packed, left, limits, &name)?;
        unpacked.tables.push(table);
    }
    if unpacked.tables.is_empty() {
        return Err(Problem::of_file("no_tables", NO_TABLES));
    }
    Ok(unpacked)
}

/// Writes one file out; returns how many bytes are left for the others. Sizes told by the zip are not
/// believed: what is written is counted.
fn write_out(
    entry: &mut impl Read,
    out: &mut File,
    packed: u64,
    mut left: u64,
    limits: Limits,
    name: &str,
) -> Result<u64, Problem> {
    /// A short table may be pressed together as much as it likes.
    const HARMLESS: u64 = 10 << 20;
    let damaged = |e: io::Error| Problem::of_file("zip_damaged", DAMAGED.with(&[("why", &e.to_string())]));
    let most = packed.saturating_mul(limits.ratio).max(HARMLESS);
    let mut written: u64 = 0;
    let mut buffer = vec![0; 1 << 16];
    loop {
        let n = entry.read(&mut buffer).map_err(damaged)?;
        if n == 0 {
            return Ok(left);
        }
        written += n as u64;
        if written > most {
            let said = BOMB.with(&[("file", name), ("n", &limits.ratio.to_string())]);
            return Err(Problem::of_file("zip_bomb", said));
        }
        left = left.checked_sub(n as u64).ok_or_else(|| {
            Problem::of_file("zip_too_large", TOO_LARGE.with(&[("n", &limits.bytes.to_string())]))
        })?;
        out.write_all(&buffer[..n]).map_err(damaged)?;
    }
}

/// A new folder that nobody else may read.
fn folder_of_our_own() -> io::Result<PathBuf> {
    let folder = std::env::temp_dir().join(format!("lotwalk-{:016x}", rand::random::<u64>()));
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(&folder)?;
    Ok(folder)
}
