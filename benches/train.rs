//! Training on the labelled sentences of the project. `cargo bench --bench train`.

use std::hint::black_box;
use std::path::PathBuf;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use rejoinder::{ActorTable, Dataset, DatasetOptions, Lexicon, TrainParams};

fn train(criterion: &mut Criterion) {
    let labels = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("labels");
    let files = [labels.join("sentences.csv"), labels.join("articles.csv")];
    let data = Dataset::read(&files, &DatasetOptions::default())
        .expect("the labelled sentences are checked in");
    let params = TrainParams::default();
    let fit = || {
        params
            .train(&data, Lexicon::shipped(), ActorTable::shipped())
            .expect("it trains")
    };
    let n_features = fit().vectorizer().n_features();
    let mut group = criterion.benchmark_group("train");
    group
        .sample_size(10)
        .throughput(Throughput::Elements(data.samples.len() as u64));
    group.bench_function("labelled sentences to model", |bencher| {
        bencher.iter(|| assert_eq!(black_box(fit()).vectorizer().n_features(), n_features));
    });
    group.finish();
}

criterion_group!(benches, train);
criterion_main!(benches);
