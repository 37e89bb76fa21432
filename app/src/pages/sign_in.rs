//! The sign-in page. In the demo it shows every user, password and all.

use crate::{
    browser::memory,
    error::AppError,
    here::{encode, query, said, tr},
    parts::{
        loaded::loaded,
        notice::{Notice, Tone},
    },
};
use domain::{
    person::Role,
    text::{Said, Text, text},
};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use leptos_meta::Title;
use serde::{Deserialize, Serialize};

const TITLE: Text = text("Sign in", "登录");
const NAME: Text = text("Name", "用户名");
const PASSWORD: Text = text("Password", "密码");
const WRONG: Text = text(
    "Name and password do not go together. Check both and try again.",
    "用户名与密码不匹配，请核对后重试。",
);
const TOO_OFTEN: Text = text(
    "Too many tries. Wait a quarter of an hour, or ask an administrator.",
    "尝试次数过多。请等待十五分钟，或联系管理员。",
);
const EXPIRED: Text = text(
    "Your session had ended before this was handed in. Nothing is lost: sign in and go on where you were.",
    "提交前登录已失效。内容没有丢失，登录后即可继续。",
);
const DEMO: Text = text("Users of this demo", "演示用户");
const DEMO_HELP: Text = text(
    "Choose one: name and password are filled in. The password is {password} for all.",
    "选择一位即可填入用户名和密码。所有用户的密码均为 {password}。",
);

/// A user of the demo, password and all.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct DemoAccount {
    /// The name to sign in with.
    pub name: String,
    /// The password, shown on purpose: the demo holds nothing of anybody's.
    pub password: String,
    /// The role.
    pub role: Role,
    /// What this user comes for, in a sentence.
    pub does: Said,
}

/// The users of the demo; none elsewhere.
///
/// # Errors
/// When the request carries nothing.
#[server(prefix = "/ask", endpoint = "demo", input = GetUrl)]
pub async fn ask_demo() -> Result<Vec<DemoAccount>, AppError> {
    let demo = crate::request::request()?.demo;
    Ok(demo.map(|demo| demo.to_vec()).unwrap_or_default())
}

/// The page.
#[component]
pub fn SignInPage() -> impl IntoView {
    let demo = Resource::new(|| (), |()| ask_demo());
    // The next person at this device may see less than the last one.
    Effect::new(memory::forget_answers);
    view! {
        <Title text=tr(TITLE)/>
        <div class="sheet sign-in">
            <h1>{tr(TITLE)}</h1>
            <Refused/>
            {loaded(demo, |demo| view! { <SignInForm demo=demo.clone()/><DemoUsers demo/> })}
        </div>
    }
}

#[component]
fn Refused() -> impl IntoView {
    let refused = query("refused");
    let words = move || match refused.read().as_str() {
        "" => None,
        "throttled" => Some((Tone::Stop, TOO_OFTEN)),
        "expired" => Some((Tone::Look, EXPIRED)),
        _ => Some((Tone::Stop, WRONG)),
    };
    let (throttled, expired, wrong) = (tr(TOO_OFTEN), tr(EXPIRED), tr(WRONG));
    move || {
        words().map(|(tone, text)| {
            let sentence = match text {
                TOO_OFTEN => throttled,
                EXPIRED => expired,
                _ => wrong,
            };
            view! { <Notice tone=tone><p>{sentence}</p></Notice> }
        })
    }
}

/// The form. `?name=` fills the name after a refusal, `?as=` a user of the demo. What it holds is written
/// once, by the server: a page that wakes while somebody types takes nothing away.
#[component]
fn SignInForm(demo: Vec<DemoAccount>) -> impl IntoView {
    let (back, name, chosen) = (query("back"), query("name"), query("as"));
    let user = demo.into_iter().find(|user| user.name == *chosen.read_untracked());
    let (name, password) = match user {
        Some(user) => (user.name, user.password),
        None => (name.get_untracked(), String::new()),
    };
    view! {
        <form class="panel" method="post" action="/sign-in">
            <input type="hidden" name="back" value=back.get_untracked()/>
            <label>
                <span class="label">{tr(NAME)}</span>
                <input
                    name="name"
                    value=name
                    autocomplete="username"
                    autocapitalize="none"
                    spellcheck="false"
                    required
                />
            </label>
            <label>
                <span class="label">{tr(PASSWORD)}</span>
                <input
                    name="password"
                    type="password"
                    value=password
                    autocomplete="current-password"
                    required
                />
            </label>
            <button type="submit">{tr(TITLE)}</button>
        </form>
    }
}

#[component]
fn DemoUsers(demo: Vec<DemoAccount>) -> impl IntoView {
    let password = demo.first().map(|user| user.password.clone())?;
    let back = query("back").get_untracked();
    let users = demo.into_iter().map(|user| {
        let href = format!("/sign-in?as={}&back={}", encode(&user.name), encode(&back));
        view! {
            <li>
                // A new document: the form is filled in as it is drawn.
                <a class="user" href=href rel="external">
                    <strong translate="no">{user.name}</strong>
                    <span class="role">{tr(user.role.title())}</span>
                    <span class="soft">{said(&user.does)}</span>
                </a>
            </li>
        }
    });
    Some(view! {
        <section class="demo-users">
            <h2>{tr(DEMO)}</h2>
            <p class="help">{said(&DEMO_HELP.with(&[("password", &password)]))}</p>
            <ul>{users.collect_view()}</ul>
        </section>
    })
}
