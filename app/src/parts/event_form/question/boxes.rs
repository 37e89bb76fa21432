//! Questions with boxes to tick: several words, and a name that may be sealed.

use super::{Drawn, SEAL};
use crate::here::tr;
use domain::text::{Text, text};
use leptos::prelude::*;

const SEAL_IT: Text = text(
    "Seal this name: the buyer sees that there is a source and whether it stays the same, not who it is",
    "密封该名称：买方可知有来源及其是否不变，但看不到名称",
);

impl Drawn {
    /// Any number of words, each a box to tick.
    pub(super) fn boxes(&self, words: &'static [(&'static str, Text)]) -> impl IntoView + use<> {
        let chosen: Vec<&str> =
            self.values.iter().flat_map(|value| value.split(',')).map(str::trim).collect();
        let boxes: Vec<_> = words
            .iter()
            .map(|(word, label)| {
                view! {
                    <label class="choice">
                        <input type="checkbox" name=self.name.clone() value=*word checked=chosen.contains(word)/>
                        <span>{tr(*label)}</span>
                    </label>
                }
            })
            .collect();
        view! { <div class="choices cards">{boxes}</div> }
    }

    /// A name that may be sealed: then only a commitment to it leaves the server.
    pub(super) fn source(&self) -> impl IntoView + use<> {
        view! {
            {self.line("text", None, None)}
            <label class="choice seal">
                <input type="checkbox" name=format!("{}{SEAL}", self.name) value="true"/>
                <span>{tr(SEAL_IT)}</span>
            </label>
        }
    }
}
