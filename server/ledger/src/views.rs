//! The readings.
use crate::{Ask, BrandId, Fault, Ledger, Reader};
use bytes::Bytes;
use domain::{
    subject::{Subject, SubjectKind},
    view::*,
};
use std::sync::Arc;

impl Ledger {
    /// Looks a code up.
    pub async fn resolve(
        &self,
        _reader: &Reader,
        _symbology: Option<&str>,
        _code: &[u8],
    ) -> Result<Resolution, Fault> {
        Err(Fault::new(false, "not open"))
    }
    /// [`resolve`](Self::resolve) as ready JSON with its status: 200 and the [`Resolution`], or 404/422
    /// and a problem document (RFC 9457) that also holds the resolution's fields.
    pub async fn resolve_json(&self, _reader: &Reader, _code: &str) -> Result<Arc<(u16, Bytes)>, Fault> {
        Err(Fault::new(false, "not open"))
    }
    /// A batch with its story.
    pub async fn batch(&self, _reader: &Reader, _key: &str, _ask: &Ask) -> Result<Option<BatchView>, Fault> {
        Ok(None)
    }
    /// A carton or pallet with its story.
    pub async fn logistic_unit(
        &self,
        _reader: &Reader,
        _key: &str,
        _ask: &Ask,
    ) -> Result<Option<UnitView>, Fault> {
        Ok(None)
    }
    /// A shipment with its story.
    pub async fn shipment(
        &self,
        _reader: &Reader,
        _key: &str,
        _ask: &Ask,
    ) -> Result<Option<ShipmentView>, Fault> {
        Ok(None)
    }
    /// A material lot and where it went.
    pub async fn material_lot(
        &self,
        _reader: &Reader,
        _key: &str,
        _ask: &Ask,
    ) -> Result<Option<MaterialLotView>, Fault> {
        Ok(None)
    }
    /// A trade item and its batches.
    pub async fn trade_item(
        &self,
        _reader: &Reader,
        _key: &str,
        _ask: &Ask,
    ) -> Result<Option<TradeItemView>, Fault> {
        Ok(None)
    }
    /// A place and what happened there.
    pub async fn place(&self, _reader: &Reader, _key: &str, _ask: &Ask) -> Result<Option<PlaceView>, Fault> {
        Ok(None)
    }
    /// Subjects with the words they are called by, in the order given; unknown ones by their key.
    pub async fn titled(&self, _reader: &Reader, _subjects: &[Subject]) -> Result<Vec<Titled>, Fault> {
        Ok(vec![])
    }
    /// Subjects whose code, key or title begins with or holds the text.
    pub async fn find(
        &self,
        _reader: &Reader,
        _text: &str,
        _kind: Option<SubjectKind>,
    ) -> Result<Page<Titled>, Fault> {
        Ok(Page::default())
    }
    /// The batches and shipments that were touched last, the newest first.
    pub async fn recent(&self, _reader: &Reader) -> Result<Vec<Titled>, Fault> {
        Ok(vec![])
    }
    /// Entries before a sequence number, the newest first, and the head.
    pub async fn ledger_view(&self, _reader: &Reader, _before: Option<u64>) -> Result<LedgerView, Fault> {
        Err(Fault::new(false, "not open"))
    }
    /// An entry with its proof. Sequence numbers begin at 1; the leaf's index in the tree is one less.
    pub async fn entry(&self, _reader: &Reader, _seq: u64) -> Result<Option<EntryView>, Fault> {
        Ok(None)
    }
    /// The signed checkpoint of the present size.
    pub async fn checkpoint(&self, _brand: BrandId) -> Result<CheckpointView, Fault> {
        Err(Fault::new(false, "not open"))
    }
    /// Towards materials.
    pub async fn trace_back(&self, _reader: &Reader, _subject: &Subject) -> Result<Option<TraceBack>, Fault> {
        Ok(None)
    }
    /// Towards shipments.
    pub async fn trace_forward(
        &self,
        _reader: &Reader,
        _subject: &Subject,
        _ask: &Ask,
    ) -> Result<Option<TraceForward>, Fault> {
        Ok(None)
    }
    /// What anybody may know of a product code. `brand` narrows it to one brand.
    pub async fn public(&self, _brand: Option<BrandId>, _code: &str) -> Result<Option<PublicView>, Fault> {
        Ok(None)
    }
}
