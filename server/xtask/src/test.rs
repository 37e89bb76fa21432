//! Everything a test needs, then every test.

pub(crate) mod browser;
pub(crate) mod packages;
pub(crate) mod postgres;
mod rust;

use crate::guard::Guard;
use crate::run::{Outcome, step};
use crate::start;

/// Runs the tests that `args` choose; fails when one of them did.
pub(crate) fn test(args: &[String]) -> Outcome {
    let chosen = Chosen::from_args(args)?;
    let mut needs = Vec::new();
    if chosen.rust {
        needs.push(postgres::NEED);
    }
    if chosen.browser {
        browser::check_named()?;
        needs.extend([browser::CHROMIUM, browser::NODE, browser::CHINESE]);
    }
    packages::ensure(&needs)?;

    // What was started lives as long as this: it ends with us, however we end.
    let mut guard = Guard::new()?;
    let mut said = Vec::new();
    let filter = chosen.filter.as_deref();
    if chosen.rust {
        said.push(step("Rust tests", || {
            let url = match std::env::var(postgres::URL) {
                Ok(url) => url,
                Err(_) => step("PostgreSQL", || postgres::throw_away(&mut guard))?,
            };
            rust::test(&mut guard, &url, filter)
        }));
    }
    if chosen.browser {
        said.push(step("browser tests", || {
            browser::install(&crate::run::root().join("end2end"))?;
            browser::test(&mut guard, &start::build()?, filter)
        }));
    }
    // Every half runs, also after a failure of the first, so that one run tells all there is to mend.
    let failed = said.iter().any(Result::is_err);
    for line in said {
        println!("{}", line.unwrap_or_else(|why| why));
    }
    if failed { Err("tests failed".into()) } else { Ok(()) }
}

#[derive(PartialEq, Eq, Debug)]
struct Chosen {
    rust: bool,
    browser: bool,
    filter: Option<String>,
}

impl Chosen {
    fn from_args(args: &[String]) -> Outcome<Chosen> {
        let mut chosen = Chosen { rust: true, browser: true, filter: None };
        let mut args = args.iter();
        while let Some(arg) = args.next() {
            match arg.as_str() {
                "--only" => {
                    let half = args.next().map(String::as_str);
                    if !matches!(half, Some("rust" | "browser")) {
                        return Err("--only takes rust or browser".into());
                    }
                    (chosen.rust, chosen.browser) = (half == Some("rust"), half == Some("browser"));
                }
                option if option.starts_with('-') => {
                    return Err(format!("test has no option {option}; see cargo xtask help"));
                }
                filter if chosen.filter.is_none() => chosen.filter = Some(filter.into()),
                more => return Err(format!("one filter at a time; {more:?} is a second")),
            }
        }
        Ok(chosen)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(args: &[&str]) -> Outcome<Chosen> {
        Chosen::from_args(&args.iter().map(|a| a.to_string()).collect::<Vec<_>>())
    }

    #[test]
    fn halves_and_a_filter() {
        assert_eq!(chosen(&[]), Ok(Chosen { rust: true, browser: true, filter: None }));
        let rust = Chosen { rust: true, browser: false, filter: Some("c28".into()) };
        assert_eq!(chosen(&["--only", "rust", "c28"]), Ok(rust));
        assert!(chosen(&["--only"]).is_err());
        assert!(chosen(&["--fast"]).is_err());
        assert!(chosen(&["c28", "c29"]).is_err());
    }
}
