//! The table of the CLI's commands: text of one line a command, as `tools/az-table/README.md` describes it.

use std::ops::Range;

use crate::gzip;

/// Made by `tools/az-table`.
static PACKED: &[u8] = include_bytes!("table.txt.gz");

/// The commands of one release of the CLI.
#[derive(Debug)]
pub struct Table {
    text: String,
    /// The lines of groups and commands, in order.
    lines: Vec<Range<usize>>,
    /// The numbers of those that are one word.
    first: Vec<usize>,
    /// The line of what nearly all commands take.
    common: Range<usize>,
}

/// A group or a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry<'a> {
    /// Its words after `az`.
    pub path: &'a str,
    /// Whether it is a group of commands.
    pub is_group: bool,
    /// Whether it will go.
    pub deprecation: Option<Deprecation>,
    /// What it takes, what all commands take last.
    pub flags: Vec<Flag<'a>>,
}

/// A flag, or a positional argument.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flag<'a> {
    /// Its names, each with whether that name will go; one without a dash is positional.
    pub names: Vec<(&'a str, Option<Deprecation>)>,
    /// Whether a command without it fails.
    pub is_required: bool,
    /// How many values it takes.
    pub values: Values,
    /// The key under which a reader may have set it for all commands.
    pub default: Option<&'a str>,
    /// The values it may have, as the table lists them; empty where they are not known.
    choices: &'a str,
    /// Whether their case does not count.
    pub folds_case: bool,
    /// Whether it will go.
    pub deprecation: Option<Deprecation>,
}

/// How many values a flag takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Values {
    /// So many.
    Exactly(usize),
    /// One or none.
    Optional,
    /// Any number of them.
    Any,
    /// At least one.
    Some,
}

/// That something will go.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Deprecation {
    /// The release in which it goes, where that is known.
    pub release: Option<String>,
    /// What takes its place.
    pub instead: Option<String>,
}

impl Flag<'_> {
    /// The values it may have; none where they are not known.
    #[must_use]
    pub fn choices(&self) -> Vec<String> {
        self.choices.split('|').filter(|choice| !choice.is_empty()).map(plain).collect()
    }

    /// Whether it has no name that is written before it.
    #[must_use]
    pub fn is_positional(&self) -> bool {
        self.names.iter().all(|(name, _)| !name.starts_with('-'))
    }

    /// The name that messages use: the first one that stays.
    #[must_use]
    pub fn name(&self) -> &str {
        let staying =
            self.names.iter().find(|(name, deprecation)| deprecation.is_none() && name.starts_with("--"));
        staying.or(self.names.first()).map_or("", |(name, _)| name)
    }
}

impl Table {
    /// The table that ships.
    ///
    /// # Panics
    /// Never: a test unpacks what ships.
    #[must_use]
    pub fn shipped() -> Self {
        let bytes = gzip::unpacked(PACKED).expect("a test unpacks the table");
        Self::new(String::from_utf8(bytes).expect("a test reads the table"))
    }

    /// How many bytes it adds to the program.
    #[must_use]
    pub fn packed_size() -> usize {
        PACKED.len()
    }

    fn new(text: String) -> Self {
        let mut at = 0;
        let mut lines: Vec<Range<usize>> = text
            .split_inclusive('\n')
            .map(|line| {
                let start = at;
                at += line.len();
                start..at - 1
            })
            .collect();
        let mut heads = lines.drain(..lines.len().min(2)).skip(1);
        let common = heads.next().unwrap_or(0..0);
        drop(heads);
        let mut table = Self { text, lines, first: Vec::new(), common };
        table.first =
            (0..table.lines.len()).filter(|at| !table.path(&table.lines[*at]).contains(' ')).collect();
        table
    }

    /// The release of the CLI.
    #[must_use]
    pub fn release(&self) -> &str {
        self.head("azure-cli")
    }

    /// A figure of the first line.
    fn head(&self, key: &str) -> &str {
        let line = self.text.lines().next().unwrap_or_default();
        let mut parts = line.split('\t').filter_map(|part| part.split_once(' '));
        parts.find(|(name, _)| *name == key).map_or("", |(_, value)| value)
    }

    /// The group or the command with these words.
    #[must_use]
    pub fn find(&self, path: &str) -> Option<Entry<'_>> {
        let line = self.lines.binary_search_by(|line| self.path(line).cmp(path)).ok()?;
        Some(self.entry(&self.lines[line]))
    }

    /// Whether the group or the command with these words will go.
    #[must_use]
    pub fn deprecation(&self, path: &str) -> Option<Deprecation> {
        let line = self.lines.binary_search_by(|line| self.path(line).cmp(path)).ok()?;
        let marks = self.text[self.lines[line].clone()].split('\t').nth(1)?;
        marks.split_once('-').map_or(marks, |(marks, _)| marks).split(';').find_map(deprecation)
    }

    /// Whether there is a group or a command with these words.
    #[must_use]
    pub fn has(&self, path: &str) -> bool {
        self.lines.binary_search_by(|line| self.path(line).cmp(path)).is_ok()
    }

    /// The last words of the groups and commands right below a group; of the first ones for `""`.
    pub fn below<'a>(&'a self, group: &str) -> impl Iterator<Item = &'a str> {
        let prefix = format!("{group} ");
        let (first, inside) = if group.is_empty() {
            (self.first.as_slice(), &[][..])
        } else {
            let start = self.lines.partition_point(|line| self.path(line) < prefix.as_str());
            (&[][..], &self.lines[start..])
        };
        let inside = inside
            .iter()
            .map(|line| self.path(line))
            .map_while(move |path| path.strip_prefix(&prefix))
            .filter(|word| !word.contains(' '));
        first.iter().map(|at| self.path(&self.lines[*at])).chain(inside)
    }

    /// All groups and commands.
    pub fn entries(&self) -> impl Iterator<Item = Entry<'_>> {
        self.lines.iter().map(|line| self.entry(line))
    }

    fn path(&self, line: &Range<usize>) -> &str {
        let line = &self.text[line.clone()];
        line.split_once('\t').map_or(line, |(path, _)| path)
    }

    fn entry(&self, line: &Range<usize>) -> Entry<'_> {
        let mut parts = self.text[line.clone()].split('\t');
        let path = parts.next().unwrap_or_default();
        let marks = parts.next().unwrap_or_default();
        let is_group = marks.starts_with('g');
        let (marks, without) = marks.split_once('-').unwrap_or((marks, ""));
        let without: Vec<&str> = without.split(',').filter(|name| !name.is_empty()).collect();
        let mut flags: Vec<Flag> = parts.map(flag).collect();
        if !is_group {
            let common = self.text[self.common.clone()].split('\t').skip(2).map(flag);
            flags.extend(common.filter(|flag| !without.iter().any(|name| flag.names[0].0 == *name)));
        }
        Entry { path, is_group, deprecation: marks.split(';').find_map(deprecation), flags }
    }
}

/// Reads `--name,-n!>--new*~+$group=a|b;p`.
fn flag(text: &str) -> Flag<'_> {
    let (text, marks) = text.split_once(';').unwrap_or((text, ""));
    let (text, choices) = text.split_once('=').map_or((text, None), |(text, choices)| (text, Some(choices)));
    let (text, default) = text.split_once('$').map_or((text, None), |(text, key)| (text, Some(key)));
    let (text, values) = text.split_once('~').map_or((text, None), |(text, values)| (text, Some(values)));
    let (text, is_required) = text.strip_suffix('*').map_or((text, false), |text| (text, true));
    let name = |name| match str::find(name, '!') {
        Some(at) => (&name[..at], deprecation(&name[at..])),
        None => (name, None),
    };
    let folds_case = !choices.is_some_and(|choices| choices.starts_with('='));
    let choices = choices.map(|choices| choices.trim_start_matches('='));
    Flag {
        names: text.split(',').map(name).collect(),
        is_required,
        values: match values {
            None => Values::Exactly(1),
            Some("?") => Values::Optional,
            Some("*") => Values::Any,
            Some("+") => Values::Some,
            Some(number) => Values::Exactly(number.parse().unwrap_or(1)),
        },
        default,
        choices: choices.unwrap_or_default(),
        folds_case,
        deprecation: marks.split(';').find_map(deprecation),
    }
}

/// Reads `!release>instead`.
fn deprecation(mark: &str) -> Option<Deprecation> {
    let (release, instead) = mark.strip_prefix('!').map(|mark| mark.split_once('>').unwrap_or((mark, "")))?;
    let some = |text: &str| (!text.is_empty()).then(|| plain(text));
    Some(Deprecation { release: some(release), instead: some(instead) })
}

/// The text without `%2c`.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('%') {
        plain.push_str(&rest[..at]);
        let code = rest.get(at + 1..at + 3).and_then(|code| u8::from_str_radix(code, 16).ok());
        plain.push(code.map_or('%', char::from));
        rest = &rest[at + if code.is_some() { 3 } else { 1 }..];
    }
    plain.push_str(rest);
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_table_is_what_its_first_line_says() {
        let table = Table::shipped();
        let count = |is_group| table.entries().filter(|entry| entry.is_group == is_group).count().to_string();
        assert_eq!(table.release(), "2.91.0");
        assert_eq!(count(true), table.head("groups"));
        assert_eq!(count(false), table.head("commands"));
        let own = |line: &Range<usize>| table.text[line.clone()].split('\t').count() - 2;
        let flags: usize = table.lines.iter().map(own).sum();
        assert_eq!(flags.to_string(), table.head("flags"));
        assert!(table.lines.is_sorted_by(|a, b| table.path(a) < table.path(b)));
        assert!(Table::packed_size() < 140_000, "{}", Table::packed_size());
    }

    #[test]
    fn commands_and_their_flags() {
        let table = Table::shipped();
        let group = table.find("group create").expect("a command");
        let names = |flag: &Flag| flag.names.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(",");
        assert_eq!(names(&group.flags[0]), "--name,--resource-group,-n,-g");
        assert!(group.flags[0].is_required);
        let location = group.flags.iter().find(|flag| flag.name() == "--location").expect("a flag");
        assert_eq!((location.is_required, location.default), (true, Some("location")));
        let output = group.flags.iter().find(|flag| flag.name() == "--output").expect("what all have");
        assert!(output.folds_case && output.choices().contains(&"table".to_owned()));
        assert!(table.find("vm").expect("a group").is_group);
        assert!(table.below("vm").any(|word| word == "list-sizes") && !table.has("vm nothing"));
        assert_eq!(table.below("").filter(|word| word.contains(' ')).count(), 0);
    }

    #[test]
    fn a_flag_with_all_that_it_may_have() {
        assert_eq!(
            flag("--old!3.0.0>--new%2c now,-n*~+$group==a%7cb|c;p;!>x"),
            Flag {
                names: vec![
                    (
                        "--old",
                        Some(Deprecation {
                            release: Some("3.0.0".into()),
                            instead: Some("--new, now".into())
                        })
                    ),
                    ("-n", None)
                ],
                is_required: true,
                values: Values::Some,
                default: Some("group"),
                choices: "a%7cb|c",
                folds_case: false,
                deprecation: Some(Deprecation { release: None, instead: Some("x".into()) }),
            }
        );
    }
}
