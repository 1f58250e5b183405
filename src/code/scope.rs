//! What the names of a module, a class body or a function stand for.

use std::collections::HashMap;

use ruff_python_ast::visitor::{Visitor, walk_stmt};
use ruff_python_ast::{Expr, ExprCall, Parameters, Stmt, StmtClassDef, StmtFunctionDef};

use super::values::text;

/// What a name stands for.
#[derive(Clone, Debug)]
pub(super) enum Binding<'a> {
    /// A module, or something in one, by its full name.
    Path(String),
    /// A function of this module.
    Function(&'a StmtFunctionDef),
    /// A class of this module.
    Class(&'a StmtClassDef),
    /// A value.
    Value,
}

/// What a name is that nothing binds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unbound {
    /// One of Python's own.
    Builtin,
    /// The same, or a module that the code which runs the text has imported.
    BuiltinOrModule,
}

/// The longest full name, in bytes: hostile code could make one that doubles at each step.
const MAX_PATH_BYTES: usize = 200;

/// The names of one scope.
#[derive(Debug, Default)]
pub(super) struct Scope<'a> {
    names: HashMap<&'a str, Binding<'a>>,
    /// The modules of which it imports everything.
    stars: Vec<&'a str>,
    parent: Option<usize>,
}

/// Scopes by number; each names its parent.
#[derive(Debug)]
pub(super) struct Scopes<'a> {
    scopes: Vec<Scope<'a>>,
    unbound: Unbound,
}

/// The statements of one scope, without those of the functions and classes in it.
struct Statements<'a> {
    open: Vec<&'a Stmt>,
}

impl<'a> Visitor<'a> for Statements<'a> {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        self.open.push(stmt);
    }

    fn visit_expr(&mut self, _: &'a Expr) {}
}

impl<'a> Scopes<'a> {
    pub(super) fn new(unbound: Unbound) -> Self {
        Self { scopes: Vec::new(), unbound }
    }

    /// What a name is that nothing binds.
    pub(super) fn unbound(&self) -> Unbound {
        self.unbound
    }

    /// Adds the scope of some statements and gives its number.
    pub(super) fn open(
        &mut self,
        body: &'a [Stmt],
        parameters: Option<&'a Parameters>,
        parent: Option<usize>,
    ) -> usize {
        let number = self.scopes.len();
        self.scopes.push(Scope { parent, ..Scope::default() });
        for parameter in parameters.into_iter().flat_map(Parameters::iter) {
            self.bind(number, parameter.name().as_str(), Binding::Value);
        }
        let mut statements = Statements { open: body.iter().rev().collect() };
        while let Some(stmt) = statements.open.pop() {
            self.bind_statement(number, stmt);
            if !matches!(stmt, Stmt::FunctionDef(_) | Stmt::ClassDef(_)) {
                let outer = statements.open.len();
                walk_stmt(&mut statements, stmt);
                // In the order of the text.
                if let Some(inner) = statements.open.get_mut(outer..) {
                    inner.reverse();
                }
            }
        }
        number
    }

    fn bind_statement(&mut self, scope: usize, stmt: &'a Stmt) {
        match stmt {
            Stmt::Import(import) => {
                for alias in &import.names {
                    let path = alias.name.as_str();
                    match &alias.asname {
                        Some(name) => self.bind(scope, name.as_str(), Binding::Path(path.to_owned())),
                        None => {
                            let first = path.split('.').next().unwrap_or_default();
                            self.bind(scope, first, Binding::Path(first.to_owned()));
                        }
                    }
                }
            }
            Stmt::ImportFrom(import) => {
                let module = import.module.as_ref().map_or("", |module| module.as_str());
                for alias in &import.names {
                    let name = alias.asname.as_ref().unwrap_or(&alias.name).as_str();
                    if import.level > 0 {
                        self.bind(scope, name, Binding::Value);
                    } else if alias.name.as_str() == "*" {
                        if let Some(scope) = self.scopes.get_mut(scope) {
                            scope.stars.push(module);
                        }
                    } else {
                        self.bind(scope, name, Binding::Path(format!("{module}.{}", alias.name)));
                    }
                }
            }
            Stmt::FunctionDef(function) => self.bind(scope, function.name.as_str(), Binding::Function(function)),
            Stmt::ClassDef(class) => self.bind(scope, class.name.as_str(), Binding::Class(class)),
            Stmt::Assign(assign) => {
                for target in &assign.targets {
                    self.bind_target(scope, target, Some(&assign.value));
                }
            }
            Stmt::AnnAssign(assign) => self.bind_target(scope, &assign.target, assign.value.as_deref()),
            Stmt::For(each) => self.bind_target(scope, &each.target, None),
            Stmt::With(with) => {
                for target in with.items.iter().filter_map(|item| item.optional_vars.as_deref()) {
                    self.bind_target(scope, target, None);
                }
            }
            _ => {}
        }
    }

    fn bind_target(&mut self, scope: usize, target: &'a Expr, value: Option<&'a Expr>) {
        if let Expr::Name(name) = target {
            let path = value.and_then(|value| self.path(scope, value));
            // A builtin under another name is worth following; a plain value is not.
            self.bind(scope, name.id.as_str(), path.map_or(Binding::Value, Binding::Path));
            return;
        }
        let mut open = vec![target];
        while let Some(target) = open.pop() {
            match target {
                Expr::Name(name) => self.bind(scope, name.id.as_str(), Binding::Value),
                Expr::Tuple(tuple) => open.extend(&tuple.elts),
                Expr::List(list) => open.extend(&list.elts),
                Expr::Starred(starred) => open.push(&starred.value),
                _ => {}
            }
        }
    }

    /// Binds a name. Where it is bound twice, as in `try: import x` / `except ImportError: x = None`, the import wins; a
    /// name that is both an import and a function of the module is neither.
    fn bind(&mut self, scope: usize, name: &'a str, new: Binding<'a>) {
        let Some(scope) = self.scopes.get_mut(scope) else { return };
        let merged = match (scope.names.remove(name), new) {
            (None | Some(Binding::Value), new) => new,
            (Some(old), Binding::Value) => old,
            (Some(old @ Binding::Path(_)), Binding::Path(_)) => old,
            (Some(Binding::Path(_)), _) | (Some(_), Binding::Path(_)) => Binding::Value,
            (Some(_), new) => new,
        };
        scope.names.insert(name, merged);
    }

    /// What a name stands for, seen from a scope, and the scope that binds it.
    pub(super) fn lookup(&self, from: usize, name: &str) -> Option<(usize, &Binding<'a>)> {
        let mut at = Some(from);
        while let Some(number) = at {
            let scope = self.scopes.get(number)?;
            if let Some(found) = scope.names.get(name) {
                return Some((number, found));
            }
            at = scope.parent;
        }
        None
    }

    /// The full name of a name.
    fn name(&self, scope: usize, name: &str) -> Option<String> {
        match self.lookup(scope, name) {
            Some((_, Binding::Path(path))) => return Some(path.clone()),
            Some(_) => return None,
            None => {}
        }
        let mut at = self.scopes.get(scope);
        while let Some(scope) = at {
            let starred = scope.stars.iter().map(|module| format!("{module}.{name}"));
            if let Some(found) = starred.into_iter().find(|path| super::actions::of_reference(path).is_some()) {
                return Some(found);
            }
            at = scope.parent.and_then(|parent| self.scopes.get(parent));
        }
        let is_module = self.unbound == Unbound::BuiltinOrModule && super::actions::is_watched(name);
        Some(if is_module { name.to_owned() } else { format!("builtins.{name}") })
    }

    /// The full name of what an expression reaches: `subprocess.run` of `sp.run`, of `getattr(sp, "run")` and of
    /// `__import__("subprocess").run`.
    pub(super) fn path(&self, scope: usize, expr: &Expr) -> Option<String> {
        let mut attributes: Vec<String> = Vec::new();
        let mut at = expr;
        let base = loop {
            match at {
                Expr::Name(name) => break self.name(scope, name.id.as_str())?,
                Expr::Attribute(attribute) => {
                    attributes.push(attribute.attr.to_string());
                    at = &attribute.value;
                }
                Expr::Call(call) => match self.plain(scope, &call.func)?.as_str() {
                    "builtins.getattr" => {
                        let [object, name, ..] = &*call.arguments.args else { return None };
                        attributes.push(text(name)?);
                        at = object;
                    }
                    "builtins.__import__" => {
                        let name = text(call.arguments.args.first()?)?;
                        break name.split('.').next().unwrap_or_default().to_owned();
                    }
                    "importlib.import_module" => break text(call.arguments.args.first()?)?,
                    "builtins.vars" => at = call.arguments.args.first()?,
                    _ => return None,
                },
                Expr::Subscript(subscript) => {
                    let key = text(&subscript.slice)?;
                    match &*subscript.value {
                        Expr::Attribute(of) if of.attr.as_str() == "__dict__" => {
                            attributes.push(key);
                            at = &of.value;
                        }
                        Expr::Call(call) if self.is_call_of(scope, call, "builtins.vars") => {
                            attributes.push(key);
                            at = call.arguments.args.first()?;
                        }
                        value if self.plain(scope, value)? == "sys.modules" => break key,
                        _ => return None,
                    }
                }
                _ => return None,
            }
        };
        let base = if base == "builtins.__builtins__" { "builtins".to_owned() } else { base };
        let length = attributes.iter().map(|name| name.len() + 1).sum::<usize>() + base.len();
        if length > MAX_PATH_BYTES {
            return None;
        }
        attributes.push(base);
        attributes.reverse();
        Some(attributes.join("."))
    }

    /// The full name of names and attributes only.
    fn plain(&self, scope: usize, expr: &Expr) -> Option<String> {
        match expr {
            Expr::Name(name) => self.name(scope, name.id.as_str()),
            Expr::Attribute(attribute) => match &*attribute.value {
                Expr::Name(name) => Some(format!("{}.{}", self.name(scope, name.id.as_str())?, attribute.attr)),
                _ => None,
            },
            _ => None,
        }
    }

    /// Whether a call is one of this full name.
    pub(super) fn is_call_of(&self, scope: usize, call: &ExprCall, path: &str) -> bool {
        self.plain(scope, &call.func).is_some_and(|found| found == path)
    }
}
