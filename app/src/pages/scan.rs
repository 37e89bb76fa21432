//! The scan page: a code comes in by camera, photo, wedge, paste or keyboard and is looked up; whatever
//! the way in, it ends in the same question.
//!
//! Without script the page is a form that asks for `?code=` and shows the same answer.

use crate::{
    error::AppError,
    here::{here, query, tr},
    parts::{
        answer::{Answer, AnswerView},
        code_field::CodeField,
        loaded::loaded,
        notice::{Notice, Tone},
        receipt::Receipt,
        scan_list::{ScanList, Shown},
        viewport::Viewport,
    },
    scans::Scans,
};
use domain::text::{Text, text};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use leptos_meta::Title;

const TITLE: Text = text("Scan", "扫描");
const HEADING: Text = text("Scan a code", "扫描条码");
const NOT_YET: Text = text(
    "Point the camera at a carton or product code, drop a photo here, use a hand scanner, or type the code.",
    "将摄像头对准外箱或产品条码，或拖入照片、使用扫码枪、直接输入条码。",
);
const NO_SCRIPT: Text = text(
    "Script is off in this browser: type the code. Camera and photos need script.",
    "此浏览器已停用脚本：请手动输入条码。摄像头和照片需要脚本。",
);

/// Looks a code up. An empty code only asks whether this person may.
///
/// # Errors
/// As told; a code that nobody knows or that cannot be read is an answer and no error.
#[server(prefix = "/ask", endpoint = "code", input = GetUrl)]
pub async fn ask_code(
    /// The code as scanned or typed.
    code: String,
    /// The symbology identifier, where a scanner told one.
    symbology: Option<String>,
) -> Result<Option<Answer>, AppError> {
    use crate::{
        parts::answer::Outside,
        request::{reader, told},
    };
    use domain::view::Resolution;
    let (request, reader) = reader(|_| true)?;
    if code.trim().is_empty() {
        return Ok(None);
    }
    let resolution = told(request.ledger.resolve(&reader, symbology.as_deref(), code.as_bytes()).await)?;
    let readable = !matches!(resolution, Resolution::Unreadable { .. });
    let outside = match reader.role.reads_records() || !readable {
        true => None,
        false => {
            let known = told(request.ledger.public(Some(reader.brand), &code).await)?;
            Some(Outside { known: known.map(Box::new) })
        }
    };
    Ok(Some(Answer { asked: code, resolution, outside, draft: uuid::Uuid::now_v7() }))
}

/// The page.
#[component]
pub fn ScanPage() -> impl IntoView {
    let scans = expect_context::<Scans>();
    let code = query("code");
    let signed_in = here().who.is_some();
    // With nothing to ask, a page that is opened without a signal must not fail for asking.
    let answer = Resource::new(
        move || code.get(),
        move |code| async move {
            if code.is_empty() && signed_in { Ok(None) } else { ask_code(code, None).await }
        },
    );
    let take = Callback::new(move |code: String| scans.take(code, None));
    view! {
        <Title text=tr(TITLE)/>
        <div class="scan">
            <h1 class="visually-hidden">{tr(HEADING)}</h1>
            <Viewport scans/>
            <div class="beside">
                <noscript>
                    <Notice tone=Tone::Look><p>{tr(NO_SCRIPT)}</p></Notice>
                </noscript>
                <CodeField value=code.get_untracked() on_code=take/>
                <section class="result" aria-live="polite">
                    <Show when=move || scans.shows_any() fallback=move || view! { <Receipt/><Asked answer/> }>
                        <Shown scans/>
                    </Show>
                </section>
                <ScanList scans/>
            </div>
        </div>
    }
}

/// The answer to the code in the page's address.
#[component]
fn Asked(answer: Resource<Result<Option<Answer>, AppError>>) -> impl IntoView {
    loaded(answer, |answer| match answer {
        Some(answer) => view! { <AnswerView answer/> }.into_any(),
        None => view! { <p class="not-yet">{tr(NOT_YET)}</p> }.into_any(),
    })
}
