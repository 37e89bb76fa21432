//! What an address that leads nowhere shows.

use crate::{error::AppError, here::tr, parts::notice::Failed};
use domain::text::{Text, text};
use leptos::prelude::*;
use leptos_meta::Title;

const TITLE: Text = text("Nothing at this address", "此网址没有内容");
const SCAN: Text = text("Scan a code", "扫描条码");
const FIND: Text = text("Find by name", "按名称查找");

/// The page for an address that is not in `routes.rs`.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    #[cfg(feature = "ssr")]
    crate::request::tell(&AppError::NotFound);
    view! {
        <Title text=tr(TITLE)/>
        <div class="sheet">
            <h1>{tr(TITLE)}</h1>
            <Failed error=AppError::NotFound/>
            <p class="actions">
                <a class="button" href="/">{tr(SCAN)}</a>
                <a class="button quiet" href="/find">{tr(FIND)}</a>
            </p>
        </div>
    }
}
