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
    "{label}: the batch {batch} is “{is}”, {documents}. File the document of this version.",
    "{label}：批次 {batch} 为“{is}”，{documents}。请归档该版本的文件。",
);
const SAYS: Text = text("{number} says “{says}”", "{number} 为“{says}”");

/// What is compared: the field of the certificate, and where the batch tells it.
const COMPARED: &[(&str, &str, &str)] = &[
    ("product_version", "run_sheet", "product_version"),
    ("bom", "approved_revision", "bom"),
    ("made_at", "run_sheet", "factory"),
];

fn look(dossier: &Dossier, found: &mut Findings) {
    let documents: Vec<&Filed> = crate::record::certificate::DOCUMENTS
        .iter()
        .filter_map(|(kind, _)| compared(dossier, kind))
        .collect();
    // What several documents say otherwise is one disagreement, told side by side.
    for (name, record, fact) in COMPARED {
        let Some(is) = dossier.fact(record, fact) else { continue };
        let differ = documents.iter().filter(|document| differs(dossier, document, name));
        let says: Vec<Said> = differ
            .map(|document| {
                let said = |name: &str| document.fact(name).unwrap_or_default();
                SAYS.with(&[("number", said("number")), ("says", said(name))])
            })
            .collect();
        let Some(field) = KIND.fields.iter().find(|field| field.name == *name && !says.is_empty()) else {
            continue;
        };
        let fill = |label: &str, documents: String| {
            let batch = dossier.batch.key.as_str();
            DIFFERS.with(&[("label", label), ("batch", batch), ("is", is), ("documents", &documents)])
        };
        let joined =
            |pick: fn(&Said) -> &str, comma: &str| says.iter().map(pick).collect::<Vec<_>>().join(comma);
        let (en, zh) = (joined(|said| &said.en, ", "), joined(|said| &said.zh, "，"));
        let said = Said { en: fill(field.label.en, en).en, zh: fill(field.label.zh, zh).zh };
        let door = Door::record(KIND.name, &dossier.batch);
        found.fails(format!("certificate.{name}"), &dossier.batch, said, Some(door));
    }
}

/// The document of a kind that is compared: none where one of them agrees, for older versions keep theirs; else
/// the latest.
fn compared<'a>(dossier: &'a Dossier, kind: &str) -> Option<&'a Filed> {
    let of_kind = || dossier.certificates.iter().filter(|c| c.fact("document") == Some(kind));
    let disagrees = |document: &Filed| COMPARED.iter().any(|(name, ..)| differs(dossier, document, name));
    let latest = of_kind().max_by_key(|c| c.fact("issued_on").or(c.fact("tested_on")).unwrap_or_default());
    latest.filter(|_| of_kind().all(disagrees))
}

/// True where a document and the batch say different things of a field.
fn differs(dossier: &Dossier, document: &Filed, field: &str) -> bool {
    let compared = COMPARED.iter().find(|(name, ..)| *name == field);
    let is = compared.and_then(|(_, record, fact)| dossier.fact(record, fact));
    document.fact(field).zip(is).is_some_and(|(says, is)| same_name(says) != same_name(is))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gate::tests::good;

    #[test]
    fn c54_what_several_documents_say_otherwise_is_told_once_side_by_side() {
        let mut dossier = good();
        dossier
            .certificates
            .iter_mut()
            .for_each(|c| drop(c.facts.insert("product_version".into(), "A".into())));
        dossier.certificates[1].facts.insert("bom".into(), "BOM-0".into());
        let mut found = Findings::default();
        look(&dossier, &mut found);
        let facts: Vec<&str> = found.failures.iter().map(|failure| failure.fact.as_str()).collect();
        assert_eq!(facts, ["certificate.product_version", "certificate.bom"]);
        let said: Vec<&str> = found.failures.iter().map(|failure| failure.said.en.as_str()).collect();
        assert!(said[0].contains("is “B”, CPC-1 says “A”, TR-1 says “A”"), "{said:?}");
        assert!(said[1].contains("is “BOM-1”, TR-1 says “BOM-0”") && !said[1].contains("CPC"), "{said:?}");
    }
}
