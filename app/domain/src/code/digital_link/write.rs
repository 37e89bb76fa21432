//! Writing a Digital Link.

use super::{Place, check_address, follows, is_qualifier, percent_encode};
use crate::code::Element;
use crate::code::ai_table::row_of;
use crate::code::error::{CodeError, CodeErrorKind};
use crate::code::gs1::Identifiers;

/// The stem of a canonical link: GS1's own resolver.
pub const CANONICAL_STEM: &str = "https://id.gs1.org";

/// The link for elements, under a stem such as `https://toys.example`.
///
/// The first element that can be a key is the key; its qualifiers are put in their order, everything else
/// goes into the query, values of a known length first, else in the order given. Equal elements count
/// once.
///
/// ```
/// use domain::code::{Element, digital_link};
/// let elements = [Element::new("10", "ABC/1").unwrap(), Element::new("01", "09506000134352").unwrap()];
/// let link = digital_link::write("https://toys.example", &elements).unwrap();
/// assert_eq!(link, "https://toys.example/01/09506000134352/10/ABC%2F1");
/// ```
///
/// # Errors
/// When the stem is no web address (position in the stem), no element is a key, or one may not stand in
/// a link; the position is then the element's index.
pub fn write(stem: &str, elements: &[Element]) -> Result<String, CodeError> {
    write_with(stem, elements, Identifiers::Known)
}

/// As [`write()`], with a choice of identifiers.
///
/// # Errors
/// As [`write()`].
pub fn write_with(stem: &str, elements: &[Element], identifiers: Identifiers) -> Result<String, CodeError> {
    let stem = stem.trim_end_matches('/');
    check_address(&format!("{stem}/"))?;
    if let Some(mark) = stem.find(['?', '#']) {
        return Err(CodeError::new(mark, CodeErrorKind::LinkCharacter));
    }
    let key = elements.iter().find_map(|element| Some((element, row_of(&element.ai)?.qualifiers?)));
    let Some((key, sequences)) = key else { return Err(CodeError::new(0, CodeErrorKind::LinkWithoutKey)) };
    let row = row_of(&key.ai);
    let mut qualifiers: Vec<&Element> = Vec::new();
    let mut attributes: Vec<(bool, &Element)> = Vec::new();
    for (index, element) in elements.iter().enumerate() {
        let error = |kind| Err(CodeError::new(index, kind).in_ai(&element.ai));
        match elements[..index].iter().find(|earlier| earlier.ai == element.ai) {
            Some(earlier) if earlier.value == element.value => continue,
            Some(_) => return error(CodeErrorKind::LinkDuplicate),
            None if std::ptr::eq(element, key) => continue,
            None => {}
        }
        if row.is_some_and(|row| is_qualifier(row, &element.ai)) {
            qualifiers.push(element);
            continue;
        }
        let known = row_of(&element.ai);
        if !known.map_or(identifiers == Identifiers::Any, |row| row.attribute) {
            return error(CodeErrorKind::LinkAttribute);
        }
        attributes.push((!known.is_some_and(|row| row.predefined), element));
    }
    // As in an element string, values of a known length come first.
    attributes.sort_by_key(|(variable, _)| *variable);
    let fields: Vec<String> = attributes
        .iter()
        .map(|(_, element)| format!("{}={}", element.ai, percent_encode(&element.value, Place::Query)))
        .collect();
    let query = if fields.is_empty() { String::new() } else { format!("?{}", fields.join("&")) };
    let place =
        |ai: &str| sequences.iter().find_map(|sequence| sequence.split(',').position(|one| one == ai));
    qualifiers.sort_by_key(|element| place(&element.ai));
    let order: Vec<&str> = qualifiers.iter().map(|element| element.ai.as_str()).collect();
    if !follows(sequences, &order) {
        return Err(CodeError::new(0, CodeErrorKind::LinkOrder).in_ai(&key.ai));
    }
    let path: String = std::iter::once(key)
        .chain(qualifiers)
        .map(|element| format!("/{}/{}", element.ai, percent_encode(&element.value, Place::Path)))
        .collect();
    Ok(format!("{stem}{path}{query}"))
}
