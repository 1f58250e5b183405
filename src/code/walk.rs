//! Follows what runs when a module is imported.

use std::collections::HashSet;

use ruff_python_ast::visitor::{Visitor, walk_expr, walk_stmt};
use ruff_python_ast::{ElifElseClause, Expr, ExprCall, Stmt, StmtClassDef, StmtFunctionDef, StmtIf};
use ruff_text_size::Ranged;

use super::scope::{Binding, Scopes, Unbound};
use super::values::text;
use super::{Action, Import, Kind, MAX_ACTIONS, MAX_IMPORTS, Module, Range32, actions};

/// A statement or an expression that is still to be looked at.
#[derive(Clone, Copy)]
enum Node<'a> {
    Stmt(&'a Stmt),
    Expr(&'a Expr),
}

/// A node and where it runs.
#[derive(Clone, Copy)]
struct Open<'a> {
    node: Node<'a>,
    scope: usize,
    /// The call outside of functions that leads here.
    called_at: Option<Range32>,
}

/// Collects the direct children of a node.
#[derive(Default)]
struct Children<'a>(Vec<Node<'a>>);

impl<'a> Visitor<'a> for Children<'a> {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        self.0.push(Node::Stmt(stmt));
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        self.0.push(Node::Expr(expr));
    }
}

struct Walk<'a> {
    scopes: Scopes<'a>,
    open: Vec<Open<'a>>,
    /// The functions that were entered, by their first byte.
    entered: HashSet<u32>,
    found: Module,
}

/// What the statements of a module do and import.
pub(super) fn walk(body: &[Stmt], unbound: Unbound) -> Module {
    let mut scopes = Scopes::new(unbound);
    let scope = scopes.open(body, None, None);
    let mut walk = Walk { scopes, open: Vec::new(), entered: HashSet::new(), found: Module::default() };
    walk.push_body(body, scope, None);
    while let Some(open) = walk.open.pop() {
        match open.node {
            Node::Stmt(stmt) => walk.statement(stmt, open),
            Node::Expr(expr) => walk.expression(expr, open),
        }
    }
    walk.found.actions.sort();
    walk.found.actions.dedup_by_key(|action| action.range);
    walk.found.imports.sort_by_key(|import| import.range);
    walk.found
}

impl<'a> Walk<'a> {
    fn push_body(&mut self, body: &'a [Stmt], scope: usize, called_at: Option<Range32>) {
        self.open.extend(body.iter().map(|stmt| Open { node: Node::Stmt(stmt), scope, called_at }));
    }

    fn push_children(&mut self, open: Open<'a>, collect: impl FnOnce(&mut Children<'a>)) {
        let mut children = Children::default();
        collect(&mut children);
        self.open.extend(children.0.into_iter().map(|node| Open { node, ..open }));
    }

    fn statement(&mut self, stmt: &'a Stmt, open: Open<'a>) {
        match stmt {
            Stmt::FunctionDef(function) => {
                self.decorated(function.decorator_list.iter().map(|decorator| &decorator.expression), open);
                self.push_children(open, |children| {
                    children.visit_parameters(&function.parameters);
                    if let Some(returns) = &function.returns {
                        children.visit_annotation(returns);
                    }
                });
            }
            Stmt::ClassDef(class) => {
                self.decorated(class.decorator_list.iter().map(|decorator| &decorator.expression), open);
                if let Some(arguments) = &class.arguments {
                    self.push_children(open, |children| children.visit_arguments(arguments));
                }
                let scope = self.scopes.open(&class.body, None, Some(open.scope));
                self.push_body(&class.body, scope, open.called_at);
            }
            Stmt::If(branch) => self.branches(branch, open),
            Stmt::While(repeat) if is_false(&repeat.test) => {}
            Stmt::ImportFrom(import) if import.level > 0 => {
                let module = import.module.as_ref().map_or("", |module| module.as_str());
                self.import(import.level, module.to_owned(), Range32::of(stmt));
                // What is imported from a package may be one of its files.
                let dot = if module.is_empty() { "" } else { "." };
                for alias in &import.names {
                    self.import(import.level, format!("{module}{dot}{}", alias.name), Range32::of(stmt));
                }
            }
            _ => self.push_children(open, |children| walk_stmt(children, stmt)),
        }
    }

    fn import(&mut self, level: u32, module: String, range: Range32) {
        if self.found.imports.len() < MAX_IMPORTS {
            self.found.imports.push(Import { level, module, range });
        }
    }

    /// Decorators are called with what they decorate.
    fn decorated(&mut self, decorators: impl Iterator<Item = &'a Expr>, open: Open<'a>) {
        for decorator in decorators {
            self.open.push(Open { node: Node::Expr(decorator), ..open });
            self.enter_callable(decorator, decorator, open);
        }
    }

    /// The branches that an import can reach: not the one of a script, and not the one that only type checkers see.
    fn branches(&mut self, branch: &'a StmtIf, open: Open<'a>) {
        if is_never(&branch.test) {
            for ElifElseClause { test, body, .. } in &branch.elif_else_clauses {
                self.open.extend(test.iter().map(|test| Open { node: Node::Expr(test), ..open }));
                self.push_body(body, open.scope, open.called_at);
            }
            return;
        }
        self.open.push(Open { node: Node::Expr(&branch.test), ..open });
        self.push_body(&branch.body, open.scope, open.called_at);
        for ElifElseClause { test, body, .. } in &branch.elif_else_clauses {
            if test.as_ref().is_some_and(is_never) {
                continue;
            }
            self.open.extend(test.iter().map(|test| Open { node: Node::Expr(test), ..open }));
            self.push_body(body, open.scope, open.called_at);
        }
    }

    fn expression(&mut self, expr: &'a Expr, open: Open<'a>) {
        match expr {
            // The body runs when it is called.
            Expr::Lambda(lambda) => {
                if let Some(parameters) = &lambda.parameters {
                    self.push_children(open, |children| children.visit_parameters(parameters));
                }
            }
            Expr::Call(call) => {
                self.call(call, open);
                self.push_children(open, |children| walk_expr(children, expr));
            }
            _ => self.push_children(open, |children| walk_expr(children, expr)),
        }
    }

    fn call(&mut self, call: &'a ExprCall, open: Open<'a>) {
        self.enter_callable(&call.func, &call.func, open);
        // `(lambda: …)()` runs at once.
        if let Expr::Lambda(lambda) = &*call.func {
            self.open.push(Open { node: Node::Expr(&lambda.body), ..open });
        }
        let Some(path) = self.scopes.path(open.scope, &call.func) else {
            self.computed_attribute(call, open);
            return;
        };
        if let Some(kind) = actions::of_call(&path, call) {
            self.act(kind, &path, &*call.func, open);
        } else if matches!(path.as_str(), "builtins.exec" | "builtins.eval") {
            self.evaluated_constant(&path, call, open);
        } else if actions::calls_its_argument(&path) {
            let keywords = call.arguments.keywords.iter().map(|keyword| &keyword.value);
            for argument in call.arguments.args.iter().chain(keywords) {
                let reached = self.scopes.path(open.scope, argument);
                match reached.as_deref().and_then(|path| Some((path, actions::of_reference(path)?))) {
                    Some((path, kind)) => self.act(kind, path, argument, open),
                    None => self.enter_callable(argument, argument, open),
                }
            }
        }
    }

    /// `getattr(os, name)(…)`: anything that the module has.
    fn computed_attribute(&mut self, call: &'a ExprCall, open: Open<'a>) {
        let Expr::Call(inner) = &*call.func else { return };
        if !self.scopes.is_call_of(open.scope, inner, "builtins.getattr") {
            return;
        }
        let [object, name, ..] = &*inner.arguments.args else { return };
        let Some(module) = self.scopes.path(open.scope, object) else { return };
        let module = module.strip_prefix("builtins.").unwrap_or(&module);
        if text(name).is_none() && actions::is_watched(module) {
            self.act(Kind::Evaluate, &format!("{module}.<computed>"), inner, open);
        }
    }

    /// A text that is always the same is code to be read, not to be feared.
    fn evaluated_constant(&mut self, path: &str, call: &'a ExprCall, open: Open<'a>) {
        let Some(code) = call.arguments.args.first().and_then(text) else { return };
        // Text within text within text is not looked into, and honest code does not need it.
        let does = match self.scopes.unbound() {
            Unbound::BuiltinOrModule => true,
            Unbound::Builtin => match Module::read_as(code.trim(), Unbound::BuiltinOrModule) {
                Ok(module) => !module.actions.is_empty(),
                Err(_) => true,
            },
        };
        if does {
            self.act(Kind::Evaluate, path, &*call.func, open);
        }
    }

    fn act(&mut self, kind: Kind, path: &str, node: &impl Ranged, open: Open<'a>) {
        if self.found.actions.len() < MAX_ACTIONS {
            let what = path.strip_prefix("builtins.").unwrap_or(path).to_owned();
            self.found.actions.push(Action { range: Range32::of(node), kind, what, called_at: open.called_at });
        }
    }

    /// Goes into a function of the module that is called: its body runs now. Each is entered once.
    fn enter_callable(&mut self, callable: &'a Expr, at: &'a Expr, open: Open<'a>) {
        let called_at = open.called_at.or_else(|| Some(Range32::of(at)));
        match callable {
            Expr::Name(name) => match self.scopes.lookup(open.scope, name.id.as_str()) {
                Some((scope, Binding::Function(function))) => {
                    let function = *function;
                    self.enter(function, scope, called_at);
                }
                Some((scope, Binding::Class(class))) => {
                    let class = *class;
                    for method in methods(class, &["__init__", "__new__"]) {
                        self.enter(method, scope, called_at);
                    }
                }
                _ => {}
            },
            Expr::Attribute(attribute) => {
                let Expr::Name(name) = &*attribute.value else { return };
                if let Some((scope, Binding::Class(class))) = self.scopes.lookup(open.scope, name.id.as_str()) {
                    let class = *class;
                    for method in methods(class, &[attribute.attr.as_str()]) {
                        self.enter(method, scope, called_at);
                    }
                }
            }
            _ => {}
        }
    }

    fn enter(&mut self, function: &'a StmtFunctionDef, around: usize, called_at: Option<Range32>) {
        if self.entered.insert(function.start().to_u32()) {
            let scope = self.scopes.open(&function.body, Some(&function.parameters), Some(around));
            self.push_body(&function.body, scope, called_at);
        }
    }
}

/// The methods of a class that have one of these names.
fn methods<'a>(class: &'a StmtClassDef, names: &[&str]) -> Vec<&'a StmtFunctionDef> {
    let functions = class.body.iter().filter_map(|stmt| match stmt {
        Stmt::FunctionDef(function) => Some(function),
        _ => None,
    });
    functions.filter(|function| names.contains(&function.name.as_str())).collect()
}

/// Whether a condition is never true while a module is imported: `__name__ == "__main__"`, `TYPE_CHECKING`, `False`.
fn is_never(test: &Expr) -> bool {
    match test {
        Expr::Name(name) => name.id.as_str() == "TYPE_CHECKING",
        Expr::Attribute(attribute) => attribute.attr.as_str() == "TYPE_CHECKING",
        Expr::Compare(compare) => {
            let ([op], [right]) = (&*compare.ops, &*compare.comparators) else { return false };
            *op == ruff_python_ast::CmpOp::Eq && (is_main(&compare.left, right) || is_main(right, &compare.left))
        }
        other => is_false(other),
    }
}

/// `__name__` on one side, `"__main__"` on the other.
fn is_main(name: &Expr, value: &Expr) -> bool {
    matches!(name, Expr::Name(name) if name.id.as_str() == "__name__")
        && text(value).is_some_and(|text| text == "__main__")
}

fn is_false(test: &Expr) -> bool {
    match test {
        Expr::BooleanLiteral(literal) => !literal.value,
        Expr::NumberLiteral(number) => {
            matches!(&number.value, ruff_python_ast::Number::Int(value) if value.as_u8() == Some(0))
        }
        Expr::NoneLiteral(_) => true,
        _ => false,
    }
}
