//! Quotation marks → quotations. A quotation that nothing closes ends with its paragraph.

use super::word::Marks;

/// A quotation: its marks are part of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Quotation {
    pub(super) start: usize,
    pub(super) end: usize,
    /// Its first word, and the one after its last.
    pub(super) first: usize,
    pub(super) end_word: usize,
    /// Whether a mark closes it.
    pub(super) closed: bool,
}

/// The marks that open and close a quotation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// `"`
    Straight,
    /// `''`
    Doubled,
    /// `“ ”`
    Curly,
    /// `« »`
    Pointed,
    /// `‘ ’`
    Single,
    /// `'`
    Apostrophe,
}

/// Finds quotations while an article is read from front to back.
pub(super) struct Quotations<'a> {
    text: &'a str,
    found: &'a mut Vec<Quotation>,
    open: Option<Kind>,
    /// Curly quotations that are open inside the one that is open.
    inner: usize,
}

impl<'a> Quotations<'a> {
    pub(super) fn new(text: &'a str, found: &'a mut Vec<Quotation>) -> Self {
        found.clear();
        Self {
            text,
            found,
            open: None,
            inner: 0,
        }
    }

    /// The quotation that is open.
    pub(super) fn open(&self) -> Option<u32> {
        self.open.map(|_| self.found.len() as u32 - 1)
    }

    /// Reads the marks of `text[start..end]`, which hold no letter of a word; `word` is the next word.
    pub(super) fn read(&mut self, start: usize, end: usize, word: usize) -> Marks {
        let mut marks = Marks::default();
        let text = self.text;
        let mut at = start;
        while at < end {
            let Some(c) = text[at..end].chars().next() else {
                break;
            };
            let mut length = c.len_utf8();
            match c {
                ',' => marks.add(Marks::COMMA),
                ':' => marks.add(Marks::COLON),
                ';' => marks.add(Marks::SEMICOLON),
                '(' | '[' => marks.add(Marks::BRACKET),
                ')' | ']' => marks.add(Marks::CLOSING_BRACKET),
                '!' | '?' | '…' => marks.add(Marks::LOUD),
                '–' | '—' | '―' => marks.add(Marks::DASH),
                '-' if self.is_space_before(at) || text[at + 1..].starts_with('-') => {
                    marks.add(Marks::DASH);
                }
                '.' if text[at..end].starts_with("...") => {
                    length = 3;
                    marks.add(Marks::LOUD);
                }
                '"' => self.mark(Kind::Straight, at, 1, word, &mut marks),
                '\'' if text[at..end].starts_with("''") => {
                    length = 2;
                    self.mark(Kind::Doubled, at, 2, word, &mut marks);
                }
                '\'' => self.mark(Kind::Apostrophe, at, 1, word, &mut marks),
                '“' | '„' => self.opens(Kind::Curly, at, length, word, &mut marks),
                '”' if self.open.is_none()
                    && self.is_space_before(at)
                    && self.is_letter_after(at + length) =>
                {
                    self.opens(Kind::Curly, at, length, word, &mut marks);
                }
                '”' => self.closes(Kind::Curly, at + length, word, &mut marks),
                '«' => self.opens(Kind::Pointed, at, length, word, &mut marks),
                '»' => self.closes(Kind::Pointed, at + length, word, &mut marks),
                '‘' => self.opens(Kind::Single, at, length, word, &mut marks),
                '’' => self.closes(Kind::Single, at + length, word, &mut marks),
                _ => {}
            }
            at += length;
        }
        marks
    }

    /// Ends what is open: a quotation never goes on into the next paragraph.
    pub(super) fn end_paragraph(&mut self, end: usize, word: usize) {
        if self.open.take().is_some() {
            self.end(end, word, false);
        }
    }

    /// A mark that both opens and closes: what stands beside it tells.
    fn mark(&mut self, kind: Kind, at: usize, length: usize, word: usize, marks: &mut Marks) {
        let opens = self.is_space_before(at) && self.is_letter_after(at + length);
        match self.open {
            Some(open) if open == kind && opens && kind != Kind::Apostrophe => {
                // The one before was never closed.
                self.end(at, word, false);
                self.begin(kind, at, word);
                marks.add(Marks::OPEN);
            }
            Some(Kind::Curly) if kind == Kind::Straight && !opens => {
                self.closes(Kind::Curly, at + length, word, marks);
            }
            Some(_) => self.closes(kind, at + length, word, marks),
            None if opens => self.opens(kind, at, length, word, marks),
            None => {}
        }
    }

    fn opens(&mut self, kind: Kind, at: usize, length: usize, word: usize, marks: &mut Marks) {
        let single = matches!(kind, Kind::Single | Kind::Apostrophe);
        if single && !(self.is_letter_after(at + length) && self.closes_later(kind, at + length)) {
            return;
        }
        match self.open {
            Some(open) if open != kind => {
                self.inner += usize::from(kind == Kind::Curly); // a quotation inside a quotation
                return;
            }
            Some(_) if kind != Kind::Curly => return,
            Some(_) => self.end(at, word, false),
            None => {}
        }
        self.begin(kind, at, word);
        marks.add(Marks::OPEN);
    }

    fn closes(&mut self, kind: Kind, end: usize, word: usize, marks: &mut Marks) {
        if self.open == Some(Kind::Straight) && kind == Kind::Curly {
            // `"…”`: marks of two kinds close each other where no other pair is open.
            if self.inner > 0 {
                self.inner -= 1;
                return;
            }
            self.open = Some(Kind::Curly);
        }
        if self.open == Some(kind) {
            self.open = None;
            self.end(end, word, true);
            marks.add(Marks::CLOSE);
        }
    }

    fn begin(&mut self, kind: Kind, at: usize, word: usize) {
        self.open = Some(kind);
        self.inner = 0;
        self.found.push(Quotation {
            start: at,
            end: at,
            first: word,
            end_word: word,
            closed: false,
        });
    }

    fn end(&mut self, end: usize, word: usize, closed: bool) {
        if let Some(quotation) = self.found.last_mut() {
            (quotation.end, quotation.end_word, quotation.closed) = (end, word, closed);
        }
    }

    fn is_space_before(&self, at: usize) -> bool {
        let before = self.text[..at].chars().next_back();
        before.is_none_or(|c| c.is_whitespace() || "([—–-―/“\"".contains(c))
    }

    fn is_letter_after(&self, at: usize) -> bool {
        let after = self.text[at..].chars().next();
        after.is_some_and(|c| c.is_alphanumeric() || "‘'“[($.…@#".contains(c))
    }

    /// Whether an apostrophe that opens a quotation has its counterpart within reach: behind a letter or a mark, before none.
    fn closes_later(&self, kind: Kind, at: usize) -> bool {
        const REACH: usize = 400;
        let close = if kind == Kind::Single { '’' } else { '\'' };
        let mut before = ' ';
        let mut rest = self.text[at..].chars().take(REACH).peekable();
        while let Some(c) = rest.next() {
            if c == '\n' {
                return false;
            }
            let ends = rest.peek().is_none_or(|next| !next.is_alphanumeric());
            // `workers’ rights`: an apostrophe behind an s belongs to its word as long as another may follow.
            if c == close && ends && !before.is_whitespace() && before != 's' {
                return true;
            }
            before = c;
        }
        false
    }
}
