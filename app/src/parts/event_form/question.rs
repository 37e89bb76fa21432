//! One field of a form, drawn after what its answer looks like.

mod boxes;

use super::{Filled, rows::Rows, scan_field::ScanInto};
use crate::{
    here::{said, tr},
    parts::icon::{Glyph, Icon},
};
use domain::{
    field::{Field, Input},
    subject::Subject,
    text::{Text, text},
    view::Titled,
};
use leptos::{ev::KeyboardEvent, prelude::*};
use std::sync::Arc;

const OPTIONAL: Text = text("may stay empty", "可不填");
const BY_PLAN: Text = text("The trace plan asks for it.", "追溯方案要求填写。");
const ANOTHER: Text = text("Another code:", "其他条码：");
const WHICH: Text = text("Which one is meant?", "指的是哪一个？");
const ONE_A_LINE: Text = text("One a line.", "每行一个。");
const NONE: Text = text("Not said", "不填");
const CHOOSE: Text = text("Choose", "请选择");
const TAKE_PHOTO: Text = text("Take or choose a photo", "拍照或选择照片");
const PHOTO_KEPT: Text =
    text("The photo you took is kept; a new one takes its place.", "已保留您拍的照片；重新拍照将替换。");

/// What stands behind a name in the form to say that its answer is to be sealed.
pub const SEAL: &str = ".seal";
const CAMERA: Text = text("Take a photo", "拍照");
const CHOOSE_FILE: Text = text("Choose a photo or PDF", "选择照片或 PDF");
const DOCUMENT_KEPT: Text =
    text("The document you gave is kept; a new one takes its place.", "已保留您提供的文件；新文件将替换。");

/// Up to here, choices lie open as cards; beyond, they fold into a list.
const MOST_CARDS: usize = 6;

/// Cards of so few letters stand two and two on a phone.
const SHORT: usize = 14;

/// The id of an answer's place in the form, for links to it.
pub(super) fn id(name: &str) -> String {
    format!("question-{}", name.replace('.', "-"))
}

/// A field with its label, help and what is said against its answer.
#[component]
pub fn Question(
    /// The field.
    field: &'static Field,
    /// The name it is posted under: `parts.0.reference`.
    name: String,
    /// What stands in the form.
    filled: Arc<Filled>,
    /// True inside rows, which may be left empty as a whole.
    #[prop(optional)]
    in_row: bool,
) -> impl IntoView {
    if let Input::Rows(inner) = field.input {
        return view! { <Rows field inner name filled/> }.into_any();
    }
    let asked = filled.is_asked(&name);
    let drawn = Drawn {
        required: (field.required || asked) && !in_row,
        values: filled.kept.all(&name).map(str::to_owned).filter(|v| !v.trim().is_empty()).collect(),
        refused: filled.refusal(&name).is_some(),
        choices: choices(field, &name, &filled),
        help: id(&name) + "-help",
        field,
        name: name.clone(),
    };
    let refused = filled.refusal(&name).map(|refusal| {
        view! { <p class="refused"><Icon glyph=Glyph::Look/>{said(&refusal.said)}</p> }
    });
    // What a plan asks for takes the place of when it may be left out.
    let by_plan = asked && !field.required;
    let help = tr(if by_plan { BY_PLAN } else { field.help });
    let help_class = if by_plan { "help by-plan" } else { "help" };
    let optional =
        (!field.required && !asked).then(|| view! { <span class="optional">{tr(OPTIONAL)}</span> });
    let help = view! {
        <div class="under" id=drawn.help.clone()>
            {(!help.is_empty()).then(|| view! { <p class=help_class>{help}</p> })}
            {refused}
        </div>
    };
    let label = tr(field.label);
    let body = match field.input {
        Input::Check => {
            return view! {
                <div class="question check" id=id(&name)>
                    <label>{drawn.check()} <span class="label">{label}</span></label>
                    {help}
                </div>
            }
            .into_any();
        }
        Input::Choice(words) if words.len() <= MOST_CARDS => {
            return view! {
                <fieldset class="question" id=id(&name) aria-describedby=drawn.help.clone()>
                    <legend>{label} " " {optional}</legend>
                    {drawn.cards(words)}
                    {help}
                </fieldset>
            }
            .into_any();
        }
        Input::Choices(words) => {
            return view! {
                <fieldset class="question" id=id(&name) aria-describedby=drawn.help.clone()>
                    <legend>{label} " " {optional}</legend>
                    {drawn.boxes(words)}
                    {help}
                </fieldset>
            }
            .into_any();
        }
        Input::Choice(words) => drawn.list(words).into_any(),
        Input::Code(_) | Input::NewCode(_) => drawn.code().into_any(),
        Input::Codes(_) => drawn.codes().into_any(),
        Input::Count => drawn.line("text", Some("numeric"), Some("[0-9]*")).into_any(),
        Input::Amount => drawn.line("text", Some("decimal"), Some(r"[0-9]+([.][0-9]{1,3})?")).into_any(),
        Input::Date => drawn.line("date", None, None).into_any(),
        Input::Text => drawn.text_area(None).into_any(),
        Input::Photo => drawn.photo().into_any(),
        Input::Source => drawn.source().into_any(),
        Input::Line | Input::Listed | Input::Rows(_) => drawn.line("text", None, None).into_any(),
        Input::Document => drawn.document().into_any(),
    };
    let for_input = format!("{}-input", id(&name));
    view! {
        <div class="question" id=id(&name)>
            <label for=for_input><span class="label">{label} " " {optional}</span></label>
            {drawn.pick()}
            {body}
            {help}
        </div>
    }
    .into_any()
}

/// The subjects that can be picked in place of typing a code: the candidates of a refusal, or the one
/// that stands in the answer already. All candidates are offered and none is picked (C07).
fn choices(field: &Field, name: &str, filled: &Filled) -> Vec<(Titled, bool)> {
    if !matches!(field.input, Input::Code(_) | Input::Codes(_)) {
        return vec![];
    }
    let standing =
        filled.kept.all(name).flat_map(str::lines).filter_map(|line| Subject::from_urn(line.trim()));
    let mut choices: Vec<_> = standing.map(|subject| (filled.titled(&subject), true)).collect();
    for candidate in filled.refusal(name).map(|r| r.candidates.as_slice()).unwrap_or_default() {
        if !choices.iter().any(|(titled, _)| titled.subject == *candidate) {
            choices.push((filled.titled(candidate), false));
        }
    }
    choices
}

/// A field on its way to the page.
struct Drawn {
    field: &'static Field,
    name: String,
    required: bool,
    values: Vec<String>,
    refused: bool,
    choices: Vec<(Titled, bool)>,
    help: String,
}

impl Drawn {
    fn input_id(&self) -> String {
        format!("{}-input", id(&self.name))
    }

    fn invalid(&self) -> Option<&'static str> {
        self.refused.then_some("true")
    }

    fn value(&self) -> String {
        self.values.first().cloned().unwrap_or_default()
    }

    /// What was typed, without the subjects that stand as choices.
    fn typed(&self) -> Vec<String> {
        let lines = self.values.iter().flat_map(|value| value.lines());
        lines.filter(|line| Subject::from_urn(line.trim()).is_none()).map(str::to_owned).collect()
    }

    fn line(
        &self,
        kind: &'static str,
        mode: Option<&'static str>,
        pattern: Option<&'static str>,
    ) -> impl IntoView + use<> {
        view! {
            <input
                id=self.input_id()
                type=kind
                name=self.name.clone()
                value=self.value()
                required=self.required
                inputmode=mode
                pattern=pattern
                autocomplete="off"
                aria-invalid=self.invalid()
                aria-describedby=self.help.clone()
            />
        }
    }

    fn text_area(&self, hint: Option<Text>) -> impl IntoView + use<> {
        let typed = self.typed().join("\n");
        view! {
            <textarea
                id=self.input_id()
                name=self.name.clone()
                required=self.required && self.choices.is_empty()
                autocomplete="off"
                aria-invalid=self.invalid()
                aria-describedby=self.help.clone()
                inner_html=escaped(&typed)
            ></textarea>
            {hint.map(|hint| view! { <p class="help">{tr(hint)}</p> })}
        }
    }

    /// A line for one code. A scanner that types ends with Enter, which must not send half a form.
    fn code(&self) -> impl IntoView + use<> {
        let another = (!self.choices.is_empty()).then(|| {
            // The first answer that is not empty counts, so this one leaves it to the line below.
            let none = !self.choices.iter().any(|(_, picked)| *picked);
            view! {
                <label class="choice">
                    <input type="radio" name=self.name.clone() value="" checked=none/>
                    <span>{tr(ANOTHER)}</span>
                </label>
            }
        });
        view! {
            {another}
            <div class="scanned">
            <input
                class="code"
                id=self.input_id()
                name=self.name.clone()
                value=self.typed().first().cloned().unwrap_or_default()
                required=self.required && self.choices.is_empty()
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                enterkeyhint="next"
                aria-invalid=self.invalid()
                aria-describedby=self.help.clone()
                on:keydown=next_on_enter
                    on:input=|event| crate::browser::mean_what_is_typed(&event)
            />
            {self.scan()}
            </div>
        }
    }

    fn codes(&self) -> impl IntoView + use<> {
        let lines = self.text_area(self.field.help.en.is_empty().then_some(ONE_A_LINE));
        view! { <div class="scanned">{lines} {self.scan()}</div> }
    }

    fn scan(&self) -> impl IntoView + use<> {
        view! { <ScanInto input=self.input_id() label=tr(self.field.label)/> }
    }

    /// The subjects to pick from, before the line in which another code can be typed.
    fn pick(&self) -> impl IntoView + use<> {
        if self.choices.is_empty() {
            return ().into_any();
        }
        let (kind, several) = match self.field.input {
            Input::Codes(_) => ("checkbox", false),
            _ => ("radio", self.choices.len() > 1),
        };
        let name = self.name.clone();
        let choices: Vec<_> = self
            .choices
            .iter()
            .cloned()
            .map(|(titled, picked)| {
                view! {
                    <label class="choice">
                        <input type=kind name=name.clone() value=titled.subject.urn() checked=picked/>
                        <Icon glyph=Glyph::of(titled.subject.kind)/>
                        <span class="told">
                            <strong>{titled.title}</strong>
                            <span class="detail">{said(&titled.detail)}</span>
                        </span>
                    </label>
                }
            })
            .collect();
        view! {
            {several.then(|| view! { <p class="help">{tr(WHICH)}</p> })}
            <div class="choices">{choices}</div>
        }
        .into_any()
    }

    fn cards(&self, words: &'static [(&'static str, Text)]) -> impl IntoView + use<> {
        let value = self.value();
        let none = (!self.required).then_some(("", NONE));
        let cards: Vec<_> = words
            .iter()
            .copied()
            .chain(none)
            .map(|(word, label)| {
                let checked = value == word && (!word.is_empty() || !self.required);
                view! {
                    <label class="choice">
                        <input type="radio" name=self.name.clone() value=word checked=checked required=self.required/>
                        <span>{tr(label)}</span>
                    </label>
                }
            })
            .collect();
        let short = words.iter().all(|(_, label)| label.en.len() <= SHORT);
        view! { <div class="choices cards" class:short=short>{cards}</div> }
    }

    fn list(&self, words: &'static [(&'static str, Text)]) -> impl IntoView + use<> {
        let value = self.value();
        let options: Vec<_> = words
            .iter()
            .map(|(word, label)| view! { <option value=*word selected=value == *word>{tr(*label)}</option> })
            .collect();
        view! {
            <select
                id=self.input_id()
                name=self.name.clone()
                required=self.required
                aria-invalid=self.invalid()
                aria-describedby=self.help.clone()
            >
                <option value="" selected=value.is_empty()>{tr(CHOOSE)}</option>
                {options}
            </select>
        }
    }

    fn check(&self) -> impl IntoView + use<> {
        view! {
            <input
                id=self.input_id()
                type="checkbox"
                name=self.name.clone()
                value="true"
                checked=!self.values.is_empty()
                required=self.required
                aria-describedby=self.help.clone()
            />
        }
    }

    /// A document that was stored with a kept draft travels on by its digest; a new one takes its place.
    fn kept(&self, told: Text) -> impl IntoView + use<> {
        self.values.first().cloned().map(|digest| {
            view! {
                <input type="hidden" name=self.name.clone() value=digest/>
                <p class="help">{tr(told)}</p>
            }
        })
    }

    fn photo(&self) -> impl IntoView + use<> {
        let kept = self.kept(PHOTO_KEPT);
        view! {
            <input
                class="photo"
                id=self.input_id()
                type="file"
                name=self.name.clone()
                accept="image/*"
                capture="environment"
                title=tr(TAKE_PHOTO)
                required=self.required && self.values.is_empty()
                aria-invalid=self.invalid()
                aria-describedby=self.help.clone()
            />
            {kept}
        }
    }

    /// Two ways in under one name: the camera of a phone, which would hide the files behind it, and files. As
    /// either will do, the browser cannot be told that one of them is required; the server asks again.
    fn document(&self) -> impl IntoView + use<> {
        let kept = self.kept(DOCUMENT_KEPT);
        let camera = self.input_id() + "-camera";
        view! {
            <div class="ways">
                <label class="with-camera" for=camera.clone()>
                    <span class="way"><Icon glyph=Glyph::Photo/>{tr(CAMERA)}</span>
                    <input
                        id=camera.clone()
                        type="file"
                        name=self.name.clone()
                        accept="image/*"
                        capture="environment"
                        aria-describedby=self.help.clone()
                    />
                </label>
                <label for=self.input_id()>
                    <span class="way"><Icon glyph=Glyph::Document/>{tr(CHOOSE_FILE)}</span>
                    <input
                        id=self.input_id()
                        type="file"
                        name=self.name.clone()
                        accept="image/*,application/pdf"
                        aria-invalid=self.invalid()
                        aria-describedby=self.help.clone()
                    />
                </label>
            </div>
            {kept}
        }
    }
}

/// Text as the content of a text area. A child would do, were an empty one not rendered as a space.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

/// Enter in a code's line leads to the next answer: a keyboard-wedge scanner ends each code with it.
fn next_on_enter(event: KeyboardEvent) {
    if event.key() == "Enter" {
        event.prevent_default();
        crate::browser::focus_next(&event);
    }
}
