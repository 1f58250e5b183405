use super::*;
use crate::release::Release;

const APACHE: &str = include_str!("../../../LICENSE");

/// The words of the MIT license, as everyone writes them.
const MIT: &str = "MIT License\n\nCopyright (c) 2026 The authors\n\nPermission is hereby granted, free of charge, to any person \
obtaining a copy of this software and associated documentation files (the \"Software\"), to deal in the Software without \
restriction, including without limitation the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or \
sell copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to the following \
conditions:\n\nThe above copyright notice and this permission notice shall be included in all copies or substantial \
portions of the Software.\n\nTHE SOFTWARE IS PROVIDED \"AS IS\", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING \
BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT \
SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF \
CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE \
SOFTWARE.\n";

fn whole(id: &'static str) -> Option<Recognized> {
    Some(Recognized { id, name: None, whole: true })
}

#[test]
fn whole_texts() {
    assert_eq!(recognize(APACHE), whole("apache-2.0"));
    let terms = APACHE.split("END OF TERMS AND CONDITIONS").next().unwrap();
    assert_eq!(recognize(terms), whole("apache-2.0"), "without its appendix");
    assert_eq!(recognize(MIT), whole("mit"));
    assert_eq!(recognize(&MIT.replace(' ', "\r\n")), whole("mit"), "wrapped otherwise");
    assert_eq!(recognize(&MIT.replace("MIT License\n", "# License\n\n> ")), whole("mit"), "without its title");
}

#[test]
fn changed_texts_are_not_whole() {
    let clause = "\nThe Software may not be used by companies with more than one hundred employees, nor for any military or \
                  surveillance purpose, nor to train another model, unless the authors agree to it in writing.\n";
    let more = recognize(&format!("{MIT}{clause}")).unwrap();
    assert_eq!((more.id, more.whole), ("mit", false));
    let cut = APACHE.get(..APACHE.len() / 3).unwrap();
    assert_eq!(recognize(cut), None);
    assert_eq!(recognize(&format!("{MIT}\n{APACHE}")), None, "two licenses");
}

#[test]
fn other_texts() {
    for text in [
        "",
        "MIT",
        "Licensed under the Apache License, Version 2.0; see http://www.apache.org/licenses/LICENSE-2.0 for its terms.",
        "All rights reserved. Nobody may copy, use or change this model without asking the authors, who will probably say no.",
    ] {
        assert_eq!(recognize(text), None, "{text}");
    }
    // A phrase alone is an excerpt, and a title alone is a mention.
    assert_eq!(
        recognize("We follow the Llama 2 Community License Agreement, more or less, in what we do with the model."),
        None
    );
    assert_eq!(recognize(&"a ".repeat(200_000)), None, "too long to be a license");
}

#[test]
fn model_licenses() {
    let llama = "# LLAMA 3.1 COMMUNITY LICENSE AGREEMENT\n\nLlama 3.1 Version Release Date: July 23, 2024\n\n“Agreement” means …";
    assert_eq!(recognize(llama), whole("llama3.1"));
    assert_eq!(recognize(&format!("{llama}\nLlama 3.2 Community License Agreement")).map(|found| found.id), None);
    let gemma =
        "<h1>Gemma Terms of Use</h1> … Gemma is provided under and subject to the Gemma Terms of Use found at …";
    assert_eq!(recognize(gemma), whole("gemma"));
    let kimi = format!(
        "Modified {MIT}\nOur only modification: above more than 20 million US dollars (or equivalent in other \
                        currencies) in monthly revenue, you shall prominently display \"Kimi K2\"."
    );
    assert_eq!(recognize(&kimi), Some(Recognized { id: "other", name: Some("modified-mit-kimi"), whole: true }));
}

#[test]
fn names_of_license_files() {
    for name in [
        "LICENSE",
        "LICENSE.md",
        "license.txt",
        "LICENCE",
        "COPYING",
        "UNLICENSE",
        "LICENSE-MIT",
        "MODEL_LICENSE",
        "LICENSE.apache",
    ] {
        assert!(is_license_name(name), "{name}");
    }
    for name in [
        "NOTICE",
        "LICENSE-CODE",
        "LICENSE_THIRD_PARTY.txt",
        "licenses.json",
        "license.py",
        "LICENSE.pdf",
        "README.md",
        "LICENSED",
    ] {
        assert!(!is_license_name(name), "{name}");
    }
}

fn gathered(files: &[(&str, &str)]) -> Option<(&'static str, Strength, usize)> {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let release = Release::open(folder.path(), &Default::default()).unwrap();
    gather(&release).map(|found| (found.value.id, found.strength, found.proof.len()))
}

#[test]
fn files_that_agree_and_files_that_do_not() {
    let pointer = format!("version https://git-lfs.github.com/spec/v1\noid sha256:{}\nsize 12\n", "0".repeat(64));
    assert_eq!(gathered(&[("LICENSE", MIT)]), Some(("mit", Strength::Strong, 1)));
    assert_eq!(gathered(&[("LICENSE", MIT), ("LICENSE.md", MIT)]), Some(("mit", Strength::Strong, 2)));
    assert_eq!(gathered(&[("LICENSE-MIT", MIT), ("LICENSE-APACHE", APACHE)]), None);
    assert_eq!(gathered(&[("LICENSE", MIT), ("MODEL_LICENSE", APACHE)]), Some(("apache-2.0", Strength::Strong, 1)));
    assert_eq!(gathered(&[("LICENSE", MIT), ("LICENSE-MODEL", "Ask us.")]), None);
    assert_eq!(gathered(&[("LICENSE", APACHE), ("LICENSE-CODE", MIT)]), Some(("apache-2.0", Strength::Strong, 1)));
    assert_eq!(gathered(&[("src/LICENSE", MIT)]), None, "not at the root");
    assert_eq!(gathered(&[("LICENSE", &pointer)]), None);
    assert_eq!(gathered(&[]), None);
}
