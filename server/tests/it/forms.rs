//! Forms as a browser without script sends them.

use crate::{
    http::{Ask, get, post},
    papers::{jpeg, picture},
    site::{PASSWORD, Site, draft_json, id, on_each},
};
use app::kept::KeptDraft;
use domain::{person::Role, view::Resolution};
use image::ImageFormat;
use ledger::{NewDocument, Reader};
use serde_json::json;
use sha2::{Digest, Sha256};

fn relabel(id: &str, old: &str, new: &str) -> Ask {
    let fields = [("draft_id", id), ("old_code", old), ("new_code", new), ("reason", "damaged")];
    let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_bytes())).collect();
    post("/event/relabeling").parts(&fields)
}

async fn kept(site: &Site, address: &str) -> KeptDraft {
    let id = address.rsplit("draft=").next().and_then(|id| id.parse().ok()).expect("an id");
    let json = site.ledger.kept_draft(site.brand.id, id).await.expect("answers").expect("is kept");
    serde_json::from_str(&json).expect("is a form")
}

#[tokio::test]
async fn a_form_becomes_an_entry_and_leads_to_its_subject() {
    on_each(async |site: Site| {
        let cookie = site.sign_in(Role::Warehouse).await;
        let before = site.size().await;
        let form = relabel(&id(), "C1", "C1-NEW").cookie(&cookie);
        let told = site.send(form.clone()).await;
        assert_eq!(told.to(), format!("/logistic-unit/C1?receipt={}", before + 1));
        assert_eq!(site.send(form).await.to(), told.to(), "sent twice, recorded once");
        assert_eq!(site.size().await, before + 1);

        let reader = Reader { brand: site.brand.id, role: Role::Buyer };
        for code in ["C1", "C1-NEW"] {
            let resolution = site.ledger.resolve(&reader, None, code.as_bytes()).await.expect("answers");
            assert!(matches!(resolution, Resolution::Found { .. }), "{code}: {resolution:?}");
        }
        let page = site.send(get(told.to()).cookie(&cookie)).await;
        assert_eq!(page.status, 200, "{}", page.text());
    })
    .await;
}

#[tokio::test]
async fn a_refused_form_comes_back_as_it_was_filled_in() {
    on_each(async |site: Site| {
        let cookie = site.sign_in(Role::Warehouse).await;
        let before = site.size().await;
        let told = site.send(relabel(&id(), "C1", "C2").cookie(&cookie)).await;
        assert!(told.to().starts_with("/event/relabeling?draft="), "{}", told.to());
        assert_eq!(site.size().await, before, "nothing was written");
        let form = kept(&site, told.to()).await;
        assert_eq!(form.refusal.as_ref().map(|r| r.reason.as_str()), Some("code_in_use"));
        assert_eq!((form.value("old_code"), form.value("new_code")), (Some("C1"), Some("C2")));
        let page = site.send(get(told.to()).cookie(&cookie)).await;
        assert!(page.text().contains("C2"), "{}", page.text());
        let stranger = site.sign_in(Role::Inspector).await;
        let other = site.send(get(told.to()).cookie(&stranger)).await;
        assert!(!other.text().contains("value=\"C2\""), "somebody else's form is not shown");
    })
    .await;
}

#[tokio::test]
async fn a_form_survives_a_session_that_ends_in_the_middle() {
    on_each(async |site: Site| {
        let cookie = site.sign_in(Role::Warehouse).await;
        site.send(post("/sign-out-everywhere").cookie(&cookie).form(&[])).await;
        let draft = id();
        let told = site.send(relabel(&draft, "C1", "C1-NEW").cookie(&cookie)).await;
        let back = told.to().split_once("refused=expired&back=").expect("says why").1.to_string();
        let page = app::here::decode(&back);
        assert_eq!(page, format!("/event/relabeling?draft={draft}"));

        let form = [("name", "warehouse"), ("password", PASSWORD), ("back", &page)];
        let told = site.send(post("/sign-in").form(&form)).await;
        assert_eq!(told.to(), page, "straight back to the form");
        let cookie = told.sets("lotwalk").expect("a session");
        let shown = site.send(get(&page).cookie(&cookie)).await.text();
        assert!(shown.contains("C1-NEW") && shown.contains(&draft), "{shown}");
        assert!(site.send(relabel(&draft, "C1", "C1-NEW").cookie(&cookie)).await.to().contains("receipt="));
        let id = draft.parse().expect("an id");
        assert_eq!(
            site.ledger.kept_draft(site.brand.id, id).await.expect("answers"),
            None,
            "nothing is left behind"
        );
    })
    .await;
}

#[tokio::test]
async fn a_time_in_the_future_is_refused_at_its_field() {
    let site = Site::start().await;
    let cookie = site.sign_in(Role::Warehouse).await;
    let fields: [(&str, &[u8]); 6] = [
        ("old_code", b"C1"),
        ("new_code", b"C9"),
        ("reason", b"damaged"),
        ("event_time", b"2199-01-01T10:00"),
        ("zone", b"+08:00"),
        ("note", b"from tomorrow"),
    ];
    let told = site.send(post("/event/relabeling").parts(&fields).cookie(&cookie)).await;
    let form = kept(&site, told.to()).await;
    let refusal = form.refusal.clone().expect("is refused");
    assert_eq!(
        (refusal.reason.as_str(), refusal.field.as_deref()),
        ("event_time_in_future", Some("event_time"))
    );
    assert_eq!(form.value("note"), Some("from tomorrow"));
}

#[tokio::test]
async fn a_photo_is_stored_and_shown_to_those_who_read_records() {
    on_each(async |site: Site| {
        let cookie = site.sign_in(Role::Inspector).await;
        let fields: [(&str, &[u8]); 7] = [
            ("subjects", b"urn:lotwalk:batch:LOT-1"),
            ("level", b"final"),
            ("result", b"fail"),
            ("defects.0.class", b"minor"),
            ("defects.0.what", b"torn label"),
            ("defects.0.count", b"1"),
            ("defects.0.photo@photo.jpg", &jpeg()),
        ];
        let told = site.send(post("/event/inspecting").parts(&fields).cookie(&cookie)).await;
        assert!(told.to().contains("receipt="), "{}", told.to());
        let seq = told.to().rsplit('=').next().and_then(|seq| seq.parse().ok()).expect("a number");
        let reader = Reader { brand: site.brand.id, role: Role::Buyer };
        let entry = site.ledger.entry(&reader, seq).await.expect("answers").expect("is there");
        let digest = entry.content["payload"]["defects"][0]["photo"].as_str().map(str::to_string);
        let path = format!("/file/{}", digest.expect("the photo's digest"));
        let photo = site.send(get(&path).cookie(&cookie)).await;
        assert_eq!((photo.status, photo.header("content-type")), (200, "image/jpeg"));
        assert_eq!(photo.body, jpeg());
        assert!(photo.header("content-security-policy").contains("sandbox"));
        assert_eq!(site.send(get(&path)).await.status, 401);
        let retailer = site.sign_in(Role::Retailer).await;
        assert_eq!(site.send(get(&path).cookie(&retailer)).await.status, 403);
    })
    .await;
}

#[tokio::test]
async fn what_is_no_photo_is_refused_in_words_and_the_form_stays() {
    let site = Site::start().await;
    let cookie = site.sign_in(Role::Inspector).await;
    let large = [&[0xFF, 0xD8, 0xFF][..], &vec![0; 9 * 1024 * 1024]].concat();
    for (bytes, reason) in [(&b"<svg onload=alert(1)>"[..], "not_a_photo"), (&large, "photo_too_large")] {
        let fields: [(&str, &[u8]); 2] = [("result", b"pass"), ("defects.0.photo@x.jpg", bytes)];
        let told = site.send(post("/event/inspecting").parts(&fields).cookie(&cookie)).await;
        let form = kept(&site, told.to()).await;
        let refusal = form.refusal.clone().expect("is refused");
        assert_eq!((refusal.reason.as_str(), refusal.field.as_deref()), (reason, Some("defects.0.photo")));
        assert_eq!(form.value("result"), Some("pass"));
    }
}

#[tokio::test]
async fn c35_somebody_without_an_account_returns_a_toy() {
    on_each(async |site: Site| {
        let before = site.size().await;
        let fields: [(&str, &[u8]); 4] = [
            ("draft_id", &id().into_bytes()),
            ("code", b"LOT-1"),
            ("complaint", b"breakage"),
            ("photo@toy.jpg", &jpeg()),
        ];
        let told = site.send(post("/p/return").parts(&fields)).await;
        assert_eq!(told.to(), format!("/p/LOT-1?returned={}", before + 1));
        let reader = Reader { brand: site.brand.id, role: Role::Buyer };
        let entry = site.ledger.entry(&reader, before + 1).await.expect("answers").expect("is there");
        let person = entry.line.person.expect("somebody");
        assert_eq!((person.id.as_str(), person.role), ("public", Role::Retailer));

        for _ in 0..25 {
            let told =
                site.send(post("/p/return").parts(&[("code", b"LOT-1"), ("complaint", b"breakage")])).await;
            if told.status == 429 {
                assert!(told.header("retry-after").parse::<u64>().is_ok_and(|seconds| seconds > 0));
                assert_eq!(told.problem(), "too_many_tries", "in words of both languages");
                return;
            }
        }
        panic!("nobody stops a program that returns for ever");
    })
    .await;
}

#[tokio::test]
async fn a_stranger_leaves_one_photo_and_nothing_else() {
    let site = Site::start().await;
    let digest = |bytes: &[u8]| {
        format!("sha256:{}", Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect::<String>())
    };
    let [photo, more] = [10, 20].map(|red| picture(ImageFormat::WebP, red));
    let photo = photo.as_slice();
    let stray: [(&str, &[u8]); 2] = [("photo@toy.webp", photo), ("photo@again.webp", &more)];
    let other: [(&str, &[u8]); 2] = [("photo@toy.webp", photo), ("album@toy.webp", photo)];
    let before = site.size().await;
    for photos in [stray, other] {
        let fields = [&[("code", &b"LOT-1"[..]), ("complaint", b"breakage")], &photos[..]].concat();
        let told = site.send(post("/p/return").parts(&fields)).await;
        assert_eq!((told.status, told.problem().as_str()), (400, "malformed_request"));
        assert_eq!(
            site.ledger.document(site.brand.id, &digest(photo)).await.expect("answers"),
            None,
            "nothing is kept"
        );
    }
    let huge = [&[0xFF, 0xD8, 0xFF][..], &vec![0; 17 * 1024 * 1024]].concat();
    let told = site.send(post("/p/return").parts(&[("code", b"LOT-1"), ("photo@toy.jpg", &huge)])).await;
    assert_eq!(told.status, 413, "{}", told.text());
    assert_eq!(site.size().await, before);
    let fields = [("code", &b"LOT-1"[..]), ("complaint", b"breakage"), ("photo@toy.webp", photo)];
    assert!(site.send(post("/p/return").parts(&fields)).await.to().contains("returned="));
    assert!(site.ledger.document(site.brand.id, &digest(photo)).await.expect("answers").is_some());
}

#[tokio::test]
async fn a_photo_and_a_kept_form_are_for_their_own_brand_only() {
    on_each(async |site: Site| {
        let own = site.sign_in(Role::Buyer).await;
        let draft = id();
        let fields: [(&str, &[u8]); 5] = [
            ("draft_id", draft.as_bytes()),
            ("code", b"(01)1"),
            ("complaint", b"breakage"),
            ("note", b"torn at the seam"),
            ("photo@toy.jpg", &jpeg()),
        ];
        // Refused, and kept for whoever holds the toy: for no account.
        let page = site.send(post("/p/return").parts(&fields)).await.to().to_string();
        let form = kept(&site, &page).await;
        let (photo, form_page) = (
            format!("/file/{}", form.value("photo").expect("a digest")),
            format!("/event/returning?draft={draft}"),
        );

        let seen = site.send(get(&photo).cookie(&own)).await;
        assert_eq!((seen.status, seen.body.as_slice()), (200, jpeg().as_slice()));
        assert!(site.send(get(&form_page).cookie(&own)).await.text().contains("torn at the seam"));

        let other = site.sign_in_from_another_brand().await;
        assert_eq!(site.send(get(&photo).cookie(&other)).await.status, 404);
        let shown = site.send(get(&form_page).cookie(&other)).await.text();
        assert!(!shown.contains("torn at the seam"), "{shown}");
        assert!(!shown.contains(&format!("value=\"{draft}\"")), "a form of their own, under its own id");
        let kites = site.ledger.brand("kites").await.expect("answers").expect("is there").id;
        let draft = draft.parse().expect("an id");
        assert_eq!(site.ledger.kept_draft(kites, draft).await.expect("answers"), None);
        site.ledger.forget_draft(kites, draft).await.expect("answers");
        kept(&site, &page).await;

        // The same photo of the other brand is theirs, and does not depend on ours.
        let photo_of_theirs =
            NewDocument { bytes: jpeg().into(), media_type: "image/jpeg", name: None, by: "kit" };
        site.ledger.store_document(kites, photo_of_theirs).await.expect("is stored");
        assert_eq!(site.send(get(&photo).cookie(&other)).await.status, 200);
    })
    .await;
}

#[tokio::test]
async fn an_unknown_code_is_kept_and_leads_back_to_where_it_was_scanned() {
    let site = Site::start().await;
    let cookie = site.sign_in(Role::Warehouse).await;
    let draft = id();
    let fields: [(&str, &[u8]); 3] =
        [("draft_id", draft.as_bytes()), ("code", b"NEVER-SEEN"), ("back", b"/?code=NEVER-SEEN")];
    let told = site.send(post("/event/observing").parts(&fields).cookie(&cookie)).await;
    assert_eq!(told.to(), format!("/?code=NEVER-SEEN&receipt={}", site.size().await));
}

#[tokio::test]
async fn a_form_that_breaks_off_writes_nothing() {
    let site = Site::start().await;
    let cookie = site.sign_in(Role::Warehouse).await;
    let before = site.size().await;
    let broken = "--frontier\r\ncontent-disposition: form-data; name=\"old_code\"\r\n\r\nC1";
    let ask =
        post("/event/relabeling").cookie(&cookie).body("multipart/form-data; boundary=frontier", broken);
    assert_eq!(site.send(ask).await.status, 400);
    let ask = post("/event/relabeling").cookie(&cookie).body("text/plain", "C1");
    assert!((400..500).contains(&site.send(ask).await.status));
    let ask = post("/event/painting").cookie(&cookie).parts(&[("a", b"b")]);
    assert_eq!(site.send(ask).await.status, 404, "no such kind");
    assert_eq!(site.size().await, before);
    let api = draft_json("relabeling", json!({"old_code": "C1", "new_code": "C1-X", "reason": "damaged"}));
    let ask = post("/api/v1/events").cookie(&cookie).json(&api);
    assert_eq!(site.send(ask).await.status, 401, "cookies count for nothing in the API");
}

#[tokio::test]
async fn asking_for_more_rows_records_nothing_and_keeps_the_form() {
    let site = Site::start().await;
    let cookie = site.sign_in(Role::Warehouse).await;
    let before = site.size().await;
    let fields: [(&str, &[u8]); 3] =
        [("whole", b"S1"), ("parts.0.reference", b"S1-A"), ("more_rows", b"parts")];
    let told = site.send(post("/event/splitting").parts(&fields).cookie(&cookie)).await;
    let (page, question) = told.to().split_once('#').expect("leads to the question");
    assert_eq!(question, "question-parts");
    let form = kept(&site, page).await;
    assert_eq!(form.value("parts.0.reference"), Some("S1-A"));
    assert_eq!(form.refusal, None);
    assert_eq!(site.size().await, before);
}
