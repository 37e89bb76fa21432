//! What every handler is handed: the ledger, the files, the counters.

use app::pages::{codes::SheetItem, sign_in::DemoAccount};
use ledger::{Brand, BrandId, Ledger};
use leptos::prelude::LeptosOptions;
use std::{
    collections::HashMap,
    ops::Deref,
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use crate::{
    api::token::Tokens,
    assets::Assets,
    import::desk::Desk,
    metrics::Metrics,
    problem::Problem,
    throttle::{Limit, Throttle},
};

/// Wrong passwords of one name from one address.
const SIGN_INS: &[Limit] = &[Limit { most: 5, within: minutes(15) }];
/// Wrong passwords from one address.
const ADDRESSES: &[Limit] = &[Limit { most: 100, within: minutes(15) }];
/// Forms of somebody who is not signed in, from one address. Each may bring a photo, and photos stay: the
/// second limit bounds what an address can fill in a day.
const STRANGERS: &[Limit] =
    &[Limit { most: 20, within: minutes(10) }, Limit { most: 100, within: minutes(24 * 60) }];
/// Addresses that are counted at once.
const KEYS: usize = 10_000;

const fn minutes(n: u64) -> Duration {
    Duration::from_secs(n * 60)
}

/// What is shared by every request. Cheap to clone.
#[derive(Clone)]
pub struct Shared(Arc<Inside>);

/// What [`Shared`] holds.
pub struct Inside {
    /// The book.
    pub ledger: Ledger,
    /// The brand whose public pages are shown, and whose book is read where nothing else says so.
    pub brand: Brand,
    /// Style sheets, WASM, public files.
    pub assets: Assets,
    /// Counters.
    pub metrics: Metrics,
    /// Tokens seen a moment ago.
    pub tokens: Tokens,
    /// Failed sign-ins, by name and address.
    pub sign_ins: Throttle,
    /// Failed sign-ins, by address: an office behind one address has room, a guessing program has not.
    pub addresses: Throttle,
    /// What is taken from people who are not signed in.
    pub strangers: Throttle,
    /// Where files of imports are kept.
    pub desk: Desk,
    /// True where a proxy on this machine tells whom it speaks for.
    pub behind_proxy: bool,
    /// The demo's users and symbols.
    pub demo: Option<Demo>,
    brands: RwLock<HashMap<BrandId, Brand>>,
    leptos: LeptosOptions,
}

/// What the demo shows on its pages.
#[derive(Clone, Debug)]
pub struct Demo {
    /// One user per role, shown on the sign-in page.
    pub accounts: Arc<Vec<DemoAccount>>,
    /// Codes to scan.
    pub sheet: Arc<Vec<SheetItem>>,
}

impl Shared {
    /// Everything a server needs, for a brand of this ledger.
    pub fn new(ledger: Ledger, brand: Brand, demo: Option<Demo>, behind_proxy: bool) -> Shared {
        Shared(Arc::new(Inside {
            brands: RwLock::new(HashMap::from([(brand.id, brand.clone())])),
            ledger,
            brand,
            demo,
            behind_proxy,
            desk: Desk::default(),
            assets: Assets::open(),
            metrics: Metrics::default(),
            tokens: Tokens::default(),
            sign_ins: Throttle::new(SIGN_INS, KEYS),
            addresses: Throttle::new(ADDRESSES, KEYS),
            strangers: Throttle::new(STRANGERS, KEYS),
            leptos: LeptosOptions::builder().output_name("client").build(),
        }))
    }

    /// The brand of an id.
    ///
    /// # Errors
    /// When storage fails, or there is no such brand.
    pub async fn brand_of(&self, id: BrandId) -> Result<Brand, Problem> {
        let known = |all: &HashMap<BrandId, Brand>| all.get(&id).cloned();
        if let Some(brand) = known(&self.brands.read().unwrap_or_else(PoisonError::into_inner)) {
            return Ok(brand);
        }
        let all = self.ledger.brands().await?.into_iter().map(|brand| (brand.id, brand)).collect();
        let brand = known(&all).ok_or_else(|| Problem::broke("an account of a brand that does not exist"));
        *self.brands.write().unwrap_or_else(PoisonError::into_inner) = all;
        brand
    }
}

impl Deref for Shared {
    type Target = Inside;
    fn deref(&self) -> &Inside {
        &self.0
    }
}

impl axum::extract::FromRef<Shared> for LeptosOptions {
    fn from_ref(shared: &Shared) -> LeptosOptions {
        shared.leptos.clone()
    }
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shared").field("brand", &self.brand.slug).finish_non_exhaustive()
    }
}
