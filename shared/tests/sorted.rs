//! Sorted lists do what the trees of the standard library do.

#![cfg(not(target_arch = "wasm32"))]

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use shared::sorted::{Map, Set, by_key};

/// What can be done to a map; few keys, so that they meet.
#[derive(Debug, Clone)]
enum Step {
    Insert(u8, u32),
    Remove(u8),
    Add(u8, u32),
    Retain(u8),
}

fn step() -> impl Strategy<Value = Step> {
    let key = || 0..12_u8;
    prop_oneof![
        (key(), any::<u32>()).prop_map(|(key, value)| Step::Insert(key, value)),
        key().prop_map(Step::Remove),
        (key(), 0..1_000_u32).prop_map(|(key, more)| Step::Add(key, more)),
        (1..4_u8).prop_map(Step::Retain),
    ]
}

proptest! {
    #[test]
    fn a_map_is_a_map(steps in prop::collection::vec(step(), 0..60)) {
        let (mut map, mut tree) = (Map::new(), BTreeMap::new());
        for step in steps {
            match step {
                Step::Insert(key, value) => prop_assert_eq!(map.insert(key, value), tree.insert(key, value)),
                Step::Remove(key) => prop_assert_eq!(map.remove(&key), tree.remove(&key)),
                Step::Add(key, more) => {
                    let (one, other) = (map.or_default(key), tree.entry(key).or_default());
                    *one = u32::wrapping_add(*one, more);
                    *other = u32::wrapping_add(*other, more);
                }
                Step::Retain(by) => {
                    map.retain(|key, _| key % by == 0);
                    tree.retain(|key, _| key % by == 0);
                }
            }
            prop_assert!(map.iter().eq(tree.iter()));
            prop_assert_eq!(map.len(), tree.len());
            for key in 0..12 {
                prop_assert_eq!(map.get(&key), tree.get(&key));
                prop_assert_eq!(map.contains_key(&key), tree.contains_key(&key));
            }
            prop_assert_eq!(serde_json::to_string(&map).unwrap(), serde_json::to_string(&tree).unwrap());
        }
    }

    #[test]
    fn a_set_is_a_set(keys in prop::collection::vec((any::<bool>(), 0..12_u8), 0..60)) {
        let (mut set, mut tree) = (Set::new(), BTreeSet::new());
        for (add, key) in keys {
            if add {
                prop_assert_eq!(set.insert(key), tree.insert(key));
            } else {
                prop_assert_eq!(set.remove(&key), tree.remove(&key));
            }
            prop_assert!(set.iter().eq(tree.iter()));
        }
        prop_assert!(set.iter().all(|key| set.contains(key)));
        prop_assert_eq!(set.into_iter().collect::<Vec<_>>(), tree.into_iter().collect::<Vec<_>>());
    }

    #[test]
    fn what_is_gathered_has_the_last_value_of_each_key(pairs in prop::collection::vec((0..12_u8, any::<u32>()), 0..40)) {
        let map: Map<u8, u32> = pairs.iter().copied().collect();
        let tree: BTreeMap<u8, u32> = pairs.into_iter().collect();
        prop_assert!(map.iter().eq(tree.iter()));
    }

    #[test]
    fn equal_things_keep_their_order(all in prop::collection::vec((0..6_u8, any::<u32>()), 0..60)) {
        let mut sorted = all.clone();
        sorted.sort_by_key(|(key, _)| *key);
        prop_assert_eq!(by_key(all, |(key, _)| *key), sorted);
    }
}
