//! The ledger's signed head, in a form that can be copied to whoever wants to hold us to it.

use crate::{here::tr, parts::amount::number};
use domain::{
    text::{Text, text},
    view::CheckpointView,
};
use leptos::prelude::*;

const ORIGIN: Text = text("Log", "日志名称");
const SIZE: Text = text("Entries", "条目数");
const ROOT: Text = text("Root (SHA-256, base64)", "根哈希（SHA-256，base64）");
const NOTE: Text = text("Signed note", "签名的检查点");
const KEY: Text = text("Verifier key", "验证公钥");
const COPY: Text = text(
    "Keep a copy. Whoever holds one can show later whether an entry was changed or taken out.",
    "请保存副本。持有者日后可证明条目是否被更改或删除。",
);

/// The head.
#[component]
pub fn Checkpoint(
    /// As signed.
    checkpoint: CheckpointView,
) -> impl IntoView {
    view! {
        <div class="checkpoint panel">
            <dl class="facts">
                <div><dt>{tr(ORIGIN)}</dt><dd>{checkpoint.origin}</dd></div>
                <div><dt>{tr(SIZE)}</dt><dd>{number(checkpoint.size)}</dd></div>
            </dl>
            <p class="label">{tr(ROOT)}</p>
            <pre class="copy" tabindex="0" translate="no">{checkpoint.root}</pre>
            <p class="label">{tr(NOTE)}</p>
            <pre class="copy" tabindex="0" translate="no">{checkpoint.note}</pre>
            <p class="label">{tr(KEY)}</p>
            <pre class="copy" tabindex="0" translate="no">{checkpoint.verifier_key}</pre>
            <p class="help">{tr(COPY)}</p>
        </div>
    }
}
