//! Handing in a table: where it comes from, which zone its dates are in, and the imports there were.

use crate::{
    error::AppError,
    here::{encode, here, said, tr},
    parts::{
        amount::number,
        icon::{Glyph, Icon},
        loaded::loaded,
        section::{Nothing, Section},
    },
};
use domain::{
    import::{ImportLine, ImportState},
    text::{Text, text},
    time::Zone,
};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use leptos_meta::Title;
use serde::{Deserialize, Serialize};

const TITLE: Text = text("Hand in a table", "提交表格");
const ABOUT: Text = text(
    "A CSV file or a workbook (XLSX) in your own columns. You see what will be read before anything is written.",
    "按您自己的列提交 CSV 或工作簿（XLSX）。写入之前可先查看读取结果。",
);
const PLACE: Text = text("Factory, or another place it comes from", "来源工厂或其他地点");
const PLACE_HELP: Text = text(
    "What you say about its columns is remembered for this place.",
    "您对各列的说明将按此地点保存，供下次使用。",
);
const NO_PLACE: Text = text("None of these", "不选择");
const ZONE: Text = text("Time zone of its dates", "日期所在时区");
const ZONE_HELP: Text = text(
    "For days and times that name none: +08:00 in China.",
    "用于未注明时区的日期和时间，中国为 +08:00。",
);
const TABLE: Text = text("Table", "表格");
const TABLE_HELP: Text =
    text("CSV or XLSX up to 64 MB, or a zip of them.", "CSV 或 XLSX，不超过 64 MB，也可打包为 zip。");
const LOOK: Text = text("Look at it", "查看");
const BEFORE: Text = text("Earlier imports", "以往导入");
const NONE: Text = text("Nothing was imported yet.", "尚无导入。");
const BY: Text = text("{name}, {role}, {time}", "{name}（{role}），{time}");
const COUNTS: Text = text(
    "{rows} rows: {new} new, {already} there already, {bad} refused",
    "共 {rows} 行：新增 {new}，已存在 {already}，拒绝 {bad}",
);

/// What the page needs.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ImportDesk {
    /// The keys of the places to choose from.
    pub places: Vec<String>,
    /// The newest imports.
    pub imports: Vec<ImportLine>,
}

/// The places there are, and the imports there were.
#[server(prefix = "/ask", endpoint = "imports", input = GetUrl)]
pub async fn ask_imports() -> Result<ImportDesk, AppError> {
    use crate::request::{reader, told};
    let (request, reader) = reader(domain::person::Role::imports)?;
    let places = told(request.ledger.place_keys(reader.brand).await)?;
    let account = request.who.map(|who| who.person.id).unwrap_or_default();
    let imports = told(request.ledger.imports(reader.brand, &account, reader.role).await)?;
    Ok(ImportDesk { places, imports })
}

/// The page.
#[component]
pub fn ImportPage() -> impl IntoView {
    let desk = Resource::new(|| (), |()| ask_imports());
    view! {
        <Title text=tr(TITLE)/>
        <div class="import stack">
            <header class="stack close">
                <h1>{tr(TITLE)}</h1>
                <p class="soft">{tr(ABOUT)}</p>
            </header>
            {loaded(desk, |desk| view! { <Desk desk/> })}
        </div>
    }
}

#[component]
fn Desk(desk: ImportDesk) -> impl IntoView {
    let places: Vec<_> = desk
        .places
        .into_iter()
        .map(|place| view! { <option value=place.clone()>{place.clone()}</option> })
        .collect();
    // Most factories are in China; whoever reads Chinese begins there.
    let zone = if here().lang == domain::text::Lang::Zh { "+08:00" } else { "+00:00" };
    let lines: Vec<_> = desk.imports.into_iter().map(|line| view! { <Line line/> }).collect();
    let nothing = lines.is_empty().then(|| view! { <Nothing word=NONE/> });
    view! {
        <form class="panel hand-in" method="post" action="/import" enctype="multipart/form-data">
            <div class="question">
                <label for="place">{tr(PLACE)}</label>
                <select id="place" name="place" aria-describedby="place-help">
                    <option value="">{tr(NO_PLACE)}</option>
                    {places}
                </select>
                <p class="help" id="place-help">{tr(PLACE_HELP)}</p>
            </div>
            <div class="question">
                <label for="zone">{tr(ZONE)}</label>
                <input id="zone" name="zone" type="text" value=zone pattern="[+\\-][0-9]{2}:[0-9]{2}" aria-describedby="zone-help"/>
                <p class="help" id="zone-help">{tr(ZONE_HELP)}</p>
            </div>
            <div class="question">
                <label for="table">{tr(TABLE)}</label>
                <input id="table" name="table" type="file" required accept=".csv,.xlsx,.xlsm,.zip,text/csv" aria-describedby="table-help"/>
                <p class="help" id="table-help">{tr(TABLE_HELP)}</p>
            </div>
            <p class="actions"><button>{tr(LOOK)}</button></p>
        </form>
        <Section id="imports" title=BEFORE>
            {nothing}
            <ul class="line-list">{lines}</ul>
        </Section>
    }
}

#[component]
fn Line(line: ImportLine) -> impl IntoView {
    let counts = counts(&line);
    let by = by(&line);
    view! {
        <li>
            // A whole document: while it is under way its page renews itself.
            <a class="name" rel="external" href=format!("/import/{}", encode(&line.id))>
                <Icon glyph=Glyph::Sheet/>
                <span translate="no">{line.file}</span>
            </a>
            <span class="meta">{tr(state(line.state))}</span>
            <span class="detail">{counts}</span>
            <span class="detail">{by}</span>
        </li>
    }
}

/// Who handed it in, in which role, and when.
pub fn by(line: &ImportLine) -> String {
    let fill =
        |role: &str| BY.with(&[("name", &line.name), ("role", role), ("time", &line.begun.at(Zone::UTC))]);
    let title = line.role.title();
    said(&domain::text::Said { en: fill(title.en).en, zh: fill(title.zh).zh })
}

/// How many rows came to what.
pub fn counts(line: &ImportLine) -> String {
    let [rows, new, already, bad] =
        [line.counts.rows, line.counts.new, line.counts.already, line.counts.bad].map(number);
    said(&COUNTS.with(&[("rows", &rows), ("new", &new), ("already", &already), ("bad", &bad)]))
}

/// How far an import is, in words.
pub const fn state(state: ImportState) -> Text {
    match state {
        ImportState::Reading => text("Being looked at", "正在查看"),
        ImportState::Open => text("Waits to be confirmed", "等待确认"),
        ImportState::Importing => text("Being imported", "正在导入"),
        ImportState::Done => text("Imported", "已导入"),
        ImportState::Undoing => text("Being taken back", "正在撤回"),
        ImportState::Undone => text("Taken back", "已撤回"),
    }
}
