//! Arguments in, exit code out; the work is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(hf_release::cli::run(std::env::args_os()))
}
