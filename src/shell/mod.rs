//! The text of a block of shell code in, its simple commands out: what a page asks its readers to run.
//!
//! Three shells are known ([`Shell`]); sessions with prompts and answers are read in each of them. Nothing is run and
//! nothing is expanded: a [`Word`] says what it is after its quotes are gone, and from where on its value cannot be
//! known, because a variable, a substitution or a placeholder such as `<name>` stands in it. Reading never fails; text
//! that is no valid shell gives the commands that a lenient reader sees. It is a module of its own, below `document`,
//! because checks, procedures and whoever else asks what a page runs must get the same answer.

mod cmd;
mod posix;
mod powershell;
mod reader;
mod session;

use std::ops::Range;

use reader::Reader;

/// Whose rules a text follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shell {
    /// `sh`, `bash`, `zsh` and their kin.
    Posix,
    /// PowerShell.
    PowerShell,
    /// The command prompt of Windows.
    Cmd,
}

/// A simple command: a program and its words. Commands inside of others (`$(…)`, loops, pipes) are commands too.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Command {
    /// Where it stands in the text, from its first word or assignment to its last word or redirection; `sudo` is
    /// part of it, `if`, `do` and prompts are not.
    pub range: Range<usize>,
    /// The program and its words. `sudo`, `time`, `env` and the like are left out; empty where a command only
    /// assigns or redirects.
    pub words: Vec<Word>,
    /// The variables it sets: `X` of `X=1`, of `$X = az …` and of `set X=1`.
    pub assigns: Vec<String>,
    /// The files it writes, by `>` and `tee`; not `/dev/null`.
    pub writes: Vec<Word>,
    /// How many substitutions it stands in: 1 for the inner one of `echo $(az …)`.
    pub depth: usize,
    /// In a session, what the machine answered, where it answered; given to the last command before the answer.
    pub output: Option<Range<usize>>,
}

impl Command {
    /// The program, where it is known: `az` for `sudo az login`.
    #[must_use]
    pub fn program(&self) -> Option<&str> {
        self.words.first().filter(|word| word.is_known()).map(|word| word.value.as_str())
    }
}

/// One word of a command.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Word {
    /// Where it stands in the text, quotes and all.
    pub range: Range<usize>,
    /// What it is without quotes and escapes; substitutions and placeholders stand in it as they are written.
    pub value: String,
    /// From where on in `value` it is not known what the word will be; absent where all of it is.
    pub unknown: Option<usize>,
    /// Whether it may become several words or none, as an unquoted `$X` does.
    pub splits: bool,
    /// Whether a part of it is quoted or escaped.
    pub quoted: bool,
}

impl Word {
    /// Whether the value is what the program will get.
    #[must_use]
    pub fn is_known(&self) -> bool {
        self.unknown.is_none()
    }

    /// What the value surely begins with.
    #[must_use]
    pub fn known(&self) -> &str {
        self.value.get(..self.unknown.unwrap_or(self.value.len())).unwrap_or_default()
    }
}

impl Shell {
    /// The shell of a fence: by its language (in any case), and where pages use one language for several shells, by
    /// what the code looks like. `None` for what is no shell.
    #[must_use]
    pub fn of(language: &str, code: &str) -> Option<Self> {
        match language.to_lowercase().as_str() {
            "powershell"
            | "pwsh"
            | "ps"
            | "ps1"
            | "psm1"
            | "posh"
            | "azurepowershell"
            | "azurepowershell-interactive"
            | "powershell-interactive" => Some(Self::PowerShell),
            "cmd" | "bat" | "batch" | "dos" | "winbatch" => Some(Self::Cmd),
            "sh"
            | "bash"
            | "shell"
            | "zsh"
            | "ksh"
            | "shellscript"
            | "bach"
            | "azurecli"
            | "azurecli-interactive"
            | "azure-cli"
            | "azurecli-cli"
            | "az" => Some(looks_like(code)),
            name if is_session(name) => Some(looks_like(code)),
            _ => None,
        }
    }
}

/// The commands of `text`, in the order in which they begin.
#[must_use]
pub fn commands(shell: Shell, language: &str, text: &str) -> Vec<Command> {
    let console = is_session(&language.to_lowercase());
    let mut commands = match session::prompts(text, console) {
        Some(prompts) => session::read(shell, text, &prompts),
        None => {
            let mut reader = Reader::new(shell, text);
            reader.script();
            reader.commands
        }
    };
    commands.sort_by_key(|command| (command.range.start, command.depth));
    commands
}

/// Languages of blocks in which a prompt begins a command.
fn is_session(language: &str) -> bool {
    const NAMES: [&str; 10] = [
        "console",
        "shell-session",
        "shellsession",
        "sh-session",
        "bash-session",
        "zsh-session",
        "session",
        "terminal",
        "term",
        "tty",
    ];
    NAMES.contains(&language)
}

/// Which shell's signs a text shows: how it continues lines, and how it names variables.
fn looks_like(code: &str) -> Shell {
    let mut signs = [0_u32; 3];
    for line in code.lines() {
        let end = line.trim_end();
        let start = line.trim_start();
        if end.ends_with('\\') {
            signs[0] += 1;
        }
        if end.ends_with(" `")
            || start.starts_with("$env:")
            || assigns_as_powershell(start)
            || start.starts_with("PS>")
            || start.starts_with("PS C:")
        {
            signs[1] += 1;
        }
        let word = start.split_whitespace().next().unwrap_or_default();
        if end.ends_with(" ^")
            || ["set", "rem"].iter().any(|it| word.eq_ignore_ascii_case(it)) && start.contains(['=', '%'])
        {
            signs[2] += 1;
        }
    }
    let [posix, powershell, cmd] = signs;
    if powershell > posix && powershell >= cmd {
        Shell::PowerShell
    } else if cmd > posix {
        Shell::Cmd
    } else {
        Shell::Posix
    }
}

/// `$name = …`, which no other shell has.
fn assigns_as_powershell(line: &str) -> bool {
    line.strip_prefix('$').is_some_and(|rest| {
        let name = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
        let after = rest[name..].trim_start();
        name > 0 && after.starts_with('=') && !after.starts_with("==")
    })
}

#[cfg(test)]
mod tests;
