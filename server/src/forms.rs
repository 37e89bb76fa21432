//! Forms of the pages: they work without script, and nothing that was filled in is ever lost.
//!
//! `POST /event/{kind}` makes a draft of what was posted, stores its photos and PDFs as they
//! come in (`posted`), and captures it. When that
//! cannot be (a refusal, an expired session, a fault) the filled form is kept, and the answer leads back
//! to it; so it is where only more rows are asked for. `POST /p/return` is the same for
//! somebody who holds the toy and has no account, `POST /record/{kind}` for the facts of a record.

mod of;
mod posted;

pub use posted::{STRANGER, WHOLE};

use app::{
    here::{encode, href},
    kept::KeptDraft,
};
use axum::{
    Extension,
    extract::{Multipart, Path, State},
    response::Response,
};
use domain::{
    event::{FIELD_RETURN, kind_named},
    person::{Person, Role},
    record::record_named,
    refusal::Refusal,
    text::{Text, text},
    view::Receipt,
};
use ledger::Fault;

use crate::{
    problem::Problem,
    seals,
    session::{Visitor, see},
    shared::Shared,
    visitor::{self, Asker},
};
pub(crate) use of::Of;
use posted::{Keeper, Posted};

/// In whose name a document is stored that somebody without an account sends.
const NOBODY: &str = "public";

const BROKEN_FORM: Text =
    text("The form broke off on its way here. Send it again.", "表单传输中断，请重新提交。");

/// `POST /event/{kind}`.
pub async fn event(
    State(shared): State<Shared>,
    Extension(visitor): Extension<Visitor>,
    asker: Asker,
    Path(kind): Path<String>,
    form: Multipart,
) -> Result<Response, Problem> {
    let kind = kind_named(&kind).ok_or_else(Problem::not_found)?;
    posted_form(shared, visitor, asker, Of::Event(kind), form).await
}

/// `POST /record/{kind}`: a record is filed under a subject.
pub async fn record(
    State(shared): State<Shared>,
    Extension(visitor): Extension<Visitor>,
    asker: Asker,
    Path(kind): Path<String>,
    form: Multipart,
) -> Result<Response, Problem> {
    let kind = record_named(&kind).ok_or_else(Problem::not_found)?;
    posted_form(shared, visitor, asker, Of::Record(kind), form).await
}

async fn posted_form(
    shared: Shared,
    visitor: Visitor,
    asker: Asker,
    kind: Of,
    form: Multipart,
) -> Result<Response, Problem> {
    let person = visitor.person();
    if person.is_none() {
        shared.strangers.take(&asker.counted()).map_err(Problem::too_many)?;
    }
    let by = person.as_ref().map_or(NOBODY, |person| &person.id);
    let keeper = Keeper { shared: &shared, brand: visitor.brand.id, by, takes_source: true };
    let mut posted = posted::read(form, kind, &keeper).await?;
    if posted.cut_off {
        let page = keep(&shared, &visitor, kind, posted, None, None).await?;
        return Err(Problem::too_large().with("kept", page));
    }
    let Some(person) = person else {
        let refusal = posted.refused.take();
        let page = keep(&shared, &visitor, kind, posted, refusal, None).await?;
        return Ok(see(&format!("/sign-in?refused=expired&back={}", encode(&page))));
    };
    if let Some(field) = posted.first("more_rows").map(str::to_string) {
        let refusal = posted.refused.take();
        let page = keep(&shared, &visitor, kind, posted, refusal, None).await?;
        return Ok(see(&format!("{page}#question-{}", encode(&field))));
    }
    let page = match capture(&shared, &visitor, &person, kind, &mut posted).await {
        Ok(Ok(receipt)) => return Ok(see(&page_of(&receipt, &posted, person.role))),
        Ok(Err(refusal)) => keep(&shared, &visitor, kind, posted, Some(refusal), None).await?,
        Err(fault) => {
            let number = fault.number.clone();
            // Where the draft cannot be kept either, the fault itself is the answer; the browser still
            // holds the form.
            keep(&shared, &visitor, kind, posted, None, Some(number))
                .await
                .map_err(|_| Problem::from(fault))?
        }
    };
    Ok(see(&page))
}

/// `POST /p/return`: somebody returns a toy by the code on it.
pub async fn public_return(
    State(shared): State<Shared>,
    asker: Asker,
    form: Multipart,
) -> Result<Response, Problem> {
    let kind = Of::Event(kind_named(FIELD_RETURN).ok_or_else(Problem::not_found)?);
    shared.strangers.take(&asker.counted()).map_err(Problem::too_many)?;
    let keeper = Keeper { shared: &shared, brand: shared.brand.id, by: NOBODY, takes_source: false };
    let mut posted = posted::read(form, kind, &keeper).await?;
    let visitor = Visitor { account: None, brand: shared.brand.clone() };
    let person = Person { id: NOBODY.into(), name: "Public page".into(), role: Role::Retailer };
    let code = posted.first("code").unwrap_or_default();
    let page = match domain::code::read(None, code.as_bytes()) {
        Ok(code) => app::pages::public::address(&code),
        Err(_) => format!("/p/{}", encode(code)),
    };
    let kept_page = |draft: String| format!("{page}?draft={}", draft.rsplit('=').next().unwrap_or_default());
    if posted.cut_off {
        let draft = keep(&shared, &visitor, kind, posted, None, None).await?;
        return Err(Problem::too_large().with("kept", kept_page(draft)));
    }
    match capture(&shared, &visitor, &person, kind, &mut posted).await? {
        Ok(receipt) => Ok(see(&format!("{page}?returned={}", receipt.seq))),
        Err(refusal) => {
            let draft = keep(&shared, &visitor, kind, posted, Some(refusal), None).await?;
            Ok(see(&kept_page(draft)))
        }
    }
}

/// Captures what was posted.
async fn capture(
    shared: &Shared,
    visitor: &Visitor,
    person: &Person,
    kind: Of,
    posted: &mut Posted,
) -> Result<Result<Receipt, Refusal>, Fault> {
    if let Some(fault) = posted.fault.take() {
        return Err(fault);
    }
    if let Some(refusal) = posted.refused.take() {
        return Ok(Err(refusal));
    }
    posted.id();
    // What is to be sealed leaves this place as a commitment only, even where the form is kept.
    seals::close(shared, visitor.brand.id, person, kind, &mut posted.values).await?;
    let mut draft = match posted.draft(kind) {
        Ok(draft) => draft,
        Err(refusal) => return Ok(Err(refusal)),
    };
    seals::open(shared, visitor.brand.id, person, &mut draft).await?;
    let id = draft.id;
    let mut answers = shared.ledger.capture(visitor.brand.id, person, vec![draft]).await?;
    let receipt = match answers.pop() {
        Some(Ok(receipt)) => receipt,
        // The form shows the candidates, and it is kept as it will be shown.
        Some(Err(refusal)) => return Ok(Err(kind.at_answer(&posted.values, refusal.told(person.role)))),
        None => return Ok(Err(Refusal::new("no_answer", BROKEN_FORM))),
    };
    // An entry is durable now; a kept draft left behind would only be clutter.
    let _ = shared.ledger.forget_draft(visitor.brand.id, id).await;
    Ok(Ok(receipt))
}

/// Where the form asked to go, else the page of what the event was about, or the scan page for those who
/// may not read it; each shows the receipt.
fn page_of(receipt: &Receipt, posted: &Posted, role: Role) -> String {
    let page = match posted.first("back") {
        Some(back) => visitor::back(Some(back)).to_string(),
        None if !role.reads_records() => "/".to_string(),
        None => receipt.subjects.first().map_or("/".to_string(), href),
    };
    let joint = if page.contains('?') { '&' } else { '?' };
    format!("{page}{joint}receipt={}", receipt.seq)
}

/// Keeps the form and tells its address.
async fn keep(
    shared: &Shared,
    visitor: &Visitor,
    kind: Of,
    mut posted: Posted,
    refusal: Option<Refusal>,
    fault: Option<String>,
) -> Result<String, Problem> {
    let id = posted.id();
    posted.values.retain(|(name, _)| name != "draft_id");
    posted.values.push(("draft_id".into(), id.to_string()));
    let account = visitor.account.as_ref().map(|account| account.id.clone());
    let kept = KeptDraft { kind: kind.name().into(), values: posted.values, refusal, fault, account };
    let json = serde_json::to_string(&kept).map_err(Problem::broke)?;
    shared.ledger.keep_draft(visitor.brand.id, id, &json).await?;
    Ok(format!("{}?draft={id}", kind.page()))
}
