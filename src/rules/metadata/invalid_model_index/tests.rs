use super::*;
use crate::rules::testing::in_front_matter;

/// What follows `model-index:`, and the levels of what is found.
fn levels(yaml: &str) -> Vec<Level> {
    in_front_matter(&InvalidModelIndex, &format!("model-index:{yaml}\n")).iter().map(|found| found.level).collect()
}

/// A result with another part: `task: {type: t}` and so on.
fn with(change: &str) -> String {
    let mut parts = vec!["task: {type: t}", "dataset: {type: d, name: D}", "metrics: [{type: m, value: 1}]"];
    let key = change.split(':').next().unwrap();
    parts.retain(|part| part.split(':').next() != Some(key));
    parts.push(change);
    parts.retain(|part| part.contains(':'));
    format!(" [{{name: n, results: [{{{}}}]}}]", parts.join(", "))
}

// Each of these was loaded with `ModelCard` of huggingface_hub 2.4.0: no exception.
#[test]
fn what_loads() {
    for yaml in
        ["", " []", " null", " [{name: n, results: []}]", " [{name: n, results: {}}]", " [{name: n, results: ''}]"]
    {
        assert_eq!(levels(yaml), [], "{yaml}");
    }
    for change in [
        "task: {type: null}",
        "task: {type: t, name: T}",
        "dataset: {type: d, name: D, config: c, split: test, args: {a: 1}}",
        "dataset: {type: d, name: D, config: null}",
        "dataset: {type: d, name: D, args: plus}",
        "metrics: []",
        "metrics: [{type: m, value: '0.9'}]",
        "metrics: [{type: m, value: 250.3 +/- 20.1}]",
        "metrics: [{type: m, value: -1.5e-3}]",
        "metrics: [{type: m, value: 1_000}]",
        "source: null",
        "source: {url: 'https://example.com'}",
        "source: {url: 'https://example.com', name: s}",
        "verified: true",
    ] {
        assert_eq!(levels(&with(change)), [], "{change}");
    }
}

// Each of these makes `ModelCard` of huggingface_hub 2.4.0 raise.
#[test]
fn what_raises() {
    for yaml in [
        " [n]",
        " [[n]]",
        " [null, {name: n, results: []}]",
        " [{results: []}]",
        " [{name: n}]",
        " [{name: n, results: null}]",
        " [{name: n, results: [r]}]",
        " [{name: n, results: {a: b}}]",
        " [{name: n, results: some}]",
        " [{name: n, results: [null, {}]}]",
    ] {
        assert!(!levels(yaml).is_empty(), "{yaml}");
        assert!(levels(yaml).iter().all(|level| *level == Level::Error), "{yaml}");
    }
    for change in [
        "task",
        "task: t",
        "task: null",
        "task: {name: T}",
        "dataset",
        "dataset: d",
        "dataset: {type: d}",
        "dataset: {name: D}",
        "metrics",
        "metrics: null",
        "metrics: {type: m, value: 1}",
        "metrics: [m]",
        "metrics: [{type: m}]",
        "metrics: [{value: 1}]",
        "source: a text",
        "source: {name: s}",
        "source: {name: s, url: null}",
    ] {
        assert_eq!(levels(&with(change)), [Level::Error], "{change}");
    }
}

// The Hub's own words: `dataset.config` "must be a string", the whole "must be an array".
#[test]
fn what_the_hub_refuses() {
    let refused = |yaml: &str| {
        let found = in_front_matter(&InvalidModelIndex, &format!("model-index:{yaml}\n"));
        assert_eq!(found.len(), 1, "{yaml}");
        assert_eq!((found[0].level, found[0].effect), (Level::Error, Effect::BlocksPush), "{yaml}");
    };
    for yaml in [" {name: n, results: []}", " some text", " 7"] {
        refused(yaml);
    }
    for config in ["1", "true", "[a]", "{a: b}"] {
        refused(&with(&format!("dataset: {{type: d, name: D, config: {config}}}")));
    }
}

#[test]
fn what_is_worth_a_warning() {
    for change in [
        "metrics: [{type: m, value: null}]",
        "metrics: [{type: m, value: ''}]",
        "metrics: [{type: m, value: 92.3%}]",
        "metrics: [{type: m, value: soon}]",
        "metrics: [{type: m, value: true}]",
        "metrics: [{type: m, value: .nan}]",
        "metrics: [{type: m, value: [1, 2]}]",
        "dataset: {type: d, name: 7}",
        "task: {type: [t]}",
    ] {
        assert_eq!(levels(&with(change)), [Level::Warning], "{change}");
    }
}

#[test]
fn each_place() {
    let yaml =
        "\n- name: n\n  results:\n  - dataset: {type: d, name: D}\n    metrics:\n    - type: a\n    - value: 1\n";
    let found = in_front_matter(&InvalidModelIndex, &format!("model-index:{yaml}"));
    assert_eq!(found.len(), 3, "{found:?}");
}

#[test]
fn a_merge_key_may_bring_anything() {
    let yaml = "base: &base {type: m, value: 1}\nmodel-index: [{name: n, results: [{task: {type: t}, \
                dataset: {type: d, name: D}, metrics: [{<<: *base}]}]}]\n";
    assert_eq!(in_front_matter(&InvalidModelIndex, yaml), []);
    assert_eq!(in_front_matter(&InvalidModelIndex, "model-index: [{name: n\ntags: [a]\n"), []);
}

#[test]
fn aliases_do_not_multiply_the_work() {
    let metrics = "x: &m [".to_owned() + &"{type: m, value: 1},".repeat(2000) + "]\n";
    let result = "{task: {type: t}, dataset: {type: d, name: D}, metrics: *m},";
    let yaml = format!("{metrics}model-index: [{{name: n, results: [{}]}}]\n", result.repeat(2000));
    let start = crate::testing::Stopwatch::start();
    assert_eq!(in_front_matter(&InvalidModelIndex, &yaml), []);
    assert!(start.elapsed().as_secs() < 20);
}
