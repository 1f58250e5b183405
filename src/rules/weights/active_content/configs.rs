//! Configurations that tell their loader to import or call a name, in any file of YAML or JSON.

use crate::diagnostic::{Effect, Label, Level};
use crate::release::File;
use crate::rules::{Context, Sink};
use crate::targets::{Target, Told, Worth, in_text, in_tree, in_yaml};
use crate::words::quoted;

/// The largest JSON file that is searched. Configurations are far smaller; vocabularies are not searched.
const MAX_JSON_BYTES: u64 = 1024 * 1024;

pub(super) const RUNS: &str =
    "Remove this name, and do not load the file. A model does not need it, and its loader calls it on loading.";
pub(super) const MAY_RUN: &str =
    "Replace it by a class of the model's library. Its loader calls it with what the file says.";
const CLASS: &str =
    "Write plain values instead of this tag. Safe readers of YAML reject it, and others import the class.";

/// One finding a file, at the level of the worst that is in it.
pub(super) fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    for file in cx.release().files().iter().filter(|file| file.lfs.is_none()) {
        let extension = file.path.extension();
        let targets = match extension.as_ref() {
            "yaml" | "yml" => yaml(cx, file, out),
            "json" if is_configuration(file) => json(cx, file),
            _ => continue,
        };
        report(file, &targets, out);
    }
}

fn yaml(cx: &Context<'_>, file: &File, out: &mut Sink<'_>) -> Vec<Target> {
    // A text that cannot be read is reported with the files that could not be read.
    let Ok(source) = cx.release().text(file.id) else { return Vec::new() };
    in_yaml(source).unwrap_or_else(|| {
        out.skip(format!("{}: it is too long to be searched for names of Python that its loader calls", file.path));
        Vec::new()
    })
}

fn json(cx: &Context<'_>, file: &File) -> Vec<Target> {
    let Ok(source) = cx.release().text(file.id) else { return Vec::new() };
    if !["target", "_component_", "class_path"].iter().any(|sign| source.text().contains(sign)) {
        return Vec::new();
    }
    let Some(config) = cx.configs().json(file.id) else { return Vec::new() };
    let mut targets = in_tree(config.tree());
    // A configuration inside of a string.
    if targets.is_empty() {
        targets.extend(in_text(source.text()).into_iter().map(|(name, worth)| Target {
            name: name.to_owned(),
            told: Told::Key("_target_"),
            span: source.span(0, 0),
            worth,
        }));
    }
    targets
}

/// Whether a JSON file is named as a configuration.
fn is_configuration(file: &File) -> bool {
    const WORDS: &[&str] = &["config", "hparams", "hyperparams", "params", "args", "model_index", "recipe", "metadata"];
    let name = file.path.name().to_ascii_lowercase();
    file.size <= MAX_JSON_BYTES && WORDS.iter().any(|word| name.contains(word))
}

fn report(file: &File, targets: &[Target], out: &mut Sink<'_>) {
    let Some(worst) = targets.iter().rev().max_by_key(|target| target.worth) else { return };
    let (level, help) = match worst.worth {
        Worth::Runs => (Level::Error, RUNS),
        Worth::MayRun => (Level::Warning, MAY_RUN),
        Worth::Ordinary => (Level::Info, CLASS),
    };
    let told = match &worst.told {
        Told::Key(key) => format!("under `{key}`"),
        Told::Tag(tag) => format!("in the tag {}", quoted(tag)),
    };
    let mut message = format!("`{}` names {} {told}", file.path, quoted(&worst.name));
    if worst.worth > Worth::Ordinary {
        message = format!("{message}, which {}", worst.effect());
    }
    let mut finding = out.finding_at(level, message, Label::at(worst.span, "")).help(help);
    if level == Level::Info {
        finding = finding.effect(Effect::LosesReach);
    }
    let others = targets.iter().filter(|target| *target != worst && target.worth > Worth::Ordinary);
    out.push(finding.also(others.map(|target| Label::at(target.span, "and here"))));
}

#[cfg(test)]
mod tests {
    use super::super::ActiveContent;
    use crate::rules::testing::check;

    #[test]
    fn a_configuration_is_one_finding_at_its_worst() {
        let yaml = "a:\n  _target_: torch.load\nb:\n  _target_: os.system\n  command: x\n";
        let outcome = check(&ActiveContent, &[("conf/config.yaml", yaml)]);
        assert_eq!(
            outcome.said(),
            ["error `conf/config.yaml` names `os.system` under `_target_`, which runs a shell command"]
        );
        assert_eq!(outcome.found[0].primary.place.span().map(|span| &yaml[span.range()]), Some("os.system"));
        assert_eq!(outcome.found[0].related.len(), 1);
    }

    #[test]
    fn json_and_tags_are_read_and_other_files_are_not() {
        let json = r#"{"_target_": "subprocess.run", "args": ["x"]}"#;
        let nested = r#"{"config": "{'_target_': 'builtins.exec'}"}"#;
        let tag = "a: !!python/object:tide.Lamp {}\n";
        for (name, text, wanted) in [
            ("config.json", json, "error"),
            ("model_config.json", nested, "error"),
            ("hparams.yml", tag, "info"),
            ("vocab.json", json, ""),
            ("config.json", r#"{"_target_": "flextok.Model"}"#, ""),
        ] {
            let said = check(&ActiveContent, &[(name, text)]).said();
            assert_eq!(said.first().map_or("", |line| line.split(' ').next().unwrap()), wanted, "{name} {said:?}");
        }
    }
}
