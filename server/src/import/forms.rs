//! What the pages of imports post, and what they hand back. Everything works without script.

use super::{
    desk::{self, Work},
    preview::Choices,
};
use crate::{
    clock,
    problem::Problem,
    session::{Visitor, see},
    shared::Shared,
    visitor,
};
use axum::{
    Extension, Form,
    body::Body,
    extract::{FromRequest, Multipart, Path, Request, State, multipart::Field},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::{
    import::{DayOrder, ImportRun, ImportState, Mapped, Mapping, To},
    person::Role,
    text::{Text, text},
    time::Zone,
};
use ledger::{BrandId, NewImport};
use sha2::{Digest, Sha256};
use std::{
    io,
    path::PathBuf,
    time::{Duration, Instant},
};
use tokio::{fs, io::AsyncWriteExt};

/// The most bytes of one table or workbook that is handed in.
pub const LARGEST: u64 = 64 << 20;
/// So much more of a file that is too large is read and thrown away, for a browser shows the answer only
/// when it has sent everything.
const THROWN_AWAY: u64 = 2 << 30;
/// And for so long at most.
const THROWN_AWAY_FOR: Duration = Duration::from_secs(120);
/// The longest name of a file that is kept.
const LONGEST_NAME: usize = 200;

const TOO_LARGE: Text = text("The table is too large", "表格过大");
const TOO_LARGE_MEND: Text = text(
    "The table has more than {n} MB. Take out pictures and sheets that are not needed, or hand it in in parts; “lotwalk import” on the server takes larger ones.",
    "表格超过 {n} MB。请删除图片和不需要的工作表，或分批提交；更大的表格可在服务器上用“lotwalk import”导入。",
);
const NO_FILE: Text =
    text("No table was chosen. Choose a CSV or XLSX file.", "尚未选择表格，请选择 CSV 或 XLSX 文件。");
const BROKEN: Text = text("The form broke off on its way here. Send it again.", "表单传输中断，请重新提交。");
const BAD_ZONE: Text =
    text("“{zone}” is not a time zone. Write it as +08:00.", "“{zone}”不是有效时区，请写成 +08:00。");
const NOT_YOURS: Text = text(
    "Only who handed this in, a buyer or an administrator may do that. Ask one of them.",
    "只有提交者本人、买方或管理员可以执行此操作，请联系他们。",
);
const REFUSED: Text = text("Refused", "已拒绝");

/// `POST /import`: a table is handed in.
pub async fn hand_in(
    State(shared): State<Shared>,
    Extension(visitor): Extension<Visitor>,
    request: Request,
) -> Result<Response, Problem> {
    let Some(person) = visitor.person() else { return Ok(see("/sign-in?back=%2Fimport")) };
    visitor.must(Role::imports)?;
    // A browser that tells the length waits until all is taken; who tells none is answered at once.
    let length = request.headers().get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse().ok());
    let drain = length.map_or(0, |n: u64| n.min(THROWN_AWAY));
    let form = Multipart::from_request(request, &shared).await.map_err(|_| Problem::malformed(BROKEN))?;
    let id = clock::new_id();
    let path = shared.desk.source(&id.to_string()).map_err(Problem::broke)?;
    let handed = match take(form, &path, drain).await {
        Ok(handed) => handed,
        Err(problem) => {
            // What came of it so far is nobody's.
            let _ = fs::remove_file(&path).await;
            return Err(problem);
        }
    };
    let new = NewImport {
        id,
        person: &person,
        place: &handed.place,
        file: &handed.name,
        digest: &handed.digest,
        zone: &handed.zone.to_string(),
    };
    shared.ledger.begin_import(visitor.brand.id, &new).await?;
    let forgotten = shared.ledger.forget_imports(visitor.brand.id).await?;
    forgotten.iter().for_each(|id| shared.desk.forget(id));
    let id = id.to_string();
    let run = found(&shared, visitor.brand.id, &id).await?;
    desk::look(Work { shared, brand: visitor.brand.id, person, run }, Choices::default()).await;
    Ok(see(&page(&id)))
}

/// What was handed in.
#[derive(Default)]
struct Handed {
    place: String,
    zone: Zone,
    name: String,
    digest: String,
}

async fn take(mut form: Multipart, path: &PathBuf, drain: u64) -> Result<Handed, Problem> {
    let mut handed = Handed::default();
    while let Some(field) = form.next_field().await.map_err(|_| Problem::malformed(BROKEN))? {
        match field.name().unwrap_or_default() {
            "place" => handed.place = words(field).await?.trim().to_string(),
            "zone" => {
                let zone = words(field).await?;
                handed.zone = zone
                    .trim()
                    .parse()
                    .map_err(|_| refuse("wrong_shape", BAD_ZONE.with(&[("zone", zone.trim())])))?;
            }
            "table" => {
                let name = field.file_name().unwrap_or_default();
                let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
                let name: String = name.chars().filter(|c| !c.is_control()).take(LONGEST_NAME).collect();
                if let Some(digest) = store(field, path, drain).await? {
                    (handed.name, handed.digest) = (name, digest);
                }
            }
            _ => {}
        }
    }
    match handed.name.is_empty() {
        true => Err(refuse("no_table", NO_FILE)),
        false => Ok(handed),
    }
}

/// A short answer of a form.
async fn words(mut field: Field<'_>) -> Result<String, Problem> {
    const LONGEST: usize = 4096;
    let mut bytes = Vec::new();
    while let Some(chunk) = field.chunk().await.map_err(|_| Problem::malformed(BROKEN))? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > LONGEST {
            return Err(Problem::malformed(BROKEN));
        }
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Writes a file out while it comes in, and tells its digest; none where it is empty.
async fn store(mut field: Field<'_>, path: &PathBuf, drain: u64) -> Result<Option<String>, Problem> {
    let broke = |error: io::Error| Problem::broke(error);
    let mut out = fs::File::create(path).await.map_err(broke)?;
    let (mut bytes, mut digest) = (0_u64, Sha256::new());
    while let Some(chunk) = field.chunk().await.map_err(|_| Problem::malformed(BROKEN))? {
        bytes += chunk.len() as u64;
        if bytes > LARGEST {
            drop(out);
            let until = Instant::now() + THROWN_AWAY_FOR;
            while bytes < drain && Instant::now() < until {
                match field.chunk().await {
                    Ok(Some(chunk)) => bytes += chunk.len() as u64,
                    _ => break,
                }
            }
            return Err(too_large());
        }
        digest.update(&chunk);
        out.write_all(&chunk).await.map_err(broke)?;
    }
    out.sync_all().await.map_err(broke)?;
    let hex: String = digest.finalize().iter().map(|b| format!("{b:02x}")).collect();
    Ok((bytes > 0).then(|| format!("sha256:{hex}")))
}

fn too_large() -> Problem {
    let said = TOO_LARGE_MEND.with(&[("n", &(LARGEST >> 20).to_string())]);
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", &TOO_LARGE, said)
}

fn refuse(word: &'static str, said: impl Into<domain::text::Said>) -> Problem {
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, word, &REFUSED, said)
}

fn page(id: &str) -> String {
    format!("/import/{id}")
}

async fn found(shared: &Shared, brand: BrandId, id: &str) -> Result<ImportRun, Problem> {
    shared.ledger.import_run(brand, id).await?.ok_or_else(Problem::not_found)
}

/// The import, for who may go on with it: who handed it in, a buyer, an administrator.
async fn work(shared: Shared, visitor: &Visitor, id: &str) -> Result<Result<Work, Response>, Problem> {
    let Some(person) = visitor.person() else {
        return Ok(Err(see(&format!("/sign-in?back={}", app::here::encode(&page(id))))));
    };
    visitor.must(Role::imports)?;
    let brand = visitor.brand.id;
    let run = found(&shared, brand, id).await?;
    if !run.line.may_go_on(&person.id, person.role) {
        return Err(Problem::new(StatusCode::FORBIDDEN, "not_yours", &REFUSED, NOT_YOURS));
    }
    Ok(Ok(Work { shared, brand, person, run }))
}

/// `POST /import/{id}`: what the tables and columns are; with `go=import` it is confirmed.
pub async fn say(
    State(shared): State<Shared>,
    Extension(visitor): Extension<Visitor>,
    Path(id): Path<String>,
    Form(form): Form<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let work = match work(shared, &visitor, &id).await? {
        Ok(work) => work,
        Err(to) => return Ok(to),
    };
    if !matches!(work.run.line.state, ImportState::Open | ImportState::Reading) {
        return Ok(see(&page(&id)));
    }
    let choices = choices(&work.run, &form);
    match first(&form, "go") == Some("import") {
        // What is confirmed is what is seen with these very choices.
        true => drop(desk::confirm(work, choices).await?),
        false => desk::look(work, choices).await,
    }
    Ok(see(&page(&id)))
}

/// `POST /import/{id}/undo`: takes it back, or goes on with what stopped.
pub async fn undo(
    State(shared): State<Shared>,
    Extension(visitor): Extension<Visitor>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let work = match work(shared, &visitor, &id).await? {
        Ok(work) => work,
        Err(to) => return Ok(to),
    };
    if matches!(work.run.line.state, ImportState::Done | ImportState::Undone | ImportState::Undoing) {
        desk::undo(work).await?;
    }
    Ok(see(&page(&id)))
}

/// `POST /import/{id}/go-on`: goes on with an import that stopped.
pub async fn go_on(
    State(shared): State<Shared>,
    Extension(visitor): Extension<Visitor>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let work = match work(shared, &visitor, &id).await? {
        Ok(work) => work,
        Err(to) => return Ok(to),
    };
    match work.run.line.state {
        ImportState::Reading => {
            let choices = choices(&work.run, &[]);
            desk::look(work, choices).await;
        }
        ImportState::Importing => drop(desk::take_over(work).await?),
        ImportState::Undoing => drop(desk::undo(work).await?),
        _ => {}
    }
    Ok(see(&page(&id)))
}

/// `GET /import/{id}/refused/{n}`: the refused rows of its n-th table, with why, as CSV.
pub async fn refused(
    State(shared): State<Shared>,
    Extension(visitor): Extension<Visitor>,
    Path((id, n)): Path<(String, usize)>,
    request: Request,
) -> Result<Response, Problem> {
    let work = match work(shared, &visitor, &id).await? {
        Ok(work) => work,
        Err(to) => return Ok(to),
    };
    let lang = visitor::lang(request.headers());
    let path = work.shared.desk.refused(&work.run.line.id, n, lang).map_err(Problem::broke)?;
    let bytes = fs::read(&path).await.map_err(|_| Problem::not_found())?;
    Ok(handed_back("text/csv; charset=utf-8", "refused.csv", bytes))
}

/// `GET /import/{id}/mapping`: what its columns are, as JSON for `lotwalk import --mapping`.
pub async fn mapping(
    State(shared): State<Shared>,
    Extension(visitor): Extension<Visitor>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let work = match work(shared, &visitor, &id).await? {
        Ok(work) => work,
        Err(to) => return Ok(to),
    };
    let sheets = work.run.preview.sheets.iter().filter(|sheet| !sheet.is_left_out());
    let mappings: Vec<&Mapping> = sheets.map(|sheet| &sheet.mapping).collect();
    let json = serde_json::to_vec_pretty(&mappings).map_err(Problem::broke)?;
    Ok(handed_back("application/json", "mapping.json", json))
}

fn handed_back(kind: &'static str, name: &str, bytes: Vec<u8>) -> Response {
    let to = HeaderValue::try_from(format!("attachment; filename=\"{name}\""));
    let to = to.unwrap_or(HeaderValue::from_static("attachment"));
    let headers = [(header::CONTENT_TYPE, HeaderValue::from_static(kind)), (header::CONTENT_DISPOSITION, to)];
    (StatusCode::OK, headers, Body::from(bytes)).into_response()
}

fn first<'a>(form: &'a [(String, String)], name: &str) -> Option<&'a str> {
    form.iter().find(|(n, value)| n == name && !value.trim().is_empty()).map(|(_, value)| value.trim())
}

/// What was said of an import's tables: `table.0`, `row.0`, and for its columns `to.0.3`, `days.0.3`,
/// `unit.0.3`; what is the same in every row, `fixed.0.1` and `value.0.1`.
fn choices(run: &ImportRun, form: &[(String, String)]) -> Choices {
    let mut choices = Choices {
        encoding: first(form, "encoding").map(str::to_string).or_else(|| run.preview.encoding.clone()),
        ..Choices::default()
    };
    for (n, sheet) in run.preview.sheets.iter().enumerate() {
        let said = |what: &str| first(form, &format!("{what}.{n}"));
        // A form that says nothing of a sheet says nothing new.
        if !form.iter().any(|(name, _)| *name == format!("table.{n}")) {
            if said("row").is_none() {
                choices.mappings.push((sheet.name.clone(), sheet.mapping.clone()));
            }
            continue;
        }
        let table = said("table").unwrap_or_default().to_string();
        let header_row = said("row").and_then(|row| row.parse().ok()).unwrap_or(sheet.mapping.header_row);
        let same = table == sheet.mapping.table && header_row == sheet.mapping.header_row;
        let mut mapping = Mapping { table, header_row, ..Mapping::default() };
        if same {
            let columns = sheet.mapping.columns.iter().enumerate();
            mapping.columns = columns.map(|(c, column)| told(form, n, c, column)).collect();
            for k in 0..MOST_FIXED {
                let name = first(form, &format!("fixed.{n}.{k}"));
                let value = first(form, &format!("value.{n}.{k}"));
                if let (Some(name), Some(value)) = (name, value) {
                    mapping.fixed.insert(name.to_string(), value.to_string());
                }
            }
        }
        choices.mappings.push((sheet.name.clone(), mapping));
    }
    choices
}

/// So many columns may be the same in every row.
pub const MOST_FIXED: usize = 12;

fn told(form: &[(String, String)], n: usize, c: usize, column: &Mapped) -> Mapped {
    let said = |what: &str| first(form, &format!("{what}.{n}.{c}"));
    let to = match said("to") {
        None => To::Open,
        Some("-") => To::Ignored,
        Some(name) => To::Column(name.to_string()),
    };
    Mapped {
        header: column.header.clone(),
        to,
        unit: said("unit").map(str::to_string),
        days: said("days").and_then(DayOrder::from_word),
    }
}
