//! Facts with their labels. An absent fact is a named gap with a word and a sign, never blank (C01).

use crate::{
    here::{href, said, tr},
    parts::icon::{Glyph, Icon},
};
use domain::{
    text::{Text, text},
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
) -> impl IntoView {
    view! { <dl class="facts">{facts.into_iter().map(fact).collect::<Vec<_>>()}</dl> }
}

fn fact(fact: view::Fact) -> impl IntoView {
    let class = if fact.value.is_none() { "fact absent" } else { "fact" };
    let value = match (fact.value, fact.subject) {
        (Some(value), Some(subject)) => view! { <a href=href(&subject)>{said(&value)}</a> }.into_any(),
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
