//! Every page, one line each. The server's own addresses (forms, assets, the API) are in its router.

use crate::{
    here::{Here, tr},
    pages,
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
                <Routes fallback=pages::not_found::NotFoundPage>
                    <Route path=path!("/") view=pages::scan::ScanPage ssr=ssr.clone()/>
                    <Route path=path!("/scan/lab") view=pages::scan_lab::ScanLabPage ssr=ssr.clone()/>
                    <Route path=path!("/batch/:key") view=pages::batch::BatchPage ssr=ssr.clone()/>
                    <Route path=path!("/logistic-unit/:key") view=pages::logistic_unit::LogisticUnitPage ssr=ssr.clone()/>
                    <Route path=path!("/shipment/:key") view=pages::shipment::ShipmentPage ssr=ssr.clone()/>
                    <Route path=path!("/material-lot/:key") view=pages::material_lot::MaterialLotPage ssr=ssr.clone()/>
                    <Route path=path!("/trade-item/:key") view=pages::trade_item::TradeItemPage ssr=ssr.clone()/>
                    <Route path=path!("/place/:key") view=pages::place::PlacePage ssr=ssr.clone()/>
                    <Route path=path!("/shipment/:key/gate") view=pages::gate::GatePage ssr=ssr.clone()/>
                    <Route path=path!("/trace-plan/:key") view=pages::trace_plan::TracePlanPage ssr=ssr.clone()/>
                    <Route path=path!("/trace-plan/:key/brief") view=pages::brief::BriefPage ssr=ssr.clone()/>
                    <Route path=path!("/retained-sample/:key") view=pages::kept::RetainedSamplePage ssr=ssr.clone()/>
                    <Route path=path!("/order-line/:key") view=pages::kept::OrderLinePage ssr=ssr.clone()/>
                    <Route path=path!("/revision/:field/:value") view=pages::kept::NamedAlikePage ssr=ssr.clone()/>
                    <Route path=path!("/records") view=pages::records::RecordsPage ssr=ssr.clone()/>
                    <Route path=path!("/bridges") view=pages::bridges::BridgesPage ssr=ssr.clone()/>
                    <Route path=path!("/retention") view=pages::retention::RetentionPage ssr=ssr.clone()/>
                    <Route path=path!("/record/:record") view=pages::file_record::FileRecordPage ssr=ssr.clone()/>
                    <Route path=path!("/find") view=pages::find::FindPage ssr=ssr.clone()/>
                    <Route path=path!("/ledger") view=pages::ledger::LedgerPage ssr=ssr.clone()/>
                    <Route path=path!("/ledger/:seq") view=pages::entry::EntryPage ssr=ssr.clone()/>
                    <Route path=path!("/event/:kind") view=pages::event::EventPage ssr=ssr.clone()/>
                    <Route path=path!("/import") view=pages::import::ImportPage ssr=ssr.clone()/>
                    <Route path=path!("/import/:id") view=pages::import_run::ImportRunPage ssr=ssr.clone()/>
                    <Route path=path!("/codes") view=pages::codes::CodesPage ssr=ssr.clone()/>
                    <Route path=path!("/sign-in") view=pages::sign_in::SignInPage ssr=ssr.clone()/>
                    <Route path=path!("/account") view=pages::account::AccountPage ssr=ssr.clone()/>
                    <Route path=path!("/setup/:token") view=pages::setup::SetupPage ssr=ssr.clone()/>
                    // Public, without sign-in: GS1 Digital Link paths and their short form.
                    <Route path=path!("/01/*code") view=pages::public::PublicPage ssr=ssr.clone()/>
                    <Route path=path!("/00/*code") view=pages::public::PublicPage ssr=ssr.clone()/>
                    <Route path=path!("/p/:code") view=pages::public::PublicPage ssr/>
                </Routes>
            </main>
        </Router>
    }
}
