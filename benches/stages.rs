//! Each stage of classification and the whole, on the articles of the tests. `cargo bench`.

use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use rejoinder::article::furniture;
use rejoinder::evaluate::predict;
use rejoinder::report::{ClaimFormat, ClaimWriter};
use rejoinder::{
    Article, ArticleReader, Model, Pipeline, ReadOptions, Span, Tokenizer, Unit, segment,
};

fn articles() -> Vec<Article> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/articles");
    let reader = ArticleReader::open(&[folder], ReadOptions::default())
        .expect("the articles are checked in");
    reader
        .collect::<Result<_, _>>()
        .expect("the articles can be read")
}

fn sentences(article: &Article) -> Vec<Span> {
    let mut sentences = Vec::new();
    segment(&article.text, &furniture(&article.text), &mut sentences);
    sentences
}

fn stages(criterion: &mut Criterion) {
    let articles = articles();
    let model = Arc::new(Model::shipped());
    let bytes: usize = articles.iter().map(|article| article.text.len()).sum();
    let n_sentences: usize = articles
        .iter()
        .map(|article| sentences(article).len())
        .sum();
    let mut group = criterion.benchmark_group("stages");
    group.throughput(Throughput::Bytes(bytes as u64));

    group.bench_function("segment", |bencher| {
        bencher.iter(|| {
            let found: usize = articles
                .iter()
                .map(|article| sentences(black_box(article)).len())
                .sum();
            assert_eq!(found, n_sentences);
        });
    });

    let mut tokenizer = Tokenizer::new(Arc::clone(model.resources()));
    let spans: Vec<Vec<Span>> = articles.iter().map(sentences).collect();
    let mut count_tokens = || -> usize {
        let texts = articles.iter().zip(&spans);
        texts
            .flat_map(|(a, spans)| spans.iter().map(move |&span| (a, span)))
            .map(|(article, span)| tokenizer.tokenize(&article.text, span).len())
            .sum()
    };
    let n_tokens = count_tokens();
    group.bench_function("tokenize", |bencher| {
        bencher.iter(|| assert_eq!(black_box(count_tokens()), n_tokens));
    });

    let mut pipeline = Pipeline::new(Arc::clone(&model));
    let mut count_claims = || -> usize {
        let claims = articles
            .iter()
            .flat_map(|article| pipeline.classify(article, Unit::Sentence));
        claims
            .filter(|claim| !claim.prediction.labels.is_empty())
            .count()
    };
    let n_claims = count_claims();
    assert!(n_claims > 0);
    group.bench_function("classify", |bencher| {
        bencher.iter(|| assert_eq!(black_box(count_claims()), n_claims));
    });

    let mut pipeline = Pipeline::new(Arc::clone(&model));
    let writer = ClaimWriter::new(ClaimFormat::Jsonl, model.labels().clone());
    let mut write = || {
        let mut out = Vec::new();
        for article in &articles {
            let mut claims = pipeline.classify(article, Unit::Sentence);
            claims.retain(|claim| !claim.prediction.labels.is_empty());
            writer
                .write(&mut out, article, &claims)
                .expect("a vector takes every byte");
        }
        out
    };
    let expected = write();
    group.bench_function("pipeline", |bencher| {
        bencher.iter(|| assert_eq!(black_box(write()), expected));
    });
    group.finish();

    let mut pipeline = Pipeline::new(Arc::clone(&model));
    let sentence = "Tehran denied on Monday that it had supplied the drones and offered to open its factories to inspectors.";
    let expected = predict(&model, &[sentence]).remove(0);
    criterion.bench_function("one sentence", |bencher| {
        bencher.iter(|| assert_eq!(pipeline.predict(black_box(sentence)), expected));
    });
}

criterion_group!(benches, stages);
criterion_main!(benches);
