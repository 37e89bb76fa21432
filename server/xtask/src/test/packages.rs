//! What the system has to have, installed from Debian's packages where it may be.

use crate::run::{self, Outcome, step};
use std::io::{BufRead, IsTerminal, Write};
use std::process::Command;

/// Something tests need from the system.
#[derive(Clone, Copy)]
pub(crate) struct Need {
    /// What it is, for the person asked to have it.
    pub(crate) what: &'static str,
    /// Debian's packages that bring it.
    pub(crate) packages: &'static [&'static str],
    /// Whether it is here.
    pub(crate) is_here: fn() -> bool,
    /// How to do without the packages.
    pub(crate) otherwise: &'static str,
}

/// Installs what is missing: asks first on a terminal, goes ahead without one, and where it may not,
/// says what is missing.
pub(crate) fn ensure(needs: &[Need]) -> Outcome {
    let missing: Vec<&Need> = needs.iter().filter(|need| !(need.is_here)()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let rights = Rights::find(is_terminal());
    let refuse = |why: &str| Err(refusal(&missing, why));
    let Some(rights) = rights else {
        return refuse("apt-get is not here, or neither root nor sudo lets us use it");
    };
    let packages: Vec<&str> = missing.iter().flat_map(|need| need.packages).copied().collect();
    if is_terminal() && !asked(&format!("Install with apt-get: {}?", packages.join(" "))) {
        return refuse("you chose not to install it");
    }
    let installed = step(&format!("installing {}", packages.join(" ")), || {
        run::run(rights.apt().args(["update", "-qq"]))?;
        run::run(rights.apt().args(["install", "-y", "-qq", "--no-install-recommends"]).args(&packages))
    });
    if let Err(why) = installed {
        return refuse(&why);
    }
    match missing.iter().find(|need| !(need.is_here)()) {
        Some(need) => refuse(&format!("{} is still missing after the installation", need.what)),
        None => Ok(()),
    }
}

fn refusal(missing: &[&Need], why: &str) -> String {
    let mut text = String::from("tests need what is not on this machine:\n");
    for need in missing {
        text +=
            &format!("  {}: Debian package {}, or {}\n", need.what, need.packages.join(" "), need.otherwise);
    }
    text + "not installed, because " + why
}

/// How we may call apt-get.
#[derive(Clone, Copy)]
enum Rights {
    Root,
    /// Without a password.
    Sudo,
    /// A person is here to give one.
    SudoAsks,
}

impl Rights {
    fn find(terminal: bool) -> Option<Rights> {
        run::find("apt-get")?;
        if run::read(Command::new("id").arg("-u")).is_ok_and(|id| id == "0") {
            return Some(Rights::Root);
        }
        run::find("sudo")?;
        if run::says_yes(Command::new("sudo").args(["-n", "true"])) {
            return Some(Rights::Sudo);
        }
        terminal.then_some(Rights::SudoAsks)
    }

    /// An apt-get that asks nothing itself.
    fn apt(self) -> Command {
        let line: &[&str] = match self {
            Rights::Root => &["env"],
            Rights::Sudo => &["sudo", "-n", "env"],
            // sudo asks on the terminal itself, not on its input.
            Rights::SudoAsks => &["sudo", "env"],
        };
        let mut apt = Command::new(line[0]);
        apt.args(&line[1..]).args(["DEBIAN_FRONTEND=noninteractive", "apt-get"]);
        apt
    }
}

fn is_terminal() -> bool {
    std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
}

fn asked(question: &str) -> bool {
    eprint!("{question} [Y/n] ");
    let _ = std::io::stderr().flush();
    let mut answer = String::new();
    let read = std::io::stdin().lock().read_line(&mut answer);
    // No line at all is nobody there, and not a yes.
    matches!(read, Ok(n) if n > 0) && matches!(answer.trim(), "" | "y" | "Y" | "yes")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_said_with_its_package_and_the_way_around() {
        let need = Need {
            what: "a browser",
            packages: &["chromium"],
            is_here: || false,
            otherwise: "name one in CHROME",
        };
        assert_eq!(
            refusal(&[&need], "you chose not to install it"),
            "tests need what is not on this machine:\n  a browser: Debian package chromium, or name one in \
             CHROME\nnot installed, because you chose not to install it"
        );
    }
}
