//! The code field: one line for a code, typed, pasted or sent by a keyboard-wedge scanner.

use crate::{
    here::tr,
    parts::icon::{Glyph, Icon},
};
use domain::text::{Text, text};
use leptos::prelude::*;

const LABEL: Text = text("Code, as printed", "条码内容（按印刷）");
const LOOK_UP: Text = text("Look up", "查询");

/// A form that asks for one code and gets `/?code=…`. Script may take over through `on_code`.
#[component]
pub fn CodeField(
    /// What stands in it at first.
    #[prop(optional, into)]
    value: String,
    /// Takes the code in place of the form; without script the form asks the server.
    #[prop(optional)]
    on_code: Option<Callback<String>>,
) -> impl IntoView {
    let input = NodeRef::<leptos::html::Input>::new();
    let take = move |event: leptos::ev::SubmitEvent| {
        if let (Some(on_code), Some(input)) = (on_code, input.get_untracked()) {
            event.prevent_default();
            let code = input.value();
            if !code.trim().is_empty() {
                input.set_value("");
                on_code.run(code);
            }
        }
    };
    view! {
        <form class="code-field" method="get" action="/" role="search" on:submit=take>
            <label>
                <span class="label">{tr(LABEL)}</span>
                <input
                    node_ref=input
                    name="code"
                    value=value
                    autocomplete="off"
                    autocapitalize="off"
                    spellcheck="false"
                    enterkeyhint="search"
                />
            </label>
            <button type="submit"><Icon glyph=Glyph::Arrow/><span class="word">{tr(LOOK_UP)}</span></button>
        </form>
    }
    .into_any()
}
