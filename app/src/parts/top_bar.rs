//! The top bar: where one is and where one can go. On a phone its links stand at the bottom edge, under
//! the thumb.

use crate::{
    here::{here, tr},
    parts::{
        icon::{Glyph, Icon},
        language_switch::LanguageSwitch,
    },
};
use domain::text::{Text, text};
use leptos::prelude::*;
use leptos_router::hooks::use_url;

const NAME: Text = text("Lotwalk", "Lotwalk");
const PAGES: Text = text("Pages", "页面");
const SCAN: Text = text("Scan", "扫描");
const FIND: Text = text("Find", "查找");
const RECORDS: Text = text("Records", "记录");
const LEDGER: Text = text("Ledger", "账本");
const CODES: Text = text("Codes", "条码");
const ACCOUNT: Text = text("Account", "账户");
const SIGN_IN: Text = text("Sign in", "登录");

/// The bar.
#[component]
pub fn TopBar() -> impl IntoView {
    let here = here();
    let role = here.who.as_ref().map(|who| who.role);
    let reads_records = role.is_some_and(|role| role.reads_records());
    let reads_ledger = role.is_some_and(|role| role.reads_ledger());
    let mut links = Vec::new();
    if role.is_some() {
        links.push(("/", Glyph::Scan, SCAN));
    }
    if reads_records {
        links.push(("/find", Glyph::Find, FIND));
        links.push(("/records", Glyph::Plan, RECORDS));
    }
    if reads_ledger {
        links.push(("/ledger", Glyph::Ledger, LEDGER));
    }
    if here.demo {
        links.push(("/codes", Glyph::Sheet, CODES));
    }
    links.push(match role {
        Some(_) => ("/account", Glyph::Person, ACCOUNT),
        None => ("/sign-in", Glyph::Person, SIGN_IN),
    });
    let url = use_url();
    let links: Vec<_> = links
        .into_iter()
        .map(|(href, glyph, label)| {
            let current = move || {
                let url = url.read();
                let path = url.path();
                let inside = path == href
                    || (href.len() > 1 && path.strip_prefix(href).is_some_and(|r| r.starts_with('/')));
                inside.then_some("page")
            };
            view! {
                <a href=href aria-current=current>
                    <Icon glyph=glyph/>
                    <span>{tr(label)}</span>
                </a>
            }
        })
        .collect();
    view! {
        <header class="top-bar">
            <a class="name" href="/"><span class="mark" aria-hidden="true"></span>{tr(NAME)}</a>
            <span class="brand">{here.who.map(|who| who.brand)}</span>
            <nav aria-label=tr(PAGES)>{links}</nav>
            <LanguageSwitch/>
        </header>
    }
    .into_any()
}
