//! A program seals a name (C52): it is on record without the name, which nobody but its owner is told.

use crate::{
    http::{Told, get, post},
    program::{Data, Serving},
    site::{Site, draft_json, on_each},
};
use domain::{person::Role, seal::Seal};
use serde_json::{Value, json};

const NAME: &str = "Brightway Motors of Daesan";

async fn seals(site: &Site, role: Role, subject: &str, name: &str) -> Told {
    let body = json!({"subject": subject, "name": name});
    site.send(post("/api/v1/seals").token(site.token(role)).json(&body)).await
}

fn lot(key: &str, source: &str) -> Value {
    let facts =
        [("material", "motor"), ("class", "electronics"), ("supplier", "Plastika"), ("source", source)]
            .map(|(name, value)| json!({"name": name, "value": value}));
    draft_json(
        "filing",
        json!({"subject": format!("material_lot:{key}"), "record": "material_lot", "facts": facts}),
    )
}

/// What nobody may be told.
fn tells(told: &Told) -> bool {
    told.text().to_lowercase().contains("brightway")
}

#[tokio::test]
async fn c52_a_program_files_a_record_whose_source_is_sealed() {
    on_each(async |site: Site| {
        let sealed = seals(&site, Role::Factory, "material_lot:MOT-1", &format!(" {NAME} ")).await;
        assert_eq!(sealed.status, 201, "{}", sealed.text());
        assert!(!tells(&sealed));
        let source = sealed.json()["sealed"].as_str().expect("a text").to_string();
        let again = seals(&site, Role::Factory, "urn:lotwalk:material_lot:MOT-1", NAME).await;
        assert_eq!(again.json()["sealed"], source.as_str(), "the same once more, so the record is the same");

        let filed = post("/api/v1/events").token(site.token(Role::Factory)).json(&lot("MOT-1", &source));
        let filed = site.send(filed).await;
        assert_eq!(filed.status, 201, "{}", filed.text());
        let seq = filed.json()["seq"].as_u64().expect("a number");
        for role in Role::ALL {
            for path in [format!("/api/v1/entries/{seq}"), "/api/v1/resolve?code=MOT-1".into()] {
                assert!(!tells(&site.api(role, &path).await), "{path} {}", role.word());
            }
            let page = site.send(get("/material-lot/MOT-1").cookie(&site.sign_in(role).await)).await;
            assert!(!tells(&page), "{}", role.word());
        }
        let entry = site.api(Role::Buyer, &format!("/api/v1/entries/{seq}")).await;
        assert!(entry.text().contains(&source), "{}", entry.text());

        // Its owner is told name and salt, and nobody else that there is such a seal.
        let commitment = source.split(':').nth(1).expect("a commitment").to_string();
        let path = format!("/api/v1/seals/{commitment}");
        for role in Role::ALL.into_iter().filter(|role| *role != Role::Factory) {
            let told = site.api(role, &path).await;
            assert_eq!((told.status, told.problem().as_str(), tells(&told)), (404, "unknown_seal", false));
        }
        let own = site.api(Role::Factory, &path).await;
        assert_eq!((own.status, own.header("cache-control")), (200, "no-store"));
        let word = |name: &str| own.json()[name].as_str().unwrap_or_default().to_string();
        assert_eq!(word("name"), NAME);
        let seal = Seal { name: word("name"), salt: word("salt") };
        assert!(seal.close("00").commitment == commitment);
        // With these it opens the seal, by the event that everybody can check.
        let opens = json!({"subject": "urn:lotwalk:material_lot:MOT-1", "condition": "owner", "reason": "agreed",
                           "source_name": seal.name, "salt": seal.salt});
        let opens = post("/api/v1/events").token(site.token(Role::Factory)).json(&draft_json("unsealing", opens));
        let opened = site.send(opens).await;
        assert_eq!(opened.status, 201, "{}", opened.text());
    })
    .await;
}

#[tokio::test]
async fn c52_sealed_sources_are_alike_where_their_names_are_and_never_the_same_text() {
    on_each(async |site: Site| {
        let sealed = async |role: Role, subject: &str, name: &str| {
            let told = seals(&site, role, subject, name).await;
            let text = told.json()["sealed"].as_str().expect("a text").to_string();
            let (commitment, likeness) = text["sealed:".len()..].split_once(':').expect("two numbers");
            (commitment.to_string(), likeness.to_string())
        };
        let one = sealed(Role::Factory, "material_lot:A", NAME).await;
        let other = sealed(Role::Factory, "material_lot:B", "BRIGHTWAY MOTORS OF DAESAN LTD").await;
        let theirs = sealed(Role::Buyer, "material_lot:A", NAME).await;
        let another = sealed(Role::Factory, "batch:LOT-1", "Sunway").await;
        assert!(one.1 == other.1 && one.1 == theirs.1 && one.1 != another.1);
        assert!(one.0 != other.0 && one.0 != theirs.0, "what two hold is not told to either by the other's");
    })
    .await;
}

#[tokio::test]
async fn c52_what_cannot_be_sealed_is_told_without_the_name() {
    on_each(async |site: Site| {
        for (subject, name, word, field) in [
            ("material_lot:A", " ", "missing_field", "name"),
            ("material_lot:A", "Brightway\u{7}", "control_character", "name"),
            ("shipment:S1", NAME, "wrong_kind", "subject"),
            ("no kind", NAME, "wrong_kind", "subject"),
        ] {
            let told = seals(&site, Role::Factory, subject, name).await;
            assert_eq!((told.status, told.problem().as_str()), (422, word), "{}", told.text());
            assert_eq!((told.json()["field"].as_str(), tells(&told)), (Some(field), false));
        }
        let sealed = seals(&site, Role::Factory, "material_lot:A", NAME).await.json()["sealed"].clone();
        let twice = seals(&site, Role::Factory, "material_lot:A", sealed.as_str().expect("a text")).await;
        assert_eq!((twice.status, twice.problem().as_str()), (422, "sealed_already"));
        let broken = post("/api/v1/seals").token(site.token(Role::Factory));
        let broken = site.send(broken.body("application/json", br#"{"name": "Brightway"#.to_vec())).await;
        assert_eq!(
            (broken.status, broken.problem().as_str(), tells(&broken)),
            (400, "malformed_request", false)
        );
        let form = post("/api/v1/seals").token(site.token(Role::Factory)).body("text/plain", NAME);
        assert_eq!(site.send(form).await.status, 415);
        let told = seals(&site, Role::Retailer, "material_lot:A", NAME).await;
        assert_eq!((told.status, told.problem().as_str()), (403, "not_allowed"));
    })
    .await;
}

#[test]
fn c52_no_word_of_what_was_sealed_is_logged() {
    let data = Data::new("seals");
    let token = data.token(Role::Factory);
    let mut command = data.command(&["serve", "--addr", "127.0.0.1:0"]);
    command.env("LOTWALK_LOG", "trace");
    let serving = Serving::begin(command);
    let body = json!({"subject": "material_lot:MOT-1", "name": NAME});
    let told = post("/api/v1/seals").token(&token).json(&body).send(serving.at);
    assert_eq!(told.status, 201, "{}", told.text());
    let said = serving.says_all_up_to("answered").join("\n");
    assert!(said.contains("a name is sealed") && !said.contains("Brightway"), "{said}");
}
