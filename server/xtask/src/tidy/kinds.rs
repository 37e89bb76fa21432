//! A kind is named in its own file and in one line of its list, and nowhere else.
//!
//! Forms, timeline, projections, exports and addresses follow from what that file declares. A `match` on
//! kinds anywhere else is what this rule is here to find.

use super::Finding;
use super::rust::{self, Kind, Token};
use super::tree::{File, Tree};

/// A folder with one file a thing, and the list beside it.
struct Family {
    folder: &'static str,
    list: &'static str,
    /// What one of them is called, in words.
    one: &'static str,
    /// The ending that tells its members from what they share; empty where all files are members.
    ending: &'static str,
    /// Whose sources must not name them.
    within: &'static [&'static str],
    /// Where their names are also words for something else: only a path that begins so names them.
    only_path: Option<&'static str>,
}

const FAMILIES: &[Family] = &[
    Family {
        folder: "app/domain/src/event/",
        list: "app/domain/src/event.rs",
        one: "event kind",
        ending: "ing",
        within: &["app/", "server/"],
        only_path: None,
    },
    Family {
        folder: "app/domain/src/record/",
        list: "app/domain/src/record.rs",
        one: "record kind",
        ending: "",
        within: &["app/src/", "app/client/", "server/"],
        // A record kind is mostly named like the subject that it describes.
        only_path: Some("record"),
    },
    Family {
        folder: "app/scanner/src/symbology/",
        list: "app/scanner/src/symbology.rs",
        one: "symbology",
        ending: "",
        within: &["app/scanner/"],
        only_path: None,
    },
    Family {
        folder: "server/src/export/",
        list: "server/src/export.rs",
        one: "export format",
        ending: "",
        within: &["server/src/"],
        only_path: None,
    },
];

/// Files that may name kinds, each with its reason.
const MAY: &[(&str, &str)] = &[];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut found = Vec::new();
    for family in FAMILIES {
        let members: Vec<&str> = tree
            .program()
            .filter_map(|file| file.path.strip_prefix(family.folder)?.strip_suffix(".rs"))
            .filter(|stem| stem.ends_with(family.ending) && !stem.contains('/'))
            .collect();
        for file in tree.program().filter(|file| family.within.iter().any(|room| file.path.starts_with(room)))
        {
            let tokens = rust::program(&file.text);
            for member in &members {
                outside(family, member, file, &tokens, &mut found);
            }
        }
    }
    found
}

fn outside(family: &Family, member: &str, file: &File, tokens: &[Token], found: &mut Vec<Finding>) {
    let own = format!("{}{member}", family.folder);
    if file.path.starts_with(&format!("{own}.rs")) || file.path.starts_with(&format!("{own}/")) {
        return;
    }
    let in_list = file.path == family.list;
    let is_sibling = file.path.starts_with(family.folder);
    let mut lines: Vec<usize> = (0..tokens.len())
        .filter(|at| match family.only_path {
            _ if in_list => names(tokens, *at, member) || tokens[*at].is(member),
            Some(path) => tokens[*at].is(path) && rust::starts(&tokens[*at + 1..], &[":", ":", member]),
            // A sibling may mean the word of a standard: returning has the bizStep `receiving`.
            None => names(tokens, *at, member) && !(is_sibling && tokens[*at].kind == Kind::Str),
        })
        .map(|at| tokens[at].line)
        .collect();
    lines.dedup();
    if in_list {
        lines.retain(|line| !is_part(&file.text, *line));
        if lines.len() != 1 {
            let what = format!("names the {} {member} in {} lines", family.one, lines.len());
            let line = lines.get(1).or(lines.first()).copied().unwrap_or(1);
            found.push(Finding::new(&file.path, line, what, "one line registers it"));
        }
    } else if !MAY.iter().any(|(path, _)| *path == file.path) {
        for line in lines {
            let what = format!("names the {} {member}", family.one);
            let mend = format!("let {own}.rs declare what this needs to know");
            found.push(Finding::new(&file.path, line, what, mend));
        }
    }
}

/// Whether the line gives a part to one of the list: `pub const CORRECTION: &str = …`. Whoever needs the
/// kind that corrects asks for the constant, and learns no name.
fn is_part(text: &str, line: usize) -> bool {
    let line = text.lines().nth(line - 1).unwrap_or_default();
    line.starts_with("pub const ") && line.contains(": &str =")
}

/// Whether a member is named here: its type, its module in a path, or its name as a string.
fn names(tokens: &[Token], at: usize, member: &str) -> bool {
    let token = &tokens[at];
    let path = |from: usize| {
        tokens.get(from).is_some_and(|t| t.is(":")) && tokens.get(from + 1).is_some_and(|t| t.is(":"))
    };
    match token.kind {
        Kind::Str => token.text == member || token.text.split('/').skip(1).any(|part| part == member),
        Kind::Word => {
            let within = at >= 2 && path(at - 2);
            token.text == camel(member) || (token.text == member && (path(at + 1) || within))
        }
        _ => false,
    }
}

/// `itf_14` is the module of `Itf14`.
fn camel(member: &str) -> String {
    let capital = |part: &str| {
        let mut letters = part.chars();
        letters
            .next()
            .map(|first| first.to_ascii_uppercase().to_string() + letters.as_str())
            .unwrap_or_default()
    };
    member.split('_').map(capital).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const KIND: (&str, &str) =
        ("app/domain/src/event/splitting.rs", "pub struct Splitting; const NAME: &str = \"splitting\";");
    const SHARED: (&str, &str) = ("app/domain/src/event/field.rs", "");
    const LIST: (&str, &str) = ("app/domain/src/event.rs", "kinds! {\n    splitting,\n}");

    fn found(files: &[(&str, &str)]) -> Vec<String> {
        check(&Tree::of(files))
            .into_iter()
            .map(|finding| format!("{}:{}", finding.path, finding.line))
            .collect()
    }

    #[test]
    fn a_kind_in_its_file_and_one_line_is_at_home() {
        let test = ("app/domain/tests/split.rs", "Splitting");
        let words = (
            "app/src/parts/a.rs",
            "let splitting = field.x; // Splitting\n text(\"splitting hairs\", \"x\")",
        );
        assert!(found(&[KIND, SHARED, LIST, test, words]).is_empty());
    }

    #[test]
    fn a_kind_named_elsewhere_is_found() {
        for source in [
            "match k { Splitting => 1 }",
            "use event::splitting;",
            "splitting::NAME",
            "\"splitting\"",
            "\"/event/splitting\"",
        ] {
            assert_eq!(
                found(&[KIND, LIST, ("app/src/pages/a.rs", source)]),
                ["app/src/pages/a.rs:1"],
                "{source}"
            );
        }
    }

    #[test]
    fn a_kind_is_registered_by_one_line() {
        assert_eq!(
            found(&[KIND, ("app/domain/src/event.rs", "mod splitting;\nuse splitting::Splitting;")]).len(),
            1
        );
        assert_eq!(found(&[KIND, ("app/domain/src/event.rs", "kinds! {}")]).len(), 1);
    }

    #[test]
    fn a_constant_gives_a_kind_its_part() {
        let part = "kinds! { splitting }\npub const PARTING: &str = \"splitting\";";
        assert!(found(&[KIND, ("app/domain/src/event.rs", part)]).is_empty());
        let word = ("app/domain/src/event/shipping.rs", "biz_step: \"splitting\"");
        let list = ("app/domain/src/event.rs", "kinds! { splitting,\n shipping }");
        assert!(found(&[KIND, list, word]).is_empty());
    }

    #[test]
    fn a_record_kind_is_told_from_its_subject() {
        let record = ("app/domain/src/record/shipment.rs", "");
        let list = ("app/domain/src/record.rs", "records![shipment];");
        assert!(found(&[record, list, ("app/domain/src/subject.rs", "Shipment \"shipment\"")]).is_empty());
        assert_eq!(found(&[record, list, ("app/src/a.rs", "record::shipment::KIND")]), ["app/src/a.rs:1"]);
    }

    #[test]
    fn every_family_is_watched() {
        let symbology = ("app/scanner/src/symbology/itf_14.rs", "");
        let list = ("app/scanner/src/symbology.rs", "mod itf_14;");
        assert_eq!(
            found(&[symbology, list, ("app/scanner/src/luma.rs", "Itf14")]),
            ["app/scanner/src/luma.rs:1"]
        );
    }
}
