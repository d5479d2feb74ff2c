//! The packs whose rules are code.
