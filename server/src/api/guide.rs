//! `GET /api`: the OpenAPI document as a page to read. Made of the document alone, so it cannot say
//! anything else; it loads nothing but the style sheet of this server.

use axum::{
    extract::State,
    http::HeaderMap,
    response::{Html, IntoResponse, Response},
};
use domain::text::{Lang, Text, text};
use serde_json::Value;
use std::fmt::Write;

use super::openapi::DOCUMENT;
use crate::{problem::escape, shared::Shared, visitor};

const TITLE: Text = text("The API of Lotwalk", "Lotwalk 接口");
const DOCUMENT_AT: Text = text("The OpenAPI document", "OpenAPI 文档");
const PARAMETERS: Text = text("Parameters", "参数");
const ANSWERS: Text = text("Answers", "响应");
const TRY: Text = text("Try it", "试一试");
const KINDS: Text = text("Events and their payloads", "事件及其内容");
const REQUIRED: Text = text("required", "必填");
const SHAPE: Text = text("Schema", "结构");

/// The handler.
pub async fn page(State(shared): State<Shared>, headers: HeaderMap) -> Response {
    let lang = visitor::lang(&headers);
    let mut out = String::with_capacity(32 * 1024);
    // Writing into a String does not fail.
    let _ = write_page(&mut out, lang, &shared.assets.named().style);
    Html(out).into_response()
}

fn write_page(out: &mut String, lang: Lang, style: &str) -> std::fmt::Result {
    let info = &DOCUMENT["info"];
    write!(
        out,
        "<!DOCTYPE html><html lang=\"{}\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>{}</title>\
         <link rel=\"stylesheet\" href=\"{style}\"></head><body><main class=\"sheet api\"><h1>{}</h1><p>{}</p>\
         <p><a href=\"/api/openapi.json\">{}</a></p>",
        lang.tag(),
        TITLE.get(lang),
        TITLE.get(lang),
        prose(pick(info, "description", "x-zh", lang)),
        DOCUMENT_AT.get(lang),
    )?;
    for (path, operations) in members(&DOCUMENT["paths"]) {
        for (method, operation) in members(operations) {
            write_operation(out, path, method, operation, lang)?;
        }
    }
    write!(out, "<h2>{}</h2>", KINDS.get(lang))?;
    for (name, schema) in members(&DOCUMENT["components"]["schemas"]) {
        if let Some(kind) = name.strip_prefix("Event.") {
            write_kind(out, kind, schema, lang)?;
        }
    }
    out.write_str("</main></body></html>")
}

fn write_operation(
    out: &mut String,
    path: &str,
    method: &str,
    operation: &Value,
    lang: Lang,
) -> std::fmt::Result {
    let id = operation["operationId"].as_str().unwrap_or_default();
    write!(
        out,
        "<section id=\"{id}\"><h2>{}</h2><p><code>{} {}</code></p><p>{}</p>",
        escape(pick(operation, "summary", "x-zh-summary", lang)),
        method.to_uppercase(),
        escape(path),
        prose(pick(operation, "description", "x-zh-description", lang)),
    )?;
    let parameters = operation["parameters"].as_array().map(Vec::as_slice).unwrap_or_default();
    if !parameters.is_empty() {
        write!(out, "<h3>{}</h3><dl>", PARAMETERS.get(lang))?;
        for parameter in parameters {
            let required = if parameter["required"] == true { REQUIRED.get(lang) } else { "" };
            write!(
                out,
                "<dt><code>{}</code> {required}</dt><dd>{}</dd>",
                escape(parameter["name"].as_str().unwrap_or_default()),
                prose(pick(parameter, "description", "x-zh", lang)),
            )?;
        }
        out.write_str("</dl>")?;
    }
    let statuses: Vec<_> =
        members(&operation["responses"]).map(|(s, _)| format!("<code>{s}</code>")).collect();
    write!(out, "<h3>{}</h3><p>{}</p>", ANSWERS.get(lang), statuses.join(" "))?;
    let call = match method {
        "post" if path == "/api/v1/files" => format!(
            "curl -H \"Authorization: Bearer $TOKEN\" --data-binary @run-sheet.jpg 'http://localhost:8080{path}?name=run-sheet.jpg'"
        ),
        "post" => format!(
            "curl -H \"Authorization: Bearer $TOKEN\" -H 'Content-Type: application/json' -d @event.json http://localhost:8080{path}"
        ),
        _ if parameters.iter().any(|p| p["name"] == "code") => {
            format!(
                "curl -G -H \"Authorization: Bearer $TOKEN\" --data-urlencode 'code=(01)09506000134352(10)ABC123' http://localhost:8080{path}"
            )
        }
        _ => format!(
            "curl -H \"Authorization: Bearer $TOKEN\" http://localhost:8080{}",
            path.replace("{seq}", "1")
        ),
    };
    write!(out, "<h3>{}</h3><pre>{}</pre></section>", TRY.get(lang), escape(&call))
}

fn write_kind(out: &mut String, kind: &str, schema: &Value, lang: Lang) -> std::fmt::Result {
    let payload = &schema["properties"]["payload"];
    let required = |name: &str| payload["required"].as_array().is_some_and(|r| r.iter().any(|n| n == name));
    write!(out, "<section><h3>{} <code>{kind}</code></h3><dl>", escape(pick(schema, "title", "x-zh", lang)))?;
    for (name, field) in members(&payload["properties"]) {
        let must = if required(name) { REQUIRED.get(lang) } else { "" };
        let label = escape(pick(field, "title", "x-zh", lang));
        write!(out, "<dt><code>{name}</code> {must}</dt><dd>{label}</dd>")?;
    }
    let json = serde_json::to_string_pretty(payload).unwrap_or_default();
    write!(
        out,
        "</dl><details><summary>{}</summary><pre>{}</pre></details></section>",
        SHAPE.get(lang),
        escape(&json)
    )
}

fn members(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    value.as_object().into_iter().flatten().map(|(name, value)| (name.as_str(), value))
}

fn pick<'a>(value: &'a Value, en: &str, zh: &str, lang: Lang) -> &'a str {
    let name = if lang == Lang::Zh { zh } else { en };
    value[name].as_str().or(value[en].as_str()).unwrap_or_default()
}

/// Escaped, with what stands between backticks as code.
fn prose(text: &str) -> String {
    let parts = text.split('`').enumerate();
    parts
        .map(|(n, part)| if n % 2 == 1 { format!("<code>{}</code>", escape(part)) } else { escape(part) })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_loads_nothing_from_outside() {
        for lang in Lang::ALL {
            let mut out = String::new();
            write_page(&mut out, lang, "/style-x.css").expect("writes into memory");
            assert!(!out.contains("src=") && !out.contains("<script"));
            assert!(!out.contains("href=\"http"));
            for path in ["/api/v1/resolve", "/api/v1/events", "relabeling"] {
                assert!(out.contains(path), "{path}");
            }
        }
    }
}
