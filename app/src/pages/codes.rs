//! The demo's sheet of codes: something to scan for a newcomer with a phone. Made to be printed.

use crate::{
    error::AppError,
    here::{encode, said, tr},
    pages::public::address,
    parts::{code_plate::CodePlate, loaded::loaded},
};
use domain::{
    code,
    text::{Said, Text, text},
};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use leptos_meta::Title;
use serde::{Deserialize, Serialize};

const TITLE: Text = text("Codes to scan", "可供扫描的条码");
const INTRO: Text = text(
    "Open the scan page on a phone and hold it to this screen, or print this page. Every code belongs to the demo.",
    "用手机打开扫描页面对准本屏幕，或打印本页。所有条码均属于演示数据。",
);
const PAPER: Text = text("Print this sheet (PDF)", "打印此页（PDF）");
const CONTENTS: Text = text("Contents", "目录");
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

/// What a code of the sheet stands on.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shelf {
    Products,
    Units,
    Texts,
}

impl Shelf {
    const ALL: [Shelf; 3] = [Shelf::Products, Shelf::Units, Shelf::Texts];

    /// By the key in it; a code without one is a factory's or an office's own.
    fn of(text: &str) -> Shelf {
        let Ok(code) = code::read(None, text.as_bytes()) else { return Shelf::Texts };
        match () {
            () if code.value("00").is_some() => Shelf::Units,
            () if code.value("01").is_some() => Shelf::Products,
            () => Shelf::Texts,
        }
    }

    const fn title(self) -> Text {
        match self {
            Shelf::Products => text("Products", "产品"),
            Shelf::Units => text("Cartons and pallets", "外箱与托盘"),
            Shelf::Texts => text("Lot codes, marks and references", "批号、箱唛与单号"),
        }
    }
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
                <p class="no-print"><a class="button quiet" rel="external" href="/codes.pdf">{tr(PAPER)}</a></p>
            </header>
            {loaded(sheet, |items| view! { <Sheet items/> })}
        </div>
    }
}

#[component]
fn Sheet(items: Vec<SheetItem>) -> impl IntoView {
    let items: Vec<_> =
        items.into_iter().zip(1_usize..).map(|(item, n)| (Shelf::of(&item.text), n, item)).collect();
    let on = |shelf: Shelf| items.iter().filter(move |(on, ..)| *on == shelf);
    let contents = Shelf::ALL.map(|shelf| {
        let lines = on(shelf).map(|(_, n, item)| {
            view! { <li><a href=format!("#code-{n}")>{said(&item.title)}</a></li> }
        });
        view! { <h2>{tr(shelf.title())}</h2> <ul>{lines.collect_view()}</ul> }
    });
    let shelves = Shelf::ALL.map(|shelf| {
        let items = on(shelf).map(|(_, n, item)| view! { <Item item=item.clone() n=*n/> });
        view! {
            <section>
                <h2>{tr(shelf.title())}</h2>
                <div class="grid">{items.collect_view()}</div>
            </section>
        }
    });
    view! {
        <nav class="contents no-print" aria-label=tr(CONTENTS)>{contents.collect_view()}</nav>
        {shelves.collect_view()}
    }
}

#[component]
fn Item(item: SheetItem, n: usize) -> impl IntoView {
    let look_up = format!("/?code={}", encode(&item.text));
    // Behind every code that names a product is a page for whoever holds the toy.
    let public =
        code::read(None, item.text.as_bytes()).ok().filter(|_| Shelf::of(&item.text) == Shelf::Products);
    let public = public.map(|code| view! { <a class="button quiet" href=address(&code)>{tr(PUBLIC)}</a> });
    view! {
        <figure id=format!("code-{n}")>
            <div class="symbol" aria-hidden="true" inner_html=item.svg></div>
            <figcaption>
                <h3>{said(&item.title)}</h3>
                <CodePlate code=item.text inline=true/>
                <p class="soft">{said(&item.about)}</p>
                <p class="actions no-print">
                    <a class="button quiet" href=look_up>{tr(LOOK_UP)}</a>
                    {public}
                    <a class="to-contents" href="#main">{tr(CONTENTS)}</a>
                </p>
            </figcaption>
        </figure>
    }
}
