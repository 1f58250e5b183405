//! The speed that the README promises, as ratios within one run: `cargo bench`.
//!
//! 1. One repository against a bare program that walks the same files and reads the same bytes (this program, started
//!    with `--bare`): processor time of whole processes.
//! 2. A thousand cards in one run against `ModelCard.load` of huggingface_hub, started with the Python that
//!    `HF_RELEASE_PYTHON` names (default `python3`); said loudly when that library is not installed.
//! 3. A hundred safetensors shards of four gigabytes, sparse, against a hundred small ones with the same headers.
//! 4. A gigabyte of storages after pickles, zip and legacy, against the same pickles with four bytes after them.
//! 5. Two hundred small checkpoints against picklescan, its start included, in the same Python as above.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::indexing_slicing,
    reason = "a benchmark stops at the first surprise"
)]

use std::fs;
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const PROGRAM: &str = env!("CARGO_BIN_EXE_hf-release");
const ROOT: &str = env!("CARGO_MANIFEST_DIR");
const RUNS: u32 = 300;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if let Some(folder) = arguments.iter().position(|word| word == "--bare").and_then(|at| arguments.get(at + 1)) {
        println!("{}", read_bare(Path::new(folder)));
        return;
    }
    // `cargo test --benches` starts this too; it is not a test.
    if arguments.iter().any(|word| word == "--test") {
        return;
    }
    one_repository();
    thousand_cards();
    sparse_shards();
    large_checkpoints();
    many_checkpoints();
}

/// What any checker must do: list the folder, read every text whole, and of each other file its first page and, for
/// safetensors, its header.
fn read_bare(folder: &Path) -> u64 {
    let mut bytes = 0;
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let entry = entry.unwrap();
            let path = entry.path();
            if entry.file_type().unwrap().is_dir() {
                folders.push(path);
                continue;
            }
            let mut file = fs::File::open(&path).unwrap();
            let size = file.metadata().unwrap().len();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let mut content = Vec::new();
            if name == "README.md" || name == "LICENSE" || (name.ends_with(".json") && !name.starts_with("tokenizer")) {
                file.read_to_end(&mut content).unwrap();
            } else {
                Read::by_ref(&mut file).take(4096).read_to_end(&mut content).unwrap();
                if name.ends_with(".safetensors") && size > 8 {
                    let header = u64::from_le_bytes(content[..8].try_into().unwrap()).min(size);
                    file.seek(SeekFrom::Start(8)).unwrap();
                    file.take(header).read_to_end(&mut content).unwrap();
                }
            }
            bytes += content.len() as u64;
        }
    }
    bytes
}

fn one_repository() {
    // Copied as an installer copies them: what a linker has just written lies in memory in smaller pieces, and a program's
    // start costs more.
    let installed = tempfile::tempdir().unwrap();
    let install = |program: &Path| {
        let to = installed.path().join(program.file_name().unwrap());
        fs::copy(program, &to).unwrap();
        to
    };
    let (program, this) = (install(Path::new(PROGRAM)), install(&std::env::current_exe().unwrap()));
    println!("one repository: processor time against a bare walk-and-read program, median of {RUNS} runs each");
    for name in ["clean", "causal-lm-sharded", "sentence-transformers", "gguf"] {
        let folder = format!("{ROOT}/fixtures/{name}");
        let check = || command(&program, &["check", "--fail-on", "never", &folder]);
        let bare = || command(&this, &["--bare", &folder]);
        run(check());
        run(bare());
        // In turns, so that a machine that slows down slows both; the median, so that a pause of it counts for neither.
        let pairs = (0..RUNS).map(|_| (processor_time(|| run(check())), processor_time(|| run(bare()))));
        let (ours, theirs): (Vec<_>, Vec<_>) = pairs.unzip();
        let (ours, theirs) = (median(ours), median(theirs));
        let ratio = ours.as_secs_f64() / theirs.as_secs_f64();
        println!("  {name:22} {:.2} ms against {:.2} ms: {ratio:.2}x", millis(ours), millis(theirs));
    }
}

fn thousand_cards() {
    println!("1,000 cards in one run against huggingface_hub's ModelCard.load");
    let folder = tempfile::tempdir().unwrap();
    let card = fs::read_to_string(format!("{ROOT}/fixtures/clean/README.md")).unwrap();
    let mut paths = Vec::new();
    for number in 0..1000 {
        let path = folder.path().join(format!("{number:04}"));
        fs::create_dir(&path).unwrap();
        fs::write(path.join("README.md"), card.replace("\n## ", &format!("\n## {number}. "))).unwrap();
        paths.push(path);
    }
    let ours = (0..3).map(|_| wall(|| run(check_all(&paths)))).min().unwrap();
    let python = std::env::var("HF_RELEASE_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let script = "import sys, time, pathlib\nfrom huggingface_hub import ModelCard\nstart = time.perf_counter()\n\
                  for path in sorted(pathlib.Path(sys.argv[1]).glob('*/README.md')):\n    ModelCard.load(path)\n\
                  print(time.perf_counter() - start)";
    let output = Command::new(&python).args(["-c", script]).arg(folder.path()).output();
    match output {
        Ok(output) if output.status.success() => {
            // Only the loading itself: Python's start and imports are left out.
            let theirs: f64 = String::from_utf8_lossy(&output.stdout).trim().parse().unwrap();
            let ours = ours.as_secs_f64();
            println!("  {ours:.3} s against {theirs:.3} s: {:.0}x faster", theirs / ours);
        }
        _ => {
            println!("  NOT MEASURED: {python} has no huggingface_hub; name a Python that has it in HF_RELEASE_PYTHON")
        }
    }
}

fn sparse_shards() {
    println!("100 safetensors shards of 4 GB (sparse) against 100 of 4 KB with headers of the same size");
    let time = |elements: u64| {
        let folder = tempfile::tempdir().unwrap();
        for number in 1..=100 {
            let end = elements * 4;
            let header =
                format!(r#"{{"w{number}":{{"dtype":"F32","shape":[{elements:010}],"data_offsets":[0,{end:012}]}}}}"#);
            // Leading zeros are not JSON: spaces keep the headers of both sets equally long.
            let header = header.replace(&format!("{elements:010}"), &format!("{elements:10}"));
            let header = header.replace(&format!("{end:012}"), &format!("{end:12}"));
            let path = folder.path().join(format!("model-{number:05}-of-00100.safetensors"));
            let mut file = fs::File::create(path).unwrap();
            file.write_all(&(header.len() as u64).to_le_bytes()).unwrap();
            file.write_all(header.as_bytes()).unwrap();
            file.set_len(8 + header.len() as u64 + end).unwrap();
        }
        let path = folder.path().to_owned();
        (0..5).map(|_| wall(|| run(check_all(std::slice::from_ref(&path))))).min().unwrap()
    };
    let (large, small) = (time(1_000_000_000), time(1_000));
    let ratio = large.as_secs_f64() / small.as_secs_f64();
    println!("  {:.2} ms against {:.2} ms: {ratio:.2}x", millis(large), millis(small));
}

/// A state dict of one tensor of so many 32-bit numbers, as torch pickles it; `legacy` has a sixth item in the storage's id.
fn state_dict(elements: u32, legacy: bool) -> Vec<u8> {
    let count = elements.to_le_bytes();
    let view: &[u8] = if legacy { b"N" } else { b"" };
    let parts: [&[u8]; 8] = [
        b"\x80\x02}X\x01\0\0\0wctorch._utils\n_rebuild_tensor_v2\n((X\x07\0\0\0storagectorch\nFloatStorage\n",
        b"X\x01\0\0\x000X\x03\0\0\0cpuJ",
        &count,
        view,
        b"tQK\0J",
        &count,
        b"\x85K\x01\x85\x89ccollections\nOrderedDict\n)RtR",
        b"s.",
    ];
    parts.concat()
}

/// Writes a checkpoint as torch has done since 1.6, its storage sparse.
fn write_zip(path: &Path, elements: u32) {
    let mut file = fs::File::create(path).unwrap();
    let pickle = state_dict(elements, false);
    let members: [(&str, &[u8], u32); 3] =
        [("m/data.pkl", &pickle, pickle.len() as u32), ("m/data/0", b"", elements * 4), ("m/version", b"3\n", 2)];
    let mut directory = Vec::new();
    for (name, content, size) in members {
        let offset = file.stream_position().unwrap() as u32;
        let mut crc = flate2::Crc::new();
        crc.update(content);
        let mut fixed = Vec::new();
        // Version, flags, method, time, date, check sum, two sizes, lengths of the name and of the extra field.
        for short in [20_u16, 0, 0, 0, 33] {
            fixed.extend(short.to_le_bytes());
        }
        for long in [crc.sum(), size, size] {
            fixed.extend(long.to_le_bytes());
        }
        for short in [name.len() as u16, 0] {
            fixed.extend(short.to_le_bytes());
        }
        file.write_all(&[b"PK\x03\x04", fixed.as_slice(), name.as_bytes(), content].concat()).unwrap();
        file.seek(SeekFrom::Current(i64::from(size) - content.len() as i64)).unwrap();
        directory
            .extend([b"PK\x01\x02\x14\0", fixed.as_slice(), &[0; 10], &offset.to_le_bytes(), name.as_bytes()].concat());
    }
    let start = file.stream_position().unwrap() as u32;
    let count = (members.len() as u16).to_le_bytes();
    let end = [
        b"PK\x05\x06\0\0\0\0",
        count.as_slice(),
        &count,
        &(directory.len() as u32).to_le_bytes(),
        &start.to_le_bytes(),
        &[0; 2],
    ];
    file.write_all(&[directory, end.concat()].concat()).unwrap();
}

/// Writes a checkpoint as torch did before 1.6, its storage sparse.
fn write_legacy(path: &Path, elements: u32) {
    let mut file = fs::File::create(path).unwrap();
    let parts: [&[u8]; 6] = [
        b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.",
        b"\x80\x02M\xe9\x03.",
        b"\x80\x02}q\x00(X\x10\0\0\0protocol_versionM\xe9\x03X\r\0\0\0little_endian\x88X\n\0\0\0type_sizes}(X\x05\0\0\0shortK\x02X\x03\0\0\0intK\x04X\x04\0\0\0longK\x04uu.",
        &state_dict(elements, true),
        b"\x80\x02]X\x01\0\0\x000a.",
        &u64::from(elements).to_le_bytes(),
    ];
    file.write_all(&parts.concat()).unwrap();
    let end = file.stream_position().unwrap() + u64::from(elements) * 4;
    file.set_len(end).unwrap();
}

fn large_checkpoints() {
    println!("a checkpoint of 1 GiB (sparse) against one of 4 bytes with the same pickles");
    for (kind, write) in [("zip", write_zip as fn(&Path, u32)), ("before 1.6", write_legacy)] {
        let time = |elements| {
            let folder = tempfile::tempdir().unwrap();
            write(&folder.path().join("pytorch_model.bin"), elements);
            let path = folder.path().to_owned();
            (0..20).map(|_| wall(|| run(check_all(std::slice::from_ref(&path))))).min().unwrap()
        };
        let (large, small) = (time(1 << 28), time(1));
        let ratio = large.as_secs_f64() / small.as_secs_f64();
        println!("  {kind:10} {:.2} ms against {:.2} ms: {ratio:.2}x", millis(large), millis(small));
    }
}

fn many_checkpoints() {
    println!("200 small checkpoints against picklescan, whole processes");
    let folder = tempfile::tempdir().unwrap();
    for number in 0..200 {
        write_zip(&folder.path().join(format!("checkpoint-{number:03}.pt")), 64);
    }
    let path = folder.path().to_owned();
    let ours = (0..5).map(|_| wall(|| run(check_all(std::slice::from_ref(&path))))).min().unwrap();
    let python = std::env::var("HF_RELEASE_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let script = "import sys\nfrom picklescan.scanner import scan_directory_path\n\
                  result = scan_directory_path(sys.argv[1])\nassert result.scanned_files == 200, result";
    let scan = || Command::new(&python).args(["-c", script]).arg(&path).output();
    if !scan().is_ok_and(|output| output.status.success()) {
        println!("  NOT MEASURED: {python} has no picklescan; name a Python that has it in HF_RELEASE_PYTHON");
        return;
    }
    let theirs = (0..3).map(|_| wall(|| drop(scan()))).min().unwrap();
    let ratio = theirs.as_secs_f64() / ours.as_secs_f64();
    println!("  {:.1} ms against {:.0} ms: {ratio:.0}x faster", millis(ours), millis(theirs));
}

fn check_all(paths: &[PathBuf]) -> Command {
    let mut command = command(PROGRAM, &["check", "--fail-on", "never", "--output", "json"]);
    command.args(paths);
    command
}

fn command(program: impl AsRef<std::ffi::OsStr>, arguments: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(arguments).stdout(Stdio::null());
    command
}

fn run(mut command: Command) {
    let status = command.status().unwrap();
    assert!(matches!(status.code(), Some(0 | 3)), "{command:?} failed: {status}");
}

fn wall(work: impl FnOnce()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

/// The processor time of the children that `work` starts and waits for.
fn processor_time(work: impl FnOnce()) -> Duration {
    let before = children_time();
    work();
    children_time() - before
}

/// The processor time of all processes that were started here and have ended.
#[cfg(unix)]
fn children_time() -> Duration {
    use nix::sys::resource::{UsageWho, getrusage};
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).unwrap();
    let time = |part: nix::sys::time::TimeVal| Duration::new(part.tv_sec() as u64, part.tv_usec() as u32 * 1000);
    time(usage.user_time()) + time(usage.system_time())
}

/// Elsewhere the time that passes has to do.
#[cfg(not(unix))]
fn children_time() -> Duration {
    static START: std::sync::OnceLock<Instant> = std::sync::OnceLock::new();
    START.get_or_init(Instant::now).elapsed()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}
