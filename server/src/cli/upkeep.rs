//! `lotwalk import`, `backup`, `restore` and `verify-log`.

use domain::{
    person::{Person, Role},
    text::{Text, text},
};
use ledger::{Copied, Ledger, VerifyReport};
use serde_json::json;
use std::{
    io::{self, IsTerminal, Write},
    path::Path,
    process::ExitCode,
};

use super::{accounts, failed, lang, refused, say};
use crate::{
    config::Storage,
    import::{self, ImportArgs},
};

const BACKED_UP: Text = text("Backed up to {file}.", "已备份至 {file}。");
const WITH_DOCUMENTS: Text = text("With {n} documents in {place}.", "连同 {n} 个文件，位于 {place}。");
const STAYED: Text = text(
    "The documents stay in {place} and are no part of this copy. Keep versions there, or copy it with the tools of that store.",
    "文件保留在 {place}，不在此备份内。请在该存储中启用版本保留，或用其自带工具复制。",
);
const LEFT_OUT: Text =
    text("{n} documents are gone or changed, and are missing here.", "{n} 个文件已丢失或被更改，此处缺失。");
const RESTORED: Text = text("Restored from {file}.", "已从 {file} 恢复。");
const WELL: Text = text(
    "{n} entries and {d} documents hashed again, {m} checkpoints compared: all is as it was written.",
    "已重新计算 {n} 个条目和 {d} 个文件，并核对 {m} 个检查点：与写入时一致。",
);
const NOT_WELL: Text =
    text("The ledger is not as it was written: {n} findings.", "账本与写入时不一致：发现 {n} 处问题。");

/// Takes a record pack in.
pub(super) async fn import(storage: &Storage, args: &ImportArgs) -> ExitCode {
    let (ledger, brand) = match accounts::open(storage).await {
        Ok(opened) => opened,
        Err(why) => return failed(why),
    };
    // Whoever runs the command owns the database; what it writes is told from what people hand in.
    let person = Person { id: "record-pack".into(), name: "Record pack".into(), role: Role::Administrator };
    let code = import::command(&ledger, brand.id, &person, args, lang()).await;
    ledger.close().await;
    code
}

/// Writes a copy.
pub(super) async fn backup(storage: &Storage, file: &Path) -> ExitCode {
    let (ledger, _) = match accounts::open(storage).await {
        Ok(opened) => opened,
        Err(why) => return failed(why),
    };
    let answer = ledger.backup(file).await;
    ledger.close().await;
    match answer {
        Ok(Ok(copied)) => {
            say(BACKED_UP.with(&[("file", &file.display().to_string())]));
            told(&copied)
        }
        Ok(Err(refusal)) => refused(refusal.said),
        Err(fault) => failed(fault),
    }
}

/// What became of the documents; a failure where some are missing.
fn told(copied: &Copied) -> ExitCode {
    let place = ("place", copied.place.as_str());
    if copied.stayed {
        say(STAYED.with(&[place]));
    } else if copied.documents > 0 {
        say(WITH_DOCUMENTS.with(&[("n", &copied.documents.to_string()), place]));
    }
    copied.left_out.iter().for_each(|finding| eprintln!("{finding}"));
    match copied.left_out.len() {
        0 => ExitCode::SUCCESS,
        n => refused(LEFT_OUT.with(&[("n", &n.to_string())])),
    }
}

/// Puts a copy back.
pub(super) async fn restore(storage: &Storage, file: &Path) -> ExitCode {
    let url = match storage.url() {
        Ok(url) => url,
        Err(error) => return failed(error),
    };
    match Ledger::restore(&url, storage.files().as_deref(), file).await {
        Ok(Ok(copied)) => {
            say(RESTORED.with(&[("file", &file.display().to_string())]));
            told(&copied)
        }
        Ok(Err(refusal)) => refused(refusal.said),
        Err(fault) => failed(fault),
    }
}

/// Hashes every entry again.
pub(super) async fn verify_log(storage: &Storage, as_json: bool) -> ExitCode {
    let (ledger, _) = match accounts::open(storage).await {
        Ok(opened) => opened,
        Err(why) => return failed(why),
    };
    let shown = io::stderr().is_terminal();
    let answer = ledger
        .verify(|done| {
            if shown {
                eprint!("\r{done}");
                let _ = io::stderr().flush();
            }
        })
        .await;
    ledger.close().await;
    if shown {
        eprint!("\r");
    }
    let report = match answer {
        Ok(report) => report,
        Err(fault) => return failed(fault),
    };
    if as_json {
        println!(
            "{}",
            json!({
                "entries": report.entries,
                "checkpoints": report.checkpoints,
                "documents": report.documents,
                "findings": report.findings,
            })
        );
    }
    report.findings.iter().for_each(|finding| eprintln!("{finding}"));
    if report.findings.is_empty() {
        let VerifyReport { entries, checkpoints, documents, .. } = report;
        let [n, m, d] = [entries, checkpoints, documents].map(|n| n.to_string());
        say(WELL.with(&[("n", &n), ("m", &m), ("d", &d)]));
        return ExitCode::SUCCESS;
    }
    refused(NOT_WELL.with(&[("n", &report.findings.len().to_string())]))
}
