//! The batch is what was agreed: its trace plan was locked before it was made, its revisions are the approved
//! ones (C23), and its codes are written as the identity plan has them (C20).

use super::{Asked, Findings, Rule};
use crate::{
    completeness::Door,
    dossier::Dossier,
    event::PLAN_DRAFTED,
    plan::{Pattern, Plan, Run},
    record::{approved_revision, run_sheet},
    text::{Said, Text, text},
};

pub(super) const RULE: Rule = Rule {
    name: "agreed",
    title: text("It is what the trace plan says", "与追溯方案一致"),
    look: Asked::OfBatch(look),
};

const NO_PLAN: Text = text(
    "No trace plan was locked for {item} at {factory} when {batch} was made. Draft one and have both parties accept it.",
    "{batch} 生产时，{item} 在 {factory} 没有已锁定的追溯方案。请起草并由双方确认。",
);
const DIFFERS: Text = text(
    "{batch} names “{is}” as its {label}; approved is “{approved}”. Correct the record, or amend the trace plan.",
    "{batch} 的{label}为“{is}”，核准的是“{approved}”。请更正记录，或修订追溯方案。",
);
const CODE: Text = text(
    "On {batch} stands “{code}” ({level}), which is not written as agreed: {pattern}. Correct the run sheet, or amend the trace plan.",
    "{batch} 的{level}编码“{code}”不符合约定规则：{pattern}。请更正生产记录单，或修订追溯方案。",
);

fn look(dossier: &Dossier, found: &mut Findings) {
    let (Some(item), Some(factory)) =
        (dossier.fact("run_sheet", "trade_item"), dossier.fact("run_sheet", "factory"))
    else {
        return;
    };
    let batch = &dossier.batch;
    let Some(plan) = dossier.plan().filter(|plan| plan.is_locked()) else {
        let said = NO_PLAN.with(&[("item", item), ("factory", factory), ("batch", &batch.key)]);
        let door = Door::event(PLAN_DRAFTED, &crate::subject::Subject::trade_item(item));
        found.fails("trace_plan", batch, said, Some(door));
        return;
    };
    baseline(dossier, plan, found);
    codes(dossier, plan, found);
}

fn baseline(dossier: &Dossier, plan: &Plan, found: &mut Findings) {
    for (name, approved) in plan.baseline() {
        // The version stands on the run sheet as well: one that differs there is told once.
        let given =
            [("run_sheet", run_sheet::KIND.fields), ("approved_revision", approved_revision::KIND.fields)];
        let differs = given.into_iter().find_map(|(record, fields)| {
            let is = dossier.fact(record, name).filter(|is| *is != approved)?;
            Some((record, fields.iter().find(|field| field.name == name)?, is))
        });
        let Some((record, field, is)) = differs else { continue };
        let fill = |label: &str| {
            DIFFERS.with(&[
                ("batch", &dossier.batch.key),
                ("is", is),
                ("approved", approved),
                ("label", label),
            ])
        };
        let said = Said { en: fill(field.label.en).en, zh: fill(field.label.zh).zh };
        found.fails(
            format!("baseline.{name}"),
            &dossier.batch,
            said,
            Some(Door::record(record, &dossier.batch)),
        );
    }
}

fn codes(dossier: &Dossier, plan: &Plan, found: &mut Findings) {
    let said = |name: &str| dossier.fact("run_sheet", name).unwrap_or_default();
    let run = Run {
        day: said("produced_from"),
        line: said("line"),
        shift: said("shift"),
        lot: said("lot_code_on_product"),
        number: 0,
    };
    for (level, pattern) in plan.codes() {
        let printed = crate::completeness::PRINTED.iter().find(|(at, _)| *at == level).map(|(_, name)| *name);
        let Some(code) = printed.and_then(|name| dossier.fact("run_sheet", name)) else { continue };
        let fits = Pattern::read(pattern).is_ok_and(|read| read.fits(code, &run));
        if !fits {
            let fill = |level: &str| {
                CODE.with(&[
                    ("batch", &dossier.batch.key),
                    ("code", code),
                    ("level", level),
                    ("pattern", pattern),
                ])
            };
            let said = Said { en: fill(level.title().en).en, zh: fill(level.title().zh).zh };
            let door = Door::record("run_sheet", &dossier.batch);
            found.fails(format!("code.{}", level.word()), &dossier.batch, said, Some(door));
        }
    }
}
