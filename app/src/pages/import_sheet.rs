//! One table of an import as it was seen: which table of ours it is taken for, what its columns are, how its
//! first rows will be read, and what is wrong with it.

use crate::{
    here::{said, tr},
    parts::{
        amount::number,
        notice::{Notice, Tone},
    },
};
use domain::{
    import::{BadCell, DayOrder, Mapped, Offer, SheetSeen, To, Why},
    quantity::Unit,
    text::{Text, text},
    time::Zone,
};
use leptos::prelude::*;

const TAKEN_FOR: Text = text("It is", "对应的表");
const LEFT_OUT: Text = text("Left out", "不导入");
const HEADER_ROW: Text = text("Row that names the columns", "列名所在行");
const LEARNED: Text = text(
    "Mapping of {date} by {name}. It is used again unless you change it.",
    "采用 {name} 于 {date} 确认的列对应，可修改。",
);
const COLUMNS: Text = text("Columns", "列");
const COLUMN: Text = text("Your column", "您的列");
const OURS: Text = text("Our column", "对应的列");
const SAMPLE: Text = text("For example", "示例");
const DAYS: Text = text("Days such as 04.03.2026", "如 04.03.2026 的日期");
const UNIT: Text = text("Unit", "单位");
const CHOOSE: Text = text("Choose", "请选择");
const IGNORE: Text = text("Leave it out", "不导入此列");
const UNAMBIGUOUS: Text = text("Only where certain", "仅限无歧义的");
const DAY_FIRST: Text = text("Day first", "先日后月");
const MONTH_FIRST: Text = text("Month first", "先月后日");
const AS_TOLD: Text = text("As the table says", "以表格为准");
const SAME: Text = text("The same in every row", "所有行相同的值");
const VALUE: Text = text("Value", "值");
const READ_AS: Text = text("The first rows, as they will be read", "前几行的读取结果");
const TOP: Text = text("The top of the table, as it stands", "表格顶部原样");
const BAD: Text = text("{n} bad cells or rows", "{n} 处有误");
const MORE: Text = text("{n} more of this kind", "另有 {n} 处");
const AT_CELL: Text = text("Cell {cell}, {column}", "单元格 {cell}，{column}");
const AT_LINE: Text = text("Row {line}, {column}", "第 {line} 行，{column}");
const COUNTS: Text = text(
    "{rows} rows: {new} new, {already} imported already, {bad} bad",
    "共 {rows} 行：新增 {new}，已导入 {already}，有误 {bad}",
);
const MUST: Text = text("{label} (needed)", "{label}（必需）");

const fn why(why: Why) -> Text {
    match why {
        Why::Learned => text("confirmed before", "曾确认"),
        Why::Said => text("as you said", "按您所选"),
        Why::Same => text("our own name", "同名"),
        Why::Word => text("a known word for it", "常用叫法"),
        Why::Unknown => text("not known", "未知"),
    }
}

/// One table.
#[component]
pub fn SheetPart(
    /// Its place in the file.
    n: usize,
    /// What was seen.
    seen: SheetSeen,
    /// The tables to choose from.
    tables: Vec<Offer>,
) -> impl IntoView {
    let chosen = seen.mapping.table.clone();
    let options = tables.into_iter().map(|offer| {
        let selected = offer.name == chosen;
        view! { <option value=offer.name.clone() selected=selected>{said(&offer.label)}</option> }
    });
    let options: Vec<_> = options.collect();
    let row = seen.mapping.header_row;
    let rows = seen.top.iter().map(|(number, cells)| {
        let begins = cells.iter().filter(|c| !c.is_empty()).take(4).cloned().collect::<Vec<_>>().join(" · ");
        view! { <option value=number.to_string() selected=*number == row>{format!("{number}: {begins}")}</option> }
    });
    let rows: Vec<_> = rows.collect();
    let notes = seen.notes.iter().map(|note| view! { <li>{said(note)}</li> }).collect_view();
    let learned = seen.learned.as_ref().map(|learned| {
        let told = said(&LEARNED.with(&[("date", &learned.at.date(Zone::UTC)), ("name", &learned.by)]));
        view! { <Notice tone=Tone::Good><p>{told}</p></Notice> }
    });
    let wanted = !seen.is_left_out();
    let columns = wanted.then(|| view! { <Columns n seen=seen.clone()/> });
    let counted = wanted.then(|| view! { <p role="status">{counts(&seen)}</p> });
    let read = (!seen.first.is_empty()).then(|| {
        let label = |name: &String| {
            let offer = seen.offered.iter().find(|offer| offer.name == *name);
            offer.map_or_else(|| name.clone(), |offer| said(&offer.label))
        };
        let heads = seen.heads.iter().map(label).collect();
        view! { <Grid title=READ_AS heads rows=seen.first.clone()/> }
    });
    let top = (seen.first.is_empty() && !seen.top.is_empty()).then(|| {
        view! { <Grid title=TOP heads=vec![] rows=seen.top.clone()/> }
    });
    let bad = (!seen.bad.is_empty()).then(|| view! { <AllBad bad=seen.bad.clone() more=seen.more_bad/> });
    view! {
        <section class="panel sheet-seen">
            <h2 translate="no">{seen.name.clone()}</h2>
            <div class="two">
                <div class="question">
                    <label for=format!("table-{n}")>{tr(TAKEN_FOR)}</label>
                    <select id=format!("table-{n}") name=format!("table.{n}")>
                        <option value="">{tr(LEFT_OUT)}</option>
                        {options}
                    </select>
                </div>
                <div class="question">
                    <label for=format!("row-{n}")>{tr(HEADER_ROW)}</label>
                    <select id=format!("row-{n}") name=format!("row.{n}")>{rows}</select>
                </div>
            </div>
            {learned}
            <ul class="notes">{notes}</ul>
            {columns}
            {counted}
            {bad}
            {read}
            {top}
        </section>
    }
}

fn counts(seen: &SheetSeen) -> String {
    let counts = seen.counts;
    let [rows, new, already, bad] = [counts.rows, counts.new, counts.already, counts.bad].map(number);
    said(&COUNTS.with(&[("rows", &rows), ("new", &new), ("already", &already), ("bad", &bad)]))
}

/// What each column is, to be confirmed or changed.
#[component]
fn Columns(n: usize, seen: SheetSeen) -> impl IntoView {
    let offered = seen.offered.clone();
    let columns = seen.mapping.columns.iter().enumerate().map(|(c, mapped)| {
        let found = seen.columns.iter().find(|column| column.header == mapped.header).cloned();
        let found = found.unwrap_or_default();
        let open = mapped.to == To::Open;
        let id = format!("to-{n}-{c}");
        view! {
            <li class:open=open>
                <div class="yours">
                    <span class="soft">{tr(COLUMN)} " " {found.letter.clone()}</span>
                    <label for=id.clone() translate="no">{mapped.header.clone()}</label>
                    <span class="soft">{tr(SAMPLE)} ": " <span translate="no">{found.sample.clone()}</span></span>
                </div>
                <div class="ours">
                    <span class="soft">{tr(OURS)} " · " {tr(why(found.why))}</span>
                    <select id=id name=format!("to.{n}.{c}")>{choices(&offered, mapped)}</select>
                    {asks_more(&seen, mapped).then(|| view! { <More n c mapped=mapped.clone()/> })}
                </div>
            </li>
        }
    });
    let columns: Vec<_> = columns.collect();
    let fixed = seen.mapping.fixed.iter().map(|(name, value)| (name.clone(), value.clone()));
    let fixed: Vec<_> = fixed
        .chain([(String::new(), String::new())])
        .enumerate()
        .map(|(k, (name, value))| {
            let options: Vec<_> = offered
                .iter()
                .map(|offer| {
                    let selected = offer.name == name;
                    view! { <option value=offer.name.clone() selected=selected>{label(offer)}</option> }
                })
                .collect();
            view! {
                <div class="two">
                    <select name=format!("fixed.{n}.{k}") aria-label=tr(OURS)>
                        <option value="">{tr(CHOOSE)}</option>
                        {options}
                    </select>
                    <input type="text" name=format!("value.{n}.{k}") value=value aria-label=tr(VALUE)/>
                </div>
            }
        })
        .collect();
    view! {
        <h3>{tr(COLUMNS)}</h3>
        <ul class="columns">{columns}</ul>
        <h3>{tr(SAME)}</h3>
        {fixed}
    }
}

/// Whether a column's days or amounts leave something to say. Which column is what is told by the server.
fn asks_more(seen: &SheetSeen, mapped: &Mapped) -> bool {
    let To::Column(name) = &mapped.to else { return false };
    seen.offered.iter().any(|offer| offer.name == *name && offer.measured)
}

fn label(offer: &Offer) -> String {
    match offer.must {
        false => said(&offer.label),
        true => {
            let fill = |label: &str| MUST.with(&[("label", label)]);
            said(&domain::text::Said { en: fill(&offer.label.en).en, zh: fill(&offer.label.zh).zh })
        }
    }
}

fn choices(offered: &[Offer], mapped: &Mapped) -> impl IntoView + use<> {
    let options: Vec<_> = offered
        .iter()
        .map(|offer| {
            let selected = mapped.to == To::Column(offer.name.clone());
            view! { <option value=offer.name.clone() selected=selected>{label(offer)}</option> }
        })
        .collect();
    view! {
        <option value="" selected=mapped.to == To::Open>{tr(CHOOSE)}</option>
        <option value="-" selected=mapped.to == To::Ignored>{tr(IGNORE)}</option>
        {options}
    }
}

/// How its days are read, and the unit of its amounts: where nothing needs to be said, folded away.
#[component]
fn More(n: usize, c: usize, mapped: Mapped) -> impl IntoView {
    let told = mapped.days.is_some() || mapped.unit.is_some();
    let orders =
        [(DayOrder::DayFirst, DAY_FIRST), (DayOrder::MonthFirst, MONTH_FIRST)].map(|(order, label)| {
            view! { <option value=order.word() selected=mapped.days == Some(order)>{tr(label)}</option> }
        });
    let units = Unit::ALL.map(|unit| {
        let selected = mapped.unit.as_deref() == Some(unit.word());
        view! { <option value=unit.word() selected=selected>{tr(unit.title())}</option> }
    });
    view! {
        <details open=told>
            <summary>{tr(DAYS)} " · " {tr(UNIT)}</summary>
            <div class="two">
                <select name=format!("days.{n}.{c}") aria-label=tr(DAYS)>
                    <option value="">{tr(UNAMBIGUOUS)}</option>
                    {orders.into_iter().collect_view()}
                </select>
                <select name=format!("unit.{n}.{c}") aria-label=tr(UNIT)>
                    <option value="">{tr(AS_TOLD)}</option>
                    {units.into_iter().collect_view()}
                </select>
            </div>
        </details>
    }
}

/// Rows of cells, wider than a phone where they must be.
#[component]
fn Grid(title: Text, heads: Vec<String>, rows: Vec<(u64, Vec<String>)>) -> impl IntoView {
    let heads = (!heads.is_empty()).then(|| {
        let heads: Vec<_> = heads.into_iter().map(|head| view! { <th scope="col">{head}</th> }).collect();
        view! { <thead><tr><td></td>{heads}</tr></thead> }
    });
    let rows: Vec<_> = rows
        .into_iter()
        .map(|(number, cells)| {
            let cells: Vec<_> = cells.into_iter().map(|cell| view! { <td>{cell}</td> }).collect();
            view! { <tr><th scope="row">{number}</th>{cells}</tr> }
        })
        .collect();
    view! {
        <h3>{tr(title)}</h3>
        <div class="cells" tabindex="0" role="region" aria-label=tr(title)>
            <table translate="no">{heads}<tbody>{rows}</tbody></table>
        </div>
    }
}

#[component]
fn AllBad(bad: Vec<BadCell>, more: u64) -> impl IntoView {
    let n = number(bad.len() as u64 + more);
    let rows: Vec<_> = bad.into_iter().map(|bad| view! { <li><Bad bad/></li> }).collect();
    let more =
        (more > 0).then(|| view! { <li class="soft">{said(&MORE.with(&[("n", &number(more))]))}</li> });
    view! {
        <h3>{said(&BAD.with(&[("n", &n)]))}</h3>
        <ul class="bad-cells">{rows}{more}</ul>
    }
}

/// Something bad, with its place.
#[component]
pub fn Bad(
    /// What.
    bad: BadCell,
) -> impl IntoView {
    let column = bad.column.unwrap_or_default();
    let place = match (bad.cell, bad.line) {
        (Some(cell), _) => Some(AT_CELL.with(&[("cell", &cell), ("column", &column)])),
        (None, Some(line)) => Some(AT_LINE.with(&[("line", &line.to_string()), ("column", &column)])),
        (None, None) => None,
    };
    let place = place.map(|place| {
        let place = said(&place);
        let place = place.trim_end_matches([',', ' ', '，']).to_string();
        view! { <strong translate="no">{place}</strong> }
    });
    view! { <p>{place} " " {said(&bad.said)}</p> }
}
