use super::*;
#[test]
fn dump() {
    let Some(list) = std::env::var_os("DUMP") else { return };
    for dir in list.to_str().unwrap().split(':') {
        let mut entries: Vec<_> =
            std::fs::read_dir(dir).unwrap().flatten().map(|e| e.path()).filter(|p| p.is_dir()).collect();
        entries.sort();
        for p in entries {
            let release = Release::open(&p, &Default::default()).unwrap();
            let configs = Configs::new(&release);
            let weights = Weights::new(&release);
            let f = Facts::gather(&release, &configs, &weights);
            println!("== {}", p.file_name().unwrap().to_str().unwrap());
            let s = |s: Strength| if s == Strength::Strong { "S" } else { "w" };
            if let Some(o) = &f.task.one {
                println!("  task {} {} | {}", s(o.strength), o.value, o.proof[0].text);
            }
            println!("       {:?}", f.task.plausible);
            if let Some(o) = &f.library {
                println!("  lib {} {} | {} | {:?}", s(o.strength), o.value, o.proof[0].text, f.plausible_libraries);
            }
            for b in &f.base_models {
                println!("  base {} {} | {}", s(b.strength), b.value, b.proof[0].text);
            }
            if let Some(o) = &f.relation {
                println!("  rel {} {} | {}", s(o.strength), o.value.as_str(), o.proof[0].text);
            }
            if let Some(o) = &f.license {
                println!(
                    "  lic {} {} {:?} | {}",
                    s(o.strength),
                    o.value,
                    f.license_name.as_ref().map(|n| n.value),
                    o.proof[0].text
                );
            }
            for b in f.datasets.iter().chain(&f.languages) {
                println!("  data/lang {} {}", s(b.strength), b.value);
            }
            let c = &f.contents;
            println!(
                "  w={} gguf={} adapter={} q={:?} trained={} tok={}",
                c.has_weights,
                c.only_gguf,
                c.adapter.is_some(),
                c.quantized.as_ref().map(|q| (&q.value, s(q.strength))),
                c.trained_here.len(),
                c.has_tokenizer
            );
        }
    }
}
