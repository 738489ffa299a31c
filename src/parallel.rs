//! Work in parallel with output in the order of input and bounded memory.

use std::collections::BTreeMap;
use std::sync::{Condvar, Mutex, PoisonError};

/// Applies workers to the items of `source` on `threads` threads and hands the results to `sink` in the order of the items.
///
/// Each thread makes its own worker. At most `2 · threads` results wait for an earlier one, so memory does not grow
/// with the input. When `sink` returns `false` no more items are taken.
pub fn map_in_order<I: Send, O: Send, W: FnMut(I) -> O>(
    source: impl Iterator<Item = I> + Send,
    threads: usize,
    worker: impl Fn() -> W + Sync,
    sink: impl FnMut(O) -> bool + Send,
) {
    let source = Mutex::new(source.enumerate());
    let queue = Mutex::new(Queue {
        next: 0,
        waiting: BTreeMap::new(),
        sink,
        open: true,
    });
    let moved = Condvar::new();
    std::thread::scope(|scope| {
        for _ in 0..threads.max(1) {
            scope.spawn(|| {
                let mut work = worker();
                loop {
                    let item = source.lock().unwrap_or_else(PoisonError::into_inner).next();
                    let Some((number, item)) = item else { break };
                    let output = work(item);
                    let queue = queue.lock().unwrap_or_else(PoisonError::into_inner);
                    let mut queue = moved
                        .wait_while(queue, |queue| {
                            queue.open && number != queue.next && queue.waiting.len() >= 2 * threads
                        })
                        .unwrap_or_else(PoisonError::into_inner);
                    queue.waiting.insert(number, output);
                    queue.drain();
                    moved.notify_all();
                    if !queue.open {
                        break;
                    }
                }
            });
        }
    });
}

/// A value that workers use one after the other, in the order of their items: what a worker finds in it depends on the items
/// before its own, for any number of threads.
///
/// Every item of [`map_in_order`] has to take its turn, once, or those behind it wait for ever.
#[derive(Debug, Default)]
pub struct InTurn<T> {
    state: Mutex<Turn<T>>,
    moved: Condvar,
}

#[derive(Debug, Default)]
struct Turn<T> {
    next: usize,
    value: T,
}

impl<T> InTurn<T> {
    /// A value that item 0 uses first.
    pub fn new(value: T) -> Self {
        Self {
            state: Mutex::new(Turn { next: 0, value }),
            moved: Condvar::new(),
        }
    }

    /// Waits until all items before `number` had their turn, and uses the value.
    pub fn take<R>(&self, number: usize, turn: impl FnOnce(&mut T) -> R) -> R {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let mut state = self
            .moved
            .wait_while(state, |state| state.next != number)
            .unwrap_or_else(PoisonError::into_inner);
        let result = turn(&mut state.value);
        state.next += 1;
        self.moved.notify_all();
        result
    }
}

struct Queue<O, S> {
    next: usize,
    waiting: BTreeMap<usize, O>,
    sink: S,
    open: bool,
}

impl<O, S: FnMut(O) -> bool> Queue<O, S> {
    fn drain(&mut self) {
        while self.open {
            let Some(output) = self.waiting.remove(&self.next) else {
                break;
            };
            self.next += 1;
            self.open = (self.sink)(output);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_keep_the_order_of_items_for_any_number_of_threads() {
        for threads in [1, 2, 7] {
            let mut seen = Vec::new();
            let slow_start = |item: usize| {
                if item.is_multiple_of(5) {
                    std::thread::yield_now();
                }
                item * 2
            };
            map_in_order(
                0..500,
                threads,
                || slow_start,
                |output| {
                    seen.push(output);
                    true
                },
            );
            assert_eq!(
                seen,
                (0..500).map(|item| item * 2).collect::<Vec<_>>(),
                "{threads} threads"
            );
        }
    }

    #[test]
    fn turns_are_taken_in_the_order_of_items_for_any_number_of_threads() {
        for threads in [1, 2, 7] {
            let taken = InTurn::new(Vec::new());
            let worker = |item: usize| {
                if item.is_multiple_of(5) {
                    std::thread::yield_now();
                }
                taken.take(item, |taken| taken.push(item));
            };
            map_in_order(0..500, threads, || worker, |()| true);
            let order = taken.take(500, std::mem::take);
            assert_eq!(order, (0..500).collect::<Vec<_>>(), "{threads} threads");
        }
    }

    #[test]
    fn a_closed_sink_stops_an_endless_source() {
        let mut seen = 0;
        map_in_order(
            0..,
            3,
            || |item: u64| item,
            |_| {
                seen += 1;
                seen < 10
            },
        );
        assert_eq!(seen, 10);
    }
}
