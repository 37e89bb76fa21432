//! The HTML document around every page.

use crate::here::{Here, Theme};
use domain::text::{Lang, Text, text};
use leptos::prelude::*;
use leptos_meta::MetaTags;

const NAME: Text = text("Lotwalk", "Lotwalk");
const ABOUT: Text =
    text("Scan a code, see its batch and its whole story.", "扫描条码，查看批次及其完整履历。");

/// Where the server keeps the files a document names.
#[derive(Clone, PartialEq, Debug)]
pub struct Assets {
    /// Address of the joined style sheet, its hash in the name.
    pub style: String,
    /// Changes with every build: the offline copy of the app is one version or another, never a mix.
    pub version: String,
    /// False where no WASM was built; pages then stay plain forms.
    pub hydrates: bool,
}

/// The document. Written by hand down to the hydration script: Leptos' own names the module by a
/// compile-time variable and puts the nonce where Firefox takes it for something else.
#[component]
pub fn Shell(
    /// What every page knows.
    here: Here,
    /// Where style and scripts are.
    assets: Assets,
    /// The page.
    children: Children,
) -> impl IntoView {
    let nonce = leptos::nonce::use_nonce();
    let lang = here.lang;
    let theme = here.theme;
    // `</` cannot end the element it stands in once `<` is escaped.
    let facts = serde_json::to_string(&here).unwrap_or_default().replace('<', "\\u003c");
    // Page, scanner and offline copy all carry the version, so that they are of one build.
    let module = format!("/pkg/client.js?v={}", assets.version);
    let hydrate = format!(
        "import start, {{ hydrate }} from '{module}';\
         await start({{ module_or_path: '/pkg/client_bg.wasm?v={version}' }}); hydrate();\
         navigator.serviceWorker?.register('/sw.js?v={version}');",
        version = assets.version
    );
    view! {
        <!DOCTYPE html>
        <html lang=lang.tag() data-theme=theme.word()>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover"/>
                <meta name="description" content=ABOUT.get(lang)/>
                <meta name="color-scheme" content=scheme(theme)/>
                <meta name="theme-color" content="#f4f1e9" media="(prefers-color-scheme: light)"/>
                <meta name="theme-color" content="#14181c" media="(prefers-color-scheme: dark)"/>
                <meta name="application-name" content=NAME.get(Lang::En)/>
                <link rel="stylesheet" href=assets.style/>
                <link rel="manifest" href="/manifest.webmanifest"/>
                <link rel="icon" href="/icons/icon.svg" type="image/svg+xml"/>
                <link rel="icon" href="/icons/icon-192.png" type="image/png" sizes="192x192"/>
                <link rel="apple-touch-icon" href="/icons/icon-180.png"/>
                {assets.hydrates.then(|| view! {
                    <link rel="modulepreload" href=module/>
                    <script type="module" nonce=nonce.clone() inner_html=hydrate></script>
                })}
                <script id="here" type="application/json" nonce=nonce inner_html=facts></script>
                <MetaTags/>
            </head>
            // Nothing but the page: the browser wakes the body from its first child on.
            <body>{children()}</body>
        </html>
    }
}

const fn scheme(theme: Theme) -> &'static str {
    match theme {
        Theme::Auto => "light dark",
        Theme::Light => "light",
        Theme::Dark => "dark",
    }
}
