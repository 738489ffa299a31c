//! A web page → one article: its main text, title, date and outlet.
//!
//! Menus, advertisements, captions, comments and lists of other articles are left out; spans index the text that is left. From a
//! page that calls itself `Talks resume | Example` on the site `Example` come the title `Talks resume` and the outlet `Example`.

use dom_smoothie::{Config, Readability, TextMode};

use super::{Article, Source};
use crate::input;
use crate::{Error, Result};

/// The most tags of a page that is read, and the most elements that stand one inside the other: parsing it, and finding the main
/// text, take more than linear time in both.
const MOST_TAGS: usize = 100_000;
const DEEPEST: usize = 500;

/// What is never part of the text of an article, though it often stands in its midst.
const BESIDE_THE_TEXT: &str = "figcaption, aside, nav, form, button, noscript, iframe, [role=complementary], [aria-hidden=true]";

/// Reads the file to its end.
///
/// # Errors
/// [`Error::RecordTooLong`], [`Error::NoMainText`], [`Error::Io`].
pub(super) fn read(source: Source) -> Result<Article> {
    let Source {
        path, stem, bytes, ..
    } = source;
    let bytes = input::whole(&path, bytes)?;
    let (html, replaced) = input::decode(&bytes);
    let page = page(&html).ok_or(Error::NoMainText { path })?;
    Ok(Article {
        id: stem,
        replaced,
        ..page
    })
}

/// The article on a page, without an id; `None` when there is no text on it, or more tags than any page of news has.
pub(super) fn page(html: &str) -> Option<Article> {
    if memchr::memchr_iter(b'<', html.as_bytes()).count() > MOST_TAGS {
        return None;
    }
    let config = Config {
        text_mode: TextMode::Formatted,
        ..Config::default()
    };
    let mut page = Readability::new(html, None, Some(config)).ok()?;
    if depth(&page) > DEEPEST {
        return None;
    }
    page.doc.select(BESIDE_THE_TEXT).remove();
    let found = page.parse().ok()?;
    let text = found.text_content.trim();
    let given = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let outlet = found.site_name.as_deref().and_then(given);
    let title = given(without_outlet(&found.title, outlet.as_deref()));
    (!text.is_empty()).then(|| Article {
        date: found.published_time.as_deref().and_then(given),
        outlet,
        title,
        text: text.to_owned(),
        ..Article::default()
    })
}

/// How many elements stand one inside the other.
fn depth(page: &Readability) -> usize {
    let mut node = page.doc.root();
    let (mut depth, mut deepest) = (0_usize, 0);
    loop {
        if let Some(child) = node.first_child() {
            node = child;
            depth += 1;
            deepest = deepest.max(depth);
            continue;
        }
        loop {
            if let Some(next) = node.next_sibling() {
                node = next;
                break;
            }
            let Some(parent) = node.parent() else {
                return deepest;
            };
            node = parent;
            depth = depth.saturating_sub(1);
        }
    }
}

/// A title without the name of the outlet behind a dash or a bar.
fn without_outlet<'a>(title: &'a str, outlet: Option<&str>) -> &'a str {
    let title = title.trim();
    outlet
        .and_then(|outlet| title.strip_suffix(outlet))
        .and_then(|title| title.trim_end().strip_suffix(['|', '-', '–', '—', '·']))
        .map(str::trim_end)
        .filter(|title| !title.is_empty())
        .unwrap_or(title)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::{ReadOptions, read_files};

    /// A page of our own, with all that stands around an article.
    const HARBOUR: &str = include_str!("../../tests/pages/harbour.html");

    fn read(bytes: &[u8]) -> std::result::Result<Article, String> {
        read_files(&[("page.html", bytes)], ReadOptions::default()).remove(0)
    }

    #[test]
    fn page_is_one_article() {
        let article = read(HARBOUR.as_bytes()).unwrap();
        let about = (
            article.id.as_str(),
            article.title.as_deref(),
            article.date.as_deref(),
            article.outlet.as_deref(),
        );
        let gold = (
            "page",
            Some("Mayor denies taking harbour money"),
            Some("2021-03-04T07:30:00Z"),
            Some("The Harbour Post"),
        );
        assert_eq!(about, gold);
    }

    #[test]
    fn paragraphs_are_kept_and_what_stands_around_them_is_not() {
        let text = read(HARBOUR.as_bytes()).unwrap().text;
        let paragraphs = [
            "The mayor of Port Sallow denied",
            "Two members of the council had accused him",
            "\u{201C}Not one crown of it came to me or to my family,\u{201D} the mayor",
            "The company, Sallow Quays, called",
            "The contract is worth",
        ];
        let places: Vec<_> = paragraphs.map(|begin| text.find(begin)).to_vec();
        assert!(places.iter().all(Option::is_some), "{places:?} in {text}");
        assert!(places.is_sorted(), "{places:?}");
        for around in [
            "seen from the ferry",
            "Ferry fares",
            "cookies",
            "Weather",
            "Storm closes",
            "gull77",
            "All rights reserved",
            "tracker",
            "serif",
        ] {
            assert!(!text.contains(around), "`{around}` in {text}");
        }
    }

    #[test]
    fn outlet_is_cut_from_the_title_only_behind_a_mark() {
        for (title, outlet, cut) in [
            ("Talks resume | Example", Some("Example"), "Talks resume"),
            ("Talks resume – Example", Some("Example"), "Talks resume"),
            ("Talks at Example", Some("Example"), "Talks at Example"),
            ("Example", Some("Example"), "Example"),
            (" Talks - Example ", None, "Talks - Example"),
        ] {
            assert_eq!(without_outlet(title, outlet), cut);
        }
    }

    #[test]
    fn page_without_text_is_an_error() {
        let page = b"<html><head><title>Moved</title></head><body><nav>Home</nav></body></html>";
        assert_eq!(
            read(page).unwrap_err(),
            "page.html: no main text found on this page"
        );
    }

    #[test]
    fn pages_that_no_browser_would_show_are_read_without_panic() {
        let deep = "<div>".repeat(2_000) + "text";
        let lists = "<ul><li>".repeat(300) + "text";
        for page in [
            deep.as_str(),
            &lists,
            "<",
            "<table><tr><p>x</table>",
            "<p>a\u{FFFD}b",
            "plain text",
        ] {
            let _ = read(page.as_bytes());
        }
        let wide = "<p>Officials said no.</p>".repeat(MOST_TAGS);
        for page in [deep, wide] {
            assert!(read(page.as_bytes()).is_err());
        }
    }

    #[test]
    fn page_is_told_by_its_beginning() {
        let named = [
            ("dump", "\u{FEFF}\n<!DOCTYPE HTML><p>He denied the charge."),
            ("dump", "<HTML lang=en><p>He denied the charge."),
        ];
        for (name, page) in named {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join(name);
            std::fs::write(&path, page).unwrap();
            let article = crate::ArticleReader::open(&[path], ReadOptions::default())
                .unwrap()
                .next()
                .unwrap();
            assert_eq!(article.unwrap().text, "He denied the charge.");
        }
    }
}
