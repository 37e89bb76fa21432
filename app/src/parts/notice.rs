//! A notice: something a person has to know now, said in words, with an icon and a colour.

use crate::{
    error::AppError,
    here::{back, encode, said, tr},
    parts::icon::{Glyph, Icon},
};
use domain::text::{Text, text};
use leptos::prelude::*;

/// How loud a notice is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Tone {
    /// Worth knowing.
    #[default]
    Plain,
    /// It went well.
    Good,
    /// Look before going on.
    Look,
    /// Do not go on.
    Stop,
}

impl Tone {
    /// The word in the CSS class.
    pub const fn word(self) -> &'static str {
        match self {
            Tone::Plain => "plain",
            Tone::Good => "good",
            Tone::Look => "look",
            Tone::Stop => "stop",
        }
    }

    /// The shape that goes with the colour.
    pub const fn glyph(self) -> Glyph {
        match self {
            Tone::Plain => Glyph::Arrow,
            Tone::Good => Glyph::Check,
            Tone::Look => Glyph::Look,
            Tone::Stop => Glyph::Stop,
        }
    }
}

/// A notice.
#[component]
pub fn Notice(
    /// How loud.
    tone: Tone,
    /// What it says; a sentence, and perhaps a way on.
    children: Children,
) -> impl IntoView {
    let role = if tone == Tone::Stop { "alert" } else { "status" };
    view! {
        <div class=format!("notice {}", tone.word()) role=role>
            <Icon glyph=tone.glyph()/>
            <div class="said">{children()}</div>
        </div>
    }
}

const SIGN_IN: Text = text("Sign in", "登录");
const AGAIN: Text = text("Try again", "重试");

/// Why there is no answer, and the way on.
#[component]
pub fn Failed(
    /// Why.
    error: AppError,
) -> impl IntoView {
    let tone = if matches!(error, AppError::Fault { .. }) { Tone::Stop } else { Tone::Look };
    let back = back().get_untracked();
    let way_on = match &error {
        AppError::NotSignedIn => Some((format!("/sign-in?back={}", encode(&back)), SIGN_IN)),
        AppError::Fault { retry: true, .. } | AppError::Offline => Some((back, AGAIN)),
        _ => None,
    };
    view! {
        <Notice tone=tone>
            <p>{said(&error.said())}</p>
            // A whole new document: the session, the ledger or the signal may be back.
            {way_on.map(|(href, label)| view! { <a class="button" rel="external" href=href>{tr(label)}</a> })}
        </Notice>
    }
}
