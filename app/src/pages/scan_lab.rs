//! The scan lab, for support: how fast this device scans, what it is, and one file that says it all.

use crate::{
    browser::{
        lab::{device, report, save},
        sound::Cue,
    },
    here::{lang, tr},
    pages::account::ask_account,
    parts::{
        icon::{Glyph, Icon},
        loaded::loaded,
        notice::{Notice, Tone},
        viewport::{Tally, Viewport},
    },
    scans::Scans,
};
use domain::text::{Text, text};
use leptos::{prelude::*, task::spawn_local};
use leptos_meta::Title;
use serde_json::{Value, json};

const TITLE: Text = text("Scan lab", "扫描诊断");
const INTRO: Text = text(
    "Is scanning slow here, or does a code not read? Start the camera, hold the code in view, save the report and send it to whoever helps you. Nothing is looked up or recorded.",
    "扫描缓慢或条码无法读取？请启动摄像头，将条码置于画面中，保存报告并发送给技术支持。本页不会查询或记录任何内容。",
);
const NO_SCRIPT: Text = text(
    "Script is off in this browser, so nothing can be scanned or measured here.",
    "此浏览器已停用脚本，无法在此扫描或测量。",
);
const SPEED: Text = text("Speed", "速度");
const RATE: Text = text("Frames looked at in a second", "每秒处理帧数");
const LAST: Text = text("Last frame", "最近一帧");
const MEDIAN: Text = text("Middle of the last 30", "最近 30 帧的中位数");
const SIZE: Text = text("Frame size", "帧尺寸");
const WAY: Text = text("How pixels arrive", "像素来源");
const PLANE: Text =
    text("brightness as the camera has it, no conversion", "直接使用摄像头亮度数据，无需转换");
const PACKED: Text = text("colours, made grey by the scanner", "彩色数据，由扫描模块转为灰度");
const DRAWN: Text = text("drawn on a canvas first", "先绘制到画布");
const READ: Text = text("Read", "已读取");
const NOTHING_READ: Text = text("Nothing was read yet.", "尚未读取到条码。");
const SYMBOLOGY: Text = text("Symbology", "码制");
const FRAMES: Text = text("Frames", "帧数");
const MEAN: Text = text("Mean time", "平均耗时");
const DEVICE: Text = text("Device", "设备");
const SAVE: Text = text("Save the report", "保存报告");
const SAVE_HELP: Text = text(
    "One file: the picture that the camera shows now, the measurements, and what the browser tells of device and camera. No name and no record is in it; look at what the picture shows before you send it.",
    "一个文件：摄像头当前画面、测量结果以及浏览器提供的设备和摄像头信息。不含姓名和任何记录；发送前请留意画面内容。",
);
const SAVED: Text = text("The report is among your downloads.", "报告已保存到下载中。");
const NOT_SAVED: Text = text("This browser did not let the file be saved.", "浏览器不允许保存文件。");

/// The page.
#[component]
pub fn ScanLabPage() -> impl IntoView {
    let who = Resource::new(|| (), |()| ask_account());
    view! {
        <Title text=tr(TITLE)/>
        <div class="scan-lab">
            <h1>{tr(TITLE)}</h1>
            {loaded(who, |_| view! { <Lab/> })}
        </div>
    }
}

#[component]
fn Lab() -> impl IntoView {
    let tally = RwSignal::new(Tally::default());
    let facts = RwSignal::new(Value::Null);
    let saved = RwSignal::new(None::<bool>);
    // Nothing is done with a code here.
    let heard = Callback::new(|_: String| Cue::Again);
    Effect::new(move || facts.set(device()));
    let save_report = move |_| {
        let measured = tally.with_untracked(measured);
        spawn_local(async move {
            let text = report(measured).await;
            let day = text
                .lines()
                .find_map(|line| line.trim().strip_prefix("\"made\": \""))
                .map(|made| &made[..10]);
            let name = format!("lotwalk-scan-lab-{}.json", day.unwrap_or("report"));
            saved.try_set(Some(save(&name, &text)));
        });
    };
    let scans = Scans::new();
    let (was_saved, not_saved) = (tr(SAVED), tr(NOT_SAVED));
    let told = move || {
        saved.get().map(|saved| {
            let (tone, words) = if saved { (Tone::Good, was_saved) } else { (Tone::Look, not_saved) };
            view! { <Notice tone><p>{words}</p></Notice> }
        })
    };
    view! {
        <p class="intro">{tr(INTRO)}</p>
        <noscript>
            <Notice tone=Tone::Look><p>{tr(NO_SCRIPT)}</p></Notice>
        </noscript>
        <div class="bench">
            <Viewport scans on_code=heard tally/>
            <div class="readings">
                <Speed tally/>
                <Read tally/>
                <section class="panel">
                    <button type="button" class="save" on:click=save_report>
                        <Icon glyph=Glyph::Sheet/>{tr(SAVE)}
                    </button>
                    {told}
                    <p class="help">{tr(SAVE_HELP)}</p>
                </section>
                <section class="panel">
                    <h2>{tr(DEVICE)}</h2>
                    <pre tabindex="0" translate="no">{move || pretty(&facts.get())}</pre>
                </section>
            </div>
        </div>
    }
    .into_any()
}

/// Frames a second and milliseconds a frame.
#[component]
fn Speed(tally: RwSignal<Tally>) -> impl IntoView {
    let lang = lang();
    let row = |class: &'static str, name: Text, value: Signal<String>| {
        view! { <div class=class><dt>{tr(name)}</dt><dd>{value}</dd></div> }
    };
    let of = move |tell: fn(&Tally) -> String| {
        Signal::derive(move || tally.with(|tally| if tally.frames == 0 { "–".into() } else { tell(tally) }))
    };
    let way = Signal::derive(move || {
        tally.with(|tally| match tally.way.as_str() {
            "plane" => PLANE.get(lang).to_string(),
            "packed" => PACKED.get(lang).to_string(),
            "drawn" => DRAWN.get(lang).to_string(),
            _ => "–".to_string(),
        })
    });
    view! {
        <section class="panel">
            <h2>{tr(SPEED)}</h2>
            <dl class="facts">
                {row("rate", RATE, of(|tally| format!("{:.1}", tally.per_second)))}
                {row("last", LAST, of(|tally| format!("{:.1} ms", tally.took)))}
                {row("median", MEDIAN, of(|tally| format!("{:.1} ms", tally.median)))}
                {row("size", SIZE, of(|tally| format!("{} × {}", tally.size.0, tally.size.1)))}
                {row("way", WAY, way)}
            </dl>
        </section>
    }
    .into_any()
}

/// What was read, and how long the frames took in which it was.
#[component]
fn Read(tally: RwSignal<Tally>) -> impl IntoView {
    let lang = lang();
    let table = move || {
        let rows = tally.with(|tally| tally.by_symbology.clone());
        if rows.is_empty() {
            return view! { <p class="help">{NOTHING_READ.get(lang)}</p> }.into_any();
        }
        let rows = rows.into_iter().map(|(name, frames, took)| {
            let mean = format!("{:.1} ms", took / f64::from(frames.max(1)));
            view! { <tr><th scope="row" translate="no">{name}</th><td>{frames}</td><td>{mean}</td></tr> }
        });
        view! {
            <table>
                <thead>
                    <tr>
                        <th scope="col">{SYMBOLOGY.get(lang)}</th>
                        <th scope="col">{FRAMES.get(lang)}</th>
                        <th scope="col">{MEAN.get(lang)}</th>
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        }
        .into_any()
    };
    view! {
        <section class="panel read">
            <h2>{tr(READ)}</h2>
            {table}
        </section>
    }
    .into_any()
}

fn measured(tally: &Tally) -> Value {
    let symbols = tally.symbols.iter().map(|seen| {
        json!({
            "symbology": seen.symbology, "identifier": seen.identifier, "text": seen.text,
            "corners": seen.corners,
        })
    });
    let by_symbology = tally.by_symbology.iter().map(|(name, frames, took)| {
        json!({ "symbology": name, "frames": frames, "ms": took / f64::from((*frames).max(1)) })
    });
    json!({
        "frames": tally.frames,
        "frames_per_second": tally.per_second,
        "last_ms": tally.took,
        "median_ms": tally.median,
        "size": [tally.size.0, tally.size.1],
        "pixels": tally.way,
        "symbols": symbols.collect::<Value>(),
        "by_symbology": by_symbology.collect::<Value>(),
    })
}

fn pretty(facts: &Value) -> String {
    if facts.is_null() { String::new() } else { serde_json::to_string_pretty(facts).unwrap_or_default() }
}
