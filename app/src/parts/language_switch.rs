//! The language switch: a plain post, so that it works before and without any script.

use crate::{
    here::{back, lang, tr},
    parts::icon::{Glyph, Icon},
};
use domain::text::{Lang, Text, text};
use leptos::prelude::*;

const LABEL: Text = text("Switch to Chinese", "切换到英文");

/// A button that shows the page again in the other language, and says so in that language.
#[component]
pub fn LanguageSwitch() -> impl IntoView {
    let back = back();
    let other = match lang() {
        Lang::En => Lang::Zh,
        Lang::Zh => Lang::En,
    };
    view! {
        <form class="language-switch" method="post" action="/language">
            <input type="hidden" name="back" prop:value=back value=back/>
            <button type="submit" class="quiet" name="lang" value=other.tag() title=tr(LABEL)>
                <Icon glyph=Glyph::Language/>
                <span lang=other.tag()>{name(other)}</span>
            </button>
        </form>
    }
}

/// A language's name in itself.
pub const fn name(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "English",
        Lang::Zh => "中文",
    }
}
