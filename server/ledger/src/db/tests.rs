//! What was in the tables before a migration is there after it.

use super::{Db, Migrations, POSTGRES, SQLITE, sqlite_path, values};
use sqlx::{Executor, PgPool, SqlitePool, sqlite::SqliteConnectOptions};

/// What stood in the tables when photos and kept forms had no brand.
const BEFORE: [&str; 3] = [
    "insert into brand (id, slug, name, signing_key) values (4, 'kites', 'Kites', 'k'), (3, 'toys', 'Toys', 't')",
    "insert into file (digest, media_type, bytes) values ('sha256:1', 'image/png', '')",
    "insert into kept_draft (id, draft, kept_at) values ('d', '{}', 5)",
];

/// How many migrations there were.
const THEN: usize = 2;

async fn is_the_first_brands(db: &Db) {
    let file = db.row("select brand, media_type from file where digest = $1", &values!["sha256:1"]).await;
    let file = file.expect("answers").expect("is there");
    assert_eq!((file.int(0).ok(), file.text(1).ok().as_deref()), (Some(3), Some("image/png")));
    let form = db.row("select brand, draft, kept_at from kept_draft where id = $1", &values!["d"]).await;
    let form = form.expect("answers").expect("is there");
    let told = (form.int(0).ok(), form.text(1).ok(), form.int(2).ok());
    assert_eq!(told, (Some(3), Some("{}".into()), Some(5)));
}

#[tokio::test]
async fn what_was_kept_without_a_brand_becomes_the_first_brands_on_sqlite() {
    let path = std::env::temp_dir().join(format!("lotwalk-migrated-{}.db", rand::random::<u64>()));
    let url = format!("sqlite:{}", path.display());
    let options = SqliteConnectOptions::new().filename(sqlite_path(&url).expect("a path"));
    let pool = SqlitePool::connect_with(options.create_if_missing(true)).await.expect("opens");
    Migrations(&SQLITE.0[..THEN]).run(&pool).await.expect("are made");
    for sql in BEFORE {
        // A text is no blob to a strict table.
        pool.execute(sql.replace("'')", "x'')").as_str()).await.expect("is stored");
    }
    pool.close().await;
    let db = Db::open(&url).await.expect("is brought up to date");
    is_the_first_brands(&db).await;
    db.close().await;
    std::fs::remove_file(path).expect("the file of the test");
}

#[tokio::test]
async fn what_was_kept_without_a_brand_becomes_the_first_brands_on_postgresql() {
    let Ok(url) = std::env::var("LOTWALK_TEST_POSTGRES") else {
        assert!(std::env::var("LOTWALK_TEST_REQUIRE_POSTGRES").is_err(), "LOTWALK_TEST_POSTGRES is not set");
        println!("skipped on PostgreSQL: LOTWALK_TEST_POSTGRES is not set");
        return;
    };
    let name = format!("lotwalk_migrated_{}", rand::random::<u64>());
    let server = PgPool::connect(&url).await.expect("a server");
    server.execute(format!("create database {name}").as_str()).await.expect("is made");
    let (base, _) = url.rsplit_once('/').expect("names a database");
    let url = format!("{base}/{name}");
    let pool = PgPool::connect(&url).await.expect("opens");
    Migrations(&POSTGRES.0[..THEN]).run(&pool).await.expect("are made");
    for sql in BEFORE {
        pool.execute(sql).await.expect("is stored");
    }
    pool.close().await;
    let db = Db::open(&url).await.expect("is brought up to date");
    is_the_first_brands(&db).await;
    db.close().await;
    server.execute(format!("drop database {name} with (force)").as_str()).await.expect("goes");
}

#[tokio::test]
async fn every_table_has_a_brand_but_the_brands_themselves_and_sessions() {
    let path = std::env::temp_dir().join(format!("lotwalk-branded-{}.db", rand::random::<u64>()));
    let db = Db::open(&format!("sqlite:{}", path.display())).await.expect("a database");
    let sql = "select name from sqlite_schema as t where type = 'table' and substr(name, 1, 1) <> '_' \
        and name not like 'sqlite%' \
        and not exists (select 1 from pragma_table_info(t.name) where name = 'brand') order by name";
    let without = db.rows(sql, &[]).await.expect("answers");
    let names: Vec<String> = without.iter().map(|row| row.text(0).expect("a name")).collect();
    assert_eq!(names, ["brand", "session"]);
    db.close().await;
    std::fs::remove_file(path).expect("the file of the test");
}
