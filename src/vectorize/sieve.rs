//! A list into which values are put without a branch.

/// Values of which each is written, and stays only if it is kept: which ones are no processor can foresee, and a wrong guess costs
/// more than the writing.
#[derive(Debug, Clone, Default)]
pub(super) struct Sieve<T> {
    slots: Vec<T>,
    n: usize,
}

impl<T: Copy + Default> Sieve<T> {
    pub(super) fn clear(&mut self) {
        self.n = 0;
    }

    /// Puts those of the values that are kept behind the others.
    #[inline]
    pub(super) fn sift(&mut self, values: impl ExactSizeIterator<Item = (bool, T)>) {
        let room = self.n + values.len();
        if self.slots.len() < room {
            self.slots.resize(2 * room, T::default());
        }
        let slots = &mut self.slots[self.n..room];
        let mut n = 0;
        for (is_kept, value) in values {
            slots[n] = value;
            n += usize::from(is_kept);
        }
        self.n += n;
    }

    /// The values that were kept.
    pub(super) fn as_slice(&self) -> &[T] {
        &self.slots[..self.n]
    }

    pub(super) fn as_mut_slice(&mut self) -> &mut [T] {
        &mut self.slots[..self.n]
    }
}
