//! The list of files, and what belongs to LFS, as git itself says it, on trees made by chance.

use super::*;

/// A small generator of numbers, the same on every run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }

    fn one_of<'t>(&mut self, choices: &[&'t str]) -> &'t str {
        choices[self.below(choices.len())]
    }
}

const PARTS: [&str; 10] = ["a", "b", "ab", "a.bin", "b.bin", "README.md", ".hidden", "a b", "[x]", "é"];
const FOLDERS: [&str; 6] = ["", "a/", "b/", "a/b/", "b/a/ab/", "ab/a/"];
const PATTERNS: [&str; 22] = [
    "*.bin",
    "!*.bin",
    "a",
    "!a",
    "a/",
    "/a",
    "/a/",
    "a/b",
    "**/ab",
    "a/**",
    "**/a/*.bin",
    "*",
    "!*/",
    "b*",
    "?b",
    "[ab].bin",
    "\\[x\\]",
    ".*",
    "!README.md",
    "a\\ b",
    "é",
    "/*/ab",
];
const ATTRIBUTES: [&str; 7] =
    ["filter=lfs", "-filter", "!filter", "filter=lfs -text", "text", "filter=other", "filter=lfs -filter"];

fn grow(chance: &mut Chance) -> Sandbox {
    let sandbox = Sandbox::new();
    for folder in FOLDERS {
        fs::create_dir_all(sandbox.path(folder)).unwrap();
    }
    for folder in FOLDERS {
        for _ in 0..4 {
            let path = sandbox.path(folder).join(chance.one_of(&PARTS));
            if !path.is_dir() {
                fs::write(path, "").unwrap();
            }
        }
        if chance.below(2) == 0 {
            let lines: Vec<_> = (0..=chance.below(3)).map(|_| chance.one_of(&PATTERNS)).collect();
            sandbox.write(&format!("{folder}.gitignore"), lines.join("\n"));
        }
        if chance.below(2) == 0 {
            let mut line = || {
                let pattern = chance.one_of(&PATTERNS).replace("a\\ b", "\"a b\"");
                format!("{pattern} {}\n", chance.one_of(&ATTRIBUTES))
            };
            let text: String = (0..4).map(|_| line()).collect();
            sandbox.write(&format!("{folder}.gitattributes"), text);
        }
    }
    sandbox
}

#[test]
fn git_agrees() {
    let mut chance = Chance(20_260_822);
    for round in 0..40 {
        let sandbox = grow(&mut chance);
        if sandbox.git(&["init", "--quiet"]).is_none() {
            return;
        }
        // Track some files, ignored or not.
        let mut candidates: Vec<String> = sandbox.open().files().iter().map(|file| file.path.to_string()).collect();
        candidates.extend(FOLDERS.iter().map(|folder| format!("{folder}{}", chance.one_of(&PARTS))));
        candidates.retain(|path| sandbox.path(path).is_file() && chance.below(3) == 0);
        let add = ["update-index", "--add", "--"].into_iter().chain(candidates.iter().map(String::as_str));
        sandbox.git(&add.collect::<Vec<_>>());
        let listed = sandbox.git(&["ls-files", "-z", "--cached", "--others", "--exclude-standard"]).unwrap();
        let mut expected: Vec<&str> = listed.split_terminator('\0').collect();
        expected.sort_unstable();
        let release = sandbox.open();
        assert_eq!(paths(&release), expected, "round {round}");

        let input = expected.iter().flat_map(|path| [path.as_bytes(), b"\0"]).collect::<Vec<_>>().concat();
        let said = git(&sandbox.path(""), &["check-attr", "-z", "--stdin", "filter"], &input).unwrap();
        let said: Vec<&str> = said.split_terminator('\0').collect();
        for answer in said.chunks(3) {
            let file = release.find(answer[0]).unwrap();
            assert_eq!(file.lfs_covered, answer[2] == "lfs", "round {round}: {answer:?}");
        }
    }
}
