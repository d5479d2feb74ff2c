use super::*;
use crate::shell::{Shell, commands};

/// What is said of the commands in a text, as `kind@place: message`.
fn said(text: &str) -> Vec<String> {
    said_with(text, &Setting::default())
}

fn said_with(text: &str, setting: &Setting) -> Vec<String> {
    let table = Table::shipped();
    let mut setting = setting.clone();
    let all = commands(Shell::Posix, "sh", text);
    for command in &all {
        learn(text, command, &mut setting);
    }
    let findings = all
        .iter()
        .filter_map(|command| words(text, command))
        .flat_map(|(words, open)| check(&table, &setting, text, words, open));
    findings.map(|found| format!("{:?}@{}: {}", found.kind, &text[found.range], found.message)).collect()
}

fn clean(text: &str) {
    assert_eq!(said(text), Vec::<String>::new(), "{text}");
}

#[test]
fn what_the_cli_takes() {
    for text in [
        "az vm list",
        "az vm list -o TABLE",
        "az vm list -oTable --query '[].id'",
        "az --debug vm list",
        "az -o table vm list",
        "az vm create --resource g --name=x",
        "az vm show -g=g -n=x",
        "az vm show -gg -n -5",
        "az account lock create -n x -t readonly",
        "az config set a=b c=d",
        "az find 'vm list'",
        "az --version",
        "az vm -h",
        "az vm create --help",
        "az vm",
        "az group create -n $X -l <where>",
        "az group create $FLAGS",
        "az vm create -g g -n x --nsg-rule $RULE --image {image}",
        "az GROUP COMMAND",
        "az <group> list",
        "az $GROUP list",
        "az vm create -n x [--location] [-g GROUP]",
        "az vm create ...",
        "az configure --defaults group=g location=l; az group create -n x; az vm create -n y",
        "az config set defaults.group=g && az vm show -n y",
        "az extension add --name ml; az ml workspace list --x",
        "az vm list --query '[].id' -o tsv | xargs -I {} az vm delete --ids {} --yes",
        "az rest --method get --url https://x/y?z",
        "az group list | xargs az group delete -n",
        "az interactive",
        "az storage copy -s a -d b -- --cap-mbps=20 --check-length",
        "az some-command --x",
        "az>> vm create -n x",
        "az vm>> create -n x",
        "az alias create --name ls --command list; az vm ls",
    ] {
        clean(text);
    }
}

#[test]
fn what_it_refuses() {
    assert_eq!(
        said("az storage acount list"),
        ["UnknownCommand@acount: the Azure CLI 2.91.0 has no command in `az storage` called `acount`"]
    );
    assert_eq!(said("az vmm list"), ["UnknownCommand@vmm: the Azure CLI 2.91.0 has no command called `vmm`"]);
    assert_eq!(
        said("az group create -n g"),
        ["MissingFlag@group create: `az group create` needs `--location`"]
    );
    assert_eq!(
        said("az role assignment create --role-definition=C --scope s"),
        [
            "UnknownFlag@--role-definition: `az role assignment create` takes no `--role-definition` in the Azure CLI 2.91.0",
            "MissingFlag@role assignment create: `az role assignment create` needs `--role`"
        ]
    );
    assert_eq!(
        said("az vm list --outpt table x"),
        ["UnknownFlag@--outpt: `az vm list` takes no `--outpt` in the Azure CLI 2.91.0"]
    );
    assert_eq!(
        said("az vm list -o tabel"),
        ["Choice@tabel: `--output` cannot be `tabel` in `az vm list` of the Azure CLI 2.91.0"]
    );
    assert_eq!(said("az vm show -g g -n"), ["Values@-n: `-n` has no value"]);
    assert_eq!(said("az vm show -g my group -n x"), ["Values@group: `group` belongs to no flag"]);
    assert_eq!(said("az group delete -n x --yes=true"), ["Values@--yes=true: `--yes` takes no value"]);
    assert_eq!(
        said("az vm --name x"),
        ["UnknownCommand@vm: `az vm` is a group of commands, and none of them is named"]
    );
    assert_eq!(
        said("az vm create -g g -n x --storage-caching None"),
        ["Deprecated@--storage-caching: `--storage-caching` of `az vm create` is deprecated"]
    );
    assert_eq!(said("az ml workspace list"), ["Extension@ml: `az ml` comes with the extension `ml`"]);
    assert_eq!(said("az find"), ["MissingFlag@find: `az find` needs `<cli_term>`"]);
    assert_eq!(
        said("az vm list -output tsv"),
        ["UnknownFlag@-output: `-output` has one dash and is read as `-o utput`"]
    );
    let ambiguous = said("az vm create -g g -n x --data-disk 1");
    assert!(
        ambiguous[0].starts_with("UnknownFlag@--data-disk: `--data-disk` may be any of"),
        "{ambiguous:?}"
    );
    // The lines end where a space follows the sign that continues them.
    assert_eq!(
        said("az group show \\ \n  -n x"),
        [
            "Values@\\ : the command ends here: a space follows the sign that should continue the line",
            "MissingFlag@group show: `az group show` needs `--name`"
        ]
    );
}

#[test]
fn extensions_are_named_by_the_site() {
    let mut setting = Setting::default();
    setting.extensions.add("azure-devops");
    setting.extensions.add("our_own");
    let none: [&str; 0] = [];
    assert_eq!(said_with("az pipelines list --x; az our own thing --y", &setting), none);
    setting.extensions.add("aks-preview");
    assert_eq!(said_with("az aks new-thing; az aks create --new", &setting), none);
    // What the CLI has itself is checked all the same.
    setting.extensions.add("containerapp");
    assert_eq!(
        said_with("az containerapp lisst; az containerapp show --nmae x -g g; az aks create -n x", &setting),
        [
            "UnknownCommand@lisst: the Azure CLI 2.91.0 has no command in `az containerapp` called `lisst`",
            "UnknownFlag@--nmae: `az containerapp show` takes no `--nmae` in the Azure CLI 2.91.0",
            "MissingFlag@aks create: `az aks create` needs `--resource-group`"
        ]
    );
    assert_eq!(
        said_with(
            "az containerapp show -n x -g g --of-its-own y; az containerapp sessionpool list",
            &setting
        ),
        none
    );
}

#[test]
fn a_slip_in_a_group_that_an_extension_adds_to_is_no_command_of_the_extension() {
    assert_eq!(
        said("az containerapp lisst"),
        ["UnknownCommand@lisst: the Azure CLI 2.91.0 has no command in `az containerapp` called `lisst`"]
    );
    assert_eq!(
        said("az containerapp sessionpool list"),
        [
            "Extension@containerapp sessionpool: `az containerapp sessionpool` comes with the extension `containerapp`"
        ]
    );
    // The words of an extension's own group are its own, however near they are to others.
    assert_eq!(
        said("az account tenant list"),
        ["Extension@account tenant: `az account tenant` comes with the extension `account`"]
    );
}

#[test]
fn one_near_name_is_a_repair() {
    let table = Table::shipped();
    let fix = |text: &str| {
        let all = commands(Shell::Posix, "sh", text);
        check(&table, &Setting::default(), text, &all[0].words[1..], false)
            .into_iter()
            .find_map(|found| found.fix)
    };
    assert_eq!(fix("az group show --nmae x"), Some("--name".to_owned()));
    assert_eq!(fix("az storage acount list"), Some("account".to_owned()));
    assert_eq!(fix("az vm list -output=tsv"), Some("--output".to_owned()));
    assert_eq!(fix("az role assignment create --role-definition x"), None);
}

/// Every extension's group is missing from the table, or it is one that the extension changes.
#[test]
fn every_command_of_the_table_is_found() {
    let table = Table::shipped();
    for entry in table.entries() {
        assert_eq!(table.find(entry.path).as_ref(), Some(&entry));
        for flag in &entry.flags {
            assert!(
                !flag.names.is_empty() && flag.names.iter().all(|(name, _)| !name.is_empty()),
                "{entry:?}"
            );
        }
    }
}
