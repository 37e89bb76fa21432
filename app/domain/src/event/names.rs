//! The names of event kinds that others have to know: where a page or a rule leads to one form and no other.

/// The kind that declares an entry wrong. Pages offer it beside every entry.
pub const CORRECTION: &str = "correcting";

/// The kind in which anybody who holds a product may report on it, without an account.
pub const FIELD_RETURN: &str = "returning";

/// The kind that keeps a code as seen. Pages offer it where no record names the code.
pub const OBSERVATION: &str = "observing";

/// The kind that files facts under a subject. Record packs are mostly made of it.
pub const RECORD_FILED: &str = "filing";

/// The kind that tells of a run and its batch.
pub const BATCH_MADE: &str = "producing";

/// The kind that tells what is in a carton or on a pallet.
pub const CONTENTS_PACKED: &str = "packing";

/// The kind that tells what left under a reference.
pub const SHIPMENT_LEFT: &str = "shipping";

/// The kind that tells that a unit got another code.
pub const CODE_REPLACED: &str = "relabeling";

/// The kind that tells of a check of goods.
pub const GOODS_INSPECTED: &str = "inspecting";

/// The kind by which goods are held, and released from it.
pub const GOODS_HELD: &str = "holding";

/// The kind by which a sample is kept.
pub const SAMPLE_KEPT: &str = "sampling";

/// The kind by which a record is done without.
pub const RECORD_WAIVED: &str = "waiving";

/// The kind by which a person answers a material change.
pub const CHANGE_JUDGED: &str = "judging";

/// The kind by which a batch or shipment is signed off.
pub const RELEASE_SIGNED: &str = "releasing";

/// The kind by which a trace plan is drafted.
pub const PLAN_DRAFTED: &str = "planning";

/// The kind by which a party accepts a trace plan.
pub const PLAN_ACCEPTED: &str = "accepting";

/// The kind by which a run is opened.
pub const RUN_OPENED: &str = "opening";

/// The kind by which something is joined to a batch.
pub const BATCH_JOINED: &str = "bridging";

/// The kind by which somebody looks for a retained sample.
pub const SAMPLE_CHECKED: &str = "retrieving";

/// The kind by which a sealed source is opened.
pub const SEAL_OPENED: &str = "unsealing";
