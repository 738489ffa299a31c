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
/// Offsets asked for in ascending order cost one walk over the text in all; a smaller offset than
/// the last one starts again from the front.
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
        if offset < self.byte {
            (self.byte, self.point) = (0, 0);
        }
        let between = &self.text.as_bytes()[self.byte..offset];
        self.point += between.iter().filter(|&&byte| byte & 0xC0 != 0x80).count();
        self.byte = offset;
        self.point
    }
}
