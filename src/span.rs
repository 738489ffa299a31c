//! Half-open byte ranges, and their translation to Unicode code points for files that others read.

use std::ops::Range;

/// A half-open byte range `start..end` into the text of an article.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// First byte after it.
    pub end: usize,
}

impl Span {
    /// The range `start..end`.
    pub fn new(start: usize, end: usize) -> Self {
        debug_assert!(start <= end, "span {start}..{end} runs backwards");
        Self { start, end }
    }

    /// The piece of `text` that the span covers.
    pub fn of(self, text: &str) -> &str {
        &text[self.start..self.end]
    }

    /// Length in bytes.
    pub fn len(self) -> usize {
        self.end - self.start
    }

    /// Whether the span covers nothing.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// Whether the two have a byte in common.
    pub fn intersects(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// The span as a range.
    pub fn range(self) -> Range<usize> {
        self.start..self.end
    }

    /// The span without white space at either end.
    #[must_use]
    pub fn trim(self, text: &str) -> Self {
        let piece = self.of(text);
        if let [first, .., last] = piece.as_bytes()
            && first.is_ascii_graphic()
            && last.is_ascii_graphic()
        {
            return self; // most need no look at their characters
        }
        let start = self.start + (piece.len() - piece.trim_start().len());
        Self::new(start, start + piece.trim().len())
    }
}

/// Translates byte offsets of one text to Unicode code points in a single pass.
///
/// Each offset costs a walk from the one that was asked for before, or from the front where that is nearer: offsets in ascending
/// order cost one walk over the text in all.
///
/// ```
/// use rejoinder::CodePoints;
///
/// let mut points = CodePoints::new("“Né”");
/// assert_eq!((points.at(3), points.at(6)), (1, 3));
/// ```
#[derive(Debug)]
pub struct CodePoints<'a> {
    text: &'a str,
    byte: usize,
    point: usize,
}

impl<'a> CodePoints<'a> {
    /// Starts at the front of `text`.
    pub fn new(text: &'a str) -> Self {
        Self {
            text,
            byte: 0,
            point: 0,
        }
    }

    /// How many code points stand before byte `offset`, which must be a character boundary.
    pub fn at(&mut self, offset: usize) -> usize {
        let points = |range: Range<usize>| self.text[range].chars().count();
        if offset >= self.byte {
            self.point += points(self.byte..offset);
        } else if self.byte - offset < offset {
            self.point -= points(offset..self.byte);
        } else {
            self.point = points(0..offset);
        }
        self.byte = offset;
        self.point
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_points_are_counted_forwards_and_backwards() {
        let text = "Zoë said “né” in Kraków — twice";
        let mut points = CodePoints::new(text);
        let offsets: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
        for step in [1, 7, 13, 29] {
            for i in 0..offsets.len() {
                let at = (i * step) % offsets.len();
                assert_eq!(points.at(offsets[at]), at);
            }
        }
    }
}
