//! The first start: whoever holds the one-time link from the console becomes the administrator.

use crate::{
    here::{encode, param, query, tr},
    parts::notice::{Notice, Tone},
};
use domain::text::{Text, text};
use leptos::prelude::*;
use leptos_meta::Title;

const TITLE: Text = text("Set up Lotwalk", "设置 Lotwalk");
const INTRO: Text = text(
    "You hold the one-time link. Choose a name and a password: you become the administrator and can add everybody else.",
    "您持有一次性设置链接。设置用户名和密码后，您将成为管理员，并可添加其他用户。",
);
const NAME: Text = text("Your name", "您的用户名");
const PASSWORD: Text = text("Password", "密码");
const HELP: Text = text(
    "At least ten characters. A few words are easier to remember and harder to guess.",
    "至少十个字符。几个词语组合更易记、更难猜。",
);
const REPEAT: Text = text("The same password again", "再次输入密码");
const CREATE: Text = text("Become administrator", "创建管理员");
const SHORT: Text =
    text("This password is too short. Take at least ten characters.", "密码太短，请至少使用十个字符。");
const DIFFERS: Text =
    text("The two passwords differ. Type the same one twice.", "两次输入的密码不一致，请重新输入。");
const IN_USE: Text = text("This name is taken. Choose another one.", "该用户名已被使用，请另选一个。");
const USED: Text = text(
    "This link was used already or is too old. Start the server again for a new one.",
    "该链接已使用或已过期。请重新启动服务器以获取新链接。",
);

/// The page.
#[component]
pub fn SetupPage() -> impl IntoView {
    let (token, refused, name) = (param("token"), query("refused"), query("name"));
    let sentence = match refused.get_untracked().as_str() {
        "" => None,
        "password_short" => Some(SHORT),
        "password_differs" => Some(DIFFERS),
        "name_in_use" => Some(IN_USE),
        _ => Some(USED),
    };
    view! {
        <Title text=tr(TITLE)/>
        <div class="sheet">
            <h1>{tr(TITLE)}</h1>
            {sentence.map(|text| view! { <Notice tone=Tone::Stop><p>{tr(text)}</p></Notice> })}
            <p>{tr(INTRO)}</p>
            <form class="panel" method="post" action=move || format!("/setup/{}", encode(&token.read()))>
                <label>
                    <span class="label">{tr(NAME)}</span>
                    <input name="name" value=name autocomplete="username" spellcheck="false" required/>
                </label>
                <label>
                    <span class="label">{tr(PASSWORD)}</span>
                    <input
                        name="password"
                        type="password"
                        minlength="10"
                        autocomplete="new-password"
                        aria-describedby="password-help"
                        required
                    />
                    <span class="help" id="password-help">{tr(HELP)}</span>
                </label>
                <label>
                    <span class="label">{tr(REPEAT)}</span>
                    <input name="repeat" type="password" minlength="10" autocomplete="new-password" required/>
                </label>
                <button type="submit">{tr(CREATE)}</button>
            </form>
        </div>
    }
}
