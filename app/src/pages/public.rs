//! What somebody is told who scans a product and has no account: what it is, whether to stop, who can tell
//! more, and a way to report what is wrong with it. Nothing of suppliers, buyers or quantities (C09).

use crate::{
    error::AppError,
    here::{encode, lang, param, query, said, tr},
    kept::KeptDraft,
    parts::{
        code_plate::CodePlate,
        event_form::{Filled, Question},
        facts::{Facts, Gap},
        icon::{Glyph, Icon},
        loaded::loaded,
        notice::{Notice, Tone},
        verdict::Verdict,
    },
};
use domain::{
    code::{self, Code, Element, digital_link},
    event::{FIELD_RETURN, kind_named},
    field::{Field, Input},
    text::{Text, text},
    view::PublicView,
};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use leptos_meta::Title;
use leptos_router::hooks::use_url;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

const TITLE: Text = text("Product check", "产品查询");
const PRODUCT: Text = text("Product", "产品");
const NOT_KNOWN: Text = text("This code is not known here.", "此处没有该条码的记录。");
const NOT_KNOWN_HELP: Text = text(
    "Nothing can be said about it, good or bad. Check the code against the box, or ask whoever sold it.",
    "无法说明其情况。请与包装上的条码核对，或询问销售者。",
);
const CODE: Text = text("Code as read", "读到的条码");
const CONTACT: Text = text("Who can tell you more", "了解更多请联系");
const FACTS: Text = text("About this product", "产品信息");
const ADDRESS: Text = text("Address of this page", "本页网址");
const REPORT: Text = text("Something wrong with it?", "产品有问题？");
const REPORT_HELP: Text = text(
    "Say what is wrong; a photo helps. No account, no name is asked for.",
    "请说明问题，附照片更好。无需账户，不问姓名。",
);
const NOTE: Field = Field::may("note", text("What happened, in your words", "请描述发生了什么"), Input::Text);
const SEND: Text = text("Send", "发送");
const THANKS: Text = text("Thank you. It was recorded.", "谢谢，已记录。");
const THANKS_NUMBER: Text = text(
    "Your report has number {seq}. Keep the toy and its box.",
    "您的报告编号为 {seq}。请保留玩具和包装。",
);
const NOT_SENT: Text = text("It was not recorded yet.", "尚未记录。");
const FAULT: Text = text(
    "Something broke on our side; what you typed is kept. Send it again. Fault number {number}.",
    "系统出现故障，您填写的内容已保留，请重新发送。故障编号 {number}。",
);

/// What anybody may know of a code, and the form for reporting on it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Told {
    /// What is known; `None` where nothing is.
    pub known: Option<PublicView>,
    /// The id of a report's draft.
    pub draft_id: String,
    /// A report that was kept.
    pub kept: Option<KeptDraft>,
}

/// What anybody may know of a code.
#[server(prefix = "/ask", endpoint = "public", input = GetUrl)]
pub async fn ask_public(
    /// The code.
    code: String,
    /// The id of a kept draft; empty where there is none.
    draft: String,
) -> Result<Told, AppError> {
    use crate::request::{request, told};
    let request = request()?;
    let known = told(request.ledger.public(None, &code).await)?;
    let kept = match draft.parse() {
        Ok(id) => told(request.ledger.kept_draft(request.public, id).await)?,
        Err(_) => None,
    };
    // A form that was kept for somebody's account is not for the public.
    let kept = kept
        .and_then(|json| serde_json::from_str::<KeptDraft>(&json).ok())
        .filter(|kept| kept.kind == FIELD_RETURN && kept.account.is_none());
    let draft_id = match &kept {
        Some(_) => draft,
        None => uuid::Uuid::now_v7().to_string(),
    };
    Ok(Told { known, draft_id, kept })
}

/// The address of the page behind a code, as far as it depends on the code: its GS1 Digital Link path with
/// key and qualifiers, so that a link printed on the toy and this page are the same one, or the short form.
pub fn address(code: &Code) -> String {
    let keys = |element: &&Element| ROUTED.contains(&element.ai.as_str());
    // Which host a Digital Link names says nothing about the product (URI Syntax, section 4): any will do.
    let link = code.elements.iter().find(keys).and_then(|key| {
        let qualifiers = code.elements.iter().filter(|one| digital_link::is_path(&[&key.ai, &one.ai]));
        let path: Vec<Element> = std::iter::once(key).chain(qualifiers).cloned().collect();
        digital_link::write(LINK_HOST, &path).ok()
    });
    match link.as_deref().and_then(|link| link.strip_prefix(LINK_HOST)) {
        Some(path) => path.to_owned(),
        None => format!("/p/{}", encode(&code.label())),
    }
}

/// The keys whose Digital Link paths lead here.
const ROUTED: [&str; 2] = ["01", "00"];
const LINK_HOST: &str = digital_link::CANONICAL_STEM;

/// The page.
#[component]
pub fn PublicPage() -> impl IntoView {
    let (short, draft, returned) = (param("code"), query("draft"), query("returned"));
    let url = use_url();
    let code = Memo::new(move |_| {
        let url = url.read();
        if url.path().starts_with("/p/") {
            return short.get();
        }
        // Only the path names the product; the query may be ours.
        let link = format!("{LINK_HOST}{}", url.path());
        code::read(None, link.as_bytes()).map_or(link, |code| code.label())
    });
    let answer = Resource::new(move || (code.get(), draft.get()), |(code, draft)| ask_public(code, draft));
    loaded(answer, move |told| {
        view! { <Shown told code=code.get_untracked() returned=returned.get_untracked()/> }
    })
}

#[component]
fn Shown(told: Told, code: String, returned: String) -> impl IntoView {
    let thanks = (!returned.is_empty()).then(|| {
        let number = THANKS_NUMBER.with(&[("seq", &returned)]);
        view! {
            <Notice tone=Tone::Good>
                <p><strong>{tr(THANKS)}</strong></p>
                <p>{said(&number)}</p>
            </Notice>
        }
    });
    let sent = thanks.is_some();
    let report = (!sent).then(|| view! { <Report code=code.clone() draft_id=told.draft_id kept=told.kept/> });
    let answer = match told.known {
        Some(known) => known_product(known).into_any(),
        None => unknown(code).into_any(),
    };
    view! {
        <Title text=tr(TITLE)/>
        <div class="public sheet">
            {thanks}
            {answer}
            {report}
        </div>
    }
}

fn known_product(known: PublicView) -> impl IntoView {
    let name = match &known.product {
        Some(product) => said(product).into_any(),
        None => view! { {tr(PRODUCT)} " " <Gap required=true/> }.into_any(),
    };
    let contact = match known.contact {
        Some(contact) => contact.into_any(),
        None => view! { <Gap required=true/> }.into_any(),
    };
    let address = address(&known.code);
    view! {
        <h1>{name}</h1>
        <Verdict stop_selling=known.stop_selling notice=known.notice/>
        <section class="panel">
            <h2>{tr(FACTS)}</h2>
            <Facts facts=known.facts/>
            <p class="label">{tr(CONTACT)}</p>
            <p class="contact">{contact}</p>
            <p class="label">{tr(CODE)}</p>
            <CodePlate code=known.code.label() inline=true/>
            <p class="label">{tr(ADDRESS)}</p>
            <p><a class="address" translate="no" href=address.clone()>{address.clone()}</a></p>
        </section>
    }
}

fn unknown(code: String) -> impl IntoView {
    view! {
        <h1>{tr(NOT_KNOWN)}</h1>
        <div class="verdict" role="status"><Icon glyph=Glyph::Unknown/><p>{tr(NOT_KNOWN_HELP)}</p></div>
        <section class="panel"><p class="label">{tr(CODE)}</p> <CodePlate code inline=true/></section>
    }
}

/// The questions that somebody without training can answer in seconds: what is wrong, a photo, a remark.
fn asked_of_anybody(fields: &'static [Field]) -> impl Iterator<Item = &'static Field> {
    fields.iter().filter(|field| matches!(field.input, Input::Choice(_) | Input::Photo | Input::Text))
}

/// The form for reporting on a product.
#[component]
fn Report(code: String, draft_id: String, kept: Option<KeptDraft>) -> impl IntoView {
    let Some(kind) = kind_named(FIELD_RETURN) else { return ().into_any() };
    let kept = kept.unwrap_or_default();
    let against = match (&kept.refusal, &kept.fault) {
        (Some(refusal), _) => Some(said(&refusal.said)),
        (None, Some(number)) => Some(FAULT.with(&[("number", number)]).get(lang()).to_owned()),
        (None, None) => None,
    };
    let against = against.map(|told| {
        view! { <Notice tone=Tone::Look><p><strong>{tr(NOT_SENT)}</strong></p> <p>{told}</p></Notice> }
    });
    let filled = Arc::new(Filled { kept, known: vec![], asked: vec![] });
    let open = against.is_some();
    let answers: Vec<_> = asked_of_anybody(kind.about.fields)
        .chain(&[NOTE])
        .map(|field| view! { <Question field name=field.name.to_owned() filled=filled.clone()/> })
        .collect();
    view! {
        <details class="report" open=open>
            <summary>{tr(REPORT)}</summary>
            <form class="event-form" method="post" action="/p/return" enctype="multipart/form-data">
                {against}
                <p class="help">{tr(REPORT_HELP)}</p>
                <input type="hidden" name="draft_id" value=draft_id/>
                <input type="hidden" name="code" value=code/>
                {answers}
                <div class="send"><button>{tr(SEND)}</button></div>
            </form>
        </details>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parts::fixture::{fact, html};
    use domain::text::Said;

    fn told(known: PublicView) -> Told {
        Told { known: Some(known), draft_id: "d".into(), kept: None }
    }

    fn toy() -> PublicView {
        PublicView {
            code: code::read(None, b"LOT-9").expect("a code"),
            product: Some(Said { en: "Wooden train".into(), zh: "木制火车".into() }),
            gtin: Some("09506000134352".into()),
            facts: vec![fact("brand_name", Some("Toys Inc."), true), fact("produced_from", None, true)],
            contact: None,
            notice: None,
            stop_selling: false,
        }
    }

    fn page(known: PublicView) -> String {
        html(move || view! { <Shown told=told(known) code="LOT-9".to_owned() returned=String::new()/> })
    }

    #[test]
    fn c01_an_absent_tracking_label_fact_is_a_named_gap() {
        let html = page(toy());
        let gap = html.split("data-fact=\"produced_from\"").nth(1).and_then(|h| h.split("</dd>").next());
        let gap = gap.expect("the fact is shown");
        assert!(gap.contains("produced_from") && gap.contains("Missing from the record"), "{gap}");
    }

    #[test]
    fn c09_somebody_without_an_account_is_told_what_to_do_and_nothing_private() {
        let html = page(PublicView { stop_selling: true, notice: Some(Said::same("Small parts.")), ..toy() });
        assert!(html.contains("Stop. Do not sell or use it.") && html.contains("Small parts."), "{html}");
        // No way into the record from here: nobody without an account could follow it.
        for room in ["/batch/", "/shipment/", "/material-lot/", "/place/", "/ledger/", "/event/"] {
            assert!(!html.contains(room), "{room} in {html}");
        }
        assert!(html.contains("action=\"/p/return\""), "{html}");
    }

    #[test]
    fn c09_the_address_is_the_link_that_is_printed_on_the_toy() {
        let of = |text: &str| address(&code::read(None, text.as_bytes()).expect("a code"));
        assert_eq!(of("(01)09506000134352(10)A/1"), "/01/09506000134352/10/A%2F1");
        assert_eq!(of("(01)09506000134352(17)271231(21)S1(10)L"), "/01/09506000134352/10/L/21/S1");
        assert_eq!(of("9506000134352"), "/01/09506000134352");
        assert_eq!(of("(00)306141410000070023"), "/00/306141410000070023");
        assert_eq!(of("LOT 9"), "/p/LOT%209");
    }

    #[test]
    fn an_unknown_code_is_neither_cleared_nor_blamed() {
        let told = Told { known: None, draft_id: "d".into(), kept: None };
        let html = html(move || view! { <Shown told code="X".to_owned() returned=String::new()/> });
        assert!(html.contains("This code is not known here."), "{html}");
        assert!(!html.contains("no warning or recall"), "{html}");
    }
}
