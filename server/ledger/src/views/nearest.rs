//! What is near a code that no record names: told as near, never as meant.
//!
//! A bounded look: the trade item of the code, the same code with one digit misread, missing or doubled,
//! and codes that begin in the same way. At most three statements, whatever the code.

use super::{PAGE, Reading};
use crate::{Fault, db::Value};
use domain::{
    code::{Code, CodeKey},
    subject::SubjectKind,
    view::Titled,
};
use std::collections::BTreeSet;

/// Codes that begin in a certain way.
pub(crate) const BEGINNING: &str = "select key, subject from name \
    where brand = $1 and key >= $2 and key < $3 and (until is null or until > 0) order by key limit 6";

/// How many are told.
const MOST: usize = 5;
/// How many spellings are tried.
const SPELLINGS: usize = 512;
/// A code shorter than this is near everything.
const SHORTEST: usize = 4;

impl Reading<'_> {
    /// The nearest names.
    pub(crate) async fn nearest(&mut self, code: &Code, keys: &[CodeKey]) -> Result<Vec<Titled>, Fault> {
        let mut near: Vec<i64> = vec![];
        let found = self.named_by(keys).await?;
        near.extend(keys.iter().filter_map(|k| found.get(k.as_str())).flatten().map(|(id, _)| *id));
        let Some(key) = keys.first().map(CodeKey::as_str).filter(|k| k.len() >= SHORTEST) else {
            return self.told(near).await;
        };
        near.extend(self.misread(key).await?);
        if near.len() < MOST && code.text.len() >= SHORTEST {
            near.extend(self.beginning_like(key).await?);
        }
        self.told(near).await
    }

    async fn misread(&mut self, key: &str) -> Result<Vec<i64>, Fault> {
        let spellings: Vec<Value> = spellings(key).into_iter().map(Value::from).collect();
        let mut near = vec![];
        for row in self.rows_of(super::resolve::NAMED, &[], &spellings).await? {
            near.push(row.int(1)?);
        }
        Ok(near)
    }

    async fn beginning_like(&mut self, key: &str) -> Result<Vec<i64>, Fault> {
        let mut beginning: String =
            key.chars().collect::<Vec<_>>().split_last().map(|(_, b)| b.iter().collect()).unwrap_or_default();
        // A check digit and a serial digit: two characters at the end say little of a GS1 key.
        if key.starts_with('(') {
            beginning.pop();
        }
        if beginning.len() < SHORTEST {
            return Ok(vec![]);
        }
        let end = after(&beginning);
        let rows = self.rows(BEGINNING, &[Value::from(beginning), Value::from(end)]).await?;
        rows.iter().map(|r| r.int(1)).collect()
    }

    async fn told(&mut self, near: Vec<i64>) -> Result<Vec<Titled>, Fault> {
        let mut seen = BTreeSet::new();
        let mut near: Vec<i64> = near.into_iter().filter(|id| seen.insert(*id)).take(PAGE).collect();
        self.learn_ids(near.iter().copied()).await?;
        // What is like it in kind first, the trade item last.
        near.sort_by_key(|id| self.is(*id, SubjectKind::TradeItem));
        near.truncate(MOST);
        self.learn_titles(near.iter().copied()).await?;
        Ok(near.into_iter().map(|id| self.titled(id)).collect())
    }
}

/// The first text after all that begin with this one.
pub(crate) fn after(beginning: &str) -> String {
    let mut end = beginning.to_string();
    end.push(char::MAX);
    end
}

/// The key with one digit misread, missing, doubled, or swapped with its neighbour.
fn spellings(key: &str) -> Vec<String> {
    let chars: Vec<char> = key.chars().collect();
    let mut all = BTreeSet::new();
    // The identifier in brackets stays as it is.
    let from = chars.iter().position(|c| *c == ')').map_or(0, |i| i + 1);
    let spell = |chars: &[char]| chars.iter().collect::<String>();
    for i in from..chars.len() {
        if all.len() >= SPELLINGS {
            break;
        }
        if chars[i].is_ascii_digit() {
            for digit in '0'..='9' {
                let mut other = chars.clone();
                other[i] = digit;
                all.insert(spell(&other));
            }
        }
        let mut missing = chars.clone();
        missing.remove(i);
        all.insert(spell(&missing));
        let mut doubled = chars.clone();
        doubled.insert(i, chars[i]);
        all.insert(spell(&doubled));
        if i + 1 < chars.len() {
            let mut swapped = chars.clone();
            swapped.swap(i, i + 1);
            all.insert(spell(&swapped));
        }
    }
    all.remove(key);
    all.into_iter().take(SPELLINGS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c08_one_misread_digit_is_near_and_the_number_of_tries_is_bounded() {
        let all = spellings("(00)106141411234567897");
        assert!(all.contains(&"(00)106141411234567891".to_string()));
        assert!(all.contains(&"(00)016141411234567897".to_string()));
        assert!(!all.contains(&"(00)106141411234567897".to_string()));
        assert!(all.iter().all(|s| s.starts_with("(00)")));
        assert!(spellings(&"1".repeat(4000)).len() <= SPELLINGS);
    }
}
