//! The lines of a terminal session in, what each of them is out: a command behind its prompt, or what was answered.

use super::parts;

/// What a line of a session is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Said {
    /// A command or a part of one; so long is the prompt before it, with the space behind it.
    Command(usize),
    /// What the machine answered.
    Output,
}

/// Where in a command the next line goes on.
#[derive(Default)]
struct Open {
    /// The quote that is not closed.
    quote: Option<char>,
    /// The word that ends the text of `<<WORD`.
    heredoc: Option<String>,
    /// Whether the line ended in a sign that continues it.
    continued: bool,
}

/// What each line is, where the block is a session; `None` where it is only code. `html` are the lines, highlighted by
/// `grammar`. A block of commands is a session where its first command has a prompt; in a console, any.
pub(super) fn read(grammar: &str, text: &[&str], html: &[String]) -> Option<Vec<Said>> {
    let is_console = grammar == "Console";
    if !is_console && !matches!(grammar, "Shell" | "PowerShell") {
        return None;
    }
    let prompts: Vec<Option<usize>> = text.iter().zip(html).map(|(text, html)| prompt(text, html)).collect();
    let first =
        text.iter().position(|line| !line.trim().is_empty() && !line.trim_start().starts_with('#'))?;
    if !is_console && prompts[first].is_none() || prompts.iter().all(Option::is_none) {
        return None;
    }
    let mut open = Open::default();
    let lines = text.iter().zip(html).zip(prompts).map(|((text, html), prompt)| {
        if open.heredoc.is_none()
            && let Some(length) = prompt
        {
            open =
                Open { quote: open.quote.filter(|_| text.trim_start().starts_with('>')), ..Open::default() };
            open.read(&text[length..]);
            return Said::Command(length);
        }
        if open.goes_on() {
            open.read(text);
            return Said::Command(0);
        }
        let is_comment = matches!(parts::first(html), Some((_, Some("c"), _)));
        if is_comment { Said::Command(0) } else { Said::Output }
    });
    Some(lines.collect())
}

/// How long the prompt of a line is, with the space behind it.
fn prompt(text: &str, html: &str) -> Option<usize> {
    let (before, class, sign) = parts::first(html)?;
    let ends = class == Some("m") && sign.ends_with(['$', '%', '>', '❯', '➜', '#']);
    let end = before + sign.len();
    ends.then(|| end + text[end..].len() - text[end..].trim_start().len())
}

impl Open {
    fn goes_on(&self) -> bool {
        self.quote.is_some() || self.heredoc.is_some() || self.continued
    }

    fn read(&mut self, line: &str) {
        if let Some(word) = &self.heredoc {
            if line.trim() == word {
                self.heredoc = None;
            }
            self.continued = false;
            return;
        }
        let mut letters = line.char_indices().peekable();
        let mut before = ' ';
        self.continued = false;
        while let Some((at, letter)) = letters.next() {
            match (self.quote, letter) {
                (Some('\''), '\'') | (Some('"'), '"') => self.quote = None,
                // What follows is taken as it is; where nothing does, the line goes on.
                (None | Some('"'), '\\') => self.continued = letters.next().is_none(),
                (None, '\'' | '"') => self.quote = Some(letter),
                (None, '#') if before.is_whitespace() => return,
                (None, '<')
                    if line[at..].starts_with("<<") && !line[at..].starts_with("<<<") && before != '<' =>
                {
                    let word = line[at + 2..].trim_start_matches(['-', '~']).trim_start();
                    let word = word.trim_start_matches(['\'', '"', '\\']);
                    let end = word.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(word.len());
                    if end > 0 {
                        self.heredoc = Some(word[..end].to_owned());
                    }
                }
                _ => {}
            }
            before = letter;
        }
        let end = line.trim_end();
        self.continued |= ["|", "&&", " `"].iter().any(|sign| end.ends_with(sign));
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::render::highlight::Highlighter;

    /// Each line as it is copied; output as `-`.
    fn copied(language: &str, text: &str) -> Option<Vec<String>> {
        let highlighter = Highlighter::new(&BTreeMap::new());
        let lines: Vec<&str> = text.lines().collect();
        let said = read(highlighter.canonical(language)?, &lines, &highlighter.lines(language, text))?;
        let line = |(said, line): (&Said, &&str)| match said {
            Said::Command(prompt) => line[*prompt..].to_owned(),
            Said::Output => "-".to_owned(),
        };
        Some(said.iter().zip(&lines).map(line).collect())
    }

    #[test]
    fn commands_stay_and_answers_go() {
        let text = "# Who am I\n$ az account show \\\n    --query id\n\"1\"\n\nme@host:~$ ls -l\ntotal 0\n$ cat <<EOF\n$ a\nEOF\n$ echo 'a\nb'\nb";
        assert_eq!(
            copied("console", text).expect("a session"),
            [
                "# Who am I",
                "az account show \\",
                "    --query id",
                "-",
                "-",
                "ls -l",
                "-",
                "cat <<EOF",
                "$ a",
                "EOF",
                "echo 'a",
                "b'",
                "-"
            ]
        );
    }

    #[test]
    fn the_prompts_of_powershell_and_of_shells() {
        assert_eq!(copied("console", "PS C:\\> Get-AzVM\nName\n").expect("a session"), ["Get-AzVM", "-"]);
        assert_eq!(
            copied("powershell", "PS> az login `\n  --tenant x\nok").expect("a session"),
            ["az login `", "  --tenant x", "-"]
        );
        assert_eq!(copied("bash", "$ ls\na.md\n").expect("a session"), ["ls", "-"]);
        assert_eq!(copied("bash", "ls\n$ ls\n"), None);
        assert_eq!(copied("console", "only output\n"), None);
        assert_eq!(copied("json", "{}"), None);
    }
}
