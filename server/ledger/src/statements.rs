//! Every statement, prepared on both databases: none is in a dialect that only one of them speaks.

use crate::{
    accounts, beside, brand,
    capture::{again, group},
    db::Db,
    dictionary, documents,
    dossier::{loaded, parts},
    head, imports, keep, ledger, open, projections,
    projections::reverse,
    seals, session,
    slot::Table,
    standing, views,
};

/// Every statement that is not made of a [`Table`].
const ALL: &[&str] = &[
    accounts::BY_NAME,
    accounts::BY_ID,
    accounts::OF_BRAND,
    accounts::INSERT,
    accounts::PASSWORD,
    accounts::SIGN_OUT,
    accounts::TOKEN,
    accounts::TOKEN_BY,
    accounts::LINK,
    accounts::LINK_BY,
    accounts::USE_LINK,
    beside::KEEP,
    beside::KEPT,
    beside::FORGET,
    beside::FORGET_OLD,
    brand::ALL,
    brand::BY_SLUG,
    brand::INSERT,
    brand::HEAD,
    again::WRITTEN,
    again::RAISED,
    group::ENTRIES,
    dictionary::IDS,
    dictionary::SUBJECTS,
    dictionary::INSERT,
    loaded::UNITS_WITHIN,
    loaded::OPEN_WITHIN,
    loaded::LINES_OF,
    parts::RECORDS,
    parts::JOINED,
    parts::SAMPLES_OF,
    parts::KEYS,
    parts::WENT_IN,
    parts::NAMING_PLACES,
    parts::CARTONS_OF,
    parts::ROUND_BATCHES,
    parts::FIRST,
    parts::INSPECTED,
    parts::OPEN_ABOUT,
    parts::BEFORE,
    documents::ONE,
    documents::BEFORE,
    documents::SLUG,
    documents::INSERT,
    documents::KNOWN,
    documents::KNOWN_BEFORE,
    documents::STRETCH,
    head::HEAD,
    head::MOVE,
    head::NODES,
    head::CHECKPOINT,
    imports::BEGIN,
    imports::ONE,
    imports::NEWEST,
    imports::SEEN,
    imports::CLAIM,
    imports::STEP,
    imports::TOUCH,
    imports::END,
    imports::ENTRIES,
    imports::LEFT,
    imports::TAKEN_BACK,
    imports::GONE,
    imports::WRITTEN,
    imports::FORGOTTEN,
    imports::LEARN,
    imports::LESSONS,
    imports::PLACES,
    keep::STRETCH,
    keep::CHECKPOINTS,
    keep::NODES,
    keep::UNTOLD,
    keep::LAST,
    keep::TWICE,
    ledger::READY,
    ledger::SIZE,
    ledger::SIZES,
    open::NAMED,
    open::NAMES,
    open::PARENTS,
    open::MARKS,
    open::COUNTS,
    open::CONTENTS,
    open::CARTONS,
    open::STOPPED_WITHIN,
    open::ENTRIES_BY_ID,
    open::ENTRIES_BY_SEQ,
    open::ANY_ALIAS,
    open::ALIASES,
    projections::MADE,
    projections::STORIES,
    projections::DISCREPANCIES,
    projections::OPEN_KEYS,
    projections::CLOSE_KEY,
    reverse::SUBJECTS_OF,
    reverse::CORRECT,
    reverse::SAME_KEYS,
    reverse::UNMADE,
    reverse::SETTLED,
    reverse::UNSETTLED,
    reverse::RECOUNT,
    seals::KEY,
    seals::NEW_KEY,
    seals::KEEP,
    seals::SEAL,
    standing::KEEP,
    standing::DROP,
    standing::MADE_WITH,
    standing::HELD_IN,
    standing::SAMPLED,
    standing::JOINED_TO,
    standing::MADE_AS,
    standing::BATCHES_FROM,
    standing::NOTE_DUE,
    standing::DUE,
    standing::DUE_OF,
    standing::DONE,
    standing::RULES_OF,
    standing::NOTE_RULES,
    standing::BRANDS,
    session::CREATE,
    session::SAVE,
    session::LOAD,
    session::DELETE,
    session::DELETE_EXPIRED,
    views::CITED,
    views::book::NEWEST,
    views::book::OPEN,
    views::book::OPEN_COUNT,
    views::book::ENTRY,
    views::book::RAISED,
    views::book::LEAVES,
    views::book::NODES,
    views::card::NAMES,
    views::card::AT_PLACE,
    views::card::OPEN_ABOUT,
    views::card::OPEN_ABOUT_KEYS,
    views::card::COUNTED,
    views::card::BATCH_LINKS,
    views::find::BY_CODE,
    views::find::BY_KEY,
    views::find::BY_FACT,
    views::find::LATEST,
    views::find::SUBJECTS,
    views::goods::HOLDING,
    views::goods::HOLDING_COUNT,
    views::goods::UNITS_IN,
    views::goods::UNITS_IN_COUNT,
    views::goods::MADE_FROM_OF,
    views::goods::MADE_OF,
    views::goods::LEFT,
    views::nearest::BEGINNING,
    views::pages::PARTS,
    views::pages::WHOLE,
    views::resolve::NAMED,
    views::resolve::OBSERVED,
    views::timeline::STORY,
    views::timeline::LENGTH,
    views::timeline::WHILE_IN,
    views::timeline::AROUND,
    views::timeline::ENTRIES,
    views::bridges::LINES,
    views::bridges::LINES_TOTAL,
    views::bridges::STRAYS,
    views::bridges::STRAYS_TOTAL,
    views::bridges::MADE_LAST,
    views::bridges::UNASSIGNED,
    views::kept::SAYING,
    views::retention::DUE,
    views::retention::DUE_TOTAL,
    views::retention::SAMPLES,
    views::retention::KEPT_UNTIL,
    views::standing::BOARD,
    views::standing::BOARD_OWED,
    views::standing::RANKS,
    views::titles::FACTS,
    views::titles::CODES,
    views::titles::CALLED,
    views::gone::OF_BATCHES,
    views::gone::OF_UNITS,
    views::gone::ROUND,
    views::trace::UNITS_WITHIN,
    views::trace::REFERRING,
];

/// Writes out what stands for lists and rows: a list of two, or an array of any length, and two rows.
fn written_out(sql: &str, width: Option<usize>, arrays: bool) -> String {
    let last = (1..20).rev().find(|n| sql.contains(&format!("${n}"))).unwrap_or(0);
    let sql = match arrays {
        true => sql.replace("in ({list})", &format!("= any(${})", last + 1)),
        false => sql.replace("{list}", &format!("${}, ${}", last + 1, last + 2)),
    };
    assert!(!sql.contains("{list}"), "a list that is not looked into by `in`: {sql}");
    let columns = sql.split_once('(').and_then(|(_, rest)| rest.split_once(')')).map(|(columns, _)| columns);
    let width = width.unwrap_or_else(|| columns.map_or(0, |c| c.split(',').count()));
    let row = |from: usize| (from..from + width).map(|n| format!("${n}")).collect::<Vec<_>>().join(",");
    sql.replace("{rows}", &format!("({}), ({})", row(1), row(1 + width)))
}

fn statements(arrays: bool) -> Vec<String> {
    let mut all: Vec<String> = ALL.iter().map(|sql| written_out(sql, None, arrays)).collect();
    for table in Table::ALL {
        all.push(written_out(table.select(), None, arrays));
        all.push(written_out(table.insert(), Some(table.insert_width()), arrays));
        all.push(written_out(table.close(), Some(table.close_width()), arrays));
    }
    all.extend(keep::INTERVALS.iter().map(|table| keep::ADRIFT.replace("{table}", table)));
    all
}

async fn prepare_all(db: &Db, arrays: bool) {
    let mut wrong = vec![];
    for sql in statements(arrays) {
        if let Err(error) = db.prepare(&sql).await {
            wrong.push(format!("{error}\n  {sql}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn every_statement_is_understood_by_sqlite() {
    let path = std::env::temp_dir().join(format!("lotwalk-statements-{}.db", rand::random::<u64>()));
    let db = Db::open(&format!("sqlite:{}", path.display())).await.expect("a database");
    prepare_all(&db, false).await;
    db.close().await;
    std::fs::remove_file(path).expect("the file of the test");
}

#[tokio::test]
async fn every_statement_is_understood_by_postgresql() {
    let Ok(url) = std::env::var("LOTWALK_TEST_POSTGRES") else {
        assert!(std::env::var("LOTWALK_TEST_REQUIRE_POSTGRES").is_err(), "LOTWALK_TEST_POSTGRES is not set");
        println!("skipped on PostgreSQL: LOTWALK_TEST_POSTGRES is not set");
        return;
    };
    let name = format!("lotwalk_statements_{}", rand::random::<u64>());
    let server = Db::connect_bare(&url).await.expect("a server");
    server.execute(&format!("create database {name}"), &[]).await.expect("a database");
    let (base, _) = url.rsplit_once('/').expect("a URL with a database");
    let db = Db::open(&format!("{base}/{name}")).await.expect("a database");
    prepare_all(&db, true).await;
    db.close().await;
    server.execute(&format!("drop database {name} with (force)"), &[]).await.expect("dropped");
}
