//! The code field: one line for a code, typed, pasted or sent by a keyboard-wedge scanner.

use crate::{
    browser::{self, memory},
    here::tr,
    parts::icon::{Glyph, Icon},
};
use domain::text::{Text, text};
use leptos::{prelude::*, task::spawn_local};

const LABEL: Text = text("Code, as printed", "条码内容（按印刷）");
const LOOK_UP: Text = text("Look up", "查询");
const HAND_SCANNER: Text = text("Hand scanner: keep the keyboard away", "使用扫码枪：不弹出键盘");

/// Milliseconds without a letter after which what an input method put in is whole.
const SETTLED: i32 = 200;

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
    // A hand scanner may be an input method, which presses no key and needs the focus: the field takes it
    // and keeps the soft keyboard away. Read-only, which also does that, it would take no text.
    let by_scanner = RwSignal::new(false);
    Effect::new(move || {
        if on_code.is_some() {
            by_scanner.set(memory::has_hand_scanner());
        }
    });
    Effect::new(move || {
        if let (Some(input), true) = (input.get(), by_scanner.get()) {
            // What cannot take the focus leaves it where it is.
            let _ = input.focus();
        }
    });
    let switch = move |_| {
        let now = !by_scanner.get_untracked();
        memory::set_hand_scanner(now);
        by_scanner.set(now);
    };
    let turn = StoredValue::new(0u32);
    let settle = move |_| {
        let (Some(on_code), Some(field), true) = (on_code, input.get_untracked(), by_scanner.get_untracked())
        else {
            return;
        };
        turn.update_value(|turn| *turn = turn.wrapping_add(1));
        let asked = turn.get_value();
        spawn_local(async move {
            browser::pause(SETTLED).await;
            let code = field.value();
            if turn.try_get_value() == Some(asked) && !code.trim().is_empty() {
                field.set_value("");
                on_code.run(code);
            }
        });
    };
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
                    inputmode=move || by_scanner.get().then_some("none")
                    on:input=settle
                />
            </label>
            {on_code.map(|_| view! {
                <button
                    type="button"
                    class="quiet hand-scanner awake"
                    title=tr(HAND_SCANNER)
                    aria-pressed=move || by_scanner.get().to_string()
                    on:click=switch
                >
                    <Icon glyph=Glyph::Keyboard/>
                    <span class="visually-hidden">{tr(HAND_SCANNER)}</span>
                </button>
            })}
            <button type="submit"><Icon glyph=Glyph::Arrow/><span class="word">{tr(LOOK_UP)}</span></button>
        </form>
    }
    .into_any()
}
