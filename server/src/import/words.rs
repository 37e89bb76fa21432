//! Words that factories write over their columns, and into them, for what we call otherwise. Each is a
//! proposal that a person confirms, never a rule.

use domain::text::Text;

/// Our column, and what else it is called. The first table's name says where a word means something else
/// than elsewhere; `*` is every table.
#[rustfmt::skip]
const COLUMNS: &[(&str, &str, &[&str])] = &[
    ("material_lots", "material_lot", &["material lot", "material lot no", "物料批次", "来料批号", "原料批号", "物料批号"]),
    ("material_lots", "lot_code", &["lot", "lot no", "lot number", "lot code", "supplier lot", "supplier lot no", "batch no", "供应商批号", "厂商批号", "批号"]),
    ("material_lots", "material", &["material", "material name", "item", "description", "物料", "物料名称", "原料", "材料", "品名"]),
    ("material_lots", "class", &["class", "type", "category", "类别", "物料类别", "分类"]),
    ("material_lots", "supplier", &["supplier", "vendor", "supplier name", "供应商", "供应商名称", "供货商"]),
    ("material_lots", "received_on", &["received", "date received", "receipt date", "received date", "incoming date", "收货日期", "来料日期", "到货日期", "入库日期"]),
    ("material_lots", "receipt", &["receipt no", "grn", "grn no", "收货单", "收货单号", "入库单号"]),
    ("material_lots", "source", &["source", "origin", "place of origin", "产地", "来源", "来源地"]),
    ("batch_materials", "material_lot", &["material lot", "material lot no", "material batch", "component lot", "物料批号", "物料批次", "原料批号", "材料批号"]),
    ("batch_materials", "used_on", &["used", "date", "issue date", "used date", "领用日期", "使用日期", "投料日期", "日期"]),
    ("batch_materials", "batch", &["batch", "batch no", "lot", "lot no", "lot code", "lot number", "finished lot", "批次", "批号", "生产批号", "成品批号"]),
    ("cartons", "carton", &["carton", "carton no", "carton number", "ctn", "ctn no", "ctn number", "sscc", "case no", "box no", "箱号", "外箱号", "箱码", "外箱条码"]),
    ("cartons", "batch", &["batch", "batch no", "batch number", "lot", "lot no", "lot code", "lot number", "批次", "批号", "生产批号"]),
    ("cartons", "pieces", &["pieces", "pcs", "qty", "quantity", "units", "pcs per carton", "qty per carton", "数量", "件数", "装箱数", "装箱数量", "每箱数量"]),
    ("cartons", "packed_on", &["packed", "packed on", "packing date", "pack date", "date", "装箱日期", "包装日期", "日期"]),
    ("cartons", "marks", &["marks", "mark", "shipping mark", "唛头", "箱唛"]),
    ("pallets", "pallet", &["pallet", "pallet no", "pallet number", "sscc", "plt no", "托盘", "托盘号", "栈板号", "卡板号"]),
    ("pallets", "carton", &["carton", "carton no", "ctn no", "箱号", "外箱号"]),
    ("pallets", "packed_on", &["date", "packed on", "palletized", "日期", "码垛日期", "打托日期"]),
    ("shipments", "shipment", &["shipment", "shipment no", "shipment reference", "reference", "出货单号", "发货单号", "货运单号"]),
    ("shipments", "destination", &["destination", "ship to", "consignee", "收货方", "目的地", "收货地"]),
    ("shipments", "destination_country", &["country", "destination country", "目的国", "国家"]),
    ("shipments", "purchase_order", &["po", "po no", "po number", "purchase order", "order no", "采购订单", "订单号", "采购单号"]),
    ("shipments", "invoice", &["invoice", "invoice no", "发票", "发票号"]),
    ("shipments", "carrier", &["carrier", "forwarder", "承运人", "货代", "物流公司"]),
    ("shipment_units", "shipment", &["shipment", "shipment no", "出货单号", "发货单号"]),
    ("shipment_units", "unit", &["carton", "carton no", "pallet", "pallet no", "sscc", "箱号", "托盘号"]),
    ("*", "shipped_on", &["ship date", "shipping date", "shipped", "etd", "date", "出货日期", "发货日期", "日期"]),
    ("batches", "batch", &["key", "batch key", "批次主键"]),
    ("batches", "lot_code", &["lot", "lot no", "lot number", "lot code", "batch", "batch no", "batch number", "production lot", "批号", "批次", "批次号", "生产批号", "生产批次", "成品批号"]),
    ("batches", "produced_to", &["date", "production date", "produced", "produced on", "prod date", "mfg date", "manufacturing date", "date of manufacture", "end date", "生产日期", "制造日期", "完工日期", "结束日期", "生产结束日期"]),
    ("batches", "produced_from", &["start date", "production start", "begin date", "开始日期", "开工日期", "生产开始日期"]),
    ("batches", "quantity", &["quantity", "qty", "qty pcs", "pcs", "pieces", "output", "produced qty", "数量", "产量", "生产数量", "件数"]),
    ("batches", "factory", &["factory", "plant", "manufacturer", "maker", "工厂", "生产工厂", "厂家", "制造商"]),
    ("batches", "line", &["line", "production line", "line no", "产线", "生产线", "线别"]),
    ("batches", "shift", &["shift", "班次", "班别"]),
    ("batches", "product_version", &["version", "revision", "rev", "product version", "版本", "产品版本"]),
    ("batches", "packaging_version", &["packaging version", "packaging rev", "包装版本"]),
    ("batches", "subcontractor", &["subcontractor", "外协厂", "外发厂", "外协"]),
    ("*", "trade_item", &["trade item", "item", "item no", "item number", "item code", "product", "product code", "sku", "style", "style no", "model", "article", "article no", "货号", "款号", "产品", "产品编号", "产品货号", "型号", "商品"]),
    ("trade_items", "name", &["name", "product name", "description", "品名", "产品名称", "名称"]),
    ("trade_items", "item_number", &["item no", "item number", "货号"]),
    ("trade_items", "codes_on_product", &["gtin", "ean", "upc", "barcode", "条码", "商品条码"]),
    ("places", "place", &["place", "code", "id", "site", "代码", "编号"]),
    ("places", "name", &["name", "factory name", "company", "名称", "公司名称", "工厂名称"]),
    ("places", "country", &["country", "国家"]),
    ("places", "city", &["city", "城市"]),
    ("places", "address", &["address", "地址"]),
    ("approved_revisions", "batch", &["batch", "batch no", "lot", "lot no", "lot code", "批号", "批次"]),
    ("approved_revisions", "sample", &["sample", "approved sample", "核准样", "签样"]),
    ("approved_revisions", "bom", &["bom", "bom rev", "bom revision", "物料清单版本"]),
    ("approved_revisions", "artwork", &["artwork", "artwork rev", "图稿", "图稿版本"]),
    ("approved_revisions", "packaging", &["packaging", "packaging rev", "包装版本"]),
    ("*", "amount", &["amount", "qty", "quantity", "weight", "net weight", "used qty", "consumption", "数量", "用量", "重量", "净重"]),
    ("*", "unit", &["unit", "uom", "u/m", "单位", "计量单位"]),
    ("*", "note", &["note", "notes", "remark", "remarks", "comment", "comments", "备注", "说明"]),
    ("*", "event_time", &["time", "timestamp", "event time", "时间", "发生时间"]),
];

/// What sheets and files are called that hold a table of ours.
#[rustfmt::skip]
const TABLES: &[(&str, &[&str])] = &[
    ("batch_materials", &["batch materials", "bom usage", "material usage", "materials used", "consumption", "投料", "领料", "用料", "批次用料"]),
    ("material_lots", &["material lots", "materials", "incoming", "incoming materials", "raw materials", "来料", "物料", "原料", "材料", "物料批次"]),
    ("batches", &["batches", "batch", "production", "production records", "lots", "run sheets", "production batches", "生产", "批次", "生产批次", "生产记录", "生产批号"]),
    ("cartons", &["cartons", "carton", "packing list", "ctn", "装箱", "装箱单", "箱", "外箱", "箱号"]),
    ("pallets", &["pallets", "pallet", "托盘", "栈板", "卡板"]),
    ("shipment_units", &["shipment units", "loading list", "装柜", "装柜清单"]),
    ("shipments", &["shipments", "shipment", "出货", "发货"]),
    ("places", &["places", "factories", "suppliers", "工厂", "供应商"]),
    ("trade_items", &["trade items", "products", "items", "skus", "产品", "商品"]),
    ("approved_revisions", &["approved revisions", "revisions", "版本", "核准版本"]),
];

/// What stands in a column of choices, for the word that is offered.
#[rustfmt::skip]
const CHOICES: &[(&str, &[&str])] = &[
    ("kilogram", &["kg", "kgs", "kilo", "kilograms", "公斤", "千克"]),
    ("piece", &["pc", "pcs", "pieces", "ea", "each", "个", "件", "只", "颗", "片"]),
    ("litre", &["l", "liter", "liters", "litres", "升"]),
    ("metre", &["m", "meter", "meters", "metres", "米"]),
    ("resin", &["plastic", "abs", "pp", "pe", "pvc", "树脂", "塑料", "胶料", "塑胶"]),
    ("paint", &["ink", "coating", "油漆", "涂料", "油墨"]),
    ("fabric", &["textile", "cloth", "布料", "面料"]),
    ("electronics", &["electronic", "pcb", "pcba", "电子", "电子件"]),
    ("packaging", &["package", "包装", "包材"]),
    ("factory", &["plant", "manufacturer", "工厂"]),
    ("supplier", &["vendor", "供应商"]),
    ("warehouse", &["仓库"]),
];

/// A word as it is compared: small letters, no marks, no spaces doubled, nothing in brackets behind it.
fn folded(text: &str) -> String {
    let half: String = text.trim().chars().map(halfwidth).collect();
    let before = half.split(['(', '[']).next().unwrap_or_default();
    let word = if before.trim().is_empty() { &half } else { before };
    let spaced: String = word
        .to_lowercase()
        .chars()
        .map(|c| if matches!(c, '_' | '.' | ':' | '#' | '*' | '-' | '/') { ' ' } else { c })
        .collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A mark or digit of double width becomes the usual one.
pub(super) fn halfwidth(c: char) -> char {
    match c {
        '\u{3000}' => ' ',
        '\u{ff01}'..='\u{ff5e}' => u32::from(c).checked_sub(0xfee0).and_then(char::from_u32).unwrap_or(c),
        _ => c,
    }
}

/// Our column that a header is known to mean in a table.
pub(super) fn column(table: &str, header: &str) -> Option<&'static str> {
    let word = folded(header);
    let known = |of: &str| {
        COLUMNS.iter().find(|(t, _, words)| *t == of && words.iter().any(|w| folded(w) == word)).map(|c| c.1)
    };
    known(table).or_else(|| known("*"))
}

/// The table that a sheet or file of this name is known to be.
pub(super) fn table(name: &str) -> Option<&'static str> {
    let word = folded(name);
    TABLES.iter().find(|(_, words)| words.iter().any(|w| *w == word)).map(|(table, _)| *table)
}

/// The unit that stands in brackets behind a header: `Weight (kg)`, `重量（公斤）`.
pub(super) fn unit(header: &str) -> Option<&'static str> {
    let half: String = header.chars().map(halfwidth).collect();
    let (_, behind) = half.split_once(['(', '['])?;
    let word = behind.trim_end_matches([')', ']']).trim().to_lowercase();
    let units = ["kilogram", "piece", "litre", "metre"];
    units.into_iter().find(|unit| {
        *unit == word
            || CHOICES.iter().any(|(choice, words)| choice == unit && words.iter().any(|w| *w == word))
    })
}

/// The word offered that a cell means; the cell's own where it is none of them.
pub(super) fn choice(offered: &[(&'static str, Text)], text: &str) -> String {
    if offered.iter().any(|(word, _)| *word == text) {
        return text.to_string();
    }
    let small = text.to_lowercase();
    let by_title = offered
        .iter()
        .find(|(word, title)| *word == small || title.en.to_lowercase() == small || title.zh == text);
    let known = || {
        let (word, _) = CHOICES.iter().find(|(_, words)| words.iter().any(|w| *w == small))?;
        offered.iter().find(|(one, _)| one == word)
    };
    by_title.or_else(known).map_or_else(|| text.to_string(), |(word, _)| word.to_string())
}

/// Yes or no, in the words of tables.
pub(super) fn is_yes(value: &str) -> Option<bool> {
    match value.to_lowercase().as_str() {
        "yes" | "true" | "1" | "x" | "y" | "是" | "√" | "✓" => Some(true),
        "no" | "false" | "0" | "-" | "n" | "否" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::table::Table;

    #[test]
    fn c19_every_word_leads_to_a_column_and_a_table_that_there_are() {
        for (table, column, words) in COLUMNS {
            let tables: Vec<Table> = match *table {
                "*" => TABLES.iter().filter_map(|(name, _)| Table::named(name).ok()).collect(),
                name => vec![Table::named(name).unwrap_or_else(|_| panic!("{name}"))],
            };
            assert!(tables.iter().any(|t| t.column(column).is_some()), "{table} {column}");
            assert!(!words.is_empty());
        }
        assert!(TABLES.iter().all(|(name, _)| Table::named(name).is_ok()));
    }

    #[test]
    fn c19_headers_are_known_in_both_languages() {
        for (table, header, ours) in [
            ("batches", "批号", "lot_code"),
            ("batches", "Lot No.", "lot_code"),
            ("batches", "Batch#", "lot_code"),
            ("batches", "生产日期", "produced_to"),
            ("batches", "Qty (pcs)", "quantity"),
            ("batches", "数量（件）", "quantity"),
            ("cartons", "箱号", "carton"),
            ("cartons", "QTY", "pieces"),
            ("material_lots", "批号", "lot_code"),
            ("batches", "备注", "note"),
        ] {
            assert_eq!(column(table, header), Some(ours), "{table} {header}");
        }
        assert_eq!(column("batches", "颜色"), None);
        assert_eq!(
            (unit("Weight (kg)"), unit("重量（公斤）"), unit("Weight")),
            (Some("kilogram"), Some("kilogram"), None)
        );
        assert_eq!(
            (table("生产批次"), table("Packing List"), table("Sheet1")),
            (Some("batches"), Some("cartons"), None)
        );
    }
}
