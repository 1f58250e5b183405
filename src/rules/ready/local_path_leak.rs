//! `local-path-leak`: a configuration that names a folder of its author's disk.

use crate::checklist;
use crate::claims::{claims, filled};
use crate::configs::{Config, Spanned};
use crate::diagnostic::{Diagnostic, Effect, Fix, Label, Level, Safety};
use crate::release::File;
use crate::rules::fields::advice::advice;
use crate::rules::fields::repo_ids::fault;
use crate::rules::{Context, Meta, Needs, Rule, Section, Sink};
use crate::source::tree::{NodeRef, Style};
use crate::words::quoted;

pub(crate) struct LocalPathLeak;

static META: Meta = Meta {
    name: "local-path-leak",
    section: Section::Ready,
    level: Level::Warning,
    effect: Effect::BreaksUsers,
    item: checklist::READY_HYGIENE,
    needs: Needs::Files,
    fix: Some(Safety::Safe),
    since: "0.1.0",
    docs: include_str!("local_path_leak.md"),
};

/// More configurations than this are not looked at; a pipeline has about ten.
const MAX_FILES: usize = 256;

/// Where PEFT writes from what it loaded the base.
const ADAPTER: &str = "adapter_config.json";
const BASE: &str = "base_model_name_or_path";

/// The keys under which libraries keep from where they loaded, by file.
const KEYS: &[(&str, &[&str])] = &[
    ("config.json", &["_name_or_path"]),
    ("generation_config.json", &["_name_or_path"]),
    ("model_index.json", &["_name_or_path"]),
    ("preprocessor_config.json", &["_name_or_path"]),
    ("tokenizer_config.json", &["name_or_path", "special_tokens_map_file", "tokenizer_file", "vocab_file"]),
];

impl Rule for LocalPathLeak {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, cx: &Context<'_>, out: &mut Sink<'_>) {
        let named =
            |file: &&File| file.path.name() == ADAPTER || KEYS.iter().any(|(name, _)| *name == file.path.name());
        let mut leaks = Vec::new();
        for file in cx.release().files().iter().filter(named).take(MAX_FILES) {
            let Some(config) = cx.configs().json(file.id) else { continue };
            match KEYS.iter().find(|(name, _)| *name == file.path.name()) {
                Some((_, keys)) => leaks.extend(leaks_of(config, keys).map(|leak| (file, leak))),
                None => adapter(cx, file, config, out).into_iter().for_each(|finding| out.push(finding)),
            }
        }
        if let Some(finding) = users(&leaks, out) {
            out.push(finding);
        }
    }
}

/// An adapter whose base is a folder: nothing loads it without the base's id. Where the card does not name the base either, or
/// names it by such a path, the rules about the card say so.
fn adapter(cx: &Context<'_>, file: &File, config: &Config, out: &Sink<'_>) -> Option<Diagnostic> {
    let (path, span) = config.string(BASE).filter(|(text, _)| is_absolute(text))?;
    let bases = claims(cx, "base_model");
    let is_told = bases.iter().any(|(_, id)| fault("base_model", id.trim()).is_some());
    if is_told || (bases.is_empty() && (cx.card().is_some() || filled(cx, "base_model").is_some())) {
        return None;
    }
    let message = format!("`{BASE}` in `{}` is {}, a folder of one machine", file.path, quoted(path));
    let finding = out.finding(message, Label::at(span, "users do not have this folder"));
    let reason = "Users cannot load the adapter with its base: PEFT looks for this folder.";
    let [(node, id)] = bases.as_slice() else {
        return Some(finding.help(advice("write the id of the base on the Hub", reason)));
    };
    let id = id.trim();
    // The same name at the end of the path shows that it is the card's base.
    let safety = if last_part(path).eq_ignore_ascii_case(last_part(id)) { Safety::Safe } else { Safety::Unsafe };
    let fix = Fix::new(format!("write `{id}`"), safety).edit(span, format!("\"{id}\"")).key(BASE);
    let finding = finding.related(Label::at(node.span(), "the card names the base"));
    Some(finding.help(advice(&format!("write `{id}`"), reason)).fix(Some(fix)))
}

/// What libraries keep from where they loaded, in the whole model and in its parts.
fn leaks_of<'c>(config: &'c Config, keys: &'static [&str]) -> impl Iterator<Item = Leak<'c>> {
    let root = config.tree().root();
    let parts = root.into_iter().flat_map(NodeRef::pairs).map(|(_, value)| value).filter(|value| value.is_mapping());
    let places = root.into_iter().chain(parts).flat_map(|node| keys.iter().filter_map(move |key| node.get(key)));
    places.filter_map(Leak::of)
}

/// One finding for all paths with the name of a user. They do not matter for loading.
fn users(leaks: &[(&File, Leak<'_>)], out: &Sink<'_>) -> Option<Diagnostic> {
    let ((file, first), others) = leaks.split_first()?;
    let (path, span) = first.place;
    let message = match others.len() {
        0 => format!("`{}` contains the path {}, with the name of a user", file.path, quoted(path)),
        more => format!("{} paths in configurations contain the name of a user, such as {}", more + 1, quoted(path)),
    };
    let finding = out.finding(message, Label::at(span, format!("this names the user `{}`", first.name)));
    let labels = others.iter().map(|(_, leak)| Label::at(leak.place.1, format!("and `{}`", leak.name)));
    let help =
        advice("write the id of the model, or remove the value", "Users can read your name and your folders in it.");
    Some(finding.also(labels).help(help))
}

/// A path below the home of a person.
struct Leak<'t> {
    place: Spanned<'t>,
    name: String,
}

impl<'t> Leak<'t> {
    fn of(node: NodeRef<'t>) -> Option<Self> {
        let text = node.text().filter(|_| node.style() != Some(Style::Plain))?;
        let path = text.replace('\\', "/");
        let path = path.strip_prefix("file://").unwrap_or(&path);
        let drive = path.get(1..2) == Some(":") && path.starts_with(|c: char| c.is_ascii_alphabetic());
        let path = if drive { path.get(2..)? } else { path };
        let mut parts = path.strip_prefix('/')?.split('/').filter(|part| !part.is_empty());
        let (root, name) = (parts.next()?, parts.next()?);
        let is_home = HOMES.iter().any(|home| root.eq_ignore_ascii_case(home));
        let is_person = name.chars().all(|c| c.is_alphanumeric() || "._-".contains(c))
            && !GENERIC.contains(&name.to_ascii_lowercase().as_str());
        // A home alone may be a folder of another name.
        parts.next()?;
        (is_home && is_person).then(|| Self { place: (text, node.span()), name: name.to_owned() })
    }
}

/// Folders with the homes of people.
const HOMES: [&str; 2] = ["home", "users"];

/// Users of every machine of a kind, and what stands for a user.
const GENERIC: [&str; 32] = [
    "admin",
    "administrator",
    "appuser",
    "azureuser",
    "centos",
    "coder",
    "data",
    "debian",
    "default",
    "docker",
    "ec2-user",
    "gpu",
    "hf",
    "jovyan",
    "jupyter",
    "me",
    "model",
    "models",
    "name",
    "public",
    "root",
    "runner",
    "sagemaker-user",
    "shared",
    "studio-lab-user",
    "ubuntu",
    "user",
    "username",
    "vscode",
    "work",
    "workspace",
    "you",
];

/// Whether a text is a path from the root of a disk. One relative to the repository may be right.
fn is_absolute(text: &str) -> bool {
    let drive = text.get(1..3).is_some_and(|rest| rest == ":\\" || rest == ":/")
        && text.starts_with(|c: char| c.is_ascii_alphabetic());
    let is_placeholder = text.contains(['<', '{', '$']) || text.contains("path/to") || text.contains("your");
    (drive || text.starts_with('/') || text.starts_with("~/") || text.starts_with("file://")) && !is_placeholder
}

fn last_part(path: &str) -> &str {
    path.trim_end_matches(['/', '\\']).rsplit(['/', '\\']).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::findings;

    fn of_adapter(card: &str, path: &str) -> Vec<Diagnostic> {
        let config = format!(r#"{{"peft_type": "LORA", "{BASE}": "{path}"}}"#);
        findings(&LocalPathLeak, &[("README.md", card), (ADAPTER, &config)])
    }

    #[test]
    fn the_base_of_an_adapter() {
        let card = "---\nbase_model: maker/lamp\n---\n";
        let found = of_adapter(card, "/data/pretrained/lamp");
        assert_eq!(found[0].fix.as_ref().unwrap().safety, Safety::Safe);
        assert_eq!(found[0].fix.as_ref().unwrap().edits[0].text, "\"maker/lamp\"");
        for path in [r"C:\\models\\base", "~/models/x", "/content/drive/MyDrive/lamp-1", "file:///x/y"] {
            let found = of_adapter(card, path);
            assert_eq!(found[0].fix.as_ref().unwrap().safety, Safety::Unsafe, "{path}");
        }
        for path in ["maker/lamp", "./base", "../base", "base", "", "/path/to/model", "/<path>/x", "s3://b/k"] {
            assert_eq!(of_adapter(card, path), [], "{path}");
        }
    }

    #[test]
    fn what_the_card_says_wrong_is_told_there() {
        for card in ["---\nlicense: mit\n---\n", "---\nbase_model: /data/lamp\n---\n", "---\nbase_model:\n---\n"] {
            assert_eq!(of_adapter(card, "/data/lamp"), [], "{card}");
        }
        let two = "---\nbase_model: [maker/lamp, maker/torch]\n---\n";
        assert!(of_adapter(two, "/data/lamp")[0].fix.is_none());
    }

    #[test]
    fn names_of_users() {
        let count = |path: &str, text: &str| findings(&LocalPathLeak, &[(path, text)]).len();
        for path in
            ["/home/anna/lamp", "/Users/anna.b/x/y", r"C:\\Users\\Anna\\lamp", "C:/Users/wonde/x", "/home/anna/"]
        {
            let wanted = usize::from(path != "/home/anna/");
            assert_eq!(count("config.json", &format!(r#"{{"_name_or_path": "{path}"}}"#)), wanted, "{path}");
        }
        for path in ["/home/ubuntu/x", "/root/x", "/mnt/data/anna/x", "maker/home", "./home/anna/x", "/home/{user}/x"] {
            assert_eq!(count("config.json", &format!(r#"{{"_name_or_path": "{path}"}}"#)), 0, "{path}");
        }
        assert_eq!(count("config.json", r#"{"text_config": {"_name_or_path": "/home/anna/x"}}"#), 1);
        assert_eq!(count("tokenizer_config.json", r#"{"tokenizer_file": "/home/anna/x/tokenizer.json"}"#), 1);
        assert_eq!(count("config.json", r#"{"other": "/home/anna/x", "_name_or_path": 5}"#), 0);
    }
}
