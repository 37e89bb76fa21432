//! The machine, in a few words.

use std::fs;

/// Cores, processor and memory. Figures of different machines are not to be compared, ratios are.
pub fn facts() -> String {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let after = |file: &str, name: &str| {
        let text = fs::read_to_string(file).unwrap_or_default();
        let line = text.lines().find(|line| line.starts_with(name))?;
        Some(line.split_once(':')?.1.trim().to_string())
    };
    let model = after("/proc/cpuinfo", "model name").unwrap_or_else(|| "unknown processor".into());
    let memory =
        after("/proc/meminfo", "MemTotal").and_then(|kb| kb.trim_end_matches(" kB").parse::<u64>().ok());
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split(' ').next().unwrap_or_default().to_string();
    let memory = memory.map_or(0, |kb| kb >> 20);
    format!("{cores} cores ({model}), {memory} GiB, load before {load}, {} build", build())
}

const fn build() -> &'static str {
    if cfg!(debug_assertions) { "DEBUG" } else { "release" }
}
