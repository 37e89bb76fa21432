//! What has to end with this program, however it ends.
//!
//! A shell waits on a pipe that only we hold. When we are done, interrupted or killed, the pipe closes
//! and the shell runs what it was handed, the last thing first. It sits in a process group of its own,
//! so that a Ctrl-C at the terminal ends us and not it.

use crate::run::Outcome;
use std::io::Write;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};

/// Cleans up when it is dropped, and also when it never is.
pub(crate) struct Guard {
    shell: Child,
}

const WAIT_THEN_CLEAN: &str = r#"
todo=:
while IFS= read -r line; do todo="$line
$todo"; done
eval "$todo"
"#;

impl Guard {
    /// A guard with nothing to do yet.
    pub(crate) fn new() -> Outcome<Guard> {
        let shell = Command::new("sh")
            .args(["-c", WAIT_THEN_CLEAN])
            .stdin(Stdio::piped())
            .process_group(0)
            .spawn()
            .map_err(|e| format!("cannot run sh: {e}"))?;
        Ok(Guard { shell })
    }

    /// A line of shell to run at the end; later ones run before earlier ones.
    pub(crate) fn at_end(&mut self, line: &str) -> Outcome {
        let pipe = self.shell.stdin.as_mut().ok_or("the guard has ended")?;
        writeln!(pipe, "{line}").map_err(|e| format!("the guard has ended: {e}"))
    }

    /// Ends a process at the end, and waits until it is gone; by force after ten seconds.
    pub(crate) fn ends(&mut self, signal: &str, pid: u32) -> Outcome {
        self.at_end(&format!(
            "kill -{signal} {pid} 2>/dev/null && for _ in $(seq 100); do kill -0 {pid} 2>/dev/null || break; sleep 0.1; done; kill -KILL {pid} 2>/dev/null"
        ))
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        drop(self.shell.stdin.take());
        // Nothing is left to do about a guard that failed; it said so on stderr itself.
        let _ = self.shell.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_line_runs_first_and_before_the_drop_is_over() {
        let file = std::env::temp_dir().join(format!("lotwalk-guard-{}", std::process::id()));
        let mut guard = Guard::new().expect("starts");
        guard.at_end(&format!("echo second >> '{}'", file.display())).expect("takes a line");
        guard.at_end(&format!("echo first >> '{}'", file.display())).expect("takes a line");
        assert!(!file.exists());
        drop(guard);
        assert_eq!(std::fs::read_to_string(&file).expect("was written"), "first\nsecond\n");
        std::fs::remove_file(file).expect("is ours");
    }
}
