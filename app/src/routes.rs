//! Every page, one line each. The server's own addresses (forms, assets, the API) are in its router.

use crate::{
    here::{Here, tr},
    pages::{
        account::AccountPage, batch::BatchPage, codes::CodesPage, entry::EntryPage, event::EventPage,
        find::FindPage, ledger::LedgerPage, logistic_unit::LogisticUnitPage, material_lot::MaterialLotPage,
        not_found::NotFoundPage, place::PlacePage, public::PublicPage, scan::ScanPage, setup::SetupPage,
        shipment::ShipmentPage, sign_in::SignInPage, trade_item::TradeItemPage,
    },
    parts::top_bar::TopBar,
    scans::Scans,
};
use domain::text::{Text, text};
use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::{
    SsrMode,
    components::{Route, Router, Routes},
    path,
};

const NAME: Text = text("Lotwalk", "Lotwalk");
const SKIP: Text = text("Skip to the page", "跳到正文");

/// All of the page inside `<body>`.
#[component]
pub fn App(
    /// What every page knows.
    here: Here,
) -> impl IntoView {
    provide_meta_context();
    provide_context(here);
    provide_context(Scans::new());
    // A page is sent whole: without script there is nobody to put late parts in their place, and a
    // status cannot follow the first byte.
    let ssr = SsrMode::Async;
    view! {
        // A page that knows its own title takes the place of this one; one that could not be read has none.
        <Title text=tr(NAME)/>
        <a class="skip" href="#main">{tr(SKIP)}</a>
        <Router>
            <TopBar/>
            <main id="main" tabindex="-1">
                <Routes fallback=NotFoundPage>
                    <Route path=path!("/") view=ScanPage ssr=ssr.clone()/>
                    <Route path=path!("/batch/:key") view=BatchPage ssr=ssr.clone()/>
                    <Route path=path!("/logistic-unit/:key") view=LogisticUnitPage ssr=ssr.clone()/>
                    <Route path=path!("/shipment/:key") view=ShipmentPage ssr=ssr.clone()/>
                    <Route path=path!("/material-lot/:key") view=MaterialLotPage ssr=ssr.clone()/>
                    <Route path=path!("/trade-item/:key") view=TradeItemPage ssr=ssr.clone()/>
                    <Route path=path!("/place/:key") view=PlacePage ssr=ssr.clone()/>
                    <Route path=path!("/find") view=FindPage ssr=ssr.clone()/>
                    <Route path=path!("/ledger") view=LedgerPage ssr=ssr.clone()/>
                    <Route path=path!("/ledger/:seq") view=EntryPage ssr=ssr.clone()/>
                    <Route path=path!("/event/:kind") view=EventPage ssr=ssr.clone()/>
                    <Route path=path!("/codes") view=CodesPage ssr=ssr.clone()/>
                    <Route path=path!("/sign-in") view=SignInPage ssr=ssr.clone()/>
                    <Route path=path!("/account") view=AccountPage ssr=ssr.clone()/>
                    <Route path=path!("/setup/:token") view=SetupPage ssr=ssr.clone()/>
                    // Public, without sign-in: GS1 Digital Link paths and their short form.
                    <Route path=path!("/01/*code") view=PublicPage ssr=ssr.clone()/>
                    <Route path=path!("/00/*code") view=PublicPage ssr=ssr.clone()/>
                    <Route path=path!("/p/:code") view=PublicPage ssr/>
                </Routes>
            </main>
        </Router>
    }
}
