//! A server with one account and one token per role, and a few cartons.

use crate::{
    handed::plan,
    http::{Ask, Told, get, post},
    scratch::Scratch,
};
use domain::{
    event::{EventDraft, Evidence},
    person::{Person, Role},
    time::Zone,
};
use ledger::{Brand, Ledger};
use serde_json::{Value, json};
use server::{
    api::token,
    clock, demo, password, router,
    shared::{Demo, Shared},
};
use std::{
    collections::HashMap,
    net::{SocketAddr, TcpListener},
    sync::OnceLock,
};
use uuid::Uuid;

/// Everybody's password.
pub(crate) const PASSWORD: &str = "correct horse battery";

/// Lives a story on SQLite and, where there is one, on PostgreSQL.
pub(crate) async fn on_each(story: impl AsyncFn(Site)) {
    for scratch in Scratch::each().await {
        story(Site::start_on(scratch).await).await;
    }
}

/// A running server. Its database goes with it.
pub(crate) struct Site {
    /// Where it listens.
    pub(crate) at: SocketAddr,
    /// Its ledger.
    pub(crate) ledger: Ledger,
    /// Its brand.
    pub(crate) brand: Brand,
    /// Its database.
    pub(crate) scratch: Scratch,
    tokens: HashMap<Role, String>,
}

impl Site {
    /// A fresh one. Two cartons hold the batch `LOT-1`; `C2` left in `S1`.
    pub(crate) async fn start() -> Site {
        Site::start_on(Scratch::sqlite()).await
    }

    /// The same on a database that is given.
    pub(crate) async fn start_on(scratch: Scratch) -> Site {
        Site::empty_on(scratch, None).await.furnished().await
    }

    /// The same, showing what the demo shows, and behind a proxy that tells whom it speaks for.
    pub(crate) async fn demo_on(scratch: Scratch) -> Site {
        Site::empty_on(scratch, Some(demo::shown())).await.furnished().await
    }

    async fn furnished(self) -> Site {
        let person = Person { id: "story".into(), name: "Story".into(), role: Role::Administrator };
        let drafts = [
            ("filing", json!({"subject": "trade_item:TOY", "record": "trade_item", "facts": []})),
            (
                "producing",
                json!({"lot_code": "LOT-1", "trade_item": "urn:lotwalk:trade_item:TOY", "quantity": 48}),
            ),
            ("packing", pack("C1")),
            ("packing", pack("C2")),
            ("shipping", json!({"shipment": "S1", "units": ["C2"]})),
            ("filing", json!({"subject": "place:WH", "record": "place", "facts": []})),
            ("filing", json!({"subject": "material_lot:ML", "record": "material_lot", "facts": []})),
            ("filing", json!({"subject": "order_line:PO-1", "record": "order_line", "facts": []})),
            ("planning", plan("urn:lotwalk:place:WH")),
            (
                "sampling",
                json!({"sample": "RS-1", "batch": "urn:lotwalk:batch:LOT-1", "location": "Room 2",
                       "custodian": "Q. Li", "pieces": 3}),
            ),
        ];
        for (kind, payload) in drafts {
            self.records(&person, draft(kind, payload)).await;
        }
        self
    }

    /// Captures what nobody refuses, and tells its number.
    pub(crate) async fn records(&self, person: &Person, draft: EventDraft) -> u64 {
        let kind = draft.kind.clone();
        let mut answers = self.ledger.capture(self.brand.id, person, vec![draft]).await.expect("is stored");
        let answer = answers.pop().expect("an answer");
        answer.unwrap_or_else(|refusal| panic!("{kind}: {refusal}")).seq
    }

    /// One without any cartons.
    pub(crate) async fn empty() -> Site {
        Site::empty_on(Scratch::sqlite(), None).await
    }

    async fn empty_on(scratch: Scratch, demo: Option<Demo>) -> Site {
        let files = scratch.files.to_string_lossy();
        let ledger = Ledger::open_with(&scratch.url, Some(&files)).await.expect("opens");
        let brand = ledger.create_brand("toys", "Toys").await.expect("a brand");
        let mut tokens = HashMap::new();
        for role in Role::ALL {
            let made = ledger.create_account(brand.id, role.word(), role, Some(hash())).await;
            made.expect("is stored").expect("is new");
            let (secret, digest) = token::make();
            ledger.create_token(brand.id, role.word(), role, &digest).await.expect("is stored");
            tokens.insert(role, secret);
        }
        let behind_proxy = demo.is_some();
        let shared = Shared::new(ledger.clone(), brand.clone(), demo, behind_proxy);
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        listener.set_nonblocking(true).expect("is set");
        let at = listener.local_addr().expect("an address");
        let service = router::build(&shared, false).into_make_service_with_connect_info::<SocketAddr>();
        let listener = tokio::net::TcpListener::from_std(listener).expect("a listener");
        tokio::spawn(async move { axum::serve(listener, service).await });
        Site { at, ledger, brand, scratch, tokens }
    }

    /// Sends a request off the threads that answer it.
    pub(crate) async fn send(&self, ask: Ask) -> Told {
        let at = self.at;
        tokio::task::spawn_blocking(move || ask.send(at)).await.expect("is answered")
    }

    /// The token of a role.
    pub(crate) fn token(&self, role: Role) -> &str {
        &self.tokens[&role]
    }

    /// Asks the API as a role.
    pub(crate) async fn api(&self, role: Role, path: &str) -> Told {
        self.send(get(path).token(self.token(role))).await
    }

    /// Signs in as a role and gives the session's cookie.
    pub(crate) async fn sign_in(&self, role: Role) -> String {
        let form = [("name", role.word()), ("password", PASSWORD), ("back", "/account")];
        let told = self.send(post("/sign-in").form(&form)).await;
        assert_eq!(told.to(), "/account");
        told.sets("lotwalk").expect("a session")
    }

    /// Signs in somebody of another brand on the same server, who may read its records.
    pub(crate) async fn sign_in_from_another_brand(&self) -> String {
        let other = self.ledger.create_brand("kites", "Kites").await.expect("a brand");
        let made = self.ledger.create_account(other.id, "Kit", Role::Buyer, Some(hash())).await;
        made.expect("is stored").expect("is new");
        let told = self.send(post("/sign-in").form(&[("name", "Kit"), ("password", PASSWORD)])).await;
        told.sets("lotwalk").expect("a session")
    }

    /// Where its documents are, once there are any.
    pub(crate) fn files(&self) -> std::path::PathBuf {
        self.scratch.files.clone()
    }

    /// How many entries the ledger holds.
    pub(crate) async fn size(&self) -> u64 {
        self.ledger.checkpoint(self.brand.id).await.expect("answers").size
    }
}

/// One hash for everybody: it is slow on purpose.
fn hash() -> &'static str {
    static HASH: OnceLock<String> = OnceLock::new();
    HASH.get_or_init(|| {
        let run = || {
            let runtime = tokio::runtime::Runtime::new().expect("a runtime");
            runtime.block_on(password::hash(PASSWORD.into())).expect("hashes")
        };
        std::thread::spawn(run).join().expect("hashes")
    })
}

fn pack(carton: &str) -> Value {
    json!({"container": carton, "batches": [{"batch": "urn:lotwalk:batch:LOT-1", "pieces": 24}]})
}

/// A draft of a kind, just made.
pub(crate) fn draft(kind: &str, payload: Value) -> EventDraft {
    EventDraft {
        id: clock::new_id(),
        kind: kind.into(),
        event_time: clock::now(),
        zone: Zone::UTC,
        place: None,
        evidence: Evidence::Scanned,
        note: None,
        source: None,
        payload,
    }
}

/// The same as JSON.
pub(crate) fn draft_json(kind: &str, payload: Value) -> Value {
    serde_json::to_value(draft(kind, payload)).expect("is JSON")
}

/// A fresh id as a form bears it.
pub(crate) fn id() -> String {
    Uuid::to_string(&clock::new_id())
}
