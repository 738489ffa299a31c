//! Prints → those that may be the same: the newest of them, found by pairs of their heaviest terms.

use std::cmp::Reverse;
use std::collections::VecDeque;

use super::print::{Print, Term};

/// What is kept with its print.
pub(super) trait Printed {
    fn print(&self) -> &Print;
}

/// The newest `capacity` of what was put in.
///
/// Each is entered under the pairs of its heaviest terms: names, numbers and rare words, which light rewriting leaves alone. The
/// entries are a table of buckets of fixed size, where the newest pushes out the oldest, so that a pair which everybody writes about
/// costs no more than another. No order depends on anything but what was put in.
#[derive(Debug, Clone)]
pub(super) struct Shelf<T> {
    kept: VecDeque<T>,
    /// The number of the oldest that is kept; numbers wrap around.
    first: u32,
    capacity: usize,
    heaviest: usize,
    buckets: Vec<Bucket>,
    /// The numbers under the keys of a print: memory that is reused.
    found: Vec<u32>,
}

/// Numbers, the oldest first.
type Bucket = [u32; 8];

impl<T: Printed> Shelf<T> {
    /// The most candidates that are looked at.
    const CANDIDATES: usize = 12;

    /// Keeps `capacity`, and enters each under the pairs of its `heaviest` terms.
    pub(super) fn new(capacity: usize, heaviest: usize) -> Self {
        Self {
            kept: VecDeque::new(),
            first: 0,
            capacity,
            heaviest,
            buckets: vec![[u32::MAX; 8]; 16],
            found: Vec::new(),
        }
    }

    /// What has this number, if it is still kept.
    pub(super) fn get(&self, number: u32) -> Option<&T> {
        self.kept.get(number.wrapping_sub(self.first) as usize)
    }

    pub(super) fn get_mut(&mut self, number: u32) -> Option<&mut T> {
        self.kept.get_mut(number.wrapping_sub(self.first) as usize)
    }

    /// Puts something in, and gives its number.
    pub(super) fn push(&mut self, item: T) -> u32 {
        if self.kept.len() == self.capacity && self.kept.pop_front().is_some() {
            self.first = self.first.wrapping_add(1);
        }
        let number = self.first.wrapping_add(self.kept.len() as u32);
        self.kept.push_back(item);
        let n_keys = self.heaviest * (self.heaviest - 1) / 2;
        if self.kept.len() * n_keys > self.buckets.len() * Bucket::default().len() / 2 {
            self.grow();
        } else {
            self.enter(number);
        }
        number
    }

    /// The numbers of those that may be the same, the likeliest first.
    pub(super) fn candidates(&mut self, print: &Print) -> Vec<u32> {
        self.found.clear();
        for key in keys(print, self.heaviest) {
            self.found.extend(self.buckets[self.place(key)]);
        }
        self.found.sort_unstable();
        let runs = self.found.chunk_by(|one, other| one == other);
        let mut runs: Vec<(Reverse<usize>, u32)> =
            runs.map(|run| (Reverse(run.len()), run[0])).collect();
        runs.retain(|&(_, number)| self.get(number).is_some());
        runs.sort_unstable();
        runs.truncate(Self::CANDIDATES);
        runs.into_iter().map(|(_, number)| number).collect()
    }

    fn enter(&mut self, number: u32) {
        let Some(item) = self.get(number) else { return };
        for key in keys(item.print(), self.heaviest) {
            let place = self.place(key);
            let bucket = &mut self.buckets[place];
            if bucket.last() != Some(&number) {
                bucket.rotate_left(1);
                bucket[7] = number;
            }
        }
    }

    fn grow(&mut self) {
        self.buckets = vec![[u32::MAX; 8]; 2 * self.buckets.len()];
        for at in 0..self.kept.len() as u32 {
            self.enter(self.first.wrapping_add(at));
        }
    }

    fn place(&self, key: u32) -> usize {
        key as usize & (self.buckets.len() - 1)
    }
}

/// The pairs of the heaviest terms.
fn keys(print: &Print, heaviest: usize) -> impl Iterator<Item = u32> + use<> {
    let mut terms: Vec<Term> = print.terms.to_vec();
    terms.sort_unstable_by_key(|term| (Reverse(term.weight()), term.mixed()));
    terms.truncate(heaviest);
    let mut hashes: Vec<u32> = terms.iter().map(|term| term.mixed()).collect();
    hashes.sort_unstable();
    let n_hashes = hashes.len();
    let pairs =
        (0..n_hashes).flat_map(move |one| (one + 1..n_hashes).map(move |other| (one, other)));
    pairs.map(move |(one, other)| {
        let mixed = (hashes[one] ^ hashes[other].rotate_left(16)).wrapping_mul(0x9E37_79B1);
        mixed ^ mixed >> 16
    })
}
