//! The proof that an entry stands in the ledger, checked on the reader's own device: the server that
//! hands the entry out is not the one that is believed.

use crate::{
    here::{lang, tr},
    parts::icon::{Glyph, Icon},
};
use domain::{
    log::{Checkpoint, Hash, VerifierKey, canonical, leaf_hash, verify_inclusion},
    text::{Said, Text, text},
    view::EntryView,
};
use leptos::prelude::*;

const CONTENT: Text = text("The content has this hash", "内容与哈希一致");
const INCLUDED: Text = text("The hash leads to the checkpoint's root", "哈希可推至检查点的根");
const SIGNED: Text = text("The checkpoint is signed with the verifier key", "检查点由验证公钥对应的密钥签名");
const HERE: Text = text("Checked on this device", "已在本设备上验证");
const NOT_YET: Text = text(
    "This page checks the proof on your device once its script runs. The steps below can be checked by any RFC 9162 tool.",
    "页面脚本运行后会在本设备上验证证明。以下步骤可用任何 RFC 9162 工具验证。",
);
const DIFFERS: Text = text("does not hold: {why}", "不成立：{why}");
const HIDDEN: Text = text("not checked, the content is not shown to your role", "未验证：您的角色不可见内容");
const OTHER_HASH: Text = text("the content has another hash", "内容的哈希与此不同");
const OTHER_HEAD: Text = text("the signed note tells another head", "签名内容与所示检查点不一致");
const HASH: Text = text("Leaf hash", "叶哈希");
const STEPS: Text = text("Inclusion proof, leaf side first", "包含证明（自叶端起）");
const FIRST_ENTRY: Text = text("None needed: the tree has one entry.", "无需证明：树中只有一个条目。");

/// One thing that was checked: what, and how it came out; `None` where there was nothing to check.
type Checked = (Text, Option<Result<(), Said>>);

/// The proof of an entry, and, once awake, what came of checking it.
#[component]
pub fn Proof(
    /// The entry.
    entry: EntryView,
) -> impl IntoView {
    let checked = RwSignal::new(None::<Vec<Checked>>);
    let (hash, steps) = (entry.hash.clone(), entry.proof.clone());
    // Effects run in the browser only, and only there is the check worth anything.
    Effect::new(move |_| checked.set(Some(check(&entry))));
    let lang = lang();
    let outcome = move || match checked.get() {
        None => view! { <p class="help">{NOT_YET.get(lang)}</p> }.into_any(),
        Some(checks) => {
            let checks: Vec<_> = checks
                .into_iter()
                .map(|(what, came)| {
                    let (class, glyph, told) = match came {
                        Some(Ok(())) => ("holds", Glyph::Check, String::new()),
                        Some(Err(why)) => (
                            "differs",
                            Glyph::Stop,
                            DIFFERS.with(&[("why", why.get(lang))]).get(lang).to_owned(),
                        ),
                        None => ("unchecked", Glyph::Unknown, HIDDEN.get(lang).to_owned()),
                    };
                    view! { <li class=class><Icon glyph/>{what.get(lang)} " " {told}</li> }
                })
                .collect();
            view! { <p class="label">{HERE.get(lang)}</p> <ul class="checks">{checks}</ul> }.into_any()
        }
    };
    let no_steps = steps.is_empty().then(|| view! { <p class="soft">{tr(FIRST_ENTRY)}</p> });
    let steps: Vec<_> = steps.into_iter().map(|step| view! { <li><code>{step}</code></li> }).collect();
    view! {
        <div class="proof panel" translate="no">
            <div role="status" aria-live="polite">{outcome}</div>
            <p class="label">{tr(HASH)}</p>
            <pre class="copy" tabindex="0">{hash}</pre>
            <p class="label">{tr(STEPS)}</p>
            {no_steps}
            <ol>{steps}</ol>
        </div>
    }
}

/// Content to hash, hash to root, root to signature. Each is checked by itself, so that what fails is named.
fn check(entry: &EntryView) -> Vec<Checked> {
    vec![
        (CONTENT, (!entry.content.is_null()).then(|| check_content(entry))),
        (INCLUDED, Some(check_inclusion(entry))),
        (SIGNED, Some(check_signature(entry))),
    ]
}

fn check_content(entry: &EntryView) -> Result<(), Said> {
    let bytes = canonical(&entry.content).map_err(|e| e.said())?;
    let given: Hash = entry.hash.parse().map_err(|e: domain::log::HashError| e.said())?;
    if leaf_hash(&bytes) == given { Ok(()) } else { Err(OTHER_HASH.said()) }
}

fn check_inclusion(entry: &EntryView) -> Result<(), Said> {
    let unread = |e: domain::log::HashError| e.said();
    let leaf: Hash = entry.hash.parse().map_err(unread)?;
    let steps: Vec<Hash> =
        entry.proof.iter().map(|step| step.parse()).collect::<Result<_, _>>().map_err(unread)?;
    let root = Hash::from_base64(&entry.checkpoint.root).map_err(unread)?;
    // Sequence numbers begin at 1, leaves at 0.
    let index = entry.line.entry.seq.saturating_sub(1);
    verify_inclusion(&leaf, index, entry.checkpoint.size, &steps, &root).map_err(|e| e.said())
}

fn check_signature(entry: &EntryView) -> Result<(), Said> {
    let key: VerifierKey =
        entry.checkpoint.verifier_key.parse().map_err(|e: domain::log::NoteError| e.said())?;
    let signed = Checkpoint::open(&entry.checkpoint.note, &[key]).map_err(|e| e.said())?;
    let shown = (&entry.checkpoint.origin, entry.checkpoint.size, &entry.checkpoint.root);
    if (&signed.origin, signed.size, &signed.root.to_base64()) == shown {
        Ok(())
    } else {
        Err(OTHER_HEAD.said())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parts::fixture;

    fn came(entry: &EntryView) -> Vec<Option<bool>> {
        check(entry).into_iter().map(|(_, came)| came.map(|c| c.is_ok())).collect()
    }

    #[test]
    fn an_entry_as_written_holds_and_a_changed_one_does_not() {
        let whole = fixture::entry();
        assert_eq!(came(&whole), [Some(true), Some(true), Some(true)]);

        let mut changed = whole.clone();
        changed.content["note"] = "another".into();
        assert_eq!(came(&changed), [Some(false), Some(true), Some(true)]);

        let mut moved = whole.clone();
        moved.line.entry.seq = 1;
        assert_eq!(came(&moved), [Some(true), Some(false), Some(true)]);

        let mut other_head = whole.clone();
        other_head.checkpoint.size = 3;
        assert_eq!(came(&other_head)[2], Some(false));

        let mut garbled = whole;
        garbled.hash = "no hash".into();
        garbled.checkpoint.note = String::new();
        assert_eq!(came(&garbled), [Some(false), Some(false), Some(false)]);
    }

    #[test]
    fn c62_content_that_a_role_may_not_see_leaves_the_rest_to_be_checked() {
        let mut entry = fixture::entry();
        entry.content = serde_json::Value::Null;
        assert_eq!(came(&entry), [None, Some(true), Some(true)]);
    }
}
