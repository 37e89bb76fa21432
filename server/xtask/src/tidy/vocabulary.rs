//! The words of the house and the second words that creep in beside them.

use super::words::{Same, Second};

const fn say(word: &'static str, ours: &'static str) -> Second {
    Second { word, ours, except: &[] }
}

/// English second words, on the screen and in names.
pub(super) const ENGLISH: &[Second] = &[
    say("production lot", "batch"),
    say("production run", "batch"),
    say("batch code", "lot code"),
    say("batch number", "lot code").but(&["batch/lot number"]),
    say("batch no", "lot code"),
    say("lot number", "lot code").but(&["batch/lot number", "batch/lot"]),
    say("component batch", "material lot"),
    say("raw batch", "material lot"),
    say("material batch", "material lot"),
    say("batch sheet", "run sheet"),
    say("job card", "run sheet"),
    say("golden sample", "approved revision"),
    say("substitution", "material change"),
    say("SKU", "trade item"),
    say("article", "trade item"),
    say("LPN", "logistic unit"),
    say("master carton", "carton"),
    say("hierarchy", "packaging level"),
    say("delivery", "shipment"),
    say("deliveries", "shipment"),
    say("dispatch", "shipment, or ship"),
    say("consignment", "shipment").but(&["consignment number", "ginc"]),
    say("site", "place").but(&[
        "on site",
        "web site",
        "this site",
        "another site",
        "off site",
        "site permissions",
        "site settings",
        "sites and downloads",
    ]),
    say("location", "place"),
    say("sticker", "tracking label").but(&["warning sticker"]),
    say("batch label", "tracking label"),
    say("barcode", "code, or symbol for its printed form"),
    say("activity", "event"),
    say("event type", "event kind"),
    say("timestamp", "event time or record time"),
    say("submission", "draft, capture or entry"),
    say("conflict", "discrepancy"),
    say("mismatch", "discrepancy"),
    say("quarantine", "hold"),
    say("quarantined", "held"),
    say("frozen", "held"),
    say("freeze", "hold"),
    say("affected list", "scope"),
    say("upstream", "trace back"),
    say("downstream", "trace forward"),
    say("attachment", "record"),
    say("error", "refusal or fault").but(&["error declaration", "error correction"]),
    say("vendor", "supplier"),
    say("customer", "buyer or retailer"),
];

/// Words that are second only as the name of a column or an address.
pub(super) const COLUMNS: &[Second] = &[
    say("created_at", "event_time or record_time"),
    say("updated_at", "record_time; an entry is never updated"),
    say("deleted_at", "a correction; an entry is never deleted"),
    say("status", "disposition"),
    say("case", "carton"),
    say("lot", "batch, lot_code or material_lot").but(&["material lot", "lot code"]),
    say("transaction", "event, or business_transaction").but(&["business transaction"]),
    say("warning", "discrepancy"),
];

/// Chinese second words.
pub(super) const CHINESE: &[Second] = &[
    say("批量", "批次"),
    say("生产批", "批次").but(&["生产批次"]),
    say("批次号", "批号"),
    say("批次码", "批号"),
    say("原料批", "物料批"),
    say("来料批", "物料批"),
    say("工单", "生产记录单"),
    say("生产单", "生产记录单"),
    say("批准版本", "核准版本"),
    say("纸箱", "外箱"),
    say("大箱", "外箱"),
    say("栈板", "托盘"),
    say("卡板", "托盘"),
    say("托板", "托盘"),
    say("物流单位", "物流单元"),
    say("发货单", "货运单"),
    say("出货单", "货运单"),
    say("运单", "货运单").but(&["货运单"]),
    say("站点", "地点"),
    say("条形码", "条码"),
    say("账簿", "账本"),
    say("帐本", "账本"),
    say("台账", "账本"),
    say("偏差", "差异"),
    say("修正", "更正"),
    say("订正", "更正"),
    say("冻结", "扣留"),
    say("隔离", "扣留"),
    say("扣押", "扣留"),
    say("换签", "换标"),
    say("改标", "换标"),
    say("重新贴标", "换标"),
    say("分拆", "拆分"),
    say("返修", "返工"),
    say("重工", "返工"),
    say("退回", "退货"),
    say("封样", "留样"),
    say("留存样", "留样"),
    say("供货商", "供应商"),
    say("厂家", "工厂"),
    say("买家", "买方"),
    say("采购方", "买方"),
    say("客户", "买方或零售商"),
    say("孤立观测", "无主观测"),
];

const fn same(en: &'static str, zh: &'static [&'static str]) -> Same {
    Same { en, zh, except: &[] }
}

/// What must be named the same way in both languages of one text.
pub(super) const PARITY: &[Same] = &[
    Same {
        en: "batch",
        zh: &["批次", "该批", "本批", "此批", "整批", "同批", "批内"],
        except: &["batch/lot"],
    },
    same("lot code", &["批号"]),
    same("material lot", &["物料批"]),
    same("run sheet", &["生产记录单"]),
    same("approved revision", &["核准版本"]),
    same("trade item", &["商品"]),
    same("logistic unit", &["物流单元"]),
    same("carton", &["外箱", "箱"]),
    same("pallet", &["托盘"]),
    same("shipment", &["货运单"]),
    same("ledger", &["账本"]),
    same("discrepancy", &["差异"]),
    same("discrepancies", &["差异"]),
    Same { en: "correction", zh: &["更正"], except: &["error correction"] },
    same("disposition", &["处置状态"]),
    same("orphan observation", &["无主观测"]),
    same("retained sample", &["留样"]),
    same("supplier", &["供应商"]),
    same("recall", &["召回"]),
    same("relabeling", &["换标"]),
    same("splitting", &["拆分"]),
    same("reworking", &["返工"]),
];

impl Second {
    const fn but(mut self, except: &'static [&'static str]) -> Second {
        self.except = except;
        self
    }
}
