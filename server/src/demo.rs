//! The demo: a toy brand with a year and a half of batches, one user per role, and a sheet of codes.
//!
//! Its records are the example record pack in `demo/`, taken in by the same importer as anybody's.

use app::pages::{codes::SheetItem, sign_in::DemoAccount};
use domain::{
    event::{EventDraft, Evidence, RECORD_FILED},
    person::{Person, Role},
    subject::Subject,
    text::{Text, text},
    time::{Time, Zone, noon},
};
use ledger::{Brand, BrandId, Fault, Ledger, Reader};
use serde_json::{Value, json};
use std::sync::Arc;
use uuid::Uuid;

use crate::{
    clock,
    import::{
        self, Stop,
        feed::Target,
        progress::Progress,
        report::Report,
        rows::Setting,
        source::{Source, Sources},
    },
    password,
    shared::Demo,
    symbols::{SvgOptions, SymbolData, SymbolKind, svg},
};

/// The brand, as in addresses and on the screen.
pub const BRAND: (&str, &str) = ("kite-acorn", "Kite & Acorn");

/// The password of every demo user.
pub const PASSWORD: &str = "lotwalk-demo";

macro_rules! pack {
    ($($table:literal),* $(,)?) => {
        &[$(($table, include_bytes!(concat!("../demo/", $table)))),*]
    };
}

/// The tables of the pack.
const PACK: &[(&str, &[u8])] = pack![
    "places.csv",
    "trade_items.csv",
    "material_lots.csv",
    "batches.csv",
    "batch_materials.csv",
    "approved_revisions.csv",
    "cartons.csv",
    "pallets.csv",
    "shipments.csv",
    "shipment_units.csv",
    "order_lines.csv",
    "certificates.csv",
    "corrective_actions.csv",
    "inspection_reports.csv",
    "aliases.csv",
    "legal_holds.csv",
    "planning.csv",
    "accepting.csv",
    "packing.csv",
    "sampling.csv",
    "waiving.csv",
    "judging.csv",
    "bridging.csv",
    "releasing.csv",
    "retrieving.csv",
    "holding.csv",
    "inspecting.csv",
    "observing.csv",
    "receiving.csv",
    "relabeling.csv",
    "returning.csv",
    "reworking.csv",
    "splitting.csv",
];

/// Name and role of each user, and what to try as them.
const USERS: [(&str, Role, Text); 6] = [
    (
        "buyer",
        Role::Buyer,
        text(
            "Asks where a batch went, what it was made from, and what is still open.",
            "查询批次去向、用料以及未关闭的差异。",
        ),
    ),
    (
        "warehouse",
        Role::Warehouse,
        text(
            "Relabels a carton, splits a shipment, meets held goods.",
            "外箱换标、拆分货运单，遇到被扣留的货物。",
        ),
    ),
    (
        "factory",
        Role::Factory,
        text("Records batches, material lots and rework.", "录入批次、物料批与返工。"),
    ),
    (
        "inspector",
        Role::Inspector,
        text("Inspects batches and reworked cartons, with photos.", "检验批次与返工外箱，并拍照。"),
    ),
    (
        "retailer",
        Role::Retailer,
        text("Scans a returned toy and says what is wrong with it.", "扫描退货玩具并说明问题。"),
    ),
    (
        "admin",
        Role::Administrator,
        text("Keeps users and tokens; may do everything.", "管理用户与令牌，可执行全部操作。"),
    ),
];

/// Sets the demo up where this ledger does not hold it yet, and tells what its pages show.
///
/// # Errors
/// When storage fails.
pub async fn begin(ledger: &Ledger) -> Result<(Brand, Demo), Fault> {
    let brand = ledger.create_brand(BRAND.0, BRAND.1).await?;
    // The users come last: as long as one is missing, the pack may be missing in part.
    let users = ledger.accounts(brand.id).await?;
    if USERS.iter().any(|(name, ..)| users.iter().all(|user| user.name != *name)) {
        match load(ledger, brand.id).await {
            Ok(report) if report.is_clean() => {}
            Ok(report) => {
                tracing::warn!(refused = report.total().refused, "the demo pack was not taken in whole")
            }
            Err(Stop::Fault(fault)) => return Err(fault),
            Err(stop) => tracing::warn!(%stop, "the demo pack was not taken in whole"),
        }
        create_users(ledger, brand.id).await?;
    }
    Ok((brand, shown()))
}

/// What its pages show beside its records.
pub fn shown() -> Demo {
    let account = |(name, role, does): &(&str, Role, Text)| DemoAccount {
        name: (*name).into(),
        password: PASSWORD.into(),
        role: *role,
        does: does.said(),
    };
    Demo { accounts: Arc::new(USERS.iter().map(account).collect()), sheet: Arc::new(sheet()) }
}

/// Takes the pack in. Doing so again changes nothing.
///
/// # Errors
/// When the ledger fails.
pub async fn load(ledger: &Ledger, brand: BrandId) -> Result<Report, Stop> {
    let person = Person { id: "record-pack".into(), name: "Record pack".into(), role: Role::Administrator };
    let tables: Vec<Source> = PACK.iter().map(|(name, bytes)| Source::embedded(name, bytes)).collect();
    let now = clock::now();
    let setting = Setting { brand, zone: Zone(480), now, not_after: Some(now), source: None };
    let report = import::pack(
        Target::Ledger(ledger, brand, &person),
        Sources::from(tables),
        setting,
        &mut Progress::silent(),
    )
    .await?;
    seal_sources(ledger, brand, &person, now).await?;
    Ok(report)
}

/// Where the sound modules come from, which their supplier keeps sealed: the last lot is from somebody else.
pub const SEALED: &[(&str, &str)] = &[
    ("SOUNDCHIP:SC12-250420", "Longgang Circuit Works"),
    ("SOUNDCHIP:SC12-251005", "Longgang Circuit Works"),
    ("SOUNDCHIP:SC12-260308", "Longgang Circuit Works"),
    ("SOUNDCHIP:SC12-260817", "Baoan Micro Audio"),
];

/// Seals them; a commitment cannot stand in a table, for its salt is this ledger's own.
async fn seal_sources(ledger: &Ledger, brand: BrandId, person: &Person, now: Time) -> Result<(), Fault> {
    let reader = Reader { brand, role: person.role };
    let zone = Zone(480);
    let event_time = noon("2026-11-20", zone).map_or(now, |day| day.min(now));
    let mut drafts = vec![];
    for (n, (lot, source)) in (1..).zip(SEALED) {
        let subject = Subject::material_lot(*lot);
        let mut facts = ledger.facts(&reader, &subject, "material_lot").await?;
        let sealed = ledger.seal_at(brand, person, source, lot).await?;
        facts.insert("source".into(), sealed.to_string());
        let facts: Vec<Value> =
            facts.iter().map(|(name, value)| json!({"name": name, "value": value})).collect();
        drafts.push(EventDraft {
            id: Uuid::from_u128(0x0199_5ea1_0000_7000_8000_0000_0000_0000 + n),
            kind: RECORD_FILED.into(),
            event_time,
            zone,
            place: None,
            evidence: Evidence::Declared,
            note: None,
            source: None,
            payload: json!({"subject": subject.to_string(), "record": "material_lot", "facts": facts}),
        });
    }
    ledger.capture(brand, person, drafts).await.map(drop)
}

async fn create_users(ledger: &Ledger, brand: BrandId) -> Result<(), Fault> {
    // One hash for all: its password stands on the sign-in page.
    let hash = match password::hash(PASSWORD.into()).await {
        Ok(hash) => hash,
        Err(error) => {
            tracing::error!(%error, "the demo has no users: their password could not be hashed");
            return Ok(());
        }
    };
    for (name, role, _) in USERS {
        if let Err(refusal) = ledger.create_account(brand, name, role, Some(&hash)).await? {
            tracing::debug!(%refusal, name, "a demo user is there already");
        }
    }
    Ok(())
}

/// One code of the sheet.
#[derive(Clone, Copy, Debug)]
pub struct SheetCode {
    /// What it stands on.
    pub title: Text,
    /// How it is printed.
    pub kind: SymbolKind,
    /// What it says; application identifiers in brackets.
    pub data: &'static str,
    /// What scanning it shows.
    pub shows: Text,
}

/// Something of everything that can be met on a floor.
pub fn sheet_codes() -> &'static [SheetCode] {
    const CODES: &[SheetCode] = &[
        SheetCode {
            title: text("Retail box of a plush bear", "毛绒熊彩盒"),
            kind: SymbolKind::Qr,
            data: "https://id.kiteandacorn.example/01/09506000011035/10/DG26258B",
            shows: text(
                "A Digital Link: trade item and lot code, so exactly one batch. Without sign-in, the public page.",
                "数字链接：含商品与批号，指向唯一批次。未登录时显示公开页面。",
            ),
        },
        SheetCode {
            title: text("Magnetic tiles, on the toy", "磁力片产品标识"),
            kind: SymbolKind::DataMatrix,
            data: "(01)09506000011042(10)260602-3",
            shows: text(
                "A batch whose inspection is no longer valid: six cartons got a warning sticker afterwards.",
                "检验已失效的批次：六箱在检验后加贴了警示贴纸。",
            ),
        },
        SheetCode {
            title: text("Lot code on a wooden train", "木制小火车上的批号"),
            kind: SymbolKind::Code128,
            data: "A0617",
            shows: text(
                "A lot code that three batches share: two factories, and again a year later. All are shown, none is picked.",
                "三个批次共用的批号：两家工厂，且次年再次使用。全部列出，不作猜测。",
            ),
        },
        SheetCode {
            title: text("The same lot code with its GTIN", "同一批号加 GTIN"),
            kind: SymbolKind::DataMatrix,
            data: "(01)09506000011028(10)A0617",
            shows: text("Now it is one batch: the building blocks.", "此时只指一个批次：塑料积木。"),
        },
        SheetCode {
            title: text("Carton label that was replaced", "被替换的外箱标签"),
            kind: SymbolKind::Gs1_128,
            data: "(00)095060000000041469",
            shows: text("A former code: it still leads to the carton.", "旧条码：仍可查到该外箱。"),
        },
        SheetCode {
            title: text("Its new label", "其新标签"),
            kind: SymbolKind::Gs1_128,
            data: "(00)306141410000070023",
            shows: text("The same carton under its present code.", "同一外箱的当前条码。"),
        },
        SheetCode {
            title: text("Carton relabeled without proof", "换标未经证实的外箱"),
            kind: SymbolKind::Gs1_128,
            data: "(00)306141410000070153",
            shows: text(
                "The old label was neither scanned nor the pieces counted: an open discrepancy.",
                "旧标签未扫描也未点数：未关闭的差异。",
            ),
        },
        SheetCode {
            title: text("Carton of a held batch", "被扣留批次的外箱"),
            kind: SymbolKind::Gs1_128,
            data: "(00)095060000000043616",
            shows: text(
                "Stop: the batch failed its inspection and is held.",
                "停止：该批次检验不合格并已扣留。",
            ),
        },
        SheetCode {
            title: text("Carton kept after a return", "退货后留存的外箱"),
            kind: SymbolKind::Gs1_128,
            data: "(00)095060000000043319",
            shows: text("Held itself, while its batch is not.", "外箱本身被扣留，其批次未扣留。"),
        },
        SheetCode {
            title: text("Assortment of bath ducks", "洗澡小鸭混装箱"),
            kind: SymbolKind::Gs1_128,
            data: "(00)095060000000043777",
            shows: text("Four colours with the pieces of each batch.", "四种颜色，各批次件数分明。"),
        },
        SheetCode {
            title: text("Mixed carton", "混装外箱"),
            kind: SymbolKind::Gs1_128,
            data: "(00)006141410000043767",
            shows: text(
                "One or more of two batches: how many of each nobody knows.",
                "含两个批次中的一个或两个，各批次件数不明。",
            ),
        },
        SheetCode {
            title: text("Factory's own carton mark", "工厂自有箱唛"),
            kind: SymbolKind::Code128,
            data: "KA-2506-0041",
            shows: text(
                "A mark without any GS1 key finds its carton too.",
                "不含 GS1 编码的箱唛同样可查到外箱。",
            ),
        },
        SheetCode {
            title: text("Pallet label", "托盘标签"),
            kind: SymbolKind::Gs1_128,
            data: "(00)406141410000000881",
            shows: text(
                "A pallet relabeled in Hamburg, with all its cartons.",
                "在汉堡换标的托盘及其全部外箱。",
            ),
        },
        SheetCode {
            title: text("Carton symbol of magnetic tiles", "磁力片外箱条码"),
            kind: SymbolKind::Itf14,
            data: "19506000011049",
            shows: text("The trade item as cartons of it are ordered.", "按箱订购的商品。"),
        },
        SheetCode {
            title: text("Checkout symbol of the wooden train", "木制小火车零售条码"),
            kind: SymbolKind::Ean13,
            data: "9506000011011",
            shows: text("The trade item with its batches.", "商品及其各批次。"),
        },
        SheetCode {
            title: text("Shipment that was split", "被拆分的货运单"),
            kind: SymbolKind::Qr,
            data: "SHP-26-003",
            shows: text("Two parts, and three cartons that are missing.", "两个分单，缺三箱。"),
        },
        SheetCode {
            title: text("Carton on no list", "不在任何清单上的外箱"),
            kind: SymbolKind::Gs1_128,
            data: "(00)006141410009990017",
            shows: text(
                "An unknown code: it is kept as an orphan observation, with the nearest names.",
                "未知条码：作为无主观测保留，并列出最接近的名称。",
            ),
        },
    ];
    CODES
}

/// The sheet as its page shows it.
fn sheet() -> Vec<SheetItem> {
    let draw = |code: &SheetCode| {
        let drawn =
            SymbolData::parse(code.data).and_then(|data| svg(code.kind, &data, SvgOptions::default()));
        match drawn {
            Ok(svg) => Some(SheetItem {
                title: code.title.said(),
                about: code.shows.said(),
                svg,
                text: code.data.into(),
            }),
            Err(error) => {
                tracing::warn!(%error, code = code.data, "a code of the demo's sheet cannot be drawn");
                None
            }
        }
    };
    sheet_codes().iter().filter_map(draw).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::view::Resolution;

    #[tokio::test(flavor = "multi_thread")]
    async fn every_code_of_the_sheet_shows_what_it_says() {
        let file = std::env::temp_dir().join(format!("lotwalk-sheet-{:016x}.sqlite", rand::random::<u64>()));
        let ledger = Ledger::open(&format!("sqlite:{}", file.display())).await.expect("a ledger");
        let brand = ledger.create_brand(BRAND.0, BRAND.1).await.expect("a brand").id;
        load(&ledger, brand).await.expect("no fault");
        let reader = Reader { brand, role: Role::Buyer };
        let mut odd = Vec::new();
        for code in sheet_codes() {
            match ledger.resolve(&reader, None, code.data.as_bytes()).await.expect("no fault") {
                Resolution::Found { card, former, .. } => {
                    if former || card.stops() || !card.discrepancies.is_empty() {
                        odd.push((code.title.en, former, card.stops(), card.discrepancies.len()));
                    }
                }
                Resolution::Several { candidates, .. } => {
                    odd.push((code.title.en, false, false, candidates.len()))
                }
                Resolution::Unknown { .. } => odd.push((code.title.en, false, false, 0)),
                Resolution::Unreadable { refusal } => panic!("{}: {refusal}", code.data),
            }
        }
        assert_eq!(
            odd,
            [
                ("Lot code on a wooden train", false, false, 3),
                ("Carton label that was replaced", true, false, 0),
                ("Carton relabeled without proof", false, false, 1),
                ("Carton of a held batch", false, true, 0),
                ("Carton kept after a return", false, true, 0),
                ("Mixed carton", false, false, 1),
                ("Shipment that was split", false, false, 1),
                ("Carton on no list", false, false, 0),
            ]
        );
        ledger.close().await;
        let _ = std::fs::remove_file(&file);
    }

    #[test]
    fn every_code_of_the_sheet_can_be_drawn_and_read() {
        assert_eq!(sheet().len(), sheet_codes().len());
        for code in sheet_codes() {
            assert!(domain::code::read(None, code.data.as_bytes()).is_ok(), "{}", code.data);
        }
    }
}
