//! Facts with their labels. An absent fact is a named gap with a word and a sign, never blank (C01).

use crate::{
    here::{encode, href, lang, said, tr},
    parts::icon::{Glyph, Icon},
};
use domain::{
    record::is_revision,
    text::{Lang, Text, text},
    view,
};
use leptos::prelude::*;

const MISSING: Text = text("Missing from the record", "记录缺失");
const NOT_RECORDED: Text = text("Not recorded", "未记录");

/// Facts as terms and values; a grid where there is room.
#[component]
pub fn Facts(
    /// What is to be shown, gaps included.
    facts: Vec<view::Fact>,
    /// True where they are those of an approved revision or of a plan for one.
    #[prop(optional)]
    of_revision: bool,
) -> impl IntoView {
    let may_be_absent = |f: &view::Fact| f.value.is_none() && !f.required;
    let (absent, told): (Vec<_>, Vec<_>) = facts.into_iter().partition(may_be_absent);
    let absent = (!absent.is_empty()).then(|| not_recorded(absent));
    view! { <dl class="facts">{told.into_iter().map(|one| fact(one, of_revision)).collect::<Vec<_>>()} {absent}</dl> }
}

/// The facts that nobody had to record and nobody did: each is named, together in one place.
fn not_recorded(facts: Vec<view::Fact>) -> impl IntoView {
    let comma = if lang() == Lang::Zh { "、" } else { ", " };
    let names: Vec<_> = facts.iter().map(|fact| said(&fact.label)).collect();
    view! {
        <div class="fact absent rest">
            <dt><Gap required=false/></dt>
            <dd>{names.join(comma)}</dd>
        </div>
    }
}

fn fact(fact: view::Fact, of_revision: bool) -> impl IntoView {
    let class = if fact.value.is_none() { "fact absent" } else { "fact" };
    let value = match (fact.value, fact.subject) {
        (Some(value), Some(subject)) => view! { <a href=href(&subject)>{said(&value)}</a> }.into_any(),
        (Some(value), None) if of_revision && is_revision(&fact.name) => {
            let value = said(&value);
            let to = format!("/revision/{}/{}", encode(&fact.name), encode(&value));
            view! { <a href=to>{value}</a> }.into_any()
        }
        (Some(value), None) => said(&value).into_any(),
        (None, _) => view! { <Gap required=fact.required/> }.into_any(),
    };
    view! {
        <div class=class data-fact=fact.name>
            <dt>{said(&fact.label)}</dt>
            <dd>{value}</dd>
        </div>
    }
}

/// What stands where a fact is absent; louder where a record must have it.
#[component]
pub fn Gap(
    /// True when a record must have the fact.
    required: bool,
) -> impl IntoView {
    let (class, glyph, word) = match required {
        true => ("gap required", Glyph::Look, MISSING),
        false => ("gap", Glyph::Unknown, NOT_RECORDED),
    };
    view! { <span class=class><Icon glyph=glyph/>{tr(word)}</span> }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parts::fixture::{fact, html};

    #[test]
    fn c01_every_absent_fact_is_named() {
        let facts =
            || vec![fact("Line", None, true), fact("Shift", None, false), fact("Packaging", None, false)];
        let html = html(|| view! { <Facts facts=facts()/> });
        for named in ["Line", "Shift, Packaging", "Missing from the record", "Not recorded"] {
            assert!(html.contains(named), "{named} in {html}");
        }
    }
}
