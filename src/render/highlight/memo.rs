//! What was computed before: values by the hash of what they were made from, bounded, shared by threads.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The hash of everything a value depends on.
pub(super) type Key = [u8; 16];

/// The key of a text read in a context, which is the number of a grammar or the name of a state.
pub(super) fn key(context: &[u8], text: &str) -> Key {
    let mut hasher = blake3::Hasher::new();
    hasher.update(context);
    hasher.update(text.as_bytes());
    let mut key = Key::default();
    key.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
    key
}

/// The number of locks; threads seldom meet at one.
const SHARDS: usize = 16;
/// The bytes a generation of one shard may hold: 16 MB of values at most in two generations of all shards.
const GENERATION: usize = 512 * 1024;

/// A bounded memory in two generations: when the young one is full it becomes the old one, and what the old
/// one held is forgotten unless it was asked for since.
pub(super) struct Memo<V> {
    shards: [Mutex<Shard<V>>; SHARDS],
}

struct Shard<V> {
    young: HashMap<Key, (V, usize)>,
    old: HashMap<Key, (V, usize)>,
    weight: usize,
}

impl<V: Clone> Memo<V> {
    pub(super) fn new() -> Self {
        let shard = || Mutex::new(Shard { young: HashMap::new(), old: HashMap::new(), weight: 0 });
        Self { shards: std::array::from_fn(|_| shard()) }
    }

    pub(super) fn get(&self, key: &Key) -> Option<V> {
        let mut shard = self.shard(key);
        if let Some((value, _)) = shard.young.get(key) {
            return Some(value.clone());
        }
        let (value, weight) = shard.old.remove(key)?;
        shard.put(*key, value.clone(), weight);
        Some(value)
    }

    /// Remembers a value of about `weight` bytes.
    pub(super) fn put(&self, key: Key, value: V, weight: usize) {
        self.shard(&key).put(key, value, weight);
    }

    fn shard(&self, key: &Key) -> MutexGuard<'_, Shard<V>> {
        lock(&self.shards[usize::from(key[0]) % SHARDS])
    }
}

impl<V> Shard<V> {
    fn put(&mut self, key: Key, value: V, weight: usize) {
        if self.weight + weight > GENERATION {
            self.old = std::mem::take(&mut self.young);
            self.weight = 0;
        }
        if self.young.insert(key, (value, weight)).is_none() {
            self.weight += weight;
        }
    }
}

/// A line that was highlighted: its HTML and the name of the state after it.
#[derive(Clone)]
pub(super) struct Seen {
    pub(super) html: Arc<str>,
    pub(super) next: Key,
}

/// A panic of another thread left the memory whole: every change to it is one insertion.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_asked_for_is_forgotten() {
        let memo = Memo::new();
        let (kept, lost) = (key(b"a", "kept"), key(b"a", "lost"));
        memo.put(kept, 1, 0);
        memo.put(lost, 2, 0);
        for number in 0..40 * SHARDS as u64 {
            memo.put(key(&number.to_le_bytes(), "other"), 3, GENERATION / 4);
            assert_eq!(memo.get(&kept), Some(1), "after {number}");
        }
        assert_eq!(memo.get(&lost), None);
        let held = memo.shards.iter().map(|shard| {
            let shard = lock(shard);
            shard.young.len() + shard.old.len()
        });
        assert!(held.sum::<usize>() <= SHARDS * 9);
    }
}
