//! On Linux with glibc, spares the loader work that would cost more than checking a small repository does:
//!
//! - The program is linked at a fixed address: some 10,000 relocations less. The stack, the heap and all libraries stay
//!   at random addresses.
//! - The unwinder is linked in: one library less to find, map and bind. Rust's library asks for `libgcc_s`, and finds a
//!   linker script of that name here, which names the same code in archives.

use std::path::PathBuf;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let target = |name: &str| std::env::var(format!("CARGO_CFG_TARGET_{name}")).unwrap_or_default();
    if target("OS") != "linux" || target("ENV") != "gnu" {
        return;
    }
    println!("cargo::rustc-link-arg-bins=-no-pie");
    let Some(folder) = std::env::var_os("OUT_DIR").map(PathBuf::from) else { return };
    if std::fs::write(folder.join("libgcc_s.so"), "INPUT(-lgcc_eh -lgcc)\n").is_ok() {
        println!("cargo::rustc-link-arg-bins=-L{}", folder.display());
    }
}
