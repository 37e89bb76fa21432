//! The API as another program uses it.

use crate::{
    http::{get, post},
    site::{Site, draft_json, id, on_each},
};
use domain::person::Role;
use serde_json::{Value, json};

fn relabel(old: &str, new: &str) -> Value {
    draft_json("relabeling", json!({"old_code": old, "new_code": new, "reason": "damaged"}))
}

#[tokio::test]
async fn a_code_resolves_to_its_batch() {
    on_each(async |site: Site| {
        for _ in 0..2 {
            let told = site.api(Role::Warehouse, "/api/v1/resolve?code=C1").await;
            assert_eq!(
                (told.status, told.header("content-type")),
                (200, "application/json"),
                "{}",
                told.text()
            );
            let json = told.json();
            assert_eq!(json["outcome"], "found");
            assert_eq!(json["card"]["titled"]["subject"], "logistic_unit:C1");
            assert_eq!(json["card"]["batches"][0]["batch"]["subject"], "batch:LOT-1");
        }
    })
    .await;
}

#[tokio::test]
async fn an_answer_kept_ready_is_dropped_when_an_entry_touches_the_code() {
    on_each(async |site: Site| {
        assert_eq!(site.api(Role::Buyer, "/api/v1/resolve?code=NEW-1").await.status, 404);
        let ask = post("/api/v1/events").token(site.token(Role::Warehouse)).json(&relabel("C1", "NEW-1"));
        assert_eq!(site.send(ask).await.status, 201);
        assert_eq!(site.api(Role::Buyer, "/api/v1/resolve?code=NEW-1").await.status, 200);
    })
    .await;
}

#[tokio::test]
async fn c08_an_unknown_code_tells_the_nearest_names() {
    on_each(async |site: Site| {
        for path in ["resolve", "trace/back", "trace/forward"] {
            let told = site.api(Role::Buyer, &format!("/api/v1/{path}?code=LOT-12")).await;
            assert_eq!((told.status, told.problem().as_str()), (404, "unknown_code"), "{path}");
            assert!(told.json()["nearest"].is_array(), "{}", told.text());
        }
    })
    .await;
}

#[tokio::test]
async fn c07_an_ambiguous_code_is_answered_with_every_candidate() {
    on_each(async |site: Site| {
        for (place, batch) in [("F1", "ONE"), ("F2", "TWO")] {
            let facts = json!({"subject": format!("place:{place}"), "record": "place", "facts": []});
            let made = json!({"lot_code": "L7", "batch": batch, "factory": place, "quantity": 24,
                "trade_item": "urn:lotwalk:trade_item:TOY"});
            let drafts = json!([draft_json("filing", facts), draft_json("producing", made)]);
            let ask = post("/api/v1/events").token(site.token(Role::Administrator)).json(&drafts);
            let told = site.send(ask).await.json();
            assert_eq!(
                (&told["results"][0]["status"], &told["results"][1]["status"]),
                (&json!(201), &json!(201)),
                "{told:#}"
            );
        }
        let shown = site.api(Role::Buyer, "/api/v1/resolve?code=L7").await.json();
        assert_eq!(shown["outcome"], "several");
        assert_eq!(shown["candidates"].as_array().map(Vec::len), Some(2), "each with what tells it apart");
        for path in ["trace/back", "trace/forward"] {
            let told = site.api(Role::Buyer, &format!("/api/v1/{path}?code=L7")).await;
            assert_eq!((told.status, told.problem().as_str()), (409, "ambiguous_code"), "{path}");
            let urns = ["urn:lotwalk:batch:ONE", "urn:lotwalk:batch:TWO"];
            assert_eq!(told.json()["candidates"], json!(urns), "{path}");
        }
        let one = site.api(Role::Buyer, "/api/v1/trace/back?code=urn:lotwalk:batch:ONE").await;
        assert_eq!(one.status, 200, "asked again with a candidate: {}", one.text());
    })
    .await;
}

#[tokio::test]
async fn a_code_of_another_brand_is_unknown_and_stays_untouched() {
    on_each(async |site: Site| {
        let other = site.ledger.create_brand("trains", "Trains").await.expect("a brand");
        let (token, digest) = server::api::token::make();
        let made = site.ledger.create_token(other.id, "theirs", Role::Administrator, &digest).await;
        made.expect("is stored");
        for path in ["resolve?code=C1", "trace/back?code=C1", "trace/forward?code=LOT-1"] {
            let told = site.send(get(&format!("/api/v1/{path}")).token(&token)).await;
            assert_eq!((told.status, told.problem().as_str()), (404, "unknown_code"), "{path}");
            assert_eq!(told.json()["nearest"], json!([]), "not even as near: {path}");
        }
        assert_eq!(site.send(get("/api/v1/entries/1").token(&token)).await.problem(), "unknown_entry");

        let before = site.size().await;
        let told = site.send(post("/api/v1/events").token(&token).json(&relabel("C1", "THEIRS"))).await;
        assert!(matches!(told.status, 201 | 422), "{}", told.text());
        assert_eq!(site.size().await, before, "nothing was written into our book");
        assert_eq!(site.api(Role::Buyer, "/api/v1/resolve?code=THEIRS").await.problem(), "unknown_code");
        let ours = site.api(Role::Buyer, "/api/v1/resolve?code=C1").await.json();
        assert_eq!(ours["card"]["titled"]["subject"], "logistic_unit:C1", "{ours}");
    })
    .await;
}

#[tokio::test]
async fn an_unreadable_code_tells_its_position() {
    let site = Site::empty().await;
    // A GTIN with a wrong check digit.
    for path in ["resolve", "trace/back"] {
        let told = site.api(Role::Buyer, &format!("/api/v1/{path}?code=%2801%2909506000134351")).await;
        assert_eq!((told.status, told.problem().as_str()), (400, "unreadable_code"), "{}", told.text());
        assert!(told.json()["position"].is_u64(), "{}", told.text());
    }
    for path in ["/api/v1/resolve", "/api/v1/resolve?code=", "/api/v1/trace/back?symbology=%5DC1"] {
        assert_eq!(site.api(Role::Buyer, path).await.problem(), "malformed_request", "{path}");
    }
}

#[tokio::test]
async fn traces_go_both_ways_and_by_urn() {
    on_each(async |site: Site| {
        let back = site.api(Role::Buyer, "/api/v1/trace/back?code=C1").await;
        assert_eq!(back.json()["batches"][0]["batch"]["subject"], "batch:LOT-1", "{}", back.text());
        for code in ["LOT-1", "urn:lotwalk:batch:LOT-1"] {
            let forward = site.api(Role::Buyer, &format!("/api/v1/trace/forward?code={code}")).await;
            assert_eq!(forward.json()["cartons"], 2, "{}", forward.text());
        }
        let none = site.api(Role::Buyer, "/api/v1/trace/back?code=urn:lotwalk:batch:NONE").await;
        assert_eq!(none.problem(), "unknown_code");
    })
    .await;
}

#[tokio::test]
async fn an_event_sent_twice_is_recorded_once() {
    on_each(async |site: Site| {
        let draft = relabel("C1", "C1-A");
        let send = async |draft: &Value| {
            site.send(post("/api/v1/events").token(site.token(Role::Warehouse)).json(draft)).await
        };
        let first = send(&draft).await;
        assert_eq!(first.status, 201, "{}", first.text());
        let seq = first.json()["seq"].as_u64().expect("a number");
        assert_eq!(first.header("location"), format!("/api/v1/entries/{seq}"));
        let again = send(&draft).await;
        assert_eq!(
            (again.status, again.json()["seq"].as_u64(), &again.json()["already"]),
            (200, Some(seq), &json!(true))
        );
        let mut other = draft.clone();
        other["payload"]["new_code"] = json!("C1-B");
        let told = send(&other).await;
        assert_eq!((told.status, told.problem().as_str()), (409, "id_in_use"));

        let entry = site.api(Role::Buyer, &format!("/api/v1/entries/{seq}")).await;
        assert_eq!(entry.json()["content"]["payload"]["new_code"], "C1-A", "{}", entry.text());
        assert_eq!(site.api(Role::Buyer, "/api/v1/checkpoint").await.json()["size"].as_u64(), Some(seq));
        assert_eq!(site.api(Role::Buyer, "/api/v1/entries/9999").await.problem(), "unknown_entry");
        assert_eq!(site.api(Role::Buyer, "/api/v1/entries/last").await.problem(), "malformed_request");
    })
    .await;
}

#[tokio::test]
async fn each_event_of_an_array_stands_alone() {
    on_each(async |site: Site| {
        let before = site.size().await;
        let drafts = json!([
            relabel("C1", "N1"),
            {"id": id(), "kind": "relabeling"},
            relabel("C2", "N1"),
            relabel("C2", "N2"),
            "no event",
        ]);
        let told = site.send(post("/api/v1/events").token(site.token(Role::Warehouse)).json(&drafts)).await;
        assert_eq!(told.status, 200, "{}", told.text());
        let json = told.json();
        let results = json["results"].as_array().expect("results");
        let statuses: Vec<_> = results.iter().map(|r| r["status"].as_u64().unwrap_or_default()).collect();
        assert_eq!(statuses, [201, 400, 422, 201, 400], "{json:#}");
        assert_eq!(results[0]["id"], drafts[0]["id"], "in the order given");
        assert_eq!(results[3]["receipt"]["id"], drafts[3]["id"]);
        assert_eq!(site.size().await, before + 2);
        let none =
            site.send(post("/api/v1/events").token(site.token(Role::Warehouse)).json(&json!([]))).await;
        assert_eq!(none.json()["results"], json!([]));
    })
    .await;
}

#[tokio::test]
async fn a_refusal_names_field_and_mend() {
    on_each(async |site: Site| {
        let send = async |role, draft: &Value| {
            site.send(post("/api/v1/events").token(site.token(role)).json(draft)).await
        };
        let told = send(Role::Warehouse, &relabel("C1", "C2")).await;
        assert_eq!((told.status, told.problem().as_str()), (422, "code_in_use"));
        assert_eq!(told.json()["field"], "new_code");
        let mut early = relabel("C1", "C9");
        early["event_time"] = json!("2199-01-01T00:00:00Z");
        assert_eq!(send(Role::Warehouse, &early).await.problem(), "event_time_in_future");
        let told = send(Role::Retailer, &relabel("C1", "C9")).await;
        assert_eq!((told.status, told.problem().as_str()), (403, "role_may_not"));
    })
    .await;
}

#[tokio::test]
async fn a_receipt_tells_a_retailer_nothing_of_the_records() {
    on_each(async |site: Site| {
        let send = async |role, draft: &Value| {
            site.send(post("/api/v1/events").token(site.token(role)).json(draft)).await.json()
        };
        let returned =
            || draft_json("returning", json!({"code": "C1", "complaint": "odour", "goods_back": true}));
        let stray = || draft_json("returning", json!({"code": "STRAY", "complaint": "odour"}));
        for (draft, told) in [(returned(), "subjects"), (stray(), "discrepancies")] {
            let full = send(Role::Warehouse, &draft).await;
            assert_eq!(full[told].as_array().map(Vec::len), Some(1), "{full:#}");
        }
        for draft in [returned(), stray()] {
            for already in [false, true] {
                let bare = send(Role::Retailer, &draft).await;
                assert_eq!((&bare["subjects"], &bare["discrepancies"]), (&json!([]), &json!([])), "{bare:#}");
                assert!(bare["seq"].is_u64() && bare["already"] == already, "{bare:#}");
            }
        }
        let many = json!([returned(), stray()]);
        let told = send(Role::Retailer, &many).await;
        for result in told["results"].as_array().expect("results") {
            assert_eq!(result["receipt"]["subjects"], json!([]), "{told:#}");
            assert_eq!(result["receipt"]["discrepancies"], json!([]), "{told:#}");
        }
    })
    .await;
}

#[tokio::test]
async fn what_is_not_asked_for_is_problem_json_everywhere() {
    let site = Site::empty().await;
    let token = site.token(Role::Buyer).to_string();
    for (ask, status, word) in [
        (get("/api/v1/resolve?code=1"), 401, "no_token"),
        (get("/api/v1/resolve?code=1").token("lotwalk_guess"), 401, "wrong_token"),
        (get("/api/v1/resolve?code=1").with("authorization", "Basic YTpi"), 401, "no_token"),
        (get("/api/v1/nothing").token(&token), 404, "not_found"),
        (get("/api/nothing").with("accept", "text/html"), 404, "not_found"),
        (post("/api/v1/resolve?code=1").token(&token), 405, "method_not_allowed"),
        (post("/api/v1/events").token(&token).body("text/plain", "[]"), 415, "wrong_media_type"),
        (post("/api/v1/events").token(&token).body("application/json", "{\"id\":"), 400, "malformed_request"),
        (post("/api/v1/events").token(&token).body("application/json", "7"), 400, "malformed_request"),
        (get("/api/v1/resolve?code=1").token(site.token(Role::Retailer)), 403, "not_allowed"),
    ] {
        let told = site.send(ask.clone()).await;
        assert_eq!((told.status, told.problem().as_str()), (status, word), "{ask:?}");
        assert_eq!(status == 401, !told.header("www-authenticate").is_empty(), "{ask:?}");
    }
    let told = site.send(post("/api/v1/resolve?code=1").token(&token)).await;
    assert!(told.header("allow").contains("GET"));
    let broken = post("/api/v1/events").token(&token).body("application/json", "[\n  {\"id\" 1}]");
    assert_eq!(site.send(broken).await.json()["line"], 2);
}

#[tokio::test]
async fn a_symbology_identifier_may_stand_in_front_or_beside() {
    let site = Site::start().await;
    for query in ["code=%5DC0C1", "code=C1&symbology=%5DC0"] {
        let told = site.api(Role::Buyer, &format!("/api/v1/resolve?{query}")).await;
        assert_eq!(told.status, 200, "{query}: {}", told.text());
    }
}
