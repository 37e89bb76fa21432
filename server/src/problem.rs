//! Answers that are not what was asked for: problem+json (RFC 9457) for programs, a page for people.
//!
//! A handler returns a [`Problem`]; [`dress`], the outermost layer that touches bodies, writes it in the
//! form that the asker reads. What the framework refuses by itself (no such method, a body too large)
//! passes the same place, so no answer of this server is a bare status.

use axum::{
    Json,
    extract::Request,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{Html, IntoResponse, Response},
};
use domain::{
    code::CodeError,
    refusal::Refusal,
    text::{Lang, Said, Text, text},
};
use ledger::Fault;
use serde_json::{Map, Value, json};
use std::borrow::Cow;

use crate::visitor;

/// The media type of RFC 9457.
pub const PROBLEM_JSON: &str = "application/problem+json";

/// What went wrong, for programs and people alike.
#[derive(Clone, Debug)]
pub struct Problem {
    /// The HTTP status.
    pub status: StatusCode,
    /// A short word for programs, stable; `type` is `/api#word`.
    pub word: Cow<'static, str>,
    /// What kind of problem it is.
    pub title: &'static Text,
    /// What is wrong here, and how to mend it.
    pub said: Said,
    /// Seconds after which trying again makes sense.
    pub retry_after: Option<u32>,
    /// Members beside the standard ones: `field`, `candidates`, `position`, `fault`, `kept`.
    pub more: Map<String, Value>,
}

const MALFORMED: Text = text("The request cannot be read", "请求无法读取");
const UNREADABLE: Text = text("The code cannot be read", "代码无法读取");
const NOT_SIGNED_IN: Text = text("Not signed in", "未登录");
const NO_TOKEN: Text = text(
    "Send a token: “Authorization: Bearer …”. An administrator makes one with “lotwalk token create --role ROLE”.",
    "请附上令牌：“Authorization: Bearer …”。管理员可用“lotwalk token create --role ROLE”创建。",
);
const WRONG_TOKEN: Text = text(
    "This token is not known here. Check it, or ask an administrator for another one.",
    "此令牌无效。请核对，或向管理员索取新的令牌。",
);
const SIGN_IN: Text = text("Sign in first.", "请先登录。");
const NOT_ALLOWED: Text = text("Not allowed in this role", "该角色无权操作");
const ROLE_MAY_NOT: Text = text(
    "The role “{role}” may not do this. Ask an administrator if it should.",
    "角色“{role}”无权执行此操作。如有需要，请联系管理员。",
);
const FOREIGN: Text = text("The form came from another site", "表单来自其他网站");
const FOREIGN_MEND: Text = text(
    "For your safety forms are taken only from the pages of this server. Open the page here and send it again.",
    "为保障安全，仅接受本服务器页面提交的表单。请在此打开页面后重新提交。",
);
const NOT_FOUND: Text = text("Nothing at this address", "此网址没有内容");
const NOT_FOUND_MEND: Text =
    text("Check the address; /api lists what there is.", "请核对网址；/api 列出全部接口。");
const NO_METHOD: Text = text("This address does not take that method", "此网址不支持该请求方法");
const NO_METHOD_MEND: Text =
    text("The methods it takes are in the header “Allow”.", "支持的请求方法见响应头“Allow”。");
const TOO_LARGE: Text = text("Too large", "内容过大");
const TOO_LARGE_MEND: Text = text(
    "The body is larger than is taken here. Send fewer events at once, or smaller photos (up to 8 MB each) and PDFs (up to 25 MB).",
    "提交的内容超过上限。请减少单次事件数量，或缩小照片（每张不超过 8 MB）和 PDF（不超过 25 MB）。",
);
const WRONG_TYPE: Text = text("This media type is not taken here", "不支持此内容类型");
const WRONG_TYPE_MEND: Text = text(
    "Send JSON with “Content-Type: application/json”, or a form as the page sends it.",
    "请以“Content-Type: application/json”发送 JSON，或按页面方式提交表单。",
);
const REFUSED: Text = text("Refused", "已拒绝");
const TOO_MANY: Text = text("Too many tries", "尝试次数过多");
const WAIT: Text = text("Wait {n} seconds and try again.", "请等待 {n} 秒后重试。");
const TOO_SLOW: Text = text("It took too long", "处理超时");
const TOO_SLOW_MEND: Text = text(
    "The request was given up after too long a time. Try again; an event sent twice is recorded once.",
    "请求超时已中止。请重试；重复提交的事件只记录一次。",
);
const BUSY: Text = text("The ledger is busy or out of reach", "账本繁忙或暂时无法访问");
const BUSY_MEND: Text = text(
    "Nothing was written. Try again in a moment; if it stays, quote fault number {number}.",
    "没有写入任何内容。请稍后重试；若持续出现，请提供故障编号 {number}。",
);
const BROKE: Text = text("Something broke", "系统故障");
const BROKE_MEND: Text = text(
    "Something broke on our side. If it stays, quote fault number {number}.",
    "系统出现故障。若持续出现，请提供故障编号 {number}。",
);

impl Problem {
    /// A problem with a word, a title and what is wrong here.
    pub fn new(
        status: StatusCode,
        word: &'static str,
        title: &'static Text,
        said: impl Into<Said>,
    ) -> Problem {
        let said = said.into();
        Problem { status, word: word.into(), title, said, retry_after: None, more: Map::new() }
    }

    /// The same with one more member.
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Problem {
        self.more.insert(name.into(), value.into());
        self
    }

    /// 400: the request itself cannot be read.
    pub fn malformed(said: impl Into<Said>) -> Problem {
        Problem::new(StatusCode::BAD_REQUEST, "malformed_request", &MALFORMED, said)
    }

    /// 400: a code cannot be read, and where.
    pub fn unreadable_code(error: &CodeError) -> Problem {
        Problem::new(StatusCode::BAD_REQUEST, "unreadable_code", &UNREADABLE, error.said())
            .with("position", error.position)
            .with("error", serde_json::to_value(error).unwrap_or_default())
    }

    /// 401: no bearer token.
    pub fn no_token() -> Problem {
        Problem::new(StatusCode::UNAUTHORIZED, "no_token", &NOT_SIGNED_IN, NO_TOKEN)
    }

    /// 401: a bearer token that is not known.
    pub fn wrong_token() -> Problem {
        Problem::new(StatusCode::UNAUTHORIZED, "wrong_token", &NOT_SIGNED_IN, WRONG_TOKEN)
    }

    /// 401: nobody is signed in.
    pub fn not_signed_in() -> Problem {
        Problem::new(StatusCode::UNAUTHORIZED, "not_signed_in", &NOT_SIGNED_IN, SIGN_IN)
    }

    /// 403: somebody is, in a role that may not.
    pub fn not_allowed(role: domain::person::Role) -> Problem {
        let title = role.title();
        let said = |lang| ROLE_MAY_NOT.with(&[("role", title.get(lang))]).get(lang).to_string();
        let said = Said { en: said(Lang::En), zh: said(Lang::Zh) };
        Problem::new(StatusCode::FORBIDDEN, "not_allowed", &NOT_ALLOWED, said).with("role", role.word())
    }

    /// 403: an unsafe request from another site.
    pub fn foreign() -> Problem {
        Problem::new(StatusCode::FORBIDDEN, "foreign_request", &FOREIGN, FOREIGN_MEND)
    }

    /// 404: no such address.
    pub fn not_found() -> Problem {
        Problem::new(StatusCode::NOT_FOUND, "not_found", &NOT_FOUND, NOT_FOUND_MEND)
    }

    /// 413: more than is taken here.
    pub fn too_large() -> Problem {
        Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", &TOO_LARGE, TOO_LARGE_MEND)
    }

    /// 415: another media type is asked for.
    pub fn wrong_type() -> Problem {
        Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "wrong_media_type", &WRONG_TYPE, WRONG_TYPE_MEND)
    }

    /// 422: the domain says no.
    pub fn refused(refusal: &Refusal) -> Problem {
        let mut problem = Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "", &REFUSED, refusal.said.clone());
        problem.word = Cow::Owned(refusal.reason.clone());
        if let Some(field) = &refusal.field {
            problem = problem.with("field", field.as_str());
        }
        if !refusal.candidates.is_empty() {
            let urns: Vec<_> = refusal.candidates.iter().map(domain::subject::Subject::urn).collect();
            problem = problem.with("candidates", urns);
        }
        problem
    }

    /// 429: too often.
    pub fn too_many(seconds: u64) -> Problem {
        let said = WAIT.with(&[("n", &seconds.to_string())]);
        let mut problem = Problem::new(StatusCode::TOO_MANY_REQUESTS, "too_many_tries", &TOO_MANY, said);
        problem.retry_after = Some(u32::try_from(seconds).unwrap_or(u32::MAX));
        problem
    }

    /// 500 without a cause that may be told: a number to quote, and one line in the log.
    pub fn broke(cause: impl std::fmt::Display) -> Problem {
        let number = format!("{:08X}", rand::random::<u32>());
        tracing::error!(fault = %number, detail = %cause, "fault");
        Problem::fault_number(&number, false)
    }

    /// 503: the session store does not answer; the same as when the ledger does not.
    pub fn out_of_reach(cause: impl std::fmt::Display) -> Problem {
        let number = format!("{:08X}", rand::random::<u32>());
        tracing::warn!(fault = %number, detail = %cause, "storage is out of reach");
        Problem::fault_number(&number, true)
    }

    fn fault_number(number: &str, retry: bool) -> Problem {
        let (status, word, title, mend) = match retry {
            true => (StatusCode::SERVICE_UNAVAILABLE, "out_of_reach", &BUSY, BUSY_MEND),
            false => (StatusCode::INTERNAL_SERVER_ERROR, "fault", &BROKE, BROKE_MEND),
        };
        let mut problem =
            Problem::new(status, word, title, mend.with(&[("number", number)])).with("fault", number);
        problem.retry_after = retry.then_some(2);
        problem
    }

    /// What a bare status means; the framework gives no more.
    fn of_status(status: StatusCode) -> Problem {
        match status {
            StatusCode::UNAUTHORIZED => Problem::not_signed_in(),
            StatusCode::NOT_FOUND => Problem::not_found(),
            StatusCode::METHOD_NOT_ALLOWED => {
                Problem::new(status, "method_not_allowed", &NO_METHOD, NO_METHOD_MEND)
            }
            StatusCode::PAYLOAD_TOO_LARGE => Problem::too_large(),
            StatusCode::UNSUPPORTED_MEDIA_TYPE => Problem::wrong_type(),
            StatusCode::REQUEST_TIMEOUT | StatusCode::GATEWAY_TIMEOUT => {
                Problem::new(status, "too_slow", &TOO_SLOW, TOO_SLOW_MEND)
            }
            status if status.is_server_error() => Problem { status, ..Problem::broke(status) },
            _ => Problem { status, ..Problem::malformed(MALFORMED) },
        }
    }

    /// The document of RFC 9457. `detail` is English, `said` has every language.
    pub fn json(&self) -> Value {
        let mut document = json!({
            "type": format!("/api#{}", self.word),
            "title": self.title.en,
            "status": self.status.as_u16(),
            "detail": self.said.en,
            "said": self.said,
        });
        if let Some(members) = document.as_object_mut() {
            members.extend(self.more.clone());
        }
        document
    }

    fn headers(&self) -> HeaderMap {
        let mut headers = HeaderMap::new();
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"lotwalk\""));
        }
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers
    }
}

impl From<Fault> for Problem {
    fn from(fault: Fault) -> Problem {
        Problem::fault_number(&fault.number, fault.retry)
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Problem {
        Problem::refused(&refusal)
    }
}

impl IntoResponse for Problem {
    /// The status and nothing else: [`dress`] knows who is asking.
    fn into_response(self) -> Response {
        let mut response = (self.status, self.headers()).into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// Writes every problem in the form the asker reads.
pub async fn dress(request: Request, next: Next) -> Response {
    let for_programs = request.uri().path().starts_with("/api/") || !visitor::reads_pages(request.headers());
    let lang = visitor::lang(request.headers());
    let response = next.run(request).await;
    let status = response.status();
    if !(status.is_client_error() || status.is_server_error()) || is_written(&response) {
        return response;
    }
    let (mut parts, _) = response.into_parts();
    let problem = parts.extensions.remove::<Problem>().unwrap_or_else(|| Problem::of_status(status));
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.remove(header::CONTENT_TYPE);
    let mut dressed = match for_programs {
        true => {
            let mut answer = Json(problem.json()).into_response();
            answer.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(PROBLEM_JSON));
            answer
        }
        false => Html(page(&problem, lang)).into_response(),
    };
    *dressed.status_mut() = status;
    parts.headers.extend(problem.headers());
    dressed.headers_mut().extend(parts.headers);
    dressed
}

/// True for an answer that already has words: a page of the app, a document of the API.
fn is_written(response: &Response) -> bool {
    let media_type = response.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok());
    response.extensions().get::<Problem>().is_none()
        && media_type.is_some_and(|m| m.starts_with("text/html") || m.contains("json"))
}

const HOME: Text = text("To the start page", "返回首页");
const KEPT: Text = text("Back to the form: your answers were kept", "返回表单（已填写内容已保留）");

fn page(problem: &Problem, lang: Lang) -> String {
    // Where a form was kept that led here, it is the way on.
    let (way, on) = problem.more.get("kept").and_then(Value::as_str).map_or(("/", HOME), |to| (to, KEPT));
    format!(
        "<!DOCTYPE html><html lang=\"{}\"><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>{}</title>\
         <link rel=\"stylesheet\" href=\"/style-.css\">\
         <main class=\"sheet\"><h1>{}</h1><p>{}</p><p><a class=\"button\" href=\"{}\">{}</a></p></main></html>",
        lang.tag(),
        escape(problem.title.get(lang)),
        escape(problem.title.get(lang)),
        escape(problem.said.get(lang)),
        escape(way),
        on.get(lang),
    )
}

/// Text as HTML text or attribute value.
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_tells_programs_what_it_tells_people() {
        let refusal = Refusal::new("code_in_use", text("In use.", "已占用。")).at("new_code");
        let document = Problem::refused(&refusal).json();
        assert_eq!(document["type"], "/api#code_in_use");
        assert_eq!(document["status"], 422);
        assert_eq!(document["detail"], "In use.");
        assert_eq!(document["said"]["zh"], "已占用。");
        assert_eq!(document["field"], "new_code");
    }

    #[test]
    fn a_page_holds_no_markup_of_strangers() {
        let problem = Problem::malformed(Said::same("<script>\"&"));
        assert!(page(&problem, Lang::En).contains("&lt;script&gt;&quot;&amp;"));
    }
}
