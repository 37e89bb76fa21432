//! Sealed names on their way in and out: a name that is to be sealed becomes a commitment before anything is
//! written, and the event that opens one gets name and salt from where they are kept (C52).

use app::parts::event_form::question::SEAL;
use domain::{
    event::{EventDraft, SEAL_OPENED},
    field::{Field, Input},
    person::Person,
    seal::Sealed,
    subject::Subject,
    view::Resolution,
};
use ledger::{BrandId, Fault, Reader};

use crate::{forms::Of, shared::Shared};

/// The records and fields in which a sealed source can stand.
pub(crate) const SEALED_IN: &[(&str, &str)] = &[("material_lot", "source"), ("run_sheet", "second_source")];

/// Seals every answer for which that was asked.
pub(crate) async fn close(
    shared: &Shared,
    brand: BrandId,
    person: &Person,
    form: Of,
    values: &mut Vec<(String, String)>,
) -> Result<(), Fault> {
    let asked: Vec<String> = values
        .iter()
        .filter(|(_, value)| value == "true")
        .filter_map(|(name, _)| name.strip_suffix(SEAL).map(str::to_string))
        .filter(|name| form.own(name).is_some_and(|own| may_be_sealed(form.fields(), own)))
        .collect();
    let draft =
        values.iter().find(|(name, _)| name == "draft_id").map(|(_, id)| id.clone()).unwrap_or_default();
    values.retain(|(name, _)| !name.ends_with(SEAL));
    for (name, value) in values.iter_mut().filter(|(name, _)| asked.contains(name)) {
        let plain = value.trim();
        if plain.is_empty() || Sealed::read(plain).is_some() {
            continue;
        }
        tracing::info!(field = %name, "a name is sealed");
        let place = format!("{draft}/{name}");
        *value = shared.ledger.seal_at(brand, person, plain, &place).await?.to_string();
    }
    Ok(())
}

fn may_be_sealed(fields: &[Field], name: &str) -> bool {
    fields.iter().any(|field| field.name == name && matches!(field.input, Input::Source))
}

/// Puts name and salt into a draft that opens a seal, where it brings none. The draft is refused by its own
/// rules unless the condition has come about; a seal that only its owner may open is told to nobody else.
pub(crate) async fn open(
    shared: &Shared,
    brand: BrandId,
    person: &Person,
    draft: &mut EventDraft,
) -> Result<(), Fault> {
    if draft.kind != SEAL_OPENED || draft.payload.get("salt").is_some() {
        return Ok(());
    }
    let said = |name: &str| draft.payload.get(name).and_then(|value| value.as_str()).unwrap_or_default();
    let reader = Reader { brand, role: person.role };
    let Some(subject) = subject(shared, &reader, said("subject")).await? else { return Ok(()) };
    let as_owner = said("condition") == "owner";
    for (record, field) in SEALED_IN {
        let facts = shared.ledger.facts(&reader, &subject, record).await?;
        let Some(sealed) = facts.get(*field).and_then(|fact| Sealed::read(fact)) else { continue };
        if let Some(seal) = shared.ledger.to_open(brand, person, &sealed, as_owner).await?
            && let Some(payload) = draft.payload.as_object_mut()
        {
            payload.insert("source_name".into(), seal.name.into());
            payload.insert("salt".into(), seal.salt.into());
        }
        return Ok(());
    }
    Ok(())
}

/// The one subject that a text means.
async fn subject(shared: &Shared, reader: &Reader, text: &str) -> Result<Option<Subject>, Fault> {
    if let Some(subject) = Subject::from_urn(text) {
        return Ok(Some(subject));
    }
    match shared.ledger.resolve(reader, None, text.as_bytes()).await? {
        Resolution::Found { card, .. } => Ok(Some(card.titled.subject)),
        _ => Ok(None),
    }
}
