//! Targets in the trees of YAML and JSON.

use super::{MAX_NAME_BYTES, MAX_TARGETS, Target, Worth, is_name, worth};
use crate::card::front_matter::{FrontMatter, MAX_YAML_BYTES};
use crate::source::SourceFile;
use crate::source::tree::{Kind, NodeRef, Tree};

/// How a configuration tells a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// Under a key whose loader imports and calls it: `_target_`.
    Key(&'static str),
    /// By a tag of YAML: `!!python/object/apply`, `!apply`.
    Tag(String),
}

/// Keys that say a target and nothing else: Hydra, torchtune, and older loaders.
const KEYS: &[&str] = &["_target_", "_component_", "__target__"];

/// Keys that say it among other things, and what stands beside them when they do: latent diffusion and Lightning.
const SHARED_KEYS: &[(&str, &str)] = &[("target", "params"), ("class_path", "init_args")];

/// Functions of Hydra that give what another key names.
const LOOKUPS: &[&str] =
    &["hydra.utils.get_class", "hydra.utils.get_method", "hydra.utils.get_object", "hydra.utils.get_static_method"];

/// Tags of HyperPyYAML that name Python, in files of SpeechBrain.
const HYPER_TAGS: &[&str] = &["!new", "!name", "!apply", "!module"];

/// Words of YAML files without any of which there is no target.
const SIGNS: &[&str] =
    &["target", "_component_", "class_path", "python/", "%TAG", "!<", "!new", "!name", "!apply", "!module", "%2"];

/// The targets of a YAML file; none where it is too long to be read.
pub fn in_yaml(source: &SourceFile) -> Option<Vec<Target>> {
    let text = source.text();
    if !SIGNS.iter().any(|sign| text.contains(sign)) {
        return Some(Vec::new());
    }
    (text.len() <= MAX_YAML_BYTES).then(|| in_tree(&FrontMatter::parse_file(source).tree))
}

/// Every target of a tree that is not ordinary, and every class of Python that a tag names.
pub fn in_tree(tree: &Tree) -> Vec<Target> {
    let mut found = Vec::new();
    for node in tree.nodes() {
        if found.len() >= MAX_TARGETS {
            break;
        }
        found.extend(node.stored().tag.as_deref().and_then(|tag| by_tag(tag, node)));
        // What an alias stands for is met where it stands.
        if matches!(node.stored().kind, Kind::Mapping { .. }) {
            by_key(tree, node, &mut found);
        }
    }
    found
}

fn by_key(tree: &Tree, node: NodeRef<'_>, found: &mut Vec<Target>) {
    let mut take = |key: &'static str, value: NodeRef<'_>, least: Worth| {
        let Some(text) = value.text() else { return };
        let name = resolved(tree, text);
        let worth = worth(name);
        if worth >= least && name.contains('.') {
            found.push(Target { name: name.to_owned(), told: Told::Key(key), span: value.span(), worth });
        }
    };
    for key in KEYS {
        let Some(value) = node.get(key) else { continue };
        let is_lookup = value.text().is_some_and(|name| LOOKUPS.contains(&resolved(tree, name)));
        let named = if is_lookup { looked_up(node) } else { Some(value) };
        named.into_iter().for_each(|named| take(key, named, Worth::MayRun));
    }
    for (key, beside) in SHARED_KEYS {
        if let Some(value) = node.get(key)
            && node.get(beside).is_some()
        {
            take(key, value, Worth::Runs);
        }
    }
}

/// What a function of [`LOOKUPS`] is asked for.
fn looked_up(node: NodeRef<'_>) -> Option<NodeRef<'_>> {
    node.get("path").or_else(|| node.get("_args_")?.items().next())
}

/// The value that `${a.b}` refers to, or the text itself.
fn resolved<'t>(tree: &'t Tree, text: &'t str) -> &'t str {
    let inner = text.strip_prefix("${").and_then(|rest| rest.strip_suffix('}'));
    let Some(path) = inner.filter(|path| path.len() <= MAX_NAME_BYTES) else { return text };
    let mut at = tree.root();
    for part in path.split('.') {
        at = at.and_then(|node| node.get(part));
    }
    at.and_then(NodeRef::text).unwrap_or(text)
}

/// The name in a tag: `!!python/object/apply:os.system`, `!apply:os.system`.
fn by_tag(tag: &str, node: NodeRef<'_>) -> Option<Target> {
    let tag = plain(tag);
    let (kind, name) = tag.split_once(':')?;
    let is_python = kind.strip_prefix("!!python/").is_some_and(is_building);
    let is_hyper = HYPER_TAGS.contains(&kind);
    if !(is_python || is_hyper) || name.len() > MAX_NAME_BYTES || !is_name(name) {
        return None;
    }
    let worth = match kind {
        // A module runs nothing that is in it but is imported.
        "!!python/module" | "!module" => worth(name).min(Worth::MayRun).max(worth(&format!("{name}.system"))),
        _ => worth(name),
    };
    // HyperPyYAML names classes in every file; PyYAML's own tags are rare, and a class of another package is worth knowing.
    let is_worth_it = worth > Worth::Ordinary || (is_python && !is_common(name));
    is_worth_it.then(|| Target { name: name.to_owned(), told: Told::Tag(kind.to_owned()), span: node.span(), worth })
}

/// The kinds of PyYAML's tags that import something.
fn is_building(kind: &str) -> bool {
    matches!(kind, "name" | "module" | "object" | "object/apply" | "object/new")
}

/// Packages whose classes honest programs leave in YAML: settings, paths, arrays, devices.
fn is_common(name: &str) -> bool {
    const PACKAGES: &[&str] = &[
        "argparse",
        "builtins",
        "collections",
        "datetime",
        "easydict",
        "functools",
        "lightning",
        "numpy",
        "omegaconf",
        "pathlib",
        "pytorch_lightning",
        "torch",
        "yacs",
    ];
    PACKAGES.contains(&name.split('.').next().unwrap_or_default()) || !name.contains('.')
}

/// A tag as `!!…` or `!…`, escapes undone, as PyYAML reads it.
fn plain(tag: &str) -> String {
    const CORE: &str = "tag:yaml.org,2002:";
    let bare = tag.strip_prefix("!<").and_then(|rest| rest.strip_suffix('>')).unwrap_or(tag);
    let bare = unescaped(bare);
    match bare.strip_prefix(CORE) {
        Some(rest) => format!("!!{rest}"),
        None => bare,
    }
}

/// `%41` as the character it stands for.
fn unescaped(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let digits = after.get(..2).filter(|_| *first == b'%').and_then(|two| std::str::from_utf8(two).ok());
        match digits.and_then(|two| u8::from_str_radix(two, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = after.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::FileId;

    fn found(yaml: &str) -> Vec<(String, Worth)> {
        let source = SourceFile::new(FileId(0), "config.yaml".into(), yaml.as_bytes().to_vec());
        in_yaml(&source).unwrap().into_iter().map(|target| (target.name, target.worth)).collect()
    }

    #[test]
    fn what_runs_code_is_found_however_it_is_told() {
        let system = [("os.system".to_owned(), Worth::Runs)];
        for yaml in [
            "model:\n  _target_: os.system\n  command: x\n",
            "a: &x os.system\nb: {'_target_': *x}\n",
            "cmd: os.system\nb:\n  _target_: ${cmd}\n",
            "- target: os.system\n  params: {}\n",
            "model:\n  class_path: os.system\n  init_args: {command: x}\n",
            "b:\n  _target_: hydra.utils.get_method\n  path: os.system\n",
            "b:\n  _target_: hydra.utils.get_method\n  _args_: [os.system]\n",
            "a: !!python/object/apply:os.system ['true']\n",
            "a: !!python/object/apply:os%2Esystem ['true']\n",
            "a: !!python/object/new:os.system ['true']\n",
            "a: !!python/name:os.system\n",
            "a: !!python/name:os.system ''\n",
            "a: !<tag:yaml.org,2002:python/object/apply:os.system> ['true']\n",
            "%TAG !p! tag:yaml.org,2002:python/\n---\na: !p!object/apply:os.system ['true']\n",
            "a: !apply:os.system [x]\n",
            "a: !new:os.system\n    command: x\n",
        ] {
            assert_eq!(found(yaml), system, "{yaml}");
        }
        assert_eq!(found("a: !!python/name:exec\n"), [("exec".to_owned(), Worth::Runs)]);
        assert_eq!(found("a: !!python/module:os\n")[0].1, Worth::Runs);
    }

    #[test]
    fn what_configurations_are_made_of_is_not() {
        for yaml in [
            "model:\n  _target_: nemo.collections.asr.models.EncDecCTCModel\n  opt: {_target_: torch.optim.AdamW}\n",
            "fn:\n  _target_: functools.partial\n  _args_: [x]\n",
            "fn:\n  _target_: hydra.utils.get_method\n  path: torch.relu\n",
            "fn:\n  _target_: hydra.utils.get_class\n",
            "root: {_target_: os.path.join}\n",
            "target: test.json\n",
            "target: code.python\n",
            "build:\n  target: code.python\n  context: .\n",
            "size: !!python/tuple [1, 2]\n",
            "path: !!python/object/apply:pathlib.PosixPath [a, b]\n",
            "args: !!python/object:argparse.Namespace {a: 1}\n",
            "seed: !apply:torch.manual_seed [1]\nnet: !new:speechbrain.lobes.models.ECAPA_TDNN.ECAPA_TDNN\n",
            "a: !ref <x>\nb: !name:torch.nn.BatchNorm1d\n",
        ] {
            assert_eq!(found(yaml), [], "{yaml}");
        }
        assert_eq!(found("a: !!python/object:tide.Lamp {}\n"), [("tide.Lamp".to_owned(), Worth::Ordinary)]);
    }
}
