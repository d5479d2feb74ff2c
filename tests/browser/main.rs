//! What readers see, in a real browser and by other people's checkers: Chromium, axe and the Nu HTML checker on the
//! shipped site, served by the real binary.

#![expect(clippy::disallowed_methods, reason = "tests stand outside of the program, in the world")]
#![expect(clippy::print_stdout, reason = "what was measured is worth reading")]

#[path = "../support/mod.rs"]
mod support;

mod budgets;
mod commands;
mod frame;
mod local;
mod navigation;
mod pages;
mod pictures;
mod print;
mod search;
mod search_client;
mod tabs;
