//! One import: what was seen in its file before anything is written, how far it is, what came of it, and the
//! way to take it back.

use crate::{
    error::AppError,
    here::{encode, here, param, said, tr},
    pages::{
        import::{by, counts, state},
        import_sheet::{Bad, SheetPart},
    },
    parts::{
        amount::number,
        loaded::loaded,
        notice::{Notice, Tone},
        section::Section,
    },
};
use domain::{
    import::{ImportRun, ImportState, Preview, Rehearsed},
    text::{Text, text},
};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use leptos_meta::{Meta, Title};

const BACK: Text = text("All imports", "全部导入");
const STOPPED: Text = text(
    "The server that worked on this has gone. What was written stays; going on writes nothing twice.",
    "处理此导入的服务器已停止。已写入的内容保留；继续执行不会重复写入。",
);
const GO_ON: Text = text("Go on", "继续");
const UNDER_WAY: Text = text(
    "{done} of about {all} rows. This page renews itself; you may leave it.",
    "约 {all} 行中已处理 {done} 行。本页会自动刷新，您可以离开。",
);
const LOOKING: Text =
    text("The table is being looked at. This page renews itself.", "正在查看表格，本页会自动刷新。");
const TAKING_BACK: Text = text(
    "{done} of {all} entries taken back. This page renews itself; you may leave it.",
    "共 {all} 个条目，已撤回 {done} 个。本页会自动刷新，您可以离开。",
);
const FAULT: Text = text(
    "It stopped on our side. What was written stays; do it again to go on. Fault number {number}.",
    "系统故障导致中断。已写入的内容保留，请重新执行以继续。故障编号 {number}。",
);
const WHICH: Text = text("Encoding", "编码");
const TRY: Text = text("Read it so", "按此读取");
const AGAIN: Text = text("Look again", "重新查看");
const IMPORT: Text = text("Import {n} rows", "导入 {n} 行");
const NOT_YET: Text = text(
    "Before it can be imported: say what every column is, and choose a table for at least one sheet.",
    "导入前请说明每一列的含义，并至少为一个工作表选择对应的表。",
);
const NOT_ASKED: Text = text(
    "Checked so far is what a row says by itself. Once every column is told, the book is asked as well: whether codes are known, taken or held.",
    "目前仅检查了各行自身内容。每一列都说明之后，还会查询账本：代码是否已知、已占用或被扣留。",
);
const ASKED: Text = text(
    "The book was asked about every row and stayed as it is: this is what the import would answer now. What others record meanwhile may change it.",
    "已就每一行查询账本，账本未作改动：以上即为当前导入的结果。其间他人的记录可能使其变化。",
);
const PARTLY_ASKED: Text = text(
    "The book was asked about {n} rows and stayed as it is. The other {m} were checked by themselves only, so that nobody has to wait for this: whether their codes are known, taken or held shows in the import, and those that are refused are listed then.",
    "已就 {n} 行查询账本，账本未作改动。为免他人等待，其余 {m} 行仅检查了自身内容：其代码是否已知、已占用或被扣留，导入时才能确认；被拒绝的行届时会列出。",
);
const WOULD_DIFFER: Text = text(
    "{n} discrepancies with the book would be raised, and stay open until somebody answers them.",
    "将产生 {n} 处与账本的差异，在有人处理前保持未关闭。",
);
const GOOD_LAND: Text = text(
    "Bad rows stop nobody: the good ones are written, the bad ones listed, to be mended and handed in again.",
    "有误的行不影响其他行：正确的行将写入，有误的行会列出，改好后可再次提交。",
);
const CAME: Text = text("What came of it", "导入结果");
const SOURCE: Text = text("The table as it was handed in", "提交时的原表");
const DISCREPANCIES: Text = text(
    "{n} discrepancies were raised; they are open in the ledger.",
    "产生 {n} 处差异，已在账本中列为未关闭。",
);
const REFUSED: Text = text("Refused rows", "被拒绝的行");
const MORE: Text = text("{n} more are in the table to mend.", "另有 {n} 处见待修改表格。");
const TO_MEND: Text = text("Refused rows of {sheet} to mend (CSV)", "{sheet} 待修改的行（CSV）");
const MAPPING: Text = text("Mapping for the command line (JSON)", "供命令行使用的列对应（JSON）");
const UNDO: Text = text("Take it back", "撤回导入");
const UNDO_ABOUT: Text = text(
    "Declares wrong what this import wrote, the newest entry first ({n} in all). It stays readable, and no longer counts; import the table again to write it anew.",
    "将此导入写入的 {n} 个条目逐一更正，最新的在前。条目仍可查看，但不再生效；重新导入该表格可再次写入。",
);
const UNDONE: Text = text("{n} entries were taken back by {name}.", "{name} 已撤回 {n} 个条目。");
const LEFT: Text = text("{n} entries could not be taken back", "{n} 个条目无法撤回");
const ENTRY: Text = text("Entry {seq}", "条目 {seq}");

/// An import.
#[server(prefix = "/ask", endpoint = "import", input = GetUrl)]
pub async fn ask_import(
    /// Its id.
    id: String,
) -> Result<ImportRun, AppError> {
    use crate::request::{failed, found, reader};
    let (request, reader) = reader(domain::person::Role::imports)?;
    let run = found(request.ledger.import_run(reader.brand, &id).await)?;
    let account = request.who.map(|who| who.person.id).unwrap_or_default();
    // A table may hold what another role does not read, such as who supplied a material.
    match run.line.may_go_on(&account, reader.role) {
        true => Ok(run),
        false => Err(failed(AppError::NotAllowed)),
    }
}

/// The page.
#[component]
pub fn ImportRunPage() -> impl IntoView {
    let id = param("id");
    let run = Resource::new(move || id.get(), ask_import);
    view! {
        <div class="import stack">
            <p><a href="/import">{tr(BACK)}</a></p>
            {loaded(run, |run| view! { <Run run/> })}
        </div>
    }
}

#[component]
fn Run(run: ImportRun) -> impl IntoView {
    let line = run.line.clone();
    let who = here().who;
    let may = who.is_some_and(|who| line.may_go_on(&who.person.id, who.role));
    let lives = line.state.is_under_way() && !run.stopped;
    let renew = lives.then(|| view! { <Meta http_equiv="refresh" content="2"/> });
    let stopped = run.stopped.then(|| {
        let go_on = may.then(|| {
            view! { <form method="post" action=format!("/import/{}/go-on", encode(&line.id))><button>{tr(GO_ON)}</button></form> }
        });
        view! { <Notice tone=Tone::Look><p>{tr(STOPPED)}</p>{go_on}</Notice> }
    });
    let fault = run.outcome.fault.clone().map(|number| {
        view! { <Notice tone=Tone::Stop><p>{said(&FAULT.with(&[("number", &number)]))}</p></Notice> }
    });
    let under_way = lives.then(|| view! { <UnderWay run=run.clone()/> });
    let rest = match line.state {
        ImportState::Open => view! { <Seen run may/> }.into_any(),
        ImportState::Done | ImportState::Undone => view! { <Came run may/> }.into_any(),
        _ => ().into_any(),
    };
    view! {
        <Title text=line.file.clone()/>
        {renew}
        <header class="stack close">
            <h1 translate="no">{line.file.clone()}</h1>
            <p class="soft">{tr(state(line.state))} " · " {by(&line)}</p>
        </header>
        {stopped}
        {fault}
        {under_way}
        {rest}
    }
}

#[component]
fn UnderWay(run: ImportRun) -> impl IntoView {
    let seen = run.preview.counts();
    let told = match run.line.state {
        ImportState::Importing => {
            UNDER_WAY.with(&[("done", &number(run.line.counts.rows)), ("all", &number(seen.rows))])
        }
        ImportState::Undoing => {
            TAKING_BACK.with(&[("done", &number(run.line.undone)), ("all", &number(run.line.entries))])
        }
        _ => LOOKING.said(),
    };
    let (done, all) = match run.line.state {
        ImportState::Undoing => (run.line.undone, run.line.entries),
        _ => (run.line.counts.rows, seen.rows),
    };
    let bar = (all > 0).then(|| view! { <progress max=all.to_string() value=done.to_string()></progress> });
    view! { <div class="panel" role="status"><p>{said(&told)}</p>{bar}</div> }
}

/// What was seen, and what somebody may say of it.
#[component]
fn Seen(run: ImportRun, may: bool) -> impl IntoView {
    let Preview { refused, encodings, encoding, sheets, offered, rehearsed } = run.preview.clone();
    let refused = refused.map(|bad| view! { <Notice tone=Tone::Stop><Bad bad/></Notice> });
    let ready = run.preview.is_ready();
    let n = run.preview.counts();
    let chosen = encoding.clone();
    let choices = (!encodings.is_empty()).then(|| {
        let options = encodings.into_iter().map(|name| {
            let selected = chosen.as_deref() == Some(&name);
            view! { <option value=name.clone() selected=selected>{name.clone()}</option> }
        });
        view! {
            <div class="panel">
                <label for="encoding">{tr(WHICH)}</label>
                <select id="encoding" name="encoding">{options.collect_view()}</select>
                <p class="actions"><button name="go" value="look">{tr(TRY)}</button></p>
            </div>
        }
    });
    let has_sheets = !sheets.is_empty();
    let parts: Vec<_> = sheets
        .into_iter()
        .enumerate()
        .map(|(at, seen)| view! { <SheetPart n=at seen tables=offered.clone()/> })
        .collect();
    let go = (may && has_sheets).then(|| {
        let label = said(&IMPORT.with(&[("n", &number(n.rows - n.bad.min(n.rows)))]));
        let asked = match rehearsed {
            None => NOT_ASKED.said(),
            Some(Rehearsed { unasked: 0, .. }) => ASKED.said(),
            Some(Rehearsed { unasked, .. }) => {
                let asked = n.rows.saturating_sub(unasked);
                PARTLY_ASKED.with(&[("n", &number(asked)), ("m", &number(unasked))])
            }
        };
        let would_differ = rehearsed.filter(|told| told.discrepancies > 0).map(|told| {
            let told = WOULD_DIFFER.with(&[("n", &number(told.discrepancies))]);
            view! { <Notice tone=Tone::Look><p>{said(&told)}</p></Notice> }
        });
        let not_yet = (!ready).then(|| view! { <p class="help">{tr(NOT_YET)}</p> });
        view! {
            <div class="panel">
                <p class="help">{said(&asked)}</p>
                {would_differ}
                <p class="help">{tr(GOOD_LAND)}</p>
                {not_yet}
                <p class="actions">
                    <button class="quiet" name="go" value="look">{tr(AGAIN)}</button>
                    <button name="go" value="import" disabled=!ready>{label}</button>
                </p>
            </div>
        }
    });
    let mapping = ready.then(|| view! { <MappingLink id=run.line.id.clone()/> });
    view! {
        <form class="stack" method="post" action=format!("/import/{}", encode(&run.line.id))>
            {refused}
            {choices}
            {parts}
            {go}
        </form>
        {mapping}
    }
}

#[component]
fn MappingLink(id: String) -> impl IntoView {
    let to = format!("/import/{}/mapping", encode(&id));
    view! { <p><a rel="external" href=to download="mapping.json">{tr(MAPPING)}</a></p> }
}

/// What came of it.
#[component]
fn Came(run: ImportRun, may: bool) -> impl IntoView {
    let ImportRun { line, outcome, preview, .. } = run;
    let id = encode(&line.id);
    let differs = (outcome.discrepancies > 0).then(|| {
        let told = DISCREPANCIES.with(&[("n", &number(outcome.discrepancies))]);
        view! { <Notice tone=Tone::Look><p>{said(&told)}</p></Notice> }
    });
    let source = outcome.source.clone().map(|digest| {
        view! { <p><a rel="external" href=format!("/file/{digest}")>{tr(SOURCE)}</a></p> }
    });
    let sheets: Vec<String> = outcome.refused.iter().map(|(sheet, _)| sheet.clone()).collect();
    let tables = preview.sheets.iter().enumerate().filter(|(_, sheet)| sheets.contains(&sheet.name));
    let to_mend: Vec<_> = tables
        .map(|(n, sheet)| {
            let label = said(&TO_MEND.with(&[("sheet", &sheet.name)]));
            let to = format!("/import/{id}/refused/{n}");
            view! { <p><a class="button quiet" rel="external" href=to download="refused.csv">{label}</a></p> }
        })
        .collect();
    let more = (outcome.more_refused > 0)
        .then(|| view! { <p class="help">{said(&MORE.with(&[("n", &number(outcome.more_refused))]))}</p> });
    let refused = (!outcome.refused.is_empty()).then(|| {
        let rows: Vec<_> =
            outcome.refused.into_iter().map(|(_, bad)| view! { <li><Bad bad/></li> }).collect();
        view! {
            <Section id="refused" title=REFUSED>
                {to_mend}
                <ul class="bad-cells">{rows}</ul>
                {more}
            </Section>
        }
    });
    let undone = line.undone_by.clone().map(|name| {
        let told = UNDONE.with(&[("n", &number(line.undone)), ("name", &name)]);
        view! { <Notice tone=Tone::Plain><p>{said(&told)}</p></Notice> }
    });
    let left = (outcome.left_in_all > 0).then(|| {
        let rows: Vec<_> = outcome
            .left
            .into_iter()
            .map(|(seq, why)| {
                let entry = said(&ENTRY.with(&[("seq", &seq.to_string())]));
                view! { <li><a href=format!("/ledger/{seq}")>{entry}</a> " " {said(&why)}</li> }
            })
            .collect();
        let told = said(&LEFT.with(&[("n", &number(outcome.left_in_all))]));
        view! { <section class="section" id="left"><h2>{told}</h2><ul class="bad-cells">{rows}</ul></section> }
    });
    let counting = line.entries.saturating_sub(line.undone);
    let undo = (may && counting > 0).then(|| {
        let told = said(&UNDO_ABOUT.with(&[("n", &number(counting))]));
        view! {
            <form class="panel" method="post" action=format!("/import/{id}/undo")>
                <p>{told}</p>
                <p class="actions"><button class="quiet">{tr(UNDO)}</button></p>
            </form>
        }
    });
    view! {
        <section class="section" id="came">
            <h2>{tr(CAME)}</h2>
            <p>{counts(&line)}</p>
            {source}
            {differs}
            {undone}
        </section>
        {left}
        {refused}
        {undo}
        <MappingLink id=line.id/>
    }
}
