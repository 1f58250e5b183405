//! How tests measure what something costs: by the processor's time, so that a busy machine does not count.

use std::time::Duration;

/// Runs from its start.
pub(crate) struct Stopwatch(Duration);

impl Stopwatch {
    pub(crate) fn start() -> Self {
        Self(used())
    }

    /// What this thread has computed since the start.
    pub(crate) fn elapsed(&self) -> Duration {
        used().saturating_sub(self.0)
    }
}

/// The time that the processor gave to this thread.
#[cfg(target_os = "linux")]
fn used() -> Duration {
    use nix::sys::resource::{UsageWho, getrusage};
    let usage = getrusage(UsageWho::RUSAGE_THREAD).unwrap();
    let time = usage.user_time() + usage.system_time();
    Duration::new(time.tv_sec() as u64, time.tv_usec() as u32 * 1000)
}

/// Elsewhere, the time of the clock.
#[cfg(not(target_os = "linux"))]
fn used() -> Duration {
    static START: std::sync::LazyLock<std::time::Instant> = std::sync::LazyLock::new(std::time::Instant::now);
    START.elapsed()
}
