//! The program itself, started as a terminal or a script starts it.

use domain::person::Role;
use serde_json::Value;
use std::{
    io::{BufRead, BufReader},
    net::SocketAddr,
    path::PathBuf,
    process::{Child, Command, Output, Stdio},
    sync::mpsc::{self, Receiver},
    time::Duration,
};

/// A data folder that goes when it is dropped.
pub(crate) struct Data(pub(crate) PathBuf);

impl Data {
    /// One that is not there yet.
    pub(crate) fn new(name: &str) -> Data {
        Data(std::env::temp_dir().join(format!("lotwalk-cli-{}-{name}", std::process::id())))
    }

    /// The program with its arguments, not yet started.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_lotwalk"));
        command.args(args);
        self.furnish(&mut command);
        command
    }

    /// The same where no file may grow beyond so many bytes, until [`Serving::lets_files_grow`]. What would
    /// make one larger fails as it does on a full disk, apart from the error's name.
    #[cfg(target_os = "linux")]
    pub(crate) fn command_with_files_up_to(&self, bytes: u64, args: &[&str]) -> Command {
        // POSIX counts blocks of 512 bytes. The signal that comes with the error would end the program.
        let script = "trap '' XFSZ; ulimit -S -f \"$1\"; shift; exec \"$@\"";
        let mut command = Command::new("sh");
        command.args(["-c", script, "sh", &(bytes / 512).to_string(), env!("CARGO_BIN_EXE_lotwalk")]);
        command.args(args);
        self.furnish(&mut command);
        command
    }

    fn furnish(&self, command: &mut Command) {
        command.env("LOTWALK_DATA", &self.0).env("LC_ALL", "C.UTF-8").env_remove("LOTWALK_DATABASE");
        command.env_remove("LOTWALK_FILES");
        command.stdin(Stdio::null());
    }

    /// Runs it to its end.
    pub(crate) fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().expect("runs")
    }

    /// The secret of a new token.
    pub(crate) fn token(&self, role: Role) -> String {
        text(&self.run(&["token", "create", "--role", role.word()]).stdout).trim_end().to_string()
    }

    /// How many entries `verify-log` found, which must be as they were written.
    pub(crate) fn verified(&self, more: &[&str]) -> u64 {
        let out = self.run(&[&["verify-log", "--json"], more].concat());
        let json: Value = serde_json::from_slice(&out.stdout).expect("is JSON");
        assert_eq!((out.status.code(), &json["findings"]), (Some(0), &serde_json::json!([])));
        json["entries"].as_u64().expect("a count")
    }
}

impl Drop for Data {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Output as text.
pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A server as a process of its own; it does not outlive the test.
pub(crate) struct Serving {
    /// Where it listens.
    pub(crate) at: SocketAddr,
    child: Child,
    said: Receiver<String>,
}

impl Serving {
    /// Starts it and waits until it listens.
    pub(crate) fn begin(mut command: Command) -> Serving {
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("runs");
        let lines = BufReader::new(child.stderr.take().expect("a pipe")).lines().map_while(Result::ok);
        let (says, said) = mpsc::channel();
        // Read to its end whether or not somebody listens: a full pipe would stop the server.
        std::thread::spawn(move || lines.for_each(|line| drop(says.send(line))));
        let mut serving = Serving { at: ([127, 0, 0, 1], 0).into(), child, said };
        let first = serving.says("http://");
        let at = first.split("http://").nth(1).and_then(|at| at.trim().parse().ok());
        serving.at = at.unwrap_or_else(|| panic!("no address in {first:?}"));
        serving
    }

    /// The next line with such words.
    pub(crate) fn says(&self, words: &str) -> String {
        self.says_all_up_to(words).pop().unwrap_or_default()
    }

    /// What it says up to the next line with such words, and that line.
    pub(crate) fn says_all_up_to(&self, words: &str) -> Vec<String> {
        let mut before = Vec::new();
        loop {
            match self.said.recv_timeout(Duration::from_secs(60)) {
                Ok(line) if line.contains(words) => {
                    before.push(line);
                    return before;
                }
                Ok(line) => before.push(line),
                Err(why) => panic!("it never said {words:?} ({why}), but {before:#?}"),
            }
        }
    }

    /// Takes the limit of [`Data::command_with_files_up_to`] back.
    #[cfg(target_os = "linux")]
    pub(crate) fn lets_files_grow(&self) {
        let pid = self.child.id().to_string();
        let told =
            Command::new("prlimit").args(["--pid", &pid, "--fsize=unlimited:"]).status().expect("runs");
        assert!(told.success());
    }

    /// Tells it to stop, and waits until it has.
    #[cfg(unix)]
    pub(crate) fn stop(mut self) {
        let told = Command::new("kill").arg(self.child.id().to_string()).status().expect("runs");
        assert!(told.success());
        assert_eq!(self.child.wait().expect("ends").code(), Some(0), "{:#?}", self.said.iter().last());
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // One that has ended already needs no more.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
