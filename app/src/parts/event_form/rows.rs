//! Any number of rows with the same fields.

use super::{Filled, Question, question::id};
use crate::{
    here::{lang, said, tr},
    parts::icon::{Glyph, Icon},
};
use domain::{
    field::{Field, MOST_ROWS},
    text::{Text, text},
};
use leptos::prelude::*;
use std::sync::Arc;

const ROW: Text = text("{label}: {n}", "{label}：{n}");
const ADD: Text = text("Add a row", "增加一行");
const REMOVE: Text = text("Remove", "移除");
const EMPTY_ROWS: Text = text("Rows left empty are passed over.", "空行会被忽略。");

/// How many rows stand there before any is filled.
const FIRST_ROWS: usize = 2;

/// How many empty rows a press of the button adds without script.
const MORE_ROWS: usize = 4;

/// The rows of a field.
#[component]
pub fn Rows(
    /// The field.
    field: &'static Field,
    /// The fields of each row.
    inner: &'static [Field],
    /// The name it is posted under.
    name: String,
    /// What stands in the form.
    filled: Arc<Filled>,
) -> impl IntoView {
    let count = filled.kept.rows(field.name).len();
    let asked_for_more = filled.kept.all("more_rows").any(|asked| asked == field.name);
    let empty = if asked_for_more { MORE_ROWS } else { 1 };
    let first: Vec<usize> = (0..(count + empty).clamp(FIRST_ROWS, MOST_ROWS)).collect();
    let numbers = RwSignal::new(first);
    let label = tr(field.label);
    let lang = lang();
    let refused = filled.refusal(&name).map(|r| said(&r.said));
    let group = id(&name);
    let row = move |n: usize| {
        let filled = filled.clone();
        let fields: Vec<_> = inner
            .iter()
            .map(|inner| {
                let name = format!("{name}.{n}.{}", inner.name);
                view! { <Question field=inner name filled=filled.clone() in_row=true/> }
            })
            .collect();
        // The number a person sees is the row's place, whatever number its answers are posted under.
        let place = move || {
            let place = numbers.read().iter().position(|m| *m == n).unwrap_or(n) + 1;
            ROW.with(&[("label", label), ("n", &place.to_string())]).get(lang).to_owned()
        };
        let remove = move |event: leptos::ev::MouseEvent| {
            event.prevent_default();
            numbers.update(|numbers| numbers.retain(|m| *m != n));
        };
        view! {
            <fieldset class="row" id=format!("{}-{n}", id(field.name))>
                <legend>{place}</legend>
                {fields}
                <button type="button" class="quiet remove awake" on:click=remove>
                    <Icon glyph=Glyph::Close/>{REMOVE.get(lang)}
                </button>
            </fieldset>
        }
    };
    let add = move |event: leptos::ev::MouseEvent| {
        event.prevent_default();
        numbers.update(|numbers| {
            // A number that is free: those of removed rows come again at the end.
            if let Some(free) = (0..MOST_ROWS).find(|n| !numbers.contains(n)) {
                numbers.push(free);
            }
        });
    };
    let help = tr(field.help);
    let add_label = tr(ADD);
    view! {
        <fieldset class="rows" id=group>
            <legend>{label}</legend>
            <p class="help">{help} " " {tr(EMPTY_ROWS)}</p>
            {refused.map(|told| view! { <p class="refused"><Icon glyph=Glyph::Look/>{told}</p> })}
            <For each=move || numbers.get() key=|n| *n children=row/>
            <button class="quiet add" name="more_rows" value=field.name formnovalidate on:click=add>
                <Icon glyph=Glyph::Add/>{add_label}
            </button>
        </fieldset>
    }
}
