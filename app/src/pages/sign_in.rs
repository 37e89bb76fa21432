//! The sign-in page.

use crate::here::tr;
use domain::{
    person::Role,
    text::{Said, Text, text},
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

const TITLE: Text = text("Sign in", "登录");

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

/// The page.
#[component]
pub fn SignInPage() -> impl IntoView {
    view! { <h1>{tr(TITLE)}</h1> }
}
