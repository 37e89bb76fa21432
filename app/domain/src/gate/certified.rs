//! Certificate, test report and batch speak of the same product (C54): version, BOM and where it was made,
//! field by field. That there is a certificate says nothing of the batch's own records (C55).

use super::{Asked, Findings, Rule};
use crate::{
    completeness::Door,
    dossier::Dossier,
    record::{Filed, certificate::KIND},
    seal::same_name,
    text::{Said, Text, text},
};

pub(super) const RULE: Rule = Rule {
    name: "certified",
    title: text("Certificates and batch agree", "证书与批次一致"),
    look: Asked::OfBatch(look),
};

const DIFFERS: Text = text(
    "{number} says “{says}” for {label}; the batch {batch} is “{is}”. File the certificate of this version.",
    "{number} 的{label}为“{says}”，批次 {batch} 为“{is}”。请归档该版本的证书。",
);

/// What is compared: the field of the certificate, and where the batch tells it.
const COMPARED: &[(&str, &str, &str)] = &[
    ("product_version", "run_sheet", "product_version"),
    ("bom", "approved_revision", "bom"),
    ("made_at", "run_sheet", "factory"),
];

fn look(dossier: &Dossier, found: &mut Findings) {
    // One certificate of each kind that agrees is enough: older versions keep theirs.
    for (document, _) in crate::record::certificate::DOCUMENTS {
        let of_kind: Vec<&Filed> =
            dossier.certificates.iter().filter(|c| c.fact("document") == Some(document)).collect();
        let agrees = |certificate: &&&Filed| differing(dossier, certificate).is_none();
        if of_kind.iter().any(|c| agrees(&c)) {
            continue;
        }
        let latest = of_kind
            .into_iter()
            .max_by_key(|c| c.fact("issued_on").or(c.fact("tested_on")).unwrap_or_default());
        let Some((name, says, is)) = latest.and_then(|c| differing(dossier, c)) else { continue };
        let number = latest.and_then(|c| c.fact("number")).unwrap_or_default();
        let Some(field) = KIND.fields.iter().find(|field| field.name == name) else { continue };
        let fill = |label: &str| {
            DIFFERS.with(&[
                ("number", number),
                ("says", says),
                ("is", is),
                ("label", label),
                ("batch", &dossier.batch.key),
            ])
        };
        let said = Said { en: fill(field.label.en).en, zh: fill(field.label.zh).zh };
        let door = Door::record(KIND.name, &dossier.batch);
        found.fails(format!("certificate.{name}"), &dossier.batch, said, Some(door));
    }
}

/// The first field in which a certificate and the batch differ.
fn differing<'a>(dossier: &'a Dossier, certificate: &'a Filed) -> Option<(&'static str, &'a str, &'a str)> {
    COMPARED.iter().find_map(|(name, record, fact)| {
        let (says, is) = (certificate.fact(name)?, dossier.fact(record, fact)?);
        (same_name(says) != same_name(is)).then_some((*name, says, is))
    })
}
