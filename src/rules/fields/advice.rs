//! The help of a finding: what to do, then why.

/// An order such as "write `mit`", as a sentence, and the reason for it.
pub(crate) fn advice(order: &str, reason: &str) -> String {
    let mut rest = order.chars();
    let first: String = rest.next().into_iter().flat_map(char::to_uppercase).collect();
    format!("{first}{}. {reason}", rest.as_str())
}
