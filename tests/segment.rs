//! The table `cases/segment.csv`, and what holds for the sentences of any text.

use proptest::prelude::*;
use rejoinder::article::{Furniture, FurnitureKind, furniture};
use rejoinder::{Span, segment};

fn spans(text: &str, furniture: &[Furniture]) -> Vec<Span> {
    let mut sentences = Vec::new();
    segment(text, furniture, &mut sentences);
    sentences
}

#[test]
#[expect(
    clippy::print_stdout,
    reason = "how many cases passed is worth reading"
)]
fn table_of_cases_is_segmented_as_written() {
    let mut table = csv::Reader::from_path(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/cases/segment.csv"
    ))
    .unwrap();
    let (mut n_cases, mut wrong) = (0, Vec::new());
    for row in table.deserialize() {
        let (text, gold, note): (String, String, String) = row.unwrap();
        let text = text.replace("\\n", "\n");
        let found: Vec<&str> = spans(&text, &[])
            .iter()
            .map(|span| span.of(&text))
            .collect();
        let found = found.join(" | ").replace('\n', "\\n");
        n_cases += 1;
        if found != gold {
            wrong.push(format!("{note}\n  gold:  {gold}\n  found: {found}"));
        }
    }
    println!("{} of {n_cases} cases passed", n_cases - wrong.len());
    assert!(n_cases >= 140, "only {n_cases} cases");
    assert!(
        wrong.is_empty(),
        "{} of {n_cases} cases failed:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

/// What must hold for the sentences of any text.
fn check(text: &str, furniture: &[Furniture]) {
    let sentences = spans(text, furniture);
    let mut end = 0;
    for &sentence in &sentences {
        assert!(
            end <= sentence.start && !sentence.is_empty(),
            "{sentence:?} in {text:?}"
        );
        assert_eq!(sentence.trim(text), sentence, "{text:?}");
        assert!(
            sentence.of(text).contains(char::is_alphanumeric),
            "{sentence:?} in {text:?}"
        );
        assert!(
            furniture
                .iter()
                .all(|f| f.span.end <= sentence.start || sentence.end <= f.span.start),
            "{text:?}"
        );
        end = sentence.end;
    }
    let is_inside = |span: Span, at: usize| span.start <= at && at < span.end;
    for (at, letter) in text
        .char_indices()
        .filter(|(_, letter)| letter.is_alphanumeric())
    {
        let covered = sentences.iter().any(|&sentence| is_inside(sentence, at));
        let cut = furniture.iter().any(|f| is_inside(f.span, at));
        assert!(covered != cut, "`{letter}` at {at} in {text:?}");
    }
}

/// Sorted, disjoint pieces of `text` between random characters.
fn pieces(text: &str, cuts: &[usize]) -> Vec<Furniture> {
    let bounds: Vec<usize> = text
        .char_indices()
        .map(|(at, _)| at)
        .chain([text.len()])
        .collect();
    let mut cuts: Vec<usize> = cuts.iter().map(|cut| bounds[cut % bounds.len()]).collect();
    cuts.sort_unstable();
    let piece = |cut: &[usize]| Furniture {
        span: Span::new(cut[0], cut[1]),
        kind: FurnitureKind::Dateline,
    };
    cuts.chunks_exact(2)
        .map(piece)
        .filter(|piece| !piece.span.is_empty())
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn sentences_of_newslike_text_cover_its_words(
        words in prop::collection::vec(
            prop::sample::select(vec![
                "He", "left", "U.S.", "Gen.", "p.m.", "5", "3.5", ".", "...", ". . .", "…", "!", "?\"", "\"", "“", "”", "''",
                "(", ".)", "\n", "\n\n", "\r\n", "\u{2028}", "\u{FFFD}", "—", "- ", "The", "é.", "i.", "[1]", "said", "\u{A0}", ",",
                "date 2021-03-04", "MOSCOW (AP) -", "By Ann Lee", "Read more:", "___", "Share this article",
            ]),
            0..30,
        ),
        gaps in prop::collection::vec(prop::bool::ANY, 30),
        cuts in prop::collection::vec(0usize..200, 0..6),
    ) {
        let text: String = words.iter().zip(gaps).flat_map(|(word, gap)| [*word, if gap { " " } else { "" }]).collect();
        check(&text, &[]);
        check(&text, &pieces(&text, &cuts));
        check(&text, &furniture(&text));
    }

    #[test]
    fn sentences_of_any_text_cover_its_words(text in "\\PC{0,60}", cuts in prop::collection::vec(0usize..60, 0..6)) {
        check(&text, &[]);
        check(&text, &pieces(&text, &cuts));
        check(&text, &furniture(&text));
    }
}
