//! What the kernel tells of a process: its memory and its time on the processor (Linux).

use crate::Outcome;
use std::{fs, time::Duration};

/// Processor time of all its threads so far. Threads that have ended are left out: a server's do not.
pub fn cpu(pid: u32) -> Outcome<Duration> {
    let mut nanos = 0;
    for task in fs::read_dir(format!("/proc/{pid}/task"))? {
        let Ok(line) = fs::read_to_string(task?.path().join("schedstat")) else { continue };
        nanos += line.split(' ').next().unwrap_or_default().parse::<u64>()?;
    }
    Ok(Duration::from_nanos(nanos))
}

/// Memory in use, and the most there was, in MiB.
pub fn memory(pid: u32) -> Outcome<(f64, f64)> {
    let status = fs::read_to_string(format!("/proc/{pid}/status"))?;
    let of = |name: &str| -> Outcome<f64> {
        let line = status.lines().find_map(|line| line.strip_prefix(name)).ok_or("no memory is told")?;
        Ok(line.trim_start_matches(':').trim().trim_end_matches("kB").trim().parse::<f64>()? / 1024.0)
    };
    Ok((of("VmRSS")?, of("VmHWM")?))
}
