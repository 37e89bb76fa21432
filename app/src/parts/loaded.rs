//! A page's answer: awaited, then shown, or told why there is none.

use crate::{error::AppError, here::tr, parts::notice::Failed};
use domain::text::{Text, text};
use leptos::prelude::*;

const WAITING: Text = text("Looking it up", "正在查询");

/// Shows what a resource comes to. While a newer answer is under way the former one stays.
pub fn loaded<T, V>(
    answer: Resource<Result<T, AppError>>,
    show: impl Fn(T) -> V + Clone + Send + Sync + 'static,
) -> impl IntoView
where
    T: Clone + Send + Sync + 'static,
    V: IntoView + 'static,
{
    view! {
        <Transition fallback=Waiting>
            {move || {
                let show = show.clone();
                Suspend::new(async move {
                    match answer.await {
                        Ok(found) => show(found).into_any(),
                        Err(error) => view! { <Failed error/> }.into_any(),
                    }
                })
            }}
        </Transition>
    }
}

/// What stands in the place of an answer that is not here yet.
#[component]
pub fn Waiting() -> impl IntoView {
    view! { <p class="waiting" role="status">{tr(WAITING)}</p> }
}
