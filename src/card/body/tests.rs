//! What is found in the Markdown of a card, and where.

use super::plain_forms::plain_forms;
use super::*;
use crate::bytes::testing::grows_evenly;
use crate::source::{FileId, RepoPath};

fn file(text: &str) -> SourceFile {
    SourceFile::new(FileId(0), RepoPath::new("README.md"), text.as_bytes().to_vec())
}

fn with<T>(text: &str, look: impl FnOnce(&SourceFile, &Body) -> T) -> T {
    let source = file(text);
    let body = Body::parse(&source, 0);
    look(&source, &body)
}

#[test]
fn headings_of_every_kind_and_their_sections() {
    let text = "# A *b* `c` [d](e) ![f](g)\none\n## Two ##\ntwo\n```\n# no heading\n```\n### Deep\nThree\n=====\n<h2 align=\"center\">Html &amp; <b>bold</b></h2>\nx\n\n<h3>\n\nOpen *heading*\n\n</h3>\n\n#No heading\n";
    with(text, |source, body| {
        let seen: Vec<(u8, &str)> =
            body.headings.iter().map(|heading| (heading.level, heading.text.as_str())).collect();
        assert_eq!(
            seen,
            [(1, "A b c d f"), (2, "Two"), (3, "Deep"), (1, "Three"), (2, "Html &amp; bold"), (3, "Open heading")]
        );
        let section = |index: usize| source.slice(body.headings[index].section);
        assert_eq!(section(1), "two\n```\n# no heading\n```\n### Deep\n");
        assert_eq!(section(2), "");
        assert!(section(0).ends_with("### Deep\n") && section(0).starts_with("one"));
        assert_eq!(source.slice(body.headings[1].span), "## Two ##");
        assert!(section(3).starts_with("<h2") && section(3).ends_with("#No heading\n"));
        assert_eq!(source.slice(body.headings[4].span), "<h2 align=\"center\">Html &amp; <b>bold</b></h2>");
    });
}

#[test]
fn an_html_heading_that_never_ends_swallows_nothing() {
    with("<h1>Title\n\ntext of its own\n\n## Next\n", |_, body| {
        let seen: Vec<&str> = body.headings.iter().map(|heading| heading.text.as_str()).collect();
        assert_eq!(seen, ["Title", "Next"]);
        assert_eq!(body.prose.len(), 1);
    });
}

#[test]
fn code_blocks_know_language_text_and_closing() {
    let text = "```Python title=x\na = 1\n```\n\n    indented\n    more\n\n> ~~~{.sh}\n> ls\n> ~~~\n\n- x\n  ```\n  y\n  ```\n\n````\n```\nnever closed\n```\n";
    with(text, |source, body| {
        let seen: Vec<_> = body
            .code_blocks
            .iter()
            .map(|code| (code.language.as_deref(), code.text.as_str(), code.fenced, code.closed))
            .collect();
        assert_eq!(
            seen,
            [
                (Some("python"), "a = 1\n", true, true),
                (None, "indented\nmore\n", false, true),
                (Some("sh"), "ls\n", true, true),
                (None, "y\n", true, true),
                (None, "```\nnever closed\n```\n", true, false),
            ]
        );
        assert_eq!(source.slice(body.code_blocks[0].content), "a = 1\n");
        assert!(source.slice(body.code_blocks[0].span).starts_with("```Python"));
    });
    with("```\n# T\nall code", |_, body| assert!(!body.code_blocks[0].closed && body.headings.is_empty()));
    with("```", |_, body| assert!(!body.code_blocks[0].closed));
}

#[test]
fn links_and_images_with_the_place_of_their_address() {
    let text = "[a *b*](https://x.y/z \"t\") [r][ref] <https://auto.link> https://bare.link/a_b, (see www.w.de/(x)).\n\
                ![alt](img/a.png) [![in](in.svg)](out.html)\n`https://code.no`\n\n[ref]: ./path\n\n| https://cell.a |\n|-|\n| x |\n";
    with(text, |source, body| {
        let seen: Vec<_> = body.links.iter().map(|link| (link.kind, link.text.as_str(), link.url.as_str())).collect();
        assert_eq!(
            seen,
            [
                (LinkKind::Inline, "a b", "https://x.y/z"),
                (LinkKind::Reference, "r", "./path"),
                (LinkKind::Autolink, "https://auto.link", "https://auto.link"),
                (LinkKind::Bare, "https://bare.link/a_b", "https://bare.link/a_b"),
                (LinkKind::Bare, "www.w.de/(x)", "www.w.de/(x)"),
                (LinkKind::Inline, "in", "out.html"),
                (LinkKind::Bare, "https://cell.a", "https://cell.a"),
            ]
        );
        for link in body.links.iter().filter(|link| link.kind != LinkKind::Reference) {
            assert_eq!(source.slice(link.url_span.unwrap()), link.url);
        }
        let images: Vec<_> =
            body.images.iter().map(|image| (image.alt.as_str(), source.slice(image.url_span.unwrap()))).collect();
        assert_eq!(images, [("alt", "img/a.png"), ("in", "in.svg")]);
        assert_eq!(body.tables.len(), 1);
    });
}

#[test]
fn html_has_attributes_with_places() {
    let text = "<p align=center>\n  <IMG SRC='a b.png' width=\"9\" hidden alt=x>\n  word <a href=\"https://l.k\">text</a>\n</p>\n<!-- <img src=no> -->\n\ninline <Gallery /> and <b>bold</b> 1 < 2 <script>var x = '<img>';</script>\n\n<script>\n'<img>'\n</script>\n";
    with(text, |source, body| {
        let names: Vec<&str> = body.html.iter().map(|element| element.name.as_str()).collect();
        assert_eq!(names, ["p", "img", "a", "gallery", "b", "script", "img", "script"]);
        let img = &body.html[1];
        let attribute = |name: &str| source.slice(img.attribute(name).unwrap().span);
        assert_eq!(
            (attribute("src"), attribute("width"), attribute("hidden"), attribute("alt")),
            ("a b.png", "9", "", "x")
        );
        assert_eq!(source.slice(img.span), "<IMG SRC='a b.png' width=\"9\" hidden alt=x>");
        assert_eq!(source.slice(body.html[2].attribute("href").unwrap().span), "https://l.k");
        assert_eq!(source.slice(body.comments[0]), "<!-- <img src=no> -->");
    });
}

#[test]
fn decoration_comes_off_headings() {
    let first = |text: &str| plain_forms(text).remove(0);
    assert_eq!(first("\u{1f680} 3.1 How to Use [optional]:"), "how to use");
    assert_eq!(first("2、使用m3e"), "使用 m3e");
    assert_eq!(first("1\u{fe0f}\u{20e3} Model description"), "model description");
    assert_eq!(plain_forms("评测效果（Evaluation）")[1..], ["评测效果", "evaluation"]);
    assert_eq!(first("4bit"), "4bit");
    assert_eq!(first("2024"), "2024");
}

#[test]
fn topics_by_the_words_that_people_use() {
    use Topic::*;
    let rows: &[(Topic, &[&str])] = &[
        (
            Description,
            &[
                "Model description",
                "Model Details",
                "Overview",
                "Introduction",
                "Model Architecture and Objective",
                "Model Card for Model ID",
                "What is it?",
                "What's this?",
                "Key features \u{2728}",
                "Details of T5",
                "介绍 (Introduction)",
                "中文介绍",
                "模型细节",
                "Descripción del proyecto",
            ],
        ),
        (
            Usage,
            &[
                "How to use",
                "Usage",
                "Intended uses & limitations",
                "Uses",
                "Direct Use",
                "How to Get Started with the Model",
                "Downstream Use [optional]",
                "Model in action \u{1f680}",
                "Installation",
                "Example usage",
                "Quickstart",
                "Quick Start",
                "In Transformers",
                "Load model and tokenizer",
                "快速使用",
                "使用方法",
                "使用 m3e",
                "как использовать",
                "Uso rápido",
                "모델 사용 방법",
            ],
        ),
        (
            Technical,
            &[
                "Training data",
                "Training procedure",
                "Preprocessing",
                "Technical Specifications [optional]",
                "Software",
                "Compute Infrastructure",
                "Model fine-tuning \u{1f3cb}",
                "Pretraining corpus",
                "Framework versions",
                "Training and evaluation data",
                "Speeds, Sizes, Times",
                "训练方案",
                "数据集",
                "архитектура",
                "학습 설정",
            ],
        ),
        (
            Evaluation,
            &[
                "Results",
                "Evaluation",
                "Eval results",
                "Testing Data, Factors & Metrics",
                "Test set results \u{1f4ca}",
                "Benchmarks",
                "Metrics on evaluation set",
                "Performance",
                "评测效果（Evaluation）",
                "性能指标",
                "Justify (驗證有效性)",
            ],
        ),
        (
            Limitations,
            &[
                "Limitations and bias",
                "Bias, Risks, and Limitations",
                "Out-of-Scope Use",
                "Disclaimer",
                "Misuse and malicious use",
                "Ethical Considerations",
                "Intended uses & limitations",
                "한계",
                "注意",
                "ограничения",
            ],
        ),
        (
            Citation,
            &[
                "Citation",
                "BibTeX entry and citation info",
                "How to cite",
                "Acknowledgements",
                "References",
                "Citing & Authors",
                "For more details about our paper",
                "引用",
                "参考文献",
            ],
        ),
        (License, &["License", "许可证", "使用协议", "лицензия", "Licencias"]),
        (Environment, &["Environmental Impact", "Carbon footprint"]),
        (Contact, &["Contact", "Model Card Authors [optional]", "联系我们"]),
    ];
    for (topic, texts) in rows {
        for text in *texts {
            assert!(topics::of(text).contains(topic), "{text}: {:?}", topics::of(text));
        }
    }
}

#[test]
fn words_that_fool_a_search_for_substrings() {
    use Topic::*;
    let none: &[(&str, Topic)] = &[
        ("BERT for resource-limited devices", Limitations),
        ("Safety checker", Limitations),
        ("Coreference resolution", Citation),
        ("API reference", Citation),
        ("Picking good reference clips", Citation),
        ("The museum", Usage),
        ("Pre-trained models", Technical),
        ("Load pretrained model", Technical),
        ("Question paraphrasing", Contact),
        ("Training and evaluation data", Evaluation),
        ("Out-of-Scope Use", Usage),
        ("使用协议", Usage),
        ("Because", Usage),
    ];
    for (text, topic) in none {
        assert!(!topics::of(text).contains(topic), "{text}: {:?}", topics::of(text));
    }
}

#[test]
fn hostile_markdown_costs_little() {
    type Text = fn(usize) -> String;
    let cases: [(&str, usize, Text); 20] = [
        ("brackets", 150_000, |size| "[".repeat(size)),
        ("stars", 150_000, |size| "*".repeat(size)),
        ("stars apart", 150_000, |size| "*a ".repeat(size)),
        ("headings", 40_000, |size| (0..size).map(|level| format!("{} a\n", "#".repeat(level % 6 + 1))).collect()),
        ("one line", 150_000, |size| "x ".repeat(size)),
        ("quotes", 30_000, |size| ">".repeat(size)),
        ("nested images", 20_000, |size| format!("{}a{}", "![".repeat(size), "](\\_x)".repeat(size))),
        ("tags", 80_000, |size| "<a ".repeat(size)),
        ("tags with quotes", 30_000, |size| "<p>\n".to_owned() + &"<a b=\"<a c='".repeat(size)),
        ("open headings", 50_000, |size| "<h1>a\n\n".repeat(size)),
        ("scripts", 30_000, |size| format!("<div>\n{}", "<script>".repeat(size))),
        ("comments", 30_000, |size| format!("<div>\n{}", "<!-- ".repeat(size))),
        ("addresses", 60_000, |size| "https://a.b/(c) ".repeat(size)),
        ("closing brackets", 500_000, |size| format!("https://a.b/{}", ")".repeat(size))),
        ("letters h", 500_000, |size| "h".repeat(size)),
        ("braces", 150_000, |size| "{{ ".repeat(size)),
        ("tasks", 80_000, |size| "[todo ".repeat(size)),
        ("needed", 40_000, |size| "more information needed ".repeat(size)),
        ("fences", 100_001, |size| "```\n".repeat(size)),
        ("cells", 50_000, |size| format!("|a|b|\n|-|-|\n{}", "|c|d|\n".repeat(size))),
    ];
    for (name, size, text) in cases {
        grows_evenly(name, size, |size| with(&text(size), |_, _| ()));
    }
}

#[test]
fn mutated_bodies_keep_their_spans_inside() {
    let seed = "# A\ntext <b c=\"d\">e</b> [f](g \"h\") ![i](j)\n\n| k |\n|---|\n| https://l.m |\n\n```py\nn\n```\n<h2>o</h2>\n<!-- p -->\n- q [^1]\n\n[^1]: r\n[s]: t\n";
    let pieces = [
        "<", ">", "\"", "'", "`", "```\n", "[", "](", ")", "!", "#", "\n", "<!--", "-->", "<h1>", "</h1>", "|", "é",
        "你", "https://", "{{", "}}", "    ", "> ", "\\", "\r\n", "\0",
    ];
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut random = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below as u64) as usize
    };
    for _ in 0..2_000 {
        let mut text: Vec<char> = seed.chars().collect();
        for _ in 0..1 + random(5) {
            let at = random(text.len());
            match random(3) {
                0 => drop(text.drain(at..(at + 1 + random(6)).min(text.len()))),
                _ => drop(text.splice(at..at, pieces[random(pieces.len())].chars())),
            }
        }
        let text: String = text.into_iter().collect();
        with(&text, |source, body| {
            let mut spans: Vec<Span> =
                body.headings.iter().flat_map(|heading| [heading.span, heading.section]).collect();
            spans.extend(body.code_blocks.iter().flat_map(|code| [code.content, code.span]));
            spans.extend(body.links.iter().flat_map(|link| [Some(link.span), link.url_span]).flatten());
            spans.extend(body.images.iter().flat_map(|image| [Some(image.span), image.url_span]).flatten());
            spans.extend(
                body.html.iter().flat_map(|element| {
                    element.attributes.iter().map(|attribute| attribute.span).chain([element.span])
                }),
            );
            spans.extend(body.comments.iter().chain(&body.tables).chain(&body.code_spans).copied());
            spans.extend(body.prose.iter().map(|prose| prose.span));
            for span in spans {
                assert!(span.start <= span.end && source.text().get(span.range()).is_some(), "{text:?} {span:?}");
            }
        });
    }
}
