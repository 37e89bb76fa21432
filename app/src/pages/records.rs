//! The board: every batch to whose records something is missing, what blocks a shipment first (C18).

use crate::{
    error::AppError,
    here::{encode, href, query, said, tr},
    parts::{
        amount::number,
        icon::{Glyph, Icon},
        loaded::loaded,
        notice::{Notice, Tone},
        pager::{pager, turned},
        records_nav::RecordsNav,
        section::Nothing,
        six::{GapList, SixMarks},
    },
};
use domain::{
    person::Role,
    text::{Text, text},
    view::{BoardRow, BoardView, Rank},
};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use leptos_meta::Title;

const TITLE: Text = text("Records", "记录");
const ABOUT: Text = text(
    "Batches to whose six records something is missing. What keeps a shipment back stands first.",
    "六类记录尚未齐全的批次，卡住货运单的排在最前。",
);
const EVERYBODY: Text = text("Everybody", "全部");
const OWED_BY: Text = text("Owed by", "应补方");
const NONE: Text = text("Nothing is missing. Every batch is complete.", "没有缺失，所有批次记录齐全。");
const NONE_OWED: Text = text("Nothing is owed by this role.", "该角色没有应补的记录。");
const NOT_READY: Text = text(
    "The board is being computed anew after an update; some batches may be missing for a moment.",
    "更新后正在重新计算，部分批次可能暂未列出。",
);
const MORE: Text = text("{n} things are missing", "缺 {n} 项");
const ONE_MORE: Text = text("1 thing is missing", "缺 1 项");

/// The words for where a batch stands.
const fn rank_word(rank: Rank) -> Text {
    match rank {
        Rank::Blocks => text("Keeps a shipment back", "卡住货运单"),
        Rank::Packed => text("Packed, not in a shipment", "已装箱，未入货运单"),
        Rank::Open => text("In production", "生产中"),
        Rank::Left => text("Has left, records still owed", "已发出，记录待补"),
        Rank::Whole => text("Complete", "齐全"),
    }
}

/// The board. `owes` is a role's word, or empty for all.
#[server(prefix = "/ask", endpoint = "board", input = GetUrl)]
pub async fn ask_board(
    /// Whose gaps.
    owes: String,
    /// The list to go on with; empty for the first rows.
    list: String,
    /// Its cursor; empty for the first rows.
    after: String,
) -> Result<BoardView, AppError> {
    use crate::request::{ask, reader, told};
    let (request, reader) = reader(Role::reads_records)?;
    told(request.ledger.board(&reader, Role::from_word(&owes), &ask(list, after)).await)
}

/// The page.
#[component]
pub fn RecordsPage() -> impl IntoView {
    let (owes, turned) = (query("owes"), turned());
    let view = Resource::new(
        move || (owes.get(), turned.get()),
        |(owes, turned)| async move {
            ask_board(owes.clone(), turned.list, turned.after).await.map(|v| (owes, v))
        },
    );
    view! {
        <Title text=tr(TITLE)/>
        <div class="records stack">
            <RecordsNav here="/records"/>
            <h1>{tr(TITLE)}</h1>
            <p class="soft">{tr(ABOUT)}</p>
            {loaded(view, move |(owes, view)| shown(owes, view, turned))}
        </div>
    }
}

fn shown(owes: String, board: BoardView, turned: Memo<crate::parts::pager::Turned>) -> impl IntoView {
    let foot = pager("rows", &board.rows, &turned.get_untracked());
    let not_ready = (!board.ready).then(|| view! { <Notice tone=Tone::Look><p>{tr(NOT_READY)}</p></Notice> });
    let ranks: Vec<_> = board
        .ranks
        .iter()
        .filter(|(rank, _)| *rank != Rank::Whole)
        .map(|(rank, n)| {
            let class = format!("rank {}", word(*rank));
            view! { <li class=class><strong>{number(*n)}</strong> <span>{tr(rank_word(*rank))}</span></li> }
        })
        .collect();
    let none = if owes.is_empty() { NONE } else { NONE_OWED };
    let rows = match board.rows.rows.is_empty() {
        true => view! { <Nothing word=none/> }.into_any(),
        false => {
            let rows: Vec<_> = board.rows.rows.into_iter().map(row).collect();
            view! { <ul class="board" id="rows">{rows}</ul> }.into_any()
        }
    };
    view! {
        {not_ready}
        <ul class="ranks">{ranks}</ul>
        <Owed owes/>
        {rows}
        {foot}
    }
}

const fn word(rank: Rank) -> &'static str {
    match rank {
        Rank::Blocks => "blocks",
        Rank::Packed => "packed",
        Rank::Open => "open",
        Rank::Left => "left",
        Rank::Whole => "whole",
    }
}

/// Whose gaps are shown: plain links, so that it works without script.
#[component]
fn Owed(owes: String) -> impl IntoView {
    const OWING: [Role; 4] = [Role::Factory, Role::Inspector, Role::Warehouse, Role::Buyer];
    let all = owes.is_empty().then_some("true");
    let roles: Vec<_> = OWING
        .into_iter()
        .map(|role| {
            let current = (owes == role.word()).then_some("true");
            let to = format!("/records?owes={}", encode(role.word()));
            view! { <a class="chip" href=to aria-current=current>{tr(role.title())}</a> }
        })
        .collect();
    view! {
        <nav class="chips" aria-label=tr(OWED_BY)>
            <span class="soft">{tr(OWED_BY)}</span>
            <a class="chip" href="/records" aria-current=all>{tr(EVERYBODY)}</a>
            {roles}
        </nav>
    }
}

fn row(row: BoardRow) -> impl IntoView {
    let n = row.gaps.len() as u64;
    let more = if n == 1 { ONE_MORE.said() } else { MORE.with(&[("n", &number(n))]) };
    let detail = said(&row.batch.detail);
    view! {
        <li class=format!("board-row {}", word(row.rank)) data-batch=row.batch.subject.key.clone()>
            <div class="who">
                <a class="name" href=href(&row.batch.subject)><Icon glyph=Glyph::Batch/>{row.batch.title}</a>
                <span class="detail">{detail}</span>
                <span class="rank">{tr(rank_word(row.rank))}</span>
            </div>
            <div class="how">
                <span class="count">{format!("{}/{}", row.complete.0, row.complete.1)}</span>
                <SixMarks records=row.records/>
            </div>
            <details>
                <summary>{said(&more)}</summary>
                <GapList gaps=row.gaps/>
            </details>
        </li>
    }
}
