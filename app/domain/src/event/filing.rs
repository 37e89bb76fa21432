//! Filing: a record is filed under a subject by kind and key. The subject comes into the book by it,
//! named by the codes given or, where none are, by its key.
//!
//! CBV has no word for it; exported under the project's own namespace.

use super::{About, Context, EventKind, Evidence, Outcome, protocol::{self, approved}, release::overtake};
use crate::{
    book::{Known, Reference},
    field::{self, Field, Input},
    person::Role,
    record::{Facts, FiledBy, RECORDS, RecordKind, inspection_report, record_named},
    refusal::Refusal,
    state::Effect,
    subject::{Level, Subject, SubjectKind},
    text::{Said, Text, text},
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The payload.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Filing {
    /// What it is filed under: `batch:2026-0412`, or a code that names it.
    pub subject: String,
    /// The kind of record; left out where only names are given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<String>,
    /// Its facts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub facts: Vec<FactGiven>,
    /// Codes that name the subject.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<NameGiven>,
}

/// One fact of the record.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct FactGiven {
    /// The fact's key in the record kind.
    pub name: String,
    /// Its value.
    pub value: String,
}

/// A code, and where it stands.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct NameGiven {
    /// The code.
    pub code: String,
    /// Where it stands; the level that fits the subject where left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<Level>,
}

const FACTS: &[Field] = &[
    Field::must("name", text("Fact", "项目"), Input::Line),
    Field::must("value", text("Value", "内容"), Input::Text),
];

const LEVELS: &[(&str, Text)] = &[
    (Level::Product.word(), Level::Product.title()),
    (Level::InnerPack.word(), Level::InnerPack.title()),
    (Level::RetailBox.word(), Level::RetailBox.title()),
    (Level::Carton.word(), Level::Carton.title()),
    (Level::Pallet.word(), Level::Pallet.title()),
    (Level::Shipment.word(), Level::Shipment.title()),
    (Level::Material.word(), Level::Material.title()),
    (Level::Place.word(), Level::Place.title()),
    (Level::Sample.word(), Level::Sample.title()),
    (Level::Paper.word(), Level::Paper.title()),
];

const NAMES: &[Field] = &[
    Field::must("code", text("Code", "条码"), Input::Code(&[])),
    Field::may("level", text("Where it stands", "所在层级"), Input::Choice(LEVELS)),
];

const NO_RECORD: Text = text(
    "There is no kind of record “{name}”. The kinds are: {names}.",
    "没有“{name}”这种记录。可用的有：{names}。",
);
const WRONG_SUBJECT: Text = text(
    "{record} cannot be filed under {subject}. Name one of these: {asked}.",
    "{record}不能归入 {subject}。应归入：{asked}。",
);
const NOTHING: Text = text(
    "Neither a record nor a code is given. Give at least one.",
    "未填写记录也未填写条码，请至少填写一项。",
);
const NO_KIND: Text = text(
    "“{text}” is not known. Write kind and key, such as batch:2026-0412.",
    "“{text}”尚未收录。请写明类别与标识，例如 batch:2026-0412。",
);
const NOT_YOURS: Text =
    text("{record} is filed by: {roles}. Ask one of them.", "{record}由以下角色归档：{roles}，请联系他们。");
const BY_EVENT: Text = text(
    "{record} is not filed by itself. Use “{verb}”.",
    "{record}不能单独归档，请使用“{verb}”。",
);
const SENTENCE: Text = text("Filed {record} for {subject}", "为 {subject} 归档：{record}");
const NAMED: Text = text("Named {subject}", "登记 {subject} 的条码");

impl EventKind for Filing {
    const NAME: &'static str = "filing";
    const ASKS: bool = true;
    const ABOUT: About = About {
        title: text("Filing", "归档"),
        verb: text("File a record", "归档记录"),
        purpose: text(
            "Facts are filed under a batch, trade item, place, material lot or shipment; later ones take the place of former ones.",
            "将资料归入批次、商品、地点、物料批或货运单；新的资料取代旧的。",
        ),
        roles: &[Role::Buyer, Role::Factory, Role::Warehouse, Role::Inspector],
        offered_on: &[],
        fields: &[
            Field::must("subject", text("Filed under", "归入对象"), Input::Line).help(text(
                "Kind and key, such as batch:2026-0412, or a code.",
                "类别与标识，例如 batch:2026-0412，或条码。",
            )),
            Field::may("record", text("Kind of record", "记录类别"), Input::Line),
            Field::may("facts", text("Facts", "资料"), Input::Rows(FACTS)),
            Field::may("names", text("Codes that name it", "所用条码"), Input::Rows(NAMES)),
        ],
        biz_step: "urn:lotwalk:bizstep:filing",
        disposition: None,
    };

    fn references(&self) -> Vec<String> {
        let fields = self.record.as_deref().and_then(record_named).map_or(&[][..], |r| r.fields);
        let means = |fact: &FactGiven| match fields.iter().find(|f| f.name == fact.name)?.input {
            Input::Code(kinds) => {
                let by_key = Subject::by_key(&fact.value, kinds).map(|subject| subject.urn());
                Some(by_key.chain([fact.value.clone()]).collect::<Vec<_>>())
            }
            _ => None,
        };
        let facts = self.facts.iter().filter_map(means).flatten();
        let own = self.subject.parse::<Subject>().map_or_else(|_| self.subject.clone(), |s| s.urn());
        std::iter::once(own).chain(self.names.iter().map(|n| n.code.clone())).chain(facts).collect()
    }

    fn needs(&self, book: &Known) -> Vec<Subject> {
        // A record of a batch may name a revision, which its trace plan has to know.
        let named = self.subject.parse::<Subject>().ok().or_else(|| Subject::from_urn(&self.subject));
        let subject = named.or_else(|| book.one(&self.subject, &[SubjectKind::Batch]).ok());
        let Some(batch) = subject.filter(|subject| subject.kind == SubjectKind::Batch && self.record.is_some())
        else {
            return vec![];
        };
        protocol::needs(&[batch].into(), book)
    }

    fn judges(&self, book: &Known) -> Vec<Subject> {
        let record = self.record.as_deref().and_then(record_named);
        let subject = record.filter(|_| self.fails()).and_then(|record| self.subject(Some(record), book).ok());
        protocol::batches(&subject, book).into_iter().collect()
    }

    fn check(&self) -> Result<(), Refusal> {
        match self.record.as_deref().map(known_record).transpose()? {
            Some(record) => self.check_facts(record),
            None if self.names.is_empty() => Err(Refusal::new("nothing_given", NOTHING).at("record")),
            None => Ok(()),
        }
    }

    fn decide(&self, context: &Context<'_>, book: &Known) -> Result<Outcome, Refusal> {
        let record = self.record.as_deref().map(known_record).transpose()?;
        let subject = self.subject(record, book)?;
        if let Some(record) = record {
            may_file(record, context)?;
        }
        let mut outcome = Outcome::default();
        for (i, name) in self.names.iter().enumerate() {
            let level = name.level.unwrap_or_else(|| level_of(subject.kind));
            book.name(&subject, std::slice::from_ref(&name.code), level, &mut outcome)
                .map_err(|r| r.at(format!("names.{i}.code")))?;
        }
        if self.names.is_empty() && book.state(&subject).is_none() {
            let (key, level) = (crate::code::CodeKey::text(&subject.key), level_of(subject.kind));
            outcome.effect(Effect::Named { subject: subject.clone(), key, level });
        }
        if let Some(record) = record {
            let facts = self.facts(record, book)?;
            self.check_approved(&subject, &facts, context, book)?;
            outcome.effect(Effect::Filed { subject: subject.clone(), record: record.name.into(), facts });
            if self.fails() {
                overtake([&subject], book, &mut outcome);
            }
        }
        if subject.kind == SubjectKind::LogisticUnit {
            book.move_there(&subject, context, &mut outcome)?;
        }
        Ok(outcome)
    }

    fn sentence(&self) -> Said {
        let subject = self.subject.parse::<Subject>().map_or(self.subject.clone(), |subject| subject.key);
        let Some(record) = self.record.as_deref().and_then(record_named) else {
            return NAMED.with(&[("subject", &subject)]);
        };
        let fill = |title: &str| SENTENCE.with(&[("record", title), ("subject", &subject)]);
        Said { en: fill(record.title.en).en, zh: fill(record.title.zh).zh }
    }
}

fn known_record(name: &str) -> Result<&'static RecordKind, Refusal> {
    record_named(name).ok_or_else(|| {
        let names: Vec<_> = RECORDS.iter().map(|r| r.name).collect();
        let said = NO_RECORD.with(&[("name", name), ("names", &names.join(", "))]);
        Refusal::said("unknown_record", said).at("record")
    })
}

/// The level at which a kind of subject is named where nothing else is said.
fn level_of(kind: SubjectKind) -> Level {
    match kind {
        SubjectKind::TradeItem | SubjectKind::Batch => Level::Product,
        SubjectKind::MaterialLot => Level::Material,
        SubjectKind::LogisticUnit => Level::Carton,
        SubjectKind::Shipment => Level::Shipment,
        SubjectKind::Place => Level::Place,
        SubjectKind::TracePlan => Level::Plan,
        SubjectKind::RetainedSample => Level::Sample,
        SubjectKind::OrderLine => Level::Paper,
    }
}

/// Some records come of an event that checks more than a record can; others are not for every role.
fn may_file(record: &RecordKind, context: &Context<'_>) -> Result<(), Refusal> {
    match record.filed_by {
        _ if record.files(context.person.role) => Ok(()),
        FiledBy::Roles(roles) => {
            let words = |pick: fn(&Text) -> &'static str| {
                let roles: Vec<_> = roles.iter().map(|role| pick(&role.title())).collect();
                (pick(&record.title), roles.join(", "))
            };
            let fill = |(record, roles): (&str, String)| NOT_YOURS.with(&[("record", record), ("roles", &roles)]);
            let said = Said { en: fill(words(|t| t.en)).en, zh: fill(words(|t| t.zh)).zh };
            Err(Refusal::said("role_may_not", said).at("record"))
        }
        FiledBy::Event => {
            let kind = super::KINDS.iter().find(|kind| kind.files.contains(&record.name));
            let verb = kind.map_or(text("", ""), |kind| kind.about.verb);
            let fill = |record: &str, verb: &str| BY_EVENT.with(&[("record", record), ("verb", verb)]);
            let said = Said { en: fill(record.title.en, verb.en).en, zh: fill(record.title.zh, verb.zh).zh };
            Err(Refusal::said("by_event", said).at("record"))
        }
    }
}

impl Filing {
    /// True where it files an inspection that failed.
    fn fails(&self) -> bool {
        let given = || self.facts.iter().map(|fact| (fact.name.clone(), fact.value.trim().to_string())).collect();
        self.record.as_deref() == Some(inspection_report::KIND.name) && inspection_report::fails(&given())
    }

    /// A batch that names another revision than the approved one is refused until that is approved (C23).
    fn check_approved(
        &self,
        subject: &Subject,
        facts: &Facts,
        context: &Context<'_>,
        book: &Known,
    ) -> Result<(), Refusal> {
        let has_happened = context.draft.evidence == Evidence::Imported;
        let Some(plan) = protocol::plan_of(subject, book).filter(|_| !has_happened) else { return Ok(()) };
        for (name, is) in facts {
            approved(&plan, name, is).map_err(|r| self.at_row(r.at(name.as_str())))?;
        }
        Ok(())
    }

    fn subject(&self, record: Option<&RecordKind>, book: &Known) -> Result<Subject, Refusal> {
        let asked: Vec<SubjectKind> = match record {
            Some(record) => record.of.to_vec(),
            None => SubjectKind::ALL.to_vec(),
        };
        let named = self.subject.parse::<Subject>().ok().or_else(|| Subject::from_urn(&self.subject));
        let subject = match named {
            Some(subject) => subject,
            None if matches!(Reference::read(&self.subject), Ok(Reference::Code(_))) => {
                book.one(&self.subject, &asked).map_err(|r| {
                    match r.reason.as_str() {
                        "unknown_code" => {
                            Refusal::said("unknown_subject", NO_KIND.with(&[("text", &self.subject)]))
                        }
                        _ => r,
                    }
                    .at("subject")
                })?
            }
            None => {
                return Err(
                    Refusal::said("unknown_subject", NO_KIND.with(&[("text", &self.subject)])).at("subject")
                );
            }
        };
        if !asked.contains(&subject.kind) {
            let words = |pick: fn(&Text) -> &'static str| {
                let asked: Vec<_> = asked.iter().map(|k| pick(&k.title())).collect();
                (record.map_or("", |r| pick(&r.title)), asked.join(", "))
            };
            let fill = |(record, asked): (&str, String)| {
                WRONG_SUBJECT.with(&[("record", record), ("subject", &self.subject), ("asked", &asked)])
            };
            let said = Said { en: fill(words(|t| t.en)).en, zh: fill(words(|t| t.zh)).zh };
            return Err(Refusal::said("wrong_kind", said).at("subject"));
        }
        Ok(subject)
    }

    fn check_facts(&self, record: &RecordKind) -> Result<(), Refusal> {
        let mut given = Map::new();
        for fact in &self.facts {
            let input = record.fields.iter().find(|f| f.name == fact.name).map(|f| f.input);
            let value = match (input, fact.value.trim()) {
                (Some(Input::Count), n) => n.parse::<u64>().map_or_else(|_| n.into(), Value::from),
                (Some(Input::Choices(_)), words) => words.split(',').map(|word| Value::from(word.trim())).collect(),
                (Some(Input::Check), "true" | "false") => Value::from(fact.value.trim() == "true"),
                _ => Value::from(fact.value.as_str()),
            };
            given.insert(fact.name.clone(), value);
        }
        // A record with gaps is filed all the same, and shows them (C01); what it does tell must be right, and
        // where several stand beside one another it must tell which one it is.
        let told_apart: Vec<Field> = record
            .fields
            .iter()
            .map(|f| Field { required: record.by == Some(f.name) || f.required && given.contains_key(f.name), ..*f })
            .collect();
        field::check(&told_apart, &Value::Object(given)).map_err(|r| self.at_row(r))
    }

    /// The facts as the record's fields ask for them; a code that stands for a subject becomes its key.
    fn facts(&self, record: &RecordKind, book: &Known) -> Result<Facts, Refusal> {
        let mut facts = Facts::new();
        for fact in &self.facts {
            let input = record.fields.iter().find(|f| f.name == fact.name).map(|f| f.input);
            let value = match input {
                Some(Input::Code(kinds)) => {
                    book.one(&fact.value, kinds).map_err(|r| self.at_row(r.at(fact.name.as_str())))?.key
                }
                _ => fact.value.trim().to_string(),
            };
            facts.insert(fact.name.clone(), value);
        }
        Ok(facts)
    }

    /// A refusal about a fact, told at the row that gave it.
    fn at_row(&self, refusal: Refusal) -> Refusal {
        let row = self.facts.iter().position(|f| Some(f.name.as_str()) == refusal.field.as_deref());
        match row {
            Some(i) => refusal.at(format!("facts.{i}.value")),
            None => refusal.at("facts"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::desk::{Desk, json};

    #[test]
    fn a_place_comes_into_the_book_by_its_record_and_is_found_by_its_names() {
        let mut desk = Desk::new();
        desk.does(
            "filing",
            json!({"subject": "place:F1", "record": "place",
                   "facts": [{"name": "name", "value": "Dongguan"}, {"name": "role", "value": "factory"}],
                   "names": [{"code": "F-ONE"}]}),
        );
        assert_eq!(desk.known().one("F-ONE", &[SubjectKind::Place]), Ok(Subject::place("F1")));
        desk.does("filing", json!({"subject": "place:F2", "record": "place", "facts": []}));
        assert_eq!(desk.known().one("F2", &[SubjectKind::Place]), Ok(Subject::place("F2")));
    }

    #[test]
    fn c19_what_is_wrong_in_a_record_is_named_by_its_row() {
        let mut desk = Desk::new();
        let mut at = |payload| {
            let refusal = desk.refuses("filing", payload);
            (refusal.reason, refusal.field.unwrap_or_default())
        };
        let facts = |name: &str, value: &str| json!({"subject": "place:F1", "record": "place", "facts": [{"name": name, "value": value}]});
        assert_eq!(at(facts("role", "castle")), ("wrong_shape".into(), "facts.0.value".into()));
        assert_eq!(at(facts("colour", "red")), ("unknown_field".into(), "facts.0.value".into()));
        assert_eq!(
            at(json!({"subject": "place:F1", "record": "x"})),
            ("unknown_record".into(), "record".into())
        );
        assert_eq!(
            at(json!({"subject": "batch:1", "record": "place"})),
            ("wrong_kind".into(), "subject".into())
        );
        assert_eq!(
            at(json!({"subject": "no such", "record": "place"})),
            ("unknown_subject".into(), "subject".into())
        );
        assert_eq!(at(json!({"subject": "place:F1"})), ("nothing_given".into(), "record".into()));
    }
}
