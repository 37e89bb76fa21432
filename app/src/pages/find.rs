//! Find by name: one field over everything, and what was touched last while it is empty.

use crate::{
    error::AppError,
    here::{encode, href, lang, query, said, tr},
    parts::{
        amount::number,
        icon::{Glyph, Icon},
        loaded::loaded,
    },
};
use domain::{
    subject::SubjectKind,
    text::{Text, text},
    view::{Page, Titled},
};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use leptos_meta::Title;
use leptos_router::components::Form;

const TITLE: Text = text("Find", "查找");
const FIELD: Text = text("Lot code, code, reference or name", "批号、条码、单号或名称");
const HELP: Text = text(
    "Codes, lot codes and references are found by how they begin; names by any part of them.",
    "条码、批号和单号按开头查找；名称可按任意部分查找。",
);
const SEARCH: Text = text("Search", "搜索");
const EVERYTHING: Text = text("Everything", "全部");
const KINDS: Text = text("Kinds", "类型");
const RECENT: Text = text("Touched last", "最近更新");
const NOTHING_YET: Text = text("Nothing is on record yet.", "尚无任何记录。");
const FOUND: Text = text("Found: {n}", "找到：{n}");
const SHOWN: Text = text(
    "The first {shown} are shown. Type more to narrow it down.",
    "显示前 {shown} 项。请输入更多内容以缩小范围。",
);
const NOTHING: Text = text("Nothing found for “{text}”.", "未找到“{text}”。");
const BEGIN: Text = text(
    "Codes, lot codes and references that begin otherwise and only hold “{text}” further in are not found. Type how it begins.",
    "条码、批号和单号若开头不同、仅中间含“{text}”，则查不到。请输入其开头部分。",
);
const SEARCHED: Text = text(
    "Searched: codes, keys and names of {kinds}. Spaces and upper case count inside a lot code; check them, or scan the code.",
    "已搜索：{kinds}的条码、编号与名称。批号中的空格和大小写有区别，请核对或直接扫码。",
);

/// What a text finds.
#[server(prefix = "/ask", endpoint = "find", input = GetUrl)]
pub async fn ask_find(
    /// The text.
    text: String,
    /// The kind.
    kind: String,
) -> Result<Page<Titled>, AppError> {
    use crate::request::{reader, told};
    let (request, reader) = reader(domain::person::Role::reads_records)?;
    told(request.ledger.find(&reader, text.trim(), SubjectKind::from_word(&kind)).await)
}

/// What was touched last.
#[server(prefix = "/ask", endpoint = "recent", input = GetUrl)]
pub async fn ask_recent() -> Result<Vec<Titled>, AppError> {
    use crate::request::{reader, told};
    let (request, reader) = reader(domain::person::Role::reads_records)?;
    told(request.ledger.recent(&reader).await)
}

/// The page.
#[component]
pub fn FindPage() -> impl IntoView {
    let (text, kind) = (query("q"), query("kind"));
    let found = Resource::new(
        move || (text.get(), kind.get()),
        |(text, kind)| async move {
            match text.trim().is_empty() {
                true => ask_recent()
                    .await
                    .map(|rows| (text, kind, Page { total: rows.len() as u64, rows, next: None })),
                false => ask_find(text.clone(), kind.clone()).await.map(|page| (text, kind, page)),
            }
        },
    );
    let field = NodeRef::<leptos::html::Input>::new();
    // Going back to an earlier search shows what was searched for. Waking does not: somebody may have typed.
    Effect::new(move |before: Option<String>| {
        let text = text.get();
        if let Some(field) = field.get_untracked().filter(|_| before.is_some_and(|before| before != text)) {
            field.set_value(&text);
        }
        text
    });
    view! {
        <Title text=tr(TITLE)/>
        <div class="find stack">
            <h1>{tr(TITLE)}</h1>
            <Form method="GET" action="/find">
                <div class="field" role="search">
                    <label for="q">{tr(FIELD)}</label>
                    <div class="line">
                        <input
                            id="q"
                            name="q"
                            type="search"
                            node_ref=field
                            value=text.get_untracked()
                            autocomplete="off"
                            autocapitalize="off"
                            spellcheck="false"
                            enterkeyhint="search"
                            aria-describedby="q-help"
                        />
                        <input type="hidden" name="kind" value=move || kind.get()/>
                        <button><Icon glyph=Glyph::Find/>{tr(SEARCH)}</button>
                    </div>
                    <p class="help" id="q-help">{tr(HELP)}</p>
                </div>
            </Form>
            {move || view! { <KindChips text=text.get() kind=kind.get()/> }}
            {loaded(found, |(text, kind, page)| view! { <Results text kind page/> })}
        </div>
    }
}

/// Links that narrow the search to one kind.
#[component]
fn KindChips(text: String, kind: String) -> impl IntoView {
    let q = encode(&text);
    let chosen = SubjectKind::from_word(&kind);
    let chip = move |of: Option<SubjectKind>| {
        let (slug, label, glyph) = match of {
            Some(kind) => (kind.slug(), kind.title(), Some(Glyph::of(kind))),
            None => (String::new(), EVERYTHING, None),
        };
        let current = (of == chosen).then_some("true");
        view! {
            <a class="chip" href=format!("/find?q={q}&kind={slug}") aria-current=current>
                {glyph.map(|glyph| view! { <Icon glyph/> })}
                {tr(label)}
            </a>
        }
    };
    let chips: Vec<_> = std::iter::once(None).chain(SubjectKind::ALL.map(Some)).map(chip).collect();
    view! { <nav class="chips" aria-label=tr(KINDS)>{chips}</nav> }
}

/// What was found, or, without a question, what was touched last.
#[component]
fn Results(text: String, kind: String, page: Page<Titled>) -> impl IntoView {
    let asked = !text.trim().is_empty();
    if page.rows.is_empty() {
        return if asked { nothing(&text, &kind).into_any() } else { tr(NOTHING_YET).into_any() };
    }
    let heading = match asked {
        true => FOUND.with(&[("n", &number(page.total))]).get(lang()).to_owned(),
        false => tr(RECENT).to_owned(),
    };
    let more = (page.total > page.rows.len() as u64).then(|| {
        let told = SHOWN.with(&[("shown", &number(page.rows.len() as u64))]);
        view! { <p class="help">{said(&told)}</p> }
    });
    let rows: Vec<_> = page.rows.into_iter().map(row).collect();
    view! {
        <section class="results">
            <h2 role="status">{heading}</h2>
            <ul>{rows}</ul>
            {more}
        </section>
    }
    .into_any()
}

fn row(found: Titled) -> impl IntoView {
    let kind = found.subject.kind;
    view! {
        <li>
            <a href=href(&found.subject)>
                <Icon glyph=Glyph::of(kind)/>
                <span class="told">
                    <strong>{found.title}</strong>
                    <span class="detail">{said(&found.detail)}</span>
                </span>
                <span class="kind">{tr(kind.title())}</span>
            </a>
        </li>
    }
}

/// Said plainly, with what was searched, so that nobody takes silence for an answer.
fn nothing(text: &str, kind: &str) -> impl IntoView + use<> {
    let searched = match SubjectKind::from_word(kind) {
        Some(kind) => vec![kind],
        None => SubjectKind::ALL.to_vec(),
    };
    let lang = lang();
    let comma = if lang == domain::text::Lang::Zh { "、" } else { ", " };
    let kinds: Vec<_> = searched.iter().map(|kind| kind.title().get(lang).to_lowercase()).collect();
    view! {
        <div class="nothing" role="status">
            <p><strong>{said(&NOTHING.with(&[("text", text.trim())]))}</strong></p>
            <p>{said(&BEGIN.with(&[("text", text.trim())]))}</p>
            <p>{said(&SEARCHED.with(&[("kinds", &kinds.join(comma))]))}</p>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parts::fixture::html;

    #[test]
    fn nothing_found_says_what_was_searched() {
        let html = html(|| {
            view! { <Results text=" LOT 9 ".to_owned() kind="batch".to_owned() page=Page::default()/> }
        });
        assert!(
            html.contains("Nothing found for “LOT 9”.")
                && html.contains("names of batch.")
                && html.contains("only hold “LOT 9”"),
            "{html}"
        );
    }
}
