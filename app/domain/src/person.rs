//! Who is asking: a person of a brand in a role.

use crate::text::{Text, text};
use serde::{Deserialize, Serialize};

/// What a person may do follows from the role. One person has one role in a brand.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Keeps users and tokens; may do everything.
    Administrator,
    /// Importer or brand: asks the questions and answers for the recall.
    Buyer,
    /// Hands in records of production.
    Factory,
    /// Packs, relabels, splits and ships.
    Warehouse,
    /// Logs checks and photos.
    Inspector,
    /// Asks about a returned toy.
    Retailer,
}

impl Role {
    /// Every role.
    pub const ALL: [Role; 6] =
        [Role::Administrator, Role::Buyer, Role::Factory, Role::Warehouse, Role::Inspector, Role::Retailer];

    /// The word in stored text and on the command line.
    pub const fn word(self) -> &'static str {
        match self {
            Role::Administrator => "administrator",
            Role::Buyer => "buyer",
            Role::Factory => "factory",
            Role::Warehouse => "warehouse",
            Role::Inspector => "inspector",
            Role::Retailer => "retailer",
        }
    }

    /// The role for a stored word.
    pub fn from_word(word: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|r| r.word() == word)
    }

    /// The word on a screen.
    pub const fn title(self) -> Text {
        match self {
            Role::Administrator => text("Administrator", "管理员"),
            Role::Buyer => text("Buyer", "买方"),
            Role::Factory => text("Factory", "工厂"),
            Role::Warehouse => text("Warehouse", "仓库"),
            Role::Inspector => text("Inspector", "检验员"),
            Role::Retailer => text("Retailer", "零售商"),
        }
    }

    /// True for the roles that read the whole record: batches, materials, suppliers, consignees.
    /// A retailer sees only what the public page tells and its own returns.
    pub const fn reads_records(self) -> bool {
        !matches!(self, Role::Retailer)
    }

    /// True for the roles that read who supplied a material (a warehouse and a retailer do not).
    pub const fn reads_suppliers(self) -> bool {
        matches!(self, Role::Administrator | Role::Buyer | Role::Factory | Role::Inspector)
    }

    /// True for the roles that lift a hold: it protects people, so lifting it is for who answers for them.
    pub const fn releases(self) -> bool {
        matches!(self, Role::Administrator | Role::Buyer)
    }

    /// True for the roles that hand in tables; what each may be taken over from them every event kind says.
    pub const fn imports(self) -> bool {
        matches!(self, Role::Administrator | Role::Buyer | Role::Factory | Role::Warehouse)
    }

    /// True for the roles that browse the ledger itself.
    pub const fn reads_ledger(self) -> bool {
        matches!(self, Role::Administrator | Role::Buyer)
    }
}

/// A person as an entry remembers them.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Person {
    /// The account's key, never re-used.
    pub id: String,
    /// The name as it was when the entry was written.
    pub name: String,
    /// The role in which it was done.
    pub role: Role,
}
