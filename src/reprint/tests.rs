//! Cases and properties of clusters.

use proptest::prelude::*;

use super::*;
use crate::{Article, Model, Pipeline, Unit};

const FIRST: &str = "Kenya's athletics federation denied on Monday that it had warned runners of 14 drug tests before the \
    trials in Nakuru. A former team doctor, Peter Kiprono, accused coaches of sending text messages the evening before.";

fn pipeline() -> Pipeline {
    Pipeline::new(Model::shipped().into())
}

fn article(id: &str, date: Option<&str>, text: &str) -> Article {
    Article {
        id: id.to_owned(),
        date: date.map(str::to_owned),
        text: text.to_owned(),
        ..Article::default()
    }
}

/// The claims of articles that are read in this order.
fn clustered(articles: &[Article]) -> Vec<Vec<Claim>> {
    clustered_by(&mut pipeline(), articles)
}

fn clustered_by(pipeline: &mut Pipeline, articles: &[Article]) -> Vec<Vec<Claim>> {
    let mut reprints = Reprints::new();
    let read = articles.iter().map(|article| {
        let wanted = |prediction: &crate::Prediction| !prediction.labels.is_empty();
        let (mut claims, prints) = pipeline.classify_with_prints(article, Unit::Sentence, wanted);
        reprints.cluster(article, &mut claims, prints);
        claims
    });
    read.collect()
}

/// What the second of two texts is: `reprint`, `claims` where claims of the first are printed again in another article, `new`.
fn verdict(first: (Option<&str>, &str), second: (Option<&str>, &str)) -> &'static str {
    let articles = [
        article("first", first.0, first.1),
        article("second", second.0, second.1),
    ];
    let claims = &clustered(&articles)[1];
    let again = |claim: &&Claim| {
        claim
            .cluster
            .as_ref()
            .is_some_and(|cluster| &*cluster.article == "first")
    };
    if claims.iter().any(|claim| claim.reprint_of.is_some()) {
        "reprint"
    } else if claims.iter().any(|claim| again(&claim)) {
        "claims"
    } else {
        "new"
    }
}

#[test]
fn texts_are_reprints_or_not() {
    let (monday, later) = (Some("2021-08-02"), Some("2021-08-11"));
    for (name, first, second, found) in [
        ("the same", (None, FIRST), (None, FIRST), "reprint"),
        (
            "the same a week later",
            (monday, FIRST),
            (Some("9 August 2021"), FIRST),
            "reprint",
        ),
        (
            "the same nine days later",
            (monday, FIRST),
            (later, FIRST),
            "new",
        ),
        (
            "the same nine days before",
            (later, FIRST),
            (monday, FIRST),
            "new",
        ),
        (
            "a date that tells no day",
            (monday, FIRST),
            (Some("Monday"), FIRST),
            "reprint",
        ),
        (
            "lightly rewritten",
            (None, FIRST),
            (
                None,
                "Runners in Kenya were not warned of fourteen drug tests ahead of trials at Nakuru, the country's athletics \
                 federation said, denying the claim. Coaches were sending text messages on the evening before, Peter Kiprono, \
                 once the team's doctor, has charged.",
            ),
            "reprint",
        ),
        (
            "another number",
            (
                None,
                "Kenya's athletics federation denied that it had warned runners of 14 drug tests.",
            ),
            (
                None,
                "Kenya's athletics federation denied that it had warned runners of 41 drug tests.",
            ),
            "new",
        ),
        (
            "other actors",
            (
                None,
                "Ghana's navy accused a Spanish trawler of fishing inside a nursery reserve with the transponder off.",
            ),
            (
                None,
                "Peru's navy accused a Chinese trawler of fishing inside a nursery reserve with the transponder off.",
            ),
            "new",
        ),
        (
            "one claim in another report",
            (None, FIRST),
            (
                None,
                "The rain had stopped when the last of the milers arrived in Eldoret for the parade of the champions. Two \
                 brass bands led them past the market to the stadium, where the governor of the county handed out cheques. A former \
                 team doctor, Peter Kiprono, accused coaches of sending text messages the evening before. Shops along the \
                 avenue stayed open until midnight, and children climbed on lorries to see the medals.",
            ),
            "claims",
        ),
        (
            "a few words that everybody writes",
            (None, "The minister denied the allegations."),
            (None, "The minister denied the allegations."),
            "new",
        ),
        ("nothing", (None, ""), (None, ""), "new"),
    ] {
        assert_eq!(verdict(first, second), found, "{name}");
    }
}

#[test]
fn a_claim_that_is_printed_for_the_first_time_is_its_own_cluster() {
    let claims = clustered(&[article("a", None, FIRST)]).remove(0);
    assert_eq!(claims.len(), 2);
    for claim in claims {
        let cluster = claim.cluster.unwrap();
        assert_eq!((&*cluster.article, cluster.sentence), ("a", claim.sentence));
        assert_eq!(cluster.counted, claim.prediction.labels);
        assert_eq!(claim.reprint_of, None);
    }
}

#[test]
fn a_sentence_is_no_reprint_of_one_in_its_own_article() {
    let sentence = FIRST.split_inclusive(". ").nth(1).unwrap();
    let claims = clustered(&[article("a", None, &format!("{sentence} {sentence}"))]).remove(0);
    let own = claims
        .iter()
        .map(|claim| claim.cluster.as_ref().unwrap().sentence);
    assert_eq!(own.collect::<Vec<_>>(), [1, 2]);
}

#[test]
fn reprints_of_reprints_name_the_first_print() {
    let articles = ["a", "b", "c", "d"].map(|id| article(id, None, FIRST));
    for claims in &clustered(&articles)[1..] {
        for claim in claims {
            assert_eq!(claim.reprint_of.as_deref(), Some("a"));
            let cluster = claim.cluster.as_ref().unwrap();
            assert_eq!(&*cluster.article, "a");
            assert!(cluster.counted.is_empty());
        }
    }
}

#[test]
fn what_is_no_longer_kept_is_not_known_again() {
    let mut pipeline = pipeline();
    let mut reprints = Reprints {
        articles: Shelf::new(2, 8),
        claims: Shelf::new(4, 6),
    };
    let others = [
        "Ghana's navy accused a Spanish trawler of fishing inside a nursery reserve off Elmina.",
        "Poland's ruling party denied that a bill on the judiciary would let ministers pick judges.",
        "Fifteen countries agreed to ban three pesticides that beekeepers accuse of emptying hives.",
        "Iran agreed to suspend the enrichment of uranium and to let inspectors visit Natanz.",
        "Prosecutors in Vienna accused two directors of Hallmann Bank of hiding losses from auditors.",
    ];
    let mut is_reprint = |text: &str| {
        let article = article("id", None, text);
        let (mut claims, prints) =
            pipeline.classify_with_prints(&article, Unit::Sentence, |_| true);
        reprints.cluster(&article, &mut claims, prints)
    };
    assert!(!is_reprint(FIRST));
    assert!(is_reprint(FIRST));
    assert!(!others.map(&mut is_reprint).contains(&true));
    assert!(!is_reprint(FIRST), "it was pushed out");
}

/// Clauses that make sentences with and without claims.
const CLAUSES: [&str; 8] = [
    "Ghana's navy accused a Spanish trawler of fishing inside a reserve off Elmina",
    "Poland denied that a bill on the judiciary would let ministers pick judges",
    "Fifteen countries agreed to ban pesticides which empty hives of bees",
    "It rained on the harbour for the third day",
    "Prosecutors in Vienna accused Hallmann Bank of hiding 48 million euros from auditors",
    "Tehran offered to let inspectors visit the centrifuges at Natanz",
    "The price of rice fell",
    "Chief executive Graham Tolliver denied that cost had played any role in the leak",
];

prop_compose! {
    fn texts()(choices in prop::collection::vec(prop::collection::vec(0..CLAUSES.len(), 0..5), 1..12)) -> Vec<String> {
        let text = |of_text: &Vec<usize>| of_text.iter().flat_map(|&at| [CLAUSES[at], ". "]).collect();
        choices.iter().map(text).collect()
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn clusters_are_the_same_every_time_and_name_claims_that_came_before(texts in texts()) {
        let mut pipeline = pipeline();
        let articles: Vec<Article> = (0..).zip(&texts).map(|(n, text)| article(&format!("a{n}"), None, text)).collect();
        let clusters = clustered_by(&mut pipeline, &articles);
        prop_assert_eq!(&clusters, &clustered_by(&mut pipeline, &articles));
        let mut counted = std::collections::BTreeSet::new();
        for (at, claims) in clusters.iter().enumerate() {
            for claim in claims {
                let cluster = claim.cluster.as_ref().unwrap();
                let first = clusters[..=at].iter().zip(&articles).find(|(_, article)| *article.id == *cluster.article);
                let first = first.and_then(|(claims, _)| claims.iter().find(|first| first.sentence == cluster.sentence));
                let first = first.expect("the first print came before");
                prop_assert_eq!(first.cluster.as_ref().map(|own| (&own.article, own.sentence)), Some((&cluster.article, cluster.sentence)));
                let own = *cluster.article == *articles[at].id;
                prop_assert!(!own || cluster.sentence == claim.sentence, "a reprint of its own article");
                prop_assert!(claim.reprint_of.as_deref() != Some(&articles[at].id));
                for label in cluster.counted.iter() {
                    let new = counted.insert((cluster.article.clone(), cluster.sentence, label));
                    prop_assert!(new, "counted twice");
                }
            }
        }
    }

    #[test]
    fn a_text_agrees_wholly_with_itself(hashes in prop::collection::vec((any::<u64>(), 1..=255_u8), 1..200)) {
        let mut terms: Vec<print::Term> = hashes.iter().map(|&(hash, weight)| print::Term::new(hash, print::Kind::Name, weight)).collect();
        let print = Print::new(&mut terms);
        prop_assert!(print.terms.len() <= Print::LIMIT);
        let agreement = Agreement::of(&print, &print);
        prop_assert!((agreement.overlap - 1.0).abs() < 1e-6);
        prop_assert!(agreement.other_names.abs() < 1e-6);
        // A beginning of it shares all that it has, also where terms of the whole were left out.
        let beginning = Agreement::of(&print, &Print::new(&mut terms[..terms.len().div_ceil(2)].to_vec()));
        prop_assert!(beginning.shared == 0 || (beginning.overlap - 1.0).abs() < 1e-6);
    }
}
