//! The account page: who is signed in, how the app looks to them, and the way out.

use crate::{
    browser,
    error::AppError,
    here::{Theme, here, lang, tr},
    parts::{language_switch::name, loaded::loaded},
};
use domain::{
    text::{Lang, Text, text},
    view::SignedIn,
};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use leptos_meta::Title;

const TITLE: Text = text("Account", "账户");
const ROLE: Text = text("Role", "角色");
const BRAND: Text = text("Brand", "品牌");
const LANGUAGE: Text = text("Language", "语言");
const THEME: Text = text("Light and dark", "明暗主题");
const AUTO: Text = text("As the device", "跟随设备");
const LIGHT: Text = text("Light, for sunlight", "浅色，适合强光");
const DARK: Text = text("Dark, for the night", "深色，适合夜间");
const SCANNING: Text = text("Scanning", "扫描");
const SCAN_LAB: Text = text("Scan lab", "扫描诊断");
const SCAN_LAB_HELP: Text = text(
    "Shows how fast this device scans, and saves a report for whoever helps you.",
    "显示此设备的扫描速度，并可保存报告供技术支持使用。",
);
const TABLES: Text = text("Tables", "表格");
const TABLES_HELP: Text = text(
    "CSV files and workbooks in your own columns, and the imports there were.",
    "按您自己的列提交 CSV 和工作簿，并查看以往导入。",
);
const HAND_IN: Text = text("Hand in a table", "提交表格");
const SIGN_OUT: Text = text("Sign out", "退出登录");
const EVERYWHERE: Text = text("Sign out everywhere", "在所有设备上退出");
const EVERYWHERE_HELP: Text = text(
    "Ends every session of this account on every device, for example after a phone was lost.",
    "结束此账户在所有设备上的登录，例如手机遗失之后。",
);

/// Who is signed in, asked afresh: the page may be older than the session.
///
/// # Errors
/// When nobody is.
#[server(prefix = "/ask", endpoint = "account", input = GetUrl)]
pub async fn ask_account() -> Result<SignedIn, AppError> {
    let (request, _) = crate::request::reader(|_| true)?;
    request.who.ok_or(AppError::NotSignedIn)
}

/// The page.
#[component]
pub fn AccountPage() -> impl IntoView {
    let who = Resource::new(|| (), |()| ask_account());
    view! {
        <Title text=tr(TITLE)/>
        <div class="sheet account">
            <h1>{tr(TITLE)}</h1>
            {loaded(who, |who| view! { <Who who/> })}
            <section class="panel">
                <h2>{tr(LANGUAGE)}</h2>
                <Languages/>
            </section>
            <section class="panel">
                <h2>{tr(THEME)}</h2>
                <Themes/>
            </section>
            <section class="panel">
                <h2>{tr(SCANNING)}</h2>
                <p class="help">{tr(SCAN_LAB_HELP)}</p>
                <a class="button quiet" href="/scan/lab">{tr(SCAN_LAB)}</a>
            </section>
            <section class="panel">
                <form method="post" action="/sign-out">
                    <input type="hidden" name="back" value="/sign-in"/>
                    <button type="submit">{tr(SIGN_OUT)}</button>
                </form>
                <form method="post" action="/sign-out-everywhere">
                    <input type="hidden" name="back" value="/sign-in"/>
                    <button type="submit" class="quiet">{tr(EVERYWHERE)}</button>
                    <p class="help">{tr(EVERYWHERE_HELP)}</p>
                </form>
            </section>
        </div>
    }
}

#[component]
fn Who(who: SignedIn) -> impl IntoView {
    let tables = who.role.imports().then(|| {
        view! {
            <section class="panel">
                <h2>{tr(TABLES)}</h2>
                <p class="help">{tr(TABLES_HELP)}</p>
                <a class="button quiet" href="/import">{tr(HAND_IN)}</a>
            </section>
        }
    });
    view! {
        <section class="panel">
            <h2 translate="no">{who.person.name}</h2>
            <dl class="facts">
                <div><dt>{tr(ROLE)}</dt><dd>{tr(who.role.title())}</dd></div>
                <div><dt>{tr(BRAND)}</dt><dd>{who.brand}</dd></div>
            </dl>
        </section>
        {tables}
    }
}

#[component]
fn Languages() -> impl IntoView {
    let current = lang();
    let choices = Lang::ALL.map(|lang| {
        view! {
            <button
                type="submit"
                class="quiet"
                name="lang"
                value=lang.tag()
                lang=lang.tag()
                aria-pressed=(lang == current).to_string()
            >
                {name(lang)}
            </button>
        }
    });
    view! {
        <form class="actions choice-row" method="post" action="/language">
            <input type="hidden" name="back" value="/account"/>
            {choices.into_iter().collect_view()}
        </form>
    }
}

/// Without script a post and a new page; with it the page changes under the finger.
#[component]
fn Themes() -> impl IntoView {
    let current = RwSignal::new(here().theme);
    let choices = Theme::ALL.map(|theme| {
        let choose = move |event: leptos::ev::MouseEvent| {
            event.prevent_default();
            browser::set_theme(theme);
            current.set(theme);
        };
        view! {
            <button
                type="submit"
                class="quiet"
                name="theme"
                value=theme.word()
                aria-pressed=move || (theme == current.get()).to_string()
                on:click=choose
            >
                {tr(title(theme))}
            </button>
        }
    });
    view! {
        <form class="actions choice-row" method="post" action="/theme">
            <input type="hidden" name="back" value="/account"/>
            {choices.into_iter().collect_view()}
        </form>
    }
}

const fn title(theme: Theme) -> Text {
    match theme {
        Theme::Auto => AUTO,
        Theme::Light => LIGHT,
        Theme::Dark => DARK,
    }
}
