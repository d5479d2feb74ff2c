//! Waypost: documentation sites for people and for the agents they send.

pub mod diagnostic;
pub mod config;
pub mod substitute;
pub mod source;
pub mod output;
pub mod document;
pub mod theme;
pub mod site;
pub mod check;
pub mod render;
pub mod agents;
pub mod serve;
