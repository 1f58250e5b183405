//! The papers that a card links so that the Hub finds them: by a paper page of the Hub, or an abstract or PDF of arXiv
//! (hub-docs, model-cards.md).

use crate::card::Card;
use crate::source::Span;

/// A paper that the text links.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Paper {
    /// Its id on arXiv, without the version.
    pub(crate) id: String,
    /// The link.
    pub(crate) span: Span,
}

/// More papers in one card are not listed.
const MAX_LISTED: usize = 256;

/// The papers of a card's links, in the order of the text, each once.
pub(crate) fn papers(card: &Card<'_>) -> Vec<Paper> {
    let body = card.body();
    let links = body.links.iter().map(|link| (link.url.as_str(), link.span));
    let anchors = body.html.iter().filter(|element| element.name == "a");
    let anchors = anchors.filter_map(|element| Some((element.attribute("href")?.value.as_str(), element.span)));
    let mut found: Vec<Paper> = Vec::new();
    for (url, span) in links.chain(anchors) {
        if let Some(id) = paper_in_url(url)
            && found.len() < MAX_LISTED
            && found.iter().all(|paper| paper.id != id)
        {
            found.push(Paper { id: id.to_owned(), span });
        }
    }
    found.sort_by_key(|paper| paper.span.start);
    found
}

/// The id in the address of a paper page, an abstract or a PDF.
fn paper_in_url(url: &str) -> Option<&str> {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://")).unwrap_or(url);
    let rest = rest.strip_prefix("www.").unwrap_or(rest);
    let starts = ["arxiv.org/abs/", "arxiv.org/pdf/", "huggingface.co/papers/", "hf.co/papers/"];
    let path = starts.iter().find_map(|start| rest.strip_prefix(start))?;
    let path = path.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
    let path = path.strip_suffix(".pdf").unwrap_or(path);
    let id = without_version(path);
    is_arxiv_id(id).then_some(id)
}

/// `2106.09685` of `2106.09685v2`.
fn without_version(id: &str) -> &str {
    match id.rsplit_once('v') {
        Some((id, version)) if !version.is_empty() && version.bytes().all(|byte| byte.is_ascii_digit()) => id,
        _ => id,
    }
}

/// `2106.09685`, or as before 2007 `cs/0501001`, `math.GT/0309136`.
fn is_arxiv_id(text: &str) -> bool {
    if let Some((archive, number)) = text.split_once('/') {
        let is_archive =
            !archive.is_empty() && archive.bytes().all(|byte| byte.is_ascii_alphabetic() || b".-".contains(&byte));
        return is_archive && are_digits(number, 7..=7);
    }
    text.split_once('.').is_some_and(|(month, number)| are_digits(month, 4..=4) && are_digits(number, 4..=5))
}

fn are_digits(text: &str, lengths: std::ops::RangeInclusive<usize>) -> bool {
    lengths.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{FileId, RepoPath, SourceFile};

    #[test]
    fn addresses() {
        for (url, id) in [
            ("https://arxiv.org/abs/2106.09685", "2106.09685"),
            ("http://www.arxiv.org/pdf/2106.09685v2.pdf", "2106.09685"),
            ("https://huggingface.co/papers/1706.03762?x#y", "1706.03762"),
            ("https://hf.co/papers/1706.03762/", "1706.03762"),
            ("https://arxiv.org/abs/cs/0501001", "cs/0501001"),
            ("https://arxiv.org/abs/math.GT/0309136v1", "math.GT/0309136"),
        ] {
            assert_eq!(paper_in_url(url), Some(id), "{url}");
        }
        for url in [
            "https://arxiv.org/list/cs/recent",
            "https://ar5iv.org/abs/2106.09685",
            "https://arxiv.org/abs/",
            "https://arxiv.org/abs/2106",
            "https://arxiv.org/abs/21060.9685",
            "https://example.com/arxiv.org/abs/2106.09685",
            "2106.09685",
        ] {
            assert_eq!(paper_in_url(url), None, "{url}");
        }
    }

    #[test]
    fn links_and_no_names() {
        let text = "See [it](https://arxiv.org/abs/2106.09685), https://arxiv.org/pdf/2106.09685 and <a href=\"https://hf.co/papers/1706.03762\">this</a>; arXiv:2005.14165.\n\n`https://arxiv.org/abs/2005.14165`\n";
        let source = SourceFile::new(FileId(0), RepoPath::new("README.md"), text.as_bytes().to_vec());
        let ids: Vec<String> = papers(&Card::parse(&source)).into_iter().map(|paper| paper.id).collect();
        assert_eq!(ids, ["2106.09685", "1706.03762"]);
    }
}
