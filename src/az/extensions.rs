//! Extensions of the Azure CLI and the groups of commands that each brings: what is not in the table for a reason.

use std::collections::BTreeSet;

/// Extensions that people document most, with the groups they bring. An extension that is not here is declared by the
/// same setting, with the words of its group as its name.
const KNOWN: &[(&str, &[&str])] = &[
    ("account", &["account alias", "account subscription", "account tenant"]),
    ("acrtransfer", &["acr import-pipeline", "acr export-pipeline", "acr pipeline-run"]),
    ("aks-preview", &["aks"]),
    ("alb", &["network alb"]),
    ("alias", &["alias"]),
    ("amg", &["grafana"]),
    ("amlfs", &["amlfs"]),
    ("application-insights", &["monitor app-insights"]),
    (
        "arcdata",
        &[
            "arcdata",
            "sql mi-arc",
            "postgres server-arc",
            "sql instance-failover-group-arc",
            "sql server-arc",
        ],
    ),
    ("attestation", &["attestation"]),
    ("automation", &["automation"]),
    ("azure-devops", &["devops", "pipelines", "boards", "repos", "artifacts"]),
    ("azure-firewall", &["network firewall"]),
    (
        "azure-iot",
        &[
            "iot hub",
            "iot device",
            "iot edge",
            "iot dps",
            "iot central",
            "iot du",
            "iot product",
            "dt",
            "iot ops",
        ],
    ),
    ("bastion", &["network bastion"]),
    ("blueprint", &["blueprint"]),
    ("cdn", &["cdn", "afd"]),
    ("cli-translator", &["cli-translator"]),
    ("communication", &["communication"]),
    ("confcom", &["confcom"]),
    ("confluent", &["confluent"]),
    ("connectedk8s", &["connectedk8s"]),
    ("connectedmachine", &["connectedmachine"]),
    ("connectedvmware", &["connectedvmware"]),
    ("containerapp", &["containerapp"]),
    ("cosmosdb-preview", &["cosmosdb"]),
    ("costmanagement", &["costmanagement"]),
    ("customlocation", &["customlocation"]),
    ("custom-providers", &["custom-providers"]),
    ("databox", &["databox"]),
    ("databricks", &["databricks"]),
    ("datadog", &["datadog"]),
    ("datafactory", &["datafactory"]),
    ("dataprotection", &["dataprotection"]),
    ("dataproc", &["dataproc"]),
    ("datashare", &["datashare"]),
    ("db-up", &["mysql up", "mysql down", "postgres up", "postgres down"]),
    ("desktopvirtualization", &["desktopvirtualization"]),
    ("devcenter", &["devcenter"]),
    ("dns-resolver", &["dns-resolver"]),
    ("edgeorder", &["edgeorder"]),
    ("elastic", &["elastic"]),
    ("elastic-san", &["elastic-san"]),
    ("eventgrid", &["eventgrid"]),
    ("express-route-cross-connection", &["network cross-connection"]),
    ("fleet", &["fleet"]),
    ("front-door", &["network front-door"]),
    ("fzf", &["fzf"]),
    ("gallery-service-artifact", &["sig gallery-application"]),
    ("guestconfig", &["guestconfig"]),
    ("healthbot", &["healthbot"]),
    ("healthcareapis", &["healthcareapis"]),
    ("image-copy-extension", &["image copy"]),
    ("image-gallery", &["sig image-definition", "sig image-version"]),
    ("import-export", &["import-export"]),
    ("init", &["init"]),
    ("interactive", &["interactive"]),
    ("ip-group", &["network ip-group"]),
    ("k8s-configuration", &["k8s-configuration"]),
    ("k8s-extension", &["k8s-extension"]),
    ("kusto", &["kusto"]),
    ("load", &["load"]),
    ("log-analytics-solution", &["monitor log-analytics solution"]),
    ("logic", &["logic"]),
    ("maintenance", &["maintenance"]),
    ("managednetworkfabric", &["networkfabric"]),
    ("mdp", &["mdp"]),
    ("migrate", &["migrate"]),
    ("ml", &["ml"]),
    ("mobile-network", &["mobile-network"]),
    ("monitor-control-service", &["monitor data-collection"]),
    ("networkcloud", &["networkcloud"]),
    ("new-relic", &["new-relic"]),
    ("next", &["next"]),
    ("nginx", &["nginx"]),
    ("notification-hub", &["notification-hub"]),
    ("nsp", &["network perimeter"]),
    ("orbital", &["orbital"]),
    ("palo-alto-networks", &["palo-alto"]),
    ("peering", &["peering"]),
    ("portal", &["portal"]),
    ("powerbidedicated", &["powerbi"]),
    ("providerhub", &["providerhub"]),
    ("purview", &["purview"]),
    ("quantum", &["quantum"]),
    ("quota", &["quota"]),
    (
        "rdbms-connect",
        &[
            "mysql flexible-server connect",
            "mysql flexible-server execute",
            "postgres flexible-server connect",
            "postgres flexible-server execute",
        ],
    ),
    ("redisenterprise", &["redisenterprise"]),
    ("resource-graph", &["graph"]),
    ("resource-mover", &["resource-mover"]),
    ("scenario", &["scenario"]),
    ("scheduled-query", &["monitor scheduled-query"]),
    ("scvmm", &["scvmm"]),
    ("serviceconnector-passwordless", &["connection"]),
    ("site-recovery", &["site-recovery"]),
    ("spring", &["spring"]),
    ("ssh", &["ssh"]),
    ("stack-hci", &["stack-hci"]),
    ("stack-hci-vm", &["stack-hci-vm"]),
    ("staticwebapp", &["staticwebapp enterprise-edge"]),
    ("storage-actions", &["storage-actions"]),
    ("storage-blob-preview", &["storage blob", "storage account"]),
    ("storage-mover", &["storage-mover"]),
    ("stream-analytics", &["stream-analytics"]),
    ("subscription", &["account create"]),
    ("support", &["support"]),
    ("terraform", &["terraform"]),
    ("timeseriesinsights", &["tsi"]),
    ("trustedsigning", &["trustedsigning"]),
    ("virtual-network-manager", &["network manager"]),
    ("virtual-network-tap", &["network vnet tap"]),
    (
        "virtual-wan",
        &[
            "network vhub",
            "network vwan",
            "network vpn-gateway",
            "network vpn-site",
            "network p2s-vpn-gateway",
            "network vpn-server-config",
        ],
    ),
    ("vm-repair", &["vm repair"]),
    ("vmware", &["vmware"]),
    ("webapp", &["webapp scan"]),
    ("webpubsub", &["webpubsub"]),
    ("workloads", &["workloads"]),
];

/// The extensions that a site names.
#[derive(Clone, Debug, Default)]
pub struct Extensions {
    /// The groups that they bring.
    groups: BTreeSet<String>,
}

impl Extensions {
    /// Adds the extension of this name.
    pub fn add(&mut self, name: &str) {
        let known = KNOWN.iter().find(|(known, _)| *known == name);
        match known {
            Some((_, groups)) => self.groups.extend(groups.iter().map(|group| (*group).to_owned())),
            None => {
                self.groups.insert(name.replace('_', " "));
            }
        }
    }

    /// The length of the longest group of theirs that the command with these words stands in: they may bring or change it.
    #[must_use]
    pub fn cover(&self, path: &str) -> Option<usize> {
        longest(path, self.groups.iter().map(String::as_str))
    }
}

/// The extension that brings the command with these words, and the length of its group; absent where none is known.
#[must_use]
pub fn of_group(path: &str) -> Option<(&'static str, usize)> {
    let its = KNOWN.iter().filter_map(|(name, groups)| Some((*name, longest(path, groups.iter().copied())?)));
    its.max_by_key(|(_, length)| *length)
}

fn longest<'a>(path: &str, groups: impl Iterator<Item = &'a str>) -> Option<usize> {
    groups.filter(|group| begins(path, group)).map(str::len).max()
}

/// Whether a command's words begin with those of a group.
fn begins(path: &str, group: &str) -> bool {
    path.strip_prefix(group).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
}
