//! What is kept of a text to know it again when it is printed elsewhere: at most 64 terms of four bytes each.
//!
//! Terms are what light rewriting leaves alone: stems of content words, the words of names, codes of actors, numbers. Verbs of
//! claiming count by their class, so that `denied` and `rejected` are one. A weight is the idf of the model's vocabulary, above
//! that of the words that stand everywhere.

use std::cmp::Ordering;

/// A term in four bytes: 22 bits of its hash, 2 of its kind, 8 of its weight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Term(u32);

/// What a term is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The stem of a word, or a class of the lexicon.
    Word,
    /// A word of a name, or the code of an actor.
    Name,
    /// A number.
    Number,
}

impl Term {
    pub(crate) fn new(hash: u64, kind: Kind, weight: u8) -> Self {
        Self((hash >> 42) as u32 * 1024 + kind as u32 * 256 + u32::from(weight))
    }

    pub(crate) fn kind(self) -> Kind {
        match self.0 >> 8 & 3 {
            0 => Kind::Word,
            1 => Kind::Name,
            _ => Kind::Number,
        }
    }

    pub(crate) fn weight(self) -> u32 {
        self.0 & 255
    }

    /// Mixed bits, the same for the same term in every text.
    pub(crate) fn mixed(self) -> u32 {
        let mixed = (self.0 >> 8).wrapping_mul(0x9E37_79B1);
        (mixed ^ mixed >> 15).wrapping_mul(0x85EB_CA77)
    }

    /// Where the term stands when some have to be left out: heavy terms tend to come first, and one term has the same rank in
    /// every text, so that two texts keep the same terms as far as they share them.
    pub(crate) fn rank(self) -> u32 {
        let mixed = self.mixed();
        (mixed ^ mixed >> 13) / self.weight().max(1)
    }
}

/// A text as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Print {
    /// Terms, each once, sorted.
    pub(super) terms: Box<[Term]>,
    /// The rank from which on terms were left out.
    cut: Option<u32>,
}

impl Print {
    /// The most terms that are kept.
    pub(crate) const LIMIT: usize = 64;

    /// Takes terms in any order, which are sorted; each is kept once.
    pub(crate) fn new(terms: &mut Vec<Term>) -> Self {
        terms.sort_unstable();
        terms.dedup();
        if terms.len() <= Self::LIMIT {
            return Self {
                terms: terms.as_slice().into(),
                cut: None,
            };
        }
        let mut ranks: Vec<u32> = terms.iter().map(|term| term.rank()).collect();
        let (_, &mut cut, _) = ranks.select_nth_unstable(Self::LIMIT);
        let kept = terms.iter().filter(|term| term.rank() < cut);
        Self {
            terms: kept.copied().collect(),
            cut: Some(cut),
        }
    }
}

/// How two texts agree; shares are from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Agreement {
    /// Weight of what they share.
    pub(crate) shared: u32,
    /// The same, of the weight of the one that has less.
    pub(crate) overlap: f32,
    /// Share of the names of one that the other lacks, where each has such names: the smaller of both.
    pub(crate) other_names: f32,
    /// The same of numbers.
    pub(crate) other_numbers: f32,
    /// The same of words.
    pub(crate) other_words: f32,
}

/// Weights of one kind of terms.
#[derive(Debug, Clone, Copy, Default)]
struct Weights {
    /// Those of both texts.
    shared: u32,
    /// Those of one text alone.
    alone: [u32; 2],
}

impl Weights {
    fn other(self) -> f32 {
        let share = |alone: u32| alone as f32 / (alone + self.shared).max(1) as f32;
        share(self.alone[0]).min(share(self.alone[1]))
    }
}

impl Agreement {
    /// Compares what both texts would have kept.
    pub(crate) fn of(one: &Print, other: &Print) -> Self {
        let cut = one.cut.into_iter().chain(other.cut).min();
        let mut kinds = [Weights::default(); 3];
        merge(&one.terms, &other.terms, |term, side| {
            if cut.is_some_and(|cut| term.rank() >= cut) {
                return;
            }
            let weights = &mut kinds[term.kind() as usize];
            match side {
                Some(side) => weights.alone[side] += term.weight(),
                None => weights.shared += term.weight(),
            }
        });
        let shared = kinds.iter().map(|weights| weights.shared).sum::<u32>();
        let alone = [0, 1].map(|side| kinds.iter().map(|weights| weights.alone[side]).sum::<u32>());
        let less = shared + alone[0].min(alone[1]);
        Self {
            shared,
            overlap: shared as f32 / less.max(1) as f32,
            other_names: kinds[Kind::Name as usize].other(),
            other_numbers: kinds[Kind::Number as usize].other(),
            other_words: kinds[Kind::Word as usize].other(),
        }
    }
}

/// Hands out the terms of two sorted lists, each once; those of one list alone with its number.
fn merge(one: &[Term], other: &[Term], mut found: impl FnMut(Term, Option<usize>)) {
    let (mut at, mut behind) = (0, 0);
    while let (Some(&left), Some(&right)) = (one.get(at), other.get(behind)) {
        match left.cmp(&right) {
            Ordering::Less => found(left, Some(0)),
            Ordering::Greater => found(right, Some(1)),
            Ordering::Equal => found(left, None),
        }
        at += usize::from(left <= right);
        behind += usize::from(right <= left);
    }
    one[at..].iter().for_each(|&term| found(term, Some(0)));
    other[behind..]
        .iter()
        .for_each(|&term| found(term, Some(1)));
}
