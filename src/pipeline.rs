//! What [`build`](crate::build) is made of beside the stages themselves: the settings of a run, its findings and times,
//! and the two stages that go over many pages in parallel, reading and rendering.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rayon::prelude::*;

use crate::config::{Config, Level};
use crate::diagnostic::{Diagnostic, FileId, Files, Severity, Span};
use crate::document::{Document, parse};
use crate::output::{self, Output, Summary};
use crate::render::PageFacts;
use crate::site::{Site, Target};
use crate::source::Sources;
use crate::theme::Theme;
use crate::{agents, check, dialect, render, site};

/// How many pages are rendered before their files are staged: what is in memory at once.
const AT_ONCE: usize = 256;

/// Told how many of how many pages are rendered.
pub type Progress<'a> = &'a (dyn Fn(usize, usize) + Sync);

/// What a run is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Write the site.
    Build,
    /// Only find what is wrong with it.
    Check,
}
