//! The demo's sheet of codes: something to scan for a newcomer with a phone. Made to be printed.

use crate::{
    error::AppError,
    here::{encode, said, tr},
    parts::{code_plate::CodePlate, loaded::loaded},
};
use domain::text::{Said, Text, text};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use leptos_meta::Title;
use serde::{Deserialize, Serialize};

const TITLE: Text = text("Codes to scan", "可供扫描的条码");
const INTRO: Text = text(
    "Open the scan page on a phone and hold it to this screen, or print this page. Every code belongs to the demo.",
    "用手机打开扫描页面对准本屏幕，或打印本页。所有条码均属于演示数据。",
);
const LOOK_UP: Text = text("Look it up", "查询");
const PUBLIC: Text = text("What anybody sees", "公开页面");

/// One symbol of the sheet.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct SheetItem {
    /// What it stands on.
    pub title: Said,
    /// What scanning it shows.
    pub about: Said,
    /// The symbol as an SVG element.
    pub svg: String,
    /// The code as a person types it.
    pub text: String,
}

/// The sheet.
///
/// # Errors
/// Outside the demo there is none.
#[server(prefix = "/ask", endpoint = "sheet", input = GetUrl)]
pub async fn ask_sheet() -> Result<Vec<SheetItem>, AppError> {
    use crate::request::{failed, request};
    request()?.sheet.map(|sheet| sheet.to_vec()).ok_or_else(|| failed(AppError::NotFound))
}

/// The page.
#[component]
pub fn CodesPage() -> impl IntoView {
    let sheet = Resource::new(|| (), |()| ask_sheet());
    view! {
        <Title text=tr(TITLE)/>
        <div class="stack codes">
            <header>
                <h1>{tr(TITLE)}</h1>
                <p class="no-print">{tr(INTRO)}</p>
            </header>
            {loaded(sheet, |items| {
                let items = items.into_iter().map(|item| view! { <Item item/> }).collect_view();
                view! { <div class="grid">{items}</div> }
            })}
        </div>
    }
}

#[component]
fn Item(item: SheetItem) -> impl IntoView {
    let look_up = format!("/?code={}", encode(&item.text));
    // Behind every code that names a product is a page for whoever holds the toy.
    let public = item.text.starts_with("(01)").then(|| {
        let href = format!("/p/{}", encode(&item.text));
        view! { <a class="button quiet" href=href>{tr(PUBLIC)}</a> }
    });
    view! {
        <figure>
            <div class="symbol" aria-hidden="true" inner_html=item.svg></div>
            <figcaption>
                <h2>{said(&item.title)}</h2>
                <CodePlate code=item.text inline=true/>
                <p class="soft">{said(&item.about)}</p>
                <p class="actions no-print">
                    <a class="button quiet" href=look_up>{tr(LOOK_UP)}</a>
                    {public}
                </p>
            </figcaption>
        </figure>
    }
}
