//! What a person may be told when an answer is not what was asked for, on both sides of the wire.

use domain::{
    refusal::Refusal,
    text::{Said, Text, text},
};
use leptos::server_fn::{
    codec::JsonEncoding,
    error::{FromServerFnError, ServerFnErrorErr},
};
use serde::{Deserialize, Serialize};

/// Why a page has no answer.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(tag = "told", rename_all = "snake_case")]
#[expect(missing_docs, reason = "each variant's sentence names its fields")]
pub enum AppError {
    /// Nobody is signed in, or the session has run out.
    NotSignedIn,
    /// Somebody is, in a role that may not see this.
    NotAllowed,
    /// No record of that name.
    NotFound,
    /// The domain says no, and why.
    Refused { refusal: Refusal },
    /// Something broke. `number` stands in the server's log; `retry` is true where trying again can help.
    Fault { number: String, retry: bool },
    /// The server cannot be reached from here.
    Offline,
}

const NOT_SIGNED_IN: Text =
    text("Your session has ended. Sign in again to go on.", "登录已失效，请重新登录后继续。");
const NOT_ALLOWED: Text = text(
    "Your role may not see this. Ask an administrator if you should.",
    "您的角色无权查看此内容。如有需要，请联系管理员。",
);
const NOT_FOUND: Text = text(
    "There is no record of that name. Scan again, or find it by name.",
    "没有该名称的记录。请重新扫描或按名称查找。",
);
const FAULT: Text = text(
    "Something broke on our side. If it stays, quote fault number {number}.",
    "系统出现故障。若持续出现，请提供故障编号 {number}。",
);
const FAULT_RETRY: Text = text(
    "The ledger is busy or out of reach. Nothing was lost; try again in a moment. Fault number {number}.",
    "账本繁忙或暂时无法访问。数据没有丢失，请稍后重试。故障编号 {number}。",
);
const OFFLINE: Text = text("No signal: this cannot be looked up now.", "没有信号：暂时无法查询。");

impl AppError {
    /// The sentence to show.
    pub fn said(&self) -> Said {
        match self {
            AppError::NotSignedIn => NOT_SIGNED_IN.said(),
            AppError::NotAllowed => NOT_ALLOWED.said(),
            AppError::NotFound => NOT_FOUND.said(),
            AppError::Refused { refusal } => refusal.said.clone(),
            AppError::Fault { number, retry: false } => FAULT.with(&[("number", number)]),
            AppError::Fault { number, retry: true } => FAULT_RETRY.with(&[("number", number)]),
            AppError::Offline => OFFLINE.said(),
        }
    }
}

impl std::fmt::Display for AppError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.said().fmt(f)
    }
}

impl std::error::Error for AppError {}

impl From<Refusal> for AppError {
    fn from(refusal: Refusal) -> AppError {
        AppError::Refused { refusal }
    }
}

impl FromServerFnError for AppError {
    type Encoder = JsonEncoding;

    /// What goes wrong between page and server, before or after our own code runs.
    fn from_server_fn_error(error: ServerFnErrorErr) -> AppError {
        let number = match error {
            // The browser could not send, or what came back is no answer of ours (a captive portal's
            // page, a proxy's): either way there is no server to talk to.
            ServerFnErrorErr::Request(_) | ServerFnErrorErr::Deserialization(_) => return AppError::Offline,
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) => "page-arguments",
            ServerFnErrorErr::Serialization(_) => "page-serialization",
            _ => "page-transport",
        };
        AppError::Fault { number: number.into(), retry: false }
    }
}
