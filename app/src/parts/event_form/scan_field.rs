//! The scan button beside a field for codes, and the dialog that it opens: the viewport of the scan page,
//! with its codes going into the field.
//!
//! Without script there is no button, and the field is typed into.

use crate::{
    browser::{self, Filled, held, sound::Cue},
    here::{lang, tr},
    parts::{
        icon::{Glyph, Icon},
        notice::{Notice, Tone},
        viewport::Viewport,
    },
    scans::Scans,
};
use domain::{
    code,
    text::{Said, Text, text},
};
use leptos::{ev::MouseEvent, html, prelude::*};

const SCAN: Text = text("Scan", "扫描");
const DONE: Text = text("Done", "完成");
const AGAIN: Text =
    text("{code} is in this field already; it stays there once.", "{code} 已在此项中，只保留一次。");
const TAKEN: Text = text("Scanned into this field", "已扫入此项");

/// The fields of a form that hold one code each.
const CODE_FIELDS: &str = "input.code";

/// The field that is being scanned into, of one form.
#[derive(Clone, Copy, Debug, Default)]
pub struct Scanning(RwSignal<Option<Target>>);

/// A field: the id of its input and what it is called.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Target {
    input: String,
    label: &'static str,
}

/// The button beside a field. Nothing where no form has a dialog.
#[component]
pub fn ScanInto(
    /// The id of the input.
    input: String,
    /// What the field is called.
    label: &'static str,
) -> impl IntoView {
    let Scanning(target) = use_context()?;
    let open = move |event: MouseEvent| {
        event.prevent_default();
        target.set(Some(Target { input: input.clone(), label }));
    };
    Some(view! {
        <button type="button" class="quiet scan-into awake" on:click=open>
            <Icon glyph=Glyph::Scan/>
            <span class="visually-hidden">{tr(SCAN)} " " {label}</span>
        </button>
    })
}

/// The dialog of a form.
#[component]
pub fn ScanDialog(
    /// Which field.
    scanning: Scanning,
) -> impl IntoView {
    let Scanning(target) = scanning;
    let dialog = NodeRef::<html::Dialog>::new();
    let scans = use_context::<Scans>().unwrap_or_default();
    let taken = RwSignal::new(Vec::<String>::new());
    let again = RwSignal::new(None::<String>);
    Effect::new(move |_| {
        if let (Some(dialog), true) = (dialog.get(), target.with(Option::is_some)) {
            taken.set(vec![]);
            again.set(None);
            browser::show_dialog(&dialog);
        }
    });
    // A hand scanner that types into a field: its separators are no letters, and what is typed is the code
    // of one label, in place of what stood there.
    let doubt = RwSignal::new(None::<Said>);
    Effect::new(move || {
        browser::keep_keyboard_away(CODE_FIELDS);
        held::listen_in(CODE_FIELDS, move |heard, input| {
            doubt.try_set(heard.doubt);
            browser::fill(&input, &code_as_read(heard.code));
            browser::focus_after(&input);
        });
    });
    Effect::new(|| on_cleanup(held::leave_fields));
    let close = move || {
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
    };
    let take = Callback::new(move |code: String| {
        let well = Cue::Answered(Tone::Plain);
        let Some(Target { input, .. }) = target.get_untracked() else { return well };
        let filled = browser::fill(&input, &code);
        again.set((filled == Filled::Again).then(|| code.clone()));
        match filled {
            // A field of many lines goes on; one that holds a single code has it.
            Filled::Added | Filled::Again => taken.update(|taken| {
                taken.retain(|before| *before != code);
                taken.insert(0, code);
            }),
            Filled::Whole => {
                close();
                browser::focus_after(&input);
            }
        }
        if filled == Filled::Again { Cue::Again } else { well }
    });
    let lang = lang();
    let label = move || target.with(|target| target.as_ref().map(|target| target.label));
    let (scan, done, taken_label) = (tr(SCAN), tr(DONE), tr(TAKEN));
    view! {
        {move || doubt.get().map(|said| {
            let words = said.get(lang).to_string();
            view! { <Notice tone=Tone::Look><p>{words}</p></Notice> }
        })}
        <dialog class="scan-dialog" node_ref=dialog aria-label=scan on:close=move |_| target.set(None)>
            <Show when=move || target.with(Option::is_some)>
                <p class="asked">{label}</p>
                <Viewport scans on_code=take/>
                {move || again.get().map(|code| {
                    let words = AGAIN.with(&[("code", &code)]).get(lang).to_string();
                    view! { <Notice tone=Tone::Look><p>{words}</p></Notice> }
                })}
                <ol class="taken" aria-live="polite" aria-label=taken_label tabindex="0">
                    {move || taken.get().into_iter().map(|code| view! { <li><code translate="no">{code}</code></li> }).collect_view()}
                </ol>
                <button type="button" class="done" on:click=move |_| close()>{done}</button>
            </Show>
        </dialog>
    }
}

/// A code as a person reads it, where it can be read.
fn code_as_read(heard: String) -> String {
    let read = code::read(None, heard.as_bytes());
    read.map_or(heard, |read| read.label())
}
