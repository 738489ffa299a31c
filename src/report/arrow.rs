//! Claims as Arrow record batches: the columns are the fields of the JSON lines, which are read back.
//!
//! So both formats say the same, and a field of the lines that the schema does not name stays out of the batches.

use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_json::ReaderBuilder;
use arrow_schema::{ArrowError, DataType, Field, Fields, Schema, SchemaRef};

use crate::Labels;

/// The columns of claims with these labels. What a claim can lack is nullable.
pub fn claim_schema(labels: &Labels) -> SchemaRef {
    let place = [given("text", Utf8), number("start"), number("end")];
    let party: Fields = [
        vec![
            given("text", Utf8),
            absent("code", Utf8),
            absent("role", Utf8),
        ],
        vec![number("start"), number("end")],
        vec![absent("antecedent", record(&place))],
    ]
    .concat()
    .into();
    let relation = [
        given("label", Utf8),
        given("sources", list(Struct(party.clone()))),
        given("targets", list(Struct(party.clone()))),
    ];
    let evidence = [
        given("label", Utf8),
        given("term", Utf8),
        number("start"),
        number("end"),
        given("contribution", Float64),
    ];
    let probabilities = labels.names().iter().map(|label| given(label, Float64));
    Arc::new(Schema::new(vec![
        given("article", Utf8),
        number("sentence"),
        number("start"),
        number("end"),
        given("text", Utf8),
        given("labels", list(Utf8)),
        given("probabilities", Struct(probabilities.collect())),
        absent("speaker", record(&place)),
        absent("source", Struct(party.clone())),
        absent("target", Struct(party)),
        given("relations", list(record(&relation))),
        given("evidence", list(record(&evidence))),
        absent("date", Utf8),
        absent("outlet", Utf8),
        absent("title", Utf8),
    ]))
}

use DataType::{Float64, Int64, Struct, Utf8};

fn given(name: &str, of: DataType) -> Field {
    Field::new(name, of, false)
}

fn absent(name: &str, of: DataType) -> Field {
    Field::new(name, of, true)
}

fn number(name: &str) -> Field {
    given(name, Int64)
}

fn record(fields: &[Field]) -> DataType {
    Struct(fields.to_vec().into())
}

fn list(of: DataType) -> DataType {
    DataType::List(Arc::new(given("item", of)))
}

/// Reads JSON lines as [`ClaimWriter`](super::ClaimWriter) writes them: `claims` lines.
///
/// # Errors
/// Those of the reader, for lines that are not of this schema.
pub fn claim_batch(
    schema: &SchemaRef,
    lines: &[u8],
    claims: usize,
) -> Result<RecordBatch, ArrowError> {
    let reader = ReaderBuilder::new(Arc::clone(schema)).with_batch_size(claims + 1);
    let mut decoder = reader.build_decoder()?;
    decoder.decode(lines)?;
    let batch = decoder.flush()?;
    Ok(batch.unwrap_or_else(|| RecordBatch::new_empty(Arc::clone(schema))))
}
