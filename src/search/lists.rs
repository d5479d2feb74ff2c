//! The terms of each entry in, the entries of each term out.

use rayon::prelude::*;

use super::names::Names;
use super::{Heading, Terms, by_units, packed};

/// A term that stands in more entries than this has the best of them alone: a query for it finds more than anyone
/// reads, and beside another word it decides little.
const MOST: usize = 2_000;
/// The same for the headings that it stands in.
const MOST_HEADINGS: usize = 1_500;

/// All terms in the order of JavaScript's strings, each with its entries.
pub(super) struct Lists<'a> {
    names: &'a Names,
    /// The terms in their order, by their numbers.
    order: Vec<u32>,
    texts: Table<u8>,
    headings: Table<Heading>,
}

/// A term with what it counts for in which entries, and the headings it stands in, both in the order of the entries.
pub(super) struct List<'a> {
    pub term: &'a str,
    pub texts: &'a [(u32, u8)],
    pub headings: &'a [(u32, Heading)],
}

/// Lists of something that entries have, one list after another.
struct Table<T> {
    starts: Vec<usize>,
    all: Vec<(u32, T)>,
}

impl<T: Copy + Default> Table<T> {
    /// `items` gives the place of its list, the entry and the thing; in the order of the entries, the same each time.
    fn new<I: Iterator<Item = (u32, u32, T)>>(lists: usize, items: impl Fn() -> I) -> Self {
        let mut starts = vec![0; lists + 2];
        for (list, ..) in items() {
            starts[list as usize + 2] += 1;
        }
        for at in 2..starts.len() {
            starts[at] += starts[at - 1];
        }
        let mut all = vec![(0, T::default()); starts[lists + 1]];
        // Where the next one goes; the start of the list after, when all are there.
        for (list, entry, thing) in items() {
            let next = &mut starts[list as usize + 1];
            all[*next] = (entry, thing);
            *next += 1;
        }
        Self { starts, all }
    }

    fn get(&self, list: usize) -> &[(u32, T)] {
        &self.all[self.starts[list]..self.starts[list + 1]]
    }
}

impl<'a> Lists<'a> {
    pub(super) fn new(names: &'a Names, entries: &[Terms]) -> Self {
        let mut order: Vec<u32> = (0u32..).take(names.len()).collect();
        order.par_sort_unstable_by(|a, b| by_units(names.word(*a), names.word(*b)));
        let mut places = vec![0; names.len()];
        for (place, number) in (0u32..).zip(&order) {
            places[*number as usize] = place;
        }
        let places = &places;
        let (texts, headings) = rayon::join(
            || {
                Table::new(names.len(), || {
                    (0u32..).zip(entries).flat_map(|(entry, terms)| {
                        let found = terms.numbers.iter().zip(&terms.weights);
                        found.map(move |(number, weight)| (places[*number as usize], entry, *weight))
                    })
                })
            },
            || {
                Table::new(names.len(), || {
                    (0u32..).zip(entries).flat_map(|(entry, terms)| {
                        let found = terms.headings.iter();
                        found.map(move |(number, heading)| (places[*number as usize], entry, *heading))
                    })
                })
            },
        );
        Self { names, order, texts, headings }
    }

    pub(super) fn len(&self) -> usize {
        self.order.len()
    }

    pub(super) fn get(&self, place: usize) -> List<'_> {
        List {
            term: self.names.word(self.order[place]),
            texts: self.texts.get(place),
            headings: self.headings.get(place),
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = List<'_>> {
        (0..self.len()).map(|place| self.get(place))
    }
}

impl List<'_> {
    /// Packs it, without what it has too much of.
    pub(super) fn pack(&self, texts: &mut Vec<u8>, headings: &mut Vec<u8>) {
        let mut last = 0;
        // What counts for more comes first, then the earlier entry; titles before headings, short ones before long.
        for (entry, weight) in best(self.texts, MOST, |(_, weight)| u32::from(u8::MAX - weight)).iter() {
            packed::number(texts, entry - last);
            packed::digit(texts, u32::from(*weight));
            last = *entry;
        }
        last = 0;
        let worth = |(_, heading): &(u32, Heading)| (heading.place > 0, heading.length);
        for (entry, heading) in best(self.headings, MOST_HEADINGS, worth).iter() {
            packed::number(headings, entry - last);
            packed::number(headings, heading.place);
            packed::digit(headings, heading.length);
            last = *entry;
        }
    }
}

/// The `most` things with the smallest keys, of those with the same the first ones, in their order.
fn best<T: Copy, K: Ord>(all: &[T], most: usize, key: impl Fn(&T) -> K) -> std::borrow::Cow<'_, [T]> {
    if all.len() <= most {
        return all.into();
    }
    let mut places: Vec<usize> = (0..all.len()).collect();
    places.select_nth_unstable_by_key(most, |place| (key(&all[*place]), *place));
    places.truncate(most);
    places.sort_unstable();
    places.into_iter().map(|place| all[place]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_are_kept_in_their_order() {
        let key = |thing: &u32| *thing;
        assert_eq!(best(&[5, 1, 4, 1, 3, 1], 2, key).as_ref(), [1, 1]);
        assert_eq!(best(&[5, 1, 4, 1, 3, 1], 5, key).as_ref(), [1, 4, 1, 3, 1]);
        assert_eq!(best(&[2, 1], 2, key).as_ref(), [2, 1]);
    }

    #[test]
    fn lists_are_those_of_the_entries_turned_round() {
        let mut names = Names::default();
        for word in ["b", "a", "c"] {
            names.number(word);
        }
        let entry = |numbers: &[u32], heading: Option<u32>| Terms {
            numbers: numbers.to_vec(),
            weights: numbers.iter().map(|number| u8::try_from(number * 10).expect("small")).collect(),
            headings: heading.map(|number| (number, Heading { place: 1, length: 2 })).into_iter().collect(),
        };
        let entries = [entry(&[0, 1], Some(1)), entry(&[1], None), entry(&[2, 1], Some(2))];
        let lists = Lists::new(&names, &entries);
        let found: Vec<_> = lists.iter().map(|list| (list.term, list.texts.to_vec())).collect();
        let wanted = [("a", vec![(0, 10), (1, 10), (2, 10)]), ("b", vec![(0, 0)]), ("c", vec![(2, 20)])];
        assert_eq!(found, wanted);
        let headings: Vec<usize> = lists.iter().map(|list| list.headings.len()).collect();
        assert_eq!(headings, [1, 0, 1]);
        // What a term has too much of is left out, and the rest still counts from entry to entry.
        let many: Vec<(u32, u8)> = (0..5_000).map(|entry| (entry, if entry < 100 { 1 } else { 2 })).collect();
        let (mut texts, mut none) = (Vec::new(), Vec::new());
        List { term: "a", texts: &many, headings: &[] }.pack(&mut texts, &mut none);
        // The first entry is 100, two digits; each of them has one for what it counts for.
        assert_eq!((texts.len(), none.len()), (2 * MOST + 1, 0));
    }
}
