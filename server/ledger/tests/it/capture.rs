//! The door for writing.

use crate::support::{Book, on_each};
use serde_json::json;

#[test]
fn an_entry_is_written_once_and_answered_again() {
    on_each(|book: Book| async move {
        let draft = book.draft("commissioning", json!({"codes": ["CTN-1"], "level": "carton"}));
        let person = book.person();
        let capture = |draft| book.ledger.capture(book.brand.id, &person, vec![draft]);
        let first = capture(draft.clone()).await.unwrap().remove(0).unwrap();
        assert_eq!((first.seq, first.already), (1, false));
        let again = capture(draft.clone()).await.unwrap().remove(0).unwrap();
        assert_eq!((again.seq, again.already, &again.hash), (1, true, &first.hash));
        assert_eq!(again.subjects, first.subjects);
        let mut other = draft;
        other.payload = json!({"codes": ["CTN-2"], "level": "carton"});
        assert_eq!(capture(other).await.unwrap().remove(0).unwrap_err().reason, "id_in_use");
    });
}
