//! The page as a whole: every number is there, and what is hostile stays text.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::collection::tests::linker;
use super::*;

/// Text that would be more than text in a page that does not take care.
const HOSTILE: [&str; 9] = [
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<!-- <script>",
    "]]> --> <style>*{display:none}</style>",
    "\" onmouseover=\"alert(1)",
    "' autofocus onfocus='alert(1)",
    "javascript:alert(1)",
    "&lt;b&gt; &#60;script&#62; \\u003cscript\\u003e",
    "\u{202E}drawkcab \u{2066}isolated \0 \u{2028}",
];

fn page(lines: &str) -> String {
    let lines = read_claim_lines("c.jsonl".as_ref(), lines.as_bytes());
    let claims = lines.collect::<Result<_>>().unwrap();
    let mut page = Vec::new();
    let report = HtmlReport::new(HOSTILE[0], claims, linker()).unwrap();
    report.write(&mut page).unwrap();
    String::from_utf8(page).unwrap()
}

/// A line all of whose texts are `text`, `label` included.
fn line_of(sentence: usize, text: &str) -> String {
    let party =
        serde_json::json!({"text": text, "code": text, "role": text, "antecedent": {"text": text}});
    let points = text.chars().count();
    let line = serde_json::json!({
        "article": text, "sentence": sentence, "start": 0, "end": points, "text": text,
        "labels": ["accusation", text], "probabilities": {"accusation": 0.9, text: 0.5},
        "speaker": party, "source": party, "target": party,
        "relations": [
            {"label": "accusation", "sources": [party, {"text": "A", "code": null}], "targets": [party]},
            {"label": text, "sources": [{"text": "A", "code": null}], "targets": [party]},
        ],
        "evidence": [{"label": "accusation", "term": text, "start": 0, "end": points, "contribution": 1.5}],
        "cluster": {"article": text, "sentence": sentence}, "reprint_of": text,
        "date": if sentence.is_multiple_of(2) { text } else { "2021-03-04" }, "outlet": text, "title": text,
    });
    line.to_string() + "\n"
}

/// The names of all tags of a page, and of all their attributes.
fn tags(page: &str) -> (Vec<String>, BTreeSet<String>) {
    let (mut names, mut attributes) = (Vec::new(), BTreeSet::new());
    let mut rest = page;
    while let Some((_, after)) = rest.split_once('<') {
        let name: String = after
            .chars()
            .take_while(|c| !c.is_whitespace() && *c != '>')
            .collect();
        let mut inside = &after[name.len()..];
        // Attributes of the templates are always quoted with double quotes, and all that is filled in escapes these.
        while !inside.starts_with('>') {
            inside = inside.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
            let end = inside.find(['=', '>', ' ']).unwrap();
            attributes.insert(inside[..end].to_owned());
            inside = match inside[end..].strip_prefix("=\"") {
                Some(value) => value.split_once('"').unwrap().1,
                None => &inside[end..],
            };
            inside = inside.trim_start();
        }
        rest = match name.as_str() {
            "script" | "style" => {
                let end = inside.find(&format!("</{name}")).unwrap();
                &inside[end..]
            }
            _ => inside,
        };
        names.push(name);
    }
    (names, attributes)
}

#[test]
fn hostile_text_makes_no_tag_and_no_attribute() {
    let lines = |texts: &[&str]| {
        let lines = (1..).zip(texts).map(|(n, text)| line_of(n, text));
        lines.collect::<String>()
    };
    let hostile = page(&lines(&HOSTILE));
    let harmless: Vec<String> = (0..HOSTILE.len()).map(|n| format!("text {n}")).collect();
    let harmless = page(&lines(
        &harmless.iter().map(String::as_str).collect::<Vec<_>>(),
    ));
    let (hostile_tags, harmless_tags) = (tags(&hostile), tags(&harmless));
    let known: BTreeSet<&String> = harmless_tags.0.iter().collect();
    let found: BTreeSet<&String> = hostile_tags.0.iter().collect();
    assert_eq!(found, known);
    assert_eq!(hostile_tags.1, harmless_tags.1);
    assert!(
        hostile_tags
            .1
            .iter()
            .all(|name| !name.starts_with("on") && name != "style" && name != "src")
    );
    let scripts = hostile_tags.0.iter().filter(|name| *name == "script");
    assert_eq!(scripts.count(), 2);
}

#[test]
fn links_lead_into_the_page_alone() {
    let page = page(&HOSTILE.map(|text| line_of(1, text)).concat());
    let links = page.split("href=\"").skip(1);
    assert!(links.clone().count() > 20);
    for link in links {
        assert!(link.starts_with('#'), "{}", &link[..40]);
    }
}

#[test]
fn what_the_page_holds_is_what_its_policy_allows() {
    let page = page(&line_of(1, "text"));
    let inside = |from: &str, to: &str| {
        let (_, after) = page.rsplit_once(from).unwrap();
        after.split_once(to).unwrap().0
    };
    let policy = policy::policy(
        inside("<script type=\"module\">", "</script>"),
        inside("<style>", "</style>"),
    );
    let policy = policy.replace('\'', "&#39;");
    let meta = format!("<meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">");
    assert!(page.find(&meta).unwrap() < page.find("<style>").unwrap());
    assert!(!policy.contains("unsafe"));
}

#[test]
fn assets_can_stand_in_a_page() {
    assert!(!SCRIPT.contains("</") && !SCRIPT.contains("<!--"));
    assert!(!STYLE.contains("</"));
    for sink in [
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "Function(",
    ] {
        assert!(!SCRIPT.contains(sink), "{sink}");
    }
}

#[test]
fn numbers_of_the_page_are_links_to_what_they_count() {
    let lines = [line_of(1, "text"), line_of(3, "text")].concat();
    let page = page(&lines);
    for text in ["2 claims</a> in ", "1 article</a> of ", "1 outlet</a>"] {
        assert!(
            page.contains(&format!("<a href=\"#once=0\">{text}")),
            "{text}"
        );
    }
    assert!(page.contains("<td class=\"n\"><a href=\"#label=0&#38;once=0\">2</a></td>"));
    assert!(page.contains("<a href=\"#label=0&#38;from=2021-03-04&#38;to=2021-03-04&#38;once=1\""));
}

#[test]
fn nothing_makes_an_empty_page() {
    let page = page(
        "{\"article\":\"a\",\"sentence\":1,\"start\":0,\"text\":\"x\",\"labels\":[],\"probabilities\":{},\"evidence\":[]}",
    );
    assert!(page.contains("There are no claims."));
    assert!(!page.contains("NaN") && !page.contains("<script"));
}

#[test]
fn the_same_claims_make_the_same_bytes() {
    let lines = HOSTILE.map(|text| line_of(1, text)).concat();
    assert_eq!(page(&lines), page(&lines));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_text_comes_back_from_the_data(text in any::<String>()) {
        let page = page(&line_of(1, &text));
        let (_, after) = page.split_once("<script type=\"application/json\" id=\"data\">").unwrap();
        let json = after.split_once("</script>").unwrap().0;
        prop_assert!(!json.contains('<'));
        let data: serde_json::Value = serde_json::from_str(json).unwrap();
        prop_assert_eq!(data["claims"][0][2].as_str(), Some(text.as_str()));
    }
}
