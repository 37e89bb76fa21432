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

/// `ends SIGNAL PID` ends a process group and waits for its leader; by force after ten seconds. Whoever
/// should take note of a death may have died itself: a zombie is as good as gone.
const WAIT_THEN_CLEAN: &str = r#"
gone() { ! kill -0 -- "-$1" || grep -q '^State:[[:space:]]*Z' "/proc/$1/status"; }
ends() {
    kill -s "$1" -- "-$2" || return 0
    for _ in $(seq 100); do gone "$2" && return; sleep 0.1; done
    kill -s KILL -- "-$2"
}
todo=:
while IFS= read -r line; do todo="$line
$todo"; done
eval "$todo" 2>/dev/null
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

    /// Starts a program that ends with us, by this signal at first. It gets a process group of its own:
    /// what it starts itself ends too, and a Ctrl-C reaches it through us.
    pub(crate) fn spawn(&mut self, command: &mut Command, signal: &str) -> Outcome<Child> {
        let started = command.stdin(Stdio::null()).process_group(0).spawn();
        let child = started.map_err(|e| format!("cannot run {}: {e}", command.get_program().display()))?;
        self.at_end(&format!("ends {signal} {}", child.id()))?;
        Ok(child)
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
    fn what_was_started_ends() {
        let mut guard = Guard::new().expect("starts");
        let mut child =
            guard.spawn(Command::new("sh").args(["-c", "sleep 60; true"]), "TERM").expect("starts");
        drop(guard);
        assert!(!child.wait().expect("is ours").success());
    }

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
