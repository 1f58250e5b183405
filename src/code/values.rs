//! What an expression is without running it.

use ruff_python_ast::{Expr, Operator};

/// How many pieces a text may be added up from.
const MAX_PIECES: usize = 1000;

/// The text that an expression always is: a literal, or literals added up.
pub(super) fn text(expr: &Expr) -> Option<String> {
    let mut pieces = Vec::new();
    let mut at = expr;
    loop {
        match at {
            Expr::BinOp(sum) if sum.op == Operator::Add && pieces.len() < MAX_PIECES => {
                pieces.push(literal(&sum.right)?);
                at = &sum.left;
            }
            other => {
                pieces.push(literal(other)?);
                pieces.reverse();
                return Some(pieces.concat());
            }
        }
    }
}

fn literal(expr: &Expr) -> Option<String> {
    match expr {
        Expr::StringLiteral(string) => Some(string.value.to_str().to_owned()),
        Expr::BytesLiteral(bytes) => {
            let bytes: Vec<u8> = bytes.value.bytes().collect();
            String::from_utf8(bytes).ok()
        }
        _ => None,
    }
}
