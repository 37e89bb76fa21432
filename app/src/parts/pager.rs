//! The foot of a long list: how many there are, and the way to the next ones. Plain links, so that it
//! works without script and a place in a list can be sent to somebody.

use crate::{
    here::{encode, lang, query, tr},
    parts::amount::number,
};
use domain::{
    text::{Text, text},
    view,
};
use leptos::prelude::*;

const SHOWN: Text = text("{shown} of {total}", "{shown} / {total}");
const NEXT: Text = text("Next", "下一页");
const FIRST: Text = text("From the beginning", "回到开头");

/// Which list of a page was turned, and how far.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Turned {
    /// The list's name; empty where none was.
    pub list: String,
    /// The cursor.
    pub after: String,
}

impl Turned {
    /// True where this list was turned beyond its first rows.
    pub fn is(&self, list: &str) -> bool {
        !self.after.is_empty() && self.list == list
    }
}

/// Where the reader stands, as the page's address tells.
pub fn turned() -> Memo<Turned> {
    let (list, after) = (query("list"), query("after"));
    Memo::new(move |_| Turned { list: list.get(), after: after.get() })
}

/// The foot of a list; nothing where all of it is shown.
#[component]
pub fn Pager(
    /// The list's name, which is also its section's id.
    list: &'static str,
    /// How many rows stand above.
    shown: usize,
    /// How many there are in all.
    total: u64,
    /// The cursor of the next rows.
    next: Option<String>,
    /// Where the reader stands.
    turned: Turned,
) -> impl IntoView {
    let turned = turned.is(list);
    if next.is_none() && !turned {
        return ().into_any();
    }
    let (shown, total) = (number(shown as u64), number(total));
    let told = SHOWN.with(&[("shown", &shown), ("total", &total)]);
    let first = turned.then(|| view! { <a class="button quiet" href=format!("?#{list}")>{tr(FIRST)}</a> });
    let next = next.map(|after| {
        let href = format!("?list={list}&after={}#{list}", encode(&after));
        view! { <a class="button quiet" href=href rel="next">{tr(NEXT)}</a> }
    });
    view! {
        <nav class="pager">
            <span class="told">{told.get(lang()).to_owned()}</span>
            {first}
            {next}
        </nav>
    }
    .into_any()
}

/// The foot of a page of a list.
pub fn pager<T>(list: &'static str, page: &view::Page<T>, turned: &Turned) -> impl IntoView + use<T> {
    let (shown, total, next) = (page.rows.len(), page.total, page.next.clone());
    view! { <Pager list shown total next turned=turned.clone()/> }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parts::fixture::html;

    #[test]
    fn a_list_that_is_shown_whole_has_no_foot() {
        let page = view::Page { rows: vec![1, 2], total: 2, next: None };
        assert!(!html(move || pager("cartons", &page, &Turned::default())).contains("nav"));
        let page = view::Page { rows: vec![1, 2], total: 4_250, next: Some("k 2".into()) };
        let html = html(move || pager("cartons", &page, &Turned::default()));
        assert!(
            html.contains("2 of 4,250") && html.contains("?list=cartons&amp;after=k%202#cartons"),
            "{html}"
        );
    }
}
