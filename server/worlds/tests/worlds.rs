//! Worlds are what they say: the same from the same seed, and their numbers add up.

use domain::event::kind_named;
use std::collections::BTreeSet;
use worlds::{Mishaps, Recorded, Scale, Tells, WORLDS, World, w6, w7, w11, w13};

/// Every world, in a few sizes and of many seeds.
fn all() -> impl Iterator<Item = (u64, World)> {
    WORLDS.iter().flat_map(|(_, make)| {
        (0..24).map(move |seed| {
            let scale = Scale { batches: 1 + seed % 3, cartons: 1 + seed % 7, mishaps: Mishaps::NONE };
            (seed, make(seed, &scale))
        })
    })
}

#[test]
fn a_world_is_the_same_from_the_same_seed_and_another_from_another() {
    for (name, make) in WORLDS {
        let scale = Scale::small();
        assert_eq!(make(3, &scale), make(3, &scale), "{name}");
        assert_ne!(make(3, &scale).recorded, make(4, &scale).recorded, "{name}");
        assert_eq!(make(3, &scale).name, *name);
    }
}

#[test]
fn what_is_written_down_is_written_once_in_order_and_by_who_may() {
    for (seed, world) in all() {
        let ids: BTreeSet<_> = world.recorded.iter().map(|one| one.draft.id).collect();
        assert_eq!(ids.len(), world.recorded.len(), "{} {seed}", world.name);
        assert!(ids.iter().all(|id| id.get_version_num() == 8));
        assert!(world.recorded.is_sorted_by_key(|one| one.draft.event_time), "{} {seed}", world.name);
        for one in &world.recorded {
            assert!(one.recorded_at >= one.draft.event_time);
            let kind = kind_named(&one.draft.kind).unwrap();
            assert!(kind.allows(one.person.role), "{} by {:?}", kind.name, one.person);
        }
        assert!(world.truth.lost.is_empty());
    }
}

#[test]
fn pieces_add_up() {
    for (seed, world) in all() {
        let truth = &world.truth;
        for batch in &truth.batches {
            let packed = truth.cartons.iter().flat_map(|carton| &carton.contents);
            let packed: u64 = packed.filter(|(of, _)| *of == batch.key).map(|(_, pieces)| pieces).sum();
            let kept: u64 = truth.samples.iter().filter(|s| s.batch == batch.key).map(|s| s.pieces).sum();
            assert_eq!(packed + kept, batch.pieces, "{} {seed} {}", world.name, batch.key);
            for went in &batch.made_from {
                assert!(1 <= went.first && went.first <= went.last && went.last <= batch.pieces);
                assert!(truth.materials.iter().any(|material| material.lot == went.lot));
            }
        }
        for shipment in &truth.shipments {
            let cartons = truth.cartons.iter().filter(|carton| carton.shipment == shipment.reference);
            assert_eq!(cartons.count() as u64, shipment.cartons, "{} {seed}", world.name);
        }
        for line in &truth.lines {
            assert!(!line.filled_by.is_empty() && line.value > 0, "{} {seed} {}", world.name, line.key);
        }
    }
}

#[test]
fn worlds_tell_what_they_are_there_for() {
    for seed in 0..24 {
        let codes: BTreeSet<String> =
            w6(seed, &Scale::small()).truth.batches.into_iter().map(|batch| batch.lot_code).collect();
        assert_eq!(codes.len(), 1, "W6 {seed}: {codes:?}");
        let swapped = w7(seed, &Scale::small()).truth;
        let grades: BTreeSet<&str> = swapped.batches[1]
            .made_from
            .iter()
            .filter_map(|went| {
                swapped.materials.iter().find(|m| m.lot == went.lot && m.grade.starts_with("PA"))
            })
            .map(|material| material.grade.as_str())
            .collect();
        assert_eq!(grades.len(), 2, "W7 {seed}");
        let kept = w11(seed, &Scale::small()).truth;
        let wrong = kept.samples.iter().filter(|sample| sample.label != sample.batch).count();
        assert_eq!(wrong, 1, "W11 {seed}");
        let lines = w13(seed, &Scale::small()).truth.lines;
        assert_eq!(lines.iter().filter(|line| !line.written).count(), 1, "W13 {seed}");
    }
}

#[test]
fn mishaps_lose_delay_and_repeat_and_the_truth_knows_what_was_lost() {
    for (name, make) in WORLDS {
        let careful = make(7, &Scale::small());
        let mishaps = Mishaps { drops: 200, delays: 200, repeats: 200 };
        let careless = make(7, &Scale::small().with(mishaps));
        let truth = worlds::Truth { lost: vec![], ..careless.truth.clone() };
        assert_eq!(truth, careful.truth, "{name}: what is so does not depend on who wrote it down");
        let told = |all: &[Recorded]| all.iter().map(|one| one.draft.id).collect::<BTreeSet<_>>();
        let (before, after) = (told(&careful.recorded), told(&careless.recorded));
        assert_eq!(after.len() + careless.truth.lost.len(), before.len(), "{name}");
        assert!(after.is_subset(&before) && careless.recorded.len() > after.len(), "{name}");
        assert!(careless.recorded.is_sorted_by_key(|one| one.recorded_at), "{name}");
        assert!(!careless.recorded.is_sorted_by_key(|one| one.draft.event_time), "{name}");
        let lost = careless.truth.lost.iter().find(|lost| !lost.batches.is_empty());
        assert!(lost.is_none_or(|lost| careless.truth.lacks(&lost.batches[0])));
    }
}

#[test]
fn a_world_is_cut_where_a_record_is() {
    let mut world = w13(1, &Scale::small());
    let all = world.recorded.len();
    let rest = world.split(Tells::Release);
    assert_eq!((rest[0].tells, world.recorded.len() + rest.len()), (Tells::Release, all));
    assert!(world.split(Tells::Composition).is_empty() && world.recorded.len() < all);
}
