//! Puts style sheets and site into the release binary.
//!
//! `LOTWALK_SITE` names the folder that the build of the site made (`pkg/`, `public/`); without it a
//! release binary carries the public files and no WASM. A debug binary carries nothing: it reads the
//! folders when asked, so that a changed style sheet needs no build.

use std::{
    env, fs, io,
    path::{Path, PathBuf},
};

fn main() -> io::Result<()> {
    println!("cargo:rerun-if-env-changed=LOTWALK_SITE");
    println!("cargo:rerun-if-changed=build.rs");
    let server = PathBuf::from(env::var("CARGO_MANIFEST_DIR").unwrap_or_default());
    let root = server.parent().unwrap_or(&server).to_path_buf();
    let mut lists = [("STYLE", vec![]), ("SITE", vec![])];
    if env::var("PROFILE").is_ok_and(|profile| profile == "release") {
        collect(&root.join("style"), "", &mut lists[0].1)?;
        match env::var("LOTWALK_SITE").ok().filter(|site| !site.is_empty()) {
            Some(site) => collect(Path::new(&site), "", &mut lists[1].1)?,
            None => collect(&root.join("public"), "public/", &mut lists[1].1)?,
        }
    }
    let mut out = String::new();
    for (name, files) in &mut lists {
        files.sort();
        out.push_str(&format!("pub(super) static {name}: &[(&str, &[u8])] = &[\n"));
        for (path, file) in files {
            out.push_str(&format!("    ({path:?}, include_bytes!({:?})),\n", file.display().to_string()));
        }
        out.push_str("];\n");
    }
    fs::write(Path::new(&env::var("OUT_DIR").unwrap_or_default()).join("embedded.rs"), out)
}

/// Every file below a folder with its path inside it; a folder that is not there holds none.
fn collect(dir: &Path, within: &str, files: &mut Vec<(String, PathBuf)>) -> io::Result<()> {
    println!("cargo:rerun-if-changed={}", dir.display());
    if !dir.is_dir() {
        return Ok(());
    }
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else { continue };
        match path.is_dir() {
            true => collect(&path, &format!("{within}{name}/"), files)?,
            false => files.push((format!("{within}{name}"), path)),
        }
    }
    Ok(())
}
