//! Links as a whole: what is never linked, and what comes out when.

mod measured;

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

fn claim(
    article: &str,
    sentence: usize,
    date: Option<&str>,
    labels: &str,
    text: &str,
) -> StatedClaim {
    StatedClaim {
        article: article.to_owned(),
        sentence,
        text: text.to_owned(),
        accuses: labels.contains('a'),
        denies: labels.contains('d'),
        date: date.map(str::to_owned),
        ..StatedClaim::default()
    }
}

fn link_all(claims: &[StatedClaim], params: LinkParams) -> (Vec<Linked>, LinkTally) {
    let mut linker = Linker::new(Model::shipped().into(), params).unwrap();
    let mut out = Vec::new();
    for claim in claims {
        linker.push(claim.clone(), &mut out);
    }
    linker.finish(&mut out);
    (out, linker.tally())
}

/// Links as `article:sentence>article:sentence`.
fn names(linked: &[Linked]) -> Vec<String> {
    let name = |claim: &StatedClaim| format!("{}:{}", claim.article, claim.sentence);
    linked
        .iter()
        .filter_map(|linked| match linked {
            Linked::Denial { answers, .. } => Some(answers),
            Linked::Accusation { .. } => None,
        })
        .flatten()
        .map(|link| format!("{}>{}", name(&link.denial), name(&link.accusation)))
        .collect()
}

const CHARGE: &str = "Estonia said that Belarus had cut the power cable near Narva on purpose.";
const ANSWER: &str = "Belarus said that none of its ships had been near the power cable at Narva.";

#[test]
fn pairs_are_linked_as_they_should_be() {
    let other = "A bank in Lagos was accused of hiding the debts of a cement company.";
    let day = |day: u32| format!("2021-03-{day:02}");
    let (first, third) = (day(1), day(3));
    let (first, third) = (Some(first.as_str()), Some(third.as_str()));
    let (late, bad) = (Some("2023-01-01"), Some("March"));
    for (what, claims, gold) in [
        (
            "inside",
            vec![
                claim("a", 1, first, "a", CHARGE),
                claim("a", 2, first, "d", ANSWER),
            ],
            vec!["a:2>a:1"],
        ),
        (
            "inside, without a date",
            vec![
                claim("a", 1, None, "a", CHARGE),
                claim("a", 2, None, "d", ANSWER),
            ],
            vec!["a:2>a:1"],
        ),
        (
            "across",
            vec![
                claim("a", 1, first, "a", CHARGE),
                claim("b", 1, first, "a", other),
                claim("c", 1, third, "d", ANSWER),
            ],
            vec!["c:1>a:1"],
        ),
        (
            "of the same day, the denial first",
            vec![
                claim("c", 1, first, "d", ANSWER),
                claim("a", 1, first, "a", CHARGE),
            ],
            vec!["c:1>a:1"],
        ),
        (
            "of a later day",
            vec![
                claim("c", 1, first, "d", ANSWER),
                claim("a", 1, third, "a", CHARGE),
            ],
            vec![],
        ),
        (
            "of a later day, out of order",
            vec![
                claim("a", 1, third, "a", CHARGE),
                claim("c", 1, first, "d", ANSWER),
            ],
            vec![],
        ),
        (
            "too long after",
            vec![
                claim("a", 1, first, "a", CHARGE),
                claim("c", 1, late, "d", ANSWER),
            ],
            vec![],
        ),
        (
            "across, without a date that can be read",
            vec![
                claim("a", 1, bad, "a", CHARGE),
                claim("c", 1, bad, "d", ANSWER),
            ],
            vec![],
        ),
        (
            "of the same sentence",
            vec![claim("a", 1, first, "ad", CHARGE)],
            vec![],
        ),
        (
            "about something else",
            vec![
                claim("b", 1, first, "a", other),
                claim("c", 1, third, "d", ANSWER),
            ],
            vec![],
        ),
    ] {
        let (linked, _) = link_all(&claims, LinkParams::default());
        assert_eq!(names(&linked), gold, "{what}");
    }
}

#[test]
fn the_same_id_on_another_day_is_another_article() {
    let claims = [
        claim("a", 1, Some("2021-03-01"), "a", CHARGE),
        claim("a", 2, Some("2021-03-03"), "d", ANSWER),
    ];
    let (linked, tally) = link_all(&claims, LinkParams::default());
    let Some(Linked::Denial { answers, .. }) = linked.first() else {
        panic!("{linked:?}")
    };
    assert_eq!((answers[0].delay_days, tally.articles), (2, 2));
}

#[test]
fn what_was_read_is_counted() {
    let claims = [
        claim("a", 1, Some("2021-03-03"), "a", CHARGE),
        claim("b", 1, None, "d", ANSWER),
        claim("c", 1, Some("2021-03-01"), "d", ANSWER),
        claim("c", 2, Some("2021-03-01"), "d", ANSWER),
    ];
    let gold = LinkTally {
        articles: 3,
        undated: 1,
        out_of_order: 1,
        reprints: 0,
    };
    assert_eq!(link_all(&claims, LinkParams::default()).1, gold);
}

#[test]
fn reprints_are_linked_as_their_first_print() {
    let print_of = |article: &str, sentence: usize, claim: StatedClaim| StatedClaim {
        first_print: Some(Place {
            article: article.to_owned(),
            sentence,
        }),
        ..claim
    };
    let (first, third) = (Some("2021-03-01"), Some("2021-03-03"));
    let charge = |article: &str, date| claim(article, 1, date, "a", CHARGE);
    let answer = |article: &str, date| claim(article, 2, date, "d", ANSWER);
    let accusations = |linked: &[Linked]| -> Vec<(String, usize)> {
        let accusation = |linked: &Linked| match linked {
            Linked::Denial { .. } => None,
            Linked::Accusation {
                accusation,
                answered_by,
            } => Some((accusation.article.clone(), answered_by.len())),
        };
        linked.iter().filter_map(accusation).collect()
    };
    let gold = |article: &str, answers: usize| (article.to_owned(), answers);

    // The answer stands beside a reprint, and is itself printed again.
    let claims = [
        charge("a", first),
        print_of("a", 1, charge("b", third)),
        answer("b", third),
        print_of("a", 1, charge("c", third)),
        print_of("b", 2, answer("c", third)),
    ];
    let (linked, tally) = link_all(&claims, LinkParams::default());
    assert_eq!(names(&linked), ["b:2>a:1"]);
    assert_eq!(accusations(&linked), [gold("a", 1)]);
    assert_eq!((tally.articles, tally.reprints), (3, 3));

    // A print of what was not read, and one of a claim without the label, are claims like others.
    let claims = [
        claim("a", 1, first, "", CHARGE),
        print_of("a", 1, charge("b", third)),
        print_of("z", 1, charge("c", third)),
        answer("c", third),
    ];
    let (linked, tally) = link_all(&claims, LinkParams::default());
    assert_eq!(tally.reprints, 0);
    assert_eq!(accusations(&linked).len(), 2);
    assert!(names(&linked).contains(&"c:2>c:1".to_owned()));
}

#[test]
fn parameters_out_of_range_are_refused() {
    for (params, message) in [
        (
            LinkParams {
                most: 0,
                ..LinkParams::default()
            },
            "parameter `most` is 0, but must be at least 1",
        ),
        (
            LinkParams {
                threshold: Some(1.5),
                ..LinkParams::default()
            },
            "parameter `threshold` is 1.5, but must be between 0 and 1",
        ),
        (
            LinkParams {
                threshold: Some(f64::NAN),
                ..LinkParams::default()
            },
            "parameter `threshold` is NaN, but must be between 0 and 1",
        ),
    ] {
        let error = Linker::new(Model::shipped().into(), params).err().unwrap();
        assert_eq!(error.to_string(), message);
    }
}

#[test]
fn articles_leave_memory_with_their_days() {
    let params = LinkParams {
        days: 10,
        ..LinkParams::default()
    };
    let mut linker = Linker::new(Model::shipped().into(), params).unwrap();
    let mut out = Vec::new();
    let first = Date::parse("2021-01-01").unwrap();
    for day in 0..200 {
        for article in 0..3 {
            let date = first.plus(day).to_string();
            let id = format!("{day}-{article}");
            linker.push(claim(&id, 1, Some(&date), "a", CHARGE), &mut out);
            linker.push(claim(&id, 2, Some(&date), "d", ANSWER), &mut out);
        }
        assert!(
            linker.index.next_number() - linker.day <= 3,
            "one day waits"
        );
        assert!(
            linker.index.len() <= 3 * 11,
            "{} articles",
            linker.index.len()
        );
    }
    for undated in 0..200 {
        let id = format!("undated-{undated}");
        linker.push(claim(&id, 1, None, "a", CHARGE), &mut out);
    }
    linker.finish(&mut out);
    assert_eq!((linker.index.len(), linker.index.n_terms()), (0, 0));
}

/// Claims about few things on few days, in any order.
fn any_claims() -> impl Strategy<Value = Vec<StatedClaim>> {
    let words = prop::sample::select(vec![
        "cable", "Narva", "Belarus", "bank", "Lagos", "Estonia", "bribe", "ship", "poisoned", "Obi",
    ]);
    let text = prop::collection::vec(words, 2..7).prop_map(|words| words.join(" "));
    let date = prop::option::weighted(0.9, 1_u32..9)
        .prop_map(|day| day.map(|day| format!("2021-03-{day:02}")));
    let labels = prop::sample::select(vec!["a", "d", "ad", ""]);
    let article = (date, prop::collection::vec((labels, text), 1..5));
    prop::collection::vec(article, 1..12).prop_map(|articles| {
        let numbered = articles.into_iter().enumerate();
        numbered
            .flat_map(|(number, (date, claims))| {
                (1..).zip(claims).map(move |(sentence, (labels, text))| {
                    let id = format!("a{number}");
                    claim(&id, sentence, date.as_deref(), labels, &text)
                })
            })
            .collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn links_keep_to_the_rules(claims in any_claims(), most in 1_usize..4, days in 0_u32..9) {
        let params = LinkParams { days, most, threshold: Some(0.02) };
        let (linked, tally) = link_all(&claims, params);
        let date = |claim: &StatedClaim| claim.date.as_deref().and_then(Date::parse);
        let mut denials = Vec::new();
        let mut accusations = Vec::new();
        let mut answers_of = BTreeMap::<(String, usize), usize>::new();
        for linked in &linked {
            match linked {
                Linked::Denial { denial, answers } => {
                    denials.push(&**denial);
                    prop_assert!(answers.len() <= most);
                    for link in answers {
                        prop_assert_eq!(&link.denial, denial);
                        prop_assert!(link.accusation.accuses && (0.02..=1.0).contains(&link.score));
                        prop_assert!(link.accusation != link.denial);
                        if link.accusation.article != denial.article {
                            let (Some(one), Some(other)) = (date(denial), date(&link.accusation)) else {
                                panic!("{link:?} without dates")
                            };
                            prop_assert_eq!(one.days_since(other), link.delay_days);
                            prop_assert!((0..=i64::from(days)).contains(&link.delay_days));
                        }
                        let place = (link.accusation.article.clone(), link.accusation.sentence);
                        *answers_of.entry(place).or_default() += 1;
                    }
                }
                Linked::Accusation { accusation, answered_by } => {
                    accusations.push(&**accusation);
                    let place = (accusation.article.clone(), accusation.sentence);
                    prop_assert_eq!(answers_of.get(&place).copied().unwrap_or(0), answered_by.len());
                }
            }
        }
        // Every claim comes out, in the order in which it came.
        let given = |accuses: bool| claims.iter().filter(move |claim| if accuses { claim.accuses } else { claim.denies });
        prop_assert_eq!(denials, given(false).collect::<Vec<_>>());
        prop_assert_eq!(accusations, given(true).collect::<Vec<_>>());
        prop_assert_eq!(link_all(&claims, params), (linked, tally));
    }
}
