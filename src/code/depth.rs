//! How deeply a text nests, told from its tokens alone.

use ruff_python_ast::token::TokenKind;
use ruff_python_parser::Mode;
use ruff_python_parser::lexer::lex;

/// The deepest tree that is built. Code that people write stays under a tenth of it.
const MAX_DEPTH: usize = 1500;

/// Whether the syntax tree could be deeper than [`MAX_DEPTH`].
///
/// Every token but names, literals and commas may put a node above what follows or what came before it: brackets,
/// operators (`a + b + c` is a tree of depth 3), dots, keywords. So the depth at a place is at most the number of such
/// tokens since the last comma at each level of brackets, and the indentation.
pub(super) fn is_too_deep(text: &str) -> bool {
    let mut lexer = lex(text, Mode::Module);
    let mut indents = 0_usize;
    // The tokens since the last comma, for each open bracket; the first for the statement itself.
    let mut levels = vec![0_usize];
    let mut sum = 0_usize;
    loop {
        let kind = lexer.next_token();
        let is_opening = matches!(
            kind,
            TokenKind::Lpar | TokenKind::Lsqb | TokenKind::Lbrace | TokenKind::FStringStart | TokenKind::TStringStart
        );
        let is_closing = matches!(
            kind,
            TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace | TokenKind::FStringEnd | TokenKind::TStringEnd
        );
        match kind {
            TokenKind::EndOfFile => return false,
            TokenKind::Indent => indents += 1,
            TokenKind::Dedent => indents = indents.saturating_sub(1),
            TokenKind::Newline => {
                levels.clear();
                levels.push(0);
                sum = 0;
            }
            TokenKind::Comma => {
                if let Some(level) = levels.last_mut() {
                    sum -= std::mem::take(level);
                }
            }
            TokenKind::Name
            | TokenKind::Int
            | TokenKind::Float
            | TokenKind::Complex
            | TokenKind::String
            | TokenKind::FStringMiddle
            | TokenKind::TStringMiddle
            | TokenKind::Comment
            | TokenKind::NonLogicalNewline => {}
            _ if is_closing => {
                if levels.len() > 1 {
                    sum -= levels.pop().unwrap_or_default();
                }
            }
            _ => {
                if let Some(level) = levels.last_mut() {
                    *level += 1;
                    sum += 1;
                }
                if is_opening {
                    levels.push(0);
                }
            }
        }
        if sum + indents > MAX_DEPTH {
            return true;
        }
    }
}
