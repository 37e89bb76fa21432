//! `lotwalk user` and `lotwalk token`.

use domain::{
    person::Role,
    text::{Text, text},
};
use ledger::{Brand, Fault, Ledger};
use std::{io::Read, process::ExitCode};

use super::{failed, refused, say};
use crate::{api::token, config::Storage, password};

const SHORT: Text = text(
    "The password has fewer than {n} characters. Choose a longer one.",
    "密码少于 {n} 个字符，请使用更长的密码。",
);
const MADE_UP: Text =
    text("Added {name}. The password, shown this once:", "已添加 {name}。密码如下，仅显示这一次：");
const ADDED: Text = text("Added {name}.", "已添加 {name}。");

/// The database a command works on, and its brand.
pub(super) async fn open(storage: &Storage) -> Result<(Ledger, Brand), String> {
    let url = storage.url().map_err(|e| e.to_string())?;
    let ledger = Ledger::open_with(&url, storage.files().as_deref()).await.map_err(|e| e.to_string())?;
    let brand = first_brand(&ledger).await.map_err(|e| e.to_string())?;
    Ok((ledger, brand))
}

/// The brand that was there first; a fresh ledger gets one.
pub(super) async fn first_brand(ledger: &Ledger) -> Result<Brand, Fault> {
    match ledger.brands().await?.into_iter().min_by_key(|brand| brand.id) {
        Some(brand) => Ok(brand),
        None => ledger.create_brand("lotwalk", "Lotwalk").await,
    }
}

/// Adds a user and prints the password where it was made up here.
pub(super) async fn add_user(storage: &Storage, name: &str, role: Role, from_stdin: bool) -> ExitCode {
    let mut password = password::made_up();
    if from_stdin {
        password.clear();
        let mut given = std::io::stdin().take(password::LONGEST as u64);
        if let Err(error) = given.read_to_string(&mut password) {
            return failed(error);
        }
        password.truncate(password.trim_end_matches(['\r', '\n']).len());
        if password.chars().count() < password::SHORTEST {
            return refused(SHORT.with(&[("n", &password::SHORTEST.to_string())]));
        }
    }
    let hash = match password::hash(password.clone()).await {
        Ok(hash) => hash,
        Err(error) => return failed(error),
    };
    let (ledger, brand) = match open(storage).await {
        Ok(opened) => opened,
        Err(why) => return failed(why),
    };
    let answer = ledger.create_account(brand.id, name.trim(), role, Some(&hash)).await;
    ledger.close().await;
    match answer {
        Ok(Ok(account)) if from_stdin => say(ADDED.with(&[("name", &account.name)])),
        Ok(Ok(account)) => {
            say(MADE_UP.with(&[("name", &account.name)]));
            println!("{password}");
        }
        Ok(Err(refusal)) => return refused(refusal.said),
        Err(fault) => return failed(fault),
    }
    ExitCode::SUCCESS
}

/// Makes a token and prints it, alone.
pub(super) async fn create_token(storage: &Storage, name: &str, role: Role) -> ExitCode {
    let (ledger, brand) = match open(storage).await {
        Ok(opened) => opened,
        Err(why) => return failed(why),
    };
    let (secret, digest) = token::make();
    let answer = ledger.create_token(brand.id, name, role, &digest).await;
    ledger.close().await;
    match answer {
        Ok(_) => {
            println!("{secret}");
            ExitCode::SUCCESS
        }
        Err(fault) => failed(fault),
    }
}
