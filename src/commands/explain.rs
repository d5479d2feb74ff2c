//! `waypost explain`.

use std::io::Write;
use std::process::ExitCode;

use clap::Args;
use waypost::diagnostic::{Severity, nearest, rules};
use waypost::scaffold;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The code in brackets of a message, such as `broken-link`; without one, all codes.
    code: Option<String>,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let mut out = anstream::stdout();
    let Some(code) = &arguments.code else {
        for rule in rules::ALL {
            writeln!(out, "{:24} {:8} {}", rule.code, severity(rule.severity), rule.title)?;
        }
        return Ok(ExitCode::SUCCESS);
    };
    let Some(rule) = rules::find(code) else {
        let near = nearest(code, rules::ALL.iter().map(|rule| rule.code));
        let help = near.map_or_else(
            || "`waypost explain` lists all".to_owned(),
            |near| format!("did you mean `{near}`?"),
        );
        anyhow::bail!("no finding has the code `{code}`: {help}");
    };
    write!(out, "{}", scaffold::explanation(rule))?;
    Ok(ExitCode::SUCCESS)
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Advice => "advice",
    }
}
